//! What the tests of pyhw stand on: real tools as oracles ([`tools`]), the program itself ([`program`]),
//! and which designs a run takes ([`selection`]).
//!
//! *Input*: emitted designs, stimuli and expected values. *Output*: agreement, or what differs and where.
//! Guarantees are told by each module. It deliberately holds no test of pyhw: those are under `tests/tests`.

pub mod differential;
pub mod fuzz;
pub mod generate;
pub mod program;
pub mod selection;
pub mod tools;
