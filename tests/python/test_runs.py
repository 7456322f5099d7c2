"""Runs as who sits before them sees them: when prints come, which files hold waves, what a fault tells, how Ctrl-C goes on."""

import os
import re
import subprocess
import time

import pytest

QUIET_AFTER_A_PRINT = """\
from {library} import *
@block
def bench():
    clk = Signal(bool(0))
    @instance
    def stimulus():
        for i in range(3):
            print("line", i)
        while True:
            yield delay(1)
            clk.next = not clk
    return stimulus
bench().run_sim()
"""


@pytest.fixture
def sim(program, tmp_path):
    """Runs `pyhw sim` on a text."""

    def run(text: str, *words: str) -> subprocess.CompletedProcess:
        (tmp_path / "design.py").write_text(text)
        words = (program("pyhw"), "sim", "design.py", *words)
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60)

    return run


@pytest.mark.parametrize("terminal", [False, True])
def test_prints_come_while_a_quiet_stretch_follows(program, tmp_path, terminal):
    if terminal:
        pty = pytest.importorskip("pty")
        reader, writer = pty.openpty()
    else:
        reader, writer = os.pipe()
    (tmp_path / "design.py").write_text(QUIET_AFTER_A_PRINT.format(library="pyhw"))
    run = subprocess.Popen([program("pyhw"), "sim", "design.py"], cwd=tmp_path, stdout=writer, stderr=subprocess.DEVNULL)
    os.close(writer)
    os.set_blocking(reader, False)
    try:
        seen, until = b"", time.monotonic() + 30
        while seen.count(b"line") < 3 and time.monotonic() < until:
            time.sleep(0.01)
            try:
                seen += os.read(reader, 4096)
            except BlockingIOError:
                pass
        assert re.findall(rb"line \d", seen) == [b"line 0", b"line 1", b"line 2"]
        assert run.poll() is None, "it runs on"
    finally:
        run.kill()
        run.wait()
        os.close(reader)


TRACED = """\
from myhdl import *
@block
def bench(k):
    text = Signal("hi"); number = Signal(1.5); pair = Signal((1, 2)); count = Signal(intbv(k)[4:])
    @instance
    def p():
        yield delay(3)
        text.next = "yo"; number.next = 2.5; pair.next = (3,); count.next = k + 1
        yield delay(3)
        raise StopSimulation
    return p
for k in range(3):
    b = bench(k)
    b.config_sim(trace=k == 1, filename="own", tracebackup=False)
    b.run_sim(quiet=1)
    b.quit_sim()
"""


def test_every_file_of_waves_that_was_asked_for_is_written(sim, tmp_path):
    done = sim(TRACED, "--wave", "out.vcd")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.glob("*.vcd")) == ["out.1.vcd", "out.2.vcd", "out.vcd", "own.vcd"]
    for k, name in enumerate(["out.vcd", "out.1.vcd", "out.2.vcd"]):
        text = (tmp_path / name).read_text()
        assert f"b{k:b} " in text.split("#3")[0] or f"b{k:04b} " in text.split("#3")[0], text
    assert "#6" in (tmp_path / "own.vcd").read_text()


def test_waves_begin_with_the_initial_values_of_python_objects(sim, tmp_path):
    assert sim(TRACED).returncode == 0
    first, later = (tmp_path / "own.vcd").read_text().split("#3\n")
    assert {"shi", "s1.5", "s(1,\\x202)"} <= {line.split()[0] for line in first.splitlines() if line}
    assert {"syo", "s2.5", "s(3,)"} <= {line.split()[0] for line in later.splitlines() if line}


def test_a_named_signal_keeps_its_name_from_one_that_a_neighbour_names(sim, tmp_path):
    done = sim(
        """\
from myhdl import *
@block
def sub(clk, d, q):
    @always(clk.posedge)
    def p():
        q.next = d
    return p
@block
def top():
    clk = Signal(bool(0)); a = Signal(intbv(5)[8:]); q = Signal(intbv(0)[8:])
    subs = [sub(clk, q, Signal(intbv(0)[4:])) for i in range(2)]
    u = sub(clk, a, q)
    @always(delay(5))
    def ck():
        clk.next = not clk
    return subs, u, ck
t = top()
t.config_sim(trace=True, filename="own", tracebackup=False)
t.run_sim(4)
"""
    )
    assert done.returncode == 0, done.stderr
    scope = (tmp_path / "own.vcd").read_text().split("$upscope")[0].split("$scope module subs_0")[0]
    assert re.findall(r"\$var wire (\d) \S+ (q\w*) ", scope) == [("4", "q_1"), ("4", "q_2"), ("8", "q")]


def test_a_run_that_ends_at_until_tells_how_far_it_came(sim):
    done = sim(QUIET_AFTER_A_PRINT.format(library="myhdl"), "--until", "2000")
    assert done.returncode == 0 and done.stderr == "<class 'myhdl._SuspendSimulation'>: Simulated 2000 timesteps\n"


