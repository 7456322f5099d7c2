"""Types of values, and signals made of them."""

import enum as python_enum

import pytest

from pyhw import Array, Int, Mod, Signal, TristateSignal, enum, intbv, modbv, sint, struct, uint


class State(python_enum.Enum):
    IDLE = 0
    DATA = 5
    STOP = 2
    REST = 2


class Colour(python_enum.Enum):
    RED = "r"
    BLUE = "b"


@pytest.mark.parametrize(
    "kind, low, high, width, wraps",
    [
        (uint[8], 0, 256, 8, False),
        (sint[8], -128, 128, 8, False),
        (sint[1], -1, 1, 1, False),
        (Int[0, 8], 0, 8, 3, False),
        (Int[-3, 10], -3, 10, 5, False),
        (Mod[10], 0, 10, 4, True),
        (Mod[1], 0, 1, 1, True),
    ],
)
def test_an_integer_type_has_bounds_and_width(kind, low, high, width, wraps):
    sig = Signal(kind)
    assert (kind.lo, kind.hi, kind._nrbits, kind.wrap) == (low, high, width, wraps)
    assert (sig._type, sig.min, sig.max, len(sig), sig._wrap) == ("int", low, high, width, wraps)
    assert type(kind()) is (modbv if wraps else intbv)


def test_the_initial_value_is_checked():
    assert Signal(uint[8], 255).val == 255
    with pytest.raises(ValueError):
        Signal(uint[8], 256)
    with pytest.raises(ValueError):
        Signal(Int[0, 8], 8)
    with pytest.raises(TypeError):
        Signal(uint[8], "1")
    assert Signal(Mod[10], 12).val == 2
    assert Signal(Int[3, 5]).val == 3
    assert Signal(uint[8], intbv(7)).val == 7


def test_a_store_is_checked_or_wraps():
    sig = Signal(uint[8])
    with pytest.raises(ValueError):
        sig.next = 256
    wrapping = Signal(Mod[10])
    wrapping.next = 10
    assert wrapping.next == 0


@pytest.mark.parametrize(
    "wrong", [lambda: uint[0], lambda: Int[3], lambda: Int[3, 3], lambda: Mod[0], lambda: Array[8, 3]]
)
def test_a_wrong_parameter_is_refused(wrong):
    with pytest.raises((TypeError, ValueError)):
        wrong()


def test_a_float_is_no_width():
    with pytest.raises(TypeError):
        uint[2.0]


def test_a_name_without_parameters_makes_no_value():
    with pytest.raises(TypeError, match=r"uint\[8\]"):
        uint(3)


def test_types_are_equal_by_what_they_hold_and_print_as_written():
    assert uint[8] == Int[0, 256] and uint[8] != Mod[256] and hash(uint[8]) == hash(Int[0, 256])
    assert [repr(t) for t in (uint[8], sint[4], Int[0, 8], Mod[7], Array[uint[8], 4], Array[bool, 2])] == [
        "uint[8]", "sint[4]", "Int[0, 8]", "Mod[7]", "Array[uint[8], 4]", "Array[bool, 2]"
    ]  # fmt: skip


def test_bool_is_a_type():
    sig = Signal(bool)
    assert sig._type == "bool" and sig.val is False
    assert Signal(bool, 1).val is True
    with pytest.raises(ValueError):
        Signal(bool, 2)


def test_a_python_enumeration_is_a_type():
    sig = Signal(State)
    assert sig._type == "enum" and sig.val is State.IDLE and len(sig) == 3
    assert sig == State.IDLE and sig != State.DATA
    assert Signal(State, State.STOP).val is State.STOP and Signal(State.DATA).val is State.DATA
    sig.next = State.STOP
    assert sig.next is State.STOP
    for wrong in (0, "IDLE", Colour.RED):
        with pytest.raises(TypeError):
            sig.next = wrong
    with pytest.raises(TypeError):
        Signal(State, Colour.RED)


def test_a_python_enumeration_has_codes():
    view = Signal(State)._enum
    assert view._names == ("IDLE", "DATA", "STOP") and view._codes == ("000", "101", "010")
    assert view._index(State.REST) == 2
    assert Signal(State.DATA)._enum is view
    assert Signal(Colour)._enum._codes == ("0", "1")


