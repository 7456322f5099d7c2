"""Sends packets as SLIP, some of them damaged, and prints what the decoder makes of them."""

from pyhw import ResetSignal, Signal, StopSimulation, always, block, delay, instance, uint

from slip import Code, slip_decoder


def encode(packet):
    """the bytes on the line, with an END on both sides."""
    substitutes = {Code.END: [Code.ESC, Code.ESC_END], Code.ESC: [Code.ESC, Code.ESC_ESC]}
    line = [Code.END]
    for byte in packet:
        line += substitutes.get(byte, [byte])
    return line + [Code.END]


# What it shows, the bytes on the line, and the packet that they stand for.
CASES = [
    ("plain", encode(b"pyhw"), b"pyhw"),
    ("END inside", encode([1, Code.END, 2]), bytes([1, Code.END, 2])),
    ("ESC inside", encode([Code.ESC, Code.ESC_END]), bytes([Code.ESC, Code.ESC_END])),
    ("ESC astray", [Code.ESC, 0x41, 0x42, Code.END], b"AB"),
    ("END and END", [Code.END, Code.END, 0x2A, Code.END], b"\x2a"),
]


@block
def bench():
    clk = Signal(bool)
    rst = ResetSignal(1, active=1, isasync=False)
    octet, octet_valid = Signal(uint[8]), Signal(bool)
    data, data_valid, packet_end, error = Signal(uint[8]), Signal(bool), Signal(bool), Signal(bool)

    dut = slip_decoder(clk, rst, octet, octet_valid, data, data_valid, packet_end, error)

    @always(delay(5))
    def clock():
        clk.next = not clk

    # Bytes and lists that grow are Python's: this process is run by it, beside the compiled design.
    @instance
    def line():
        yield clk.negedge
        rst.next = 0
        for title, coded, expected in CASES:
            packet, errors, packets = bytearray(), 0, 0
            # One cycle more, for the END that is last on the line to come through.
            for sent in [*coded, None]:
                octet_valid.next = sent is not None
                if sent is not None:
                    octet.next = sent
                yield clk.negedge
                if data_valid:
                    packet.append(int(data))
                errors += error
                packets += packet_end
            print(f"{title:11}: {bytes(coded).hex(' ')} -> {packet.hex(' ')}{', error' * int(errors)}")
            assert packet == expected
            assert packets == 1
            assert errors == (title == "ESC astray")
        raise StopSimulation

    return dut, clock, line
