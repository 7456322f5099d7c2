"""An object of signals that reaches a block by way of a dict, of which one signal is driven by nothing that is emitted beside it."""

from pyhw import *


class Bus:
    def __init__(self):
        self.data = Signal(uint[8](0))
        self.idle = Signal(bool(1))
        self.unused = Signal(uint[4](9))


@block
def reader(bus, q):
    @always_comb
    def read():
        q.next = bus.data + 1

    return read


@block
def between(buses, q):
    return reader(buses["main"], q)


@block
def objects_in_dicts(clk: Clock, d: In[uint[8]], q: Out[uint[9]], idle: Out[bool]):
    bus = Bus()
    inner = between({"main": bus}, q)

    @always(clk.posedge)
    def store():
        bus.data.next = d ^ bus.unused
        idle.next = bus.idle

    return inner, store
