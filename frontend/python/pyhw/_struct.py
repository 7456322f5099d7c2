"""`@struct`: a class of named, typed fields.

An object of it is a value: fields are checked on every store, and integers are plain. A signal
of it, `Signal(T)`, is an object whose fields are signals, so it works wherever an object with
signals does, and its `next` takes a whole value.
"""

from __future__ import annotations

import sys

from ._types import is_type, store


class Field:
    """A field of a struct: `name`, `type` and `default` (None for the type's own)."""

    __slots__ = ("name", "type", "default")

    def __init__(self, name: str, type: object, default: object) -> None:
        self.name = name
        self.type = type
        self.default = default


def struct(cls: type) -> type:
    """Class decorator: the annotated names become fields, in order, with their defaults.

    Raises TypeError for a class without fields, or a field whose annotation is no type of values.
    """
    scope = sys._getframe(1)
    fields = []
    for name, annotation in getattr(cls, "__annotations__", {}).items():
        if isinstance(annotation, str):
            annotation = eval(annotation, scope.f_globals, scope.f_locals)
        if not is_type(annotation):
            raise TypeError(f"field `{name}` of struct `{cls.__name__}` has no type of values: {annotation!r}")
        fields.append(Field(name, annotation, cls.__dict__.get(name)))
    if not fields:
        raise TypeError(f"struct `{cls.__name__}` has no fields")
    by_name = {field.name: field for field in fields}
    for name in ("val", "next"):
        if name in by_name:
            raise TypeError(f"a field of struct `{cls.__name__}` cannot be called `{name}`: a signal of the struct has it")

    def __init__(self, *args, **kwargs) -> None:
        if len(args) > len(fields):
            raise TypeError(f"{cls.__name__} has {len(fields)} fields, got {len(args)} values")
        values = dict(zip(by_name, args))
        for name, value in kwargs.items():
            if name not in by_name or name in values:
                raise TypeError(f"{cls.__name__} has no field `{name}`, or it is given twice")
            values[name] = value
        for field in fields:
            setattr(self, field.name, values.get(field.name, field.default))

    def __setattr__(self, name: str, value) -> None:
        field = by_name.get(name)
        if field is None:
            raise AttributeError(f"{cls.__name__} has no field `{name}`")
        object.__setattr__(self, name, store(field.type, value))

    def __eq__(self, other) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return vars(self) == vars(other)

    def __repr__(self) -> str:
        return f"{cls.__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in by_name)})"

    def _store(value):
        """A copy of `value`, which must be of this struct."""
        if not isinstance(value, cls):
            raise TypeError(f"expected a {cls.__name__}, got {value!r}")
        return cls(**vars(value))

    def signals(init=None) -> StructSignal:
        """An object with a signal for each field, starting with `init`."""
        return StructSignal(cls, fields, cls() if init is None else _store(init))

    for method in (__init__, __setattr__, __eq__, __repr__):
        setattr(cls, method.__name__, method)
    cls.__hash__ = None  # type: ignore[assignment]
    cls._store = staticmethod(_store)  # type: ignore[attr-defined]
    cls.signals = staticmethod(signals)  # type: ignore[attr-defined]
    cls.__pyhw_fields__ = tuple(fields)  # type: ignore[attr-defined]
    return cls


class StructSignal:
    """A signal of a struct: each field is a signal (or a list of them, or such an object)."""

    __slots__ = ("__dict__", "_struct")

    def __init__(self, cls, fields: list[Field], init) -> None:
        from ._signal import Signal

        self._struct = cls
        for field in fields:
            self.__dict__[field.name] = Signal(field.type, getattr(init, field.name))

    @property
    def val(self):
        """The current value, a copy."""
        return self._struct(**{name: _value(sig) for name, sig in self.__dict__.items()})

    @property
    def next(self):
        """The object itself, so that `s.next.field` names a field; assign a whole value here."""
        return self

    @next.setter
    def next(self, value) -> None:
        if isinstance(value, StructSignal):
            value = value.val
        value = self._struct._store(value)
        for name, sig in self.__dict__.items():
            _assign(sig, getattr(value, name))

    def __setattr__(self, name: str, value) -> None:
        if name in self.__dict__:
            raise AttributeError(f"field `{name}` is a signal, which is driven by its `next`: `….{name}.next = …`")
        object.__setattr__(self, name, value)

    def __eq__(self, other) -> bool:
        if isinstance(other, StructSignal):
            other = other.val
        return self.val == other if isinstance(other, self._struct) else NotImplemented

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"Signal({self.val!r})"


def _value(sig):
    return [_value(part) for part in sig] if isinstance(sig, list) else sig.val


def _assign(sig, value) -> None:
    if isinstance(sig, list):
        for part, item in zip(sig, value):
            _assign(part, item)
    else:
        sig.next = value
