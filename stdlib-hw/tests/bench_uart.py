"""`uart_tx` and `uart_rx`: all bytes without a pause, receivers with other clocks, a glitch, and a line that is cut."""

from pyhw import ResetSignal, Signal, StopSimulation, always, always_comb, block, delay, instance, uint
from pyhw.hw import uart_rx, uart_tx

DIVISOR = 16
PERIOD = 100  # of the transmitter's clock
BIT = DIVISOR * PERIOD


@block
def listener(rst, rx, period, bytes_seen, errors_seen):
    """a receiver with a clock of its own; counts what comes, and compares each byte with the one that was sent."""
    clk = Signal(bool)
    data, valid, error = Signal(uint[8]), Signal(bool), Signal(bool)

    receiver = uart_rx(clk, rst, rx, data, valid, error, divisor=DIVISOR)

    @always(delay(period // 2))
    def clock():
        clk.next = not clk

    @always(clk.negedge)
    def count():
        if valid:
            assert data == bytes_seen ^ 0x55
            bytes_seen.next = bytes_seen + 1
        if error:
            errors_seen.next = errors_seen + 1

    return receiver, clock, count


@block
def bench():
    clk = Signal(bool)
    rst = ResetSignal(0, active=1, isasync=False)
    data, valid, ready = Signal(uint[8]), Signal(bool), Signal(bool)
    line, cut, rx = Signal(bool, 1), Signal(bool), Signal(bool, 1)
    periods = (96, 100, 104)
    bytes_seen = [Signal(uint[9]) for _ in periods]
    errors_seen = [Signal(uint[9]) for _ in periods]

    transmitter = uart_tx(clk, rst, data, valid, ready, line, divisor=DIVISOR)
    listeners = [listener(rst, rx, *others) for others in zip(periods, bytes_seen, errors_seen)]

    @always(delay(PERIOD // 2))
    def clock():
        clk.next = not clk

    @always_comb
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

        # The last byte, and one bit more for the slower receiver.
        yield delay(11 * BIT)
        for seen, errors in zip(bytes_seen, errors_seen):
            assert seen == 256 and errors == 0

        # A quarter of a bit is no start bit.
        cut.next = 1
        yield delay(BIT // 4)
        cut.next = 0
        yield delay(12 * BIT)
        for seen, errors in zip(bytes_seen, errors_seen):
            assert seen == 256 and errors == 0

        # What stays low has no stop bit.
        cut.next = 1
        yield delay(15 * BIT)
        for seen, errors in zip(bytes_seen, errors_seen):
            assert seen == 256 and errors == 1
        print("uart: ok")
        raise StopSimulation

    return transmitter, listeners, clock, wire, send


def refuses(divisor):
    """whether the transmitter refuses so few cycles for a bit."""
    ports = [Signal(bool), ResetSignal(0, 1, False), Signal(uint[8]), Signal(bool), Signal(bool), Signal(bool, 1)]
    try:
        uart_tx(*ports, divisor)
    except ValueError as error:
        return "divisor" in str(error)
    return False


assert refuses(0) and refuses(-1)
