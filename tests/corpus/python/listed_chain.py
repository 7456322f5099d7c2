"""A chain of bits, each from the one before, in a process that names what wakes it: itself among it."""

#! skip c it steps by clocks, and a list of signals is none

from pyhw import *


@block
def listed_chain(d: In[uint[6]], all_before: Out[uint[7]], any_before: Out[uint[7]]):
    ands = Signal(intbv(1)[7:])
    ors = Signal(intbv(0)[7:])

    @always(d, ands, ors)
    def chain():
        ands.next[0] = 1
        ors.next[0] = 0
        for j in range(6):
            ands.next[j + 1] = ands[j] and d[j]
            ors.next[j + 1] = ors[j] or d[j]

    @always_comb
    def show():
        all_before.next = ands
        any_before.next = ors

    return chain, show
