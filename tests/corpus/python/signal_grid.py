"""A list of lists of signals, read and stored with indices of loops."""

from pyhw import *


ROWS, COLUMNS = 2, 3


@block
def signal_grid(clk: Clock, d: In[uint[4]], q: Out[uint[4]], total: Out[uint[7]]):
    grid = [[Signal(uint[4]) for _ in range(COLUMNS)] for _ in range(ROWS)]

    @always(clk.posedge)
    def shift():
        for row in range(ROWS):
            for column in range(COLUMNS):
                if column > 0:
                    grid[row][column].next = grid[row][column - 1]
                elif row > 0:
                    grid[row][column].next = grid[row - 1][COLUMNS - 1]
                else:
                    grid[row][column].next = d

    @always_comb
    def show():
        q.next = grid[ROWS - 1][COLUMNS - 1]
        n = 0
        for row in grid:
            for cell in row:
                n += cell
        total.next = n

    return shift, show
