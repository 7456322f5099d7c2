"""Interfaces within interfaces, and lists of them, as ports of the top."""

from pyhw import *


class Flow:
    def __init__(self):
        self.valid = Signal(bool)
        self.ready = Signal(bool)


class Stream:
    def __init__(self):
        self.data = Signal(uint[8])
        self.flow = Flow()


@block
def nested_interface_ports(clk: Clock, rst: Reset, source: Stream, sinks: Array[Stream, 2]):
    @always_seq(clk.posedge, reset=rst)
    def move():
        for i in range(2):
            if sinks[i].flow.ready or not sinks[i].flow.valid:
                sinks[i].data.next = source.data + i if source.data < 200 else i
                sinks[i].flow.valid.next = source.flow.valid

    @always_comb
    def accept():
        source.flow.ready.next = rst == 0

    return move, accept
