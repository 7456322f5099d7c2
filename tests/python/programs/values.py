"""Prints what intbv, modbv, bin, concat and enum give, or raise, for many operands."""

import operator
from copy import copy, deepcopy

from myhdl import *


def show(label, action):
    try:
        result = action()
    except Exception as error:
        print(label, type(error).__name__, str(error))
    else:
        print(label, type(result).__name__, repr(result), str(result))


def bounds(x):
    return (x, x.min, x.max, len(x))


def makers():
    for text in (
        "intbv()", "intbv(5)", "intbv(-5)", "intbv(3)[4:]", "intbv(0)[1:]", "intbv(9, min=-10, max=10)",
        "intbv(-8, -8, 8)", "intbv('1010')", "intbv('1111_0000')", "intbv(0, min=-4, max=0)", "intbv(-1, min=-4, max=1)",
        "intbv(0, min=-1, max=1)", "intbv(1, min=1, max=2)", "intbv(7, min=None, max=9)", "intbv(7, min=2)",
        "modbv(5)[3:]", "modbv(3, min=-5, max=7)", "modbv(12, min=0, max=10)", "modbv(-1)[8:]", "modbv(7)",
        "intbv(True)", "modbv('0111')", "intbv(intbv(3)[4:])", "intbv(modbv(3)[4:])",
    ):  # fmt: skip
        yield text


BINARY = "add sub mul truediv floordiv mod pow lshift rshift and_ or_ xor eq ne lt le gt ge".split()
IN_PLACE = "iadd isub imul ifloordiv imod ipow ilshift irshift iand ior ixor itruediv".split()
UNARY = "neg pos abs inv index not_ truth".split()
OPERANDS = (0, 1, 2, 3, -1, -3, 7, True, 1.5, "x", None)

for text in ("intbv(8)[3:]", "intbv(-1)[3:]", "intbv(10, min=0, max=10)", "intbv(-1, min=0, max=10)", "intbv(None)",
             "intbv(1.0)", "intbv('12')", "modbv(-200)[8:]", "modbv(1000, min=-3, max=9)", "intbv(0, min=1, max=3)"):  # fmt: skip
    show(text, lambda: bounds(eval(text)))

for text in makers():
    show(text, lambda: bounds(eval(text)))
    for name in UNARY:
        if name == "inv" and "'" in text:
            continue  # MyHDL fails here for want of a bound; pyhw takes the width.
        show((text, name), lambda: getattr(operator, name)(eval(text)))
    for function in (int, float, hex, oct, bin, str, repr, hash, bool, len, list, copy, deepcopy):
        show((text, function.__name__), lambda: function(eval(text)))
    for method in ("signed", "unsigned"):
        show((text, method), lambda: bounds(getattr(eval(text), method)()))
    for name in BINARY:
        for operand in OPERANDS:
            show((text, name, operand), lambda: getattr(operator, name)(eval(text), operand))
            show((text, "r", name, operand), lambda: getattr(operator, name)(operand, eval(text)))
        for other in ("intbv(3)[4:]", "modbv(2)[3:]", "intbv(-2)", "Signal(intbv(3)[4:])", "Signal(True)"):
            show((text, name, other), lambda: getattr(operator, name)(eval(text), eval(other)))
    for name in IN_PLACE:
        for operand in (0, 1, 2, -1, 5, 100, intbv(3)[4:], modbv(2)[3:]):
            show((text, name, repr(operand)), lambda: getattr(operator, name)(eval(text), operand))
    for i in (None, 0, 1, 2, 3, 4, 9, -1):
        show((text, "get", i), lambda: eval(text)[i] if i is not None else None)
        for j in (None, 0, 1, 3, 4, -1):
            show((text, "slice", i, j), lambda: bounds(eval(text)[i:j]))
            for v in (0, 1, 3, -1, 8, intbv(2)):

                def assign():
                    x = eval(text)
                    x[i:j] = v
                    return bounds(x)

                show((text, "set", i, j, repr(v)), assign)
        for v in (0, 1, 2, -1, True):

            def assign_bit():
                x = eval(text)
                x[i] = v
                return bounds(x)

            if i is not None:
                show((text, "bit", i, v), assign_bit)

for number in [*range(-40, 41), 2**70, -(2**70)]:
    for width in (0, 1, 5, 12):
        show(("bin", number, width), lambda: bin(number, width))

for text in (
    "concat(intbv(3)[4:], True, '01', intbv(-1, min=-4, max=4))", "concat(1, '0')", "concat(5, intbv(1)[3:])",
    "concat('11', Signal(intbv(2)[3:]), Signal(True))", "concat(Signal(5), True)", "concat(intbv(1)[2:], intbv(3))",
    "concat(intbv(1)[2:], 3)", "concat(None, True)", "concat(True, 2.0)", "concat(True)", "concat(False, True)",
    "concat(intbv(-1, min=-4, max=4), True)", "concat('01')",
):  # fmt: skip
    show(text, lambda: bounds(eval(text)))

for names, encoding in ((("A", "B", "C"), None), (("A", "B", "C", "D", "E"), "binary"), (("A", "B", "C"), "one_hot"),
                        (("A", "B", "C"), "one_cold"), (("A",), None), (("A",), "one_hot")):  # fmt: skip
    kind = enum(*names, encoding=encoding)
    print(repr(kind), str(kind), len(kind), kind._nrbits, kind._codedict, kind.reftype())
    for name in names:
        item = getattr(kind, name)
        print(repr(item), str(item), int(item), item._index, item._val, item._nrbits, copy(item) is item)
        show("eq", lambda: (item == kind.A, item != kind.A, item == Signal(kind.A), Signal(item) == kind.A))
        show("lt", lambda: item < kind.A)
        show("other", lambda: item == enum("A").A)
        show("int", lambda: item == 0)
    show("missing", lambda: type(getattr(kind, "Z", 5)))
show("twice", lambda: enum("A", "A"))
show("EnumType", EnumType)
show("EnumItemType", EnumItemType)
print(list(downrange(5)), list(downrange(8, 2)), list(downrange(8, 0, 2)))
