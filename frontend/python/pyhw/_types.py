"""Types of values: `uint[n]`, `sint[n]`, `Int[lo, hi]`, `Mod[n]` and `Array[T, n]`.

A type is a small object that can be called to make a value of it (`uint[8](5)` is an intbv with
the bounds 0 and 256), given to `Signal`, and put into a port annotation. `bool`, classes of
Python's `enum` and MyHDL enumerations are types as they are; `@struct` makes a class one.
"""

from __future__ import annotations

from ._bits import range_bits
from ._enum import EnumItemType, EnumType, is_python_enum
from ._intbv import intbv, modbv


class IntType:
    """Integers from `lo` to `hi` - 1; `wrap` says whether a store wraps or is checked."""

    __slots__ = ("lo", "hi", "wrap", "_text")

    def __init__(self, lo: int, hi: int, wrap: bool, text: str) -> None:
        self.lo = lo
        self.hi = hi
        self.wrap = wrap
        self._text = text

    @property
    def _nrbits(self) -> int:
        return range_bits(self.lo, self.hi)

    def __call__(self, value: object = None) -> intbv:
        """A value: `value`, or 0, or the least one where 0 is outside. Raises ValueError."""
        if value is None:
            value = 0 if self.lo <= 0 < self.hi else self.lo
        kind = modbv if self.wrap else intbv
        return kind(_integer(value), min=self.lo, max=self.hi)

    def _store(self, value: object):
        """`value` as a plain integer, checked or wrapped."""
        return int(self(value))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, IntType):
            return NotImplemented
        return (self.lo, self.hi, self.wrap) == (other.lo, other.hi, other.wrap)

    def __hash__(self) -> int:
        return hash((self.lo, self.hi, self.wrap))

    def __repr__(self) -> str:
        return self._text


def _integer(value) -> int:
    """The integer that `value` is or holds; no float and no string."""
    if isinstance(value, int):
        return value
    index = getattr(type(value), "__index__", None)
    if index is None:
        raise TypeError(f"expected an integer, got {value!r}")
    return index(value)


def _width(n: object, name: str) -> int:
    bits = _integer(n)
    if bits < 1:
        raise ValueError(f"{name}[n] requires n >= 1, got {bits}")
    return bits


class _TypeName:
    """Base of the names that become a type by `[...]`; the name alone makes no value."""

    def __new__(cls, *args: object, **kwargs: object):
        raise TypeError(f"{cls.__name__} needs its parameters first, as in {cls._example}")

    _example = ""


class uint(_TypeName):
    """`uint[n]`: integers of `n` bits without sign, 0 to 2**n - 1."""

    _example = "uint[8](0)"

    def __class_getitem__(cls, n: object) -> IntType:
        bits = _width(n, "uint")
        return IntType(0, 1 << bits, False, f"uint[{bits}]")


class sint(_TypeName):
    """`sint[n]`: integers of `n` bits in two's complement, -2**(n-1) to 2**(n-1) - 1."""

    _example = "sint[8](0)"

    def __class_getitem__(cls, n: object) -> IntType:
        bits = _width(n, "sint")
        return IntType(-1 << (bits - 1), 1 << (bits - 1), False, f"sint[{bits}]")


class Int(_TypeName):
    """`Int[lo, hi]`: the integers of `range(lo, hi)`, so `hi` is not one of them."""

    _example = "Int[0, 10](0)"

    def __class_getitem__(cls, bounds: object) -> IntType:
        if not isinstance(bounds, tuple) or len(bounds) != 2:
            raise TypeError("Int takes two bounds: Int[lo, hi]")
        lo, hi = _integer(bounds[0]), _integer(bounds[1])
        if lo >= hi:
            raise ValueError(f"Int[lo, hi] requires lo < hi, got {lo}, {hi}")
        return IntType(lo, hi, False, f"Int[{lo}, {hi}]")


class Mod(_TypeName):
    """`Mod[n]`: 0 to n - 1; a value outside wraps when it is stored."""

    _example = "Mod[10](0)"

    def __class_getitem__(cls, n: object) -> IntType:
        limit = _width(n, "Mod")
        return IntType(0, limit, True, f"Mod[{limit}]")


class ArrayType:
    """`length` elements of one type. Made by `Array[T, n]`."""

    __slots__ = ("element", "length")

    def __init__(self, element: object, length: int) -> None:
        self.element = element
        self.length = length

    def __call__(self, values: object = None) -> ArrayValue:
        """A value: the elements of `values`, checked, or each element's own default."""
        return ArrayValue(self, values)

    def _store(self, value: object) -> ArrayValue:
        return ArrayValue(self, value)

    def signals(self, init: object = None) -> list:
        """A list of signals, the memory of MyHDL; nested arrays give nested lists."""
        from ._signal import Signal

        return [Signal(self.element, value) for value in self._elements(init)]

    def _elements(self, values) -> list:
        if values is None:
            return [None] * self.length
        items = list(values)
        if len(items) != self.length:
            raise ValueError(f"{self!r} has {self.length} elements, got {len(items)}")
        return items

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ArrayType):
            return NotImplemented
        return (self.element, self.length) == (other.element, other.length)

    def __hash__(self) -> int:
        return hash((self.element, self.length))

    def __repr__(self) -> str:
        return f"Array[{type_text(self.element)}, {self.length}]"


