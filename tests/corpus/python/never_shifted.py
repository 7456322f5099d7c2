"""A guard that lets no negative amount through, where every amount is negative: nothing is shifted, and nothing has to be wide for it."""

from pyhw import *


@block
def never_shifted(a: In[uint[8]], by: In[Int[-34, -16]], way: In[Int[-3, 2]], left: Out[uint[16]], right: Out[uint[8]], some: Out[sint[12]]):
    @always_comb
    def shift():
        left.next = 5
        right.next = a
        if by >= 0:
            left.next = a << by
            right.next = a >> by

    @always_comb
    def guarded():
        some.next = -a
        if way >= 0:
            some.next = a << way

    return shift, guarded
