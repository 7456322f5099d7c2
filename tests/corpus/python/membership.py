"""`in` and `not in` with tuples, ranges and enumerations; `any` and `all` over generators."""

from pyhw import *


PRIMES = [2, 3, 5, 7, 11, 13]


@block
def membership(a: In[uint[4]], b: In[uint[4]], prime: Out[bool], odd: Out[bool], outside: Out[bool], ordered: Out[bool], bits: Out[uint[3]]):
    @always_comb
    def compute():
        prime.next = a in PRIMES
        odd.next = a in range(1, 16, 2)
        outside.next = b not in (a, a + 1, 0)
        ordered.next = all(a[i] <= b[i] for i in range(4)) and any(a[i] != b[i] for i in range(4))
        bits.next = sum(1 for i in range(4) if a[i])

    return compute
