"""Integers of the block, alone and in lists, that one process changes: scratch of logic, memories, and what a generator keeps."""

from pyhw import *


@block
def scratch_integers(
    clk: Clock,
    a: In[uint[8]],
    b: In[bool],
    addr: In[uint[2]],
    mixed: Out[uint[8]],
    swapped: Out[uint[8]],
    stored: Out[uint[8]],
    counted: Out[uint[5]],
    recent: Out[uint[8]],
):
    tmp = intbv(0)[8:]
    halves = [intbv(0)[4:] for _ in range(2)]
    mem = [intbv(7 * i)[8:] for i in range(4)]
    count = modbv(3)[5:]
    trail = [intbv(0)[8:], intbv(1)[8:], intbv(2)[8:]]

    @always_comb
    def mix():
        tmp[:] = a
        tmp[0] = b
        if b:
            tmp[8:5] = addr
        mixed.next = tmp

    @always_comb
    def swap():
        halves[0][:] = a[8:4]
        halves[1][:] = a[4:]
        if b:
            halves[addr[0]][2:] = addr
        swapped.next = concat(halves[1], halves[0])

    @always(clk.posedge)
    def store():
        if b:
            mem[addr][:] = a
        else:
            mem[3 - addr][3] = not mem[addr][3]
        stored.next = mem[a[2:]]

    @instance
    def keep():
        while True:
            yield clk.posedge
            count[:] = count + (3 if b else 1)
            counted.next = count

    @instance
    def follow():
        while True:
            yield clk.posedge
            recent.next = trail[addr % 3]
            if b:
                trail[addr % 3][:] = a

    return mix, swap, store, keep, follow
