"""Ports by annotation, and blocks that are built from them.

`In[T]`, `Out[T]`, `Out[T, init]` and `InOut[T]` give direction and type, `Clock` and `Reset` are
what they say. `Reset` is synchronous and active high; `Reset[active]` and `Reset[active, isasync]`
say otherwise: `Reset[0, True]` is active low and asynchronous.
"""

from __future__ import annotations

from ._errors import BadParameterValue, MissingPortType, UnknownParameter
from ._signal import ResetSignal, Signal
from ._texts import file_of
from ._types import InterfaceList, is_interface_class, is_type, type_text


class Port:
    """A port annotation.

    `direction` is 'in', 'out' or 'inout'; `type` the type of its values; `init` the initial value
    or None; `role` is 'clock', 'reset' or ''. A reset also has `active` and `isasync`; `says_how`
    tells whether its annotation gives them.
    """

    __slots__ = ("direction", "type", "init", "role", "active", "isasync", "says_how")

    def __init__(self, direction: str, type: object, init: object = None, role: str = "") -> None:
        self.direction = direction
        self.type = type
        self.init = init
        self.role = role
        self.active: bool | None = None
        self.isasync: bool | None = None
        self.says_how = False

    def signal(self):
        """A new signal for the port (a list of them for an array, an object for a struct)."""
        if self.role == "reset":
            return ResetSignal(not self.active, active=self.active, isasync=self.isasync)
        if self.direction == "inout":
            from ._shadow import TristateSignal

            return TristateSignal(self.type, self.init)
        return Signal(self.type, self.init)

    def __repr__(self) -> str:
        if self.role == "clock":
            return "Clock"
        name = {"in": "In", "out": "Out", "inout": "InOut"}[self.direction]
        init = "" if self.init is None else f", {self.init!r}"
        return f"{name}[{type_text(self.type)}{init}]"


class _Reset(Port):
    """The annotation of a reset."""

    __slots__ = ()

    def __init__(self, active: object = 1, isasync: object = False) -> None:
        super().__init__("in", bool, role="reset")
        self.active = bool(active)
        self.isasync = bool(isasync)

    def __getitem__(self, how: object) -> _Reset:
        parameters = how if isinstance(how, tuple) else (how,)
        if not 1 <= len(parameters) <= 2 or not all(value in (0, 1) for value in parameters):
            raise TypeError("Reset takes its active level, 0 or 1, and whether it is asynchronous: Reset[0, True]")
        reset = _Reset(*parameters)
        reset.says_how = True
        return reset

    def __repr__(self) -> str:
        return f"Reset[{int(bool(self.active))}, {self.isasync}]"


class _Direction:
    """The name of a direction, which becomes an annotation by `[T]` or `[T, init]`."""

    __slots__ = ("_name", "_direction")

    def __init__(self, name: str, direction: str) -> None:
        self._name = name
        self._direction = direction

    def __getitem__(self, parameters: object) -> Port:
        init = None
        thing = parameters
        if isinstance(parameters, tuple):
            if len(parameters) != 2:
                raise TypeError(f"{self._name} takes a type and perhaps an initial value: {self._name}[T, init]")
            thing, init = parameters
        if not is_type(thing):
            raise TypeError(f"{self._name}[…] takes a type such as bool or uint[8], and {_instead(self._name, thing)}")
        return Port(self._direction, thing, init)

    def __repr__(self) -> str:
        return self._name


def _instead(direction: str, thing: object) -> str:
    """What a thing is that is no type of values, and what is perhaps meant."""
    if isinstance(thing, type):
        name = thing.__name__
        if thing.__module__ == "pyhw._types" or name in ("intbv", "modbv"):
            of_class = {"Int": "Int[0, 10]", "Array": "Array[uint[8], 4]", "sint": "sint[8]", "Mod": "Mod[256]"}
            return f"{name} alone says no range: {direction}[{of_class.get(name, 'uint[8]')}]"
        if thing is int:
            return f"int has no range: {direction}[uint[8]], or {direction}[Int[0, 10]]"
        if thing.__module__ != "builtins":
            return (
                f"{name} is a class: an interface has no direction as a whole, so that its parameter is annotated "
                f"with {name} alone"
            )
    if isinstance(thing, Signal):
        return f"got a signal: the type of one with 8 bits is uint[8]"
    return f"got {thing!r}"


In = _Direction("In", "in")
Out = _Direction("Out", "out")
InOut = _Direction("InOut", "inout")
Clock = Port("in", bool, role="clock")
Reset = _Reset()


def evaluated_annotations(func) -> dict:
    """A function's annotations by parameter, without 'return'; strings are evaluated.

    One that cannot be evaluated stays a string.
    """
    found = {}
    for name, annotation in _annotations(func).items():
        if name == "return":
            continue
        if isinstance(annotation, str):
            try:
                annotation = eval(annotation, func.__globals__, _free_variables(func))
            except Exception:
                pass
        found[name] = annotation
    return found


