"""Names that are bound to one signal or another, or to a number, on the paths that lead to where they are read."""

from pyhw import *


def limited(x, limit=40):
    if x > limit:
        x = limit
    return x


@block
def best_so_far(
    clk: Clock, xs: In[Array[uint[8], 4]], valid: In[Array[bool, 4]], greatest: Out[uint[8]], at: Out[uint[2]],
    least: Out[uint[9]], where: Out[uint[3]], first: Out[uint[8]], place: Out[uint[3]], total: Out[uint[10]],
    last: Out[uint[8]], flag: Out[bool], chosen: Out[uint[9]],
):  # fmt: skip
    memory = [Signal(uint[8], 3 * i) for i in range(4)]

    @always_comb
    def argmax():
        best, idx = xs[0], 0
        for i in range(1, 4):
            if xs[i] > best:
                best, idx = xs[i], i
        greatest.next = best
        at.next = idx

    @always(clk.posedge)
    def argmin():
        low, j = 256, 4
        for i, (x, is_valid) in enumerate(zip(xs, valid)):
            if is_valid and x < low:
                low, j = x, i
        least.next = low
        where.next = j

    @always_comb
    def search():
        found = xs[0]
        for i, x in enumerate(xs):
            if x > 100:
                found = x
                break
        else:
            i = 4
        first.next = found
        place.next = i

    @always(clk.posedge)
    def follow():
        acc = 0
        before = xs[3]
        for i in range(4):
            acc += before
            if not valid[i]:
                continue
            before = xs[i]
        total.next = acc
        i = 0
        cell = memory[0]
        while i < 3:
            i += 1
            if not valid[i]:
                break
            cell = memory[i]
        last.next = cell
        memory[at].next = greatest

    @always_comb
    def choose():
        which = valid[0]
        picked = xs[1]
        match at:
            case 1:
                which = valid[1]
                picked = 7
            case 2 | 3:
                picked = xs[2]
            case _:
                pass
        flag.next = which
        chosen.next = limited(picked) + limited(xs[3], 99)

    return argmax, argmin, search, follow, choose
