"""Interfaces, nested ones, and lists of them."""

from myhdl import *


class Stream:
    def __init__(self):
        self.data = Signal(intbv(0)[8:])
        self.valid = Signal(bool(0))


class Bus:
    def __init__(self):
        self.request = Stream()
        self.answer = Stream()
        self.width = 8


@block
def adder(clk, bus, offset):
    @always(clk.posedge)
    def add():
        bus.answer.valid.next = bus.request.valid
        if bus.request.valid:
            bus.answer.data.next = (bus.request.data + offset) % 2**bus.width

    return add


@block
def top():
    clk = Signal(bool(0))
    buses = [Bus() for _ in range(3)]
    parts = [adder(clk, bus, index + 1) for index, bus in enumerate(buses)]

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for i in range(4):
            for index, bus in enumerate(buses):
                bus.request.data.next = 10 * index + i
                bus.request.valid.next = (i + index) % 2 == 0
            yield clk.negedge
            print(now(), [(str(bus.answer.data), bool(bus.answer.valid)) for bus in buses])
        raise StopSimulation("done")

    return parts, clock, stimulus


top().run_sim()
