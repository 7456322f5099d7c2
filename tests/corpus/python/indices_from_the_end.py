"""Indices that are negative at run time count from the end, as in Python: reads and stores of lists, tables and memories."""

from pyhw import *


@block
def indices_from_the_end(
    clk: Clock,
    k: In[sint[3]],
    addr: In[uint[2]],
    d: In[uint[8]],
    we: In[bool],
    listed: Out[uint[8]],
    chosen: Out[uint[8]],
    earlier: Out[uint[8]],
    kept: Out[uint[8]],
    letter: Out[uint[4]],
    first: Out[uint[8]],
    plain: Out[uint[8]],
):
    mem = [Signal(uint[8], 3 * i) for i in range(4)]
    regs = [Signal(uint[8]) for _ in range(4)]
    rows = ((1, 2), (30, 40), (50, 60), (7, 8))

    @always_comb
    def read():
        listed.next = rows[k][1] + rows[addr - 4][0]
        options = [int(d), int(addr), 17, 99]
        chosen.next = options[k]
        letter.next = (3, 9, 12)[k] if -3 <= k < 3 else 0
        place = addr + 1
        plain.next = rows[place - 1][0]

    @always(clk.posedge)
    def memory():
        earlier.next = mem[addr - 1]
        if we:
            mem[k].next = d

    @always(clk.posedge)
    def store():
        regs[addr - 2].next = d
        regs[k].next[4:] = addr
        first.next = regs[0]

    @instance
    def local():
        words = [intbv(i)[8:] for i in range(4)]
        while True:
            yield clk.posedge
            kept.next = words[-1 - addr]
            words[k][:] = d

    return read, memory, store, local
