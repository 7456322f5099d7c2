"""Waits for a join of nothing, which never comes, beside an empty list, which keeps nobody waiting."""

from myhdl import Signal, block, delay, instance, join, now


@block
def bench():
    a = Signal(bool(0))

    @instance
    def compiled():
        yield delay(3)
        print("compiled", now())
        yield join()
        print("never")

    @instance
    def of_python():
        waits = []
        yield delay(4)
        print({1: "of Python"}[1], now())
        yield join(*waits)
        print("never")

    @instance
    def empty():
        yield delay(5)
        print("empty", now())
        yield []
        print("goes on", now())
        yield a, join()
        print("never")

    @instance
    def within():
        yield delay(6)
        print("within", now())
        yield join(join(), delay(1))
        print("never")

    @instance
    def late():
        yield delay(9)
        print("late", now())

    return compiled, of_python, empty, within, late


bench().run_sim()
