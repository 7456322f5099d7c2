"""Makes one change out of the many that a button gives."""

from pyhw import Clock, In, Int, Out, Reset, Signal, always_seq, block

from .synchroniser import synchroniser


@block
def debouncer(clk: Clock, rst: Reset, d: In[bool], q: Out[bool], cycles: int = 500_000):
    """lets `q` follow `d` when `d` has been the same for `cycles` cycles.

    Widths: one bit each. `d` comes straight from the pin; two registers bring it into the domain of `clk`.
    Timing: `q` changes `cycles` + 2 rising edges after `d`, and not at all if `d` changes back before. Buttons bounce
    for some 5 to 20 ms: the 500,000 cycles are 10 ms at 50 MHz. After a reset `q` is low until `d` has been high for
    as long. Raises ValueError for fewer `cycles` than 1.
    """
    if cycles < 1:
        raise ValueError(f"a debouncer waits for at least 1 cycle: cycles is {cycles}")
    level = Signal(bool)
    count = Signal(Int[0, cycles])

    pin = synchroniser(clk, d, level)

    @always_seq(clk.posedge, reset=rst)
    def wait():
        if level == q:
            count.next = 0
        elif count != cycles - 1:
            count.next = count + 1
        else:
            count.next = 0
            q.next = level

    return pin, wait
