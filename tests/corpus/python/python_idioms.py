"""What Python writes in one line: chained comparison, walrus, sums of generators, reversed lists, nested functions."""

from pyhw import *


class Pair:
    def __init__(self, a, b):
        self.a = a
        self.b = b


def larger(pair, limit: int = 200):
    """a function that takes an interface."""
    best = max(pair.a, pair.b)
    return best if best < limit else limit


@block
def python_idioms(clk: Clock, a: In[uint[8]], b: In[uint[8]], q: Out[uint[8]], f: Out[uint[8]], g: Out[uint[12]], h: Out[bool]):
    pair = Pair(a, b)
    grid = [[Signal(uint[4]) for _ in range(3)] for _ in range(2)]
    weights = (1, 2, 4, 8)
    double = lambda x: 2 * x

    @always_comb
    def compare():
        q.next = 0
        q.next[0] = 3 < a <= b < 250
        q.next[1] = a in (1, 2, 3) or b not in range(10, 20)
        q.next[2] = any(a[i] and b[i] for i in range(4))
        q.next[3] = all([a[i] == b[7 - i] for i in range(8)])
        q.next[8:4] = min(a[4:], b[4:], 9)

    @always(clk.posedge)
    def fold():
        if __debug__:
            assert weights[3] == 8
        if (total := sum(weights[i] for i in range(4) if a[i])) > 7:
            f.next = total + larger(pair) % 16
        else:
            f.next = larger(limit=100, pair=pair)

    @always(clk.posedge)
    def move():
        def step(x: int, by=1) -> int:
            return (x + by) % 16

        for row, values in enumerate(zip(reversed((a[4:], a[8:4], b[4:])), (1, 2, 3))):
            value, by = values
            grid[row % 2][row].next = step(value, by)
            grid[(row + 1) % 2][row].next = step(value)
        bits: list = [intbv(0)[4:] for _ in range(3)]
        for i in range(3):
            bits[i][:] = grid[0][i] ^ grid[1][2 - i]
        g.next = concat(bits[0], bits[1], bits[2])

    @always_comb
    def last():
        h.next = False
        for i in range(8):
            if a[i] != b[i]:
                break
        else:
            h.next = double(a) ** 2 > 10 and not (a == 255)

    return compare, fold, move, last
