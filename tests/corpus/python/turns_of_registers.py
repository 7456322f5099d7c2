"""Clocked generators whose turn ends early or holds a loop of a condition, and a count down between signals."""

from pyhw import *


@block
def turns_of_registers(
    clk: Clock,
    hold: In[bool],
    low: In[uint[3]],
    high: In[uint[3]],
    value: In[uint[8]],
    held: Out[uint[8]],
    sum_of: Out[uint[8]],
    steps: Out[uint[4]],
    ones: Out[uint[4]],
):
    @instance
    def keep():
        total = 0
        while True:
            yield clk.posedge
            if hold:
                continue
            held.next = value
            if value == 3:
                total = 0
                continue
            total = (total + value) % 256
            sum_of.next = total

    @instance
    def count():
        while True:
            yield clk.posedge
            turn = 0
            while turn < 8 and not value[turn]:
                turn += 1
            steps.next = turn

    @always(clk.posedge)
    def between():
        found = intbv(0)[4:]
        for bit in downrange(high, low):
            if value[bit]:
                found += 1
        ones.next = found

    return keep, count, between
