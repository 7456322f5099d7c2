"""Blocks and functions whose source is a string: one that is run as it is, one that is made for each width, one compiled first."""

from pyhw import *

STAGE = '''
@block
def stage(clk: Clock, d: In[uint[{width}]], q: Out[uint[{width}]]):
    @always(clk.posedge)
    def store():
        q.next = mixed(d, {turn})

    return store
'''

exec("def mixed(value, turn):\n    return value ^ (value >> turn)")


def stage_of(width: int, turn: int):
    space = {"mixed": mixed} | globals()
    exec(STAGE.format(width=width, turn=turn), space)
    return space["stage"]


LAST = compile('''
def last(a, b, c):
    # The bits that all three have.
    return a & b & c
''', "<last>", "exec")
exec(LAST)


@block
def from_strings(clk: Clock, d: In[uint[8]], q: Out[uint[8]]):
    one, two = (Signal(uint[8](0)) for _ in range(2))
    first = stage_of(8, 1)(clk, d, one)
    second = stage_of(8, 3)(clk, one, two)

    @always_comb
    def join():
        q.next = last(d, one, two)

    return first, second, join
