"""`toVerilog` and `toVHDL`: the settings of an emission, and the call that does it."""

from __future__ import annotations

import sys

from ._block import Block
from ._errors import ToVerilogError, ToVHDLError, ToVHDLWarning
from ._shadow import _TristateSignal
from ._signal import Signal


# Classes, functions and modules have attributes, and are no interfaces.
_NO_INTERFACE = (type, type(lambda: None), type(sys))


class _Converter:
    """What both languages have in common. Unknown attributes raise AttributeError."""

    __slots__ = ("name", "directory", "header", "no_myhdl_header", "initial_values")

    _language = ""
    _function = ""
    _error: type[Exception] = Exception

    def __init__(self) -> None:
        self.directory: str | None = None
        self.initial_values: bool | str = False
        self._reset()

    def _reset(self) -> None:
        """Restores the attributes that hold for one call only."""
        self.name: str | None = None
        self.header = ""
        self.no_myhdl_header = False

    def _options(self, name: str) -> dict:
        options = {
            attribute: getattr(self, attribute)
            for cls in type(self).__mro__
            for attribute in getattr(cls, "__slots__", ())
            if attribute not in ("directory", "portmap")
        }
        options["name"] = name
        return options

    def __call__(self, func, *args, **kwargs):
        """Emits a block, writes its files into `directory`, and returns the block.

        MyHDL's older form takes a function and its arguments, and returns what it returned.
        Nothing is written unless all of it can be.
        """
        from ._extension import native
        from ._output import write_all

        if isinstance(func, Block):
            top = result = func
            name = func.func.__name__
        elif callable(func):
            from ._legacy import elaborate_function

            name = func.__name__
            top, result = elaborate_function(self._function, func, args, kwargs)
        else:
            raise self._error("first argument should be a classic function", f"got {type(func)}")
        try:
            name = name if self.name is None else str(self.name)
            files = native().convert(top, self._language, self._options(name))
            write_all(files, self.directory)
            self._converted(top)
        finally:
            self._reset()
        return result

    def _converted(self, top: Block) -> None:
        pass


class _ToVerilog(_Converter):
    """Emits Verilog. `standard` is '2001', `timescale` the directive's text, `radix` unused,
    `trace` makes the test bench write waves, `no_testbench` leaves it out; after a call `portmap`
    holds the ports by name, for a cosimulation.
    """

    __slots__ = (
        "timescale", "standard", "prefer_blocking_assignments", "radix", "no_testbench", "trace",
        "portmap",
    )  # fmt: skip

    _language = "verilog"
    _function = "toVerilog"
    _error = ToVerilogError

    def __init__(self) -> None:
        self.timescale = "1ns/10ps"
        super().__init__()

    def _reset(self) -> None:
        super()._reset()
        self.standard = "2001"
        self.prefer_blocking_assignments = True
        self.radix = ""
        self.no_testbench = False
        self.trace = False

    def _converted(self, top: Block) -> None:
        self.portmap = {
            name: sig.driver() if isinstance(sig, _TristateSignal) else sig for name, sig in port_signals(top)
        }


class _ToVHDL(_Converter):
    """Emits VHDL. `library`, `use_clauses`, `architecture` and `component_declarations` are text
    for their places; `no_myhdl_package` is accepted: no package is needed. Ports stay what they are
    with `std_logic_ports`, which is warned of.
    """

    __slots__ = (
        "component_declarations", "no_myhdl_package", "library", "use_clauses", "architecture",
        "std_logic_ports",
    )  # fmt: skip

    _language = "vhdl"
    _function = "toVHDL"
    _error = ToVHDLError

    def __init__(self) -> None:
        self.library = "work"
        self.use_clauses: str | None = None
        super().__init__()

    def _options(self, name: str) -> dict:
        if self.std_logic_ports:
            from warnings import warn

            warn("std_logic_ports has no effect: ports of integers are unsigned or signed", ToVHDLWarning, 3)
        return super()._options(name)

    def _reset(self) -> None:
        super()._reset()
        self.component_declarations: str | None = None
        self.no_myhdl_package = False
        self.architecture = "MyHDL"
        self.std_logic_ports = False


def port_signals(top: Block) -> list[tuple[str, Signal]]:
    """The signals among a block's arguments, those of interfaces under joined names."""
    ports: list[tuple[str, Signal]] = []
    seen: set[int] = set()

    def add(name: str, thing: object) -> None:
        if isinstance(thing, Signal):
            ports.append((name, thing))
        elif hasattr(thing, "__dict__") and not isinstance(thing, _NO_INTERFACE) and id(thing) not in seen:
            seen.add(id(thing))
            for attribute, value in vars(thing).items():
                add(f"{name}_{attribute}", value)

    for name, thing in top.args.items():
        add(name, thing)
    return ports


toVerilog = _ToVerilog()
toVHDL = _ToVHDL()
