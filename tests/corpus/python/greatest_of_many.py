"""The greatest and the least of many values, by `max` and by functions within functions."""

from pyhw import *


def larger(a, b):
    return a if a > b else b


def spread(low, high):
    return abs((high - low) * 3 - (low & high))


@block
def greatest_of_many(clk: Clock, d: In[uint[8]], most: Out[uint[8]], least: Out[uint[8]], folded: Out[uint[9]], far: Out[uint[12]], within: Out[bool]):
    taps = [Signal(uint[8]) for _ in range(16)]

    @always(clk.posedge)
    def shift():
        for i in range(15):
            taps[i + 1].next = taps[i]
        taps[0].next = d

    @always_comb
    def choose():
        most.next = max([taps[i] for i in range(16)])
        least.next = min(*[taps[i] ^ 85 for i in range(16)]) if d[0] else 255

    @always_comb
    def fold():
        best = larger(
            larger(larger(larger(taps[0] + 1, taps[1]), larger(taps[2], taps[3] ^ 3)), larger(taps[4], taps[5])),
            larger(larger(larger(taps[6], taps[7] + 1), larger(taps[8], taps[9])), larger(taps[10], taps[11])),
        )
        folded.next = best
        far.next = spread(larger(taps[12], taps[13]), larger(taps[14], taps[15]))

    @always_comb
    def between():
        within.next = 40 < abs(taps[0] - taps[1]) + max(taps[2], taps[3], taps[4]) < 300

    return shift, choose, fold, between
