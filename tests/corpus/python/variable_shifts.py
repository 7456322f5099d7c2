"""Shifts by amounts beyond the width."""

from pyhw import *


@block
def variable_shifts(a: In[uint[8]], s: In[sint[8]], n: In[uint[4]], left: Out[uint[8]], right: Out[uint[8]], arith: Out[sint[8]]):
    @always_comb
    def shift():
        left.next = (a << n) & 0xFF
        right.next = a >> n
        arith.next = s >> n

    return shift
