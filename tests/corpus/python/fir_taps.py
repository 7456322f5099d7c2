"""A filter of taps in a chain: lists of signals between instances, signed coefficients, the largest of a window."""

from pyhw import *

COEFFS = (-3, 7, 20, 7, -3)


@block
def tap(clk, x, y, c, acc_in, acc_out):
    @always(clk.posedge)
    def mul():
        acc_out.next = acc_in + c * x
        y.next = x

    return mul


@block
def fir_taps(clk: Clock, x: In[sint[8]], y: Out[sint[16]], peak: Out[sint[8]], crossed: Out[bool]):
    xs = [x] + [Signal(sint[8]) for _ in COEFFS]
    accs = [Signal(sint[16]) for _ in range(len(COEFFS) + 1)]
    taps = [tap(clk, xs[i], xs[i + 1], c, accs[i], accs[i + 1]) for i, c in enumerate(COEFFS)]
    best = Signal(sint[8], -128)

    @always_comb
    def outs():
        y.next = accs[len(COEFFS)]
        peak.next = best
        window = [xs[i] for i in range(1, 4)]
        crossed.next = any(w < 0 for w in window) and any(w > 0 for w in window)

    @always(clk.posedge)
    def track():
        best.next = max(best, *[xs[i] for i in range(1, 5)])
        accs[0].next = 0

    return taps, outs, track
