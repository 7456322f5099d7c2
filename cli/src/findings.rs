//! Findings together with the texts that they point into.

use pyhw_diagnostics::{Code, Diagnostic, Severity, Sources, Span, has_errors};

/// Findings of one design, or of one file.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// What their spans point into.
    pub sources: Sources,
    /// In the order in which they are shown.
    pub diagnostics: Vec<Diagnostic>,
}

impl Findings {
    /// A finding that has no place.
    pub fn one(code: Code, message: impl Into<String>) -> Findings {
        Findings::from(Diagnostic::new(code, Span::NONE, message))
    }

    /// A fault of pyhw itself.
    pub fn bug(message: impl Into<String>) -> Findings {
        Findings::from(Diagnostic::bug(Span::NONE, message))
    }

    /// Findings that point into these sources.
    pub fn new(sources: &Sources, diagnostics: Vec<Diagnostic>) -> Findings {
        Findings { sources: sources.clone(), diagnostics }
    }

    /// Whether any of them stops what the user asked for.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }

    /// Errors weigh no more than warnings from here on; faults of pyhw itself stay what they are.
    pub fn weakened(mut self) -> Findings {
        for diagnostic in &mut self.diagnostics {
            diagnostic.severity = match diagnostic.severity {
                Severity::Error => Severity::Warning,
                other => other,
            };
        }
        self
    }
}

impl From<Diagnostic> for Findings {
    fn from(diagnostic: Diagnostic) -> Findings {
        Findings { sources: Sources::new(), diagnostics: vec![diagnostic] }
    }
}

/// What an error of the operating system becomes: its text without the number.
pub fn of_error(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}
