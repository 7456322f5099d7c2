"""Runs MyHDL's own scripts, each under MyHDL and under pyhw, in folders of their own."""

import os
import re
import shutil
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

# What scripts leave behind that is compared or read by tools.
_MADE = (".v", ".vhd", ".vcd")

# MyHDL's side of `pyhw sim --seed 0 FILE`. What it converts has initial values, as what pyhw converts, so that it can be compared.
_SEEDED = """\
import myhdl, random, runpy, sys
myhdl.toVerilog.initial_values = True
random.seed(0)
sys.argv = sys.argv[1:]
sys.path[0] = ""
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@dataclass
class Run:
    """How a script ended: its exit code, what it printed, and the files that it made, by name."""

    code: int
    out: str
    err: str
    made: dict[str, Path] = field(default_factory=dict)


class Scripts:
    """Runs scripts of a folder, two at a time; each pair of a side and a script once."""

    def __init__(self, source: Path, into: Path, oracle: str, pyhw: str) -> None:
        self.source = source
        self.into = into
        self.commands = {"MyHDL": [oracle, "-c", _SEEDED], "pyhw": [pyhw, "sim", "--seed", "0"]}
        self.pool = ThreadPoolExecutor(2)
        self.runs: dict[tuple[str, str], Future[Run]] = {}

    def begin(self, script: str) -> None:
        """Lets a script run on both sides."""
        for side in self.commands:
            if (side, script) not in self.runs:
                self.runs[side, script] = self.pool.submit(self._run, side, script)

    def both(self, script: str) -> tuple[Run, Run]:
        """How a script ended under MyHDL and under pyhw."""
        self.begin(script)
        return self.runs["MyHDL", script].result(), self.runs["pyhw", script].result()

    def close(self) -> None:
        self.pool.shutdown(cancel_futures=True)

    def _run(self, side: str, script: str) -> Run:
        folder = self.into / f"{side}-{script.replace('/', '-').removesuffix('.py')}"
        # What was converted when the distribution was made must not be taken for a result.
        shutil.copytree((self.source / script).parent, folder, ignore=shutil.ignore_patterns(*(f"*{end}" for end in _MADE)))
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [*self.commands[side], Path(script).name],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        made = {path.name: path for path in sorted(folder.iterdir()) if path.suffix in _MADE}
        return Run(done.returncode, done.stdout, done.stderr, made)


# Of messages: how long it took, the folder of the run, and what MyHDL prints for its own maintainers.
_TIMES = re.compile(r"\bin [0-9.]+s\b")
_FOUND_HDL = re.compile(r"^ Found hdl = .*\n", re.MULTILINE)
_NO_BENCH = re.compile(r"^note\[PH0104\]: .*\n(?: .*\n)*\n?", re.MULTILINE)
_CONVERTERS_WARNING = re.compile(r"^.*: To(?:Verilog|VHDL)Warning: .*\n(?:  .*\n)?", re.MULTILINE)


def messages(text: str) -> str:
    """What was written to stderr, without what differs from run to run and without findings of the converters.

    Those have words and codes of their own. That a file only defines blocks is told by `pyhw sim` alone.
    """
    text = _CONVERTERS_WARNING.sub("", _NO_BENCH.sub("", _FOUND_HDL.sub("", _TIMES.sub("in 0s", text))))
    return re.sub(r"^\S*/(?=\w+\.py:\d+: )", "", text, flags=re.MULTILINE)
