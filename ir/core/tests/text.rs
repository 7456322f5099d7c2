//! Printing a design and parsing the text gives the design again.

mod support;

use pyhw_ir::parse::parse;
use pyhw_ir::print::{print, print_pretty};
use pyhw_ir::verify::verify;
use pyhw_ir::*;
use support::random::{every_operator, random_design};
use support::sample::sample;

fn messages(faults: &[pyhw_diagnostics::Diagnostic]) -> Vec<String> {
    faults
        .iter()
        .map(|fault| format!("{}: {} {:?}", fault.primary.span, fault.message, fault.notes))
        .collect()
}

/// Prints, parses and compares; the text is the same when printed again.
#[track_caller]
fn assert_round_trip(design: &Design) {
    let text = print(design);
    let again = parse(&text).unwrap_or_else(|faults| panic!("{:#?}\n{text}", messages(&faults)));
    if again != design.compact() {
        // The text tells more than two designs in full.
        assert_eq!(print(&again), text);
        panic!("equal texts of different designs:\n{text}\n{:#?}\n{:#?}", design.compact(), again);
    }
    assert_eq!(print(&again), text);
}

#[test]
fn a_design_built_by_hand_is_read_back() {
    let design = sample();
    assert_eq!(messages(&verify(&design)), [""; 0]);
    assert_round_trip(&design);
}

#[test]
fn files_that_nothing_names_are_left_out() {
    let text = "hwir 1\n\nfile 0 \"<string>\"\nfile 1 \"a.py\"\nfile 2 \"library.py\"\nfile 3 \"b.py\"\n\n\
                module m @1:1:0-4 {\n  in %a: bool = false @3:2:0-4\n  out %q: bool = false\n  process p comb(%a) {\n    \
                %q <= %a @3:5:0-4\n  }\n}\n\ntop m\n";
    let mut design = parse(text).unwrap_or_else(|faults| panic!("{:#?}", messages(&faults)));
    let named = |design: &Design| -> Vec<String> {
        design.sources.files().iter().map(|file| file.name.clone()).collect()
    };
    assert_eq!(named(&design), ["a.py", "b.py"]);
    assert!(print(&design).contains("%q <= %a @1:5:0-4\n"));
    design.sources.add("<string>", "x = 1\n");
    assert_eq!(named(&design.compact()), ["a.py", "b.py"]);
    assert_round_trip(&design);
}

#[test]
fn every_operator_is_read_back() {
    let design = every_operator();
    assert_eq!(messages(&verify(&design)), [""; 0]);
    let text = print(&design);
    for row in op::TABLE {
        let is_written = [format!("{}(", row.mnemonic), format!("{}[", row.mnemonic)]
            .iter()
            .any(|form| text.contains(form));
        assert!(is_written, "`{}` is missing", row.mnemonic);
    }
    assert_round_trip(&design);
}

#[test]
fn random_designs_are_verified_and_read_back() {
    for seed in 0..300 {
        let design = random_design(seed);
        assert_eq!(messages(&verify(&design)), [""; 0], "seed {seed}");
        assert_round_trip(&design);
    }
}

#[test]
fn a_design_is_written_readably() {
    let golden = include_str!("golden/sample.hwir");
    let text = print(&sample());
    assert!(text == golden, "tests/golden/sample.hwir should be:\n{text}");
}

#[test]
fn the_form_for_reading_has_no_spans_and_parses() {
    let text = print_pretty(&sample());
    assert!(!text.contains('@') && !text.contains("file "), "{text}");
    let again = parse(&text).unwrap();
    assert_eq!(print_pretty(&again), text);
}

#[test]
fn a_shared_expression_is_written_once() {
    // 60 squarings: a tree of 2^60 leaves.
    let mut lines =
        String::from("hwir 1 module m { net %a: int[-inf, inf] = 0 process p timed { let e0 = add(%a, 3)\n");
    for index in 1..60 {
        lines += &format!("let e{index} = mul(e{}, e{})\n", index - 1, index - 1);
    }
    lines += "%a <= e59 } }";
    let design = parse(&lines).unwrap();
    let text = print(&design);
    assert!(text.len() < 10_000, "{} bytes", text.len());
    assert_round_trip(&design);
}

#[test]
fn an_expression_of_any_depth_is_read_back() {
    let mut design = sample();
    let module = &mut design.modules[0];
    let mut body = Body::default();
    let busy = NetId::new(4);
    let mut expr = body.exprs.net(busy, &Type::Bool, pyhw_diagnostics::Span::NONE);
    for _ in 0..100_000 {
        expr = body.exprs.op(Op::Not, &[expr], &Types::default(), pyhw_diagnostics::Span::NONE).unwrap();
    }
    let kind = StmtKind::Next { place: Place::net(busy), value: expr };
    body.stmts.push(Stmt::new(kind, pyhw_diagnostics::Span::NONE));
    module.processes[1].body = ProcessBody::Ir(body);
    assert_round_trip(&design);
}

#[test]
fn what_breaks_the_rules_is_read_back_too() {
    // Two nets of one name, a constant outside of its type, a wrong type behind an operator, names that stand twice.
    for body in [
        "net %a: bool = false net %a.1: u8 = 300",
        "net %a: u8 = 0 process p timed { %a <= 300: u8 }",
        "net %a: u8 = 0 process p timed { %a <= add(%a, %a): bool print %a: text }",
        "net %a: Twice = Twice.A net %b: Twice = member(1) process p timed { %a <= %b %b = $x = %a }",
        "process p timed { } process p.1 timed { } items(process p.1, process p, process p)",
        "net %a: u8 = 0 net %b: u8 = 0 ports(in %b, out %a, in %b) instance u of m(%a)",
    ] {
        let text = format!("hwir 1 enum Twice: u1 {{ A = 0 A = 0 }} module m {{ {body} }}");
        if let Ok(design) = parse(&text) {
            assert_round_trip(&design);
            assert!(!verify(&design).is_empty(), "{text}");
        } else {
            assert!(text.contains("$x"), "{text}");
        }
    }
}

#[test]
fn readers_may_lay_text_out_as_they_like() {
    let text = "hwir 1 ; a comment for readers\nmodule m{net %a:u8=0x1F wraps net %b:array[u8,4]=[1,2 x 3]\n\
                process p comb(%a){ #leading\n#second\n%b[-1]<=0b101 #trailing\n if true{#of the if\n}}}top m";
    let design = parse(text).unwrap();
    let Module { nets, processes, .. } = &design.modules[0];
    assert_eq!(nets[0].init, Value::int(31i64));
    assert_eq!(
        nets[1].init,
        Value::Array(vec![1i64, 2, 2, 2].into_iter().map(Value::int).collect::<Vec<_>>().into())
    );
    let ProcessBody::Ir(body) = &processes[0].body else { panic!() };
    assert_eq!(body.stmts[0].comments.leading, ["leading", "second"]);
    assert_eq!(body.stmts[0].comments.trailing.as_deref(), Some("trailing"));
    assert_eq!(body.stmts[1].comments.trailing.as_deref(), Some("of the if"));
    assert_round_trip(&design);
}
