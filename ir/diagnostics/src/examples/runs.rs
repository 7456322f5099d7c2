//! Faults while simulating, and IR text: PH06…, PH07…

use crate::Example;

pub const PH0601: Example = Example {
    command: "sim design.py",
    failing: "\
from pyhw import *


@block
def bench():
    n = Signal(Int[0, 4])

    @instance
    def count():
        for i in range(5):
            n.next = i
            yield delay(10)

    return count
",
    mended: "\
from pyhw import *


@block
def bench():
    n = Signal(Int[0, 4])

    @instance
    def count():
        for i in range(4):
            n.next = i
            yield delay(10)

    return count
",
};

pub const PH0602: Example = Example {
    command: "sim design.py",
    failing: r#"from pyhw import *


@block
def bench():
    q = Signal(uint[8])

    @instance
    def look():
        q.next = 3
        yield delay(1)
        assert q == 4, f"q is {q}"

    return look
"#,
    mended: r#"from pyhw import *


@block
def bench():
    q = Signal(uint[8])

    @instance
    def look():
        q.next = 3
        yield delay(1)
        assert q == 3, f"q is {q}"

    return look
"#,
};

pub const PH0603: Example = Example {
    command: "sim design.py",
    failing: "\
from pyhw import *


@block
def bench():
    steps = Signal(uint[4])

    @instance
    def divide():
        yield delay(1)
        print(100 // steps)

    return divide
",
    mended: "\
from pyhw import *


@block
def bench():
    steps = Signal(uint[4])

    @instance
    def divide():
        yield delay(1)
        if steps != 0:
            print(100 // steps)

    return divide
",
};

pub const PH0701: Example = Example {
    command: "ir design.hwir",
    failing: "\
hwir 1

module joint {
  in %a: bool = false
  out %q: bool = false
  process pass_on comb(%a) {
    %q <= if %a
  }
}

top joint
",
    mended: "\
hwir 1

module joint {
  in %a: bool = false
  out %q: bool = false
  process pass_on comb(%a) {
    %q <= %a
  }
}

top joint
",
};

pub const PH0702: Example = Example {
    command: "ir design.hwir",
    failing: "\
hwir 1

module joint {
  in %a: u4 = 0
  out %q: bool = false
  process pass_on comb(%a) {
    %q <= %a
  }
}

top joint
",
    mended: "\
hwir 1

module joint {
  in %a: u4 = 0
  out %q: bool = false
  process pass_on comb(%a) {
    %q <= ne(%a, 0)
  }
}

top joint
",
};

pub const PH0604: Example = Example {
    command: "sim design.py",
    failing: "\
from pyhw import *


@block
def bench():
    ring = Signal(bool(0))

    @always_comb
    def invert():
        ring.next = not ring

    return invert
",
    mended: "\
from pyhw import *


@block
def bench():
    ring = Signal(bool(0))

    @instance
    def invert():
        for i in range(10):
            yield delay(5)
            ring.next = not ring

    return invert
",
};
