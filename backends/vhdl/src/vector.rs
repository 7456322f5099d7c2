//! Integer expressions as vectors of `numeric_std`.
//!
//! The one primitive is [`Emitter::vector`]: text of exactly the wanted type and width whose bits are the low bits of the exact
//! value. Sums, products, bitwise operators and shifts to the left need only the low bits of their operands; divisions,
//! remainders, shifts to the right and comparisons take exact operands.

use crate::emitter::Emitter;
use crate::facts::{chosen, strip};
use crate::fit::{convert, fit, fit_name, shifted, wrapped};
use crate::helpers::Helper;
use crate::phrase::{Kind, Phrase, Prec, bits, fits_integer, integer, range_fits_integer, vector};
use crate::types::{Result, Shape, bug};
use pyhw_ir::{ExprId, ExprKind, Int, Op, Range, interval};

impl Emitter<'_> {
    /// The low bits of an integer expression as a vector of this type.
    pub fn vector(&mut self, id: ExprId, kind: Kind) -> Result<Phrase> {
        let body = self.body;
        let id = chosen(body, &self.facts, id);
        if let Some(value) = self.facts.constant(id) {
            return Ok(vector(&value, kind));
        }
        if self.is_static(id) {
            return self.static_vector(id, kind);
        }
        if self.is_name(id) {
            let name = self.name(id)?;
            return Ok(fit_name(&name, self.kind(id), kind));
        }
        let ExprKind::Op(op, args) = body.exprs.kind(id) else {
            return Err(bug(body.exprs.span(id), "a constant that is no integer"));
        };
        let args: &[ExprId] = args;
        match op {
            Op::Add | Op::Sub => {
                let made = self.natural_kind(id);
                if made.signed == kind.signed && made.width > kind.width && kind.width >= self.kind(id).width
                {
                    let (text, made) = self.natural(id)?;
                    return Ok(fit(&text, made, kind, &self.facts.range(id)));
                }
                self.sum(args[0], *op == Op::Sub, args[1], kind)
            }
            Op::Neg if kind.signed || self.kind(args[0]).signed => {
                let operand = self.vector(args[0], kind.as_signed(true))?;
                let text = Phrase::new(format!("-{}", operand.at_least(Prec::Multiplying)), Prec::Adding);
                Ok(convert(&text, true, kind.signed))
            }
            Op::Neg => {
                let operand = self.vector(args[0], kind)?;
                Ok(Phrase::binary(&Phrase::primary("0"), "-", &operand, Prec::Adding))
            }
            Op::Mul => self.product(id, args[0], args[1], kind),
            Op::FloorDiv => self.quotient(id, args[0], args[1], kind),
            Op::Mod => self.remainder(id, args[0], args[1], kind),
            Op::Pow => self.power(args[0], args[1], kind),
            Op::Inv => Ok(Phrase::not(&self.vector(args[0], kind)?)),
            Op::And => self.conjunction(args[0], args[1], kind),
            Op::Or => self.bitwise(id, args[0], "or", args[1], kind),
            Op::Xor => self.bitwise(id, args[0], "xor", args[1], kind),
            Op::Shl => self.shift_left(args[0], args[1], kind),
            Op::Shr => self.shift_right(id, args[0], args[1], kind),
            Op::Mux => self.choice(id, kind),
            Op::Slice { low, width } => {
                let taken = (*width).min(kind.width);
                let text = self.bits_of(args[0], *low, taken)?;
                Ok(fit(&text, Kind::unsigned(taken), kind, &Range::unsigned(taken)))
            }
            Op::Concat { widths } => {
                let total: u32 = widths.iter().sum();
                let taken = total.min(kind.width);
                if args.len() == 1 {
                    let text = self.vector(args[0], Kind::unsigned(taken))?;
                    return Ok(fit(&text, Kind::unsigned(taken), kind, &Range::unsigned(taken)));
                }
                let text = self.concatenation(args, widths, taken)?;
                let text = Phrase::primary(format!("unsigned'({})", text.text));
                Ok(fit(&text, Kind::unsigned(taken), kind, &Range::unsigned(taken)))
            }
            Op::Signed { width } => {
                if kind.width <= *width {
                    return self.vector(args[0], kind);
                }
                let text = self.vector(args[0], Kind::signed(*width))?;
                Ok(fit(&text, Kind::signed(*width), kind, &Range::signed(*width)))
            }
            Op::Wrap { range } => self.wrap(args[0], range, kind),
            Op::Refine { .. } | Op::Check { .. } => self.vector(args[0], kind),
            Op::ToInt => {
                let width = kind.width.to_string();
                let text = if self.is_condition(args[0]) {
                    let operand = self.condition(args[0])?;
                    self.call(Helper::BooleanToUnsigned, &[&operand.text, &width])
                } else {
                    let operand = self.logic(args[0])?;
                    self.call(Helper::LogicToUnsigned, &[&operand.text, &width])
                };
                Ok(convert(&text, false, kind.signed))
            }
            Op::Encode => self.encode(args[0], kind),
            Op::Index | Op::Field { .. } | Op::Now => {
                Err(bug(body.exprs.span(id), "a name that was not taken for one"))
            }
            Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Not | Op::AndThen | Op::OrElse => {
                Err(bug(body.exprs.span(id), "a boolean taken for an integer"))
            }
            Op::Bit
            | Op::ToBool
            | Op::IsZ
            | Op::Decode { .. }
            | Op::Array
            | Op::Struct { .. }
            | Op::Format { .. } => Err(bug(body.exprs.span(id), "not an integer")),
        }
    }

    /// The exact value, in the vector that it would be kept in by itself.
    pub fn exact(&mut self, id: ExprId) -> Result<(Phrase, Kind)> {
        let kind = self.kind(id);
        Ok((self.vector(id, kind)?, kind))
    }

    /// The exact value, in the vector that `numeric_std` makes of it: products, quotients, remainders and sums of such may have
    /// more bits than they need.
    pub fn natural(&mut self, id: ExprId) -> Result<(Phrase, Kind)> {
        let made = self.natural_kind(id);
        if made.width == self.kind(id).width {
            return self.exact(id);
        }
        let body = self.body;
        let ExprKind::Op(op, args) = body.exprs.kind(strip(body, chosen(body, &self.facts, id))) else {
            return self.exact(id);
        };
        let (a, b) = (args[0], args[1]);
        match op {
            Op::Mul => {
                let (kind_a, kind_b) = factor_kinds(self.kind(a), self.kind(b));
                self.product_text(a, kind_a, b, kind_b)
            }
            Op::FloorDiv | Op::Mod => {
                let operator = if *op == Op::Mod { "mod" } else { "/" };
                let divisor = Phrase::primary(self.facts.constant(b).unwrap_or_default().to_string());
                let (left, _) = self.exact(a)?;
                Ok((Phrase::binary(&left, operator, &divisor, Prec::Multiplying), made))
            }
            _ => {
                let operator = if *op == Op::Sub { "-" } else { "+" };
                let (left, right) = (self.natural(a)?.0, self.natural(b)?.0);
                Ok((Phrase::binary(&left, operator, &right, Prec::Adding), made))
            }
        }
    }

    /// The type of [`Emitter::natural`]: at least as long as the value needs, and signed if that is.
    fn natural_kind(&mut self, id: ExprId) -> Kind {
        if let Some(known) = self.natural_kinds[id.index()] {
            return known;
        }
        let found = self.find_natural_kind(id);
        self.natural_kinds[id.index()] = Some(found);
        found
    }

    fn find_natural_kind(&mut self, id: ExprId) -> Kind {
        let body = self.body;
        let own = self.kind(id);
        let inner = strip(body, chosen(body, &self.facts, id));
        let ExprKind::Op(op, args) = body.exprs.kind(inner) else { return own };
        if self.facts.constant(id).is_some() || self.is_static(inner) {
            return own;
        }
        let made = match op {
            Op::Mul => {
                let (kind_a, kind_b) = factor_kinds(self.kind(args[0]), self.kind(args[1]));
                self.product_kind(args[0], kind_a, args[1], kind_b)
            }
            Op::FloorDiv | Op::Mod if self.is_plain_divisor(args[0], args[1]) => self.kind(args[0]),
            Op::Add | Op::Sub => {
                let is_fixed = |arg: &ExprId| self.facts.constant(*arg).is_some() || self.is_static(*arg);
                if args.iter().any(is_fixed) {
                    return own;
                }
                let (left, right) = (self.natural_kind(args[0]), self.natural_kind(args[1]));
                if left.signed != right.signed {
                    return own;
                }
                Kind { signed: left.signed, width: left.width.max(right.width) }
            }
            _ => return own,
        };
        if made.signed == own.signed && made.width > own.width { made } else { own }
    }

    /// Whether a division is one of naturals by a constant that is no power of two, which `numeric_std` takes as an integer.
    fn is_plain_divisor(&self, a: ExprId, b: ExprId) -> bool {
        !self.facts.range(a).is_signed()
            && self.facts.constant(b).is_some_and(|divisor| {
                divisor > Int::ZERO && fits_integer(&divisor) && divisor.exponent_of_two().is_none()
            })
    }

    /// The exact value as `signed`.
    pub fn exact_signed(&mut self, id: ExprId) -> Result<(Phrase, Kind)> {
        let kind = self.kind(id);
        let kind = if kind.signed { kind } else { Kind::signed(kind.width + 1) };
        Ok((self.vector(id, kind)?, kind))
    }

    /// Both exact values as vectors of one type, which may differ in width.
    pub fn exact_pair(&mut self, a: ExprId, b: ExprId) -> Result<((Phrase, Kind), (Phrase, Kind))> {
        if self.kind(a).signed || self.kind(b).signed {
            Ok((self.exact_signed(a)?, self.exact_signed(b)?))
        } else {
            Ok((self.exact(a)?, self.exact(b)?))
        }
    }

    /// A loop parameter, or arithmetic on some, as a vector.
    fn static_vector(&mut self, id: ExprId, kind: Kind) -> Result<Phrase> {
        let text = self.integer(id)?.text;
        // Where the text is evaluated unasked, it may lie outside of what is known on the path to it.
        let range = self.facts.raw_range(id);
        let of = |kind: Kind| Phrase::primary(format!("to_{}({text}, {})", kind.name(), kind.width));
        if kind.range().contains_range(&range) {
            return Ok(of(kind));
        }
        let own = Kind::of(&range);
        Ok(fit(&of(own), own, kind, &own.range()))
    }

    /// `a + b` or `a - b`. One operand must have all bits; `numeric_std` extends the other one, and takes integers.
    fn sum(&mut self, a: ExprId, minus: bool, b: ExprId, kind: Kind) -> Result<Phrase> {
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
    fn product(&mut self, id: ExprId, a: ExprId, b: ExprId, kind: Kind) -> Result<Phrase> {
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
    fn product_text(&mut self, a: ExprId, kind_a: Kind, b: ExprId, kind_b: Kind) -> Result<(Phrase, Kind)> {
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
    fn product_kind(&self, a: ExprId, kind_a: Kind, b: ExprId, kind_b: Kind) -> Kind {
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

    fn quotient(&mut self, id: ExprId, a: ExprId, b: ExprId, kind: Kind) -> Result<Phrase> {
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

    fn remainder(&mut self, id: ExprId, a: ExprId, b: ExprId, kind: Kind) -> Result<Phrase> {
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

    fn power(&mut self, base: ExprId, exponent: ExprId, kind: Kind) -> Result<Phrase> {
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

    /// Bits above the shorter operand that is not negative are zero, so that it sets the width.
    fn conjunction(&mut self, a: ExprId, b: ExprId, kind: Kind) -> Result<Phrase> {
        let short = [a, b]
            .into_iter()
            .map(|side| self.facts.range(side))
            .filter(|range| !range.is_signed())
            .filter_map(|range| range.width_bits())
            .min();
        let made = match short {
            Some(width) if width < kind.width => Kind::unsigned(width),
            _ => kind,
        };
        for (mask, other) in [(a, b), (b, a)] {
            if let Some(value) = self.facts.constant(mask)
                && value.low_bits(made.width) == Range::unsigned(made.width).max.unwrap_or_default()
            {
                let text = self.bits_of(other, 0, made.width)?;
                let made = made.as_signed(false);
                return Ok(fit(&text, made, kind, &made.range()));
            }
        }
        let (left, right) = (self.vector(a, made)?, self.vector(b, made)?);
        let text = Phrase::logical(&left, "and", &right);
        Ok(fit(&text, made, kind, &made.range()))
    }

    fn bitwise(
        &mut self,
        id: ExprId,
        a: ExprId,
        operator: &'static str,
        b: ExprId,
        kind: Kind,
    ) -> Result<Phrase> {
        let own = Kind::of(&self.facts.range(id));
        let made = if own.width < kind.width { own } else { kind };
        let (left, right) = (self.vector(a, made)?, self.vector(b, made)?);
        let text = Phrase::logical(&left, operator, &right);
        Ok(fit(&text, made, kind, &made.range()))
    }

    fn shift_left(&mut self, a: ExprId, amount: ExprId, kind: Kind) -> Result<Phrase> {
        if let Some(amount) = self.facts.constant(amount) {
            if amount.is_zero() {
                return self.vector(a, kind);
            }
            if amount >= Int::from(kind.width) {
                return Ok(vector(&Int::ZERO, kind));
            }
        }
        let operand = self.vector(a, kind)?;
        let amount = self.amount(amount, kind.width)?;
        Ok(Phrase::call("shift_left", &[&operand.text, &amount]))
    }

    fn shift_right(&mut self, id: ExprId, a: ExprId, amount: ExprId, kind: Kind) -> Result<Phrase> {
        if let Some(amount) = self.facts.constant(amount) {
            let most = self.kind(a).width;
            return self.shift_right_by(a, amount.to_u32().unwrap_or(most).min(most), kind);
        }
        let (operand, own) = self.exact(a)?;
        let amount = self.amount(amount, own.width)?;
        let text = Phrase::call("shift_right", &[&operand.text, &amount]);
        Ok(fit(&text, own, kind, &self.facts.range(id)))
    }

    /// The bits of the exact value from `amount` up.
    fn shift_right_by(&mut self, a: ExprId, amount: u32, kind: Kind) -> Result<Phrase> {
        let own = self.kind(a);
        if amount == 0 {
            return self.vector(a, kind);
        }
        if amount >= own.width && !own.signed {
            return Ok(vector(&Int::ZERO, kind));
        }
        let remains = u64::from(kind.width) + u64::from(amount) <= u64::from(own.width);
        if remains && own != kind {
            let text = self.bits_of(a, amount, kind.width)?;
            return Ok(convert(&text, false, kind.signed));
        }
        let operand = self.vector(a, own)?;
        let text = Phrase::call("shift_right", &[&operand.text, &amount.min(own.width).to_string()]);
        Ok(fit(&text, own, kind, &shifted(own, amount)))
    }

    /// `width` bits from bit `low` up as `unsigned`.
    pub fn bits_of(&mut self, id: ExprId, low: u32, width: u32) -> Result<Phrase> {
        let inner = strip(self.body, id);
        let own = self.kind(id);
        let wanted = Kind::unsigned(width);
        if low == 0 {
            return self.vector(id, wanted);
        }
        if let Some(value) = self.facts.constant(id) {
            return Ok(vector(&value.shr(low), wanted));
        }
        let top = u64::from(low) + u64::from(width);
        if self.is_name(inner) {
            let name = self.name(inner)?;
            if top <= u64::from(own.width) {
                let text = Phrase::primary(format!("{name}({} downto {low})", top - 1));
                return Ok(convert(&text, own.signed, false));
            }
            if !own.signed {
                if low >= own.width {
                    return Ok(vector(&Int::ZERO, wanted));
                }
                let rest = Phrase::primary(format!("{name}({} downto {low})", own.width - 1));
                return Ok(fit(&rest, Kind::unsigned(own.width - low), wanted, &wanted.range()));
            }
            let text = Phrase::call("shift_right", &[&name, &low.min(own.width).to_string()]);
            return Ok(fit(&text, own, wanted, &shifted(own, low)));
        }
        // The bits above are not needed, unless the value ends before them.
        let made = if top < u64::from(own.width) { Kind::unsigned(low + width) } else { own };
        if !made.signed && low >= made.width {
            return Ok(vector(&Int::ZERO, wanted));
        }
        let operand = self.vector(id, made)?;
        let text = Phrase::call("shift_right", &[&operand.text, &low.min(made.width).to_string()]);
        Ok(fit(&text, made, wanted, &shifted(made, low)))
    }

    /// `a & b & …`, cut to the lowest `taken` bits; without its type.
    pub fn concatenation(&mut self, args: &[ExprId], widths: &[u32], taken: u32) -> Result<Phrase> {
        let body = self.body;
        let mut left = taken;
        let mut parts: Vec<String> = Vec::with_capacity(args.len());
        for (&arg, &width) in args.iter().zip(widths).rev() {
            let width = width.min(left);
            if width == 0 {
                continue;
            }
            left -= width;
            let is_only = left == 0 && parts.is_empty();
            let part = if let ExprKind::Op(Op::ToInt, inner) = body.exprs.kind(arg)
                && width == 1
                && !is_only
            {
                self.logic(inner[0])?
            } else if let Some(value) = self.facts.constant(arg) {
                Phrase::primary(bits(&value, width))
            } else {
                self.vector(arg, Kind::unsigned(width))?
            };
            parts.push(part.at_least(Prec::Multiplying));
        }
        parts.reverse();
        Ok(Phrase::new(parts.join(" & "), Prec::Adding))
    }

    /// The value reduced into the interval.
    pub fn wrap(&mut self, id: ExprId, range: &Range, kind: Kind) -> Result<Phrase> {
        let own = Kind::of(range);
        if range.contains_range(&self.facts.range(id)) {
            return self.vector(id, kind);
        }
        if own.range() == *range {
            if kind.width <= own.width {
                return self.vector(id, kind);
            }
            let text = self.vector(id, own)?;
            return Ok(fit(&text, own, kind, range));
        }
        let Some((min, _)) = range.bounds() else { return self.vector(id, kind) };
        let value = self.facts.range(id);
        let own = if min.is_zero() {
            self.kind(id)
        } else {
            // The distance from the least value must fit as well.
            Kind::of(&value.union(&interval::sub(&value, &Range::exactly(min.clone()))))
        };
        let operand = self.vector(id, own)?;
        Ok(wrapped(&operand, own, range, kind))
    }

    /// `choose(condition, yes, no)`; where one of them must not be evaluated unasked, a variable takes the choice first.
    fn choice(&mut self, id: ExprId, kind: Kind) -> Result<Phrase> {
        let ExprKind::Op(_, args) = self.body.exprs.kind(id) else {
            return Err(bug(self.body.exprs.span(id), "not a choice"));
        };
        let (cond, yes, no) = (args[0], args[1], args[2]);
        let own = Kind::of(&self.facts.range(id));
        let made = if own.width < kind.width { own } else { kind };
        if self.facts.may_fault(yes) || self.facts.may_fault(no) {
            let text = self.hoist_as(id, "choice", Shape::Vector(made))?;
            return Ok(fit(&text, made, kind, &made.range()));
        }
        let cond = self.condition(cond)?;
        let (yes, no) = (self.vector(yes, made)?, self.vector(no, made)?);
        let helper = if made.signed { Helper::ChooseSigned } else { Helper::ChooseUnsigned };
        let text = self.call(helper, &[&cond.text, &yes.text, &no.text]);
        Ok(fit(&text, made, kind, &made.range()))
    }

    fn encode(&mut self, id: ExprId, kind: Kind) -> Result<Phrase> {
        let pyhw_ir::Type::Enum(of) = self.body.exprs.ty(id) else {
            return Err(bug(self.body.exprs.span(id), "not an enumeration"));
        };
        let of = *of;
        let names = self.unit.types.enumeration(of).clone();
        let own = Kind::unsigned(names.width);
        let member = self.enumeration(id)?;
        let text = if names.encoded {
            member
        } else if names.is_plain {
            Phrase::call(
                "to_unsigned",
                &[&format!("{}'pos({})", names.name, member.text), &names.width.to_string()],
            )
        } else {
            self.call(Helper::Encode(of), &[&member.text])
        };
        Ok(if names.encoded && self.is_name(id) {
            fit_name(&text.text, own, kind)
        } else {
            fit(&text, own, kind, &own.range())
        })
    }

    /// The amount of a shift of a vector of so many bits, as an integer.
    pub fn amount(&mut self, id: ExprId, width: u32) -> Result<String> {
        let range = self.facts.range(id);
        if range_fits_integer(&range) && self.kind(id).width < 32 {
            return Ok(self.integer(id)?.text);
        }
        if range_fits_integer(&range) {
            let narrow = Kind::of(&range);
            let low = self.vector(id, narrow)?;
            return Ok(format!("to_integer({})", low.text));
        }
        let own = self.kind(id);
        let low = self.vector(id, own.as_signed(false))?;
        Ok(self.call(Helper::ShiftAmount, &[&low.text, &width.to_string()]).text)
    }
}

/// The types in which two factors are multiplied: `signed` both if one of them is.
fn factor_kinds(a: Kind, b: Kind) -> (Kind, Kind) {
    let signed = a.signed || b.signed;
    let widen = |own: Kind| if signed && !own.signed { Kind::signed(own.width + 1) } else { own };
    (widen(a), widen(b))
}
