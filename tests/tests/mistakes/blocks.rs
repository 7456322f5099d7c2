//! What blocks are given, make and return.

use super::{REGISTER, assert_told, design, run};
use std::fs;

#[test]
fn a_signal_that_is_not_what_the_port_says_is_told_at_the_call_and_at_the_annotation() {
    let top = "\
@block
def top(clk: Clock, q: Out[uint[8]]):
    wide = Signal(intbv(0)[16:])

    @always(clk.posedge)
    def count():
        wide.next = (wide + 1) % 65536

    return count, register(clk, wide, q)
";
    let folder = design("wide", &(REGISTER.to_owned() + top));
    let parts = [
        "[PH0319]: `d` of `register` takes uint[8], and `wide` is uint[16]\n",
        " --> design.py:19:",
        "----------- `d` takes uint[8]",
        "---- `wide` is uint[16]",
    ];
    let (exit, text) = run(&folder, "check design.py --top top");
    assert_told(&text, &parts);
    assert_eq!(exit, 0);
    // The text is what is simulated.
    let (exit, text) = run(&folder, "emit --verilog design.py --top top -o out");
    assert_told(&text, &parts);
    assert_eq!(exit, 0);
    let (exit, text) = run(&folder, "sim design.py --top top --until 10");
    assert_told(&text, &["note[PH0319]"]);
    assert_eq!(exit, 0);
}

#[test]
fn a_conversion_call_is_held_to_the_annotations_as_well() {
    let script = "\
clk, d, q = Signal(bool(0)), Signal(bool(0)), Signal(uint[8])
register(clk, d, q).convert(hdl='VHDL')
";
    let folder = design("conversion", &(REGISTER.to_owned() + script));
    let (_, text) = run(&folder, "check design.py");
    assert_told(&text, &["PH0319]: `d` of `register` takes uint[8], and `d` is bool\n", "design.py:12:"]);
}

#[test]
fn ports_of_every_kind_are_compared() {
    let told = |name: &str, annotation: &str, given: &str| {
        let text = format!(
            "S = enum('A', 'B')\nT = enum('C', 'D')\n\n@block\ndef sub(p: {annotation}):\n    x = Signal(bool(0))\n\n    \
             @always_comb\n    def keep():\n        x.next = 1\n\n    return keep\n\n@block\ndef top():\n    \
             return sub({given})\n"
        );
        let (_, text) = run(&design(&format!("kinds-{name}"), &text), "check design.py --top top");
        text.lines().filter(|line| line.contains("PH0319")).map(str::to_owned).collect::<Vec<_>>()
    };
    let wrong = [
        ("clock", "Clock", "Signal(uint[4])", "takes a clock, which is bool, and `p` is uint[4]"),
        ("constant", "In[uint[4]]", "16", "takes uint[4], and 16 is given"),
        ("driven", "Out[uint[4]]", "3", "drives a signal, and 3 is given"),
        ("list", "In[Array[uint[4], 2]]", "[Signal(uint[4])]", "takes a list of 2, and a list of 1 is given"),
        ("element", "In[Array[bool, 1]]", "[Signal(uint[4])]", "takes bool, and `p_0` is uint[4]"),
        ("enum", "In[S]", "Signal(T.C)", "takes enum('A','B'), and `p` is enum('C','D')"),
        ("init", "Out[bool, 1]", "Signal(bool(0))", "starts with 1, and `p` starts with 0"),
        ("wraps", "Out[Mod[16]]", "Signal(uint[4])", "takes Mod[16], and `p` is uint[4]"),
        ("values", "In[Int[0, 10]]", "Signal(uint[4])", "takes Int[0, 10], and `p` is uint[4]"),
        (
            "reset",
            "Reset[0, True]",
            "ResetSignal(0, active=1, isasync=True)",
            "takes a reset, and `p` is active high and asynchronous: the port says active low and asynchronous",
        ),
    ];
    for (name, annotation, given, expected) in wrong {
        let found = told(name, annotation, given);
        assert_eq!(found, [format!("warning[PH0319]: `p` of `sub` {expected}")], "{name}");
    }
    let right = [
        ("narrower", "In[uint[4]]", "Signal(intbv(0, min=0, max=10))"),
        ("wrapping", "In[uint[4]]", "Signal(modbv(0)[4:])"),
        ("value", "In[uint[4]]", "15"),
        ("nothing", "Reset", "None"),
        ("any-reset", "Reset", "ResetSignal(1, active=0, isasync=True)"),
        ("open", "Out[uint[4]]", "OpenPort()"),
        ("elements", "In[Array[uint[4], 2]]", "[Signal(uint[4]), Signal(uint[4])]"),
        ("same-enum", "In[S]", "Signal(S.A)"),
    ];
    for (name, annotation, given) in right {
        assert_eq!(told(name, annotation, given), [""; 0], "{name}");
    }
}

