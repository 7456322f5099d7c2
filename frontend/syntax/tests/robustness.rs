//! No text makes the crate panic, overflow the stack or take long.

use pyhw_diagnostics::{Code, FileId};
use pyhw_syntax::names::{free_variables, reads_and_writes, sensitivity};
use pyhw_syntax::subset::{Construct, Place, check};
use pyhw_syntax::{MAX_SOURCE_BYTES, decode, functions_at, parse_function, parse_module};
use std::time::{Duration, Instant};

const FILE: FileId = FileId(0);

/// Does everything that the crate offers with a text; gives the number of errors.
fn exercise(text: &str) -> usize {
    let (module, errors) = parse_module(text, FILE);
    for error in &errors {
        assert!(matches!(error.code, Code::PH0101 | Code::PH0102), "{error:?} in {text:?}");
        let span = error.primary.span;
        assert!(span.start <= span.end && span.start.line >= 1, "{error:?} in {text:?}");
    }
    for line in 1..=text.lines().count().min(50) as u32 {
        for function in functions_at(&module, line) {
            free_variables(function);
            reads_and_writes(function);
            sensitivity(function);
            check(function, Place::Process);
        }
    }
    errors.len()
}

/// A small generator of random numbers (xorshift), the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

/// Some hundred sources: every construct in several settings.
fn samples() -> Vec<String> {
    let mut samples = Vec::new();
    for construct in Construct::ALL {
        let example = construct.row().example;
        let indented = example.replace('\n', "\n    ");
        samples.push(format!("def p():\n    {indented}\n"));
        samples.push(format!("@always_comb  # comb\ndef p():\n    # why\n    {indented}  # so\n    # end\n"));
        samples.push(format!("class C:\n\tdef m(self):\r\n\t\t{}\r\n", example.replace('\n', "\r\n\t\t")));
    }
    samples
}

/// Bytes that change the structure of a text.
const PIECES: &[u8] = b"()[]{}'\"#:\\\n\t f,=@.-*\0\xc3\xa9";

#[test]
fn random_changes_of_bytes_do_no_harm() {
    let samples = samples();
    assert!(samples.len() > 250);
    assert!(samples.iter().all(|sample| exercise(sample) == 0));
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut broken = 0;
    for round in 0..20_000 {
        let mut bytes = samples[random.below(samples.len())].clone().into_bytes();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            match random.below(5) {
                0 => bytes[at] = random.below(256) as u8,
                1 => bytes[at] = PIECES[random.below(PIECES.len())],
                2 => drop(bytes.remove(at)),
                3 => bytes.insert(at, PIECES[random.below(PIECES.len())]),
                _ => {
                    let other = samples[random.below(samples.len())].as_bytes();
                    let from = random.below(other.len());
                    let to = from + random.below(other.len() - from);
                    bytes.splice(at..at, other[from..to].iter().copied());
                }
            }
            if bytes.is_empty() {
                bytes.push(b'\n');
            }
        }
        let text = match decode(&bytes, FILE) {
            Ok(text) => text,
            Err(error) => {
                // What no encoding says can still be no source.
                let has_nul = bytes.contains(&0) && error.code == Code::PH0102;
                assert!(has_nul || error.code == Code::PH0101, "{error:?}");
                String::from_utf8_lossy(&bytes).into_owned()
            }
        };
        broken += usize::from(exercise(&text) > 0);
        if round % 10 == 0 {
            parse_function(&text, FILE, 1 + random.below(5) as u32);
        }
    }
    // The changes are worth something only if they hit.
    assert!((5_000..19_000).contains(&broken), "{broken} broken texts");
}

/// Refused within the time that a long file may take.
fn refused(name: &str, text: &str) {
    let start = Instant::now();
    let (_, errors) = parse_module(text, FILE);
    assert!(!errors.is_empty(), "{name} is accepted");
    assert!(errors.iter().all(|error| error.code == Code::PH0102), "{name}: {errors:?}");
    assert!(start.elapsed() < Duration::from_secs(60), "{name} took {:?}", start.elapsed());
}

#[test]
fn nesting_of_a_hundred_thousand_is_refused() {
    let deep = 100_000;
    refused("parentheses", &format!("x = {}1{}\n", "(".repeat(deep), ")".repeat(deep)));
    refused("lists", &format!("x = {}1{}\n", "[".repeat(deep), "]".repeat(deep)));
    refused("open brackets", &"{".repeat(deep));
    refused("minus signs", &format!("x = {}1\n", "-".repeat(deep)));
    refused("nots", &format!("x = {}1\n", "not ".repeat(deep)));
    refused("lambdas", &format!("x = {}1\n", "lambda: ".repeat(deep)));
    refused("conditions", &format!("x = {}1\n", "1 if a else ".repeat(deep)));
    refused("powers", &format!("x = {}1\n", "2 ** ".repeat(deep)));
    refused("calls", &format!("f{}\n", "()".repeat(deep)));
    refused("attributes", &format!("f{}\n", ".a".repeat(deep)));
    refused("sums", &format!("x = {}1\n", "1 + ".repeat(deep)));
    refused("f-strings", &format!("x = {}1{}\n", "f'{".repeat(deep), "}'".repeat(deep)));
    refused("formats", &format!("x = f'{{x{}{}}}'\n", ":{x".repeat(deep), "}".repeat(deep)));
    refused("patterns", &format!("match x:\n case {}1{}: pass\n", "[".repeat(deep), "]".repeat(deep)));
    refused("lambdas that nothing closes", &format!("{}{}", "lambda: ".repeat(deep), ")".repeat(10 * deep)));
    refused(
        "lambdas without an end",
        &format!("{}lambda x{}", "lambda: ".repeat(deep), "\n x".repeat(10 * deep)),
    );
    let blocks: String = (0..3_000).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
    refused("blocks", &format!("{blocks}{}pass\n", " ".repeat(3_000)));
    // With tabs, 4,000 levels of `if` make 8 MB.
    let blocks: String = (0..4_000).map(|depth| format!("{}if x:\n", "\t".repeat(depth))).collect();
    refused("blocks by tabs", &format!("{blocks}{}pass\n", "\t".repeat(4_000)));
}

