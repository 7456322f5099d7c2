"""Two instances of one block, and a wire between them."""

from pyhw import *


@block
def stage(clk, d, q, step):
    @always(clk.posedge)
    def store():
        q.next = (d + step) & 0xFF

    return store


@block
def hierarchy(clk: Clock, d: In[uint[8]], q: Out[uint[8]], r: Out[uint[8]]):
    mid = Signal(uint[8])
    first = stage(clk, d, mid, 1)
    second = stage(clk, mid, q, 1)
    third = stage(clk, mid, r, 5)
    return first, second, third
