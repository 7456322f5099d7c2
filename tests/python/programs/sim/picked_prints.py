"""What is shown where Python has an `intbv`, a signal or a number, depending on the path."""

from myhdl import *


@block
def top():
    a = Signal(intbv(200)[8:])
    b = Signal(intbv(3)[4:])
    f = Signal(bool(1))
    c = Signal(intbv(-5, min=-8, max=8))

    @instance
    def conditions():
        x = intbv(77)[8:]
        n = 5
        for k in range(4):
            f.next = k & 1
            yield delay(1)
            print(a if f else b, a if f else n)
            print("%s %d" % (a if f else b, a if f else b))
            print(f"{a if f else x} {(b if f else x)!s:>4}|")

    @instance
    def operands():
        for _ in range(4):
            yield delay(1)
            print(max(a, b), min(a, c), a or b, a and f, f or 5, f and b)

    @instance
    def names():
        for k in range(4):
            yield delay(1)
            v = a if f else b
            print(v, repr(v), [a, b][int(f)], (a, b)[k & 1])

    return conditions, operands, names


top().run_sim()
