"""A bus as an object with signals, handed to two blocks."""

from pyhw import *


class Bus:
    def __init__(self):
        self.data = Signal(uint[8])
        self.valid = Signal(bool(0))


@block
def source(clk, d, en, bus):
    @always(clk.posedge)
    def drive():
        bus.data.next = d
        bus.valid.next = en

    return drive


@block
def sink(bus, q):
    @always_comb
    def take():
        q.next = bus.data if bus.valid else 0

    return take


@block
def interface(clk: Clock, d: In[uint[8]], en: In[bool], q: Out[uint[8]]):
    bus = Bus()
    feed = source(clk, d, en, bus)
    eat = sink(bus, q)
    return feed, eat
