//! `pyhw emit`.

use super::{Done, Prepare, Prepared, no_stray_parameters, prepare};
use crate::args::Emit;
use crate::emission::{self, Settings};
use crate::findings::Findings;
use crate::interpreter::{Conversion, Interpreter, Origin, Target};
use crate::interrupt::AtOnce;
use crate::report::Reporter;
use crate::{output, stdout};
use pyhw_diagnostics::{Code, Diagnostic, Severity, Span, has_errors};
use pyhw_ir::Design;
use pyhw_passes::Pipeline;
use pyhw_text::OutputFile;
use std::collections::HashMap;

pub fn run(args: &Emit, reporter: &mut Reporter, interpreter: Option<&mut dyn Interpreter>) -> Done<()> {
    let pipeline = Pipeline::for_emission(args.flat);
    let what = Prepare {
        path: &args.file,
        top: &args.top,
        pipeline: &pipeline,
        print_after: &args.print_after,
        everything: false,
    };
    no_stray_parameters(&args.top, reporter)?;
    if args.no_init && !args.verilog && !args.vhdl {
        return Err(reporter.usage("--no-init is for --verilog and --vhdl: a program in C begins somewhere"));
    }
    if args.std.is_some() && !args.vhdl {
        return Err(reporter.usage("--std is for --vhdl: it says which edition is written"));
    }
    let prepared = prepare(&what, reporter, interpreter)?;
    let settings = Settings { init: !args.no_init, std: args.std.unwrap_or_default(), source_map: true };
    let mut files: Vec<OutputFile> = Vec::new();
    let mut said = Said::default();
    let at_once = AtOnce::begin();
    for target in targets(args) {
        for one in chosen(&prepared, target) {
            for file in emitted(one, target, &settings, &mut said, reporter) {
                // A file that is converted twice under one name holds the last conversion, as it does when the calls are run.
                files.retain(|earlier| earlier.name != file.name);
                files.push(file);
            }
        }
    }
    drop(at_once);
    if reporter.has_errors() {
        return Ok(());
    }
    if let Some(note) = passed_over(&prepared, &targets(args)) {
        reporter.note(&note);
    }
    let paths = output::write_all(&files, &args.output).map_err(|why| reporter.usage(&why))?;
    let names = paths.iter().map(|path| path.strip_prefix(".").unwrap_or(path).display());
    if args.print_after.is_empty() {
        return stdout::write(&names.map(|name| format!("{name}\n")).collect::<String>());
    }
    // What was printed is the result, and another command may read it.
    names.for_each(|name| reporter.note(&format!("wrote `{name}`")));
    Ok(())
}

fn targets(args: &Emit) -> Vec<Target> {
    let asked = [
        (args.verilog, Target::Verilog),
        (args.vhdl, Target::Vhdl),
        (args.c, Target::C),
        (args.ir, Target::Ir),
    ];
    asked.into_iter().filter(|(asked, _)| *asked).map(|(_, target)| target).collect()
}

/// The designs that are emitted in a language: if the file converts some to it, these; else all.
fn chosen(prepared: &[Prepared], target: Target) -> Vec<&Prepared> {
    let to_target =
        |one: &&Prepared| matches!(&one.origin, Origin::Conversion(c) if c.language == Some(target));
    let exact: Vec<&Prepared> = prepared.iter().filter(to_target).collect();
    if exact.is_empty() { prepared.iter().collect() } else { exact }
}

