"""Static methods, methods of a class, and constants and tables that a class inherits."""

from pyhw import *


class Scale:
    OFFSET = 3
    STEPS = (1, 2, 4, 8)

    @classmethod
    def moved(cls, x):
        return x + cls.OFFSET + cls.twice(1)

    @staticmethod
    def low(x):
        return x & 7

    @classmethod
    def twice(cls, x):
        return x * 2


class Inherits(Scale):
    pass


class Differs(Scale):
    OFFSET = 5

    def __init__(self):
        self.last = Signal(uint[8])

    def all_of_it(self, x):
        return self.low(x) + Differs.twice(x) + self.STEPS[1]


@block
def methods_of_classes(clk: Clock, d: In[uint[8]], q: Out[uint[10]], r: Out[uint[9]], s: Out[uint[11]]):
    differs = Differs()

    @always_comb
    def of_classes():
        q.next = Differs.moved(d) + Scale.moved(1)
        r.next = Scale.low(d) + Inherits.OFFSET + Inherits.STEPS[d[2:]]
        s.next = differs.all_of_it(d) + differs.last

    @always(clk.posedge)
    def keep():
        differs.last.next = d

    return of_classes, keep
