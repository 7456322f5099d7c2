"""Division and remainder of negative numbers round down."""

from pyhw import *


@block
def floor_division(a: In[sint[6]], b: In[Int[1, 9]], quotient: Out[sint[7]], remainder: Out[uint[4]]):
    @always_comb
    def divide():
        quotient.next = a // b
        remainder.next = a % b

    return divide
