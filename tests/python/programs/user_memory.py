"""Memories that Verilog of a user's own fills from a file, verified in the simulator that is named on the command line."""

import sys

from myhdl import *


@block
def fill(mem, file):
    """fills a memory, which others may write."""
    depth = len(mem)
    values = tuple(3 * i % 32 for i in range(depth))
    with open(file, "w") as words:
        words.writelines(f"{value:x}\n" for value in values)

    @instance
    def begin():
        for i in range(depth):
            mem[i].next = values[i]
        yield delay(1)

    fill.verilog_code = """
initial $$readmemh("$file", $mem);
"""
    return begin


@block
def memory(clk, we, d, at, q):
    mem = [Signal(intbv(0)[5:]) for _ in range(8)]
    filled = fill(mem, "words.hex")

    @always(clk.posedge)
    def access():
        q.next = mem[at]
        if we:
            mem[at].next = d

    return filled, access


@block
def table(at, q):
    """a memory that nothing else writes."""
    words = [Signal(intbv(0)[5:]) for _ in range(8)]
    filled = fill(words, "table.hex")

    @always_comb
    def look():
        q.next = words[at]

    return filled, look


@block
def bench():
    clk, we = Signal(False), Signal(False)
    d, q, constant = (Signal(intbv(0)[5:]) for _ in range(3))
    at = Signal(intbv(0)[3:])
    parts = memory(clk, we, d, at, q), table(at, constant)

    @instance
    def drive():
        for i in range(20):
            at.next = i * 5 % 8
            we.next = i % 3 == 1
            d.next = i
            yield delay(5)
            clk.next = True
            yield delay(5)
            clk.next = False
            print(int(q), int(constant))
        raise StopSimulation

    return parts, drive


conversion.verify.simulator = sys.argv[1]
print("verify", bench().verify_convert())
