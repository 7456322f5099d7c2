"""The first design on every board: a LED that blinks."""

from pyhw import Clock, Int, Out, Reset, Signal, always_seq, block


@block
def blinky(clk: Clock, rst: Reset, led: Out[bool], half_period: int = 25_000_000):
    """turns the LED over every `half_period` clock cycles: once a second on, once off, at 50 MHz."""
    # The range says how far it counts, and the width follows: nobody has to work out that 25 bits are enough.
    count = Signal(Int[0, half_period])

    @always_seq(clk.posedge, reset=rst)
    def blink():
        if count == half_period - 1:
            count.next = 0
            led.next = not led
        else:
            count.next = count + 1

    return blink
