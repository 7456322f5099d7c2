"""Constant lists of lists and dicts of tuples, indexed by signals."""

from pyhw import *


GLYPHS = [
    [0b111, 0b101, 0b111],
    [0b010, 0b110, 0b010],
    [0b110, 0b010, 0b011],
]

LIMITS = {0: (1, 6), 1: (2, 5), 2: (3, 4), 3: (0, 7)}


@block
def nested_tables(digit: In[Int[0, 3]], row: In[Int[0, 3]], mode: In[uint[2]], a: In[uint[3]], line: Out[uint[3]], inside: Out[bool]):
    @always_comb
    def draw():
        line.next = GLYPHS[digit][row] ^ GLYPHS[0][row]

    @always_comb
    def limit():
        low, high = LIMITS[mode]
        inside.next = low <= a <= high

    return draw, limit
