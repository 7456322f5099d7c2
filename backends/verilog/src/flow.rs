//! Which `break`, `continue` and `return` need a word of their own in Verilog.
//!
//! Synthesisers do not take `disable`, so that in synthesisable processes an exit sets a flag, and what it skips is guarded by
//! the flag. An exit after which nothing would follow needs none.

use pyhw_ir::{Comments, ExprId, Exprs, LabelId, Stmt, StmtKind, Value};
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
        StmtKind::Unset(_) | StmtKind::Finish { .. } | StmtKind::Raise { .. } => {}
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

/// The same statements without what a constant condition keeps from being reached: an exit there would want a flag that nobody reads.
pub fn decided(stmts: &[Stmt], exprs: &Exprs) -> Vec<Stmt> {
    let mut result = Vec::new();
    for stmt in stmts {
        let mut stmt = stmt.clone();
        stmt.kind = stmt.kind.map_blocks(&mut |block| decided(&block, exprs));
        // A comment stands where the user put it.
        let is_bare = stmt.comments == Comments::default();
        if let StmtKind::If { arms, orelse } = &mut stmt.kind
            && is_bare
        {
            let known = |cond: &ExprId| exprs.as_const(*cond).map(Value::is_truthy);
            arms.retain(|(cond, _)| known(cond) != Some(false));
            if let Some(at) = arms.iter().position(|(cond, _)| known(cond) == Some(true)) {
                *orelse = std::mem::take(&mut arms[at].1);
                arms.truncate(at);
            }
            if arms.is_empty() {
                result.append(orelse);
                continue;
            }
        }
        result.push(stmt);
    }
    result
}

/// The same statements with what follows an exit moved into the branch that does not take it, where there is one: most early
/// exits then stand at the end and need no word at all.
pub fn structured(stmts: &[Stmt]) -> Vec<Stmt> {
    let mut result = Vec::new();
    for (index, stmt) in stmts.iter().enumerate() {
        let mut stmt = stmt.clone();
        let rest = &stmts[index + 1..];
        let leaves = !exits(&stmt).is_empty();
        if let StmtKind::If { arms, orelse } = &mut stmt.kind
            && leaves
            && !rest.is_empty()
        {
            let mut open: Vec<&mut Vec<Stmt>> = arms
                .iter_mut()
                .map(|(_, body)| body)
                .chain([orelse])
                .filter(|body| !diverges(body))
                .collect();
            match &mut open[..] {
                // Nothing behind is ever reached.
                [] => {
                    structure_blocks(&mut stmt);
                    result.push(stmt);
                    return result;
                }
                [body] if exits_of(body).is_empty() => {
                    body.extend_from_slice(rest);
                    structure_blocks(&mut stmt);
                    merge_else(&mut stmt);
                    result.push(stmt);
                    return result;
                }
                _ => {}
            }
        }
        structure_blocks(&mut stmt);
        result.push(stmt);
    }
    result
}

fn structure_blocks(stmt: &mut Stmt) {
    match &mut stmt.kind {
        StmtKind::If { arms, orelse } => {
            arms.iter_mut().for_each(|(_, body)| *body = structured(body));
            *orelse = structured(orelse);
        }
        StmtKind::Switch { arms, default, .. } => {
            arms.iter_mut().for_each(|arm| arm.body = structured(&arm.body));
            default.iter_mut().for_each(|body| *body = structured(body));
        }
        StmtKind::For { body, .. } | StmtKind::While { body, .. } | StmtKind::Block { body, .. } => {
            *body = structured(body);
        }
        StmtKind::Assign { .. }
        | StmtKind::Unset(_)
        | StmtKind::Next { .. }
        | StmtKind::Break(_)
        | StmtKind::Continue(_)
        | StmtKind::Wait(_)
        | StmtKind::Assert { .. }
        | StmtKind::Print { .. }
        | StmtKind::Raise { .. }
        | StmtKind::Finish { .. }
        | StmtKind::Return => {}
    }
}

/// `else begin if … end` as `else if …`.
fn merge_else(stmt: &mut Stmt) {
    let StmtKind::If { arms, orelse } = &mut stmt.kind else { return };
    let [Stmt { kind: StmtKind::If { arms: more, orelse: last }, comments, .. }] = &mut orelse[..] else {
        return;
    };
    if comments.leading.is_empty() && comments.trailing.is_none() {
        arms.append(more);
        let last = std::mem::take(last);
        *orelse = last;
    }
}

/// Whether no path through the statements reaches their end.
fn diverges(stmts: &[Stmt]) -> bool {
    match stmts.last().map(|stmt| &stmt.kind) {
        Some(StmtKind::Break(_) | StmtKind::Continue(_) | StmtKind::Return) => true,
        Some(StmtKind::If { arms, orelse }) => {
            !orelse.is_empty() && diverges(orelse) && arms.iter().all(|(_, body)| diverges(body))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_diagnostics::Span;

    fn stmt(kind: StmtKind) -> Stmt {
        Stmt::new(kind, Span::NONE)
    }

    #[test]
    fn what_a_constant_keeps_from_being_reached_is_left_out() {
        let mut exprs = Exprs::new();
        let (yes, no) = (exprs.bool(true, Span::NONE), exprs.bool(false, Span::NONE));
        let print = || stmt(StmtKind::Print { text: yes });
        let choice =
            |arms: Vec<(ExprId, Vec<Stmt>)>| StmtKind::If { arms, orelse: vec![stmt(StmtKind::Return)] };
        assert_eq!(decided(&[stmt(choice(vec![(no, vec![]), (yes, vec![print()])]))], &exprs), [print()]);
        assert_eq!(decided(&[stmt(choice(vec![(no, vec![print()])]))], &exprs), [stmt(StmtKind::Return)]);
        let told = Stmt { comments: Comments { leading: vec!["why".into()], trailing: None }, ..print() };
        let noted = Stmt { comments: told.comments.clone(), ..stmt(choice(vec![(yes, vec![print()])])) };
        assert_eq!(decided(std::slice::from_ref(&noted), &exprs), [noted]);
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
    fn what_follows_an_early_exit_moves_into_the_other_branch() {
        let mut exprs = Exprs::new();
        let cond = exprs.bool(true, Span::NONE);
        let print = || stmt(StmtKind::Print { text: cond });
        let early = stmt(StmtKind::If { arms: vec![(cond, vec![stmt(StmtKind::Return)])], orelse: vec![] });
        let list = structured(&[early, print(), print()]);
        let [Stmt { kind: StmtKind::If { orelse, .. }, .. }] = &list[..] else { panic!("{list:?}") };
        assert_eq!(*orelse, [print(), print()]);
        assert!(needed(&list).is_empty());
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
