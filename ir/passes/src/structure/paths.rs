//! What is stored into whatever path control takes: nets of a combinational process, of which the others must remember, and the
//! variables that every turn of a loop changes.

use pyhw_ir::{LabelId, NetId, Root, Stmt, StmtKind, VarId};
use std::collections::{BTreeMap, BTreeSet};

/// Nets and variables that surely have been stored into; `None` where control never comes.
type State = Option<BTreeSet<Root>>;

fn join(a: State, b: State) -> State {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.intersection(&b).copied().collect()),
        (one, other) => one.or(other),
    }
}

/// The nets that are stored into as a whole on every path through the statements.
pub fn on_every_path(stmts: &[Stmt]) -> BTreeSet<NetId> {
    stored(stmts, false)
}

/// The nets that are stored into, as a whole or in part, on every path through the statements.
pub fn touched_on_every_path(stmts: &[Stmt]) -> BTreeSet<NetId> {
    stored(stmts, true)
}

fn stored(stmts: &[Stmt], parts: bool) -> BTreeSet<NetId> {
    let mut paths = Paths { parts, ..Paths::default() };
    let end = paths.list(stmts, Some(BTreeSet::new()));
    let stored = join(end, paths.returns).unwrap_or_default();
    let nets = stored.into_iter().filter_map(|root| match root {
        Root::Net(net) => Some(net),
        Root::Var(_) => None,
    });
    nets.collect()
}

/// The variables that are stored into as a whole in every turn after which another may come; `None` if none may.
pub(crate) fn in_every_turn(label: LabelId, turn: &[Stmt]) -> Option<BTreeSet<VarId>> {
    let mut paths = Paths::default();
    let end = paths.list(turn, Some(BTreeSet::new()));
    let stored = join(end, paths.continues.remove(&label).flatten())?;
    let vars = stored.into_iter().filter_map(|root| match root {
        Root::Var(var) => Some(var),
        Root::Net(_) => None,
    });
    Some(vars.collect())
}

#[derive(Default)]
struct Paths {
    /// Whether stores into a part count.
    parts: bool,
    breaks: BTreeMap<LabelId, State>,
    continues: BTreeMap<LabelId, State>,
    returns: State,
}

impl Paths {
    fn list(&mut self, stmts: &[Stmt], mut state: State) -> State {
        for stmt in stmts {
            state = self.stmt(stmt, state);
        }
        state
    }

    fn stmt(&mut self, stmt: &Stmt, state: State) -> State {
        match &stmt.kind {
            StmtKind::Assign { place, .. } | StmtKind::Next { place, .. } => {
                let mut state = state;
                if let (true, Some(set)) = (self.parts || place.path.is_empty(), &mut state) {
                    set.insert(place.root);
                }
                state
            }
            StmtKind::If { arms, orelse } => {
                let mut end = self.list(orelse, state.clone());
                for (_, body) in arms {
                    end = join(end, self.list(body, state.clone()));
                }
                end
            }
            StmtKind::Switch { arms, default, .. } => {
                let mut end = default.as_ref().and_then(|body| self.list(body, state.clone()));
                for arm in arms {
                    end = join(end, self.list(&arm.body, state.clone()));
                }
                end
            }
            StmtKind::For { label, body, start, stop, step, .. } => {
                let runs = if step.is_negative() { start > stop } else { start < stop };
                let end = if runs { self.list(body, state) } else { state };
                let end = join(end, self.continues.remove(label).flatten());
                join(end, self.breaks.remove(label).flatten())
            }
            StmtKind::While { label, body, .. } => {
                let turn = self.list(body, state.clone());
                let turn = join(turn, self.continues.remove(label).flatten());
                // It may not run at all, and then only what stood before holds.
                join(join(state, turn), self.breaks.remove(label).flatten())
            }
            StmtKind::Block { label, body } => {
                let end = self.list(body, state);
                join(end, self.breaks.remove(label).flatten())
            }
            StmtKind::Break(label) => {
                let before = self.breaks.remove(label).flatten();
                self.breaks.insert(*label, join(before, state));
                None
            }
            StmtKind::Continue(label) => {
                let before = self.continues.remove(label).flatten();
                self.continues.insert(*label, join(before, state));
                None
            }
            StmtKind::Return => {
                self.returns = join(self.returns.take(), state);
                None
            }
            StmtKind::Raise { .. } | StmtKind::Finish { .. } => None,
            StmtKind::Wait(_) | StmtKind::Assert { .. } | StmtKind::Print { .. } => state,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_diagnostics::Span;
    use pyhw_ir::{ExprId, Exprs, Int, Place, Projection, VarId};

    fn stmt(kind: StmtKind) -> Stmt {
        Stmt::new(kind, Span::NONE)
    }

    fn store(net: NetId, value: ExprId) -> Stmt {
        stmt(StmtKind::Next { place: Place::net(net), value })
    }

    #[test]
    fn a_search_that_ends_early_gives_its_result_on_every_path() {
        let mut exprs = Exprs::new();
        let cond = exprs.bool(true, Span::NONE);
        let net = NetId::new(0);
        let (outer, inner) = (LabelId::new(0), LabelId::new(1));
        let hit = stmt(StmtKind::If {
            arms: vec![(cond, vec![store(net, cond), stmt(StmtKind::Break(outer))])],
            orelse: vec![],
        });
        let (start, stop, step) = (Int::ZERO, Int::from(8i64), Int::ONE);
        let search =
            stmt(StmtKind::For { label: inner, var: VarId::new(0), start, stop, step, body: vec![hit] });
        let found = stmt(StmtKind::Block { label: outer, body: vec![search.clone(), store(net, cond)] });
        assert_eq!(on_every_path(&[found]), BTreeSet::from([net]));
        let lost = stmt(StmtKind::Block { label: outer, body: vec![search] });
        assert!(on_every_path(&[lost]).is_empty());
    }

    #[test]
    fn both_branches_have_to_store() {
        let mut exprs = Exprs::new();
        let cond = exprs.bool(true, Span::NONE);
        let net = NetId::new(3);
        let half = StmtKind::If { arms: vec![(cond, vec![store(net, cond)])], orelse: vec![] };
        let both =
            StmtKind::If { arms: vec![(cond, vec![store(net, cond)])], orelse: vec![store(net, cond)] };
        assert!(on_every_path(&[stmt(half)]).is_empty());
        assert_eq!(on_every_path(&[stmt(both)]), BTreeSet::from([net]));
    }

    #[test]
    fn a_part_touches_the_net_and_is_not_the_whole() {
        let mut exprs = Exprs::new();
        let cond = exprs.bool(true, Span::NONE);
        let at = exprs.int(2i64, Span::NONE);
        let net = NetId::new(1);
        let place = Place { root: Root::Net(net), path: vec![Projection::Bit(at)] };
        let part = [stmt(StmtKind::Next { place, value: cond })];
        assert!(on_every_path(&part).is_empty());
        assert_eq!(touched_on_every_path(&part), BTreeSet::from([net]));
    }
}
