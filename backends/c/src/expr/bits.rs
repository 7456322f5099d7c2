//! Bits put together, cut, and wrapped.

use crate::cexpr::{Arith, CExpr, Compare, EXACT, Ty, mask};
use crate::func::{Func, bounds_of};
use crate::support::{Bits, Helper};
use pyhw_ir::{ExprId, ExprKind, Op, Range};

impl Func<'_, '_> {
    /// A signed operand as an unsigned variable. GCC looks through a cast that also widens, and warns of a sign that changes.
    pub(super) fn bits_of_signed(&mut self, value: &CExpr, want: u32) -> CExpr {
        let is_short = value.plain.is_some_and(|ty| ty.signed && ty.bits < want) || value.is_signed_choice();
        if want > 64 || value.literal.is_some() || !is_short {
            return value.clone();
        }
        match Ty::for_width(false, want.max(16)).and_then(|ty| value.cast(ty)) {
            Some(bits) => self.keep_int(bits, want),
            None => value.clone(),
        }
    }

    /// Low bits that are all the bits of the range.
    pub(super) fn exact_bits(&mut self, bits: CExpr, range: &Range) -> CExpr {
        let width = range.width_bits().unwrap_or(64);
        // What the operand's own interval was is no longer known of the result.
        let bits = CExpr { ir: None, ..bits };
        if range.is_signed() { self.sign_extended(&bits, width) } else { bits.zero_extended(width) }
    }

    /// What is asked for of a value that was computed as a wide one.
    pub(super) fn narrow_wide(&mut self, wide: &crate::func::Wide, low: u32, range: &Range) -> CExpr {
        let ir = bounds_of(range);
        if low != EXACT {
            return self.low_of_wide(wide, low, None).capped(low, ir);
        }
        let bits = self.low_of_wide(wide, range.width_bits().unwrap_or(64).min(64), None);
        self.exact_bits(bits, range).with_ir(ir)
    }

    pub(super) fn concat(
        &mut self,
        args: &[ExprId],
        widths: &[u32],
        low: u32,
        ir: Option<(i128, i128)>,
    ) -> CExpr {
        let mut offset: u32 = widths.iter().sum();
        let total = offset;
        let mut result: Option<CExpr> = None;
        let mut right = EXACT;
        for (&arg, &width) in args.iter().zip(widths) {
            offset -= width;
            if offset >= low || offset >= 64 {
                right = right.min(offset);
                continue;
            }
            if offset + width > 64 {
                right = right.min(64);
            }
            let part = self.part(arg, width.min(64), offset);
            if part.literal == Some(0) && offset > 0 {
                continue;
            }
            result = Some(match result {
                None => part,
                Some(high) if part.literal == Some(0) => high,
                Some(high) => CExpr::arith(Arith::Or, &high, &part, total.min(low).min(64), None)
                    .expect("invariant: 64 bits hold the parts"),
            });
        }
        result.unwrap_or_else(|| CExpr::literal(0)).capped(right, ir)
    }

    /// A part of a concatenation, at its place.
    fn part(&mut self, arg: ExprId, width: u32, offset: u32) -> CExpr {
        if let ExprKind::Op(Op::ToInt, inner) = self.body.exprs.kind(arg) {
            let inner = inner[0];
            return self.cond(inner).to_int(offset);
        }
        let value = self.low(arg, width);
        if let Some(value) = value.literal {
            // What lies above 64 bits is not asked for.
            return CExpr::hex((value & mask(width.min(64 - offset))) << offset);
        }
        let value = value.zero_extended(width);
        if offset == 0 {
            return value;
        }
        let ir = value.ir.map(|(lo, hi)| (lo << offset, hi << offset)).filter(|(_, hi)| *hi <= mask(64));
        CExpr::shift_left(&value, &CExpr::literal(i128::from(offset)), (offset + width).min(64), ir)
            .expect("invariant: 64 bits hold the low bits of any value")
    }

    /// An integer reduced into an interval whose size is no power of two.
    pub fn wrapped(&mut self, id: ExprId, low: u32, to: &Range) -> CExpr {
        let from = self.range(id);
        if self.width(id) <= 64 {
            let value = self.low(id, EXACT);
            if let Some(result) = self.wrapped_value(&value, &from, to) {
                return result;
            }
        }
        let wide = self.wrapped_wide(id, to);
        self.narrow_wide(&wide, low, to)
    }

    /// An exact value from one interval reduced into another; `None` where 63 bits do not hold what comes between.
    pub fn wrapped_value(&mut self, value: &CExpr, from: &Range, to: &Range) -> Option<CExpr> {
        let ((lo, hi), (first, last)) = (bounds_of(from)?, bounds_of(to)?);
        let count = last - first + 1;
        let fits = |value: i128| value.abs() <= mask(62);
        if ![lo - first, hi - first, lo - count, hi + count, first, last].into_iter().all(fits) {
            return None;
        }
        if lo >= first - count && hi <= last + count {
            let value = self.keep_int(value.clone(), EXACT);
            let mut result = value.clone();
            if hi > last {
                let over = CExpr::compare(Compare::Gt, &value, &CExpr::literal(last))?;
                let less = moved(&value.clone().restricted(last + 1, hi), -count);
                result = CExpr::select(&over, &less, &result, EXACT, None)?;
            }
            if lo < first {
                let under = CExpr::compare(Compare::Lt, &value, &CExpr::literal(first))?;
                let more = moved(&value.clone().restricted(lo, first - 1), count);
                result = CExpr::select(&under, &more, &result, EXACT, None)?;
            }
            return Some(result.with_ir(Some((first, last))));
        }
        let distance = moved(value, -first);
        let divisor = CExpr::literal(count);
        let rest = if distance.is_natural() {
            CExpr::arith(Arith::Rem, &distance, &divisor, EXACT, Some((0, count - 1)))?
        } else {
            let bits = Bits::for_range((lo - first).min(-1), (hi - first).max(count));
            let divisor = divisor.stored(bits.signed());
            let text = self.call(Helper::FloorMod(bits), &[distance.stored(bits.signed()), divisor]);
            CExpr::leaf(text, bits.signed(), 0, count - 1)
        };
        Some(moved(&rest, first).with_ir(Some((first, last))))
    }
}

/// The value plus a constant, of which 64 bits hold every result.
fn moved(value: &CExpr, by: i128) -> CExpr {
    if by == 0 {
        return value.clone();
    }
    let (lo, hi) = value.bounds();
    let op = if by < 0 { Arith::Sub } else { Arith::Add };
    CExpr::arith(op, value, &CExpr::literal(by.abs()), EXACT, Some((lo + by, hi + by)))
        .expect("invariant: 64 bits hold it")
}
