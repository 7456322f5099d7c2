//! Shows findings, counts them, and knows the exit code that they make.

use crate::args::{Color, Messages};
use crate::exit::Exit;
use crate::findings::Findings;
use crate::interrupt::AtOnce;
use crate::silence::Silence;
use crate::{json, render};
use pyhw_diagnostics::{Code, Diagnostic, FileId, Severity, Span};
use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::rc::Rc;

/// Where messages go. Its copies are one: what each shows and counts is shown and counted of all.
#[derive(Clone)]
pub struct Reporter {
    state: Rc<RefCell<State>>,
}

struct State {
    out: Box<dyn Write>,
    json: bool,
    colored: bool,
    deny_warnings: bool,
    silence: Silence,
    /// What was shown and with which weight, so that a block with several instances is told once.
    shown: HashMap<Shown, Severity>,
    errors: usize,
    warnings: usize,
    exit: Exit,
    always_sums_up: bool,
}

impl Reporter {
    /// Messages on stderr.
    pub fn new(messages: &Messages) -> Reporter {
        let colored = match messages.color {
            Color::Auto => std::io::stderr().is_terminal(),
            Color::Always => true,
            Color::Never => false,
        };
        Reporter::to(messages, colored, Box::new(std::io::stderr()))
    }

    fn to(messages: &Messages, colored: bool, out: Box<dyn Write>) -> Reporter {
        let state = State {
            out,
            json: messages.json,
            colored,
            deny_warnings: messages.deny_warnings,
            silence: Silence::default(),
            shown: HashMap::new(),
            errors: 0,
            warnings: 0,
            exit: Exit::Success,
            always_sums_up: false,
        };
        Reporter { state: Rc::new(RefCell::new(state)) }
    }

    /// Says how many findings there were even if there were none.
    pub fn always_sum_up(&mut self) {
        self.state.borrow_mut().always_sums_up = true;
    }

    /// Shows findings, unless they are silenced or were shown before.
    pub fn report(&mut self, findings: &Findings) {
        // Python hears of Ctrl-C only when it runs again, and there may be thousands.
        let _at_once = (!findings.diagnostics.is_empty()).then(AtOnce::begin);
        self.state.borrow_mut().report(findings);
    }

    /// A line that is no finding: what stops the command is not in the design.
    pub fn usage(&mut self, message: &str) -> Exit {
        let mut state = self.state.borrow_mut();
        let text = match state.json {
            true => json::remark(Severity::Error, message) + "\n",
            false => format!("error: {message}\n"),
        };
        state.write(&text);
        state.exit = state.exit.max(Exit::Usage);
        Exit::Usage
    }

    /// A line that is no finding: something is as it was asked for, and may still surprise.
    pub fn note(&mut self, message: &str) {
        let mut state = self.state.borrow_mut();
        let text = match state.json {
            true => json::remark(Severity::Note, message) + "\n",
            false => format!("note: {message}\n"),
        };
        state.write(&text);
    }

    /// A warning of Python's own, where messages are JSON: else Python writes it.
    pub fn python_warning(&mut self, message: &str, file: &str, line: u32) {
        self.state.borrow_mut().write(&(json::python_warning(message, file, line) + "\n"));
    }

    /// A line that is no finding and no fault.
    pub fn remark(&mut self, message: &str) {
        let mut state = self.state.borrow_mut();
        if !state.json {
            state.write(&format!("{message}\n"));
        }
    }

    /// The user stopped the command; it says where.
    pub fn interrupted(&mut self, message: &str) -> Exit {
        self.remark(message);
        let mut state = self.state.borrow_mut();
        state.exit = state.exit.max(Exit::Interrupted);
        Exit::Interrupted
    }

    /// Whether messages are JSON.
    pub fn is_json(&self) -> bool {
        self.state.borrow().json
    }

    /// Whether an error was shown.
    pub fn has_errors(&self) -> bool {
        self.state.borrow().errors > 0
    }

    /// Sums up, and gives the exit code.
    pub fn finish(&mut self) -> Exit {
        let mut state = self.state.borrow_mut();
        // What was interrupted did not see everything.
        let sums_up = state.always_sums_up && state.exit != Exit::Interrupted;
        if !state.json && (sums_up || state.errors + state.warnings > 0) {
            let text = format!("{}, {}\n", count(state.errors, "error"), count(state.warnings, "warning"));
            state.write(&text);
        }
        // Nobody is left to be told that stderr is closed.
        let _ = state.out.flush();
        state.exit
    }
}

/// What makes a finding the same as another one. Where else they point may differ: two blocks that build a third one declare its signals
/// in different places.
#[derive(PartialEq, Eq, Hash)]
enum Shown {
    /// One with a place.
    At {
        code: Code,
        /// The name of the file, since the numbers of files are those of one design.
        file: String,
        /// The place in it.
        span: Span,
        message: String,
        /// What stands at the place.
        label: String,
    },
    /// One without a place is what is read.
    Text(String),
}

