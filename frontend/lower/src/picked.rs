//! Stores into an element that a run-time index picks from a list that is no memory: `regs[addr].next = d` where something else
//! reaches `regs[0]` too. They are a case over the index, with one store for each element.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::Val;
use pyhw_diagnostics::{Code, Span};
use pyhw_ir::{ExprId, Int, Op, Range, StmtKind, SwitchArm, Value};
use pyhw_syntax::ast::{self, ExprKind};

/// A run-time index in a target.
struct Pick<'a> {
    index: &'a ast::Expr,
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
            Some(range) if !range.is_signed() => 0,
            Some(_) | None => -length,
        };
        let range = Range::new(least, length - 1);
        let subject = self.op(Op::Check { range }, &[pick.place], pick.span)?;
        let reached = self.body.exprs.range(subject).cloned().unwrap_or(Range::UNBOUNDED);
        self.picked_from.insert(pick.span, if pick.is_tuple { "tuple" } else { "list" });
        let index = std::ptr::from_ref(pick.index);
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
            let whole = self.fixed.insert(index, Val::int(place));
            let (body, stored) = self.in_block(|this| this.assign(target, &value, span, value_span));
            if let Some(whole) = whole {
                self.fixed.insert(index, whole);
            }
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
                        brackets.push((&**value, &**index, at.span));
                    }
                    value
                }
                ExprKind::Name(_) => break,
                // A target of several, or none that names a list.
                _ => return Ok(None),
            };
        }
        for (list, index, span) in brackets.into_iter().rev() {
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
                )
            };
            if elements.is_empty() || !elements.iter().all(may_be_picked) {
                continue;
            }
            let place = self.eval(index)?;
            if place.as_const_int().is_none() {
                let place = self.int_expr(&place, index.span)?.id;
                if self.is_counted(place) {
                    // Written out turn by turn it is one store in each, and no case.
                    return self.error(
                        Code::PH0201,
                        index.span,
                        "the loop's counter picks what is stored into",
                    );
                }
                let is_tuple = matches!(&list, Val::Sequence(_, kind) if kind.is_tuple());
                return Ok(Some(Pick { index, span, place, length: elements.len(), is_tuple }));
            }
        }
        Ok(None)
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
