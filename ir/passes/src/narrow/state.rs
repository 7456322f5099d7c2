//! What is known at a point of a process, with a record of changes, so that paths can be followed and taken back.

use super::known::Known;
use pyhw_ir::{ExprId, ExprKind, Exprs, Op, VarId};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;

/// Something of which something is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// A variable; unknown means unset.
    Var(VarId),
    /// An expression that conditions have told about; unknown means no more than its operands say.
    Expr(ExprId),
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
    facts: IdMap<ExprId, Known>,
    /// What was changed, with what was known before.
    trail: Vec<(Key, Option<Known>)>,
    /// Another one whenever something changes.
    pub version: u64,
    leaves: IdMap<ExprId, Rc<Leaves>>,
    /// The expressions with facts, now or earlier, that read a variable.
    about: IdMap<VarId, Vec<ExprId>>,
    /// Variables that met, on some join of paths, one on which they are unset.
    unsure: HashSet<VarId>,
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
            Key::Expr(id) => self.facts.get(&id),
        }
    }

    /// Whether the variable has been assigned on every path to here. It may say no where it has.
    pub fn is_surely_set(&self, var: VarId) -> bool {
        self.vars[var.index()].is_some() && !self.unsure.contains(&var)
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
            (Key::Expr(id), Some(known)) => self.facts.insert(id, known),
            (Key::Expr(id), None) => self.facts.remove(&id),
        }
    }

    /// Notes a fact about an expression of the body.
    pub fn set_fact(&mut self, exprs: &Exprs, id: ExprId, known: Known) {
        if !self.leaves.contains_key(&id) {
            let leaves = Rc::new(leaves(exprs, id));
            for var in &leaves.vars {
                self.about.entry(*var).or_default().push(id);
            }
            self.leaves.insert(id, leaves);
        }
        self.set(Key::Expr(id), Some(known));
    }

    /// Forgets what was known of expressions that read the variable.
    pub fn forget_var(&mut self, var: VarId) {
        let ids: Vec<ExprId> = self.about.get(&var).cloned().unwrap_or_default();
        for id in ids {
            self.set(Key::Expr(id), None);
        }
    }

    /// Forgets what was known of expressions that read nets or the time: time has passed.
    pub fn forget_world(&mut self) {
        let world = |id: &&ExprId| self.leaves.get(id).is_none_or(|leaves| leaves.world);
        let mut ids: Vec<ExprId> = self.facts.keys().filter(world).copied().collect();
        ids.sort_unstable();
        for id in ids {
            self.set(Key::Expr(id), None);
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
    pub fn join(&mut self, paths: &[&Delta]) -> Delta {
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
            let on = |path: &Delta| path.get(key).cloned().unwrap_or_else(|| here.clone());
            let all = rest.iter().fold(on(first), |all, path| join_known(*key, all, on(path)));
            if let Key::Var(var) = key
                && paths.iter().any(|path| on(path).is_none())
            {
                self.unsure.insert(*var);
            }
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
                (Key::Expr(_), before, after) if before != *after => None,
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
        (Key::Expr(_), _, None) | (Key::Expr(_), None, _) => None,
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
