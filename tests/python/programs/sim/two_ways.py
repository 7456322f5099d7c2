"""An `intbv` to which two names, or a name and a list, lead: a change through one way is seen through the other. A signal that was
chosen goes on."""

from myhdl import *


def raised(v):
    v += 1
    return v


def raised_all(values):
    for v in values:
        v += 1


@block
def top():
    a = Signal(intbv(0x9C)[8:])
    b = Signal(intbv(7)[8:])
    c = Signal(bool(1))
    clk = Signal(bool(0))

    @always(clk.posedge)
    def elements():
        t = [intbv(i)[8:] for i in range(4)]
        x = t[0]
        x += 1
        y = t[1]
        y[:] = 5
        for e in t:
            e |= 64
        u = t[:]
        u[2] += 3
        raised_all(u)
        print("elements", t[0], t[1], t[2], t[3], x)

    @always(clk.posedge)
    def listed():
        x = intbv(3)[8:]
        y = intbv(2)[8:]
        l = [x, y]
        l[0] += 7
        l[b[1:]][:] = a
        x += 1
        print("listed", x, y, l[0], l[1])

    @always(clk.posedge)
    def listed_slices():
        x = a[4:]
        l = [x, x]
        l[0] += 1
        print("listed slices", x, l[0], l[1])

    @always(clk.posedge)
    def elements_of_slices():
        l = [a[4:], b[5:]]
        x, y = l
        x += 1
        for e in l:
            e += 1
        print("elements of slices", l[0], l[1], x, y)

    @always(clk.posedge)
    def chosen():
        x = intbv(3)[8:]
        y = intbv(9)[8:]
        q = x if c else y
        q += 1
        r = max(x, y)
        r += 1
        print("chosen", x, y, q, r)

    @always(clk.posedge)
    def chained():
        p = q = intbv(3)[8:]
        p += 2
        r = s = a[4:]
        r += 1
        k = l = [1, 2]
        k[0] = 7
        print("chained", p, q, r, s, l[0])

    @always(clk.posedge)
    def repeated():
        t = [intbv(0)[8:]] * 3
        t[0] += 5
        t[b[1:]][:] = t[1] + 1
        print("repeated", t[0], t[1], t[2])
        t[0] = intbv(1)[8:]
        print("replaced", t[0], t[1], t[2])

    @always(clk.posedge)
    def picked():
        t = [intbv(i)[8:] for i in range(4)]
        x = t[b[2:]]
        x += 5
        y = t[a[2:]]
        t[0][:] = 9
        print("picked", x, y, t[0], t[3])

    @always(clk.posedge)
    def unsized():
        x = a & b
        q = x
        q += 1
        print("unsized", x, q)

    @always(clk.posedge)
    def given():
        x = intbv(3)[8:]
        y = raised(x)
        y += 1
        z = a[4:]
        raised(z)
        print("given", x, y, z)

    @instance
    def across():
        m = max(a, b)
        n = a if c else b
        p = n + 0
        yield delay(2)
        print("across", m, n, p)

    @instance
    def stimulus():
        for _ in range(2):
            clk.next = not clk
            yield delay(1)
            a.next = a + 1
            b.next = b + 1
            yield delay(1)
            clk.next = not clk
            c.next = not c
            yield delay(1)

    return elements, listed, listed_slices, elements_of_slices, chosen, chained, repeated, picked, unsized, given, across, stimulus


top().run_sim()
