//! What processes say.

use super::{assert_told, clocked, design, run};

#[test]
fn bits_beyond_the_width_are_told_and_are_what_they_are_in_python() {
    let text = "\
@block
def top(a: In[uint[8]], s: In[sint[4]], i: In[uint[4]], q: Out[bool], r: Out[uint[16]], t: Out[bool], u: Out[bool]):
    @always_comb
    def logic():
        q.next = a[8]
        r.next = a[12:4]
        t.next = s[7]
        u.next = a[7] and a[8:0] == 3 and a[i] and intbv(a[4:])[8:] == 3

    return logic
";
    let folder = design("beyond", text);
    let told = [
        "warning[PH0315]: bit 8 lies beyond the 8 bits of `a`, and is always 0",
        "design.py:7:20",
        "warning[PH0315]: bits 8 to 11 lie beyond the 8 bits of `a`, and are always 0",
        "design.py:8:18",
        "warning[PH0315]: bit 7 lies beyond the 4 bits of `s`, and is its sign",
        "design.py:9:20",
    ];
    for words in ["check design.py", "emit --verilog --vhdl design.py --top top -o out"] {
        let (exit, text) = run(&folder, words);
        assert_told(&text, &told);
        assert_eq!((exit, text.matches("PH0315").count()), (0, 3), "{text}");
    }
}

#[test]
fn a_number_that_no_boolean_holds_is_an_error_like_any_other_that_does_not_fit() {
    let text = "\
@block
def top(clk: Clock, a: In[uint[8]], o: Out[bool], w: Out[uint[4]]):
    @always(clk.posedge)
    def keep():
        if a > 2:
            o.next = 2
            w.next = 16

    return keep
";
    let folder = design("boolean", text);
    for words in ["check design.py", "emit --verilog design.py --top top -o out"] {
        let (exit, text) = run(&folder, words);
        let told =
            ["error[PH0312]: 2 does not fit into the boolean `o`", "error[PH0312]: 16 does not fit into `w`"];
        assert_told(&text, &told);
        assert_eq!(exit, 3);
    }
    // Where it is not reached nothing happens.
    assert_eq!(run(&folder, "sim design.py --top top --until 10"), (0, String::new()));
}

#[test]
fn stores_that_are_written_as_in_other_languages_are_told_with_what_is_meant() {
    let text = "\
@block
def top(clk: Clock, p: In[bool], q: Out[uint[8]], r: Out[bool]):
    @always(clk.posedge)
    def keep():
        q[3].next = p
        r.next <= p
        r.next == p

    return keep
";
    let (exit, text) = run(&design("stores", text), "emit --verilog design.py --top top -o out");
    let told = [
        "design.py:7:",
        "`s.next[…] = …`",
        "`<=` compares, and stores nothing",
        "design.py:8:",
        "`s.next = …`",
        "`==` compares, and stores nothing",
    ];
    assert_told(&text, &told);
    assert_eq!(exit, 3);
}

#[test]
fn what_a_process_cannot_wait_for_is_told_at_its_yield() {
    let text = "\
def pause():
    yield delay(1)
    yield 5


@block
def top():
    q = Signal(bool(0))

    @instance
    def drive():
        q.next = 1
        yield from pause()

    return drive
";
    let (exit, text) = run(&design("waits", text), "sim design.py");
    let told = [
        "error[PH0603]: TypeError: yield clause 5 has type <class 'int'>\n",
        " --> design.py:5:5",
        "at time 1 in process `top.drive`",
        "help: a process waits for edges, signals, `delay(…)`, or a tuple of these",
    ];
    assert_told(&text, &told);
    assert_eq!(exit, 1);
}

#[test]
fn a_generator_that_is_waited_for_and_bounds_the_wrong_way_round_are_told_with_what_is_meant() {
    let text = "\
@block
def top(clk: Clock, p: In[uint[8]], q: Out[uint[4]]):
    def tick(times):
        for i in range(times):
            yield clk.posedge

    @instance
    def drive():
        while True:
            yield tick(2)
            q.next = p[0:4]

    return drive
";
    let (exit, text) = run(&design("meant", text), "emit --verilog design.py --top top -o out");
    let told = [
        "a process that waits until `tick` has ended is simulated by Python",
        "help: let it run here instead: `yield from tick(…)`",
        "the left bound of a slice must be greater than the right one",
        "help: the highest bit comes first: `[4:0]`",
    ];
    assert_told(&text, &told);
    assert_eq!(exit, 3);
}

