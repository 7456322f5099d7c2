"""Shows the impulse response and the step response, and compares noise with the sum as Python computes it."""

import random

from pyhw import ResetSignal, Signal, StopSimulation, always, block, delay, instance, sint

from fir import LOW_PASS, SCALE_BITS, fir


@block
def bench():
    clk = Signal(bool)
    rst = ResetSignal(1, active=1, isasync=False)
    enable = Signal(bool)
    sample, result = Signal(sint[12]), Signal(sint[13])

    dut = fir(clk, rst, enable, sample, result)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        yield clk.negedge
        rst.next = 0
        enable.next = 1

        print("impulse of 256: each tap in turn")
        response = []
        for i in range(10):
            sample.next = 256 if i == 0 else 0
            yield clk.negedge
            response.append(int(result))
        print(" ", *response)
        assert tuple(response[1:9]) == LOW_PASS

        print("step of 1000: it overshoots a little, and settles at 1000")
        response = []
        for _ in range(10):
            sample.next = 1000
            yield clk.negedge
            response.append(int(result))
        print(" ", *response)
        assert result == 1000

        random.seed(1)
        history = [1000] * len(LOW_PASS)
        for _ in range(1000):
            expected = sum(tap * past for tap, past in zip(LOW_PASS, history)) >> SCALE_BITS
            sample.next = random.choice((-2048, 2047, random.randrange(-2048, 2048)))
            yield clk.negedge
            assert result == expected
            history = [int(sample), *history[:-1]]
        print("1000 samples of noise: as computed")
        raise StopSimulation

    return dut, clock, stimulus
