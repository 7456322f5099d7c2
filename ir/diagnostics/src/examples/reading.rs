//! Reading and elaborating: PH01…

use crate::Example;

pub const PH0101: Example = Example {
    command: "check design.py",
    failing: "\
# coding: ebcdic-9
x = 1
",
    mended: "\
# coding: utf-8
from pyhw import *


@block
def joint(a: In[bool], q: Out[bool]):
    @always_comb
    def pass_on():
        q.next = a

    return pass_on
",
};

pub const PH0102: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def joint(a: In[bool], q: Out[bool]):
    @always_comb
    def pass_on()
        q.next = a

    return pass_on
",
    mended: "\
from pyhw import *


@block
def joint(a: In[bool], q: Out[bool]):
    @always_comb
    def pass_on():
        q.next = a

    return pass_on
",
};

pub const PH0103: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def counter(clk: Clock, q: Out[uint[8]], start: int = 300):
    n = Signal(intbv(start, min=0, max=256))

    @always(clk.posedge)
    def count():
        n.next = (n + 1) % 256

    @always_comb
    def show():
        q.next = n

    return count, show
",
    mended: "\
from pyhw import *


@block
def counter(clk: Clock, q: Out[uint[8]], start: int = 200):
    n = Signal(intbv(start, min=0, max=256))

    @always(clk.posedge)
    def count():
        n.next = (n + 1) % 256

    @always_comb
    def show():
        q.next = n

    return count, show
",
};

pub const PH0104: Example = Example {
    command: "check design.py --top counter",
    failing: "\
from pyhw import *


@block
def count_up(clk: Clock, q: Out[Mod[16]]):
    @always(clk.posedge)
    def count():
        q.next = q + 1

    return count
",
    mended: "\
from pyhw import *


@block
def counter(clk: Clock, q: Out[Mod[16]]):
    @always(clk.posedge)
    def count():
        q.next = q + 1

    return count
",
};

pub const PH0105: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def joint(a, q: Out[uint[8]]):
    @always_comb
    def pass_on():
        q.next = a

    return pass_on
",
    mended: "\
from pyhw import *


@block
def joint(a: In[uint[8]], q: Out[uint[8]]):
    @always_comb
    def pass_on():
        q.next = a

    return pass_on
",
};

pub const PH0106: Example = Example {
    command: "check design.py",
    failing: r#"import ast

from pyhw import *

INVERT = ast.parse("def invert():\n    q.next = a")
INVERT.body[0].body[0].value = ast.UnaryOp(ast.Not(), ast.Name("a", ast.Load()))


@block
def inverter(a: In[bool], q: Out[bool]):
    names = {"a": a, "q": q}
    exec(compile(ast.fix_missing_locations(INVERT), "made", "exec"), names)
    return always_comb(names["invert"])
"#,
    mended: "\
from pyhw import *


@block
def inverter(a: In[bool], q: Out[bool]):
    def invert():
        q.next = not a

    return always_comb(invert)
",
};

pub const PH0107: Example = Example {
    command: "check design.py",
    failing: "\
from pyhw import *


@block
def joint(a: In[bool], q: Out[bool]):
    @always_comb
    def pass_on():
        q.next = a  # pyhw: ignore[PH9313]

    return pass_on
",
    mended: "\
from pyhw import *


@block
def joint(a: In[bool], q: Out[bool]):
    @always_comb
    def pass_on():
        q.next = a  # pyhw: ignore[PH0313]

    return pass_on
",
};
