//! What the command line asks of the host language, which the extension does.

use crate::findings::Findings;
use crate::report::Reporter;
use crate::source::Source;
use pyhw_elaborate::Elaborated;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Which block is meant, and its parameters.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The path that the user typed.
    pub path: &'a Path,
    /// The file.
    pub source: &'a Source,
    /// `--top`.
    pub top: Option<&'a str>,
    /// `-p`.
    pub params: &'a [(String, String)],
}

/// A simulation.
#[derive(Clone, Debug)]
pub struct Simulate<'a> {
    /// The file and its top.
    pub request: Request<'a>,
    /// `--wave`.
    pub wave: Option<&'a PathBuf>,
    /// `--until`, in steps.
    pub until: Option<u64>,
    /// `--seed`.
    pub seed: Option<u64>,
    /// `--in-python`.
    pub in_python: bool,
    /// `-v`.
    pub verbose: bool,
    /// What follows `--`.
    pub args: &'a [OsString],
}

/// Languages that a design is emitted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Verilog-2005.
    Verilog,
    /// VHDL.
    Vhdl,
    /// C99.
    C,
    /// IR text.
    Ir,
}

/// What a conversion call of the file asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    /// Its language.
    pub language: Option<Target>,
    /// The name of module and file.
    pub name: Option<String>,
    /// Text for the head of the file.
    pub header: Option<String>,
    /// The operand of Verilog's `` `timescale ``.
    pub timescale: Option<String>,
    /// The name of VHDL's architectures.
    pub architecture: Option<String>,
    /// Library and use clauses for VHDL.
    pub context: Option<String>,
    /// Declarations for the architecture of VHDL's top.
    pub declarations: Option<String>,
    /// Whether the line that tells where a module comes from is left out.
    pub no_origin: bool,
    /// Whether signals get initial values; unsaid they do.
    pub init: Option<bool>,
    /// Whether a memory of zeros gets none.
    pub bare_zero_memories: bool,
    /// Whether Verilog's numbers are hexadecimal.
    pub hexadecimal: bool,
    /// Whether numbers at the ports of VHDL's top are `std_logic_vector`.
    pub std_logic_ports: bool,
    /// For Verilog, a test bench for a co-simulation, and whether it writes waves.
    pub bench: Option<bool>,
}

/// Why a design is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Built as the top, from the annotations of its ports.
    Top,
    /// The file converts it.
    Conversion(Conversion),
    /// The file simulates it.
    Simulation,
}

/// One design of a file.
#[derive(Clone, Debug)]
pub struct Unit {
    /// What was built.
    pub elaborated: Elaborated,
    /// Why it is there.
    pub origin: Origin,
}

/// How something that the interpreter ran ended before its time.
#[derive(Clone, Debug)]
pub enum Ended {
    /// With findings.
    Findings(Findings),
    /// The file ended itself with this code.
    Exit(u8),
    /// The user stopped it; it says where.
    Interrupted(String),
    /// Not the design is at fault, but what was asked.
    Usage(String),
}

/// Runs the files of designs.
pub trait Interpreter {
    /// The designs that are to be emitted: the block `top`, built from its annotations, or those that the file converts.
    fn elaborate(&mut self, request: &Request<'_>) -> Result<Vec<Unit>, Ended>;

    /// The designs that are to be checked: the block `top`, or those that the file converts or simulates, and every other block of the
    /// file that can be built from its annotations. No simulation runs. Blocks that are left out are reported at once.
    fn elaborate_all(&mut self, request: &Request<'_>, reporter: &Reporter) -> Result<Vec<Unit>, Ended>;

    /// Runs the file with its simulations, or the test bench in it. What is found before a simulation begins is reported at once.
    fn simulate(&mut self, simulate: &Simulate<'_>, reporter: &Reporter) -> Result<(), Ended>;
}

impl Ended {
    /// Tells how it ended.
    pub fn report(&self, reporter: &mut Reporter) -> crate::Exit {
        match self {
            Ended::Findings(findings) => {
                reporter.report(findings);
                crate::Exit::Success
            }
            Ended::Exit(0) => crate::Exit::Success,
            Ended::Exit(code) => crate::Exit::File(*code),
            Ended::Interrupted(text) => reporter.interrupted(text),
            Ended::Usage(text) => reporter.usage(text),
        }
    }
}
