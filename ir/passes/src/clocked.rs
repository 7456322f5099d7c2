//! Processes that wait for edges in an endless loop, and for nothing else, are clocked processes.
//!
//! ```text
//! process p timed {                       process p clocked(rising %clk) {
//!   while 'turn true {
//!     wait rising %clk              ─►
//!     %q <= %d                              %q <= %d
//!   }
//! }                                       }
//! ```
//!
//! The one wait stands at the head of the loop, and nothing leaves the loop. A clocked process forgets its variables after each
//! activation, so that each has to be set before it is read. What is before the wait at time zero is nothing, and what is due at an
//! edge runs in the same delta in both forms: the design is equivalent, and a synthesiser takes it for what it is.

use pyhw_ir::{
    Body, Design, Edge, Event, ExprKind, LabelId, Place, Process, ProcessBody, ProcessKind, Root, Stmt,
    StmtKind, Value, VarId, Wait, walk_stmts,
};
use std::collections::BTreeSet;

/// Makes such processes of the design clocked.
pub fn clocked(design: &mut Design) {
    for process in design.modules.iter_mut().flat_map(|module| &mut module.processes) {
        let ProcessBody::Ir(body) = &process.body else { continue };
        if process.kind != ProcessKind::Timed {
            continue;
        }
        if let Some((events, stmts)) = form(body) {
            let body = Body { stmts, ..body.clone() };
            let kind = ProcessKind::Clocked { events, reset: None };
            *process = Process { kind, body: ProcessBody::Ir(body.compact()), ..process.clone() };
        }
    }
}

/// What it waits for, and what it does then.
fn form(body: &Body) -> Option<(Vec<Event>, Vec<Stmt>)> {
    let [Stmt { kind: StmtKind::While { label, cond, body: turn }, .. }] = &body.stmts[..] else {
        return None;
    };
    let (Stmt { kind: StmtKind::Wait(waits), .. }, rest) = turn.split_first()? else { return None };
    if !body.exprs.as_const(*cond).is_some_and(Value::is_truthy) || waits.is_empty() {
        return None;
    }
    let events: Vec<Event> = waits.iter().map(edge).collect::<Option<_>>()?;
    let mut set = BTreeSet::new();
    (only_runs(rest, *label) && sets_before_it_reads(body, rest, &mut set)).then(|| (events, rest.to_vec()))
}

fn edge(wait: &Wait) -> Option<Event> {
    match wait {
        Wait::Event(event) if event.edge != Edge::Any => Some(*event),
        Wait::Event(_) | Wait::Delay(_) | Wait::Join(_) => None,
    }
}

/// Whether the statements neither wait, nor leave the loop, nor turn without a count.
fn only_runs(stmts: &[Stmt], outer: LabelId) -> bool {
    let mut only = true;
    walk_stmts(stmts, &mut |stmt| {
        only &= match &stmt.kind {
            StmtKind::Wait(_) | StmtKind::Return | StmtKind::While { .. } => false,
            StmtKind::Break(label) | StmtKind::Continue(label) => *label != outer,
            StmtKind::Assign { .. }
            | StmtKind::Next { .. }
            | StmtKind::If { .. }
            | StmtKind::Switch { .. }
            | StmtKind::For { .. }
            | StmtKind::Block { .. }
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. } => true,
        };
    });
    only
}

/// Whether each variable is set on every path before it is read; `set` are those that surely are.
fn sets_before_it_reads(body: &Body, stmts: &[Stmt], set: &mut BTreeSet<VarId>) -> bool {
    stmts.iter().all(|stmt| {
        if !stmt.kind.exprs().into_iter().all(|id| reads_only(body, id, set)) {
            return false;
        }
        match &stmt.kind {
            StmtKind::Assign { place: Place { root: Root::Var(var), path }, .. } => {
                // A part of what is not set is a fault.
                path.is_empty() && set.insert(*var) || set.contains(var)
            }
            StmtKind::If { orelse, .. } => branches(body, &stmt.kind.blocks(), !orelse.is_empty(), set),
            StmtKind::Switch { default, .. } => branches(body, &stmt.kind.blocks(), default.is_some(), set),
            StmtKind::For { var, .. } => {
                let mut within = set.clone();
                within.insert(*var);
                stmt.kind
                    .blocks()
                    .into_iter()
                    .all(|block| sets_before_it_reads(body, block, &mut within.clone()))
            }
            // What a block sets before it is left early is not told apart.
            StmtKind::Block { body: block, .. } => sets_before_it_reads(body, block, &mut set.clone()),
            StmtKind::Assign { .. }
            | StmtKind::Next { .. }
            | StmtKind::While { .. }
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Return
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. } => true,
        }
    })
}

/// Alternatives, with what all of them set afterwards if one of them is always taken.
fn branches(body: &Body, blocks: &[&[Stmt]], is_complete: bool, set: &mut BTreeSet<VarId>) -> bool {
    let mut after: Option<BTreeSet<VarId>> = None;
    for block in blocks {
        let mut within = set.clone();
        if !sets_before_it_reads(body, block, &mut within) {
            return false;
        }
        after = Some(match after {
            Some(after) => after.intersection(&within).copied().collect(),
            None => within,
        });
    }
    if let (true, Some(after)) = (is_complete, after) {
        *set = after;
    }
    true
}

fn reads_only(body: &Body, root: pyhw_ir::ExprId, set: &BTreeSet<VarId>) -> bool {
    let mut only = true;
    body.exprs.walk(root, &mut |id| {
        if let ExprKind::Var(var) = body.exprs.kind(id) {
            only &= set.contains(var);
        }
    });
    only
}
