//! Stores into bits and slices: `s.next[7] = bit`, `x[8:4] = value`.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::{SequenceKind, Val};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::SignalType;
use pyhw_ir::{ExprId, Int, Op, Place, Projection, Range, Root, StmtKind};
use pyhw_syntax::ast::{self, ExprKind};

impl<'a> Lowerer<'a> {
    /// `of[index] = value`.
    pub fn assign_part(
        &mut self,
        of: &'a ast::Expr,
        index: &'a ast::Expr,
        value: &Val<'a>,
        span: Span,
        value_span: Span,
    ) -> Lowers<()> {
        let object = self.eval(of)?;
        let whole = match &object {
            Val::Next(signal) => self.signal_place(signal),
            Val::Var(at, _) => {
                self.is_changed_alone(of, &object, span)?;
                at.place()
            }
            Val::Signal(_) => {
                let error = Diagnostic::new(
                    Code::PH0201,
                    span,
                    "a part of a signal's current value cannot be assigned",
                )
                .help("assign a part of its next value: `s.next[…] = …`");
                return self.fail(error);
            }
            Val::Table(..) => return self.replaced_in_table(span),
            Val::Bits(..) => return self.of_surroundings(of, span),
            Val::Sequence(elements, SequenceKind::List) => {
                let elements = elements.clone();
                let place = self.eval(index)?;
                return self.assign_element(&elements, &place, value, span);
            }
            _ => {
                let message = format!("an element of {} cannot be assigned in a process", object.describe());
                return self.outside(span, message);
            }
        };
        match &index.kind {
            ExprKind::Slice { step: Some(_), .. } => {
                self.outside(index.span, "a slice with a step is not in the subset")
            }
            ExprKind::Slice { lower: None, upper: None, step: None } => {
                if let Val::Next(signal) = &object {
                    return self.store_signal(&signal.clone(), value, span, value_span);
                }
                let value = self.int_expr(value, value_span)?.id;
                self.store_in(whole, value, span);
                Ok(())
            }
            ExprKind::Slice { lower, upper, step: None } => {
                self.has_bits(&object, of.span)?;
                let (low, width) = self.slice_bounds(lower.as_deref(), upper.as_deref(), index.span)?;
                let value = self.int_expr(value, value_span)?.id;
                self.assign_slice(&object, whole, (low, width), (value, index.span), span)
            }
            _ => {
                self.has_bits(&object, of.span)?;
                let bit = self.eval(index)?;
                let bit = self.int_expr(&bit, index.span)?.id;
                let value = self.as_bool(value, value_span)?;
                let mut place = whole;
                place.path.push(Projection::Bit(bit));
                self.store_in(place, value, span);
                Ok(())
            }
        }
    }

    /// Stores into `width` bits from `low` on of an object with this place, or into all from there where no width is given.
    fn assign_slice(
        &mut self,
        object: &Val<'a>,
        whole: Place,
        (low, width): (ExprId, Option<u32>),
        (value, index_span): (ExprId, Span),
        span: Span,
    ) -> Lowers<()> {
        let has_sign = self.has_sign_or_wraps(object);
        let is_net = matches!(object, Val::Next(_));
        let reaches_up = width.is_none();
        let Some(width) = width.or_else(|| self.width_above(object, low)) else {
            return self.error(Code::PH0302, index_span, "the width of this slice is not known");
        };
        // Where the value may be more than the bits that it is stored into, Python's way of storing decides what those above become. Of a
        // signal, only Python can read what is stored so far; text for hardware stores the bits that there are, which is the same.
        let bits_above = match object {
            _ if reaches_up => has_sign && (!is_net || self.cx.python),
            Val::Var(..) => has_sign && self.may_be_negative(value),
            _ => false,
        };
        if bits_above {
            let width = (!reaches_up).then_some(width);
            let value = self.with_slice(object, low, width, value, span)?;
            self.store_in(whole, value, span);
            return Ok(());
        }
        if let Val::Next(signal) = object
            && matches!(self.signal_type(signal), SignalType::Int { range, .. } if !range.is_bounded())
            && self.may_be_negative(value)
        {
            let what = "a slice of a signal without bounds, and a value that may be negative, which sets all bits above as well";
            return self.outside(span, what);
        }
        let mut place = whole;
        place.path.push(Projection::Slice { low, width });
        self.store_in(place, value, span);
        Ok(())
    }

