"""Constant dicts with a default and a question, and tuples that are unpacked with a rest."""

from pyhw import *

COSTS = {1: 10, 5: 20, 7: 3}
NAMES = {"low": 2, "high": 11}


@block
def lookups(
    clk: Clock, k: In[uint[4]], a: In[uint[4]], b: In[uint[4]], c: In[uint[4]], cost: Out[uint[7]], known: Out[bool],
    sums: Out[uint[8]], ends: Out[uint[6]], listed: Out[uint[6]], level: Out[uint[4]],
):  # fmt: skip
    @always_comb
    def look_up():
        cost.next = COSTS.get(int(k), 99)
        known.next = int(k) in COSTS or int(a) not in COSTS.keys()
        level.next = NAMES.get("high", 1) - NAMES.get("middle", 1)

    @always(clk.posedge)
    def unpack():
        first, *rest = a, b, c
        *most, last = [first, *rest, 3]
        ends.next = first + last + rest[-1] + len(most)
        total = 0
        for x, *others in [(a, b, c), (c, 1), (2,)]:
            total += x + 2 * sum(others)
        sums.next = total
        acc = 0
        for key, value in COSTS.items():
            if k == key:
                acc = value
        listed.next = acc + sum(local for local in {1: 4, 2: 5}.values())

    return look_up, unpack
