//! Analyses and transformations of the IR.
//!
//! *Input*: a verified design. *Output*: facts about it, or an equivalent design. *Guarantees*: every transformation keeps the
//! design valid and its observable behaviour, which tests check with the verifier and the evaluator; [`tristate`] alone, which is for
//! targets without a third value, gives values where the evaluator has a fault. *Deliberately not here*: anything that knows a target
//! language or Python.

pub mod clocked;
pub mod dataflow;
pub mod facts;
pub mod flatten;
mod gather;
mod idle;
pub mod manager;
mod memories;
pub mod narrow;
pub mod schedule;
pub mod structure;
pub mod tristate;
pub mod turns;

pub use clocked::{clocked, registers};
pub use dataflow::{Dataflow, dataflow};
pub use facts::{Driver, ModuleFacts, first_read, read_nets, restored_nets, tested_level, written_nets};
pub use flatten::flatten;
pub use gather::gather;
pub use idle::without_idle;
pub use manager::{PASSES, Pass, PassOption, Pipeline, PipelineError, Step};
pub use narrow::{NarrowOptions, narrow};
pub use schedule::{
    AsyncReset, Clocking, CombLoop, Domain, LoopStep, Schedule, Settle, clocking, nets_in_loops,
    reads_behind_its_stores, schedule,
};
pub use structure::{drive_apart, has_write_ports, structure};
pub use tristate::tristate;
pub use turns::{is_bounded, most_turns};
