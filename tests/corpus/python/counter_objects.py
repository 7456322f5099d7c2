"""Objects with signals, whose blocks are methods; a block that takes any number of them."""

from pyhw import *


class Counter:
    def __init__(self, width, step=1):
        self.value = Signal(Mod[2**width])
        self.enable = Signal(bool(0))
        self.step = step

    @property
    def top(self):
        return len(self.value)

    @block
    def logic(self, clk, rst):
        @always_seq(clk.posedge, reset=rst)
        def count():
            if self.enable:
                self.value.next = self.value + self.step

        return count

    def is_at(self, n):
        return self.value == n


@block
def join_all(clk, out, *parts):
    @always(clk.posedge)
    def mix():
        acc = 0
        for p in parts:
            acc = acc ^ p.value
        out.next = acc

    return mix


@block
def counter_objects(clk: Clock, rst: Reset, en: In[uint[3]], total: Out[uint[6]], hit: Out[bool]):
    counters = [Counter(4, 1), Counter(5, 3), Counter(6, step=5)]
    logics = [c.logic(clk, rst) for c in counters]
    mix = join_all(clk, total, *counters)

    @always_comb
    def ctrl():
        for i, c in enumerate(counters):
            c.enable.next = en[i]

    c0, c1, _ = counters

    @always_comb
    def hits():
        hit.next = c0.value == 3 or c1.value == 9

    return logics, mix, ctrl, hits
