//! What a local name is bound to, and the variables that hold it.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::{Local, SequenceKind, SignalRef, Typed, Val, VarRef, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Const, SignalType};
use pyhw_ir::{Range, Type};
use std::rc::Rc;

impl<'a> Lowerer<'a> {
    /// Binds a local name.
    pub fn bind(&mut self, name: &str, value: &Val<'a>, span: Span) -> Lowers<()> {
        let is_plain = std::mem::take(&mut self.is_plain_binding);
        let local = match value {
            Val::Expr(typed)
                if self.frame().in_place.contains(name)
                    && let Some(bits) = typed.width.and_then(Width::declaration) =>
            {
                if let pyhw_ir::ExprKind::Var(var) = *self.body.exprs.kind(typed.id)
                    && self.is_reached(var)
                {
                    let other = &self.body.var(var).name;
                    let message = format!(
                        "`{name}` is changed in place, and so would be `{other}`, which is the same object"
                    );
                    let error = Diagnostic::new(Code::PH0201, span, message);
                    return self.fail(error.help(format!("let it be another one: `{name} = {other} + …`")));
                }
                let is_shared = self.shares(*typed);
                let kept = self.bits_var(name, *typed, &bits, span);
                if let (true, Val::Var(at, _)) = (is_shared, &kept) {
                    self.shared.vars.insert(at.var);
                }
                Local::Known(kept)
            }
            Val::Expr(_) | Val::Const(Const::Int(_) | Const::Bool(_) | Const::Enum(..) | Const::Str(_)) => {
                let typed = self.expr(value, span)?;
                // Another path may have bound the name to what is shared: it is not taken back.
                if self.shares(typed) {
                    self.frame().shared.insert(name.to_owned());
                }
                let mut ty = self.plain_type(typed.id);
                let mut id = typed.id;
                // A name that holds integers goes on holding integers when it is given a truth value.
                let is_truth = ty == Type::Bool && self.holds_integers(name);
                if is_truth {
                    id = self.bool_to_int(id, span)?;
                    ty = Type::Int(Range::UNBOUNDED);
                }
                let var = self.plain_var(name, ty, span);
                self.assign_var(var, id, span);
                self.note_chosen_signal(var, typed.id);
                let known = match value {
                    Val::Const(known) => Some(known.clone()),
                    _ => None,
                };
                let width = if is_truth { Some(Width::NUMBER) } else { typed.width };
                Local::Var { id: var, known, width, copies: false }
            }
            Val::Bits(typed, bits) if is_plain && !bits.is_outside && self.frame().rebound.contains(name) => {
                Local::Known(self.rebound_bits(name, *typed, bits, span))
            }
            Val::Bits(typed, bits) if !bits.is_outside => {
                Local::Known(self.bits_var(name, *typed, bits, span))
            }
            Val::Signal(SignalRef::Element(net, index, like)) => {
                let index = self.lasting_index(name, *index, span);
                let lasting = SignalRef::Element(*net, index, *like);
                self.alias(name, value, lasting, span)?
            }
            Val::Instance(_) if self.frame().rebound.contains(name) => self.choice(name, value, span),
            Val::Signal(SignalRef::Net(..))
                if self.frame().rebound.contains(name) && self.frame().driven.contains(name) =>
            {
                self.choice(name, value, span)
            }
            Val::Signal(signal) => self.alias(name, value, signal.clone(), span)?,
            Val::Picked(elements, place) => {
                let place = self.lasting_index(name, *place, span);
                Local::Known(Val::Picked(Rc::clone(elements), place))
            }
            Val::Var(at, bits) => Local::Known(Val::Var(self.lasting(name, *at, span), bits.clone())),
            Val::Sequence(..) | Val::Dict(_) if self.keeps_chosen_signal(value) => {
                return self.signal_would_be_kept(span);
            }
            Val::Sequence(elements, SequenceKind::List) => {
                Local::Known(self.bound_list(name, name, elements, span)?)
            }
            Val::Dict(items) => Local::Known(self.bound_dict(name, items, span)?),
            Val::DynamicRange(start, stop, step) => {
                let [start, stop] = [*start, *stop].map(|id| {
                    let now = self.snapshot(&Val::Expr(Typed { id, width: None }), span)?;
                    Ok(self.expr(&now, span)?.id)
                });
                Local::Known(Val::DynamicRange(start?, stop?, step.clone()))
            }
            Val::Sequence(elements, kind) if kind.is_tuple() && self.frame().rebound.contains(name) => {
                // What another path may bind it to has the same variables.
                let elements = self.taken_elements(elements, span)?;
                let mut bound = Vec::new();
                for (index, element) in elements.iter().enumerate() {
                    bound.push(match self.element_var(&format!("{name}_{index}"), element, span)? {
                        Val::Expr(typed) => Val::Expr(Typed { width: None, ..typed }),
                        other => other,
                    });
                }
                Local::Known(Val::Sequence(bound.into(), kind.clone()))
            }
            Val::Sequence(elements, SequenceKind::Picked)
                if elements.iter().any(|element| self.reads_elements(element)) =>
            {
                let what = "a name for a list that a run-time index picks, and whose elements change";
                return self.outside(span, what);
            }
            Val::Sequence(elements, kind) => {
                Local::Known(Val::Sequence(self.known_elements(name, elements, span)?.into(), kind.clone()))
            }
            _ => Local::Known(value.clone()),
        };
        self.frame().locals.insert(name.to_owned(), local);
        Ok(())
    }

