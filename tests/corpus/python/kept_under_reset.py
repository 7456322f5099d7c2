"""Generators with an asynchronous reset that keep locals from turn to turn: these are restored with the signals."""

from enum import Enum

from pyhw import *


class Phase(Enum):
    WAIT = 0
    RUN = 1


@block
def kept_under_reset(
    clk: Clock,
    rst: Reset[0, True],
    clear: Reset[1, True],
    d: In[uint[8]],
    q: Out[uint[8], 3],
    r: Out[uint[8]],
    busy: Out[bool],
):
    @instance
    def keep():
        total = intbv(0)[8:]
        phase = Phase.WAIT
        while True:
            yield clk.posedge, rst.negedge
            if rst == 0:
                total[:] = 9
                q.next = 3
            else:
                if phase == Phase.WAIT:
                    phase = Phase.RUN if d[0] else Phase.WAIT
                else:
                    total[:] = (total + d) % 256
                    if total > 200:
                        phase = Phase.WAIT
                q.next = total
                busy.next = phase == Phase.RUN

    @instance
    def add():
        last = modbv(0)[8:]
        while True:
            yield clk.posedge, clear.posedge
            if clear:
                last[:] = 2
                r.next = 0
            else:
                last += d
                r.next = last ^ 3

    return keep, add
