//! Diagnostics as data: where in the sources something is, and what is to be said about it.
//!
//! *Input*: source files and findings of every phase. *Output*: [`Diagnostic`] values that the command line
//! renders. *Guarantees*: a [`Span`] can be shown without its file's text (it carries line and column); codes
//! are never reused; every code has a title, an explanation, a failing and a mended example.
//! *Deliberately not here*: rendering, colours, exit codes, I/O.

mod code;
mod examples;
mod nearest;
mod source;

pub use code::{Code, Example, Info};
pub use nearest::nearest;
pub use source::{FileId, Pos, SourceFile, Sources, Span};

use std::fmt;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; never stops anything.
    Note,
    /// Probably not meant; an error under `--deny-warnings`.
    Warning,
    /// The design cannot be used as asked.
    Error,
    /// A fault of pyhw itself, never of the user's design.
    Bug,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
            Severity::Bug => "bug",
        })
    }
}

/// A place in the sources with what is to be said at it (which may be nothing).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is said there; may be empty.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of finding; `pyhw explain` tells more.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// One line, no full stop, names in backquotes.
    pub message: String,
    /// The place that it is about.
    pub primary: Label,
    /// Further places that explain it.
    pub labels: Vec<Label>,
    /// Facts that belong to it.
    pub notes: Vec<String>,
    /// What the user can do.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A finding with the severity that its code has by default.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.info().severity,
            message: message.into(),
            primary: Label { span, text: String::new() },
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    /// A fault of pyhw itself.
    pub fn bug(span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Code::PH9999, span, message)
    }

    /// Sets what is said at the primary place.
    pub fn at(mut self, text: impl Into<String>) -> Diagnostic {
        self.primary.text = text.into();
        self
    }

    /// Adds a further place. A span that points nowhere is left out.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        if span.is_known() {
            self.labels.push(Label { span, text: text.into() });
        }
        self
    }

    /// Adds a fact.
    pub fn note(mut self, text: impl Into<String>) -> Diagnostic {
        self.notes.push(text.into());
        self
    }

    /// Adds advice.
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help.push(text.into());
        self
    }

    /// Gives it another weight than its code's own.
    pub fn severity(mut self, severity: Severity) -> Diagnostic {
        self.severity = severity;
        self
    }

    /// Whether it stops what the user asked for.
    pub fn is_error(&self) -> bool {
        self.severity >= Severity::Error
    }
}

/// Whether any of these findings stops what the user asked for.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}
