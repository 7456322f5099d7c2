"""Enumerations: MyHDL's `enum`, and the same view of a class of Python's `enum` module."""

from __future__ import annotations

import sys

from ._bits import bin, width_bits

ENCODINGS = ("binary", "gray", "one_hot", "one_cold")


class EnumType:
    """Base class of what `enum` returns, for type checks.

    `_names` are the literals in order, `_codes` their bits as strings of `_nrbits` digits,
    `_encoding` what was asked for or None, `_name` the type's name once it has one.
    """

    def __init__(self) -> None:
        raise TypeError("class EnumType is only intended for type checking on subclasses")

    _names: tuple[str, ...]
    _codes: tuple[str, ...]
    _nrbits: int
    _encoding: str | None
    _name: str | None
    _items: dict[str, _Item]


class EnumItemType:
    """Base class of the literals of an `enum`, for type checks.

    `_index` is the position, `_name` the literal, `_val` its bits, `_type` the enumeration.
    """

    def __init__(self) -> None:
        raise TypeError("class EnumItemType is only intended for type checking on subclasses")

    _index: int
    _name: str
    _val: str
    _type: _Enum
    _nrbits: int


class _Item(EnumItemType):
    __slots__ = ("_index", "_name", "_val", "_type", "_nrbits")

    def __init__(self, index: int, name: str, val: str, type: _Enum) -> None:
        self._index = index
        self._name = name
        self._val = val
        self._type = type

        self._nrbits = type._nrbits

    @property
    def _nritems(self) -> int:
        return len(self._type._names)

    def __hash__(self) -> int:
        return hash((id(self._type), self._index))

    def __repr__(self) -> str:
        return f"'{self._name}'"

    def __str__(self) -> str:
        return self._name

    def __format__(self, spec: str) -> str:
        return format(self._name, spec)

    def __int__(self) -> int:
        return int(self._val, 2)

    def __copy__(self) -> _Item:
        return self

    def __deepcopy__(self, memo=None) -> _Item:
        return self

    def _other(self, other) -> object:
        """The literal that `other` is or holds; only one of the same enumeration can be compared."""
        if not isinstance(other, EnumItemType):
            from ._signal import Signal

            if isinstance(other, Signal):
                other = other.val
        if not isinstance(other, _Item) or other._type is not self._type:
            raise TypeError("Type mismatch in enum item comparison")
        return other

    def __eq__(self, other: object) -> bool:
        return self is self._other(other)

    def __ne__(self, other: object) -> bool:
        return self is not self._other(other)

    def _unordered(self, other):
        raise NotImplementedError

    __lt__ = __le__ = __gt__ = __ge__ = _unordered


class _Enum(EnumType):
    __slots__ = ("_names", "_codes", "_nrbits", "_encoding", "_name", "_items")

    def __init__(self, names: tuple[str, ...], codes: tuple[str, ...], encoding: str | None) -> None:
        put = object.__setattr__
        put(self, "_names", names)
        put(self, "_codes", codes)
        put(self, "_nrbits", len(codes[0]) if codes else width_bits(-1))
        put(self, "_encoding", encoding)
        put(self, "_name", None)
        items = [_Item(index, name, codes[index], self) for index, name in enumerate(names)]
        put(self, "_items", dict(zip(names, items)))

    def __getattr__(self, attr: str) -> _Item:
        if attr != "_items":
            item = self._items.get(attr)
            if item is not None:
                return item
        raise AttributeError(f"enum has no literal '{attr}'")

    def __setattr__(self, attr: str, val) -> None:
        raise AttributeError("Cannot assign to enum attributes")

    def __copy__(self) -> _Enum:
        return self

    def __deepcopy__(self, memo=None) -> _Enum:
        return self

    def __len__(self) -> int:
        return len(self._names)

    @property
    def _nritems(self) -> int:
        return len(self._names)

    @property
    def _codedict(self) -> dict[str, str]:
        return dict(zip(self._names, self._codes))

    def __dir__(self):
        return [*object.__dir__(self), *self._names]

    def __repr__(self) -> str:
        return "enum({})".format(",".join(f"'{name}'" for name in self._names))

    def __str__(self) -> str:
        return "<Enum: {}>".format(", ".join(self._names))

    def reftype(self) -> tuple[str | None, tuple[str, ...], str | None]:
        """Name, literals and, if an encoding was asked for, the codes in one string."""
        codes = None if self._encoding is None else " ".join(self._codes)
        return self._name, self._names, codes


