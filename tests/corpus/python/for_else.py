"""`for … else`: what is done where nothing was found."""

from pyhw import *


@block
def for_else(a: In[uint[8]], first: Out[uint[4]], pair: Out[uint[4]]):
    @always_comb
    def search():
        for i in range(8):
            if a[i]:
                first.next = i
                break
        else:
            first.next = 8

    @always_comb
    def search_pair():
        found = 15
        for i in range(7):
            if not a[i]:
                continue
            if a[i + 1]:
                found = i
                break
        else:
            found = 8
        pair.next = found

    return search, search_pair
