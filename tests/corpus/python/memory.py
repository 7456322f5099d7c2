"""A memory with one port for writing and one for reading."""

from pyhw import *


@block
def memory(clk: Clock, we: In[bool], waddr: In[uint[4]], raddr: In[uint[4]], din: In[uint[8]], dout: Out[uint[8]]):
    mem = [Signal(uint[8]) for _ in range(16)]

    @always(clk.posedge)
    def ports():
        if we:
            mem[waddr].next = din
        dout.next = mem[raddr]

    return ports
