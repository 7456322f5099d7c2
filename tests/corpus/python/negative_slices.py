"""Negative numbers in slices of locals: every bit above the slice is set as well, and what is left wraps or is checked."""

from pyhw import *


@block
def negative_slices(
    clk: Clock, v: In[Int[-8, 8]], at: In[uint[2]], q: Out[sint[8]], r: Out[Mod[256]], s: Out[Int[-64, 64]]
):
    @always_comb
    def parts():
        signed = intbv(3, min=-128, max=128)
        signed[6:2] = v
        q.next = signed
        free = intbv(21)
        free[3:] = v[3:]
        free[5:2] = v
        s.next = free

    @always(clk.posedge)
    def moved():
        wrapped = modbv(9)[8:]
        wrapped[at + 5 : at + 1] = v
        r.next = wrapped

    return parts, moved
