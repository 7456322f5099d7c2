"""Each design of the corpus does the same compiled as it does in Python itself: lowering is compared with the language."""

import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DESIGNS = sorted((HERE.parent / "corpus" / "python").glob("*.py"))

# What the subset has and Python has not.
BEYOND_PYTHON = {
    "dictionary": "Signals are unhashable",
    "enum_encodings": "Signals are unhashable",
    "enum_tables": "Signals are unhashable",
    "nested_tables": "Signals are unhashable",
}


def driven(pyhw: str, design: Path, *options: str) -> subprocess.Popen:
    command = [pyhw, "sim", *options, str(HERE / "programs" / "corpus" / "drive.py"), "--", str(design)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("design", DESIGNS, ids=lambda path: path.stem)
def test_compiled_processes_do_what_python_does(program, design):
    pyhw = program("pyhw")
    compiled, in_python = driven(pyhw, design), driven(pyhw, design, "--in-python")
    (seen, faults), (expected, python_faults) = compiled.communicate(timeout=60), in_python.communicate(timeout=60)
    assert compiled.returncode == 0, faults
    if design.stem in BEYOND_PYTHON:
        assert BEYOND_PYTHON[design.stem] in python_faults
        return
    assert in_python.returncode == 0, python_faults
    assert len(seen.splitlines()) >= 100
    assert seen == expected
