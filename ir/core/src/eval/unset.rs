//! Which variables might be read before anything is assigned to them.

use crate::design::{Body, Place, Projection, Root, Stmt, StmtKind, Wait};
use crate::expr::{ExprId, ExprKind};

/// For each variable, whether some path, be it possible or not, reads it unset. Only these need a flag at run time.
pub fn maybe_unset(body: &Body) -> Vec<bool> {
    let mut with_vars = vec![false; body.exprs.len()];
    for id in body.exprs.ids() {
        with_vars[id.index()] = match body.exprs.kind(id) {
            ExprKind::Var(_) => true,
            ExprKind::Const(_) | ExprKind::Net(_) => false,
            ExprKind::Op(_, args) => args.iter().any(|arg| with_vars.get(arg.index()) == Some(&true)),
        };
    }
    let mut analysis = Analysis {
        body,
        with_vars,
        seen: vec![0; body.exprs.len()],
        epoch: 0,
        unset: vec![false; body.vars.len()],
        breaks: vec![None; body.labels.len()],
    };
    let mut state = Some(vec![false; body.vars.len()]);
    analysis.block(&body.stmts, &mut state);
    analysis.unset
}

/// Which variables are surely set; `None` where control never comes.
type State = Option<Vec<bool>>;

struct Analysis<'a> {
    body: &'a Body,
    /// Which expressions read any variable.
    with_vars: Vec<bool>,
    seen: Vec<u32>,
    epoch: u32,
    unset: Vec<bool>,
    /// What holds where the breaks of a label go to.
    breaks: Vec<State>,
}

fn merge(into: &mut State, other: State) {
    match (into.as_mut(), other) {
        (_, None) => {}
        (None, other) => *into = other,
        (Some(set), Some(other)) => set.iter_mut().zip(other).for_each(|(a, b)| *a &= b),
    }
}

impl Analysis<'_> {
    fn reads(&mut self, root: ExprId, state: &State) {
        let Some(set) = state else { return };
        self.epoch += 1;
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            if self.with_vars.get(id.index()) != Some(&true)
                || std::mem::replace(&mut self.seen[id.index()], self.epoch) == self.epoch
            {
                continue;
            }
            match self.body.exprs.kind(id) {
                ExprKind::Var(var) => {
                    if set.get(var.index()) == Some(&false) {
                        self.unset[var.index()] = true;
                    }
                }
                ExprKind::Op(_, args) => stack.extend(args),
                ExprKind::Const(_) | ExprKind::Net(_) => {}
            }
        }
    }

    fn place(&mut self, place: &Place, state: &mut State) {
        for step in &place.path {
            match step {
                Projection::Index(index) | Projection::Bit(index) => self.reads(*index, state),
                Projection::Slice { low, .. } => self.reads(*low, state),
                Projection::Field(_) => {}
            }
        }
        if let (Root::Var(var), Some(set)) = (place.root, state) {
            // A store into a part needs the rest.
            if !place.path.is_empty() && set.get(var.index()) == Some(&false) {
                self.unset[var.index()] = true;
            }
            if let Some(set) = set.get_mut(var.index()) {
                *set = true;
            }
        }
    }

    fn waits(&mut self, waits: &[Wait], state: &State) {
        for wait in waits {
            match wait {
                Wait::Event(_) => {}
                Wait::Delay(steps) => self.reads(*steps, state),
                Wait::Join(inner) => self.waits(inner, state),
            }
        }
    }

    fn break_to(&mut self, label: usize, state: &mut State) {
        if let Some(at) = self.breaks.get_mut(label) {
            merge(at, state.take());
        }
        *state = None;
    }

    fn take_breaks(&mut self, label: usize) -> State {
        self.breaks.get_mut(label).and_then(Option::take)
    }

    fn block(&mut self, stmts: &[Stmt], state: &mut State) {
        for stmt in stmts {
            self.stmt(&stmt.kind, state);
        }
    }

    fn stmt(&mut self, kind: &StmtKind, state: &mut State) {
        match kind {
            StmtKind::Assign { place, value } | StmtKind::Next { place, value } => {
                self.reads(*value, state);
                self.place(place, state);
            }
            StmtKind::If { arms, orelse } => {
                let mut after = None;
                for (cond, body) in arms {
                    self.reads(*cond, state);
                    let mut inside = state.clone();
                    self.block(body, &mut inside);
                    merge(&mut after, inside);
                }
                self.block(orelse, state);
                merge(&mut after, state.take());
                *state = after;
            }
            StmtKind::Switch { subject, arms, default } => {
                self.reads(*subject, state);
                let mut after = None;
                for arm in arms {
                    let mut inside = state.clone();
                    self.block(&arm.body, &mut inside);
                    merge(&mut after, inside);
                }
                if let Some(default) = default {
                    self.block(default, state);
                    merge(&mut after, state.take());
                }
                *state = after;
            }
            StmtKind::For { label, var, start, stop, step, body } => {
                let runs = if step.is_negative() { start > stop } else { start < stop };
                let mut after = if runs { None } else { state.clone() };
                if let Some(set) = state.as_mut().and_then(|set| set.get_mut(var.index())) {
                    *set = true;
                }
                // Where the loop ends, some turn has been through: at least the counter is set. What the body sets
                // may have been left out by a `continue`.
                if runs {
                    merge(&mut after, state.clone());
                }
                self.block(body, state);
                merge(&mut after, self.take_breaks(label.index()));
                *state = after;
            }
            StmtKind::While { label, cond, body } => {
                self.reads(*cond, state);
                let endless = self.body.exprs.as_const(*cond).and_then(|value| value.as_bool()) == Some(true);
                let mut after = if endless { None } else { state.clone() };
                self.block(body, state);
                merge(&mut after, self.take_breaks(label.index()));
                *state = after;
            }
            StmtKind::Block { label, body } => {
                self.block(body, state);
                merge(state, self.take_breaks(label.index()));
            }
            StmtKind::Break(label) => self.break_to(label.index(), state),
            StmtKind::Continue(_) | StmtKind::Return => *state = None,
            StmtKind::Wait(waits) => {
                self.waits(waits, state);
                if waits.is_empty() {
                    *state = None;
                }
            }
            StmtKind::Assert { cond, message } => {
                self.reads(*cond, state);
                if let Some(message) = message {
                    self.reads(*message, state);
                }
            }
            StmtKind::Print { text } => self.reads(*text, state),
            StmtKind::Raise { message, .. } | StmtKind::Finish { message } => {
                if let Some(message) = message {
                    self.reads(*message, state);
                }
                *state = None;
            }
        }
    }
}
