//! Types and ranges: PH03…

use crate::Example;

pub const PH0301: Example = Example {
    command: "check design.py",
    failing: r#"from pyhw import *


State = enum("IDLE", "BUSY")


@block
def encoder(busy: In[bool], q: Out[uint[2]]):
    state = Signal(State.IDLE)

    @always_comb
    def follow():
        state.next = State.BUSY if busy else State.IDLE

    @always_comb
    def encode():
        q.next = state + 1

    return follow, encode
"#,
    mended: r#"from pyhw import *


State = enum("IDLE", "BUSY")


@block
def encoder(busy: In[bool], q: Out[uint[2]]):
    state = Signal(State.IDLE)

    @always_comb
    def follow():
        state.next = State.BUSY if busy else State.IDLE

    @always_comb
    def encode():
        q.next = 2 if state == State.BUSY else 1

    return follow, encode
"#,
};

pub const PH0302: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def pack(a: In[uint[4]], q: Out[uint[8]]):
    @always_comb
    def join():
        q.next = concat(a, a + 1)

    return join
",
    mended: "\
from pyhw import *


@block
def pack(a: In[uint[4]], q: Out[uint[8]]):
    @always_comb
    def join():
        q.next = concat(a, intbv(a + 1)[4:])

    return join
",
};

pub const PH0303: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def compare(a: In[uint[16]], b: In[uint[8]], q: Out[bool]):
    @always_comb
    def decide():
        q.next = (b << a) % 1000 > 500

    return decide
",
    mended: "\
from pyhw import *


@block
def compare(a: In[uint[4]], b: In[uint[8]], q: Out[bool]):
    @always_comb
    def decide():
        q.next = (b << a) % 1000 > 500

    return decide
",
};

pub const PH0312: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def adder(a: In[Int[128, 256]], b: In[Int[128, 256]], total: Out[uint[8]]):
    @always_comb
    def add():
        total.next = a + b

    return add
",
    mended: "\
from pyhw import *


@block
def adder(a: In[Int[128, 256]], b: In[Int[128, 256]], total: Out[uint[9]]):
    @always_comb
    def add():
        total.next = a + b

    return add
",
};

pub const PH0313: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def counter(clk: Clock, en: In[bool], count: Out[Int[0, 17]]):
    @always(clk.posedge)
    def step():
        if en:
            count.next = count + 1

    return step
",
    mended: "\
from pyhw import *


@block
def counter(clk: Clock, en: In[bool], count: Out[Int[0, 17]]):
    @always(clk.posedge)
    def step():
        if en and count < 16:
            count.next = count + 1

    return step
",
};

pub const PH0314: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def total(clk: Clock, a: In[uint[8]], q: Out[bool]):
    n = 0

    @instance
    def add():
        n = 0
        while True:
            yield clk.posedge
            n = n + a
            q.next = n > 1000

    return add
",
    mended: "\
from pyhw import *


@block
def total(clk: Clock, a: In[uint[8]], q: Out[bool]):
    @instance
    def add():
        n = modbv(0)[16:]
        while True:
            yield clk.posedge
            n[:] = n + a
            q.next = n > 1000

    return add
",
};

pub const PH0315: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


SQUARES = (0, 1, 4, 9)


@block
def last(a: In[bool], q: Out[uint[4]]):
    @always_comb
    def choose():
        q.next = SQUARES[4] if a else 0

    return choose
",
    mended: "\
from pyhw import *


SQUARES = (0, 1, 4, 9)


@block
def last(a: In[bool], q: Out[uint[4]]):
    @always_comb
    def choose():
        q.next = SQUARES[3] if a else 0

    return choose
",
};

pub const PH0316: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


WEIGHTS = (1, 2, 4, 2, 1)


@block
def window(tap: In[uint[3]], weight: Out[uint[3]]):
    @always_comb
    def choose():
        weight.next = WEIGHTS[tap]

    return choose
",
    mended: "\
from pyhw import *


WEIGHTS = (1, 2, 4, 2, 1)


@block
def window(tap: In[uint[3]], weight: Out[uint[3]]):
    @always_comb
    def choose():
        weight.next = WEIGHTS[tap] if tap < 5 else 0

    return choose
",
};

pub const PH0317: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def ratio(whole: In[uint[8]], part: In[uint[8]], q: Out[uint[8]]):
    @always_comb
    def divide():
        q.next = whole // part

    return divide
",
    mended: "\
from pyhw import *


@block
def ratio(whole: In[uint[8]], part: In[uint[8]], q: Out[uint[8]]):
    @always_comb
    def divide():
        q.next = whole // part if part != 0 else 255

    return divide
",
};

pub const PH0318: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def clamp(a: In[uint[8]], low: In[bool], q: Out[uint[8]]):
    @always_comb
    def choose():
        if low:
            limit = 15
        elif a > 100:
            limit = 127
        q.next = min(a, limit)

    return choose
",
    mended: "\
from pyhw import *


@block
def clamp(a: In[uint[8]], low: In[bool], q: Out[uint[8]]):
    @always_comb
    def choose():
        limit = 255
        if low:
            limit = 15
        elif a > 100:
            limit = 127
        q.next = min(a, limit)

    return choose
",
};

pub const PH0319: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def stage(clk: Clock, d: In[uint[8]], q: Out[uint[8]]):
    @always(clk.posedge)
    def keep():
        q.next = d

    return keep


@block
def top(clk: Clock, sample: In[uint[16]], q: Out[uint[16]]):
    low = stage(clk, sample, q)
    return low
",
    mended: "\
from pyhw import *


@block
def stage(clk: Clock, d: In[uint[16]], q: Out[uint[16]]):
    @always(clk.posedge)
    def keep():
        q.next = d

    return keep


@block
def top(clk: Clock, sample: In[uint[16]], q: Out[uint[16]]):
    low = stage(clk, sample, q)
    return low
",
};

pub const PH0320: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def divider(clk: Clock, tick: Out[bool]):
    count = Signal(uint[8])

    @always(clk.posedge)
    def divide():
        tick.next = False
        count.next = (count + 1) % 256
        if count == 256:
            tick.next = True

    return divide
",
    mended: "\
from pyhw import *


@block
def divider(clk: Clock, tick: Out[bool]):
    count = Signal(uint[8])

    @always(clk.posedge)
    def divide():
        tick.next = False
        count.next = (count + 1) % 256
        if count == 255:
            tick.next = True

    return divide
",
};
