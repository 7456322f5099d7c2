//! What has surely been stored into, whatever path control takes: a forward analysis over structured statements.
//!
//! *Input*: statements, and what has been stored into before them. *Output*: for each statement that control may come to, the nets and
//! variables that have been stored into on every path to it; the same for the ends of the paths. *Guarantees*: what is told to be stored is
//! stored on every path that a run can take, whatever conditions and subjects are. *Deliberately not here*: which paths a run
//! really takes. Conditions are not looked at, but for an endless loop's; the pass `narrow` knows more of them.
//!
//! Where paths meet, what all of them stored is left. A loop's head is reached from before the loop and from its turns, so that there
//! holds what held before it, but for what a turn makes unset. A loop that counts has the turns that its bounds say; one with a condition may have none.

use crate::design::{LabelId, NetId, VarId};
use crate::expr::Exprs;
use crate::stmt::{Root, Stmt, StmtKind, walk_stmts};
use crate::types::Value;
use std::collections::HashMap;

/// A set of nets and variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roots {
    nets: Bits,
    vars: Bits,
}

impl Roots {
    /// Whether it is in the set.
    pub fn contains(&self, root: Root) -> bool {
        match root {
            Root::Net(net) => self.nets.contains(net.index()),
            Root::Var(var) => self.vars.contains(var.index()),
        }
    }

    /// Adds one.
    pub fn insert(&mut self, root: Root) {
        match root {
            Root::Net(net) => self.nets.insert(net.index()),
            Root::Var(var) => self.vars.insert(var.index()),
        }
    }

    fn remove(&mut self, root: Root) {
        match root {
            Root::Net(net) => self.nets.remove(net.index()),
            Root::Var(var) => self.vars.remove(var.index()),
        }
    }

    /// The nets in it, in order.
    pub fn nets(&self) -> impl Iterator<Item = NetId> + '_ {
        self.nets.iter().map(NetId::new)
    }

    /// The variables in it, in order.
    pub fn vars(&self) -> impl Iterator<Item = VarId> + '_ {
        self.vars.iter().map(VarId::new)
    }

    fn keep(&mut self, other: &Roots) {
        self.nets.keep(&other.nets);
        self.vars.keep(&other.vars);
    }
}

impl FromIterator<Root> for Roots {
    fn from_iter<I: IntoIterator<Item = Root>>(roots: I) -> Roots {
        let mut set = Roots::default();
        roots.into_iter().for_each(|root| set.insert(root));
        set
    }
}

/// A set of small numbers. No word at its end is zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Bits(Vec<u64>);

impl Bits {
    fn contains(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    fn insert(&mut self, at: usize) {
        if self.0.len() <= at / 64 {
            self.0.resize(at / 64 + 1, 0);
        }
        self.0[at / 64] |= 1 << (at % 64);
    }

    fn remove(&mut self, at: usize) {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word &= !(1 << (at % 64));
        }
        self.trim();
    }

    fn keep(&mut self, other: &Bits) {
        self.0.truncate(other.0.len());
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
        self.trim();
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let words = self.0.iter().enumerate();
        words.flat_map(|(at, word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit)
        })
    }
}

/// Which stores count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Those into the whole.
    Wholes,
    /// Those into a part as well.
    Parts,
}

/// What has surely been stored into where the paths through statements end; `None` where none ends so.
#[derive(Clone, Debug, Default)]
pub struct Ends {
    /// Behind the last statement.
    pub end: Option<Roots>,
    /// Where the process returns.
    pub returned: Option<Roots>,
    continued: HashMap<LabelId, Roots>,
}

impl Ends {
    /// What holds where the statements, a turn of the loop of this label, lead to another turn.
    pub fn next_turn(mut self, label: LabelId) -> Option<Roots> {
        join(self.end, self.continued.remove(&label))
    }

    /// What holds where the process, which has these statements, ends or waits for its next activation.
    pub fn of_process(self) -> Option<Roots> {
        join(self.end, self.returned)
    }
}

/// Follows the statements, with `before` stored into before them, and calls `visit` for each that control may come to, with what has
/// surely been stored into then. A loop's statement is visited once, for what holds whenever its head is reached.
pub fn follow<'a>(
    exprs: &Exprs,
    stmts: &'a [Stmt],
    before: Roots,
    counts: Counts,
    visit: &mut impl FnMut(&'a Stmt, &Roots),
) -> Ends {
    let mut flow = Flow { exprs, counts, visit, breaks: HashMap::new(), ends: Ends::default() };
    let end = flow.list(stmts, Some(before));
    Ends { end, ..flow.ends }
}

