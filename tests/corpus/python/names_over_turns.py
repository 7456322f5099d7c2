"""Names that are another kind of number after a turn of a loop, and names of counters that are bound elsewhere as well."""

from pyhw import *


@block
def names_over_turns(
    clk: Clock,
    d: In[uint[8]],
    up: In[bool],
    seen: Out[uint[9]],
    last: Out[uint[4]],
    inner: Out[uint[4]],
    found: Out[uint[4]],
    total: Out[uint[4]],
):
    @instance
    def truth_then_number():
        state = False
        while True:
            yield clk.posedge
            seen.next = state
            state = d + 1

    @always(clk.posedge)
    def counter_of_an_inner_loop():
        place = 0
        for turn in range(4):
            if turn > d[2:]:
                break
            for place in range(3):
                if d[place + 4]:
                    break
        inner.next = place

    @always_comb
    def flag_then_place():
        place = False
        for k in range(8):
            if d[k]:
                place = k + 1
        found.next = place

    @always_comb
    def bit_then_sum():
        count = d[0]
        for k in range(7):
            count = count + d[k + 1]
        total.next = count

    @always(clk.posedge)
    def bound_behind():
        for k in range(6):
            if d[k]:
                break
        else:
            k = 9
        if up:
            k += 1
        last.next = k

    return instances()
