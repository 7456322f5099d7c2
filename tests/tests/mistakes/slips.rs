//! Slips that Python passes over, or tells of in words that do not help.

use super::{assert_told, design, run};

#[test]
fn an_attribute_that_is_not_there_is_told_with_what_is() {
    let text = "\
class Bus:
    def __init__(self):
        self.ready = Signal(bool)
        self.data = Signal(uint[8])


@block
def top(clk: Clock, i: In[uint[2]], words: In[Array[uint[8], 4]], lanes: Array[Bus, 4], q: Out[uint[8]], r: Out[bool]):
    @always(clk.posedge)
    def keep():
        q.next = words[i].request.data
        r.next = lanes[i].redy

    @always(clk.posedge)
    def other():
        r.next = lanes[i].request

    return keep, other
";
    let (_, text) = run(&design("attributes", text), "check design.py");
    let told = [
        "a signal has no attribute `request` in a process",
        "help: a signal of numbers has no parts with names",
        "`Bus` has no attribute `redy` that a process can use",
        "help: did you mean `ready`?",
        "`Bus` has no attribute `request` that a process can use",
        "help: it has `ready`, `data`",
    ];
    assert_told(&text, &told);
}

#[test]
fn a_type_in_the_place_of_a_signal_is_told_with_the_signal_of_it() {
    let text = "\
@block
def top(clk: Clock, q: Out[uint[8]]):
    a = uint[8]

    @always(clk.posedge)
    def keep():
        q.next = a

    return keep
";
    let (_, text) = run(&design("types", text), "check design.py");
    let told = [
        "the type `uint[8]` cannot be used in a process",
        "help: a signal of it is made in the block: `Signal(uint[8])`",
    ];
    assert_told(&text, &told);
}

#[test]
fn a_type_with_two_letters_swapped_is_recognised() {
    let text = "\
@block
def top(clk: Clock, a: In[unit[8]], q: Out[uint[8]]):
    @always(clk.posedge)
    def keep():
        q.next = a

    return keep
";
    let (_, text) = run(&design("swapped", text), "check design.py");
    assert_told(&text, &["NameError: name 'unit' is not defined", "help: did you mean `uint`?"]);
}

#[test]
fn what_is_stored_nowhere_is_told_before_a_simulation_begins() {
    let text = "\
@block
def bench():
    clk, q, r = [Signal(bool(0)) for _ in range(3)]

    @instance
    def drive():
        yield delay(10)
        clk.next = True
        q.next <= True

    @always(clk.posedge)
    def follow():
        print(now())
        r.next == q

    return drive, follow
";
    let folder = design("compares", text);
    let told = [
        "warning[PH0207]: `<=` compares, and stores nothing",
        "help: a signal is stored into with `=`: `s.next = …`",
        "warning[PH0207]: `==` compares, and stores nothing",
    ];
    for words in ["sim design.py", "check design.py --top bench"] {
        let (exit, text) = run(&folder, words);
        assert_told(&text, &told);
        assert_eq!(exit, 0, "{text}");
    }
    assert_eq!(run(&folder, "sim design.py --deny-warnings").0, 3);
}

#[test]
fn a_slip_in_next_is_told_in_simulation_as_in_emission() {
    let text = "\
@block
def bench():
    q = Signal(uint[8])

    @instance
    def drive():
        yield delay(10)
        q.nxt = 3

    return drive
";
    let folder = design("nxt", text);
    for words in
        ["sim design.py", "check design.py --top bench", "emit --verilog design.py --top bench -o out"]
    {
        let (_, text) = run(&folder, words);
        assert_told(&text, &["design.py:", "`s.next = …`"]);
        assert!(text.contains("nxt"), "{text}");
    }
}

#[test]
fn a_process_that_a_clock_wakes_at_both_edges_is_told_of_the_one() {
    let text = "\
@block
def top(clk: Clock, d: In[uint[8]], q: Out[uint[8]], r: Out[Mod[16]]):
    @always(clk)
    def keep():
        q.next = d

    @always(clk)
    def count():
        r.next = r + 1

    return keep, count
";
    let (_, text) = run(&design("edges", text), "check design.py");
    let help = "help: `@always(clk.posedge)` runs it at an edge; by `clk` alone it runs at both";
    let told = [
        "`keep` reads `d` without being sensitive to it",
        help,
        "`count` reads `r` without being sensitive to it",
    ];
    assert_told(&text, &told);
    assert_eq!(text.matches(help).count(), 2, "{text}");
}

#[test]
fn a_block_that_returns_something_else_has_its_own_name() {
    let text = "\
@block
def half(clk, q):
    return 5


@block
def bench():
    parts = half(Signal(bool(0)), Signal(bool(0)))
    return parts
";
    let (_, text) = run(&design("returned", text), "sim design.py");
    assert_told(&text, &["BlockError: half: A block should return block or instantiator objects"]);
}

#[test]
fn a_bus_that_is_asked_for_none_instead_of_its_value_is_told() {
    let text = "\
@block
def top(clk: Clock, z: InOut[bool], driven: Out[bool], idle: Out[bool], right: Out[bool], given: Out[bool], en: In[bool]):
    @always(clk.posedge)
    def look():
        driven.next = z is not None
        idle.next = z is None
        right.next = z.val is not None
        if en is not None:
            given.next = en

    return look
";
    let (_, text) = run(&design("none", text), "check design.py");
    let told = [
        "warning[PH0320]: `z` is a signal and never None: this is always True",
        "help: `z.val is None` asks whether nothing drives it",
        "warning[PH0320]: `z` is a signal and never None: this is always False",
    ];
    assert_told(&text, &told);
    assert_eq!(text.matches("PH0320").count(), 2, "{text}");
}

#[test]
fn fields_that_a_reset_spares_are_told_with_the_struct() {
    let text = "\
@struct
class Flags:
    zero: bool
    count: uint[4]


@block
def top(clk: Clock, rst: Reset, d: In[Flags], q: Out[Flags]):
    def put(to):
        to.next = d

    @always_seq(clk.posedge, reset=rst)
    def keep():
        put(q)

    return keep
";
    let (_, text) = run(&design("fields", text), "check design.py");
    let told = [
        "warning[PH0408]: `q_zero` and `q_count` are driven here",
        "help: name them in `keep`, or the struct as a whole (`s.next = …`), which restores all fields",
    ];
    assert_told(&text, &told);
}
