"""Class methods that an object is asked for, and methods of a base class that are called by its name."""

from pyhw import *


class Base:
    STEP = 5

    def __init__(self, start):
        self.start = start
        self.level = Signal(uint[8], start)
        self.seen = Signal(uint[8])

    @classmethod
    def stepped(cls, value):
        return value + cls.STEP

    @staticmethod
    def halved(value):
        return value >> 1

    def limited(self, value):
        return value if value < 200 else self.start

    def note(self, value):
        self.seen.next = value & 0x7F


class Derived(Base):
    STEP = 7

    def limited(self, value):
        return Base.limited(self, value) ^ 1

    def note(self, value):
        Base.note(self, value + 1)


@block
def stage(clk, part, a):
    @always(clk.posedge)
    def step():
        part.level.next = part.limited(part.stepped(part.halved(part.level) + a))
        part.note(part.level)

    return step


@block
def methods_of_base_classes(clk: Clock, a: In[uint[6]], q: Out[uint[8]], r: Out[uint[8]]):
    first, second = Base(2), Derived(9)
    stages = stage(clk, first, a), stage(clk, second, a)

    @always_comb
    def mixed():
        q.next = first.level ^ first.seen
        r.next = Derived.halved(second.level) + Base.halved(second.seen)

    return stages, mixed
