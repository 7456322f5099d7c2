"""Signals that follow others by `assign`: a boolean, a number with a sign, an enum, a field of an object."""

from pyhw import *

Mode = enum("Idle", "Busy", "Done")


class Link:
    def __init__(self):
        self.data = Signal(intbv(0, min=-128, max=128))
        self.valid = Signal(bool(0))


@block
def assigned_signals(clk: Clock, d: In[sint[8]], valid: In[bool], q: Out[sint[9]], seen: Out[bool], busy: Out[bool]):
    link = Link()
    mode, followed = [Signal(Mode.Idle) for _ in range(2)]
    link.data.assign(d)
    link.valid.assign(valid)
    followed.assign(mode)

    @always_comb
    def add():
        q.next = link.data + 1 if link.valid else -link.data

    @always(clk.posedge)
    def turn():
        seen.next = link.valid
        if mode == Mode.Idle:
            mode.next = Mode.Busy if link.valid else Mode.Done
        else:
            mode.next = Mode.Idle

    @always_comb
    def tell():
        busy.next = followed == Mode.Busy

    return add, turn, tell
