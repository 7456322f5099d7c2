"""Lets two cars come and prints every change of the lights; never may both roads go."""

from pyhw import ResetSignal, Signal, StopSimulation, always, always_seq, block, delay, instance, now, uint

from traffic_light import GREEN, RED, YELLOW, traffic_light

NAMES = {RED: "red", YELLOW: "yellow", GREEN: "green"}


@block
def bench():
    clk = Signal(bool)
    rst = ResetSignal(1, active=1, isasync=False)
    car = Signal(bool)
    main_light, side_light = Signal(uint[3], GREEN), Signal(uint[3], RED)

    dut = traffic_light(clk, rst, car, main_light, side_light, green=5, yellow=2)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def cars():
        yield clk.negedge
        rst.next = 0
        # One car in the first green, and one that waits while the side road has just had its own.
        for wait in (7, 9):
            for _ in range(wait):
                yield clk.negedge
            car.next = 1
            print(f"cycle {now() // 10:2}: a car comes")
            while side_light != GREEN:
                yield clk.negedge
            car.next = 0
        for _ in range(12):
            yield clk.negedge
        raise StopSimulation

    @instance
    def watch():
        shown_main, shown_side = 0, 0
        while True:
            yield clk.negedge
            if (main_light, side_light) != (shown_main, shown_side):
                print(f"cycle {now() // 10:2}: main {NAMES[int(main_light)]:6} side {NAMES[int(side_light)]}")
                shown_main, shown_side = int(main_light), int(side_light)

    @always_seq(clk.posedge, reset=rst)
    def safe():
        assert main_light == RED or side_light == RED, "both roads go"

    return dut, clock, cars, watch, safe
