//! Elements of a local list that trade places: `values[i], values[j] = values[j], values[i]`.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::{Local, SequenceKind, Val, VarRef};
use pyhw_diagnostics::Span;
use pyhw_ir::VarId;
use pyhw_syntax::ast::{self, ExprKind};
use std::collections::BTreeSet;

impl<'a> Lowerer<'a> {
    /// Objects of a list that changes on some paths trade places. Nothing else refers to them, so that their values can trade
    /// places instead, and the list holds the same objects on every path. Gives whether that is what the assignment does.
    pub fn exchange(&mut self, targets: &[&'a ast::Expr], values: &[Val<'a>], span: Span) -> Lowers<bool> {
        let Some(name) = same_list(targets) else { return Ok(false) };
        if !self.frame().changing.contains(name) {
            return Ok(false);
        }
        let before = self.checkpoint();
        let exchanged = self.exchange_in(name, targets, values, span)?;
        if !exchanged {
            // The places are evaluated where they are stored into.
            self.rewind(before);
        }
        Ok(exchanged)
    }

    fn exchange_in(
        &mut self,
        name: &str,
        targets: &[&'a ast::Expr],
        values: &[Val<'a>],
        span: Span,
    ) -> Lowers<bool> {
        let Some(Local::Known(Val::Sequence(elements, SequenceKind::List))) =
            self.frame().locals.get(name).cloned()
        else {
            return Ok(false);
        };
        let (mut from, mut into) = (Vec::new(), Vec::new());
        for (target, value) in targets.iter().zip(values) {
            let (ExprKind::Subscript { index, .. }, Val::Var(VarRef { var, index: None }, _)) =
                (&target.kind, value)
            else {
                return Ok(false);
            };
            from.push(*var);
            let place = self.eval(index)?.as_const_int().and_then(|place| place.to_usize());
            match place.and_then(|place| elements.get(place)) {
                Some(Val::Var(VarRef { var, index: None }, _)) => into.push(*var),
                _ => return Ok(false),
            }
        }
        let objects: BTreeSet<VarId> = from.iter().copied().collect();
        let is_exchange = objects.len() == from.len() && objects == into.iter().copied().collect();
        let is_one_type = from.iter().all(|var| {
            let (var, first) = (self.body.var(*var), self.body.var(from[0]));
            var.ty == first.ty && var.wraps == first.wraps
        });
        if !is_exchange || !is_one_type || self.refers_elsewhere(&objects, name) {
            return Ok(false);
        }
        // What is changed before it is taken has to be kept.
        let mut sources = from.clone();
        for (index, var) in from.iter().enumerate() {
            if into[..index].contains(var) {
                let ty = self.body.var(*var).ty.clone();
                let copy = self.new_var("taken", ty, false, span);
                let value = self.read_var(*var, span);
                self.assign_var(copy, value, span);
                sources[index] = copy;
            }
        }
        for (var, source) in into.iter().zip(sources) {
            let value = self.read_var(source, span);
            self.assign_var(*var, value, span);
        }
        Ok(true)
    }

    /// Whether a name other than the list refers to one of the objects.
    fn refers_elsewhere(&mut self, objects: &BTreeSet<VarId>, list: &str) -> bool {
        let innermost = self.frames.len().saturating_sub(1);
        self.frames.iter().enumerate().any(|(depth, frame)| {
            frame.locals.iter().any(|(name, local)| match local {
                Local::Known(value) => (depth, name.as_str()) != (innermost, list) && refers(value, objects),
                Local::Var { .. }
                | Local::Alias { .. }
                | Local::Object { .. }
                | Local::Conflict(_)
                | Local::Missing(_)
                | Local::LeftOut(_) => false,
            })
        })
    }
}

/// The list whose elements all of these are.
fn same_list<'e>(targets: &[&'e ast::Expr]) -> Option<&'e str> {
    let mut list: Option<&'e str> = None;
    for target in targets {
        let ExprKind::Subscript { value, .. } = &target.kind else { return None };
        let ExprKind::Name(name) = &value.kind else { return None };
        if *list.get_or_insert(name) != name {
            return None;
        }
    }
    list
}

fn refers(value: &Val<'_>, objects: &BTreeSet<VarId>) -> bool {
    match value {
        Val::Var(at, _) => objects.contains(&at.var),
        Val::Sequence(elements, _) => elements.iter().any(|element| refers(element, objects)),
        Val::Dict(items) => items.iter().any(|(key, value)| refers(key, objects) || refers(value, objects)),
        Val::Method(receiver, _) => refers(receiver, objects),
        _ => false,
    }
}
