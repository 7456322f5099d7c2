"""Functions with early returns, defaults and nested functions."""

from pyhw import *


def clamp(value, low=0, high=200):
    if value < low:
        return low
    if value > high:
        return high
    return value


@block
def functions(a: In[sint[10]], b: In[uint[8]], q: Out[uint[8]], r: Out[uint[8]]):
    @always_comb
    def use():
        def half(x):
            return x >> 1

        q.next = clamp(a)
        r.next = clamp(half(b) + 3, high=99)

    return use
