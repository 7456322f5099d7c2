"""Reads the waves that MyHDL and pyhw write, far enough to compare them."""

from collections import Counter
from pathlib import Path

# A change: the time in steps, and the value that holds from then on.
Trace = tuple[tuple[int, object], ...]


def _value(text: str) -> object:
    """A value as a number where it is one, whatever kind of variable holds it."""
    kind, rest = text[0], text[1:]
    if kind in "01":
        return int(kind)
    if kind in "bB":
        try:
            return int(rest, 2)
        except ValueError:
            return rest
    if kind in "rR":
        return float(rest)
    if kind in "sS":
        try:
            return float(rest)
        except ValueError:
            return {"True": 1, "False": 0}.get(rest, rest)
    return kind


def _changes(values: list[tuple[int, object]]) -> Trace:
    """The last value at each time, where it differs from the one before."""
    last = dict(values)
    kept: list[tuple[int, object]] = []
    for time, value in sorted(last.items()):
        if not kept or kept[-1][1] != value:
            kept.append((time, value))
    return tuple(kept)


def read(path: Path) -> tuple[str, Counter[tuple[str, Trace]]]:
    """The timescale, and how often each pair of a variable's name and its trace occurs.

    Scopes are left out: MyHDL numbers instances where pyhw calls them by their variables.
    """
    words = iter(path.read_text().split())
    names: list[tuple[str, str]] = []
    values: dict[str, list[tuple[int, object]]] = {}
    time, timescale = 0, ""

    def until_end() -> list[str]:
        found = []
        for word in words:
            if word == "$end":
                break
            found.append(word)
        return found

    for word in words:
        if word == "$var":
            kind, width, code, name, *_ = until_end()
            names.append((name, code))
        elif word == "$timescale":
            timescale = "".join(until_end())
        elif word in ("$date", "$version", "$comment", "$scope", "$upscope", "$enddefinitions"):
            until_end()
        elif word.startswith("#"):
            time = int(word[1:])
        elif word[0] in "bBrRsS":
            values.setdefault(next(words), []).append((time, _value(word)))
        elif not word.startswith("$"):
            values.setdefault(word[1:], []).append((time, _value(word)))
    return timescale, Counter((name, _changes(values.get(code, []))) for name, code in names)


def missing(theirs: Path, ours: Path) -> list[str]:
    """What is different in the second file; traces that only the second has are no difference.

    A signal that MyHDL shows in several scopes need not be in as many here: functions without
    `@block` are no scopes.
    """
    (their_scale, their_traces), (our_scale, our_traces) = read(theirs), read(ours)
    told = [] if their_scale == our_scale else [f"timescale {their_scale}, here {our_scale}"]
    for name, trace in their_traces:
        if (name, trace) not in our_traces:
            others = [other for found, other in our_traces if found == name]
            told.append(f"{name}: {_difference(trace, others)}")
    return told


def _difference(trace: Trace, others: list[Trace]) -> str:
    if not others:
        return "not there"
    other = others[0]
    for theirs, ours in zip(trace, other):
        if theirs != ours:
            return f"(time, value) {theirs}, here {ours}"
    return f"{len(trace)} changes, here {len(other)}"
