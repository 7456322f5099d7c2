"""What MyHDL refuses to convert and pyhw takes: simulated, converted, and verified in simulators of the text.

`tests/conformance/differences.txt` names these tests beside those of MyHDL's own that ask for a refusal.
"""

import subprocess

import pytest

TOOLS = pytest.mark.parametrize("tool", ["iverilog", "ghdl"])


@pytest.fixture
def run(program, tmp_path):
    """Runs a program; gives what it prints on both ways out."""

    def run(text: str) -> tuple[str, str]:
        (tmp_path / "design.py").write_text("from myhdl import *\nfrom myhdl import ConversionError\n" + text)
        done = subprocess.run(
            [program("pyhw"), "sim", "design.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout, done.stderr

    return run


def verified(block: str, tool: str) -> str:
    """The end of a program that compares what a test bench prints here and in the tool."""
    return f"\nconversion.verify.simulator = {tool!r}\nprint('verified', {block}.verify_convert())\n"


def test_simulations_take_turns(run):
    out, _ = run("""
@block
def ticks(name, every):
    @instance
    def tick():
        while True:
            yield delay(every)
            print(name, now())

    return tick

first, second = Simulation(ticks("first", 10)), Simulation(ticks("second", 4))
first.run(10, quiet=1)
second.run(9, quiet=1)
first.run(10, quiet=1)
second.run(3, quiet=1)
""")
    assert out.splitlines() == ["first 10", "second 4", "second 8", "first 20", "second 12"]


@TOOLS
def test_a_shadowed_port_is_left_alone(run, program, tool):
    program(tool)
    out, _ = run("""
@block
def counts(count, clk):
    count = Signal(intbv(0)[8:])

    @always(clk.posedge)
    def step():
        count.next = count + 3
        print(count)

    return step

@block
def bench():
    clk, outer = Signal(False), Signal(intbv(7)[8:])
    inner = counts(outer, clk)

    @instance
    def drive():
        for i in range(6):
            yield delay(5)
            clk.next = not clk
        yield delay(1)
        print(outer)

    return inner, drive
""" + verified("bench()", tool))
    assert out.split() == ["verified", "0"]


@TOOLS
def test_a_signal_without_a_width_has_32_bits(run, program, tool):
    program(tool)
    out, err = run("""
@block
def bench():
    sums = [Signal(intbv(0)), Signal(intbv(0)[8:])]

    @instance
    def drive():
        for i in range(4):
            sums[0].next = sums[0] + 100000
            sums[1].next = i
            yield delay(5)
            print(int(sums[0]))
            print(sums[1])

    return drive
""" + verified("bench()", tool))
    assert out.split() == ["verified", "0"] and "PH0314" in err


@TOOLS
def test_an_edge_or_a_time_ends_a_wait(run, program, tool):
    program(tool)
    out, _ = run("""
@block
def bench():
    clk, woken = Signal(False), Signal(intbv(0)[8:])

    @instance
    def drive():
        yield delay(3)
        clk.next = True
        yield delay(4)
        clk.next = False
        yield delay(20)
        clk.next = True
        yield delay(2)
        raise StopSimulation

    @instance
    def wait():
        while True:
            yield clk.posedge, delay(7)
            woken.next = woken + 1
            print(woken)

    return drive, wait
""" + verified("bench()", tool))
    assert out.split() == ["verified", "0"]


def test_texts_are_padded(run, program):
    program("ghdl")
    out, _ = run("""
@block
def bench():
    @instance
    def tell():
        number = intbv(12)[8:]
        yield delay(10)
        print("%10s|" % number)
        print("%-10s|" % number)

    return tell
""" + verified("bench()", "ghdl"))
    assert out.split() == ["verified", "0"]


def test_names_that_vhdl_does_not_take(run, program):
    program("ghdl")
    out, _ = run("""
@block
def bench():
    _first = Signal(intbv(1)[4:])
    last_ = Signal(intbv(2)[4:])
    two__bars = Signal(intbv(3)[4:])

    def _twice(x):
        return x + x

    @always(_first)
    def _follow():
        last_.next = _first
        two__bars.next = _twice(_first)

    @instance
    def tell_():
        _first.next = 5
        yield delay(1)
        print(last_)
        print(two__bars)

    return _follow, tell_
""" + verified("bench()", "ghdl"))
    assert out.split() == ["verified", "0"]


@pytest.mark.parametrize(
    ("store", "kind", "code"),
    [
        ("z.next = z / a", "Not supported", "PH0201"),
        ("f(a)", "Not supported", "PH0203"),
        ("z.next = f", "Not supported", "PH0201"),
    ],
)
def test_a_refusal_has_codes_and_the_name_that_myhdl_has(store, kind, code, run):
    out, _ = run(f"""
def f(x):
    return f(x)

@block
def top(z, a):
    @always_comb
    def comb():
        {store}

    return comb

@block
def twice(z, a):
    @always_comb
    def one():
        z.next = a

    @always_comb
    def other():
        z.next = a + 1

    return one, other

for block, language in ((top, "Verilog"), (twice, "VHDL")):
    try:
        block(Signal(intbv(0)[4:]), Signal(intbv(0)[4:])).convert(hdl=language)
    except ConversionError as error:
        print(type(error).__name__, error.kind, error.codes)
        assert str(error).startswith("the design cannot be emitted")
""")
    first, second = out.splitlines()
    assert first == f"ToVerilogError {kind} ('{code}',)"
    assert second == "ToVHDLError Signal has multiple drivers ('PH0401',)"
