"""Measures what fraction of each period the output is high."""

from pyhw import ResetSignal, Signal, StopSimulation, always, block, delay, instance, uint

from pwm import PERIOD, pwm

DUTIES = (0, 1, 64, 128, 254, 255)


@block
def bench():
    clk = Signal(bool)
    rst = ResetSignal(1, active=1, isasync=False)
    duty = Signal(uint[8])
    pin = Signal(bool)

    dut = pwm(clk, rst, duty, pin)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def measure():
        yield clk.negedge
        rst.next = 0
        # The first period still has the duty of the reset; `pin` is a register, one cycle behind the count.
        duty.next = DUTIES[0]
        for _ in range(PERIOD + 1):
            yield clk.negedge
        for i, expected in enumerate(DUTIES):
            duty.next = DUTIES[min(i + 1, len(DUTIES) - 1)]
            high, edges = 0, 0
            before = False
            for _ in range(PERIOD):
                high += pin
                edges += pin != before
                before = bool(pin)
                yield clk.negedge
            bar = "#" * (high * 32 // PERIOD)
            print(f"duty {expected:3}: high for {high:3} of {PERIOD} cycles |{bar:32}|")
            assert high == expected
            assert edges <= 2, "one pulse in each period"
        raise StopSimulation

    return dut, clock, measure
