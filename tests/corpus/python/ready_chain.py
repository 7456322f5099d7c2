"""Stages with valid and ready: interfaces in a dict, a function as argument, one process that drives both ends of the chain."""

from pyhw import *


class Chan:
    def __init__(self, w):
        self.data = Signal(intbv(0)[w:])
        self.valid = Signal(False)
        self.ready = Signal(False)


@block
def stage(clk, src, dst, fn):
    @always_comb
    def back():
        src.ready.next = dst.ready or not dst.valid

    @always(clk.posedge)
    def forward():
        if src.ready:
            dst.data.next = fn(src.data)
            dst.valid.next = src.valid

    return back, forward


def inc(x):
    return (x + 1) & 0xFF


def rot(x):
    return concat(x[7:0], x[7])


def swap(x):
    return concat(x[4:], x[8:4])


@block
def ready_chain(clk: Clock, d: In[uint[8]], v: In[bool], r: In[bool], q: Out[uint[8]], qv: Out[bool], dr: Out[bool]):
    chans = {name: Chan(8) for name in ("first", "second", "third", "last")}
    names = list(chans)
    fns = [inc, rot, swap]
    stages = [stage(clk, chans[a], chans[b], f) for a, b, f in zip(names, names[1:], fns)]
    first, last = chans["first"], chans["last"]

    @always_comb
    def ends():
        first.data.next = d
        first.valid.next = v
        dr.next = first.ready
        q.next = last.data
        qv.next = last.valid
        last.ready.next = r

    return stages, ends
