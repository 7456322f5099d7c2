"""What a called function stores into keeps its value while the reset is active: the reset restores what the process names."""

from pyhw import *


@block
def spared_in_functions(
    clk: Clock,
    rst: Reset,
    arst: Reset[0, True],
    d: In[uint[8]],
    en: In[bool],
    named: Out[uint[8], 3],
    stored: Out[uint[8], 5],
    late: Out[uint[8], 7],
    both: Out[sint[6], -4],
    alone: Out[uint[4], 9],
    apart: Out[bool, 1],
):
    def store(to, value):
        if value != 0:
            to.next = value

    def store_late():
        late.next = stored + 1 if stored < 200 else 0

    @always_seq(clk.posedge, reset=rst)
    def together():
        named.next = d
        if en:
            store(stored, d)

    @always_seq(clk.posedge, reset=arst)
    def at_once():
        store_late()
        if en:
            both.next = d[5:] if d[0] else -7
        else:
            store(both, -12)

    # Nothing is left for these resets to restore: they only hold the clock back.
    @always_seq(clk.posedge, reset=rst)
    def held():
        store(alone, d[4:])

    @always_seq(clk.negedge, reset=arst)
    def held_at_once():
        store(apart, not apart)

    return together, at_once, held, held_at_once
