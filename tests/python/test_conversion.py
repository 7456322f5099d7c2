"""Conversion as MyHDL's users call it, with real HDL simulators."""

import subprocess
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).parent / "programs"


@pytest.mark.parametrize("tool", ["ghdl", "iverilog"])
def test_code_of_a_users_own_is_verified_in_a_simulator(tool, program, tmp_path):
    program(tool)
    path = str(PROGRAMS / "user_code.py")
    done = subprocess.run([program("pyhw"), "sim", path, "--", tool], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "verify 0\nanalyze 0\n"), done.stderr
    made = "".join(path.read_text() for path in tmp_path.iterdir() if path.suffix in (".v", ".vhd"))
    # It is the user's code that was read, and not what pyhw makes of the process.
    assert made.count("count + 1) " + ("mod 16;" if tool == "ghdl" else "% 16;")) == 1
