"""Designs of plain functions, as MyHDL had them before `@block`.

`toVerilog(func, …)`, `toVHDL(func, …)` and `traceSignals(func, …)` call the function and follow
the calls in it: each function that returns processes is taken for a block. This is the only place
that needs a profiling hook.
"""

from __future__ import annotations

import os
import sys

from ._block import Block, BlockFunction, BoundBlock
from ._errors import ExtractHierarchyError
from ._functions import is_instance
from ._naming import name_children
from ._scope import _COMPREHENSIONS
from ._texts import file_of
from ._usercode import UserCode

_HERE = os.path.dirname(__file__) + os.sep
_Cell = type((lambda x: lambda: x)(0).__closure__[0])  # type: ignore[index]
_Function = type(lambda: None)


def elaborate_function(user: str, func, args: tuple, kwargs: dict) -> tuple[Block, object]:
    """Calls `func`; returns the block that stands for the call, and what the call returned.

    Warns that `user` is called in the old way. Raises ExtractHierarchyError if the call makes no
    process.
    """
    from warnings import warn

    warn(
        f"\n    {user}(): Deprecated usage: See http://dev.myhdl.org/meps/mep-114.html",
        category=DeprecationWarning,
        stacklevel=3,
    )
    if isinstance(func, (BlockFunction, BoundBlock)):
        block = func(*args, **kwargs)
        return block, block
    recorder = _Recorder()
    previous = sys.getprofile()
    sys.setprofile(recorder)
    try:
        result = func(*args, **kwargs)
    finally:
        sys.setprofile(previous)
    top = recorder.block_of(result)
    if top is None:
        raise ExtractHierarchyError("No instances found")
    return top, result


def _is_empty(result: object) -> bool:
    return isinstance(result, (list, tuple, set)) and not result


class _Recorder:
    """A profiling hook that makes a block of each call that returns processes."""

    def __init__(self) -> None:
        # By id of the returned object, which is kept so that the id stays its own.
        self._blocks: dict[int, tuple[object, Block]] = {}

    def block_of(self, result: object) -> Block | None:
        entry = self._blocks.get(id(result))
        return None if entry is None else entry[1]

    def __call__(self, frame, event: str, arg) -> None:
        if event != "return" or isinstance(arg, Block) or not is_instance(arg) or _is_empty(arg):
            return
        code = frame.f_code
        if code.co_filename.startswith(_HERE) or code.co_name in _COMPREHENSIONS:
            return
        names = dict(frame.f_locals)
        caller = frame.f_back or frame
        place = (file_of(caller.f_code), caller.f_lineno)
        block = _recorded(_function_of(frame), names, self._substitute(arg), place)
        name_children(block.subs, {name: self._named(value) for name, value in names.items()})
        self._blocks[id(arg)] = (arg, block)

    def _substitute(self, item) -> list:
        """The blocks and processes that an object stands for, flat."""
        block = self.block_of(item)
        if block is not None:
            return [block]
        if isinstance(item, (list, tuple, set)):
            return [sub for part in item for sub in self._substitute(part)]
        return [item]

    def _named(self, value):
        """What a local name holds, blocks put for the results of calls."""
        block = self.block_of(value)
        if block is not None:
            return block
        if isinstance(value, (list, tuple)) and is_instance(value):
            return [self._named(item) for item in value]
        return value


def _recorded(func, names: dict, subs: list, place: tuple[str, int]) -> Block:
    """A block that was not made by calling a block function."""
    deco = BlockFunction(func)
    block = Block.__new__(Block)
    code = func.__code__
    count = code.co_argcount + code.co_kwonlyargcount
    block.func = func
    block.owner = None
    block.call_name = func.__name__
    block.doc = block.__doc__ = func.__doc__
    block.file = deco.file
    block.line = deco.line
    block.call_place = place
    block._made = []
    block.is_used = False
    block.skipname = False
    block.args = {name: names[name] for name in code.co_varnames[:count] if name in names and name != "self"}
    block.sim = None
    block.modctxt, block.callername = True, func.__name__
    block.locals = names
    block.subs = subs
    block._deco = deco
    block._bound = None
    block._name = None
    block._frame = None
    block._find_user_code()
    # Code in locals of the function is the oldest form.
    for language in ("verilog", "vhdl"):
        code = names.get(f"__{language}__")
        if code and getattr(block, f"{language}_code") is None:
            setattr(block, f"{language}_code", UserCode(language, code, False, block, is_percent=True))
    return block


def _function_of(frame):
    """The function that a frame runs, or one made of its code where it cannot be found."""
    code = frame.f_code
    candidates = [frame.f_globals.get(code.co_name)]
    owner = frame.f_locals.get("self")
    if owner is not None:
        candidates.append(getattr(getattr(owner, code.co_name, None), "__func__", None))
    if frame.f_back is not None:
        candidates.extend(frame.f_back.f_locals.values())
    for candidate in candidates:
        if isinstance(candidate, _Function) and candidate.__code__ is code:
            return candidate
    names = frame.f_locals
    cells = tuple(_Cell(names[name]) if name in names else _Cell() for name in code.co_freevars)
    return _Function(code, frame.f_globals, code.co_name, None, cells)  # type: ignore[misc]
