"""`**` with a constant exponent, and powers of two."""

from pyhw import *


WIDTH = 4


@block
def constant_powers(a: In[uint[WIDTH]], s: In[sint[4]], square: Out[uint[8]], cube: Out[sint[11]], high: Out[bool], scaled: Out[uint[9]]):
    @always_comb
    def compute():
        square.next = a**2
        cube.next = s**3
        high.next = a >= 2 ** (WIDTH - 1)
        scaled.next = (2 * a + 1) ** 2 // 2

    return compute
