//! C expressions, with what every size of `int` makes of them.
//!
//! C computes in `int` whatever is narrower, and `int` has 16, 32 or 64 bits. So each expression carries three views of itself,
//! one for each size: its type, bounds of its value, and how far the value agrees with the IR's. An operator is written in its
//! plain form where that is right in all three; otherwise operands are cast until it is. "Right" means: no signed overflow, no
//! shift past the width, no value changed by an implicit conversion, no warning of `-Wconversion` or `-Wextra`.
//!
//! Here is the expression itself: how it comes to be, and what is known of it. [`view`] has types and views, [`convert`] casts and
//! common types, [`arith`], [`shift`] and [`compare`] the operators, [`cond`] conditions.

mod arith;
mod compare;
mod cond;
mod convert;
mod shift;
mod view;

pub use arith::Arith;
pub use compare::Compare;
pub use cond::Cond;
pub use view::{EXACT, Ty, View, mask};

use std::fmt::Write;
use std::rc::Rc;
use view::{INT_BITS, bit_length};

/// How tightly an expression binds; operands that are not `Tight` take parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binds {
    /// Names, literals, calls, casts, unary operators.
    Tight,
    /// A binary operator; the same one to its right needs no parentheses.
    Loose(&'static str),
}

/// An integer expression.
#[derive(Clone, Debug)]
pub struct CExpr {
    /// As it is written.
    pub text: String,
    /// How tightly it binds.
    pub binds: Binds,
    /// For each size of `int`.
    pub views: [View; 3],
    /// The type, where compilers know that every value is one of it: for variables, casts and literals.
    pub plain: Option<Ty>,
    /// The value of a literal.
    pub literal: Option<i128>,
    /// The bounds of the IR's value, where 64 bits hold them.
    pub ir: Option<(i128, i128)>,
    /// The condition and the arms of a `?:`.
    pub choice: Option<Rc<(Cond, CExpr, CExpr)>>,
    /// The literal with which it was combined last, by `&` or `|`: what its bits can be.
    pub combined: Option<(Arith, i128)>,
    /// Whether it is a signed value cast to an unsigned type. GCC looks through the cast when this is converted to a wider
    /// one, and warns.
    pub is_sign_cast: bool,
}

impl CExpr {
    /// A variable, or a call, of a type; its value is the IR's and lies within the bounds.
    pub fn leaf(text: impl Into<String>, ty: Ty, lo: i128, hi: i128) -> CExpr {
        let view = View { ty, lo: lo.max(ty.min()), hi: hi.min(ty.max()), low: EXACT };
        CExpr {
            text: text.into(),
            binds: Binds::Tight,
            views: [view; 3],
            plain: Some(ty),
            literal: None,
            ir: Some((lo, hi)),
            combined: None,
            is_sign_cast: false,
            choice: None,
        }
    }

    /// A variable, or a call, of an unsigned type whose low bits agree with the IR's value.
    pub fn low_leaf(text: impl Into<String>, bits: u32, low: u32, ir: Option<(i128, i128)>) -> CExpr {
        let ty = Ty::unsigned(bits);
        let view = View { ty, lo: 0, hi: ty.max(), low }.within(ir);
        CExpr {
            text: text.into(),
            binds: Binds::Tight,
            views: [view; 3],
            plain: Some(ty),
            literal: None,
            ir,
            combined: None,
            is_sign_cast: false,
            choice: None,
        }
    }

    /// A literal from −2^63 to 2^64 − 1.
    pub fn literal(value: i128) -> CExpr {
        if value < 0 { CExpr::signed_literal(value) } else { CExpr::unsigned_literal(value, false) }
    }

    /// A literal of which so many low bits are those of the IR's value.
    fn literal_low(value: i128, low: u32) -> CExpr {
        let literal = CExpr::literal(value);
        if low == EXACT { literal } else { literal.capped(low, None) }
    }

    /// A literal in base 16, for masks.
    pub fn hex(value: i128) -> CExpr {
        CExpr::unsigned_literal(value, true)
    }

    fn unsigned_text(value: i128, is_hex: bool) -> String {
        if is_hex && value > 9 { format!("0x{value:X}U") } else { format!("{value}U") }
    }

    fn unsigned_literal(value: i128, is_hex: bool) -> CExpr {
        let views = INT_BITS.map(|int| {
            let bits = [16, 32, 64].into_iter().find(|bits| *bits >= int && bit_length(value) <= *bits);
            View { ty: Ty::unsigned(bits.unwrap_or(64)), lo: value, hi: value, low: EXACT }
        });
        CExpr {
            text: CExpr::unsigned_text(value, is_hex),
            binds: Binds::Tight,
            views,
            plain: Ty::for_range(value, value),
            literal: Some(value),
            ir: Some((value, value)),
            combined: None,
            is_sign_cast: false,
            choice: None,
        }
    }

