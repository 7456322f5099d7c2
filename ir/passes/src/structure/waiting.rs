//! PH0406: processes of hardware that wait in a way that no synthesiser takes.

use pyhw_diagnostics::{Code, Diagnostic};
use pyhw_ir::{
    Edge, Module, NetId, Process, ProcessBody, ProcessKind, Single, StmtKind, Value, Wait, walk_stmts,
    walk_waits,
};

/// Processes that wait in an endless loop and are no clocked ones. A design in which something waits for time, prints or ends
/// the simulation is a test bench, where all of it is as it should be.
pub(super) fn waits(used: &[&Module]) -> Vec<Diagnostic> {
    let processes = || used.iter().flat_map(|module| &module.processes);
    // A delay beside an edge is one of the waits that are told of.
    if processes().any(|process| only_simulates(process) && !waits_for_edges_and_time(process)) {
        return Vec::new();
    }
    let at_both = used.iter().flat_map(|module| {
        let of_module = module.processes.iter();
        of_module.filter_map(|process| Some((process, &module.net(both_edges(process)?).name)))
    });
    let at_both = at_both.map(|(process, clock)| {
        let message = format!(
            "synthesis takes no process that runs at both edges of `{clock}`, as `{}` does",
            process.name
        );
        Diagnostic::new(Code::PH0406, process.span, message)
            .help("let one process run at each edge, and choose between what they hold")
    });
    let waiting = processes().filter(|process| waits_for_ever(process));
    waiting
        .map(|process| {
            let message = format!("synthesis takes no process that waits as `{}` does", process.name);
            Diagnostic::new(Code::PH0406, process.span, message).help(
                "wait for an edge once, at the head of an endless loop that nothing leaves, with constants for its locals before it",
            )
        })
        .chain(at_both)
        .collect()
}

/// The net at both of whose edges a process runs.
fn both_edges(process: &Process) -> Option<NetId> {
    let ProcessKind::Clocked { events, .. } = &process.kind else { return None };
    let has = |net: NetId, edge: Edge| events.iter().any(|event| event.net == net && event.edge == edge);
    events.iter().map(|event| event.net).find(|net| has(*net, Edge::Rising) && has(*net, Edge::Falling))
}

/// Whether a process is one of a test bench.
pub(super) fn only_simulates(process: &Process) -> bool {
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

/// Whether a process waits for edges in one place and for time in another, and does nothing else that hardware cannot.
fn waits_for_edges_and_time(process: &Process) -> bool {
    let ProcessBody::Ir(body) = &process.body else { return false };
    let (mut edges, mut times, mut others) = (false, false, false);
    walk_stmts(&body.stmts, &mut |stmt| match &stmt.kind {
        StmtKind::Wait(waits) => walk_waits(waits, &mut |wait| match wait {
            Single::Event(_) => edges = true,
            Single::Delay(_) => times = true,
        }),
        kind => others |= matches!(kind, StmtKind::Print { .. } | StmtKind::Finish { .. }),
    });
    edges && times && !others
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
