//! PH0403: combinational loops, through however many modules they lead.

use crate::flatten::flatten;
use crate::schedule::schedule;
use pyhw_diagnostics::Diagnostic;
use pyhw_ir::{Design, Module, ProcessKind};

/// The combinational loops of a design, at least one for each group of nets that depend on themselves.
pub(super) fn loops(design: &Design) -> Vec<Diagnostic> {
    let has_comb = |module: &Module| {
        module.processes.iter().any(|process| match process.kind {
            ProcessKind::Comb { .. } => true,
            // An asynchronous reset acts without a clock.
            ProcessKind::Clocked { .. } => true,
            ProcessKind::Timed => false,
        })
    };
    if !design.modules.iter().any(has_comb) {
        return Vec::new();
    }
    // A design that is too large to be one module is told so where that is asked for.
    let Ok(flat) = flatten(design, &|module| !module.foreign.is_empty()) else { return Vec::new() };
    let Some(module) = flat.top_module() else { return Vec::new() };
    match schedule(module) {
        Ok(_) => Vec::new(),
        Err(loops) => loops.iter().map(|found| found.diagnostic(module)).collect(),
    }
}
