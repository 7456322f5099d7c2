//! How deep a text nests, found by a scan without recursion before the parser sees the text.
//!
//! The scan is a lexer that knows strings, comments, brackets, keywords and operators, and simulates what a
//! recursive-descent parser would have on its stack: each open bracket, each operator that waits for its right
//! operand (`not not x`, `1 ** 1 ** 1`, `a if b else c if d else e`), each attribute, call or index of the
//! current chain (`a.b().c[0]`), each `lambda`. Where a text is wrong, the scan errs to the deep side: a closing
//! bracket that does not match closes nothing.

mod literal;
mod scanner;

use scanner::Scanner;

/// How many brackets, pending operators and links of a chain may be open at once: some ten times what real code
/// has, and so few that recursion over a tree fits into a small stack.
pub const MAX_NESTING: usize = 100;

/// How many blocks may lie in one another, which is Python's own limit.
pub const MAX_INDENTATION: usize = 100;

/// How many arithmetic operators may follow one another in an expression and those around it.
pub const MAX_CHAIN: usize = 4_000;

/// What keeps a text from being parsed, with the bytes that it is about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) message: String,
}

/// What the scan found.
pub(crate) enum Scan {
    /// The text can be parsed.
    Parse,
    /// It can be parsed, and this is what is wrong with its brackets, which parsers say less clearly.
    Brackets(Fault),
    /// It nests too deep, or its strings end in a way that hides how deep it nests.
    Refuse(Fault),
}

/// Scans a text.
pub(crate) fn scan(text: &str) -> Scan {
    let mut scanner = Scanner::new(text);
    let stopped = scanner.run().err();
    let too_deep = scanner.too_deep.take();
    // What comes after a bracket that is wrong only seems to nest.
    let unclosed = if stopped.is_none() { scanner.unclosed() } else { None };
    let brackets = scanner.mismatch.take().or(unclosed);
    match (brackets, too_deep.or(stopped)) {
        (None, None) => Scan::Parse,
        (Some(fault), None) => Scan::Brackets(fault),
        (Some(fault), Some(_)) | (None, Some(fault)) => Scan::Refuse(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        match scan(text) {
            Scan::Refuse(fault) => fault.message,
            Scan::Parse | Scan::Brackets(_) => String::new(),
        }
    }

    #[test]
    fn what_real_code_has_passes() {
        for text in [
            format!("x = {}1\n", "a - -b * ~c + ".repeat(700)),
            format!("x = {}1\n", "not a and b != -1 or ".repeat(1_000)),
            format!("x = [{}]\n", "lambda a, b=-1: -a if b else -b, ".repeat(1_000)),
            format!("x = {{{}}}\n", "'a': -1 if x is not y else f(x)[0].a, ".repeat(1_000)),
            format!("x = '{}' # {}\n", "(".repeat(1_000), "[".repeat(1_000)),
            format!("x = f\"{}{{x:{{y}}}}\" f'''{{{{\n'''\n", "{{".repeat(1_000)),
            format!("if x:\n{}", "    f(-1, a=not b); g[-1:, ::-1]\n".repeat(1_000)),
            format!("x = {}\n", "a is not b is not c not in ".repeat(300) + "c"),
            format!("if x: pass\n{}", "elif x and (y): pass\n".repeat(3_000)),
            format!("x = '''{}'''\n", "(\n    ".repeat(500)),
        ] {
            assert!(matches!(scan(&text), Scan::Parse), "{}", &text[..60]);
        }
    }

    #[test]
    fn what_nests_too_deep_is_refused() {
        for unit in [
            "(",
            "[",
            "{",
            "f(",
            "a[",
            "-",
            "~",
            "+",
            "not ",
            "lambda: ",
            "lambda x=",
            "1**",
            "a if b else ",
            "await ",
            "*",
            "{1:",
            "f(a=",
            "yield ",
            "async ",
            "f'{",
            "(\n",
            "-\\\n",
            "a if ",
            "lambda \n",
            "lambda ☃",
            "else . ",
            "in ** ",
            "f(\n-",
        ] {
            let text = unit.repeat(100_000);
            let message = refused(&text);
            assert!(message.contains("deep") || message.contains("never closed"), "{unit:?}: {message:?}");
        }
        let closed = format!("x = {}{}", "(".repeat(100_000), ")".repeat(100_000));
        assert!(refused(&closed).contains("deep"));
        assert!(refused(&format!("f'{{x{}{}'", ":{x".repeat(200), "}".repeat(201))).contains("deep"));
        assert!(refused(&format!("match x:\n case 1{}", "-1".repeat(100_000))).contains("deep"));
        assert!(refused(&format!("x = a{}", " not".repeat(100_000))).contains("deep"));
        assert!(refused(&format!("x = a{}", ".b".repeat(100_000))).contains("deep"));
        assert!(refused(&format!("x = a{}", "()".repeat(100_000))).contains("deep"));
        assert!(refused(&"1 + ".repeat(100_000)).contains("in a row"));
        let blocks: String = (0..1_000).map(|depth| " ".repeat(depth) + "if x:\n").collect();
        assert!(refused(&blocks).contains("blocks"));
    }

    #[test]
    fn wrong_brackets_are_named() {
        let fault = |text: &str| match scan(text) {
            Scan::Brackets(fault) => (fault.start, fault.message),
            Scan::Parse | Scan::Refuse(_) => panic!("{text}"),
        };
        assert_eq!(fault("x = (1, 2\ny = 3\n"), (4, "`(` is never closed".to_owned()));
        assert_eq!(fault("x = (1, 2]\n"), (9, "`]` does not close `(`".to_owned()));
        assert_eq!(fault("x = 1)\n"), (5, "`)` closes no bracket".to_owned()));
        assert_eq!(refused(&format!("f(\n{}", "if not x: pass\n".repeat(500))), "`(` is never closed");
        assert_eq!(refused(&format!("f(]\n{}", "if not x: pass\n".repeat(500))), "`]` does not close `(`");
    }

    #[test]
    fn an_f_string_that_hides_what_follows_is_refused() {
        for text in ["f'{x\n'", "f'{'x}'\n", "f'x\n", "f'{x:\n}'", "f'}'", "f'''{x:''' }", "f'{x", "x = f'"] {
            assert_ne!(refused(text), "", "{text:?}");
        }
        for text in
            ["f'{x}'", "f'{x!r:>{w}}'", "f'''\n{x:\n}'''", "f'{\nx}'", "f'{f'{1}'}'", r"f'\N{DASH}{x}'"]
        {
            assert_eq!(refused(text), "", "{text:?}");
        }
    }
}
