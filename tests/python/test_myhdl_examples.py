"""Every script under `example/` of MyHDL's source distribution, unchanged, under MyHDL and under `pyhw sim`.

What runs there runs here, with the same output and the same waves; what it converts is converted,
is read by the tools without a word, and does the same as what MyHDL converts.
"""

import difflib
import os
import re
import shutil
import subprocess

import pytest

from _agreement import differences
from _scripts import Scripts, messages
from _vcd import missing

# How many of them ran when this was written; fewer would mean that nothing much is compared.
RUN_UNDER_MYHDL = 51

# What the inputs of a block must stay below: for others Python raises IndexError, and hardware may do as it likes.
BELOW = {"bcd2led": {"bcd": 10}, "rom": {"addr": 4}}

# Exit codes of pyhw for a script that fails: a check of the design, the design.
FAILED = (1, 2, 3)


def _scripts(config) -> list[str]:
    source = config.myhdl_source
    if source is None:
        return []
    folder = source / "example"
    found = (str(path.relative_to(folder)) for path in folder.rglob("*.py") if path.name != "__init__.py")
    return sorted(found)


def pytest_generate_tests(metafunc):
    if "script" in metafunc.fixturenames:
        metafunc.parametrize("script", _scripts(metafunc.config))


@pytest.fixture(scope="module")
def scripts(request, oracle_python, tmp_path_factory, program):
    """The scripts of this run, which begin at once."""
    source = request.config.myhdl_source
    runs = Scripts(source / "example", tmp_path_factory.mktemp("examples"), oracle_python, program("pyhw"))
    for item in request.session.items:
        callspec = getattr(item, "callspec", None)
        if item.path == request.path and callspec is not None:
            runs.begin(callspec.params["script"])
    yield runs
    runs.close()


def _benched(name: str) -> list[str]:
    """The file of the design that a test bench of this name is for; none if it is no bench of a cosimulation."""
    return [name.removeprefix("tb_")] if re.fullmatch(r"tb_.*\.v", name) else []


def _difference(theirs: str, ours: str) -> str:
    lines = difflib.unified_diff(theirs.splitlines(), ours.splitlines(), "MyHDL", "pyhw", lineterm="", n=0)
    return "\n".join(list(lines)[:40])


def test_the_scripts_are_there_and_most_run_under_myhdl(request, program):
    if request.config.myhdl_source is None:
        message = "MyHDL's source distribution is not there: give its folder with --myhdl-source"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    scripts = request.getfixturevalue("scripts")
    whole = [item for item in request.session.items if item.path == request.path and hasattr(item, "callspec")]
    names = {item.callspec.params["script"] for item in whole}
    if len(names) < len(_scripts(request.config)):
        pytest.skip("only some scripts were selected")
    assert sum(scripts.both(name)[0].code == 0 for name in names) >= RUN_UNDER_MYHDL


def test_a_script_runs_alike(scripts, script):
    theirs, ours = scripts.both(script)
    if theirs.code != 0:
        # What fails there may run here; where it does not, the design is to blame and not pyhw.
        assert ours.code == 0 or ours.code in FAILED, ours.err
        assert "internal fault" not in ours.err
        return
    assert ours.code == 0, ours.out + ours.err
    assert ours.out == theirs.out, _difference(theirs.out, ours.out)
    assert messages(ours.err) == messages(theirs.err), _difference(messages(theirs.err), messages(ours.err))
    for name, path in theirs.made.items():
        # A package that pyhw's VHDL does without.
        if re.match(r"pck_myhdl_\d+\.vhd$", name):
            continue
        assert name in ours.made, f"{name} was not made"
        if path.suffix == ".vcd":
            assert not missing(path, ours.made[name])


def test_what_a_script_converts_is_read_by_the_tools(scripts, script, program, tmp_path):
    _, ours = scripts.both(script)
    readers = {
        ".v": [["iverilog", "-Wall", "-t", "null"]],
        ".vhd": [["ghdl", "-a", "--std=93"], ["ghdl", "-a", "--std=08"]],
    }
    for path in ours.made.values():
        # One library for each: a script may convert a block twice, alone and within another.
        library = tmp_path / path.name
        library.mkdir()
        for command in readers.get(path.suffix, []):
            program(command[0])
            # The bench of a cosimulation is read with its design.
            files = [str(path), *(str(ours.made[name]) for name in _benched(path.name) if name in ours.made)]
            done = subprocess.run([*command, *files], cwd=library, capture_output=True, text=True, timeout=120)
            assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_what_a_script_converts_does_what_myhdls_conversion_does(scripts, script, program, tmp_path):
    program("iverilog")
    theirs, ours = scripts.both(script)
    for name in theirs.made.keys() & ours.made.keys():
        if name.endswith(".v") and not _benched(name):
            top = name.removesuffix(".v")
            assert not differences(theirs.made[name], ours.made[name], top, BELOW.get(top, {}), tmp_path), name
