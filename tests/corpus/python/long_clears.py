"""Memories of more words than Verilator unrolls, cleared by a reset and by loops."""

from pyhw import *


@block
def long_clears(
    clk: Clock,
    rst: Reset,
    clear: In[bool],
    write: In[bool],
    address: In[uint[7]],
    value: In[uint[6]],
    one: Out[uint[6]],
    other: Out[uint[6]],
):
    restored = [Signal(uint[6]) for _ in range(100)]
    cleared = [Signal(uint[6]) for _ in range(128)]

    @always_seq(clk.posedge, reset=rst)
    def restore():
        if write and address < 100:
            restored[address].next = value
        one.next = restored[address % 100]

    @always(clk.posedge)
    def clear_some():
        if clear:
            for place in range(127, -1, -1):
                if place == address:
                    break
                cleared[place].next = value ^ (place & 63)
        elif write:
            cleared[address].next = value
        other.next = cleared[address]

    return restore, clear_some
