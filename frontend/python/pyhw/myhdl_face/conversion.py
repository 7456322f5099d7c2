"""MyHDL's package `myhdl.conversion`."""

from __future__ import annotations

from .._convert import toVerilog, toVHDL
from .._verify import analyze, registerSimulator, verify

__all__ = ["verify", "analyze", "registerSimulator", "toVerilog", "toVHDL"]
