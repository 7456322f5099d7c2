"""A round-robin arbiter: a `while` loop that a request leaves, its `else`, and a list of counters written at a computed index."""

from pyhw import *


def first_set(v, n):
    for i in range(n):
        if v[i]:
            return i
    return n


@block
def round_robin(clk: Clock, rst: Reset, req: In[uint[8]], grant: Out[uint[8]], idx: Out[uint[4]], cnt: Out[uint[4]], hist: Out[uint[8]]):
    last = Signal(uint[3])
    tally = [Signal(Mod[256]) for _ in range(8)]

    @always_seq(clk.posedge, reset=rst)
    def arb():
        grant.next = 0
        k = 0
        while k < 8:
            j = (last + 1 + k) % 8
            if req[j]:
                grant.next[j] = True
                last.next = j
                tally[j].next = tally[j] + 1
                break
            k += 1
        else:
            last.next = 0

    @always_comb
    def idxs():
        idx.next = first_set(req, 8)
        cnt.next = sum(1 for i in range(8) if req[i])
        hist.next = tally[last]

    return arb, idxs
