"""Rows and elements of local lists that a run-time index picks to be stored into, and lists that are kept over a wait."""

from pyhw import *


@block
def rows_by_index(
    clk: Clock, i: In[uint[3]], d: In[uint[8]], q: Out[uint[9]], r: Out[uint[9]], s: Out[uint[9]], t: Out[sint[8]]
):
    @always_comb
    def rows():
        table = [[1, 2], [3, 4], [5, 6]]
        table[i % 3][0] = d
        table[i % 3][1] += 1
        q.next = table[0][0] + table[1][1]
        r.next = table[2][0] + table[i % 2][1]

    @instance
    def kept():
        before = [0, 1]
        while True:
            yield clk.posedge
            s.next = before[0] + before[1]
            before[0] = int(d)
            before[1] = i + 2

    @always(clk.posedge)
    def upper():
        high = intbv(-3, min=-128, max=128)
        high[:4] = i - 4
        t.next = high

    return rows, kept, upper
