"""`Simulation`: checks what is to be simulated, and lets the native kernel run it."""

from __future__ import annotations

from . import _time
from ._block import Block
from ._cosimulation import Cosimulation
from ._errors import SimulationError, StopSimulation
from ._process import Process
from ._signal import _touched
from ._trace import traceSignals

_Generator = type((lambda: (yield))())


class _error:
    ArgType = "Inappriopriate argument type"
    MultipleCosim = "Only a single cosimulator argument allowed"
    DuplicatedArg = "Duplicated argument"
    MultipleSim = "Only a single Simulation instance is allowed"


def _items(things, found: list) -> list:
    """The blocks, processes and generators in nested lists, in order. Raises SimulationError."""
    for thing in things:
        if isinstance(thing, (list, tuple, set)):
            _items(thing, found)
        elif isinstance(thing, (Block, Process, _Generator, Cosimulation)):
            found.append(thing)
            if isinstance(thing, Block):
                thing.is_used = True
        elif not thing == True:  # noqa: E712 - MyHDL lets what equals True pass, and skips it
            raise SimulationError(_error.ArgType, str(type(thing)))
    return found


def _check_once(items: list, seen: set) -> None:
    """Raises SimulationError if a process or generator is there twice."""
    for item in items:
        if isinstance(item, Block):
            _check_once(item.subs, seen)
        elif id(item) in seen:
            raise SimulationError(_error.DuplicatedArg)
        else:
            seen.add(id(item))


class Simulation:
    """A simulation of blocks, processes and generators, in any nesting of lists.

    Raises SimulationError for anything else, or for a process given twice. Several simulations
    may exist at once, unlike in MyHDL.
    """

    def __init__(self, *args) -> None:
        self._args = _items(args, [])
        _check_once(self._args, set())
        self._native = None
        self._finished = False
        # What `traceSignals` asked for, the next simulation carries out.
        self._trace, traceSignals._request = traceSignals._request, None
        # Time starts anew, and what was assigned before is not a pending event, except in a simulation that goes on.
        _time.source = None
        pending = [sig for sig in _touched if sig._sim is not None and not sig._sim.finished]
        for sig in _touched:
            sig._is_touched = False
        for sig in pending:
            sig._is_touched = True
        _touched[:] = pending

    def run(self, duration: int | None = None, quiet: int = 0) -> int:
        """Runs for `duration` time steps, or until nothing is left to do; what is due now, if it is negative.

        Returns 1 if the simulation can go on and 0 if it has ended. `quiet` silences the message
        at the end. Raises what a process raises, and StopSimulation if it had ended before.
        """
        if self._finished:
            raise StopSimulation("Simulation has already finished")
        native = self._native
        if native is None:
            native = self._native = self._start(bool(quiet))
        try:
            suspended = native.run(duration or None, bool(quiet))
        except Exception:
            self._finished = getattr(native, "finished", True)
            raise
        self._finished = not suspended
        return suspended

    def _start(self, quiet: bool):
        from ._extension import native

        return native().Simulation(self._args, {"trace": self._trace, "quiet": quiet})

    def quit(self) -> None:
        """Ends the simulation and restores the initial values of its signals."""
        if self._native is not None and not self._finished:
            self._native.finish()
        self._finished = True
