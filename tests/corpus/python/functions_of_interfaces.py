"""Functions that take interfaces and signals, and that store into them."""

from pyhw import *


class Stream:
    def __init__(self, width):
        self.data = Signal(intbv(0)[width:])
        self.valid = Signal(bool(0))


def send(stream, value):
    stream.data.next = value
    stream.valid.next = True


def idle(stream):
    stream.data.next = 0
    stream.valid.next = False


def accepted(stream, ready):
    return stream.data if stream.valid and ready else 0


@block
def functions_of_interfaces(clk: Clock, go: In[bool], ready: In[bool], d: In[uint[4]], q: Out[uint[4]], busy: Out[bool]):
    stream = Stream(4)

    @always(clk.posedge)
    def produce():
        if go:
            send(stream, d ^ 5)
        elif ready:
            idle(stream)

    @always_comb
    def consume():
        q.next = stream.data if stream.valid and ready else 0
        busy.next = stream.valid

    return produce, consume
