"""Processes: the decorators that record a function, and what it waits for.

A decorator checks its arguments and keeps them in a `Process`; nothing runs. What needs the
source text (the sensitivity of `always_comb`, the outputs that a reset restores) the extension
finds.
"""

from __future__ import annotations

import sys

from ._errors import AlwaysCombError, AlwaysError, InstanceError
from ._scope import defining_block
from ._signal import Edge, ResetSignal, Signal
from ._texts import file_of

_GENERATOR = 0x20  # inspect.CO_GENERATOR
_Function = type(lambda: None)


class delay:
    """A wait of `val` time steps, a natural number."""

    __slots__ = ("_time",)

    def __init__(self, val: int) -> None:
        if not isinstance(val, int) or val < 0:
            raise TypeError("arg of delay constructor should be a natural integer")
        self._time = val

    def __repr__(self) -> str:
        return f"delay({self._time})"


class join:
    """A wait until each of the arguments has happened."""

    __slots__ = ("_args",)

    def __init__(self, *args: object) -> None:
        self._args = args


def _names_in(code) -> set[str]:
    """Global names and attributes that a function mentions, functions in it included."""
    names = set(code.co_names)
    for inner in code.co_consts:
        if isinstance(inner, type(code)):
            names |= _names_in(inner)
    return names


def _surroundings(func) -> tuple[list[tuple[object, int]], list[str]]:
    """What `func` finds around it: each intbv with its value, and the names that are bound to nothing yet.

    An intbv counts that a name leads to, or a list, or attributes of what a name leads to.
    """
    from ._intbv import intbv

    values = []
    later = []
    for name, cell in zip(func.__code__.co_freevars, func.__closure__ or ()):
        try:
            values.append(cell.cell_contents)
        except ValueError:
            later.append(name)
    names = _names_in(func.__code__)
    values += [func.__globals__[name] for name in names if name in func.__globals__]
    found: dict[int, tuple[object, int]] = {}
    seen = set()
    while values:
        value = values.pop()
        if isinstance(value, intbv):
            found[id(value)] = value, value._val
        elif type(value) is list:
            values += [one for one in value if isinstance(one, intbv)]
        elif not isinstance(value, (Signal, type, _Function)) and id(value) not in seen:
            seen.add(id(value))
            try:
                # A class may answer for attributes that are not there, in whatever way.
                attributes = object.__getattribute__(value, "__dict__")
            except AttributeError:
                attributes = {}
            values += [attributes[name] for name in names if name in attributes]
    return list(found.values()), later


class Process:
    """A recorded process.

    `kind` is 'comb', 'seq', 'always' or 'instance' and `func` the function. An 'always' waits for
    any of `sens`; a 'seq' for `edge`, with `reset` or None; `gen` is the generator of an
    'instance' once a run has started it. `kept` holds each intbv of the surroundings
    that a process other than a 'comb' may change, with its first value; `bound_later` the names around it that
    nothing was bound to when it was made.
    """

    __slots__ = (
        "kind", "func", "gen", "sens", "edge", "reset", "kept", "bound_later", "modctxt", "callername", "__weakref__",
    )  # fmt: skip

    def __init__(self, kind: str, func, scope: tuple, sens=None, edge=None, reset=None) -> None:
        self.kind = kind
        self.func = func
        self.gen = None
        self.sens = sens
        self.edge = edge
        self.reset = reset
        self.kept, self.bound_later = ([], []) if kind == "comb" else _surroundings(func)
        block, self.callername = scope
        self.modctxt = block is not None
        if block is not None:
            block._made.append(self)

    def restore(self, places: list[int]) -> None:
        """Gives the integers at these places of `kept` the values that they had when the process was made."""
        for place in places:
            value, first = self.kept[place]
            value._val = first  # type: ignore[attr-defined]

    @property
    def name(self) -> str:
        """The function's name."""
        return self.func.__name__

    @property
    def place(self) -> tuple[str, int]:
        """The file and the line where it was written."""
        return file_of(self.func.__code__), self.func.__code__.co_firstlineno

    def __repr__(self) -> str:
        return f"<{self.kind} process {self.name}>"


class _always_error:
    DecArgType = "decorator argument should be a Signal, edge, or delay"
    ArgType = "decorated object should be a classic (non-generator) function"
    NrOfArgs = "decorated function should not have arguments"
    DecNrOfArgs = "decorator should have arguments"


