"""The names that MyHDL's users import, and how fast they are there."""

import subprocess
import sys
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parent.parent.parent / "frontend" / "python"


def run(code: str) -> str:
    prelude = f"import sys; sys.path.insert(0, {str(LIBRARY)!r}); import pyhw._hook; pyhw._hook.install()\n"
    done = subprocess.run([sys.executable, "-S", "-c", prelude + code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_myhdl_resolves_to_pyhw():
    assert run(
        "import myhdl, pyhw; print(myhdl.__version__, myhdl.Signal is pyhw.Signal, myhdl.intbv is pyhw.intbv)"
    ) == ("0.11.52 True True")


@pytest.mark.parametrize(
    "statement",
    [
        "from myhdl import *; conversion.verify; toVerilog.name; traceSignals.timescale; HdlClass; Simulation",
        "import myhdl.conversion as c; c.verify.simulator = 'iverilog'; c.analyze; c.registerSimulator",
        "from myhdl.conversion import verify, analyze, registerSimulator, toVHDL, toVerilog",
        "from myhdl import conversion; import myhdl; assert myhdl.conversion is conversion",
        "from myhdl._block import _Block, block; from myhdl._Signal import _Signal",
        "from myhdl.conversion._misc import _error; from myhdl.conversion._verify import _simulators",
        "from myhdl import _simulator, _SuspendSimulation, ToVHDLWarning, ConversionError, Error",
    ],
)
def test_imports_of_designs_resolve(statement):
    run(statement)


def test_every_private_module_resolves():
    assert (
        run(
            "from pyhw.myhdl_face._private import MODULES\n"
            "for name in MODULES: __import__('myhdl.' + name)\n"
            "print(len(MODULES) > 20)"
        )
        == "True"
    )


def test_a_module_that_is_not_there_is_an_import_error():
    assert run(
        "try: import myhdl._nothing\nexcept ImportError as error: print(error)\n"
        "try: from myhdl import nothing\nexcept ImportError: print('none')"
    ).splitlines() == ["No module named 'myhdl._nothing'", "none"]


def test_the_hook_can_be_taken_out_again():
    assert (
        run(
            "import myhdl; pyhw._hook.install(); pyhw._hook.uninstall()\n"
            "try: import myhdl\nexcept ImportError: print('gone')"
        )
        == "gone"
    )


def test_a_star_import_gives_myhdls_names_only():
    names = run("from myhdl import *; print(sorted(n for n in globals() if not n.startswith('_')))")
    assert "'Clock'" not in names and "'intbv'" in names and "'conversion'" in names


def test_every_public_name_is_there():
    run("import pyhw\nfor name in pyhw.__all__: getattr(pyhw, name)\nfrom pyhw import *; Clock; struct; Mod")
    run("import myhdl\nfor name in myhdl.__all__: getattr(myhdl, name)")


def test_the_import_needs_no_slow_module():
    slow = "{'ast', 'inspect', 're', 'typing', 'enum', 'copy', 'functools', 'collections', 'dataclasses', 'importlib'}"
    run(f"before = set(sys.modules)\nfrom pyhw import *\nassert not (set(sys.modules) - before) & {slow}")


def test_the_cosimulation_says_that_it_is_not_supported():
    assert "Not supported" in run(
        "from myhdl import *\ntry: Cosimulation('vvp')\nexcept Exception as e: print(type(e).__name__, e)"
    )


def test_simulators_are_registered_with_checked_commands():
    from pyhw._verify import _simulators, registerSimulator

    for wrong in (
        {"name": ""},
        {"name": "x", "hdl": "C"},
        {"name": "x", "hdl": "VHDL", "analyze": " "},
        {"name": "x", "hdl": "VHDL", "analyze": "a", "elaborate": ""},
        {"name": "x", "hdl": "VHDL", "analyze": "a", "simulate": None},
    ):
        with pytest.raises(ValueError):
            registerSimulator(**wrong)
    assert "x" not in _simulators


def test_analysis_runs_the_simulator_on_what_was_emitted(native, tmp_path, monkeypatch, capsys):
    from pyhw import Signal, always_comb, block
    from pyhw._verify import _simulators, analyze, registerSimulator, verify

    monkeypatch.chdir(tmp_path)

    @block
    def top(q):
        @always_comb
        def logic():
            q.next = 1

        return logic

    registerSimulator(name="fake", hdl="VHDL", analyze="cat pck_myhdl_011.vhd %(topname)s.vhd", simulate="echo one")
    for check in (analyze, verify):
        monkeypatch.setattr(check, "simulator", "fake")
    try:
        assert top(Signal(bool(0))).analyze_convert() == 0
        assert "Analysis succeeded" in capsys.readouterr().err
        # The stand-in of the kernel prints nothing, so there is nothing to compare.
        assert top(Signal(bool(0))).verify_convert() == 1
        monkeypatch.setattr(native.Simulation, "run", lambda self, duration, quiet: print("ONE") or 0)
        assert top(Signal(bool(0))).verify_convert() == 0
        monkeypatch.setattr(native.Simulation, "run", lambda self, duration, quiet: print("two") or 0)
        assert top(Signal(bool(0))).verify_convert() == 1
        assert "-two" in (tmp_path / "diff.log").read_text()
    finally:
        del _simulators["fake"]
