"""Monitors that keep and compare texts: only generator processes do, the others are left to Python."""

from myhdl import Signal, always, always_comb, block, delay, intbv
@block
def bench():
    clk = Signal(bool(0)); a = Signal(intbv(0)[4:])
    @always(delay(5))
    def ck():
        clk.next = not clk
    @always(clk.posedge)
    def mon():
        name = "W" if a[0] else "R"
        print("%s %d" % (name, a))
        a.next = (a + 1) % 16
        if name == "W":
            print("w")
    @always(clk.posedge)
    def m2():
        print("%s" % ("up" if a[1] else "down"))
    @always_comb
    def cm():
        line = "a=" + str(a)
        line += "!"
        if hex(a) == "0x3": print(line)
    return ck, mon, m2, cm
bench().run_sim(60)
