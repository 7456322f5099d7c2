//! Shifts, and the amounts of shifts.

use crate::cexpr::{CExpr, Compare, EXACT, Ty};
use crate::func::{Func, bounds_of};
use crate::support::{Bits, Helper};
use pyhw_ir::{ExprId, Int, Range};

impl Func<'_, '_> {
    /// A shift amount or exponent: not negative, of an unsigned type. One of more than 64 bits is cut to 16: no value is as long
    /// as that, and whether it is odd, which decides a power of −1, stays.
    pub fn amount(&mut self, id: ExprId) -> CExpr {
        let range = self.range(id);
        if let Some(value) = self.single(id) {
            return CExpr::literal(saturated(&value));
        }
        if self.width(id) > 64 {
            let wide = self.wide(id);
            let helper = if wide.signed { Helper::WideAmountS } else { Helper::WideAmountU };
            let count = self.count(wide.limbs);
            let text = self.call(helper, &[wide.text, count]);
            return CExpr::leaf(text, Ty::unsigned(16), 0, 65535);
        }
        let value = self.low(id, EXACT);
        let value = if range.is_signed() {
            let value = self.keep_int(value, EXACT);
            let is_negative = CExpr::compare(Compare::Lt, &value, &CExpr::literal(0));
            let hi = value.bounds().1.max(0);
            let ty = Ty::for_range(0, hi).unwrap_or(Ty::unsigned(64));
            match is_negative {
                Some(cond) => {
                    let text = format!("{} ? 0U : ({}){}", cond.operand(), ty.name(), value.operand());
                    let clamped = CExpr::leaf(text, ty, 0, hi);
                    let clamped = CExpr { binds: crate::cexpr::Binds::Loose("?:"), plain: None, ..clamped };
                    self.keep_int(clamped, EXACT)
                }
                None => CExpr::literal(0),
            }
        } else {
            value
        };
        if value.literal.is_some() || value.plain.is_some_and(|ty| !ty.signed) {
            return value;
        }
        let ty = Ty::for_range(0, value.bounds().1).unwrap_or(Ty::unsigned(64));
        value.cast(ty).unwrap_or(value)
    }

    /// An amount as an argument of 16 bits; what is more is as good as the most.
    pub fn amount_16(&mut self, id: ExprId) -> String {
        let value = self.amount(id);
        if value.bounds().1 <= 65535 {
            return value.stored(Ty::unsigned(16));
        }
        let value = self.keep_int(value, EXACT);
        format!("({} < 65535U) ? (uint16_t){} : 65535U", value.operand(), value.operand())
    }

    pub(super) fn shift_left(&mut self, id: ExprId, args: &[ExprId], low: u32, range: &Range) -> CExpr {
        let ir = bounds_of(range);
        let want = self.ring_demand(id, args, low);
        let amount = match self.single(args[1]).and_then(|amount| amount.to_u32()) {
            // Every bit that is asked for is below the lowest that is left.
            Some(amount) if want != EXACT && amount >= want => return CExpr::literal(0),
            Some(amount) => CExpr::literal(i128::from(amount)),
            None => self.amount(args[1]),
        };
        let of_a = self.demands.get(&args[0]).copied().unwrap_or(EXACT);
        let a = self.low(args[0], of_a);
        if let Some(value) = CExpr::shift_left(&a, &amount, want, ir)
            && value.has_low(low)
        {
            return value;
        }
        let width = range.width_bits().unwrap_or(64).min(64).min(want);
        let amount =
            if amount.binds == crate::cexpr::Binds::Tight { amount } else { self.keep_int(amount, EXACT) };
        let bits = CExpr::shift_left(&a, &amount, width, ir)
            .expect("invariant: 64 bits hold the low bits of any value");
        self.exact(bits, range)
    }

    /// A value shifted right by a constant, with so many low bits right. `range` bounds the result where it is wanted exactly.
    pub(super) fn shifted_right(&mut self, of: ExprId, amount: u32, want: u32, range: &Range) -> CExpr {
        let demand = self.shr_demand(of, amount, want);
        let ir = bounds_of(range);
        if amount == 0 {
            return self.low(of, demand);
        }
        if self.needed(of) > 64 {
            let wide = self.wide(of);
            if want != EXACT {
                return self.bits_of_wide(&wide, amount, want);
            }
            let width = range.width_bits().unwrap_or(64).min(64);
            let bits = self.bits_of_wide(&wide, amount, width);
            return self.exact_bits(bits, range).with_ir(ir);
        }
        let value = self.low(of, demand);
        let by = CExpr::literal(i128::from(amount));
        if value.is_natural()
            && let Some(shifted) = CExpr::shift_right(&value, &by, want, ir)
        {
            return shifted;
        }
        let end = want.saturating_add(amount);
        if let Some(ty) = Ty::for_width(false, end.max(16))
            && let Some(bits) = value.cast(ty)
            && let Some(shifted) = CExpr::shift_right(&bits, &by, want, ir)
        {
            return shifted;
        }
        self.shift_right_signed(&value, &format!("{}U", amount.min(63)), ir)
    }

    /// An exact value that may be negative, shifted right.
    fn shift_right_signed(&mut self, value: &CExpr, amount: &str, ir: Option<(i128, i128)>) -> CExpr {
        let (lo, hi) = value.bounds();
        let bits = Bits::for_range(lo.min(-1), hi);
        let text = self.call(Helper::ShiftRight(bits), &[value.stored(bits.signed()), amount.to_owned()]);
        CExpr::leaf(text, bits.signed(), lo.min(-1), hi.max(0)).with_ir(ir)
    }

    pub(super) fn shift_right(&mut self, args: &[ExprId], low: u32, range: &Range) -> CExpr {
        let ir = bounds_of(range);
        if self.needed(args[0]) > 64 {
            let wide = self.shift_right_wide(args);
            return self.narrow_wide(&wide, low, range);
        }
        let value = self.low(args[0], EXACT);
        if value.is_natural() {
            let amount = self.amount(args[1]);
            let amount = if amount.bounds().1 >= 16 { self.keep_int(amount, EXACT) } else { amount };
            if let Some(shifted) = CExpr::shift_right(&value, &amount, EXACT, ir) {
                return shifted;
            }
        }
        let amount = self.amount_16(args[1]);
        self.shift_right_signed(&value, &amount, ir)
    }
}

/// A constant shift amount or exponent; see [`Func::amount`].
fn saturated(value: &Int) -> i128 {
    match value.to_u32() {
        Some(value @ 0..=65535) => i128::from(value),
        Some(_) | None if value.is_negative() => 0,
        Some(_) | None => {
            if value.low_bits(1) == Int::ONE {
                65535
            } else {
                65534
            }
        }
    }
}
