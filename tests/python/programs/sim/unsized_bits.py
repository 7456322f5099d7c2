from myhdl import *
@block
def t():
    b = Signal(intbv(7))
    c = Signal(intbv(7)[8:])
    m = Signal(modbv(3, 0, 10))
    i = Signal(5)
    j = Signal(intbv(3, min=-5, max=300))
    v = intbv(12)
    @instance
    def s():
        print(b, c, m, i, j)
        b.next = 19
        c.next = 200
        i.next = 22
        m.next = 9
        j.next = 200
        yield delay(1)
        print(b, c, b + 1, m, i, j, v)
        print("%s %d %s %s" % (b, b, b.val, i), f"{b} {c} {i} {j}", "{} {}".format(b, c))
        l = intbv(30)
        l[:] = l + b
        print(l, c[4:], c[4:2], b[3:], ~b, b & 3, b | c, b ^ 1, b << 2, b >> 1)
        j.next = -3
        yield delay(1)
        print(j, j.val, -j, abs(j))
        yield delay(1)
    return s
t().run_sim()
