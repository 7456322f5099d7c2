"""A function that drives what an index picks, called more than once, and groups that a loop goes through."""

from pyhw import *


class Lane:
    def __init__(self):
        self.q = Signal(intbv(0)[8:])


@block
def picked_twice(
    clk: Clock,
    k: In[uint[1]],
    d: In[uint[8]],
    first: Out[uint[8]],
    second: Out[uint[8]],
    third: Out[uint[8]],
    fourth: Out[uint[8]],
):
    regs = [Signal(intbv(0)[8:]) for _ in range(2)]
    groups = [[Lane(), Lane()], [Lane(), Lane()]]

    lanes = [lane.q for group in groups for lane in group]

    def put(at, value):
        reg = regs[at]
        reg.next = value

    @always(clk.posedge)
    def store():
        put(k, d)
        put(1 - k, d + k if d < 200 else 7)

    @always(clk.posedge)
    def spread():
        for group in groups:
            lane = group[k]
            lane.q.next = d

    @always_comb
    def show():
        first.next = regs[0]
        second.next = regs[1]
        third.next = lanes[0] ^ lanes[3]
        fourth.next = lanes[1] ^ lanes[2]

    return store, spread, show
