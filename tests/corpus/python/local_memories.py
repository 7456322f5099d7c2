"""Lists of integers that processes keep, and that an index which is a signal stores into: memories."""

from pyhw import *


@block
def local_memories(
    clk: Clock,
    we: In[bool],
    addr: In[uint[3]],
    other: In[uint[3]],
    d: In[uint[8]],
    through: Out[uint[8]],
    earlier: Out[uint[8]],
    parts: Out[uint[8]],
    sums: Out[uint[6]],
    picked: Out[uint[8]],
    rotated: Out[uint[4]],
):
    @instance
    def write_first():
        mem = [intbv(0)[8:] for _ in range(8)]
        while True:
            yield clk.posedge
            if we:
                mem[addr][:] = d
            through.next = mem[other]

    @instance
    def read_first():
        mem = [intbv(3 * i)[8:] for i in range(8)]
        while True:
            yield clk.posedge
            earlier.next = mem[addr]
            if we:
                mem[addr][:] = d
            elif d[0]:
                mem[other][4:] = d[4:]

    @instance
    def by_parts():
        mem = [intbv(i)[8:] for i in range(6)]
        while True:
            yield clk.posedge
            place = addr % 6
            if we:
                mem[place][4:] = d[8:4]
                mem[5 - place][7] = d[0]
                mem[place][d[3:]] = not mem[place][0]
            parts.next = mem[other % 6] ^ mem[place]

    @instance
    def accumulate():
        counts = [modbv(60 + i)[6:] for i in range(4)]
        while True:
            yield clk.posedge
            slot = other[2:]
            if we and d < 200:
                counts[slot] += d[3:]
            last = counts[slot]
            sums.next = last
            last += 1

    @always_comb
    def pick():
        tmp = [intbv(0)[8:] for _ in range(4)]
        for i in range(4):
            tmp[i][:] = d + i & 255
        tmp[addr[2:]][4:] = other
        picked.next = tmp[0] ^ tmp[1] ^ (tmp[2] & tmp[3])

    @instance
    def rotate():
        ring = [intbv(i)[4:] for i in range(4)]
        while True:
            yield clk.posedge
            for i in range(3):
                ring[i][:] = ring[i + 1]
            ring[addr[2:]][:] = d[4:]
            rotated.next = ring[0] ^ ring[3]

    return write_first, read_first, by_parts, accumulate, pick, rotate
