"""Locals that are bound to a new `intbv` on several paths, and an old one that something else still leads to."""

from pyhw import *


@block
def rebound_locals(clk: Clock, i: In[uint[8]], q: Out[uint[9]], kept: Out[uint[8]], looped: Out[uint[8]], signs: Out[sint[8]]):
    @always_comb
    def extend():
        rep = intbv(0)[4:]
        if i[7]:
            rep = intbv(15)[4:]
        elif i[6]:
            rep[:] = i[4:]
        else:
            rep = intbv(3)[4:]
        if __debug__:
            print(q.next, {"rep": rep})
        q.next = concat(rep, i[7:2])

    @always(clk.posedge)
    def keep():
        x = modbv(1)[8:]
        old = x
        if i[0]:
            x = modbv(7)[8:]
            x += i
        else:
            x = modbv(9)[8:]
        kept.next = x ^ old

    @always_comb
    def loop():
        x = modbv(0)[8:]
        for k in range(4):
            if i[k]:
                x = modbv(k)[8:]
            x += i[k + 4]
        looped.next = x

    @always(clk.posedge)
    def sign():
        s = intbv(0, min=-128, max=128)
        if i[3]:
            s = intbv(-5, min=-128, max=128)
        else:
            s[:] = i[7:]
        signs.next = s

    return extend, keep, loop, sign