fn join(one: Option<Roots>, other: Option<Roots>) -> Option<Roots> {
    match (one, other) {
        (Some(mut one), Some(other)) => {
            one.keep(&other);
            Some(one)
        }
        (one, other) => one.or(other),
    }
}

struct Flow<'e, 'v, V> {
    exprs: &'e Exprs,
    counts: Counts,
    visit: &'v mut V,
    /// What holds where the breaks of a label lead.
    breaks: HashMap<LabelId, Roots>,
    ends: Ends,
}

impl<'a, V: FnMut(&'a Stmt, &Roots)> Flow<'_, '_, V> {
    fn list(&mut self, stmts: &'a [Stmt], mut state: Option<Roots>) -> Option<Roots> {
        for stmt in stmts {
            state = self.stmt(stmt, state?);
        }
        state
    }

    fn stmt(&mut self, stmt: &'a Stmt, mut state: Roots) -> Option<Roots> {
        if let StmtKind::For { body, .. } | StmtKind::While { body, .. } = &stmt.kind {
            make_unset(body, &mut state);
        }
        (self.visit)(stmt, &state);
        match &stmt.kind {
            StmtKind::Assign { place, .. } | StmtKind::Next { place, .. } => {
                if self.counts == Counts::Parts || place.path.is_empty() {
                    state.insert(place.root);
                }
                Some(state)
            }
            StmtKind::Unset(var) => {
                state.remove(Root::Var(*var));
                Some(state)
            }
            StmtKind::If { .. } => self.alternatives(&stmt.kind.blocks(), state),
            StmtKind::Switch { arms, default, .. } => {
                if arms.is_empty() && default.is_none() {
                    return Some(state);
                }
                self.alternatives(&stmt.kind.blocks(), state)
            }
            StmtKind::For { label, var, start, stop, step, body } => {
                let runs = if step.is_negative() { start > stop } else { start < stop };
                let left = if runs { None } else { Some(state.clone()) };
                if runs {
                    state.insert(Root::Var(*var));
                }
                let turn = self.turn(*label, body, state);
                let left = join(left, if runs { turn } else { None });
                join(left, self.breaks.remove(label))
            }
            StmtKind::While { label, cond, body } => {
                let left = if self.is_true(*cond) { None } else { Some(state.clone()) };
                self.turn(*label, body, state);
                join(left, self.breaks.remove(label))
            }
            StmtKind::Block { label, body } => {
                let end = self.list(body, Some(state));
                join(end, self.breaks.remove(label))
            }
            StmtKind::Break(label) => {
                let met = join(self.breaks.remove(label), Some(state));
                self.breaks.extend(met.map(|met| (*label, met)));
                None
            }
            StmtKind::Continue(label) => {
                let met = join(self.ends.continued.remove(label), Some(state));
                self.ends.continued.extend(met.map(|met| (*label, met)));
                None
            }
            StmtKind::Return => {
                self.ends.returned = join(self.ends.returned.take(), Some(state));
                None
            }
            StmtKind::Wait(waits) => (!waits.is_empty()).then_some(state),
            StmtKind::Raise { .. } | StmtKind::Finish { .. } => None,
            StmtKind::Assert { .. } | StmtKind::Print { .. } => Some(state),
        }
    }

