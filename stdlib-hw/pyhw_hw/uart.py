"""A serial port: 8 data bits, no parity, one stop bit."""

from enum import Enum

from pyhw import Clock, In, Int, Out, Reset, Signal, always_comb, always_seq, block, concat, uint

from .synchroniser import synchroniser


@block
def uart_tx(
    clk: Clock, rst: Reset, data: In[uint[8]], valid: In[bool], ready: Out[bool], tx: Out[bool, 1], divisor: int = 868
):
    """serial transmitter.

    Widths: 8 bits of data. `divisor` is clock cycles for each bit: 868 is 115,200 baud at 100 MHz.
    Timing: a byte is taken at a rising edge with `valid` and `ready`. It takes 10 bits on the line, the stop bit
    included, before `ready` is high again: bytes may follow each other without a pause. `tx` comes from a register and
    idles high. Raises ValueError for a `divisor` below 1.
    """
    if divisor < 1:
        raise ValueError(f"a transmitter needs at least 1 cycle for each bit: divisor is {divisor}")
    # The start bit, the data and the stop bit, as they leave; ones come in from above, which is what an idle line has.
    frame = Signal(uint[10], 0x3FF)
    left = Signal(Int[0, 11])  # bits that are not sent yet
    tick = Signal(Int[0, divisor])

    @always_seq(clk.posedge, reset=rst)
    def send():
        if left == 0:
            if valid:
                frame.next = concat(True, data, False)
                left.next = 10
                tick.next = 0
        elif tick != divisor - 1:
            tick.next = tick + 1
        else:
            tick.next = 0
            frame.next = concat(True, frame[10:1])
            left.next = left - 1

    @always_comb
    def line():
        tx.next = frame[0]
        ready.next = left == 0

    return send, line


class Phase(Enum):
    IDLE = 0
    START = 1
    DATA = 2
    STOP = 3


@block
def uart_rx(
    clk: Clock, rst: Reset, rx: In[bool, 1], data: Out[uint[8]], valid: Out[bool], error: Out[bool], divisor: int = 868
):
    """serial receiver.

    Widths: 8 bits of data. `divisor` is clock cycles for each bit, at least 4: 868 is 115,200 baud at 100 MHz.
    Timing: `rx` comes straight from the pin; two registers bring it into the domain of `clk`. Each bit is looked at in
    its centre, so the clocks of both sides may differ by some 4 %. `valid` is high for one cycle with a new byte in
    `data`, which stays there until the next; `error` for one cycle where the stop bit was missing.
    """
    if divisor < 4:
        raise ValueError(f"a receiver needs at least 4 cycles for each bit, not {divisor}")
    line = Signal(bool, 1)
    phase = Signal(Phase.IDLE)
    tick = Signal(Int[0, divisor])
    index = Signal(Int[0, 8])
    shift = Signal(uint[8])

    pin = synchroniser(clk, rx, line, initial=1)

    @always_seq(clk.posedge, reset=rst)
    def receive():
        valid.next = 0
        error.next = 0
        if phase == Phase.IDLE:
            if not line:
                # Half a bit from here is the centre of the start bit, and a whole bit further that of each bit.
                tick.next = divisor // 2
                phase.next = Phase.START
        elif tick != divisor - 1:
            tick.next = tick + 1
        else:
            tick.next = 0
            match phase:
                case Phase.START:
                    index.next = 0
                    # A line that is high again was a glitch, not a start bit.
                    phase.next = Phase.IDLE if line else Phase.DATA
                case Phase.DATA:
                    shift.next = concat(line, shift[8:1])
                    if index == 7:
                        phase.next = Phase.STOP
                    else:
                        index.next = index + 1
                case _:
                    if line:
                        data.next = shift
                        valid.next = 1
                    else:
                        error.next = 1
                    phase.next = Phase.IDLE

    return pin, receive
