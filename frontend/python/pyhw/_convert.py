"""`toVerilog` and `toVHDL`: the settings of an emission, and the call that does it."""

from __future__ import annotations

import sys

from ._block import Block
from ._errors import ToVerilogError, ToVerilogWarning, ToVHDLError, ToVHDLWarning
from ._shadow import _TristateSignal
from ._signal import Signal


# Classes, functions and modules have attributes, and are no interfaces.
_NO_INTERFACE = (type, type(lambda: None), type(sys))


class _Converter:
    """What both languages have in common. Unknown attributes raise AttributeError."""

    __slots__ = ("name", "directory", "header", "no_myhdl_header", "_initial_values", "_top_name")

    _language = ""
    _suffix = ""
    _function = ""
    _error: type[Exception] = Exception
    _warning: type[Warning] = Warning

    def __init__(self) -> None:
        self.directory: str | None = None
        self._initial_values: bool | str | None = None
        # What the top is called in the text that was written last: not its own name where that is a word of the language.
        self._top_name: str | None = None
        self._reset()

    @property
    def initial_values(self) -> bool | str:
        """Whether registers get initial values. As long as nobody says that they shall not, they do."""
        return self._initial_values or False

    @initial_values.setter
    def initial_values(self, value: bool | str) -> None:
        self._initial_values = value

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
            if attribute not in ("directory", "portmap", "_initial_values", "_top_name")
        }
        options["name"] = name
        options["initial_values"] = self._initial_values
        if "$" in (self.header or ""):
            options["header"] = self._filled_header(name)
        return options

    def _filled_header(self, name: str) -> str:
        """The header with its `$filename`, `$version` and `$date` filled in. Raises KeyError for another one."""
        from os.path import join
        from string import Template
        from time import asctime, gmtime

        from . import __version__

        file = join(self.directory or "", f"{name}.{self._suffix}")
        return Template(self.header).substitute(
            filename=file, version=__version__, date=f"   {asctime(gmtime())} UTC"
        )

    def _warn(self, text: str) -> None:
        from warnings import warn

        # The caller of the converter, or of `Block.convert`.
        depth = 2
        while sys._getframe(depth).f_globals.get("__package__") == __package__:
            depth += 1
        warn(text, self._warning, depth + 1)

    def __call__(self, func, *args, **kwargs):
        """Emits a block, writes its files into `directory`, and returns the block.

        MyHDL's older form takes a function and its arguments, and returns what it returned.
        Nothing is written unless all of it can be.
        """
        from ._extension import native
        from ._output import write_all

        result: object = func
        if isinstance(func, Block):
            top = func
            top.is_used = True
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
            # A command that only asks what is converted writes none.
            self._top_name = next((file.rpartition(".")[0] for file in files), name)
            write_all(files, self.directory)
            self._converted(top)
        finally:
            self._reset()
        return result

    def _converted(self, top: Block) -> None:
        pass


class _ToVerilog(_Converter):
    """Emits Verilog. `timescale` is the directive's text; `radix` is 'hex' for hexadecimal numbers.

    A block with ports gets a test bench `tb_NAME.v` for a cosimulation: `trace` makes it write
    waves, `no_testbench` leaves it out. After a call `portmap` holds the ports by name.
    The text is Verilog-2001, which is 2005 and SystemVerilog as well; another `standard` is
    warned of, and so is a false `prefer_blocking_assignments`.
    """

    __slots__ = (
        "timescale", "standard", "prefer_blocking_assignments", "radix", "no_testbench", "trace",
        "portmap",
    )  # fmt: skip

    _language = "verilog"
    _suffix = "v"
    _function = "toVerilog"
    _error = ToVerilogError
    _warning = ToVerilogWarning

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

    def _options(self, name: str) -> dict:
        if str(self.standard).lower() not in ("2001", "2005", "systemverilog"):
            self._warn(f"standard {self.standard!r} has no effect: the text is Verilog-2001")
        if not self.prefer_blocking_assignments:
            self._warn("prefer_blocking_assignments has no effect: combinational processes assign in place")
        if str(self.radix).lower() not in ("", "dec", "hex"):
            self._warn(f"radix {self.radix!r} has no effect: 'hex' and 'dec' are known")
        return super()._options(name)

    def _converted(self, top: Block) -> None:
        self.portmap = {
            name: sig.driver() if isinstance(sig, _TristateSignal) else sig for name, sig in port_signals(top)
        }


class _ToVHDL(_Converter):
    """Emits VHDL. `library`, `use_clauses`, `architecture` and `component_declarations` are text
    for their places; `no_myhdl_package` is accepted: no package is needed. With `std_logic_ports`
    the numbers at the ports of the top are `std_logic_vector`.
    """

    __slots__ = (
        "component_declarations", "no_myhdl_package", "library", "use_clauses", "architecture",
        "std_logic_ports",
    )  # fmt: skip

    _language = "vhdl"
    _suffix = "vhd"
    _function = "toVHDL"
    _error = ToVHDLError
    _warning = ToVHDLWarning

    def __init__(self) -> None:
        self.library = "work"
        self.use_clauses: str | None = None
        super().__init__()

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
