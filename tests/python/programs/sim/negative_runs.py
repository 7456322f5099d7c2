"""A run of a negative number of steps does what is due now, and ends if nothing is due later."""

from myhdl import *


def counts(name):
    print(name, "begins")
    yield delay(0)
    print(name, "again")
    yield delay(1)
    print(name, "after one step")
    yield delay(10)
    print(name, "ends at", now())


def once(signal):
    print("waits")
    yield signal
    print("never comes here")


for steps in (3, -1):
    simulation = Simulation(counts(steps))
    print(simulation.run(steps))
    print(simulation.run(-5))
    print(simulation.run(quiet=1))
print(Simulation(once(Signal(bool(0)))).run(-2))
