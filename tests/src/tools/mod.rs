//! Real tools as test oracles: simulators, synthesis, compilers and emulators.
//!
//! *Input*: emitted designs as plain data ([`Dut`]: file texts and the list of ports) and for each of them a
//! [`Stimulus`] (input values and clock edges). *Output*: for each design its [`Trace`] (the outputs after each step,
//! bit by bit, X and Z included) or a [`ToolError`] that carries what the tool said.
//!
//! Guarantees: results stand in the order of the designs; one design's fault never costs another one its result;
//! every program that is started has a time limit; a warning on an emitted file is an error; the same input gives the
//! same result. Many designs share one run of a tool: one Icarus and one Verilator model, one GHDL elaboration, one
//! program image for each processor. Where a shared run fails as a whole, the designs in it are run in smaller groups
//! until each fault stands alone.
//!
//! What it deliberately does not do: it knows neither the IR nor the back-ends (names in a [`Dut`] are those of the
//! *emitted* text, so a caller makes one [`Dut`] for each language); it reads no environment variable except `PATH`;
//! it does not install tools (`tests/tools.sh` does).
//!
//! # What one step means
//!
//! 1. All inputs of the step change at the same instant; the design settles.
//! 2. The edges of the step happen one after the other; the design settles after each.
//! 3. All outputs are sampled.
//!
//! Before the first step the inputs hold [`Port::init`] and the clocks their idle level, and have done so since before
//! time zero, so that no edge is seen at time zero. The design has settled once under these values. (In Verilog an
//! input that is not [`Port::edge_sensitive`] goes from X to its initial value at time zero, as it does in a usual test
//! bench; `always @*` would otherwise never run.)
//!
//! Bit 0 is the least significant; signed values are compared as bit patterns.

mod bits;
mod c_driver;
mod c_run;
mod c_targets;
mod cppcheck;
mod dut;
mod find;
mod ghdl;
mod icarus;
mod process;
mod runner;
mod share;
mod simavr;
mod stimulus;
mod trial;
mod verilator;
mod verilog;
mod yosys;

pub use bits::Bits;
pub use c_run::{avr_c, cortex_m0_c, host_c, riscv_c};
pub use c_targets::HostMode;
pub use cppcheck::{Checks, cppcheck};
pub use dut::{CEdge, CField, CInterface, CLayout, Clock, Dut, Port, PortKind};
pub use find::{Missing, MissingTools, Tool, Tools};
pub use ghdl::{Std, ghdl};
pub use icarus::icarus;
pub use process::{ToolError, ToolErrorKind};
pub use runner::{Disagreement, Language, Runner, agree};
pub use stimulus::{Difference, Edge, Step, Stimulus, Trace};
pub use trial::trial;
pub use verilator::{verilator, verilator_lint};
pub use yosys::yosys_synth;
