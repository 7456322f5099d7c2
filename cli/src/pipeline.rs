//! From what was elaborated to a design that back-ends take: lowering, passes, verification.

use crate::findings::Findings;
use crate::source::Source;
use pyhw_diagnostics::{Code, Diagnostic, Severity, Span, has_errors};
use pyhw_elaborate::Elaborated;
use pyhw_ir::Design;
use pyhw_passes::Pipeline;
use std::collections::HashSet;

/// The name that `--print-after` knows the design by before any pass.
pub const LOWER: &str = "lower";

/// A design with what was found on the way to it.
#[derive(Clone, Debug)]
pub struct Built {
    /// The design; valid unless there are errors.
    pub design: Design,
    /// Findings, which point into the design's sources.
    pub diagnostics: Vec<Diagnostic>,
}

impl Built {
    /// The findings with their sources.
    pub fn findings(&self) -> Findings {
        Findings::new(&self.design.sources, self.diagnostics.clone())
    }
}

/// Lowers an elaborated design, runs the passes on it and verifies the result. `after` sees the design after the lowering and
/// after each pass.
pub fn build(
    elaborated: &Elaborated,
    pipeline: &Pipeline,
    after: &mut dyn FnMut(&'static str, &Design),
) -> Built {
    let lowered = pyhw_lower::lower(elaborated);
    let mut built = Built { design: lowered.design, diagnostics: lowered.diagnostics };
    let faults = pyhw_ir::verify::verify(&built.design);
    if !faults.is_empty() {
        built.diagnostics.extend(faults.into_iter().map(as_bug));
        return built;
    }
    after(LOWER, &built.design);
    run_passes(&mut built, pipeline, after);
    built
}

/// Verifies a design that was read, and runs the passes on it.
pub fn build_read(
    design: Design,
    source: &Source,
    pipeline: &Pipeline,
    after: &mut dyn FnMut(&'static str, &Design),
) -> Built {
    let diagnostics = pyhw_ir::verify::verify(&design);
    let mut built = Built { design, diagnostics };
    if !has_errors(&built.diagnostics) {
        after(LOWER, &built.design);
        run_passes(&mut built, pipeline, after);
    } else if let Ok(design) = pyhw_ir::parse::parse_in_place(&source.text) {
        // What is wrong is the text, and not the file that it was made from.
        let diagnostics = pyhw_ir::verify::verify(&design);
        let (sources, _) = source.sources();
        built = Built { design: Design { sources, ..design }, diagnostics };
    }
    built
}

/// Runs passes on a copy of a valid design for `after` to see: what they make is no part of what is built. What keeps one of them
/// from its work is told.
pub fn show(built: &mut Built, pipeline: &Pipeline, after: &mut dyn FnMut(&'static str, &Design)) {
    if pipeline.steps().is_empty() || !pyhw_ir::verify::verify(&built.design).is_empty() {
        return;
    }
    let found = pipeline.run(&mut built.design.clone(), after);
    built.diagnostics.extend(found.into_iter().filter(|finding| finding.severity >= Severity::Error));
}

fn run_passes(built: &mut Built, pipeline: &Pipeline, after: &mut dyn FnMut(&'static str, &Design)) {
    built.diagnostics.extend(pipeline.run(&mut built.design, after));
    drop_consequences(&mut built.diagnostics);
    // In a debug build the pipeline verifies after each pass, and has told already.
    if !has_errors(&built.diagnostics) {
        let faults = pyhw_ir::verify::verify(&built.design);
        built.diagnostics.extend(faults.into_iter().map(as_bug));
    }
}

/// That nothing drives a signal is not told where it follows from a `.next` that was forgotten, which was; nor that nothing bounds a local
/// that holds a result without a bound, which was told as well.
fn drop_consequences(findings: &mut Vec<Diagnostic>) {
    let forgotten = findings.iter().filter(|finding| finding.code == Code::PH0207);
    let signals: HashSet<Span> =
        forgotten.flat_map(|finding| &finding.labels).map(|label| label.span).collect();
    let endless: Vec<Diagnostic> =
        findings.iter().filter(|finding| finding.code == Code::PH0303).cloned().collect();
    let holds_endless = |local: Span| {
        endless.iter().any(|result| {
            local.contains(result.primary.span) || result.labels.iter().any(|label| label.span == local)
        })
    };
    findings.retain(|finding| match finding.code {
        Code::PH0402 => !signals.contains(&finding.primary.span),
        Code::PH0314 => !holds_endless(finding.primary.span),
        _ => true,
    });
}

/// What the verifier finds in a design that pyhw made is pyhw's fault.
pub fn as_bug(fault: Diagnostic) -> Diagnostic {
    Diagnostic {
        notes: fault.notes,
        labels: fault.labels,
        ..Diagnostic::bug(fault.primary.span, fault.message)
    }
}
