//! Sums, products, quotients and powers of vectors.

use crate::emitter::Emitter;
use crate::facts::strip;
use crate::fit::{convert, fit};
use crate::helpers::Helper;
use crate::phrase::{Kind, Phrase, Prec, fits_integer, integer, vector};
use crate::types::Result;
use pyhw_ir::{ExprId, Int, Range};

impl Emitter<'_> {
    /// `a + b` or `a - b`. One operand must have all bits; `numeric_std` extends the other one, and takes integers.
    pub(crate) fn sum(&mut self, a: ExprId, minus: bool, b: ExprId, kind: Kind) -> Result<Phrase> {
        let operator = if minus { "-" } else { "+" };
        if let Some((flip, text)) = self.addend(b, kind, true) {
            let left = self.vector(a, kind)?;
            if text.text == "0" {
                return Ok(left);
            }
            let operator = if flip != minus { "-" } else { "+" };
            return Ok(Phrase::binary(&left, operator, &text, Prec::Adding));
        }
        if let Some((false, text)) = self.addend(a, kind, false) {
            let right = self.vector(b, kind)?;
            if text.text == "0" && !minus {
                return Ok(right);
            }
            return Ok(Phrase::binary(&text, operator, &right, Prec::Adding));
        }
        let narrow = |kind_of: Kind| kind_of.signed == kind.signed && kind_of.width < kind.width;
        let (own_a, own_b) = (self.kind(a), self.kind(b));
        // What is computed anyhow is computed at the full width; a name is extended only where the other operand does not
        // bring the width.
        let a_is_short = narrow(own_a) && self.is_name(strip(self.body, a));
        let b_is_full = own_b == kind && self.is_name(strip(self.body, b));
        let (left, right) = if a_is_short && b_is_full {
            (self.vector(a, own_a)?, self.vector(b, kind)?)
        } else if narrow(own_b) {
            let short = if self.natural_kind(b).width <= kind.width {
                self.natural(b)?.0
            } else {
                self.vector(b, own_b)?
            };
            (self.vector(a, kind)?, short)
        } else {
            (self.vector(a, kind)?, self.vector(b, kind)?)
        };
        Ok(Phrase::binary(&left, operator, &right, Prec::Adding))
    }

    /// A constant or loop parameter as an integer operand of a sum of this type, and whether it is to be negated, which
    /// only is asked for where `may_flip`.
    fn addend(&mut self, id: ExprId, kind: Kind, may_flip: bool) -> Option<(bool, Phrase)> {
        if let Some(value) = self.facts.constant(id) {
            let flip = may_flip && value.is_negative();
            let value = if flip { value.neg() } else { value };
            let limit = if kind.signed { Kind::signed(kind.width) } else { Kind::unsigned(kind.width) };
            let value = if limit.range().contains(&value) {
                value
            } else if kind.signed {
                value.signed_bits(kind.width)
            } else {
                value.low_bits(kind.width)
            };
            if value.is_negative() {
                return None;
            }
            return integer(&value).map(|text| (flip, text));
        }
        if self.is_static(id) && kind.range().contains_range(&self.facts.raw_range(id)) {
            return self.integer(id).ok().map(|text| (false, text));
        }
        None
    }

    /// `a * b`: as long as both operands together.
    pub(crate) fn product(&mut self, id: ExprId, a: ExprId, b: ExprId, kind: Kind) -> Result<Phrase> {
        let (own_a, own_b) = (self.kind(a), self.kind(b));
        let range = self.facts.range(id);
        if own_a.width > kind.width || own_b.width > kind.width {
            // Only low bits count: those of the operands give those of the product.
            let cut =
                |own: Kind| Kind::unsigned(if own.signed { kind.width } else { own.width.min(kind.width) });
            let (text, made) = self.product_text(a, cut(own_a), b, cut(own_b))?;
            let everything = Range::unsigned(made.width);
            return Ok(fit(&text, made, kind, &everything));
        }
        let (kind_a, kind_b) = factor_kinds(own_a, own_b);
        let (text, made) = self.product_text(a, kind_a, b, kind_b)?;
        Ok(fit(&text, made, kind, &range))
    }

    /// A product of operands of these types, and its own type. A constant is an integer where the other operand's type holds it.
    pub(crate) fn product_text(
        &mut self,
        a: ExprId,
        kind_a: Kind,
        b: ExprId,
        kind_b: Kind,
    ) -> Result<(Phrase, Kind)> {
        let made = self.product_kind(a, kind_a, b, kind_b);
        let (left, right) = if let Some(text) = self.factor(b, kind_b, kind_a) {
            (self.vector(a, kind_a)?, text)
        } else if let Some(text) = self.factor(a, kind_a, kind_b) {
            (text, self.vector(b, kind_b)?)
        } else {
            (self.vector(a, kind_a)?, self.vector(b, kind_b)?)
        };
        Ok((Phrase::binary(&left, "*", &right, Prec::Multiplying), made))
    }

    /// The type of a product of operands of these types.
    pub(crate) fn product_kind(&self, a: ExprId, kind_a: Kind, b: ExprId, kind_b: Kind) -> Kind {
        let width = if self.factor(b, kind_b, kind_a).is_some() {
            2 * kind_a.width
        } else if self.factor(a, kind_a, kind_b).is_some() {
            2 * kind_b.width
        } else {
            kind_a.width + kind_b.width
        };
        Kind { signed: kind_a.signed, width }
    }

    /// A constant factor of a vector as an integer, which `numeric_std` takes to be as long as the vector.
    fn factor(&self, constant: ExprId, own: Kind, other: Kind) -> Option<Phrase> {
        let value = self.facts.constant(constant)?;
        let value = if own.signed { value } else { value.low_bits(own.width) };
        let fits = own.width <= other.width && other.range().contains(&value) && !value.is_negative();
        if fits { integer(&value) } else { None }
    }

    pub(crate) fn quotient(&mut self, id: ExprId, a: ExprId, b: ExprId, kind: Kind) -> Result<Phrase> {
        let range = self.facts.range(id);
        let naturals = !self.facts.range(a).is_signed() && !self.facts.range(b).is_signed();
        if let Some(divisor) = self.facts.constant(b) {
            if let Some(amount) = divisor.exponent_of_two() {
                return self.shift_right_by(a, amount, kind);
            }
            if naturals && fits_integer(&divisor) {
                let (left, own) = self.exact(a)?;
                let text =
                    Phrase::binary(&left, "/", &Phrase::primary(divisor.to_string()), Prec::Multiplying);
                return Ok(fit(&text, own, kind, &range));
            }
        }
        let ((left, kind_a), (right, kind_b)) = self.exact_pair(a, b)?;
        if naturals {
            let text = Phrase::binary(&left, "/", &right, Prec::Multiplying);
            return Ok(fit(&text, kind_a, kind, &range));
        }
        let ((left, kind_a), (right, kind_b)) = if kind_a.signed {
            ((left, kind_a), (right, kind_b))
        } else {
            (self.exact_signed(a)?, self.exact_signed(b)?)
        };
        let text = self.call(Helper::FloorDiv, &[&left.text, &right.text]);
        Ok(fit(&text, Kind::signed(kind_a.width.max(kind_b.width) + 1), kind, &range))
    }

    pub(crate) fn remainder(&mut self, id: ExprId, a: ExprId, b: ExprId, kind: Kind) -> Result<Phrase> {
        let range = self.facts.range(id);
        if let Some(divisor) = self.facts.constant(b) {
            if let Some(width) = divisor.exponent_of_two() {
                if width == 0 {
                    return Ok(vector(&Int::ZERO, kind));
                }
                let taken = width.min(kind.width);
                let text = self.bits_of(a, 0, taken)?;
                return Ok(fit(&text, Kind::unsigned(taken), kind, &Range::unsigned(taken)));
            }
            let naturals = !self.kind(a).signed && !divisor.is_negative();
            if naturals && fits_integer(&divisor) {
                let (left, own) = self.exact(a)?;
                let text =
                    Phrase::binary(&left, "mod", &Phrase::primary(divisor.to_string()), Prec::Multiplying);
                return Ok(fit(&text, own, kind, &range));
            }
        }
        // The result of `mod` has the divisor's sign and length.
        let ((left, _), (right, kind_b)) = self.exact_pair(a, b)?;
        let text = Phrase::binary(&left, "mod", &right, Prec::Multiplying);
        Ok(fit(&text, kind_b, kind, &range))
    }

    pub(crate) fn power(&mut self, base: ExprId, exponent: ExprId, kind: Kind) -> Result<Phrase> {
        if let Some(value) = self.facts.constant(base)
            && value == Int::from(2i64)
        {
            let amount = self.amount(exponent, kind.width)?;
            let one = vector(&Int::ONE, kind);
            return Ok(Phrase::call("shift_left", &[&one.text, &amount]));
        }
        let low = self.vector(base, Kind::unsigned(kind.width))?;
        let exponent = self.integer(exponent)?;
        let text = self.call(Helper::Power, &[&low.text, &exponent.text]);
        Ok(convert(&text, false, kind.signed))
    }
}

/// The types in which two factors are multiplied: `signed` both if one of them is.
pub(crate) fn factor_kinds(a: Kind, b: Kind) -> (Kind, Kind) {
    let signed = a.signed || b.signed;
    let widen = |own: Kind| if signed && !own.signed { Kind::signed(own.width + 1) } else { own };
    (widen(a), widen(b))
}
