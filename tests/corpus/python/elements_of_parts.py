"""A list of signals of which each part drives an element, and that others go through in a loop or pick from."""

from pyhw import *


class Bank:
    def __init__(self):
        self.lines = [Signal(uint[4](0)) for _ in range(3)]


@block
def elements_of_parts(clk: Clock, a: In[uint[4]], place: In[Int[0, 3]], q: Out[uint[6]], picked: Out[uint[4]], lines: Out[uint[6]]):
    parts = [Signal(uint[4](1)) for _ in range(3)]
    bank = Bank()

    @block
    def part(k):
        @always(clk.posedge)
        def store():
            parts[k].next = a ^ k

        @always_comb
        def line():
            bank.lines[k].next = parts[k] & ~a

        return store, line

    insts = [part(k) for k in range(3)]

    @always_comb
    def add():
        total = 0
        for k in range(3):
            total += parts[k]
        q.next = total
        picked.next = parts[place]

    @always_comb
    def through():
        total = 0
        for k in range(3):
            total += bank.lines[k]
        lines.next = total

    return insts, add, through
