"""A small accumulator processor: decoder, memory, stack, flags."""

from pyhw import *

ROM = tuple([(1 << 8) | 5, (6 << 8), (2 << 8) | 7, (3 << 8) | 1, (5 << 8) | 3, (7 << 8), (4 << 8) | 0x3C] + [0] * 9)


@block
def small_processor(clk: Clock, rst: Reset, inp: In[uint[8]], acc: Out[uint[8]], zero: Out[bool], sp: Out[uint[3]]):
    pc = Signal(Mod[16])
    word = Signal(uint[11])
    stack = [Signal(uint[8]) for _ in range(8)]
    a = Signal(uint[8])
    depth = Signal(Mod[8])

    @always_comb
    def outs():
        acc.next = a
        zero.next = a == 0
        sp.next = depth

    @always_comb
    def fetch():
        word.next = ROM[pc]

    @always_seq(clk.posedge, reset=rst)
    def run():
        imm = word[8:]
        pc.next = pc + 1
        match word[11:8]:
            case 1:
                a.next = imm ^ inp
            case 2:
                a.next = (a + imm) % 256
            case 3:
                a.next = (a - imm) & 0xFF
            case 4:
                a.next = a & imm
            case 5 if a != 0:
                pc.next = imm[4:]
            case 6:
                stack[depth].next = a
                depth.next = depth + 1
            case 7:
                depth.next = depth - 1
                a.next = stack[(depth - 1) % 8]
            case _:
                pass

    return instances()
