"""Integers of the block that processes change in place: what a reset restores, and what stays after a run."""

from myhdl import *


@block
def counter(clk, rst, q, r, total):
    count = intbv(3)[8:]
    other = modbv(5)[3:]

    @always_seq(clk.posedge, reset=rst)
    def step():
        count[:] = count + 1
        other[:] = other + count
        q.next = count
        r.next = other

    @always(clk.posedge)
    def add():
        total.next = total + q

    return step, add


@block
def bench(asynchronous):
    clk = Signal(bool(0))
    rst = ResetSignal(0, active=1, isasync=asynchronous)
    q, r = Signal(intbv(1)[8:]), Signal(intbv(2)[3:])
    total = Signal(intbv(0)[16:])
    dut = counter(clk, rst, q, r, total)

    @instance
    def drive():
        for i in range(12):
            rst.next = i in (4, 5, 9)
            yield delay(5)
            clk.next = 1
            yield delay(5)
            clk.next = 0
            print(now(), q, r, total)
        raise StopSimulation

    return dut, drive


for asynchronous in (False, True):
    top = bench(asynchronous)
    top.run_sim()
    top.quit_sim()
