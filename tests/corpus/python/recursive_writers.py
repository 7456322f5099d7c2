"""A block that instantiates itself: each drives an element of the list that all of them are given."""

from pyhw import *


@block
def chained(clk, d, dout, i):
    @always(clk.posedge)
    def keep():
        if i == 0:
            dout[i].next = d
        else:
            dout[i].next = dout[i - 1] ^ i

    if i == 0:
        return keep
    rest = chained(clk, d, dout, i - 1)
    return keep, rest


@block
def recursive_writers(clk: Clock, d: In[uint[4]], last: Out[uint[6]]):
    dout = [Signal(intbv(0)[6:]) for _ in range(4)]
    chain = chained(clk, d, dout, 3)

    @always_comb
    def show():
        last.next = dout[3]

    return chain, show
