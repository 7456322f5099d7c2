"""Combinational logic that reads no signal: it runs once, and is a constant."""

from pyhw import *


@block
def constant_outputs(a: In[uint[4]], q: Out[uint[4]], r: Out[sint[4]], s: Out[bool], wide: bool = False):
    @always_comb
    def constants():
        q.next = 9 if not wide else 3
        r.next = -3

    @always_comb
    def logic():
        s.next = a > q

    return constants, logic
