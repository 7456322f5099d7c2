"""Reading and storing bits and slices, with indices that vary."""

from pyhw import *


@block
def slices_and_bits(a: In[uint[16]], n: In[uint[4]], low: Out[uint[8]], bit: Out[bool], mixed: Out[uint[16]]):
    @always_comb
    def cut():
        low.next = a[12:4]
        bit.next = a[n]
        mixed.next = 0
        mixed.next[4:] = a[16:12]
        mixed.next[12:8] = a[8:4]
        mixed.next[15] = a[0]

    return cut
