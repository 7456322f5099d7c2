"""`symdict`, `sigdict` and `memdict` of block instances: what names are bound to where it makes what it consists of."""

from myhdl import *

LIMIT = 3
line = Signal(bool(0))


class Port:
    def __init__(self):
        self.data = Signal(intbv(0)[4:])
        self.lanes = [Signal(bool(0)) for _ in range(2)]
        self.spare = Signal(bool(0))


class Bus:
    def __init__(self):
        self.port = Port()


@block
def leaf(a, bus):
    low = Signal(intbv(1)[3:])
    memory = [Signal(intbv(0)[4:]) for _ in range(4)]
    unused = [line]
    width = 5

    @always_comb
    def logic():
        low.next = a[3:]

    @always(a)
    def store():
        memory[low[2:]].next = a
        bus.port.data.next = memory[0]
        bus.port.lanes[low[1:]].next = 1

    return logic, store


@block
def top():
    a, bus = Signal(intbv(0)[4:]), Bus()
    one = leaf(a, bus)
    more = [leaf(a, Bus()) for _ in range(2)]

    @instance
    def drive():
        yield delay(2)
        a.next = 5

    return one, more, drive


@block
def nothing(a):
    return []


@block
def around(a):
    inner = leaf(a, Bus())
    return inner


def show(of):
    known = ("LIMIT", "line", "leaf", "a", "bus", "low", "memory", "unused", "width", "logic", "store", "one", "more", "drive", "inner")
    print([name for name in known if name in of.symdict], len(of.symdict) > len(of.sigdict))
    print(sorted(of.sigdict), all(of.sigdict[name] is of.symdict[name] for name in of.sigdict))
    for name, memory in sorted(of.memdict.items()):
        print(name, memory.depth, memory.mem is of.symdict[name], memory.elObj is memory.mem[0])


whole = top()
show(whole)
for sub in whole.subs:
    if hasattr(sub, "subs"):
        show(sub)
show(nothing(line))
show(around(Signal(intbv(0)[4:])))
