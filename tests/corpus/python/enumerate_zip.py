"""`enumerate`, `zip` and `reversed` over signals and constants."""

from pyhw import *


WEIGHTS = (3, 5, 7)


@block
def enumerate_zip(a: In[uint[4]], b: In[uint[4]], c: In[uint[4]], total: Out[uint[8]], mask: Out[uint[3]], last: Out[uint[3]], turned: Out[uint[4]]):
    inputs = [a, b, c]

    @always_comb
    def weigh():
        n = 0
        for weight, value in zip(WEIGHTS, inputs):
            n += weight * value
        total.next = n

    @always_comb
    def compare():
        for i, value in enumerate(inputs):
            mask.next[i] = value > 7

    @always_comb
    def find():
        last.next = 0
        for i, value in enumerate(inputs, 1):
            if value == 0:
                last.next = i

    @always_comb
    def turn():
        n = intbv(0)[4:]
        for i in reversed(range(4)):
            n[3 - i] = a[i]
        turned.next = n

    return weigh, compare, find, turn
