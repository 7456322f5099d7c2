"""The five benchmarks of MyHDL's source distribution: run and converted, they print the same everywhere.

They are copied and changed first: the `print` statement of Python 2, fewer turns, and prints where only assertions were.
"""

import os
import shutil
import subprocess

import pytest

# What is replaced in each bench; each text must be there.
EDITS = {
    "test_timer.py": [
        ("2**25", "12000"),
        ("                seen = True\n", "                seen = True\n                print(now(), count)\n"),
    ],
    "test_lfsr24.py": [
        ("2**24 - 2", "300"),
        ("            assert lfsr != 1\n", "            assert lfsr != 1\n            print(now(), lfsr)\n"),
        ("assert lfsr == 1", "print(now(), lfsr)"),
    ],
    "test_randgen.py": [("2**20", "200"), ("print random_word", "print(random_word)")],
    "test_longdiv.py": [
        ("2**18", "40"),
        ("            #print d, p, q, quotient\n", "            print(d, p, q, quotient)\n"),
    ],
    "test_findmax.py": [
        ("2 ** 18", "60"),
        ("            assert z == exp\n", "            assert z == exp\n            print(now(), z)\n"),
    ],
}
BENCHES = [name.removesuffix(".py") for name in EDITS]


@pytest.fixture(scope="module")
def folders(request, tmp_path_factory, oracle_python, program):
    """Copies of the benchmarks in which `convert.py` ran under MyHDL and under pyhw, with its exit code."""
    source = request.config.myhdl_source
    if source is None:
        message = "MyHDL's source distribution is not there: give its folder with --myhdl-source"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    found = {}
    for side, command in (("MyHDL", [oracle_python]), ("pyhw", [program("pyhw"), "sim"])):
        folder = tmp_path_factory.mktemp("benchmarks") / side
        shutil.copytree(source / "scripts" / "benchmark", folder)
        for name, edits in EDITS.items():
            text = (folder / name).read_text()
            for old, new in edits:
                assert old in text, f"{name} has no {old!r}"
                text = text.replace(old, new)
            (folder / name).write_text(text)
        done = subprocess.run([*command, "convert.py"], cwd=folder, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        found[side] = (folder, command)
    return found


def _run(command, folder) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def expected(folders):
    """What each bench prints under MyHDL."""
    folder, command = folders["MyHDL"]
    outputs = {name: _run([*command, f"{name}.py"], folder) for name in BENCHES}
    assert all(output.count("\n") >= 3 for output in outputs.values())
    return outputs


@pytest.mark.parametrize("name", BENCHES)
def test_a_benchmark_prints_what_it_prints_under_myhdl(folders, expected, name):
    folder, command = folders["pyhw"]
    assert _run([*command, f"{name}.py"], folder) == expected[name]


@pytest.mark.parametrize("name", BENCHES)
def test_its_verilog_prints_the_same(folders, expected, program, name, tmp_path):
    image = str(tmp_path / "image.vvp")
    folder, _ = folders["pyhw"]
    assert _run([program("iverilog"), "-Wall", "-o", image, str(folder / f"{name}.v")], tmp_path) == ""
    assert _run([program("vvp"), "-n", image], tmp_path) == expected[name]


@pytest.mark.parametrize("name", BENCHES)
def test_its_vhdl_prints_the_same(folders, expected, program, name, tmp_path):
    folder, _ = folders["pyhw"]
    ghdl = program("ghdl")
    _run([ghdl, "-a", "--std=08", str(folder / f"{name}.vhd")], tmp_path)
    _run([ghdl, "-e", "--std=08", name], tmp_path)
    assert _run([ghdl, "-r", "--std=08", name], tmp_path) == expected[name]
