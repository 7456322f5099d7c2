//! What is known at a point of a process, with a record of changes, so that paths can be followed and taken back.

use super::known::Known;
use pyhw_ir::{ExprId, ExprKind, Exprs, Op, VarId};
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;

/// Something of which something is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// A variable; unknown means unset.
    Var(VarId),
    /// An expression that conditions have told about; unknown means no more than its operands say.
    Expr(ExprId),
    /// That the variable has been assigned on every path to here.
    Set(VarId),
    /// That the branch was taken where the condition had this value, and that it has it still.
    Taken(ExprId, bool),
    /// That the variable has been assigned on every path to here on which the condition has this value.
    SetWhere(VarId, ExprId, bool),
}

/// A map by ids: small numbers in great number, which need no protection from collisions that someone chose.
pub(super) type IdMap<K, V> = HashMap<K, V, BuildHasherDefault<IdHasher>>;

/// Multiplies what it is given.
#[derive(Clone, Copy, Default)]
pub(super) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_isize(&mut self, value: isize) {
        self.write_u64(value as u64);
    }
}

/// A point in the record of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark(usize);

/// What differs from the state at a mark.
pub(super) type Delta = BTreeMap<Key, Option<Known>>;

/// What an expression reads.
#[derive(Debug)]
struct Leaves {
    vars: Vec<VarId>,
    /// Nets or the time.
    world: bool,
}

/// What is known now.
#[derive(Debug, Default)]
pub(super) struct State {
    vars: Vec<Option<Known>>,
    /// Everything else of which something is known.
    facts: IdMap<Key, Known>,
    /// What was changed, with what was known before.
    trail: Vec<(Key, Option<Known>)>,
    /// Another one whenever something changes.
    pub version: u64,
    leaves: IdMap<ExprId, Rc<Leaves>>,
    /// The expressions with facts, now or earlier, that read a variable.
    about: IdMap<VarId, Vec<ExprId>>,
    /// For each expression, what was told about it other than its value.
    guards: IdMap<ExprId, Vec<Key>>,
}

impl State {
    /// Nothing is known, and no variable is set.
    pub fn new(vars: usize) -> State {
        State { vars: vec![None; vars], ..State::default() }
    }

    /// What is known.
    pub fn get(&self, key: Key) -> Option<&Known> {
        match key {
            Key::Var(var) => self.vars[var.index()].as_ref(),
            Key::Expr(_) | Key::Set(_) | Key::Taken(..) | Key::SetWhere(..) => self.facts.get(&key),
        }
    }

    /// Whether the variable has been assigned on every path to here. It may say no where it has.
    pub fn is_surely_set(&self, var: VarId) -> bool {
        self.facts.contains_key(&Key::Set(var))
    }

    /// Notes that something was assigned to the variable.
    pub fn note_set(&mut self, var: VarId) {
        self.set(Key::Set(var), Some(Known::truth(true)));
    }

    /// Changes what is known.
    pub fn set(&mut self, key: Key, known: Option<Known>) {
        if self.get(key) == known.as_ref() {
            return;
        }
        self.version += 1;
        let before = self.put(key, known);
        self.trail.push((key, before));
    }

    fn put(&mut self, key: Key, known: Option<Known>) -> Option<Known> {
        match (key, known) {
            (Key::Var(var), known) => std::mem::replace(&mut self.vars[var.index()], known),
            (key, Some(known)) => self.facts.insert(key, known),
            (key, None) => self.facts.remove(&key),
        }
    }

    /// Notes a fact about an expression of the body.
    pub fn set_fact(&mut self, exprs: &Exprs, id: ExprId, known: Known) {
        self.watch(exprs, id);
        self.set(Key::Expr(id), Some(known));
    }

    /// Sees to it that what is told about the expression is forgotten when what it reads changes.
    fn watch(&mut self, exprs: &Exprs, id: ExprId) {
        if !self.leaves.contains_key(&id) {
            let leaves = Rc::new(leaves(exprs, id));
            for var in &leaves.vars {
                self.about.entry(*var).or_default().push(id);
            }
            self.leaves.insert(id, leaves);
        }
    }

