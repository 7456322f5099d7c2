"""Lists whose rows a run-time index picks, lists that keep values over a wait, names that are numbers first and signals later."""

from myhdl import *

State = enum("A", "B", "C")


@block
def bench():
    clk = Signal(bool(0))
    a = Signal(intbv(0)[8:])
    b = Signal(intbv(0, min=-128, max=128))
    i = Signal(intbv(0)[3:])
    s = Signal(intbv(0, min=-128, max=128))

    @always(delay(5))
    def ticks():
        clk.next = not clk

    @instance
    def stimuli():
        for k in range(6):
            a.next = (k * 73 + 29) % 256
            b.next = (k * 57 + 11) % 256 - 128
            i.next = k * 5 % 8
            yield clk.negedge
        raise StopSimulation

    @always(clk.posedge)
    def rows():
        table = [[1, 2], [3, 4]]
        table[i % 2][0] = 13
        table[i % 2][1] += 1
        states = [State.A, State.C]
        states[i % 2] = State.B
        pairs = [(1, 2), (3, 4)]
        pairs[i % 2] = (5, int(a))
        print(table, states[0] == State.B, states[1] == State.B, pairs)

    @always(clk.posedge)
    def picked_rows():
        table = [[1, 2], [3, 4], [5, 6]]
        row = table[i % 3]
        row[0] = 9
        row[1] += 10
        print(table)

    @instance
    def kept_lists():
        once = [int(a), [int(b), 1]]
        while True:
            before = [int(a), int(b)]
            yield clk.posedge
            after = [int(a), int(b)]
            print(before, after, once)
            for value in [int(a), int(b)]:
                yield clk.negedge
                print(value)

    @instance
    def numbers_and_signals():
        u = 0
        v = 5
        while True:
            yield clk.posedge
            if a[0]:
                v = b
            print(int(u), int(v))
            yield delay(1)
            print(int(v))
            u = b

    @always(clk.posedge)
    def shown():
        found = 0
        found = a > 100
        held = [0, 0]
        moving = intbv(3)[8:]
        held[i % 2] = moving
        moving[:] = a
        print(found, int(held[0]), int(held[1]))

    @always(clk.posedge)
    def upper_parts():
        x = intbv(-3, min=-128, max=128)
        x[:4] = 2
        m = modbv(0)[8:]
        m[:4] = 77
        s.next[:4] = i - 4
        print(x, m, s)

    return instances()


bench().run_sim()


@block
def of_a_signal():
    a = Signal(intbv(5)[8:])

    @instance
    def run():
        yield delay(1)
        print(intbv(a.val), intbv(a + 1))
        print(intbv(a))

    return run


try:
    of_a_signal().run_sim()
except TypeError as error:
    print(error)
