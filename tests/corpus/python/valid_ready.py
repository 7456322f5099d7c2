"""A handshake whose signals have names that integers have attributes of: `val`, `min`, `max`."""

from pyhw import *


class Stream:
    def __init__(self):
        self.val = Signal(bool(0))
        self.rdy = Signal(bool(0))
        self.data = Signal(uint[8])
        self.min = Signal(uint[8], 255)
        self.max = Signal(uint[8])


@block
def source(clk, start, stream):
    @always(clk.posedge)
    def send():
        if not stream.val or stream.rdy:
            stream.val.next = start[0]
            stream.data.next = start

    @always(clk.posedge)
    def watch():
        if stream.val and stream.rdy:
            if stream.data < stream.min:
                stream.min.next = stream.data
            if stream.data > stream.max:
                stream.max.next = stream.data

    return send, watch


@block
def valid_ready(clk: Clock, start: In[uint[8]], go: In[uint[2]], total: Out[uint[8]], span: Out[uint[8]]):
    streams = [Stream() for _ in range(2)]
    sources = [source(clk, start, stream) for stream in streams]
    totals = [Signal(Mod[256]) for _ in range(2)]

    @always(clk.posedge)
    def take():
        for lane in range(2):
            streams[lane].rdy.next = go[lane]
            if streams[lane].val and streams[lane].rdy:
                totals[lane].next = totals[lane] + streams[lane].data

    @always(clk.posedge)
    def show():
        total.next = totals[0] ^ totals[1]
        span.next = streams[0].max ^ streams[1].min

    return sources, take, show
