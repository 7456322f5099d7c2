"""Figures beside those of others, all in one run: start-up, conversion, simulation.

    cargo build --release
    target/venv/bin/python tests/benches/figures.py [--program target/release/pyhw] [--runs 3]

Prints CPU seconds (user and system, of the process and its children; the least of the runs) and their ratio. The Python that runs this
script is the one that pyhw is compared with, and must have MyHDL; `./test` makes such an environment in `target/venv`, and
unpacks MyHDL's source distribution, whose benchmarks are used, beside it.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# MyHDL's benchmarks, with the number of clock cycles in the text and that of a run here, for each side's run of some seconds.
BENCHMARKS = {
    "timer": ("range(2**25)", "range(2**18)"),
    "lfsr24": ("range(2**24 - 2)", "range(2**17)"),
    "randgen": ("range(2**20)", "range(2**13)"),
    "longdiv": ("nrvectors=2**18", "nrvectors=2**11"),
    "findmax": ("range(2 ** 18)", "range(2 ** 11)"),
}

ONE_SIGNAL = """\
from myhdl import Signal, block, delay, instance


@block
def top():
    led = Signal(bool(0))

    @instance
    def blink():
        led.next = not led
        yield delay(10)

    return blink


if __name__ == "__main__":
    top().run_sim(20, quiet=1)
"""

MANY_INSTANCES = """\
from myhdl import Signal, always, block, intbv


@block
def stage(clk, d, q):
    @always(clk.posedge)
    def register():
        q.next = d + 1 if d < 200 else 0

    return register


@block
def chain(clk, d, q, length):
    taps = [d] + [Signal(intbv(0)[8:]) for _ in range(length - 1)] + [q]
    return [stage(clk, taps[i], taps[i + 1]) for i in range(length)]


if __name__ == "__main__":
    design = chain(Signal(bool(0)), Signal(intbv(0)[8:]), Signal(intbv(0)[8:]), 10_000)
    design.convert(hdl="Verilog")
"""


def cpu_seconds(command: list[str], folder: Path) -> float:
    """CPU time of one run in seconds, children included.

    Raises RuntimeError if it fails.
    """
    # pyhw takes the first Python of the path.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "PATH": path}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: exit code {process.returncode}\n{log.read().decode()[-2000:]}")
    return usage.ru_utime + usage.ru_stime


def least(commands: list[list[str]], folder: Path, runs: int) -> list[float]:
    """The least CPU time of each command; they take turns, so that a slow moment of the machine meets all of them."""
    times = [[cpu_seconds(command, folder) for command in commands] for _ in range(runs)]
    return [min(column) for column in zip(*times)]


def adapted(source: Path, into: Path) -> None:
    """The benchmarks with fewer cycles and the `print` of Python 3."""
    for path in source.glob("*.py"):
        text = re.sub(r"^(\s*)print (.+)$", r"\1print(\2)", path.read_text(), flags=re.MULTILINE)
        for whole, part in BENCHMARKS.values():
            text = text.replace(whole, part)
        # It holds after the whole period only.
        text = text.replace("assert lfsr == 1", "print(lfsr)")
        (into / path.name).write_text(text)
    for name in BENCHMARKS:
        converted = "test_timer, timer_var" if name == "timer" else f"test_{name}"
        more = "from timer import timer_var\n" if name == "timer" else ""
        (into / f"convert_{name}.py").write_text(
            f"from myhdl import toVHDL, toVerilog\nfrom test_{name} import test_{name}\n{more}"
            f"toVerilog({converted})\ntoVHDL({converted})\n"
        )


def row(name: str, theirs: float, ours: float, what: str) -> None:
    print(f"  {name:<24} {theirs:9.3f} {ours:9.3f}    {what}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/pyhw", help="the pyhw to measure")
    parser.add_argument("--runs", type=int, default=3, help="runs of each command, of which the least counts")
    parser.add_argument(
        "--benchmarks", type=Path, default=ROOT / "target/myhdl-0.11.52/scripts/benchmark", help="MyHDL's benchmarks"
    )
    options = parser.parse_args()
    python, pyhw = sys.executable, str(options.program.resolve())
    for needed in (options.program, options.benchmarks):
        if not needed.exists():
            sys.exit(f"{needed} is missing: see --help")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "one_signal.py").write_text(ONE_SIGNAL)
        (folder / "many_instances.py").write_text(MANY_INSTANCES)
        adapted(options.benchmarks, folder)

        print("start-up, CPU seconds      python -c    pyhw sim")
        one = [[python, "-c", "pass"], [pyhw, "sim", "one_signal.py"]]
        theirs, ours = least(one, folder, 5 * options.runs)
        row("one signal", theirs, ours, f"{ours - theirs:+.3f} s")

        print("conversion, CPU seconds        MyHDL      pyhw    MyHDL / pyhw")
        for name in [f"convert_{name}" for name in BENCHMARKS] + ["many_instances"]:
            runs = 1 if name == "many_instances" else options.runs
            theirs, ours = least([[python, f"{name}.py"], [pyhw, "sim", f"{name}.py"]], folder, runs)
            row(name.removeprefix("convert_"), theirs, ours, f"{theirs / ours:.1f}")

        print("simulation, CPU seconds        MyHDL      pyhw    MyHDL / pyhw")
        for name in BENCHMARKS:
            commands = [[python, f"test_{name}.py"], [pyhw, "sim", f"test_{name}.py"]]
            theirs, ours = least(commands, folder, options.runs)
            row(name, theirs, ours, f"{theirs / ours:.1f}")


if __name__ == "__main__":
    main()
