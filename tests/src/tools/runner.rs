//! One name for each way of running a design, and the comparison with the expected trace.

use std::fmt;

use super::c_run::{avr_c, cortex_m0_c, host_c, riscv_c};
use super::c_targets::HostMode;
use super::dut::Dut;
use super::find::{Tool, Tools};
use super::ghdl::{Std, ghdl};
use super::icarus::icarus;
use super::process::{ToolError, WorkDir};
use super::stimulus::{Difference, Stimulus, Trace};
use super::verilator::verilator;

/// A tool that runs designs and returns traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runner {
    /// [`icarus`].
    Icarus,
    /// [`verilator`].
    Verilator,
    /// [`ghdl`] with a standard.
    Ghdl(Std),
    /// [`host_c`] in a mode.
    Host(HostMode),
    /// [`avr_c`].
    Avr,
    /// [`cortex_m0_c`].
    CortexM0,
    /// [`riscv_c`].
    Riscv,
}

/// The language that a runner takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Verilog or SystemVerilog.
    Verilog,
    /// VHDL.
    Vhdl,
    /// C.
    C,
}

impl Runner {
    /// Every runner.
    pub const ALL: [Self; 9] = [
        Self::Icarus,
        Self::Verilator,
        Self::Ghdl(Std::V93),
        Self::Ghdl(Std::V08),
        Self::Host(HostMode::Plain),
        Self::Host(HostMode::Sanitized),
        Self::Avr,
        Self::CortexM0,
        Self::Riscv,
    ];

    /// The name in test names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Icarus => "icarus",
            Self::Verilator => "verilator",
            Self::Ghdl(Std::V93) => "ghdl-93",
            Self::Ghdl(Std::V08) => "ghdl-08",
            Self::Host(HostMode::Plain) => "host-c",
            Self::Host(HostMode::Sanitized) => "host-c-sanitized",
            Self::Avr => "avr-c",
            Self::CortexM0 => "cortex-m0-c",
            Self::Riscv => "riscv-c",
        }
    }

    /// The tool that must be there.
    pub fn tool(self) -> Tool {
        match self {
            Self::Icarus => Tool::Icarus,
            Self::Verilator => Tool::Verilator,
            Self::Ghdl(_) => Tool::Ghdl,
            Self::Host(_) => Tool::HostC,
            Self::Avr => Tool::Avr,
            Self::CortexM0 => Tool::CortexM0,
            Self::Riscv => Tool::Riscv,
        }
    }

    /// The language of the designs that it takes.
    pub fn language(self) -> Language {
        match self {
            Self::Icarus | Self::Verilator => Language::Verilog,
            Self::Ghdl(_) => Language::Vhdl,
            Self::Host(_) | Self::Avr | Self::CortexM0 | Self::Riscv => Language::C,
        }
    }

    /// Runs the designs, sharing as much as the tool allows. Results stand in the order of the designs.
    ///
    /// # Errors
    /// One [`ToolError`] for each design that has no complete trace.
    pub fn run(self, tools: &Tools, duts: &[Dut], stimuli: &[Stimulus]) -> Vec<Result<Trace, ToolError>> {
        match self {
            Self::Icarus => icarus(tools, duts, stimuli),
            Self::Verilator => verilator(tools, duts, stimuli),
            Self::Ghdl(std) => ghdl(tools, duts, stimuli, std),
            Self::Host(mode) => host_c(tools, duts, stimuli, mode),
            Self::Avr => avr_c(tools, duts, stimuli),
            Self::CortexM0 => cortex_m0_c(tools, duts, stimuli),
            Self::Riscv => riscv_c(tools, duts, stimuli),
        }
    }
}

/// A design that does not do what was expected.
#[derive(Clone, Debug)]
pub enum Disagreement {
    /// There is no trace.
    Tool(Box<ToolError>),
    /// The trace differs.
    Trace {
        /// The runner's and the design's name.
        what: String,
        /// Where it differs first.
        difference: Box<Difference>,
        /// The steps around it.
        table: String,
        /// The folder with the emitted files, or why there is none.
        files: String,
    },
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tool(error) => write!(f, "{error}"),
            Self::Trace { what, difference, table, files } => {
                write!(f, "{what}: {difference}\n{table}  files kept in: {files}")
            }
        }
    }
}

impl std::error::Error for Disagreement {}

/// Runs the designs and compares each with its expected trace. The emitted files of a design that differs are kept.
///
/// # Errors
/// One [`Disagreement`] for each design that has no trace, or another one.
pub fn agree(
    tools: &Tools,
    runner: Runner,
    duts: &[Dut],
    stimuli: &[Stimulus],
    expected: &[Trace],
) -> Vec<Result<(), Disagreement>> {
    let nothing = Trace::default();
    let results = runner.run(tools, duts, stimuli).into_iter().enumerate();
    let compare = |(index, result): (usize, Result<Trace, ToolError>)| {
        let trace = result.map_err(|error| Disagreement::Tool(Box::new(error)))?;
        let expected = expected.get(index).unwrap_or(&nothing);
        let Some(difference) = trace.first_difference(expected) else { return Ok(()) };
        let (dut, stimulus) = (&duts[index], &stimuli[index]);
        let table = trace.table(dut, stimulus, expected, difference.step);
        let what = format!("{} on `{}`", runner.name(), dut.name);
        let files = keep_files(tools, runner, dut);
        Err(Disagreement::Trace { what, difference: Box::new(difference), table, files })
    };
    results.map(compare).collect()
}

fn keep_files(tools: &Tools, runner: Runner, dut: &Dut) -> String {
    let kept = WorkDir::new(&tools.work, &format!("{}-differs", runner.name())).and_then(|mut work| {
        for (name, text) in &dut.sources {
            work.write(name, text)?;
        }
        Ok(work.keep().display().to_string())
    });
    kept.unwrap_or_else(|fault| format!("nowhere: {:?}", fault.kind))
}
