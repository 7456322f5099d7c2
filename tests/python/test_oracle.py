"""Values and messages are MyHDL's: the same programs print the same under both."""

import difflib
import re
import subprocess
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).parent / "programs"
SIMULATED = sorted(path.stem for path in (PROGRAMS / "sim").glob("*.py"))

# What is not compared: messages that Python itself makes, and where a class is defined.
_PYTHONS_OWN = re.compile(
    r"((?:Type|Attribute)Error) .*(unsupported operand|not supported between|has no |positional arg|bad operand|augmented|object cannot be|is not subscriptable|must be|object is not|expected at most|can only concat|argument should be|can't multiply|not all arguments|requires string).*"
)
_CLASS = re.compile(r"<class '(?:[\w<>]+\.)*_?(\w+)'>")


# How MyHDL calls an exception where pyhw's class stands elsewhere.
_MODULE = re.compile(r"\b(?:myhdl|pyhw)\.(?:_\w+\.)?")


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


@pytest.mark.parametrize("name", SIMULATED)
def test_a_simulation_prints_what_it_prints_under_myhdl(name, oracle_python, program, tmp_path):
    """Both outputs: prints, and how each run says that it ended.

    A program that uses what MyHDL lacks has what it prints beside it, in a `.txt` of its name.
    """
    path = PROGRAMS / "sim" / f"{name}.py"
    expected = path.with_suffix(".txt")
    ours = subprocess.run([program("pyhw"), "sim", str(path)], cwd=tmp_path, capture_output=True, text=True)
    assert ours.returncode == 0, ours.stdout + ours.stderr
    if expected.exists():
        assert ours.stdout == expected.read_text()
        return
    theirs = subprocess.run([oracle_python, str(path)], cwd=tmp_path, capture_output=True, text=True)
    assert theirs.returncode == 0, theirs.stderr
    assert theirs.stdout.count("\n") >= 3
    for a, b in ((theirs.stdout, ours.stdout), (theirs.stderr, ours.stderr)):
        lines = [_MODULE.sub("", text).splitlines() for text in (a, b)]
        assert lines[0] == lines[1], "\n".join(difflib.unified_diff(*lines, "MyHDL", "pyhw", lineterm="", n=0))
