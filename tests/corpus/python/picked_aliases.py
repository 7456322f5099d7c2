"""Names for what an index or a loop has picked: objects and signals that are read, and driven, by the name."""

from pyhw import *


class Lane:
    def __init__(self, start):
        self.data = Signal(uint[8], start)
        self.full = Signal(bool)
        self.hit = Signal(bool)
        self.number = start


@block
def picked_aliases(
    clk: Clock,
    k: In[uint[2]],
    j: In[sint[2]],
    d: In[uint[8]],
    up: In[bool],
    seen: Out[uint[8]],
    fulls: Out[uint[3]],
    mixed: Out[uint[8]],
    number: Out[uint[4]],
    least: Out[uint[8]],
    hits: Out[uint[4]],
    chosen: Out[uint[8]],
):
    lanes = [Lane(3 * i) for i in range(3)]
    extra = Lane(9)
    regs = [Signal(uint[8], i) for i in range(4)]
    data = [lane.data for lane in lanes]
    full = [lane.full for lane in lanes]
    hit = [lane.hit for lane in lanes + [extra]]
    probe = regs[0]
    spare = Signal(uint[8])

    @always(clk.posedge)
    def write():
        lane = lanes[k % 3]
        lane.data.next = lane.data + d & 255
        lane.full.next = not lane.full
        lane.data.next[2] = up

    @always_comb
    def look():
        seen.next = data[0] ^ data[1] ^ data[2]
        fulls.next = concat(*full)
        hits.next = concat(*hit)

    @always(clk.posedge)
    def by_signal():
        reg = regs[j]
        if up:
            reg.next = reg ^ d
        else:
            reg.next[4:] = k
        mixed.next = probe ^ regs[1] ^ regs[2] ^ regs[3]

    @always(clk.posedge)
    def search():
        found = extra
        for lane in lanes:
            if lane.data > d:
                found = lane
                break
        number.next = found.number
        least.next = found.data
        found.hit.next = not found.hit
        extra.data.next = d ^ 85

    @always(clk.posedge)
    def one_of_two():
        target = spare
        if up:
            target = chosen
        target.next = target + 1 & 255
        if k == 3:
            target.next = spare

    return write, look, by_signal, search, one_of_two
