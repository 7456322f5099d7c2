"""Tuples and lists that are bound anew to their own elements, in another order."""

from pyhw import *


@block
def rebound_tuples(
    clk: Clock,
    d: In[uint[4]],
    swap: In[bool],
    q: Out[uint[12]],
    sum: Out[uint[8]],
    turned: Out[uint[9]],
    rows: Out[uint[9]],
):
    @instance
    def history():
        kept = (0, 0, 0)
        while True:
            yield clk.posedge
            q.next = concat(intbv(kept[0])[4:], intbv(kept[1])[4:], intbv(kept[2])[4:])
            kept = (int(d), kept[0], kept[1])

    @always_comb
    def pairs():
        pair = (1, 2)
        k = 0
        while k < d[3:]:
            k += 1
            pair = (pair[1], (pair[0] + pair[1]) % 20)
        sum.next = pair[0] + 3 * pair[1]

    @always_comb
    def turn():
        three = (1, 2, 3)
        if swap:
            three = (4, 5, 6)
        three = (three[2], three[0], three[1])
        turned.next = three[0] * 49 + three[1] * 7 + three[2]

    @always_comb
    def table():
        grid = [[1, 2], [3, 4]]
        if swap:
            grid[0][1] = int(d)
        grid = [[grid[1][0], grid[0][1]], [grid[0][0], grid[1][1]]]
        rows.next = grid[0][0] * 100 + grid[0][1] * 10 + grid[1][0] + grid[1][1]

    return instances()
