"""Values trade places: what a later value reads is kept only where an earlier target changes it."""

from pyhw import *


@block
def parallel_assignment(clk: Clock, a: In[uint[8]], b: In[uint[8]], g: Out[uint[8]], f: Out[uint[8]], r: Out[uint[24]]):
    @always(clk.posedge)
    def greatest_divisor():
        x, y = int(a), int(b)
        for _ in range(16):
            if y != 0:
                x, y = y, x % y
        g.next = x

    @always(clk.posedge)
    def fibonacci():
        low, high = int(a) % 4, int(b) % 4
        for _ in range(6):
            low, high = high, low + high
        f.next = low & 0xFF

    @always(clk.posedge)
    def rotate():
        x, y, z = int(a), int(b), int(a) >> 3
        x, y, z = y, z, x
        y, z = x ^ y, z
        z, (x, y) = z, (y, x)
        r.next = concat(intbv(x)[8:], intbv(y)[8:], intbv(z)[8:])

    return greatest_divisor, fibonacci, rotate
