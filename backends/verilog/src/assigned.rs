//! What tools see to have a value on every path: for other nets and locals they would infer latches and registers.
//!
//! Exits are flags in the text, and a tool does not know what a flag says of the path: what one guards it takes for optional.

use crate::flow::{Exit, exits, exits_of};
use pyhw_ir::{ExprKind, Exprs, Root, Stmt, StmtKind, VarId};
use std::collections::BTreeSet;

/// What a tool makes of statements.
pub struct Seen {
    /// What it sees to be stored into, as a whole, on every path.
    pub stored: BTreeSet<Root>,
    /// The locals that it sees read where nothing has been stored into them: it would take each for a register.
    pub read_unset: BTreeSet<VarId>,
}

/// Follows the statements as a tool does, of whose exits the `needed` ones are flags.
pub fn seen(stmts: &[Stmt], exprs: &Exprs, needed: &BTreeSet<Exit>) -> Seen {
    let mut walk = Walk { exprs, needed, read_unset: BTreeSet::new() };
    let stored = walk.list(stmts, BTreeSet::new());
    Seen { stored, read_unset: walk.read_unset }
}

struct Walk<'a> {
    exprs: &'a Exprs,
    needed: &'a BTreeSet<Exit>,
    read_unset: BTreeSet<VarId>,
}

impl Walk<'_> {
    /// What has been stored into after the statements, given what has before.
    fn list(&mut self, stmts: &[Stmt], mut stored: BTreeSet<Root>) -> BTreeSet<Root> {
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

    fn stmt(&mut self, stmt: &Stmt, mut stored: BTreeSet<Root>) -> BTreeSet<Root> {
        self.reads(stmt, &stored);
        match &stmt.kind {
            StmtKind::Assign { place, .. } | StmtKind::Next { place, .. } => {
                if place.path.is_empty() {
                    stored.insert(place.root);
                }
                stored
            }
            StmtKind::If { .. } | StmtKind::Switch { .. } => {
                let blocks = stmt.kind.blocks().into_iter();
                let ends = blocks.map(|block| self.list(block, stored.clone()));
                ends.reduce(|a, b| &a & &b).unwrap_or(stored)
            }
            StmtKind::For { label, var, start, stop, step, body } => {
                let turns = if step.is_negative() { start > stop } else { start < stop };
                let leaves = exits_of(body).iter().any(|exit| *exit != Exit::Continue(*label));
                stored.insert(Root::Var(*var));
                let after = self.list(body, stored.clone());
                if turns && !leaves { after } else { stored }
            }
            StmtKind::While { body, .. } => {
                self.list(body, stored.clone());
                stored
            }
            StmtKind::Block { body, .. } => self.list(body, stored),
            StmtKind::Unset(_)
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

    /// Notes what the statement itself reads. A store into a part reads the rest.
    fn reads(&mut self, stmt: &Stmt, stored: &BTreeSet<Root>) {
        let mut read = |var| {
            if !stored.contains(&Root::Var(var)) {
                self.read_unset.insert(var);
            }
        };
        for expr in stmt.kind.exprs() {
            self.exprs.walk(expr, &mut |part| {
                if let ExprKind::Var(var) = self.exprs.kind(part) {
                    read(*var);
                }
            });
        }
        if let StmtKind::Assign { place, .. } = &stmt.kind
            && let (Root::Var(var), false) = (place.root, place.path.is_empty())
        {
            read(var);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_diagnostics::Span;
    use pyhw_ir::{Int, LabelId, NetId, Place};

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
        let stored = |stmts: &[Stmt]| seen(stmts, &exprs, &needed).stored.contains(&Root::Net(net));
        assert!(!stored(&[found]));
        assert!(stored(&[store()]));
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
            seen(stmts, &exprs, &needed).read_unset.contains(&local)
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
