"""Rounds on a state of 128 bits: rotations, functions that return tuples, a table of 32-bit constants."""

from pyhw import *

M = 2**32 - 1
RC = [pow(3, i, 2**32) for i in range(8)]


def rotl(x, n):
    return ((x << n) | (x >> (32 - n))) & M


def quarter(a, b, c, d):
    a = (a + b) & M
    d = rotl(d ^ a, 16)
    c = (c + d) & M
    b = rotl(b ^ c, 12)
    return a, b, c, d


@block
def cipher_rounds(clk: Clock, key: In[uint[64]], start: In[bool], out: Out[uint[128]], digest: Out[uint[32]]):
    s = Signal(uint[128])
    rnd = Signal(Mod[8])

    @always(clk.posedge)
    def step():
        if start:
            s.next = concat(key, key) ^ RC[0]
            rnd.next = 0
        else:
            a, b, c, d = quarter(s[128:96], s[96:64], s[64:32], s[32:])
            s.next = concat(intbv(a)[32:], intbv(b)[32:], intbv(c ^ RC[rnd])[32:], intbv(d)[32:])
            rnd.next = rnd + 1

    @always_comb
    def o():
        out.next = s
        digest.next = s[128:96] ^ s[96:64] ^ s[64:32] ^ s[32:]

    return step, o
