//! Which `intbv` objects a value may be, of those that names and lists lead to.
//!
//! A value is lowered to an expression, which is a copy. Python has the object itself: after `q = x if c else u`, `q = max(x, u)`,
//! `q = items[k]` or `items = [x, x]` a change of the object through one way is seen through the others. Such a change is left to
//! Python.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::{BitsType, Local, SequenceKind, Typed, Val, VarRef};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::{ExprId, ExprKind, Op, Type, VarId};
use pyhw_syntax::ast;
use std::collections::HashSet;

/// The `intbv` objects to which several names or lists lead: what changes one of them changes it for all. Names of which that holds
/// on some path are with their function ([`Frame::shared`](crate::lowerer::Frame::shared)).
#[derive(Clone, Default)]
pub struct Shared {
    /// The variables that hold them.
    pub vars: HashSet<VarId>,
    /// Elements of lists to which a name has been bound as well.
    pub elements: HashSet<ExprId>,
}

impl<'a> Lowerer<'a> {
    /// Notes that what is to be bound is an `intbv` to which something else leads already, if it may be. Gives whether it may.
    pub fn shares(&mut self, value: Typed) -> bool {
        if !value.is_object() {
            return false;
        }
        let reached: Vec<VarId> =
            self.candidates(value.id).into_iter().filter(|var| self.is_reached(*var)).collect();
        let is_element = self.times_in_lists(value.id) > 0;
        if is_element {
            self.shared.elements.insert(value.id);
        }
        self.shared.vars.extend(&reached);
        is_element || !reached.is_empty()
    }

    /// Refuses a change in place of an `intbv` that something else stands for as well: of the one that the target reads as `left`.
    pub fn is_changed_alone(&mut self, target: &ast::Expr, left: &Val<'a>, span: Span) -> Lowers<()> {
        let is_shared = match left {
            Val::Var(at, _) => self.shared.vars.contains(&at.var),
            Val::Expr(before) if before.is_object() => {
                let of_name = match &target.kind {
                    ast::ExprKind::Name(name) => self.frame().shared.contains(name),
                    // An element of a list.
                    _ => {
                        self.shared.elements.contains(&before.id)
                            || self.times_in_lists(before.id) > 1
                            || self.candidates(before.id).iter().any(|var| self.is_reached(*var))
                    }
                };
                of_name || self.candidates(before.id).iter().any(|var| self.shared.vars.contains(var))
            }
            _ => false,
        };
        if !is_shared {
            return Ok(());
        }
        let message = "this changes an `intbv` in place to which another name or a list may lead as well";
        let error = Diagnostic::new(Code::PH0201, span, message);
        self.fail(
            error.help("give what is to change an object of its own: `x = intbv(…)[n:]` and `x[:] = …`"),
        )
    }

    /// Notes whether what a variable gets is one signal or another, as `a if c else b` gives it, or may be such a one by way of another
    /// variable: where time passes it is what that has become.
    pub fn note_chosen_signal(&mut self, var: VarId, value: ExprId) {
        if self.timed && self.is_chosen_signal(value) {
            self.chosen_signals.insert(var);
        } else {
            self.chosen_signals.remove(&var);
        }
    }

    /// Whether a list, a tuple or a dict would keep what is a signal on some paths only.
    pub fn keeps_chosen_signal(&self, value: &Val<'a>) -> bool {
        match value {
            Val::Expr(typed) => self.timed && self.is_chosen_signal(typed.id),
            Val::Sequence(elements, _) => elements.iter().any(|element| self.keeps_chosen_signal(element)),
            Val::Dict(items) => items.iter().any(|(_, value)| self.keeps_chosen_signal(value)),
            _ => false,
        }
    }

    /// Whether the value is one of several, and that of a signal on some path. The value of a signal alone is meant to be one.
    fn is_chosen_signal(&self, value: ExprId) -> bool {
        match self.body.exprs.kind(value) {
            ExprKind::Op(Op::Mux, _) | ExprKind::Var(_) => self.is_signal(value),
            ExprKind::Op(Op::ToInt, operands) => self.is_chosen_signal(operands[0]),
            ExprKind::Op(..) | ExprKind::Const(_) | ExprKind::Net(_) => false,
        }
    }

    /// After a wait the value that a name has of a signal that was chosen may not be that of the signal any more.
    pub fn forget_chosen_signals(&mut self, at: Span) {
        let (chosen, exprs) = (&self.chosen_signals, &self.body.exprs);
        for local in self.frames.iter_mut().flat_map(|frame| frame.locals.values_mut()) {
            let var = match local {
                Local::Var { id, .. } => Some(*id),
                Local::Known(Val::Expr(typed)) => match exprs.kind(typed.id) {
                    ExprKind::Var(var) => Some(*var),
                    ExprKind::Op(..) | ExprKind::Const(_) | ExprKind::Net(_) => None,
                },
                _ => None,
            };
            if var.is_some_and(|var| chosen.contains(&var)) {
                *local = Local::Conflict(at);
            }
        }
    }

    /// Whether the value is a signal's as it is, on some path.
    fn is_signal(&self, value: ExprId) -> bool {
        match self.body.exprs.kind(value) {
            ExprKind::Net(_) => true,
            ExprKind::Op(Op::Mux, operands) => operands[1..].iter().any(|one| self.is_signal(*one)),
            // A truth value among numbers.
            ExprKind::Op(Op::ToInt, operands) => self.is_signal(operands[0]),
            ExprKind::Var(var) => self.is_copy_of_signal(*var),
            ExprKind::Op(..) | ExprKind::Const(_) => false,
        }
    }

