"""Registers that read each other, and a local that is a variable."""

from pyhw import *


@block
def edge_pipeline(clk: Clock, d: In[uint[8]], q: Out[uint[8]]):
    a = Signal(uint[8])
    b = Signal(uint[8])

    @always(clk.posedge)
    def shift():
        t = a
        a.next = d
        b.next = t ^ a
        q.next = b

    return shift
