"""A local list of intbv that is sorted in place."""

from pyhw import *


@block
def sorting_network(a: In[uint[4]], b: In[uint[4]], c: In[uint[4]], d: In[uint[4]], least: Out[uint[4]], second: Out[uint[4]], third: Out[uint[4]], most: Out[uint[4]]):
    @always_comb
    def sort():
        values = [intbv(0)[4:] for _ in range(4)]
        values[0][:] = a
        values[1][:] = b
        values[2][:] = c
        values[3][:] = d
        for i in range(3):
            for j in range(3 - i):
                if values[j] > values[j + 1]:
                    values[j], values[j + 1] = values[j + 1], values[j]
        least.next = values[0]
        second.next = values[1]
        third.next = values[2]
        most.next = values[3]

    return sort