    /// A local or the next value of a net, as a whole or in part, becomes a value.
    fn store_in(&mut self, place: Place, value: ExprId, span: Span) {
        let store = match place.root {
            Root::Net(_) => StmtKind::Next { place, value },
            Root::Var(_) => StmtKind::Assign { place, value },
        };
        self.emit(store, span);
    }

    /// How many bits an object has from `low` on, where both are known.
    fn width_above(&self, object: &Val<'a>, low: ExprId) -> Option<u32> {
        let whole = match object {
            Val::Next(signal) => match self.signal_type(signal) {
                SignalType::Int { width_bits, .. } => *width_bits,
                SignalType::Bool | SignalType::Enum(_) | SignalType::Struct(_) | SignalType::Opaque => None,
            },
            Val::Var(_, bits) => bits.width,
            _ => None,
        };
        let low = self.known_int(low)?.to_u32()?;
        whole?.checked_sub(low).filter(|width| *width > 0)
    }

    /// Whether an integer that is stored into may hold negative numbers, or wraps.
    fn has_sign_or_wraps(&self, object: &Val<'a>) -> bool {
        match object {
            Val::Var(_, bits) => bits.wraps || bits.range.is_signed(),
            Val::Next(signal) => match self.signal_type(signal) {
                SignalType::Int { range, wraps, .. } => *wraps || range.is_signed(),
                SignalType::Bool | SignalType::Enum(_) | SignalType::Struct(_) | SignalType::Opaque => false,
            },
            _ => false,
        }
    }

    fn may_be_negative(&self, id: ExprId) -> bool {
        self.body.exprs.range(id).is_none_or(Range::is_signed)
    }

    /// An integer with the bits from `low` on replaced, as Python does it: so many where a width is given, which the value has to fit, and
    /// a negative one sets all bits above as well; all of them otherwise.
    fn with_slice(
        &mut self,
        object: &Val<'a>,
        low: ExprId,
        width: Option<u32>,
        value: ExprId,
        span: Span,
    ) -> Lowers<ExprId> {
        let (value, kept) = match width {
            Some(width) => {
                let limit = Int::power_of_two(width);
                let range = Range::new(limit.neg(), limit.sub(&Int::ONE));
                let ones = self.body.exprs.int(limit.sub(&Int::ONE), span);
                let replaced = self.op(Op::Shl, &[ones, low], span)?;
                (self.op(Op::Check { range }, &[value], span)?, self.op(Op::Inv, &[replaced], span)?)
            }
            None => {
                let one = self.body.exprs.int(1i64, span);
                let bit = self.op(Op::Shl, &[one, low], span)?;
                (value, self.op(Op::Sub, &[bit, one], span)?)
            }
        };
        let before = self.int_expr(object, span)?.id;
        let kept = self.op(Op::And, &[before, kept], span)?;
        let moved = self.op(Op::Shl, &[value, low], span)?;
        self.op(Op::Or, &[kept, moved], span)
    }

    /// Refuses a store into a part of a signal's next value that has no parts.
    fn has_bits(&mut self, object: &Val<'a>, span: Span) -> Lowers<()> {
        let Val::Next(signal) = object else { return Ok(()) };
        let what = match self.signal_type(signal) {
            SignalType::Int { .. } => return Ok(()),
            SignalType::Bool => "a truth value",
            SignalType::Enum(_) => "a member of an enum",
            SignalType::Struct(_) => "a struct",
            SignalType::Opaque => "a Python object",
        };
        let message = format!("this signal holds {what}, which has no bits to assign");
        let error = Diagnostic::new(Code::PH0301, span, message).help("assign the whole: `s.next = …`");
        self.fail(error)
    }
}
