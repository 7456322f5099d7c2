//! Loops and blocks: what leads out of them, and what holds whenever their head is reached.

use super::{Aim, Open, Walk};
use crate::narrow::build::Style;
use crate::narrow::known::Known;
use crate::narrow::ranges::Scope;
use crate::narrow::state::{Delta, Key, Mark};
use pyhw_ir::{ExprId, ExprKind, Int, LabelId, Range, Stmt, StmtKind, Value, VarId, walk_stmts};

/// Rounds of a loop after which it is widened: to thresholds, then without bound.
const ROUNDS_EXACT: usize = 3;
const ROUNDS_WIDENED: usize = 8;
/// Rounds from a widened loop back to what its condition holds.
const ROUNDS_BACK: usize = 2;

impl<'a> Walk<'a, '_> {
    pub(super) fn enter(&mut self, label: LabelId, mark: Mark) {
        self.open.push(Open { label, mark, breaks: Vec::new(), continues: Vec::new() });
    }

    pub(super) fn leave(&mut self) -> Open {
        self.open.pop().expect("invariant: what is left was entered")
    }

    pub(super) fn jump(&mut self, label: LabelId, again: bool) {
        if self.live
            && let Some(at) = self.open.iter().rposition(|open| open.label == label)
        {
            let path = self.know.state.since(self.open[at].mark);
            let open = &mut self.open[at];
            if again { open.continues.push(path) } else { open.breaks.push(path) }
        }
        self.live = false;
    }

    /// How many jumps were met so far.
    fn jumps(&self) -> Vec<(usize, usize)> {
        self.open.iter().map(|open| (open.breaks.len(), open.continues.len())).collect()
    }

    /// Forgets the jumps that were met since.
    fn forget_jumps(&mut self, before: &[(usize, usize)]) {
        for (open, (breaks, continues)) in self.open.iter_mut().zip(before) {
            open.breaks.truncate(*breaks);
            open.continues.truncate(*continues);
        }
    }

    fn take_continues(&mut self) -> Vec<Option<Delta>> {
        let open = self.open.last_mut().expect("invariant: it is called within a loop");
        std::mem::take(&mut open.continues).into_iter().map(Some).collect()
    }

    /// A loop with a constant count.
    pub(super) fn counted(
        &mut self,
        label: LabelId,
        var: VarId,
        (start, stop, step): (&Int, &Int, &Int),
        body: &'a [Stmt],
    ) -> Vec<Stmt> {
        let all = match counted_range(start, stop, step) {
            Some(all) if self.live => Known::from(all),
            _ => return self.dead_block(body),
        };
        let turns = turn_count(start, stop, step);
        if self.aim.collect {
            // However many turns there really are, the variable has to be one that can count them all.
            let stored = &mut self.stored[var.index()];
            *stored = Some(stored.as_ref().map_or_else(|| all.clone(), |before| before.join(&all)));
        }
        let aim = self.aim;
        let mark = self.know.state.mark();
        self.enter(label, mark);
        let mut size = 1u64;
        walk_stmts(body, &mut |_| size += 1);
        if turns.saturating_mul(size) > self.budget {
            let built = self.inexact(mark, body, aim, |walk| walk.set_var(var, all.clone()));
            let mut paths = self.take_continues();
            paths.push(self.path(mark));
            paths.extend(self.leave().breaks.into_iter().map(Some));
            self.meet(mark, &paths);
            return built;
        }
        self.aim = Aim { build: false, turn: true, ..aim };
        // What holds at the start of any turn.
        let mut head: Option<Delta> = None;
        let mut counter = start.clone();
        for _ in 0..turns {
            self.budget = self.budget.saturating_sub(1);
            self.set_var(var, Range::exactly(counter.clone()).into());
            let now = self.know.state.since(mark);
            self.know.state.undo(mark);
            head = Some(match &head {
                Some(head) => self.know.state.join(&[head, &now]),
                None => now.clone(),
            });
            self.know.state.apply(&now);
            self.block(body);
            let mut paths = self.take_continues();
            paths.push(self.path(mark));
            self.meet(mark, &paths);
            if !self.live {
                break;
            }
            counter = counter.add(step);
        }
        let mut paths = vec![self.path(mark)];
        let mut built = Vec::new();
        if let (true, Some(head)) = (aim.build, head) {
            // The statements are built once, with what holds in all turns; what leaves them was met above.
            let before = self.jumps();
            self.aim = Aim { collect: false, build: true, ..aim };
            self.know.state.undo(mark);
            self.know.state.apply(&head);
            self.live = true;
            built = self.block(body);
            self.forget_jumps(&before);
        }
        self.aim = aim;
        paths.extend(self.leave().breaks.into_iter().map(Some));
        self.meet(mark, &paths);
        built
    }

    pub(super) fn repeated(&mut self, label: LabelId, cond: ExprId, body: &'a [Stmt]) -> StmtKind {
        if !self.live {
            let cond = self.expr(cond, Style::Plain);
            return StmtKind::While { label, cond, body: self.dead_block(body) };
        }
        let aim = self.aim;
        let mark = self.know.state.mark();
        self.enter(label, mark);
        let head = self.head(mark, body, |walk| walk.learn(cond, true));
        self.aim = aim;
        self.know.state.apply(&head);
        let built_cond = self.expr(cond, Style::Plain);
        self.learn(cond, true);
        let built = self.block(body);
        let mut turned = self.take_continues();
        turned.push(self.path(mark));
        // It ends without a turn, or after the last one: the two tell more apart than what holds at every turn.
        self.know.state.undo(mark);
        self.live = true;
        self.learn(cond, false);
        let mut paths = vec![self.path(mark)];
        self.meet(mark, &turned);
        self.learn(cond, false);
        paths.push(self.path(mark));
        paths.extend(self.leave().breaks.into_iter().map(Some));
        self.meet(mark, &paths);
        StmtKind::While { label, cond: built_cond, body: built }
    }

    /// A loop whose turns are not told apart; ends after the last visit to its body. `turn` is what happens before it.
    fn inexact(&mut self, mark: Mark, body: &'a [Stmt], aim: Aim, turn: impl Fn(&mut Self)) -> Vec<Stmt> {
        let head = self.head(mark, body, &turn);
        self.aim = aim;
        self.know.state.apply(&head);
        self.live = true;
        turn(self);
        self.block(body)
    }

    /// What holds at the head of a loop whenever it is reached, as changes since the mark, where the state is left.
    fn head(&mut self, mark: Mark, body: &'a [Stmt], turn: impl Fn(&mut Self)) -> Delta {
        self.aim = Aim { collect: false, build: false, turn: true };
        let mut head = Delta::default();
        for round in 0.. {
            if self.budget == 0 {
                head = self.havoc(body);
                break;
            }
            let next = self.one_turn(mark, body, &head, &turn);
            let grown = self.know.state.join(&[&head, &next]);
            if grown == head {
                // From a widened head the condition may lead back to less.
                for _ in 0..if round > ROUNDS_EXACT { ROUNDS_BACK } else { 0 } {
                    head = self.one_turn(mark, body, &head, &turn);
                }
                break;
            }
            head = match round {
                0..ROUNDS_EXACT => grown,
                ROUNDS_EXACT..ROUNDS_WIDENED => self.know.state.widen(&head, &grown, &self.thresholds),
                _ => self.know.state.widen(&head, &grown, &[]),
            };
        }
        self.live = true;
        head
    }

    /// What holds at the head after nothing, or one turn from it.
    fn one_turn(&mut self, mark: Mark, body: &'a [Stmt], head: &Delta, turn: &impl Fn(&mut Self)) -> Delta {
        let before = self.jumps();
        self.know.state.apply(head);
        self.live = true;
        turn(self);
        self.block(body);
        let mut paths = vec![Some(Delta::default()), self.path(mark)];
        paths.extend(self.take_continues());
        self.forget_jumps(&before);
        self.know.state.undo(mark);
        let live: Vec<&Delta> = paths.iter().flatten().collect();
        self.know.state.join(&live)
    }

    /// Nothing is known of whatever the statements may change.
    fn havoc(&mut self, body: &'a [Stmt]) -> Delta {
        let scope = self.know.scope;
        let mark = self.know.state.mark();
        walk_stmts(body, &mut |stmt| {
            if let StmtKind::Wait(_) = stmt.kind {
                self.know.state.forget_world();
            }
            if let StmtKind::Unset(var) = stmt.kind {
                self.know.state.unset(var);
            }
            let Some(var) = stmt.kind.stored_var() else { return };
            if let Some(any) = Known::of_type(&scope.body.var(var).ty, scope.types) {
                self.know.state.set(Key::Var(var), Some(any));
            }
            self.know.state.forget_var(var);
        });
        let head = self.know.state.since(mark);
        self.know.state.undo(mark);
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

/// The values that a loop with these bounds counts; `None` if it has no turn.
pub(in crate::narrow) fn counted_range(start: &Int, stop: &Int, step: &Int) -> Option<Range> {
    let turns = turn_count(start, stop, step);
    let last = start.add(&step.mul(&Int::from(turns.checked_sub(1)?)));
    Some(Range { min: Some(start.min(&last).clone()), max: Some(start.max(&last).clone()) })
}

/// Where widening stops: next to the constants of the body and at the ends of the nets that it reads.
pub(super) fn thresholds(scope: &Scope<'_>) -> Vec<Int> {
    let mut found = Vec::new();
    for id in scope.body.exprs.ids() {
        match scope.body.exprs.kind(id) {
            ExprKind::Const(Value::Int(value)) => {
                found.extend([value.sub(&Int::ONE), value.clone(), value.add(&Int::ONE)]);
            }
            ExprKind::Net(_) => {
                if let Some((min, max)) = scope.body.exprs.range(id).and_then(Range::bounds) {
                    found.extend([min.clone(), max.clone(), max.add(&Int::ONE)]);
                }
            }
            ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Op(..) => {}
        }
    }
    found.sort();
    found.dedup();
    found
}
