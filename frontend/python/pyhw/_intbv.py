"""Integers with bounds and bits: `intbv`, checked, and `modbv`, which wraps.

Bounds are half-open: `min` can be taken, `max` cannot. Bit 0 is the least significant, a slice
`[high:low]` leaves out `high`. Arithmetic gives plain integers, exact; bit operations and shifts
give an intbv without bounds (MyHDL manual, "The intbv class").
"""

from __future__ import annotations

from _operator import add, and_, floordiv, lshift, mod, mul, or_, pow, rshift, sub, truediv, xor
from _operator import eq, ge, gt, le, lt, ne

from ._bits import range_bits


def _bound(bound):
    """A bound as a plain integer, or None; a float means the same values as the integer above it."""
    if bound is None or type(bound) is int:
        return bound
    if isinstance(bound, float):
        return int(-(-bound // 1))
    return bound.__index__()


def _arithmetic(op):
    def method(self, other):
        return op(self._val, other._val if isinstance(other, intbv) else other)

    return method


def _reflected(op):
    def method(self, other):
        return op(other, self._val)

    return method


def _unbounded(value) -> intbv:
    """An intbv without bounds; made without the constructor's checks, because it is made often."""
    if not isinstance(value, int):
        return intbv(value)
    made = object.__new__(intbv)
    made._val = value
    made._min = made._max = None
    made._nrbits = 0
    return made


def _bitwise(op):
    def method(self, other):
        return _unbounded(op(self._val, other._val if isinstance(other, intbv) else other))

    return method


def _in_place(op):
    def method(self, other):
        value = op(self._val, other._val if isinstance(other, intbv) else other)
        # A bit operation with a signal gives an intbv.
        self._val = self._checked(value._val if isinstance(value, intbv) else value)
        return self

    return method


def _slice_bounds(key: slice, name: str, assigned: str = "") -> tuple[int | None, int]:
    """The ends of `[high:low]` as integers; `high` is None for an open end."""
    low = 0 if key.stop is None else int(key.stop)
    if low < 0:
        equals = " = v" if assigned else ""
        raise ValueError(f"{name}[i:j]{equals} requires j >= 0\n            j == {low}")
    if key.start is None:
        return None, low
    high = int(key.start)
    if high <= low:
        if assigned:
            raise ValueError(f"{name}[i:j] = v requires i > j\n            i, j, v == {high}, {low}, {assigned}")
        raise ValueError(f"{name}[i:j] requires i > j\n            i, j == {high}, {low}")
    return high, low


class intbv:
    """A mutable integer with optional bounds, whose bits can be read and set.

    `val` is an int, a string of 0, 1 and _ (which also sets the width), or an intbv, of which the
    bounds are taken as well. Raises TypeError for any other value and ValueError when the value
    is not within the bounds.
    """

    __slots__ = ("_val", "_min", "_max", "_nrbits")

    _val: int
    _min: int | None
    _max: int | None
    _nrbits: int

    def __init__(self, val=0, min=None, max=None, _nrbits: int = 0) -> None:
        if _nrbits:
            min, max = 0, 1 << _nrbits
        else:
            min, max = _bound(min), _bound(max)
            if min is not None and max is not None:
                _nrbits = range_bits(min, max)
        if isinstance(val, int):
            pass
        elif isinstance(val, str):
            digits = val.replace("_", "")
            val, _nrbits = int(digits, 2), len(digits)
        elif isinstance(val, intbv):
            val, min, max, _nrbits = val._val, val._min, val._max, val._nrbits
        else:
            raise TypeError("intbv constructor arg should be int or string")
        self._min = min
        self._max = max
        self._nrbits = _nrbits
        self._val = self._checked(val)

    def _checked(self, value):
        """Returns `value` if it is within the bounds, otherwise raises ValueError.

        What is stored passes through here first, so that a refused value leaves the old one.
        """
        if self._max is not None and value >= self._max:
            raise ValueError(f"intbv value {value} >= maximum {self._max}")
        if self._min is not None and value < self._min:
            raise ValueError(f"intbv value {value} < minimum {self._min}")
        return value

    def _with_value(self, value) -> intbv:
        """A copy with the same bounds and another value, which must be known to fit."""
        copy = object.__new__(type(self))
        copy._min = self._min
        copy._max = self._max
        copy._nrbits = self._nrbits
        copy._val = value
        return copy

    @property
    def min(self):
        """The least value, or None."""
        return self._min

    @property
    def max(self):
        """One more than the greatest value, or None."""
        return self._max

    def __hash__(self):
        raise TypeError("intbv objects are unhashable")

    def __format__(self, spec: str) -> str:
        """As `format` of its integer; without a format, as `str`."""
        return format(self._val, spec) if spec else str(self)

    def __copy__(self) -> intbv:
        return self._with_value(self._val)

    def __deepcopy__(self, memo) -> intbv:
        return self._with_value(self._val)

    def __bool__(self) -> bool:
        return bool(self._val)

    def __len__(self) -> int:
        """The width in bits, 0 if there is none."""
        return self._nrbits

    def __iter__(self):
        if not self._nrbits:
            raise TypeError("Cannot iterate over unsized intbv")
        return iter([self[i] for i in range(self._nrbits - 1, -1, -1)])

    # bits and slices

    def _read_slice(self, key: slice, kind, name: str):
        high, low = _slice_bounds(key, name)
        made = object.__new__(kind)
        made._val = self._val >> low
        if high is None:
            made._min = made._max = None
            made._nrbits = 0
        else:
            width = high - low
            made._val &= (1 << width) - 1
            made._min = 0
            made._max = 1 << width
            made._nrbits = width
        return made

    def __getitem__(self, key):
        if isinstance(key, slice):
            return self._read_slice(key, intbv, "intbv")
        return bool((self._val >> int(key)) & 1)

    def __setitem__(self, key, val) -> None:
        val = int(val)
        if isinstance(key, slice):
            value = self._slice_set(key, val)
        else:
            bit = int(key)
            if val == 1:
                value = self._val | (1 << bit)
            elif val == 0:
                value = self._val & ~(1 << bit)
            else:
                raise ValueError(f"intbv[i] = v requires v in (0, 1)\n            i == {bit} ")
        self._val = self._checked(value)

    def _slice_set(self, key: slice, val: int) -> int:
        high, low = _slice_bounds(key, "intbv", str(val))
        if high is None:
            return (val << low) + self._val % (1 << low)
        limit = 1 << (high - low)
        if val >= limit or val < -limit:
            raise ValueError(f"intbv[i:j] = v abs(v) too large\n            i, j, v == {high}, {low}, {val}")
        # A negative value reaches beyond the slice with its sign, as in MyHDL: the bounds decide.
        return (self._val & ~((limit - 1) << low)) | (val << low)

    # operators

    __add__ = _arithmetic(add)
    __sub__ = _arithmetic(sub)
    __mul__ = _arithmetic(mul)
    __truediv__ = _arithmetic(truediv)
    __floordiv__ = _arithmetic(floordiv)
    __mod__ = _arithmetic(mod)
    __pow__ = _arithmetic(pow)
    __radd__ = _reflected(add)
    __rsub__ = _reflected(sub)
    __rmul__ = _reflected(mul)
    __rtruediv__ = _reflected(truediv)
    __rfloordiv__ = _reflected(floordiv)
    __rmod__ = _reflected(mod)
    __rpow__ = _reflected(pow)
    __rlshift__ = _reflected(lshift)
    __rrshift__ = _reflected(rshift)
    __lshift__ = _bitwise(lshift)
    __rshift__ = _bitwise(rshift)
    __and__ = __rand__ = _bitwise(and_)
    __or__ = __ror__ = _bitwise(or_)
    __xor__ = __rxor__ = _bitwise(xor)
    __iadd__ = _in_place(add)
    __isub__ = _in_place(sub)
    __imul__ = _in_place(mul)
    __ifloordiv__ = _in_place(floordiv)
    __imod__ = _in_place(mod)
    __iand__ = _in_place(and_)
    __ior__ = _in_place(or_)
    __ixor__ = _in_place(xor)
    __ilshift__ = _in_place(lshift)
    __irshift__ = _in_place(rshift)

    def __ipow__(self, other):  # type: ignore[misc]
        value = self._val ** (other._val if isinstance(other, intbv) else other)
        if not isinstance(value, int):
            raise ValueError("intbv value should be integer")
        self._val = self._checked(value)
        return self

    def __itruediv__(self, other):  # type: ignore[misc]
        raise TypeError("intbv: Augmented true division not supported")

    def __neg__(self):
        return -self._val

    def __pos__(self):
        return self._val

    def __abs__(self):
        return abs(self._val)

    def __invert__(self) -> intbv:
        if self._nrbits and (self._min is None or self._min >= 0):
            return intbv(~self._val & ((1 << self._nrbits) - 1))
        return intbv(~self._val)

    __eq__ = _arithmetic(eq)
    __ne__ = _arithmetic(ne)
    __lt__ = _arithmetic(lt)
    __le__ = _arithmetic(le)
    __gt__ = _arithmetic(gt)
    __ge__ = _arithmetic(ge)

    def __int__(self) -> int:
        return int(self._val)

    def __index__(self) -> int:
        return int(self._val)

    def __float__(self) -> float:
        return float(self._val)

    def __str__(self) -> str:
        """Hexadecimal digits for the width, a negative value in two's complement."""
        value, bits = int(self._val), self._nrbits
        if not bits:
            return format(value, "x")
        if value < 0:
            value += 1 << bits
        return format(value, "x").rjust((bits - 1) // 4 + 1, "0")

    def __repr__(self) -> str:
        return f"intbv({self._val!r})[{self._nrbits}:]"

    # signs

    def signed(self) -> intbv:
        """The bits read as two's complement, if the bounds are those of an unsigned value."""
        bits = self._nrbits
        if not bits:
            return intbv(self._val)
        half = 1 << (bits - 1)
        value = self._val
        if self._min is not None and self._min >= 0:
            value = (value & (half - 1)) - (value & half)
        return intbv(value, min=-half, max=half)

    def unsigned(self) -> intbv:
        """The bits read as a natural number, if the bounds are those of a signed value."""
        if not self._nrbits:
            return intbv(self._val)
        return intbv(self._val)[self._nrbits :]


class modbv(intbv):
    """An intbv that wraps into its bounds on every store, whatever its range is."""

    __slots__ = ()

    def _checked(self, value):
        if self._min is None or self._max is None:
            return value
        if self._min <= value < self._max:
            return value
        return (value - self._min) % (self._max - self._min) + self._min

    def __getitem__(self, key):
        # A slice is a modbv as well, for the declaration `modbv(0)[8:]`.
        if isinstance(key, slice):
            return self._read_slice(key, modbv, "modbv")
        return bool((self._val >> int(key)) & 1)

    def __repr__(self) -> str:
        return f"modbv({self._val!r})"
