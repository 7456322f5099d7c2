//! The same design in every engine and every target: which of them disagree.
//!
//! *Input*: designs with what drives them ([`Subject`]): random ones of [`crate::generate`], texts of IR, tables of operators
//! ([`exhaustive`]). *Output*: for each judge ([`Judge`]) and subject agreement, or what differs ([`Failure`]); a smaller
//! design that shows the same fault ([`reduce`]). *Guarantees*: the kernel with the evaluator is the oracle; subjects share
//! the runs of tools; the same subjects give the same results. *Deliberately not here*: which subjects a test run
//! takes (the test's main function decides it).

pub mod check;
mod emit;
pub mod exhaustive;
pub mod ports;
pub mod python;
pub mod reduce;
pub mod stimulus;
pub mod subject;

pub use check::{Failure, FailureKind, Judge};
pub use emit::{dut, stimulus as to_stimulus};
pub use ports::Ports;
pub use reduce::{Limit, reduce};
pub use subject::{Form, Subject};
