"""Lists of signals as ports of the top."""

from pyhw import *


@block
def list_ports(taps: In[Array[uint[4], 3]], enable: In[bool], total: Out[uint[6]], doubled: Out[Array[uint[5], 3]]):
    @always_comb
    def add():
        n = 0
        for tap in taps:
            n += tap
        total.next = n if enable else 0

    @always_comb
    def double():
        for tap, twice in zip(taps, doubled):
            twice.next = 2 * tap

    return add, double
