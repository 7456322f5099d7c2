//! The typed subset: PH02…

use crate::Example;

pub const PH0201: Example = Example {
    command: "check design.py",
    failing: r#"from pyhw import *


@block
def parity(a: In[uint[8]], q: Out[bool]):
    @always_comb
    def compute():
        q.next = bin(a).count("1") % 2 == 1

    return compute
"#,
    mended: "\
from pyhw import *


@block
def parity(a: In[uint[8]], q: Out[bool]):
    @always_comb
    def compute():
        q.next = sum(a[i] for i in range(8)) % 2 == 1

    return compute
",
};

pub const PH0202: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def adder(a: In[uint[8]], q: Out[uint[9]]):
    @always_comb
    def add():
        q.next = a + offset

    return add
",
    mended: "\
from pyhw import *


@block
def adder(a: In[uint[8]], q: Out[uint[9]], offset: int = 3):
    @always_comb
    def add():
        q.next = a + offset

    return add
",
};

pub const PH0203: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


@block
def sums(a: In[uint[3]], q: Out[uint[13]]):
    @always_comb
    def compute():
        q.next = factorial(a)

    return compute
",
    mended: "\
from pyhw import *


def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


FACTORIALS = tuple(factorial(n) for n in range(8))


@block
def sums(a: In[uint[3]], q: Out[uint[13]]):
    @always_comb
    def compute():
        q.next = FACTORIALS[a]

    return compute
",
};

pub const PH0204: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def leading_zeros(a: In[uint[8]], q: Out[uint[4]]):
    @always_comb
    def compute():
        n = intbv(0, min=0, max=9)
        while n < 8 and not a[7 - n]:
            if not a[7]:
                n[:] = n + 1
        q.next = n

    return compute
",
    mended: "\
from pyhw import *


@block
def leading_zeros(a: In[uint[8]], q: Out[uint[4]]):
    @always_comb
    def compute():
        n = intbv(0, min=0, max=9)
        while n < 8 and not a[7 - n]:
            n[:] = n + 1
        q.next = n

    return compute
",
};

pub const PH0205: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


def edges(clk, count):
    for i in range(count):
        yield clk.posedge


@block
def monitor(clk: Clock, q: In[bool]):
    @instance
    def watch():
        while True:
            yield clk.posedge
            edges(clk, 3)
            print(int(q))

    return watch
",
    mended: "\
from pyhw import *


def edges(clk, count):
    for i in range(count):
        yield clk.posedge


@block
def monitor(clk: Clock, q: In[bool]):
    @instance
    def watch():
        while True:
            yield clk.posedge
            yield from edges(clk, 3)
            print(int(q))

    return watch
",
};

pub const PH0206: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


def clamp(value, low, high):
    return min(max(value, low), high)


@block
def limiter(a: In[uint[8]], q: Out[uint[8]]):
    @always_comb
    def limit():
        q.next = clamp(a, 10)

    return limit
",
    mended: "\
from pyhw import *


def clamp(value, low, high):
    return min(max(value, low), high)


@block
def limiter(a: In[uint[8]], q: Out[uint[8]]):
    @always_comb
    def limit():
        q.next = clamp(a, 10, 100)

    return limit
",
};

pub const PH0207: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def delay_line(clk: Clock, d: In[bool], q: Out[bool]):
    seen = Signal(bool(0))  # for the waves

    @always(clk.posedge)
    def follow():
        q.next = d
        seen = d

    return follow
",
    mended: "\
from pyhw import *


@block
def delay_line(clk: Clock, d: In[bool], q: Out[bool]):
    seen = Signal(bool(0))  # for the waves

    @always(clk.posedge)
    def follow():
        q.next = d
        seen.next = d

    return follow
",
};
