"""Stand-ins for private objects of MyHDL's simulator, which its own tests and some test benches name.

A simulation here takes generators as they are, and its kernel finds what they wait for (`myhdl._Waiter`). So a waiter is its generator;
the classes are names to import, and nothing is an instance of them. The kernel has the file of waves, and closes it (`_simulator._tf`).
"""

from __future__ import annotations


def _Waiter(generator):
    """The generator."""
    return generator


_inferWaiter = _Waiter


class _SignalWaiter:
    """Of a process that waits for changes of one signal."""


class _SignalTupleWaiter:
    """Of a process that waits for changes of several signals."""


class _DelayWaiter:
    """Of a process that waits for times only."""


class _EdgeWaiter:
    """Of a process that waits for an edge."""


class _EdgeTupleWaiter:
    """Of a process that waits for several edges."""


class _File:
    def close(self) -> None:
        """Does nothing."""


_tf = _File()
# Whether a file of waves is open that a test would have to close.
_tracing = 0
