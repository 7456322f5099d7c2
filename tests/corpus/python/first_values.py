"""A memory and a register that a process gives their first values, and that a clock changes afterwards."""

from pyhw import *


@block
def first_values(clk: Clock, we: In[bool], at: In[uint[3]], d: In[uint[6]], q: Out[uint[6]], n: Out[uint[6]]):
    mem = [Signal(intbv(0)[6:]) for _ in range(8)]
    count = Signal(intbv(1)[6:])

    @instance
    def begin():
        last = 5
        for i in range(8):
            mem[i].next = last
            last = (last * 7 + i) % 64
        count.next = last
        yield delay(1)

    @always(clk.posedge)
    def step():
        count.next = (count + 5) % 64
        if we:
            mem[at].next = d ^ count

    @always_comb
    def show():
        q.next = mem[at]
        n.next = count

    return begin, step, show
