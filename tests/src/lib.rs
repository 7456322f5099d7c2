//! What the tests of pyhw stand on: real tools as oracles ([`tools`]).
//!
//! *Input*: emitted designs, stimuli and expected values. *Output*: agreement, or what differs and where.
//! Guarantees are told by each module. It deliberately holds no test itself: those are under `tests/tests`.

pub mod tools;
