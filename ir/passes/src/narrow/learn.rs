//! What a condition tells where it has a certain value.

use super::known::Known;
use super::ranges::{Ctx, Knowledge};
use super::state::Key;
use pyhw_ir::{ExprId, ExprKind, Int, Op, Range, Type, Value, interval};

/// How deep a condition is taken apart.
const MAX_DEPTH: usize = 64;

#[derive(Clone, Copy)]
enum Relation {
    Equal,
    Different,
    Less,
    AtMost,
}

impl Knowledge<'_> {
    /// Notes in the context what holds where the condition has this value; false if it cannot have it.
    pub fn learn(&mut self, cond: ExprId, truth: bool, ctx: Ctx) -> bool {
        self.learn_at(cond, truth, ctx, 0)
    }

    fn learn_at(&mut self, cond: ExprId, truth: bool, ctx: Ctx, depth: usize) -> bool {
        let body = self.scope.body;
        if depth > MAX_DEPTH {
            return true;
        }
        let fits = match body.exprs.kind(cond) {
            ExprKind::Const(Value::Bool(value)) => return *value == truth,
            ExprKind::Op(op, args) => match (op, truth) {
                (Op::Not, _) => return self.learn_at(args[0], !truth, ctx, depth + 1),
                (Op::AndThen | Op::And, true) | (Op::OrElse | Op::Or, false) => {
                    self.learn_at(args[0], truth, ctx, depth + 1)
                        && self.learn_at(args[1], truth, ctx, depth + 1)
                }
                (Op::AndThen | Op::And, false) | (Op::OrElse | Op::Or, true) => {
                    self.learn_either(args[0], args[1], truth, ctx, depth)
                }
                (Op::Eq, true) | (Op::Ne, false) => {
                    self.compare(Relation::Equal, args[0], args[1], ctx, depth)
                }
                // What is not driven differs from every value.
                (Op::Ne, true) | (Op::Eq, false) if args.iter().any(|arg| self.may_be_z(*arg)) => true,
                (Op::Ne, true) | (Op::Eq, false) => {
                    self.compare(Relation::Different, args[0], args[1], ctx, depth)
                }
                (Op::Lt, true) | (Op::Ge, false) => {
                    self.compare(Relation::Less, args[0], args[1], ctx, depth)
                }
                (Op::Le, true) | (Op::Gt, false) => {
                    self.compare(Relation::AtMost, args[0], args[1], ctx, depth)
                }
                (Op::Gt, true) | (Op::Le, false) => {
                    self.compare(Relation::Less, args[1], args[0], ctx, depth)
                }
                (Op::Ge, true) | (Op::Lt, false) => {
                    self.compare(Relation::AtMost, args[1], args[0], ctx, depth)
                }
                (Op::ToBool, false) if self.may_be_z(args[0]) => true,
                (Op::ToBool, _) => {
                    let value = Known::truth(truth);
                    self.narrow_to(args[0], &value, ctx, depth)
                }
                _ => true,
            },
            // What was known when the variable was given its value is known of it.
            ExprKind::Var(var) => match self.state.meaning(*var) {
                Some(value) => self.learn_at(value, truth, ctx, depth + 1),
                None => true,
            },
            ExprKind::Const(_) | ExprKind::Net(_) => true,
        };
        fits && self.note_truth(cond, truth, ctx)
    }

    /// Notes that the condition as a whole has this value, where what it is made of does not say so.
    fn note_truth(&mut self, cond: ExprId, truth: bool, ctx: Ctx) -> bool {
        // A condition that is not driven does not hold, and is not false either.
        if !truth && self.may_be_z(cond) {
            return true;
        }
        match self.eval(cond, ctx).and_then(|known| known.as_bool()) {
            Some(known) => known == truth,
            None => {
                let key = match self.scope.body.exprs.kind(cond) {
                    ExprKind::Var(var) => Key::Var(*var),
                    ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Op(..) => Key::Expr(cond),
                };
                self.set_fact(key, Known::truth(truth), ctx);
                true
            }
        }
    }

    /// One of two conditions has this value: what both cases tell.
    fn learn_either(&mut self, first: ExprId, second: ExprId, truth: bool, ctx: Ctx, depth: usize) -> bool {
        self.learn_of_both(
            |this, ctx| this.learn_at(first, truth, ctx, depth + 1),
            // Where it is the second, the first has the other value.
            |this, ctx| {
                this.learn_at(first, !truth, ctx, depth + 1) && this.learn_at(second, truth, ctx, depth + 1)
            },
            ctx,
        )
    }

    /// A `mux` has one of these values: what both of its operands tell, each with the condition that chooses it.
    fn narrow_mux(&mut self, args: &[ExprId], values: &Known, ctx: Ctx, depth: usize) -> bool {
        let chosen = |this: &mut Self, truth: bool, ctx: Ctx| {
            let operand = args[if truth { 1 } else { 2 }];
            this.learn_at(args[0], truth, ctx, depth + 1) && this.narrow_to(operand, values, ctx, depth + 1)
        };
        self.learn_of_both(|this, ctx| chosen(this, true, ctx), |this, ctx| chosen(this, false, ctx), ctx)
    }

    /// One of two cases holds: what both tell; false if neither can be.
    fn learn_of_both(
        &mut self,
        first: impl FnOnce(&mut Self, Ctx) -> bool,
        second: impl FnOnce(&mut Self, Ctx) -> bool,
        ctx: Ctx,
    ) -> bool {
        let Some(one) = self.enter_alternative(ctx) else { return true };
        let fits = first(self, one);
        let one = self.take_facts(one);
        let one = fits.then_some(one);
        let Some(other) = self.enter_alternative(ctx) else { return true };
        let fits = second(self, other);
        let other = self.take_facts(other);
        let other = fits.then_some(other);
        let mut told: Vec<(Key, Known)> = match (one, other) {
            (None, None) => return false,
            (Some(facts), None) | (None, Some(facts)) => facts.into_iter().collect(),
            (Some(one), Some(other)) => {
                let both = |(key, known): (&Key, &Known)| Some((*key, known.join(other.get(key)?)));
                one.iter().filter_map(both).collect()
            }
        };
        told.sort_unstable_by_key(|(key, _)| *key);
        for (key, known) in told {
            self.set_fact(key, known, ctx);
        }
        true
    }

    /// Whether the expression may have the value of a net that nothing drives.
    fn may_be_z(&self, id: ExprId) -> bool {
        match self.scope.body.exprs.kind(id) {
            ExprKind::Net(net) => self.scope.module.net(*net).kind.may_be_z(),
            ExprKind::Op(Op::Mux, args) => args[1..].iter().any(|arg| self.may_be_z(*arg)),
            ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Op(..) => false,
        }
    }

    fn compare(&mut self, relation: Relation, a: ExprId, b: ExprId, ctx: Ctx, depth: usize) -> bool {
        let (Some(known_a), Some(known_b)) = (self.eval(a, ctx), self.eval(b, ctx)) else { return true };
        let below = |end: &Option<Int>| end.as_ref().map(|end| end.sub(&Int::ONE));
        let above = |end: &Option<Int>| end.as_ref().map(|end| end.add(&Int::ONE));
        let at_most = |max| Known::from(Range { min: None, max });
        let at_least = |min| Known::from(Range { min, max: None });
        let (new_a, new_b) = match relation {
            Relation::Equal => (known_a.meet(&known_b), known_a.meet(&known_b)),
            Relation::Different => (different(&known_a, &known_b), different(&known_b, &known_a)),
            Relation::Less => (
                known_a.meet(&at_most(below(&known_b.range.max))),
                known_b.meet(&at_least(above(&known_a.range.min))),
            ),
            Relation::AtMost => (
                known_a.meet(&at_most(known_b.range.max.clone())),
                known_b.meet(&at_least(known_a.range.min.clone())),
            ),
        };
        let (Some(new_a), Some(new_b)) = (new_a, new_b) else { return false };
        self.narrow_to(a, &new_a, ctx, depth)
            && self.narrow_to(b, &new_b, ctx, depth)
            && self.learn_difference(relation, a, b, ctx, depth)
    }

    /// What `b - a` and `a - b` can be, where the design computes one of them.
    fn learn_difference(&mut self, relation: Relation, a: ExprId, b: ExprId, ctx: Ctx, depth: usize) -> bool {
        let least = match relation {
            Relation::Equal | Relation::AtMost => Int::ZERO,
            Relation::Less => Int::ONE,
            Relation::Different => return true,
        };
        let most = matches!(relation, Relation::Equal).then(|| Int::ZERO);
        let exprs = &self.scope.body.exprs;
        let forward = exprs.find_op(Op::Sub, &[b, a], self.scope.types);
        let backward = exprs.find_op(Op::Sub, &[a, b], self.scope.types);
        let from_a = Range { min: Some(least.clone()), max: most.clone() };
        let from_b = Range { min: most, max: Some(least.neg()) };
        forward.is_none_or(|id| self.narrow_to(id, &from_a.into(), ctx, depth + 1))
            && backward.is_none_or(|id| self.narrow_to(id, &from_b.into(), ctx, depth + 1))
    }

    /// Notes that an expression has one of these values, and what follows for what it is made of; false if it cannot.
    pub fn narrow_to(&mut self, id: ExprId, values: &Known, ctx: Ctx, depth: usize) -> bool {
        let body = self.scope.body;
        let Some(before) = self.eval(id, ctx) else { return true };
        let Some(now) = before.meet(values) else { return false };
        if now == before || depth > MAX_DEPTH {
            return true;
        }
        let key = match body.exprs.kind(id) {
            ExprKind::Const(_) => return true,
            ExprKind::Var(var) => Key::Var(*var),
            ExprKind::Net(_) | ExprKind::Op(..) => Key::Expr(id),
        };
        self.set_fact(key, now.clone(), ctx);
        let (op, args) = match body.exprs.kind(id) {
            ExprKind::Op(op, args) => (op, args),
            ExprKind::Var(var) => {
                let value = self.state.meaning(*var);
                return match (value, body.exprs.ty(id), now.as_bool()) {
                    (Some(value), Type::Bool, Some(truth)) => self.learn_at(value, truth, ctx, depth + 1),
                    (Some(value), _, _) => self.narrow_to(value, &now, ctx, depth + 1),
                    (None, _, _) => true,
                };
            }
            ExprKind::Const(_) | ExprKind::Net(_) => return true,
        };
        let operand = |this: &mut Self, place: usize, range: Range| {
            this.narrow_to(args[place], &range.into(), ctx, depth + 1)
        };
        match op {
            Op::Add | Op::Sub => {
                let (Some(a), Some(b)) = (self.eval(args[0], ctx), self.eval(args[1], ctx)) else {
                    return true;
                };
                let is_add = *op == Op::Add;
                let new_a = if is_add {
                    interval::sub(&now.range, &b.range)
                } else {
                    interval::add(&now.range, &b.range)
                };
                let new_b = if is_add {
                    interval::sub(&now.range, &a.range)
                } else {
                    interval::sub(&a.range, &now.range)
                };
                operand(self, 0, new_a) && operand(self, 1, new_b)
            }
            Op::Neg => operand(self, 0, interval::neg(&now.range)),
            Op::Inv => operand(self, 0, interval::not(&now.range)),
            // Both have the same values; of `check` only those that pass.
            Op::Refine { .. } | Op::Check { .. } => self.narrow_to(args[0], &now, ctx, depth + 1),
            Op::ToInt => match now.as_bool() {
                Some(value) => self.learn_at(args[0], value, ctx, depth + 1),
                None => true,
            },
            Op::ToBool
            | Op::Not
            | Op::AndThen
            | Op::OrElse
            | Op::And
            | Op::Or
            | Op::Xor
            | Op::Eq
            | Op::Ne
            | Op::Lt
            | Op::Le
            | Op::Gt
            | Op::Ge => match (body.exprs.ty(id), now.as_bool()) {
                (Type::Bool, Some(value)) => self.learn_at(id, value, ctx, depth + 1),
                _ => true,
            },
            Op::Mux => self.narrow_mux(args, &now, ctx, depth),
            Op::Mul
            | Op::FloorDiv
            | Op::Mod
            | Op::Pow
            | Op::Shl
            | Op::Shr
            | Op::Bit
            | Op::Slice { .. }
            | Op::Concat { .. }
            | Op::Signed { .. }
            | Op::Wrap { .. }
            | Op::Encode
            | Op::Decode { .. }
            | Op::Index
            | Op::Array
            | Op::Field { .. }
            | Op::Struct { .. }
            | Op::IsZ
            | Op::Now
            | Op::Format { .. } => true,
        }
    }
}

/// The values of `a` where it differs from the one value of `b`; all of it if `b` has several.
fn different(a: &Known, b: &Known) -> Option<Known> {
    match b.range.single() {
        Some(value) => a.without(value),
        None => Some(a.clone()),
    }
}
