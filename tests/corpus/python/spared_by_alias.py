"""Another name for a signal: a reset does not restore what the process stores into through it."""

from pyhw import *


@block
def spared_by_alias(
    clk: Clock,
    rst: Reset[0, False],
    arst: Reset[1, True],
    d: In[uint[5]],
    first: Out[uint[5], 3],
    second: Out[uint[5], 5],
    third: Out[Mod[32], 30],
    fourth: Out[uint[5], 9],
):
    pair = third, fourth

    @always_seq(clk.posedge, reset=rst)
    def together():
        other = second
        other.next = d
        first.next = other

    @always_seq(clk.posedge, reset=arst)
    def at_once():
        pair[0].next = third + 1
        if d[0]:
            fourth.next = d

    return together, at_once
