"""Annotated ports, and top blocks that are built from them."""

import enum as python_enum

import pytest

from pyhw import (
    Array,
    Clock,
    In,
    InOut,
    MissingPortType,
    Out,
    Reset,
    ResetSignal,
    Signal,
    UnknownParameter,
    always_comb,
    block,
    elaborate_top,
    ports,
    uint,
)


class Mode(python_enum.Enum):
    SLOW = 0
    FAST = 1


class Bus:
    def __init__(self):
        self.data = Signal(uint[8])
        self.valid = Signal(bool)


@block
def top(
    clk: Clock, rst: Reset, d: In[uint[8]], q: Out[uint[8], 5], pad: InOut[uint[4]], depth: int = 16, mode=Mode.SLOW
):
    @always_comb
    def logic():
        q.next = d

    return logic


def test_annotations_say_direction_type_and_initial_value():
    anns = top.annotations()
    assert (anns["d"].direction, anns["d"].type, anns["d"].init) == ("in", uint[8], None)
    assert (anns["q"].direction, anns["q"].init) == ("out", 5)
    assert anns["pad"].direction == "inout" and anns["clk"].role == "clock" and anns["rst"].role == "reset"
    assert repr(anns["q"]) == "Out[uint[8], 5]" and repr(anns["clk"]) == "Clock"


def test_ports_are_new_signals_in_signature_order():
    made = ports(top, {})
    assert [name for name, _ in made] == ["clk", "rst", "d", "q", "pad", "depth", "mode"]
    values = dict(made)
    assert values["clk"]._type == "bool" and len(values["d"]) == 8 and values["q"].val == 5
    assert values["pad"]._tristate == "net" and values["depth"] == 16
    assert ports(top, {})[0][1] is not values["clk"]


def test_a_reset_is_synchronous_and_active_high_unless_it_says_otherwise():
    def check(kind, active, isasync):
        sig = kind.signal()
        assert type(sig) is ResetSignal
        # It starts inactive.
        assert (sig.active, sig.isasync, sig.val) == (active, isasync, not active)

    check(Reset, True, False)
    check(Reset[0], False, False)
    check(Reset[0, True], False, True)
    check(Reset[1, True], True, True)
    for wrong in ((0, 1, 1), "low", 2):
        with pytest.raises(TypeError):
            Reset[wrong]


def test_parameters_are_read_from_text_as_their_type():
    made = dict(ports(top, {"depth": "0x20", "mode": "FAST"}))
    assert made["depth"] == 32 and made["mode"] is Mode.FAST
    assert dict(ports(top, {"mode": "Mode.FAST"}))["mode"] is Mode.FAST
    with pytest.raises(ValueError):
        ports(top, {"depth": "many"})
    with pytest.raises(ValueError):
        ports(top, {"mode": "NONE"})


def test_text_of_other_parameters():
    @block
    def other(d: In[bool], taps=(1, 2), name="x", scale=1.5, on=False):
        @always_comb
        def logic():
            pass

        return logic

    made = dict(ports(other, {"taps": "[3, 4]", "name": "5", "scale": "2", "on": "true"}))
    assert made["taps"] == [3, 4] and made["name"] == "5" and made["scale"] == 2.0 and made["on"] is True


def test_elaborate_top_builds_the_block():
    made = elaborate_top(top, {"depth": 4})
    assert made.args["depth"] == 4 and made.anns["d"].direction == "in" and len(made.subs) == 1


def test_a_parameter_without_type_and_value_is_named():
    @block
    def missing(clk: Clock, d):
        pass

    with pytest.raises(MissingPortType) as caught:
        elaborate_top(missing)
    assert caught.value.parameter == "d" and caught.value.block == "missing" and caught.value.file == __file__
    assert dict(ports(missing, {"d": 3}))["d"] == 3


@pytest.mark.parametrize("annotation", [int, bool, uint[8], In, "no.such"])
def test_an_annotation_that_is_no_port_needs_a_value(annotation):
    def function(d):
        pass

    function.__annotations__ = {"d": annotation}
    with pytest.raises(MissingPortType):
        ports(block(function))


def test_an_unknown_parameter_is_an_error():
    with pytest.raises(UnknownParameter, match="no parameter `width`"):
        elaborate_top(top, {"width": 3})
    with pytest.raises(UnknownParameter, match="is a port"):
        elaborate_top(top, {"d": 3})


def test_an_interface_class_is_a_port():
    @block
    def with_bus(bus: Bus, q: Out[bool]):
        @always_comb
        def logic():
            q.next = bus.valid

        return logic

    made = elaborate_top(with_bus)
    assert isinstance(made.args["bus"], Bus)


def test_a_list_of_signals_is_a_port():
    @block
    def with_list(d: In[Array[uint[8], 3]]):
        @always_comb
        def logic():
            pass

        return logic

    assert len(elaborate_top(with_list).args["d"]) == 3


def test_annotations_may_be_strings():
    def function(clk, d):
        pass

    function.__annotations__ = {"clk": "Clock", "d": "In[uint[3]]", "return": "None"}
    made = dict(ports(block(function)))
    assert len(made["d"]) == 3


def test_a_direction_takes_only_types():
    for wrong in (8, (uint[8], 1, 2), "uint[8]"):
        with pytest.raises(TypeError):
            In[wrong]
