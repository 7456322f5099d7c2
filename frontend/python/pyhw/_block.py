"""Blocks: functions whose calls become the instances of a design.

`@block` makes a `BlockFunction`; calling it runs the function and records a `Block`: arguments,
local names at return, and what it returned, which must be blocks and processes.
"""

from __future__ import annotations

import sys

from ._errors import BlockError, BlockInstanceError
from ._functions import flatten
from ._naming import name_children
from ._process import Process
from ._scope import _building, defining_block
from ._signal import Signal
from ._texts import file_of
from ._usercode import find_user_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from weakref import WeakValueDictionary

    from ._simulation import Simulation


class _error:
    ArgType = "%s: A block should return block or instantiator objects"
    InstanceError = "%s: subblock %s should be encapsulated in a block decorator"


class Block:
    """One instance of a block.

    `func` is the function, `owner` the object if it is a method, `args` the arguments by
    parameter name (defaults included, `self` left out), `locals` the function's local names at
    return, `call_place` the file and the line where the instance was made (None if nothing of the user's made it), `subs` the child
    blocks and processes in the order returned.
    """

    def __init__(self, deco: BlockFunction, bound: BoundBlock | None, args: tuple, kwargs: dict) -> None:
        self.func = deco.func
        self.owner = None if bound is None else bound.owner
        self.call_name = (deco if bound is None else bound)._next_name()
        self.doc = self.__doc__ = deco.func.__doc__
        self.file = deco.file
        self.line = deco.line
        self.skipname = deco.skipname
        self.args = deco.bind(args, kwargs, is_method=bound is not None)
        self.sim: Simulation | None = None
        self._deco = deco
        self._bound = bound
        self._name: str | None = None
        self._frame = None
        # Processes and blocks that its function makes; afterwards those of them that it did not return.
        self._made: list[Block | Process] = []
        # Whether it is converted or simulated by itself.
        self.is_used = False
        # The frames between: this one and the `__call__` that made the block.
        outer, self.callername = defining_block(3)
        self.modctxt = outer is not None
        if outer is not None:
            outer._made.append(self)  # type: ignore[attr-defined]
        caller = sys._getframe(2)
        while caller is not None and caller.f_globals.get("__package__") == __package__:
            caller = caller.f_back  # type: ignore[assignment]
        self.call_place = None if caller is None else (file_of(caller.f_code), caller.f_lineno)
        self._elaborate(args, kwargs)

    def _elaborate(self, args: tuple, kwargs: dict) -> None:
        key = id(sys._getframe())
        _building[key] = self
        try:
            if self._bound is None:
                returned = self.func(*args, **kwargs)
            else:
                returned = self.func(self.owner, *args, **kwargs)
            frame = self._frame
        except (AttributeError, TypeError) as error:
            self._blame_arguments(error)
            raise
        finally:
            del _building[key]
            self._frame = None
        self.locals = dict(self.args) if frame is None else dict(frame.f_locals)
        self.subs = flatten(returned)
        self._verify_subs(returned)
        returned_ids = set(map(id, self.subs))
        self._made = [thing for thing in self._made if id(thing) not in returned_ids]
        name_children(self.subs, self.locals)
        self._find_user_code()

    def _blame_arguments(self, error: AttributeError | TypeError) -> None:
        """Lets an exception that the arguments brought about carry the call, for the command line.

        It is one of the call itself, or of an attribute that an argument lacks because it is no signal.
        """
        traceback = error.__traceback__
        inner = traceback.tb_next if traceback is not None else None
        about = (self.func.__name__, self.file, self.line)
        if inner is None:
            error.call = (*about, None, "")  # type: ignore[union-attr]
            return
        thing = getattr(error, "obj", None)
        if inner.tb_next is not None or inner.tb_frame.f_code is not getattr(self.func, "__code__", None):
            return
        if getattr(error, "name", None) not in ("next", "posedge", "negedge", "driven", "read"):
            return
        given = [name for name, value in self.args.items() if value is thing]
        ports = [name for name in given if hasattr(self.anns.get(name), "direction")]
        if given:
            error.call = (*about, (ports or given)[0], repr(thing))  # type: ignore[union-attr]

    def _find_user_code(self) -> None:
        self.verilog_code = find_user_code(self, "verilog")
        self.vhdl_code = find_user_code(self, "vhdl")

    def _verify_subs(self, returned: object) -> None:
        from ._cosimulation import Cosimulation

        for sub in self.subs:
            if isinstance(sub, (Block, Process)):
                if not sub.modctxt:
                    error = BlockError(_error.InstanceError % (self.call_name, sub.callername))
                    raise error.telling(self.func, f"decorate the function that makes `{sub.callername}` with `@block`")
            elif not isinstance(sub, Cosimulation):
                error = BlockError(_error.ArgType % (self.call_name,))
                if returned is None:
                    advice = "let it return its processes and blocks, as in `return instances()`"
                else:
                    advice = f"it returns an object of class `{type(sub).__name__}`: is a decorator missing?"
                raise error.telling(self.func, advice)

    @property
    def name(self) -> str | None:
        """The instance's name: what the enclosing function calls it, or function name and count.

        None for a block that adds no level of names (`@block(skipname=True)`).
        """
        return self._name or self.call_name

    @name.setter
    def name(self, name: str | None) -> None:
        self._name = name

    __name__ = name

    @property
    def anns(self) -> dict:
        """The annotations of the function's parameters, by name."""
        return self._deco.annotations()

    def __repr__(self) -> str:
        return f"<block {self.name}: {self.func.__name__} at {self.file}:{self.line}>"

    @property
    def place(self) -> tuple[str, int]:
        """The file and the line where it was made."""
        return self.call_place or (self.file, self.line)

    @property
    def symdict(self) -> dict:
        """What the function's names are bound to, those of its file included; `object_attribute` for signals of an object."""
        from ._symbols import symbols

        return symbols(self)

    @property
    def sigdict(self) -> dict:
        """The signals of `symdict` by their names."""
        return {name: thing for name, thing in self.symdict.items() if isinstance(thing, Signal)}

    @property
    def memdict(self) -> dict:
        """The lists of signals of `symdict` by their names: each with `mem`, `depth` and `elObj`, its first signal."""
        from ._symbols import memories

        return memories(self.symdict, self)

    def unreturned(self) -> list:
        """What its function made and did not return.

        Each with the name of its function, whether it is a block, and whether a local name holds it.
        """
        if not self._made:
            return []
        held = set(map(id, flatten(*self.locals.values())))
        return [
            (thing, thing.func.__name__, isinstance(thing, Block), id(thing) in held)
            for thing in self._made
            if not getattr(thing, "is_used", False)
        ]

    # what a user does with a block

    def convert(self, hdl: str = "Verilog", **kwargs):
        """Writes the block as Verilog or VHDL.

        `path` is the folder and `name` the name of module and file; Verilog also takes
        `testbench`, `timescale` and `trace`. Any other keyword sets the attribute of that name of
        `toVerilog` or `toVHDL`. Raises BlockInstanceError for another language.
        """
        from ._convert import _Converter, toVerilog, toVHDL

        converter: _Converter
        language = hdl.lower()
        if language == "vhdl":
            converter = toVHDL
        elif language == "verilog":
            converter = toVerilog
        else:
            raise BlockInstanceError(f"unknown hdl {hdl}")
        attributes = {"directory": kwargs.pop("path", "")}
        if language == "verilog":
            attributes["no_testbench"] = not kwargs.pop("testbench", True)
            attributes["timescale"] = kwargs.pop("timescale", "1ns/10ps")
            attributes["trace"] = kwargs.pop("trace", False)
        attributes.update(kwargs)
        for attribute, value in attributes.items():
            setattr(converter, attribute, value)
        return converter(self)

    def verify_convert(self) -> int:
        """Emits, simulates both, compares the printed output; 0 if it is the same."""
        from ._verify import verify

        return verify(self)

    def analyze_convert(self) -> int:
        """Emits, and lets the HDL simulator analyse the result; 0 if it accepts it."""
        from ._verify import analyze

        return analyze(self)

    def config_sim(self, trace: bool = False, **kwargs) -> None:
        """Says whether the next run writes waves; keywords set attributes of `traceSignals`."""
        if trace:
            from ._trace import traceSignals

            for attribute, value in kwargs.items():
                setattr(traceSignals, attribute, value)
            traceSignals(self)

    def run_sim(self, duration: int | None = None, quiet: int = 0) -> None:
        """Simulates for `duration` time steps, or until nothing is left; goes on where it stopped."""
        if self.sim is None:
            from ._simulation import Simulation

            self.sim = Simulation(self)
        self.sim.run(duration, quiet)

    def quit_sim(self) -> None:
        """Ends the simulation and restores the initial values."""
        if self.sim is not None:
            self.sim.quit()


