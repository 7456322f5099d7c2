"""A bus that a block of its own watches, which asks whether anything drives it."""

#! skip cppcheck the design asks twice whether a bus is driven
#! skip verilator it compares with `z` where the driver is, not in other modules
#! skip verilator-lint it compares with `z` where the driver is, not in other modules
from pyhw import *


@block
def watcher(clk, bus, line, idle, quiet):
    @always(clk.posedge)
    def watch():
        idle.next = bus == None  # noqa: E711
        if line.val is None or bus.val is not None:
            quiet.next = not quiet
        elif line != False:  # noqa: E712
            quiet.next = False

    return watch


@block
def sender(bus, data, enable):
    driver = bus.driver()

    @always_comb
    def send():
        driver.next = data if enable else None

    return send


@block
def watched_bus(
    clk: Clock, a: In[uint[70]], b: In[bool], ea: In[bool], eb: In[bool], idle: Out[bool], quiet: Out[bool],
):  # fmt: skip
    bus = TristateSignal(uint[70])
    line = TristateSignal(bool)
    return sender(bus, a, ea), sender(line, b, eb), watcher(clk, bus, line, idle, quiet)
