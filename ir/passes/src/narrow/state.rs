//! What is known at a point of a process.

use pyhw_ir::{ExprId, ExprKind, Exprs, Int, Range, VarId};
use std::collections::BTreeMap;

/// Intervals of variables, and of expressions that conditions have told about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct State {
    /// The interval of each integer variable; `None` while it is unset.
    pub vars: Vec<Option<Range>>,
    /// What is known of expressions beyond their operands.
    pub facts: BTreeMap<ExprId, Range>,
}

impl State {
    /// Nothing is known and nothing is set.
    pub fn new(vars: usize) -> State {
        State { vars: vec![None; vars], facts: BTreeMap::new() }
    }

    /// What holds on both of two paths.
    pub fn join(&self, other: &State) -> State {
        let vars = self
            .vars
            .iter()
            .zip(&other.vars)
            .map(|(a, b)| match (a, b) {
                (Some(a), Some(b)) => Some(a.union(b)),
                (one, None) | (None, one) => one.clone(),
            })
            .collect();
        let facts = self
            .facts
            .iter()
            .filter_map(|(id, range)| other.facts.get(id).map(|theirs| (*id, range.union(theirs))))
            .collect();
        State { vars, facts }
    }

    /// What holds on both paths, with ends that moved since `self` taken out to the next threshold: loops come to rest.
    /// The thresholds are in ascending order.
    pub fn widen(&self, next: &State, thresholds: &[Int]) -> State {
        let mut joined = self.join(next);
        for (before, after) in self.vars.iter().zip(&mut joined.vars) {
            if let (Some(before), Some(after)) = (before, after) {
                if after.min != before.min {
                    let below =
                        |min: &Int| thresholds.iter().rev().find(|threshold| *threshold <= min).cloned();
                    after.min = after.min.as_ref().and_then(below);
                }
                if after.max != before.max {
                    let above = |max: &Int| thresholds.iter().find(|threshold| *threshold >= max).cloned();
                    after.max = after.max.as_ref().and_then(above);
                }
            }
        }
        joined.facts.retain(|id, range| self.facts.get(id) == Some(range));
        joined
    }

    /// Forgets what was known of expressions that read the variable.
    pub fn forget_var(&mut self, exprs: &Exprs, var: VarId) {
        self.facts
            .retain(|id, _| !reads(exprs, *id, &|kind| matches!(kind, ExprKind::Var(read) if *read == var)));
    }

    /// Forgets what was known of expressions that read nets: time has passed.
    pub fn forget_nets(&mut self, exprs: &Exprs) {
        self.facts.retain(|id, _| !reads(exprs, *id, &|kind| matches!(kind, ExprKind::Net(_))));
    }
}

fn reads(exprs: &Exprs, id: ExprId, is: &impl Fn(&ExprKind) -> bool) -> bool {
    let mut found = false;
    exprs.walk(id, &mut |id| found |= is(exprs.kind(id)));
    found
}

/// The join of two paths, either of which may not be taken.
pub(super) fn join(a: Option<State>, b: Option<State>) -> Option<State> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.join(&b)),
        (one, None) | (None, one) => one,
    }
}
