from myhdl import *
@block
def top():
    a = Signal(bool(0)); n = Signal(intbv(0)[8:])
    l = [Signal(intbv(i)[8:]) for i in range(4)]
    @instance
    def stim():
        print(~a, ~n, ~True, not a, a & 1, a | n, ~l[2], -n, -a, +a)
        x = ~n
        print(x, ~x, x & 0xff)
        k = a
        print(~k, ~(a & 1), ~(n[0]), ~n[3:])
        m = True
        print(~m, ~int(a))
        yield delay(1)
    return stim
top().run_sim()