def _codes(count: int, encoding: str | None) -> tuple[str, ...]:
    """The bits of each of `count` literals."""
    if encoding in ("one_hot", "one_cold"):
        mask = (1 << count) - 1 if encoding == "one_cold" else 0
        return tuple(bin((1 << i) ^ mask, count) for i in range(count))
    bits = width_bits(count - 1)
    if encoding == "gray":
        return tuple(bin(i ^ (i >> 1), bits) for i in range(count))
    return tuple(bin(i, bits) for i in range(count))


def enum(*names: str, encoding: str | None = None, **unused: object) -> _Enum:
    """Returns an enumeration with the given literals.

    `encoding` is "binary", "gray", "one_hot", "one_cold" or None, which leaves the choice to the
    emitter. Raises ValueError for another encoding or a literal given twice, TypeError for a
    literal that is not a string. (MyHDL ignores other keywords, and so does this.)
    """
    if encoding is not None and encoding not in ENCODINGS:
        raise ValueError(f"Unsupported enum encoding: {encoding}\n    Supported encodings: {ENCODINGS}")
    seen = set()
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"enum literals should be strings, got {type(name)}")
        if name in seen:
            raise ValueError("enum literals should be unique")
        seen.add(name)
    return _Enum(names, _codes(len(names), encoding), encoding)


class EnumView:
    """What the extension reads of a Python enumeration, in the terms of `EnumType`.

    The codes are the members' values where all are natural numbers, otherwise their positions.
    `_members` are the members in order, aliases left out; `_index(member)` is a position.
    """

    __slots__ = ("_class", "_members", "_names", "_codes", "_nrbits", "_encoding", "_name", "_positions")

    def __init__(self, cls: type) -> None:
        self._class = cls
        self._members = tuple(cls)  # type: ignore[arg-type,var-annotated]
        self._names = tuple(member.name for member in self._members)
        values = [member.value for member in self._members]
        if not all(type(value) is int and value >= 0 for value in values):
            values = list(range(len(self._members)))
        self._nrbits = width_bits(max(values, default=0))
        self._codes = tuple(bin(value, self._nrbits) for value in values)
        self._encoding = None
        self._name = cls.__name__
        self._positions = {name: index for index, name in enumerate(self._names)}

    def _index(self, member) -> int:
        return self._positions[member.name]

    def _shown(self) -> list[tuple[str, str]] | None:
        """What `str` and `repr` give of each member. None where `format` gives something else, or the class fails."""
        if getattr(self._class, "_member_type_", object) not in (object, str):
            return None
        try:
            shown = [(str(member), repr(member)) for member in self._members]
            if all(format(member) == text for member, (text, _) in zip(self._members, shown)):
                return shown
        except Exception:
            pass
        return None


_views: dict[type, EnumView] = {}


def is_python_enum(cls: type) -> bool:
    """Whether `cls` is a class of Python's `enum` module, but not of one whose members are ints.

    Members of IntEnum and Flag behave as integers, so they stay integers, as in MyHDL.
    """
    enums = sys.modules.get("enum")
    return enums is not None and issubclass(cls, enums.Enum) and not issubclass(cls, (int, enums.Flag))


def enum_view(cls: type) -> EnumView:
    """The view of a Python enumeration class; always the same object for one class."""
    view = _views.get(cls)
    if view is None:
        view = _views[cls] = EnumView(cls)
    return view
