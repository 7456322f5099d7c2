//! Random expressions that might fault, with what keeps them from it: divisors, indices, codes, intervals.

use super::expr::{ExprGen, MAX_BITS};
use pyhw_ir::{EnumId, ExprId, Int, Op, Range, Type};

impl ExprGen<'_> {
    /// A quotient or remainder whose divisor is not zero, or that is evaluated only where it is not.
    pub(super) fn division(&mut self, op: &Op, depth: usize) -> Option<ExprId> {
        // Wider ones are rare: not every simulator divides them right, and such a design is kept from it.
        let most = if self.rng.once_in(40) { MAX_BITS } else { 60 };
        let a = self.operand(depth);
        let a = self.at_most(a, most);
        match self.rng.below(5) {
            0 | 1 => {
                let range = self.rng.range(24);
                let value = self.rng.member(&range);
                let divisor = self.constant(if value.is_zero() { Int::from(7i64) } else { value });
                self.op(op.clone(), &[a, divisor])
            }
            2 => {
                let b = self.natural(20, depth);
                let one = self.constant(1i64);
                let join = if self.rng.once_in(2) { Op::Or } else { Op::Add };
                let mut divisor = self.op(join, &[b, one])?;
                if self.rng.once_in(4) {
                    divisor = self.op(Op::Neg, &[divisor])?;
                }
                self.op(op.clone(), &[a, divisor])
            }
            _ => {
                let b = self.operand(depth);
                let b = self.at_most(b, most);
                let zero = self.constant(0i64);
                let guard = self.op(Op::Ne, &[b, zero])?;
                let result = self.op(op.clone(), &[a, b])?;
                let other = self.int(0);
                self.op(Op::Mux, &[guard, result, other])
            }
        }
    }

    /// `a and b` where b may be what only a makes harmless.
    pub(super) fn short_circuit(&mut self, op: &Op, depth: usize) -> Option<ExprId> {
        if !self.rng.once_in(3) {
            let (a, b) = (self.condition(depth), self.condition(depth));
            return self.op(op.clone(), &[a, b]);
        }
        let (a, b) = (self.operand(depth), self.operand(depth));
        let (a, b) = (self.at_most(a, 60), self.at_most(b, 60));
        let zero = self.constant(0i64);
        let guard = if *op == Op::AndThen { Op::Ne } else { Op::Eq };
        let guard = self.op(guard, &[b, zero])?;
        let divide = if self.rng.once_in(2) { Op::FloorDiv } else { Op::Mod };
        let result = self.op(divide, &[a, b])?;
        let other = self.operand(depth);
        let compared = self.op(Op::Lt, &[result, other])?;
        self.op(op.clone(), &[guard, compared])
    }

    /// `refine` or `check` under a condition that makes it hold.
    pub(super) fn bounded(&mut self, op: &Op, depth: usize) -> Option<ExprId> {
        let a = self.operand(depth);
        let range = self.range(a);
        let limit = self.rng.member(&range);
        let bound = self.constant(limit.clone());
        let (compare, narrow) = if self.rng.once_in(2) {
            (Op::Le, Range { min: range.min.clone(), max: Some(limit) })
        } else {
            (Op::Ge, Range { min: Some(limit), max: range.max.clone() })
        };
        let guard = self.op(compare, &[a, bound])?;
        let held = match op {
            Op::Check { .. } => Op::Check { range: narrow },
            _ => Op::Refine { range: narrow },
        };
        let held = self.op(held, &[a])?;
        let one = self.constant(1i64);
        let used = match self.rng.below(3) {
            0 => self.op(Op::Add, &[held, one])?,
            1 => self.op(Op::Sub, &[held, one])?,
            _ => held,
        };
        let other = self.operand(depth);
        self.op(Op::Mux, &[guard, used, other])
    }

    /// A member from its code, where the code is one.
    pub(super) fn decode(&mut self, of: EnumId, depth: usize) -> Option<ExprId> {
        let (codes, width) = {
            let of = &self.types.enums[of.index()];
            (of.members.iter().map(|(_, code)| code.clone()).collect::<Vec<Int>>(), of.width_bits)
        };
        if self.rng.once_in(3) {
            let member = self.value(&Type::Enum(of), depth);
            let code = self.op(Op::Encode, &[member])?;
            return self.op(Op::Decode { of }, &[code]);
        }
        let code = self.operand(depth);
        let code = if self.rng.once_in(4) { code } else { self.op(Op::Slice { low: 0, width }, &[code])? };
        let mut guard: Option<ExprId> = None;
        for value in codes {
            let value = self.constant(value);
            let is_it = self.op(Op::Eq, &[code, value])?;
            guard = Some(match guard {
                None => is_it,
                Some(before) => self.op(Op::OrElse, &[before, is_it])?,
            });
        }
        let member = self.op(Op::Decode { of }, &[code])?;
        let other = self.constant_of(&Type::Enum(of));
        self.op(Op::Mux, &[guard?, member, other])
    }

    /// An index into so many elements, and a condition without which it is not to be used.
    pub fn index_into(&mut self, length: u32, depth: usize) -> (ExprId, Option<ExprId>) {
        let places = Range::new(0i64, i64::from(length) - 1);
        let inside = |ty: &Type| ty.range().is_some_and(|range| places.contains_range(range));
        match self.rng.below(7) {
            0 => {
                let value = self.rng.member(&places);
                (self.constant(value), None)
            }
            1 | 2 if self.leaves.iter().any(|leaf| inside(&leaf.ty)) => {
                let leaf = self.leaf(inside).expect("invariant: there is one");
                (leaf, None)
            }
            3 => {
                let bits = u32::BITS - length.leading_zeros();
                let natural = self.natural(bits + 1, depth);
                let bound = self.constant(i64::from(length));
                let guard = self.sure(Op::Lt, &[natural, bound]);
                (natural, Some(guard))
            }
            _ => {
                let value = self.operand(depth);
                (self.fit(&places, value), None)
            }
        }
    }

    /// An element of an array that is read, or of a constant table.
    pub(super) fn element(&mut self, want: Option<&Type>, depth: usize) -> Option<ExprId> {
        let holds = |ty: &Type| match (ty, want) {
            (Type::Array(element, _), Some(want)) => **element == *want,
            (Type::Array(element, _), None) => matches!(**element, Type::Int(_)),
            _ => false,
        };
        let array = match self.leaf(holds) {
            Some(leaf) if !self.rng.once_in(4) => leaf,
            _ => {
                let element = match want {
                    Some(ty) => ty.clone(),
                    None => Type::Int(self.rng.range(24)),
                };
                let length = *self.rng.pick(&[1, 2, 3, 4, 5, 8, 16]);
                let ty = Type::Array(Box::new(element.clone()), length);
                if length <= 4 && self.rng.once_in(3) {
                    let parts: Vec<ExprId> =
                        (0..length).map(|_| self.value(&element, depth.min(1))).collect();
                    self.op(Op::Array, &parts)?
                } else {
                    self.constant_of(&ty)
                }
            }
        };
        let &Type::Array(_, length) = self.exprs.ty(array) else { return None };
        let (index, guard) = self.index_into(length, depth);
        let element = self.op(Op::Index, &[array, index])?;
        match guard {
            None => Some(element),
            Some(guard) => {
                let other = match want {
                    Some(ty) => self.constant_of(ty),
                    None => self.int(0),
                };
                self.op(Op::Mux, &[guard, element, other])
            }
        }
    }
}
