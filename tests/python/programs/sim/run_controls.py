from myhdl import *
import linecache, sys
@block
def late():
    out = Signal(intbv(0)[8:])
    made = []
    @instance
    def s():
        yield delay(1)
        x = Signal(intbv(0)[4:])
        made.append(x)
        x.next = 7
        yield delay(1)
        print(x, int(made[0]))
        def helper(sig):
            yield delay(2)
            sig.next = 9
            yield sig
            print("helper", now(), sig)
        yield helper(x)
        print(now())
        yield join(delay(3), helper(out))
        print(now(), out)
    return s
inst = late()
inst.config_sim(trace=False)
inst.run_sim(3)
print(now())
inst.run_sim(2)
print(now())
inst.run_sim()
inst.quit_sim()
src = '''
@block
def texted(clk, q):
    @always(clk.posedge)
    def p():
        q.next = not q
    return p
'''
name = "<ipython-input-1-abc>"
linecache.cache[name] = (len(src), None, src.splitlines(True), name)
ns = {"block": block, "always": always}
exec(compile(src, name, "exec"), ns)
@block
def bench():
    clk, q = Signal(bool(0)), Signal(bool(0))
    i = ns["texted"](clk, q)
    @always(delay(2))
    def c():
        clk.next = not clk
    @instance
    def m():
        for k in range(3):
            yield clk.posedge
            yield delay(1)
            print(now(), int(q))
        raise StopSimulation
    return i, c, m
b = bench()
b.config_sim(trace=True, filename="waves", timescale="1ns")
b.run_sim()
b.quit_sim()
import os
print(sorted(os.listdir(".")) and os.path.exists("waves.vcd"))
b2 = bench()
b2.run_sim(5)
b2.quit_sim()
b2 = bench()
b2.run_sim(20)
print(b2.sim is not None)
try:
    print(ns["texted"](Signal(bool(0)), Signal(bool(0))).convert(hdl="Verilog", name="fromtext") is not None)
except Exception as e:
    print(type(e))
