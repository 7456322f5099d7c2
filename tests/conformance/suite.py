"""MyHDL's own tests, unmodified, under pyhw.

    python tests/conformance/suite.py --source target/myhdl-0.11.52 [--beside] [-k WORDS]

The tests are those of MyHDL's source distribution. Each must end as under MyHDL, where all of them pass, but for those that
`differences.txt` lists with a reason: these must fail, so that the list stays true. Prints a table of the folders beside MyHDL's own
figures; with `--beside` MyHDL runs as well, and its figures are measured. Ends with 1 where something is not as it is listed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# How long one group may take.
SECONDS = 900
# Outcomes that are those of a test which does what it should.
GOOD = ("passed", "xpassed", "xfailed", "skipped")


@dataclass(frozen=True)
class Group:
    """Some of the tests, run at once: with a simulator of the emitted text where they need one."""

    folder: str
    simulator: str | None
    # What passes under MyHDL 0.11.52 itself, and what it expects to fail.
    passed: int
    xfailed: int = 0

    @property
    def name(self) -> str:
        return f"{self.folder} ({self.simulator})" if self.simulator else self.folder


# The longest first: two run at a time.
GROUPS = [
    Group("conversion/general", "ghdl", 189, 1),
    Group("conversion/general", "iverilog", 189, 1),
    Group("bugs", "ghdl", 38),
    Group("bugs", "iverilog", 38),
    Group("conversion/toVHDL", "ghdl", 27),
    Group("core", None, 314),
    Group("conversion/toVerilog", None, 43),
    Group("conversion/toVerilog2", None, 1),
]


@dataclass
class Ran:
    """What became of a group: the outcomes by the test's name, what was printed, and how long it took."""

    outcomes: dict[str, str]
    text: str
    seconds: float
    counts: Counter = field(init=False)

    def __post_init__(self) -> None:
        self.counts = Counter(self.outcomes.values())


@dataclass
class Difference:
    """A listed test: why it fails here, and where the list says so."""

    test: str
    why: str
    line: int
    simulator: str | None = None

    def is_for(self, group: Group) -> bool:
        return self.simulator in (None, group.simulator)


def differences(path: Path) -> list[Difference]:
    """Reads the list. Raises ValueError for an entry without a reason, and where a test of ours that is named is not there."""
    found: list[Difference] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            if not found:
                raise ValueError(f"{path.name}:{number}: a reason without a test")
            found[-1].why = f"{found[-1].why} {line.strip()}".strip()
            continue
        test, _, simulator = line.strip().partition(" with ")
        found.append(Difference(test, "", number, simulator or None))
    for one in found:
        if not one.why:
            raise ValueError(f"{path.name}:{one.line}: `{one.test}` has no reason")
        for word in one.why.replace(",", " ").split():
            if word.startswith(("tests/", "examples/")):
                _check_shown(path, one, word.rstrip("."))
    return found


def _check_shown(path: Path, one: Difference, shown: str) -> None:
    name, _, function = shown.partition("::")
    file = ROOT / name
    if not file.is_file() or (function and f"def {function}(" not in file.read_text(encoding="utf-8")):
        raise ValueError(f"{path.name}:{one.line}: there is no {shown}")


def needs_cosimulation(file: Path) -> bool:
    return "Cosimulation" in file.read_text(encoding="utf-8")


def run(group: Group, tests: Path, command: list[str], into: Path, words: str | None) -> Ran:
    """Runs a group in a copy of the tests, since they write files where they are."""
    shutil.copytree(tests, into, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    files = sorted((into / group.folder).glob("test_*.py"))
    if group.folder.startswith("conversion/toVerilog"):
        files = [file for file in files if not needs_cosimulation(file)]
    outcomes = into / "outcomes.json"
    arguments = [str(outcomes), "-q", "-W", "ignore", "-p", "no:cacheprovider", "--tb=short", "--rootdir=."]
    arguments.append("--continue-on-collection-errors")
    if group.simulator:
        arguments += ["--sim", group.simulator]
    if words:
        arguments += ["-k", words]
    begun = time.monotonic()
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, *arguments, *(str(file.relative_to(into)) for file in files)],
        cwd=into,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=SECONDS,
    )
    seconds = time.monotonic() - begun
    found = json.loads(outcomes.read_text(encoding="utf-8")) if outcomes.exists() else {}
    text = done.stdout
    if not found and not words:
        found = {f"{group.folder}: nothing ran, and it ended with {done.returncode}": "failed"}
    return Ran(found, text, seconds)


