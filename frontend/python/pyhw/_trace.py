"""`traceSignals`: asks for waves of a block in the next simulation."""

from __future__ import annotations

import os

from ._block import Block
from ._errors import TraceSignalsError


class _error:
    TopLevelName = "result of traceSignals call should be assigned to a top level name"
    ArgType = "traceSignals first argument should be a classic function"
    MultipleTraces = "Cannot trace multiple instances simultaneously"


class _TraceSignals:
    """`traceSignals(block)` makes the next simulation write a VCD file, and returns the block.

    Attributes: `name` (of the top scope), `directory`, `filename` (without suffix), `timescale`,
    `tracelists` (whether lists of signals are traced), `tracebackup` (whether a file of the same
    name is kept, as a copy with its time in the name).
    """

    def __init__(self) -> None:
        self.name: str | None = None
        self.directory: str | None = None
        self.filename: str | None = None
        self.timescale = "1ns"
        self.tracelists = True
        self.tracebackup = True
        self._request: dict | None = None

    def __call__(self, dut, *args, **kwargs):
        """`dut` is a block; MyHDL's older form takes a function and its arguments."""
        result: object = dut
        if isinstance(dut, Block):
            top = dut
            name = dut.func.__name__
        elif callable(dut):
            from ._legacy import elaborate_function

            name = dut.__name__
            top, result = elaborate_function("traceSignals", dut, args, kwargs)
        else:
            raise TraceSignalsError(_error.ArgType, f"got {type(dut)}")
        if self.name is not None:
            name = str(self.name)
        filename = name if self.filename is None else str(self.filename)
        path = os.path.join(self.directory or "", f"{filename}.vcd")
        self._drop()
        self._keep_old(path)
        # Made now, so that a folder that is not there is an error where it was named.
        open(path, "w", encoding="utf-8").close()
        self._request = {
            "file": path,
            "timescale": self.timescale,
            "top": top,
            "name": name,
            "tracelists": bool(self.tracelists),
        }
        return result

    def _drop(self) -> None:
        """A later call replaces an earlier one that no simulation has taken: the outer block wins."""
        if self._request is not None:
            path = self._request["file"]
            if os.path.exists(path) and os.path.getsize(path) == 0:
                os.remove(path)
            self._request = None

    def _keep_old(self, path: str) -> None:
        if self.tracebackup and os.path.exists(path):
            from shutil import copyfile

            copyfile(path, f"{path[:-4]}.{os.path.getmtime(path)}.vcd")


traceSignals = _TraceSignals()
