"""Small public functions: `downrange` and `instances`."""

from __future__ import annotations

import sys


def downrange(start: int, stop: int = 0, step: int = 1) -> range:
    """Returns the range from `start` - 1 down to `stop`, which is how MyHDL counts bits."""
    return range(start - 1, stop - 1, -step)


def is_instance(thing: object) -> bool:
    """Whether `thing` is a block, a process, or a list, tuple or set of such (an empty one too)."""
    from ._block import Block
    from ._cosimulation import Cosimulation
    from ._process import Process

    if isinstance(thing, (Block, Process, Cosimulation)):
        return True
    return isinstance(thing, (list, tuple, set)) and all(map(is_instance, thing))


def instances() -> list:
    """Returns the blocks and processes among the local names of the function that calls it."""
    names = sys._getframe(1).f_locals
    return [value for value in names.values() if is_instance(value)]


def flatten(*items: object) -> list:
    """The items with lists, tuples and sets replaced by what is in them, in order."""
    flat = []
    for item in items:
        if isinstance(item, (list, tuple, set)):
            flat.extend(flatten(*item))
        else:
            flat.append(item)
    return flat
