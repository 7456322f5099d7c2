//! Following the statements of a body with a [`State`].

use super::ranges::Scope;
use super::state::{State, join};
use pyhw_ir::{Body, Int, LabelId, Module, Place, Range, Root, Stmt, StmtKind, Type, Value, VarId};
use std::collections::HashMap;

/// The most turns of a loop, nested ones counted with their own, that are followed one by one.
const MAX_EXACT_TURNS: u64 = 20_000;

/// Rounds after which a loop that still changes is widened.
const ROUNDS_BEFORE_WIDENING: usize = 3;

/// For each variable the interval of everything that is stored into it; `None` for one that is no integer or never stored.
pub(super) fn var_ranges(module: &Module, body: &Body) -> Vec<Option<Range>> {
    let mut walker = Walker::new(Scope { module, body });
    walker.block(&body.stmts, Some(State::new(body.vars.len())), &mut |_, _| {});
    walker.stored
}

/// Called for each statement with what holds before it (`None` if it is never reached), once it is final.
pub(super) type Visit<'v, 'a> = &'v mut dyn FnMut(&'a Stmt, Option<&State>);

/// Follows statements and collects what leaves them by label.
pub(super) struct Walker<'a> {
    pub scope: Scope<'a>,
    /// What arrives at the end of a loop or block by `break`.
    breaks: HashMap<LabelId, Option<State>>,
    /// What arrives at the next turn of a loop by `continue`.
    continues: HashMap<LabelId, Option<State>>,
    /// What was stored into variables.
    stored: Vec<Option<Range>>,
    /// Whether stores count: not while turns of a loop are tried out.
    collecting: bool,
    /// What holds whenever the condition of a `while` is evaluated, by the address of the statement.
    pub heads: HashMap<*const Stmt, State>,
    thresholds: Vec<Int>,
    budget: u64,
}

