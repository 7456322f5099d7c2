"""Loops whose bounds the loop around them counts: each has turns enough for the widest."""

from pyhw import *


@block
def triangular_loops(
    clk: Clock, a: In[uint[8]], b: In[uint[8]], pairs: Out[uint[6]], ones: Out[uint[6]], mixed: Out[uint[8]], odd: Out[bool]
):
    @always(clk.posedge)
    def count():
        found = intbv(0)[6:]
        for i in range(8):
            for j in range(i):
                if a[j] and b[i]:
                    found += 1
        pairs.next = found
        total = intbv(0)[6:]
        for i in range(1, 8):
            for j in range(8 - i):
                total += a[j]
        ones.next = total

    @always_comb
    def mix():
        kept = intbv(0)[8:]
        parity = False
        for i in range(8):
            for j in range(i, 8, 2):
                kept[i] = kept[i] ^ (a[j] and b[i])
            for j in range(i, -1, -1):
                if b[j]:
                    break
                parity = not parity
        mixed.next = kept
        odd.next = parity

    return count, mix
