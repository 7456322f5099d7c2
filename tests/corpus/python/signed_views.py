"""Bits read as a signed number, and signed compared with unsigned."""

from pyhw import *


@block
def signed_views(a: In[uint[8]], b: In[sint[8]], s: Out[sint[8]], less: Out[bool], total: Out[sint[10]]):
    @always_comb
    def compare():
        s.next = a.signed()
        less.next = b < a
        total.next = a + b

    return compare
