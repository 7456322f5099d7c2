from myhdl import *
@block
def dut(clk, d, q, n):
    @always(clk.posedge)
    def f():
        q.next = d
        n.next = 1 if d else 0
    return f
@block
def t(look):
    a = Signal(bool(0))
    b = Signal(intbv(7))
    c = Signal(intbv(7)[8:])
    e = Signal(True)
    clk, d, q, n = [Signal(bool(0)) for _ in range(4)]
    i = dut(clk, d, q, n)
    @always(delay(5))
    def cg():
        clk.next = not clk
    @instance
    def s():
        print(a, b, c, e)
        a.next = 0
        yield delay(1)
        print(a)
        a.next = 1
        b.next = 9
        c.next = 200
        yield delay(1)
        print(a, b, c, e, b + 1, a + 1)
        a.next = True
        yield delay(1)
        print(a)
        a.next = c[3]
        e.next = 0
        yield delay(1)
        look(a)
        print(a, "%s %d %5s" % (a, a, a), f"{a} {e}", str(e))
        a.next = not a
        yield delay(1)
        print(a)
        a.next = a & e
        yield delay(1)
        print(a)
        a.next = c > 3
        yield delay(1)
        print(a)
        a.next = b[0]
        b.next = b[1:]
        yield delay(1)
        print(a, b, b.val)
        a.next = e
        yield delay(1)
        print(a, e)
        a.next = intbv(1)[1:]
        yield delay(1)
        print(a, e)
        x = a ^ 1
        e.next = x
        y = a.val
        print(x, a == 1, not a, y)
        yield delay(1)
        look(e)
        d.next = 1
        yield clk.posedge
        print(q, n)
        yield clk.posedge
        print(q, n, d)
        d.next = False
        yield clk.posedge
        yield delay(1)
        print(q, n, d)
        yield clk.posedge
        raise StopSimulation
    return i, cg, s
# What shows the `repr` of a signal is resumed by Python; both ways show the same.
t(lambda sig: print(repr(sig))).run_sim()
t(lambda sig: print(sig)).run_sim()
