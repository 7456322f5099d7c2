"""Dicts and tuples of many entries: with gaps, without, of enumeration members and of rows."""

from pyhw import *

state_t = enum(*(f"S{number}" for number in range(12)))

GAPS = {number * 7: number * 5 % 256 for number in range(36)}
ROW = {number + 3: number * number for number in range(15)}
OF_STATES = {getattr(state_t, f"S{number}"): number * 3 for number in range(10)}
PAIRS = {number * 11: (number, number % 2) for number in range(12)}
TRIPLES = tuple(number * 3 for number in range(40))
ALL = {number: 15 - number for number in range(16)}


@block
def many_keys(
    clk: Clock,
    s: In[uint[8]],
    k: In[uint[4]],
    squares: Out[uint[8]],
    of_state: Out[uint[8]],
    among: Out[bool],
    paired: Out[uint[5]],
    scaled: Out[uint[8]],
    mirrored: Out[uint[4]],
    ones: Out[uint[6]],
    first_row: Out[bool],
):
    state = Signal(state_t.S0)
    bits = [Signal(bool(0)) for _ in range(40)]

    @always(clk.posedge)
    def look_up():
        key = int(s)
        scaled.next = GAPS[key] if key in GAPS else 1
        place = int(k)
        if place in ROW:
            squares.next = ROW[place]
        of_state.next = OF_STATES.get(state.val, 77)
        among.next = s in TRIPLES or state.val in OF_STATES
        if key in PAIRS:
            high, low = PAIRS[key]
            paired.next = high * 2 + low
        mirrored.next = ALL[place]
        state.next = state_t.S3 if s[0] else state_t.S11
        for bit in range(40):
            bits[bit].next = s[bit % 8]

    @always_comb
    def count():
        ones.next = sum(bits)
        first_row.next = any(bits[place] and bits[place + 1] for place in range(39))

    return look_up, count
