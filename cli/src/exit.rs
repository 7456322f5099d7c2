//! Exit codes.

use pyhw_diagnostics::{Code, Diagnostic, Severity};

/// Shown below the help.
pub const EXIT_CODES: &str = "\
Exit codes:
  0    success
  1    a check of the design failed while it ran: assertion, range, exception
  2    bad usage, or something that is needed is not there
  3    an error in the design
  4    a fault of pyhw itself
  130  interrupted
A FILE that ends itself with sys.exit(N) gives N.";

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// As asked.
    Success,
    /// The design failed a check while it ran.
    CheckFailed,
    /// Bad usage; a file that cannot be read or written; a tool that is missing.
    Usage,
    /// The design has an error.
    DesignError,
    /// pyhw is wrong.
    Internal,
    /// Stopped by the user.
    Interrupted,
    /// The file ended itself.
    File(u8),
}

impl Exit {
    /// The code that the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Exit::Success => 0,
            Exit::CheckFailed => 1,
            Exit::Usage => 2,
            Exit::DesignError => 3,
            Exit::Internal => 4,
            Exit::Interrupted => 130,
            Exit::File(code) => code,
        }
    }

    /// What a finding makes of a command.
    pub fn of(finding: &Diagnostic) -> Exit {
        match (finding.severity, finding.code) {
            (Severity::Bug, _) => Exit::Internal,
            (Severity::Error, Code::PH0601 | Code::PH0602 | Code::PH0603 | Code::PH0604) => Exit::CheckFailed,
            // A file that is not there, or cannot be read, is no design yet: then there is no place in it either.
            (Severity::Error, Code::PH0101) if !finding.primary.span.is_known() => Exit::Usage,
            (Severity::Error, _) => Exit::DesignError,
            (Severity::Note | Severity::Warning, _) => Exit::Success,
        }
    }

    /// The weightier one of two: internal faults outweigh errors in the design, and these failed checks.
    pub fn max(self, other: Exit) -> Exit {
        let weight = |exit: Exit| match exit {
            Exit::Success => 0,
            Exit::File(_) => 1,
            Exit::CheckFailed => 2,
            Exit::DesignError => 3,
            Exit::Usage => 4,
            Exit::Interrupted => 5,
            Exit::Internal => 6,
        };
        if weight(other) > weight(self) { other } else { self }
    }
}
