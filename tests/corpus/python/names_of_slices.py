"""A name that is bound to a slice or a concatenation is an `intbv` of that width: what is inverted stays within it, its sign is that of
its highest bit, and what changes it in place is kept to its bounds or wraps."""

from pyhw import *


def halves(x):
    return x[8:4], x[4:]


def stepped(x, n):
    result = modbv(0)[3:]
    result[:] = x + n
    return result


def clipped(x):
    if x > 200:
        return x[7:]
    return x[8:1]


@block
def names_of_slices(
    clk: Clock,
    a: In[uint[8]],
    b: In[uint[8]],
    pointer: In[Mod[16]],
    inverted: Out[uint[8]],
    signs: Out[Int[-512, 512]],
    wrapped: Out[uint[8]],
    changed: Out[uint[8]],
    full: Out[bool],
    nearest: Out[uint[8]],
    turns: Out[uint[4]],
):
    @always(clk.posedge)
    def invert():
        low = a[4:]
        high, rest = halves(b)
        seven = clipped(a)
        inverted.next = concat(~low, rest) if high > 7 else ~seven

    @always(clk.posedge)
    def sign():
        low = a[4:]
        both = concat(b[2:], a[3:])
        signs.next = low.signed() + both.signed() - stepped(a, b).signed()

    @always(clk.posedge)
    def wrap():
        look = pointer[3:]
        look -= 5
        step = stepped(a, 2)
        step += 7
        wrapped.next = concat(look, step)

    @always(clk.posedge)
    def change():
        x = a[6:]
        x[0] = b[7]
        x[5:3] = b[2:]
        y = concat(x[2:], b[4:])
        y[1] = not y[1]
        changed.next = y + x

    @always_comb
    def compare():
        full.next = a[3:] == concat(~b[3:1], b[1:])

    @always_comb
    def choose():
        nearest.next = min(a, b, pointer, key=lambda x: abs(x - 100))

    @always(clk.posedge)
    def count():
        rest = a[8:]
        found = intbv(0)[4:]
        for i in range(8):
            found += rest[0]
            rest >>= 1
        turns.next = found

    return invert, sign, wrap, change, compare, choose, count
