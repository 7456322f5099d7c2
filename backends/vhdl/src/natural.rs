//! Exact values: in the vectors that they need, and in those that `numeric_std` makes of them.

use crate::arith::factor_kinds;
use crate::emitter::Emitter;
use crate::facts::{chosen, strip};
use crate::phrase::{Kind, Phrase, Prec, fits_integer};
use crate::types::Result;
use pyhw_ir::{ExprId, ExprKind, Int, Op};

/// An operator of which `numeric_std` may make a longer vector than the value needs, with what VHDL calls it.
enum Lengthens {
    Product,
    Division(&'static str),
    Sum(&'static str),
}

/// How an operator lengthens; nothing for the others, whose vectors are as long as they are asked to be.
fn lengthens(op: &Op) -> Option<Lengthens> {
    match op {
        Op::Mul => Some(Lengthens::Product),
        Op::FloorDiv => Some(Lengthens::Division("/")),
        Op::Mod => Some(Lengthens::Division("mod")),
        Op::Add => Some(Lengthens::Sum("+")),
        Op::Sub => Some(Lengthens::Sum("-")),
        Op::Neg
        | Op::Pow
        | Op::Inv
        | Op::And
        | Op::Or
        | Op::Xor
        | Op::Shl
        | Op::Shr
        | Op::Eq
        | Op::Ne
        | Op::Lt
        | Op::Le
        | Op::Gt
        | Op::Ge
        | Op::Not
        | Op::AndThen
        | Op::OrElse
        | Op::Mux
        | Op::Bit
        | Op::Slice { .. }
        | Op::Concat { .. }
        | Op::Signed { .. }
        | Op::Wrap { .. }
        | Op::Refine { .. }
        | Op::Check { .. }
        | Op::ToInt
        | Op::ToBool
        | Op::Encode
        | Op::Decode { .. }
        | Op::Index
        | Op::Array
        | Op::Field { .. }
        | Op::Struct { .. }
        | Op::IsZ
        | Op::Now
        | Op::Format { .. } => None,
    }
}

impl Emitter<'_> {
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
        // Nothing else is longer than its value, as `find_natural_kind` says.
        let Some(lengthens) = lengthens(op) else { return self.exact(id) };
        let (a, b) = (args[0], args[1]);
        match lengthens {
            Lengthens::Product => {
                let (kind_a, kind_b) = factor_kinds(self.kind(a), self.kind(b));
                self.product_text(a, kind_a, b, kind_b)
            }
            Lengthens::Division(operator) => {
                let divisor = Phrase::primary(self.facts.constant(b).unwrap_or_default().to_string());
                let (left, _) = self.exact(a)?;
                Ok((Phrase::binary(&left, operator, &divisor, Prec::Multiplying), made))
            }
            Lengthens::Sum(operator) => {
                let (left, right) = (self.natural(a)?.0, self.natural(b)?.0);
                Ok((Phrase::binary(&left, operator, &right, Prec::Adding), made))
            }
        }
    }

    /// The type of [`Emitter::natural`]: at least as long as the value needs, and signed if that is.
    pub(crate) fn natural_kind(&mut self, id: ExprId) -> Kind {
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
        let Some(lengthens) = lengthens(op) else { return own };
        let made = match lengthens {
            Lengthens::Product => {
                let (kind_a, kind_b) = factor_kinds(self.kind(args[0]), self.kind(args[1]));
                self.product_kind(args[0], kind_a, args[1], kind_b)
            }
            Lengthens::Division(_) if self.is_plain_divisor(args[0], args[1]) => self.kind(args[0]),
            Lengthens::Division(_) => return own,
            Lengthens::Sum(_) => {
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
}
