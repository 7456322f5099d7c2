from myhdl import *
@block
def top():
    s = Signal(intbv(0)[8:], delay=3)
    t = Signal(intbv(0)[8:])
    @instance
    def stim():
        s.next = 1
        yield delay(5)
        print(now(), s, s.delay)
        s.delay = 7
        s.next = 2
        yield delay(5)
        print(now(), s, s.delay)
        yield delay(3)
        print(now(), s, s.delay)
        s.next = 3
        s.delay = 1
        yield delay(2)
        print(now(), s, s.delay)
        t.next = 5
        yield delay(1)
        print(t)
    return stim
top().run_sim()
