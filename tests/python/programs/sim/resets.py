"""Resets of each style."""

from myhdl import *


@block
def counter(clk, reset, count, flag):
    @always_seq(clk.posedge, reset=reset)
    def logic():
        count.next = (count + 1) % 256
        flag.next = not flag

    return logic


@block
def top():
    clk = Signal(bool(0))
    styles = [(active, isasync) for active in (0, 1) for isasync in (False, True)]
    resets = [ResetSignal(not active, active=active, isasync=isasync) for active, isasync in styles]
    counts = [Signal(intbv(7)[8:]) for _ in styles]
    flags = [Signal(True) for _ in styles]
    parts = [counter(clk, *each) for each in zip(resets, counts, flags)]

    @instance
    def stimulus():
        for step in range(12):
            if step == 5:
                for reset in resets:
                    reset.next = reset.active
            if step == 8:
                for reset in resets:
                    reset.next = not reset.active
            yield delay(3)
            print(now(), *counts, *map(bool, flags))
            clk.next = not clk
            yield delay(2)
            print(now(), *counts, *map(bool, flags))

    return parts, stimulus


top().run_sim()
