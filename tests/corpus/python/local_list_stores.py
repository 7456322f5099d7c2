"""Stores into local lists of numbers, and into lists in lists, at places that are constants or signals, on all paths or on some."""

from pyhw import *


@block
def local_list_stores(
    clk: Clock,
    i: In[uint[2]],
    j: In[uint[1]],
    d: In[uint[6]],
    up: In[bool],
    at: Out[uint[8]],
    row: Out[uint[8]],
    total: Out[uint[10]],
    most: Out[uint[3]],
    both: Out[uint[8]],
    flags: Out[uint[4]],
    joined: Out[uint[8]],
):
    @always_comb
    def grid():
        t = [[0] * 2 for _ in range(4)]
        for k in range(4):
            t[k][k & 1] = 10 * k
        t[i][j] = d
        if up:
            t[3][0] = 1 + t[0][0]
            t[i - 4][1 - j] = 7
        at.next = t[i][j] + t[0][1]
        row.next = t[1][0] + t[2][0] + t[3][0]

    @always_comb
    def histogram():
        counts = [0, 0, 0, 0]
        for k in range(3):
            counts[(d >> (2 * k)) & 3] += 1
        best = 0
        for k in range(1, 4):
            if counts[k] > counts[best]:
                best = k
        most.next = counts[best]

    @always(clk.posedge)
    def by_rows():
        table = [[1, 2], [3, 4]]
        second = table[1]
        if up:
            second[j] = d
        else:
            table[j][0] = 9
            second[0] += 1
        both.next = table[1][0] + table[0][0]
        total.next = table[0][0] + table[0][1] + table[1][0] + table[1][1]

    @always_comb
    def bits():
        seen = [False] * 4
        seen[i] = True
        if up:
            seen[j] = not seen[j]
        flags.next = concat(seen[3], seen[2], seen[1], seen[0])

    @always_comb
    def pieces():
        parts = [intbv(0)[4:], intbv(5)[4:]]
        if up:
            parts[0][:] = d[4:]
            parts[1][2] = d[5]
        parts[1][2:] = i
        joined.next = concat(parts[1], parts[0])

    return grid, histogram, by_rows, bits, pieces
