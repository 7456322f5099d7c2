"""An index that is a signal picks what is stored into: registers that sub-blocks take too, objects, and rows of a grid."""

from pyhw import *


class Lane:
    def __init__(self):
        self.data = Signal(uint[8])
        self.full = Signal(bool)


@block
def doubled(a, q):
    @always_comb
    def double():
        q.next = (a << 1) & 0xFF

    return double


@block
def picked_stores(clk: Clock, addr: In[uint[2]], d: In[uint[8]], first: Out[uint[8]], seen: Out[uint[8]], lane: Out[uint[8]], cell: Out[uint[8]], full: Out[bool], corner: Out[uint[8]]):
    regs = [Signal(uint[8]) for _ in range(4)]
    lanes = [Lane() for _ in range(3)]
    grid = [[Signal(uint[8], 10 * r + c) for c in range(2)] for r in range(2)]
    window = [[Signal(uint[8]) for _ in range(3)] for _ in range(2)]
    data = [lane.data for lane in lanes]
    flags = [lane.full for lane in lanes]
    cells = [cell for row in grid for cell in row]
    first_doubled = doubled(regs[0], first)

    @always(clk.posedge)
    def write():
        regs[addr].next = d
        regs[(addr + 1) % 4].next[4:] = d[8:4]
        if addr < 3:
            lanes[addr].data.next = d + addr if d < 200 else 7
            lanes[addr].full.next = not lanes[addr].full
        grid[addr[1]][addr[0]].next = d ^ 255
        grid[d[0]][1].next[7] = d[3]

    @always(clk.posedge)
    def shift():
        for row in window:
            for c in range(2):
                row[c].next = row[c + 1]
            row[2].next = d
        window[0][addr[0]].next = addr
        corner.next = window[1][0] ^ window[0][0]

    @always_comb
    def read():
        seen.next = regs[addr]
        lane.next = data[0] ^ data[1] ^ data[2]
        full.next = flags[1]
        cell.next = cells[0] ^ cells[1] ^ cells[2] ^ cells[3]

    return first_doubled, write, shift, read
