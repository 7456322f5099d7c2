//! Texts that are no designs get errors, several in a run, and never more than that.

use pyhw_diagnostics::{Code, Diagnostic};
use pyhw_ir::parse::parse;
use pyhw_ir::print::print;

/// Each error with its place, as `line:column message`.
fn errors(text: &str) -> Vec<String> {
    let faults: Vec<Diagnostic> = parse(text).expect_err("it is not a design");
    assert!(!faults.is_empty() && faults.iter().all(|fault| fault.code == Code::PH0701));
    let place = |fault: &Diagnostic| (fault.primary.span.start.line, fault.primary.span.start.column);
    faults.iter().map(|fault| format!("{}:{} {}", place(fault).0, place(fault).1, fault.message)).collect()
}

#[track_caller]
fn one_error(text: &str, expected: &str) {
    let found = errors(text);
    assert!(
        found.len() == 1 && found[0].contains(expected),
        "expected {expected:?}, found {found:#?} in\n{text}"
    );
}

#[test]
fn an_error_names_its_place() {
    assert_eq!(
        errors("hwir 1\nmodule m {\n  net %a: u8 = 0\n  process p timed {\n    %a <= add(%a, %b)\n  }\n}"),
        ["5:18 no net `b` stands before this"]
    );
}

#[test]
fn several_errors_are_found_in_one_run() {
    let text = "hwir 1
enum E: u2 { A 0 }
module m {
  net %a: u9x = 0
  net %b: u8 = 0
  what is this
  process p timed {
    var $x: u8
    %b <= plus(%b, 1)
    if %b {
      %b <= 
      $y = 3
      switch %b {
        case 1 { break 'nowhere }
        kase 2 { }
        default { wait later }
      }
    } else {
      %b <= add(true, 1)
    }
    %b <= $x
  }
  process q sometimes {
    %b <= nothing
  }
  instance u of nobody()
}
top n
";
    assert_eq!(
        errors(text),
        [
            "2:15 expected `=`, found `0`",
            "4:10 no type `u9x` stands before this",
            "6:2 expected `doc`, `param`, `in`, `out`, `inout`, `net`, `ports`, `process`, `instance`, `items`, \
             `foreign` or `}`, found `what`",
            "9:10 there is no operator `plus`",
            "12:6 the process has no variable `y`",
            "14:23 no statement before this has the label `nowhere`",
            "15:8 expected `case`, `default` or `}`, found `kase`",
            "16:23 expected `change`, `rising`, `falling`, `delay`, `join` or `forever`, found `later`",
            "19:12 operand 0 of `add` must be an integer",
            "23:12 expected `comb`, `clocked` or `timed`, found `sometimes`",
            "26:16 there is no module `nobody`",
            "28:4 no module `n` stands before this",
        ]
    );
}

#[test]
fn what_is_wrong_is_said() {
    for (text, expected) in [
        ("", "expected `hwir 1`, with which IR text begins, found the end"),
        ("hwir", "expected an integer"),
        ("hwir 2", "version 2 of the IR is not known"),
        ("hwir 1 file 1 \"a\"", "files are numbered in order; this is number 0"),
        ("hwir 1 file 0 \"a\" file 1 \"a\"", "a file of this name"),
        ("hwir 1 file 0 \"a\n", "no closing quote"),
        ("hwir 1 file 0 \"\\q\"", "an escape is one of"),
        ("hwir 1 top m", "no module `m` stands before this"),
        ("hwir 1 module m { } top m top m", "the top is given twice"),
        ("hwir 1 module m { } module m { }", "`m` is declared twice"),
        ("hwir 1 enum E: u1 { } struct E { }", "`E` is declared twice"),
        ("hwir 1 enum E: u5000 { }", "the type of the codes"),
        ("hwir 1 enum E: s2 { }", "the type of the codes"),
        ("hwir 1 module m {", "expected `}`"),
        ("hwir 1 module m { net % : bool = true }", "a name must follow `%`"),
        ("hwir 1 module m { net %\"a : bool = true\n}", "this name has no closing quote"),
        ("hwir 1 module m { net %a: bool = true net %a: bool = true }", "net `a` is declared twice"),
        ("hwir 1 module m { net %a.99999999999: bool = true }", "number is too large"),
        ("hwir 1 module m { net %a: u8 = 12ab }", "`12ab` is not an integer"),
        ("hwir 1 module m { net %a: u8 = 0 driver(%c) }", "no net `c`"),
        ("hwir 1 module m { net %a: E = E.A }", "no type `E`"),
        ("hwir 1 module m { net %a: u8 = E.A }", "no enum `E`"),
        ("hwir 1 enum E: u1 { A = 0 } module m { net %a: E = E.B }", "`E` has no member `B`"),
        ("hwir 1 module m { net %a: u8 = 0 delayed(-1) }", "a delay is from 0 to"),
        ("hwir 1 module m { net %a: u8 = 0 @0:1 }", "a span is"),
        ("hwir 1 module m { net %a: u8 = 0 # fine\n#\"not \\fine\"\n }", "this comment's text"),
        ("hwir 1 module m { process p timed { var $x: u8 var $x: u8 } }", "`x` is declared twice"),
        ("hwir 1 module m { process p timed { block 'a { } block 'a { } } }", "`a` labels two statements"),
        ("hwir 1 module m { process p timed { print [1] } }", "this constant needs its type"),
        ("hwir 1 module m { process p timed { print e0 } }", "no `let e0` stands before this"),
        ("hwir 1 module m { process p timed { let e0 = 1 let e0 = 2 } }", "`e0` is declared twice"),
        ("hwir 1 module m { process p timed { let x = 1 } }", "a name such as `e0`"),
        (
            "hwir 1 module m { process p timed { print add(1, true) } }",
            "operand 1 of `add` must be an integer",
        ),
        ("hwir 1 module m { process p timed { print field[x](1) } }", "the operand has no field `x`"),
        (
            "hwir 1 module m { process p timed { print format[\"{\"]() } }",
            "a place for an operand is not closed",
        ),
        ("hwir 1 module m { process p timed { print shl(1, 1, ) } }", "expected a value"),
        (
            "hwir 1 module m { process p timed { switch 1 { default { } default { } } } }",
            "a second `default`",
        ),
        ("hwir 1 module m { net %a: u8 = 0 process p timed { %a.x <= 1 } }", "there is no field `x` here"),
        ("hwir 1 module m { net %a: u8 = 0 process p timed { %a 1 } }", "`=` (into a variable) or `<=`"),
        ("hwir 1 module m { process p timed host(1) { note \"a\" } }", "`reason`, then"),
        (
            "hwir 1 module a { in %x: bool = true } module m { net %a: bool = true instance u of a(y = %a) }",
            "not the name of the port",
        ),
        ("hwir 1 module m { ? }", "`?` does not belong here"),
    ] {
        one_error(text, expected);
    }
}

#[test]
fn an_error_in_one_place_does_not_hide_the_next_process() {
    let text =
        "hwir 1\nmodule m {\nprocess p sometimes {\nblock 'a {\n}\n}\nprocess q timed {\nprint nothing\n}\n}";
    let found = errors(text);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("3:10 ") && found[1].starts_with("8:6 "), "{found:#?}");
}

