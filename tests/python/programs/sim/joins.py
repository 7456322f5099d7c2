"""Waits of each kind: tuples, joins, edges, changes, in always and in generators."""

from myhdl import *


@block
def top():
    a, b, c = [Signal(bool(0)) for _ in range(3)]
    n = Signal(intbv(0)[4:])

    @always(a.posedge, b.negedge, n)
    def any_of():
        print(now(), "any", bool(a), bool(b), n)

    @always(delay(7), c)
    def timed():
        print(now(), "timed", bool(c))

    @instance
    def waits():
        yield a.posedge, delay(100)
        print(now(), "first")
        yield join(b, c.posedge)
        print(now(), "joined")
        yield n, a
        print(now(), "changed", n)
        yield join(a.negedge, delay(3)), delay(50)
        print(now(), "last")

    @instance
    def drives():
        yield delay(3)
        a.next = True
        yield delay(2)
        c.next = True
        yield delay(4)
        b.next = True
        yield delay(4)
        n.next = 5
        yield delay(4)
        b.next = False
        a.next = False
        yield delay(20)
        raise StopSimulation("enough")

    return any_of, timed, waits, drives


top().run_sim()
