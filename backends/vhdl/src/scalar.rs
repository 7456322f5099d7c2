//! Single bits of integers, and integers as `integer`: indices, amounts, counts.

use crate::emitter::Emitter;
use crate::facts::strip;
use crate::helpers::Helper;
use crate::logic::{gate, inverted};
use crate::phrase::{Kind, Phrase, Prec, fits_integer, integer, range_fits_integer};
use crate::roles::{Role, role};
use crate::types::{Result, inexpressible};
use pyhw_ir::{ExprId, ExprKind, Int, Op, Type};

impl Emitter<'_> {
    /// Bit `index` of the infinite two's complement form.
    pub fn bit(&mut self, of: ExprId, index: ExprId) -> Result<Phrase> {
        if let Some(index) = self.facts.constant(index) {
            let most = self.kind(of).width;
            return self.constant_bit(of, index.to_u32().unwrap_or(most).min(most));
        }
        let inner = strip(self.body, of);
        let own = self.kind(of);
        let inside = pyhw_ir::Range::new(0i64, i64::from(own.width) - 1);
        if self.is_name(inner) && inside.contains_range(&self.facts.range(index)) {
            let name = self.name(inner)?;
            return Ok(Phrase::primary(format!("{name}({})", self.integer(index)?.text)));
        }
        let (text, own) = self.exact(of)?;
        let index = self.amount(index, own.width)?;
        Ok(self.bit_at(&text, own, &index))
    }

    /// A bit at a fixed position; of what only moves or combines bits, the bits that it is made of.
    pub fn constant_bit(&mut self, of: ExprId, index: u32) -> Result<Phrase> {
        let body = self.body;
        if let Some(value) = self.facts.constant(of) {
            return Ok(Phrase::primary(if value.bit(index) { "'1'" } else { "'0'" }));
        }
        let inner = strip(body, of);
        let own = self.kind(of);
        if index >= own.width && !own.signed {
            return Ok(Phrase::primary("'0'"));
        }
        let index = index.min(own.width - 1);
        if self.is_name(inner) {
            let name = self.name(inner)?;
            return Ok(Phrase::primary(format!("{name}({index})")));
        }
        if let ExprKind::Op(op, args) = body.exprs.kind(inner) {
            if let Role::Gate(operator) = role(op) {
                let left = self.constant_bit(args[0], index)?;
                let right = self.constant_bit(args[1], index)?;
                return Ok(gate(&left, operator, &right));
            }
            if *op == Op::Inv {
                return Ok(inverted(&self.constant_bit(args[0], index)?));
            }
            if let Op::Slice { low, width } = op
                && index < *width
            {
                return self.constant_bit(args[0], low + index);
            }
            if *op == Op::ToInt && index == 0 {
                return self.logic(args[0]);
            }
            // The lowest bit of what was shifted down is the bit that comes to stand there.
            if *op == Op::Shr && index == 0 {
                return self.bit(args[0], args[1]);
            }
        }
        let made = if index + 1 < own.width { Kind::unsigned(index + 1) } else { own };
        let operand = self.vector(of, made)?;
        Ok(self.bit_at(&operand, made, &index.to_string()))
    }

    /// A bit of what has no name: VHDL takes bits of names only, and what the indices of a result are depends on the function.
    fn bit_at(&mut self, text: &Phrase, kind: Kind, index: &str) -> Phrase {
        let helper = if kind.signed { Helper::SignedBit } else { Helper::UnsignedBit };
        self.call(helper, &[&text.text, index])
    }

    /// Whether an expression is made of constants and loop parameters so that VHDL computes it as an `integer`.
    pub fn is_static(&self, id: ExprId) -> bool {
        let range = self.facts.raw_range(id);
        if !matches!(self.body.exprs.ty(id), Type::Int(_)) || !range_fits_integer(&range) {
            return false;
        }
        if let Some(value) = self.facts.constant(id) {
            return fits_integer(&value);
        }
        match self.body.exprs.kind(id) {
            ExprKind::Const(value) => value.as_int().is_some_and(fits_integer),
            ExprKind::Net(_) => false,
            ExprKind::Var(_) => self.param(id).is_some(),
            ExprKind::Op(op, args) => match op {
                Op::Add | Op::Sub | Op::Mul => self.is_static(args[0]) && self.is_static(args[1]),
                Op::Neg | Op::Refine { .. } | Op::Check { .. } => self.is_static(args[0]),
                Op::FloorDiv | Op::Mod => {
                    let naturals = !self.facts.raw_range(args[0]).is_signed()
                        && self.facts.raw_range(args[1]).min.is_some_and(|min| min > Int::ZERO);
                    naturals && self.is_static(args[0]) && self.is_static(args[1])
                }
                Op::Now => true,
                Op::Pow | Op::Inv | Op::And | Op::Or | Op::Xor | Op::Shl | Op::Shr | Op::Mux => false,
                Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge => false,
                Op::Not | Op::AndThen | Op::OrElse | Op::Bit | Op::IsZ => false,
                Op::Slice { .. } | Op::Concat { .. } | Op::Signed { .. } | Op::Wrap { .. } => false,
                Op::ToInt | Op::ToBool | Op::Encode | Op::Decode { .. } => false,
                Op::Index | Op::Array | Op::Field { .. } | Op::Struct { .. } | Op::Format { .. } => false,
            },
        }
    }

    /// An integer expression as `integer`: an index, an amount, a count.
    pub fn integer(&mut self, id: ExprId) -> Result<Phrase> {
        let body = self.body;
        if let Some(value) = self.facts.constant(id) {
            return match integer(&value) {
                Some(text) => Ok(text),
                None => Err(inexpressible(body.exprs.span(id), "VHDL has no integer of more than 32 bits")),
            };
        }
        if self.is_static(id) {
            if let Some(param) = self.param(id) {
                return Ok(param.text.clone());
            }
            if let ExprKind::Op(op, args) = body.exprs.kind(id) {
                if let Role::Arithmetic(operator, prec) = role(op) {
                    let (left, right) = (self.integer(args[0])?, self.integer(args[1])?);
                    return Ok(Phrase::binary(&left, operator, &right, prec));
                }
                if *op == Op::Now {
                    return Ok(Phrase::new(format!("now / {}", self.unit.time(1)), Prec::Multiplying));
                }
                let operand = self.integer(args[0])?;
                return Ok(if *op == Op::Neg {
                    Phrase::new(format!("-{}", operand.at_least(Prec::Multiplying)), Prec::Adding)
                } else {
                    operand
                });
            }
        }
        // An index is reckoned as an integer where that says more than arithmetic on vectors.
        if let ExprKind::Op(op, args) = body.exprs.kind(strip(body, id))
            && let Op::Add | Op::Sub | Op::Mul = op
            && let Role::Arithmetic(operator, prec) = role(op)
            && (self.is_static(args[0]) || self.is_static(args[1]))
            && [args[0], args[1], id].into_iter().all(|id| range_fits_integer(&self.facts.range(id)))
        {
            let (left, right) = (self.integer(args[0])?, self.integer(args[1])?);
            return Ok(Phrase::binary(&left, operator, &right, prec));
        }
        let mut own = self.kind(id);
        if own.width > if own.signed { 32 } else { 31 } {
            let range = self.facts.range(id);
            if !range_fits_integer(&range) {
                return Err(inexpressible(
                    body.exprs.span(id),
                    "VHDL has no integer of more than 32 bits, which an index or a count needs to be",
                ));
            }
            own = Kind::of(&range);
        }
        let text = if own == self.kind(id) { self.natural(id)?.0 } else { self.vector(id, own)? };
        Ok(Phrase::call("to_integer", &[&text.text]))
    }
}
