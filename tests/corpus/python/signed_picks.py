"""A store through an index with a sign: negative ones count from the end, as in Python."""

from pyhw import *


@block
def copied(a, q):
    @always_comb
    def copy():
        q.next = a

    return copy


@block
def signed_picks(clk: Clock, k: In[sint[3]], d: In[uint[8]], first: Out[uint[8]], sum_of: Out[uint[10]]):
    regs = [Signal(uint[8]) for _ in range(4)]
    first_copied = copied(regs[0], first)

    @always(clk.posedge)
    def write():
        regs[k].next = d
        if k < 0:
            regs[k + 4].next[4:] = d[8:4]

    @always_comb
    def add():
        sum_of.next = regs[0] + regs[1] + regs[2] + regs[3]

    return first_copied, write, add
