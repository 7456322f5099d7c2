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


@pytest.mark.parametrize("tool", ["ghdl", "iverilog"])
def test_code_of_a_users_own_names_lists_of_signals(tool, program, tmp_path):
    program(tool)
    path = str(PROGRAMS / "user_lists.py")
    done = subprocess.run([program("pyhw"), "sim", path, "--", tool], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "verify 0\n"), done.stderr


@pytest.mark.parametrize("tool", ["ghdl", "iverilog"])
def test_a_users_own_verilog_fills_a_memory_from_a_file(tool, program, tmp_path):
    program(tool)
    path = str(PROGRAMS / "user_memory.py")
    done = subprocess.run([program("pyhw"), "sim", path, "--", tool], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "verify 0\n"), done.stderr


@pytest.mark.parametrize(("tool", "own"), [("ghdl", "then -- own"), ("iverilog", "// 100% of the time")])
def test_code_in_locals_of_a_plain_function_is_emitted(tool, own, program, tmp_path):
    program(tool)
    path = str(PROGRAMS / "user_code_old.py")
    done = subprocess.run([program("pyhw"), "sim", path, "--", tool], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "verify 0\n"), done.stderr
    made = "".join(path.read_text() for path in tmp_path.iterdir() if path.suffix in (".v", ".vhd"))
    assert made.count(own) == 1


def test_delayed_signals_change_in_vhdl_when_they_do_in_simulation(program, tmp_path):
    program("ghdl")
    path = str(PROGRAMS / "delayed_bool.py")
    done = subprocess.run([program("pyhw"), "sim", path], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "verify 0\n"), done.stderr


