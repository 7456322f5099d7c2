//! Asking a runner about many subjects.

use super::emit::{dut, stimulus};
use super::subject::{Subject, simulate};
use crate::tools::{
    Checks, Disagreement, Dut, HostMode, Language, Runner, Std, Tool, ToolError, ToolErrorKind, Tools, agree,
    cppcheck, verilator_lint, yosys_synth,
};
use pyhw_ir::{Design, ExprId, ExprKind, Op, ProcessBody, parse, print};
use pyhw_passes::dataflow::{Limits, dataflow};
use pyhw_passes::{NarrowOptions, flatten, narrow};
use std::fmt;

/// One way of judging designs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judge {
    /// The simulation of the design after each pass, and read back from its text.
    Passes,
    /// A tool that gives a trace.
    Runner(Runner),
    /// Verilator's warnings.
    VerilatorLint,
    /// Yosys' checks and synthesis.
    Yosys,
    /// cppcheck.
    Cppcheck,
}

impl Judge {
    /// Every judge.
    pub const ALL: [Judge; 13] = [
        Judge::Passes,
        Judge::Runner(Runner::Icarus),
        Judge::Runner(Runner::Host(HostMode::Plain)),
        Judge::Runner(Runner::Host(HostMode::Sanitized)),
        Judge::Runner(Runner::Ghdl(Std::V08)),
        Judge::Runner(Runner::Ghdl(Std::V93)),
        Judge::Runner(Runner::Verilator),
        Judge::Runner(Runner::CortexM0),
        Judge::Runner(Runner::Riscv),
        Judge::Runner(Runner::Avr),
        Judge::VerilatorLint,
        Judge::Yosys,
        Judge::Cppcheck,
    ];

    /// The name in test names.
    pub fn name(self) -> &'static str {
        match self {
            Judge::Passes => "passes",
            Judge::Runner(runner) => runner.name(),
            Judge::VerilatorLint => "verilator-lint",
            Judge::Yosys => "yosys",
            Judge::Cppcheck => "cppcheck",
        }
    }

    /// The judge of a name.
    pub fn of_name(name: &str) -> Option<Judge> {
        Judge::ALL.into_iter().find(|judge| judge.name() == name)
    }

    /// The tool that must be there.
    pub fn tool(self) -> Option<Tool> {
        match self {
            Judge::Passes => None,
            Judge::Runner(runner) => Some(runner.tool()),
            Judge::VerilatorLint => Some(Tool::Verilator),
            Judge::Yosys => Some(Tool::Yosys),
            Judge::Cppcheck => Some(Tool::Cppcheck),
        }
    }

    /// The language that it looks at.
    pub fn language(self) -> Option<Language> {
        match self {
            Judge::Passes => None,
            Judge::Runner(runner) => Some(runner.language()),
            Judge::VerilatorLint | Judge::Yosys => Some(Language::Verilog),
            Judge::Cppcheck => Some(Language::C),
        }
    }

    fn std(self) -> Std {
        match self {
            Judge::Runner(Runner::Ghdl(std)) => std,
            Judge::Passes
            | Judge::Runner(
                Runner::Icarus
                | Runner::Verilator
                | Runner::Host(_)
                | Runner::Avr
                | Runner::CortexM0
                | Runner::Riscv,
            )
            | Judge::VerilatorLint
            | Judge::Yosys
            | Judge::Cppcheck => Std::V08,
        }
    }

    /// Whether the subject is not for this judge.
    fn skips(self, subject: &Subject) -> bool {
        let language = match self.language() {
            Some(Language::Verilog) => "verilog",
            Some(Language::Vhdl) => "vhdl",
            Some(Language::C) => "c",
            None => "",
        };
        let is_named = |(name, _): &(String, String)| name == language || name == self.name();
        subject.skips.iter().any(is_named)
            || (self == Judge::Runner(Runner::Icarus) && divides_wide(&subject.design))
    }

    /// What the judge says of each subject, in their order.
    pub fn judge(self, tools: &Tools, subjects: &[&Subject]) -> Vec<Result<(), Failure>> {
        let Some(language) = self.language() else {
            return subjects.iter().map(|subject| passes(subject)).collect();
        };
        let mut results: Vec<Option<Result<(), Failure>>> = Vec::new();
        let (mut duts, mut stimuli, mut expected) = (Vec::new(), Vec::new(), Vec::new());
        let mut checks = Vec::new();
        for subject in subjects {
            if self.skips(subject) {
                results.push(Some(Ok(())));
                continue;
            }
            match dut(subject, language, self.std()) {
                Ok(dut) => {
                    results.push(None);
                    duts.push(dut);
                    stimuli.push(stimulus(subject));
                    expected.push(subject.expected.clone());
                    // What is odd about a random design shows in C that says the same.
                    checks.push(if subject.is_random { Checks::OfUse } else { Checks::All });
                }
                Err(text) => results.push(Some(Err(Failure::refused(text)))),
            }
        }
        let lint = |found: Vec<Result<(), ToolError>>| -> Vec<Result<(), Failure>> {
            found.into_iter().map(|result| result.map_err(|error| Failure::of_tool(&error))).collect()
        };
        let found: Vec<Result<(), Failure>> = match self {
            Judge::Passes => Vec::new(),
            Judge::Runner(runner) => agree(tools, runner, &duts, &stimuli, &expected)
                .into_iter()
                .map(|result| result.map_err(|difference| Failure::of(&difference)))
                .collect(),
            Judge::VerilatorLint => lint(verilator_lint(tools, &duts)),
            Judge::Yosys => lint(yosys_synth(tools, &duts)),
            Judge::Cppcheck => {
                let duts: Vec<Dut> = duts.iter().map(own_sources).collect();
                lint(cppcheck(tools, &duts, &checks))
            }
        };
        let mut found = found.into_iter();
        let complete = "invariant: a runner has a result for each design";
        results.into_iter().map(|result| result.unwrap_or_else(|| found.next().expect(complete))).collect()
    }
}

