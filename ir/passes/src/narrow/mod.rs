//! Narrowing: the intervals that values really take, found by following each process's control flow.
//!
//! Lowering gives locals every integer. This pass follows the statements with what is known of each variable and of each
//! expression that a condition, an assertion or an arm told about, turns loops with a constant count one by one and others
//! until nothing changes (widening), and then builds the body anew:
//! - a local without bounds gets the interval of all that is stored into it;
//! - where the type of a value does not fit what takes it, and what is known does, the parts of which more is known stand in
//!   a `refine`;
//! - a condition that is known, and whose evaluation cannot be a fault, becomes a constant (`fold_branches` removes what it
//!   guards), a `check` that cannot fail goes.
//!
//! Stores are compared with what their targets hold: PH0312 where no value fits, PH0313 where some may not. Indices are compared
//! with what they index: PH0315 where none is in range, PH0316 where some may not be. PH0317: a divisor that may be 0, an amount
//! that may be negative. PH0318: a variable that may be read before anything is assigned to it.
//!
//! [`ranges`] says what is known of an expression, [`learn`] what a condition tells, [`partial`] for which operands an operator
//! has no result, [`unset`] which variables may be read unset and [`ways`] on which paths, [`walk`] follows statements, [`build`] and [`report`] are what comes of it.

mod build;
mod known;
mod learn;
mod partial;
mod ranges;
mod report;
mod state;
mod trailed;
mod unset;
mod walk;
mod ways;

use pyhw_diagnostics::{Diagnostic, Sources};
use pyhw_ir::{Body, Design, Module, Process, ProcessBody, Range, StmtKind, Type, Types, VarId, walk_stmts};
use ranges::Scope;
use report::Report;
use std::collections::HashSet;

/// What narrowing does beyond finding intervals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NarrowOptions {
    /// Gives locals that no interval bounds 32 bits with a sign, as MyHDL's conversion does, with a warning (PH0314), and warns of
    /// signals that are emitted likewise. For emission: simulation is exact.
    pub bound_locals: bool,
}

/// Narrows every process of the design and says what does not fit.
pub fn narrow(design: &mut Design, options: NarrowOptions) -> Vec<Diagnostic> {
    let mut findings: Vec<Diagnostic> = Vec::new();
    let mut told = HashSet::new();
    let types = &design.types;
    if options.bound_locals {
        let unbounded =
            design.modules.iter().flat_map(|module| &module.nets).filter(|net| is_unbounded(&net.ty));
        findings.extend(unbounded.map(report::unbounded_net).filter(|finding| {
            !finding.primary.span.is_known()
                || told.insert((finding.code, finding.primary.span, finding.message.clone()))
        }));
    }
    for module in &mut design.modules {
        let mut processes = std::mem::take(&mut module.processes);
        for process in &mut processes {
            // A block that stands in several modules has each finding once.
            let fresh = narrow_process(module, types, &design.sources, process, options).into_iter().filter(
                |finding| {
                    !finding.primary.span.is_known()
                        || told.insert((finding.code, finding.primary.span, finding.message.clone()))
                },
            );
            findings.extend(fresh);
        }
        module.processes = processes;
    }
    findings
}

fn is_unbounded(ty: &Type) -> bool {
    match ty {
        Type::Int(range) => !range.is_bounded(),
        Type::Array(element, _) => is_unbounded(element),
        Type::Bool | Type::Enum(_) | Type::Struct(_) | Type::Text | Type::Opaque => false,
    }
}

fn narrow_process(
    module: &Module,
    types: &Types,
    sources: &Sources,
    process: &mut Process,
    options: NarrowOptions,
) -> Vec<Diagnostic> {
    let ProcessBody::Ir(body) = &process.body else { return Vec::new() };
    let stored = walk::stored_ranges(Scope { module, types, body });
    let mut known = body.clone();
    let mut findings = Vec::new();
    let mut given = HashSet::new();
    for (index, (var, stored)) in known.vars.iter_mut().zip(stored).enumerate() {
        let Type::Int(declared) = &var.ty else { continue };
        if declared.is_bounded() {
            continue;
        }
        let range = match stored {
            Some(range) if range.is_bounded() || !options.bound_locals => range,
            Some(_) => {
                findings.push(report::unbounded(var));
                given.insert(VarId::new(index));
                Range::signed(32)
            }
            // Only code that is never reached stores into it.
            None if options.bound_locals => Range::signed(32),
            None => continue,
        };
        var.ty = Type::Int(range);
    }
    widen_counters(&mut known);
    // Intervals may depend on the bound that a local was given: the flow is followed again with the types that hold now.
    let scope = Scope { module, types, body: &known };
    let mut report = Report::new(scope, sources, &given);
    match walk::rebuild(scope, &mut report) {
        Ok((stmts, exprs)) => {
            findings.append(&mut report.findings);
            let rebuilt = Body { vars: known.vars.clone(), exprs, labels: known.labels.clone(), stmts };
            process.body = ProcessBody::Ir(rebuilt.compact());
        }
        // Exact integers without bounds have no width that could be too great: simulation goes on with these.
        Err((id, error)) if options.bound_locals => {
            findings.push(report::too_wide(&scope, id, &error, process.span));
        }
        Err(_) => findings.append(&mut report.findings),
    }
    findings
}

/// The variable of a loop that is never reached has to be one that could count all the same.
fn widen_counters(body: &mut Body) {
    let mut counters: Vec<(VarId, Range)> = Vec::new();
    walk_stmts(&body.stmts, &mut |stmt| {
        if let StmtKind::For { var, start, stop, step, .. } = &stmt.kind
            && let Some(range) = walk::counted_range(start, stop, step)
        {
            counters.push((*var, range));
        }
    });
    for (var, range) in counters {
        if let Type::Int(known) = &mut body.vars[var.index()].ty {
            *known = known.union(&range);
        }
    }
}