/// Which conversions of the file nobody asked for: those to a language beside which others are written.
fn passed_over(prepared: &[Prepared], targets: &[Target]) -> Option<String> {
    let is_written = |one: &Prepared| {
        targets.iter().any(|target| chosen(prepared, *target).iter().any(|other| std::ptr::eq(*other, one)))
    };
    let mut options: Vec<(&str, Vec<String>)> = Vec::new();
    for one in prepared.iter().filter(|one| !is_written(one)) {
        let Origin::Conversion(conversion) = &one.origin else { continue };
        let option = match conversion.language {
            Some(Target::Verilog) => "--verilog",
            Some(Target::Vhdl) => "--vhdl",
            Some(Target::C | Target::Ir) | None => continue,
        };
        let top = one.built.design.top_module().map(|module| &module.name);
        let Some(name) = conversion.name.as_ref().or(top) else { continue };
        let name = format!("`{name}`");
        match options.iter_mut().find(|(known, _)| *known == option) {
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => options.push((option, vec![name])),
        }
    }
    let told = |(option, names): &(&str, Vec<String>)| {
        const MOST: usize = 4;
        let rest = match names.len().saturating_sub(MOST) {
            0 => String::new(),
            rest => format!(" and {rest} more"),
        };
        let language = if *option == "--vhdl" { "VHDL" } else { "Verilog" };
        let names = names[..names.len().min(MOST)].join(", ");
        format!("the file converts {names}{rest} to {language} too: `{option}` writes that")
    };
    (!options.is_empty()).then(|| options.iter().map(told).collect::<Vec<String>>().join("; "))
}

/// What was said for earlier targets, with the weight that it had.
#[derive(Default)]
struct Said(HashMap<(Code, Span, String), Severity>);

impl Said {
    /// Whether the finding was not said yet, or with less weight.
    fn is_new(&self, finding: &Diagnostic) -> bool {
        self.0.get(&Said::key(finding)).is_none_or(|weight| *weight < finding.severity)
    }

    fn add(&mut self, finding: &Diagnostic) {
        let weight = self.0.entry(Said::key(finding)).or_insert(finding.severity);
        *weight = finding.severity.max(*weight);
    }

    fn key(finding: &Diagnostic) -> (Code, Span, String) {
        (finding.code, finding.primary.span, finding.message.clone())
    }
}

/// Why processes are left to Python, which no language takes.
fn refusals(design: &Design) -> Vec<Diagnostic> {
    design
        .modules
        .iter()
        .flat_map(|module| &module.processes)
        .flat_map(|process| process.refusals())
        .collect()
}

/// The files of one design; findings are told, unless they were said for an earlier target.
fn emitted(
    one: &Prepared,
    target: Target,
    settings: &Settings,
    said: &mut Said,
    reporter: &mut Reporter,
) -> Vec<OutputFile> {
    let sources = &one.built.design.sources;
    let told = emission::weigh(&one.built.diagnostics, target, matches!(one.origin, Origin::Conversion(_)));
    let mut say = |found: Vec<Diagnostic>| {
        let new: Vec<Diagnostic> = found.into_iter().filter(|finding| said.is_new(finding)).collect();
        new.iter().for_each(|finding| said.add(finding));
        reporter.report(&Findings::new(sources, new));
    };
    if has_errors(&one.built.diagnostics) {
        // A design with errors is not written, which would tell what the language refuses; what is left to Python is known without that.
        let refusals = match target {
            Target::Verilog | Target::Vhdl | Target::C => refusals(&one.built.design),
            Target::Ir => Vec::new(),
        };
        let refusals = emission::untold(refusals, &told);
        say(told);
        say(refusals);
        return Vec::new();
    }
    let given = match &one.origin {
        Origin::Conversion(conversion) => conversion.clone(),
        Origin::Top | Origin::Simulation => Conversion::default(),
    };
    // Text for the head of a file is written in the comments of one language.
    let conversion = match given.language == Some(target) {
        true => given,
        false => Conversion { name: given.name, ..Conversion::default() },
    };
    match emission::emit(&one.built.design, target, settings, &conversion) {
        Ok(files) => {
            say(told);
            say(emission::renames(&one.built.design, target, &conversion));
            files
        }
        Err(faults) => {
            let told = emission::as_refused(told, &faults);
            say(told.clone());
            // What the passes found is no reason to keep the rest back: one run tells everything.
            say(emission::untold(faults, &told));
            Vec::new()
        }
    }
}
