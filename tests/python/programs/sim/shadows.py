"""Shadow signals of slices, bits and concatenations."""

from myhdl import *


@block
def top():
    word = Signal(intbv(0xA5)[8:])
    high, low, bit = word(8, 4), word(4, 0), word(7)
    both = ConcatSignal(low, high, bit, "01", True)
    bits = [word(i) for i in range(8)]
    back = ConcatSignal(*bits)

    @instance
    def stimulus():
        for value in (0xA5, 0x5A, 0x81, 0x00, 0xFF):
            word.next = value
            yield delay(1)
            print(high, low, bit, both, back, bin(back, 8), len(both), int(high) + int(low))
            print(bit == True, high == low, both[3], both[5:2], [int(b) for b in bits])

    @always(bit.posedge)
    def up():
        print(now(), "up", high)

    @always(low)
    def changed():
        print(now(), "low", low)

    @always_comb
    def comb():
        print("comb", high, bit)

    return stimulus, up, changed, comb


top().run_sim()
