//! What is known at a point of a process, with a record of changes, so that paths can be followed and taken back.

use super::known::Known;
use super::trailed::{Changes, Trailed};
use super::ways::{Conditions, Ways};
use pyhw_ir::{Body, ExprId, ExprKind, Exprs, Op, Type, VarId};
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
pub(super) struct Mark {
    known: usize,
    unset: usize,
    taken: usize,
    meanings: usize,
}

/// What differs from the state at a mark.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Delta {
    known: BTreeMap<Key, Option<Known>>,
    unset: Changes<VarId, Rc<Ways>>,
    taken: Changes<ExprId, Known>,
    meanings: Changes<VarId, ExprId>,
}

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
    /// On which paths nothing was assigned to a variable; any, where nothing is told.
    unset: Trailed<VarId, Rc<Ways>>,
    /// The conditions, and subjects of a choice, that led here, with what each is known to have still.
    taken: Trailed<ExprId, Known>,
    /// The expression that a variable holds the value of, which has it still.
    meanings: Trailed<VarId, ExprId>,
    /// The variables of which an expression may tell where they are unset, or what they mean; now or earlier.
    told: IdMap<ExprId, Vec<VarId>>,
    /// An expression that reads a boolean variable: what it holds at the end of a path is a condition that tells of the path.
    flags: IdMap<VarId, ExprId>,
}

impl State {
    /// Nothing is known, and no variable is set.
    pub fn new(vars: usize) -> State {
        State { vars: vec![None; vars], ..State::default() }
    }

    /// The same at the beginning of a body.
    pub fn of(body: &Body) -> State {
        let mut state = State::new(body.vars.len());
        for id in body.exprs.ids() {
            if let (ExprKind::Var(var), Type::Bool) = (body.exprs.kind(id), body.exprs.ty(id))
                && !state.flags.contains_key(var)
            {
                state.watch(&body.exprs, id);
                state.flags.insert(*var, id);
            }
        }
        state
    }

    /// What is known.
    pub fn get(&self, key: Key) -> Option<&Known> {
        match key {
            Key::Var(var) => self.vars[var.index()].as_ref(),
            Key::Expr(_) => self.facts.get(&key),
        }
    }

    /// Whether the variable has been assigned on every path to here. It may say no where it has.
    pub fn is_surely_set(&self, var: VarId) -> bool {
        self.unset.get(var).is_some_and(|ways| ways.is_none())
    }

    /// The paths to here on which nothing was assigned to the variable.
    pub fn unset_on(&self, var: VarId) -> Rc<Ways> {
        self.unset.get(var).cloned().unwrap_or_else(|| Rc::new(Ways::any()))
    }

    /// Notes that something was assigned to the variable.
    pub fn note_set(&mut self, var: VarId) {
        if !self.is_surely_set(var) {
            self.unset.set(var, Some(Rc::new(Ways::none())));
        }
    }

    /// Notes that the variable holds nothing any more.
    pub fn unset(&mut self, var: VarId) {
        self.unset.set(var, None);
        self.set(Key::Var(var), None);
        self.forget_var(var);
    }

    /// Notes that the branch is taken on which a condition, or the subject of a choice, has one of these values.
    pub fn take(&mut self, exprs: &Exprs, cond: ExprId, values: Known) {
        self.watch(exprs, cond);
        self.taken.set(cond, Some(values));
    }

    /// The conditions that led here and hold still.
    pub fn taken(&self) -> Conditions {
        self.taken.iter().map(|(cond, known)| (*cond, known.clone())).collect()
    }

    /// Notes that the variable now holds what the expression has here.
    pub fn mean(&mut self, exprs: &Exprs, var: VarId, value: ExprId) {
        self.watch(exprs, value);
        if self.leaves[&value].vars.contains(&var) {
            return;
        }
        self.tell(value, var);
        self.meanings.set(var, Some(value));
    }

    /// An expression that has the same value as the variable.
    pub fn meaning(&self, var: VarId) -> Option<ExprId> {
        self.meanings.get(var).copied()
    }

