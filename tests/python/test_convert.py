"""Emission calls: what the extension is given, and what is written."""

import os

import pytest

from pyhw import (
    ExtractHierarchyError,
    HdlClass,
    Signal,
    ToVerilogError,
    TristateSignal,
    always_comb,
    block,
    intbv,
    toVerilog,
    toVHDL,
    uint,
)
from pyhw._convert import port_signals
from pyhw._output import write_all


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for converter in (toVerilog, toVHDL):
        type(converter).__init__(converter)


@block
def top(q, d):
    @always_comb
    def logic():
        q.next = d

    return logic


def made():
    return top(Signal(uint[4]), Signal(uint[4]))


def test_convert_writes_the_files_and_returns_the_block(native, folder):
    block = made()
    assert block.convert() is block
    assert (folder / "top.v").read_text() == "text\n"
    (given, language, options) = native.conversions[0]
    assert given is block and language == "verilog" and options["name"] == "top"
    assert options["timescale"] == "1ns/10ps" and options["no_testbench"] is False and options["standard"] == "2001"


def test_keywords_become_attributes_that_hold_for_one_call(native, folder):
    (folder / "out").mkdir()
    made().convert(hdl="VHDL", path="out", name="other", architecture="rtl", initial_values=True)
    assert (folder / "out" / "other.vhd").exists()
    options = native.conversions[0][2]
    assert options["architecture"] == "rtl" and options["initial_values"] is True and options["library"] == "work"
    assert toVHDL.name is None and toVHDL.architecture == "MyHDL"
    # MyHDL keeps these two.
    assert toVHDL.directory == "out" and toVHDL.initial_values is True
    with pytest.raises(AttributeError):
        made().convert(hdl="VHDL", no_such=1)


def test_testbench_keywords_are_verilogs(native):
    made().convert(testbench=False, trace=True, timescale="1ps/1ps")
    options = native.conversions[0][2]
    assert options["no_testbench"] is True and options["trace"] is True and options["timescale"] == "1ps/1ps"


def test_attributes_are_reset_after_an_error_too(native, monkeypatch):
    def refuse(*args):
        raise ToVerilogError("no")

    monkeypatch.setattr(native, "convert", refuse)
    toVerilog.name = "x"
    with pytest.raises(ToVerilogError):
        toVerilog(made())
    assert toVerilog.name is None and os.listdir() == []


class Bus:
    def __init__(self):
        self.data = Signal(uint[4])
        self.inner = type("Inner", (), {})()
        self.inner.flag = Signal(bool)
        self.inner.up = self
        self.width = 4


def test_ports_of_interfaces_have_joined_names(native):
    @block
    def with_bus(bus, pad, n=3):
        @always_comb
        def logic():
            bus.data.next = n

        return logic

    made = with_bus(Bus(), TristateSignal(uint[4]))
    assert [name for name, _ in port_signals(made)] == ["bus_data", "bus_inner_flag", "pad"]
    toVerilog(made)
    assert toVerilog.portmap["bus_data"] is made.args["bus"].data
    assert toVerilog.portmap["pad"]._tristate == "driver"


def test_all_files_are_written_or_none(folder):
    assert write_all({"a.v": "1", "b.v": "2"}, "") == ["a.v", "b.v"]
    with pytest.raises(OSError):
        write_all({"a.v": "new", "no/such/folder.v": "2"}, "")
    assert sorted(os.listdir()) == ["a.v", "b.v"] and (folder / "a.v").read_text() == "1"
    with pytest.raises(UnicodeEncodeError):
        write_all({"a.v": "new", "c.v": "\ud800"}, "")
    assert sorted(os.listdir()) == ["a.v", "b.v"] and (folder / "a.v").read_text() == "1"


# Designs of plain functions, as MyHDL had them before blocks.


def inverter(q, d):
    @always_comb
    def logic():
        q.next = not d

    return logic


def chain(q, d, n=2):
    """inverters in a row."""
    nets = [Signal(bool(0)) for _ in range(n)]
    first = inverter(nets[0], d)
    stages = [inverter(nets[i + 1], nets[i]) for i in range(n - 1)]

    @always_comb
    def last():
        q.next = nets[n - 1]

    return first, stages, last


def test_plain_functions_become_blocks(native):
    q, d = Signal(bool(0)), Signal(bool(0))
    with pytest.warns(DeprecationWarning, match="toVerilog"):
        result = toVerilog(chain, q, d, n=3)
    top, _, options = native.conversions[0]
    assert options["name"] == "chain" and top.func is chain and top.args == {"q": q, "d": d, "n": 3}
    assert [(type(sub).__name__, sub.name) for sub in top.subs] == [
        ("Block", "first"), ("Block", "stages_0"), ("Block", "stages_1"), ("Process", "last")
    ]  # fmt: skip
    assert top.subs[0].func is inverter and top.subs[0].args["d"] is d
    assert top.subs[0].subs[0].kind == "comb"
    assert isinstance(result, tuple) and len(result) == 3


def test_a_nested_plain_function_is_found_again(native):
    def outer(q, d):
        def inner(q):
            @always_comb
            def logic():
                q.next = d

            return logic

        part = inner(q)
        return part

    with pytest.warns(DeprecationWarning):
        toVHDL(outer, Signal(bool(0)), Signal(bool(0)))
    part = native.conversions[0][0].subs[0]
    assert part.name == "part" and part.func.__name__ == "inner" and part.func.__code__.co_freevars == ("d",)


def test_user_code_of_a_plain_function_is_found(native):
    inverter.verilog_code = "assign $q = ~$d;"
    try:
        with pytest.warns(DeprecationWarning):
            toVerilog(chain, Signal(bool(0)), Signal(bool(0)))
    finally:
        del inverter.verilog_code
    assert native.conversions[0][0].subs[0].verilog_code.code == "assign $q = ~$d;"


def test_a_block_function_in_the_old_form_is_called(native):
    with pytest.warns(DeprecationWarning):
        result = toVerilog(top, Signal(uint[4]), Signal(uint[4]))
    assert native.conversions[0][0] is result


def test_a_plain_function_without_processes_is_an_error(native):
    with pytest.warns(DeprecationWarning), pytest.raises(ExtractHierarchyError, match="No instances"):
        toVerilog(lambda: [])


# Components that are objects.


class Adder(HdlClass):
    def __init__(self, a, b):
        self.a, self.b = a, b
        self.total = Signal(intbv(0)[5:])

    @block(skipname=True)
    def hdl(self):
        @always_comb
        def logic():
            self.total.next = self.a + self.b

        return self.hdlinstances()


class Tree(HdlClass):
    def __init__(self):
        self.x = Signal(uint[4])
        self.y = Signal(uint[4])

    @block(skipname=True)
    def hdl(self):
        left = Adder(self.x, self.y)
        others = [Adder(self.y, self.x), Adder(self.x, self.x)]

        @always_comb
        def idle():
            pass

        return self.hdlinstances()


def test_components_become_named_blocks(native):
    tree = Tree()
    tree.convert(hdl="Verilog", name="tree")
    top = native.conversions[0][0]
    assert list(top.args) == ["x", "y"] and top.args["x"] is tree.x and top.name is None
    (inner,) = top.subs
    assert [sub.name for sub in inner.subs] == ["left", "others0", "others1", "idle"]
    assert list(inner.subs[0].locals) and inner.subs[0].subs[0].subs[0].kind == "comb"
    tree.convert(hdl="VHDL", name="tree")
    assert native.conversions[1][0] is top


def test_an_abstract_component_cannot_be_made():
    class Empty(HdlClass):
        pass

    with pytest.raises(TypeError):
        Empty()
