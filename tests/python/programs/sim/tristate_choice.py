from myhdl import *
@block
def drive(net, d, oe):
    drv = net.driver()
    @always_comb
    def comb():
        drv.next = d if oe else None
    return comb
@block
def top():
    net = TristateSignal(intbv(0)[4:])
    d1, d2 = [Signal(intbv(i+3)[4:]) for i in range(2)]
    o1, o2 = [Signal(bool(0)) for i in range(2)]
    i1 = drive(net, d1, o1)
    i2 = drive(net, d2, o2)
    @instance
    def stim():
        yield delay(1)
        print(net == None, net.val is None)
        o1.next = True
        yield delay(1)
        print(net)
        d1.next = 9
        yield delay(1)
        print(net, net + 1)
        o1.next = False
        o2.next = True
        yield delay(1)
        print(net)
        o2.next = False
        yield delay(1)
        print(net)
    return i1, i2, stim
top().run_sim()
