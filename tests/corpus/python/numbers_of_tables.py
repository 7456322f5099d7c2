"""Numbers that are taken out of tables, and change: the tables do not."""

from pyhw import *

TABLE = [3, 1, 4, 1, 5, 9, 2, 6]
TAPS = (2, 7, 1, 8)


def grown(start):
    start += TABLE[1]
    return start


@block
def numbers_of_tables(clk: Clock, at: In[uint[3]], d: In[uint[8]], q: Out[uint[12]], r: Out[uint[8]], s: Out[uint[6]]):
    @always_comb
    def sums():
        total = TABLE[0]
        total += d
        for tap in TAPS:
            tap *= 2
            total += tap
        doubled = [tap * 2 for tap in TAPS]
        tap = doubled[1]
        tap += 1
        count = len(TABLE)
        count += 1
        q.next = total + tap + count
        s.next = grown(TABLE[2]) + max(TAPS)

    @always(clk.posedge)
    def look():
        row = [entry for entry in TABLE]
        row[0] = 7
        r.next = TABLE[at] + row[0]

    return sums, look
