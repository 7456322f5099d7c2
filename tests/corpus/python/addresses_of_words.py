"""Memories at addresses that are wider than they are: of a bus of 32 bits, and reckoned with."""

from pyhw import *


@block
def addresses_of_words(
    clk: Clock, at: In[uint[4]], high: In[bool], we: In[bool], d: In[uint[16]], q: Out[uint[16]], p: Out[uint[16]]
):
    mem = [Signal(uint[16](3 * i)) for i in range(32)]
    address = Signal(uint[32])
    offset = Signal(uint[40])

    @always_comb
    def reckon():
        address.next = at
        offset.next = at * 2 + high

    @always(clk.posedge)
    def access():
        if we:
            mem[address + 1].next = d
        q.next = mem[offset - at]
        p.next = mem[address + offset - address]

    return reckon, access
