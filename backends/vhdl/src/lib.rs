//! VHDL from the IR.
//!
//! *Input*: a verified design. *Output*: one file `TOP.vhd` with an entity and an architecture for each module, inner ones first,
//! and `TOP.vhd.map`, which tells the source line of each line. *Guarantees*: text that VHDL-93 and VHDL-2008 take alike (only the
//! orderly end of a simulation differs, see [`Standard`]); every signal starts at its initial value, so that `numeric_std` has no
//! unknown values to warn of; what has no form in VHDL is an error with its place in the source, and then nothing is
//! written. *Deliberately not here*: optimisation, other targets, file access.
//!
//! # What becomes what
//!
//! | IR | VHDL |
//! |---|---|
//! | bool | `std_logic`; a local variable that is stored from a comparison is a `boolean` |
//! | int | `unsigned`, or `signed` where a value can be negative; loop counters are `integer` |
//! | enum | an enumeration type of the architecture, or of the package `TOP_types` if it stands at a port; an enum at a port of the top is a subtype of `unsigned` with constants for its codes, so that the top looks the same in every language and after synthesis |
//! | array, struct | array and record types, in the package if they stand at ports |
//! | combinational process | a concurrent assignment if it stores one value, else a process |
//! | output that is read inside | a `buffer` port: an inner signal would be late by a delta cycle, which is seen where it is a clock |
//! | early end of a process or block | a loop of one turn that is left |
//! | timed process | a process with waits; `print` writes to the standard output |
//! | tri-state | `'Z'`; each driver is a signal that is assigned to the net |

mod arith;
mod choice;
mod clocked;
mod concurrent;
mod drivers;
mod emitter;
mod facts;
mod fit;
mod foreign;
mod frame;
mod helpers;
mod layout;
mod logic;
mod loops;
mod module;
mod natural;
mod needs;
mod phrase;
mod ports;
mod print;
mod process;
mod roles;
mod scalar;
mod stmt;
mod store;
mod types;
mod unit;
mod vector;
mod wait;

use frame::Frame;
use pyhw_diagnostics::{Diagnostic, Span};
use pyhw_ir::Design;
use pyhw_text::{OutputFile, Writer, source_map};

/// The edition of the language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Standard {
    /// IEEE 1076-1993. A simulation ends by a failure, since there is no other way.
    V93,
    /// IEEE 1076-2008. A simulation ends by `std.env.finish`.
    #[default]
    V2008,
}

/// How to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The edition of the language.
    pub standard: Standard,
    /// Whether signals get initial values. Without them a design depends on its resets, and simulators report unknown values
    /// until these have come.
    pub init: bool,
    /// The length of one step of time, in picoseconds, at least 1.
    pub step_ps: u64,
    /// The name of each architecture; `rtl`, and `sim` of a test bench, if none is given.
    pub architecture: Option<String>,
    /// Library and use clauses of the user's own, for the head of each entity.
    pub context: Option<String>,
    /// Declarations of the user's own, for the architecture of the top.
    pub declarations: Option<String>,
    /// Text for the head of the file, comment signs included.
    pub header: Option<String>,
    /// Whether each entity opens with a line that tells where it comes from.
    pub origin: bool,
    /// Whether numbers at the ports of the top are `std_logic_vector`. They are converted by assignments inside, so that an input
    /// arrives a delta cycle after clocks and other bits do.
    pub std_logic_ports: bool,
}

impl Default for Options {
    /// VHDL-2008, with initial values, steps of 1 ns.
    fn default() -> Options {
        Options {
            standard: Standard::V2008,
            init: true,
            step_ps: 1000,
            architecture: None,
            context: None,
            declarations: None,
            header: None,
            origin: true,
            std_logic_ports: false,
        }
    }
}

/// Writes a verified design as VHDL.
///
/// # Errors
/// PH0501 with the place of what has no form in VHDL; PH0201 for processes that are ordinary Python, with the reasons that
/// they carry; PH9999 for what no verified design holds.
pub fn emit(design: &Design, options: &Options) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    // Expressions are written by recursion, as deep as the verifier lets them nest; the caller's stack may be small.
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(STACK_BYTES);
        match worker.spawn_scoped(scope, || emit_here(design, options)) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // A system without threads has its own way with stacks.
            Err(_) => emit_here(design, options),
        }
    })
}

/// Which names of the top and of its ports the text has to change (PH0502).
pub fn renames(design: &Design) -> Vec<Diagnostic> {
    let Some(top) = design.top else { return Vec::new() };
    let frame = Frame::new(design, top);
    pyhw_text::renames(
        design.module(top),
        &frame.names[top.index()],
        &frame.ports[top.index()],
        pyhw_text::Rules::Hdl,
    )
}

/// Room for the deepest expression within the deepest statement.
const STACK_BYTES: usize = 64 << 20;

fn emit_here(design: &Design, options: &Options) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    let Some(top) = design.top else {
        return Err(vec![Diagnostic::bug(Span::NONE, "a design without a top module")]);
    };
    let awake = pyhw_passes::without_idle(design);
    let design = &*awake;
    let frame = Frame::new(design, top);
    let mut writer = Writer::new("    ");
    if let Some(header) = &options.header {
        header.trim_end().lines().for_each(|line| writer.line(line));
        writer.blank();
    }
    if let Some((name, declarations)) = &frame.package {
        writer.line(format!(
            "-- {name}: types at the ports of {} and what it contains.",
            frame.names[top.index()]
        ));
        writer.line("library ieee;");
        writer.line("use ieee.std_logic_1164.all;");
        writer.line("use ieee.numeric_std.all;");
        writer.blank();
        writer.line(format!("package {name} is"));
        writer.indent();
        for line in declarations {
            writer.line(line);
        }
        writer.dedent();
        writer.line(format!("end package {name};"));
    }
    let mut errors = Vec::new();
    for &id in &frame.modules {
        match module::write_module(&frame, id, options) {
            Ok(text) => {
                writer.blank();
                writer.append(&text);
            }
            Err(found) => errors.extend(found),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let name = format!("{}.vhd", frame.names[top.index()]);
    let text = layout::fold_long_lines(&writer.finish_with_origins());
    let map = source_map(&name, &text.origins, &design.sources);
    Ok(vec![OutputFile { name, text: text.text }, map])
}
