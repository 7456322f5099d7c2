"""Properties of objects: what their getters compute from constants, signals and other properties."""

from pyhw import *


class Meter:
    def __init__(self, size):
        self.size = size
        self.level = Signal(uint[8])
        self.full = Signal(bool)

    @property
    def half(self):
        return self.size // 2

    @property
    def room(self):
        if self.level >= self.size:
            return 0
        return self.size - self.level

    @property
    def is_low(self):
        return self.room > self.half


class Double(Meter):
    @property
    def half(self):
        return self.size


@block
def meter(clk, of, a):
    @always(clk.posedge)
    def count():
        if of.is_low:
            of.level.next = of.level + a
        elif of.level > of.half:
            of.level.next = of.level - of.half
        else:
            of.level.next = of.level + 1
        of.full.next = of.room == 0

    return count


@block
def properties(clk: Clock, a: In[uint[4]], q: Out[uint[8]], r: Out[uint[8]], both: Out[bool]):
    one, two = Meter(50), Double(90)
    meters = meter(clk, one, a), meter(clk, two, a)

    @always_comb
    def outputs():
        q.next = one.level
        r.next = two.level
        both.next = one.full and two.full

    return meters, outputs