#[test]
fn a_block_that_asks_for_the_type_of_a_port_takes_any() {
    let text = "\
@block
def register(clk: Clock, d: In[uint[8]], q: Out[uint[8]]):
    kept = Signal(intbv(0)[len(d):])

    @always(clk.posedge)
    def keep():
        kept.next = d

    @always_comb
    def show():
        q.next = kept

    return keep, show


@block
def top(clk: Clock, d: In[uint[16]], q: Out[uint[16]]):
    return register(clk, d, q)
";
    let (_, text) = run(&design("generic", text), "check design.py --top top");
    assert_eq!(text, "0 errors, 0 warnings\n");
}

#[test]
fn the_default_of_an_output_is_told() {
    let text = "\
@block
def top(d: In[bool] = True, q: Out[bool] = True):
    @always_comb
    def follow():
        q.next = d

    return follow
";
    let (exit, text) = run(&design("default", text), "emit --verilog design.py --top top -o out");
    assert_told(&text, &["warning[PH0319]: the default of the output `q`", "design.py:4:44", "Out[bool, 1]"]);
    assert_eq!((exit, text.matches("PH0319").count()), (0, 1));
}

#[test]
fn what_is_made_and_not_returned_is_told() {
    let top = "\
@block
def top(clk: Clock, d: In[uint[8]], q: Out[uint[8]]):
    spare = [Signal(uint[8]) for _ in range(3)]
    rows = [register(clk, d, s) for s in spare]
    mine = register(clk, d, q)

    @always(clk.posedge)
    def watch():
        assert d != 1

    @always(clk.posedge)
    def watch():
        assert d != 2

    @always_comb
    def unwanted():
        spare[0].next = 1

    return mine, watch
";
    let folder = design("lost", &(REGISTER.to_owned() + top));
    let (exit, text) = run(&folder, "check design.py --top top");
    assert_told(
        &text,
        &[
            "warning[PH0407]: 3 instances of `register` that `top` makes are not returned",
            "design.py:14:",
            "warning[PH0407]: the process `watch` that `top` makes is not returned",
            "design.py:17:",
            "this `watch` is returned in its place",
            "warning[PH0407]: the process `unwanted` that `top` makes is not returned",
            "return it with the others",
        ],
    );
    assert_eq!((exit, text.matches("PH0407").count()), (0, 3));
    let (exit, text) = run(&folder, "sim design.py --top top --until 5");
    assert_eq!((exit, text.matches("note[PH0407]").count()), (0, 3));
}

#[test]
fn parts_that_reach_the_design_by_another_way_are_not_lost() {
    let text = "\
def helper(clk, q):
    return [register(clk, q) for _ in range(1)]


@block
def register(clk, q):
    @always(clk.posedge)
    def keep():
        q.next = not q

    return keep


@block
def both(*parts):
    return parts


@block
def bench(extra=False):
    clk, p, q, r = [Signal(bool(0)) for _ in range(4)]
    parts = []
    first = register(clk, p)
    parts.append(first)
    nested = [[register(clk, q)], ()]

    @always(delay(1))
    def tick():
        clk.next = not clk

    if extra:

        @always_comb
        def more():
            r.next = p

        parts.append(more)
    alone = register(clk, r)
    alone.convert(hdl='Verilog')
    return parts, both(nested[0][0]), instances()[:0], tick
";
    let (_, text) = run(&design("found", text), "check design.py --top bench");
    assert!(!text.contains("PH0407"), "{text}");
}

#[test]
fn a_call_that_does_not_fit_is_told_at_the_call() {
    let told = |name: &str, arguments: &str| {
        let top = format!(
            "@block\ndef top(clk: Clock, d: In[uint[8]], q: Out[uint[8]]):\n    return register({arguments})\n"
        );
        let (exit, text) =
            run(&design(&format!("call-{name}"), &(REGISTER.to_owned() + &top)), "check design.py --top top");
        assert_eq!(exit, 3, "{text}");
        assert_told(&text, &["error[PH0103]", "design.py:13:"]);
        text
    };
    assert_told(
        &told("clock", "3, d, q"),
        &[
            "'int' object has no attribute 'posedge'",
            "a signal is expected",
            "used here",
            "3 is given to `clk`",
        ],
    );
    assert_told(&told("missing", "clk, d"), &["missing 1 required positional argument: 'q'", "- `q`"]);
    assert_told(
        &told("many", "clk, d, q, 4"),
        &["takes 3 positional arguments but 4 were given", "`register` begins here"],
    );
    assert_told(
        &told("keyword", "clk, d, q=q, dd=d"),
        &["unexpected keyword argument 'dd'", "did you mean `d`?"],
    );
}

