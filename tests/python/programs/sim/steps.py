"""Runs in steps, suspension, and what a finished simulation says."""

from myhdl import *
from myhdl._Simulation import _SuspendSimulation


@block
def top():
    clk = Signal(bool(0))
    count = Signal(0)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(clk.posedge)
    def add():
        count.next = count + 1

    @instance
    def pause():
        yield delay(23)
        print("pause", now())
        yield delay(30)
        raise StopSimulation("enough")

    return clock, add, pause


inst = top()
inst.run_sim(10)
print(now())
inst.run_sim(7)
print(now())
inst.run_sim(quiet=1)
print(now())
try:
    inst.run_sim(5)
except StopSimulation as error:
    print("StopSimulation", error)
inst.quit_sim()

a = Signal(bool(0))


def toggle():
    for i in range(3):
        yield delay(10)
        a.next = not a
        print(now(), a, a.next)


sim = Simulation(toggle())
print(sim.run(10))
print(now(), a)
print(sim.run(10))
print(now(), a)
print(sim.run())
print(a.val)


def suspends():
    print("before")
    yield delay(3)
    raise _SuspendSimulation("let me pause")


sim = Simulation(suspends())
print(sim.run())
print(now())
sim.quit()
