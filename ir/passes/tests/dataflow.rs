//! What straight-line processes look like, rule by rule, and which processes stay as they are.

#![allow(clippy::unwrap_used, reason = "only tests use it")]

mod support;

use pyhw_ir::print::print_pretty;
use pyhw_ir::{Design, ModuleId};
use pyhw_passes::dataflow::{Dataflow, Kept, Limits, Reason, dataflow};
use pyhw_passes::schedule;
use support::{assert_valid, design};

const AROUND: &str = "file 0 \"x.py\"
enum State: u2 { IDLE = 0 RUN = 1 STOP = 2 }
struct Pair { lo: u4 hi: u4 }
module m {
net %clk: bool = false
net %f: bool = false
net %g: bool = false
net %x: u4 = 0
net %i: u4 = 0
net %s: State = State.IDLE
net %ram: array[u8, 4] = [0 x 4]
net %big: array[u8, 1000] = [0 x 1000]
net %o: u4 = 0
net %w: u4 = 0 wraps
net %r: int[0, 9] = 0
net %p: Pair = {0, 0}
net %lanes: array[bool, 3] = [false x 3]
net %late: u4 = 0 delayed(3)
net %bus: u4 = 0
";

fn source(kind: &str, body: &str) -> String {
    format!(
        "{AROUND}process p {kind} {{\n{body}\n}}\nprocess other comb(%x) {{ if %g {{ %bus <= %x }} }}\n}}\ntop m\n"
    )
}

#[track_caller]
fn converted(kind: &str, body: &str, limits: Limits) -> (Design, Vec<Kept>) {
    let text = source(kind, body);
    let mut design = design(&text);
    let kept = dataflow(&mut design, limits);
    assert_valid(&design, &text);
    (design, kept)
}

/// The straight-line body, without the spaces before its lines.
#[track_caller]
fn straight(kind: &str, body: &str) -> String {
    let (design, kept) = converted(kind, body, Limits::default());
    assert_eq!(kept, []);
    let text = print_pretty(&design);
    let at = text.find("  process p").unwrap();
    let end = text[at..].find("\n  }\n").unwrap();
    text[at..at + end].lines().skip(1).map(|line| line.get(4..).unwrap_or("")).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn comb(cases: &[(&str, &str)]) {
    for (body, expected) in cases {
        assert_eq!(straight("comb(%x)", body), *expected, "{body}");
    }
}

#[track_caller]
fn clocked(cases: &[(&str, &str)]) {
    for (body, expected) in cases {
        assert_eq!(straight("clocked(rising %clk)", body), *expected, "{body}");
    }
}

/// Why the process is kept.
#[track_caller]
fn reason(kind: &str, body: &str) -> Reason {
    let (_, kept) = converted(kind, body, Limits { turns: 100, expressions: 1000 });
    let [Kept { reason, .. }] = kept[..] else { panic!("{kept:?}") };
    reason
}

#[test]
fn a_register_holds_where_nothing_is_stored() {
    clocked(&[
        ("if %f { %o <= %x }", "%o <= mux(%f, %x, %o)"),
        ("if %f { %o <= 1 } elif %g { %o <= %x } else { %o <= 3 }", "%o <= mux(%f, 1, mux(%g, %x, 3))"),
        ("%o <= %x if %f { %o <= 1 }", "%o <= mux(%f, 1, %x)"),
        ("if %f { %o <= 1 } if %f { %w <= 2 }", "%o <= mux(%f, 1, %o)\n%w <= mux(%f, 2, %w)"),
    ]);
}

#[test]
fn a_latch_is_one_store_under_its_condition() {
    comb(&[
        ("if %f { %o <= %x }", "if %f {\n  %o <= %x\n}"),
        ("if %f { if %g { %o <= %x } else { %o <= 1 } }", "if %f {\n  %o <= mux(%g, %x, 1)\n}"),
        ("if %f { %o <= 1 } else { %o <= 2 }", "%o <= mux(%f, 1, 2)"),
    ]);
}

#[test]
fn a_module_with_a_latch_can_be_ordered_as_before() {
    let (design, _) = converted("comb(%x, %f)", "if %f { %o <= %x }", Limits::default());
    assert!(schedule(&design.modules[0]).is_ok());
}

#[test]
fn a_switch_is_a_chain_of_choices() {
    clocked(&[(
        "switch %s { case State.IDLE { %o <= 1 } case State.RUN { %o <= 2 } case State.STOP { %o <= 3 } }",
        "%o <= mux(eq(%s, State.IDLE), 1, mux(eq(%s, State.RUN), 2, 3))",
    )]);
}

#[test]
fn locals_are_replaced_by_their_values() {
    comb(&[
        ("var $a: u5 $a = add(%x, 1) $a = sub($a, 1) %o <= $a", "%o <= sub(add(%x, 1), 1)"),
        ("var $a: u4 if %f { $a = %x } else { $a = 3 } %o <= $a", "%o <= mux(%f, %x, 3)"),
        ("var $a: u4 wraps $a = mul(%x, 3) %o <= $a", "%o <= wrap[0, 15](mul(%x, 3))"),
    ]);
}

#[test]
fn a_loop_is_written_out_turn_by_turn() {
    insta::assert_snapshot!(straight(
        "comb(%x)",
        "var $n: u4 var $k: u4 $n = 0
        for 'l $k in range(0, 4, 1) { if bit(%x, $k) { $n = add($n, 1) } }
        %r <= $n",
    ));
}

#[test]
fn a_loop_with_a_condition_ends_where_that_can_no_longer_hold() {
    insta::assert_snapshot!(straight(
        "comb(%x)",
        "var $a: u4 var $n: int[0, 9] $a = %x $n = 0
        while 'l ne($a, 0) { $a = shr($a, 1) $n = add($n, 1) }
        %r <= $n",
    ));
}

#[test]
fn a_state_machine_is_one_expression_for_each_register() {
    insta::assert_snapshot!(straight(
        "clocked(rising %clk)",
        "if %g { %s <= State.IDLE return }
        switch %s {
            case State.IDLE { if %f { %o <= %x %s <= State.RUN } }
            case State.RUN { %w <= add(%w, 1) if eq(%w, 15) { %s <= State.STOP } }
            case State.STOP { assert ne(%o, 3), format[\"{}\"](%o) %r <= sub(%o, 1) }
        }",
    ));
}

#[test]
fn a_block_that_is_left_early_becomes_conditions() {
    insta::assert_snapshot!(straight(
        "clocked(rising %clk)",
        "block 'b { if %f { if %g { %o <= 1 break 'b } %w <= 2 } %o <= %x if eq(%x, 3) { break 'b } %w <= 5 }
        %r <= 4",
    ));
}

#[test]
fn what_leaves_a_loop_early_is_a_condition() {
    comb(&[(
        "var $k: u4 %r <= 9 for 'l $k in range(0, 3, 1) { if bit(%x, $k) { %r <= $k break 'l } }",
        "%r <= mux(bit(%x, 0), 0, mux(bit(%x, 1), 1, mux(bit(%x, 2), 2, 9)))",
    )]);
}

#[test]
fn bits_elements_and_fields_that_are_all_stored_make_one_value() {
    comb(&[
        (
            "%o.slice[2](2) <= slice[0, 2](%x) %o.bit(1) <= %f %o.bit(0) <= %g",
            "%o <= concat[2, 1, 1](slice[0, 2](%x), to_int(%f), to_int(%g))",
        ),
        ("%lanes[2] <= %f %lanes[0] <= %g %lanes[1] <= false", "%lanes <= array(%g, false, %f)"),
        ("%p.hi <= %x %p.lo <= 3", "%p <= struct[Pair](3, %x)"),
    ]);
    clocked(&[("%o.bit(1) <= %f", "%o <= concat[2, 1, 1](slice[2, 2](%o), to_int(%f), slice[0, 1](%o))")]);
}

#[test]
fn an_element_at_a_computed_index_is_a_port() {
    clocked(&[
        ("if %f { %ram[slice[0, 2](%i)] <= %x }", "if %f {\n  %ram[slice[0, 2](%i)] <= %x\n}"),
        (
            "if %f { %ram[slice[0, 2](%i)] <= %x } else { %ram[slice[2, 2](%i)] <= 0 }",
            "%ram[mux(%f, slice[0, 2](%i), slice[2, 2](%i))] <= mux(%f, %x, 0)",
        ),
        ("%big[3] <= %x", "%big[3] <= %x"),
    ]);
}

#[test]
fn what_has_other_drivers_or_takes_its_value_later_is_stored_into_under_a_condition() {
    clocked(&[
        ("if %f { %late <= %x }", "if %f {\n  %late <= %x\n}"),
        ("if %f { %bus <= %x }", "if %f {\n  %bus <= %x\n}"),
        ("%bus <= 1 if %f { %bus <= %x }", "%bus <= 1\nif %f {\n  %bus <= %x\n}"),
    ]);
}

#[test]
fn what_may_fault_is_looked_at_first_and_on_its_path_only() {
    clocked(&[
        ("%r <= %x", "var $r: int[0, 9]\n$r = %x\n%r <= refine[0, 9](%x)"),
        ("if %f { %r <= %x } %r <= 1", "var $r: int[0, 9]\nif %f {\n  $r = %x\n}\n%r <= 1"),
        (
            "if %f { %w <= index(%ram, %i) }",
            "var $w: u4 wraps\nif %f {\n  $w = index(%ram, %i)\n}\n%w <= mux(%f, wrap[0, 15](index(%ram, %i)), %w)",
        ),
        ("assert lt(%x, 3) %o <= %x", "assert lt(%x, 3)\n%o <= %x"),
        ("if %f { raise ValueError } %o <= %x", "if %f {\n  raise ValueError\n}\n%o <= %x"),
    ]);
}

#[test]
fn a_variable_that_may_be_unset_is_read_where_it_was() {
    clocked(&[(
        "var $a: u4 if %f { $a = %x } if %g { %o <= $a }",
        "var $a: u4
var $o: u4
if and_then(%g, %f) {
  $a = %x
}
if %g {
  $o = $a
}
%o <= mux(%g, %x, %o)",
    )]);
}

#[test]
fn a_net_that_no_path_stores_into_stays_the_process_s() {
    clocked(&[("if false { %o <= 1 }", "if false {\n  %o <= %o\n}")]);
}

#[test]
fn what_is_straight_line_keeps_its_comments() {
    let text = source("comb(%x)", "; the sum\n%o <= slice[0, 4](add(%x, 1))");
    let mut design = design(&text);
    let before = design.clone();
    dataflow(&mut design, Limits::default());
    assert_eq!(design.modules[0].processes[0], before.modules[0].processes[0]);
}

#[test]
fn what_cannot_be_said_is_kept_and_told() {
    assert_eq!(reason("timed", "%o <= %x"), Reason::Timed);
    assert_eq!(reason("comb(%x)", "print format[\"x\\n\"]()"), Reason::Print);
    assert_eq!(reason("comb(%x)", "while 'l %f { %o <= %x }"), Reason::Loop);
    let sums = "var $a: int[-inf, inf] var $k: u8 $a = %x for 'l $k in range(0, 99, 1) { $a = add(mul($a, %x), mul(xor($a, 5), add($k, %i))) } %w <= $a";
    assert_eq!(reason("comb(%x)", sums), Reason::Size);
    assert_eq!(reason("comb(%x)", "%bus.slice[2](%i) <= 1"), Reason::Part);
}

#[test]
fn plain_data_tells_wires_registers_memories_and_checks() {
    let body = "if %f { %o <= %x %ram[%i] <= %x } %r <= 3";
    let (design, kept) = converted("clocked(rising %clk) reset(%g, high, async)", body, Limits::default());
    let flow = Dataflow::of(&design, ModuleId::new(0), &kept);
    let name = |net: pyhw_ir::NetId| design.modules[0].net(net).name.as_str();
    assert_eq!(flow.registers.iter().map(|register| name(register.net)).collect::<Vec<_>>(), ["o", "r"]);
    assert_eq!(flow.memories.iter().map(|memory| name(memory.net)).collect::<Vec<_>>(), ["ram"]);
    assert_eq!(
        flow.wires.iter().map(|wire| (name(wire.net), wire.guard.is_some())).collect::<Vec<_>>(),
        [("bus", true)]
    );
    assert!(
        flow.registers.iter().all(|register| register.reset.as_ref().is_some_and(|reset| reset.is_async))
    );
    assert_eq!(flow.memories[0].ports.len(), 1);
    assert_eq!(flow.checks.len(), 1);
    assert!(flow.kept.is_empty());
}
