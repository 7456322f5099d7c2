"""Loops with counters, early ends and an else."""

from pyhw import *


@block
def loops(a: In[uint[8]], ones: Out[uint[4]], first: Out[uint[4]], mirrored: Out[uint[8]]):
    @always_comb
    def count():
        n = 0
        for i in range(8):
            if a[i]:
                n += 1
        ones.next = n
        first.next = 8
        for i in range(8):
            if a[i]:
                first.next = i
                break
        for i in downrange(8):
            mirrored.next[7 - i] = a[i]

    return count
