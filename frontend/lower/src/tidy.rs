//! Removes what lowering leaves behind: variables that nothing reads, and expressions that nothing uses.

use crate::joined::joined;
use crate::live::without_dead_stores;
use pyhw_ir::eval::maybe_unset;
use pyhw_ir::{Body, ExprKind, Root, Stmt, StmtKind, Var, VarId, walk_stmts};

/// The same body without stores into variables that are never read, and of constants that are not read before the next store, without
/// empty statements, with one case for adjacent stores that one index picks, and with the variables that are left numbered anew.
pub fn tidy(mut body: Body) -> Body {
    let unset = maybe_unset(&body);
    body.stmts = without_idle_unsets(std::mem::take(&mut body.stmts), &unset, false);
    loop {
        let read = needed_vars(&body);
        let mut changed = false;
        let stmts = without_dead_stores(std::mem::take(&mut body.stmts), &body);
        body.stmts = prune(stmts, &read, &body, &mut changed);
        if !changed {
            break;
        }
    }
    body.stmts = joined(body.stmts);
    renumber(body)
}

/// The statements without an `unset` of what is surely stored into before it is read, and of what cannot have been stored into: a
/// function that is written out has variables of its own, which hold nothing unless a loop comes there again.
fn without_idle_unsets(stmts: Vec<Stmt>, unset: &[bool], in_loop: bool) -> Vec<Stmt> {
    let mut kept: Vec<Stmt> = Vec::new();
    for mut stmt in stmts {
        if let StmtKind::Unset(var) = stmt.kind
            && !(in_loop && unset[var.index()])
        {
            continue;
        }
        let turns = in_loop || matches!(stmt.kind, StmtKind::For { .. } | StmtKind::While { .. });
        stmt.kind = stmt.kind.map_blocks(&mut |block| without_idle_unsets(block, unset, turns));
        kept.push(stmt);
    }
    kept
}

fn read_vars(body: &Body) -> Vec<bool> {
    let mut read = vec![false; body.vars.len()];
    let mut seen = vec![false; body.exprs.len()];
    walk_stmts(&body.stmts, &mut |stmt| {
        for root in stmt.kind.exprs() {
            if std::mem::replace(&mut seen[root.index()], true) {
                continue;
            }
            body.exprs.walk(root, &mut |id| {
                if let ExprKind::Var(var) = body.exprs.kind(id) {
                    read[var.index()] = true;
                }
            });
        }
    });
    read
}

/// The variables whose value counts: a store into a part needs the whole as much as a read does.
fn needed_vars(body: &Body) -> Vec<bool> {
    let mut needed = read_vars(body);
    walk_stmts(&body.stmts, &mut |stmt| {
        if let StmtKind::Assign { place, .. } = &stmt.kind
            && let Root::Var(var) = place.root
            && !place.path.is_empty()
        {
            needed[var.index()] = true;
        }
    });
    needed
}

/// Whether evaluating the expression cannot be a fault.
fn is_harmless(body: &Body, id: pyhw_ir::ExprId) -> bool {
    let mut harmless = true;
    body.exprs.walk(id, &mut |id| match body.exprs.kind(id) {
        ExprKind::Op(op, args) if op.info().can_fault => {
            // A shift or an index by a constant is known to be right.
            harmless &=
                args.last().is_some_and(|last| args.len() == 2 && body.exprs.as_const(*last).is_some());
        }
        ExprKind::Op(..) | ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => {}
    });
    harmless
}

fn prune(stmts: Vec<Stmt>, read: &[bool], body: &Body, changed: &mut bool) -> Vec<Stmt> {
    let mut kept: Vec<Stmt> = Vec::new();
    for mut stmt in stmts {
        stmt.kind = stmt.kind.map_blocks(&mut |block| prune(block, read, body, changed));
        let useless = match &stmt.kind {
            StmtKind::Assign { place, value } => match place.root {
                Root::Var(var) => {
                    // A store into a bounded variable is a check, which stays.
                    let fits = match (&body.var(var).ty, body.exprs.range(*value)) {
                        (pyhw_ir::Type::Int(range), Some(value)) => {
                            range.contains_range(value) || body.var(var).wraps
                        }
                        _ => true,
                    };
                    !read[var.index()] && place.path.is_empty() && fits && is_harmless(body, *value)
                }
                Root::Net(_) => false,
            },
            StmtKind::If { arms, orelse } => {
                orelse.is_empty()
                    && arms.iter().all(|(cond, stmts)| stmts.is_empty() && is_harmless(body, *cond))
            }
            // The counter keeps its last value behind the loop.
            StmtKind::For { var, body, .. } => body.is_empty() && !read[var.index()],
            StmtKind::Block { body, .. } => body.is_empty(),
            StmtKind::Unset(var) => !read[var.index()],
            StmtKind::Next { .. }
            | StmtKind::Switch { .. }
            | StmtKind::While { .. }
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. }
            | StmtKind::Return => false,
        };
        if useless {
            *changed = true;
        } else {
            kept.push(stmt);
        }
    }
    kept
}

/// Drops variables that are not used at all.
fn renumber(body: Body) -> Body {
    let mut used = read_vars(&body);
    walk_stmts(&body.stmts, &mut |stmt| {
        if let Some(var) = stmt.kind.stored_var() {
            used[var.index()] = true;
        }
    });
    let mut vars: Vec<Var> = Vec::new();
    let mut map: Vec<VarId> = Vec::new();
    for (var, used) in body.vars.iter().zip(&used) {
        map.push(VarId::new(vars.len()));
        if *used {
            vars.push(var.clone());
        }
    }
    body.map_vars(vars, |var| map[var.index()])
}