class BlockFunction:
    """A function decorated with `@block`; a call of it makes a `Block`.

    User-defined code is assigned to `verilog_code`, `vhdl_code`, `verilog_instance` and
    `vhdl_instance`.
    """

    skipname = False
    ident_method = "get_instance_ident"

    def __init__(self, func) -> None:
        if not callable(func):
            raise TypeError(f"block decorates a function, got {type(func)}")
        self.__dict__.update(getattr(func, "__dict__", {}))
        for attribute in ("__module__", "__name__", "__qualname__", "__doc__"):
            setattr(self, attribute, getattr(func, attribute, None))
        self.__wrapped__ = self.func = func
        code = getattr(func, "__code__", None)
        self.file = file_of(code) if code else "<unknown>"
        self.line = code.co_firstlineno if code else 0
        self.name = getattr(func, "__name__", type(func).__name__)
        self.calls = 0
        self._annotations: dict | None = None
        self._owners: dict[str, int] = {}
        self._bound: WeakValueDictionary[int, BoundBlock] | None = None

    def __call__(self, /, *args, **kwargs) -> Block:
        return Block(self, None, args, kwargs)

    def _next_name(self) -> str | None:
        if self.skipname:
            return None
        self.calls += 1
        return f"{self.name}{self.calls - 1}"

    def __get__(self, owner, cls) -> BlockFunction | BoundBlock:
        if owner is None:
            return self
        if self._bound is None:
            from weakref import WeakValueDictionary

            self._bound = WeakValueDictionary()
        # The bound object holds the owner, so its id is not given to another one meanwhile.
        bound = self._bound.get(id(owner))
        if bound is None:
            bound = self._bound[id(owner)] = BoundBlock(self, owner, self._owner_name(owner, cls))
        return bound

    def _owner_name(self, owner, cls: type) -> str:
        ident = getattr(owner, self.ident_method, None)
        if callable(ident):
            return ident()
        number = self._owners.get(cls.__name__, 0)
        self._owners[cls.__name__] = number + 1
        return f"{cls.__name__}{number}"

    def bind(self, args: tuple, kwargs: dict, is_method: bool = False) -> dict:
        """The arguments by parameter name, in the order of the signature, defaults included.

        Arguments that do not fit are left to the call itself, which raises TypeError.
        """
        code = getattr(self.func, "__code__", None)
        if code is None:
            from inspect import signature

            arguments = signature(self.func).bind(*args, **kwargs)
            arguments.apply_defaults()
            return dict(arguments.arguments)
        count = code.co_argcount
        names = code.co_varnames
        skip = 1 if is_method else 0
        bound = dict(zip(names[skip:count], args))
        defaults = self.func.__defaults__ or ()
        first_default = count - len(defaults)
        for position in range(skip + len(args), count):
            name = names[position]
            if name in kwargs:
                bound[name] = kwargs[name]
            elif position >= first_default:
                bound[name] = defaults[position - first_default]
        end = count + code.co_kwonlyargcount
        for name in names[count:end]:
            if name in kwargs:
                bound[name] = kwargs[name]
            elif self.func.__kwdefaults__ and name in self.func.__kwdefaults__:
                bound[name] = self.func.__kwdefaults__[name]
        if code.co_flags & 0x04:  # inspect.CO_VARARGS
            bound[names[end]] = tuple(args[count - skip :])
            end += 1
        if code.co_flags & 0x08:  # inspect.CO_VARKEYWORDS
            bound[names[end]] = {key: value for key, value in kwargs.items() if key not in bound}
        return bound

    def annotations(self) -> dict:
        """The parameters' annotations by name, evaluated where they are strings."""
        if self._annotations is None:
            from ._ports import evaluated_annotations

            self._annotations = evaluated_annotations(self.func)
        return self._annotations

    def __repr__(self) -> str:
        return f"<block function {self.name}>"


