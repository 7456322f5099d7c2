"""Parameters choose what is built."""

from pyhw import *


@block
def delay_line(clk, d, q, depth):
    if depth == 0:
        @always_comb
        def wire():
            q.next = d

        return wire
    inner = Signal(bool(0))
    rest = delay_line(clk, inner, q, depth - 1)

    @always(clk.posedge)
    def store():
        inner.next = d

    return rest, store


@block
def parameters(clk: Clock, d: In[bool], q: Out[bool], depth: int = 3):
    line = delay_line(clk, d, q, depth)
    return line
