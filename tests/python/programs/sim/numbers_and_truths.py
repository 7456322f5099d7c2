"""What prints show where a name, an element or a result is a truth value on one path and a number, or an `intbv`, on another."""

from myhdl import *


def seven_or_bits(chosen, value):
    if chosen:
        return 7
    return value ^ 4


def one_or_truth(chosen, value):
    if chosen:
        return 1
    return value > 40


@block
def bench():
    clk = Signal(bool(0))
    a = Signal(intbv(0)[8:])
    i = Signal(intbv(0)[3:])

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(clk.posedge)
    def operands():
        print((a > 200) and 5, (3 ^ a) or 5, i and (a > 100), (i > 2) or i)

    @always(clk.posedge)
    def choices():
        shown = True if a[0] else 0
        print(shown, a[4:] if i[0] else a ^ 5, [1, True, 2, False][i & 3])

    @always(clk.posedge)
    def results():
        print(one_or_truth(i[0], a), seven_or_bits(i[0], a))

    @always(clk.posedge)
    def names():
        found = 0
        for k in range(3):
            found = found or (a > k * 50)
        print(found)
        changed = a ^ 3
        changed += 1
        print(changed)

    @always(clk.posedge)
    def turns():
        value = 0
        turn = 0
        while turn < i:
            print(value)
            value = a > turn * 30
            turn += 1
        print(value, "%d" % value)

    @always(clk.posedge)
    def elements():
        found = [0, 0, 0, 0]
        found[i & 3] = a[4:]
        found[1] = a > 100
        print(found)
        ports = [a, i, a]
        ports[i % 3] = 5
        print(ports)

    @always(clk.posedge)
    def objects():
        wrapping = modbv(0)[8:]
        wrapping[:] = a
        print(wrapping, [wrapping, intbv(3)[4:]])

    @always(clk.posedge)
    def powers():
        print(2 ** (i - 3))

    @instance
    def stimulus():
        for k in range(12):
            a.next = (k * 73 + 29) % 256
            i.next = k * 5 % 8
            yield clk.negedge
        raise StopSimulation

    return instances()


bench().run_sim()
