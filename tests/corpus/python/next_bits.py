"""Registers that take bits and slices of the next value of a signal, which combinational logic drives from registers of the same clock.

The logic shows what it drives, which does not wake it: that is for a simulation in Python.
"""

from pyhw import *


@block
def next_bits(clk: Clock, d: In[uint[6]], at: In[uint[2]], low: Out[bool], any_bit: Out[bool], part: Out[uint[3]]):
    taken, place = Signal(intbv(0)[6:]), Signal(intbv(0)[2:])
    mixed = Signal(intbv(0)[6:])

    @always(clk.posedge)
    def take():
        taken.next = d
        place.next = at

    @always_comb
    def mix():
        mixed.next = taken ^ 21
        if __debug__:
            print(mixed, taken)

    @always(clk.posedge)
    def keep():
        low.next = mixed.next[0]
        any_bit.next = mixed.next[place] and not mixed.next[5]
        part.next = mixed.next[4:1]

    return take, mix, keep