    /// Whether the variable may have the value that a signal had when a name was bound to it.
    fn is_copy_of_signal(&self, var: VarId) -> bool {
        let mut locals = self.frames.iter().flat_map(|frame| frame.locals.values());
        self.chosen_signals.contains(&var)
            || locals.any(|local| matches!(local, Local::Var { id, copies: true, .. } if *id == var))
    }

    /// A new `intbv` for a name that is bound in several places. It has the variable that an earlier one like it had, so that the name
    /// is one thing where paths meet, unless something else leads to that one still.
    pub fn rebound_bits(&mut self, name: &str, value: Typed, bits: &BitsType, span: Span) -> Val<'a> {
        let known = self.frame().rebound_bits.iter().find(|(of, like, _)| of == name && like == bits);
        let at = VarRef::whole(match known.map(|(.., var)| *var) {
            Some(var) if !self.is_reached_beside(name, var) => {
                self.assign_var(var, value.id, span);
                var
            }
            _ => {
                let var = self.new_var(name, Type::Int(bits.range.clone()), bits.wraps, span);
                self.assign_var(var, value.id, span);
                let known = &mut self.frame().rebound_bits;
                known.retain(|(of, like, _)| of != name || like != bits);
                known.push((name.to_owned(), bits.clone(), var));
                var
            }
        });
        Val::Var(at, bits.clone())
    }

    /// Whether something else than this name of the function under way leads to the variable.
    fn is_reached_beside(&mut self, name: &str, var: VarId) -> bool {
        let own = self.frame().locals.remove(name);
        let is_reached = self.is_reached(var);
        if let Some(own) = own {
            self.frame().locals.insert(name.to_owned(), own);
        }
        is_reached
    }

    /// Elements of a list that is repeated: they are the same objects in each turn.
    pub fn repeatable(&mut self, elements: &[Val<'a>], span: Span) -> Vec<Val<'a>> {
        let mut kept = Vec::new();
        for element in elements {
            kept.push(match element {
                Val::Bits(typed, bits) if !bits.is_outside => self.bits_var("item", *typed, bits, span),
                other => other.clone(),
            });
        }
        kept
    }

    /// The variables of which the value is one as it is, and no number that is made of them.
    fn candidates(&self, id: ExprId) -> Vec<VarId> {
        let mut found = Vec::new();
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            match self.body.exprs.kind(id) {
                ExprKind::Var(var) => found.push(*var),
                ExprKind::Op(Op::Mux, operands) => pending.extend_from_slice(&operands[1..]),
                ExprKind::Op(..) | ExprKind::Const(_) | ExprKind::Net(_) => {}
            }
        }
        found
    }

    /// Whether a name that can still be read stands for the variable, or leads to it.
    pub fn is_reached(&self, var: VarId) -> bool {
        self.locals().any(|local| match local {
            Local::Var { id, .. } | Local::Alias { id, .. } => *id == var,
            Local::Object { which: value, .. } | Local::Known(value) => {
                count(value, &|value| match value {
                    Val::Var(at, _) => at.var == var,
                    Val::Expr(typed) => *self.body.exprs.kind(typed.id) == ExprKind::Var(var),
                    _ => false,
                }) > 0
            }
            Local::Conflict(_) | Local::Missing(_) | Local::LeftOut(_) => false,
        })
    }

    /// How often the value is an element of a list that a name leads to.
    fn times_in_lists(&self, id: ExprId) -> usize {
        let is_it = |value: &Val<'a>| matches!(value, Val::Expr(typed) if typed.id == id);
        self.locals()
            .map(|local| match local {
                Local::Known(value @ (Val::Sequence(..) | Val::Dict(_))) => count(value, &is_it),
                Local::Known(_)
                | Local::Var { .. }
                | Local::Alias { .. }
                | Local::Object { .. }
                | Local::Conflict(_)
                | Local::Missing(_)
                | Local::LeftOut(_) => 0,
            })
            .sum()
    }

    fn locals(&self) -> impl Iterator<Item = &Local<'a>> {
        self.frames.iter().flat_map(|frame| frame.locals.values())
    }
}

/// Whether the value is a local `intbv`, or leads to one.
pub fn leads_to_integers(value: &Val) -> bool {
    count(value, &|value| matches!(value, Val::Var(..))) > 0
}

/// How many of a value and of all that it holds are such.
fn count<'a>(value: &Val<'a>, is_it: &dyn Fn(&Val<'a>) -> bool) -> usize {
    let within = match value {
        Val::Sequence(
            elements,
            SequenceKind::List | SequenceKind::Picked | SequenceKind::Tuple | SequenceKind::Named(_),
        ) => elements.iter().map(|element| count(element, is_it)).sum(),
        Val::Picked(elements, _) => elements.iter().map(|element| count(element, is_it)).sum(),
        Val::Dict(entries) => entries.iter().map(|(_, value)| count(value, is_it)).sum(),
        Val::Method(of, _) | Val::Function(_, Some(of)) => count(of, is_it),
        Val::Join(parts) => parts.iter().map(|part| count(part, is_it)).sum(),
        Val::Const(_)
        | Val::Expr(_)
        | Val::Signal(_)
        | Val::Next(_)
        | Val::Var(..)
        | Val::Bits(..)
        | Val::Memory(..)
        | Val::Table(..)
        | Val::ListObject(_)
        | Val::DictObject(_)
        | Val::Instance(_)
        | Val::TupleClass(_)
        | Val::Module(..)
        | Val::EnumType(_)
        | Val::Function(_, None)
        | Val::Closure(_)
        | Val::Builtin(_)
        | Val::Range(..)
        | Val::DynamicRange(..)
        | Val::Edge(..)
        | Val::Delay(_)
        | Val::Exception(..) => 0,
    };
    within + usize::from(is_it(value))
}
