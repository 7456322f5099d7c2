"""A component as a class of its own: HdlClass."""

from myhdl import *


class Counter(HdlClass):
    def __init__(self, clk, width):
        self.clk = clk
        self.width = width
        self.count = Signal(intbv(0)[width:])

    @block
    def hdl(self):
        @always(self.clk.posedge)
        def logic():
            self.count.next = (self.count + 1) % 2**self.width

        return logic


@block
def top():
    clk = Signal(bool(0))
    counter = Counter(clk, 3)
    inst = counter.hdl()

    @instance
    def stimulus():
        for i in range(6):
            clk.next = not clk
            yield delay(5)
            print(now(), counter.count)

    return inst, stimulus


top().run_sim()
