//! What can go wrong while a design runs, as data.

use crate::types::Range;
use crate::{Int, op::Op};
use pyhw_diagnostics::{Code, Span};
use std::fmt;
use std::sync::Arc;

/// Something that went wrong while a design ran: what, and where in its source. When, and in which process, the kernel adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What went wrong.
    pub kind: Box<FaultKind>,
    /// Where; [`Span::NONE`] where no source is known.
    pub span: Span,
    /// The values of what it depends on, by name, where it does not tell of them itself.
    pub values: Vec<(String, String)>,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A value outside the interval of what it is stored into.
    Range {
        /// The net or variable; `None` for a `check` within an expression.
        target: Option<String>,
        /// What the target holds.
        range: Range,
        /// What was to be stored.
        value: Int,
    },
    /// A value that a slice of this width cannot take: it holds 0 to 2^width − 1.
    SliceRange {
        /// The net or variable.
        target: String,
        /// The slice's lowest bit.
        low: u32,
        /// The width in bits.
        width: u32,
        /// What was to be stored.
        value: Int,
    },
    /// An index outside an array.
    Index {
        /// How many elements there are.
        length: usize,
        /// The index.
        index: Int,
    },
    /// A division by zero.
    Division,
    /// A shift, power, bit index or slice with a negative amount.
    Negative {
        /// The operator's mnemonic.
        op: &'static str,
        /// The amount.
        amount: Int,
    },
    /// A wait for a negative, or an impossibly long, time.
    Delay {
        /// The steps.
        steps: Int,
    },
    /// A result with more bits than any machine could keep.
    TooLarge {
        /// The operator's mnemonic.
        op: &'static str,
    },
    /// Another integer than 0 or 1 where a boolean is needed.
    NotBoolean {
        /// The integer.
        value: Int,
    },
    /// A code that no member of the enum has.
    NoMember {
        /// The enum.
        of: String,
        /// The code.
        code: Int,
    },
    /// A variable was read before anything was assigned to it.
    Unset {
        /// The variable.
        variable: String,
    },
    /// `Z` where a value is needed.
    Undriven,
    /// A format specification that does not fit its value.
    Format {
        /// The class of Python's exception for it.
        exception: &'static str,
        /// Python's text.
        message: String,
    },
    /// The deltas of one time do not end.
    Endless {
        /// The nets that keep changing.
        nets: Vec<String>,
        /// The processes that keep running, with their places.
        processes: Vec<(String, Span)>,
    },
    /// An assertion that did not hold.
    Assertion {
        /// Its text, if it has one.
        message: Option<Arc<str>>,
    },
    /// An exception that the design raised.
    Raise {
        /// Its class.
        exception: String,
        /// Its text.
        message: Option<Arc<str>>,
    },
    /// pyhw itself is wrong: IR that breaks a rule of the verifier, or a `refine` that does not hold.
    Internal {
        /// What was found.
        message: String,
    },
}

impl Fault {
    /// A fault whose place is not known yet.
    pub fn new(kind: FaultKind) -> Fault {
        Fault { kind: Box::new(kind), span: Span::NONE, values: Vec::new() }
    }

    /// With the values of what it depends on, by name.
    pub fn showing(mut self, values: Vec<(String, String)>) -> Fault {
        self.values = values;
        self
    }

    /// A fault of pyhw itself.
    pub fn internal(message: impl Into<String>) -> Fault {
        Fault::new(FaultKind::Internal { message: message.into() })
    }

    /// An operand or a statement that is not of the kind that the operator takes.
    pub(super) fn ill_typed(op: &Op) -> Fault {
        Fault::internal(format!("`{}` was given an operand of a wrong kind", op.info().mnemonic))
    }

    /// Says where it happened, unless that is known already.
    pub fn at(mut self, span: Span) -> Fault {
        if !self.span.is_known() {
            self.span = span;
        }
        self
    }

    /// The code of the finding that it becomes.
    pub fn code(&self) -> Code {
        match *self.kind {
            FaultKind::Range { .. } | FaultKind::SliceRange { .. } | FaultKind::Index { .. } => Code::PH0601,
            FaultKind::Assertion { .. } => Code::PH0602,
            FaultKind::Division
            | FaultKind::Negative { .. }
            | FaultKind::Delay { .. }
            | FaultKind::TooLarge { .. }
            | FaultKind::NotBoolean { .. }
            | FaultKind::NoMember { .. }
            | FaultKind::Unset { .. }
            | FaultKind::Undriven
            | FaultKind::Format { .. }
            | FaultKind::Raise { .. } => Code::PH0603,
            FaultKind::Endless { .. } => Code::PH0604,
            FaultKind::Internal { .. } => Code::PH9999,
        }
    }

