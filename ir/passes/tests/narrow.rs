//! What narrowing learns, rule by rule, and what it says.

#![allow(clippy::unwrap_used, reason = "only tests use it")]

mod support;

use pyhw_diagnostics::Diagnostic;
use pyhw_ir::print::print_pretty;
use pyhw_ir::{Design, Int, ProcessBody, Type};
use pyhw_passes::{NarrowOptions, narrow};
use support::{assert_valid, design, shown};

const AROUND: &str = "file 0 \"x.py\"
enum State: u2 { IDLE = 0 RUN = 1 STOP = 2 }
module m {
net %clk: bool = false
net %f: bool = false
net %g: bool = false
net %x: u4 = 0 @0:3:4-20
net %y: int[-5, 9] = 0
net %s: State = State.IDLE
net %ram: array[u8, 4] = [0 x 4] @0:5:4-20
net %o: u3 = 0 @0:4:4-20
net %w: u3 = 0 wraps
net %z: int[-inf, inf] = 0
net %line: bool = z tristate
net %bus: u4 = z tristate
";

fn source(kind: &str, body: &str) -> String {
    format!("{AROUND}process p {kind} {{\n{body}\n}}\n}}\ntop m\n")
}

#[track_caller]
fn run(kind: &str, body: &str, options: NarrowOptions) -> (Design, Vec<Diagnostic>) {
    let text = source(kind, body);
    let mut design = design(&text);
    let findings = narrow(&mut design, options);
    assert_valid(&design, &text);
    (design, findings)
}

/// The type that `$v` gets, declared as any integer.
#[track_caller]
fn type_of_v(body: &str) -> String {
    let vars = "var $v: int[-inf, inf]\nvar $a: int[-inf, inf]\nvar $b: int[-inf, inf]\nvar $t: bool\n";
    let (design, _) = run("timed", &format!("{vars}{body}"), NarrowOptions::default());
    let ProcessBody::Ir(body) = &design.modules[0].processes[0].body else { panic!("a body") };
    let v = body.vars.iter().find(|var| var.name == "v").unwrap();
    let Type::Int(range) = &v.ty else { panic!("an integer") };
    let end = |end: &Option<Int>, infinite: &str| end.as_ref().map_or(infinite.to_owned(), Int::to_string);
    format!("int[{}, {}]", end(&range.min, "-inf"), end(&range.max, "inf"))
}

#[track_caller]
fn types(cases: &[(&str, &str)]) {
    for (body, expected) in cases {
        assert_eq!(type_of_v(body), *expected, "{body}");
    }
}

/// The body after narrowing.
#[track_caller]
fn rebuilt(kind: &str, body: &str) -> String {
    let (design, _) = run(kind, body, NarrowOptions::default());
    let text = print_pretty(&design);
    let at = text.find("  process p").unwrap();
    let end = text[at..].find("\n  }\n").unwrap();
    text[at..at + end + 4].lines().map(|line| line.get(2..).unwrap_or("")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_condition_on_a_choice_tells_of_what_is_chosen_from() {
    let absolute = "mux(lt(%y, 0), neg(%y), %y)";
    types(&[
        (&format!("if lt({absolute}, 4) {{ $v = %y }} else {{ $v = 0 }}"), "int[-3, 3]"),
        (&format!("if ge({absolute}, 8) {{ $v = %y }} else {{ $v = 8 }}"), "int[8, 9]"),
        ("if lt(mux(%f, %x, %y), 4) { $v = %y } else { $v = 0 }", "int[-5, 9]"),
        ("if lt(mux(%f, %x, add(%x, 2)), 4) { $v = %x } else { $v = 0 }", "int[0, 3]"),
        // A wire that nothing drives is in neither case.
        ("if eq(mux(%f, %bus, 3), 3) { $v = %x } else { $v = 0 }", "int[0, 15]"),
    ]);
}

#[test]
fn a_local_gets_the_interval_of_all_that_is_stored() {
    types(&[
        ("$v = %x", "int[0, 15]"),
        ("$v = 3 $v = %y", "int[-5, 9]"),
        ("$v = add(%x, %y)", "int[-5, 24]"),
        ("if %f { $v = 1 } else { $v = 200 }", "int[1, 200]"),
    ]);
}

#[test]
fn comparisons_tell_about_both_sides() {
    types(&[
        ("if lt(%x, 5) { $v = %x }", "int[0, 4]"),
        ("if not(lt(%x, 5)) { $v = %x }", "int[5, 15]"),
        ("if le(%x, %y) { $v = %x }", "int[0, 9]"),
        ("if gt(%y, %x) { $v = %y }", "int[1, 9]"),
        ("if ge(3, %x) { $v = %x }", "int[0, 3]"),
        ("if eq(%x, %y) { $v = %y }", "int[0, 9]"),
        ("if ne(%x, 0) { $v = %x }", "int[1, 15]"),
        ("if ne(%x, 7) { $v = %x }", "int[0, 15]"),
        ("$a = %x if lt($a, 5) { $v = $a }", "int[0, 4]"),
    ]);
}

#[test]
fn conditions_within_conditions_are_told_apart() {
    types(&[
        ("if and_then(gt(%x, 2), lt(%x, 9)) { $v = %x }", "int[3, 8]"),
        ("if and(gt(%x, 2), lt(%x, 9)) { $v = %x }", "int[3, 8]"),
        ("if or_else(lt(%x, 3), lt(%x, 6)) { $v = %x }", "int[0, 5]"),
        ("if or_else(lt(%x, 3), lt(%x, 6)) { } else { $v = %x }", "int[6, 15]"),
        ("if and_then(gt(%x, 2), lt(%x, 9)) { } else { $v = %x }", "int[0, 15]"),
        ("if not(and_then(%f, gt(%x, 2))) { if %f { $v = %x } }", "int[0, 15]"),
        ("if %f { } else { if %f { $v = 100 } else { $v = 1 } }", "int[1, 1]"),
        ("$t = lt(%x, 3) if %f { $t = false } if $t { $v = 1 }", "int[1, 1]"),
    ]);
}

#[test]
fn what_is_known_of_a_sum_is_known_of_its_terms() {
    types(&[
        ("if lt(add(%x, 3), 8) { $v = %x }", "int[0, 4]"),
        ("if ge(sub(%x, 3), 0) { $v = %x }", "int[3, 15]"),
        ("if lt(sub(10, %x), 3) { $v = %x }", "int[8, 15]"),
        ("if gt(neg(%y), 2) { $v = %y }", "int[-5, -3]"),
        ("if eq(to_int(lt(%x, 4)), 1) { $v = %x }", "int[0, 3]"),
        ("if to_bool(to_int(lt(%x, 4))) { $v = %x }", "int[0, 3]"),
        ("if eq(lt(%x, 4), true) { $v = %x }", "int[0, 3]"),
        ("if lt(add(%x, %y), -3) { $v = %y }", "int[-5, -4]"),
    ]);
}

#[test]
fn excluded_values_add_up() {
    types(&[
        ("if ne(%x, 1) { if ne(%x, 0) { if ne(%x, 15) { $v = %x } } }", "int[2, 14]"),
        (
            "$v = 0 if eq(%s, State.RUN) { } elif eq(%s, State.IDLE) { } elif eq(%s, State.STOP) { } else { $v = 9 }",
            "int[0, 0]",
        ),
    ]);
}

#[test]
fn an_assertion_holds_from_there_on() {
    types(&[
        ("assert lt(%x, 5) $v = %x", "int[0, 4]"),
        ("$v = %x assert lt(%x, 5)", "int[0, 15]"),
        ("if %f { raise ValueError } $v = 1 if %f { $v = 100 }", "int[1, 1]"),
    ]);
}

#[test]
fn a_fact_ends_where_the_variable_changes_or_time_passes() {
    types(&[
        ("$a = %x if lt($a, 5) { $a = add($a, 20) $v = $a }", "int[20, 24]"),
        ("$a = %x if lt(add($a, %y), 2) { $a = 15 $v = add($a, %y) }", "int[10, 16]"),
        ("if lt(%x, 5) { wait delay(1) $v = %x }", "int[0, 15]"),
        ("$a = %x if lt($a, 5) { wait delay(1) $v = $a }", "int[0, 4]"),
        ("if lt(now(), 5) { $v = now() }", "int[0, 4]"),
        ("$v = 0 if lt(now(), 5) { wait delay(9) $v = now() }", "int[0, inf]"),
    ]);
}

#[test]
fn an_arm_has_the_subject_s_value() {
    types(&[
        ("switch %x { case 2, 4 { $v = %x } default { } }", "int[2, 4]"),
        ("switch %x { case 0 { } case 15 { } default { $v = %x } }", "int[1, 14]"),
        (
            "$v = 0 switch %s { case State.IDLE { } default { if eq(%s, State.IDLE) { $v = 9 } } }",
            "int[0, 0]",
        ),
        ("switch add(%x, 1) { case 3 { $v = %x } default { } }", "int[2, 2]"),
    ]);
}

#[test]
fn each_operand_of_a_choice_is_seen_under_its_condition() {
    types(&[
        ("$v = mux(gt(%x, 3), sub(%x, 4), 0)", "int[0, 11]"),
        ("$v = mux(lt(%y, 0), neg(%y), %y)", "int[0, 9]"),
        ("$v = mux(eq(%x, 0), 7, mux(eq(%x, 1), 7, sub(%x, 2)))", "int[0, 13]"),
        ("$a = mux(lt(%y, 0), neg(%y), %y) $v = mux(gt($a, 5), 5, $a)", "int[0, 5]"),
        ("$v = to_int(and_then(gt(%x, 3), lt(%x, 2)))", "int[0, 0]"),
        ("$v = mux(mux(%f, true, true), 3, 300)", "int[3, 3]"),
    ]);
}

#[test]
fn operators_on_known_bits_are_known() {
    types(&[
        ("if lt(%x, 4) { $v = slice[0, 3](%x) }", "int[0, 3]"),
        ("if lt(%x, 4) { $v = to_int(bit(%x, 2)) }", "int[0, 0]"),
        ("$v = signed[6](%x)", "int[0, 15]"),
        ("$v = wrap[-8, 7](%x)", "int[-8, 7]"),
        ("if lt(%x, 4) { $v = wrap[-8, 7](%x) }", "int[0, 3]"),
        ("if eq(%s, State.STOP) { $v = encode(%s) }", "int[2, 2]"),
        ("$v = index([5, 6, 7]: array[int[5, 7], 3], 1)", "int[6, 6]"),
    ]);
}

#[test]
fn a_counted_loop_is_followed_turn_by_turn() {
    types(&[
        ("$v = 0 for 'l $a in range(0, 8, 1) { $v = add($v, 1) }", "int[0, 8]"),
        ("$v = 0 for 'l $a in range(0, 4, 1) { $v = add(mul($v, 2), to_int(%f)) }", "int[0, 15]"),
        ("for 'l $v in range(7, -1, -2) { }", "int[1, 7]"),
        ("for 'l $v in range(0, 0, 1) { }", "int[-inf, inf]"),
        // The weights shrink while the sum grows: only single turns give the exact bound.
        ("$v = 0 for 'l $a in range(0, 4, 1) { $v = add($v, mul(sub(4, $a), %x)) }", "int[0, 150]"),
        ("$v = 0 for 'l $a in range(0, 9, 1) { if eq($a, 3) { break 'l } $v = add($v, 1) }", "int[0, 3]"),
        ("$v = 0 for 'l $a in range(0, 9, 1) { if lt($a, 6) { continue 'l } $v = add($v, 1) }", "int[0, 3]"),
        (
            "$v = 0 for 'l $a in range(0, 3, 1) { for 'k $b in range(0, 3, 1) { $v = add($v, 1) } }",
            "int[0, 9]",
        ),
        // The counter keeps its last value.
        ("for 'l $a in range(0, 5, 1) { } $v = $a", "int[4, 4]"),
        ("for 'l $a in range(0, 5, 1) { break 'l } $v = $a", "int[0, 0]"),
    ]);
}

#[test]
fn a_loop_with_too_many_turns_is_widened() {
    types(&[
        ("for 'l $v in range(0, 1000000, 1) { }", "int[0, 999999]"),
        ("$v = 0 for 'l $a in range(0, 1000000, 1) { $v = and(add($v, 1), 255) }", "int[0, 255]"),
        ("$v = 0 for 'l $a in range(0, 1000000, 1) { $v = add($v, 1) }", "int[0, inf]"),
    ]);
}

#[test]
fn a_loop_on_a_condition_stops_where_the_condition_holds_it() {
    types(&[
        ("$v = 0 while 'l lt($v, 100) { $v = add($v, 1) }", "int[0, 100]"),
        ("$v = 0 while 'l lt($v, 100) { $v = add($v, 7) }", "int[0, 106]"),
        ("$v = 90 while 'l gt($v, 3) { $v = sub($v, 2) }", "int[2, 90]"),
        ("$a = 0 while 'l lt($a, 50) { $a = add($a, 1) } $v = $a", "int[50, 50]"),
        ("$v = 0 while 'l true { $v = add($v, 1) if eq($v, 12) { break 'l } }", "int[0, 12]"),
        ("$v = 0 while 'l true { $v = add($v, 1) wait delay(1) if ge($v, 12) { $v = 0 } }", "int[0, 12]"),
        ("$v = 0 while 'l %f { $v = add($v, 1) wait delay(1) }", "int[0, inf]"),
        ("$v = 5 while 'l false { $v = 100 }", "int[5, 5]"),
        ("$v = 0 while 'l lt($v, %x) { $v = add($v, 1) }", "int[0, 15]"),
        (
            "$v = 0 $a = 0 while 'l lt($a, 9) { $b = 0 while 'k lt($b, $a) { $b = add($b, 1) $v = $b } $a = add($a, 1) }",
            "int[0, 8]",
        ),
    ]);
}

#[test]
fn a_break_joins_what_holds_where_it_stands() {
    types(&[
        ("$v = 0 block 'b { $v = 1 if %f { break 'b } $v = 5 } $a = $v", "int[0, 5]"),
        ("block 'b { $a = 1 if %f { break 'b } $a = 5 break 'b $a = 100 } $v = $a", "int[1, 5]"),
        ("block 'b { block 'c { $a = 1 if %f { break 'b } $a = 2 break 'c } $a = 3 } $v = $a", "int[1, 3]"),
    ]);
}

#[test]
fn what_is_never_reached_stores_nothing() {
    types(&[
        ("$v = 1 return $v = 100", "int[1, 1]"),
        ("$v = 1 if lt(%x, 0) { $v = 100 }", "int[1, 1]"),
        ("$v = 1 while 'l true { wait delay(1) } $v = 100", "int[1, 1]"),
        ("$v = 1 wait forever $v = 100", "int[1, 1]"),
    ]);
}

#[test]
fn stores_into_parts_keep_what_the_whole_can_hold() {
    types(&[
        ("$v = 0 $v.bit(3) = %f", "int[0, 15]"),
        ("$v = 0 $v.slice[4](slice[0, 2](%x)) = 3", "int[0, 127]"),
        ("$v = -1 $v.bit(3) = %f", "int[-16, 15]"),
        ("$v = 0 $v.bit(%z) = %f", "int[-inf, inf]"),
    ]);
}

#[test]
fn intervals_flow_through_a_body() {
    let before = "var $i: int[-inf, inf]
var $n: int[-inf, inf]
var $odd: bool
$n = 0
for 'l $i in range(0, 4, 1) {
  if bit(%x, $i) { $n = add($n, 1) }
}
$odd = lt($n, 9)
if $odd {
  if ne(%o, 7) { %o <= add(%o, 1) } else { %o <= 0 }
} elif ge($n, 0) {
  %o <= $n
}
if lt(%y, 4) {
  %ram[%y] <= mux(gt(%y, 2), %y, 0)
}
%w <= add(%w, 1)
%z <= check[-10, 300](add(%x, %y))
";
    insta::assert_snapshot!(rebuilt("clocked(rising %clk)", before));
}

#[test]
fn a_switch_keeps_the_values_that_its_subject_has() {
    let before = "var $n: int[-inf, inf]
if ne(%x, 3) { $n = slice[0, 2](%x) } else { $n = 1 }
switch $n {
  case 0 { %o <= 1 }
  case 7, 2 { %o <= 2 }
  case 9 { %o <= 3 }
  default { %o <= 4 }
}
";
    insta::assert_snapshot!(rebuilt("comb(%x)", before));
}

#[test]
fn a_condition_that_may_fault_stays() {
    let before = "var $n: int[-inf, inf]
if lt(mod(10, %x), 100) { $n = 1 } else { $n = 2 }
if lt(%x, 100) { %o <= 1 }
%o <= $n
";
    insta::assert_snapshot!(rebuilt("comb(%x)", before));
}

/// What is not driven is neither of two values, and unequal to all.
#[test]
fn what_a_bus_is_not_leaves_open_what_it_is() {
    let before = "if %line { %o <= 1 } elif not(%line) { %o <= 2 }
if eq(%line, true) { %o <= 1 } elif eq(%line, false) { %o <= 2 } elif is_z(%line) { %o <= 3 }
if ne(%bus, 0) { if ge(%bus, 1) { %o <= 1 } }
if eq(%bus, 3) { if lt(%bus, 4) { %o <= 1 } }
if to_bool(refine[0, 1](%bus)) { %o <= 1 } elif eq(%bus, 0) { %o <= 2 }
";
    insta::assert_snapshot!(rebuilt("comb(%line, %bus)", before));
}

#[test]
fn a_variable_that_may_be_unset_is_still_read() {
    let before = "var $n: int[-inf, inf]
if %f { $n = 1 }
if lt($n, 5) { %o <= 1 }
";
    assert!(rebuilt("comb(%f)", before).contains("if lt($n, 5)"));
}

const EMIT: NarrowOptions = NarrowOptions { bound_locals: true };

#[track_caller]
fn findings(body: &str, options: NarrowOptions) -> String {
    shown(&run("clocked(rising %clk)", body, options).1)
}

#[test]
fn a_store_that_cannot_fit_is_an_error() {
    insta::assert_snapshot!(findings(
        "if gt(%x, 8) { %o <= %x @0:11:8-30 }
%o <= add(%o, 8) @0:12:8-30
%o <= 9 @0:13:8-30
%o.slice[2](0) <= add(%x, 4) @0:14:8-30
%o <= sub(%y, 20) @0:15:8-30",
        NarrowOptions::default()
    ));
}

#[test]
fn what_becomes_a_boolean_has_to_be_0_or_1() {
    let told = |body: &str| findings(body, NarrowOptions::default());
    let may = told("%f <= to_bool(%x) @0:11:8-30");
    assert!(may.contains("PH0313") && may.contains("the boolean `f` holds 0 and 1, and 2 to "), "{may}");
    let never = told("%f <= to_bool(inv(to_int(%f))) @0:11:8-30");
    assert!(
        never.contains("PH0312") && never.contains("-2 to -1 do not fit into the boolean `f`"),
        "{never}"
    );
    assert_eq!(told("if lt(%x, 2) { %f <= to_bool(%x) @0:11:8-30 }"), "");
    assert_eq!(told("%f <= to_bool(mod(%x, 2)) @0:11:8-30"), "");
}

#[test]
fn a_store_that_may_not_fit_is_a_warning() {
    insta::assert_snapshot!(findings(
        "%o <= add(%o, 1) @0:11:8-30
%o <= sub(%o, 1) @0:12:8-30
%o <= add(%x, %y) @0:13:8-30
%o <= add(%x, %x) @0:14:8-30
%ram[0] <= mul(mul(%x, %y), %o) @0:15:8-30
%o.slice[2](0) <= %x @0:16:8-30
%o <= %z @0:17:8-30",
        NarrowOptions::default()
    ));
}

#[test]
fn stores_that_fit_or_wrap_or_never_happen_are_not_told_of() {
    for body in [
        "%o <= 7 %w <= 9 %w <= add(%w, 1)",
        "assert lt(%o, 7) %o <= add(%o, 1)",
        "if ne(%o, 7) { %o <= add(%o, 1) }",
        "if lt(%x, 0) { %o <= 9 %ram[9] <= 1 }",
        "return %o <= 9",
        "%z <= mul(%z, 3)",
        "if lt(%x, 3) { %o.bit(%x) <= %f }",
    ] {
        assert_eq!(findings(body, NarrowOptions::default()), "", "{body}");
    }
}

#[test]
fn a_comparison_tells_of_the_difference() {
    for body in [
        "if gt(%x, %o) { %ram[0] <= sub(sub(%x, %o), 1) }",
        "%ram[0] <= mux(ge(%x, %o), sub(%x, %o), sub(%o, %x))",
        "if ge(%x, %o) { } else { assert lt(%o, 5) %ram[sub(sub(%o, %x), 1)] <= 1 }",
    ] {
        assert_eq!(findings(body, NarrowOptions::default()), "", "{body}");
    }
}

#[test]
fn an_index_divisor_or_amount_that_may_be_a_fault_is_a_warning() {
    insta::assert_snapshot!(findings(
        "%ram[%x] <= 1 @0:11:8-30
%o <= add(0, index(array(1, 2, 3), sub(%x, 4))) @0:12:8-30
%o <= floordiv(%x, %y) @0:13:8-30
%o <= and(mod(%x, sub(%x, 3)), 7) @0:14:8-30
%o <= and(shl(1, sub(%x, 1)), 7) @0:15:8-30
%o.bit(%x) <= true @0:16:8-30
%w.bit(%x) <= true @0:17:8-30",
        NarrowOptions::default()
    ));
}

#[test]
fn an_index_that_picks_by_cases_is_told_of_as_that_of_an_array() {
    let cases = "{ case 0 { %o <= 1 } case 1 { %o <= 2 } case 2 { %o <= 3 } }";
    let told = |body: &str| findings(body, NarrowOptions::default());
    insta::assert_snapshot!(told(&format!(
        "switch check[0, 2](%x) @0:11:8-30 {cases}
switch check[-3, 2](%y) @0:12:8-30 {{ case 0, -3 {{ %o <= 1 }} case 1, -2 {{ %o <= 2 }} case 2, -1 {{ %o <= 3 }} }}
%o <= mux(eq(check[0, 1](%w), 0), 1, 2) @0:13:8-30
switch check[0, 2](add(%x, 3)) @0:14:8-30 {cases}"
    )));
    for body in [
        format!("if lt(%x, 3) {{ switch check[0, 2](%x) {cases} }}"),
        "%o <= mux(lt(%x, 2), mux(eq(check[0, 1](%x), 0), 1, 2), 3)".to_owned(),
        "%o <= mux(eq(check[-4, 3](sub(%x, 4)), 0), 1, 2)".to_owned().replace("%x", "and(%x, 7)"),
        // No index.
        "%o <= check[3, 7](%x)".to_owned(),
    ] {
        assert_eq!(told(&body), "", "{body}");
    }
}

const READS: &str = "var $v: int[-inf, inf] @0:9:8-9
var $a: int[-inf, inf]
var $i: int[-inf, inf]
var $j: int[-inf, inf]
var $b: bool
var $c: bool
";

/// What is told of a timed process.
#[track_caller]
fn reads(body: &str) -> String {
    shown(&run("timed", &format!("{READS}{body}"), NarrowOptions::default()).1)
}

#[test]
fn a_variable_that_some_path_leaves_unset_is_a_warning_where_it_is_read() {
    insta::assert_snapshot!(findings(
        &format!("{READS}if %f {{ $v = 1 }}\n%z <= add($v, 1) @0:11:8-30"),
        NarrowOptions::default()
    ));
    for body in [
        "if %f { $v = 1 } else { if %g { $v = 2 } } %z <= $v",
        "switch %s { case State.IDLE { $v = 1 } case State.RUN { $v = 2 } default { } } %z <= $v",
        "for 'turns $i in range(0, 4, 1) { if eq(index(%ram, $i), 0) { continue 'turns } $v = 1 } %z <= $v",
        "$i = to_int(%f) while 'turns lt($i, 1) { $v = 1 $i = add($i, 1) } %z <= $v",
        "block 'all { if %f { break 'all } $v = 1 } %z <= $v",
        // Of another condition, or of one that has changed.
        "if %f { $v = 1 } if %g { %z <= $v }",
        "$a = to_int(%f) if eq($a, 1) { $v = 1 } $a = to_int(%g) if eq($a, 1) { %z <= $v }",
        "if %f { $v = 1 } wait delay(1) if %f { %z <= $v }",
        "if %f { $v = 1 } else { wait delay(1) } if %f { %z <= $v }",
        "if %f { $v = 1 } %z <= mux(%g, $v, 0)",
        "while 'ever true { if %f { $v = 1 } wait delay(1) %z <= $v }",
        "for 'turns $i in range(0, 4, 1) { if eq($i, 2) { $v = 1 } %z <= $v }",
        // Where a flag tells of the other path, or of none any more.
        "if %f { $v = 1 $b = %g } else { $b = false } if not($b) { %z <= $v }",
        "if %f { $v = 1 $b = %g } else { $b = false } $b = %g if $b { %z <= $v }",
        // One of the cases that set nothing is left.
        "if %f { $v = 1 } elif %g { $v = 2 } if or_else(%f, not(%g)) { %z <= $v }",
        "if %f { $v = 1 } elif %g { $v = 2 } %z <= mux(%f, 0, $v)",
        "switch %s { case State.IDLE { $v = 1 } default { } } if ne(%s, State.RUN) { %z <= $v }",
        "switch %s { case State.IDLE { $v = 1 } default { } } switch %s { case State.IDLE, State.RUN { %z <= $v } default { } }",
        "block 'all { if %f { break 'all } $v = 1 } if %g { %z <= $v }",
        "$a = to_int(%f) if eq($a, 1) { $v = 1 } elif %g { $v = 2 } $a = to_int(%g) if or_else(eq($a, 1), %g) { %z <= $v }",
        // A call in a loop begins anew.
        "for 'turns $i in range(0, 4, 1) { unset $v if eq($i, 2) { $v = 1 } if ge($i, 2) { %z <= $v } }",
        "$v = 1 if %f { unset $v } %z <= $v",
        "if %f { $v = 1 } if %g { unset $v } if %f { %z <= $v }",
    ] {
        let found = reads(body);
        assert_eq!(found.matches("PH0318").count(), 1, "{body}: {found}");
    }
}

#[test]
fn a_variable_that_every_path_that_may_be_taken_sets_is_no_finding() {
    for body in [
        "if %f { $v = 1 } else { $v = 2 } %z <= $v",
        "if %f { $v = 1 } else { raise ValueError } %z <= $v",
        "if %f { $v = 1 } else { assert false } %z <= $v",
        "if %f { $v = 1 } else { return } %z <= $v",
        "if %f { $v = 1 } assert %f %z <= $v",
        "switch %s { case State.IDLE { $v = 1 } case State.RUN, State.STOP { $v = 2 } } %z <= $v",
        "switch %s { case State.IDLE { $v = 1 } default { $v = 2 } } %z <= $v",
        "for 'turns $i in range(0, 4, 1) { $v = 1 } %z <= $v",
        "for 'turns $i in range(0, 4, 1) { if eq($i, 0) { $v = 1 } else { $v = add($v, 1) } } %z <= $v",
        "for 'turns $i in range(0, 4, 1) { if eq(index(%ram, $i), 0) { continue 'turns } } %z <= $i",
        "$i = 0 while 'turns lt($i, 3) { $v = 1 $i = add($i, 1) } %z <= $v",
        "while 'ever true { if %f { $v = 1 break 'ever } wait delay(1) } %z <= $v",
        "block 'all { if %f { $v = 1 break 'all } $v = 2 } %z <= $v",
        "block 'all { for 'turns $i in range(0, 4, 1) { if eq(index(%ram, $i), 0) { $v = $i break 'all } } $v = 9 } %z <= $v",
        "$a = 3 while 'ever true { wait delay(1) if %f { $v = 1 } else { $v = $a } $a = add($v, 1) }",
        // Where a flag tells of the path.
        "if %f { $v = 1 $b = %g } else { $b = false } if $b { %z <= $v }",
        "if %f { $v = 1 $b = false } else { $b = true } if not($b) { %z <= $v }",
        // Where the same condition holds, or one that says as much.
        "if %f { $v = 1 } if %f { %z <= $v }",
        "if and_then(%f, %g) { $v = 1 } if and_then(%f, %g) { %z <= $v }",
        "if gt(%x, 3) { $v = 1 } if eq(%x, 7) { %z <= $v }",
        "if %f { } else { $v = 1 } %z <= mux(%f, 0, $v)",
        "if %f { $v = 1 } if and_then(%f, eq($v, 1)) { %z <= 3 }",
        "if %f { $v = 1 if %g { $a = 2 } } else { $a = 3 } if %f { %z <= $v }",
        // Where one of several conditions holds, each of which set it.
        "if %f { $v = 1 } elif %g { $v = 2 } if or_else(%f, %g) { %z <= $v }",
        "if %f { $v = 1 } elif %g { $v = 2 } %z <= mux(or(%f, %g), $v, 0)",
        "if %f { $v = 1 } elif %g { $v = 2 } assert or_else(%g, %f) %z <= $v",
        "if %f { $v = 1 } elif %g { $v = 2 } if %f { } elif %g { %z <= $v }",
        "if lt(%x, 2) { $v = 1 } elif lt(%x, 5) { $v = 2 } elif lt(%x, 7) { $v = 3 } if lt(%x, 7) { %z <= $v }",
        "switch %s { case State.IDLE { $v = 1 } default { } } switch %s { case State.IDLE { %z <= $v } default { } }",
        "switch %s { case State.IDLE { $v = 1 } case State.RUN { $v = 2 } default { } } if or_else(eq(%s, State.IDLE), eq(%s, State.RUN)) { %z <= $v }",
        "switch %s { case State.IDLE { $v = 1 } case State.RUN { $v = 2 } default { } } if ne(%s, State.STOP) { %z <= $v }",
        "block 'all { if %f { break 'all } $v = 1 } if not(%f) { %z <= $v }",
        "if %f { $v = 1 } $b = not(%f) if not($b) { %z <= $v }",
        "for 'turns $i in range(0, 4, 1) { unset $v if ge($i, 2) { $v = 1 } if ge($i, 2) { %z <= $v } }",
        "for 'turns $i in range(0, 4, 1) { unset $v $v = $i %z <= $v }",
    ] {
        assert_eq!(reads(body), "", "{body}");
    }
}

#[test]
fn what_a_condition_or_the_turns_of_a_loop_exclude_is_no_finding() {
    assert_eq!(
        findings(
            "var $i: int[-inf, inf]
var $j: int[-inf, inf]
if lt(%x, 4) { %ram[%x] <= 1 }
%z <= mux(ne(%y, 0), floordiv(7, %y), 0)
for 'outer $i in range(0, 4, 1) { for 'inner $j in range(0, 4, 1) { if le($j, $i) { %ram[sub($i, $j)] <= index(%ram, sub($i, $j)) } } }
for 'turns $i in range(0, 3, 1) { %o <= index(array(1, 2, 3), sub(2, $i)) }",
            NarrowOptions::default()
        ),
        ""
    );
}

#[test]
fn a_guard_that_a_local_keeps_is_a_guard() {
    let store = "$b = lt(%x, 7) if $b { %o <= add(%x, 1) } else { %o <= 0 }";
    assert_eq!(reads(store), "");
    assert!(reads(&store.replace("7)", "8)")).contains("PH0313"));
    for body in [
        "$b = lt(%x, 4) if $b { %ram[%x] <= 1 }",
        "$b = lt(%x, 4) %z <= mux($b, index(%ram, refine[0, 3](%x)), 0) if and_then(%f, $b) { %ram[%x] <= 1 }",
        "$b = ge(%x, 4) $c = $b if not($c) { %ram[%x] <= 1 }",
        "$b = and_then(%f, lt(%x, 4)) if $b { if %g { %ram[%x] <= 1 } }",
        "$a = %x if lt($a, 4) { %ram[%x] <= 1 }",
    ] {
        assert_eq!(reads(body), "", "{body}");
    }
    for body in [
        "$b = lt(%x, 4) if %f { %ram[%x] <= 1 }",
        "$b = lt(%x, 4) if not($b) { %ram[%x] <= 1 }",
        "$b = lt(%x, 4) wait delay(1) if $b { %ram[%x] <= 1 }",
        "$a = %x $b = lt($a, 4) $a = 9 if $b { %ram[$a] <= 1 }",
        "$b = lt(%x, 4) if %g { $b = %f } if $b { %ram[%x] <= 1 }",
        "$b = lt(%x, 4) $b = and_then($b, %f) if or_else($b, %g) { %ram[%x] <= 1 }",
    ] {
        let found = reads(body);
        let told = found.matches("PH0316").count() + found.matches("PH0315").count();
        assert_eq!(told, 1, "{body}: {found}");
    }
}

#[test]
fn an_index_that_is_never_in_range_is_an_error() {
    insta::assert_snapshot!(findings(
        "%ram[add(%x, 4)] <= 1 @0:11:8-30\n%ram[%x] <= 1",
        NarrowOptions::default()
    ));
}

#[test]
fn a_local_without_a_bound_is_told_of_where_it_is_emitted() {
    let body = "var $n: int[-inf, inf] @0:9:8-9
$n = 0
while 'l %f { $n = add($n, 1) }
%z <= $n";
    assert_eq!(findings(body, NarrowOptions::default()), "");
    insta::assert_snapshot!(findings(body, EMIT));
    let (design, _) = run("clocked(rising %clk)", body, EMIT);
    assert!(print_pretty(&design).contains("var $n: s32"), "{}", print_pretty(&design));
}

#[test]
fn a_finding_is_told_once_however_often_its_statement_was_written_out() {
    let body = "%o <= 9 @0:11:8-30\n%o <= 9 @0:11:8-30\n%o <= 10 @0:11:8-30";
    assert_eq!(findings(body, NarrowOptions::default()).matches("error").count(), 2);
}

#[test]
fn what_would_need_too_many_bits_stays_exact_for_simulation_and_is_an_error_for_emission() {
    let body = "var $a: int[-inf, inf]
$a = 5000
%z <= shl(1, $a) @0:11:8-30";
    assert_eq!(findings(body, NarrowOptions::default()), "");
    let (design, _) = run("clocked(rising %clk)", body, NarrowOptions::default());
    assert!(print_pretty(&design).contains("var $a: int[-inf, inf]"));
    insta::assert_snapshot!(findings(body, EMIT));
}
