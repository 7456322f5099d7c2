from myhdl import *

t_state = enum("A", "B", "C")


@block
def top():
    n = Signal(intbv(0)[8:], delay=3)
    m = Signal(modbv(7)[3:], delay=2)
    b = Signal(bool(0), delay=3)
    e = Signal(t_state.A, delay=3)

    @instance
    def stim():
        n.next = 1
        b.next = True
        e.next = t_state.B
        yield delay(1)
        n.next = 2
        b.next = False
        e.next = t_state.C
        m.next = 4
        yield delay(1)
        n.next = 0
        m.next = 7
        yield delay(1)
        m.next[1] = 0
        yield delay(4)
        n.next = 9
        yield delay(2)
        n.next = 0
        b.next = True
        yield delay(1)
        n.next[4:] = 5
        yield delay(9)

    @instance
    def watch():
        while True:
            yield n, m, b, e
            print(now(), int(n), int(m), bool(b), e)

    @instance
    def tick():
        for _ in range(20):
            yield delay(1)
            print(now(), n, m, bool(b), e)

    return stim, watch, tick


top().run_sim(40)
