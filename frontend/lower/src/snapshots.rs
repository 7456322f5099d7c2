//! Values that are kept as they are now, in variables of their own, because what they read changes or because they are long.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::{Local, SequenceKind, Typed, Val};
use pyhw_diagnostics::Span;
use pyhw_ir::{ExprId, VarId};
use pyhw_syntax::ast::{self, ExprKind};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The most operators and operands that an expression has which is written out wherever it is used.
const MAX_REPEATED: usize = 5;

impl<'a> Lowerer<'a> {
    /// The values of a parallel assignment, which are all taken before the first target changes: those that read what an earlier
    /// target changes are kept in variables of their own.
    pub fn taken(&mut self, targets: &[&ast::Expr], values: &[Val<'a>], span: Span) -> Lowers<Vec<Val<'a>>> {
        let mut changed: HashSet<VarId> = HashSet::new();
        let mut anything = false;
        let mut taken = Vec::new();
        for (target, value) in targets.iter().zip(values) {
            let is_changed = match value {
                Val::Expr(typed) => anything || self.reads_any(typed.id, &changed),
                _ => anything,
            };
            taken.push(if is_changed { self.snapshot(value, span)? } else { value.clone() });
            match &target.kind {
                ExprKind::Name(name) => {
                    let frame = self.frame();
                    let vars = frame.plain.iter().filter(|((known, _), _)| known == name);
                    changed.extend(vars.map(|(_, var)| *var));
                    if let Some(Local::Var { id, .. }) = frame.locals.get(name) {
                        changed.insert(*id);
                    }
                }
                // The next value of a signal is read by nothing.
                ExprKind::Attribute { attr, .. } if attr.name == "next" => {}
                _ => anything = true,
            }
        }
        Ok(taken)
    }

    /// Whether the expression reads one of the variables.
    fn reads_any(&self, id: ExprId, vars: &HashSet<VarId>) -> bool {
        let mut found = false;
        self.body.exprs.walk(id, &mut |id| {
            if let pyhw_ir::ExprKind::Var(var) = self.body.exprs.kind(id) {
                found |= vars.contains(var);
            }
        });
        found
    }

    /// Whether it is computed from elements of local lists that change.
    pub fn reads_elements(&self, value: &Val<'a>) -> bool {
        match value {
            Val::Expr(typed) => self.reads_any(typed.id, &self.element_vars),
            Val::Sequence(elements, _) => elements.iter().any(|element| self.reads_elements(element)),
            _ => false,
        }
    }

    /// The same value, kept in a variable of its own if later stores could change it.
    pub fn snapshot(&mut self, value: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        let Val::Expr(typed) = value else { return Ok(value.clone()) };
        // Where it waits, signals change as well.
        let may_change = self.reads_vars(typed.id) || (self.timed && self.reads_nets(typed.id));
        if !may_change {
            return Ok(value.clone());
        }
        let ty = self.plain_type(typed.id);
        let var = self.new_var("taken", ty, false, span);
        self.assign_var(var, typed.id, span);
        self.note_chosen_signal(var, typed.id);
        let id = self.read_var(var, span);
        Ok(Val::Expr(Typed { id, width: typed.width }))
    }

    /// The elements of a list or tuple as they are before any of them is stored: those of lists in it too. A list that stands in two places
    /// stays one.
    pub fn taken_elements(&mut self, elements: &Rc<Vec<Val<'a>>>, span: Span) -> Lowers<Rc<Vec<Val<'a>>>> {
        self.taken_once(elements, &mut HashMap::new(), span)
    }

    fn taken_once(
        &mut self,
        elements: &Rc<Vec<Val<'a>>>,
        known: &mut HashMap<*const Vec<Val<'a>>, Rc<Vec<Val<'a>>>>,
        span: Span,
    ) -> Lowers<Rc<Vec<Val<'a>>>> {
        let key = Rc::as_ptr(elements);
        if let Some(taken) = known.get(&key) {
            return Ok(Rc::clone(taken));
        }
        let mut taken = Vec::new();
        for element in elements.iter() {
            taken.push(match element {
                Val::Sequence(inner, SequenceKind::List) if !self.is_named(inner) => {
                    Val::Sequence(self.taken_once(inner, known, span)?, SequenceKind::List)
                }
                Val::Bits(typed, bits) if self.reads_any(typed.id, &self.element_vars) => {
                    let now = self.snapshot(&Val::Expr(*typed), span)?;
                    Val::Bits(self.expr(&now, span)?, bits.clone())
                }
                other => self.snapshot(other, span)?,
            });
        }
        let taken = Rc::new(taken);
        known.insert(key, Rc::clone(&taken));
        Ok(taken)
    }

    /// The same of everything in a list or tuple that has no name.
    pub fn snapshot_of_all(&mut self, value: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        match value {
            Val::Sequence(elements, kind) if !self.is_named(elements) => {
                let kept: Lowers<Vec<Val<'a>>> =
                    elements.iter().map(|element| self.snapshot_of_all(element, span)).collect();
                Ok(Val::Sequence(Rc::new(kept?), kind.clone()))
            }
            other => self.snapshot(other, span),
        }
    }

    /// The same value, kept in a variable of its own if it is long: it is used more than once, and text has no other way to share it.
    pub fn kept(&mut self, value: &Val<'a>, span: Span) -> Val<'a> {
        self.keep_in(&mut None, "kept", value, span)
    }

    /// The same value, kept in the keeper's variable if it is long; what that held is forgotten.
    pub fn keep_in(
        &mut self,
        keeper: &mut Option<VarId>,
        name: &str,
        value: &Val<'a>,
        span: Span,
    ) -> Val<'a> {
        let Val::Expr(typed) = value else { return value.clone() };
        if !self.is_long(typed.id) {
            return value.clone();
        }
        let ty = self.plain_type(typed.id);
        let var = match *keeper {
            Some(var) if self.body.var(var).ty == ty => var,
            Some(_) | None => self.new_var(name, ty, false, span),
        };
        *keeper = Some(var);
        self.assign_var(var, typed.id, span);
        self.note_chosen_signal(var, typed.id);
        let id = self.read_var(var, span);
        Val::Expr(Typed { id, width: typed.width })
    }

    /// Whether the expression, written out, has more parts than one likes to read twice.
    pub fn is_long(&self, id: ExprId) -> bool {
        let mut parts = 0;
        let mut stack = vec![id];
        while let Some(id) = stack.pop() {
            parts += 1;
            if parts > MAX_REPEATED {
                return true;
            }
            stack.extend(self.body.exprs.operands(id));
        }
        false
    }

    /// Whether the expression reads nets.
    pub fn reads_nets(&self, id: ExprId) -> bool {
        let mut found = false;
        self.body
            .exprs
            .walk(id, &mut |id| found |= matches!(self.body.exprs.kind(id), pyhw_ir::ExprKind::Net(_)));
        found
    }

    /// Whether the expression reads local variables.
    pub fn reads_vars(&self, id: ExprId) -> bool {
        let mut found = false;
        self.body
            .exprs
            .walk(id, &mut |id| found |= matches!(self.body.exprs.kind(id), pyhw_ir::ExprKind::Var(_)));
        found
    }
}
