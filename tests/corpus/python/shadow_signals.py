"""Views of signals: slices, bits and concatenations."""

from pyhw import *


@block
def shadow_signals(a: In[uint[8]], b: In[uint[4]], q: Out[uint[4]], r: Out[uint[12]], s: Out[bool]):
    high = a(8, 4)
    top = a(7)
    both = ConcatSignal(b, a)

    @always_comb
    def use():
        q.next = high
        r.next = both
        s.next = top

    return use
