"""Counters that wrap at powers of two and elsewhere."""

from pyhw import *


@block
def wrapping_counters(clk: Clock, rst: Reset, up: In[bool], nibble: Out[Mod[16]], decade: Out[Mod[10]]):
    @always_seq(clk.posedge, reset=rst)
    def count():
        if up:
            nibble.next = nibble + 1
            decade.next = decade + 1
        else:
            nibble.next = nibble - 1
            decade.next = decade - 3

    return count