class ArrayValue(list):
    """A list of fixed length whose elements are checked on every store."""

    __slots__ = ("_type",)

    def __init__(self, type: ArrayType, values: object = None) -> None:
        self._type = type
        element = type.element
        super().__init__(store(element, value) for value in type._elements(values))

    def __setitem__(self, key, value) -> None:
        element = self._type.element
        if isinstance(key, slice):
            values = [store(element, item) for item in value]
            if len(values) != len(range(*key.indices(len(self)))):
                raise ValueError(f"{self._type!r} has a fixed length")
            super().__setitem__(key, values)
        else:
            super().__setitem__(key, store(element, value))

    def _fixed(self, *args: object, **kwargs: object):
        raise TypeError(f"{self._type!r} has a fixed length")

    append = extend = insert = remove = pop = clear = _fixed  # type: ignore[assignment]
    __delitem__ = __iadd__ = __imul__ = _fixed  # type: ignore[assignment]

    def __copy__(self) -> ArrayValue:
        return ArrayValue(self._type, self)

    def __deepcopy__(self, memo) -> ArrayValue:
        return ArrayValue(self._type, self)


class Array:
    """`Array[T, n]` is the type of `n` elements of `T`; `Array(T, n)` is a value of it."""

    def __new__(cls, element: object, length: object, values: object = None) -> ArrayValue:  # type: ignore[misc]
        return cls[element, length](values)  # type: ignore[index]

    def __class_getitem__(cls, parameters: object) -> ArrayType:
        if not isinstance(parameters, tuple) or len(parameters) != 2:
            raise TypeError("Array takes an element type and a length: Array[T, n]")
        element, length = parameters
        if isinstance(element, InterfaceList) or is_interface_class(element):
            return InterfaceList(element, _width(length, "Array"))  # type: ignore[return-value]
        if not is_type(element):
            raise TypeError(f"{element!r} is not a type of values")
        return ArrayType(element, _width(length, "Array"))


class InterfaceList:
    """`length` interfaces of one class, as a port of a block. Made by `Array[C, n]` of a class `C` that is no type of values."""

    __slots__ = ("element", "length")

    def __init__(self, element: object, length: int) -> None:
        self.element = element
        self.length = length

    def __call__(self) -> list:
        """A list of new interfaces; nested lists where the elements are lists."""
        return [self.element() for _ in range(self.length)]  # type: ignore[operator]

    def __repr__(self) -> str:
        return f"Array[{type_text(self.element)}, {self.length}]"


def is_interface_class(thing: object) -> bool:
    """Whether `thing` is a class of the user's that is no type of values."""
    return isinstance(thing, type) and thing.__module__ != "builtins" and not is_type(thing)


def is_type(thing: object) -> bool:
    """Whether `thing` is a type that `Signal` and a port annotation take."""
    if isinstance(thing, type):
        return thing is bool or "__pyhw_fields__" in thing.__dict__ or is_int_or_enum_class(thing)
    return isinstance(thing, (IntType, ArrayType, EnumType))


def is_int_or_enum_class(cls: type) -> bool:
    """Whether `cls` is a class of Python's `enum` with members, IntEnum among them."""
    return bool(getattr(cls, "_member_map_", None)) and (is_python_enum(cls) or issubclass(cls, int))


def type_text(thing: object) -> str:
    """The type as the user writes it."""
    return thing.__name__ if isinstance(thing, type) else repr(thing)


def value_of(thing, init: object = None):
    """The value that a signal of the type holds: `init`, or the type's default.

    The default is 0, False, the first literal. Raises ValueError or TypeError if `init` is not a
    value of the type.
    """
    if isinstance(thing, IntType):
        return thing(init)
    if thing is bool:
        return _boolean(init)
    if isinstance(thing, EnumType):
        if init is None:
            return thing._items[thing._names[0]]
        if not isinstance(init, EnumItemType) or init._type is not thing:
            raise TypeError(f"expected a literal of {thing}, got {init!r}")
        return init
    if is_int_or_enum_class(thing):
        if init is None:
            return next(iter(thing))
        if not isinstance(init, thing):
            raise TypeError(f"expected a member of {thing.__name__}, got {init!r}")
        return init
    if init is None:
        return thing()
    return thing._store(init)


def _boolean(value: object) -> bool:
    if value is None:
        return False
    if value in (0, 1):
        return bool(value)
    raise ValueError(f"Expected boolean value, got {value!r} ({type(value)})")


def store(thing, value: object = None):
    """`value` as an element or a field of the type holds it: integers as plain `int`."""
    stored = value_of(thing, _held(value))
    return int(stored) if isinstance(stored, intbv) else stored


def _held(value: object) -> object:
    """The value of a signal; anything else as it is."""
    from ._signal import Signal

    return value.val if isinstance(value, Signal) else value
