"""What an expression, an assignment or a loop has in hand while its names are bound anew."""

from myhdl import *
def step(x):
    x[:] = (x * 3 + 1) & 0xff
    return int(x)
@block
def top():
    a = Signal(intbv(5)[8:]); b = Signal(intbv(200)[8:]); c = Signal(bool(0)); clk = Signal(bool(0))
    @always(clk.posedge)
    def one():
        x = modbv(1)[8:]
        x[:] = a
        x, p = modbv(3)[8:], x
        print(1, p, x)
    @always(clk.posedge)
    def two():
        x = modbv(1)[8:]
        y = modbv(2)[8:]
        t = 0
        for e in (y, x):
            x = modbv(7)[8:]
            t += e
        print(2, t)
    @always(clk.posedge)
    def three():
        x = a[4:]
        q = x
        if c:
            q = b[4:]
        q += 1
        print(3, x, q)
    @always(clk.posedge)
    def four():
        n = [a[4:], b[4:]]
        t = 0
        for k, x in enumerate(n[:]):
            n[1 - k] = 0
            t += x
        print(4, t)
    @always(clk.posedge)
    def five():
        order = ["a", "b", "c"]
        for i in range(1, len(order)):
            order[i] = order[i - 1]
        print(5, order[2])
    @always(clk.posedge)
    def six():
        x = intbv(1)[8:]
        t = 0
        for v in (step(x), step(x)):
            t = 2 * t + v
        print(6, t)
    @always(clk.posedge)
    def seven():
        x = intbv(1)[8:]
        n = 0
        m = (n := step(x)) + n
        print(7, m)
    @always(clk.posedge)
    def eight():
        x = intbv(9)[8:]
        match int(a):
            case 1 if step(x) > 3: print("no")
            case _: print(8, x)
    @instance
    def go():
        for i in range(4):
            clk.next = not clk
            c.next = not c if i == 1 else c
            yield delay(1)
    return one, two, three, four, five, six, seven, eight, go
top().run_sim(quiet=1)
