"""Functions that store into a list of their caller on some paths only: a sorting network."""

from pyhw import *


def in_order(values, i, j):
    if values[i] > values[j]:
        values[i], values[j] = values[j], values[i]


def put_if_high(values, value):
    if value < 8:
        return
    values[0] = value


@block
def lists_of_callers(d: In[uint[4]], e: In[uint[4]], f: In[uint[4]], low: Out[uint[4]], mid: Out[uint[4]], high: Out[uint[4]], q: Out[uint[4]]):
    @always_comb
    def network():
        values = [int(d), int(e), int(f)]
        in_order(values, 0, 1)
        in_order(values, 1, 2)
        in_order(values, 0, 1)
        low.next = values[0]
        mid.next = values[1]
        high.next = values[2]

    @always_comb
    def returns():
        kept = [1, 2]
        put_if_high(kept, int(d))
        q.next = kept[0]

    return network, returns
