"""What MyHDL simulates and does not convert: loops over tuples and lists, ranges with other steps, lists of numbers, a signal in several
lists, lists of unlike signals, locals that are called as a signal is, `modbv` of any range, functions that change what they are given
and return something, methods whose object is not called `self`."""

from pyhw import *


class Adder:
    def __init__(this, step):
        this.step = step

    @block
    def logic(this, x, y):
        @always_comb
        def add():
            a = this.step
            y.next = (x + a) % 256

        return add


def bump(number):
    number[:] = (number + 3) % 256
    return 1


@block
def unconverted(
    clk: Clock,
    a: In[uint[8]],
    b: In[uint[8]],
    ones: Out[uint[4]],
    both: Out[uint[9]],
    unlike_sum: Out[uint[6]],
    wrapped: Out[uint[6]],
    counted: Out[uint[8]],
    named: Out[uint[8]],
    listed: Out[uint[6]],
):
    first = [a, b]
    second = [b, a]
    unlike = [Signal(uint[3]), Signal(bool), Signal(uint[5])]
    adder = Adder(5).logic(a, named)

    @always_comb
    def count():
        n = 0
        for i in (1, 2, 3):
            if a[i]:
                n += 1
        for i in list((4, 6)):
            if a[i]:
                n += 1
        for i in range(1, 4, -1):
            n += 1
        for i in range(7, 0, -3):
            if b[i]:
                n += 1
        ones.next = n

    @always_comb
    def share():
        both.next = first[0] + second[0]

    @always_comb
    def split():
        unlike[0].next = a[3:]
        unlike[1].next = a[7]
        unlike[2].next = b[5:]

    @always_comb
    def join():
        unlike_sum.next = unlike[0] + unlike[1] + unlike[2]

    @always_comb
    def wrap():
        s = modbv(0, min=0, max=35)
        s[:] = a + b
        wrapped.next = s

    @always_comb
    def pick():
        numbers = [i * 3 for i in range(4) for dummy in range(2)]
        rows = [intbv(i)[4:] for i in downrange(4)]
        some = [i for i in range(1, 5)]
        listed.next = numbers[a[3:]] + rows[b[2:]] + some[a[5:3]]

    @instance
    def steps():
        number = intbv(0)[8:]
        while True:
            yield clk.posedge
            bump(number)
            counted.next = number

    return adder, count, share, split, join, wrap, pick, steps
