"""Lists of signals as ports of the top that are indexed by signals, in and out."""

from pyhw import *


@block
def table_ports(
    clk: Clock,
    rst: Reset,
    at: In[uint[2]],
    word: In[sint[6]],
    taps: In[Array[sint[6], 4]],
    chosen: Out[sint[6]],
    slots: Out[Array[sint[6], 4]],
    largest: Out[Array[bool, 4]],
):
    @always_comb
    def choose():
        chosen.next = taps[at]

    @always_seq(clk.posedge, reset=rst)
    def store():
        slots[at].next = word

    @always_comb
    def compare():
        for i in range(4):
            is_largest = True
            for tap in taps:
                if tap > taps[i]:
                    is_largest = False
            largest[i].next = is_largest

    return choose, store, compare
