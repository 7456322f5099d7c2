"""Interfaces and a list of interfaces as ports of the top."""

from pyhw import *


class Channel:
    def __init__(self):
        self.data = Signal(uint[4])
        self.valid = Signal(bool(0))


class Total:
    def __init__(self):
        self.sum = Signal(uint[6])
        self.count = Signal(uint[2])


@block
def interface_ports(clk: Clock, channels: Array[Channel, 3], enable: In[bool], total: Total):
    @always(clk.posedge)
    def gather():
        n = 0
        count = 0
        for channel in channels:
            if channel.valid and enable:
                n += channel.data
                count += 1
        total.sum.next = n
        total.count.next = count

    return gather
