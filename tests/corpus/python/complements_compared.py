"""Complements as conditions and in comparisons."""

from pyhw import *


@block
def complements_compared(
    clk: Clock,
    a: In[uint[8]],
    b: In[uint[16]],
    c: In[uint[5]],
    full: Out[bool],
    code: Out[uint[8]],
    less: Out[uint[4]],
    flipped: Out[uint[3]],
):
    @always(clk.posedge)
    def compare():
        x = intbv(0)[8:]
        x[:] = a
        full.next = not ~x[8:]
        code.next = (not ~a[8:]) + (3 if ~b[16:] else 0) + (4 if ~c[5:] else 0)
        flipped.next = concat(a == (b[8:] ^ 0xFF), 255 ^ c == 240, (0xFFFF ^ b) < 700)
        less.next = concat(~a[8:] < 7, ~x[8:] == a, 5 <= ~b[16:], ~c[5:] != 2)

    return compare
