"""`while … else`, with `break`."""

from pyhw import *


@block
def while_else(a: In[uint[8]], limit: In[uint[3]], q: Out[uint[4]]):
    @always_comb
    def search():
        n = 8
        while n > limit:
            n -= 1
            if a[n]:
                q.next = n
                break
        else:
            q.next = 8

    return search
