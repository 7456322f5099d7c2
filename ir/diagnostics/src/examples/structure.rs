//! Structure of the design, and what a target cannot say: PH04…, PH05…

use crate::Example;

pub const PH0401: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def selector(a: In[bool], b: In[bool], q: Out[bool]):
    @always_comb
    def first():
        q.next = a

    @always_comb
    def second():
        q.next = b

    return first, second
",
    mended: "\
from pyhw import *


@block
def selector(a: In[bool], b: In[bool], q: Out[bool]):
    @always_comb
    def both():
        q.next = a or b

    return both
",
};

pub const PH0402: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def gate(a: In[bool], q: Out[bool]):
    enable = Signal(bool(0))

    @always_comb
    def open_or_closed():
        q.next = a and enable

    return open_or_closed
",
    mended: "\
from pyhw import *


@block
def gate(a: In[bool], enable: In[bool], q: Out[bool]):
    @always_comb
    def open_or_closed():
        q.next = a and enable

    return open_or_closed
",
};

pub const PH0403: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def arbiter(request: In[bool], other: In[bool], grant: Out[bool]):
    mine = Signal(bool(0))
    theirs = Signal(bool(0))

    @always_comb
    def us():
        mine.next = request and not theirs

    @always_comb
    def them():
        theirs.next = other and not mine

    @always_comb
    def show():
        grant.next = mine

    return us, them, show
",
    mended: "\
from pyhw import *


@block
def arbiter(clk: Clock, request: In[bool], other: In[bool], grant: Out[bool]):
    mine = Signal(bool(0))
    theirs = Signal(bool(0))

    @always(clk.posedge)
    def us():
        mine.next = request and not theirs

    @always_comb
    def them():
        theirs.next = other and not mine

    @always_comb
    def show():
        grant.next = mine

    return us, them, show
",
};

pub const PH0404: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def chooser(a: In[uint[4]], enable: In[bool], q: Out[uint[4]]):
    @always_comb
    def choose():
        if enable:
            q.next = a

    return choose
",
    mended: "\
from pyhw import *


@block
def chooser(a: In[uint[4]], enable: In[bool], q: Out[uint[4]]):
    @always_comb
    def choose():
        q.next = 0
        if enable:
            q.next = a

    return choose
",
};

pub const PH0405: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def adder(a: In[uint[4]], b: In[uint[4]], q: Out[uint[5]]):
    @always(a)
    def add():
        q.next = a + b

    return add
",
    mended: "\
from pyhw import *


@block
def adder(a: In[uint[4]], b: In[uint[4]], q: Out[uint[5]]):
    @always_comb
    def add():
        q.next = a + b

    return add
",
};

pub const PH0406: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def pulse(clk: Clock, go: In[bool], q: Out[bool]):
    @instance
    def run():
        while True:
            yield clk.posedge
            q.next = go
            yield clk.posedge
            q.next = False

    return run
",
    mended: "\
from pyhw import *


@block
def pulse(clk: Clock, go: In[bool], q: Out[bool]):
    @instance
    def run():
        second = False
        while True:
            yield clk.posedge
            q.next = go and not second
            second = not second

    return run
",
};

pub const PH0501: Example = Example {
    command: "emit --c design.py --top follower",
    failing: "\
from pyhw import *


@block
def follower(clk: Clock, d: In[bool], q: Out[bool]):
    @instance
    def follow():
        while True:
            yield clk.posedge
            q.next = d
            yield clk.negedge
            q.next = False

    return follow
",
    mended: "\
from pyhw import *


@block
def follower(clk: Clock, d: In[bool], q: Out[bool]):
    @always(clk.posedge)
    def follow():
        q.next = d

    return follow
",
};

pub const PH0502: Example = Example {
    command: "emit --verilog --vhdl design.py --top inverter",
    failing: "\
from pyhw import *


@block
def inverter(signal: In[bool], q: Out[bool]):
    @always_comb
    def invert():
        q.next = not signal

    return invert
",
    mended: "\
from pyhw import *


@block
def inverter(d: In[bool], q: Out[bool]):
    @always_comb
    def invert():
        q.next = not d

    return invert
",
};

pub const PH0407: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def pair(clk: Clock, a: In[bool], b: In[bool], p: Out[bool], q: Out[bool]):
    @always(clk.posedge)
    def keep():
        p.next = a
        q.next = b

    @always(clk.posedge)
    def watch():
        assert not (a and b)

    return keep
",
    mended: "\
from pyhw import *


@block
def pair(clk: Clock, a: In[bool], b: In[bool], p: Out[bool], q: Out[bool]):
    @always(clk.posedge)
    def keep():
        p.next = a
        q.next = b

    @always(clk.posedge)
    def watch():
        assert not (a and b)

    return keep, watch
",
};

pub const PH0408: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def pair(clk: Clock, rst: Reset, d: In[uint[8]], p: Out[uint[8]], q: Out[uint[8]]):
    def halve(to):
        to.next = d >> 1

    @always_seq(clk.posedge, reset=rst)
    def keep():
        p.next = d
        halve(q)

    return keep
",
    mended: "\
from pyhw import *


@block
def pair(clk: Clock, rst: Reset, d: In[uint[8]], p: Out[uint[8]], q: Out[uint[8]]):
    def half():
        return d >> 1

    @always_seq(clk.posedge, reset=rst)
    def keep():
        p.next = d
        q.next = half()

    return keep
",
};

pub const PH0409: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def keeper(clk: Clock, rst_n: In[bool, 1], d: In[uint[4]], q: Out[uint[4]]):
    @always(clk.posedge, rst_n.negedge)
    def keep():
        if rst_n:
            q.next = 0
        else:
            q.next = d

    return keep
",
    mended: "\
from pyhw import *


@block
def keeper(clk: Clock, rst_n: In[bool, 1], d: In[uint[4]], q: Out[uint[4]]):
    @always(clk.posedge, rst_n.negedge)
    def keep():
        if not rst_n:
            q.next = 0
        else:
            q.next = d

    return keep
",
};

pub const PH0410: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def ram(clk: Clock, a: In[uint[4]], d: In[uint[8]], b: In[uint[4]], e: In[uint[8]], q: Out[uint[8]]):
    mem = [Signal(uint[8]) for _ in range(16)]

    @always(clk.posedge)
    def first():
        mem[a].next = d

    @always(clk.posedge)
    def second():
        mem[b].next = e
        q.next = mem[b]

    return first, second
",
    mended: "\
from pyhw import *


@block
def ram(clk: Clock, a: In[uint[4]], d: In[uint[8]], b: In[uint[4]], e: In[uint[8]], q: Out[uint[8]]):
    mem = [Signal(uint[8]) for _ in range(16)]

    @always(clk.posedge)
    def both():
        mem[b].next = e
        mem[a].next = d  # the last store wins, by rule
        q.next = mem[b]

    return both
",
};
