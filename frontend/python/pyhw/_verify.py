"""Checks an emission with an HDL simulator: `analyze`, and `verify`, which compares outputs."""

from __future__ import annotations

import os
import sys

from ._block import Block

# What MyHDL puts for %(version)s, in the name of a package that pyhw's VHDL does not need.
_MYHDL_VERSION = "011"


class HdlSimulator:
    """How to call an HDL simulator; commands take %(topname)s, %(unitname)s and %(version)s.

    `skiplines`, `skipchars` and `ignore` (prefixes of lines) trim what it prints.
    """

    __slots__ = ("name", "hdl", "analyze", "elaborate", "simulate", "skiplines", "skipchars", "ignore")

    def __init__(self, name, hdl, analyze, elaborate, simulate, skiplines, skipchars, ignore) -> None:
        self.name = name
        self.hdl = hdl
        self.analyze = analyze
        self.elaborate = elaborate
        self.simulate = simulate
        self.skiplines = skiplines
        self.skipchars = skipchars
        self.ignore = ignore


_simulators: dict[str, HdlSimulator] = {}


def registerSimulator(
    name=None, hdl=None, analyze=None, elaborate=None, simulate=None, skiplines=None, skipchars=None, ignore=None
) -> None:
    """Makes an HDL simulator known. Raises ValueError for a command that is no text."""
    if not _is_text(name):
        raise ValueError("Invalid simulator name")
    if hdl not in ("VHDL", "Verilog"):
        raise ValueError(f"Invalid hdl {hdl}")
    if not _is_text(analyze):
        raise ValueError("Invalid analyzer command")
    if elaborate is not None and not _is_text(elaborate):
        raise ValueError("Invalid elaborate command")
    if not _is_text(simulate):
        raise ValueError("Invalid simulator command")
    _simulators[name] = HdlSimulator(name, hdl, analyze, elaborate, simulate, skiplines, skipchars, ignore)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


registerSimulator(
    name="ghdl",
    hdl="VHDL",
    analyze="ghdl -a --std=08 --workdir=work %(topname)s.vhd",
    elaborate="ghdl -e --std=08 --workdir=work %(unitname)s",
    simulate="ghdl -r --std=08 --workdir=work %(unitname)s --ieee-asserts=disable",
)
registerSimulator(
    name="nvc",
    hdl="VHDL",
    analyze="nvc --work=work_nvc -a %(topname)s.vhd",
    elaborate="nvc --work=work_nvc -e %(topname)s",
    simulate="nvc --work=work_nvc -r %(topname)s",
)
registerSimulator(
    name="vlog",
    hdl="Verilog",
    analyze="vlog -work work_vlog %(topname)s.v",
    simulate='vsim work_vlog.%(topname)s -quiet -c -do "run -all; quit -f"',
    skiplines=6,
    skipchars=2,
    ignore=("# **", "# //", "# run -all"),
)
registerSimulator(
    name="vcom",
    hdl="VHDL",
    analyze="vcom -2008 -work work_vcom %(topname)s.vhd",
    simulate='vsim work_vcom.%(topname)s -quiet -c -do "run -all; quit -f"',
    skiplines=6,
    skipchars=2,
    ignore=("# **", "# //", "#    Time:", "# run -all"),
)
registerSimulator(
    name="cver",
    hdl="Verilog",
    analyze="cver -c -q %(topname)s.v",
    simulate="cver -q %(topname)s.v",
    skiplines=3,
)
registerSimulator(
    name="iverilog",
    hdl="Verilog",
    analyze="iverilog -o %(topname)s.o %(topname)s.v",
    simulate="vvp %(topname)s.o",
)


class _Verification:
    """`verify(block)` or `analyze(block)`; `simulator` names the HDL simulator. Returns 0 if well."""

    __slots__ = ("simulator", "_analyze_only")

    def __init__(self, analyze_only: bool) -> None:
        self.simulator = "ghdl"
        self._analyze_only = analyze_only

    def __call__(self, func, *args, **kwargs) -> int:
        from ._convert import toVerilog, toVHDL

        if not self.simulator:
            raise ValueError("No simulator specified")
        if self.simulator not in _simulators:
            raise ValueError(f"Simulator {self.simulator} is not registered")
        simulator = _simulators[self.simulator]
        converter = toVHDL if simulator.hdl == "VHDL" else toVerilog
        if isinstance(func, Block):
            design = func.convert(hdl=simulator.hdl, **kwargs)
        else:
            _warn_of_old_use()
            if not hasattr(func, "__name__"):
                raise TypeError(str(type(func)))
            design = converter(func, *args, **kwargs)
        name = converter._top_name or ""
        if simulator.hdl == "VHDL":
            os.makedirs("work", exist_ok=True)
        words = {"topname": name, "unitname": name.lower(), "version": _MYHDL_VERSION}
        result = _call(simulator.analyze, words)
        if result != 0:
            print("Analysis failed", file=sys.stderr)
            return result
        if self._analyze_only:
            print("Analysis succeeded", file=sys.stderr)
            return 0
        return _compare(simulator, words, design)


def _warn_of_old_use() -> None:
    from warnings import warn

    warn(
        "\n    analyze()/verify(): Deprecated usage: See http://dev.myhdl.org/meps/mep-114.html",
        category=DeprecationWarning,
        stacklevel=3,
    )


def _command(command: str, words: dict) -> str:
    """The command with its names filled in, without MyHDL's VHDL package, which is not needed."""
    text = command % words
    package = f"pck_myhdl_{words['version']}.vhd"
    if os.path.exists(package):
        return text
    return " ".join(word for word in text.split(" ") if word != package)


def _call(command: str, words: dict) -> int:
    from subprocess import call

    return call(_command(command, words), shell=True)


def _compare(simulator: HdlSimulator, words: dict, design) -> int:
    """Runs both, compares what they print, and leaves it in MyHDL.log, the other's log, diff.log."""
    from contextlib import redirect_stdout
    from difflib import unified_diff
    from io import StringIO
    from subprocess import PIPE, run

    from ._simulation import Simulation

    printed = StringIO()
    with redirect_stdout(printed):
        Simulation(design).run()
    ours = printed.getvalue().splitlines(keepends=True)
    if not ours:
        print("No MyHDL simulation output - nothing to verify", file=sys.stderr)
        return 1
    if simulator.elaborate is not None:
        result = _call(simulator.elaborate, words)
        if result != 0:
            print("Elaboration failed", file=sys.stderr)
            return result
    done = run(_command(simulator.simulate, words), shell=True, stdout=PIPE, text=True)
    theirs = done.stdout.splitlines(keepends=True)[simulator.skiplines :]
    theirs = [line for line in theirs if not line.startswith(tuple(simulator.ignore or ()))]
    # What a simulator prints after the end does not count.
    theirs = [line[simulator.skipchars :] for line in theirs[: len(ours)]]
    difference = "".join(
        unified_diff(
            [line.lower() for line in ours],
            [line.lower() for line in theirs],
            fromfile="MyHDL",
            tofile=simulator.name,
        )
    )
    logs = {"MyHDL.log": "".join(ours), f"{simulator.name}.log": "".join(theirs), "diff.log": difference}
    for name, text in logs.items():
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
    if difference:
        print("Conversion verification failed", file=sys.stderr)
        return 1
    print("Conversion verification succeeded", file=sys.stderr)
    return 0


verify = _Verification(analyze_only=False)
analyze = _Verification(analyze_only=True)
