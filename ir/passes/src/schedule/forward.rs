//! Whether a process that reads what it drives settles in one run.

use super::place::{Part, Places};
use pyhw_ir::{
    Body, ExprId, ExprKind, Int, Module, NetId, Place, Root, Stmt, StmtKind, Type, VarId, walk_stmts,
};
use std::collections::BTreeSet;

/// How many statements are looked at in all; of a process with more of them it is not known.
const MAX_STATEMENTS: usize = 20_000;

/// Whether each part of the net that the body reads was stored before in the same run, on every path, and is not stored behind it;
/// parts that it never stores it may read anywhere.
///
/// Then one run whose stores act at once, as blocking assignments do, leaves what runs leave whose stores act behind them, as often as it
/// takes to settle. A process that also prints or checks something would do so once instead of several times: that is not the same.
pub fn reads_behind_its_stores(module: &Module, body: &Body, net: NetId) -> bool {
    let mut only_computes = true;
    walk_stmts(&body.stmts, &mut |stmt| {
        only_computes &= !stmt.kind.is_heard() && !matches!(stmt.kind, StmtKind::Wait(_));
    });
    let places = match &module.net(net).ty {
        Type::Int(range) => range.width_bits(),
        Type::Array(_, length) => Some(*length),
        Type::Bool | Type::Enum(_) | Type::Struct(_) | Type::Text | Type::Opaque => Some(1),
    };
    let Some(places) = places.filter(|_| only_computes) else { return false };
    let nothing = vec![false; places as usize];
    let mut walk = Walk {
        places: Places::new(module, body),
        body,
        net,
        surely: nothing.clone(),
        left: vec![true; places as usize],
        read: nothing.clone(),
        early: nothing.clone(),
        stored: nothing,
        again: false,
        budget: MAX_STATEMENTS,
    };
    walk.stmts(&body.stmts);
    let is_early = walk.early.iter().zip(&walk.stored).any(|(early, stored)| *early && *stored);
    !is_early && !walk.again && walk.budget > 0
}

/// Places of the net: bits of an integer, elements of an array.
type Set = Vec<bool>;

struct Walk<'a> {
    places: Places<'a>,
    body: &'a Body,
    net: NetId,
    /// What was stored on every path that leads here.
    surely: Set,
    /// The same where something jumped: it counts behind every loop and block.
    left: Set,
    /// What was read on some path that leads here.
    read: Set,
    /// What was read before it was surely stored.
    early: Set,
    /// What is stored anywhere.
    stored: Set,
    /// Something that was read is stored again.
    again: bool,
    budget: usize,
}

impl Walk<'_> {
    fn expr(&mut self, root: ExprId) {
        let mut seen = BTreeSet::new();
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            if !seen.insert(id) {
                continue;
            }
            match self.body.exprs.kind(id) {
                ExprKind::Net(net) => self.reads(Part::whole(*net)),
                ExprKind::Var(_) | ExprKind::Const(_) => {}
                ExprKind::Op(op, args) => match self.places.part_of(op, args) {
                    Some(part) => {
                        self.reads(part);
                        stack.extend(&args[1..]);
                    }
                    None => stack.extend(args),
                },
            }
        }
    }

    /// The places that a part of the net has.
    fn within(&self, part: Part) -> std::ops::Range<usize> {
        let end = (part.end as usize).min(self.surely.len());
        (part.low as usize).min(end)..end
    }

    fn reads(&mut self, part: Part) {
        if part.net != self.net {
            return;
        }
        for place in self.within(part) {
            self.read[place] = true;
            self.early[place] |= !self.surely[place];
        }
    }

    fn stores(&mut self, place: &Place) {
        if place.root != Root::Net(self.net) {
            return;
        }
        let part = self.places.target(self.net, place);
        let is_exact = self.places.is_exact(place);
        for place in self.within(part) {
            self.again |= self.read[place];
            self.stored[place] = true;
            self.surely[place] |= is_exact;
        }
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            self.budget = self.budget.saturating_sub(1);
            if self.budget == 0 {
                return;
            }
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        for root in stmt.kind.exprs() {
            self.expr(root);
        }
        match &stmt.kind {
            StmtKind::Assign { place, .. } | StmtKind::Next { place, .. } => {
                self.stores(place);
                if let Root::Var(var) = place.root {
                    self.places.counters.remove(&var);
                }
            }
            StmtKind::If { arms, orelse } => {
                let bodies: Vec<&[Stmt]> =
                    arms.iter().map(|(_, body)| &body[..]).chain([&orelse[..]]).collect();
                self.branches(&bodies);
            }
            StmtKind::Switch { arms, default, .. } => {
                let default = default.as_deref().unwrap_or_default();
                let bodies: Vec<&[Stmt]> = arms.iter().map(|arm| &arm.body[..]).chain([default]).collect();
                self.branches(&bodies);
            }
            StmtKind::For { var, start, stop, step, body, .. } => {
                self.counting(*var, [start, stop, step], body);
                self.land();
            }
            StmtKind::While { body, .. } => {
                self.turns(body);
                self.land();
            }
            StmtKind::Block { body, .. } => {
                self.stmts(body);
                self.land();
            }
            StmtKind::Break(_) | StmtKind::Continue(_) | StmtKind::Return => {
                keep_common(&mut self.left, &self.surely);
            }
            StmtKind::Unset(var) => {
                self.places.counters.remove(var);
            }
            StmtKind::Raise { .. }
            | StmtKind::Finish { .. }
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. } => {}
        }
    }

    /// Bodies of which one is taken.
    fn branches(&mut self, bodies: &[&[Stmt]]) {
        let (surely, read, counters) = (self.surely.clone(), self.read.clone(), self.places.counters.clone());
        let mut stored = vec![true; surely.len()];
        let mut seen = read.clone();
        let mut known = counters.clone();
        for body in bodies {
            self.surely.clone_from(&surely);
            self.read.clone_from(&read);
            self.places.counters.clone_from(&counters);
            self.stmts(body);
            keep_common(&mut stored, &self.surely);
            add(&mut seen, &self.read);
            known.retain(|var, _| self.places.counters.contains_key(var));
        }
        (self.surely, self.read, self.places.counters) = (stored, seen, known);
    }

    /// A loop with known turns, one by one; one with more turns than are looked at uses up the budget.
    fn counting(&mut self, var: VarId, [start, stop, step]: [&Int; 3], body: &[Stmt]) {
        let goes_on = |at: &Int| if step.is_negative() { at > stop } else { at < stop };
        let mut at = start.clone();
        while goes_on(&at) && self.budget > 0 {
            self.budget -= 1;
            self.places.counters.insert(var, at.clone());
            self.stmts(body);
            self.land();
            at = at.add(step);
        }
        self.places.counters.remove(&var);
    }

    /// A loop with any number of turns: what one turn reads, the next may store.
    fn turns(&mut self, body: &[Stmt]) {
        walk_stmts(body, &mut |stmt| {
            if let Some(var) = stmt.kind.stored_var() {
                self.places.counters.remove(&var);
            }
        });
        let surely = self.surely.clone();
        for _ in 0..2 {
            self.surely.clone_from(&surely);
            self.stmts(body);
        }
        self.surely = surely;
    }

    /// Behind a loop or block, or at the end of a turn: something may have jumped there.
    fn land(&mut self) {
        keep_common(&mut self.surely, &self.left);
    }
}

fn keep_common(into: &mut Set, other: &Set) {
    into.iter_mut().zip(other).for_each(|(into, other)| *into &= *other);
}

fn add(into: &mut Set, other: &Set) {
    into.iter_mut().zip(other).for_each(|(into, other)| *into |= *other);
}
