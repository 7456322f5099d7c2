"""A loop with a condition, bounded by its counter."""

from pyhw import *


@block
def while_loop(a: In[uint[6]], steps: Out[uint[3]]):
    @always_comb
    def count():
        n = 0
        v = intbv(0)[6:]
        v[:] = a
        while n < 6 and v != 0:
            v[:] = v >> 1
            n += 1
        steps.next = n

    return count
