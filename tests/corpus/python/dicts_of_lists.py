"""Dicts that a process makes: what is in them has the value of then, and lists in them are the lists that they are."""

from pyhw import *


@block
def dicts_of_lists(
    clk: Clock, d: In[uint[4]], which: In[bool], q: Out[uint[8]], s: Out[uint[8]], t: Out[uint[8]], u: Out[uint[8]]
):
    @always_comb
    def values_of_then():
        value = d + 1
        made = {"x": value, "y": d + 2}
        value = 100
        q.next = made["x"] * 10 + made["y"]

    @always_comb
    def lists_by_two_names():
        pair = [1, 2]
        made = {"pair": pair, "n": 4}
        pair[0] = int(d)
        other = made["pair"]
        if which:
            other[1] = 7
        s.next = made["pair"][0] + made["pair"][1] * 10 + made["n"]

    @always_comb
    def objects():
        made = {"high": intbv(0x43)[8:], "low": intbv(4)[8:]}
        high = made["high"]
        high[4:] = d
        t.next = made["high"] + made["low"]

    @instance
    def before_a_store():
        value = 0
        while True:
            yield clk.posedge
            made = {0: value, 1: value + 1}
            value = int(d)
            u.next = made[int(which)]

    return instances()