#[test]
fn a_name_that_is_not_found_while_elaborating_is_told_with_a_near_one() {
    let told = |name: &str, text: &str, near: &str| {
        let folder = design(&format!("near-{name}"), "");
        fs::write(folder.join("design.py"), text).expect("the design can be written");
        let (exit, text) = run(&folder, "check design.py");
        assert_eq!(exit, 3, "{text}");
        assert_told(&text, &["error[PH0103]", near]);
    };
    let top = |decorator: &str| {
        format!(
            "@block\ndef top(clk: Clock, q: Out[bool]):\n    @{decorator}\n    def p():\n        q.next = 1\n    return p\n"
        )
    };
    let all = |decorator: &str| format!("from pyhw import *\n{}", top(decorator));
    told("edge", &all("always(clk.posdge)"), "did you mean `posedge`?");
    told("decorator", &all("always_sec(clk.posedge)"), "did you mean `always_seq`?");
    told("import", "from myhdl import Singal\n", "did you mean `Signal`?");
    told("module", "from myhld import *\n", "did you mean `myhdl`?");
    told("keyword", "from myhdl import *\nimport math\nprint(math.foor(2))\n", "did you mean `floor`?");
    let bare = format!("from pyhw import block, Clock, Out\n{}", top("always(clk.posedge)"));
    told("library", &bare, "`always` is of the library: `from pyhw import always`");
}

#[test]
fn an_error_in_a_block_itself_is_no_fault_of_its_call() {
    let top = "@block\ndef top(clk: Clock):\n    x = 1 + 'a'\n    return ()\n";
    let (exit, text) = run(&design("own", top), "check design.py --top top");
    assert_told(&text, &["error[PH0103]: TypeError: unsupported operand", "design.py:5:"]);
    assert_eq!(exit, 3);
}

#[test]
fn what_a_port_or_a_reset_is_given_instead_is_told_with_what_is_meant() {
    let told = |name: &str, ports: &str, decorator: &str| {
        let text = format!(
            "class Bus:\n    pass\n\n@block\ndef top(clk: Clock, rst: In[bool], {ports}):\n    @{decorator}\n    \
             def work():\n        q.next = 1\n\n    return work\n"
        );
        run(&design(&format!("instead_{name}"), &text), "check design.py").1
    };
    let seq = "always_seq(clk.posedge, reset=None)";
    for (name, ports, decorator, parts) in [
        ("uint", "q: Out[uint]", seq, &["uint alone says no range: Out[uint[8]]\n"][..]),
        ("bus", "q: Out[Bus]", seq, &["Bus is a class: an interface has no direction as a whole"]),
        (
            "plain",
            "q: Out[bool]",
            "always_seq(clk.posedge, reset=rst)",
            &["help: a `ResetSignal` says at which"],
        ),
        (
            "none",
            "q: Out[bool]",
            "always_seq(clk.posedge)",
            &["help: a process without a reset has `reset=None`"],
        ),
    ] {
        let text = told(name, ports, decorator);
        assert_told(&text, &["error[PH0103]"]);
        assert_told(&text, parts);
    }
}

#[test]
fn blocks_of_which_none_is_named_are_told_with_their_places() {
    let text = "@block\ndef one(clk: Clock):\n    pass\n\n@block\ndef two(clk: Clock):\n    pass\n";
    let folder = design("none_named", text);
    let (_, text) = run(&folder, "emit --verilog design.py -o out");
    assert_told(
        &text,
        &["error[PH0104]: `design.py` converts nothing", "--> design.py:4:5\n", "8 | def two(clk: Clock):\n"],
    );
    let (_, text) = run(&folder, "emit --verilog design.py --top twoo -o out");
    assert_told(
        &text,
        &["error[PH0104]: there is no block `twoo`", "--> design.py:8:5\n", "a block `two`\n"],
    );
}

