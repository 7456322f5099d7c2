"""Signals: a current value, a next value, and what the kernel needs to know of them.

Outside a simulation a signal holds its own values. While one runs, `_sim` is the native
simulation that holds the state and `_index` the signal's place in it; reads ask it, and writes
are gathered in `_touched`, which the simulation takes over after each piece of Python that ran.
"""

from __future__ import annotations

from itertools import count

from _operator import add, and_, floordiv, lshift, mod, mul, or_, pow, rshift, sub, truediv, xor
from _operator import eq, ge, getitem, gt, inv, le, lt, ne, neg, pos

from ._enum import EnumItemType, EnumType, enum_view, is_python_enum
from ._intbv import intbv, modbv
from ._scope import defining_block
from ._types import ArrayType, IntType, is_type, value_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Signals written or opened for writing since the kernel looked last, each once.
_touched: list[Signal] = []

# Signals that follow others start in the order in which they were made to.
shadow_serials = count()

_DRIVEN = ("reg", "wire", True)


def snapshot(value):
    """A copy that later changes of `value` do not reach; values that cannot change as they are."""
    if isinstance(value, intbv):
        return value.__copy__()
    if value is None or isinstance(value, (int, str, float, EnumItemType)):
        return value
    from copy import deepcopy

    return deepcopy(value)


class Edge:
    """A rising or falling edge of a signal, to wait for. `_kind` is 'posedge' or 'negedge'."""

    __slots__ = ("_sig", "_kind")

    def __init__(self, sig: Signal, kind: str) -> None:
        self._sig = sig
        self._kind = kind

    @property
    def sig(self) -> Signal:
        """The signal."""
        return self._sig

    def __repr__(self) -> str:
        return f"{self._sig!r}.{self._kind}"


def posedge(sig: Signal) -> Edge:
    """Returns the rising edge of `sig`: a change from a false value to a true one."""
    return sig.posedge


def negedge(sig: Signal) -> Edge:
    """Returns the falling edge of `sig`: a change from a true value to a false one."""
    return sig.negedge


# Operators read the value without the property: they are most of what a resumed process does.


def _binary(op):
    def method(self, other):
        value = self._held if self._sim is None else self.val
        if isinstance(other, Signal):
            other = other._held if other._sim is None else other.val
        return op(value, other)

    return method


def _reflected(op):
    def method(self, other):
        return op(other, self._held if self._sim is None else self.val)

    return method


def _unary(op):
    def method(self):
        return op(self._held if self._sim is None else self.val)

    return method


