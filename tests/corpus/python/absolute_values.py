"""`abs`, `min` and `max` of signed values, and comparisons in chains."""

from pyhw import *


@block
def absolute_values(a: In[sint[6]], b: In[sint[6]], distance: Out[uint[7]], least: Out[sint[6]], most: Out[uint[6]], inside: Out[bool]):
    @always_comb
    def compute():
        distance.next = abs(a - b)
        least.next = min(a, b, 5)
        most.next = max(abs(a), abs(b))
        inside.next = -8 <= a < b <= 7

    return compute
