"""One signal that a block is given for several parameters, in a block within it as well."""

from pyhw import *


@block
def added(a: In[uint[6]], b: In[uint[6]], q: Out[uint[7]]):
    @always_comb
    def add():
        q.next = a + b

    return add


@block
def crossing(clk_in, clk_out, enable, d, q):
    held = Signal(uint[7])

    @always(clk_in.posedge)
    def take():
        if enable:
            held.next = d

    @always(clk_out.posedge)
    def give():
        q.next = held

    return take, give


@block
def twice(x, y, q):
    inner = added(x, y, q)
    return inner


@block
def repeated_arguments(clk: Clock, enable: In[bool], d: In[uint[6]], e: In[uint[6]], same: Out[uint[7]], other: Out[uint[7]], late: Out[uint[7]]):
    total = Signal(uint[7])
    first = twice(d, d, total)
    second = added(d, e, other)
    third = crossing(clk, clk, enable, total, late)

    @always_comb
    def show():
        same.next = total

    return first, second, third, show
