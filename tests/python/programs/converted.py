"""MyHDL designs: nested interfaces as top ports, enum encodings, OpenPort, Constant, methods."""
from myhdl import *

class Inner:
    def __init__(self):
        self.flag = Signal(bool(0))
        self.count = Signal(intbv(0)[4:])

class Bus:
    def __init__(self):
        self.data = Signal(intbv(0)[8:])
        self.inner = Inner()

@block
def nested(clk, rx, tx):
    @always(clk.posedge)
    def move():
        tx.data.next = rx.data + 1 if rx.data != 255 else 0
        tx.inner.flag.next = not rx.inner.flag
        tx.inner.count.next = rx.inner.count
    return move

def make(encoding):
    t_state = enum("IDLE", "RUN", "STOP", encoding=encoding)
    @block
    def fsm(clk, rst, go, state, busy):
        inner = Signal(t_state.IDLE)
        @always_seq(clk.posedge, reset=rst)
        def step():
            if inner == t_state.IDLE:
                if go:
                    inner.next = t_state.RUN
            elif inner == t_state.RUN:
                inner.next = t_state.STOP
            else:
                inner.next = t_state.IDLE
        @always_comb
        def out():
            state.next = inner
            busy.next = inner != t_state.IDLE
        return step, out
    return fsm, t_state

@block
def part(clk, a, q, r, k):
    @always(clk.posedge)
    def p():
        q.next = a + k
        r.next = a
    return p

@block
def opened(clk, a, q):
    i = part(clk, a, q, OpenPort(), Constant(intbv(3)[4:]))
    return i

class Counter:
    def __init__(self, n):
        self.n = n
        self.count = Signal(intbv(0, 0, n))
    @block
    def rtl(self, clk, q):
        @always(clk.posedge)
        def step():
            self.count.next = (self.count + 1) % self.n
        @always_comb
        def out():
            q.next = self.count
        return step, out

@block
def methods(clk, q, r):
    a, b = Counter(5), Counter(9)
    x, y = a.rtl(clk, q), b.rtl(clk, r)
    return [[x], [[y]]]

for hdl in "Verilog", "VHDL":
    nested(Signal(bool(0)), Bus(), Bus()).convert(hdl=hdl)
    for enc in (None, "binary", "one_hot", "one_cold"):
        fsm, t_state = make(enc)
        fsm(Signal(bool(0)), ResetSignal(0, active=0, isasync=True), Signal(bool(0)), Signal(t_state.IDLE), Signal(bool(0))).convert(hdl=hdl, name=f"fsm_{enc}".lower())
    opened(Signal(bool(0)), Signal(intbv(0)[4:]), Signal(intbv(0)[5:])).convert(hdl=hdl)
    methods(Signal(bool(0)), Signal(intbv(0)[3:]), Signal(intbv(0)[4:])).convert(hdl=hdl)
