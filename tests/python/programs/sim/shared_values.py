"""Live signals, snapshots, and an intbv that two names share."""

from myhdl import *


@block
def top():
    s = Signal(intbv(1)[8:])
    t = Signal(intbv(0)[8:])
    word = intbv(3)[8:]

    @instance
    def stimulus():
        live = s
        value = s.val
        number = int(s)
        plus = s + 0
        s.next = 9
        yield delay(1)
        print(live, value, number, plus, s.val is value)
        u = word
        v = u
        v[:] = 5
        print(u, v, word, u is word)
        u[3] = 1
        print(v, int(word))
        u += 1
        print(u, v, u is v)
        u = u + 1
        print(u, v, u is v)
        t.next[4:] = 7
        print(t, t.next)
        t.next[4] = 1
        yield delay(1)
        print(t, bin(t, 8), t.next)
        t.next[8:4] = s[4:]
        yield delay(1)
        print(t)
        t.next |= 1
        yield delay(1)
        print(t)
        w = intbv(2)[4:]
        t.next = w
        w[:] = 3
        yield delay(1)
        print(t, w)
        t.next = s
        s.next = 20
        yield delay(1)
        print(t, s, t == s, t.val, s.val)

    @always(t)
    def watch():
        print(now(), "t is", t)

    return stimulus, watch


top().run_sim()
