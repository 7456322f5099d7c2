//! A design in a target language.

use crate::args::VhdlStd;
use crate::interpreter::{Conversion, Target};
use crate::time::STEP_PS;
use pyhw_diagnostics::{Code, Diagnostic, Severity, Span};
use pyhw_ir::Design;
use pyhw_text::OutputFile;
use std::collections::HashMap;

/// How a design is written.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether registers get initial values.
    pub init: bool,
    /// The edition of VHDL.
    pub std: VhdlStd,
    /// Whether a map of lines to the source comes with each file.
    pub source_map: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { init: true, std: VhdlStd::V08, source_map: true }
    }
}

/// What was found of a design, weighed for a target: what its text could not mean is an error.
///
/// In Verilog and VHDL several drivers, loops and latches mean one thing to simulators and another to what reads the design next; C,
/// which runs each process in a fixed order, remembers as the simulation does, but neither settles loops nor shares a signal, and a
/// step of it has to end. IR text means what was simulated. A file that calls MyHDL's converter itself gets latches, as it does there:
/// it asks for hardware that remembers, and the text simulates as the design does. So does that of a process with a list of what wakes
/// it, in simulators only: C settles everything. Combinational logic has no such list in text, and the back-ends refuse it.
pub fn weigh(found: &[Diagnostic], target: Target, by_the_file: bool) -> Vec<Diagnostic> {
    let weighed = |finding: &Diagnostic| match finding.severity == Severity::Warning
        && refuses(target, finding.code, by_the_file)
    {
        true => finding.clone().severity(Severity::Error),
        false => finding.clone(),
    };
    // C refuses what it cannot step, and IR text is no input of a synthesiser.
    let is_told = |finding: &&Diagnostic| {
        !matches!(finding.code, Code::PH0406 | Code::PH0409)
            || matches!(target, Target::Verilog | Target::Vhdl)
    };
    found.iter().filter(is_told).map(weighed).collect()
}

/// Whether a target refuses what is only warned of elsewhere.
fn refuses(target: Target, code: Code, by_the_file: bool) -> bool {
    match (target, code) {
        (Target::Verilog | Target::Vhdl, Code::PH0404 | Code::PH0405) if by_the_file => false,
        (Target::Verilog | Target::Vhdl, Code::PH0401 | Code::PH0403 | Code::PH0404 | Code::PH0405) => true,
        (Target::C, Code::PH0204 | Code::PH0401 | Code::PH0403 | Code::PH0405) => true,
        (Target::Verilog | Target::Vhdl | Target::C | Target::Ir, _) => false,
    }
}

/// The languages in which `pyhw emit` refuses what `pyhw check` warns of with this code.
pub fn refusing(code: Code) -> Vec<&'static str> {
    let languages =
        [(Target::Verilog, "Verilog"), (Target::Vhdl, "VHDL"), (Target::C, "C"), (Target::Ir, "IR text")];
    let is_warned_of = code.info().severity == Severity::Warning;
    let refused = languages.into_iter().filter(|(target, _)| is_warned_of && refuses(*target, code, false));
    refused.map(|(_, language)| language).collect()
}

/// What the passes found, as heavy as a back-end makes it that refuses the design for the same at the same place.
pub fn as_refused(found: Vec<Diagnostic>, refused: &[Diagnostic]) -> Vec<Diagnostic> {
    let weighed = |finding: Diagnostic| {
        let (code, place) = (finding.code, finding.primary.span);
        // Of a process a back-end names the whole, and the passes name a part of it.
        let is_there = |fault: &&Diagnostic| {
            fault.primary.span == place || (code == Code::PH0405 && fault.primary.span.contains(place))
        };
        let same = refused.iter().filter(|fault| fault.code == code).filter(is_there);
        let severity = same.map(|fault| fault.severity).fold(finding.severity, Severity::max);
        finding.severity(severity)
    };
    found.into_iter().map(weighed).collect()
}

