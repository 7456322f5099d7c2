"""Bits that a shift by a signal brings down, and masks that keep all that is stored."""

from pyhw import *


@block
def masked_shifts(clk: Clock, a: In[uint[8]], s: In[sint[6]], n: In[uint[4]], near: In[uint[3]], low: Out[bool], inside: Out[bool], sign: Out[bool], part: Out[uint[4]], wide: Out[uint[8]], signed: Out[uint[6]], other: Out[bool]):
    @always(clk.posedge)
    def shift():
        low.next = (a >> n) & 1
        inside.next = (a >> near) & 1
        sign.next = (s >> n) & 1
        part.next = (a >> n) & 15
        wide.next = (a >> n) & 15
        signed.next = (s >> near) & 63
        other.next = ((a >> n) & 1) ^ ((s >> near) & 1)

    return shift
