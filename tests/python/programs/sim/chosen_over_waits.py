"""Names that stand for a signal on one path and for something else on another, over a wait: what they are goes on changing."""

from myhdl import *


def chosen(which, first, second):
    if which:
        return first
    return second


def if_true(x):
    return x and 3


@block
def bench():
    clk = Signal(bool(0))
    a = Signal(intbv(0)[8:])
    b = Signal(intbv(0, min=-128, max=128))
    i = Signal(intbv(0)[3:])
    f = Signal(bool(0))

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def by_expression():
        value = 0
        while True:
            yield clk.posedge
            print("value %d" % value)
            value = a if i[0] else b

    @instance
    def truth_or_signal():
        value = a[3]
        while True:
            yield clk.posedge
            print("mixed %d" % value)
            value = a[0] if i[0] else b

    @instance
    def by_function():
        value = 0
        while True:
            yield clk.posedge
            print("called %d" % value)
            value = chosen(i[0], a, b)

    @instance
    def exchanged():
        first = 0
        second = 1
        while True:
            yield clk.posedge
            print("first %d second %d" % (first, second))
            first, second = second, if_true(f)

    @instance
    def by_another_name():
        while True:
            if i[0]:
                first = a
            else:
                first = 3
            second = first
            yield clk.posedge
            print("second %d" % second)

    @instance
    def in_a_list():
        kept = [0, 0]
        while True:
            yield clk.posedge
            print("kept %d %d" % (kept[0], kept[1]))
            kept[i & 1] = a if i[2] else b

    @instance
    def in_a_tuple():
        kept = (0, 0)
        while True:
            yield clk.posedge
            print("pair %d %d" % kept)
            kept = (a if i[2] else 5, kept[0])

    @instance
    def values():
        value = 0
        while True:
            yield clk.posedge
            print("now %d" % value)
            value = a.val + 0 if i[0] else b + 1

    @instance
    def stimulus():
        for k in range(12):
            a.next = (k * 73 + 29) % 256
            b.next = (k * 57 + 11) % 256 - 128
            i.next = k * 5 % 8
            f.next = k % 3 == 0
            yield clk.negedge
        raise StopSimulation

    return instances()


bench().run_sim()
