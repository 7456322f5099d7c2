"""Signals of structs stored, compared and restored as wholes, one of them within another."""

from pyhw import *


@struct
class Point:
    x: uint[8]
    y: uint[8] = 7


@struct
class Pair:
    first: Point
    ready: bool
    second: Point


@block
def whole_structs(
    clk: Clock, rst: Reset, d: In[Pair], hold: In[bool], q: Out[Pair], follows: Out[Point], same: Out[bool]
):
    last = Signal(Point)

    @always_comb
    def follow():
        follows.next = d.second
        same.next = d.first == last and d.first != d.second

    @always_seq(clk.posedge, reset=rst)
    def keep():
        if not hold:
            q.next = d
            last.next = d.first

    return follow, keep
