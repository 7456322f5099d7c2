"""A register with a synchronous reset."""

from pyhw import *


@block
def register_sync_reset(clk: Clock, rst: Reset, en: In[bool], d: In[uint[8]], q: Out[uint[8], 17]):
    @always_seq(clk.posedge, reset=rst)
    def store():
        if en:
            q.next = d

    return store
