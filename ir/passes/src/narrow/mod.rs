//! Narrowing: the intervals that values really take, found by following each process's control flow.
//!
//! Lowering gives locals every integer. This pass follows the statements with an interval for each variable, learns from
//! conditions and assertions, turns loops with a constant count exactly and others until nothing changes (widening), and then
//! rebuilds the body: each local has the interval of all that is stored into it, and a value that is known more narrowly
//! where it is used stands in a `refine`. Stores are compared with what their targets hold:
//! PH0312 where no value fits, PH0313 where some may not, PH0315 for an index that is never in range.

mod ranges;
mod rebuild;
mod state;
mod walk;

use pyhw_diagnostics::Diagnostic;
use pyhw_ir::{Body, Design, Module, Process, ProcessBody, Range, Type, Types};

/// What narrowing does beyond finding intervals.
#[derive(Clone, Copy, Debug, Default)]
pub struct NarrowOptions {
    /// Gives locals that no interval bounds 32 bits with a sign, as MyHDL's conversion does, with a warning (PH0314). For
    /// emission: simulation is exact.
    pub bound_locals: bool,
}

/// Narrows every process of the design and says what does not fit.
pub fn narrow(design: &mut Design, options: NarrowOptions) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let types = design.types.clone();
    for module in &mut design.modules {
        let mut processes = std::mem::take(&mut module.processes);
        for process in &mut processes {
            narrow_process(module, &types, process, options, &mut findings);
        }
        module.processes = processes;
    }
    findings
}

fn narrow_process(
    module: &Module,
    types: &Types,
    process: &mut Process,
    options: NarrowOptions,
    findings: &mut Vec<Diagnostic>,
) {
    let ProcessBody::Ir(body) = &process.body else { return };
    let vars = walk::var_ranges(module, body);
    let mut narrowed = Body { vars: body.vars.clone(), ..Body::default() };
    for (var, range) in narrowed.vars.iter_mut().zip(&vars) {
        if let (Type::Int(declared), Some(range)) = (&var.ty, range)
            && !declared.is_bounded()
        {
            let mut range = range.clone();
            if !range.is_bounded() && options.bound_locals {
                range = Range::signed(32);
                findings.push(unbounded(var));
            }
            var.ty = Type::Int(range);
        }
    }
    // Intervals may depend on the bound that a local was given: follow the flow again with the types that hold now.
    let known = Body {
        vars: narrowed.vars.clone(),
        exprs: body.exprs.clone(),
        labels: body.labels.clone(),
        stmts: body.stmts.clone(),
    };
    process.body = ProcessBody::Ir(rebuild::rebuild(module, types, &known, findings));
}

fn unbounded(var: &pyhw_ir::Var) -> Diagnostic {
    let message = format!("nothing bounds `{}`: it is emitted with 32 bits and a sign", var.name);
    Diagnostic::new(pyhw_diagnostics::Code::PH0314, var.span, message).help(format!(
        "give it a width: `{} = intbv(0)[8:]`, or say what holds: `assert {} < 256`",
        var.name, var.name
    ))
}