    /// The exception that MyHDL on Python raises for it: class and text.
    pub fn exception(&self) -> (&str, String) {
        match &*self.kind {
            FaultKind::Range { range, value, .. } => {
                let text = match (&range.min, &range.max) {
                    (Some(min), _) if value < min => format!("intbv value {value} < minimum {min}"),
                    (_, Some(max)) => format!("intbv value {value} >= maximum {}", max.add(&Int::ONE)),
                    (_, None) => format!("intbv value {value} out of range"),
                };
                ("ValueError", text)
            }
            FaultKind::SliceRange { value, .. } if value.is_negative() => {
                // MyHDL goes on where the whole holds negative numbers, with every bit above the slice set.
                ("ValueError", format!("intbv value {value} < minimum 0"))
            }
            FaultKind::SliceRange { low, width, value, .. } => {
                let bounds = format!("            i, j, v == {}, {low}, {value}", low + width);
                ("ValueError", format!("intbv[i:j] = v abs(v) too large\n{bounds}"))
            }
            FaultKind::Index { .. } => ("IndexError", "list index out of range".into()),
            FaultKind::Division => ("ZeroDivisionError", "integer division or modulo by zero".into()),
            FaultKind::Negative { .. } => ("ValueError", "negative shift count".into()),
            FaultKind::Delay { .. } => {
                ("TypeError", "arg of delay constructor should be a natural integer".into())
            }
            FaultKind::TooLarge { .. } => ("OverflowError", self.to_string()),
            FaultKind::NotBoolean { value } => {
                ("ValueError", format!("Expected boolean value, got {value} (<class 'int'>)"))
            }
            FaultKind::NoMember { .. } => ("ValueError", self.to_string()),
            FaultKind::Unset { variable } => (
                "UnboundLocalError",
                format!("cannot access local variable '{variable}' where it is not associated with a value"),
            ),
            FaultKind::Undriven => ("TypeError", self.to_string()),
            FaultKind::Endless { .. } => ("RuntimeError", self.to_string()),
            FaultKind::Format { exception, message } => (exception, message.clone()),
            FaultKind::Assertion { message } => {
                ("AssertionError", message.as_deref().unwrap_or_default().to_owned())
            }
            FaultKind::Raise { exception, message } => {
                (exception, message.as_deref().unwrap_or_default().to_owned())
            }
            FaultKind::Internal { message } => ("SystemError", message.clone()),
        }
    }
}

/// One line, no full stop, names in backquotes.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.kind {
            FaultKind::Range { target, range, value } => {
                match target {
                    Some(target) => write!(f, "{value} does not fit into `{target}`, which holds ")?,
                    None => write!(f, "{value} is out of range, which is ")?,
                }
                match (&range.min, &range.max) {
                    (Some(min), Some(max)) => write!(f, "{min} to {max}"),
                    (Some(min), None) => write!(f, "{min} and more"),
                    (None, Some(max)) => write!(f, "{max} and less"),
                    (None, None) => write!(f, "every integer"),
                }
            }
            FaultKind::SliceRange { target, width, value, .. } => {
                write!(f, "{value} does not fit into a slice of {width} bits of `{target}`")
            }
            FaultKind::Index { length, index } => {
                write!(f, "index {index} is out of range: there are {length} elements")
            }
            FaultKind::Division => f.write_str("division by zero"),
            FaultKind::Negative { op, amount } => {
                let what = match *op {
                    "shl" => "the amount of `<<`",
                    "shr" => "the amount of `>>`",
                    "pow" => "the exponent of `**`",
                    _ => "the place of a bit",
                };
                write!(f, "{what} is negative: {amount}")
            }
            FaultKind::Delay { steps } => {
                write!(f, "{steps} is no delay: it must be a natural number of steps")
            }
            FaultKind::TooLarge { op } => write!(f, "the result of `{op}` is too large"),
            FaultKind::NotBoolean { value } => write!(f, "{value} is neither 0 nor 1"),
            FaultKind::NoMember { of, code } => write!(f, "no member of `{of}` has the code {code}"),
            FaultKind::Unset { variable } => {
                write!(f, "`{variable}` is read before anything is assigned to it")
            }
            FaultKind::Undriven => f.write_str("an undriven signal has no value"),
            FaultKind::Endless { nets, .. } => {
                const SHOWN: usize = 8;
                f.write_str("time stands still")?;
                let shown: Vec<String> = nets.iter().take(SHOWN).map(|net| format!("`{net}`")).collect();
                match (nets.len(), shown.join(", ")) {
                    (0, _) => Ok(()),
                    (1, name) => write!(f, ": {name} keeps changing"),
                    (2..=SHOWN, names) => write!(f, ": {names} keep changing"),
                    (all, names) => write!(f, ": {names} and {} more keep changing", all - SHOWN),
                }
            }
            FaultKind::Format { message, .. } => f.write_str(message),
            FaultKind::Assertion { message: None } => f.write_str("the assertion does not hold"),
            FaultKind::Assertion { message: Some(text) } => write!(f, "the assertion does not hold: {text}"),
            FaultKind::Raise { exception, message: None } => f.write_str(exception),
            FaultKind::Raise { exception, message: Some(text) } => write!(f, "{exception}: {text}"),
            FaultKind::Internal { message } => f.write_str(message),
        }
    }
}

impl std::error::Error for Fault {}
