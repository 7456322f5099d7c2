"""Looks at a whole picture as a monitor does: it knows nothing but the sync pulses and the colours."""

from pyhw import ResetSignal, Signal, StopSimulation, always, block, delay, instance, uint

from vga import vga


@block
def bench():
    clk = Signal(bool)
    rst = ResetSignal(1, active=1, isasync=False)
    hsync, vsync = Signal(bool, 1), Signal(bool, 1)
    rgb = Signal(uint[3])

    dut = vga(clk, rst, rgb, hsync, vsync)

    @always(delay(20))
    def clock():
        clk.next = not clk

    @instance
    def monitor():
        yield clk.negedge
        rst.next = 0

        # From the end of one vertical pulse to the end of the next is one picture.
        yield vsync.posedge
        yield clk.negedge
        cycles, lines, low_cycles, low_lines, lit, bars = 0, 0, 0, 0, 0, 0
        done = False
        hsync_before, vsync_before, rgb_before = True, True, 0
        while not done:
            yield clk.negedge
            cycles += 1
            if not hsync:
                low_cycles += 1
            if hsync and not hsync_before:
                lines += 1
                if not vsync:
                    low_lines += 1
            if rgb != 0:
                lit += 1
            if rgb != rgb_before and rgb != 0:
                bars += 1
            done = vsync and not vsync_before
            hsync_before, vsync_before, rgb_before = bool(hsync), bool(vsync), int(rgb)

        print(f"picture: {cycles} pixel clocks, {lines} lines of {cycles // lines}")
        print(f"hsync  : low for {low_cycles // lines} pixel clocks of each line")
        print(f"vsync  : low for {low_lines} lines of each picture")
        print(f"colour : {lit} pixels, {bars // 480} bars beside the black one in each of 480 lines")
        rate = 100 * 25_175_000 // cycles
        print(f"at 25.175 MHz: {rate // 100}.{rate % 100:02} pictures a second")
        assert (cycles, lines) == (800 * 525, 525)
        assert (low_cycles, low_lines) == (96 * 525, 2)
        assert (lit, bars) == (560 * 480, 7 * 480)
        raise StopSimulation

    return dut, clock, monitor