    fn guard(&mut self, cond: ExprId, key: Key) {
        let keys = self.guards.entry(cond).or_default();
        if !keys.contains(&key) {
            keys.push(key);
        }
        self.set(key, Some(Known::truth(true)));
    }

    /// Notes that a branch is taken, on which the condition has this value.
    pub fn take(&mut self, exprs: &Exprs, cond: ExprId, truth: bool) {
        self.watch(exprs, cond);
        self.guard(cond, Key::Taken(cond, truth));
    }

    /// The variables that one of two branches alone assigns, with the value of the condition there; none if the condition may have
    /// another value by now.
    pub fn set_by_one(&self, cond: ExprId, taken: &Delta, rest: &Delta) -> Vec<(VarId, bool)> {
        let is_on = |path: &Delta, key: Key| path.get(&key).is_some_and(Option::is_some);
        if !is_on(taken, Key::Taken(cond, true)) || !is_on(rest, Key::Taken(cond, false)) {
            return Vec::new();
        }
        let alone = |one: &Delta, other: &Delta, truth: bool| -> Vec<(VarId, bool)> {
            let set = one.keys().filter_map(|key| match key {
                Key::Set(var) if !is_on(other, Key::Set(*var)) => Some((*var, truth)),
                Key::Var(_) | Key::Expr(_) | Key::Set(_) | Key::Taken(..) | Key::SetWhere(..) => None,
            });
            set.collect()
        };
        let mut found = alone(taken, rest, true);
        found.extend(alone(rest, taken, false));
        found
    }

    /// Notes that the variable has been assigned where the condition has this value.
    pub fn set_where(&mut self, var: VarId, cond: ExprId, truth: bool) {
        self.guard(cond, Key::SetWhere(var, cond, truth));
    }

    /// The conditions, each with a value, under which the variable has been assigned.
    pub fn conditions_of(&self, var: VarId) -> Vec<(ExprId, bool)> {
        let of = self.guards.values().flatten().filter_map(|key| match key {
            Key::SetWhere(set, cond, truth) if *set == var && self.facts.contains_key(key) => {
                Some((*cond, *truth))
            }
            Key::Var(_) | Key::Expr(_) | Key::Set(_) | Key::Taken(..) | Key::SetWhere(..) => None,
        });
        let mut found: Vec<(ExprId, bool)> = of.collect();
        found.sort_unstable();
        found
    }

    fn forget_expr(&mut self, id: ExprId) {
        self.set(Key::Expr(id), None);
        for key in self.guards.get(&id).cloned().unwrap_or_default() {
            self.set(key, None);
        }
    }

    /// Forgets what was known of expressions that read the variable.
    pub fn forget_var(&mut self, var: VarId) {
        let ids: Vec<ExprId> = self.about.get(&var).cloned().unwrap_or_default();
        for id in ids {
            self.forget_expr(id);
        }
    }

