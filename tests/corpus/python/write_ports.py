"""Memories with several ports to write: two clocks, one clock with registers between, a port that stores bits of a word."""

from pyhw import *


@block
def shared_between_clocks(
    clk: Clock, side: Clock, we: In[bool], addr: In[uint[3]], d: In[uint[8]], q: Out[uint[8]], p: Out[uint[8]]
):
    # Even words are written by one clock and odd words by the other.
    mem = [Signal(uint[8](i)) for i in range(16)]

    @always(clk.posedge)
    def even():
        if we:
            mem[2 * addr].next = d
        q.next = mem[addr]

    @always(side.posedge)
    def odd():
        if not we:
            mem[2 * addr + 1].next = d ^ 0xFF
        p.next = mem[8 + addr]

    return even, odd


@block
def true_dual_port(
    clk: Clock, rst: In[bool], we: In[uint[2]], a: In[uint[3]], b: In[uint[3]], d: In[uint[8]], q: Out[uint[8]], p: Out[uint[8]]
):
    mem = [Signal(uint[8]) for _ in range(8)]
    count = Signal(Mod[16])

    @always(clk.posedge)
    def port_a():
        was = mem[a]
        if we[0]:
            mem[a].next = d
            count.next = count + 1
        q.next = was

    @always(clk.posedge)
    def port_b():
        was = mem[b]
        if rst:
            p.next = 0
            return
        if we[1] and not (we[0] and a == b):
            mem[b].next[4:] = d[8:4]
        elif was == 0:
            p.next = count
            return
        p.next = was

    return port_a, port_b


@block
def write_ports(
    clk: Clock,
    side: Clock,
    rst: In[bool],
    we: In[uint[2]],
    a: In[uint[3]],
    b: In[uint[3]],
    d: In[uint[8]],
    q: Out[uint[8]],
    p: Out[uint[8]],
    r: Out[uint[8]],
    s: Out[uint[8]],
):
    return (
        shared_between_clocks(clk, side, we(0), a, d, q, p),
        true_dual_port(clk, rst, we, a, b, d, r, s),
    )
