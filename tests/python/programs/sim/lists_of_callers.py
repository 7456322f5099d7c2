"""Lists that functions, conditions and choices lead to: what is stored into them, and when."""

from myhdl import *


def put(values, value):
    if value > 40:
        values[0] = value


@block
def bench():
    clk = Signal(bool(0))
    a = Signal(intbv(0)[8:])

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(clk.posedge)
    def conditional():
        kept = [1, 2]
        put(kept, int(a))
        print("kept %d" % kept[0])

    @always(clk.posedge)
    def within_expressions():
        count = [0]

        def hit(value):
            count[0] += 1
            return value

        if a[0] and hit(a[1]):
            pass
        chosen = hit(1) if a[2] else 5
        found = any(hit(a[k]) for k in range(3))
        print("count %d %d %d" % (count[0], chosen, found))

    @always(clk.posedge)
    def one_of_two():
        first = [1, 2]
        second = [3, 4]
        either = first if a[0] else second
        either[1] = 99
        print("either %d %d" % (first[1], second[1]))

    @always(clk.posedge)
    def growing():
        first = [1]
        second = first
        first += [2, 3]
        print("grown %d" % len(second))

    @always(clk.posedge)
    def defaults():
        n = 5
        add = lambda x, k=n: x + k
        n = 100
        print("default %d" % add(n))

    @instance
    def gone_through():
        kept = [int(a), 5]
        yield clk.posedge
        for place, value in enumerate(kept):
            yield clk.negedge
            kept[1] = 77
            print("through %d %d" % (place, value))

    @instance
    def stimulus():
        for k in range(10):
            a.next = (k * 73 + 29) % 256
            yield clk.negedge
        raise StopSimulation

    return instances()


bench().run_sim()
