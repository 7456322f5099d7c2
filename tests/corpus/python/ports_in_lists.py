"""Ports of the top that only lists lead to: indexed by a signal and by a loop, here and in a sub-block."""

from pyhw import *


@block
def rotate(clk, ins, outs, marks):
    turn = Signal(modbv(0)[2:])

    @always(clk.posedge)
    def step():
        turn.next = turn + 1
        outs[turn].next = ins[turn]

    @always(clk.negedge)
    def mark():
        for i in range(2):
            marks[i].next = ins[(turn + i) % 4] ^ i

    return step, mark


@block
def between(clk, a0, a1, a2, a3, b0, b1, b2, b3, marks):
    return rotate(clk, [a0, a1, a2, a3], [b0, b1, b2, b3], [marks[0], marks[1]])


@block
def ports_in_lists(
    clk: Clock,
    k: In[uint[2]],
    a: In[uint[8]],
    b: In[uint[8]],
    x0: In[bool],
    x1: In[bool],
    x2: In[bool],
    y: Out[bool],
    r0: Out[bool],
    r1: Out[bool],
    q0: Out[uint[8]],
    q1: Out[uint[8]],
    m0: Out[uint[8]],
    m1: Out[uint[8]],
):
    xs = [x0, x1, x2]
    rs = [r0, r1]
    s2, s3, t2, t3 = [Signal(uint[8], 16 * i) for i in range(4)]
    inner = between(clk, a, b, s2, s3, q0, q1, t2, t3, [m0, m1])

    @always_comb
    def choose():
        y.next = xs[k] if k < 3 else False

    @always(clk.posedge)
    def store():
        rs[k[0]].next = not rs[k[1]]

    return inner, choose, store
