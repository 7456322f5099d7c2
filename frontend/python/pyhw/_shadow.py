"""Signals that follow others: slices, concatenations, and tri-state nets with their drivers.

A shadow signal is read-only. `_shadow` tells the kernel what it follows:
('index', base, bit), ('slice', base, high, low) or ('concat', [part, …]), where a part is a
signal or (value, width in bits). A plain signal that was assigned another one has
('assign', base).
"""

from __future__ import annotations

from ._intbv import intbv
from ._signal import Signal, shadow_serials, snapshot
from ._types import is_type, value_of


class ShadowSignal(Signal):
    """Base class of the signals that cannot be assigned."""

    __slots__ = ()

    def __init__(self, val) -> None:
        super().__init__(val)
        self._serial = next(shadow_serials)

    @property
    def next(self):
        """The next value; assigning raises AttributeError."""
        self._touch()
        return self._next

    @next.setter
    def next(self, val) -> None:
        raise AttributeError("ShadowSignals are readonly")


class SliceSignal(ShadowSignal):
    """Follows a bit or a slice of another signal. Made by `sig(bit)` and `sig(high, low)`."""

    __slots__ = ()

    def __init__(self, sig: Signal, left, right=None) -> None:
        super().__init__(sig[left] if right is None else sig[left:right])
        sig._read = True
        self._shadow = ("index", sig, left) if right is None else ("slice", sig, left, right)

    def __repr__(self) -> str:
        _, sig, *bounds = self._shadow or ()
        return f"{sig!r}({', '.join(map(str, bounds))})"


def width_and_value(part) -> tuple[int, int] | None:
    """The width in bits and the value of an operand of a concatenation; width 0 if it has none.

    None for what is no such operand. A plain integer has no width.
    """
    if isinstance(part, intbv):
        return part._nrbits, part._val
    if isinstance(part, Signal):
        value = part.val
        return part._nrbits, value._val if isinstance(value, intbv) else value
    if isinstance(part, bool):
        return 1, part
    if isinstance(part, str):
        return len(part), int(part, 2)
    return None


def concat(base, *args) -> intbv:
    """Returns the operands' bits, the first the most significant, as an intbv.

    Operands are intbv, bool, signals, and strings of bits; the first may also be an integer
    without width, and then the result has no bounds. Raises TypeError for other operands.
    """
    first = width_and_value(base)
    if first is None:
        if not isinstance(base, int):
            raise TypeError(f"concat: inappropriate first argument type: {type(base)}")
        first = (0, base)
    width, value = first
    sized = bool(width)
    for position, arg in enumerate(args, 1):
        operand = width_and_value(arg)
        if operand is None:
            raise TypeError(f"concat: inappropriate argument type: {type(arg)}")
        bits, part = operand
        if not bits:
            raise TypeError(f"concat: arg on pos {position} should have length")
        width += bits
        value = value << bits | part & ((1 << bits) - 1)
    return intbv(value, _nrbits=width if sized else 0)


class ConcatSignal(ShadowSignal):
    """Follows the concatenation of two or more signals and constants (bool, intbv, bit strings)."""

    __slots__ = ()

    def __init__(self, *args) -> None:
        assert len(args) >= 2, "ConcatSignal takes two or more arguments"
        width = value = 0
        parts: list = []
        for arg in args:
            operand = width_and_value(arg)
            if operand is None:
                raise TypeError(f"ConcatSignal: inappropriate argument type: {type(arg)}")
            bits, part = operand
            width += bits
            part &= (1 << bits) - 1
            value = value << bits | part
            parts.append(arg if isinstance(arg, Signal) else (int(part), bits))
        super().__init__(intbv(value)[width:])
        self._shadow = ("concat", parts)


class _ThreeState(Signal):
    """Base class of a tri-state net and its drivers: the value None is high impedance."""

    __slots__ = ()

    def _release(self, proto) -> None:
        """Starts at high impedance; `proto` is a value of the kind that can be driven."""
        self._proto = proto
        self._init = self._held = self._next = None


class _TristateSignal(_ThreeState, ShadowSignal):
    """A net with several drivers, whose value is that of the one that does not drive None."""

    __slots__ = ()
    _drivers: list[_TristateDriver]

    def __init__(self, val) -> None:
        super().__init__(val)
        self._release(self._init)
        self._tristate = "net"
        self._drivers = []

    def driver(self) -> _TristateDriver:
        """A new driver of the net, which drives nothing yet."""
        driver = _TristateDriver(self)
        self._drivers.append(driver)
        return driver

    def __repr__(self) -> str:
        return f"_TristateSignal({self.val!r})"


class _TristateDriver(_ThreeState):
    """One driver of a tri-state net; assigning None to `next` releases the net."""

    __slots__ = ()

    def __init__(self, net: _TristateSignal) -> None:
        super().__init__(net._proto)
        self._release(net._proto)
        self._tristate = "driver"
        self._net = net

    def _assign(self, val) -> None:
        if val is None:
            self._next = None
        else:
            super()._assign(val)

    def __repr__(self) -> str:
        return f"_TristateDriver({self.val!r})"


def TristateSignal(val, init=None) -> _TristateSignal:
    """Returns a tri-state net for values like `val`, or of the type `val`."""
    if is_type(val):
        val = value_of(val, init)
    return _TristateSignal(val)


def Tristate(val, delay=None) -> _TristateSignal:
    """MyHDL's older name of `TristateSignal`. A delay is not supported."""
    if delay is not None:
        raise TypeError("Tristate: a delay is not supported")
    return _TristateSignal(snapshot(val))
