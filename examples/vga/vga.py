"""VGA: the timing of a picture of 640 by 480, and colour bars to put into it."""

from pyhw import Clock, Int, Out, Reset, Signal, always_comb, always_seq, block, uint


class Axis:
    """One direction of a video mode, in pixels or lines: the picture, and the pause with the sync pulse in it."""

    def __init__(self, visible, front, sync, back):
        self.visible = visible
        self.sync_start = visible + front
        self.sync_end = visible + front + sync
        self.total = visible + front + sync + back


# 640 by 480 at 60 pictures a second, with a pixel clock of 25.175 MHz; both sync pulses are low.
HORIZONTAL = Axis(visible=640, front=16, sync=96, back=48)
VERTICAL = Axis(visible=480, front=10, sync=2, back=33)


@block
def vga_timing(
    clk: Clock,
    rst: Reset,
    x: Out[Int[0, HORIZONTAL.total]],
    y: Out[Int[0, VERTICAL.total]],
    visible: Out[bool],
    hsync: Out[bool, 1],
    vsync: Out[bool, 1],
):
    """goes through the pixels of a picture line by line, and through the pauses beside and below it.

    `x` and `y` are the place of the pixel, and `visible`, `hsync` and `vsync` belong to it.
    """

    @always_seq(clk.posedge, reset=rst)
    def scan():
        if x != HORIZONTAL.total - 1:
            x.next = x + 1
        else:
            x.next = 0
            y.next = y + 1 if y != VERTICAL.total - 1 else 0

    @always_comb
    def decode():
        visible.next = x < HORIZONTAL.visible and y < VERTICAL.visible
        hsync.next = not HORIZONTAL.sync_start <= x < HORIZONTAL.sync_end
        vsync.next = not VERTICAL.sync_start <= y < VERTICAL.sync_end

    return scan, decode


@block
def vga(clk: Clock, rst: Reset, rgb: Out[uint[3]], hsync: Out[bool, 1], vsync: Out[bool, 1]):
    """eight colour bars from white to black on a VGA monitor; red, green and blue are bits 2, 1 and 0 of `rgb`."""
    x = Signal(Int[0, HORIZONTAL.total])
    y = Signal(Int[0, VERTICAL.total])
    visible = Signal(bool)
    line_pulse = Signal(bool, 1)
    picture_pulse = Signal(bool, 1)

    timing = vga_timing(clk, rst, x, y, visible, line_pulse, picture_pulse)

    # Registers drive the pins: what comes straight from logic may glitch, and a monitor would see it.
    @always_seq(clk.posedge, reset=rst)
    def pins():
        if visible:
            assert x < HORIZONTAL.visible
            rgb.next = 7 - x // (HORIZONTAL.visible // 8)
        else:
            # Monitors take what they see in the pause for black.
            rgb.next = 0
        hsync.next = line_pulse
        vsync.next = picture_pulse

    return timing, pins
