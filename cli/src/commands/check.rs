//! `pyhw check`.

use super::{Done, Prepare, Prepared, prepare};
use crate::args::Check;
use crate::emission::{self, Settings};
use crate::findings::Findings;
use crate::interpreter::{Conversion, Interpreter, Origin, Target};
use crate::report::Reporter;
use pyhw_diagnostics::{Code, Diagnostic, Severity};
use pyhw_ir::ProcessBody;
use pyhw_passes::Pipeline;

pub fn run(args: &Check, reporter: &mut Reporter, interpreter: Option<&mut dyn Interpreter>) -> Done<()> {
    reporter.always_sum_up();
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
            findings.diagnostics.retain(|finding| !is_of_emitted_text(finding.code));
        }
        reporter.report(&findings);
        reporter.report(&beyond_the_subset(&one));
        if !findings.has_errors() {
            reporter.report(&targets(&one));
        }
    }
    Ok(())
}

/// Whether a finding tells what emitted text would lack or do that simulation is exact about or stops at.
fn is_of_emitted_text(code: Code) -> bool {
    matches!(code, Code::PH0314 | Code::PH0316 | Code::PH0317 | Code::PH0318)
}

/// Why processes are left to Python. In a test bench that is as it should be, and worth knowing; elsewhere it is a warning.
fn beyond_the_subset(one: &Prepared) -> Findings {
    let design = &one.built.design;
    let weight = if one.origin == Origin::Simulation { Severity::Note } else { Severity::Warning };
    let mut found = Vec::new();
    for process in design.modules.iter().flat_map(|module| &module.processes) {
        if let ProcessBody::Host(host) = &process.body {
            found.extend(host.reason.iter().cloned().map(|reason| reason.severity(weight)));
        }
    }
    Findings::new(&design.sources, found)
}

/// What would be an error if the design were emitted as Verilog or VHDL. A design that is only simulated is not asked.
fn targets(one: &Prepared) -> Findings {
    let mut found: Vec<Diagnostic> = Vec::new();
    if one.origin != Origin::Simulation {
        for target in [Target::Verilog, Target::Vhdl] {
            let emitted =
                emission::emit(&one.built.design, target, &Settings::default(), &Conversion::default());
            // Both languages say the same of most things, and the passes said some of it.
            let refused = emitted.err().unwrap_or_default();
            let refused = Findings::new(&one.built.design.sources, refused).weakened().diagnostics;
            let faults = emission::untold(refused, &one.built.diagnostics);
            // The reasons of Python processes were told.
            let faults: Vec<Diagnostic> = emission::untold(faults, &found)
                .into_iter()
                .filter(|fault| fault.code != Code::PH0201)
                .collect();
            found.extend(faults);
        }
    }
    Findings::new(&one.built.design.sources, found).weakened()
}
