"""Enumerations of each encoding, in signals, prints and comparisons."""

from myhdl import *

states = [enum("IDLE", "RUN", "STOP", encoding=encoding) for encoding in (None, "binary", "one_hot", "one_cold")]


@block
def machine(clk, state, kind, log):
    @always_seq(clk.posedge, reset=None)
    def step():
        if state == kind.IDLE:
            state.next = kind.RUN
        elif state == kind.RUN:
            state.next = kind.STOP
        else:
            state.next = kind.IDLE
        log.next = state == kind.RUN

    return step


@block
def top():
    clk = Signal(bool(0))
    signals = [Signal(kind.IDLE) for kind in states]
    logs = [Signal(bool(0)) for kind in states]
    machines = [machine(clk, *each) for each in zip(signals, states, logs)]
    first = signals[0]

    @instance
    def stimulus():
        for i in range(4):
            clk.next = True
            yield delay(5)
            clk.next = False
            yield delay(5)
            print(now(), *signals, *map(bool, logs))
            print(first, "%s" % first, f"{first}", first == states[0].STOP, first != states[0].RUN)
        print([repr(kind) for kind in states], states[2].RUN, int(states[2].RUN))

    return machines, stimulus


top().run_sim()
