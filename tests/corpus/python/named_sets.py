"""Sets and ranges by name: what is in them, and loops over them."""

from pyhw import *

PRIMES = {2, 3, 5, 7, 11, 13}
FIXED = frozenset((1, 4, 6))
STEPS = range(3, 40, 4)


@block
def named_sets(a: In[uint[6]], s: In[Int[-40, 41]], prime: Out[bool], found: Out[uint[3]], total: Out[uint[8]], low: Out[uint[4]]):
    corners = {(0, 0), (1, 2), (3, 0)}

    @always_comb
    def ask():
        prime.next = int(a) in PRIMES
        found.next = (a in STEPS) + 2 * (s not in STEPS) + 4 * ((int(a), int(s)) in corners)

    @always_comb
    def add():
        n = 0
        for k in range(6):
            if k in FIXED or k not in PRIMES:
                n += a[k]
        for step in STEPS:
            n += 1 if a > step else 0
        total.next = n + len(FIXED)
        low.next = max(k if a[k] else 0 for k in FIXED if k < 6)

    return ask, add