impl<'a> Walker<'a> {
    pub fn new(scope: Scope<'a>) -> Walker<'a> {
        let vars = scope.body.vars.len();
        let thresholds = thresholds(&scope);
        Walker {
            scope,
            breaks: HashMap::new(),
            continues: HashMap::new(),
            stored: vec![None; vars],
            collecting: true,
            heads: HashMap::new(),
            thresholds,
            budget: MAX_EXACT_TURNS,
        }
    }

    /// What holds after the statements. `visit` sees every statement, of loops with what holds in all turns.
    pub fn block(
        &mut self,
        stmts: &'a [Stmt],
        mut state: Option<State>,
        visit: Visit<'_, 'a>,
    ) -> Option<State> {
        for stmt in stmts {
            visit(stmt, state.as_ref());
            state = self.stmt(stmt, state, visit);
        }
        state
    }

    fn stmt(&mut self, stmt: &'a Stmt, state: Option<State>, visit: Visit<'_, 'a>) -> Option<State> {
        // Statements that are never reached are visited all the same, so that each one is.
        let Some(mut state) = state else {
            for block in stmt.kind.blocks() {
                self.block(block, None, visit);
            }
            return None;
        };
        match &stmt.kind {
            StmtKind::Assign { place, value } => {
                self.assign(place, *value, &mut state);
                Some(state)
            }
            StmtKind::Next { .. } | StmtKind::Print { .. } => Some(state),
            StmtKind::If { arms, orelse } => {
                let mut rest = Some(state);
                let mut out = None;
                for (cond, body) in arms {
                    let then = rest.as_ref().and_then(|state| self.scope.under(*cond, true, state));
                    let after = self.block(body, then, visit);
                    out = join(out, after);
                    rest = rest.and_then(|state| self.scope.under(*cond, false, &state));
                }
                let after = self.block(orelse, rest, visit);
                join(out, after)
            }
            StmtKind::Switch { subject, arms, default } => {
                let range = self.scope.range(*subject, &state);
                let mut out = None;
                let mut rest = range.clone();
                for arm in arms {
                    let entry = self.arm_state(*subject, &arm.values, range.as_ref(), &state);
                    let after = self.block(&arm.body, entry, visit);
                    out = join(out, after);
                    for value in &arm.values {
                        rest = rest.map(|rest| without_end(&rest, value));
                    }
                }
                if let Some(default) = default {
                    let mut entry = state.clone();
                    if let Some(rest) = rest {
                        entry.facts.insert(*subject, rest);
                    }
                    let after = self.block(default, Some(entry), visit);
                    out = join(out, after);
                }
                out
            }
            StmtKind::For { label, var, start, stop, step, body } => {
                self.counted(*label, *var, (start, stop, step), body, state, visit)
            }
            StmtKind::While { label, cond, body } => {
                let head = self.fixpoint(*label, state, body, |scope, state| scope.under(*cond, true, state));
                self.heads.insert(stmt, head.clone());
                let turn = self.scope.under(*cond, true, &head);
                self.block(body, turn, visit);
                let exit = self.scope.under(*cond, false, &head);
                self.continues.remove(label);
                let broken = self.breaks.remove(label).flatten();
                join(exit, broken)
            }
            StmtKind::Block { label, body } => {
                let after = self.block(body, Some(state), visit);
                let broken = self.breaks.remove(label).flatten();
                join(after, broken)
            }
            StmtKind::Break(label) => {
                let slot = self.breaks.entry(*label).or_default();
                *slot = join(slot.take(), Some(state));
                None
            }
            StmtKind::Continue(label) => {
                let slot = self.continues.entry(*label).or_default();
                *slot = join(slot.take(), Some(state));
                None
            }
            StmtKind::Wait(_) => {
                state.forget_nets(&self.scope.body.exprs);
                Some(state)
            }
            StmtKind::Assert { cond, .. } => self.scope.under(*cond, true, &state),
            StmtKind::Raise { .. } | StmtKind::Finish { .. } | StmtKind::Return => None,
        }
    }

    fn assign(&mut self, place: &Place, value: pyhw_ir::ExprId, state: &mut State) {
        let Root::Var(var) = place.root else { return };
        let declared = self.scope.body.var(var);
        if let Type::Int(limits) = &declared.ty {
            let now = if place.path.is_empty() {
                let range = self.scope.range(value, state).unwrap_or(Range::UNBOUNDED);
                match limits.intersection(&range) {
                    Some(_) if declared.wraps && !limits.contains_range(&range) => limits.clone(),
                    Some(within) => within,
                    None => limits.clone(),
                }
            } else {
                limits.clone()
            };
            self.collect(var, &now);
            state.vars[var.index()] = Some(now);
        }
        state.forget_var(&self.scope.body.exprs, var);
    }

    fn collect(&mut self, var: VarId, range: &Range) {
        if self.collecting {
            let stored = &mut self.stored[var.index()];
            *stored = Some(stored.as_ref().map_or(range.clone(), |before| before.union(range)));
        }
    }

    fn set_counter(&mut self, var: VarId, range: Range, state: &mut State) {
        self.collect(var, &range);
        state.vars[var.index()] = Some(range);
        state.forget_var(&self.scope.body.exprs, var);
    }

    fn arm_state(
        &self,
        subject: pyhw_ir::ExprId,
        values: &[Value],
        range: Option<&Range>,
        state: &State,
    ) -> Option<State> {
        let Some(range) = range else { return Some(state.clone()) };
        let mut hull: Option<Range> = None;
        for value in values.iter().filter_map(Value::as_int) {
            let point = Range::exactly(value.clone());
            hull = Some(hull.map_or(point.clone(), |hull| hull.union(&point)));
        }
        let within = hull.and_then(|hull| range.intersection(&hull))?;
        let mut entry = state.clone();
        if let pyhw_ir::ExprKind::Var(var) = self.scope.body.exprs.kind(subject) {
            entry.vars[var.index()] = Some(within);
        } else {
            entry.facts.insert(subject, within);
        }
        Some(entry)
    }

    /// A loop with a constant count: turn by turn where that is affordable.
    fn counted(
        &mut self,
        label: LabelId,
        var: VarId,
        (start, stop, step): (&Int, &Int, &Int),
        body: &'a [Stmt],
        entry: State,
        visit: Visit<'_, 'a>,
    ) -> Option<State> {
        let turns = turn_count(start, stop, step);
        if turns == 0 {
            self.block(body, None, visit);
            return Some(entry);
        }
        let last = start.add(&step.mul(&Int::from(turns as i64 - 1)));
        let all = Range { min: Some(start.clone().min(last.clone())), max: Some(start.clone().max(last)) };
        let head; // What holds at the start of any turn.
        let mut exit;
        if turns <= self.budget {
            let mut every: Option<State> = None;
            let mut current = Some(entry);
            let mut counter = start.clone();
            for _ in 0..turns {
                let Some(mut state) = current.take() else { break };
                self.budget = self.budget.saturating_sub(1);
                self.set_counter(var, Range::exactly(counter.clone()), &mut state);
                every = join(every, Some(state.clone()));
                let after = self.block(body, Some(state), &mut |_, _| {});
                let continued = self.continues.remove(&label).flatten();
                current = join(after, continued);
                counter = counter.add(step);
            }
            head = every;
            exit = current;
        } else {
            let mut state = self.fixpoint(label, entry, body, |_, state| {
                let mut state = state.clone();
                state.vars[var.index()] = Some(all.clone());
                Some(state)
            });
            self.set_counter(var, all, &mut state);
            let after = self.block(body, Some(state.clone()), &mut |_, _| {});
            let continued = self.continues.remove(&label).flatten();
            exit = join(after, continued);
            head = Some(state);
        }
        let broken = self.breaks.remove(&label).flatten();
        exit = join(exit, broken);
        // The statements are shown once, with what holds in all turns.
        let outer = (self.breaks.clone(), self.continues.clone());
        let collecting = std::mem::replace(&mut self.collecting, false);
        self.block(body, head, visit);
        self.collecting = collecting;
        (self.breaks, self.continues) = outer;
        exit
    }

    /// What holds at the head of a loop whenever it is reached.
    fn fixpoint(
        &mut self,
        label: LabelId,
        entry: State,
        body: &'a [Stmt],
        turn: impl Fn(&Scope<'a>, &State) -> Option<State>,
    ) -> State {
        let outer = self.breaks.clone();
        let collecting = std::mem::replace(&mut self.collecting, false);
        let mut head = entry.clone();
        let mut round = 0;
        loop {
            let start = turn(&self.scope, &head);
            let after = self.block(body, start, &mut |_, _| {});
            let continued = self.continues.remove(&label).flatten();
            let next = match join(after, continued) {
                Some(back) => entry.join(&back),
                None => entry.clone(),
            };
            let grown = head.join(&next);
            if grown == head {
                break;
            }
            round += 1;
            head = if round > ROUNDS_BEFORE_WIDENING { head.widen(&grown, &self.thresholds) } else { grown };
        }
        // One more turn from the widened head tells which ends the loop's condition holds back.
        let start = turn(&self.scope, &head);
        let after = self.block(body, start, &mut |_, _| {});
        let continued = self.continues.remove(&label).flatten();
        let narrowed = match join(after, continued) {
            Some(back) => entry.join(&back),
            None => entry,
        };
        for (wide, narrow) in head.vars.iter_mut().zip(&narrowed.vars) {
            if let (Some(wide), Some(narrow)) = (wide.as_mut(), narrow) {
                if wide.min.is_none() {
                    wide.min = narrow.min.clone();
                }
                if wide.max.is_none() {
                    wide.max = narrow.max.clone();
                }
            }
        }
        // What left these trial turns is met again when the statements are shown.
        self.breaks = outer;
        self.collecting = collecting;
        head
    }
}

/// How many turns a loop with these bounds has.
fn turn_count(start: &Int, stop: &Int, step: &Int) -> u64 {
    let distance = if step.is_negative() { start.sub(stop) } else { stop.sub(start) };
    if distance.is_negative() || distance.is_zero() {
        return 0;
    }
    let turns = distance.add(&step.abs()).sub(&Int::ONE).floor_div(&step.abs());
    turns.and_then(|turns| turns.to_u64()).unwrap_or(u64::MAX)
}

fn without_end(range: &Range, value: &Value) -> Range {
    let mut range = range.clone();
    if let (Some(value), Some((min, max))) = (value.as_int(), range.bounds())
        && min < max
    {
        if min == value {
            range.min = Some(value.add(&Int::ONE));
        } else if max == value {
            range.max = Some(value.sub(&Int::ONE));
        }
    }
    range
}

/// Where widening stops: next to the constants of the body and at the ends of the nets that it reads.
fn thresholds(scope: &Scope<'_>) -> Vec<Int> {
    let mut found = Vec::new();
    for id in scope.body.exprs.ids() {
        if let pyhw_ir::ExprKind::Const(Value::Int(value)) = scope.body.exprs.kind(id) {
            found.extend([value.sub(&Int::ONE), value.clone(), value.add(&Int::ONE)]);
        }
        if let (pyhw_ir::ExprKind::Net(_), Some((min, max))) =
            (scope.body.exprs.kind(id), scope.body.exprs.range(id).and_then(Range::bounds))
        {
            found.extend([min.clone(), max.clone(), max.add(&Int::ONE)]);
        }
    }
    found.sort();
    found.dedup();
    found
}
