"""Signals and generators that are made during a run."""

from myhdl import *


def worker(name, steps, done):
    for i in range(steps):
        yield delay(2)
        print(now(), name, i)
    done.next = done + 1


@block
def top():
    done = Signal(0)

    @instance
    def main():
        first = Signal(0)
        yield worker("alone", 2, first)
        print(now(), "first", first)
        yield join(worker("a", 2, done), worker("b", 3, done))
        print(now(), "joined", done)
        yield worker("c", 1, done), worker("d", 4, done)
        print(now(), "either")
        event = Signal(False)
        event.next = True
        yield event.posedge
        print(now(), "event", event)
        late = Signal(intbv(0)[4:])
        late.next = 3
        yield late
        print(now(), late)
        yield join(delay(3), worker("e", 1, done))
        print(now(), "end", done)
        yield None
        print(now(), "again")
        yield delay(1), late
        print(now(), "time")

    return main


top().run_sim()
