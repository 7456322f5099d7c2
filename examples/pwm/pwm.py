"""Pulse-width modulation: one pin that dims a LED or drives a motor."""

from pyhw import Clock, In, Int, Out, Reset, Signal, always_seq, block, uint

PERIOD = 255  # cycles: with 255 and not 256 of them, a duty of 255 is on all the time, and 0 is never


@block
def pwm(clk: Clock, rst: Reset, duty: In[uint[8]], pin: Out[bool]):
    """holds `pin` high for `duty` of every 255 cycles.

    A new `duty` counts from the next period on, so that no pulse has a length in between.
    """
    count = Signal(Int[0, PERIOD])
    current = Signal(uint[8])

    @always_seq(clk.posedge, reset=rst)
    def modulate():
        if count == PERIOD - 1:
            count.next = 0
            current.next = duty
        else:
            count.next = count + 1
        pin.next = count < current

    return modulate
