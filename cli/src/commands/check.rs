//! `pyhw check`.

use super::{Done, Prepare, Prepared, no_stray_parameters, prepare};
use crate::args::Check;
use crate::emission::{self, Settings};
use crate::findings::Findings;
use crate::interpreter::{Conversion, Interpreter, Origin, Target};
use crate::interrupt::AtOnce;
use crate::report::Reporter;
use pyhw_diagnostics::{Diagnostic, Severity};
use pyhw_ir::ProcessBody;
use pyhw_passes::Pipeline;

pub fn run(args: &Check, reporter: &mut Reporter, interpreter: Option<&mut dyn Interpreter>) -> Done<()> {
    reporter.always_sum_up();
    no_stray_parameters(&args.top, reporter)?;
    let pipeline = Pipeline::for_check();
    let what = Prepare {
        path: &args.file,
        top: &args.top,
        pipeline: &pipeline,
        print_after: &args.print_after,
        everything: true,
    };
    for one in prepare(&what, reporter, interpreter)? {
        let mut findings = one.built.findings();
        if one.origin == Origin::Simulation {
            findings.diagnostics.retain(|finding| !finding.code.is_of_emitted_text());
        }
        reporter.report(&findings);
        let left_to_python = beyond_the_subset(&one);
        reporter.report(&left_to_python);
        if !findings.has_errors() {
            reporter.report(&targets(&one, &left_to_python.diagnostics));
        }
    }
    Ok(())
}

/// Why processes are left to Python. In a test bench that is as it should be, and worth knowing, unless Python fails there, too, or passes
/// over a slip; elsewhere it is a warning.
fn beyond_the_subset(one: &Prepared) -> Findings {
    let design = &one.built.design;
    let weigh = |reason: Diagnostic| {
        let is_slip = reason.code.fails_in_python_as_well() || reason.code.is_silent_in_python();
        let is_as_it_should_be = one.origin == Origin::Simulation && !is_slip;
        reason.severity(if is_as_it_should_be { Severity::Note } else { Severity::Warning })
    };
    let mut found = Vec::new();
    for process in design.modules.iter().flat_map(|module| &module.processes) {
        if let ProcessBody::Host(host) = &process.body {
            found.extend(host.reason.iter().cloned().map(weigh));
        }
    }
    Findings::new(&design.sources, found)
}

/// What would be told of the design if it were emitted as Verilog or VHDL: errors, and names that change. A design that is only
/// simulated is not asked.
fn targets(one: &Prepared, left_to_python: &[Diagnostic]) -> Findings {
    let mut found: Vec<Diagnostic> = Vec::new();
    if one.origin != Origin::Simulation {
        let _at_once = AtOnce::begin();
        for target in [Target::Verilog, Target::Vhdl] {
            let (design, conversion) = (&one.built.design, Conversion::default());
            let emitted = emission::emit(design, target, &Settings::default(), &conversion);
            let renamed = || emission::renames(design, target, &conversion);
            // Both languages say the same of most things, and the passes said some of it.
            let refused = emitted.err().unwrap_or_else(renamed);
            let refused = Findings::new(&one.built.design.sources, refused).weakened().diagnostics;
            let faults = emission::untold(refused, &one.built.diagnostics);
            let faults = emission::untold(faults, left_to_python);
            let faults = emission::untold(faults, &found);
            found.extend(faults);
        }
    }
    Findings::new(&one.built.design.sources, found).weakened()
}