#[test]
fn values_that_are_none_at_all_are_told_of() {
    let text = "\
def double(x):
    y = 2 * x

def half(x, places):
    return x >> places

@block
def top(clk: Clock, p: In[uint[8]], q: Out[uint[8]], r: Out[uint[8]]):
    state = Signal(enum('idle', 'busy').idle)

    @always(clk.posedge)
    def keep():
        q.next = double(p)
        q.next = double(p) + 1
        r.next = half(p, 1, x=p)
        state.next = p

    return keep
";
    let (exit, text) = run(&design("nothing", text), "emit --verilog design.py --top top -o out");
    let told = [
        "`None` is a value of tri-state drivers only",
        "help: a function that ends without `return VALUE` gives `None`",
        "`None` cannot be used as a value here",
        "help: a function that ends without `return VALUE` gives `None`",
        "`half` gets `x` twice: by its place, and by its name",
        "the signal holds members of `enum(idle, busy)`, and this is an integer",
    ];
    assert_told(&text, &told);
    assert_eq!(exit, 3);
}

#[test]
fn a_comparison_with_one_answer_is_told_with_what_it_compares() {
    let told = |name: &str, body: &str| {
        let folder = design(&format!("decided_{name}"), &clocked(body));
        run(&folder, "check design.py").1
    };
    let never = "[PH0320]: `a` is 0 to 255, so that this comparison never holds\n";
    let always = "[PH0320]: `a` is 0 to 255, so that this comparison always holds\n";
    for (name, body, what) in [
        ("below", "if a < 0:\n    q.next = 1", never),
        ("not_below", "if a >= 0:\n    q.next = 1", always),
        ("equal", "if a == 256:\n    q.next = 1", never),
        ("named", "if LIMIT == a:\n    q.next = 1", never),
        ("unequal", "if c and a != -1:\n    q.next = 1", always),
        ("chained", "if 300 < a < 310:\n    q.next = 1", never),
        ("slice", "if a[4:] == 16:\n    q.next = 1", "[PH0320]: this value is 0 to 15, so that"),
        ("case", "match a:\n    case 1 | 256:\n        q.next = 1", "so that this case is never met\n"),
    ] {
        let text = told(name, body);
        let line = if name == "case" { " design.py:11:" } else { " design.py:10:" };
        assert_told(&text, &[what, line]);
        assert_told(&text, &["0 errors, 1 warning\n"]);
    }
    for (name, body) in [
        ("asserted", "assert a >= 0\nif a != b:\n    q.next = 1"),
        ("guarded", "if a < LIMIT:\n    q.next = 1"),
        ("computed", "if a < depth * 64:\n    q.next = 1"),
        ("dead", "if depth > 8 and a == 256:\n    q.next = 1"),
        ("readable", "if 0 <= a < 10:\n    q.next = 1"),
    ] {
        assert_told(&told(&format!("open_{name}"), body), &["0 errors, 0 warnings\n"]);
    }
}

#[test]
fn a_comparison_that_only_some_instances_or_calls_decide_is_not_told_of() {
    let text = "\
@block
def marks(clk, a, q):
    def is_high(x):
        return x > 255

    @always(clk.posedge)
    def mark():
        q.next = is_high(a) or a == 300

    return mark

@block
def top(clk: Clock, a: In[uint[8]], b: In[uint[WIDTH]], q: Out[bool], r: Out[bool]):
    return marks(clk, a, q), marks(clk, b, r)
";
    let folder = design("decided_some", &format!("WIDTH = 9\n\n{text}"));
    assert_told(&run(&folder, "check design.py --top top").1, &["0 errors, 0 warnings\n"]);
    let folder = design("decided_all", &format!("WIDTH = 7\n\n{text}"));
    let (_, text) = run(&folder, "check design.py --top top");
    assert_told(&text, &["[PH0320]: `x` is 0 to", "[PH0320]: `a` is 0 to", "0 errors, 2 warnings\n"]);
}

#[test]
fn a_bit_that_may_lie_beyond_the_width_is_told_where_it_is_read() {
    let told = |name: &str, body: &str| {
        let folder = design(&format!("bit_{name}"), &clocked(body));
        run(&folder, "check design.py").1
    };
    let text = told("beyond", "q.next = a[b[3:] + 1]");
    assert_told(
        &text,
        &["warning[PH0316]: `a` has 8 bits, and the index may be 8\n", "note: 0 is read there\n"],
    );
    assert_told(&told("within", "if b < 8:\n    q.next = a[b]"), &["0 errors, 0 warnings\n"]);
}