/// Whether the design divides integers of more than a machine word, which Icarus 11 does wrong: (2^70 − 1) / 1 is 0 there.
fn divides_wide(design: &Design) -> bool {
    design.modules.iter().flat_map(|module| &module.processes).any(|process| {
        let ProcessBody::Ir(body) = &process.body else { return false };
        let is_wide = |id: ExprId| {
            let width = body.exprs.range(id).and_then(|range| range.width_bits());
            width.is_none_or(|width| width >= 63)
        };
        body.exprs.ids().any(|id| match body.exprs.kind(id) {
            ExprKind::Op(Op::FloorDiv | Op::Mod, args) => args.iter().any(|arg| is_wide(*arg)),
            _ => false,
        })
    })
}

/// The design without what was added for the driver.
fn own_sources(dut: &Dut) -> Dut {
    let mut dut = dut.clone();
    dut.sources.truncate(2);
    dut
}

/// What kind of fault it is; a smaller design must show the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The back-end or a pass refuses the design.
    Refused,
    /// The tool refuses what was emitted.
    Rejected,
    /// The tool, or what it made, comes to no end or crashes.
    Stopped,
    /// A value that the emitted form does not allow, such as a C field that is not masked.
    OutOfRange,
    /// The traces differ.
    Differs,
    /// The tool is missing or could not be started.
    Environment,
}

