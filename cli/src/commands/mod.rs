//! The commands, a module each.

mod check;
mod completions;
mod emit;
mod explain;
mod ir;
mod passes;
mod run_ir;
mod sim;

use crate::args::{Command, Top};
use crate::exit::Exit;
use crate::findings::Findings;
use crate::interpreter::{Interpreter, Origin, Request};
use crate::interrupt::AtOnce;
use crate::pipeline::{self, Built, LOWER};
use crate::report::Reporter;
use crate::source::{self, Source};
use crate::{silence, stdout};
use pyhw_diagnostics::FileId;
use pyhw_ir::Design;
use pyhw_passes::{Pass, Pipeline};
use std::path::Path;

/// What stopped a command; it has been told.
type Done<T> = Result<T, Exit>;

/// Runs a command.
pub fn run(command: &Command, reporter: &mut Reporter, interpreter: Option<&mut dyn Interpreter>) -> Exit {
    let done = match command {
        Command::Sim(args) => sim::run(args, reporter, interpreter),
        Command::Emit(args) => emit::run(args, reporter, interpreter),
        Command::Check(args) => check::run(args, reporter, interpreter),
        Command::Ir(args) => ir::run(args, reporter),
        Command::Explain(args) => explain::run(args, reporter),
        Command::Passes => passes::run(),
        Command::Completions(args) => completions::run(args),
    };
    match done {
        Ok(()) => Exit::Success,
        Err(exit) => exit,
    }
}

/// Reads the file; what is wrong with it is told.
fn read(path: &Path, reporter: &mut Reporter) -> Done<Source> {
    told(source::read(path), reporter)
}

/// What is wrong with a file is told.
fn told(read: Result<Source, Findings>, reporter: &mut Reporter) -> Done<Source> {
    read.map_err(|findings| {
        reporter.report(&findings);
        // The exit code is the reporter's.
        Exit::Success
    })
}

/// Reads IR text as a design.
fn parse(source: &Source, reporter: &mut Reporter) -> Done<Design> {
    pyhw_ir::parse::parse(&source.text).map_err(|faults| {
        let (sources, _) = source.sources();
        reporter.report(&Findings::new(&sources, faults));
        Exit::Success
    })
}

/// A design that is to be emitted or checked, with the reason that it is there.
struct Prepared {
    built: Built,
    origin: Origin,
}

/// What a command asks of the designs of a file.
struct Prepare<'a> {
    path: &'a Path,
    top: &'a Top,
    pipeline: &'a Pipeline,
    print_after: &'a [String],
    /// Whether everything of the file is wanted, rather than what is to be emitted.
    everything: bool,
}

/// The designs of a file, built. What the passes find is not told yet.
fn prepare(
    prepare: &Prepare<'_>,
    reporter: &mut Reporter,
    interpreter: Option<&mut dyn Interpreter>,
) -> Done<Vec<Prepared>> {
    let only_printed = only_printed(prepare.pipeline, prepare.print_after, reporter)?;
    let mut printed = String::new();
    let mut after = |name: &'static str, design: &Design| {
        if prepare.print_after.iter().any(|wanted| wanted == name) {
            printed.push_str(&text_after(name, design));
        }
    };
    let source = read(prepare.path, reporter)?;
    let mut found = Vec::new();
    if source::is_ir_text(prepare.path) {
        no_top(prepare.top, reporter)?;
        let design = parse(&source, reporter)?;
        let mut built = pipeline::build_read(design, &source, prepare.pipeline, &mut after);
        pipeline::show(&mut built, &only_printed, &mut after);
        found.push(Prepared { built, origin: Origin::Top });
    } else {
        let Some(interpreter) = interpreter else { return Err(no_interpreter(reporter)) };
        let request = Request {
            path: prepare.path,
            source: &source,
            top: prepare.top.top.as_deref(),
            params: &prepare.top.params,
        };
        let (sources, file) = source.sources();
        reporter.report(&Findings::new(&sources, silence::without_effect(&sources, file)));
        let units = match prepare.everything {
            true => interpreter.elaborate_all(&request, reporter),
            false => interpreter.elaborate(&request),
        };
        let mut told = vec![source.name.clone()];
        let _at_once = AtOnce::begin();
        for unit in units.map_err(|ended| ended.report(reporter))? {
            let sources = &unit.elaborated.sources;
            for (index, file) in sources.files().iter().enumerate() {
                if !told.contains(&file.name) {
                    told.push(file.name.clone());
                    reporter.report(&Findings::new(
                        sources,
                        silence::without_effect(sources, FileId(index as u32)),
                    ));
                }
            }
            let mut built = pipeline::build(&unit.elaborated, prepare.pipeline, &mut after);
            pipeline::show(&mut built, &only_printed, &mut after);
            found.push(Prepared { built, origin: unit.origin });
        }
    }
    if !printed.is_empty() {
        stdout::write(&printed)?;
    }
    Ok(found)
}

/// A design as it is printed after a pass.
fn text_after(name: &str, design: &Design) -> String {
    let text = match Pass::find(name) {
        Some(pass) => pass.text(design),
        None => pyhw_ir::print::print_pretty(design),
    };
    format!("; after {name}\n{text}\n")
}

/// The passes that are to be printed after and are not in the pipeline.
fn only_printed(pipeline: &Pipeline, print_after: &[String], reporter: &mut Reporter) -> Done<Pipeline> {
    let mut extra = Pipeline::default();
    for name in print_after.iter().filter(|name| *name != LOWER) {
        match Pass::find(name) {
            None => {
                let known: Vec<&str> = pyhw_passes::PASSES.iter().map(|pass| pass.name).collect();
                let known = format!("{LOWER}, {}", known.join(", "));
                return Err(reporter.usage(&format!("there is no pass `{name}`; there are {known}")));
            }
            Some(pass) if !pipeline.contains(name) && !extra.contains(name) => extra.push(pass),
            Some(_) => {}
        }
    }
    Ok(extra)
}

/// Parameters are of one block.
fn no_stray_parameters(top: &Top, reporter: &mut Reporter) -> Done<()> {
    if top.top.is_none() && !top.params.is_empty() {
        return Err(reporter.usage("-p gives parameters to the block that --top names"));
    }
    Ok(())
}

/// IR text is a design already: nothing of it can be chosen.
fn no_top(top: &Top, reporter: &mut Reporter) -> Done<()> {
    if top.top.is_some() || !top.params.is_empty() {
        return Err(reporter.usage("--top and -p are for Python files: IR text is one design, already built"));
    }
    Ok(())
}

fn no_interpreter(reporter: &mut Reporter) -> Exit {
    reporter.report(&Findings::bug("a Python file was to be elaborated without Python"));
    Exit::Success
}
