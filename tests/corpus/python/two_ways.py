"""An `intbv` to which two names, or a name and a list, lead: a change through one way is seen through the other."""

from pyhw import *


@block
def two_ways(
    clk: Clock,
    a: In[uint[8]],
    place: In[uint[2]],
    chained: Out[uint[8]],
    repeated: Out[uint[8]],
    picked: Out[uint[8]],
    listed: Out[uint[8]],
    looped: Out[uint[8]],
):
    @always(clk.posedge)
    def chain():
        x = y = modbv(3)[8:]
        x += a
        y[0] = 1
        chained.next = x

    @always_comb
    def repeat():
        t = [modbv(0)[8:]] * 3
        t[0] += a
        t[1][7] = 0
        t[2] = intbv(1)[8:]
        repeated.next = t[1] | t[2]

    @always(clk.posedge)
    def pick():
        t = [modbv(i)[8:] for i in range(4)]
        x = t[place]
        x += a
        picked.next = t[3] ^ x

    @always_comb
    def in_list():
        x = modbv(1)[8:]
        y = modbv(2)[8:]
        l = [x, y]
        l[place[0]][:] = a
        listed.next = x ^ (y << 1)[8:]

    @always(clk.posedge)
    def loop():
        t = [modbv(i)[8:] for i in range(4)]
        for x in t:
            x += a
        looped.next = t[place]

    return chain, repeat, pick, in_list, loop
