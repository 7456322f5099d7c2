"""The examples and the hardware library, run by the `pyhw` program as a user runs them.

Where `pyhw` is not on PATH every test here is skipped, and says so; in CI that is a failure.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/expected.txt"))
LIBRARY = sorted(path.name for path in (ROOT / "stdlib-hw" / "tests").glob("bench_*.py"))

# What can be emitted alone: the file or the module, and its block.
BLOCKS = [
    ("examples/blinky/blinky.py", "blinky"),
    ("examples/fifo/fifo.py", "fifo"),
    ("examples/fir/fir.py", "fir"),
    ("examples/pwm/pwm.py", "pwm"),
    ("examples/slip/slip.py", "slip_decoder"),
    ("examples/traffic_light/traffic_light.py", "traffic_light"),
    ("examples/uart/uart.py", "uart_rx"),
    ("examples/uart/uart.py", "uart_tx"),
    ("examples/vga/vga.py", "vga"),
    ("README.md", "blinky"),
    ("frontend/python/README.md", "alu"),
    ("frontend/python/README.md", "ring"),
    ("pyhw.hw", "debouncer"),
    ("pyhw.hw", "edge_detector"),
    ("pyhw.hw", "fifo"),
    ("pyhw.hw", "synchroniser"),
    ("pyhw.hw", "uart_rx"),
    ("pyhw.hw", "uart_tx"),
]

# How each tool reads what was emitted, without a word.
READERS = {
    "verilog": [
        ["iverilog", "-Wall", "-t", "null"],
        ["verilator", "--lint-only", "-Wall", "--top-module", "{top}"],
    ],
    "vhdl": [["ghdl", "-s", "--std=93"], ["ghdl", "-s", "--std=08"]],
    "c": [
        "gcc -std=c99 -Wall -Wextra -Wconversion -pedantic -ffreestanding -Werror -fsyntax-only".split(),
    ],
}
SUFFIX = {"verilog": ".v", "vhdl": ".vhd", "c": ".c"}


def program(name):
    """The path of a program; where it is missing the test is skipped, and fails in CI."""
    path = shutil.which(name)
    if path is None:
        message = f"{name} is not on PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


def run(*words, cwd=ROOT):
    done = subprocess.run([program(words[0]), *words[1:]], cwd=cwd, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_prints_what_it_says(name):
    done = run("pyhw", "sim", f"examples/{name}/bench.py")
    assert done.stdout == (ROOT / "examples" / name / "expected.txt").read_text()
    assert done.stderr == ""


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_process_of_an_example_is_left_to_python(name):
    """Benches may use all of Python; what is in the design file itself compiles."""
    done = run("pyhw", "sim", "-v", f"examples/{name}/bench.py")
    places = re.findall(r"\b(\w+\.py):\d+", done.stderr)
    assert set(places) <= {"bench.py"}, done.stderr


@pytest.mark.parametrize("name", LIBRARY)
def test_a_block_of_the_library_passes_its_bench(name):
    done = run("pyhw", "sim", f"stdlib-hw/tests/{name}")
    assert done.stdout == f"{name.removeprefix('bench_').removesuffix('.py')}: ok\n"


@pytest.mark.parametrize("language", READERS)
@pytest.mark.parametrize(("file", "top"), BLOCKS, ids=[f"{Path(file).parent.name}-{top}" for file, top in BLOCKS])
def test_what_is_emitted_is_read_without_a_warning(file, top, language, tmp_path):
    if file == "pyhw.hw":
        file = str(tmp_path / "mine.py")
        Path(file).write_text(f"from pyhw.hw import {top} as {top}\n")
    elif file.endswith(".md"):
        shown = re.findall(r"```python\n(.*?)```", (ROOT / file).read_text(), re.DOTALL)
        file = str(tmp_path / "shown.py")
        Path(file).write_text("\n\n".join(shown))
    emitted = run("pyhw", "emit", f"--{language}", "--top", top, file, "-o", str(tmp_path))
    assert emitted.stderr == ""
    files = sorted(str(path) for path in tmp_path.rglob(f"*{SUFFIX[language]}"))
    assert files
    for command in READERS[language]:
        done = run(*(word.format(top=top) for word in command), *files, cwd=tmp_path)
        assert done.stdout + done.stderr == ""
