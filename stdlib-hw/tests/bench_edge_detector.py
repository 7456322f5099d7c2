"""`edge_detector`: one pulse for each change, none for the level that it starts from."""

from pyhw import ResetSignal, Signal, StopSimulation, always, block, delay, instance
from pyhw.hw import edge_detector

WAVE = (0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0)


@block
def bench():
    clk, d, rising, falling = Signal(bool), Signal(bool), Signal(bool), Signal(bool)
    rising_high, falling_high = Signal(bool), Signal(bool)
    rst = ResetSignal(1, active=1, isasync=False)

    dut = edge_detector(clk, rst, d, rising, falling)
    # One that starts from a high level: the low one is a change to it.
    starts_high = edge_detector(clk, rst, d, rising_high, falling_high, initial=1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def check():
        yield clk.negedge
        rst.next = 0
        before = False
        for cycle, level in enumerate(WAVE):
            d.next = bool(level)
            yield delay(1)
            assert rising == (level and not before)
            assert falling == (before and not level)
            assert falling_high == (falling or cycle == 0)
            assert rising_high == rising
            before = bool(level)
            yield clk.negedge
        print("edge_detector: ok")
        raise StopSimulation

    return dut, starts_high, clock, check
