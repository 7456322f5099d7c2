"""Values and messages are MyHDL's: the same programs print the same under both."""

import difflib
import re

import pytest

# What is not compared: messages that Python itself makes, and where a class is defined.
_PYTHONS_OWN = re.compile(
    r"((?:Type|Attribute)Error) .*(unsupported operand|not supported between|has no |positional arg|bad operand|augmented|object cannot be|is not subscriptable|must be|object is not|expected at most|can only concat|argument should be|can't multiply|not all arguments|requires string).*"
)
_CLASS = re.compile(r"<class '(?:[\w<>]+\.)*_?(\w+)'>")


def _comparable(line: str) -> str:
    line = _PYTHONS_OWN.sub(r"\1", line)
    return (
        _CLASS.sub(r"<\1>", line)
        .replace("_DelayedSignal", "Signal")
        .replace("_Signal", "Signal")
        .replace("EnumItem", "Item")
        .replace("_Item", "Item")
    )


@pytest.mark.parametrize("program", ["values.py", "signals.py", "blocks.py"])
def test_a_program_prints_what_it_prints_under_myhdl(both, program):
    theirs, ours = (list(map(_comparable, lines)) for lines in both(program))
    assert len(theirs) > 20
    difference = list(difflib.unified_diff(theirs, ours, "MyHDL", "pyhw", lineterm="", n=0))
    assert not difference, "\n".join(difference[:60])
