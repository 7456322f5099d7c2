//! Names that stand for one object or another, as a run tells: `lane = lanes[addr]`, or what a loop was left with.
//!
//! Reading an attribute chooses between those of all objects, a store is a case over them. `lane.q.next = d` is
//!
//! ```text
//! switch %addr { 0 => { %lanes_0_q <= %d } 1 => { %lanes_1_q <= %d } }
//! ```

use crate::lowerer::{Lowerer, Lowers};
use crate::value::{Local, SignalRef, Val, same_reference};
use pyhw_diagnostics::Span;
use pyhw_elaborate::FunctionId;
use pyhw_ir::{ExprId, Op, Range, Type, VarId};
use pyhw_syntax::ast::{self, ExprKind};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What each name is bound to somewhere, with the variable that tells to which: its number among them.
pub type Choices<'a> = BTreeMap<(FunctionId, String), (VarId, Vec<Val<'a>>)>;

impl<'a> Lowerer<'a> {
    /// The object at a run-time place of a list.
    pub fn picked_object(&mut self, elements: Vec<Val<'a>>, place: ExprId, span: Span) -> Lowers<Val<'a>> {
        let range = Range::new(0i64, elements.len() as i64 - 1);
        let place = self.op(Op::Check { range }, &[place], span)?;
        Ok(Val::Picked(Rc::new(elements), place))
    }

    /// `signals[index]` that is bound to a name by which it is driven: the signal, and not its value.
    pub fn picked_reference(
        &mut self,
        targets: &'a [ast::Expr],
        value: &'a ast::Expr,
    ) -> Lowers<Option<Val<'a>>> {
        let ([ast::Expr { kind: ExprKind::Name(name), .. }], ExprKind::Subscript { value: list, index }) =
            (targets, &value.kind)
        else {
            return Ok(None);
        };
        if !self.frame().driven.contains(name) || matches!(index.kind, ExprKind::Slice { .. }) {
            return Ok(None);
        }
        let list = self.eval(list)?;
        if !matches!(list, Val::ListObject(_) | Val::Sequence(..)) {
            return Ok(None);
        }
        let elements = self.elements(&list, value.span)?;
        let is_net = |element: &Val<'a>| matches!(element, Val::Signal(SignalRef::Net(..)));
        if elements.is_empty() || !elements.iter().all(is_net) {
            return Ok(None);
        }
        let place = self.eval(index)?;
        if place.as_const_int().is_some() {
            return Ok(None);
        }
        let place = self.int_expr(&place, index.span)?.id;
        let place = self.counted_from_end(place, elements.len(), index.span)?;
        self.picked_from.insert(value.span, "list");
        self.picked_object(elements, place, value.span).map(Some)
    }

    /// What a name stands for where it is read: of a picked signal its value.
    pub fn picked_value(&mut self, value: Val<'a>, span: Span) -> Lowers<Val<'a>> {
        match &value {
            Val::Picked(elements, place) if matches!(elements.first(), Some(Val::Signal(_))) => {
                self.pick(elements, *place, span)
            }
            _ => Ok(value),
        }
    }

    /// What the name at the beginning of a target was picked from, unless it is known which one it is.
    pub fn picked_name(&self, at: &ast::Expr, name: &str) -> Option<(Rc<Vec<Val<'a>>>, ExprId)> {
        if self.fixed.contains_key(&std::ptr::from_ref(at)) {
            return None;
        }
        let mut depth = self.frames.len().checked_sub(1);
        while let Some(frame) = depth.and_then(|depth| self.frames.get(depth)) {
            match frame.locals.get(name) {
                Some(Local::Known(Val::Picked(elements, place))) => {
                    return Some((Rc::clone(elements), *place));
                }
                Some(_) => return None,
                None => depth = frame.parent,
            }
        }
        None
    }

    /// What a name is bound to that other paths may bind to something else: a variable tells which.
    pub fn choice(&mut self, name: &str, value: &Val<'a>, span: Span) -> Local<'a> {
        let key = (self.frame().home, name.to_owned());
        let var = match self.choices.get(&key) {
            Some((var, _)) => *var,
            None => {
                let var = self.new_var(&format!("{name}_which"), Type::Int(Range::UNBOUNDED), false, span);
                self.choices.insert(key.clone(), (var, Vec::new()));
                var
            }
        };
        let known = self.choices.entry(key).or_insert_with(|| (var, Vec::new()));
        let place = known.1.iter().position(|other| same_reference(other, value)).unwrap_or_else(|| {
            known.1.push(value.clone());
            known.1.len() - 1
        });
        let all = Rc::new(known.1.clone());
        let place = self.body.exprs.int(place, span);
        self.assign_var(var, place, span);
        let place = self.read_var(var, span);
        Local::Object { value: value.clone(), which: Val::Picked(all, place) }
    }
}
