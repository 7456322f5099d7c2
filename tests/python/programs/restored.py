"""What a reset restores: one case for each way of storing into a signal, with resets of every style, observed at every half cycle."""

from myhdl import (
    ResetSignal,
    Signal,
    StopSimulation,
    always,
    always_seq,
    block,
    delay,
    enum,
    instance,
    intbv,
    modbv,
)

CASES = []
STATES = enum("IDLE", "BUSY", "DONE")
GLOBAL = Signal(intbv(3)[8:])


def case(make):
    """Adds a case. It takes clock, reset, data and a list to which it adds what is observed, and gives its processes."""
    CASES.append(block(make))
    return make


def byte(value=5):
    return Signal(intbv(value)[8:])


class Bus:
    """An interface that can store into itself."""

    def __init__(self):
        self.q = byte()
        self.r = byte(6)

    def load(self, value):
        self.q.next = value


class Nest:
    def __init__(self):
        self.bus = Bus()


class Count:
    """An integer and a signal of its own."""

    def __init__(self):
        self.x = intbv(2)[8:]
        self.q = byte()


@case
def named(clk, rst, d, seen):
    q = byte()
    seen.append(q)

    @always_seq(clk.posedge, reset=rst)
    def p():
        q.next = d

    return p


@case
def closure_of_a_function(clk, rst, d, seen):
    q, r = byte(), byte(6)
    seen += [q, r]

    def store():
        q.next = d

    @always_seq(clk.posedge, reset=rst)
    def p():
        store()
        r.next = d

    return p


@case
def parameter_of_a_function(clk, rst, d, seen):
    q, r = byte(), byte(6)
    seen += [q, r]

    def store(s, value):
        s.next = value

    @always_seq(clk.posedge, reset=rst)
    def p():
        store(q, d)
        r.next = d

    return p


@case
def nothing_named(clk, rst, d, seen):
    q = byte()
    seen += [q]

    def store(s, value):
        s.next = value

    @always_seq(clk.posedge, reset=rst)
    def p():
        store(q, d)

    return p


@case
def named_on_another_path(clk, rst, d, seen):
    q = byte()
    seen += [q]

    def store(s, value):
        s.next = value

    @always_seq(clk.posedge, reset=rst)
    def p():
        if d[0]:
            store(q, d)
        else:
            q.next = 1

    return p


