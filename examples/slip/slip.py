"""SLIP, RFC 1055: packets over a line that only knows bytes."""

from pyhw import Clock, In, Out, Reset, Signal, always_seq, block, uint


class Code:
    """The bytes with a meaning. A packet that contains one of the first two sends ESC and its substitute instead."""

    END = 0xC0
    ESC = 0xDB
    ESC_END = 0xDC
    ESC_ESC = 0xDD


@block
def slip_decoder(
    clk: Clock,
    rst: Reset,
    octet: In[uint[8]],
    octet_valid: In[bool],
    data: Out[uint[8]],
    data_valid: Out[bool],
    packet_end: Out[bool],
    error: Out[bool],
):
    """takes SLIP bytes from the line and gives the bytes of the packets, RFC 1055.

    `data_valid` is high for one cycle with each byte of a packet, `packet_end` for one cycle after its last. Empty
    packets are left out: senders put END before a packet as well, to flush what noise has left on the line. `error` is
    high for one cycle with a byte that may not follow ESC; as the RFC proposes, it is passed on as it is.
    """
    escaped = Signal(bool)  # the byte before was ESC
    inside = Signal(bool)  # the packet has a byte already

    @always_seq(clk.posedge, reset=rst)
    def decode():
        data_valid.next = 0
        packet_end.next = 0
        error.next = 0
        if octet_valid and escaped:
            escaped.next = 0
            data_valid.next = 1
            inside.next = 1
            match octet:
                case Code.ESC_END:
                    data.next = Code.END
                case Code.ESC_ESC:
                    data.next = Code.ESC
                case _:
                    data.next = octet
                    error.next = 1
        elif octet_valid:
            match octet:
                case Code.END:
                    packet_end.next = inside
                    inside.next = 0
                case Code.ESC:
                    escaped.next = 1
                case _:
                    data.next = octet
                    data_valid.next = 1
                    inside.next = 1

    return decode