    fn signed_literal(value: i128) -> CExpr {
        let text = if value == i128::from(i64::MIN) {
            String::from("(-9223372036854775807 - 1)")
        } else {
            value.to_string()
        };
        let views = INT_BITS.map(|int| {
            // The literal is the magnitude: −32768 is the negated 32768, which an `int` of 16 bits does not hold.
            let needed = bit_length(value.unsigned_abs() as i128) + 1;
            let bits = [16, 32, 64].into_iter().find(|bits| *bits >= int && needed <= *bits);
            View { ty: Ty::signed(bits.unwrap_or(64)), lo: value, hi: value, low: EXACT }
        });
        let plain = Ty::for_range(value, value);
        CExpr {
            text,
            binds: Binds::Tight,
            views,
            plain,
            literal: Some(value),
            ir: Some((value, value)),
            combined: None,
            is_sign_cast: false,
            choice: None,
        }
    }

    /// In parentheses where an operator stands around it.
    pub fn operand(&self) -> String {
        match self.binds {
            Binds::Tight => self.text.clone(),
            Binds::Loose(_) => format!("({})", self.text),
        }
    }

    /// Whether the low bits agree with the IR's value, in every view.
    pub fn has_low(&self, low: u32) -> bool {
        self.views.iter().all(|view| view.low >= low)
    }

    /// Whether its value is never negative, in every view.
    pub fn is_natural(&self) -> bool {
        self.views.iter().all(|view| view.lo >= 0)
    }

    /// The bounds of its value over every view.
    pub fn bounds(&self) -> (i128, i128) {
        let lo = self.views.iter().map(|view| view.lo).min().unwrap_or(0);
        (lo, self.views.iter().map(|view| view.hi).max().unwrap_or(0))
    }

    /// The same value, of which the IR's bounds are known to be these.
    pub fn with_ir(mut self, ir: Option<(i128, i128)>) -> CExpr {
        self.views = self.views.map(|view| view.within(ir));
        self.ir = ir;
        self
    }

    /// The same value, of which only so many low bits are those of the IR's value; `ir` bounds that one.
    pub fn capped(mut self, low: u32, ir: Option<(i128, i128)>) -> CExpr {
        for view in &mut self.views {
            view.low = view.low.min(low);
        }
        self.with_ir(ir)
    }

    /// The same value where it is known to lie within these bounds.
    pub fn restricted(mut self, lo: i128, hi: i128) -> CExpr {
        for view in &mut self.views {
            view.lo = view.lo.max(lo);
            view.hi = view.hi.min(hi).max(view.lo);
        }
        self.ir = self.ir.map(|(first, last)| (first.max(lo), last.min(hi).max(first.max(lo))));
        self
    }

    /// `cond ? a : b`, as [`CExpr::arith`].
    pub fn select(cond: &Cond, a: &CExpr, b: &CExpr, want: u32, ir: Option<(i128, i128)>) -> Option<CExpr> {
        if let Some(value) = cond.known {
            return Some(if value { a.clone() } else { b.clone() });
        }
        if a.text == b.text && a.has_low(want) && b.has_low(want) {
            // What was known of the value on one path is not known of it on both.
            let mut both = a.clone();
            for (view, other) in both.views.iter_mut().zip(b.views) {
                let (lo, hi) = (view.lo.min(other.lo), view.hi.max(other.hi));
                *view = View { lo, hi, low: view.low.min(other.low), ..*view };
            }
            let hull = a.ir.zip(b.ir).map(|((a, b), (c, d))| (a.min(c), b.max(d)));
            return Some(both.with_ir(ir.or(hull)));
        }
        if (a.literal, b.literal) == (Some(0), Some(1)) {
            // GCC takes `c ? 0U : 1U` for `!c`, whose conversion to a shorter type it then warns of.
            return CExpr::select(&cond.clone().not(), b, a, want, ir);
        }
        let rule = |a: &CExpr, b: &CExpr, strict: bool| {
            let pairs = CExpr::common(a, b, strict)?;
            let mut views = a.views;
            for (view, (x, y)) in views.iter_mut().zip(pairs) {
                *view = View { ty: x.ty, lo: x.lo.min(y.lo), hi: x.hi.max(y.hi), low: x.low.min(y.low) }
                    .within(ir);
                if view.low < want {
                    return None;
                }
            }
            Some(views)
        };
        let (a, b, views) = CExpr::cheapest(a, b, |a, b| rule(a, b, true))
            .or_else(|| CExpr::cheapest(a, b, |a, b| rule(a, b, false)))?;
        // Compilers look at the arms, but not at those of an arm, nor where they make a minimum or maximum of it.
        let is_compared = cond.text.contains(&a.text) && cond.text.contains(&b.text);
        let is_flat = a.binds == Binds::Tight && b.binds == Binds::Tight && !is_compared;
        let plain = match (a.plain, b.plain) {
            (Some(x), Some(y)) if x.signed == y.signed && is_flat => {
                Some(Ty { signed: x.signed, bits: x.bits.max(y.bits) })
            }
            _ => None,
        };
        Some(CExpr {
            text: format!("{} ? {} : {}", cond.operand(), a.operand(), b.operand()),
            binds: Binds::Loose("?:"),
            views,
            plain,
            literal: None,
            ir,
            combined: None,
            is_sign_cast: false,
            choice: Some(Rc::new((cond.clone(), a.clone(), b.clone()))),
        })
    }

