"""MyHDL's names for pyhw's objects: what `import myhdl` gives under pyhw.

`pyhw._hook.install()` makes the name `myhdl` resolve to this package. The package holds no code of
its own: every object is pyhw's.
"""

from __future__ import annotations

import pyhw
from pyhw import *  # noqa: F403 - the public names, those of MyHDL among them
from pyhw import (
    AlwaysCombError,
    AlwaysError,
    BlockError,
    BlockInstanceError,
    ConversionError,
    ConversionWarning,
    CosimulationError,
    Error,
    ExtractHierarchyError,
    InstanceError,
    SimulationError,
    StopSimulation,
    ToVerilogError,
    ToVerilogWarning,
    ToVHDLError,
    ToVHDLWarning,
    TraceSignalsError,
)
from pyhw import SuspendSimulation as _SuspendSimulation

from . import conversion

# The version of MyHDL whose names and behaviour these are.
__version__ = "0.11.52"

# What MyHDL's `from myhdl import *` gives; pyhw's own names stay out of a MyHDL user's way.
__all__ = [
    "bin", "concat", "intbv", "modbv", "join", "posedge", "negedge", "Signal", "SignalType", "Constant",
    "ConcatSignal", "TristateSignal", "now", "delay", "downrange", "StopSimulation", "Cosimulation", "Simulation",
    "instances", "instance", "block", "always_comb", "always_seq", "ResetSignal", "always", "enum", "EnumType",
    "EnumItemType", "traceSignals", "toVerilog", "toVHDL", "conversion", "Tristate", "OpenPort", "HdlClass",
]  # fmt: skip


def __getattr__(name: str):
    # `from myhdl import _simulator`, and the like: the import hook knows what is there.
    from sys import modules

    from ._private import MODULES

    if name in MODULES and modules.get("myhdl") is modules[__name__]:
        __import__(f"myhdl.{name}")
        return modules[f"myhdl.{name}"]
    raise AttributeError(f"module 'myhdl' has no attribute {name!r}")
