"""Dicts and tuples of many constants at run-time keys: gaps, rows, texts, defaults, and conditions of loops."""

from myhdl import Signal, always, block, delay, enum, instance, intbv

state_t = enum(*["S%d" % number for number in range(12)])
ROWS = {1: {5: 9, 6: 3}, 2: {5: 1, 6: 2}}
UNEVEN = [{}, {1: 2}]
NAMES = {getattr(state_t, "S%d" % number): "name%d" % number for number in range(9)}
SQUARES = {number: number * number for number in range(1500)}
GAPS = {number * 3: number + 7 for number in range(40)}
ALL = tuple(range(256))
PRIMES = (0, 1, 2, 3, 5, 7, 11, 13, 17, 19)


@block
def bench():
    number = Signal(intbv(0)[3:])
    word = Signal(intbv(0)[8:])
    clk = Signal(bool(0))
    state = Signal(state_t.S0)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(clk.posedge)
    def name():
        print(NAMES[state.val])
        state.next = state_t.S3

    @instance
    def look_up():
        for turn in range(7):
            number.next = turn
            word.next = turn * 40 % 256
            yield delay(10)
            key = int(number)
            print(int(word) in ALL, SQUARES[key], GAPS.get(key, 99), int(word) in GAPS)
            print(ROWS.get(key, {5: 7, 6: 8}).get(5, 0), ROWS.get(key, {}).get(5, 0), UNEVEN[key % 2].get(1, 0))
            at = turn
            while at < 8 and at in PRIMES:
                at += 1
            print(at)

    return clock, name, look_up


bench().run_sim(80)
