"""`synchroniser`: the bit comes through after the number of stages, for several of them at once."""

from pyhw import Signal, StopSimulation, always, block, delay, instance
from pyhw.hw import synchroniser

STAGES = (2, 3, 5)


@block
def bench():
    clk, d = Signal(bool), Signal(bool)
    outputs = [Signal(bool) for _ in STAGES]
    high = Signal(bool, 1)

    duts = [synchroniser(clk, d, q, stages=n) for n, q in zip(STAGES, outputs)]
    starts_high = synchroniser(clk, d, high, initial=1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def check():
        # Before any edge of the clock.
        yield delay(1)
        assert high
        for level in (True, False):
            yield clk.negedge
            d.next = level
            for edges in range(8):
                # `edges` rising edges have seen the new level.
                for n, q in zip(STAGES, outputs):
                    assert q == (level if edges >= n else not level)
                yield clk.negedge
        assert not high
        print("synchroniser: ok")
        raise StopSimulation

    return duts, starts_high, clock, check


def refuses(**parameters):
    """whether the block refuses these parameters."""
    try:
        synchroniser(Signal(bool), Signal(bool), Signal(bool), **parameters)
    except ValueError:
        return True
    return False


assert refuses(stages=0) and refuses(stages=1) and refuses(initial=2)
