//! `pyhw explain`.

use super::Done;
use crate::args::Explain;
use crate::emission::refusing;
use crate::report::Reporter;
use crate::{json, stdout};
use pyhw_diagnostics::{Code, Severity};
use std::fmt::Write;

/// The width to which prose is wrapped.
const WIDTH: usize = 80;

pub fn run(args: &Explain, reporter: &mut Reporter) -> Done<()> {
    let Some(name) = &args.code else {
        let each = |code: &Code| format!("{}\n", json::explanation(*code));
        return stdout::write(&if reporter.is_json() {
            Code::ALL.iter().map(each).collect()
        } else {
            list()
        });
    };
    match code_named(name.trim()) {
        Some(code) if reporter.is_json() => stdout::write(&format!("{}\n", json::explanation(code))),
        Some(code) => stdout::write(&explanation(code)),
        None => Err(reporter.usage(&format!("there is no code `{name}`; `pyhw explain` lists all of them"))),
    }
}

/// The code of this name, or of its number alone (`312`).
fn code_named(name: &str) -> Option<Code> {
    let number =
        name.get(..2).filter(|letters| letters.eq_ignore_ascii_case("ph")).map_or(name, |_| &name[2..]);
    Code::parse(&format!("PH{number:0>4}"))
}

fn list() -> String {
    let mut text = String::new();
    for code in Code::ALL {
        let info = code.info();
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{code}  {:<7}  {}", info.severity.to_string(), info.title);
    }
    text
}

fn explanation(code: Code) -> String {
    let info = code.info();
    let mut text = format!("{}[{code}]: {}\n\n", info.severity, info.title);
    for paragraph in info.text.split("\n\n") {
        text.push_str(&wrapped(paragraph));
        text.push('\n');
    }
    if let Some(example) = info.example {
        let _ = write!(
            text,
            "`pyhw {}` tells it of\n\n{}\nand not of\n\n{}",
            example.command,
            indented(example.failing),
            indented(example.mended)
        );
    }
    let refusing = refusing(code);
    if let Some((last, others)) = refusing.split_last() {
        let languages = match others {
            [] => (*last).to_owned(),
            _ => format!("{} and {last}", others.join(", ")),
        };
        let _ = write!(
            text,
            "\n{}",
            wrapped(&format!(
                "`pyhw check` warns of it, and `pyhw emit` makes an error of it for {languages}."
            ))
        );
    }
    if info.severity == Severity::Warning {
        let warning = if refusing.is_empty() { "it" } else { "the warning" };
        let _ = write!(text, "\nA comment on its line silences {warning}: `# pyhw: ignore[{code}]`.\n");
    }
    text
}

fn wrapped(paragraph: &str) -> String {
    let mut text = String::new();
    let mut column = 0;
    for word in paragraph.split_whitespace() {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > WIDTH {
            text.push('\n');
            column = 0;
        }
        if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += width;
    }
    text.push('\n');
    text
}

fn indented(code: &str) -> String {
    let mut text = String::new();
    for line in code.trim_matches('\n').lines() {
        if !line.is_empty() {
            text.push_str("    ");
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_and_explained() {
        assert_eq!(list().lines().count(), Code::ALL.len());
        for &code in Code::ALL {
            let text = explanation(code);
            assert!(text.contains(code.info().title), "{code}");
            assert_eq!(text.contains("silences"), code.info().severity == Severity::Warning, "{code}");
        }
    }

    #[test]
    fn what_is_explained_shows_how_it_fails_and_how_that_is_mended() {
        for &code in Code::ALL {
            let text = explanation(code);
            let Some(example) = code.info().example else {
                assert_eq!(code.info().severity, Severity::Bug, "{code} has no example");
                continue;
            };
            let (failing, mended) = (indented(example.failing), indented(example.mended));
            assert!(!failing.is_empty() && !mended.is_empty() && failing != mended, "{code}");
            let (_, behind) =
                text.split_once(&format!("`pyhw {}` tells it of\n\n", example.command)).unwrap();
            let behind = behind.strip_prefix(&*failing).unwrap_or_else(|| panic!("{code}: {behind}"));
            let behind =
                behind.strip_prefix("\nand not of\n\n").unwrap_or_else(|| panic!("{code}: {behind}"));
            assert!(behind.starts_with(&*mended), "{code}: {behind}");
            let json: serde_json::Value = serde_json::from_str(&json::explanation(code)).unwrap();
            assert_eq!(
                (&json["failing"], &json["mended"]),
                (&example.failing.into(), &example.mended.into())
            );
        }
    }

    #[test]
    fn what_is_refused_in_emission_is_said_where_it_is_explained() {
        let said = |code| explanation(code).replace('\n', " ");
        let refused = "`pyhw check` warns of it, and `pyhw emit` makes an error of it for";
        assert!(said(Code::PH0404).contains(&format!("{refused} Verilog and VHDL.")));
        assert!(said(Code::PH0401).contains(&format!("{refused} Verilog, VHDL and C.")));
        assert!(
            said(Code::PH0204).contains("an error of it")
                == (Code::PH0204.info().severity == Severity::Warning)
        );
        assert!(!said(Code::PH0313).contains("an error of it"));
    }

    #[test]
    fn the_number_of_a_code_is_enough() {
        for name in ["PH0312", "ph0312", "312", "0312", "ph312"] {
            assert_eq!(code_named(name), Some(Code::PH0312), "{name}");
        }
        for name in ["", "ph", "12", "00312", "é12", "+312"] {
            assert_eq!(code_named(name), None, "{name}");
        }
    }

    #[test]
    fn prose_is_wrapped_and_code_is_not() {
        let text = wrapped(&"word ".repeat(40));
        assert!(text.lines().count() == 3 && text.lines().all(|line| line.len() <= WIDTH));
        assert_eq!(indented("\ndef f():\n\n    pass\n"), "    def f():\n\n        pass\n");
    }
}
