"""pyhw: hardware in typed Python, in MyHDL's style.

The names are those of MyHDL, and these beside them: the types `uint`, `sint`, `Int`, `Mod`,
`Array` and `struct`, and the port annotations `Clock`, `Reset`, `In`, `Out` and `InOut`.

The library holds values and records the design. It does not simulate and emits nothing: that is
the native extension's work, which is imported when it is first needed.
"""

from __future__ import annotations

__version__ = "0.1.0"

from ._bits import bin
from ._block import block
from ._enum import EnumItemType, EnumType, enum
from ._errors import (
    AlwaysCombError,
    AlwaysError,
    BlockError,
    BlockInstanceError,
    BusContentionWarning,
    ConversionError,
    ConversionWarning,
    CosimulationError,
    Error,
    ExtractHierarchyError,
    InstanceError,
    MissingPortType,
    SimulationError,
    StopSimulation,
    SuspendSimulation,
    ToVerilogError,
    ToVerilogWarning,
    ToVHDLError,
    ToVHDLWarning,
    TraceSignalsError,
    UnknownParameter,
)
from ._functions import downrange, instances
from ._intbv import intbv, modbv
from ._ports import elaborate_top, ports
from ._process import always, always_comb, always_seq, delay, instance, join
from ._shadow import ConcatSignal, Tristate, TristateSignal, concat
from ._signal import Constant, OpenPort, ResetSignal, Signal, SignalType, negedge, posedge
from ._texts import listen as _listen
from ._time import now

_listen()

TYPE_CHECKING = False
if TYPE_CHECKING:
    # A type checker cannot follow objects in annotations. It is told what it can check: a port is a
    # signal, and `uint[8]` is allowed where a type is. An initial value, `Out[bool, 1]`, is not.
    from typing import Annotated as Array
    from typing import Generic, TypeVar
    from typing import Literal as Int
    from typing import Literal as Mod
    from typing import Literal as sint
    from typing import Literal as uint

    _T = TypeVar("_T")

    class In(Signal, Generic[_T]):
        """An input of a type."""

    class Out(Signal, Generic[_T]):
        """An output of a type."""

    class InOut(Signal, Generic[_T]):
        """A tri-state port of a type."""

    Clock = Signal
    Reset = ResetSignal

    from ._convert import toVerilog as toVerilog
    from ._convert import toVHDL as toVHDL
    from ._cosimulation import Cosimulation as Cosimulation
    from ._hdlclass import HdlClass as HdlClass
    from ._simulation import Simulation as Simulation
    from ._struct import struct as struct
    from ._trace import traceSignals as traceSignals
else:
    from ._ports import Clock, In, InOut, Out, Reset
    from ._types import Array, Int, Mod, sint, uint

# Names that a design often does without, and the modules that are imported when they are used.
_LATER = {
    "Cosimulation": "_cosimulation",
    "HdlClass": "_hdlclass",
    "Simulation": "_simulation",
    "struct": "_struct",
    "toVHDL": "_convert",
    "toVerilog": "_convert",
    "traceSignals": "_trace",
}

__all__ = [
    "Array", "Clock", "ConcatSignal", "Constant", "Cosimulation", "EnumItemType", "EnumType", "HdlClass", "In",
    "InOut", "Int", "Mod", "OpenPort", "Out", "Reset", "ResetSignal", "Signal", "SignalType", "Simulation",
    "StopSimulation", "SuspendSimulation", "Tristate", "TristateSignal", "always", "always_comb", "always_seq",
    "bin", "block", "concat", "delay", "downrange", "enum", "instance", "instances", "intbv", "join", "modbv",
    "negedge", "now", "posedge", "sint", "struct", "toVHDL", "toVerilog", "traceSignals", "uint",
]  # fmt: skip


def __getattr__(name: str):
    module = _LATER.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Not importlib, which costs more than the module itself.
    value = getattr(__import__(f"{__name__}.{module}", fromlist=[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
