"""Calls that change what their expression reads elsewhere, stores to several targets, and lists that change while a loop goes through
them: each part is evaluated when Python evaluates it."""

from pyhw import *


def step(x):
    x[:] = (x ^ (x << 1) ^ 0x1D) & 0xFF
    return int(x)


def half(x):
    x[:] = (x + 77) & 0xFF
    return x[8:4]


@block
def in_pythons_order(
    clk: Clock,
    a: In[uint[8]],
    b: In[uint[8]],
    twice: Out[uint[9]],
    ahead: Out[Int[-1024, 1024]],
    paired: Out[uint[16]],
    stored: Out[uint[8]],
    chained: Out[uint[12]],
    copied: Out[uint[8]],
    running: Out[uint[13]],
    mixed: Out[uint[12]],
    chosen: Out[uint[3]],
):
    @always(clk.posedge)
    def results():
        x = intbv(0)[8:]
        x[:] = a
        twice.next = step(x) + step(x)
        ahead.next = 2 * x - step(x)
        u, v = step(x), step(x)
        paired.next = u * 256 + v if step(x) > u else concat(half(x), half(x), half(x))

    @always_comb
    def store():
        x = intbv(0)[8:]
        y = intbv(0)[8:]
        x[:] = a
        y[:] = b
        x[step(y) % 8] = y[0]
        x[4:] = step(x) % 16
        n = [0, 0, 0, 0]
        n[step(y) % 4] += step(y)
        stored.next = x ^ n[0] ^ n[3]

    @always(clk.posedge)
    def chain():
        f = g = 1
        for i in range(3):
            f = g = f + g + a[i]
        chained.next = f + g
        x = modbv(0)[8:]
        y = modbv(0)[8:]
        y[:] = x[:] = x + b
        y[:] = x[:] = x + y + 1
        copied.next = x ^ (y << 1)[8:]

    @always_comb
    def run():
        n = [a[4:], b[4:]]
        total = 0
        for k, x in enumerate(n):
            n[1 - k] = n[k] + total
            total = total * 2 + x
        last = n[b[0]]
        n[b[0]] = a
        running.next = n[0] + n[1] + last + total

    @always(clk.posedge)
    def mix():
        n = [1, 2, 3, a]
        i = a[2:]
        j = b[2:]
        n[i], n[j] = n[j], n[i]
        t = n[i]
        n[i] = n[0]
        n[0] = t
        mixed.next = n[0] + 2 * n[1] + 3 * n[2] + n[3]

    @always_comb
    def choose():
        x = intbv(0)[8:]
        x[:] = b
        if x > 100 and step(x) > 100:
            chosen.next = 0 if step(x) == a else 1
        elif step(x) > step(x):
            chosen.next = 2
        else:
            n = 0
            while n < 3:
                if not (step(x) > 50 and step(x) != x + 1):
                    break
                n += 1
            chosen.next = 3 + n

    return results, store, chain, run, mix, choose