def _annotations(func) -> dict:
    try:
        return getattr(func, "__annotations__", None) or {}
    except NameError:
        # From Python 3.14 annotations are evaluated here, and a name may not be known.
        from annotationlib import Format, get_annotations  # type: ignore[import-not-found]

        return get_annotations(func, format=Format.FORWARDREF)


def _free_variables(func) -> dict:
    values = {}
    for name, cell in zip(func.__code__.co_freevars, func.__closure__ or ()):
        try:
            values[name] = cell.cell_contents
        except ValueError:
            # Not assigned yet.
            continue
    return values


def ports(func, params: dict | None = None) -> list[tuple[str, object]]:
    """The arguments of a block, in the order of its signature, as (name, object).

    An annotated port gets a new signal; any other parameter its value from `params` (text as from
    the command line is read as the parameter's type), or its default. Raises MissingPortType for
    a parameter with neither, UnknownParameter for a name in `params` that is no such parameter,
    and BadParameterValue for text that is no value of the type, or an initial value that is none.
    """
    params = dict(params or {})
    function = getattr(func, "func", func)
    code = function.__code__
    count = code.co_argcount + code.co_kwonlyargcount
    names = code.co_varnames[:count]
    defaults = dict(zip(reversed(names[: code.co_argcount]), reversed(function.__defaults__ or ())))
    defaults.update(function.__kwdefaults__ or {})
    annotations = func.annotations() if hasattr(func, "annotations") else evaluated_annotations(function)
    arguments: list[tuple[str, object]] = []
    for name in names:
        annotation = annotations.get(name)
        if isinstance(annotation, Port):
            if name in params:
                raise UnknownParameter(function.__name__, name, f"`{name}` of block `{function.__name__}` is a port")
            try:
                arguments.append((name, annotation.signal()))
            except (TypeError, ValueError) as error:
                raise BadParameterValue(function.__name__, name, str(error)) from None
        elif name in params:
            try:
                value = _read(params.pop(name), annotation, defaults.get(name))
            except ValueError as error:
                raise BadParameterValue(function.__name__, name, str(error)) from None
            arguments.append((name, value))
        elif name in defaults:
            arguments.append((name, defaults[name]))
        else:
            arguments.append((name, _interface(function, name, annotation)))
    for name in params:
        others = [f"`{other}`" for other, _ in arguments if not isinstance(annotations.get(other), Port)]
        known = f"; its parameters are {', '.join(others)}" if others else ""
        message = f"block `{function.__name__}` has no parameter `{name}`{known}"
        raise UnknownParameter(function.__name__, name, message)
    return arguments


def elaborate_top(func, params: dict | None = None):
    """Builds a block whose ports are annotated; `params` are values of its other parameters.

    Raises what `ports` raises, and what the block itself raises.
    """
    return func(**dict(ports(func, params)))


def _interface(function, name: str, annotation: object) -> object:
    """An object of an annotated class that holds signals, for a port that is an interface."""
    code = function.__code__
    where = (function.__name__, name, file_of(code), code.co_firstlineno)
    if isinstance(annotation, _Direction):
        why = f"parameter `{name}` of block `{function.__name__}` needs a type: {annotation}[T]"
        raise MissingPortType(*where, why)
    if isinstance(annotation, InterfaceList) or is_interface_class(annotation):
        try:
            thing = annotation()  # type: ignore[operator]
        except TypeError:
            raise MissingPortType(*where) from None
        if _holds_signals(thing):
            return thing
    raise MissingPortType(*where)


def _holds_signals(thing: object) -> bool:
    if isinstance(thing, list):
        return bool(thing) and all(_holds_signals(one) for one in thing)
    return any(isinstance(value, Signal) for value in getattr(thing, "__dict__", {}).values())


def _read(value: object, annotation: object, default: object) -> object:
    """A parameter's value; text is read as the annotated type, or as that of the default."""
    if not isinstance(value, str):
        return value
    kind = annotation if isinstance(annotation, type) else type(default)
    if kind is str:
        return value
    if kind is bool:
        known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        if value.lower() not in known:
            raise ValueError(f"expected true or false, got {value!r}")
        return known[value.lower()]
    if kind in (int, float):
        try:
            return int(value, 0) if kind is int else float(value)
        except ValueError:
            raise ValueError(f"expected {'an integer' if kind is int else 'a number'}, got {value!r}") from None
    members = getattr(kind, "__members__", None)
    if members is not None:
        name = value.rpartition(".")[2]
        if name not in members:
            raise ValueError(f"expected one of {', '.join(members)}, got {value!r}")
        return members[name]
    from ast import literal_eval

    try:
        read = literal_eval(value)
    except (ValueError, SyntaxError):
        read = value
    if kind in _CONTAINERS and not isinstance(read, tuple(_CONTAINERS)):
        raise ValueError(f"expected a {kind.__name__}, as in {_CONTAINERS[kind]}, got {value!r}")
    return read


# How values of these are written.
_CONTAINERS = {tuple: "(1, 2)", list: "[1, 2]", dict: "{1: 2}", set: "{1, 2}"}
