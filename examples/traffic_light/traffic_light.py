"""A crossing: the main road has green until a car waits on the side road."""

from enum import Enum

from pyhw import Clock, In, Int, Out, Reset, Signal, always_comb, always_seq, block, uint

# The lamps of one light, one bit each.
RED = 0b100
YELLOW = 0b010
GREEN = 0b001


class Phase(Enum):
    MAIN_GREEN = 0
    MAIN_YELLOW = 1
    SIDE_GREEN = 2
    SIDE_YELLOW = 3


@block
def traffic_light(
    clk: Clock,
    rst: Reset,
    car: In[bool],
    main_light: Out[uint[3]],
    side_light: Out[uint[3]],
    green: int = 20,
    yellow: int = 3,
):
    """lights of a crossing; `main_light` and `side_light` are red, yellow and green from bit 2 to bit 0.

    `green` and `yellow` are in clock cycles. The main road keeps its green for at least `green` cycles and gives it up
    when `car` says that somebody waits on the side road, who gets exactly `green` cycles.
    """
    phase = Signal(Phase.MAIN_GREEN)
    timer = Signal(Int[0, max(green, yellow)])

    @always_seq(clk.posedge, reset=rst)
    def change():
        if timer != 0:
            timer.next = timer - 1
        else:
            match phase:
                case Phase.MAIN_GREEN:
                    if car:
                        phase.next = Phase.MAIN_YELLOW
                        timer.next = yellow - 1
                case Phase.MAIN_YELLOW:
                    phase.next = Phase.SIDE_GREEN
                    timer.next = green - 1
                case Phase.SIDE_GREEN:
                    phase.next = Phase.SIDE_YELLOW
                    timer.next = yellow - 1
                case Phase.SIDE_YELLOW:
                    phase.next = Phase.MAIN_GREEN
                    timer.next = green - 1

    # The lamps depend on the phase alone, so they cannot show what the phase does not mean.
    @always_comb
    def lamps():
        match phase:
            case Phase.MAIN_GREEN:
                main_light.next = GREEN
                side_light.next = RED
            case Phase.MAIN_YELLOW:
                main_light.next = YELLOW
                side_light.next = RED
            case Phase.SIDE_GREEN:
                main_light.next = RED
                side_light.next = GREEN
            case Phase.SIDE_YELLOW:
                main_light.next = RED
                side_light.next = YELLOW

    return change, lamps
