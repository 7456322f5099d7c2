"""A serial port: transmitter and receiver."""

from enum import Enum

from pyhw import Clock, In, Int, Out, Reset, Signal, always_comb, always_seq, block, concat, uint


class State(Enum):
    IDLE = 0
    DATA = 1
    STOP = 2


@block
def uart_tx(clk: Clock, rst: Reset, data: In[uint[8]], start: In[bool], tx: Out[bool, 1], busy: Out[bool], divisor: int = 868):
    """serial transmitter, 8 data bits, no parity, one stop bit."""
    state = Signal(State.IDLE)
    tick = Signal(Int[0, divisor])
    index = Signal(Int[0, 8])
    shift = Signal(uint[8])

    @always_seq(clk.posedge, reset=rst)
    def send():
        if state == State.IDLE:
            if start:
                shift.next = data
                tx.next = 0  # start bit
                tick.next = 0
                index.next = 0
                state.next = State.DATA
        elif tick != divisor - 1:
            tick.next = tick + 1
        else:
            tick.next = 0
            match state:
                case State.DATA:
                    tx.next = shift[0]
                    shift.next = shift >> 1
                    if index == 7:
                        state.next = State.STOP
                    else:
                        index.next = index + 1
                case _:
                    tx.next = 1
                    state.next = State.IDLE

    @always_comb
    def status():
        busy.next = state != State.IDLE

    return send, status


class Receive(Enum):
    IDLE = 0
    START = 1
    DATA = 2
    STOP = 3


@block
def uart_rx(
    clk: Clock, rst: Reset, rx: In[bool, 1], data: Out[uint[8]], valid: Out[bool], error: Out[bool], divisor: int = 868
):
    """serial receiver, 8 data bits, no parity, one stop bit.

    `valid` is high for one cycle when `data` holds a new byte, `error` when a stop bit was missing.
    """
    # The other side has a clock of its own. A register that samples its signal may take a while to decide between 0
    # and 1: the second one gives it a whole cycle, and only that one is used.
    sampled = Signal(bool, 1)
    line = Signal(bool, 1)
    state = Signal(Receive.IDLE)
    tick = Signal(Int[0, divisor])
    index = Signal(Int[0, 8])
    shift = Signal(uint[8])

    @always_seq(clk.posedge, reset=rst)
    def synchronise():
        sampled.next = rx
        line.next = sampled

    @always_seq(clk.posedge, reset=rst)
    def receive():
        valid.next = 0
        error.next = 0
        if state == Receive.IDLE:
            if not line:
                # Half a bit from here is the centre of the start bit, and a whole bit further that of each bit.
                tick.next = divisor // 2
                state.next = Receive.START
        elif tick != divisor - 1:
            tick.next = tick + 1
        else:
            tick.next = 0
            match state:
                case Receive.START:
                    index.next = 0
                    # A line that is high again was a glitch, not a start bit.
                    state.next = Receive.IDLE if line else Receive.DATA
                case Receive.DATA:
                    shift.next = concat(line, shift[8:1])  # the least significant bit comes first
                    if index == 7:
                        state.next = Receive.STOP
                    else:
                        index.next = index + 1
                case _:
                    if line:
                        data.next = shift
                        valid.next = 1
                    else:
                        error.next = 1
                    state.next = Receive.IDLE

    return synchronise, receive
