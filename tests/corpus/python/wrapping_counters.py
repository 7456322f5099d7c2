"""Counters that wrap at powers of two and elsewhere, and values that do from many sizes away."""

from pyhw import *


@block
def wrapping_counters(clk: Clock, rst: Reset, up: In[bool], nibble: Out[Mod[16]], decade: Out[Mod[10]], a: In[uint[5]], s: In[sint[5]], square: Out[Mod[10]], signed: Out[Mod[10]], low: Out[Mod[3]]):
    around = Signal(modbv(0, min=-3, max=4))
    above = Signal(modbv(2, min=2, max=5))

    @always_seq(clk.posedge, reset=rst)
    def count():
        if up:
            nibble.next = nibble + 1
            decade.next = decade + 1
        else:
            nibble.next = nibble - 1
            decade.next = decade - 3
        square.next = a * a
        signed.next = s * s - 40
        around.next = around + 3 * s
        above.next = a + decade
        low.next = above + around

    return count
