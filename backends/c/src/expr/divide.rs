//! Division, remainder and power.

use crate::cexpr::{Arith, CExpr, Compare, EXACT, Ty};
use crate::func::{Func, bounds_of};
use crate::support::{Bits, Helper};
use pyhw_ir::{ExprId, Int, Range};

impl Func<'_, '_> {
    pub(super) fn divide(&mut self, args: &[ExprId], low: u32, range: &Range) -> CExpr {
        let ir = bounds_of(range);
        if self.needs_wide_division(args) {
            let wide = self.divide_wide(args, Helper::WideFloorDiv);
            return self.narrow_wide(&wide, low, range);
        }
        let (a, b) = (self.low(args[0], EXACT), self.low(args[1], EXACT));
        if a.is_natural() && b.is_natural() {
            return self.guarded(Arith::Div, a, b, ir);
        }
        let bits = self.division_bits(args);
        let text = self.call(Helper::FloorDiv(bits), &[a.stored(bits.signed()), b.stored(bits.signed())]);
        CExpr::leaf(text, bits.signed(), bits.signed().min(), bits.signed().max()).with_ir(ir)
    }

    pub(super) fn modulo(&mut self, args: &[ExprId], low: u32, range: &Range) -> CExpr {
        let ir = bounds_of(range);
        if let Some(width) = self.power_of_two(args[1]) {
            let want = width.min(low).min(64);
            let bits = self.low(args[0], want);
            if low < width {
                return bits.capped(low, ir);
            }
            return CExpr { ir: None, ..bits }.zero_extended(width.min(64)).with_ir(ir);
        }
        if self.needs_wide_division(args) {
            let wide = self.divide_wide(args, Helper::WideFloorMod);
            return self.narrow_wide(&wide, low, range);
        }
        let (a, b) = (self.low(args[0], EXACT), self.low(args[1], EXACT));
        if a.is_natural() && b.is_natural() {
            return self.guarded(Arith::Rem, a, b, ir);
        }
        let bits = self.division_bits(args);
        let text = self.call(Helper::FloorMod(bits), &[a.stored(bits.signed()), b.stored(bits.signed())]);
        CExpr::leaf(text, bits.signed(), bits.signed().min(), bits.signed().max()).with_ir(ir)
    }

    /// The interval over both operands and the quotient, which the type of a division must hold.
    fn division_range(&self, args: &[ExprId]) -> Range {
        let (a, b) = (self.range(args[0]), self.range(args[1]));
        pyhw_ir::interval::floor_div(&a, &b).union(&a).union(&b)
    }

    /// Whether no type of 64 bits holds both operands and the quotient.
    pub fn needs_wide_division(&self, args: &[ExprId]) -> bool {
        self.division_range(args).width_bits().is_none_or(|width| width > 64)
    }

    fn division_bits(&self, args: &[ExprId]) -> Bits {
        let (lo, hi) = bounds_of(&self.division_range(args)).unwrap_or((i128::from(i64::MIN), 0));
        Bits::for_range(lo.min(-1), hi)
    }

    /// A quotient or remainder of values that are not negative; of a division by zero, zero.
    fn guarded(&mut self, op: Arith, a: CExpr, b: CExpr, ir: Option<(i128, i128)>) -> CExpr {
        if b.bounds().0 >= 1 {
            return CExpr::arith(op, &a, &b, EXACT, ir).expect("invariant: a type holds both operands");
        }
        let b = self.keep_int(b, EXACT);
        let divisor = b.clone().restricted(1, b.bounds().1.max(1));
        let value = CExpr::arith(op, &a, &divisor, EXACT, ir).expect("invariant: a type holds both operands");
        match CExpr::compare(Compare::Ne, &b, &CExpr::literal(0)) {
            Some(cond) => CExpr::select(&cond, &value, &CExpr::literal(0), EXACT, None).unwrap_or(value),
            None => value,
        }
    }

    /// An exponent as an argument of 16 bits. Beyond these the base is −1, 0 or 1, so that only its being odd matters.
    pub fn exponent(&mut self, id: ExprId) -> String {
        let value = self.amount(id);
        if value.bounds().1 <= 65535 {
            return value.stored(Ty::unsigned(16));
        }
        let value = self.keep_int(value, EXACT);
        let text = value.operand();
        format!("(uint16_t)(({text} < 65534U) ? {text} : (65534U + ({text} & 1U)))")
    }

    pub(super) fn power(&mut self, id: ExprId, args: &[ExprId], low: u32, range: &Range) -> CExpr {
        let ir = bounds_of(range);
        let want = self.ring_demand(id, args, low);
        let width = if want == EXACT { range.width_bits().unwrap_or(64).min(64) } else { want };
        if self.single(args[0]) == Some(Int::from(2i64)) {
            let amount = self.amount(args[1]);
            let amount = if amount.bounds().1 >= 16 { self.keep_int(amount, EXACT) } else { amount };
            if let Some(value) = CExpr::shift_left(&CExpr::literal(1), &amount, want.min(width), ir) {
                return if value.has_low(low) { value } else { self.exact(value, range) };
            }
        }
        let of_base = self.demands.get(&args[0]).copied().unwrap_or(EXACT);
        let base = self.low(args[0], of_base);
        if (want != EXACT || width <= 64)
            && let Some(2) = self.single(args[1]).and_then(|exponent| exponent.to_u32())
        {
            let base = self.keep_int(base, of_base);
            return self.ring(Arith::Mul, &base, &base, want, low, range);
        }
        let bits = if width <= 32 { 32 } else { 64 };
        let exponent = self.exponent(args[1]);
        let base = base.cast(Ty::unsigned(bits)).expect("invariant: an unsigned type takes any value");
        let right = base.views.iter().map(|view| view.low).min().unwrap_or(EXACT);
        let helper = if bits == 32 { Helper::Power32 } else { Helper::Power64 };
        let text = self.call(helper, &[base.stored(Ty::unsigned(bits)), exponent]);
        // No more bits are right than were of the base.
        let value = CExpr::low_leaf(text, bits, bits.min(right), ir);
        if value.has_low(low) { value } else { self.exact(value, range) }
    }
}
