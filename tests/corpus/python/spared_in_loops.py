"""Loops over signals: a reset restores a list that the process indexes, and not what the loop's name stands for."""

from pyhw import *


@block
def spared_in_loops(
    clk: Clock,
    rst: Reset,
    arst: Reset[1, True],
    d: In[uint[6]],
    at: In[uint[2]],
    counted: Out[uint[6]],
    looped: Out[uint[6]],
    picked: Out[uint[6]],
):
    indexed = [Signal(intbv(7 + i)[6:]) for i in range(4)]
    lanes = [Signal(intbv(20 + i)[6:]) for i in range(3)]
    rows = [[Signal(intbv(30 + 4 * i + j)[6:]) for j in range(4)] for i in range(2)]

    @always_seq(clk.posedge, reset=rst)
    def together():
        for i in range(3):
            indexed[i].next = indexed[i + 1]
        indexed[3].next = d
        for lane in lanes:
            lane.next = d ^ lane

    @always_seq(clk.posedge, reset=arst)
    def at_once():
        counted.next = indexed[at]
        rows[0][at].next = d
        rows[1][at].next = rows[0][at]

    @always_comb
    def show():
        looped.next = lanes[0] ^ lanes[1] ^ lanes[2]
        picked.next = rows[1][at]

    return together, at_once, show
