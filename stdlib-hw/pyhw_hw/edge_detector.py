"""Tells when a signal changes."""

from pyhw import Clock, In, Out, Reset, Signal, always_comb, always_seq, block


@block
def edge_detector(clk: Clock, rst: Reset, d: In[bool], rising: Out[bool], falling: Out[bool], initial: int = 0):
    """tells when `d` has changed.

    Widths: one bit each. `d` is of the domain of `clk`; what is not goes through a synchroniser first.
    Timing: `rising` is high in the first cycle in which `d` is high, `falling` in the first in which it is low again,
    each for that cycle only. Both are logic of `d`, without a register between. After a reset `d` counts as having
    been `initial`.
    """
    before = Signal(bool, initial)

    @always_seq(clk.posedge, reset=rst)
    def remember():
        before.next = d

    @always_comb
    def compare():
        rising.next = d and not before
        falling.next = before and not d

    return remember, compare