/// What a back-end refuses and the passes did not tell, or told as of less weight. A back-end sees for itself what [`weigh`] makes errors of.
pub fn untold(refused: Vec<Diagnostic>, told: &[Diagnostic]) -> Vec<Diagnostic> {
    // Of these the passes tell all there is; the others are told by their places.
    let key = |finding: &Diagnostic| match finding.code {
        Code::PH0204 | Code::PH0401 | Code::PH0403 | Code::PH0404 | Code::PH0405 => (finding.code, None),
        code => (code, Some(finding.primary.span)),
    };
    let mut weights: HashMap<(Code, Option<Span>), Severity> = HashMap::new();
    for finding in told {
        let weight = weights.entry(key(finding)).or_insert(finding.severity);
        *weight = finding.severity.max(*weight);
    }
    let is_told =
        |fault: &Diagnostic| weights.get(&key(fault)).is_some_and(|weight| *weight >= fault.severity);
    refused.into_iter().filter(|fault| !is_told(fault)).collect()
}

/// Writes a design that went through the passes of [`pyhw_passes::Pipeline::for_emission`].
///
/// # Errors
/// What the target cannot say, with its place.
pub fn emit(
    design: &Design,
    target: Target,
    settings: &Settings,
    conversion: &Conversion,
) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    written(design, target, settings, conversion).map_err(|faults| {
        // What keeps a file from being written is an error, whatever its code weighs elsewhere.
        let heavy = |fault: Diagnostic| {
            let severity = fault.severity.max(Severity::Error);
            fault.severity(severity)
        };
        faults.into_iter().map(heavy).collect()
    })
}

/// Which names that are seen from outside the text has to change: of the top and of its ports.
pub fn renames(design: &Design, target: Target, conversion: &Conversion) -> Vec<Diagnostic> {
    let renamed = conversion.name.as_deref().and_then(|name| renamed(design, name));
    let design = renamed.as_ref().unwrap_or(design);
    match target {
        Target::Verilog => pyhw_verilog::renames(design),
        Target::Vhdl => pyhw_vhdl::renames(design),
        Target::C => pyhw_c::renames(design),
        // IR text takes any name.
        Target::Ir => Vec::new(),
    }
}

fn written(
    design: &Design,
    target: Target,
    settings: &Settings,
    conversion: &Conversion,
) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    let renamed = conversion.name.as_deref().and_then(|name| renamed(design, name));
    let design = renamed.as_ref().unwrap_or(design);
    let init = settings.init && conversion.init.unwrap_or(true);
    let header = conversion.header.clone().filter(|header| !header.trim().is_empty());
    let mut files = match target {
        Target::Verilog => {
            let options = pyhw_verilog::Options {
                init,
                timescale: conversion.timescale.clone(),
                header: header.clone(),
                origin: !conversion.no_origin,
                radix: match conversion.hexadecimal {
                    true => pyhw_verilog::Radix::Hexadecimal,
                    false => pyhw_verilog::Radix::Decimal,
                },
                zero_memories: !conversion.bare_zero_memories,
                cosimulation: conversion.bench.map(|trace| pyhw_verilog::Cosimulation { trace }),
                source_map: settings.source_map,
                // Whoever calls MyHDL's converter gets what it gives: there a latch is hardware like any other.
                latches: conversion.language.is_some(),
                ..pyhw_verilog::Options::default()
            };
            pyhw_verilog::emit(design, &options)?
        }
        Target::Vhdl => {
            let standard = match settings.std {
                VhdlStd::V93 => pyhw_vhdl::Standard::V93,
                VhdlStd::V08 => pyhw_vhdl::Standard::V2008,
            };
            let options = pyhw_vhdl::Options {
                standard,
                init,
                header: header.clone(),
                origin: !conversion.no_origin,
                std_logic_ports: conversion.std_logic_ports,
                step_ps: STEP_PS,
                architecture: conversion.architecture.clone(),
                context: conversion.context.clone(),
                declarations: conversion.declarations.clone(),
            };
            pyhw_vhdl::emit(design, &options)?
        }
        Target::C => pyhw_c::emit(design, &pyhw_c::Options::default())?,
        Target::Ir => vec![ir_text(design)],
    };
    if !settings.source_map {
        files.retain(|file| !file.name.ends_with(".map"));
    }
    Ok(files)
}

fn renamed(design: &Design, name: &str) -> Option<Design> {
    let top = design.top?;
    if design.module(top).name == name {
        return None;
    }
    let mut design = design.clone();
    design.modules[top.index()].name = name.to_owned();
    Some(design)
}

fn ir_text(design: &Design) -> OutputFile {
    let name = design.top_module().map_or("design", |module| &module.name);
    // A name in IR text may hold anything; one of a file may not.
    let name: String = name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect();
    OutputFile { name: format!("{name}.hwir"), text: pyhw_ir::print::print(design) }
}
