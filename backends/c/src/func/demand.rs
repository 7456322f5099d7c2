//! How many low bits of each operand are needed.

use super::Func;
use crate::cexpr::EXACT;
use pyhw_ir::{ExprId, ExprKind, Op, Range, Type};

impl Func<'_, '_> {
    pub(super) fn demand(&mut self, id: ExprId, low: u32) {
        // Beyond 64 bits, asking for all that there is is asking for the value.
        let low = if low != EXACT && low > 64 && self.width(id) <= low { EXACT } else { low };
        let known = self.demands.entry(id).or_insert(0);
        *known = (*known).max(low);
    }

    /// What operands must give so that the expression has so many low bits right. Emission asks for no more.
    pub(super) fn demands_of(&self, id: ExprId, low: u32) -> Vec<(ExprId, u32)> {
        let ExprKind::Op(op, args) = self.body.exprs.kind(id) else { return Vec::new() };
        if self.single(id).is_some() || self.known_compare(id).is_some() {
            return Vec::new();
        }
        let all = |low: u32| args.iter().map(|arg| (*arg, low)).collect::<Vec<_>>();
        match op {
            Op::Add | Op::Sub | Op::Mul | Op::Neg | Op::Inv | Op::Xor | Op::Or => {
                all(self.ring_demand(id, args, low))
            }
            Op::And => match self.ty(id) {
                Type::Bool => all(EXACT),
                _ => {
                    let (a, b) = self.and_demands(id, args, low);
                    vec![(args[0], a), (args[1], b)]
                }
            },
            Op::Shl => match self.single(args[1]).and_then(|amount| amount.to_u32()) {
                Some(amount) => {
                    let low = self.ring_demand(id, args, low);
                    vec![(args[0], if low == EXACT { EXACT } else { low.saturating_sub(amount).max(1) })]
                }
                None => vec![(args[0], self.ring_demand(id, args, low)), (args[1], EXACT)],
            },
            Op::Shr => match self.single(args[1]).and_then(|amount| amount.to_u32()) {
                Some(amount) => vec![(args[0], self.shr_demand(args[0], amount, low))],
                None => all(EXACT),
            },
            Op::FloorDiv => match self.power_of_two(args[1]) {
                Some(amount) => vec![(args[0], self.shr_demand(args[0], amount, low))],
                None => all(EXACT),
            },
            Op::Mod => match self.power_of_two(args[1]) {
                Some(width) => vec![(args[0], width.min(low).max(1))],
                None => all(EXACT),
            },
            Op::Pow => vec![(args[0], self.ring_demand(id, args, low)), (args[1], EXACT)],
            Op::Mux => vec![(args[0], EXACT), (args[1], low), (args[2], low)],
            Op::Bit => match self.single(args[1]).and_then(|index| index.to_u32()) {
                Some(index) => vec![(args[0], self.shr_demand(args[0], index, 1))],
                None => all(EXACT),
            },
            Op::Slice { low: from, width } => {
                vec![(args[0], self.shr_demand(args[0], *from, (*width).min(low)))]
            }
            Op::Concat { widths } => args.iter().zip(widths).map(|(arg, width)| (*arg, *width)).collect(),
            Op::Signed { width } => vec![(args[0], (*width).min(low))],
            Op::Wrap { range } => match range.is_full() {
                _ if range.contains_range(&self.range(args[0])) => all(low),
                true => all(range.width_bits().unwrap_or(64).min(low)),
                false => all(EXACT),
            },
            Op::Refine { .. } | Op::Check { .. } => all(self.ring_demand(id, args, low)),
            Op::Decode { of } => all(self.unit.layout.design.types.enums[of.index()].width_bits),
            Op::Eq
            | Op::Ne
            | Op::Lt
            | Op::Le
            | Op::Gt
            | Op::Ge
            | Op::Not
            | Op::AndThen
            | Op::OrElse
            | Op::ToInt
            | Op::ToBool
            | Op::Encode
            | Op::Index
            | Op::Array
            | Op::Field { .. }
            | Op::Struct { .. }
            | Op::IsZ
            | Op::Now
            | Op::Format { .. } => all(EXACT),
        }
    }

    /// What the operands of an operator that works bit by bit upwards must give: as much as it, or, where the operands are wide
    /// and the result is not, the bits of the result.
    pub fn ring_demand(&self, id: ExprId, args: &[ExprId], low: u32) -> u32 {
        if *self.ty(id) == Type::Bool {
            return EXACT;
        }
        if low == EXACT && self.width(id) <= 64 && args.iter().any(|arg| self.width(*arg) > 64) {
            return self.width(id);
        }
        low
    }

    /// What the operands of `and` must give: of the one that the other masks, only the bits that pass.
    pub fn and_demands(&self, id: ExprId, args: &[ExprId], low: u32) -> (u32, u32) {
        let (a, b) = (self.range(args[0]), self.range(args[1]));
        let width = |range: &Range| range.width_bits().unwrap_or(64);
        let passes = |mask: &Range| if mask.is_signed() { EXACT } else { width(mask) };
        let general = self.ring_demand(id, args, low);
        if passes(&b) < width(&a) && passes(&b) <= passes(&a) {
            (passes(&b).min(general), if passes(&b) <= general { EXACT } else { general })
        } else if passes(&a) < width(&b) {
            (if passes(&a) <= general { EXACT } else { general }, passes(&a).min(general))
        } else {
            (general, general)
        }
    }

    /// What is needed of an operand so that it, shifted right, has so many low bits right.
    pub fn shr_demand(&self, operand: ExprId, amount: u32, low: u32) -> u32 {
        let end = if low == EXACT { EXACT } else { low.saturating_add(amount) };
        if end >= self.width(operand) { EXACT } else { end }
    }
}
