"""A serial port: transmitter and receiver."""

from enum import Enum

from pyhw import Clock, In, Int, Out, Reset, Signal, always_comb, always_seq, block, uint


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
