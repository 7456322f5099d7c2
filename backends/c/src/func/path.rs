//! What is known where: the conditions that led to a place, and the values that have a name there.

use super::{Before, Func, Operand};
use crate::cexpr::{Cond, EXACT};
use crate::expr::literal;
use crate::tokens;
use pyhw_ir::{ExprId, ExprKind, Op, Type, VarId};

impl Func<'_, '_> {
    /// Gives the expression a name if it is one of those that get theirs where they are met.
    pub fn meet(&mut self, id: ExprId) {
        if self.named_when_met.remove(&id) {
            self.keep_value(id);
        }
    }

    /// What `write` gives, and the definitions that it needs: for one path of a choice, on which alone they may be computed,
    /// and on which a condition holds.
    pub fn on_path<R>(&mut self, holds: &Cond, write: impl FnOnce(&mut Self) -> R) -> (R, Before) {
        let outside = self.holding.len();
        self.holding.extend(holds.conjuncts());
        let outer = std::mem::take(&mut self.before);
        let (memo, named) = (self.memo.clone(), self.named_when_met.clone());
        let result = write(self);
        (self.memo, self.named_when_met) = (memo, named);
        self.holding.truncate(outside);
        (result, std::mem::replace(&mut self.before, outer))
    }

    /// As [`Func::on_path`], for what an operator computes only where its operand `test` has this value.
    pub fn where_it_is<R>(
        &mut self,
        test: ExprId,
        value: bool,
        cond: &Cond,
        write: impl FnOnce(&mut Self) -> R,
    ) -> (R, Before) {
        let holds = if value { cond.clone() } else { cond.clone().not() };
        self.on_path(&holds, |func| {
            func.assume(test, value);
            write(func)
        })
    }

    /// Takes what is equal to a constant, as the path says, for the constant. It lasts as long as the names that the path gives.
    fn assume(&mut self, test: ExprId, value: bool) {
        let ExprKind::Op(op, args) = self.body.exprs.kind(test) else { return };
        if matches!((op, value), (Op::Eq, true) | (Op::Ne, false)) {
            for (of, other) in [(args[0], args[1]), (args[1], args[0])] {
                let is_narrow = matches!(self.ty(of), Type::Int(_)) && self.needed(of) <= 64;
                if let (true, None, Some(number)) = (is_narrow, self.single(of), self.single(other)) {
                    let low = self.demands.get(&of).copied().unwrap_or(EXACT);
                    self.memo.insert(of, Operand::Int(Box::new(literal(&number, low))));
                }
            }
        } else if matches!((op, value), (Op::AndThen | Op::And, true) | (Op::OrElse | Op::Or, false)) {
            args.iter().for_each(|&arg| self.assume(arg, value));
        } else if *op == Op::Not {
            self.assume(args[0], !value);
        }
    }

    /// Notes that a condition holds for the statements that follow, up to [`Func::holds_no_more`] with the number that this
    /// gives. Nets keep the values that they had, as what is read after a store is an old value with a name of its own; for what is
    /// said of locals see [`Func::changes`].
    pub fn holds(&mut self, cond: &Cond) -> usize {
        let outside = self.holding.len();
        self.holding.extend(cond.conjuncts());
        outside
    }

    /// Forgets what is known of a local, because a statement stores into it.
    pub fn changes(&mut self, var: VarId) {
        let name = &self.vars[var.index()].0;
        for known in &mut self.holding {
            if tokens::count(known, name) > 0 {
                // Its place is kept: others count on it.
                known.clear();
            }
        }
    }

    /// Forgets what [`Func::holds`] noted.
    pub fn holds_no_more(&mut self, outside: usize) {
        self.holding.truncate(outside);
    }

    /// The condition, or true where the present path has asked for it already.
    pub fn unless_holding(&self, cond: Cond) -> Cond {
        // What is kept of a net is the value that it had when the path asked.
        let mut text = cond.text.clone();
        for (net, old) in &self.kept {
            if tokens::count(&text, old) > 0 {
                text = tokens::renamed(&text, old, &format!("self->{}", self.unit.layout.nets[net.index()]));
            }
        }
        let is_known = [&cond.text, &text].into_iter().any(|text| self.holding.contains(text));
        if is_known { Cond::known(true) } else { cond }
    }
}
