//! What is known where: the conditions that led to a place, and the values that have a name there.

use super::{Before, Func};
use crate::cexpr::Cond;
use crate::tokens;
use pyhw_ir::ExprId;

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

    /// Notes that a condition holds for the statements that follow, up to [`Func::holds_no_more`] with the number that this
    /// gives. What is said of locals is left out, as the statements may store into them.
    pub fn holds(&mut self, cond: &Cond) -> usize {
        let outside = self.holding.len();
        let is_lasting =
            |text: &String| tokens::names(text).all(|name| self.vars.iter().all(|(var, _)| var != name));
        let lasting: Vec<String> = cond.conjuncts().into_iter().filter(is_lasting).collect();
        self.holding.extend(lasting);
        outside
    }

    /// Forgets what [`Func::holds`] noted.
    pub fn holds_no_more(&mut self, outside: usize) {
        self.holding.truncate(outside);
    }

    /// The condition, or true where the present path has asked for it already.
    pub fn unless_holding(&self, cond: Cond) -> Cond {
        if self.holding.contains(&cond.text) { Cond::known(true) } else { cond }
    }
}
