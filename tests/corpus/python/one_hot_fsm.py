"""A state machine with one bit for each state."""

from pyhw import *


t_state = enum("RED", "GREEN", "AMBER", encoding="one_hot")


@block
def one_hot_fsm(clk: Clock, rst: Reset, tick: In[bool], red: Out[bool], green: Out[bool]):
    state = Signal(t_state.RED)

    @always_seq(clk.posedge, reset=rst)
    def step():
        if tick:
            if state == t_state.RED:
                state.next = t_state.GREEN
            elif state == t_state.GREEN:
                state.next = t_state.AMBER
            else:
                state.next = t_state.RED

    @always_comb
    def lights():
        red.next = state != t_state.GREEN
        green.next = state == t_state.GREEN

    return step, lights
