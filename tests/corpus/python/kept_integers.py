"""Integers of the block that a process changes in place: they are registers."""

from pyhw import *


@block
def kept_integers(
    clk: Clock, rst: Reset, load: In[bool], hold: In[bool], d: In[uint[7]], q: Out[uint[7]], total: Out[sint[12]]
):
    state = intbv(1)[8:]
    sum_of_all = modbv(0, min=-2048, max=2048)

    @always_seq(clk.posedge, reset=rst)
    def scramble():
        if load:
            state[8:1] = d
        else:
            state[0] = state[7] ^ state[6]
            state[8:1] = state[7:0]
        q.next = state[8:1]

    @always(clk.posedge)
    def accumulate():
        if hold:
            return
        sum_of_all[:] = sum_of_all + d
        if load:
            sum_of_all[:] = -sum_of_all
        total.next = sum_of_all

    return scramble, accumulate
