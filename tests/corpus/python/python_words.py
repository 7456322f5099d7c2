"""What MyHDL users miss: min, max, sum, any, all, in, chains, walrus."""

from pyhw import *


@block
def python_words(a: In[uint[8]], b: In[uint[8]], c: In[uint[8]], most: Out[uint[8]], total: Out[uint[10]], flags: Out[uint[4]]):
    @always_comb
    def compute():
        most.next = max(a, b, c) - min(a, b, c)
        total.next = sum([a, b, c])
        flags.next[0] = a < b <= c
        flags.next[1] = a in (1, 2, 3) or b == 7
        flags.next[2] = any(x > 100 for x in (a, b, c))
        flags.next[3] = all([a[0], b[0], c[0]]) and (n := a >> 4) != 3 and n < 9

    return compute
