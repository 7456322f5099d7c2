"""Complement, bitwise and boolean operators on bits and words."""

from pyhw import *


@block
def invert_and_logic(a: In[uint[8]], b: In[uint[8]], c: In[bool], d: In[bool], p: Out[uint[8]], q: Out[uint[8]], r: Out[bool]):
    @always_comb
    def compute():
        p.next = ~a & b | a ^ 0x0F
        q.next = (~a)[8:] if c else b
        r.next = (c & d) | (not c ^ d)

    return compute
