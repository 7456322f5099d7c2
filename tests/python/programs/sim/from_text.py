"""Designs whose source is a string, with and without `linecache`, which MyHDL cannot do."""

import linecache

from myhdl import *

TEXT = '''
from myhdl import *

@block
def counter(clk, count):
    @always_comb
    def double():
        twice.next = (2 * count) % 256

    @always(clk.posedge)
    def add():
        count.next = (count + 1) % 256

    twice = Signal(intbv(0)[8:])

    @always(twice)
    def show():
        print(now(), count, twice)

    return double, add, show

@block
def top():
    clk = Signal(bool(0))
    count = Signal(intbv(0)[8:])
    inst = counter(clk, count)

    @instance
    def stimulus():
        for i in range(4):
            clk.next = not clk
            yield delay(5)

    return inst, stimulus
'''

BY_THREE = TEXT.replace("count + 1", "count + 3")

for name, text, cached in (("<cell 1>", TEXT, True), ("<string>", TEXT, False), ("<string>", BY_THREE, False)):
    if cached:
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    space = {}
    exec(compile(text, name, "exec"), space)
    inst = space["top"]()
    inst.run_sim()
    inst.convert(initial_values=True)
    print([line.strip() for line in open("top.v") if "count + " in line or "emitted" in line])
