"""What an exception says that a process raises, with none, one and several arguments."""

from myhdl import Signal, block, delay, instance, intbv


@block
def bench(case):
    a = Signal(intbv(5)[8:])

    @instance
    def run():
        yield delay(1)
        if case == 0:
            raise ValueError
        if case == 1:
            raise KeyError("x")
        if case == 2:
            raise ValueError("x", int(a))
        if case == 3:
            raise ValueError("x", a)
        if case == 4:
            raise IndexError("a %d" % a, "b", True)

    return run


for case in range(5):
    try:
        bench(case).run_sim(quiet=1)
    except Exception as error:
        print(type(error).__name__, error)