#[test]
fn what_a_process_cannot_do_is_told_by_its_name() {
    let around = "\
@block
def sub(a, q):
    @always_comb
    def follow():
        q.next = a

    return follow

";
    let told = |name: &str, body: &str| {
        let folder = design(&format!("named_{name}"), &(around.to_owned() + &clocked(body)));
        run(&folder, "check design.py --top top").1
    };
    for (name, body, parts) in [
        ("sorted", "q.next = sorted([a, b])[0]", &["[PH0201]: Python's `sorted` cannot be used"][..]),
        (
            "block",
            "x = sub(a, q)",
            &["[PH0201]: the block `sub` cannot be used", "help: a block is called in"],
        ),
        ("float", "q.next = a * 0.5", &["[PH0201]: the float `0.5` cannot be", "help: scale it"]),
        (
            "outer",
            "depth += 1\nq.next = depth",
            &[
                "[PH0202]: `depth` is read before",
                "note: a store into `depth` makes it a local",
                "1 warning\n",
            ],
        ),
        (
            "zip",
            "for x, y in zip((1, 2), (1,), strict=True):\n    pass",
            &["[PH0206]: `zip` is to be strict"],
        ),
        (
            "zipped",
            "for x, y in zip((1, 2), (3, 4), strict=True):\n    q.next = x + y",
            &["0 errors, 0 warn"],
        ),
        ("now", "print(now(5))", &["[PH0206]: `now` takes no argument\n"]),
        ("grouped", "print(f'{a:,}')", &["[PH0501]: the format `,`", "no form for digits in groups\n"]),
        ("signed", "print(f'{a - b:x}')", &["[PH0501]: the format `x`", "and this one may be negative\n"]),
        ("shift", "q.next = a << (b << 20)", &["[PH0303]: the result of `<<` needs more than 4,096 bits\n"]),
    ] {
        assert_told(&told(name, body), parts);
    }
}

#[test]
fn a_call_that_may_end_without_a_value_and_a_boolean_that_may_not_fit_are_told_with_what_they_are() {
    let text = "\
@block
def top(clk: Clock, a: In[uint[8]], q: Out[uint[8]], r: Out[bool]):
    def result(x):
        if x > 3:
            return 1

    @always(clk.posedge)
    def work():
        q.next = result(a)
        r.next = a

    return work
";
    let folder = design("nothing_returned", text);
    let (_, text) = run(&folder, "check design.py");
    assert_told(&text, &["[PH0313]: the boolean `r` holds 0 and 1, and 2 to 255 may be stored into it\n"]);
    assert_told(
        &text,
        &["[PH0318]: on some path this call ends without a value\n", "returned on other paths\n"],
    );
    let text = "\
from pyhw import *

@block
def design(a: In[uint[8]], q: Out[uint[8]]):
    @always_comb
    def work():
        if a > 3:
            result = 15
        q.next = result

    return work
";
    let folder = design("nothing_assigned", text);
    let (_, text) = run(&folder, "check design.py");
    assert_told(&text, &["[PH0318]: `result` may be read before anything is assigned to it\n"]);
}

#[test]
fn bits_of_a_plain_number_are_refused_with_what_has_bits() {
    let folder = design("plain_number", &clocked("total = a + b\nq.next = total[8:]\nq.next[4:] = a - b"));
    let (exit, text) = run(&folder, "emit --verilog design.py --top top -o out");
    let told = [
        "error[PH0201]: this is a plain number in Python, which has no bits to index",
        "q.next = total[8:]",
        "help: `intbv(…)` of it has bits: `intbv(a + b)[8:]`",
    ];
    assert_told(&text, &told);
    assert_eq!(exit, 3, "{text}");
    let folder =
        design("negative_slice", &clocked("total = intbv(a + b)\nq.next = total[8:]\nq.next[4:] = a - b"));
    let (exit, text) = run(&folder, "emit --verilog design.py --top top -o out");
    let told = [
        "warning[PH0313]: -255 to -1 or 16 to 255 may be stored into a slice of 4 bits of `q`",
        "help: take the bits that are meant: `intbv(…)[4:]`",
    ];
    assert_told(&text, &told);
    assert_eq!(exit, 0, "{text}");
}

