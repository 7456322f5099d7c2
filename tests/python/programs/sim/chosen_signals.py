"""A name for one signal or another, across a loop that is tried as a loop and then written out turn by turn."""

from myhdl import *


@block
def top():
    clk, c = Signal(bool(0)), Signal(bool(1))
    a, b, q, r = [Signal(intbv(0)[8:]) for _ in range(4)]

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(clk.posedge)
    def count():
        a.next = a + 1
        b.next = b + 2
        c.next = not c

    @instance
    def choose():
        for _ in range(4):
            yield clk.posedge
            one = a if c else b
            for turn in range(2):
                # No turn comes here.
                if turn == 5:
                    one = 7
                r.next = concat(r[turn + 1 :], a[turn + 2 :])[4:]
            yield clk.posedge
            yield clk.posedge
            q.next = one
            yield delay(1)
            print(now(), int(q), int(r))
        raise StopSimulation("")

    return clock, count, choose


top().run_sim()
