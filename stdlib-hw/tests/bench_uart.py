"""`uart_tx` and `uart_rx`: every byte comes through, without pauses, with clocks that differ, and a break is told."""

from pyhw import ResetSignal, Signal, StopSimulation, always, block, delay, instance, uint
from pyhw.hw import uart_rx, uart_tx

DIVISOR = 16


@block
def bench(period: int = 100):
    """`period` is the receiver's clock period; the transmitter's is 100."""
    clk, receive_clk = Signal(bool), Signal(bool)
    rst = ResetSignal(0, active=1, isasync=False)
    data, valid, ready = Signal(uint[8]), Signal(bool), Signal(bool)
    received, arrived, error = Signal(uint[8]), Signal(bool), Signal(bool)
    line, cut, rx = Signal(bool, 1), Signal(bool), Signal(bool, 1)

    transmitter = uart_tx(clk, rst, data, valid, ready, line, divisor=DIVISOR)
    receiver = uart_rx(receive_clk, rst, rx, received, arrived, error, divisor=DIVISOR)

    @always(delay(50))
    def clock():
        clk.next = not clk

    @always(delay(period // 2))
    def receive_clock():
        receive_clk.next = not receive_clk

    @always(line, cut)
    def wire():
        rx.next = line and not cut

    @instance
    def send():
        yield clk.negedge
        valid.next = 1
        for byte in range(256):
            data.next = byte ^ 0x55
            # A byte is taken at the rising edge that finds both high.
            yield clk.posedge
            while not ready:
                yield clk.posedge
            yield clk.negedge
        valid.next = 0

    @instance
    def check():
        for byte in range(256):
            yield arrived.posedge, error.posedge
            assert arrived and not error
            assert received == byte ^ 0x55
        # Long enough for the last stop bit to end.
        yield delay(100 * DIVISOR)
        cut.next = 1
        yield arrived.posedge, error.posedge
        assert error and not arrived
        print("uart: ok")
        raise StopSimulation

    return transmitter, receiver, clock, receive_clock, wire, send, check
