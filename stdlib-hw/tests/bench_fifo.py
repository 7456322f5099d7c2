"""`fifo`: as a Python list would have it, for several depths and kinds of words, full and empty, both sides at once."""

import random

from pyhw import Int, ResetSignal, Signal, StopSimulation, always, block, delay, instance, uint
from pyhw.hw import fifo


@block
def driven(clk, word, words, depth):
    """one queue, and a driver that compares it with a list."""
    rst = ResetSignal(1, active=1, isasync=False)
    write, read, full, empty = Signal(bool), Signal(bool), Signal(bool), Signal(bool)
    data_in, data_out = Signal(word), Signal(word)

    dut = fifo(clk, rst, write, data_in, full, read, data_out, empty, depth=depth)

    @instance
    def drive():
        yield clk.negedge
        rst.next = 0
        generator = random.Random(depth)
        model = []
        seen_full = seen_empty = False
        for step in range(2000):
            # Mostly writing, then mostly reading, and so on: it becomes full and empty.
            eager = 0.8 if step // 50 % 2 else 0.3
            write.next = generator.random() < eager
            read.next = generator.random() < 1 - eager
            data_in.next = generator.choice(words)
            yield delay(1)
            assert full == (len(model) == depth)
            assert empty == (not model)
            seen_full, seen_empty = seen_full or bool(full), seen_empty or bool(empty)
            if model:
                assert data_out == model[0]
            given = read and bool(model)
            taken = write and len(model) < depth
            if given:
                del model[0]
            if taken:
                model.append(int(data_in))
            yield clk.negedge
        assert seen_full and seen_empty
        # A reset forgets what was there.
        write.next, read.next, rst.next = 1, 0, 1
        yield clk.negedge
        assert empty and not full

    return dut, drive


@block
def bench():
    clk = Signal(bool)
    queues = [
        driven(clk, uint[8], range(256), depth=16),
        driven(clk, uint[33], range(2**33 - 5, 2**33), depth=5),
        driven(clk, Int[-3, 4], range(-3, 4), depth=2),
        driven(clk, bool, (False, True), depth=1),
    ]

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def end():
        yield delay(2010 * 10)
        print("fifo: ok")
        raise StopSimulation

    return queues, clock, end


def refuses(depth):
    """whether the block refuses so much room."""
    flags = [Signal(bool) for _ in range(5)]
    try:
        fifo(flags[0], ResetSignal(0, 1, False), flags[1], Signal(uint[8]), flags[2], flags[3], Signal(uint[8]), flags[4], depth)
    except ValueError as error:
        return "depth" in str(error)
    return False


assert refuses(0) and refuses(-1)
