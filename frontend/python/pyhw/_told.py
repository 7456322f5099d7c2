"""What a failed assertion is told with: the values of the names in its condition."""

from __future__ import annotations

import ast
import types

_LONGEST = 80
_MOST = 8
_DULL = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type)


def condition_values(frame: types.FrameType, text: str, line: int, signals: bool) -> list[tuple[str, str]]:
    """The names in the condition of the assertion at a line, with what they are in the frame, in the order of the text.

    Attributes of objects are looked at where that runs no code of the user's, and nothing is called. `signals` tells whether signals
    have still the values that they had then: after a simulation they have their initial values again.
    """
    from ._signal import Signal

    found: dict[str, str] = {}
    for node in _names(_condition(text, line)):
        try:
            value = _value(node, frame)
        except LookupError:
            continue
        if isinstance(value, _DULL) or len(found) == _MOST:
            continue
        if not signals and (isinstance(value, Signal) or _is_of_signal(node, frame)):
            continue
        shown = _shown(value)
        # An object that has no text of its own tells nothing.
        if " object at 0x" not in shown:
            found.setdefault(ast.unparse(node), shown)
    return list(found.items())


def note_values(error: AssertionError, last: types.TracebackType | None) -> None:
    """Lets an assertion that failed in a simulation carry the values of now: when it is told of, signals have other ones."""
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is not None:
        import linecache

        from ._texts import file_of, text_of

        name = file_of(last.tb_frame.f_code)
        text = text_of(name) or "".join(linecache.getlines(name))
        error._pyhw_values = condition_values(last.tb_frame, text, last.tb_lineno, True)  # type: ignore[attr-defined]


def _condition(text: str, line: int) -> ast.expr | None:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and node.lineno <= line <= (node.end_lineno or node.lineno):
            return node.test
    return None


def _names(node: ast.AST | None) -> list[ast.expr]:
    """Names, and attributes of names, from left to right."""
    if node is None:
        return []
    if isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and _is_path(node)):
        return [node]
    return [name for part in ast.iter_child_nodes(node) for name in _names(part)]


def _is_path(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _is_of_signal(node: ast.expr, frame: types.FrameType) -> bool:
    """Whether it is an attribute of a signal."""
    from ._signal import Signal

    return isinstance(node, ast.Attribute) and isinstance(_value(node.value, frame), Signal)


def _value(node: ast.expr, frame: types.FrameType):
    """Raises LookupError for what is not there or would have to be computed."""
    if isinstance(node, ast.Attribute):
        owner = _value(node.value, frame)
        from ._signal import Signal

        if isinstance(owner, Signal) and node.attr in ("val", "next"):
            return getattr(owner, node.attr)
        return getattr(owner, "__dict__", {})[node.attr]
    assert isinstance(node, ast.Name)
    for names in (frame.f_locals, frame.f_globals):
        if node.id in names:
            return names[node.id]
    raise LookupError(node.id)


def _shown(value) -> str:
    from ._intbv import intbv
    from ._signal import Signal

    try:
        if isinstance(value, Signal):
            value = value.val
        text = str(int(value)) if isinstance(value, intbv) else repr(value)
    except Exception as error:  # noqa: BLE001 - a value that cannot be shown is no reason to lose the fault
        return f"<{type(error).__name__}>"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
