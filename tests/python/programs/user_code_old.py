"""Plain functions with code of their own in locals, as MyHDL had it first, verified in the simulator that is named on the command line."""

import sys
import warnings

from myhdl import *

warnings.simplefilter("ignore")


def inc(count, enable, clock, n):
    @always(clock.posedge)
    def step():
        if enable:
            count.next = (count + 1) % n

    count.driven = "reg"
    __verilog__ = """
initial %(count)s = 0;
always @(posedge %(clock)s) // 100%% of the time
    if (%(enable)s) %(count)s <= (%(count)s + 1) %% %(n)d;
"""
    __vhdl__ = """
process (%(clock)s) begin
    if rising_edge(%(clock)s) then -- own
        if %(enable)s = '1' then
            %(count)s <= (%(count)s + 1) mod %(n)d;
        end if;
    end if;
end process;
"""
    return step


def bench(n):
    count, enable, clock = Signal(intbv(0)[4:]), Signal(bool(1)), Signal(bool(0))
    counter = inc(count, enable, clock, n)

    @instance
    def drive():
        for i in range(20):
            enable.next = i % 4 != 2
            yield delay(5)
            clock.next = True
            yield delay(5)
            clock.next = False
            print(count)
        raise StopSimulation

    return counter, drive


conversion.verify.simulator = sys.argv[1]
print("verify", conversion.verify(bench, 11))
