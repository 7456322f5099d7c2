"""Type annotations on locals, parameters and results change nothing."""

from pyhw import *


def scaled(value: int, by: int = 3) -> int:
    result: int = value * by
    return result


@block
def annotated_locals(a: In[uint[4]], q: Out[uint[6]], r: Out[uint[4]]):
    @always_comb
    def compute() -> None:
        n: int = scaled(a)
        low: intbv = intbv(0)[4:]
        low[:] = a ^ 6
        q.next = n
        r.next = low

    return compute