    /// A comment-free rendering of the views, for failing tests.
    pub fn describe(&self) -> String {
        let mut text = self.text.clone();
        for view in &self.views {
            let _ = write!(text, " [{:?} {}..{} low {}]", view.ty, view.lo, view.hi, view.low);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn byte(name: &str) -> CExpr {
        CExpr::leaf(name, Ty::unsigned(8), 0, 255)
    }

    fn word(name: &str) -> CExpr {
        CExpr::leaf(name, Ty::unsigned(16), 0, 65535)
    }

    fn text(expr: Option<CExpr>) -> String {
        expr.map(|expr| expr.text).unwrap_or_default()
    }

    #[test]
    fn what_an_int_of_16_bits_holds_needs_no_cast() {
        assert_eq!(text(CExpr::arith(Arith::Add, &byte("a"), &byte("b"), EXACT, Some((0, 510)))), "a + b");
    }

    #[test]
    fn a_product_of_bytes_overflows_a_small_int() {
        let product = CExpr::arith(Arith::Mul, &byte("a"), &byte("b"), EXACT, Some((0, 65025)));
        assert_eq!(text(product), "(uint16_t)a * b");
    }

    #[test]
    fn a_product_of_words_overflows_an_int_of_32_bits_even_where_16_bits_are_wanted() {
        let product = CExpr::arith(Arith::Mul, &word("a"), &word("b"), 16, Some((0, 65535 * 65535)));
        assert_eq!(text(product), "(uint32_t)a * b");
    }

    #[test]
    fn an_exact_sum_of_words_is_computed_in_32_bits() {
        let sum = CExpr::arith(Arith::Add, &word("a"), &word("b"), EXACT, Some((0, 131070)));
        assert_eq!(text(sum), "(uint32_t)a + b");
        let sum = CExpr::arith(Arith::Add, &word("a"), &CExpr::literal(1), 16, Some((1, 65536)));
        assert_eq!(text(sum), "a + 1U");
    }

    #[test]
    fn a_signed_operand_meets_an_unsigned_one_in_a_type_that_holds_both() {
        let small = CExpr::leaf("s", Ty::signed(8), -128, 127);
        let cond = CExpr::compare(Compare::Lt, &small, &word("a")).unwrap();
        assert_eq!(cond.text, "(int32_t)s < a");
        assert_eq!(cond.not().text, "(int32_t)s >= a");
        assert_eq!(CExpr::compare(Compare::Lt, &small, &byte("a")).unwrap().text, "s < a");
    }

    #[test]
    fn a_shift_that_would_reach_the_sign_is_done_unsigned() {
        assert_eq!(text(CExpr::shift_left(&byte("a"), &CExpr::literal(7), EXACT, None)), "a << 7");
        assert_eq!(text(CExpr::shift_left(&byte("a"), &CExpr::literal(8), EXACT, None)), "(uint16_t)a << 8");
        let dword = CExpr::leaf("d", Ty::unsigned(32), 0, 0xffff_ffff);
        assert_eq!(text(CExpr::shift_left(&dword, &CExpr::literal(31), 32, None)), "d << 31");
    }

    #[test]
    fn an_amount_that_may_pass_the_width_is_guarded() {
        let amount = CExpr::leaf("n", Ty::unsigned(8), 0, 255);
        assert_eq!(text(CExpr::shift_right(&byte("a"), &amount, EXACT, None)), "(n < 16U) ? (a >> n) : 0");
    }

    #[test]
    fn low_bits_become_a_signed_value_without_an_implementation_defined_conversion() {
        assert_eq!(byte("a").sign_extended(8).text, "(int16_t)(a ^ 0x80U) - 128");
        assert_eq!(byte("a").sign_extended(4).text, "(int16_t)((a & 0xFU) ^ 8U) - 8");
    }
}
