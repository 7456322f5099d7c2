"""Errors have MyHDL's classes and words, and leave the simulation in order."""

from myhdl import *


def run(make):
    inst = make()
    try:
        inst.run_sim(quiet=1)
    except Exception as error:
        print(type(error).__name__, error)
    inst.quit_sim()


@block
def too_big():
    s = Signal(intbv(0)[4:])

    @instance
    def go():
        for i in range(20):
            s.next = i
            yield delay(1)

    return go


@block
def not_a_bit():
    s = Signal(bool(0))

    @instance
    def go():
        s.next = 2
        yield delay(1)

    return go


@block
def wrong_type():
    s = Signal(intbv(0)[4:])

    @instance
    def go():
        s.next = "x"
        yield delay(1)

    return go


@block
def assertion():
    s = Signal(intbv(0)[4:])

    @instance
    def go():
        yield delay(3)
        assert s == 1, "s is not one"

    return go


@block
def zero():
    s = Signal(intbv(0)[4:])

    @instance
    def go():
        yield delay(3)
        print(1 // s)

    return go


@block
def local_range():
    @instance
    def go():
        x = intbv(0, min=0, max=5)
        for i in range(9):
            x[:] = i
            yield delay(1)

    return go


@block
def own():
    @instance
    def go():
        yield delay(1)
        raise KeyError("mine")

    return go


@block
def yields_text():
    @instance
    def go():
        yield "text"

    return go


@block
def shadow_store():
    s = Signal(intbv(0)[4:])
    t = s(2, 0)

    @instance
    def go():
        yield delay(1)
        t.next = 1

    return go


@block
def slice_store():
    s = Signal(intbv(0)[4:])

    @instance
    def go():
        yield delay(1)
        s.next[2:] = 5

    return go


for make in (too_big, not_a_bit, wrong_type, assertion, zero, local_range, own, yields_text, shadow_store, slice_store):
    print(make.__name__)
    run(make)
