//! What stands in brackets: elements, bits and slices.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::{BitsType, Bounds, SequenceKind, SignalRef, Typed, Val, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Const, SignalType};
use pyhw_ir::types::MAX_WIDTH_BITS;
use pyhw_ir::{ExprId, Int, Op, Range, Type, Value};
use pyhw_syntax::ast::{self, ExprKind};
use std::rc::Rc;

impl<'a> Lowerer<'a> {
    /// `value[index]`.
    pub fn subscript(&mut self, value: &Val<'a>, index: &'a ast::Expr, span: Span) -> Lowers<Val<'a>> {
        if let ExprKind::Slice { lower, upper, step } = &index.kind {
            if step.is_some() {
                return self.outside(index.span, "a slice with a step is not in the subset");
            }
            return self.slice(value, lower.as_deref(), upper.as_deref(), span);
        }
        let place = self.eval(index)?;
        self.index(value, &place, span, index.span)
    }

    /// The element or bit at a place.
    pub fn index(&mut self, value: &Val<'a>, place: &Val<'a>, span: Span, at: Span) -> Lowers<Val<'a>> {
        match value {
            Val::Memory(..)
            | Val::Table(..)
            | Val::ListObject(_)
            | Val::Sequence(..)
            | Val::Range(..)
            | Val::Const(Const::Str(_)) => {
                if let Some(known) = place.as_const_int() {
                    return self.element(value, &known, span);
                }
                let place = self.int_expr(place, at)?.id;
                let place = match self.length(value) {
                    Some(length) => self.counted_from_end(place, length, at)?,
                    None => place,
                };
                if let Val::Memory(net, like, _) = value {
                    return Ok(Val::Signal(SignalRef::Element(*net, place, *like)));
                }
                if let Val::Table(..) = value {
                    return self.in_table(value, place, span);
                }
                let of = match value {
                    Val::Sequence(_, kind) if kind.is_tuple() => "tuple",
                    Val::Const(Const::Str(_)) => "string",
                    _ => "list",
                };
                self.picked_from.insert(span, of);
                let elements = self.elements(value, span)?;
                if elements.iter().all(|element| matches!(element, Val::Instance(_))) && !elements.is_empty()
                {
                    return self.picked_object(elements, place, span);
                }
                self.pick(&elements, place, span)
            }
            Val::Dict(_) | Val::DictObject(_) => self.dict_item(value, place, span),
            // A bit of a next value asks for that value, and is one of the signal's where the two are the same.
            Val::Signal(_) | Val::Expr(_) | Val::Var(..) | Val::Bits(..) | Val::Const(_) | Val::Next(_) => {
                let typed = self.expr(value, span)?;
                if let Type::Array(_, length) = *self.body.exprs.ty(typed.id) {
                    let place = self.int_expr(place, at)?.id;
                    let place = self.counted_from_end(place, length as usize, at)?;
                    let id = self.op(Op::Index, &[typed.id, place], span)?;
                    return Ok(Val::Expr(Typed { id, width: None }));
                }
                let typed = self.int_expr(value, span)?;
                self.require_bits(typed, span)?;
                let place = self.int_expr(place, at)?;
                self.warn_beyond(value, typed, place.id, None, at);
                let id = self.op(Op::Bit, &[typed.id, place.id], span)?;
                Ok(Val::Expr(Typed { id, width: None }))
            }
            _ => {
                let message = format!("{} cannot be indexed", value.describe());
                self.outside(span, message)
            }
        }
    }

    /// `value[high:low]` of an integer, or a part of a list.
    fn slice(
        &mut self,
        value: &Val<'a>,
        high: Option<&'a ast::Expr>,
        low: Option<&'a ast::Expr>,
        span: Span,
    ) -> Lowers<Val<'a>> {
        if matches!(value, Val::ListObject(_) | Val::Table(..) | Val::Sequence(..) | Val::Range(..)) {
            let elements = self.elements(value, span)?;
            let length = Int::from(elements.len());
            let end = |this: &mut Self, bound: Option<&'a ast::Expr>, default: usize| -> Lowers<usize> {
                let Some(bound) = bound else { return Ok(default) };
                let known = this.eval(bound)?;
                let known = this.const_int(&known, "the bound of a slice", bound.span)?;
                let known = if known.is_negative() { known.add(&length).max(Int::ZERO) } else { known };
                Ok(known.min(length.clone()).to_usize().unwrap_or(default))
            };
            let from = end(self, high, 0)?;
            let to = end(self, low, elements.len())?;
            let part = elements.get(from..to.max(from)).unwrap_or_default().to_vec();
            let part = self.copied(part, span)?;
            let is_tuple = matches!(value, Val::Sequence(_, kind) if kind.is_tuple());
            return Ok(Val::Sequence(
                Rc::new(part),
                if is_tuple { SequenceKind::Tuple } else { SequenceKind::List },
            ));
        }
        if let Val::Bits(typed, bits) = value
            && let Some(high) = high
        {
            // `intbv(0)[8:]` declares a width.
            let (low_bit, width) = self.slice_bounds(Some(high), low, span)?;
            if let Some(width) = width
                && let Some(low_bit) = self.known_int(low_bit)
                && let Some(Value::Int(known)) = self.body.exprs.as_const(typed.id).cloned()
                && let Some(low_bit) = low_bit.to_u32()
            {
                let id = self.literal(known.shr(low_bit).low_bits(width), span)?;
                let of = BitsType {
                    range: Range::unsigned(width),
                    width: Some(width),
                    wraps: bits.wraps,
                    is_outside: false,
                };
                return Ok(Val::Bits(Typed { id, width: Some(of.as_width()) }, of));
            }
        }
        let typed = self.int_expr(value, span)?;
        self.require_bits(typed, span)?;
        let is_mod = match value {
            Val::Signal(signal) => matches!(self.signal_type(signal), SignalType::Int { wraps: true, .. }),
            Val::Var(_, bits) | Val::Bits(_, bits) => bits.wraps,
            _ => typed.width.is_some_and(|width| width.bounds == Bounds::Wraps),
        };
        let sized = |bits: u32| Some(Width::declared(Some(bits), &Range::unsigned(bits), is_mod));
        let (low_bit, width) = self.slice_bounds(high, low, span)?;
        match (width, self.known_int(low_bit)) {
            (Some(width), Some(low)) => {
                let Some(low) = low.to_u32() else {
                    return self.error(Code::PH0315, span, "the bounds of a slice cannot be negative");
                };
                self.warn_beyond(value, typed, low_bit, Some(width), span);
                let id = self.op(Op::Slice { low, width }, &[typed.id], span)?;
                Ok(Val::Expr(Typed { id, width: sized(width) }))
            }
            (Some(width), None) => {
                let shifted = self.op(Op::Shr, &[typed.id, low_bit], span)?;
                let id = self.op(Op::Slice { low: 0, width }, &[shifted], span)?;
                Ok(Val::Expr(Typed { id, width: sized(width) }))
            }
            (None, _) => {
                let id = self.op(Op::Shr, &[typed.id, low_bit], span)?;
                // It has neither bounds nor a width in Python.
                Ok(Val::Expr(Typed { id, width: Some(Width::NONE) }))
            }
        }
    }

    /// Refuses bits of what is a plain number in Python: there, only an `intbv` has any.
    fn require_bits(&mut self, typed: Typed, span: Span) -> Lowers<()> {
        if typed.width.is_some() {
            return Ok(());
        }
        let message = "this is a plain number in Python, which has no bits to index";
        let error = Diagnostic::new(Code::PH0201, span, message);
        let error = error.note("`+` and `int()` give an `int`; signals, slices, and `&`, `|`, `^`, `~`, `<<`, `>>` of them, are an `intbv`");
        self.fail(error.help("`intbv(…)` of it has bits: `intbv(a + b)[8:]`"))
    }

    /// The lowest bit and the width of `[high:low]`; no width where the high bound is left out.
    pub fn slice_bounds(
        &mut self,
        high: Option<&'a ast::Expr>,
        low: Option<&'a ast::Expr>,
        span: Span,
    ) -> Lowers<(ExprId, Option<u32>)> {
        let low_value = match low {
            Some(low) => self.eval(low)?,
            None => Val::int(0i64),
        };
        let low_bit = self.int_expr(&low_value, span)?.id;
        let Some(high) = high else { return Ok((low_bit, None)) };
        let high_value = self.eval(high)?;
        let high_bit = self.int_expr(&high_value, span)?.id;
        let width = match (self.known_int(high_bit), self.known_int(low_bit)) {
            (Some(high), Some(low)) => Some(high.sub(&low)),
            // `[i + 8:i]`: the bounds move together.
            _ => self.distance(high_bit, low_bit),
        };
        let Some(width) = width else {
            return self.outside(span, "the width of a slice must be known when the design is elaborated");
        };
        match width.to_u32().filter(|width| *width > 0) {
            Some(width) if width > MAX_WIDTH_BITS => {
                self.error(Code::PH0303, span, "this needs more than 4,096 bits")
            }
            Some(width) => Ok((low_bit, Some(width))),
            None => {
                let message = "the left bound of a slice must be greater than the right one";
                let error = Diagnostic::new(Code::PH0315, span, message);
                self.fail(match self.known_int(high_bit).zip(self.known_int(low_bit)) {
                    Some((high, low)) if high < low => {
                        error.help(format!("the highest bit comes first: `[{low}:{high}]`"))
                    }
                    _ => error,
                })
            }
        }
    }

    /// `a − b` where both are the same expression plus constants.
    fn distance(&self, a: ExprId, b: ExprId) -> Option<Int> {
        let (a_base, a_offset) = self.offset(a)?;
        let (b_base, b_offset) = self.offset(b)?;
        (a_base == b_base).then(|| a_offset.sub(&b_offset))
    }

    fn offset(&self, id: ExprId) -> Option<(ExprId, Int)> {
        let exprs = &self.body.exprs;
        if let pyhw_ir::ExprKind::Op(op, args) = exprs.kind(id) {
            match (op, &args[..]) {
                (Op::Add, [base, constant]) | (Op::Add, [constant, base])
                    if self.known_int(*constant).is_some() =>
                {
                    let (base, offset) = self.offset(*base)?;
                    return Some((base, offset.add(&self.known_int(*constant)?)));
                }
                (Op::Sub, [base, constant]) if self.known_int(*constant).is_some() => {
                    let (base, offset) = self.offset(*base)?;
                    return Some((base, offset.sub(&self.known_int(*constant)?)));
                }
                _ => {}
            }
        }
        Some((id, Int::ZERO))
    }
}