#[test]
fn nesting_within_the_limits_passes() {
    let within = [
        format!("x = {}1{}\n", "(".repeat(99), ")".repeat(99)),
        format!("x = {}1\n", "-".repeat(99)),
        format!("x = {}1\n", "1 if a else ".repeat(99)),
        format!("x = {}1\n", "lambda: ".repeat(99)),
        format!("x = {}1{}\n", "f'{".repeat(49), "}'".repeat(49)),
        format!("x = a{}\n", ".b()".repeat(49)),
        format!("x = {}1\n", "a + ".repeat(4_000)),
        format!("x = {}1\n", "a + -b * (c - d) - ".repeat(1_000)),
        format!("x = {}1\n", "a and not b or ".repeat(20_000)),
        format!("x = [{}]\n", "(1, -2), ".repeat(50_000)),
        format!("if x:\n  pass\n{}", "elif x:\n  pass\n".repeat(3_000)),
        (0..99).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect::<String>()
            + &" ".repeat(99)
            + "pass\n",
    ];
    for text in within {
        assert_eq!(exercise(&text), 0, "{}", &text[..40]);
        let (module, _) = parse_module(&format!("def p():\n {}", text.replace('\n', "\n ")), FILE);
        assert_eq!(module.clone(), module);
    }
}

#[test]
fn repeated_tokens_do_not_overflow_the_stack() {
    let tokens = [
        "(", ")", "[", "]", "{", "}", "f(", "a", "1", "'s'", "-", "~", "not ", "lambda ", ":", ",", ";",
        "\n", " if ", " else ", " for ", " in ", "**", "*", ".", "=", ":=", "await ", "yield ", "async ",
        "def ", "class ", "with ", "try", "match ", "case ", "return ", " as ", " and ", " is ", "f'{", "}'",
        "'", "\\\n", "\n ", "!", "|", "#", "☃", "\0", "\r", "\u{c}",
    ];
    for first in tokens {
        for second in tokens {
            let text = format!("{first}{second}").repeat(400);
            exercise(&text);
            exercise(&format!("match x:\n case {text}"));
        }
    }
}

#[test]
fn long_files_are_read_and_longer_ones_refused() {
    let line = "q.next = a + b[3:0]  # and so on\n";
    let text = line.repeat(2_000_000 / line.len());
    assert_eq!(exercise(&text), 0);
    let (module, errors) = parse_module(&"#".repeat(MAX_SOURCE_BYTES + 1), FILE);
    assert_eq!((module.body.stmts.len(), errors[0].code), (0, Code::PH0101));
    for text in ["(\n", "f'{\n", "'", "\"\"\"", ")", "if x:\n", "\\\n", "\n \n", "\t\n  x\n", "é", "1"] {
        exercise(&text.repeat(MAX_SOURCE_BYTES / 10 / text.len()));
    }
    exercise(&format!("x = {}\n", "1".repeat(1_000_000)));
    exercise(&format!("x = 0x{}\n", "1".repeat(1_000_000)));
}

#[test]
fn odd_bytes_and_line_ends() {
    assert_eq!(exercise(""), 0);
    assert_eq!(exercise("x = 1"), 0);
    assert_eq!(exercise("\u{feff}x = 1\n"), 0);
    assert_eq!(exercise("def f():\r\n\tif x:\r\n\t\ty = 'a\\\r\nb'\r\n"), 0);
    assert_eq!(exercise("if x:\r    y = 1\relse:\r    z = 2\r"), 0);
    assert_eq!(exercise("\u{c}x = 1\n\u{c}\ny = 2\n"), 0);
    assert_eq!(exercise("größe = ñandú + 变量\n"), 0);
    for text in
        ["x = 1\0", "\0", "x = '\0'\n", "if x:\n\ty\n        z\n", "a\u{301} = ☃\n", "x = 08\n", "x = 1__0\n"]
    {
        assert!(exercise(text) > 0, "{text:?}");
    }
}

#[test]
fn a_mark_at_the_start_takes_no_column() {
    let (module, _) = parse_module("\u{feff}x = 1\n", FILE);
    assert_eq!(module.body.stmts[0].span.start.column, 0);
}

#[test]
fn identifiers_are_normalised_as_python_does() {
    let (function, _) = parse_function("def p():\n  return ﬁle\n", FILE, 1);
    assert_eq!(free_variables(&function.expect("a function"))[0].name, "file");
}
