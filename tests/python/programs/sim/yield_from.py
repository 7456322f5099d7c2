"""`yield from`."""

from myhdl import *


@block
def top():
    clk = Signal(bool(0))
    data = Signal(intbv(0)[8:])

    def cycles(count):
        for _ in range(count):
            yield clk.posedge

    def send(values):
        for value in values:
            data.next = value
            print(now(), "next", value)
            yield from cycles(2)
        return len(values)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def main():
        count = yield from send([3, 7])
        print(now(), "sent", count, data)
        yield from cycles(1)
        print(now(), "end")
        raise StopSimulation("over")

    return clock, main


top().run_sim()
