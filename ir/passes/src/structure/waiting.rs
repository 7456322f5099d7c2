//! PH0406: processes of hardware that wait in a way that no synthesiser takes.

use pyhw_diagnostics::{Code, Diagnostic};
use pyhw_ir::{Module, Process, ProcessBody, ProcessKind, StmtKind, Value, Wait, walk_stmts};

/// Processes that wait in an endless loop and are no clocked ones. A design in which something waits for time, prints or ends
/// the simulation is a test bench, where all of it is as it should be.
pub(super) fn waits(used: &[&Module]) -> Vec<Diagnostic> {
    let processes = || used.iter().flat_map(|module| &module.processes);
    if processes().any(only_simulates) {
        return Vec::new();
    }
    let waiting = processes().filter(|process| waits_for_ever(process));
    waiting
        .map(|process| {
            let message = format!("synthesis takes no process that waits as `{}` does", process.name);
            Diagnostic::new(Code::PH0406, process.span, message).help(
                "wait for an edge once, at the head of an endless loop that nothing leaves, with constants for its locals before it",
            )
        })
        .collect()
}

fn only_simulates(process: &Process) -> bool {
    let ProcessBody::Ir(body) = &process.body else { return true };
    let mut only = false;
    walk_stmts(&body.stmts, &mut |stmt| {
        only |= match &stmt.kind {
            StmtKind::Wait(waits) => waits.iter().any(|wait| !matches!(wait, Wait::Event(_))),
            StmtKind::Print { .. } | StmtKind::Finish { .. } => true,
            StmtKind::Assign { .. }
            | StmtKind::Unset(_)
            | StmtKind::Next { .. }
            | StmtKind::If { .. }
            | StmtKind::Switch { .. }
            | StmtKind::For { .. }
            | StmtKind::While { .. }
            | StmtKind::Block { .. }
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Assert { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Return => false,
        };
    });
    only
}

fn waits_for_ever(process: &Process) -> bool {
    let (ProcessKind::Timed, ProcessBody::Ir(body)) = (&process.kind, &process.body) else { return false };
    let mut waits = false;
    walk_stmts(&body.stmts, &mut |stmt| {
        if let StmtKind::While { cond, body: turn, .. } = &stmt.kind
            && body.exprs.as_const(*cond).is_some_and(Value::is_truthy)
        {
            walk_stmts(turn, &mut |stmt| waits |= matches!(stmt.kind, StmtKind::Wait(_)));
        }
    });
    waits
}
