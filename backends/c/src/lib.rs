//! Designs as freestanding C.
//!
//! *Input*: a verified design. *Output*: `NAME.h` and `NAME.c` in C99 with `<stdbool.h>` and `<stdint.h>` only: a struct with
//! inputs, outputs, registers and nets; `NAME_init`; a function for each clock edge (`NAME_step`, or `NAME_step_CLOCK` where
//! there are several); `NAME_settle` where inputs reach outputs without a clock edge. *Guarantees*: no heap, no recursion, no loop
//! without a fixed bound, no undefined or implementation-defined behaviour with an `int` of 16, 32 or 64 bits; registers are
//! changed in place, and an old value is copied only where something still reads it; what C cannot say is an error with its
//! place, never a wrong file. *Deliberately not here*: simulation time, processes that wait, tri-state ports, checks of ranges
//! (the simulation makes them), files.
//!
//! The hierarchy becomes one module, and a bus inside it a value with a bit that tells whether it is driven. Values lie in the smallest type that holds them; integers of more than 64 bits are
//! arrays of `uint32_t`, the least significant limb first.

mod bounds;
mod cexpr;
mod cond;
mod convert;
mod expr;
mod file;
mod func;
mod interface;
mod layout;
mod plan;
mod process;
mod stmt;
mod support;
mod table;
mod tokens;
mod vars;
mod wide;

pub use interface::{Field, FieldType, Interface, Step};

use file::File;
use pyhw_diagnostics::{Diagnostic, Span};
use pyhw_ir::{Design, Module};
use pyhw_passes::{flatten, tristate};
use pyhw_text::OutputFile;

/// How C is written. There is nothing to choose yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {}

/// Writes the design as `NAME.h` and `NAME.c`, in this order.
///
/// # Errors
/// What C cannot say: PH0201 for ordinary Python, PH0204 for loops without a bound, PH0303 for integers that are too long, PH0401 for
/// several drivers of one part of a net, PH0403 for combinational loops, PH0501 for everything else.
pub fn emit(design: &Design, _options: &Options) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    let flat = prepared(design)?;
    File::new(&flat, top(&flat)?)?.write()
}

/// One module in which nothing is `z` but what comes from outside.
fn prepared(design: &Design) -> Result<Design, Vec<Diagnostic>> {
    let mut flat = flatten(design, &|_| false).map_err(|error| vec![*error])?;
    tristate(&mut flat);
    Ok(flat)
}

/// How the emitted files are used from C.
///
/// # Errors
/// As [`emit`], except for what shows only in expressions.
pub fn interface(design: &Design) -> Result<Interface, Vec<Diagnostic>> {
    let flat = prepared(design)?;
    Ok(interface::of_file(&File::new(&flat, top(&flat)?)?))
}

/// Which names of the top and of its ports the text has to change (PH0502).
pub fn renames(design: &Design) -> Vec<Diagnostic> {
    let Some(top) = design.top_module() else { return Vec::new() };
    // Flattening puts nets behind those of the top, so that these have their names first.
    let layout = layout::Layout::new(design, top);
    let ports: Vec<String> = top.ports.iter().map(|port| layout.nets[port.net.index()].clone()).collect();
    pyhw_text::renames(top, &layout.name, &ports, pyhw_text::Rules::C)
}

fn top(design: &Design) -> Result<&Module, Vec<Diagnostic>> {
    design.top_module().ok_or_else(|| vec![Diagnostic::bug(Span::NONE, "a design without a top module")])
}