/// Why a subject did not pass.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What kind of fault it is.
    pub kind: FailureKind,
    /// What distinguishes it from others of its kind: the code of a finding, the beginning of a tool's message.
    pub mark: String,
    /// All that is known.
    pub text: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Failure {
    fn refused(text: String) -> Failure {
        let first = text.split(';').next().unwrap_or("");
        let plain = |word: &&str| word.chars().all(|c| c.is_ascii_alphabetic());
        let words: Vec<&str> = first.split_whitespace().filter(plain).take(12).collect();
        let mark = words.join(" ");
        Failure { kind: FailureKind::Refused, mark, text }
    }

    fn differs(text: String) -> Failure {
        Failure { kind: FailureKind::Differs, mark: String::new(), text }
    }

    fn of(disagreement: &Disagreement) -> Failure {
        match disagreement {
            Disagreement::Tool(error) => Failure::of_tool(error),
            Disagreement::Trace { difference, .. } => {
                let is_unknown = difference.found.as_ref().is_some_and(|bits| bits.known().is_none());
                let mark = if is_unknown { "unknown" } else { "" }.to_owned();
                Failure { kind: FailureKind::Differs, mark, text: disagreement.to_string() }
            }
        }
    }

    fn of_tool(error: &ToolError) -> Failure {
        let kind = match &error.kind {
            ToolErrorKind::Rejected => FailureKind::Rejected,
            ToolErrorKind::Stopped | ToolErrorKind::TimedOut => FailureKind::Stopped,
            ToolErrorKind::OutOfRange(_) => FailureKind::OutOfRange,
            ToolErrorKind::Missing(_)
            | ToolErrorKind::BadRequest(_)
            | ToolErrorKind::TooBig
            | ToolErrorKind::Io(_) => FailureKind::Environment,
        };
        Failure { kind, mark: mark_of(&error.output), text: error.to_string() }
    }

    /// Whether the other one is most likely the same fault.
    pub fn is_like(&self, other: &Failure) -> bool {
        self.kind == other.kind && self.mark == other.mark
    }
}

/// The words of the first message, without names, places and numbers.
fn mark_of(output: &str) -> String {
    let line = output.lines().find(|line| {
        !line.starts_with('$')
            && ["error", "warning", "style", "runtime", "assert", "bound"]
                .iter()
                .any(|word| line.to_lowercase().contains(word))
    });
    let words = line.unwrap_or("").split(|c: char| !c.is_ascii_alphabetic() && c != '-' && c != '%');
    let known =
        words.filter(|word| word.len() > 3 && word.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
    let mut words: Vec<&str> = known.collect();
    // GHDL and Verilator name their kinds in capitals or after a percent sign.
    let capital = line
        .unwrap_or("")
        .split(|c: char| !c.is_ascii_alphabetic())
        .find(|word| word.len() > 3 && word.chars().all(|c| c.is_ascii_uppercase()));
    words.extend(capital);
    words.truncate(12);
    words.join(" ")
}

fn passes(subject: &Subject) -> Result<(), Failure> {
    let design = &subject.design;
    let fault = |what: &str, text: String| Failure::differs(format!("{what}: {text}"));
    let compare = |what: &str, other: &Design| {
        if let Some(found) = pyhw_ir::verify::verify(other).first() {
            return Err(fault(what, format!("the design is not valid any more: {}", found.message)));
        }
        let trace = simulate(other, &subject.ports, &subject.steps).map_err(|text| fault(what, text))?;
        match trace.first_difference(&subject.expected) {
            None => Ok(()),
            Some(difference) => {
                let port = difference.output.and_then(|output| subject.ports.outputs.get(output));
                Err(fault(what, format!("`{}`: {difference}", port.map_or("?", |port| &port.name))))
            }
        }
    };
    let straight = |what: &str, design: &Design| {
        let mut straight = design.clone();
        dataflow(&mut straight, Limits::default());
        compare(what, &straight)
    };
    let text = print::print(design);
    match parse::parse(&text) {
        Ok(read) if read == design.compact() => {}
        Ok(_) => return Err(fault("text", "it is read back as another design".to_owned())),
        Err(faults) => {
            let first = faults.first().map_or(String::new(), |fault| fault.message.clone());
            return Err(fault("text", format!("it cannot be read back: {first}")));
        }
    }
    for bound_locals in [false, true] {
        let mut narrowed = design.clone();
        narrow(&mut narrowed, NarrowOptions { bound_locals });
        compare("narrow", &narrowed)?;
        straight("narrow dataflow", &narrowed)?;
    }
    straight("dataflow", design)?;
    let flat = flatten(design, &|_| false).map_err(|found| fault("flatten", found.message.clone()))?;
    compare("flatten", &flat)?;
    straight("flatten dataflow", &flat)
}
