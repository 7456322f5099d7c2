"""Finds the block that is being built, and keeps the frame of its function.

A block's function is called from `Block._elaborate`. What it calls (decorators and other blocks)
looks one frame back: that frame is held, and its local names are complete after it returned.
"""

from __future__ import annotations

import sys

# Blocks whose functions run now, by the id of the frame that called the function. Frames of
# different threads differ, so threads do not meet here.
_building: dict[int, object] = {}

# Up to Python 3.11 a comprehension has a frame of its own.
_COMPREHENSIONS = frozenset(("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"))


def defining_block(depth: int = 2) -> tuple[object, str]:
    """The block under way whose function has the frame `depth` levels up, or None; and the name of that function.

    The first such frame of each block is kept in the block as `_frame`.
    """
    frame = sys._getframe(depth)
    while frame.f_code.co_name in _COMPREHENSIONS and frame.f_back is not None:
        frame = frame.f_back
    block = _building.get(id(frame.f_back))
    if block is None:
        return None, frame.f_code.co_name
    if block._frame is None:  # type: ignore[attr-defined]
        block._frame = frame  # type: ignore[attr-defined]
    return block, frame.f_code.co_name
