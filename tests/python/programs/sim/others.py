"""Constants, open ports, delayed signals, modbv, downrange, instances."""

from myhdl import *


@block
def part(clk, d, q, extra):
    @always(clk.posedge)
    def logic():
        q.next = d + 1
        extra.next = d[0]

    return logic


@block
def top():
    clk = Signal(bool(0))
    q = Signal(intbv(0)[8:])
    d = Constant(intbv(41)[8:])
    slow = Signal(intbv(0)[8:], delay=7)
    wrap = Signal(modbv(250)[8:])
    inst = part(clk, d, q, OpenPort())

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(clk.posedge)
    def count():
        wrap.next = wrap + 3
        slow.next = wrap

    @instance
    def stimulus():
        for i in downrange(6, 2):
            yield clk.negedge
            print(now(), i, q, wrap, slow)
        m = modbv(3, min=-4, max=4)
        for i in range(4):
            m += 3
            print(m, int(m), m.min, m.max)
        x = modbv(0)[4:]
        x[:] = 19
        print(x, concat(x, True, intbv(2)[3:]), len(concat(x, "101")))
        raise StopSimulation("end")

    return instances()


top().run_sim(1000)