def run_all(tests: Path, command: list[str], into: Path, words: str | None) -> list[Ran]:
    """Every group, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(run, group, tests, command, into / str(index), words) for index, group in enumerate(GROUPS)
        ]
        return [one.result() for one in runs]


def judge(runs: list[Ran], listed: list[Difference], is_whole: bool) -> tuple[list[str], list[int]]:
    """What is not as it is listed, as text; and for each group how many tests fail as listed."""
    wrong: list[str] = []
    known: list[int] = []
    met: set[int] = set()
    for group, ran in zip(GROUPS, runs):
        expected = {one.test: one for one in listed if one.is_for(group)}
        count = 0
        for test, outcome in ran.outcomes.items():
            one = expected.get(test)
            if one is not None:
                met.add(one.line)
            if outcome in GOOD and one is not None:
                wrong.append(f"{group.name}: {test} {outcome}, and is listed in line {one.line}: take it off the list")
            elif outcome not in GOOD and one is None:
                wrong.append(f"{group.name}: {test} {outcome}")
            elif one is not None:
                count += 1
        known.append(count)
    if is_whole:
        wrong += [f"line {one.line}: {one.test} did not run" for one in listed if one.line not in met]
    return wrong, known


def table(runs: list[Ran], known: list[int], beside: list[Ran] | None) -> str:
    """The groups beside MyHDL's own figures."""
    rows = [("", "passed", "listed", "seconds", "MyHDL: passed", "seconds" if beside else "")]
    for index, (group, ran) in enumerate(zip(GROUPS, runs)):
        passed = sum(ran.counts[outcome] for outcome in ("passed", "xpassed"))
        theirs, seconds = str(group.passed), ""
        if beside:
            counts = beside[index].counts
            theirs = str(sum(counts[outcome] for outcome in ("passed", "xpassed")))
            seconds = f"{beside[index].seconds:.1f}"
        rows.append((group.name, str(passed), str(known[index]), f"{ran.seconds:.1f}", theirs, seconds))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def without_counts(text: str) -> str:
    """What pytest printed, but for its last line: what counts here is whether a test ended as it is listed."""
    return "\n".join(line for line in text.splitlines() if not re.search(r" in [0-9.]+s", line))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="MyHDL's unpacked source distribution")
    parser.add_argument("--pyhw", default="pyhw", help="the program")
    parser.add_argument("--beside", action="store_true", help="run MyHDL as well, with this Python")
    parser.add_argument("-k", metavar="WORDS", help="only tests whose names match, as pytest has it")
    given = parser.parse_args()
    listed = differences(HERE / "differences.txt")
    tests = given.source.resolve() / "myhdl" / "test"
    pyhw = shutil.which(given.pyhw)
    if pyhw is None or not tests.is_dir():
        print(f"not there: {given.pyhw if pyhw is None else tests}", file=sys.stderr)
        return 2
    # `pyhw sim` starts the `python3` on PATH: the one that runs this has pytest.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    inside = str(HERE / "_inside.py")
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        runs = run_all(tests, [pyhw, "sim", inside, "--"], Path(folder) / "pyhw", given.k)
        beside = run_all(tests, [sys.executable, inside], Path(folder) / "myhdl", given.k) if given.beside else None
    wrong, known = judge(runs, listed, given.k is None)
    for ran in runs:
        if any(outcome not in GOOD for outcome in ran.outcomes.values()) and (wrong or given.k):
            print(without_counts(ran.text))
    print(table(runs, known, beside))
    left_out = sum(needs_cosimulation(file) for file in (tests / "conversion").glob("toVerilog*/test_*.py"))
    print(f"left out: {left_out} files of conversion/toVerilog, which need a co-simulation")
    for line in wrong:
        print(f"not as listed: {line}")
    total = sum(len(ran.outcomes) for ran in runs)
    print(f"test result: conformance {total - len(wrong)} passed; {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
