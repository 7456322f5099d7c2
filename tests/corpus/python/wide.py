"""Arithmetic on more than 64 bits."""

from pyhw import *


@block
def wide(a: In[uint[100]], b: In[uint[100]], total: Out[uint[101]], product: Out[uint[130]], less: Out[bool]):
    @always_comb
    def compute():
        total.next = a + b
        product.next = (a[65:] * b[65:]) & ((1 << 130) - 1)
        less.next = a < b

    return compute
