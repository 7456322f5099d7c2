//! Faults with their time and process, and the findings that they become.

use pyhw_diagnostics::Diagnostic;
use pyhw_ir::eval::{Fault, FaultKind};
use std::fmt;

/// So many processes that keep running are shown.
const SHOWN_PROCESSES: usize = 6;

/// A fault of a running design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimFault {
    /// What went wrong, and where in the source.
    pub fault: Fault,
    /// The names from the top module to the process, with dots between them; empty if it was in none.
    pub process: String,
    /// When, in steps.
    pub time: u64,
}

impl SimFault {
    /// The finding that it becomes.
    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = match *self.fault.kind {
            FaultKind::Internal { .. } => Diagnostic::bug(self.fault.span, self.fault.to_string()),
            _ => Diagnostic::new(self.fault.code(), self.fault.span, self.fault.to_string()),
        };
        let diagnostic = match &*self.fault.kind {
            FaultKind::Endless { nets, processes } => {
                let diagnostic = processes.iter().take(SHOWN_PROCESSES).fold(diagnostic, |found, (path, span)| {
                    let text = format!("`{path}` runs again and again");
                    if found.primary.span == *span { found.at(text) } else { found.label(*span, text) }
                });
                diagnostic.help(match nets.is_empty() {
                    true => "let it wait for a time of its own, not for the same one again",
                    false => "let a register or a delay stand somewhere on the way from these signals back to them",
                })
            }
            FaultKind::Range { .. } => diagnostic.help(
                "if such values come, widen what is to hold them, or let it wrap with `Mod[n]` or `modbv`; else look for where the value comes from",
            ),
            _ => diagnostic,
        };
        let diagnostic = match values_note(&self.fault.values) {
            Some(note) => diagnostic.note(note),
            None => diagnostic,
        };
        match self.process.is_empty() {
            true => diagnostic.note(format!("at time {}", self.time)),
            false => diagnostic.note(format!("at time {} in process `{}`", self.time, self.process)),
        }
    }
}

/// What is told of values, by name: "`x` is 3, `d` is 2"; none of none.
pub fn values_note(values: &[(String, String)]) -> Option<String> {
    let told: Vec<String> = values.iter().map(|(name, value)| format!("`{name}` is {value}")).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

impl fmt::Display for SimFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at time {}", self.fault, self.time)?;
        if !self.process.is_empty() {
            write!(f, " in process `{}`", self.process)?;
        }
        f.write_str(")")
    }
}

impl std::error::Error for SimFault {}
