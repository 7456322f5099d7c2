//! Random integers brought into an interval, or cut to so many bits.

use super::expr::ExprGen;
use pyhw_ir::{ExprId, Int, Op, Range, Type};

impl ExprGen<'_> {
    /// The integer brought into the interval, in one of the ways in which designs do it.
    pub fn fit(&mut self, range: &Range, value: ExprId) -> ExprId {
        let own = self.range(value);
        if range.contains_range(&own) {
            return value;
        }
        let width = range.width_bits().unwrap_or(1);
        let exact = if range.is_signed() { Range::signed(width) } else { Range::unsigned(width) };
        let is_power = exact == *range;
        for _ in 0..3 {
            let made = match self.rng.below(6) {
                0 | 1 if is_power => match range.is_signed() {
                    true => self.op(Op::Signed { width }, &[value]),
                    false => {
                        let spare = own.width_bits().unwrap_or(width).saturating_sub(width) as usize;
                        let low = if self.rng.once_in(4) { self.rng.below(spare + 1) as u32 } else { 0 };
                        self.op(Op::Slice { low, width }, &[value])
                    }
                },
                2 if range.min.as_ref().is_some_and(Int::is_zero)
                    && own.width_bits().is_some_and(|width| width < 60) =>
                {
                    let size = self.constant(range.size().unwrap_or(Int::ONE));
                    self.op(Op::Mod, &[value, size])
                }
                3 if is_power && !range.is_signed() => {
                    let mask = self.constant(range.max.clone().unwrap_or(Int::ZERO));
                    self.op(Op::And, &[value, mask])
                }
                4 => self.clamp(range, value, true),
                5 => self.op(Op::Wrap { range: range.clone() }, &[value]),
                _ => None,
            };
            if let Some(made) = made.filter(|made| range.contains_range(&self.range(*made))) {
                return made;
            }
        }
        self.sure(Op::Wrap { range: range.clone() }, &[value])
    }

    /// The integer as a checked store may take it: inside the interval when the simulation runs, but not always by its type.
    pub fn fit_in_time(&mut self, range: &Range, value: ExprId) -> ExprId {
        if self.rng.once_in(4)
            && !range.contains_range(&self.range(value))
            && let Some(clamped) = self.clamp(range, value, false)
        {
            return clamped;
        }
        self.fit(range, value)
    }

    fn clamp(&mut self, range: &Range, value: ExprId, known: bool) -> Option<ExprId> {
        let (min, max) = range.bounds()?;
        let (low, high) = (self.constant(min.clone()), self.constant(max.clone()));
        let inner = match known {
            true => self
                .op(Op::Refine { range: range.clone() }, &[value])
                .filter(|inner| range.contains_range(&self.range(*inner)))?,
            false => value,
        };
        let below = self.op(Op::Lt, &[value, low])?;
        let above = self.op(Op::Gt, &[value, high])?;
        let upper = self.op(Op::Mux, &[above, high, inner])?;
        self.op(Op::Mux, &[below, low, upper])
    }

    /// The integer, cut where it has more bits.
    pub(super) fn at_most(&mut self, id: ExprId, most: u32) -> ExprId {
        let width = self.width(id);
        if width <= most {
            return id;
        }
        let cut = self.rng.between(1, most as usize) as u32;
        let op = match self.rng.below(3) {
            0 => Op::Signed { width: cut },
            1 => Op::Slice { low: self.rng.below((width - cut + 1) as usize) as u32, width: cut },
            _ => Op::Slice { low: 0, width: cut },
        };
        self.sure(op, &[id])
    }

    /// An integer that is never negative, of at most so many bits.
    pub fn natural(&mut self, bits: u32, depth: usize) -> ExprId {
        let fits = |ty: &Type| {
            ty.range()
                .is_some_and(|range| !range.is_signed() && range.width_bits().is_some_and(|w| w <= bits))
        };
        if self.rng.once_in(2)
            && let Some(leaf) = self.leaf(fits)
        {
            return leaf;
        }
        let a = self.operand(depth);
        let low = if self.rng.once_in(3) { self.rng.below(6) as u32 } else { 0 };
        self.sure(Op::Slice { low, width: bits }, &[a])
    }

    /// A shift amount or exponent: one of the constants, or something of so many bits.
    pub(super) fn amount(&mut self, constants: &[i64], bits: u32, depth: usize) -> ExprId {
        if self.rng.once_in(2) {
            let value = *self.rng.pick(constants);
            return self.constant(value);
        }
        self.natural(bits, depth)
    }
}
