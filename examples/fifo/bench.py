"""Fills the queue, empties it, and then lets a writer and a reader run at their own pace beside a Python list."""

import random

from pyhw import ResetSignal, Signal, StopSimulation, always, block, delay, instance, uint

from fifo import fifo

DEPTH = 4


@block
def bench():
    clk = Signal(bool)
    rst = ResetSignal(1, active=1, isasync=False)
    write, read, full, empty = Signal(bool), Signal(bool), Signal(bool), Signal(bool)
    data_in, data_out = Signal(uint[8]), Signal(uint[8])

    dut = fifo(clk, rst, write, data_in, read, data_out, full, empty, depth=DEPTH)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        yield clk.negedge
        rst.next = 0

        print("fill")
        for byte in range(10, 10 + DEPTH + 1):
            print(f"  write {byte}: {'full, dropped' if full else 'taken'}")
            assert full == (byte == 10 + DEPTH)
            write.next = 1
            data_in.next = byte
            yield clk.negedge
        write.next = 0

        print("empty")
        for byte in range(10, 10 + DEPTH):
            assert not empty
            read.next = 1
            yield clk.negedge
            print(f"  read {int(data_out)}")
            assert data_out == byte
        read.next = 0
        assert empty

        # The model is a Python list, and what it holds decides what the queue must say.
        random.seed(1)
        model = []
        moved, longest = 0, 0
        for _ in range(1000):
            assert full == (len(model) == DEPTH)
            assert empty == (len(model) == 0)
            write.next = random.random() < 0.6
            read.next = random.random() < 0.5
            data_in.next = random.randrange(256)
            yield clk.posedge
            taken = write and not full
            given = read and not empty
            yield clk.negedge
            if given:
                assert data_out == model.pop(0)
                moved += 1
            if taken:
                model.append(int(data_in))
            longest = max(longest, len(model))
        print(f"at random: {moved} bytes came out as they went in, at most {longest} were waiting")
        raise StopSimulation

    return dut, clock, stimulus
