"""Blocks with code of their own in Verilog and VHDL, verified in the simulator that is named on the command line."""

import sys

from myhdl import *


@block
def inc_comb(nextCount, count, n):
    @always_comb
    def comb():
        import types
        nextCount.next = (count + 1) % n
    nextCount.driven = "wire"
    inc_comb.vhdl_code = "$nextCount <= ($count + 1) mod $n;"
    inc_comb.verilog_code = "assign $nextCount = ($count + 1) % $n;"
    return comb
@block
def inc_seq(count, nextCount, enable, clock, reset):
    @always(clock.posedge, reset.negedge)
    def comb():
        if reset == 0:
            count.next = 0
        else:
            if (enable):
                count.next = nextCount
    count.driven = "reg"
    inc_seq.vhdl_code = """
process ($clock, $reset) begin
    if ($reset = '0') then
        $count <= (others => '0');
    elsif rising_edge($clock) then
        if ($enable = '1') then
            $count <= $nextCount;
        end if;
    end if;
end process;
"""
    inc_seq.verilog_code = """
always @(posedge $clock, negedge $reset) begin
    if ($reset == 0) begin
        $count <= 0;
    end
    else begin
        if ($enable) begin
            $count <= $nextCount;
        end
    end
end
"""
    return comb
@block
def inc2(count, enable, clock, reset, n):
    nextCount = Signal(intbv(0, min=0, max=n))
    comb = inc_comb(nextCount, count, n)
    seq = inc_seq(count, nextCount, enable, clock, reset)
    return comb, seq
@block
def clockGen(clock):
    @instance
    def comb():
        clock.next = 1
        while 1:
            yield delay(10)
            clock.next = not clock
    return comb
@block
def stimulus(enable, clock, reset):
    @instance
    def comb():
        reset.next = 1
        yield clock.negedge
        reset.next = 0
        yield clock.negedge
        reset.next = 1
        for i in range(20):
            enable.next = 1
            yield clock.negedge
        raise StopSimulation
    return comb
@block
def check(count, enable, clock, reset, n):
    @instance
    def comb():
        yield reset.posedge
        print(count)
        while 1:
            yield clock.posedge
            yield delay(1)
            print(count)
    return comb
@block
def bench():
    n=16
    count = Signal(intbv(0)[4:])
    enable = Signal(bool(0)); clock, reset = [Signal(bool(1)) for i in range(2)]
    return inc2(count, enable, clock, reset, n=n), clockGen(clock), stimulus(enable, clock, reset), check(count, enable, clock, reset, n)
conversion.verify.simulator = conversion.analyze.simulator = sys.argv[1]
top = bench()
print("verify", top.verify_convert())
print("analyze", top.analyze_convert())
