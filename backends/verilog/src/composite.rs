//! Arrays and structs as vectors: the first element, the first field in the low bits.

use crate::expr::{Around, Scope};
use crate::helper::{Helper, index_bits};
use crate::layout;
use crate::literal::{Style, literal};
use crate::text::Text;
use pyhw_ir::{ExprId, ExprKind, Int, Op, Range, Type, Value};

/// `{a, b, …}`, the highest part first; equal parts as `{2{a}}`.
pub fn joined(parts: Vec<Text>) -> Text {
    match &parts[..] {
        [one] => one.clone(),
        [first, rest @ ..] if rest.len() > 1 && rest.iter().all(|part| part.s == first.s) => {
            Text::primary(format!("{{{}{{{}}}}}", parts.len(), first.s))
        }
        _ => Text::concat(&parts),
    }
}

/// What an array holds once arrays in arrays are one row, and how many there are of it.
fn flattened(ty: &Type) -> (&Type, u32) {
    match ty {
        Type::Array(element, length) => {
            let (inner, count) = flattened(element);
            (inner, count.saturating_mul(*length))
        }
        Type::Bool | Type::Int(_) | Type::Enum(_) | Type::Struct(_) | Type::Text | Type::Opaque => (ty, 1),
    }
}

impl Scope<'_, '_> {
    /// All bits of the value as a place of the type `ty` holds it: of an array, each element in its place's width. `wraps` says
    /// whether the place reduces integers into its interval.
    pub fn laid_out(&mut self, e: ExprId, ty: &Type, wraps: bool) -> Text {
        let body = self.body;
        let width = self.cx.bits(ty, self.span);
        let own = body.exprs.ty(e);
        let (Type::Array(element, _), Type::Array(..)) = (ty, own) else {
            return match ty {
                Type::Int(range) if wraps => self.reduced(e, range, width),
                _ => self.low(e, width, Around::Alone),
            };
        };
        let ((held, count), (given, _)) = (flattened(ty), flattened(own));
        let needs_wrap = match (held, given) {
            (Type::Int(held), Type::Int(given)) => wraps && !held.is_full() && !held.contains_range(given),
            _ => false,
        };
        let (from, to) = (self.cx.bits(given, self.span), self.cx.bits(held, self.span));
        if from == to && !needs_wrap {
            return self.low(e, width, Around::Alone);
        }
        if let Some(value) = self.value(e)
            && !needs_wrap
        {
            return match layout::pack(value, ty, &self.cx.design.types) {
                Some(bits) => literal(&bits, width, Style::Plain),
                None => self.low(e, width, Around::Alone),
            };
        }
        match body.exprs.kind(e) {
            ExprKind::Op(Op::Array, args) => {
                joined(args.iter().rev().map(|arg| self.laid_out(*arg, element, wraps)).collect())
            }
            ExprKind::Op(Op::Mux, args) if self.value(args[0]).is_none() => {
                let cond = self.cond(args[0]);
                let (then, otherwise) =
                    (self.laid_out(args[1], ty, wraps), self.laid_out(args[2], ty, wraps));
                Text::cond(cond, then, otherwise)
            }
            ExprKind::Op(..) | ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => {
                if needs_wrap {
                    self.cx.refuse(self.span, "a store of an array whose elements wrap at no power of two");
                }
                let all = self.low(e, from * count, Around::Alone);
                let signed = layout::is_signed(given);
                self.call(Helper::Resize { count, from, to, signed }, &[all])
            }
        }
    }

    /// An integer as a wrapping place of this interval and width holds it.
    fn reduced(&mut self, e: ExprId, range: &Range, width: u32) -> Text {
        if range.is_full() || range.contains_range(&self.range(e)) {
            return self.low(e, width, Around::Alone);
        }
        self.wrapped(e, range, width, Around::Alone)
    }

    pub(crate) fn composite(&mut self, e: ExprId, args: &[ExprId]) -> Text {
        let part_types: Vec<Type> = match self.body.exprs.ty(e) {
            Type::Array(element, length) => vec![(**element).clone(); *length as usize],
            Type::Struct(id) => {
                let fields = &self.cx.design.types.structs[id.index()].fields;
                fields.iter().map(|(_, ty)| ty.clone()).collect()
            }
            Type::Bool | Type::Int(_) | Type::Enum(_) | Type::Text | Type::Opaque => Vec::new(),
        };
        let parts = args.iter().zip(&part_types).rev();
        joined(parts.map(|(arg, ty)| self.laid_out(*arg, ty, false)).collect())
    }

    pub(crate) fn index(&mut self, e: ExprId, array: ExprId, index: ExprId, w: u32) -> Text {
        if self.leaf(e).is_some() {
            return self.stored(e, w);
        }
        let body = self.body;
        let width = self.width(e);
        let negative = self.is_negative(e);
        let Type::Array(element, length) = body.exprs.ty(array) else {
            return literal(&Int::ZERO, w, Style::Plain);
        };
        let bits = index_bits(*length);
        let at = self.low(index, bits, Around::Alone);
        let text = if let Some(Value::Array(values)) = self.value(array).cloned() {
            let words: Option<Vec<Int>> = values
                .iter()
                .map(|value| {
                    layout::pack(value, element, &self.cx.design.types).map(|bits| bits.low_bits(width))
                })
                .collect();
            match words {
                Some(words) => self.call(Helper::Rom { words, width, index_bits: bits }, &[at]),
                None => {
                    self.cx.refuse(self.span, "a table of values that have no bits in hardware");
                    at
                }
            }
        } else {
            let total = self.width(array);
            let all = self.low(array, total, Around::Alone);
            if *length == 1 { all } else { self.call(Helper::Element { width, count: *length }, &[all, at]) }
        };
        self.fitted(text, width, negative, w)
    }

    pub(crate) fn field(&mut self, e: ExprId, of: ExprId, index: u32, w: u32) -> Text {
        if self.leaf(e).is_some() {
            return self.stored(e, w);
        }
        let body = self.body;
        if let ExprKind::Op(Op::Struct { .. }, args) = body.exprs.kind(of)
            && let Some(arg) = args.get(index as usize)
        {
            return self.low(*arg, w, Around::Alone);
        }
        let width = self.width(e);
        let negative = self.is_negative(e);
        let Type::Struct(id) = body.exprs.ty(of) else { return literal(&Int::ZERO, w, Style::Plain) };
        let low = layout::field(*id, index, &self.cx.design.types).map_or(0, |(low, _)| low);
        let total = self.width(of);
        let all = self.low(of, total, Around::Alone);
        let text =
            if width == total { all } else { self.call(Helper::Bits { from: total, low, width }, &[all]) };
        self.fitted(text, width, negative, w)
    }
}
