"""Lambdas and functions in functions, with what they capture."""

from pyhw import *


@block
def lambdas(a: In[uint[4]], b: In[uint[4]], q: Out[uint[6]], r: Out[uint[5]], step: int = 3):
    double = lambda x: 2 * x

    def offset(n):
        return lambda x: x + n

    add = offset(step)

    @always_comb
    def compute():
        largest = lambda x, y: x if x > y else y

        def both(f, x, y):
            return f(x) + f(y)

        q.next = both(double, a, b)
        r.next = add(largest(a, b)) - (lambda: 1)()

    return compute
