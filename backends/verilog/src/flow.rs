//! Which `break`, `continue` and `return` need a word of their own in Verilog.
//!
//! Synthesisers do not take `disable`, so that in synthesisable processes an exit sets a flag, and what it skips is guarded by
//! the flag. An exit after which nothing would follow needs none.

use pyhw_ir::{LabelId, Stmt, StmtKind};
use std::collections::BTreeSet;

/// A way out of statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Leaves the loop or block.
    Break(LabelId),
    /// Goes on with the loop's next turn.
    Continue(LabelId),
    /// Ends the process or its activation.
    Return,
}

/// The exits that can leave a statement.
pub fn exits(stmt: &Stmt) -> BTreeSet<Exit> {
    let mut found = BTreeSet::new();
    match &stmt.kind {
        StmtKind::Break(label) => {
            found.insert(Exit::Break(*label));
        }
        StmtKind::Continue(label) => {
            found.insert(Exit::Continue(*label));
        }
        StmtKind::Return => {
            found.insert(Exit::Return);
        }
        StmtKind::Finish { .. } | StmtKind::Raise { .. } => {}
        StmtKind::For { label, body, .. }
        | StmtKind::While { label, body, .. }
        | StmtKind::Block { label, body } => {
            found = exits_of(body);
            found.remove(&Exit::Break(*label));
            found.remove(&Exit::Continue(*label));
        }
        StmtKind::If { .. } | StmtKind::Switch { .. } => {
            for block in stmt.kind.blocks() {
                found.extend(exits_of(block));
            }
        }
        StmtKind::Assign { .. }
        | StmtKind::Next { .. }
        | StmtKind::Wait(_)
        | StmtKind::Assert { .. }
        | StmtKind::Print { .. } => {}
    }
    found
}

/// The exits that can leave a list of statements.
pub fn exits_of(stmts: &[Stmt]) -> BTreeSet<Exit> {
    stmts.iter().flat_map(exits).collect()
}

/// The exits that skip something: each needs a flag.
pub fn needed(stmts: &[Stmt]) -> BTreeSet<Exit> {
    let mut found = BTreeSet::new();
    gather(stmts, &mut found);
    found
}

fn gather(stmts: &[Stmt], found: &mut BTreeSet<Exit>) {
    for (index, stmt) in stmts.iter().enumerate() {
        if index + 1 < stmts.len() {
            found.extend(exits(stmt));
        }
        if let StmtKind::For { label, body, .. } | StmtKind::While { label, body, .. } = &stmt.kind {
            // Whatever leaves a loop must keep its next turn from coming.
            let mut leaving = exits_of(body);
            leaving.remove(&Exit::Continue(*label));
            found.extend(leaving);
        }
        for block in stmt.kind.blocks() {
            gather(block, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_diagnostics::Span;
    use pyhw_ir::Exprs;

    fn stmt(kind: StmtKind) -> Stmt {
        Stmt::new(kind, Span::NONE)
    }

    #[test]
    fn an_exit_at_the_very_end_needs_no_flag() {
        let mut exprs = Exprs::new();
        let cond = exprs.bool(true, Span::NONE);
        let branch = |body| stmt(StmtKind::If { arms: vec![(cond, body)], orelse: vec![] });
        let last = vec![branch(vec![stmt(StmtKind::Return)])];
        assert!(needed(&last).is_empty());
        let followed = vec![branch(vec![stmt(StmtKind::Return)]), stmt(StmtKind::Print { text: cond })];
        assert_eq!(needed(&followed), BTreeSet::from([Exit::Return]));
    }

    #[test]
    fn leaving_a_loop_needs_a_flag_and_a_last_continue_none() {
        let label = LabelId::new(0);
        let mut exprs = Exprs::new();
        let cond = exprs.bool(true, Span::NONE);
        let turn = |kind| {
            let body = vec![stmt(StmtKind::If { arms: vec![(cond, vec![stmt(kind)])], orelse: vec![] })];
            vec![stmt(StmtKind::While { label, cond, body })]
        };
        assert_eq!(needed(&turn(StmtKind::Break(label))), BTreeSet::from([Exit::Break(label)]));
        assert!(needed(&turn(StmtKind::Continue(label))).is_empty());
        assert!(exits_of(&turn(StmtKind::Break(label))).is_empty());
    }
}
