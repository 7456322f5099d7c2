"""A constant dict indexed by a signal."""

from pyhw import *


SEGMENTS = {0: 0x3F, 1: 0x06, 2: 0x5B, 3: 0x4F}


@block
def dictionary(digit: In[Int[0, 4]], segments: Out[uint[7]]):
    @always_comb
    def decode():
        segments.next = SEGMENTS[digit]

    return decode
