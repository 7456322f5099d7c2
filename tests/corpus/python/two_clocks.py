"""Registers on two clocks, one reading the other."""

from pyhw import *


@block
def two_clocks(wr_clk: Clock, rd_clk: Clock, d: In[uint[4]], q: Out[uint[4]], n: Out[Mod[8]]):
    held = Signal(uint[4])

    @always(wr_clk.posedge)
    def write():
        held.next = d

    @always(rd_clk.posedge)
    def read():
        q.next = held
        n.next = n + 1

    return write, read
