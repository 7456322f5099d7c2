//! Stores into whole signals: `s.next = value`.

use crate::lowerer::{Lowerer, Lowers, OF_NONE};
use crate::value::{SignalRef, Val};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Const, SignalKind, SignalType};
use pyhw_ir::{ExprId, Op, Place, Projection, Root, StmtKind, Type, Value};

impl<'a> Lowerer<'a> {
    /// `s.next = value`.
    pub fn store_signal(
        &mut self,
        signal: &SignalRef,
        value: &Val<'a>,
        span: Span,
        value_span: Span,
    ) -> Lowers<()> {
        if let SignalKind::Shadow(_) | SignalKind::TriState = self.cx.elaborated.signal(signal.like()).kind {
            return self.outside(span, "a signal that follows others cannot be driven");
        }
        let place = self.signal_place(signal);
        let stored = match self.signal_type(signal).clone() {
            _ if matches!(value, Val::Const(Const::None)) => {
                let declared = self.cx.elaborated.signal(signal.like());
                if !matches!(declared.kind, SignalKind::Driver(_)) {
                    let message = "`None` is a value of tri-state drivers only";
                    let error = Diagnostic::new(Code::PH0301, value_span, message);
                    return self.fail(error.help(OF_NONE));
                }
                let ty = self.cx.nets.net(root_net(&place)).ty.clone();
                self.body.exprs.constant(Value::Z, ty, value_span)
            }
            SignalType::Bool if self.cx.elaborated.signal(signal.like()).is_open => {
                // It takes any value, and nobody sees which.
                let truth = self.truth(value, value_span)?;
                self.as_bool(&truth, value_span)?
            }
            SignalType::Bool => self.as_bool(value, value_span)?,
            SignalType::Int { .. } => self.int_expr(value, value_span)?.id,
            SignalType::Enum(of) => {
                let typed = self.expr(value, value_span)?;
                if *self.body.exprs.ty(typed.id) != Type::Enum(of) {
                    let message = format!(
                        "the signal holds members of {}, and this is {}",
                        self.enum_in_words(of),
                        self.kind_of(typed.id)
                    );
                    return self.error(Code::PH0301, value_span, message);
                }
                typed.id
            }
            SignalType::Struct(_) => self.expr(value, value_span)?.id,
            SignalType::Opaque => {
                return self.outside(span, "a signal of Python objects is driven by ordinary Python only");
            }
        };
        self.emit(StmtKind::Next { place, value: stored }, span);
        if *self.signal_type(signal) == SignalType::Bool {
            self.store_kind(signal, value, stored, value_span)?;
        }
        Ok(())
    }

    /// `s.next = value` of a struct: each field takes that of the value.
    pub fn store_struct(
        &mut self,
        target: &Val<'a>,
        value: &Val<'a>,
        span: Span,
        value_span: Span,
    ) -> Lowers<()> {
        let (Val::Instance(into), Val::Instance(from)) = (target, value) else {
            return self.outside(value_span, "a struct takes another struct");
        };
        let (Some(fields), Some(others)) = (self.fields(*into), self.fields(*from)) else {
            return self.outside(value_span, "a struct takes another struct");
        };
        if fields != others {
            return self.error(Code::PH0301, value_span, "this is a struct with other fields");
        }
        for field in fields {
            let place = self.attribute(target, &field, span)?;
            let value = self.attribute(value, &field, value_span)?;
            match &place {
                Val::Signal(signal) => self.store_signal(signal, &value, span, value_span)?,
                Val::Instance(_) => self.store_struct(&place, &value, span, value_span)?,
                _ => {
                    let message =
                        format!("`{field}` of the struct is an array, whose elements are stored one by one");
                    return self.outside(span, message);
                }
            }
        }
        Ok(())
    }

    /// A boolean for a store into one bit: 0 and 1 count, any other value is a fault.
    pub fn as_bool(&mut self, value: &Val<'a>, span: Span) -> Lowers<ExprId> {
        if let Some(known) = value.as_const_int()
            && let Some(known @ 0..=1) = known.to_i64()
        {
            return Ok(self.body.exprs.bool(known == 1, span));
        }
        let typed = self.expr(value, span)?;
        match self.body.exprs.ty(typed.id) {
            Type::Bool => Ok(typed.id),
            _ => {
                let typed = self.int_expr(value, span)?;
                self.op(Op::ToBool, &[typed.id], span)
            }
        }
    }

    pub fn signal_place(&mut self, signal: &SignalRef) -> Place {
        match signal {
            SignalRef::Net(net, _) => Place::net(*net),
            SignalRef::Element(net, index, _) => {
                Place { root: Root::Net(*net), path: vec![Projection::Index(*index)] }
            }
        }
    }
}

fn root_net(place: &Place) -> pyhw_ir::NetId {
    match place.root {
        Root::Net(net) => net,
        Root::Var(_) => pyhw_ir::NetId::new(0),
    }
}
