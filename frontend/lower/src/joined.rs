//! Stores that one run-time index picks the signals for: adjacent ones become one case over the index.
//!
//! ```text
//! lanes[turn].valid.next = True          switch %turn { 0 { %valid_0 <= true  %data_0 <= %d } 1 { … } … }
//! lanes[turn].data.next = d         ─►
//! ```
//!
//! Each was written out as a case of its own ([`picked`](crate::picked)). A `match` of the source stays what it was.

use pyhw_diagnostics::Span;
use pyhw_ir::{Stmt, StmtKind, SwitchArm};

/// The statements with one case for adjacent stores that the same index picks.
pub fn joined(stmts: Vec<Stmt>) -> Vec<Stmt> {
    let mut kept: Vec<Stmt> = Vec::new();
    // Whether the last statement is made of such stores only.
    let mut is_open = false;
    for mut stmt in stmts {
        let is_picked = is_store(&stmt, stmt.span) && matches!(stmt.kind, StmtKind::Switch { .. });
        if let Some(last) = kept.last_mut().filter(|_| is_open && is_picked)
            && may_follow(last, &stmt)
        {
            join(last, stmt);
            continue;
        }
        if !is_picked {
            stmt.kind = stmt.kind.map_blocks(&mut joined);
        }
        kept.push(stmt);
        is_open = is_picked;
    }
    kept
}

/// Whether it is a store, or a case that one store of this place was written out as: nothing in it changes what an index is.
fn is_store(stmt: &Stmt, span: Span) -> bool {
    if stmt.span != span {
        return false;
    }
    if let StmtKind::Switch { arms, default: None, .. } = &stmt.kind {
        return arms.iter().all(|arm| arm.body.iter().all(|stmt| is_store(stmt, span)));
    }
    matches!(stmt.kind, StmtKind::Next { .. })
}

/// Whether both are cases over one index with the same arms, and no comment is lost.
fn may_follow(first: &Stmt, second: &Stmt) -> bool {
    let (StmtKind::Switch { subject: a, arms, .. }, StmtKind::Switch { subject: b, arms: others, .. }) =
        (&first.kind, &second.kind)
    else {
        return false;
    };
    let has_comments = !second.comments.leading.is_empty()
        || second.comments.trailing.is_some()
        || first.comments.trailing.is_some();
    a == b
        && !has_comments
        && arms.len() == others.len()
        && arms.iter().zip(others).all(|(one, other)| one.values == other.values)
}

/// Lets each arm of the first do what the same arm of the second does, behind what it does itself.
fn join(first: &mut Stmt, second: Stmt) {
    let (StmtKind::Switch { arms, .. }, StmtKind::Switch { arms: others, .. }) =
        (&mut first.kind, second.kind)
    else {
        return;
    };
    for (SwitchArm { body, .. }, other) in arms.iter_mut().zip(others) {
        body.extend(other.body);
        *body = joined(std::mem::take(body));
    }
}
