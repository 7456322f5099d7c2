//! Integer expressions as vectors of `numeric_std`.
//!
//! The one primitive is [`Emitter::vector`]: text of exactly the wanted type and width whose bits are the low bits of the exact
//! value. Sums, products, bitwise operators and shifts to the left need only the low bits of their operands; divisions,
//! remainders, shifts to the right and comparisons take exact operands.

use crate::emitter::Emitter;
use crate::facts::{chosen, strip};
use crate::fit::{convert, fit, fit_name, shifted, wrapped};
use crate::helpers::Helper;
use crate::phrase::{Kind, Phrase, Prec, bits, range_fits_integer, vector};
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
    pub(crate) fn shift_right_by(&mut self, a: ExprId, amount: u32, kind: Kind) -> Result<Phrase> {
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
