"""Blinks a LED every three cycles, and looks at it for a while."""

from pyhw import ResetSignal, Signal, StopSimulation, always, block, delay, instance

from blinky import blinky

HALF_PERIOD = 3


@block
def bench():
    clk = Signal(bool)
    rst = ResetSignal(0, active=1, isasync=False)
    led = Signal(bool)

    dut = blinky(clk, rst, led, half_period=HALF_PERIOD)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def watch():
        for cycle in range(12):
            # At the falling edge everything that the rising one has caused is settled.
            yield clk.negedge
            print(f"cycle {cycle:2}: led {'on' if led else 'off'}")
            assert led == (cycle + 1) // HALF_PERIOD % 2

        # The clock does not stop in a reset: the LED goes off at the next rising edge.
        rst.next = 1
        yield clk.negedge
        print(f"reset   : led {'on' if led else 'off'}")
        assert not led
        raise StopSimulation

    return dut, clock, watch
