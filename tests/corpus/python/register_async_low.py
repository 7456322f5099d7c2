"""A register with an asynchronous reset that is active low."""

from pyhw import *


@block
def register_async_low(clk: Clock, rst_n: Reset[0, True], d: In[sint[5]], q: Out[sint[5], -3]):
    @always_seq(clk.posedge, reset=rst_n)
    def store():
        q.next = d

    return store
