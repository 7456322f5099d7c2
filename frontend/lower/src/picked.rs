//! Stores into an element that a run-time index picks from a list that is no memory: `regs[addr].next = d` where something else
//! reaches `regs[0]` too. They are a case over the index, with one store for each element.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::Val;
use pyhw_diagnostics::{Code, Span};
use pyhw_ir::{ExprId, Int, Op, Range, StmtKind, SwitchArm, Value};
use pyhw_syntax::ast::{self, ExprKind};
use std::rc::Rc;

/// A run-time index in a target.
struct Pick<'a> {
    /// The index, or the name of what was picked before.
    at: &'a ast::Expr,
    /// What was picked from before.
    elements: Option<Rc<Vec<Val<'a>>>>,
    /// Where the list is indexed.
    span: Span,
    place: ExprId,
    /// How many elements the list has.
    length: usize,
    is_tuple: bool,
}

impl<'a> Lowerer<'a> {
    /// Stores into what a run-time index picks. Gives whether the target is of that kind.
    pub fn assign_picked(
        &mut self,
        target: &'a ast::Expr,
        value: &Val<'a>,
        span: Span,
        value_span: Span,
    ) -> Lowers<bool> {
        let Some(pick) = self.run_time_index(target)? else { return Ok(false) };
        let value = self.kept(value, value_span);
        let length = pick.length as i64;
        // Python counts negative ones from the end. One that reaches no element is a fault.
        let least = match self.body.exprs.range(pick.place) {
            _ if pick.elements.is_some() => 0,
            Some(range) if !range.is_signed() => 0,
            Some(_) | None => -length,
        };
        let range = Range::new(least, length - 1);
        let subject = self.op(Op::Check { range }, &[pick.place], pick.span)?;
        let reached = self.body.exprs.range(subject).cloned().unwrap_or(Range::UNBOUNDED);
        self.picked_from.insert(pick.span, if pick.is_tuple { "tuple" } else { "list" });
        let index = std::ptr::from_ref(pick.at);
        let mut arms = Vec::new();
        for place in 0..length {
            let values: Vec<Value> = [place, place - length]
                .into_iter()
                .filter(|value| reached.contains(&Int::from(*value)))
                .map(Value::int)
                .collect();
            // An index of a small type cannot name the last elements.
            if values.is_empty() {
                continue;
            }
            let one = pick.elements.as_ref().and_then(|elements| elements.get(place as usize)).cloned();
            let whole = self.fixed.insert(index, one.unwrap_or(Val::int(place)));
            self.picking += 1;
            let (body, stored) = self.in_block(|this| this.assign(target, &value, span, value_span));
            self.picking -= 1;
            // What is picked by a name is the element for this store only.
            match whole {
                Some(whole) => self.fixed.insert(index, whole),
                None => self.fixed.remove(&index),
            };
            stored?;
            arms.push(SwitchArm { values, body });
        }
        self.emit(StmtKind::Switch { subject, arms, default: None }, span);
        Ok(true)
    }

    /// Does something with a target of which each index is evaluated now, once and in Python's order, unless it has been.
    pub fn once_indexed<T>(
        &mut self,
        target: &'a ast::Expr,
        then: impl FnOnce(&mut Self) -> Lowers<T>,
    ) -> Lowers<T> {
        let mut indices = Vec::new();
        let mut at = target;
        loop {
            at = match &at.kind {
                ExprKind::Attribute { value, .. } => value,
                ExprKind::Subscript { value, index } => {
                    match &index.kind {
                        ExprKind::Slice { lower, upper, .. } => {
                            indices.extend(upper.as_deref().into_iter().chain(lower.as_deref()));
                        }
                        _ => indices.push(index),
                    }
                    value
                }
                ExprKind::Name(_) => break,
                // What a call gives comes first; such a target is gone through once.
                _ => {
                    indices.clear();
                    break;
                }
            };
        }
        let mut evaluated = Vec::new();
        let mut result = Ok(());
        for index in indices.into_iter().rev() {
            let key = std::ptr::from_ref(index);
            if self.fixed.contains_key(&key) {
                continue;
            }
            match self.eval(index) {
                Ok(value) => {
                    self.fixed.insert(key, value);
                    evaluated.push(key);
                }
                Err(failed) => {
                    result = Err(failed);
                    break;
                }
            }
        }
        let result = result.and_then(|()| then(self));
        for key in evaluated {
            self.fixed.remove(&key);
        }
        result
    }

