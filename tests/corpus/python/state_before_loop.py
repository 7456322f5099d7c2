"""Generators that keep locals from one edge to the next: registers."""

from pyhw import *

Phase = enum("LOW", "HIGH")


@block
def state_before_loop(clk: Clock, go: In[bool], d: In[uint[8]], total: Out[uint[8]], count: Out[uint[4]], high: Out[bool], last: Out[uint[8]]):
    p_n = Signal(uint[8])

    @instance
    def sums():
        n = modbv(0)[8:]
        step = 3
        scratch = 0
        while True:
            yield clk.posedge
            scratch = d ^ step
            n[:] = n + scratch
            total.next = n

    @instance
    def counts():
        m = 0
        phase = Phase.LOW
        while True:
            yield clk.negedge
            if go:
                m = m + 1 if m < 9 else 0
            elif phase == Phase.HIGH:
                m = 0
            phase = Phase.HIGH if m > 4 else Phase.LOW
            count.next = m
            high.next = phase == Phase.HIGH

    @instance
    def p():
        n = intbv(5, min=0, max=200)
        while True:
            yield clk.posedge
            last.next = (n + p_n) & 0xFF
            p_n.next = d & 15
            for i in range(3):
                if d[i]:
                    n[:] = (n + i) % 100

    return sums, counts, p