    fn alternatives(&mut self, blocks: &[&'a [Stmt]], state: Roots) -> Option<Roots> {
        blocks.iter().fold(None, |met, block| {
            let end = self.list(block, Some(state.clone()));
            join(met, end)
        })
    }

    /// One turn of a loop: what holds where it leads to the next one.
    fn turn(&mut self, label: LabelId, body: &'a [Stmt], state: Roots) -> Option<Roots> {
        let end = self.list(body, Some(state));
        join(end, self.ends.continued.remove(&label))
    }

    fn is_true(&self, cond: crate::expr::ExprId) -> bool {
        self.exprs.as_const(cond) == Some(&Value::Bool(true))
    }
}

/// Takes out what some statement makes unset, on whatever path: another turn may come from there.
fn make_unset(turn: &[Stmt], state: &mut Roots) {
    walk_stmts(turn, &mut |stmt| {
        if let StmtKind::Unset(var) = stmt.kind {
            state.remove(Root::Var(var));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::ProcessBody;

    /// The names of what the statements surely store into: whole, and in parts.
    fn stored(body: &str) -> [String; 2] {
        let text = format!(
            "hwir 1 module m {{ net %f: bool = false net %q: u4 = 0 net %r: u4 = 0\n\
             process p timed {{ var $a: u4 var $i: u4 {body} }} }} top m"
        );
        let design = crate::parse::parse(&text).unwrap_or_else(|found| panic!("{text}: {found:?}"));
        let module = &design.modules[0];
        let ProcessBody::Ir(body) = &module.processes[0].body else { panic!("{text}") };
        [Counts::Wholes, Counts::Parts].map(|counts| {
            let ends = follow(&body.exprs, &body.stmts, Roots::default(), counts, &mut |_, _| {});
            let Some(stored) = ends.of_process() else { return "no end".to_owned() };
            let nets = stored.nets().map(|net| module.net(net).name.clone());
            let vars = stored.vars().map(|var| body.var(var).name.clone());
            nets.chain(vars).collect::<Vec<_>>().join(" ")
        })
    }

    fn whole(body: &str) -> String {
        stored(body)[0].clone()
    }

    #[test]
    fn a_search_that_ends_early_gives_its_result_on_every_path() {
        let search = "for 'l $i in range(0, 8, 1) { if %f { %q <= 1 break 'b } }";
        assert_eq!(whole(&format!("block 'b {{ {search} %q <= 2 }}")), "q i");
        assert_eq!(whole(&format!("block 'b {{ {search} }}")), "i");
    }

    #[test]
    fn every_alternative_has_to_store() {
        assert_eq!(whole("if %f { %q <= 1 }"), "");
        assert_eq!(whole("if %f { %q <= 1 } else { %q <= 2 }"), "q");
        assert_eq!(whole("switch %q { case 0 { $a = 1 } default { $a = 2 %r <= 1 } }"), "a");
        assert_eq!(whole("if %f { %q <= 1 } else { raise ValueError }"), "q");
        assert_eq!(whole("if %f { %q <= 1 return } %r <= 2 %q <= 3"), "q");
    }

    #[test]
    fn a_part_is_not_the_whole() {
        assert_eq!(stored("%q.bit(2) <= %f"), ["", "q"]);
    }

    #[test]
    fn a_loop_that_counts_has_its_turns_and_one_with_a_condition_may_have_none() {
        assert_eq!(whole("for 'l $i in range(0, 8, 1) { %q <= 1 }"), "q i");
        assert_eq!(whole("for 'l $i in range(0, 8, 1) { if %f { continue 'l } %q <= 1 }"), "i");
        assert_eq!(whole("for 'l $i in range(8, 8, 1) { %q <= 1 }"), "");
        assert_eq!(whole("while 'l %f { %q <= 1 }"), "");
        assert_eq!(whole("while 'l true { %q <= 1 if %f { break 'l } }"), "q");
        assert_eq!(whole("while 'l true { wait rising %f }"), "no end");
    }

    #[test]
    fn what_is_made_unset_is_not_stored() {
        assert_eq!(whole("$a = 1 unset $a"), "");
        assert_eq!(whole("$a = 1 if %f { unset $a }"), "");
        assert_eq!(whole("$a = 1 for 'l $i in range(0, 2, 1) { %q <= $a unset $a $a = 2 }"), "q a i");
        assert_eq!(whole("$a = 1 while 'l %f { unset $a $a = 2 }"), "");
    }

    #[test]
    fn what_is_never_reached_is_not_visited() {
        let text = "hwir 1 module m { net %q: u4 = 0 process p timed { %q <= 1 return %q <= 2 } } top m";
        let design = crate::parse::parse(text).unwrap();
        let ProcessBody::Ir(body) = &design.modules[0].processes[0].body else { panic!("{text}") };
        let mut visited = 0;
        follow(&body.exprs, &body.stmts, Roots::default(), Counts::Wholes, &mut |_, _| visited += 1);
        assert_eq!(visited, 2);
    }

    #[test]
    fn the_set_tells_numbers_beyond_one_word_apart() {
        let some = [0, 63, 64, 200].map(|at| Root::Var(VarId::new(at)));
        let all: Roots = some.into_iter().chain([Root::Net(NetId::new(3))]).collect();
        assert!(some.iter().all(|root| all.contains(*root)));
        assert!(!all.contains(Root::Var(VarId::new(65))) && !all.contains(Root::Net(NetId::new(64))));
        assert_eq!(all.vars().map(VarId::index).collect::<Vec<_>>(), [0, 63, 64, 200]);
        let mut few = all.clone();
        few.keep(&some[..1].iter().copied().collect());
        assert_eq!(few, some[..1].iter().copied().collect());
    }
}