#[test]
fn a_local_that_holds_a_result_without_a_bound_is_told_with_that_result_only() {
    let process = |body: &str| {
        let text = format!(
            "@block\ndef top(clk: Clock, a: In[uint[16]], c: In[bool], q: Out[bool]):\n    @always(clk.posedge)\n    def work():\n\
             {body}        q.next = m > 1000\n    return work\n"
        );
        run(&design("endless", &text), "check design.py").1
    };
    let said = process("        m = 1 << a\n");
    assert_told(
        &said,
        &["error[PH0303]: the result of `<<`", "^^^^^^ shifts by up to 65535", "1 error, 0 warnings"],
    );
    let said = process("        m = 0\n        if c:\n            m = 1 << a\n");
    assert_told(&said, &["error[PH0303]: the result of `<<`", "----- `m` holds it", "1 error, 0 warnings"]);
    // One that grows by itself is told of itself.
    let said = process("        m = 1\n        for i in range(a):\n            m = m * 3\n");
    assert_told(&said, &["warning[PH0314]: nothing bounds `m`", "0 errors, 1 warning"]);
}

#[test]
fn what_a_message_speaks_of_is_underlined_where_it_stands() {
    let told = |body: &str| {
        let text = format!(
            "@block\ndef top(clk: Clock, a: In[uint[4]], b: In[uint[4]], q: Out[uint[8]], r: Out[uint[8]]):\n    \
             quiet = Signal(uint[4])\n{body}    return work\n"
        );
        run(&design("underlined", &text), "check design.py").1
    };
    let process = "    @always_comb\n    def work():\n        r.next = quiet\n        q.next = 0\n";
    let said = told(&format!("{process}        q.next = concat(a, a + 1)\n"));
    assert_told(&said, &["PH0302]", "concat(a, a + 1)\n", "|                            ^^^^^\n"]);
    // The index is an expression that stands elsewhere as well.
    let said = told(&format!("{process}        r.next = a\n        q.next[a] = 1\n"));
    assert_told(&said, &["PH0316]", "q.next[a] = 1\n", "|                ^ `a` is 0 to 15\n"]);
    let said =
        told(&format!("{process}        r.next = b * (a + quiet)\n").replace("r.next = quiet", "r.next = 0"));
    assert_told(
        &said,
        &["PH0402]", "r.next = b * (a + quiet)\n", "|                           ----- used here\n"],
    );
    let said = told(
        "    @always(a, quiet)\n    def work():\n        q.next = a + b\n        r.next = b\n        if quiet:\n            \
         r.next = 1\n",
    );
    assert_told(
        &said,
        &["PH0405]: `work` reads `b` without being sensitive to it\n", "def work():\n", "|         ^^^^\n"],
    );
    assert_told(&said, &["q.next = a + b\n", "|                      - read here\n"]);
}

#[test]
fn a_value_in_the_place_of_a_signal_of_an_interface_is_told_where_it_is_simulated() {
    let text = "\
class Bus:
    def __init__(self):
        self.valid = Signal(bool)


@block
def bench():
    bus, other = Bus(), Bus()

    @instance
    def drive():
        yield delay(1)
        bus.valid = 1 > 0
        other.valid = Signal(bool)

    return drive
";
    let (exit, text) = run(&design("replaced", text), "sim design.py");
    let told = [
        "warning[PH0207]: `bus.valid` is a signal, and this puts a value in its place",
        "design.py:15:9",
        "help: `bus.valid.next = …` stores into the signal",
    ];
    assert_told(&text, &told);
    assert_eq!((exit, text.matches("PH0207").count()), (0, 1), "{text}");
}

#[test]
fn an_object_is_a_signal_of_a_struct_by_its_class_and_not_by_what_that_is_called() {
    let text = "\
class StructSignal:
    def __init__(self):
        self._struct = None
        self.x = Signal(bool(0))


def level(pins):
    return pins.x


@block
def top(d: In[bool], q: Out[bool]):
    pins = StructSignal()

    @always_comb
    def take():
        pins.x.next = d

    @always_comb
    def show():
        q.next = level(pins)

    return take, show
";
    let folder = design("called-as-a-struct", text);
    let (exit, said) = run(&folder, "check design.py");
    assert_told(&said, &["warning[PH0405]: `show` reads `pins_x` without being sensitive to it\n"]);
    assert_eq!(exit, 0);
}
