"""Concatenation of signals, bits and slices."""

from pyhw import *


@block
def concatenation(a: In[uint[4]], b: In[bool], c: In[sint[3]], q: Out[uint[10]]):
    @always_comb
    def join_all():
        q.next = concat(a, b, c, a[2:])

    return join_all
