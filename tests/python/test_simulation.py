"""How the library and the kernel share signals, and what starts and ends a run.

The kernel is a stand-in; what it does itself is tested with the extension.
"""

import pytest

import pyhw
from pyhw import (
    Signal,
    SimulationError,
    StopSimulation,
    Simulation,
    TristateSignal,
    always_comb,
    block,
    delay,
    enum,
    instance,
    intbv,
    now,
    traceSignals,
    uint,
)
from pyhw import _signal, _time


@pytest.fixture(autouse=True)
def clean():
    yield
    for sig in _signal._touched:
        sig._is_touched = False
    _signal._touched.clear()
    _time.source = None
    traceSignals._request = None


@block
def top(q=None):
    q = Signal(bool(0)) if q is None else q

    @always_comb
    def logic():
        q.next = not q

    return logic


def touched():
    return [id(sig) for sig in _signal._touched]


def test_a_write_is_gathered_once():
    a, b = Signal(0), Signal(0)
    a.next = 1
    b.next
    a.next = 2
    assert touched() == [id(a), id(b)] and a._is_touched and a._next == 2


def test_a_refused_write_is_not_gathered_and_changes_nothing():
    a = Signal(uint[4], 3)
    with pytest.raises(ValueError):
        a.next = 16
    assert touched() == [] and a._next == 3


class State:
    """The state of signals, as the kernel tells it."""

    def __init__(self, values, pending=None):
        self.values, self.waiting = values, pending or values

    def value(self, index):
        return self.values[index]

    def pending(self, index):
        return self.waiting[index]


def own(sig, index, sim):
    sig._sim, sig._index = sim, index


def test_reads_ask_the_simulation_and_an_intbv_is_live():
    sim = State([5, True])
    a, b = Signal(intbv(0)[8:]), Signal(bool(0))
    seen = a.val
    own(a, 0, sim)
    own(b, 1, sim)
    assert a.val is seen and seen == 5 and b.val is True
    sim.values[0] = 9
    assert a + 1 == 10 and seen == 9 and a[3] and a.signed() == 9 and str(a) == "09"


def test_the_next_value_starts_from_what_is_pending():
    sim = State([5, 1], [0b1100, 0])
    a, b = Signal(intbv(0)[8:]), Signal(bool(0))
    own(a, 0, sim)
    own(b, 1, sim)
    a.next[0] = 1
    assert a._next == 0b1101 and a.val == 5 and touched() == [id(a)]
    # A second look in the same piece of code sees what that code wrote.
    a.next[1] = 1
    assert a._next == 0b1111
    assert b.next == 0


def test_a_released_net_reads_none_and_a_driven_one_an_intbv():
    net = TristateSignal(uint[8])
    sim = State([None])
    own(net, 0, sim)
    assert net.val is None
    sim.values[0] = 7
    assert net.val == 7 and len(net.val) == 8 and net == 7


def test_reset_restores_the_initial_values():
    a = Signal(intbv(3)[8:])
    a._val._val = 9
    a.next = 7
    a._reset()
    assert a.val == 3 and a._next == 3 and a._val is not a._init
    kind = enum("A", "B")
    b = Signal(kind.B)
    b.next = kind.A
    b._reset()
    assert b.val is kind.B and b._next is kind.B
    net = TristateSignal(uint[8])
    net._reset()
    assert net.val is None


def test_a_simulation_starts_without_pending_writes(native):
    a = Signal(0)
    a.next = 1
    Simulation(top())
    assert touched() == [] and not a._is_touched
    a.next = 2
    assert touched() == [id(a)]


def test_items_are_given_flat_with_blocks_kept(native):
    made = top()

    @instance
    def process():
        yield delay(1)

    def generator():
        yield delay(1)

    running = generator()
    Simulation([made, (process,)], running, True).run(10)
    assert native.simulations[0].items == [made, process, running]


def test_runs_go_on_in_one_simulation(native):
    made = top()
    made.run_sim(10)
    kernel = native.simulations[0]
    kernel.results[:] = [1, 0]
    made.sim._finished = False
    assert made.run_sim(20, quiet=1) is None
    made.run_sim()
    assert kernel.runs == [(10, False), (20, True), (None, False)] and len(native.simulations) == 1
    with pytest.raises(StopSimulation, match="already finished"):
        made.run_sim()


def test_quit_ends_a_run(native):
    sim = Simulation(top())
    kernel_results = [1]
    sim._start(False)
    sim.run(5)
    native.simulations[-1].results[:] = kernel_results
    sim.quit()
    with pytest.raises(StopSimulation):
        sim.run()


def test_quit_before_a_run_starts_nothing(native):
    made = top()
    made.quit_sim()
    Simulation(made).quit()
    assert native.simulations == []


def test_a_process_exception_ends_the_simulation_if_the_kernel_says_so(native):
    sim = Simulation(top())
    native.Simulation.results = None
    sim._native = native.Simulation(sim._args, {})
    sim._native.results = [KeyError("a"), KeyError("b"), 0]
    with pytest.raises(KeyError):
        sim.run()
    sim._native.finished = True
    with pytest.raises(KeyError):
        sim.run()
    with pytest.raises(StopSimulation):
        sim.run()


def test_a_process_twice_is_refused_also_below_a_block():
    made = top()
    with pytest.raises(SimulationError, match="Duplicated"):
        Simulation(made, made.subs[0])
    with pytest.raises(SimulationError, match="argument type"):
        Simulation(5)


def test_time_is_that_of_the_running_simulation():
    assert now() == 0
    _time.source = type("Source", (), {"now": 42})()
    assert now() == 42 and _time.current.now() == 42
    Simulation(top())
    assert now() == 0


def test_waves_are_asked_for_in_the_next_simulation(native, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = top()
    made.config_sim(trace=True, timescale="1ps", filename="waves")
    try:
        made.run_sim(5)
    finally:
        traceSignals.timescale, traceSignals.filename = "1ns", None
    trace = native.simulations[0].options["trace"]
    assert trace["top"] is made and trace["timescale"] == "1ps" and trace["name"] == "top"
    assert trace["file"] == "waves.vcd" and (tmp_path / "waves.vcd").exists()
    Simulation(top()).run()
    assert native.simulations[1].options["trace"] is None


def test_an_outer_trace_replaces_an_inner_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    @block
    def outer():
        inst = traceSignals(top())
        return inst

    made = outer()
    assert (tmp_path / "top.vcd").exists()
    assert traceSignals(made) is made
    assert (tmp_path / "outer.vcd").exists() and not (tmp_path / "top.vcd").exists()


def test_waves_of_an_earlier_run_are_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "top.vcd").write_text("old")
    traceSignals(top())
    kept = [path for path in tmp_path.iterdir() if path.name != "top.vcd"]
    assert len(kept) == 1 and kept[0].read_text() == "old" and kept[0].name.startswith("top.")


def test_without_the_extension_the_error_says_what_to_do(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pyhw._native", None)
    monkeypatch.delattr(pyhw, "_native", raising=False)
    with pytest.raises(ImportError, match="pyhw sim FILE"):
        Simulation(top()).run()
