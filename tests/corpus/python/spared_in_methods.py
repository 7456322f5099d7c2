"""A method that stores into its object's signals: a reset does not restore them, unless the process names them too."""

from pyhw import *


class Accumulator:
    """A register that adds up."""

    def __init__(self, start):
        self.total = Signal(intbv(start)[10:])
        self.full = Signal(bool(1))

    def add(self, value):
        if self.total + value < 1024:
            self.total.next = self.total + value
            self.full.next = False
        else:
            self.full.next = True


@block
def spared_in_methods(
    clk: Clock,
    rst: Reset,
    arst: Reset[0, True],
    d: In[uint[7]],
    clear: In[bool],
    slow: Out[uint[10]],
    fast: Out[uint[10]],
    flags: Out[uint[2]],
):
    left, right = Accumulator(17), Accumulator(900)

    @always_seq(clk.posedge, reset=rst)
    def together():
        if clear:
            left.total.next = 0
        else:
            left.add(d)

    @always_seq(clk.posedge, reset=arst)
    def at_once():
        right.add(d)
        if clear:
            right.full.next = False

    @always_comb
    def show():
        slow.next = left.total
        fast.next = right.total
        flags.next = concat(left.full, right.full)

    return together, at_once, show
