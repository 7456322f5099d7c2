"""Prints what signals give, or raise, outside a simulation."""

import operator

from myhdl import *
from myhdl import Error, ToVerilogError
from myhdl._Signal import _Signal


def show(label, action):
    try:
        result = action()
    except Exception as error:
        print(label, type(error).__name__, str(error))
    else:
        print(label, type(result).__name__, repr(result), str(result))


STATE = enum("A", "B")
SIGNALS = (
    "Signal()", "Signal(5)", "Signal(True)", "Signal(intbv(5)[4:])", "Signal(modbv(5)[4:])", "Signal(intbv(-3, min=-8, max=8))",
    "Signal(intbv(7))", "Signal(STATE.A)", "Signal([1, 2])", "Signal((1, 2))", "Signal('text')", "Signal({1: 2})", "Signal(2.5)",
    "ResetSignal(0, active=1, isasync=True)", "Constant(intbv(3)[4:])", "Signal(0, delay=3)", "Signal(0, 3)", "OpenPort()",
)  # fmt: skip
NEXTS = (0, 1, 2, -1, 16, True, intbv(3), intbv(300), modbv(2)[3:], STATE.B, "text", [3], (4,), {}, None, 2.5)

for text in SIGNALS:
    show(text, lambda: eval(text))
    sig = eval(text)
    show("str", lambda: str(sig))
    show("attributes", lambda: (len(sig), sig.nbits, sig.min, sig.max, sig.driven, sig.read))
    show("delay", lambda: sig.delay)
    for name in (
        "add",
        "sub",
        "mul",
        "floordiv",
        "mod",
        "pow",
        "lshift",
        "rshift",
        "and_",
        "or_",
        "xor",
        "lt",
        "le",
        "gt",
        "ge",
    ):
        for operand in (3, True, intbv(2)[3:]):
            show((text, name, repr(operand)), lambda: getattr(operator, name)(sig, operand))
            show((text, "r", name, repr(operand)), lambda: getattr(operator, name)(operand, sig))
        show((text, name, "self"), lambda: getattr(operator, name)(sig, eval(text)))
    for name in ("neg", "pos", "abs", "inv", "not_", "truth"):
        show((text, name), lambda: getattr(operator, name)(sig))
    for function in (int, float, hex, bin, bool, hash):
        show((text, function.__name__), lambda: function(sig))
    if "STATE" not in text:
        for operand in (5, True, None, [1, 2], "text"):
            show((text, "eq", operand), lambda: (sig == operand, sig != operand))
    for key in (0, 3, slice(4, 1), slice(None, 2)):
        show((text, "get", str(key)), lambda: sig[key])
    show((text, "item"), lambda: operator.setitem(sig, 0, 1))
    show((text, "iadd"), lambda: operator.iadd(sig, 1)) if "Open" not in text else None
    show((text, "val"), lambda: setattr(sig, "val", 1))
    show((text, "typo"), lambda: setattr(sig, "nxet", 1)) if text[0] == "S" else None
    for value in NEXTS:
        if isinstance(value, type(STATE.A)) and "STATE" not in text and sig._nrbits == 1:
            continue  # comparing a literal with 0 is an error of its own
        other = eval(text)

        def assign():
            other.next = value
            return other.val or 0, other.next

        label = (text, "next", repr(value))
        if "STATE" in text:
            try:
                assign()
                print(label, other.next)
            except TypeError:
                print(label, "TypeError")
        else:
            show(label, assign)
    show((text, "signed"), lambda: sig.signed())
    show((text, "attribute"), lambda: sig.no_such_thing)

s = Signal(intbv(0x5A)[8:])
show("next slice", lambda: s.next.__setitem__(slice(4, 0), 3))
print(s.next, s.val, s.next is s.val)
show("next range", lambda: s.next.__setitem__(slice(None, 0), 256))
show("index", lambda: (s(3), s(7, 4), s(7, 4)(1), len(s(7, 4)), s(7, 4).val))
show("read only", lambda: setattr(s(3), "next", 1))
show("bad slice", lambda: s(3, 5))
c = ConcatSignal(s, "01", True, intbv(2)[3:], Signal(True))
show("concat", lambda: (c, len(c), c.min, c.max))
show("concat int", lambda: ConcatSignal(s, 3))
show("concat one", lambda: ConcatSignal(s).__class__ is None) if False else None
t = TristateSignal(intbv(0)[8:])
d = t.driver()
show("tristate", lambda: (t, d, t.val, d.val, t == None, len(t), len(d)))
show("tristate next", lambda: setattr(t, "next", 1))
d.next = 5
print(repr(d.next))
d.next = None
print(repr(d.next))
show("driver range", lambda: setattr(d, "next", 256))
for value in ("reg", "wire", True, "signal", None, 1):

    def drive():
        sig = Signal(True)
        sig.driven = value
        return sig.driven

    show(("driven", value), drive)
show("read", lambda: setattr(Signal(1), "read", False))
show("negative delay", lambda: Signal(0, delay=-1))
k = Signal(3, delay=4)
k.delay = 7
print(k.delay, posedge(k) is k.posedge, negedge(k) is k.negedge, posedge(k) is k.negedge)
show("edge of int", lambda: posedge(3))
a = Signal(intbv(1)[4:])
print(repr(a.duplicate()), repr(a.duplicate(5)), a.duplicate(5).max)
init = intbv(3)[4:]
b = Signal(init)
init[:] = 5
print(b.val, b.next)
v = b.val
b.next = 9
print(v is b.val, v, b.next)
m = Signal([1])
m.next.append(2)
print(m.val, m.next)
for wrong in (-1, 1.5, "3", None, 0, True, 4):
    show(("delay", wrong), lambda: delay(wrong)._time)
print(isinstance(a, SignalType), isinstance(a, _Signal), isinstance(a(0), SignalType))
for value in (Error("kind"), Error("kind", "msg"), ToVerilogError("kind", "msg", "info: ")):
    print(str(value), value.kind, value.msg, value.info)