def test_members_of_int_enum_stay_integers():
    class Level(python_enum.IntEnum):
        LOW = 1

    assert Signal(Level.LOW)._type == "int"


def test_a_myhdl_enumeration_is_a_type():
    kind = enum("A", "B", encoding="one_hot")
    sig = Signal(kind)
    assert sig._type == "enum" and sig.val is kind.A and sig._enum is kind
    assert Signal(kind, kind.B).val is kind.B
    with pytest.raises(TypeError):
        sig.next = enum("A", "B").A


def test_gray_codes_differ_in_one_bit():
    codes = enum(*"ABCDE", encoding="gray")._codes
    assert codes == ("000", "001", "011", "010", "110")


def test_an_array_of_signals_is_a_list():
    memory = Signal(Array[uint[8], 4])
    assert isinstance(memory, list) and len(memory) == 4 and all(len(s) == 8 for s in memory)
    assert len({id(s) for s in memory}) == 4
    assert [s.val for s in Signal(Array[uint[8], 2], [1, 2])] == [1, 2]
    grid = Signal(Array[Array[bool, 2], 3])
    assert len(grid) == 3 and grid[1][0]._type == "bool"
    with pytest.raises(ValueError):
        Signal(Array[uint[8], 2], [1])


def test_an_array_value_checks_every_store():
    buffer = Array(uint[8], 4)
    assert list(buffer) == [0] * 4
    buffer[1] = 255
    buffer[2:4] = [1, Signal(uint[4], 9)]
    assert list(buffer) == [0, 255, 1, 9] and type(buffer[3]) is int
    with pytest.raises(ValueError):
        buffer[0] = 256
    with pytest.raises(ValueError):
        buffer[0:2] = [1]
    for change in (lambda: buffer.append(1), lambda: buffer.pop(), lambda: buffer.__delitem__(0)):
        with pytest.raises(TypeError):
            change()
    assert list(Array(Mod[10], 2, [11, 5])) == [1, 5]


@struct
class Pair:
    low: uint[4]
    flag: bool = True
    state: State = State.STOP


@struct
class Packet:
    header: Pair
    data: Array[uint[8], 2]


def test_a_struct_has_checked_fields():
    pair = Pair(3)
    assert (pair.low, pair.flag, pair.state) == (3, True, State.STOP)
    assert pair == Pair(low=3) and pair != Pair(4) and repr(Pair(1)) == f"Pair(low=1, flag=True, state={State.STOP!r})"
    with pytest.raises(ValueError):
        pair.low = 16
    with pytest.raises(AttributeError):
        pair.lwo = 1
    with pytest.raises(TypeError):
        Pair(1, wrong=2)
    with pytest.raises(TypeError):
        Pair(1, low=2)


def test_a_struct_copies_what_it_is_given():
    pair = Pair(3)
    packet = Packet(pair, [1, 2])
    pair.low = 4
    assert packet.header.low == 3


def test_a_class_without_types_is_no_struct():
    with pytest.raises(TypeError):

        @struct
        class Wrong:
            a: int


def test_a_signal_of_a_struct_has_signals_for_fields():
    sig = Signal(Packet, Packet(Pair(5), [7, 8]))
    assert sig.header.low.val == 5 and len(sig.header.low) == 4 and sig.data[1].val == 8
    assert sig.val == Packet(Pair(5), [7, 8])
    sig.next = Packet(Pair(1, False), [2, 3])
    assert sig.header.low.next == 1 and sig.header.flag.next == 0 and sig.data[0].next == 2
    sig.next.header.low.next = 9
    assert sig.header.low.next == 9
    with pytest.raises(TypeError):
        sig.next = 5


def test_a_delay_goes_with_a_type():
    assert Signal(uint[8], 3, delay=5).delay == 5
    assert Signal(3, delay=5).val == 3 and Signal(3, 5).delay == 5
    with pytest.raises(TypeError):
        Signal(3, 5, 6)


def test_a_tristate_signal_takes_a_type():
    net = TristateSignal(uint[8])
    assert len(net) == 8 and net.val is None and net._tristate == "net"
    driver = net.driver()
    assert driver._net is net and net._drivers == [driver] and driver._tristate == "driver"


def test_drivers_do_not_share_their_next_value():
    net = TristateSignal(uint[8])
    one, two = net.driver(), net.driver()
    one.next = 1
    two.next = 2
    assert one.next == 1 and two.next == 2
