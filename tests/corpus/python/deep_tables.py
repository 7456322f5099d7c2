"""Lists of three dimensions as ports, and lists of two in a list of interfaces."""

from pyhw import *


class Plane:
    def __init__(self):
        self.cells = Signal(Array[Array[uint[4], 2], 2])
        self.turn = Signal(bool)


@block
def deep_tables(clk: Clock, cube: In[Array[Array[Array[uint[4], 2], 2], 2]], planes: Array[Plane, 2], sums: Out[Array[uint[6], 2]]):
    @always(clk.posedge)
    def move():
        for i in range(2):
            for j in range(2):
                for k in range(2):
                    planes[i].cells[j][k].next = cube[i][j][k] + 1 if cube[i][j][k] < 15 else 0
        planes[1].turn.next = not planes[0].turn

    @always(clk.posedge)
    def add():
        for k in range(2):
            sums[k].next = cube[0][0][k] + cube[1][1][k] + planes[0].cells[1][k]

    return move, add
