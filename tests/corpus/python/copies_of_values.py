"""`intbv(s.val)`: a copy of what a signal is now, which goes its own way."""

from pyhw import *


@block
def copies_of_values(
    clk: Clock, a: In[uint[6]], s: In[sint[5]], i: In[uint[2]], q: Out[uint[6]], r: Out[sint[5]], t: Out[uint[4]]
):
    rows = Signal(Array[uint[4], 4])
    wrapping = Signal(Mod[16])

    @always(clk.posedge)
    def change():
        v = intbv(a.val)
        v[0] = not v[0]
        v[4:2] = s[2:]
        q.next = v
        w = intbv(s.val)
        if w < 0:
            w += 1
        r.next = ~w

    @always(clk.posedge)
    def wrap():
        m = modbv(wrapping.val)
        m += a[4:]
        wrapping.next = m
        one = intbv(rows[i].val)
        one[3] = one[0]
        rows[i].next = one
        rows[i ^ 1].next = intbv(a.val)[4:]
        t.next = one ^ m

    return change, wrap