@case
def method(clk, rst, d, seen):
    bus = Bus()
    seen += [bus.q, bus.r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        bus.load(d)
        bus.r.next = d

    return p


@case
def alias(clk, rst, d, seen):
    q, r = byte(), byte(6)
    seen += [q, r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        s = q
        s.next = d
        r.next = d

    return p


@case
def alias_in_a_target(clk, rst, d, seen):
    q, r = byte(), byte(6)
    seen += [q, r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        (s := q).next = d
        r.next = s

    return p


@case
def choice_in_a_target(clk, rst, d, seen):
    q, r = byte(), byte(6)
    seen += [q, r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        (q if d > 3 else r).next = d

    return p


@case
def call_in_a_target(clk, rst, d, seen):
    q, r = byte(), byte(6)
    seen += [q, r]

    def same(s):
        return s

    def other():
        return r

    @always_seq(clk.posedge, reset=rst)
    def p():
        same(q).next = d
        other().next = d

    return p


@case
def loop_over_a_list(clk, rst, d, seen):
    sigs = [byte(), byte(6)]
    r = byte(7)
    seen += [*sigs, r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        for s in sigs:
            s.next = d
        r.next = d

    return p


@case
def loop_over_a_tuple_of_names(clk, rst, d, seen):
    q, r = byte(), byte(6)
    seen += [q, r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        for s in (q, r):
            s.next = d

    return p


@case
def loop_over_pairs(clk, rst, d, seen):
    sigs, others = [byte(), byte(6)], [byte(7), byte(8)]
    seen += sigs + others

    @always_seq(clk.posedge, reset=rst)
    def p():
        for i, s in enumerate(sigs):
            s.next = d + i
            others[i].next = d

    return p


@case
def index(clk, rst, d, seen):
    sigs = [byte(), byte(6), byte(7), byte(8)]
    seen += sigs

    @always_seq(clk.posedge, reset=rst)
    def p():
        sigs[d[2:]].next = d

    return p


@case
def constant_index(clk, rst, d, seen):
    sigs = [byte(), byte(6)]
    seen += sigs

    @always_seq(clk.posedge, reset=rst)
    def p():
        sigs[0].next = d

    return p


@case
def index_of_a_parameter(clk, rst, d, seen):
    sigs = [byte(), byte(6), byte(7), byte(8)]
    r = byte(9)
    seen += [*sigs, r]

    def store(list_, i, value):
        list_[i].next = value

    @always_seq(clk.posedge, reset=rst)
    def p():
        store(sigs, d[2:], d)
        r.next = sigs[d[2:]]

    return p


@case
def index_of_a_tuple(clk, rst, d, seen):
    sigs = byte(), byte(6), byte(7), byte(8)
    r = byte(9)
    seen += [*sigs, r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        sigs[d[2:]].next = d
        r.next = d

    return p


@case
def key_of_a_dict(clk, rst, d, seen):
    sigs = {"q": byte(), "r": byte(6)}
    r = byte(7)
    seen += [*sigs.values(), r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        sigs["q"].next = d
        r.next = d

    return p


@case
def row_of_lists(clk, rst, d, seen):
    rows = [[byte(), byte(6)], [byte(7), byte(8)]]
    r = byte(9)
    seen += [*rows[0], *rows[1], r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        rows[1][0].next = d
        for row in rows:
            row[1].next = d
        r.next = d

    return p


@case
def attribute(clk, rst, d, seen):
    bus = Bus()
    seen += [bus.q, bus.r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        bus.q.next = d
        bus.r.next = d

    return p


@case
def attribute_of_an_attribute(clk, rst, d, seen):
    nest = Nest()
    seen += [nest.bus.q, nest.bus.r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        nest.bus.q.next = d
        nest.bus.load(d)
        b = nest.bus
        b.r.next = d

    return p


@case
def attribute_of_an_element(clk, rst, d, seen):
    buses = [Bus(), Bus()]
    r = byte(7)
    seen += [buses[0].q, buses[1].q, buses[0].r, r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        buses[0].q.next = d
        buses[d[0]].r.next = d
        r.next = d

    return p


@case
def list_of_an_attribute(clk, rst, d, seen):
    bus = Bus()
    bus.lanes = [byte(), byte(6)]
    seen += bus.lanes

    @always_seq(clk.posedge, reset=rst)
    def p():
        bus.lanes[d[0]].next = d

    return p


@case
def chain(clk, rst, d, seen):
    q, r = byte(), byte(6)
    seen += [q, r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        q.next = r.next = d

    return p


@case
def pair(clk, rst, d, seen):
    q, r = byte(), byte(6)
    seen += [q, r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        q.next, r.next = d, q

    return p


@case
def pair_after_an_index(clk, rst, d, seen):
    sigs = [byte(), byte(6)]
    q, r = byte(7), byte(8)
    seen += [*sigs, q, r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        sigs[0].next, q.next = d, d
        r.next, sigs[1].next = q, d

    return p


@case
def slice_(clk, rst, d, seen):
    q, r, s = byte(), byte(6), byte(7)
    seen += [q, r, s]

    def store(of, value):
        of.next[4:] = value

    @always_seq(clk.posedge, reset=rst)
    def p():
        q.next[4:] = d[4:]
        r.next[0] = d[0]
        store(s, d[4:])

    return p


@case
def debugging(clk, rst, d, seen):
    q, r = byte(), byte(6)
    seen += [q, r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        if __debug__:
            q.next = d
        r.next = d

    return p


@case
def debugging_with_an_else(clk, rst, d, seen):
    q = byte()
    seen += [q]

    @always_seq(clk.posedge, reset=rst)
    def p():
        if __debug__:
            q.next = d
        else:
            q.next = 0

    return p


@case
def annotated(clk, rst, d, seen):
    q, r = byte(), byte(6)
    seen += [q, r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        q.next: int = d
        r.next = d

    return p


@case
def variable_of_a_loop(clk, rst, d, seen):
    q, r = byte(), byte(6)
    seen += [q, r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        for q.next in range(3):
            r.next = d

    return p


@case
def enumerations(clk, rst, d, seen):
    q, r = byte(), byte(6)
    state, told = Signal(STATES.IDLE), Signal(STATES.DONE)
    seen += [q, r, state, told]

    def tell(s, value):
        s.next = value

    @always_seq(clk.posedge, reset=rst)
    def p():
        tell(told, state)
        if state == STATES.IDLE:
            state.next = STATES.BUSY
            q.next = d
        elif state == STATES.BUSY:
            state.next = STATES.DONE
            tell(r, d)
        else:
            state.next = STATES.IDLE

    return p


@case
def booleans(clk, rst, d, seen):
    q, r, s = Signal(True), Signal(bool(1)), Signal(False)
    seen += [q, r, s]

    def store(of, value):
        of.next = value

    @always_seq(clk.posedge, reset=rst)
    def p():
        q.next = d[0]
        store(r, d[0])
        store(s, not s)

    return p


@case
def modular(clk, rst, d, seen):
    q, r = Signal(modbv(250)[8:]), Signal(modbv(251)[8:])
    seen += [q, r]

    def step(of):
        of.next = of + 1

    @always_seq(clk.posedge, reset=rst)
    def p():
        q.next = q + 1
        step(r)

    return p


@case
def integer(clk, rst, d, seen):
    q = byte()
    x = intbv(2)[8:]
    seen += [q]

    @always_seq(clk.posedge, reset=rst)
    def p():
        x[:] = (x + d) % 200
        q.next = x

    return p


@case
def element_of_an_integer(clk, rst, d, seen):
    q = byte()
    x = intbv(2)[8:]
    seen += [q]

    @always_seq(clk.posedge, reset=rst)
    def p():
        x[4:1] = d[3:]
        x[7] = d[0]
        q.next = x

    return p


@case
def integer_of_an_object(clk, rst, d, seen):
    count = Count()
    seen += [count.q]

    @always_seq(clk.posedge, reset=rst)
    def p():
        count.x[:] = (count.x + d) % 200
        count.q.next = count.x

    return p


@case
def integer_in_a_function(clk, rst, d, seen):
    q = byte()
    x = intbv(2)[8:]
    seen += [q]

    def step():
        x[:] = (x + d) % 200

    @always_seq(clk.posedge, reset=rst)
    def p():
        step()
        q.next = x

    return p


@case
def alias_of_an_integer(clk, rst, d, seen):
    q = byte()
    x = intbv(2)[8:]
    seen += [q]

    @always_seq(clk.posedge, reset=rst)
    def p():
        y = x
        y[:] = (x + d) % 200
        q.next = x

    return p


@case
def of_the_module(clk, rst, d, seen):
    seen += [GLOBAL]

    @always_seq(clk.posedge, reset=rst)
    def p():
        GLOBAL.next = d

    return p


@case
def bound_later(clk, rst, d, seen):
    @always_seq(clk.posedge, reset=rst)
    def p():
        q.next = d
        r.next = d

    q = byte()
    r = byte(6)
    seen += [q, r]
    return p


@case
def two_processes(clk, rst, d, seen):
    q, r = byte(), byte(6)
    seen += [q, r]

    @always_seq(clk.posedge, reset=rst)
    def p():
        q.next = d

    @always_seq(clk.negedge, reset=rst)
    def o():
        for s in [r]:
            s.next = q

    return p, o


@case
def no_reset(clk, rst, d, seen):
    q = byte()
    seen += [q]

    @always_seq(clk.posedge, reset=None)
    def p():
        q.next = d

    return p


@case
def early_return(clk, rst, d, seen):
    q, r = byte(), byte(6)
    seen += [q, r]

    def store(s, value):
        if value > 9:
            return
        s.next = value

    @always_seq(clk.posedge, reset=rst)
    def p():
        store(q, d)
        if d == 8:
            return
        r.next = d

    return p


@block
def bench(make, isasync, active):
    clk = Signal(bool(0))
    rst = ResetSignal(not active, active=active, isasync=isasync)
    d = byte(0)
    seen = []
    parts = make(clk, rst, d, seen)

    @instance
    def stimulus():
        for step in range(28):
            d.next = (step * 7 + 3) % 16
            # The reset comes between edges, at an edge, and for less than a cycle.
            rst.next = active if step in (6, 7, 8, 9, 15, 20, 21) else not active
            yield delay(3)
            clk.next = not clk
            yield delay(2)
            print(make.__name__, isasync, active, step, *[repr(s.val) for s in seen])
        raise StopSimulation

    return parts, stimulus


if __name__ == "__main__":
    for make in CASES:
        for isasync in (False, True):
            for active in (1, 0):
                test = bench(make, isasync, active)
                test.run_sim(quiet=1)
                test.quit_sim()