    /// The first index in the target, from its beginning on, that only a run can tell and that picks from signals or objects.
    fn run_time_index(&mut self, target: &'a ast::Expr) -> Lowers<Option<Pick<'a>>> {
        let mut brackets = Vec::new();
        let mut at = target;
        loop {
            at = match &at.kind {
                ExprKind::Attribute { value, .. } => value,
                ExprKind::Subscript { value, index } => {
                    if !matches!(index.kind, ExprKind::Slice { .. } | ExprKind::Int(_)) {
                        brackets.push((at, &**value, &**index));
                    }
                    value
                }
                ExprKind::Name(name) => {
                    if let (Some((elements, place)), false) =
                        (self.picked_name(at, name), std::ptr::eq(at, target))
                    {
                        let length = elements.len();
                        let elements = Some(elements);
                        return Ok(Some(Pick {
                            at,
                            elements,
                            span: at.span,
                            place,
                            length,
                            is_tuple: false,
                        }));
                    }
                    break;
                }
                // A target of several, or none that names a list.
                _ => return Ok(None),
            };
        }
        for (whole, list, index) in brackets.into_iter().rev() {
            let span = whole.span;
            let is_replaced = std::ptr::eq(whole, target);
            let list = self.eval(list)?;
            if !matches!(list, Val::ListObject(_) | Val::Sequence(..)) {
                continue;
            }
            let elements = self.elements(&list, span)?;
            let may_be_picked = |element: &Val<'a>| {
                matches!(
                    element,
                    Val::Signal(_)
                        | Val::Instance(_)
                        | Val::Memory(..)
                        | Val::ListObject(_)
                        | Val::Sequence(..)
                ) || match element {
                    // One changes, or is another one afterwards.
                    Val::Var(..) => !is_replaced,
                    Val::Expr(_) | Val::Const(_) => is_replaced && matches!(list, Val::Sequence(..)),
                    _ => false,
                }
            };
            if elements.is_empty() || !elements.iter().all(may_be_picked) {
                continue;
            }
            let place = self.eval(index)?;
            if place.as_const_int().is_none() {
                let place = self.int_expr(&place, index.span)?.id;
                let is_counted = self.is_counted(place);
                let is_kept_otherwise = match elements.first() {
                    _ if is_counted => false,
                    Some(Val::Var(..)) => self.wants_table(&list),
                    Some(_) => is_replaced && !self.is_variable(&list) && self.wants_variables(&list),
                    None => false,
                };
                if is_kept_otherwise {
                    return self.begin_anew(index.span);
                }
                if is_counted {
                    // Written out turn by turn it is one store in each, and no case.
                    return self.error(
                        Code::PH0201,
                        index.span,
                        "the loop's counter picks what is stored into",
                    );
                }
                let is_tuple = matches!(&list, Val::Sequence(_, kind) if kind.is_tuple());
                return Ok(Some(Pick {
                    at: index,
                    elements: None,
                    span,
                    place,
                    length: elements.len(),
                    is_tuple,
                }));
            }
        }
        Ok(None)
    }

    /// `list[index] op= value`: an `intbv` in the list changes in place, and the list may have to be an array for that.
    pub fn prepare_update(&mut self, target: &'a ast::Expr) -> Lowers<()> {
        let ExprKind::Subscript { value: list, index } = &target.kind else { return Ok(()) };
        if matches!(index.kind, ExprKind::Slice { .. } | ExprKind::Int(_)) {
            return Ok(());
        }
        let list = self.eval(list)?;
        let Val::Sequence(elements, _) = &list else { return Ok(()) };
        if !elements.iter().all(|element| matches!(element, Val::Var(..))) {
            return Ok(());
        }
        let place = self.eval(index)?;
        if place.as_const_int().is_some() {
            return Ok(());
        }
        let place = self.int_expr(&place, index.span)?.id;
        if !self.is_counted(place) && self.wants_table(&list) {
            return self.begin_anew(index.span);
        }
        self.outside(index.span, "the place in a local list must be known when the design is elaborated")
    }

    /// Whether the counters of loops that are tried as loops say what the value is, and nothing else.
    fn is_counted(&self, value: ExprId) -> bool {
        let (mut counts, mut other) = (false, false);
        self.body.exprs.walk(value, &mut |id| match self.body.exprs.kind(id) {
            pyhw_ir::ExprKind::Var(var) if self.counters.contains(var) => counts = true,
            pyhw_ir::ExprKind::Var(_) | pyhw_ir::ExprKind::Net(_) => other = true,
            pyhw_ir::ExprKind::Const(_) | pyhw_ir::ExprKind::Op(..) => {}
        });
        counts && !other
    }
}
