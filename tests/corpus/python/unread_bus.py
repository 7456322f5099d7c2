"""A bus that is driven and that nothing looks at."""

from pyhw import *


@block
def unread_bus(clk: Clock, a: In[uint[8]], oe: In[uint[2]], q: Out[uint[8]]):
    bus = TristateSignal(intbv(0)[8:])
    driver = bus.driver()

    @always_comb
    def drive():
        driver.next = a if oe == 1 else None

    @always(clk.posedge)
    def store():
        q.next = a

    return drive, store