@pytest.mark.parametrize(
    ("said", "kind"), [('count.driven = "reg"', "reg"), ("count.driven = True", "wire"), ('count.driven = "wire"', "wire")]
)
def test_a_signal_that_a_users_own_verilog_drives_is_declared_as_it_says(said, kind, program, tmp_path):
    # A task gives the signal its value, which only the design can know; MyHDL declares the same.
    code = "task put(output reg [3:0] x); x = $d + 1; endtask\nalways @(posedge $clk) put($count);\nassign $q = $count;"
    if kind == "wire":
        code = "part u (.clk ($clk), .d ($d), .q ($count));\nassign $q = $count;"
    (tmp_path / "mine.py").write_text(
        f'''from myhdl import *

@block
def own(clk, d, q):
    count = Signal(intbv(0)[4:])

    @always(clk.posedge)
    def step():
        count.next = d + 1

    @always_comb
    def follow():
        q.next = count

    q.driven = "wire"
    {said}
    own.verilog_code = """{code}"""
    return step, follow

def ports():
    return Signal(False), Signal(intbv(0)[4:]), Signal(intbv(0)[4:])

own(*ports()).convert(hdl="Verilog", testbench=False)
'''
    )
    done = subprocess.run([program("pyhw"), "sim", "mine.py"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "own.v").read_text()
    first = " = 4'd0" if kind == "reg" else ""
    assert f"{kind} [3:0] count{first};" in text and "output wire [3:0] q\n" in text
    (tmp_path / "bench.v").write_text(
        """module part (input clk, input [3:0] d, output reg [3:0] q);
    always @(posedge clk) q <= d + 1;
endmodule

module bench;
    reg clk = 0; reg [3:0] d = 5; wire [3:0] q;
    own dut (.clk(clk), .d(d), .q(q));
    initial begin #1 clk = 1; #1 $display("%d", q); end
endmodule
"""
    )
    run = [program("iverilog"), "-g2005", "-Wall", "-s", "bench", "-o", "bench.vvp", "bench.v", "own.v"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + text
    done = subprocess.run([program("vvp"), "-n", "bench.vvp"], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.split() == ["6"]


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


EVERY_PORT = """import sys
from myhdl import *

t_state = enum("IDLE", "RUN", encoding="one_hot")

@block
def drive(line, d, enable):
    driver = line.driver()

    @always_comb
    def logic():
        driver.next = d if enable else None

    return logic

@block
def top(clk, d, s, q, state, line, mode):
    memory = [Signal(intbv(0)[8:]) for _ in range(4)]
    low = drive(line, d, mode)
    high = drive(line, s, clk)
    back = Signal(intbv(0)[8:])

    @always(clk.posedge)
    def regs():
        memory[d[2:]].next = d
        q.next = s - 200
        state.next = t_state.RUN if mode else t_state.IDLE
        back.next = memory[d[2:]]
        if back == 77:
            q.next = -5

    return low, high, regs

def made():
    return top(
        Signal(bool(0)), Signal(intbv(0)[8:]), Signal(intbv(0)[8:]), Signal(intbv(3, -256, 256)),
        Signal(t_state.IDLE), TristateSignal(intbv(0)[8:]), Signal(bool(0)),
    )

"""


def converted(program, tmp_path, calls):
    """Runs the calls on `made()`, and gives what was warned of."""
    (tmp_path / "ports.py").write_text(EVERY_PORT + calls)
    done = subprocess.run([program("pyhw"), "sim", "ports.py"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_ports_of_std_logic_vector_carry_the_values(program, tmp_path):
    assert not converted(program, tmp_path, 'made().convert(hdl="VHDL", std_logic_ports=True)\n')
    text = (tmp_path / "top.vhd").read_text()
    assert "q     : out   std_logic_vector(8 downto 0)" in text and "line  : inout std_logic_vector(7 downto 0)" in text
    (tmp_path / "bench.vhd").write_text(
        """library ieee;
use ieee.std_logic_1164.all;
entity bench is end entity;
architecture sim of bench is
    signal clk, mode : std_logic := '0';
    signal d, s, line : std_logic_vector(7 downto 0) := x"05";
    signal q : std_logic_vector(8 downto 0);
    signal state : std_logic_vector(1 downto 0);
begin
    dut : entity work.top port map (clk, d, s, q, state, line, mode);
    line <= (others => 'Z');
    process is begin
        assert q = "000000011" and state = "01" severity failure;
        wait for 1 ns;
        assert line = "ZZZZZZZZ" severity failure;
        mode <= '1';
        wait for 1 ns;
        assert line = x"05" severity failure;
        mode <= '0'; s <= x"C9";
        wait for 1 ns;
        clk <= '1';
        wait for 1 ns;
        assert line = x"C9" and q = "000000001" and state = "01" severity failure;
        mode <= '1'; clk <= '0'; s <= x"00";
        wait for 1 ns;
        clk <= '1';
        wait for 1 ns;
        assert q = "100111000" and state = "10" severity failure;
        report "seen" severity note;
        wait;
    end process;
end architecture;
"""
    )
    for std in "--std=93", "--std=08":
        for args in (["-a", std, "top.vhd", "bench.vhd"], ["-e", std, "bench"], ["-r", std, "bench"]):
            done = subprocess.run([program("ghdl"), *args], cwd=tmp_path, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
        assert "seen" in done.stdout + done.stderr


def test_a_bench_for_a_cosimulation_stands_beside_the_module(program, tmp_path):
    calls = 'made().convert(trace=True)\nmade().convert(name="bare", testbench=False)\n'
    assert not converted(program, tmp_path, calls)
    assert not (tmp_path / "tb_bare.v").exists()
    bench = (tmp_path / "tb_top.v").read_text()
    assert '$dumpfile("top.vcd");' in bench and "reg  [7:0] d;" in bench and "wire [8:0] q;" in bench
    squeezed = "".join(bench.split())
    assert "$from_myhdl(clk,d,s,mode);$to_myhdl(q,state,line);" in squeezed
    done = subprocess.run(
        [program("iverilog"), "-Wall", "-t", "null", "top.v", "tb_top.v"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_the_bench_for_a_cosimulation_writes_waves_where_the_converter_is_told_to(program, tmp_path):
    calls = 'toVerilog.trace = True\ntoVerilog.name = "waves"\ntoVerilog(made())\ntoVerilog(made())\n'
    assert not converted(program, tmp_path, calls)
    assert '$dumpfile("waves.vcd");' in (tmp_path / "tb_waves.v").read_text()
    # It holds for one call.
    assert "$dump" not in (tmp_path / "tb_top.v").read_text()


def test_vhdl_needs_no_package_whatever_is_said(program, tmp_path):
    calls = 'toVHDL.no_myhdl_package = True\nmade().convert(hdl="VHDL", name="one")\nmade().convert(hdl="VHDL", name="two")\n'
    assert not converted(program, tmp_path, calls)
    one, two = ((tmp_path / f"{name}.vhd").read_text().replace(name, "top") for name in ("one", "two"))
    assert one == two and "pck_myhdl" not in one
    assert not list(tmp_path.glob("pck_*"))
    assert subprocess.run([program("ghdl"), "-a", "--std=08", "one.vhd"], cwd=tmp_path).returncode == 0


def test_attributes_of_the_verilog_converter_stand_in_the_text(program, tmp_path):
    said = converted(
        program,
        tmp_path,
        """toVerilog.header = "// $filename of mine"
toVerilog.no_myhdl_header = True
toVerilog.radix = "hex"
toVerilog.initial_values = "skip_zero_mem_init"
made().convert(name="one", testbench=False, timescale="1ps/1ps", standard="2005")
made().convert(name="two", testbench=False)
made().convert(name="three", testbench=False, initial_values=False, standard="1995", radix="oct", prefer_blocking_assignments=False)
""",
    )
    one, two, three = ((tmp_path / f"{name}.v").read_text() for name in ("one", "two", "three"))
    assert one.startswith("// one.v of mine\n\n`timescale 1ps/1ps\n") and "mitted" not in one
    assert "back == 8'h4d" in one and "initial q     = 9'sh3;" in one and "_init" not in one
    assert "emitted" in two and "of mine" not in two and "back == 8'd77" in two
    assert "initial" not in three and "= 8'd0;" not in three.split("always")[0]
    # What means nothing here is warned of, once, at the call.
    assert [said.count(word) for word in ("standard '1995'", "radix 'oct'", "prefer_blocking_assignments has")] == [1, 1, 1]
    assert said.count("ToVerilogWarning") == 3 and "ports.py:" in said
    for name in "one", "two", "three":
        for edition in "-g2001", "-g2005", "-g2012":
            run = [program("iverilog"), "-Wall", edition, "-t", "null", f"{name}.v"]
            done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True)
            assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_what_the_design_itself_loads_is_written_without_initial_values(program, tmp_path):
    (tmp_path / "rom.py").write_text(
        """from pyhw import *

@block
def rom(clk: Clock, a: In[uint[2]], q: Out[uint[8]]):
    mem = [Signal(uint[8]) for _ in range(4)]
    count = Signal(uint[8](7))

    @instance
    def fill():
        for i in range(4):
            mem[i].next = 3 * i
        yield delay(10)

    @always(clk.posedge)
    def go():
        count.next = count ^ 3
        mem[a].next = count
        q.next = mem[a]

    return fill, go
"""
    )
    run = [program("pyhw"), "emit", "--verilog", "--vhdl", "--no-init", "rom.py", "--top", "rom"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    verilog, vhdl = ((tmp_path / name).read_text() for name in ("rom.v", "rom.vhd"))
    assert "mem[3] = 8'd9;" in verilog and "reg [7:0] count;" in verilog
    assert ':= (x"00", x"03", x"06", x"09");' in vhdl and vhdl.count(":=") == 1


def test_comments_at_signals_and_before_processes_stand_in_the_text(program, tmp_path):
    (tmp_path / "noted.py").write_text(
        """from pyhw import *

@block
def noted(clk: Clock, d: In[uint[4]], q: Out[uint[4]]):
    # Two stages,
    # as the pad is slow.
    first = Signal(uint[4])  # the newer one
    second = Signal(uint[4])
    # Holds what was.
    third, fourth = Signal(uint[4]), Signal(uint[4])

    # No reset here.
    @always(clk.posedge)
    def shift():
        \"\"\"moves everything on.\"\"\"
        first.next = d
        second.next = first
        third.next = second
        fourth.next = third
        q.next = fourth

    return shift
"""
    )
    run = [program("pyhw"), "emit", "--verilog", "--vhdl", "--c", "--ir", "noted.py"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for name, mark in (("noted.v", "//"), ("noted.vhd", "--")):
        lines = [line.strip() for line in (tmp_path / name).read_text().splitlines()]
        at = lines.index(f"{mark} Two stages,")
        assert lines[at + 1] == f"{mark} as the pad is slow." and lines[at + 2].endswith(f"{mark} the newer one")
        assert "second" in lines[at + 3] and lines[at + 4] == f"{mark} Holds what was." and "third" in lines[at + 5]
        assert f"{mark} No reset here." in lines and f"{mark} moves everything on." in lines
    assert "No reset here." in (tmp_path / "noted.c").read_text()
    for run in (["iverilog", "-Wall", "-t", "null", "noted.v"], ["ghdl", "-s", "--std=93", "noted.vhd"]):
        assert subprocess.run([program(run[0]), *run[1:]], cwd=tmp_path).returncode == 0


def test_the_kinds_of_ports_and_blocks_are_accepted_by_the_tools(program, tmp_path):
    path = str(PROGRAMS / "converted.py")
    done = subprocess.run([program("pyhw"), "sim", path], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    names = sorted(path.stem for path in tmp_path.glob("*.vhd"))
    assert len(names) == 7
    for name in names:
        run = [program("iverilog"), "-Wall", "-t", "null", f"{name}.v", f"tb_{name}.v"]
        done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        for std in "--std=93", "--std=08":
            done = subprocess.run([program("ghdl"), "-s", std, f"{name}.vhd"], cwd=tmp_path, capture_output=True, text=True)
            assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert "output reg  [3:0] tx_inner_count" in (tmp_path / "nested.v").read_text()


def test_conversions_to_a_language_that_is_not_asked_for_are_told(program, tmp_path):
    (tmp_path / "both.py").write_text(
        '''from myhdl import *

@block
def copy(d, q):
    @always_comb
    def logic():
        q.next = d
    return logic

def made():
    return copy(Signal(bool(0)), Signal(bool(0)))

made().convert(hdl="Verilog")
toVHDL(made())
made().convert(hdl="VHDL", name="again")
'''
    )

    def emitted(*options):
        done = subprocess.run(
            [program("pyhw"), "emit", *options, "both.py"], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split(), done.stderr

    files, said = emitted("--verilog")
    assert (files, said) == (
        ["copy.v", "copy.v.map"],
        "note: the file converts `copy`, `again` to VHDL too: `--vhdl` writes that\n",
    )
    files, said = emitted("--vhdl", "--json")
    assert '"severity":"note"' in said and "`copy` to Verilog too: `--verilog` writes that" in said
    assert emitted("--verilog", "--vhdl")[1] == "" and emitted("--c")[1] == ""


@pytest.mark.parametrize(
    ("source", "is_taken"),
    [
        ("d", False),  # a port may change at the very edge
        ("clocked", True),
        ("constant", True),
        ("falling", False),
        ("register.next", False),  # what is stored into the register is its next value at once
    ],
)
def test_a_next_value_is_read_where_it_is_the_value(source, is_taken, program, tmp_path):
    read = source if "." in source else "mixed.next"
    feed = "d" if "." in source else source
    (tmp_path / "design.py").write_text(
        f"""from pyhw import *

@block
def design(clk: Clock, d: In[bool], q: Out[bool]):
    register, clocked, falling, mixed, constant = [Signal(False) for _ in range(5)]

    @always(clk.posedge)
    def rise():
        clocked.next = d
        register.next = d

    @always(clk.negedge)
    def fall():
        falling.next = d

    @always_comb
    def mix():
        mixed.next = not {feed}

    @always(clk.posedge)
    def take():
        q.next = {read}

    return rise, fall, mix, take
"""
    )
    done = subprocess.run(
        [program("pyhw"), "emit", "--verilog", "--vhdl", "--c", "design.py"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode == 0) == is_taken, done.stderr
    assert ("the next value of a signal cannot be read" in done.stderr) != is_taken