#[test]
fn slips_with_edges_processes_and_decorators_have_advice() {
    let slips = [
        ("    @always(clk.posedge())\n    def p():\n        pass\n    return p\n", "an edge is not called"),
        ("    @always(clk.posedge)\n    def p():\n        pass\n    return p()\n", "a process is not called"),
        (
            "    @always_comb()\n    def p():\n        pass\n    return p\n",
            "`@always_comb` takes no brackets",
        ),
        ("    @instance()\n    def p():\n        yield clk\n    return p\n", "`@instance` takes no brackets"),
        (
            "    @always_seq(clk, reset=None)\n    def p():\n        pass\n    return p\n",
            "a signal has two edges, and one of them is meant: `clk.posedge` or `clk.negedge`",
        ),
        (
            "    @always_seq(Signal(bool(0)), reset=None)\n    def p():\n        pass\n    return p\n",
            "a signal has two edges, and one of them is meant: its `posedge` or its `negedge`",
        ),
        ("    rst = ResetSignal(0)\n", "a reset signal has a value, a level at which it resets"),
        ("    rst = ResetSignal(0, active=1, sync=True)\n", "a reset signal has a value, a level at"),
        ("    rst = Reset(active=0)\n", "the annotation of a port is `Reset`, or `Reset[0, True]`"),
        ("    q: In(bool) = 0\n    return In(bool)\n", "a direction takes its type in brackets: `In[bool]`"),
        ("    return Clock()\n", "this annotates a port, as in `clk: Clock`"),
        ("    return top(clk)\n", "`top` calls itself: what it is given has to end that at some depth"),
    ];
    for (at, (body, advice)) in slips.into_iter().enumerate() {
        let folder = design(&format!("slip-{at}"), &format!("@block\ndef top(clk: Clock):\n{body}"));
        let (exit, said) = run(&folder, "check design.py");
        assert_told(&said, &["error[PH0103]", &format!("help: {advice}")]);
        assert_eq!(exit, 3, "{said}");
    }
}

#[test]
fn a_function_that_nobody_made_a_block_is_told_to_need_the_decorator() {
    let function = "\
def pulse():
    q = Signal(bool(0))

    @always(delay(5))
    def go():
        q.next = not q

    return go

";
    let advice = "help: write `@block` above `def pulse`\n";
    let place = "--> design.py:3:5\n";
    let folder = design("no-block", function);
    for (words, exit, first) in [
        ("check design.py --top pulse", 3, "error[PH0104]: `pulse` is not a block\n"),
        ("check design.py", 3, "error[PH0104]: `design.py` has no block\n"),
        ("emit --verilog design.py -o out", 3, "error[PH0104]: `design.py` has no block\n"),
        ("sim design.py", 0, "note[PH0104]: `design.py` starts no simulation, and has no block\n"),
    ] {
        let (code, said) = run(&folder, words);
        assert_told(&said, &[first, place, advice]);
        assert_eq!(code, exit, "{said}");
    }
    for (at, call) in ["pulse().run_sim(20)", "[pulse()].convert()"].into_iter().enumerate() {
        let folder = design(&format!("no-block-{at}"), &format!("{function}{call}\n"));
        let (exit, said) = run(&folder, "sim design.py");
        assert_told(&said, &["error[PH0103]: AttributeError", advice]);
        assert_eq!(exit, 3, "{said}");
    }
    // What a comment speaks of is not imported; sources of older MyHDL versions are, and need no blocks.
    let folder = design("no-block-of-myhdl", &format!("# Was written for myhdl once.\n{function}"));
    assert_told(
        &run(&folder, "sim design.py").1,
        &["note[PH0104]: `design.py` starts no simulation", advice],
    );
    fs::write(folder.join("old.py"), format!("from myhdl import *\n\n\n{function}")).unwrap();
    assert_eq!(run(&folder, "sim old.py"), (0, String::new()));
    // A function that makes no processes is none that was forgotten.
    let folder = design("no-block-at-all", "def double(x):\n    return 2 * x\n");
    let (_, said) = run(&folder, "check design.py --top double");
    assert_told(
        &said,
        &["error[PH0104]: `double` in `design.py` is not a block\n", "there is no block in it"],
    );
    assert_eq!(run(&folder, "sim design.py"), (0, String::new()));
}

#[test]
fn a_dict_that_python_looks_up_needs_a_plain_key() {
    let text = "@block\ndef bench():\n    s = Signal(uint[2])\n    @instance\n    def go():\n        yield delay(1)\n        \
                print({0: 1}[s])\n    return go\n\n\nbench().run_sim()\n";
    let folder = design("signal-as-key", text);
    let (exit, said) = run(&folder, "sim --in-python design.py");
    assert_told(&said, &["error[PH0603]: TypeError: Signals are unhashable", "`table[int(s)]`"]);
    assert_eq!(exit, 1);
    assert_eq!(run(&folder, "sim design.py").0, 0);
}
