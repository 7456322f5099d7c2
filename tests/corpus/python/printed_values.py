"""f-strings, `%` and `.format` in prints and assertions."""

from pyhw import *


@block
def printed_values(clk: Clock, a: In[uint[8]], s: In[sint[5]], q: Out[uint[9]]):
    @always(clk.posedge)
    def show():
        print(f"a is {a}, {int(a):3d}, {int(a):04x} and s {s}")
        print("%d %s %02x" % (a, s, a))
        print("{} and {:d}".format(a, s))
        print(f"{int(a):#x} {int(a):#06x} {int(a):#b} {int(a):#o}", "%#04x %#o %#d" % (a, a, a))
        assert a + s < 300, f"a is {a} and s is {s}"
        assert s >= -16, "s is %d" % s
        q.next = a + 1

    return show
