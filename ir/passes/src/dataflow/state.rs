//! What is known at one point of a process, and how paths meet.

use super::Reason;
use super::graph::Graph;
use pyhw_ir::{ExprId, NetId};
use std::collections::HashSet;

/// What a variable, or the next value of a net, holds on the paths that lead here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// Its value; `None` where no path stored into it and nothing else is known.
    pub value: Option<ExprId>,
    /// Where something was stored into it: a boolean.
    pub set: ExprId,
}

/// The conditions that led to a point. Each holds, and is only to be evaluated where those before it do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    /// Each condition with the conjunction of all up to it.
    conds: Vec<(ExprId, ExprId)>,
    always: ExprId,
}

impl Path {
    pub fn new(always: ExprId) -> Path {
        Path { conds: Vec::new(), always }
    }

    /// All conditions as one.
    pub fn guard(&self) -> ExprId {
        self.conds.last().map_or(self.always, |(_, all)| *all)
    }

    pub fn len(&self) -> usize {
        self.conds.len()
    }

    pub fn push(&mut self, graph: &mut Graph<'_>, cond: ExprId) -> Result<(), Reason> {
        if cond != self.always {
            let all = graph.and_then(self.guard(), cond)?;
            self.conds.push((cond, all));
        }
        Ok(())
    }

    fn truncate(&mut self, length: usize) {
        self.conds.truncate(length);
    }

    /// The conditions from a number on as one, those left out that are known to hold.
    fn since(&self, graph: &mut Graph<'_>, from: usize, known: &HashSet<ExprId>) -> Result<ExprId, Reason> {
        let mut all = self.always;
        for &(cond, _) in self.conds.get(from..).unwrap_or(&[]) {
            if !known.contains(&cond) {
                all = graph.and_then(all, cond)?;
            }
        }
        Ok(all)
    }

    /// Whether the condition is one of those that led here.
    pub fn implies(&self, cond: ExprId) -> bool {
        cond == self.always || self.conds.iter().any(|(one, all)| *one == cond || *all == cond)
    }
}

/// What is known at one point.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub vars: Vec<Slot>,
    /// The nets whose next value is followed, in the order of the process's list of them.
    pub nets: Vec<Slot>,
    pub path: Path,
    /// The nets that were stored into, in the order of the first store.
    pub order: Vec<NetId>,
}

/// States that meet, each with the condition under which it is the one; the conditions are tested in order, and the last state is
/// the one where none holds.
pub(super) type Meeting = Vec<(ExprId, State)>;

/// For paths that left one after the other, since `base` conditions: the condition of each, where none before it holds.
pub(super) fn conditions<'s>(
    graph: &mut Graph<'_>,
    base: usize,
    left: impl Iterator<Item = &'s State>,
) -> Result<Vec<ExprId>, Reason> {
    let mut conds = Vec::new();
    let mut known = HashSet::new();
    for state in left {
        let cond = state.path.since(graph, base, &known)?;
        known.insert(graph.not(cond)?);
        conds.push(cond);
    }
    Ok(conds)
}

/// The state where paths meet that parted after `base` conditions; `None` if there are none. `gone` are the conditions of paths
/// that left for somewhere else. The flag is set where paths stored into nets in different orders.
pub(super) fn meet(
    graph: &mut Graph<'_>,
    base: usize,
    mut states: Meeting,
    gone: &[ExprId],
    orders_differ: &mut bool,
) -> Result<Option<State>, Reason> {
    let Some((_, mut met)) = states.pop() else { return Ok(None) };
    while let Some((cond, state)) = states.pop() {
        join_slots(graph, cond, &state.vars, &mut met.vars)?;
        join_slots(graph, cond, &state.nets, &mut met.nets)?;
        join_orders(&state.order, &mut met.order, orders_differ);
    }
    met.path.truncate(base);
    for &cond in gone {
        let not = graph.not(cond)?;
        met.path.push(graph, not)?;
    }
    graph.within_limit()?;
    Ok(Some(met))
}

fn join_slots(graph: &mut Graph<'_>, cond: ExprId, from: &[Slot], into: &mut [Slot]) -> Result<(), Reason> {
    for (from, into) in from.iter().zip(into) {
        if from == into {
            continue;
        }
        let value = match (from.value, into.value) {
            // Where it is not set its value is not used: reading it there is a fault.
            (None, other) | (other, None) => other,
            (Some(one), Some(other)) if one == other => Some(one),
            (Some(one), Some(other)) => Some(graph.choose(cond, one, other)?),
        };
        let set = if from.set == into.set { from.set } else { graph.mux(cond, from.set, into.set)? };
        *into = Slot { value, set };
    }
    Ok(())
}

/// One order of both, if there is one.
fn join_orders(from: &[NetId], into: &mut Vec<NetId>, differ: &mut bool) {
    if from == &into[..] {
        return;
    }
    let mut next = 0;
    for net in from {
        match into.iter().position(|known| known == net) {
            Some(at) => {
                *differ |= at < next;
                next = next.max(at + 1);
            }
            None => {
                into.insert(next, *net);
                next += 1;
            }
        }
    }
}
