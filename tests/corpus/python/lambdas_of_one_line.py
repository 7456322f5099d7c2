"""Several lambdas on one line, in each other, and in tables."""

from pyhw import *


@block
def lambdas_of_one_line(a: In[uint[4]], b: In[uint[4]], q: Out[uint[6]], r: Out[Int[-16, 32]], t: Out[uint[8]], u: Out[uint[6]]):
    more, less = (lambda x: x + 1), (lambda x: x - 1)
    adds = lambda n: (lambda x: x + n)
    add7 = adds(7)
    table = {"add": lambda x, y: x + y, "sub": lambda x, y: x - y}
    taps = [(lambda x, k=k: x * k) for k in range(4)]

    @always_comb
    def compute():
        q.next = more(a) + (less(b) if b > 0 else more(0))
        r.next = table["add"](a, 1) + table["sub"](a, b)
        total = 0
        for tap in taps:
            total += tap(b)
        t.next = total
        u.next = add7(a) + (lambda z: z * 2)(b)

    return compute
