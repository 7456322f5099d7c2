"""An output that is left open takes any value."""

from myhdl import *


@block
def part(clk, a, q, r):
    @always(clk.posedge)
    def p():
        q.next = a + 1
        r.next = a

    return p


@block
def bench():
    clk = Signal(bool(0))
    a = Signal(intbv(3)[4:])
    q = Signal(intbv(0)[5:])
    inner = part(clk, a, q, OpenPort())

    @instance
    def drive():
        for value in (3, 0, 1, 15):
            a.next = value
            yield delay(1)
            clk.next = 1
            yield delay(1)
            clk.next = 0
            print(q)

    return inner, drive


bench().run_sim()
