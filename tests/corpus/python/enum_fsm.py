"""A state machine over a Python enumeration."""

from enum import Enum

from pyhw import *


class State(Enum):
    IDLE = 0
    RUN = 1
    DONE = 2


@block
def enum_fsm(clk: Clock, rst: Reset, go: In[bool], stop: In[bool], busy: Out[bool], code: Out[uint[2]]):
    state = Signal(State.IDLE)

    @always_seq(clk.posedge, reset=rst)
    def step():
        match state:
            case State.IDLE:
                if go:
                    state.next = State.RUN
            case State.RUN:
                if stop:
                    state.next = State.DONE
            case _:
                state.next = State.IDLE

    @always_comb
    def outputs():
        busy.next = state == State.RUN
        if state == State.IDLE:
            code.next = 0
        elif state == State.RUN:
            code.next = 1
        else:
            code.next = 2

    return step, outputs
