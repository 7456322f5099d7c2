"""An index that is a signal picks one of several interfaces."""

from pyhw import *


class Bus:
    def __init__(self):
        self.data = Signal(uint[8])
        self.valid = Signal(bool)


@block
def source(clk, bus, d, step):
    @always(clk.posedge)
    def drive():
        bus.data.next = (d + step) & 0xFF
        bus.valid.next = d[step]

    return drive


@block
def picked_interfaces(clk: Clock, d: In[uint[8]], s: In[uint[2]], q: Out[uint[8]], v: Out[bool]):
    buses = [Bus() for _ in range(4)]
    sources = [source(clk, buses[i], d, i) for i in range(4)]

    @always(clk.posedge)
    def pick():
        q.next = buses[s].data
        v.next = buses[s].valid and not buses[3].valid

    return sources, pick
