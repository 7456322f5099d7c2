//! The rule that a variable is not read where on no path anything was assigned to it.
//!
//! A forward analysis over the structured statements: at each point the variables that *may* have been assigned. Where paths
//! join the sets are united, and a loop's head is given all that its body assigns, so that a variable outside the set was
//! certainly not assigned: the rule has no false alarms.

use super::{Faults, MAX_NESTING};
use crate::design::{Body, LabelId, VarId};
use crate::expr::{ExprId, ExprKind};
use crate::stmt::{Root, Stmt, StmtKind};
use crate::types::Value;
use pyhw_diagnostics::Span;
use std::collections::HashMap;

/// The variables that may have been assigned; `None` where no path leads.
type State = Option<Vec<u64>>;

/// `reads` tells for each expression whether it reads a variable at all.
pub(super) fn verify_assigned(body: &Body, reads: &[bool], process: Span, faults: &mut Faults) {
    if body.vars.is_empty() {
        return;
    }
    let mut flow = Flow {
        body,
        reads,
        process,
        faults,
        breaks: HashMap::new(),
        met: vec![0; body.exprs.len()],
        visit: 0,
    };
    let mut state = Some(vec![0; body.vars.len().div_ceil(64)]);
    flow.stmts(&body.stmts, &mut state, 0);
}

struct Flow<'a, 'f> {
    body: &'a Body,
    reads: &'a [bool],
    process: Span,
    faults: &'f mut Faults,
    /// What may have been assigned where a statement of this label is left by `break`.
    breaks: HashMap<LabelId, Vec<u64>>,
    /// For each expression the number of the visit that met it last.
    met: Vec<u32>,
    visit: u32,
}

impl Flow<'_, '_> {
    fn stmts(&mut self, stmts: &[Stmt], state: &mut State, depth: usize) {
        // What is deeper is a fault already.
        if depth > MAX_NESTING {
            return;
        }
        for stmt in stmts {
            if state.is_none() {
                return;
            }
            self.stmt(stmt, state, depth);
        }
    }

    fn stmt(&mut self, stmt: &Stmt, state: &mut State, depth: usize) {
        self.read_all(stmt, state);
        match &stmt.kind {
            StmtKind::Assign { place, .. } => {
                if let Root::Var(var) = place.root {
                    if !place.path.is_empty() {
                        self.read(var, stmt.span, state);
                    }
                    set(state, var);
                }
            }
            StmtKind::If { arms, orelse } => {
                let bodies = arms.iter().map(|(_, body)| &body[..]).chain([&orelse[..]]);
                self.branches(bodies, state, depth);
            }
            StmtKind::Switch { arms, default, .. } => {
                if arms.is_empty() && default.is_none() {
                    return;
                }
                self.branches(arms.iter().map(|arm| &arm.body[..]).chain(default.as_deref()), state, depth);
            }
            StmtKind::For { label, var, start, stop, step, body } => {
                let runs = if step.is_negative() { start > stop } else { start < stop };
                if runs {
                    set(state, *var);
                    self.repeated(*label, body, state, depth, true);
                }
            }
            StmtKind::While { label, cond, body } => {
                let known = self.body.exprs.len() > cond.index();
                let for_ever = known && self.body.exprs.as_const(*cond) == Some(&Value::Bool(true));
                self.repeated(*label, body, state, depth, !for_ever);
            }
            StmtKind::Block { label, body } => {
                self.stmts(body, state, depth + 1);
                let left = self.breaks.remove(label);
                *state = join(state.take(), left);
            }
            StmtKind::Break(label) => {
                let known = self.breaks.remove(label);
                if let Some(all) = join(known, state.take()) {
                    self.breaks.insert(*label, all);
                }
            }
            StmtKind::Wait(waits) if waits.is_empty() => *state = None,
            StmtKind::Continue(_) | StmtKind::Raise { .. } | StmtKind::Finish { .. } | StmtKind::Return => {
                *state = None;
            }
            StmtKind::Unset(var) => {
                if let Some(word) = state.as_mut().and_then(|bits| bits.get_mut(var.index() / 64)) {
                    *word &= !(1 << (var.index() % 64));
                }
            }
            StmtKind::Next { .. } | StmtKind::Wait(_) | StmtKind::Assert { .. } | StmtKind::Print { .. } => {}
        }
    }

    fn branches<'s>(&mut self, bodies: impl Iterator<Item = &'s [Stmt]>, state: &mut State, depth: usize) {
        let before = state.take();
        for body in bodies {
            let mut own = before.clone();
            self.stmts(body, &mut own, depth + 1);
            *state = join(state.take(), own);
        }
    }

    /// A loop. Its head is reached from before it and from any turn.
    fn repeated(&mut self, label: LabelId, body: &[Stmt], state: &mut State, depth: usize, ends: bool) {
        assigned_in(body, state, depth);
        let mut turn = state.clone();
        self.stmts(body, &mut turn, depth + 1);
        let left = self.breaks.remove(&label);
        let head = if ends { state.take() } else { None };
        *state = join(head, left);
    }

    fn read_all(&mut self, stmt: &Stmt, state: &mut State) {
        self.visit += 1;
        let mut stack: Vec<ExprId> = stmt.kind.exprs();
        let mut found = Vec::new();
        while let Some(id) = stack.pop() {
            let Some(met) = self.met.get_mut(id.index()) else { continue };
            if !self.reads[id.index()] || std::mem::replace(met, self.visit) == self.visit {
                continue;
            }
            match self.body.exprs.kind(id) {
                ExprKind::Var(var) => found.push(*var),
                ExprKind::Op(_, args) => stack.extend(args.iter().filter(|arg| **arg < id)),
                ExprKind::Const(_) | ExprKind::Net(_) => {}
            }
        }
        found.sort_unstable();
        for var in found {
            self.read(var, stmt.span, state);
        }
    }

    fn read(&mut self, var: VarId, span: Span, state: &mut State) {
        let Some(declared) = self.body.vars.get(var.index()) else { return };
        if state.as_ref().is_some_and(|bits| bits[var.index() / 64] >> (var.index() % 64) & 1 == 0) {
            let span = if span.is_known() { span } else { self.process };
            let message = format!("variable `{}` is read before anything is assigned to it", declared.name);
            self.faults.add(span, message);
            // Said once on this path.
            set(state, var);
        }
    }
}

fn set(state: &mut State, var: VarId) {
    if let Some(word) = state.as_mut().and_then(|bits| bits.get_mut(var.index() / 64)) {
        *word |= 1 << (var.index() % 64);
    }
}

fn join(one: State, other: State) -> State {
    match (one, other) {
        (Some(mut one), Some(other)) => {
            for (word, more) in one.iter_mut().zip(other) {
                *word |= more;
            }
            Some(one)
        }
        (one, other) => one.or(other),
    }
}

/// Adds every variable that the statements assign, on whatever path.
fn assigned_in(stmts: &[Stmt], state: &mut State, depth: usize) {
    if depth > MAX_NESTING {
        return;
    }
    for stmt in stmts {
        if let Some(var) = stmt.kind.stored_var() {
            set(state, var);
        }
        for block in stmt.kind.blocks() {
            assigned_in(block, state, depth + 1);
        }
    }
}
