"""Members of enumerations that nothing drives: constants of hardware, in a signal, an interface and a list."""

from enum import Enum

from pyhw import *


class Mode(Enum):
    IDLE = 0
    RUN = 1
    STOP = 2


class Config:
    def __init__(self):
        self.mode = Signal(Mode.RUN)
        self.step = Signal(uint[4](3))


@block
def counter(clk, config, q):
    @always(clk.posedge)
    def count():
        if config.mode == Mode.RUN:
            q.next = (q + config.step) % 256
        elif config.mode == Mode.STOP:
            q.next = 0

    return count


@block
def undriven_enums(clk: Clock, d: In[uint[2]], live: In[Mode], q: Out[uint[8]], p: Out[uint[2]], same: Out[bool]):
    fixed = Signal(Mode.STOP)
    modes = [Signal(Mode.IDLE), Signal(Mode.STOP), Signal(Mode.RUN), Signal(Mode.STOP)]
    config = Config()

    @always_comb
    def look():
        p.next = 0
        if modes[d] == Mode.STOP:
            p.next = 1
        if fixed == Mode.STOP and live != Mode.IDLE:
            p.next = 2 + (modes[d] == live)
        same.next = fixed == live

    return counter(clk, config, q), look
