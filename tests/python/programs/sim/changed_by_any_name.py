"""What is changed by way of calls, slices, displays, defaults, patterns and comprehensions, and looked at by another name."""

from myhdl import *

class Box:
    def __init__(self, v=2):
        self.value = v
        self.items = [1, 2]

def pick(boxes):
    return boxes[0]

d = {0: Box(), 1: Box()}
b_values = d[0]
bl = [Box(), Box(), Box()]
b_slice = bl[1]
br = [Box()]
b_ret = br[0]
ba, bb = Box(), Box()
b_default = Box()
b_star = [Box()]
b_star0 = b_star[0]
t_pair = [1, 2]
b_or = Box()
b_match = Box()
b_comp = [Box()]
b_comp0 = b_comp[0]
nested = [1, 2]
b_set = Box()
l_meth = [1,2]
N = 12

def deflt(box=b_default):
    box.value = 9

def star(*boxes):
    for b in boxes:
        b.value = 9

@block
def top():
    clk = Signal(bool(0))
    sigs = [Signal(intbv(0)[8:]) for _ in range(N)]
    s_values, s_slice, s_ret, s_default, s_star, s_pair, s_or, s_match, s_comp, s_nested, s_set, s_meth = sigs

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(clk.posedge)
    def p_values():
        s_values.next = b_values.value
    @always(clk.posedge)
    def p_slice():
        s_slice.next = b_slice.value
    @always(clk.posedge)
    def p_ret():
        s_ret.next = b_ret.value
    @always(clk.posedge)
    def p_default():
        s_default.next = b_default.value
    @always(clk.posedge)
    def p_star():
        s_star.next = b_star0.value
    @always(clk.posedge)
    def p_pair():
        s_pair.next = t_pair[1]
    @always(clk.posedge)
    def p_or():
        s_or.next = b_or.value
    @always(clk.posedge)
    def p_match():
        s_match.next = b_match.value
    @always(clk.posedge)
    def p_comp():
        s_comp.next = b_comp0.value
    @always(clk.posedge)
    def p_nested():
        s_nested.next = nested[1]
    @always(clk.posedge)
    def p_set():
        s_set.next = b_set.value
    @always(clk.posedge)
    def p_meth():
        s_meth.next = len(l_meth)

    @instance
    def change():
        yield clk.posedge
        for x in d.values():
            x.value = 9
        for x in bl[1:]:
            x.value = 9
        pick(br).value = 9
        deflt()
        star(*b_star)
        pp = (t_pair, 0)
        pp[0][1] = 9
        oo = b_or or None
        oo.value = 9
        match b_match:
            case Box() as m:
                m.value = 9
        for x in [y for y in b_comp]:
            x.value = 9
        def inner(row):
            row[1] = 9
        inner(nested)
        setattr(b_set, "value", 9)
        add = l_meth.append
        add(3)
        for _ in range(3):
            yield clk.posedge
            yield delay(1)
            print(now(), [int(value) for value in sigs])
        raise StopSimulation("")

    return instances()

top().run_sim()
