"""Code of a user's own that names lists of signals, verified in the simulator that is named on the command line."""

import sys

from myhdl import *


@block
def total(taps, sum_of):
    """reads a list by its bare name, as MyHDL's flat text allows."""
    count = len(taps)

    @always_comb
    def add():
        value = 0
        for i in range(count):
            value += taps[i]
        sum_of.next = value

    sum_of.driven = "reg"
    total.verilog_code = """
integer i;
always @* begin  // the sum of taps
    $sum_of = 0;
    for (i = 0; i < $count; i = i + 1) $sum_of = $sum_of + taps[i];
end
"""
    total.vhdl_code = """
process (taps)
    variable value : signed($sum_of'range);
begin
    value := (others => '0');  -- the sum of taps
    for i in 0 to $count - 1 loop
        value := value + taps(i);
    end loop;
    $sum_of <= value;
end process;
"""
    return add


@block
def shifted(clk, d, stages):
    """drives a list."""

    @always(clk.posedge)
    def shift():
        stages[0].next = d
        for i in range(1, len(stages)):
            stages[i].next = stages[i - 1]

    for stage in stages:
        stage.driven = "reg"
    last = len(stages) - 1
    shifted.verilog_code = """
integer i;
initial for (i = 0; i <= $last; i = i + 1) $stages[i] = 0;
always @(posedge $clk) begin
    $stages[0] <= $d;
    for (i = 1; i <= $last; i = i + 1) $stages[i] <= $stages[i - 1];
end
"""
    shifted.vhdl_code = """
process ($clk)
begin
    if rising_edge($clk) then
        $stages(0) <= $d;
        for i in 1 to $last loop
            $stages(i) <= $stages(i - 1);
        end loop;
    end if;
end process;
"""
    return shift


@block
def inverted(flags, lines):
    """drives a list by assignments, from another one, over one of its own."""
    middle = [Signal(False) for _ in flags]

    @always_comb
    def first():
        for i in range(len(flags)):
            middle[i].next = not flags[i]

    @always_comb
    def second():
        for i in range(len(flags)):
            lines[i].next = middle[i]

    for line in lines + middle:
        line.driven = "wire"
    inverted.verilog_code = """
genvar i;
generate for (i = 0; i < 3; i = i + 1) begin : each
    assign $middle[i] = !$flags[i];
    assign $lines[i] = $middle[i];
end endgenerate
"""
    inverted.vhdl_code = """
each : for i in 0 to 2 generate
    $middle(i) <= not $flags(i);
    $lines(i) <= $middle(i);
end generate;
"""
    return first, second


@block
def looked_up(words, at, word):
    """reads a memory that is written elsewhere."""

    @always_comb
    def look():
        word.next = words[at]

    word.driven = "wire"
    looked_up.verilog_code = "assign $word = $words[$at];"
    looked_up.vhdl_code = "$word <= $words(to_integer($at));"
    return look


@block
def bench():
    clk = Signal(False)
    d = Signal(intbv(0, min=-8, max=8))
    stages = [Signal(intbv(0, min=-8, max=8)) for _ in range(3)]
    sum_of = Signal(intbv(0, min=-64, max=64))
    # These have names of their own: they are no memory.
    first, second, third = flags = [Signal(False), Signal(True), Signal(False)]
    lines = [Signal(True), Signal(False), Signal(True)]
    words = [Signal(intbv(3 * i)[8:]) for i in range(5)]
    at, word = Signal(intbv(0, min=0, max=5)), Signal(intbv(0)[8:])
    parts = [
        shifted(clk, d, stages),
        total(stages, sum_of),
        inverted(flags, lines),
        looked_up(words, at, word),
    ]

    @always(clk.posedge)
    def write():
        words[at].next = words[at] ^ 85

    @instance
    def drive():
        for i in range(12):
            d.next = (i * 5) % 16 - 8
            at.next = i % 5
            if i % 3 == 0:
                first.next = not first
            second.next = not third
            third.next = first
            clk.next = False
            yield delay(5)
            clk.next = True
            yield delay(5)
            print(int(stages[0]), int(stages[1]), int(stages[2]), int(sum_of), int(word))
            print(int(lines[0]), int(lines[1]), int(lines[2]))
        raise StopSimulation

    return parts, write, drive


conversion.verify.simulator = sys.argv[1]
print("verify", bench().verify_convert())
