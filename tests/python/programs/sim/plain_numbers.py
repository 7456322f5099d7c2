"""What has bits and what has none; negative numbers in slices; signals that lists hold; what has no width."""

from myhdl import Signal, block, delay, instance, intbv, modbv


def outcome(process):
    """What a process of one signal of each kind does: its prints, and the class of what it raises."""

    byte = Signal(intbv(5)[8:])
    offset = Signal(intbv(-4, min=-128, max=128))
    bit = Signal(bool(1))
    try:
        process(byte, offset, bit).run_sim(quiet=1)
    except (TypeError, ValueError, IndexError) as error:
        print(type(error).__name__)


@block
def bits_of_a_sum(byte, offset, bit):
    @instance
    def run():
        yield delay(1)
        print((byte & 3)[0], (byte ^ 1)[1], (byte >> 1)[1], intbv(byte + 300)[8:])
        print((byte + 1)[8:])

    return run


@block
def bit_of_a_counter(byte, offset, bit):
    @instance
    def run():
        yield delay(1)
        for i in range(4):
            print(intbv(i)[0])
        print(i[0])

    return run


@block
def bit_of_a_truth_value(byte, offset, bit):
    @instance
    def run():
        yield delay(1)
        print(bit[0])

    return run


@block
def what_has_no_width(byte, offset, bit):
    @instance
    def run():
        yield delay(1)
        print(byte[:1], offset[:2], ~byte[:1], byte[:1] + 1, offset[8:2])
        x = byte[:2]
        print(x, x + offset)

    return run


@block
def lists_that_hold_signals(byte, offset, bit):
    @instance
    def run():
        kept = [0 for _ in range(3)]
        kept[1] = byte
        kept[int(bit) + 1] = byte
        kept[0] = int(byte)
        byte.next = 30
        yield delay(1)
        print(kept[0], kept[1] + 0, kept[2] + 1)

    return run


@block
def a_negative_number_in_a_slice(byte, offset, bit):
    @instance
    def run():
        byte.next[4:] = offset[4:]
        yield delay(1)
        print(byte)
        byte.next[4:] = byte - 13
        yield delay(1)
        print(byte)

    return run


@block
def too_large_a_number_in_a_slice(byte, offset, bit):
    @instance
    def run():
        byte.next[4:] = offset + 20
        yield delay(1)
        print(byte)

    return run


@block
def a_power_that_is_no_integer(byte, offset, bit):
    @instance
    def run():
        yield delay(1)
        print(byte**2, 2**byte, 2**-1)

    return run


for process in (
    bits_of_a_sum,
    bit_of_a_counter,
    bit_of_a_truth_value,
    what_has_no_width,
    lists_that_hold_signals,
    a_negative_number_in_a_slice,
    too_large_a_number_in_a_slice,
    a_power_that_is_no_integer,
):
    print(process.func.__name__)
    outcome(process)


@block
def negative_numbers_in_slices_of_locals():
    @instance
    def run():
        for v in range(-8, 9, 3):
            free, signed, wrapped = intbv(5), intbv(3, min=-128, max=128), modbv(9)[8:]
            free[4:] = v
            signed[6:2] = v
            wrapped[4:1] = v % 8 - 8
            wrapped[v + 9 : v + 8] = v & 1
            print(free + 0, signed, wrapped)
            yield delay(1)
        signed[4:] = 16

    return run


try:
    negative_numbers_in_slices_of_locals().run_sim(quiet=1)
except ValueError as error:
    print(str(error).split("\n")[0])
