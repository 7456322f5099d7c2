"""A local list of numbers whose elements trade places on some paths: a sorting network."""

from pyhw import *


@block
def local_list_swap(a: In[uint[8]], b: In[uint[8]], c: In[uint[8]], x: Out[uint[8]], y: Out[uint[8]], z: Out[uint[8]]):
    @always_comb
    def sort():
        values = [int(a), int(b), int(c)]
        for last in (2, 1):
            for i in range(last):
                if values[i] > values[i + 1]:
                    values[i], values[i + 1] = values[i + 1], values[i]
        x.next = values[0]
        y.next = values[1]
        z.next = values[2]

    return sort
