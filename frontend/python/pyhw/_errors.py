"""Exceptions and warnings.

The classes, their names and the text of `str(error)` are those of MyHDL 0.11.52 (manual, chapter
"Reference"); `kind` is the fixed part of a message, `msg` what was found, `info` where.
"""

from __future__ import annotations

from ._texts import file_of


class StopSimulation(Exception):
    """Raised by a process, or at the end of events, to end a simulation."""


class SuspendSimulation(Exception):
    """Ends one `run(duration)`; the simulation can be continued."""


class Error(Exception):
    """Base class of the library's errors."""

    # For the command line: the function that it is about, as (name, file, line), and what to do.
    about: tuple[str, str, int] | None = None
    advice: str | None = None

    def __init__(self, kind: str, msg: str = "", info: str = "") -> None:
        self.kind = kind
        self.msg = msg
        self.info = info

    def __str__(self) -> str:
        text = f"{self.info}{self.kind}"
        return f"{text}: {self.msg}" if self.msg else text

    def telling(self, function, advice: str) -> Error:
        """Itself, with the function that it is about and what to do."""
        code = function.__code__
        self.about = (code.co_name, file_of(code), code.co_firstlineno)
        self.advice = advice
        return self


class AlwaysError(Error):
    """Wrong use of `always` or `always_seq`."""


class AlwaysCombError(Error):
    """Wrong use of `always_comb`."""


class InstanceError(Error):
    """Wrong use of `instance`."""


class BlockError(Error):
    """A block that returns something else than blocks and processes."""


class BlockInstanceError(Error):
    """Wrong use of a block instance's methods."""


class CosimulationError(Error):
    """Wrong use of `Cosimulation`."""


class ExtractHierarchyError(Error):
    """A hierarchy of plain functions that cannot be followed."""


class SimulationError(Error):
    """Wrong use of `Simulation`."""


class TraceSignalsError(Error):
    """Wrong use of `traceSignals`."""


class ConversionError(Error):
    """A design that cannot be emitted.

    `codes` are the codes of the findings that speak against it, as `pyhw explain` knows them; `str(error)` is their text, and
    `kind` the name that MyHDL has for the first.
    """

    codes: tuple[str, ...] = ()

    @classmethod
    def of_findings(cls, text: str, codes: tuple[str, ...]) -> ConversionError:
        """The error for findings that are rendered as `text`."""
        from .myhdl_face._kinds import OF_CODES, _error

        kinds = (OF_CODES[code] for code in codes if code in OF_CODES)
        error = cls(next(kinds, _error.NotSupported), text)
        error.codes = codes
        return error

    def __str__(self) -> str:
        return self.msg if self.codes else super().__str__()


class ToVerilogError(ConversionError):
    """A design that cannot be emitted as Verilog."""


class ToVHDLError(ConversionError):
    """A design that cannot be emitted as VHDL."""


class ConversionWarning(UserWarning):
    """Base class of the emitters' warnings."""


class ToVerilogWarning(ConversionWarning):
    """A doubtful construct, found while emitting Verilog."""


class ToVHDLWarning(ConversionWarning):
    """A doubtful construct, found while emitting VHDL."""


class BusContentionWarning(UserWarning):
    """Two drivers drive a tri-state signal at the same time."""


class MissingPortType(TypeError):
    """A parameter of a top block has neither a port annotation nor a value (PH0105).

    `parameter` is its name; `file` and `line` say where the block is defined.
    """

    def __init__(self, block: str, parameter: str, file: str, line: int, why: str = "") -> None:
        self.block = block
        self.parameter = parameter
        self.file = file
        self.line = line
        super().__init__(why or f"parameter `{parameter}` of block `{block}` has no port type and no value")


class UnknownParameter(TypeError):
    """A value was given for a parameter that the block does not have, or that is a port."""

    def __init__(self, block: str, parameter: str, why: str) -> None:
        self.block = block
        self.parameter = parameter
        super().__init__(why)


class BadParameterValue(ValueError):
    """A text, as from the command line, is no value of the parameter it is given for, or an initial value none of its port."""

    def __init__(self, block: str, parameter: str, why: str) -> None:
        self.block = block
        self.parameter = parameter
        super().__init__(f"parameter `{parameter}` of block `{block}`: {why}")
