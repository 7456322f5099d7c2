//! Texts that are no designs get errors, several in a run, and never more than that.

mod support;

use pyhw_diagnostics::{Code, Diagnostic};
use pyhw_ir::parse::{fuzz_one, parse};
use pyhw_ir::print::print;
use support::Rng;
use support::random::{every_operator, random_design};
use support::sample::sample;

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

/// The stretches that could be words: names with their sigils, numbers, mnemonics.
fn words_of(text: &[u8]) -> Vec<(usize, usize)> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_%$'".contains(&byte);
    let mut words: Vec<(usize, usize)> = Vec::new();
    for (at, _) in text.iter().enumerate().filter(|(_, byte)| is_part(**byte)) {
        match words.last_mut().filter(|word| word.1 == at) {
            Some(word) => word.1 = at + 1,
            None => words.push((at, at + 1)),
        }
    }
    words
}

/// A word replaced by another one of its kind, so that what comes out is more often a text still.
fn swap_words(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let words = words_of(bytes);
    let kind = |word: &(usize, usize)| {
        let first = bytes[word.0];
        if first.is_ascii_digit() {
            b'0'
        } else if first.is_ascii_alphabetic() {
            b'a'
        } else {
            first
        }
    };
    if words.is_empty() {
        return;
    }
    let old = *rng.pick(&words);
    let alike: Vec<&(usize, usize)> = words.iter().filter(|word| kind(word) == kind(&old)).collect();
    let new = **rng.pick(&alike);
    let new = bytes[new.0..new.1].to_vec();
    bytes.splice(old.0..old.1, new);
}

/// A text with some places changed: bytes, words, or stretches of it moved about.
fn mutated(text: &str, other: &str, rng: &mut Rng) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let words = [
        "%a",
        "$x",
        "'loop",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ",",
        ":",
        "=",
        "<=",
        ".",
        "-",
        "\"",
        "@0:1:2-3",
        "# c\n",
        ";",
        "\n",
        "module m {",
        "process p timed {",
        "let e0 =",
        "e0",
        "if",
        "elif",
        "else {",
        "switch",
        "case",
        "default {",
        "z: u8",
        "0",
        "1",
        "-1",
        "18446744073709551616",
        "true",
        "inf",
        "wait",
        "x 3",
        "tristate",
        "member(1)",
        "host(1)",
        "items(",
        "ports(",
        "\u{0}",
        "é",
    ];
    for _ in 0..1 + rng.below(3) {
        let at = rng.below(bytes.len() + 1);
        let end = (at + rng.below(30)).min(bytes.len());
        match rng.below(12) {
            0 if at < bytes.len() => bytes[at] = rng.next() as u8,
            1 => drop(bytes.drain(at..end)),
            2 => {
                let word = rng.pick(&words);
                bytes.splice(at..at, format!(" {word} ").into_bytes());
            }
            3 => {
                let copy = bytes[at..end].to_vec();
                let to = rng.below(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            4 => {
                let from = rng.below(other.len());
                let piece = other.as_bytes()[from..(from + rng.below(60)).min(other.len())].to_vec();
                bytes.splice(at..end, piece);
            }
            5..9 => swap_words(&mut bytes, rng),
            _ => {
                let lines: Vec<&[u8]> = other.as_bytes().split_inclusive(|byte| *byte == b'\n').collect();
                let line = rng.pick(&lines).to_vec();
                let at = bytes
                    .iter()
                    .skip(at)
                    .position(|byte| *byte == b'\n')
                    .map_or(bytes.len(), |length| at + length + 1);
                bytes.splice(at..at, line);
            }
        }
    }
    bytes
}

#[test]
fn mutated_texts_never_panic_and_what_parses_is_read_back() {
    let small = "hwir 1\nenum E: u1 {\n A = 0\n B = 1\n}\nstruct S {\n x: u8\n}\nmodule m {\nnet %a: u8 = 0\nnet %s: S = {1}\n\
                 process p timed {\nvar $x: u8\n$x = 1\n%a <= add($x, 1)\n%s.x <= $x\nwhile 'l true {\nbreak 'l\n}\n}\n}\ntop m\n";
    let mut texts = vec![small.to_owned(); 60];
    texts.extend(vec![print(&sample()); 8]);
    texts.push(print(&every_operator()));
    texts.extend((0..3).map(|seed| print(&random_design(seed))));
    let mut rng = Rng(7);
    let mut parsed = 0;
    for _ in 0..20_000 {
        let (text, other) = (rng.pick(&texts).clone(), rng.pick(&texts).clone());
        let bytes = mutated(&text, &other, &mut rng);
        parsed += usize::from(fuzz_one(&bytes));
    }
    // Enough of them get past the parser to try the verifier and the printer as well.
    assert!(parsed > 1000, "{parsed}");
}
