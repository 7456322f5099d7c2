"""The time of the simulation that runs.

`source` is the native simulation whose time `now` tells, or None: the extension sets it when a
run starts, and leaves it when the run ends, so that `now()` afterwards tells the last time.
"""

from __future__ import annotations

source = None


class _Current:
    """The time that is shared by everything that asks for it."""

    __slots__ = ()

    def now(self) -> int:
        """The time in steps of the time unit; 0 before the first simulation."""
        return 0 if source is None else source.now


current = _Current()


def now() -> int:
    """Returns the current simulation time, in steps of the time unit."""
    return current.now()