class _always_seq_error:
    EdgeType = "first argument should be an edge"
    ResetType = "reset argument should be a ResetSignal"
    ArgType = "decorated object should be a classic (non-generator) function"
    NrOfArgs = "decorated function should not have arguments"
    SigAugAssign = "signal assignment does not support augmented assignment"
    EmbeddedFunction = "embedded functions in always_seq function not supported"


class _always_comb_error:
    ArgType = "always_comb argument should be a classic function"
    NrOfArgs = "always_comb argument should be a function without arguments"
    Scope = "always_comb argument should be a local function"
    SignalAsInout = "signal (%s) used as inout in always_comb function argument"
    EmbeddedFunction = "embedded functions in always_comb function argument not supported"
    EmptySensitivityList = "sensitivity list is empty"


class _instance_error:
    NrOfArgs = "decorated generator function should not have arguments"
    ArgType = "decorated object should be a generator function"


def _check_function(func, error, kinds, generator: bool = False) -> None:
    """Raises `error` unless `func` is a function without arguments, of the right sort."""
    if not isinstance(func, _Function) or bool(func.__code__.co_flags & _GENERATOR) is not generator:
        exception = error(kinds.ArgType)
        if isinstance(func, _Function) and not generator:
            # For the command line: a wait in a wrong place (PH0205).
            exception.generator = (func.__name__, file_of(func.__code__), func.__code__.co_firstlineno)
        elif isinstance(func, _Function):
            exception.telling(func, f"`{func.__name__}` has no `yield`: a process of `@instance` waits for something")
        raise exception
    if func.__code__.co_argcount > 0:
        raise error(kinds.NrOfArgs)


def _mark_read(sig: Signal) -> None:
    sig._read = True
    sig._used = True


def _name_of(thing, frame) -> str | None:
    """What the code of a frame calls a thing, if it has a name there."""
    for names in (frame.f_locals, frame.f_globals):
        for name, value in names.items():
            if value is thing:
                return name
    return None


def always(*args: Signal | Edge | delay):
    """Decorator: the function runs whenever one of the arguments happens.

    Arguments are signals (any change), edges and delays. Raises AlwaysError.
    """
    scope = defining_block()
    for arg in args:
        if isinstance(arg, Signal):
            _mark_read(arg)
        elif isinstance(arg, Edge):
            _mark_read(arg._sig)
        elif not isinstance(arg, delay):
            raise AlwaysError(_always_error.DecArgType)

    def decorate(func) -> Process:
        _check_function(func, AlwaysError, _always_error)
        return Process("always", func, scope, sens=list(args))

    return decorate


def always_seq(edge: Edge, reset: ResetSignal | None):
    """Decorator: the function runs on `edge`; `reset` restores what it assigns by name.

    Raises AlwaysError.
    """
    scope = defining_block()
    if not isinstance(edge, Edge):
        error = AlwaysError(_always_seq_error.EdgeType)
        if isinstance(edge, Signal):
            name = _name_of(edge, sys._getframe(1))
            edges = f"`{name}.posedge` or `{name}.negedge`" if name else "its `posedge` or its `negedge`"
            error.advice = f"a signal has two edges, and one of them is meant: {edges}"
        else:
            error.advice = "an edge is one of a signal: `@always_seq(clk.posedge, reset=None)`"
        raise error
    _mark_read(edge._sig)
    if reset is not None:
        if not isinstance(reset, ResetSignal):
            error = AlwaysError(_always_seq_error.ResetType)
            if isinstance(reset, Signal):
                error.advice = (
                    "a `ResetSignal` says at which level it resets, and whether it waits for the clock: "
                    "`ResetSignal(0, active=1, isasync=False)`; as a port it is annotated `Reset`"
                )
            else:
                error.advice = "a process without a reset has `reset=None`"
            raise error
        _mark_read(reset)

    def decorate(func) -> Process:
        _check_function(func, AlwaysError, _always_seq_error)
        return Process("seq", func, scope, edge=edge, reset=reset)

    return decorate


def always_comb(func) -> Process:
    """Decorator: the function runs at the start and whenever a signal that it reads changes.

    Raises AlwaysCombError.
    """
    scope = defining_block()
    _check_function(func, AlwaysCombError, _always_comb_error)
    return Process("comb", func, scope)


def instance(genfunc) -> Process:
    """Decorator: the generator function runs from the start, and waits where it yields.

    Raises InstanceError.
    """
    scope = defining_block()
    _check_function(genfunc, InstanceError, _instance_error, generator=True)
    return Process("instance", genfunc, scope)
