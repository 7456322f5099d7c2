"""Blocks as methods, generators in nested lists."""

from myhdl import *


class Counter:
    def __init__(self, clk, width):
        self.clk = clk
        self.count = Signal(intbv(0)[width:])
        self.step = 1

    @block
    def logic(self, enable):
        @always(self.clk.posedge)
        def count():
            if enable:
                self.count.next = (self.count + self.step) % 16

        return count

    @block
    def report(self, name):
        @always(self.count)
        def show():
            print(now(), name, self.count)

        return show


@block
def top():
    clk = Signal(bool(0))
    enable = Signal(True)
    counters = [Counter(clk, 4) for _ in range(2)]
    counters[1].step = 3
    logic = [[counter.logic(enable)] for counter in counters]
    reports = (counters[0].report("a"), [counters[1].report("b")])

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stop():
        yield delay(32)
        enable.next = False
        yield delay(20)
        print([int(counter.count) for counter in counters])
        raise StopSimulation

    return logic, reports, [clock, [stop]]


top().run_sim()
