"""The texts of code that stands in no file.

Code that came from `exec(text)` or `compile(text, "<string>", "exec")` has neither its text nor a name of its own: any number of
texts are called `<string>`. Python tells a listener of each text that it compiles, so these are kept, and some code is of the text
that gives the same code when it is compiled again.
"""

from __future__ import annotations

import os
import sys
from types import CodeType

# By the name that a text was compiled under: the texts, the oldest first, each with what messages call it once they have to.
_heard: dict[str, dict[str, str]] = {}
# The texts by what messages call them, which no two share.
_called: dict[str, str] = {}
# The code objects of a text that was compiled again, by name, text and flags.
_codes: dict[tuple[str, str, int], frozenset[CodeType]] = {}

# The bits of a code object's flags that `from __future__ import …` sets: a text that is run inherits them.
_FUTURE = 0x1FE0000


def listen() -> None:
    """From now on the texts that Python compiles are kept, but for those of files and those without a function."""
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple) -> None:
    if event != "compile":
        return
    # Nothing may be raised here: it would end what Python is about to do.
    text, name = arguments
    if not isinstance(name, str) or not isinstance(text, (str, bytes)) or "\0" in name or os.path.exists(name):
        return
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    if "def " in text or "lambda" in text:
        _heard.setdefault(name, {}).setdefault(text, "")


def file_of(code: CodeType) -> str:
    """The file of some code, or what messages call the text that it was compiled from: `<string>`, a second one `<string 2>`."""
    name = code.co_filename
    texts = _heard.get(name)
    if not texts:
        return name
    for text in reversed(list(texts)):
        if code in _codes_of(text, name, code.co_flags & _FUTURE):
            return _call(text, name)
    return name


def text_of(file: str) -> str | None:
    """The text that messages call so; of a name that texts were compiled under, the last one. None for any other name."""
    if file in _called:
        return _called[file]
    return next(reversed(_heard.get(file, {})), None)


def _call(text: str, name: str) -> str:
    texts = _heard[name]
    if not texts[text]:
        number = 1 + sum(1 for called in texts.values() if called)
        called = name if number == 1 else f"{name[:-1]} {number}>" if name.endswith(">") else f"{name} {number}"
        texts[text] = called
        _called[called] = text
    return texts[text]


def _codes_of(text: str, name: str, flags: int) -> frozenset[CodeType]:
    key = (text, name, flags)
    codes = _codes.get(key)
    if codes is None:
        import warnings

        found: set[CodeType] = set()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                pending = [compile(text, name, "exec", flags, True)]
            except (SyntaxError, ValueError):
                pending = []
        while pending:
            code = pending.pop()
            found.add(code)
            pending.extend(inner for inner in code.co_consts if isinstance(inner, CodeType))
        codes = _codes[key] = frozenset(found)
    return codes
