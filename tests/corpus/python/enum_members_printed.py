"""Members of Python's enumerations in prints: `State.RUN`, as Python shows them."""

from enum import Enum

from pyhw import *


class State(Enum):
    IDLE = 0
    RUN = 1
    DONE = 2


class Light(Enum):
    RED = "r"
    GREEN = "g"

    def __str__(self):
        return f"a light that is {self.name}"


@block
def enum_members_printed(clk: Clock, go: In[bool], state: Out[State], light: Out[Light]):
    @always(clk.posedge)
    def step():
        was = State.IDLE if go else State.DONE
        print(state, light, f"{was} {light}", "%s %s" % (state, light), "{}".format(was))
        print(State.DONE, Light.RED, repr(State.DONE), (State.IDLE, Light.RED), f"{Light.GREEN!r}")
        if state == State.IDLE:
            if go:
                state.next = State.RUN
        elif state == State.RUN:
            state.next = State.DONE
            light.next = Light.GREEN
        else:
            state.next = State.IDLE
            light.next = Light.RED

    return step
