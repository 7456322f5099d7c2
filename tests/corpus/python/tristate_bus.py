"""Buses with drivers of which at most one drives; some of them are registers."""

from pyhw import *


@block
def device(sel, value, bus):
    drive = bus.driver()

    @always_comb
    def put():
        drive.next = value if sel else None

    return put


@block
def keeper(clk: Clock, take, value, bus):
    drive = bus.driver()

    @always(clk.posedge)
    def keep():
        if take:
            drive.next = value ^ 0x55
        else:
            drive.next = None

    return keep


@block
def tristate_bus(clk: Clock, sel: In[uint[2]], a: In[uint[8]], b: In[uint[8]], seen: Out[uint[8]], kept: Out[uint[8]]):
    bus = TristateSignal(intbv(0)[8:])
    registered = TristateSignal(intbv(0)[8:])
    is_a, is_b, took = [Signal(bool(0)) for _ in range(3)]
    first = device(is_a, a, bus)
    second = device(is_b, b, bus)
    third = keeper(clk, is_a, a, registered)
    fourth = device(is_b, b, registered)

    @always_comb
    def decode():
        is_a.next = sel == 1
        is_b.next = sel == 2

    @always(clk.posedge)
    def look():
        if is_a or is_b:
            seen.next = bus
        else:
            seen.next = 0

    @always(clk.posedge)
    def remember():
        took.next = is_a
        if took and not is_b:
            kept.next = registered

    return first, second, third, fourth, decode, look, remember
