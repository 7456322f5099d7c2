"""Constant tuples and dicts of enumerations, indexed inside expressions."""

from pyhw import *


State = enum("IDLE", "LOAD", "WORK", "DONE")

AFTER = (State.LOAD, State.WORK, State.DONE, State.IDLE)
WAITS = {State.IDLE: 0, State.LOAD: 2, State.WORK: 3, State.DONE: 1}


@block
def enum_tables(clk: Clock, rst: Reset, at: In[uint[2]], busy: Out[bool], ticks: Out[uint[3]], code: Out[uint[2]]):
    state = Signal(State.IDLE)

    @always_seq(clk.posedge, reset=rst)
    def go_on():
        if at != 3 or state == State.DONE:
            state.next = AFTER[at]

    @always_comb
    def show():
        busy.next = state in (State.LOAD, State.WORK)
        ticks.next = WAITS[state] + 1 if AFTER[at] != state else WAITS[AFTER[at]]

    @always_comb
    def encode():
        if state == State.IDLE:
            code.next = 0
        elif state == State.LOAD:
            code.next = 1
        elif state == State.WORK:
            code.next = 2
        else:
            code.next = 3

    return go_on, show, encode
