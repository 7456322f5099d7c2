"""Delayed signals that are stored again before their delay ends: verified in GHDL."""

from myhdl import *

t_state = enum("IDLE", "RUN", "STOP")


@block
def bench():
    late = Signal(bool(0), delay=3)
    state = Signal(t_state.IDLE, delay=4)

    @instance
    def drive():
        late.next = 1
        yield delay(1)
        late.next = 0  # too short for the delay: never seen
        yield delay(10)
        late.next = 1
        state.next = t_state.RUN
        yield delay(2)
        late.next = 1  # the same again keeps the time of the first
        state.next = t_state.RUN
        yield delay(10)
        late.next = 0
        yield delay(3)  # the very end of the delay
        late.next = 1
        state.next = t_state.STOP
        yield delay(1)
        state.next = t_state.RUN
        yield delay(20)
        for i in range(6):
            late.next = i % 2
            yield delay(i)
        yield delay(20)
        raise StopSimulation

    @instance
    def watch():
        while True:
            yield late, state
            print("%s %s %s" % (now(), int(late), int(state == t_state.RUN)))

    return drive, watch


conversion.verify.simulator = "ghdl"
print("verify", bench().verify_convert())
