"""`match` with alternatives, guards, captures, tuples and enumerations."""

from pyhw import *


Op = enum("ADD", "SUB", "SWAP", "HOLD")


@block
def match_patterns(code: In[uint[3]], a: In[uint[4]], b: In[uint[4]], q: Out[uint[5]], r: Out[uint[2]]):
    op = Signal(Op.HOLD)

    @always_comb
    def decode():
        match code:
            case 0 | 1:
                op.next = Op.ADD
            case 2:
                op.next = Op.SUB
            case n if n > 5:
                op.next = Op.SWAP
            case _:
                op.next = Op.HOLD

    @always_comb
    def compute():
        match op:
            case Op.ADD:
                q.next = a + b
            case Op.SUB:
                q.next = (a - b) % 32
            case Op.SWAP:
                q.next = b
            case Op.HOLD:
                q.next = a

    @always_comb
    def compare():
        match (a > b, a == b):
            case (True, _):
                r.next = 2
            case (False, True):
                r.next = 1
            case _:
                r.next = 0

    return decode, compute, compare
