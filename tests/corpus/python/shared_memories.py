"""A memory that a block makes and hands to others, which all store into it: each its own part, one of them by way of a block inside."""

from pyhw import *


@block
def port(clk, we, at, d, q, mem, half: bool):
    last = Signal(uint[8])

    @always(clk.posedge)
    def store():
        if we:
            mem[2 * at + half].next = d ^ last
        last.next = d

    @always_comb
    def look():
        q.next = mem[at]

    return store, look


@block
def wrapped(clk, we, at, d, q, mem):
    back = Signal(uint[8])
    inner = port(clk, we, at, d, back, mem, half=True)

    @always_comb
    def forward():
        q.next = back ^ 0x55

    return inner, forward


@block
def shared_memories(
    clk: Clock, side: Clock, we: In[uint[2]], at: In[uint[2]], d: In[uint[8]], p: Out[uint[8]], q: Out[uint[8]]
):
    mem = [Signal(uint[8](i)) for i in range(8)]
    first = port(clk, we(0), at, d, p, mem, half=False)
    second = wrapped(side, we(1), at, d, q, mem)
    return first, second
