from myhdl import *
@block
def top():
    a = Signal(intbv(0)[8:])
    seen = Signal(0)
    @instance
    def s():
        for i in (1, 3, 0, 5, 0):
            yield delay(5)
            a.next = i
    @always(a.posedge)
    def p():
        print("pos", now(), a)
    @always(a.negedge)
    def n():
        print("neg", now(), a)
    return s, p, n
if __name__ == "__main__":
    top().run_sim(100)
