"""Both edges of one clock."""

from pyhw import *


@block
def negedge_clock(clk: Clock, d: In[uint[4]], rising: Out[uint[4]], falling: Out[uint[4]]):
    @always(clk.posedge)
    def on_rise():
        rising.next = d

    @always(clk.negedge)
    def on_fall():
        falling.next = d

    return on_rise, on_fall