class BoundBlock:
    """A block function that is a method, together with its object.

    One object per owner as long as it is in use, so that user-defined code which the method
    assigns to itself (`self.method.vhdl_code = …`) is found when it returns.
    """

    def __init__(self, deco: BlockFunction, owner, prefix: str) -> None:
        self.deco = deco
        self.owner = owner
        self.prefix = prefix
        self.func = deco.func
        self.__name__ = deco.name
        self.__doc__ = deco.__doc__
        self.calls = 0

    def __call__(self, *args, **kwargs) -> Block:
        return Block(self.deco, self, args, kwargs)

    def _next_name(self) -> str | None:
        if self.deco.skipname:
            return None
        self.calls += 1
        return f"{self.prefix}_{self.deco.name}{self.calls - 1}"

    def __repr__(self) -> str:
        return f"<block method {self.deco.name} of {self.owner!r}>"


def block(func=None, *, skipname: bool = False, ident_method: str = "get_instance_ident"):
    """Decorator that makes a function a block.

    `skipname` leaves the block out of the names of the hierarchy; `ident_method` is the method
    of a block method's object that gives it a name.
    """

    def decorate(func) -> BlockFunction:
        function = BlockFunction(func)
        function.skipname = skipname
        function.ident_method = ident_method
        return function

    return decorate if func is None else decorate(func)
