//! The program `pyhw` from outside: what its commands print and write, and how they end.

mod emit;
mod findings;
#[cfg(unix)]
mod interrupts;
mod simulate;
mod support;
mod usage;
