"""Names that a turn of a loop leaves in another kind of number, loops that only a `break` leaves, and what is kept before it changes."""

from myhdl import *


def swapped(pair):
    return pair[1], pair[0]


@block
def bench():
    clk = Signal(bool(0))
    a = Signal(intbv(0)[8:])
    b = Signal(intbv(0, min=-100, max=100))

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def truth_then_number():
        state = False
        while True:
            yield clk.posedge
            print("state %d" % state)
            state = a + 1

    @instance
    def counter_then_number():
        i = 0
        for i in range(5):
            yield clk.posedge
            print("i %d" % i)
        while True:
            yield clk.posedge
            print("i %d" % i)
            i = (i + 1) % 8

    @instance
    def bit_then_slice():
        value = b[0]
        while True:
            yield clk.posedge
            print("value %d" % value)
            value = b[4:]

    @always(clk.posedge)
    def inner_counter():
        turns = 0
        j = 0
        while True:
            turns += 1
            if turns > a[3:]:
                break
            for j in range(3):
                pass
        else:
            j = 9
        print("j %d" % j)

    @always(clk.posedge)
    def endless_with_else():
        kept = 3
        turns = 0
        while True:
            turns += 1
            if turns > a[3:]:
                break
        else:
            kept = 4
        print("kept %d %d" % (kept, turns))

    @always(clk.posedge)
    def tuples():
        pair = (1, 2)
        if a[0]:
            pair = (a[3:], 5)
        pair = swapped(pair)
        pair = swapped(swapped(swapped(pair)))
        print("pair %d %d" % pair)
        row = [1, 2, 3]
        if a[7]:
            row[1] += 1
        row = [a[3:], row[0], row[1]]
        print("row %d %d %d" % (row[0], row[1], row[2]))

    @always(clk.posedge)
    def what_is_kept():
        x = a[2:] + 1
        turns = range(x)
        made = {"x": x, "list": [x, 2]}
        x = 20
        made["list"][1] = 6
        count = 0
        for k in turns:
            count += k + 1
        print("made %d %d" % (made["x"], count))
        for name, inner in made.items():
            if name == "list":
                inner[0] = 8
        print("list %d %d" % (made["list"][0], made.get("list")[1]))

    @always(clk.posedge)
    def iterators():
        x = a[2:] + 1
        sums = (x + k for k in range(3))
        both = zip([x, 1], [x, 2])
        x = 20
        print("sum %d" % sum(sums))
        for first, second in both:
            print("both %d %d" % (first, second))

    @instance
    def stimulus():
        for n in range(12):
            a.next = (n * 73 + 29) % 256
            b.next = n * 57 % 200 - 100
            yield clk.negedge
        raise StopSimulation

    return instances()


bench().run_sim()
