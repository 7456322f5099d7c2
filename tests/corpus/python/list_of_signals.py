"""A list of signals that is wired element by element."""

from pyhw import *


@block
def inverter(a, q):
    @always_comb
    def invert():
        q.next = not a

    return invert


@block
def list_of_signals(a: In[bool], q: Out[uint[4]]):
    taps = [Signal(bool(0)) for _ in range(5)]
    chain = [inverter(taps[i], taps[i + 1]) for i in range(4)]

    @always_comb
    def feed():
        taps[0].next = a

    @always_comb
    def gather():
        for i in range(4):
            q.next[i] = taps[i + 1]

    return chain, feed, gather