/// A text around `open` many times.
fn deep(before: &str, open: &str, close: &str) -> String {
    let count = 100_000;
    format!("hwir 1 module m {{ net %a: u8 = 0 {before}{}{}", open.repeat(count), close.repeat(count))
}

#[test]
fn nesting_of_any_depth_is_an_error_and_no_more() {
    for (text, expected) in [
        (deep("process p timed { ", "if true { ", "}"), "statements nested deeper than 200"),
        (deep("process p timed { ", "if true {\n", "}\n"), "statements nested deeper than 200"),
        (deep("process p timed { %a <= ", "neg(", ")"), "expressions nested deeper than 64"),
        (deep("process p timed { %a <= ", "mux(true, ", ", 1)"), "expressions nested deeper than 64"),
        (deep("process p timed { wait ", "join(", ")"), "waits nested deeper than 200"),
        (deep("net %b: ", "array[", ", 1]"), "types nested deeper than 32"),
        (deep("net %b: u8 = ", "[", "]"), "values nested deeper than 32"),
        (deep("net %b: u8 = ", "{", "}"), "values nested deeper than 32"),
        (deep("process p timed { %a", "[%a", "]"), "expected"),
        (deep("process p timed { ", "{", "}"), "expected"),
        (deep("", "module m { ", "}"), "expected"),
    ] {
        let found = errors(&text);
        assert!(found[0].contains(expected), "{:?}", found[0]);
        assert!(found.len() <= 100);
    }
}

#[test]
fn a_long_text_takes_time_in_its_length() {
    // A quadratic step would take minutes.
    let many = |unit: &str| unit.repeat(1_000_000 / unit.len());
    for text in [
        many("?"),
        many("hwir 1 "),
        many("a"),
        many("#\n"),
        many("\""),
        many("9"),
        format!("hwir 1 {}", many("file 0 \"a\" ")),
        format!("hwir 1 module m {{ {}", many("process p timed { } ")),
        format!("hwir 1 module m {{ process p timed {{ {} }} }}", many("print add(1, now()) ")),
        format!("hwir 1 module m {{ process p timed {{ {} }} }}", many("if true { } # a comment\n")),
    ] {
        if let Ok(design) = parse(&text) {
            assert!(print(&design).len() > 200_000);
        }
    }
}

#[test]
fn huge_arrays_are_refused() {
    one_error("hwir 1 module m { net %a: u8 = [0 x 4000000000] }", "elements of values");
    one_error("hwir 1 module m { net %a: u8 = [[[[0 x 5000] x 5000] x 5000] x 5000] }", "elements of values");
    let long = format!("hwir 1 module m {{ net %a: u8 = {} }}", "9".repeat(6000));
    one_error(&long, "an integer of more than 5000 digits");
}