impl Shown {
    fn of(finding: &Diagnostic, findings: &Findings, text: &str) -> Shown {
        let primary = &finding.primary;
        match findings.sources.get(primary.span.file) {
            Some(file) if primary.span.is_known() => Shown::At {
                code: finding.code,
                file: file.name.clone(),
                span: Span { file: FileId(0), ..primary.span },
                message: finding.message.clone(),
                label: primary.text.clone(),
            },
            _ => Shown::Text(text.to_owned()),
        }
    }
}

impl State {
    fn report(&mut self, findings: &Findings) {
        for finding in &findings.diagnostics {
            if !self.silence.covers(finding, &findings.sources) {
                self.show(finding, findings);
            }
        }
    }

    fn show(&mut self, finding: &Diagnostic, findings: &Findings) {
        let mut finding = finding.clone();
        if self.deny_warnings && finding.severity == Severity::Warning {
            finding.severity = Severity::Error;
        }
        let text = match self.json {
            true => json::line(&finding, &findings.sources) + "\n",
            // A blank line keeps findings apart.
            false => render::render(&finding, &findings.sources, self.colored) + "\n",
        };
        let shown = Shown::of(&finding, findings, &text);
        if self.shown.get(&shown).is_some_and(|weight| *weight >= finding.severity) {
            return;
        }
        self.write(&text);
        self.shown.insert(shown, finding.severity);
        match finding.severity {
            Severity::Bug | Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Note => {}
        }
        self.exit = self.exit.max(Exit::of(&finding));
    }

    fn write(&mut self, text: &str) {
        let _ = self.out.write_all(text.as_bytes());
    }
}

fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_diagnostics::Sources;

    #[derive(Clone, Default)]
    struct Shared(Rc<RefCell<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn run(messages: &Messages) -> (Exit, String) {
        let mut sources = Sources::new();
        let file = sources.add("a.py", "x = 1\ny = 2  # pyhw: ignore[PH0313]\n");
        let at = |line| Diagnostic::new(Code::PH0313, Span::new(file, (line, 0), (line, 1)), "may not fit");
        let out = Shared::default();
        let mut reporter = Reporter::to(messages, false, Box::new(out.clone()));
        reporter.report(&Findings::new(&sources, vec![at(1), at(2), at(1)]));
        let exit = reporter.finish();
        (exit, String::from_utf8(out.0.take()).unwrap())
    }

    #[test]
    fn a_finding_is_shown_once_unless_it_is_silenced() {
        let (exit, text) = run(&Messages::default());
        assert_eq!(exit, Exit::Success);
        insta::assert_snapshot!(text, @r#"
warning[PH0313]: may not fit
 --> a.py:1:1
  |
1 | x = 1
  | ^

0 errors, 1 warning
"#);
    }

    #[test]
    fn a_finding_that_points_elsewhere_as_well_is_the_same() {
        let mut sources = Sources::new();
        let file = sources.add("a.py", "x = 1\ny = 2\nz = 3\n");
        let at = |line| Span::new(file, (line, 0), (line, 1));
        let of = |line| Diagnostic::new(Code::PH0313, at(1), "may not fit").label(at(line), "declared here");
        let out = Shared::default();
        let mut reporter = Reporter::to(&Messages::default(), false, Box::new(out.clone()));
        reporter.report(&Findings::new(&sources, vec![of(2), of(3)]));
        reporter.report(&Findings::new(&sources, vec![of(2).severity(Severity::Error)]));
        reporter.finish();
        let text = String::from_utf8(out.0.take()).unwrap();
        assert!(text.ends_with("1 error, 1 warning\n"), "{text}");
    }

    #[test]
    fn what_was_interrupted_is_not_summed_up() {
        let out = Shared::default();
        let mut reporter = Reporter::to(&Messages::default(), false, Box::new(out.clone()));
        reporter.always_sum_up();
        assert_eq!(reporter.interrupted("interrupted"), Exit::Interrupted);
        assert_eq!(reporter.finish(), Exit::Interrupted);
        assert_eq!(String::from_utf8(out.0.take()).unwrap(), "interrupted\n");
    }

    #[test]
    fn denied_warnings_are_errors() {
        let (exit, text) = run(&Messages { deny_warnings: true, ..Messages::default() });
        assert_eq!(exit, Exit::DesignError);
        assert!(text.starts_with("error[PH0313]") && text.ends_with("1 error, 0 warnings\n"), "{text}");
    }

    #[test]
    fn json_has_nothing_but_objects() {
        let (_, text) = run(&Messages { json: true, ..Messages::default() });
        assert_eq!(text.lines().count(), 1);
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }
}
