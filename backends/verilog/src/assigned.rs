//! Which nets of a combinational process tools see to have a value on every path: for the others they would infer latches.

use crate::flow::{Exit, exits, exits_of};
use pyhw_ir::{NetId, Root, Stmt, StmtKind};
use std::collections::BTreeSet;

/// The nets that tools see to be stored into on every path, once exits are flags: what a flag guards they take for optional.
pub fn seen_on_every_path(stmts: &[Stmt], needed: &BTreeSet<Exit>) -> BTreeSet<NetId> {
    let mut found = BTreeSet::new();
    for stmt in stmts {
        let inner = |body: &[Stmt]| seen_on_every_path(body, needed);
        match &stmt.kind {
            StmtKind::Next { place, .. } => {
                if let (Root::Net(net), true) = (place.root, place.path.is_empty()) {
                    found.insert(net);
                }
            }
            StmtKind::If { arms, orelse } => {
                let all = arms.iter().map(|(_, body)| &body[..]).chain([&orelse[..]]).map(inner);
                found.extend(all.reduce(|a, b| a.intersection(&b).copied().collect()).unwrap_or_default());
            }
            StmtKind::Switch { arms, default, .. } => {
                let all = arms.iter().map(|arm| &arm.body[..]).chain(default.as_deref()).map(inner);
                found.extend(all.reduce(|a, b| a.intersection(&b).copied().collect()).unwrap_or_default());
            }
            StmtKind::For { label, body, .. } => {
                let leaves = exits_of(body).iter().any(|exit| *exit != Exit::Continue(*label));
                if !leaves {
                    found.extend(inner(body));
                }
            }
            StmtKind::Block { body, .. } => found.extend(inner(body)),
            StmtKind::Assign { .. }
            | StmtKind::Unset(_)
            | StmtKind::While { .. }
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. }
            | StmtKind::Return => {}
        }
        if exits(stmt).iter().any(|exit| needed.contains(exit)) {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_diagnostics::Span;
    use pyhw_ir::{Exprs, Int, LabelId, Place, VarId};

    fn stmt(kind: StmtKind) -> Stmt {
        Stmt::new(kind, Span::NONE)
    }

    #[test]
    fn what_stands_behind_a_flag_is_not_seen_to_be_stored() {
        let mut exprs = Exprs::new();
        let cond = exprs.bool(true, Span::NONE);
        let net = NetId::new(0);
        let store = || stmt(StmtKind::Next { place: Place::net(net), value: cond });
        let (outer, inner) = (LabelId::new(0), LabelId::new(1));
        let hit = stmt(StmtKind::If {
            arms: vec![(cond, vec![store(), stmt(StmtKind::Break(outer))])],
            orelse: vec![],
        });
        let (start, stop, step) = (Int::ZERO, Int::from(8i64), Int::ONE);
        let search =
            stmt(StmtKind::For { label: inner, var: VarId::new(0), start, stop, step, body: vec![hit] });
        let found = stmt(StmtKind::Block { label: outer, body: vec![search, store()] });
        let needed = crate::flow::needed(std::slice::from_ref(&found));
        assert!(seen_on_every_path(&[found], &needed).is_empty());
        assert_eq!(seen_on_every_path(&[store()], &needed), BTreeSet::from([net]));
    }
}
