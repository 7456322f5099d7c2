"""A register that takes the next value of a signal, which combinational logic drives from registers of the same clock."""

from pyhw import *


@block
def stage(clk, d, q, by):
    mixed, shown = Signal(intbv(0)[6:]), Signal(intbv(0)[6:])

    @always_comb
    def mix():
        mixed.next = d ^ by

    @always(clk.posedge)
    def keep():
        shown.next = mixed.next
        if mixed.next > 20:
            q.next = shown
        else:
            q.next = mixed.next

    return mix, keep


@block
def next_reads(clk: Clock, rst: Reset, d: In[uint[6]], q: Out[uint[6]], r: Out[uint[6]]):
    taken, middle = Signal(intbv(0)[6:]), Signal(intbv(0)[6:])

    @always(clk.posedge)
    def take():
        taken.next = d

    first, second = stage(clk, taken, middle, 21), stage(clk, middle, q, 10)
    turned = Signal(intbv(0)[6:])

    @always_comb
    def turn():
        turned.next = 63 - taken

    @always_seq(clk.posedge, reset=rst)
    def follow():
        r.next = q ^ turned.next

    return take, first, second, turn, follow
