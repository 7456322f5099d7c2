"""A bus that nothing drives: whether it is None, what it is equal to, and the same of its drivers."""

#! skip yosys it takes two drivers of a bus in one module for a conflict
#! skip cppcheck the design asks twice whether a bus is driven
from pyhw import *


@block
def undriven_bus(
    clk: Clock, a: In[uint[4]], b: In[uint[4]], ea: In[bool], eb: In[bool], seen: Out[uint[4]], differs: Out[bool],
    alone: Out[bool], never: Out[bool], quiet: Out[bool], state: Out[uint[3]], equal: Out[bool], unequal: Out[bool], matched: Out[uint[2]],
    alike: Out[bool],
):  # fmt: skip
    bus = TristateSignal(uint[4])
    line = TristateSignal(bool)
    first, second, single = bus.driver(), bus.driver(), line.driver()

    @always_comb
    def drive_first():
        first.next = a if ea else None
        single.next = a[0] if eb else None

    @always_comb
    def drive_second():
        second.next = b if eb and not ea else None

    @always(clk.posedge)
    def read():
        if bus != None:  # noqa: E711
            seen.next = bus
        differs.next = bus != 3
        never.next = bus is None
        if line.val is None or bus.val is not None:
            quiet.next = not quiet
        elif line != False:  # noqa: E712
            quiet.next = False

    @always(clk.posedge)
    def tell():
        if line == True:  # noqa: E712
            state.next = 1
        elif line == None:  # noqa: E711
            state.next = 2
        elif bus == 5 and bus != None:  # noqa: E711
            state.next = 3
        else:
            state.next = 4

    @always(clk.posedge)
    def store():
        equal.next = bus == 0
        unequal.next = not (bus == 0)
        alike.next = first == second
        match bus:
            case 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7:
                matched.next = 1
            case 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15:
                matched.next = 2
            case _:
                matched.next = 3

    @always_comb
    def compare():
        alone.next = (first == None) != (second == None)  # noqa: E711

    return drive_first, drive_second, read, tell, store, compare
