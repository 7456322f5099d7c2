"""Tuple assignment, chained assignment, conditional expressions."""

from pyhw import *


@block
def tuples_and_conditions(a: In[uint[4]], b: In[uint[4]], swap: In[bool], q: Out[uint[4]], r: Out[uint[4]], s: Out[uint[5]]):
    @always_comb
    def compute():
        x, y = (b, a) if swap else (a, b)
        q.next, r.next = x, y
        t = u = x + 1
        s.next = t if t > y else u - 1 if u else 0

    return compute
