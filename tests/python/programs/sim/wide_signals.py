"""Signals of more bits than the IR's integers have, and signals that are assigned others."""

from myhdl import *


@block
def wide():
    a = Signal(intbv(0)[5000:])
    b = Signal(modbv(0)[16384:])
    high = b(16384, 16376)
    memory = [Signal(intbv(0)[5000:]) for _ in range(3)]

    @always(a)
    def follow():
        b.next = b - a
        memory[int(a) % 3].next = a

    @instance
    def drive():
        for value in (1, 2**4999 + 5, 2**4999 + 4):
            a.next = value
            yield delay(10)
            print(now(), a % 1000, len(a), b % 1000, len(b), high, [int(m) % 1000 for m in memory])
        a.next = a + 2**4999

    return follow, drive


@block
def assigned():
    a = Signal(intbv(0, min=-8, max=8))
    b = Signal(intbv(0, min=-8, max=8))
    c = Signal(bool(0))
    d = Signal(bool(0))
    b.assign(a)
    d.assign(c)

    @always(b)
    def tell():
        print(now(), "b is", b, "of", a)

    @instance
    def drive():
        for value in (3, -4, 7, -8):
            a.next = value
            c.next = not c
            yield delay(5)
            print(now(), b, bool(d))

    return tell, drive


for top in (wide, assigned):
    try:
        top().run_sim()
    except Exception as error:
        print(type(error).__name__, str(error)[-40:])
