"""`debouncer`: a button that bounces gives one change, and what is too short gives none."""

from pyhw import ResetSignal, Signal, StopSimulation, always, block, delay, instance
from pyhw.hw import debouncer

CYCLES = 10


@block
def bench():
    clk, d, q = Signal(bool), Signal(bool), Signal(bool)
    rst = ResetSignal(1, active=1, isasync=False)
    changes = Signal(0)

    dut = debouncer(clk, rst, d, q, cycles=CYCLES)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(q.posedge, q.negedge)
    def count():
        changes.next = changes + 1

    @instance
    def check():
        yield clk.negedge
        rst.next = 0
        for press in range(2):
            level = press == 0
            # It bounces for a while, never as long as CYCLES.
            for length in (1, 3, CYCLES - 1, 2, 5):
                for value in (level, not level):
                    d.next = value
                    for _ in range(length):
                        yield clk.negedge
            assert changes == press, "a bounce came through"
            d.next = level
            for _ in range(CYCLES + 1):
                yield clk.negedge
            assert q != level, "too early"
            yield clk.negedge
            assert q == level, "too late"
            assert changes == press + 1
        print("debouncer: ok")
        raise StopSimulation

    return dut, clock, count, check


def refuses(cycles):
    """whether the block refuses so many cycles."""
    try:
        debouncer(Signal(bool), ResetSignal(0, 1, False), Signal(bool), Signal(bool), cycles)
    except ValueError as error:
        return "cycles" in str(error)
    return False


assert refuses(0) and refuses(-1)