@pytest.mark.parametrize("words", [[], ["--in-python"]])
def test_an_assertion_without_a_text_tells_the_values_in_its_condition(sim, words):
    text = """\
from myhdl import *
@block
def bench():
    d = Signal(intbv(3)[4:]); e = Signal(bool(1))
    @instance
    def p():
        yield delay(3)
        x = d + 1
        assert x < 4 and e and d
    return p
bench().run_sim()
"""
    done = sim(text, *words)
    assert done.returncode == 1
    told = re.search(r"note: (`.*)", done.stderr)
    assert told and {"`x` is 4", "`d` is 3"} <= set(told[1].split(", ")), done.stderr


def test_what_caused_an_exception_is_told_with_its_line(sim):
    text = """\
from myhdl import *
import json
@block
def bench():
    @instance
    def p():
        yield delay(3)
        try:
            json.loads("{bad")
        except ValueError as e:
            raise RuntimeError("wrapped") from e
    return p
bench().run_sim()
"""
    done = sim(text)
    assert done.returncode == 1 and "RuntimeError: wrapped" in done.stderr
    assert re.search(r'9 \|             json.loads\("{bad"\)\n *\| *-+ caused by `JSONDecodeError: ', done.stderr), done.stderr


@pytest.mark.parametrize("kind", ["compiled", "hosted"])
def test_a_simulation_goes_on_after_a_ctrl_c_that_was_caught(sim, kind):
    if kind == "compiled":
        # The process that hears of it is Python's and is over; the others go on.
        raising = "os.kill(os.getpid(), signal.SIGINT)"
    else:
        raising = "raise KeyboardInterrupt"
    text = f"""\
from myhdl import *
import os, signal
@block
def bench():
    clk = Signal(bool(0)); q = Signal(modbv(0)[32:])
    @always(delay(5))
    def ck(): clk.next = not clk
    @always(clk.posedge)
    def s(): q.next = q + 1
    @instance
    def st():
        yield delay(37)
        {raising}
        yield delay(1000)
    b = q
    return ck, s, st
b = bench()
try:
    b.run_sim()
except KeyboardInterrupt:
    print("caught", now())
b.run_sim(20, quiet=1)
print("continued", now())
b.quit_sim()
"""
    done = sim(text)
    assert (done.returncode, done.stdout) == (0, "caught 37\ncontinued 57\n"), done.stderr


def test_contention_names_the_bus_its_time_and_its_line(sim):
    text = """\
from myhdl import *
@block
def bench():
    bus = TristateSignal(intbv(0)[4:])
    d = bus.driver(); e = bus.driver()
    @instance
    def p():
        for i in range(3):
            yield delay(3)
            d.next = 1; e.next = 2
            yield delay(3)
            d.next = None
    return p
bench().run_sim(quiet=1)
"""
    done = sim(text)
    told = "design.py:4: BusContentionWarning: Bus contention on `bench.bus`, first at time 3\n"
    assert done.returncode == 0 and done.stderr.count("BusContentionWarning") == 1 and done.stderr.startswith(told)


STEPS = """\
from myhdl import *

LIMIT, STEP, TABLE, WORD = 3, 1, [1, 2, 3, 4], intbv(5)[4:]

class Config:
    step = 1

config = Config()

@block
def bench():
    n = Signal(intbv(0)[8:])
    last = 7
    def later():
        nonlocal last
        last = 8
    bench.later = later
    @instance
    def count():
        while n < LIMIT:
            yield delay(1)
            n.next = n + config.step + TABLE[0] - last + last + WORD - 5
            print("%d" % n)
    return count

inst = bench()
inst.run_sim(1)
{change}
inst.run_sim(1)
"""


@pytest.mark.parametrize(
    "change, told",
    [
        ("LIMIT = 9", "`LIMIT`"),
        ("Config.step = 2", "`step`"),
        ("TABLE[0] = 5", "what is in a `list`"),
        ("TABLE = [5]", "`TABLE`"),
        ("WORD[0] = 0", "what is in a `intbv`"),
        ("bench.later()", "`last`"),
    ],
)
def test_what_changes_between_two_steps_is_told_where_compiled_code_cannot_see_it(sim, change, told):
    done = sim(STEPS.format(change=change))
    assert done.returncode == 1 and done.stdout == "0\n", done.stderr
    assert f"{told} has changed between two runs" in done.stderr and "`count`" in done.stderr
    # The line of the step, and what to do.
    assert "inst.run_sim(1)" in done.stderr.split("^^^")[0] and "--in-python" in done.stderr
    done = sim(STEPS.format(change=change), "--in-python")
    assert done.returncode == 0 and done.stdout.count("\n") == 2, done.stderr


@pytest.mark.parametrize("change", ["pass", "LIMIT = 3", "TABLE[0] = 1", "STEP = 2", "config.other = 5"])
def test_what_is_the_same_between_two_steps_is_no_change(sim, change):
    done = sim(STEPS.format(change=change))
    assert done.returncode == 0 and done.stdout == "0\n2\n", done.stderr
