"""A reset restores what it restores under MyHDL, whoever runs the process: half cycle by half cycle."""

import re
import subprocess
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent / "programs" / "restored.py"

# What the subset does not have. Every other case is compiled.
IN_PYTHON = {
    "alias_of_an_integer",
    "choice_in_a_target",
    "element_of_an_integer",
    "integer",
    "integer_in_a_function",
    "integer_of_an_object",
    "variable_of_a_loop",
}


@pytest.fixture(scope="module")
def runs(oracle_python, program, tmp_path_factory) -> dict[str, tuple[str, str]]:
    """Both outputs of MyHDL, of compiled processes and of processes in Python."""
    pyhw = program("pyhw")
    commands = {
        "MyHDL": [oracle_python, PROGRAM],
        "compiled": [pyhw, "sim", "-v", PROGRAM],
        "in Python": [pyhw, "sim", "--in-python", PROGRAM],
    }
    folder = tmp_path_factory.mktemp("resets")
    outputs = {}
    for side, command in commands.items():
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        outputs[side] = done.stdout, done.stderr
    return outputs


def _by_case(output: str) -> dict[str, list[str]]:
    cases: dict[str, list[str]] = {}
    for line in output.splitlines():
        name, rest = line.split(maxsplit=1)
        cases.setdefault(name, []).append(rest)
    return cases


@pytest.mark.parametrize("side", ["compiled", "in Python"])
def test_a_reset_restores_what_it_restores_under_myhdl(runs, side):
    theirs, ours = _by_case(runs["MyHDL"][0]), _by_case(runs[side][0])
    assert len(theirs) > 40
    assert all(len(lines) == 4 * 28 for lines in theirs.values())
    assert list(theirs) == list(ours)
    assert [name for name in theirs if theirs[name] != ours[name]] == []


def test_the_cases_are_compiled(runs):
    resumed = set(re.findall(r"Python resumes `(\w+)\.\w+`", runs["compiled"][1]))
    assert resumed == IN_PYTHON | {"bench"}
