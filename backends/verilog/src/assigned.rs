//! What tools see to have a value on every path: for other nets and locals they would infer latches and registers.

use crate::flow::{Exit, exits, exits_of};
use pyhw_ir::{ExprId, ExprKind, Exprs, NetId, Root, Stmt, StmtKind, VarId};
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

/// The locals that a tool sees read where nothing has been stored into them, as it does not know what a flag says of the path: it
/// would take each for a register.
pub fn read_before_stored(stmts: &[Stmt], exprs: &Exprs, needed: &BTreeSet<Exit>) -> BTreeSet<VarId> {
    let mut search = Search { exprs, needed, found: BTreeSet::new() };
    search.list(stmts, BTreeSet::new());
    search.found
}

struct Search<'a> {
    exprs: &'a Exprs,
    needed: &'a BTreeSet<Exit>,
    found: BTreeSet<VarId>,
}

impl Search<'_> {
    /// What has surely been stored into after the statements, given what has before.
    fn list(&mut self, stmts: &[Stmt], stored: BTreeSet<VarId>) -> BTreeSet<VarId> {
        let mut stored = stored;
        // What stands behind an exit is guarded: it counts for what is under the same guard.
        let mut unguarded = None;
        for stmt in stmts {
            stored = self.stmt(stmt, stored);
            if exits(stmt).iter().any(|exit| self.needed.contains(exit)) {
                unguarded.get_or_insert_with(|| stored.clone());
            }
        }
        unguarded.unwrap_or(stored)
    }

    fn stmt(&mut self, stmt: &Stmt, mut stored: BTreeSet<VarId>) -> BTreeSet<VarId> {
        for expr in stmt.kind.exprs() {
            self.read(expr, &stored);
        }
        match &stmt.kind {
            StmtKind::Assign { place, .. } => {
                if let Root::Var(var) = place.root {
                    if place.path.is_empty() {
                        stored.insert(var);
                    } else if !stored.contains(&var) {
                        self.found.insert(var);
                    }
                }
                stored
            }
            StmtKind::If { arms, orelse } => {
                let bodies = arms.iter().map(|(_, body)| &body[..]).chain([&orelse[..]]);
                self.branches(bodies, &stored)
            }
            StmtKind::Switch { arms, default, .. } => {
                let bodies =
                    arms.iter().map(|arm| &arm.body[..]).chain([default.as_deref().unwrap_or_default()]);
                self.branches(bodies, &stored)
            }
            StmtKind::For { label, var, start, stop, step, body } => {
                let leaves = exits_of(body).iter().any(|exit| *exit != Exit::Continue(*label));
                let turns = if step.is_negative() { start > stop } else { start < stop };
                stored.insert(*var);
                let after = self.list(body, stored.clone());
                if turns && !leaves { after } else { stored }
            }
            StmtKind::While { body, .. } => {
                self.list(body, stored.clone());
                stored
            }
            StmtKind::Block { body, .. } => self.list(body, stored),
            StmtKind::Unset(_)
            | StmtKind::Next { .. }
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. }
            | StmtKind::Return => stored,
        }
    }

    fn branches<'s>(
        &mut self,
        bodies: impl Iterator<Item = &'s [Stmt]>,
        stored: &BTreeSet<VarId>,
    ) -> BTreeSet<VarId> {
        let all = bodies.map(|body| self.list(body, stored.clone()));
        all.reduce(|a, b| a.intersection(&b).copied().collect()).unwrap_or_else(|| stored.clone())
    }

    fn read(&mut self, expr: ExprId, stored: &BTreeSet<VarId>) {
        let (exprs, found) = (self.exprs, &mut self.found);
        exprs.walk(expr, &mut |part| {
            if let ExprKind::Var(var) = exprs.kind(part)
                && !stored.contains(var)
            {
                found.insert(*var);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_diagnostics::Span;
    use pyhw_ir::{Int, LabelId, Place};

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

    #[test]
    fn a_local_that_flags_hide_counts_as_read_before_it_is_stored_into() {
        let mut exprs = Exprs::new();
        let cond = exprs.bool(true, Span::NONE);
        let (counter, local) = (VarId::new(0), VarId::new(1));
        let read = exprs.var(local, &pyhw_ir::Type::Bool, Span::NONE);
        let store = || stmt(StmtKind::Assign { place: Place::var(local), value: cond });
        let use_it = || stmt(StmtKind::Next { place: Place::net(NetId::new(0)), value: read });
        let (outer, inner) = (LabelId::new(0), LabelId::new(1));
        let repeat = |body: Vec<Stmt>, stop: i64| {
            let (start, stop, step) = (Int::ZERO, Int::from(stop), Int::ONE);
            stmt(StmtKind::For { label: inner, var: counter, start, stop, step, body })
        };
        let when = |body: Vec<Stmt>| stmt(StmtKind::If { arms: vec![(cond, body)], orelse: vec![] });
        let found = |stmts: &[Stmt]| {
            let needed = crate::flow::needed(stmts);
            read_before_stored(stmts, &exprs, &needed).contains(&local)
        };
        let hit = || when(vec![store(), stmt(StmtKind::Break(outer))]);
        let search = stmt(StmtKind::Block { label: outer, body: vec![repeat(vec![hit()], 8), store()] });
        assert!(found(&[search, use_it()]));
        assert!(!found(&[store(), use_it()]));
        assert!(!found(&[when(vec![store(), use_it()])]));
        assert!(found(&[when(vec![store()]), use_it()]));
        assert!(!found(&[repeat(vec![store()], 8), use_it()]));
        assert!(found(&[repeat(vec![store()], 0), use_it()]));
        assert!(found(&[repeat(vec![use_it(), store()], 8)]));
    }
}
