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


def test_attributes_of_the_vhdl_converter_stand_in_the_text(program, tmp_path):
    (tmp_path / "mine.py").write_text(
        """from myhdl import *

@block
def follow(a, q):
    @always_comb
    def logic():
        q.next = a

    return logic

toVHDL.architecture = "behaviour"
toVHDL.use_clauses = "use std.env.all;"
toVHDL.component_declarations = "    component part is end component;"
toVHDL.name = "renamed"
toVHDL.header = "-- my own head"
follow(Signal(False), Signal(False)).convert(hdl="VHDL")
follow(Signal(False), Signal(False)).convert(hdl="VHDL")
"""
    )
    done = subprocess.run([program("pyhw"), "sim", "mine.py"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "renamed.vhd").read_text()
    for line in (
        "architecture behaviour of renamed is",
        "use std.env.all;",
        "    component part is end component;",
        "-- my own head",
    ):
        assert line in text
    # But for the clauses, they hold for one call.
    after = (tmp_path / "follow.vhd").read_text()
    assert "architecture rtl of follow is" in after and "component" not in after and "use std.env.all;" in after


def test_a_choice_of_a_value_and_none_drives_a_bus(program, tmp_path):
    (tmp_path / "bus.py").write_text(
        """from myhdl import *

@block
def drive(line, d, enable):
    driver = line.driver()

    @always_comb
    def logic():
        driver.next = d if enable else None

    return logic

for hdl in "Verilog", "VHDL":
    drive(TristateSignal(intbv(0)[4:]), Signal(intbv(0)[4:]), Signal(False)).convert(hdl=hdl)
"""
    )
    done = subprocess.run([program("pyhw"), "sim", "bus.py"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (tmp_path / "bench.v").write_text(
        """module bench;
    wire [3:0] line; reg [3:0] d = 5; reg enable = 0;
    drive dut (.line(line), .d(d), .enable(enable));
    initial begin #1 $display("%b", line); enable = 1; #1 $display("%b", line); end
endmodule
"""
    )
    run = [program("iverilog"), "-o", "bench.vvp", "bench.v", "drive.v"]
    assert subprocess.run(run, cwd=tmp_path).returncode == 0
    done = subprocess.run([program("vvp"), "-n", "bench.vvp"], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "zzzz\n0101\n"
    assert subprocess.run([program("ghdl"), "-a", "--std=08", "drive.vhd"], cwd=tmp_path).returncode == 0
