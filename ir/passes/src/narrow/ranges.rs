//! The interval of an expression at a point, and what a condition tells.

use super::state::State;
use pyhw_ir::{Body, ExprId, ExprKind, Int, Module, Op, Range, Type, Value, interval};
use std::collections::HashMap;

/// The body and the module around it, for reading types.
pub(super) struct Scope<'a> {
    pub module: &'a Module,
    pub body: &'a Body,
}

impl Scope<'_> {
    /// The interval of an integer expression where `state` holds; `None` for other types.
    pub fn range(&self, id: ExprId, state: &State) -> Option<Range> {
        self.range_memo(id, state, &mut HashMap::new())
    }

    fn range_memo(
        &self,
        id: ExprId,
        state: &State,
        memo: &mut HashMap<ExprId, Option<Range>>,
    ) -> Option<Range> {
        if let Some(known) = memo.get(&id) {
            return known.clone();
        }
        let exprs = &self.body.exprs;
        let Type::Int(_) = exprs.ty(id) else {
            memo.insert(id, None);
            return None;
        };
        let mut range = match exprs.kind(id) {
            ExprKind::Const(Value::Int(value)) => Range::exactly(value.clone()),
            ExprKind::Const(_) => exprs.range(id)?.clone(),
            ExprKind::Net(net) => self.module.net(*net).ty.range()?.clone(),
            ExprKind::Var(var) => {
                let declared = self.body.var(*var).ty.range()?.clone();
                match &state.vars[var.index()] {
                    Some(known) => declared.intersection(known).unwrap_or(declared),
                    None => declared,
                }
            }
            ExprKind::Op(op, args) => self.op_range(op, args, id, state, memo)?,
        };
        if let Some(fact) = state.facts.get(&id) {
            range = range.intersection(fact).unwrap_or(range);
        }
        memo.insert(id, Some(range.clone()));
        Some(range)
    }

    fn op_range(
        &self,
        op: &Op,
        args: &[ExprId],
        id: ExprId,
        state: &State,
        memo: &mut HashMap<ExprId, Option<Range>>,
    ) -> Option<Range> {
        let typed = || self.body.exprs.range(id).cloned();
        let mut arg = |place: usize| self.range_memo(args[place], state, memo);
        Some(match op {
            Op::Neg => interval::neg(&arg(0)?),
            Op::Add => interval::add(&arg(0)?, &arg(1)?),
            Op::Sub => interval::sub(&arg(0)?, &arg(1)?),
            Op::Mul => interval::mul(&arg(0)?, &arg(1)?),
            Op::FloorDiv => interval::floor_div(&arg(0)?, &arg(1)?),
            Op::Mod => interval::floor_mod(&arg(0)?, &arg(1)?),
            Op::Pow => interval::pow(&arg(0)?, &arg(1)?),
            Op::Inv => interval::not(&arg(0)?),
            Op::And => interval::and(&arg(0)?, &arg(1)?),
            Op::Or => interval::or(&arg(0)?, &arg(1)?),
            Op::Xor => interval::xor(&arg(0)?, &arg(1)?),
            Op::Shl => interval::shl(&arg(0)?, &arg(1)?),
            Op::Shr => interval::shr(&arg(0)?, &arg(1)?),
            Op::Mux => {
                let then = self.under(args[0], true, state).and_then(|state| self.range(args[1], &state));
                let other = self.under(args[0], false, state).and_then(|state| self.range(args[2], &state));
                match (then, other) {
                    (Some(then), Some(other)) => then.union(&other),
                    (Some(one), None) | (None, Some(one)) => one,
                    (None, None) => typed()?,
                }
            }
            Op::Slice { low, width } => {
                let whole = arg(0)?;
                let shifted = interval::shr(&whole, &Range::exactly(*low));
                let field = Range::unsigned(*width);
                if field.contains_range(&shifted) { shifted } else { field }
            }
            Op::Signed { width } => {
                let field = Range::signed(*width);
                let whole = arg(0)?;
                if field.contains_range(&whole) { whole } else { field }
            }
            Op::Wrap { range } => {
                let whole = arg(0)?;
                if range.contains_range(&whole) { whole } else { range.clone() }
            }
            Op::Refine { range } | Op::Check { range } => {
                arg(0)?.intersection(range).unwrap_or_else(|| range.clone())
            }
            Op::Concat { .. } | Op::ToInt | Op::Encode | Op::Index | Op::Field { .. } | Op::Now => typed()?,
            Op::Eq
            | Op::Ne
            | Op::Lt
            | Op::Le
            | Op::Gt
            | Op::Ge
            | Op::Not
            | Op::AndThen
            | Op::OrElse
            | Op::Bit
            | Op::ToBool
            | Op::Decode { .. }
            | Op::Array
            | Op::Struct { .. }
            | Op::Format { .. } => return None,
        })
    }

    /// What holds where the condition has this value; `None` if it never has.
    pub fn under(&self, cond: ExprId, truth: bool, state: &State) -> Option<State> {
        let mut state = state.clone();
        self.learn(cond, truth, &mut state).then_some(state)
    }

    /// Learns from a condition; false if it cannot have this value.
    pub fn learn(&self, cond: ExprId, truth: bool, state: &mut State) -> bool {
        match self.body.exprs.kind(cond) {
            ExprKind::Const(Value::Bool(value)) => *value == truth,
            ExprKind::Op(op, args) => match (op, truth) {
                (Op::Not, _) => self.learn(args[0], !truth, state),
                (Op::AndThen | Op::And, true) | (Op::OrElse | Op::Or, false) => {
                    self.learn(args[0], truth, state) && self.learn(args[1], truth, state)
                }
                (Op::AndThen, false) => {
                    // Where the first holds, the second does not.
                    let first = self.under(args[0], false, state);
                    let second =
                        self.under(args[0], true, state).and_then(|state| self.under(args[1], false, &state));
                    self.either(first, second, state)
                }
                (Op::OrElse, true) => {
                    let first = self.under(args[0], true, state);
                    let second =
                        self.under(args[0], false, state).and_then(|state| self.under(args[1], true, &state));
                    self.either(first, second, state)
                }
                (Op::Eq, true) | (Op::Ne, false) => self.compare(Relation::Equal, args, state),
                (Op::Ne, true) | (Op::Eq, false) => self.compare(Relation::Different, args, state),
                (Op::Lt, true) | (Op::Ge, false) => self.compare(Relation::Less, args, state),
                (Op::Le, true) | (Op::Gt, false) => self.compare(Relation::AtMost, args, state),
                (Op::Gt, true) | (Op::Le, false) => self.compare(Relation::Less, &[args[1], args[0]], state),
                (Op::Ge, true) | (Op::Lt, false) => {
                    self.compare(Relation::AtMost, &[args[1], args[0]], state)
                }
                _ => true,
            },
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => true,
        }
    }

    fn either(&self, a: Option<State>, b: Option<State>, state: &mut State) -> bool {
        match super::state::join(a, b) {
            Some(joined) => {
                *state = joined;
                true
            }
            None => false,
        }
    }

    fn compare(&self, relation: Relation, args: &[ExprId], state: &mut State) -> bool {
        let (Some(a), Some(b)) = (self.range(args[0], state), self.range(args[1], state)) else {
            return true;
        };
        let below = |end: &Option<Int>, by: i64| end.as_ref().map(|end| end.sub(&Int::from(by)));
        let above = |end: &Option<Int>, by: i64| end.as_ref().map(|end| end.add(&Int::from(by)));
        let (new_a, new_b) = match relation {
            Relation::Equal => (a.intersection(&b), b.intersection(&a)),
            Relation::Different => (without(&a, &b), without(&b, &a)),
            Relation::Less => (
                a.intersection(&Range { min: None, max: below(&b.max, 1) }),
                b.intersection(&Range { min: above(&a.min, 1), max: None }),
            ),
            Relation::AtMost => (
                a.intersection(&Range { min: None, max: b.max.clone() }),
                b.intersection(&Range { min: a.min.clone(), max: None }),
            ),
        };
        let (Some(new_a), Some(new_b)) = (new_a, new_b) else { return false };
        self.note(args[0], &a, new_a, state);
        self.note(args[1], &b, new_b, state);
        true
    }

    /// Notes that an expression lies in an interval, and what follows for what it is made of.
    fn note(&self, id: ExprId, before: &Range, now: Range, state: &mut State) {
        if now == *before {
            return;
        }
        match self.body.exprs.kind(id) {
            ExprKind::Const(_) => return,
            ExprKind::Var(var) => {
                state.vars[var.index()] = Some(now);
                return;
            }
            // x + c in an interval: x is in the interval moved by c.
            ExprKind::Op(op @ (Op::Add | Op::Sub), args) => {
                if let Some(Value::Int(offset)) = self.body.exprs.as_const(args[1])
                    && let Some(inner) = self.range(args[0], state)
                {
                    let offset = Range::exactly(offset.clone());
                    let moved = if *op == Op::Add {
                        interval::sub(&now, &offset)
                    } else {
                        interval::add(&now, &offset)
                    };
                    if let Some(narrowed) = inner.intersection(&moved) {
                        self.note(args[0], &inner, narrowed, state);
                    }
                }
            }
            ExprKind::Op(..) | ExprKind::Net(_) => {}
        }
        state.facts.insert(id, now);
    }
}

#[derive(Clone, Copy)]
enum Relation {
    Equal,
    Different,
    Less,
    AtMost,
}

/// The values of `a` where it differs from the one value of `b`; all of it if `b` has several.
fn without(a: &Range, b: &Range) -> Option<Range> {
    let Some(value) = b.single() else { return Some(a.clone()) };
    let mut range = a.clone();
    if range.min.as_ref() == Some(value) {
        range.min = Some(value.add(&Int::ONE));
    }
    if range.max.as_ref() == Some(value) {
        range.max = Some(value.sub(&Int::ONE));
    }
    match range.bounds() {
        Some((min, max)) if min > max => None,
        _ => Some(range),
    }
}