class Signal:
    """A hardware signal.

    `Signal(val)` starts with a copy of `val`, of any type; `Signal(T)` and `Signal(T, init)` take
    a type and check `init`. `delay` makes it a transport delay of so many time steps. A type
    `Array[T, n]` gives a list of signals and a struct an object whose fields are signals.

    `val` is the current value, `next` the one after this delta cycle; operators and methods are
    those of the current value.
    """

    __slots__ = (
        "_type", "_held", "_init", "_next", "_min", "_max", "_nrbits", "_wrap", "_vector",
        "_class", "_enum", "_decl", "_delay", "_name", "_driven", "_read", "_used", "_sim",
        "_index", "_shadow", "_tristate", "_drivers", "_net", "_proto", "_is_touched",
        "_posedge", "_negedge", "_serial", "_driven_in",
    )  # fmt: skip

    _type: str
    _min: int | None
    _max: int | None
    _nrbits: int
    _name: str | None
    _delay: int | None
    _enum: object
    _shadow: tuple | None
    _tristate: str | None
    _drivers: list | None
    _net: Signal | None
    _serial: int | None
    _posedge: Edge | None
    _negedge: Edge | None
    # The blocks whose functions assigned `driven`.
    _driven_in: tuple

    # What kind of object this is to the extension: 'signal', 'constant' or 'open'.
    _role = "signal"

    def __new__(cls, *args, **kwargs) -> Signal:
        if cls is Signal and args:
            first = args[0]
            if type(first) is ArrayType or isinstance(first, type) and "__pyhw_fields__" in first.__dict__:
                return first.signals(*args[1:], **kwargs)  # type: ignore[return-value,union-attr]
        return object.__new__(cls)

    def __init__(self, val=None, init=None, delay=None) -> None:
        self._decl = None
        if isinstance(val, (type, IntType, EnumType)) and is_type(val):
            self._decl = val
            val = value_of(val, init)
        elif init is not None:
            # MyHDL's second positional argument is the delay.
            if delay is not None:
                raise TypeError("Signal: an initial value needs a type: Signal(T, init)")
            delay = init
        if delay is not None and delay < 0:
            raise TypeError("Signal: delay should be >= 0")
        self._delay = delay
        self._classify(val)
        self._init = snapshot(val)
        self._held = snapshot(val)
        self._next = snapshot(val)
        self._proto = self._init
        self._name = self._driven = None
        self._driven_in = ()
        self._read = self._used = False
        self._sim = self._index = None
        self._shadow = self._tristate = self._drivers = self._net = None
        self._is_touched = False
        self._posedge = self._negedge = self._serial = None

    def _classify(self, val) -> None:
        """Finds the kind of value, which decides how `next` checks what is assigned."""
        self._min = self._max = self._enum = None
        self._wrap = self._vector = False
        self._nrbits = 0
        self._class = type(val)
        if isinstance(val, bool):
            self._type = "bool"
            self._nrbits = 1
        elif isinstance(val, intbv):
            self._type = "int"
            self._vector = True
            self._min = val._min
            self._max = val._max
            self._nrbits = val._nrbits
            self._wrap = isinstance(val, modbv)
        elif isinstance(val, int):
            self._type = "int"
        elif isinstance(val, EnumItemType):
            self._type = "enum"
            self._enum = val._type
            self._nrbits = val._nrbits
        elif is_python_enum(self._class):
            self._type = "enum"
            self._enum = view = enum_view(self._class)
            self._nrbits = view._nrbits
        else:
            self._type = "opaque"
            if isinstance(val, Signal):
                self._nrbits = val._nrbits

    # values

    @property
    def val(self) -> Any:
        """The current value. For an intbv it is live: later updates show in it."""
        sim = self._sim
        if sim is None:
            return self._held
        value = sim.value(self._index)
        if not self._vector or value is None:
            return value
        held = self._held
        if held is None:
            held = self._held = self._proto._with_value(value)
        else:
            held._val = value
        return held

    # MyHDL's own name for the value: its users print it.
    _val = val

    @property
    def next(self) -> Any:
        """The next value. What is read here can be changed in place, as in `s.next[3] = 1`."""
        sim = self._sim
        if sim is not None and not self._is_touched and self._type != "opaque":
            # Another process may have written it in this delta cycle.
            pending = getattr(sim, "pending", sim.value)(self._index)
            if not self._vector or pending is None:
                self._next = pending
            elif self._next is None:
                self._next = self._proto._with_value(pending)
            else:
                self._next._val = pending
        self._touch()
        return self._next

    @next.setter
    def next(self, val) -> None:
        self._assign(val.val if isinstance(val, Signal) else val)
        if not self._is_touched:
            self._is_touched = True
            _touched.append(self)

    def _assign(self, val) -> None:
        """Checks `val` and makes it the next value. Raises TypeError or ValueError as MyHDL does."""
        if self._vector:
            if isinstance(val, intbv):
                val = val._val
            elif not isinstance(val, int):
                raise TypeError(f"Expected int or intbv, got {type(val)}")
            if self._next is None:
                self._next = self._proto.__copy__()
            self._next._val = self._next._checked(val)
        elif self._type == "bool":
            if isinstance(val, intbv):
                val = val._val
            if val not in (0, 1):
                raise ValueError(f"Expected boolean value, got {val!r} ({type(val)})")
            self._next = val
        elif self._type == "int":
            if isinstance(val, intbv):
                val = val._val
            elif not isinstance(val, int):
                raise TypeError(f"Expected int or intbv, got {type(val)}")
            self._next = val
        elif self._type == "enum":
            if not isinstance(val, self._class) or isinstance(val, EnumItemType) and val._type is not self._enum:
                raise TypeError(f"Expected a literal of {self._enum}, got {type(val)}")
            self._next = val
        else:
            if not isinstance(val, self._class):
                raise TypeError(f"Expected {self._class}, got {type(val)}")
            self._next = snapshot(val)

    def _touch(self) -> None:
        if not self._is_touched:
            self._is_touched = True
            _touched.append(self)

    def _reset(self) -> None:
        """Restores the initial value; the kernel calls it when a simulation ends."""
        self._held = snapshot(self._init)
        self._next = snapshot(self._init)

    # edges and attributes

    @property
    def posedge(self) -> Edge:
        """The rising edge, to wait for."""
        if self._posedge is None:
            self._posedge = Edge(self, "posedge")
        return self._posedge

    @property
    def negedge(self) -> Edge:
        """The falling edge, to wait for."""
        if self._negedge is None:
            self._negedge = Edge(self, "negedge")
        return self._negedge

    @property
    def min(self):
        """The least value of an intbv, or None."""
        return self._min

    @property
    def max(self):
        """One more than the greatest value of an intbv, or None."""
        return self._max

    @property
    def nbits(self) -> int:
        """The width in bits, 0 if there is none."""
        return self._nrbits

    def __len__(self) -> int:
        return self._nrbits

    @property
    def driven(self):
        """How user-defined code drives the signal: 'reg', 'wire', True, or None."""
        return self._driven

    @driven.setter
    def driven(self, val) -> None:
        if val not in _DRIVEN:
            raise ValueError(f'Expected value "reg", "wire", or True, got "{val}"')
        self._driven = val
        block, _ = defining_block()
        if block is not None:
            self._driven_in += (block,)

    @property
    def read(self) -> bool:
        """Whether something reads the signal; user-defined code sets it."""
        return self._read

    @read.setter
    def read(self, val) -> None:
        if val not in (True,):
            raise ValueError(f'Expected value True, got "{val}"')
        self._read = True

    @property
    def delay(self) -> int:
        """The delay in time steps, of a signal that was made with one."""
        if self._delay is None:
            raise AttributeError("this signal has no delay")
        return self._delay

    @delay.setter
    def delay(self, delay: int) -> None:
        if self._delay is None:
            raise AttributeError("this signal has no delay")
        self._delay = delay
        if self._sim is not None:
            self._sim.set_delay(self._index, delay)

    # other signals made from this one

    def __call__(self, left, right=None) -> Signal:
        """A shadow signal of bit `left`, or of the slice `[left:right]`, which may be one `slice` as well."""
        from ._shadow import SliceSignal

        if isinstance(left, slice):
            left, right = left.start, left.stop
        return SliceSignal(self, left, right)

    def duplicate(self, val=None) -> Signal:
        """A new signal of the same kind; `val` is its current value if it is an intbv."""
        sig = Signal(self.val)
        if val:
            sig._held._val = val
        return sig

    def assign(self, sig: Signal) -> None:
        """Drives this signal by another one, continuously."""
        self.driven = "wire"
        sig._read = True
        self._shadow = ("assign", sig)
        self._serial = next(shadow_serials)

    # delegation to the current value

    def __getattr__(self, attr: str):
        if attr == "val" or attr in Signal.__slots__:
            # Not yet set, as while a signal is being made: there is no value to ask.
            raise AttributeError(attr)
        try:
            return getattr(self.val, attr)
        except AttributeError as error:
            # It was looked for in the signal: what is like it there, the command line tells.
            error.obj = self
            raise

    __getitem__ = _binary(getitem)

    def __setitem__(self, key, val) -> None:
        raise TypeError("Signal object doesn't support item/slice assignment")

    def __hash__(self):
        raise TypeError("Signals are unhashable")

    __bool__ = _unary(bool)
    __int__ = _unary(int)
    __index__ = _unary(int)
    __float__ = _unary(float)

    def __str__(self) -> str:
        return self._name or str(self.val)

    def __format__(self, spec: str) -> str:
        """As `format` of its value; without a format, its name or value."""
        return format(self.val, spec) if spec else str(self)

    def __repr__(self) -> str:
        return f"Signal({self.val!r})"

    __add__ = _binary(add)
    __sub__ = _binary(sub)
    __mul__ = _binary(mul)
    __truediv__ = _binary(truediv)
    __floordiv__ = _binary(floordiv)
    __mod__ = _binary(mod)
    __pow__ = _binary(pow)
    __lshift__ = _binary(lshift)
    __rshift__ = _binary(rshift)
    __and__ = _binary(and_)
    __or__ = _binary(or_)
    __xor__ = _binary(xor)
    __radd__ = _reflected(add)
    __rsub__ = _reflected(sub)
    __rmul__ = _reflected(mul)
    __rtruediv__ = _reflected(truediv)
    __rfloordiv__ = _reflected(floordiv)
    __rmod__ = _reflected(mod)
    __rpow__ = _reflected(pow)
    __rlshift__ = _reflected(lshift)
    __rrshift__ = _reflected(rshift)
    __rand__ = _reflected(and_)
    __ror__ = _reflected(or_)
    __rxor__ = _reflected(xor)
    __eq__ = _binary(eq)
    __ne__ = _binary(ne)
    __lt__ = _binary(lt)
    __le__ = _binary(le)
    __gt__ = _binary(gt)
    __ge__ = _binary(ge)
    __neg__ = _unary(neg)
    __pos__ = _unary(pos)
    __abs__ = _unary(abs)
    __invert__ = _unary(inv)

    def _augmented(self, other):
        raise TypeError("Signal object doesn't support augmented assignment")

    __iadd__ = __isub__ = __imul__ = __ipow__ = __imod__ = _augmented
    __ior__ = __iand__ = __ixor__ = __irshift__ = __ilshift__ = _augmented
    __itruediv__ = __ifloordiv__ = _augmented


