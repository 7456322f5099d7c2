//! `pyhw sim`.

use super::{Done, no_interpreter, no_top, parse, read, run_ir};
use crate::args::Sim;
use crate::interpreter::{Interpreter, Request, Simulate};
use crate::pipeline;
use crate::report::Reporter;
use crate::source;
use pyhw_diagnostics::Severity;
use pyhw_passes::Pipeline;

pub fn run(args: &Sim, reporter: &mut Reporter, interpreter: Option<&mut dyn Interpreter>) -> Done<()> {
    let source = read(&args.file, reporter)?;
    if let Some(wave) = &args.wave
        && !wave.parent().is_none_or(|folder| folder.as_os_str().is_empty() || folder.is_dir())
    {
        // Told before the file runs, however late its simulation starts.
        return Err(
            reporter.usage(&format!("`{}` cannot be written: there is no such folder", wave.display()))
        );
    }
    if source::is_ir_text(&args.file) {
        return ir_text(args, &source, reporter);
    }
    let Some(interpreter) = interpreter else { return Err(no_interpreter(reporter)) };
    let simulate = Simulate {
        request: Request {
            path: &args.file,
            source: &source,
            top: args.top.top.as_deref(),
            params: &args.top.params,
        },
        wave: args.wave.as_ref(),
        until: args.until,
        seed: args.seed,
        in_python: args.in_python,
        verbose: args.verbose,
        args: &args.args,
    };
    interpreter.simulate(&simulate, reporter).map_err(|ended| ended.report(reporter))
}

fn ir_text(args: &Sim, source: &source::Source, reporter: &mut Reporter) -> Done<()> {
    no_top(&args.top, reporter)?;
    let design = parse(source, reporter)?;
    let mut built = pipeline::build_read(design, source, &Pipeline::for_simulation(), &mut |_, _| {});
    // What may go wrong in a run is told when it does.
    built.diagnostics.retain(|finding| finding.severity >= Severity::Error || args.verbose);
    reporter.report(&built.findings());
    if built.findings().has_errors() {
        return Ok(());
    }
    let run = run_ir::Run { until: args.until, wave: args.wave.as_deref(), show_nets: false };
    run_ir::run(&built.design, &run, reporter)
}