    /// Forgets what was known of expressions that read nets or the time: time has passed.
    pub fn forget_world(&mut self) {
        let about = self.facts.keys().filter_map(|key| match key {
            Key::Expr(id) | Key::Taken(id, _) | Key::SetWhere(_, id, _) => Some(*id),
            Key::Var(_) | Key::Set(_) => None,
        });
        let mut ids: Vec<ExprId> =
            about.filter(|id| self.leaves.get(id).is_none_or(|leaves| leaves.world)).collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            self.forget_expr(id);
        }
    }

    /// The present point.
    pub fn mark(&self) -> Mark {
        Mark(self.trail.len())
    }

    /// Takes back every change since the mark.
    pub fn undo(&mut self, mark: Mark) {
        if self.trail.len() > mark.0 {
            self.version += 1;
        }
        while self.trail.len() > mark.0 {
            if let Some((key, before)) = self.trail.pop() {
                self.put(key, before);
            }
        }
    }

    /// What differs from the state at the mark.
    pub fn since(&self, mark: Mark) -> Delta {
        let mut delta = Delta::new();
        for (key, _) in &self.trail[mark.0..] {
            delta.entry(*key).or_insert_with(|| self.get(*key).cloned());
        }
        delta
    }

    /// Makes the changes.
    pub fn apply(&mut self, delta: &Delta) {
        for (key, known) in delta {
            self.set(*key, known.clone());
        }
    }

    /// What holds on each of the paths, which all begin here; what is not changed is left out.
    pub fn join(&self, paths: &[&Delta]) -> Delta {
        let mut joined = Delta::new();
        let Some((first, rest)) = paths.split_first() else { return joined };
        if rest.is_empty() {
            return (*first).clone();
        }
        for key in paths.iter().flat_map(|path| path.keys()) {
            if joined.contains_key(key) {
                continue;
            }
            let here = self.get(*key).cloned();
            let on = |path: &Delta| match path.get(key).cloned().unwrap_or_else(|| here.clone()) {
                // What is set anyway is set where the condition holds.
                None => match key {
                    Key::SetWhere(var, ..) => path.get(&Key::Set(*var)).cloned().flatten(),
                    Key::Var(_) | Key::Expr(_) | Key::Set(_) | Key::Taken(..) => None,
                },
                known => known,
            };
            let all = rest.iter().fold(on(first), |all, path| join_known(*key, all, on(path)));
            joined.insert(*key, all);
        }
        joined.retain(|key, known| self.get(*key) != known.as_ref());
        joined
    }

    /// `head` with what changed in `next`, which contains it, taken out to the thresholds. Both begin here.
    pub fn widen(&self, head: &Delta, next: &Delta, thresholds: &[pyhw_ir::Int]) -> Delta {
        let mut wide = Delta::new();
        for (key, after) in next {
            let before = head.get(key).cloned().unwrap_or_else(|| self.get(*key).cloned());
            let known = match (key, before, after) {
                (Key::Var(_), Some(before), Some(after)) if before != *after => {
                    Some(before.widen(after, thresholds))
                }
                (Key::Expr(_) | Key::Set(_) | Key::Taken(..) | Key::SetWhere(..), before, after)
                    if before != *after =>
                {
                    None
                }
                (_, _, after) => after.clone(),
            };
            wide.insert(*key, known);
        }
        wide
    }
}

/// A variable that is unset on one path has what it has on the other: reading it there is a fault. A fact holds if it does on
/// both.
fn join_known(key: Key, a: Option<Known>, b: Option<Known>) -> Option<Known> {
    match (key, a, b) {
        (_, Some(a), Some(b)) => Some(a.join(&b)),
        (Key::Var(_), one, None) | (Key::Var(_), None, one) => one,
        (Key::Expr(_) | Key::Set(_) | Key::Taken(..) | Key::SetWhere(..), _, _) => None,
    }
}

fn leaves(exprs: &Exprs, id: ExprId) -> Leaves {
    let mut leaves = Leaves { vars: Vec::new(), world: false };
    exprs.walk(id, &mut |id| match exprs.kind(id) {
        ExprKind::Var(var) => leaves.vars.push(*var),
        ExprKind::Net(_) | ExprKind::Op(Op::Now, _) => leaves.world = true,
        ExprKind::Const(_) | ExprKind::Op(..) => {}
    });
    leaves.vars.sort_unstable();
    leaves.vars.dedup();
    leaves
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_ir::Range;

    fn known(min: i64, max: i64) -> Option<Known> {
        Some(Range::new(min, max).into())
    }

    #[test]
    fn a_path_is_taken_back() {
        let mut state = State::new(1);
        let var = Key::Var(VarId::new(0));
        state.set(var, known(1, 2));
        let mark = state.mark();
        state.set(var, known(5, 5));
        state.set(var, known(6, 6));
        assert_eq!(state.since(mark), Delta::from([(var, known(6, 6))]));
        state.undo(mark);
        assert_eq!(state.get(var), known(1, 2).as_ref());
    }

    #[test]
    fn paths_join_to_what_holds_on_all() {
        let mut state = State::new(2);
        let (a, b) = (Key::Var(VarId::new(0)), Key::Var(VarId::new(1)));
        let fact = Key::Expr(ExprId::new(9));
        state.set(a, known(0, 0));
        let one = Delta::from([(a, known(3, 4)), (fact, known(1, 1))]);
        let two = Delta::from([(b, known(7, 7))]);
        // `b` is unset on the first path, the fact unknown on the second.
        assert_eq!(state.join(&[&one, &two]), Delta::from([(a, known(0, 4)), (b, known(7, 7))]));
        assert_eq!(state.join(&[&one]), one);
    }
}
