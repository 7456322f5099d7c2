"""Prints what decorators and blocks accept and refuse."""

from myhdl import *
from myhdl import AlwaysCombError, AlwaysError, BlockError, InstanceError


def show(label, action):
    try:
        result = action()
    except Exception as error:
        print(label, type(error).__name__, str(error))
    else:
        print(label, result)


clk, q, d = Signal(bool(0)), Signal(bool(0)), Signal(bool(0))
rst = ResetSignal(0, active=0, isasync=True)


def plain():
    q.next = d


def plain_arg(x):
    q.next = d


def generator():
    yield delay(1)


def generator_arg(x):
    yield delay(1)


for function in (plain, plain_arg, generator, generator_arg, 5, None, len):
    name = getattr(function, "__name__", str(function))
    for label, decorator in (
        ("always", lambda f: always(clk.posedge)(f)),
        ("always_seq", lambda f: always_seq(clk.posedge, reset=rst)(f)),
        ("always_comb", always_comb),
        ("instance", instance),
    ):
        show((name, label), lambda: decorator(function).name if decorator(function) else None)

show("always int", lambda: always(5))
show("always function", lambda: always(plain))
show("always mixed", lambda: always(clk, d.posedge, delay(3))(plain).name)
show("seq signal", lambda: always_seq(clk, reset=None))
show("seq reset", lambda: always_seq(clk.posedge, reset=d))
show("seq missing", lambda: always_seq(clk.posedge))


@block
def dff(clk, d, q, other=3):
    @always(clk.posedge)
    def logic():
        q.next = d

    return logic


@block
def nothing():
    pass


@block
def wrong():
    return [dff(clk, d, q), 3]


def unwrapped():
    @always_comb
    def comb():
        q.next = d

    return comb


@block
def uses_unwrapped():
    return unwrapped()


@block
def nested():
    a = [dff(clk, d, q) for i in range(3)]
    b = (a[0], [dff(clk, q, d)])
    return a[1:], b


@block
def empty():
    return []


@block
def raw():
    return generator()


def helper():
    return dff(clk, d, q)


@block
def uses_helper():
    return helper()


for function in (nothing, wrong, uses_unwrapped, empty, raw, uses_helper):
    show(function.__name__, lambda: len(function().subs))
show("nested", lambda: [type(sub).__name__.strip("_") for sub in nested().subs])
show("arguments", lambda: dff(clk))
show("keyword", lambda: dff(clk, d, q, wrong=1))
show("hdl", lambda: dff(clk, d, q).convert(hdl="C"))
print(dff.__name__, dff(clk, d, q).func.__name__, dff(clk, d, q).__doc__)


class Component:
    @block
    def part(self, x):
        @always_comb
        def comb():
            q.next = x

        return comb


show("method", lambda: (Component().part(d).name, Component().part(d).name))
component = Component()
show("one object", lambda: (component.part(d).name, component.part(d).name))
show("class access", lambda: Component.part.__name__)


def collect():
    a = dff(clk, d, q)
    b = [dff(clk, d, q), unwrapped()]
    c = 5
    e = (1, 2)
    f = unwrapped()
    return len(instances()), [type(x).__name__.strip("_") for x in instances() if not isinstance(x, list)][:1]


show("instances", collect)
for argument in (5, "x", None, [generator(), 3], 2.0):
    show(("simulation", str(type(argument))), lambda: Simulation(argument))
twice = unwrapped()
show("simulation twice", lambda: Simulation(twice, twice))
show("trace", lambda: traceSignals([1, 2]))
show("verilog", lambda: toVerilog(5))
show("vhdl", lambda: toVHDL(5))
show("attribute", lambda: setattr(toVerilog, "no_such", 1))
show("attribute", lambda: setattr(toVHDL, "no_such", 1))
print(toVerilog.name, toVerilog.directory, toVerilog.timescale, toVerilog.standard, toVerilog.initial_values)
print(toVHDL.name, toVHDL.library, toVHDL.architecture, toVHDL.std_logic_ports, toVHDL.use_clauses)
print(now())