    fn tell(&mut self, id: ExprId, var: VarId) {
        let told = self.told.entry(id).or_default();
        if !told.contains(&var) {
            told.push(var);
        }
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

    fn forget_expr(&mut self, id: ExprId) {
        self.set(Key::Expr(id), None);
        self.taken.set(id, None);
        for var in self.told.get(&id).cloned().unwrap_or_default() {
            if let Some(ways) = self.unset.get(var).and_then(|ways| ways.without(id)) {
                self.unset.set(var, Some(Rc::new(ways)));
            }
            if self.meaning(var) == Some(id) {
                self.meanings.set(var, None);
            }
        }
    }

    /// Forgets what was known of expressions that read the variable, and what it meant.
    pub fn forget_var(&mut self, var: VarId) {
        self.meanings.set(var, None);
        let ids: Vec<ExprId> = self.about.get(&var).cloned().unwrap_or_default();
        for id in ids {
            self.forget_expr(id);
        }
    }

    /// Forgets what was known of expressions that read nets or the time: time has passed.
    pub fn forget_world(&mut self) {
        let facts = self.facts.keys().filter_map(|key| match key {
            Key::Expr(id) => Some(*id),
            Key::Var(_) => None,
        });
        let about = facts.chain(self.taken.iter().map(|(id, _)| *id)).chain(self.told.keys().copied());
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
        Mark {
            known: self.trail.len(),
            unset: self.unset.mark(),
            taken: self.taken.mark(),
            meanings: self.meanings.mark(),
        }
    }

    /// Takes back every change since the mark.
    pub fn undo(&mut self, mark: Mark) {
        if self.trail.len() > mark.known {
            self.version += 1;
        }
        while self.trail.len() > mark.known {
            if let Some((key, before)) = self.trail.pop() {
                self.put(key, before);
            }
        }
        self.unset.undo(mark.unset);
        self.taken.undo(mark.taken);
        self.meanings.undo(mark.meanings);
    }

    /// What differs from the state at the mark.
    pub fn since(&self, mark: Mark) -> Delta {
        let mut known = BTreeMap::new();
        for (key, _) in &self.trail[mark.known..] {
            known.entry(*key).or_insert_with(|| self.get(*key).cloned());
        }
        Delta {
            known,
            unset: self.unset.since(mark.unset),
            taken: self.taken.since(mark.taken),
            meanings: self.meanings.since(mark.meanings),
        }
    }

    /// Makes the changes.
    pub fn apply(&mut self, delta: &Delta) {
        for (key, known) in &delta.known {
            self.set(*key, known.clone());
        }
        for (var, ways) in &delta.unset {
            for id in ways.iter().flat_map(|ways| ways.iter()).flat_map(Conditions::keys) {
                self.tell(*id, *var);
            }
        }
        self.unset.apply(&delta.unset);
        self.taken.apply(&delta.taken);
        self.meanings.apply(&delta.meanings);
    }

    /// What holds on each of the paths, which all begin here; what is not changed is left out.
    pub fn join(&self, paths: &[&Delta]) -> Delta {
        let Some((first, rest)) = paths.split_first() else { return Delta::default() };
        if rest.is_empty() {
            return (*first).clone();
        }
        let mut known = BTreeMap::new();
        for key in paths.iter().flat_map(|path| path.known.keys()) {
            if known.contains_key(key) {
                continue;
            }
            let here = self.get(*key).cloned();
            let on = |path: &Delta| path.known.get(key).cloned().unwrap_or_else(|| here.clone());
            let all = rest.iter().fold(on(first), |all, path| join_known(*key, all, on(path)));
            known.insert(*key, all);
        }
        known.retain(|key, known| self.get(*key) != known.as_ref());
        Delta {
            known,
            unset: self.join_unset(paths),
            taken: self.taken.common(&paths.iter().map(|path| &path.taken).collect::<Vec<_>>()),
            meanings: self.meanings.common(&paths.iter().map(|path| &path.meanings).collect::<Vec<_>>()),
        }
    }

    /// Where several paths meet a variable is unset on those that left it so, under the conditions that led along them.
    fn join_unset(&self, paths: &[&Delta]) -> Changes<VarId, Rc<Ways>> {
        let led: Vec<Conditions> = paths
            .iter()
            .map(|path| {
                let taken = path.taken.iter().filter_map(|(id, known)| Some((*id, known.clone()?)));
                let flags = path.known.iter().filter_map(|(key, known)| {
                    let Key::Var(var) = key else { return None };
                    let truth = known.as_ref()?.as_bool()?;
                    Some((*self.flags.get(var)?, Known::truth(truth)))
                });
                taken.chain(flags).collect()
            })
            .collect();
        let mut joined = Changes::new();
        for var in paths.iter().flat_map(|path| path.unset.keys()) {
            if joined.contains_key(var) {
                continue;
            }
            let ways = paths.iter().zip(&led).fold(Ways::none(), |all, (path, led)| {
                let any = Ways::any();
                let on = self.unset.at_end(&path.unset, *var).map_or(&any, |ways| ways);
                all.or(on.under(led))
            });
            joined.insert(*var, (ways != Ways::any()).then(|| Rc::new(ways)));
        }
        joined.retain(|var, ways| self.unset.get(*var) != ways.as_ref());
        joined
    }

    /// `head` with what changed in `next`, which contains it, taken out to the thresholds. Both begin here.
    pub fn widen(&self, head: &Delta, next: &Delta, thresholds: &[pyhw_ir::Int]) -> Delta {
        let mut wide = BTreeMap::new();
        for (key, after) in &next.known {
            let before = head.known.get(key).cloned().unwrap_or_else(|| self.get(*key).cloned());
            let known = match (key, before, after) {
                (Key::Var(_), Some(before), Some(after)) if before != *after => {
                    Some(before.widen(after, thresholds))
                }
                (Key::Expr(_), before, after) if before != *after => None,
                (_, _, after) => after.clone(),
            };
            wide.insert(*key, known);
        }
        // Of the rest there is no end of growing: paths are of a number, and what is common only becomes less.
        Delta { known: wide, ..next.clone() }
    }
}

/// A variable that is unset on one path has what it has on the other: reading it there is a fault. A fact holds if it does on
/// both.
fn join_known(key: Key, a: Option<Known>, b: Option<Known>) -> Option<Known> {
    match (key, a, b) {
        (_, Some(a), Some(b)) => Some(a.join(&b)),
        (Key::Var(_), one, None) | (Key::Var(_), None, one) => one,
        (Key::Expr(_), _, _) => None,
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

    fn delta<const N: usize>(known: [(Key, Option<Known>); N]) -> Delta {
        Delta { known: BTreeMap::from(known), ..Delta::default() }
    }

    #[test]
    fn a_path_is_taken_back() {
        let mut state = State::new(1);
        let var = Key::Var(VarId::new(0));
        state.set(var, known(1, 2));
        let mark = state.mark();
        state.set(var, known(5, 5));
        state.set(var, known(6, 6));
        assert_eq!(state.since(mark), delta([(var, known(6, 6))]));
        state.undo(mark);
        assert_eq!(state.get(var), known(1, 2).as_ref());
    }

    #[test]
    fn paths_join_to_what_holds_on_all() {
        let mut state = State::new(2);
        let (a, b) = (Key::Var(VarId::new(0)), Key::Var(VarId::new(1)));
        let fact = Key::Expr(ExprId::new(9));
        state.set(a, known(0, 0));
        let one = delta([(a, known(3, 4)), (fact, known(1, 1))]);
        let two = delta([(b, known(7, 7))]);
        // `b` is unset on the first path, the fact unknown on the second.
        assert_eq!(state.join(&[&one, &two]), delta([(a, known(0, 4)), (b, known(7, 7))]));
        assert_eq!(state.join(&[&one]), one);
    }
}
