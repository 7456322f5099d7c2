"""What MyHDL's `symdict`, `sigdict` and `memdict` of a block instance hold: names with what they are bound to."""

from __future__ import annotations

import dis

from ._process import Process
from ._signal import Signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._block import Block

_LOADS = ("LOAD_DEREF", "LOAD_GLOBAL", "LOAD_NAME", "LOAD_CLASSDEREF")


class MemInfo:
    """A list of signals: the list `mem`, its length `depth`, and its first element `elObj`."""

    __slots__ = ("mem", "name", "elObj", "depth", "_used", "_driven", "_read")

    def __init__(self, mem: list) -> None:
        self.mem = mem
        self.name = None
        self.elObj = mem[0]
        self.depth = len(mem)
        self._used = False
        self._driven = None
        self._read = None


def is_memory(thing: object) -> bool:
    """Whether it is a list of signals that is not empty."""
    return isinstance(thing, list) and bool(thing) and all(isinstance(one, Signal) for one in thing)


def _is_made(thing: object) -> bool:
    """Whether it is something that runs, or a list of it: MyHDL looks at the names when the first of these is made."""
    if isinstance(thing, (list, tuple)):
        return bool(thing) and all(map(_is_made, thing))
    return hasattr(type(thing), "modctxt") or hasattr(thing, "modctxt")


def symbols(block: Block) -> dict[str, object]:
    """The names that the block's function sees, and `object_attribute` for what its processes name as `object.attribute`.

    Empty for a block without anything in it.
    """
    if not any(hasattr(sub, "modctxt") for sub in block.subs):
        return {}
    found = dict(getattr(block.func, "__globals__", {}))
    found.update((name, thing) for name, thing in block.locals.items() if not _is_made(thing))
    for sub in block.subs:
        if isinstance(sub, Process):
            found.update(_attributes(sub, found))
    return found


def memories(symdict: dict[str, object], block: Block) -> dict[str, MemInfo]:
    """The lists of signals among the names; those that a process of the block names are used."""
    found: dict[str, MemInfo] = {}
    used = {name for sub in block.subs if isinstance(sub, Process) for name in _used(sub)}
    known: dict[int, MemInfo] = {}
    for name, thing in symdict.items():
        if is_memory(thing):
            info = found[name] = known.setdefault(id(thing), MemInfo(thing))  # type: ignore[arg-type]
            info._used = info._used or name in used
    return found


def _paths(process: Process) -> Iterator[list[str]]:
    """The names in a process, each with the attributes that are looked up from it."""
    path: list[str] = []
    for step in dis.get_instructions(process.func.__code__):
        if step.opname in _LOADS:
            if path:
                yield path
            path = [step.argval]
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD") and path:
            path.append(step.argval)
        elif path and step.opname not in ("CACHE", "EXTENDED_ARG"):
            yield path
            path = []
    if path:
        yield path


def _used(process: Process) -> set[str]:
    paths = list(_paths(process))
    return {"_".join(path[:end]) for path in paths for end in range(1, len(path) + 1)}


def _attributes(process: Process, names: dict[str, object]) -> dict[str, object]:
    """Signals and lists of them that are attributes of objects, by the names of object and attributes."""
    found: dict[str, object] = {}
    for first, *rest in _paths(process):
        thing = names.get(first)
        for place, attribute in enumerate(rest):
            if isinstance(thing, Signal):
                break
            thing = getattr(thing, "__dict__", {}).get(attribute)
            if isinstance(thing, Signal) or is_memory(thing):
                found["_".join([first, *rest[: place + 1]])] = thing
                break
    return found
