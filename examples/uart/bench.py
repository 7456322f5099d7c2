"""Sends a text through the transmitter and takes it from the receiver; then a byte that was cut off."""

from pyhw import ResetSignal, Signal, StopSimulation, always, always_comb, block, delay, instance, now, uint

from uart import uart_rx, uart_tx

DIVISOR = 16  # clock cycles for each bit
TEXT = (0x70, 0x79, 0x68, 0x77, 0x00, 0xFF, 0xA5)


@block
def bench():
    clk = Signal(bool)
    rst = ResetSignal(1, active=1, isasync=False)
    data, start, busy = Signal(uint[8]), Signal(bool), Signal(bool)
    received, valid, error = Signal(uint[8]), Signal(bool), Signal(bool)
    tx = Signal(bool, 1)
    rx = Signal(bool, 1)
    cut = Signal(bool)

    transmitter = uart_tx(clk, rst, data, start, tx, busy, divisor=DIVISOR)
    receiver = uart_rx(clk, rst, rx, received, valid, error, divisor=DIVISOR)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always_comb
    def wire():
        # What a wire that is torn off and pulled to ground gives.
        rx.next = tx and not cut

    def send(byte):
        """sends `byte`, and returns when the line is free for the next one."""
        data.next = byte
        start.next = 1
        yield clk.negedge
        start.next = 0
        yield busy.negedge
        # `busy` ends where the stop bit begins.
        for _ in range(DIVISOR):
            yield clk.negedge

    @instance
    def sender():
        yield clk.negedge
        rst.next = 0
        for byte in TEXT:
            yield from send(byte)
        cut.next = 1
        for _ in range(10 * DIVISOR):
            yield clk.negedge
        raise StopSimulation

    @instance
    def reader():
        for sent in TEXT:
            yield valid.posedge, error.posedge
            print(f"{now():6} ns  sent {sent:#04x}, received {int(received):#04x}")
            assert valid and not error
            assert received == sent
        yield valid.posedge, error.posedge
        print(f"{now():6} ns  line cut: error")
        assert error and not valid

    return transmitter, receiver, clock, wire, sender, reader
