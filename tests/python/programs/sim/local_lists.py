from myhdl import *
@block
def sorter(clk, a, b, c, x, y, z):
    @always(clk.posedge)
    def comb():
        l = [int(a), int(b), int(c)]
        for i in range(2):
            for j in range(2 - i):
                if l[j] > l[j+1]:
                    l[j], l[j+1] = l[j+1], l[j]
        x.next = l[0]
        y.next = l[1]
        z.next = l[2]
    return comb
@block
def top():
    clk = Signal(bool(0))
    s = [Signal(intbv(0)[8:]) for i in range(6)]
    i1 = sorter(clk, *s)
    @instance
    def stim():
        for v in (3, 2, 1), (9, 200, 5), (7, 7, 1):
            s[0].next, s[1].next, s[2].next = v
            yield delay(1)
            clk.next = 1
            yield delay(1)
            clk.next = 0
            print(s[3], s[4], s[5])
            tmp = [0] * 4
            tmp[0] = 5
            tmp[1] = tmp[0] + 1
            t = tmp[0]; tmp[0] = tmp[1]; tmp[1] = t
            tmp[0], tmp[3] = tmp[3], tmp[0]
            print(tmp[0], tmp[1], tmp)
    return i1, stim
top().run_sim()
