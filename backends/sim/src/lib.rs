//! The event kernel: runs designs as MyHDL does.
//!
//! *Input*: verified designs, stores from outside, host code for the processes that cannot be compiled. *Output*: values of nets,
//! texts and waves in the order of events, [`Outcome`]s. *Guarantees*: the semantics of [`pyhw_ir`], and within them MyHDL 0.11's
//! order of everything that can be seen: the same design gives the same run on every machine. No panic, whatever the design.
//! *Deliberately not here*: what a statement does ([`pyhw_ir::eval`]), Python, files (sinks take what is written).
//!
//! # A run
//! [`Simulation::run`] drives a [`Host`]; where host code must see the simulation while it runs, and cannot borrow it,
//! [`Simulation::advance`] returns with each piece of host code that is due, and [`Simulation::resumed`] takes its result.
//!
//! # Order
//! At time zero every process is due, in the order of [`Flat::processes`]; then what resolves tri-state nets. What is due last
//! runs first. A process that is not timed waits for its events again at the end of each activation. An update takes the nets
//! in the order in which they were first stored into, and makes due, net by net, those who wait for any change, then those who
//! wait for the edge, in the order in which they began to wait. Delays that end at the same time do so in the order in
//! which they began.

mod cycles;
mod engine;
mod fault;
mod flat;
mod host;
mod outcome;
mod schedule;
mod simulation;
mod state;
pub mod wave;

pub use cycles::Cycles;
pub use engine::{Activity, Engine, Evaluator, Request, Stop};
pub use fault::{SimFault, values_note};
pub use flat::{Flat, FlatInstance, FlatKind, FlatNet, FlatProcess, NetIndex, Variant, flatten};
pub use host::{
    Activation, Contention, Host, HostFault, HostStep, HostWait, NoHost, NoOpaques, NoText, Opaques, TextSink,
};
pub use outcome::{Options, Outcome, Pause, Unwritten};
pub use schedule::Trigger;
pub use simulation::Simulation;
pub use state::State;
