"""The mean of two numbers keeps the carry of their sum."""

from pyhw import *


@block
def carry_is_kept(a: In[uint[8]], b: In[uint[8]], mean: Out[uint[8]], total: Out[uint[9]]):
    @always_comb
    def add():
        mean.next = (a + b) >> 1
        total.next = a + b

    return add
