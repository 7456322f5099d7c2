"""Members of Python's enumerations are shown as their classes say: in signals, constants, texts and lists."""

from enum import Enum, IntEnum

from myhdl import *


class State(Enum):
    IDLE = 0
    RUN = 3


class Named(Enum):
    ON = "on"
    OFF = "off"

    def __str__(self):
        return self.value.upper()


class Plain(Enum):
    LOW = 1
    HIGH = 2

    __str__ = Enum.__repr__

    def __format__(self, spec):
        return self.name


class Level(IntEnum):
    LOW = 1
    HIGH = 6


other = enum("IDLE", "RUN")


@block
def top():
    state = Signal(State.IDLE)
    named = Signal(Named.OFF)
    plain = Signal(Plain.LOW)
    level = Signal(Level.HIGH)
    theirs = Signal(other.RUN)

    @instance
    def stimulus():
        for turn in range(2):
            yield delay(5)
            print(state, named, theirs, level)
            was = State.IDLE if turn else State.RUN
            print(str(state), repr(was), f"{state} {named}", "%s|%10s|%-9s|" % (state, state, named))
            print("{} {} {:>12}|".format(state, named, str(state)), [was, State.RUN], (Named.ON,))
            print(State.RUN, Named.ON, repr(State.RUN), repr(Named.ON), f"{State.IDLE} {Named.OFF!r}", Level.LOW)
            value = state.val
            print(value, value == State.RUN, str(value) + "!")
            state.next = State.RUN
            named.next = Named.ON if turn == 0 else Named.OFF

    @instance
    def odd():
        yield delay(5)
        print(plain, f"{plain}", Plain.HIGH)

    return stimulus, odd


top().run_sim()
