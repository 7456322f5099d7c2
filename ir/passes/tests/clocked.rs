//! Which processes become clocked, and which stay as they are.

mod support;

use pyhw_ir::print::print_pretty;
use support::{assert_valid, design};

/// A module with a process of this body.
fn text(body: &str) -> String {
    format!(
        "module m {{\nnet %clk: bool = false\nnet %rst: bool = false\nnet %d: u8 = 0\nnet %q: u8 = 0\nprocess p timed {{\nvar $n: u8\n{body}\n}}\n}}\ntop m\n"
    )
}

/// The process after the pass.
#[track_caller]
fn after(body: &str) -> String {
    let text = text(body);
    let mut design = design(&text);
    pyhw_passes::clocked(&mut design);
    assert_valid(&design, &text);
    let printed = print_pretty(&design);
    let start = printed.find("  process").unwrap_or_default();
    printed[start..].split("\n}").next().unwrap_or_default().to_owned()
}

#[test]
fn an_endless_loop_with_one_wait_for_edges_is_clocked() {
    insta::assert_snapshot!(after(
        "while 'turn true { wait rising %clk, falling %rst
$n = add(%d, 1) %q <= $n
if %rst { %q <= 0 } }"
    ));
}

#[test]
fn a_variable_that_every_branch_sets_may_be_read_behind_it() {
    let printed = after(
        "while 'turn true { wait rising %clk
if %rst { $n = 0 } else { $n = %d }
%q <= $n }",
    );
    assert!(printed.contains("clocked(rising %clk)"), "{printed}");
}

#[test]
fn what_keeps_something_or_waits_or_ends_stays_timed() {
    for body in [
        // What it keeps from turn to turn.
        "$n = 0 while 'turn true { wait rising %clk $n = %d %q <= $n }",
        "while 'turn true { wait rising %clk if %rst { $n = %d } %q <= $n }",
        // Other waits, and none.
        "while 'turn true { wait rising %clk %q <= %d wait rising %clk }",
        "while 'turn true { wait change %d %q <= 1 }",
        "while 'turn true { wait delay(5) %q <= %d }",
        "while 'turn true { %q <= %d wait rising %clk }",
        // An end.
        "while 'turn true { wait rising %clk if %rst { break 'turn } %q <= %d }",
        "while 'turn true { wait rising %clk if %rst { return } %q <= %d }",
        "while 'turn %rst { wait rising %clk %q <= %d }",
        "while 'turn true { wait rising %clk while 'inner %rst { %q <= %d } }",
    ] {
        let printed = after(body);
        assert!(printed.contains("process p timed"), "{body}\n{printed}");
    }
}

/// The module after the pass that makes registers.
#[track_caller]
fn with_registers(body: &str) -> String {
    let text = text(&format!("var $m: u8\nvar $k: u8\n{body}"));
    let mut design = design(&text);
    pyhw_passes::registers(&mut design);
    assert_valid(&design, &text);
    print_pretty(&design)
}

#[test]
fn what_a_loop_keeps_becomes_a_register() {
    insta::assert_snapshot!(with_registers(
        "$n = 3 $m = 7 $k = 9
while 'turn true { wait rising %clk
$k = %d
if %rst { $n = wrap[0, 255](add(add($n, $m), $k)) }
%q <= $n }"
    ));
}

#[test]
fn what_is_no_constant_or_waits_elsewhere_makes_no_register() {
    for body in [
        "$n = %d while 'turn true { wait rising %clk $n = wrap[0, 255](add($n, 1)) %q <= $n }",
        "$n = 1 %q <= 3 while 'turn true { wait rising %clk $n = wrap[0, 255](add($n, 1)) %q <= $n }",
        "$n = 1 while 'turn true { wait rising %clk %q <= $n wait rising %clk $n = %d }",
        "$n = 1 while 'turn true { wait rising %clk %q <= $n if %rst { $m = %d } $n = $m }",
    ] {
        let printed = with_registers(body);
        assert!(printed.contains("process p timed"), "{body}\n{printed}");
    }
}