    /// What a name is that is bound to a signal: the value goes into a variable too where another path may bind it to something
    /// else. A bus may have no value. `now` is the signal in terms of this moment, `signal` in terms that last.
    fn alias(&mut self, name: &str, now: &Val<'a>, signal: SignalRef, span: Span) -> Lowers<Local<'a>> {
        let net = match &signal {
            SignalRef::Net(net, _) | SignalRef::Element(net, ..) => self.cx.nets.net(*net),
        };
        let has_value = !net.kind.may_be_z() && *self.signal_type(&signal) != SignalType::Opaque;
        let value = Val::Signal(signal);
        if !has_value || !self.frame().rebound.contains(name) {
            return Ok(Local::Known(value));
        }
        let typed = self.expr(now, span)?;
        let (mut ty, mut id, mut width) = (self.plain_type(typed.id), typed.id, typed.width);
        if ty == Type::Bool && self.holds_integers(name) {
            id = self.bool_to_int(id, span)?;
            ty = Type::Int(Range::UNBOUNDED);
            width = Some(Width::NUMBER);
        }
        let var = self.plain_var(name, ty, span);
        self.assign_var(var, id, span);
        Ok(Local::Alias { value, id: var, width })
    }

    /// Whether the variable of a name holds integers here, or is to hold them everywhere.
    fn holds_integers(&mut self, name: &str) -> bool {
        if self.has_one_variable(name) {
            return true;
        }
        match self.frame().locals.get(name) {
            Some(Local::Var { id, .. } | Local::Alias { id, .. }) => {
                let id = *id;
                matches!(self.body.var(id).ty, Type::Int(_))
            }
            _ => false,
        }
    }

    /// Whether one variable holds the name wherever it is a number.
    pub fn has_one_variable(&mut self, name: &str) -> bool {
        self.is_in(|earlier| &earlier.numbers, name)
    }

    pub fn plain_var(&mut self, name: &str, ty: Type, span: Span) -> pyhw_ir::VarId {
        let key = (name.to_owned(), ty.clone());
        if let Some(var) = self.frame().plain.get(&key) {
            return *var;
        }
        let var = self.new_var(name, ty, false, span);
        self.frame().plain.insert(key, var);
        var
    }

    pub fn bits_var(
        &mut self,
        name: &str,
        typed: Typed,
        bits: &crate::value::BitsType,
        span: Span,
    ) -> Val<'a> {
        let var = self.new_var(name, Type::Int(bits.range.clone()), bits.wraps, span);
        self.assign_var(var, typed.id, span);
        Val::Var(VarRef::whole(var), bits.clone())
    }
}
