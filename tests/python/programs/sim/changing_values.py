"""Values of Python that change while a simulation runs: attributes, globals, and names after `nonlocal`, by way of methods too."""

import sys

from myhdl import *

LIMIT = 2
this = sys.modules[__name__]


class Kind:
    step = 1


class Inner:
    def __init__(self):
        self.gain = 1


class Model:
    def __init__(self):
        self.expect = 0
        self.enable = False
        self.inner = Inner()
        self.fixed = 5

    def saw(self, value):
        self.enable = value > 2
        self.expect = value * 2
        self.inner.gain += 1


def raise_limit():
    global LIMIT
    LIMIT += 1


@block
def top(model):
    clk = Signal(bool(0))
    count = Signal(intbv(0)[4:])
    q, r, s, t, u = (Signal(intbv(0)[8:]) for _ in range(5))
    level = 7

    def lower():
        nonlocal level
        level -= 1

    @always(clk.posedge)
    def hardware():
        count.next = (count + Kind.step) % 16
        if model.enable:
            q.next = model.expect

    @always(clk.posedge)
    def globals_():
        r.next = LIMIT + this.LIMIT

    @always(clk.posedge)
    def nonlocals():
        s.next = level

    @always_comb
    def nested():
        t.next = count + model.inner.gain

    @always(clk.posedge)
    def constant():
        u.next = model.fixed

    @always(count)
    def watch():
        model.saw(int(count))

    @instance
    def stimulus():
        for i in range(14):
            clk.next = not clk
            yield delay(1)
            print(count, q, r, s, t, u)
            if i % 3 == 0:
                raise_limit()
                lower()
            if i == 9:
                Kind.step = 2

    return hardware, globals_, nonlocals, nested, constant, watch, stimulus


top(Model()).run_sim()
