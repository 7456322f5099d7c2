"""Chains of bits that one process makes, each from the one before, as MyHDL's Gray counters have it."""

from pyhw import *


@block
def ones_below(clk: Clock, d: In[uint[10]], below: Out[uint[10]], carry: Out[uint[9]], count: Out[uint[8]]):
    q = Signal(intbv(0)[10:])
    none_below = Signal(intbv(0)[10:])
    msb = Signal(bool(0))
    chain = Signal(intbv(0)[9:])

    @always(clk.posedge)
    def gray():
        q.next[0] = not q[0]
        for i in range(1, 9):
            q.next[i] = q[i] ^ (q[i - 1] and none_below[i - 1])
        q.next[8] = q[8] ^ (msb and none_below[7])

    @always_comb
    def comb():
        msb.next = q[8] or q[7]
        none_below.next[0] = 1
        for j in range(1, 10):
            none_below.next[j] = none_below[j - 1] and not q[j - 1]
        count.next[8:] = q[9:1]

    @always_comb
    def ripple():
        chain.next = 0
        chain.next[0] = d[0]
        for j in range(8):
            if d[j + 1]:
                chain.next[j + 1] = not chain[j]
            else:
                chain.next[j + 1] = chain[j]

    @always_comb
    def show():
        below.next = none_below
        carry.next = chain

    return gray, comb, ripple, show