class ResetSignal(Signal):
    """A reset for `always_seq`: `active` is its active level, `isasync` whether it is asynchronous."""

    def __init__(self, val, active, isasync) -> None:
        super().__init__(bool(val))
        self.active = bool(active)
        self.isasync = isasync


class Constant(Signal):
    """A signal that never changes."""

    __slots__ = ()
    _role = "constant"

    def __init__(self, val=None) -> None:
        super().__init__(val)

    def __repr__(self) -> str:
        return f"Constant({self._val!r})"

    @property
    def next(self):
        """None: there is no next value. Assigning raises PermissionError."""
        return None

    @next.setter
    def next(self, val) -> None:
        raise PermissionError("A 'Constant' can not be changed!")

    @property
    def driven(self):
        """None; assigning has no effect."""
        return None

    @driven.setter
    def driven(self, val) -> None:
        pass


class OpenPort(Signal):
    """An output that is left open: it takes any value and always reads as False."""

    __slots__ = ()
    _role = "open"

    def __init__(self) -> None:
        super().__init__(False)
        self._read = True

    @property
    def val(self):
        """Always False."""
        return False

    @property
    def next(self):
        """None; what is assigned is dropped."""
        return None

    @next.setter
    def next(self, val) -> None:
        pass

    @property
    def driven(self):
        """None; assigning has no effect."""
        return None

    @driven.setter
    def driven(self, val) -> None:
        pass


SignalType = Signal
