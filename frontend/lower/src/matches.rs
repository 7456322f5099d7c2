//! `match`: a switch over constants where the patterns are such, else a chain of conditions.

use crate::comparison::is_signal_itself;
use crate::lowerer::{Lowerer, Lowers};
use crate::stmt::{Env, Flow, merge};
use crate::value::Val;
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::Const;
use pyhw_ir::{Int, StmtKind, SwitchArm, Type, Value};
use pyhw_syntax::ast::{self, ExprKind, PatternKind};
use std::collections::HashSet;

impl<'a> Lowerer<'a> {
    /// Lowers a `match`.
    pub fn match_stmt(
        &mut self,
        subject: &'a ast::Expr,
        cases: &'a [ast::Case],
        tail: bool,
        span: Span,
    ) -> Lowers<Flow> {
        let mut subject_value = self.eval_ordered(subject)?;
        if matches!(subject_value, Val::Signal(_)) && !is_signal_itself(&subject_value, subject) {
            subject_value = Val::Expr(self.expr(&subject_value, subject.span)?);
        }
        if let Val::Expr(_) | Val::Signal(_) | Val::Var(..) = subject_value
            && cases.iter().all(|case| case.guard.is_none())
        {
            let typed = self.expr(&subject_value, subject.span)?;
            let is_signal = matches!(subject_value, Val::Signal(_));
            let mut values = Vec::new();
            for case in cases {
                match self.pattern_values(&case.pattern, typed.id, is_signal) {
                    Some(one) => values.push(one),
                    None => break,
                }
            }
            // A switch takes a value; what is not driven is compared, and equals none.
            if values.len() == cases.len() && !self.expr_may_be_none(typed.id) {
                cases.iter().for_each(|case| self.note_case(&subject_value, subject, &case.pattern));
                return self.switch(typed.id, cases, values, tail, span);
            }
        }
        self.match_chain(&subject_value, cases, tail, span)
    }

    /// The constants that a pattern stands for, an empty list for one that fits everything; `None` if it is of another kind.
    fn pattern_values(
        &mut self,
        pattern: &'a ast::Pattern,
        subject: pyhw_ir::ExprId,
        is_signal: bool,
    ) -> Option<Vec<Value>> {
        match &pattern.kind {
            PatternKind::Wildcard => Some(Vec::new()),
            PatternKind::Class { value, .. } => self.pattern_values(value, subject, is_signal),
            PatternKind::Or(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    let values = self.pattern_values(part, subject, is_signal)?;
                    if values.is_empty() {
                        return Some(values);
                    }
                    all.extend(values);
                }
                Some(all)
            }
            // `True` is asked for by identity.
            PatternKind::Value(expr) if is_signal && matches!(expr.kind, ExprKind::Bool(_)) => None,
            PatternKind::Value(expr) => {
                let checkpoint = self.checkpoint();
                let value = self.eval(expr);
                self.rewind(checkpoint);
                let value = match (value.ok()?, self.body.exprs.ty(subject)) {
                    (Val::Const(Const::Enum(of, member)), Type::Enum(subject)) if of == *subject => {
                        Value::Enum(member)
                    }
                    (Val::Const(Const::Int(value)), Type::Int(_)) => Value::Int(value),
                    (Val::Const(Const::Bool(value)), Type::Bool) => Value::Bool(value),
                    (Val::Const(Const::Int(value)), Type::Bool)
                        if value == Int::ZERO || value == Int::ONE =>
                    {
                        Value::Bool(value == Int::ONE)
                    }
                    _ => return None,
                };
                Some(vec![value])
            }
            PatternKind::Capture(_)
            | PatternKind::Sequence(_)
            | PatternKind::As { .. }
            | PatternKind::Unsupported { .. } => None,
        }
    }

    fn switch(
        &mut self,
        subject: pyhw_ir::ExprId,
        cases: &'a [ast::Case],
        values: Vec<Vec<Value>>,
        tail: bool,
        span: Span,
    ) -> Lowers<Flow> {
        let before = self.frame().locals.clone();
        let mut seen: HashSet<Value> = HashSet::new();
        let mut arms = Vec::new();
        let mut default = None;
        let mut after: Option<Env<'a>> = None;
        for (case, values) in cases.iter().zip(values) {
            let is_default = values.is_empty();
            // What the subject never is has no place in a switch.
            let is_possible = |value: &Value| match (value, self.body.exprs.ty(subject)) {
                (Value::Int(value), Type::Int(range)) => range.contains(value),
                _ => true,
            };
            let possible = values.into_iter().filter(is_possible);
            let fresh: Vec<Value> = possible.filter(|value| seen.insert(value.clone())).collect();
            if fresh.is_empty() && !is_default {
                continue;
            }
            self.frame().locals = before.clone();
            let (stmts, flow) = self.in_block(|this| Ok(this.block(&case.body, tail)));
            if flow? == Flow::Next {
                let env = std::mem::take(&mut self.frame().locals);
                after = Some(after.map_or_else(|| env.clone(), |other| merge(&other, &env, span)));
            }
            if is_default {
                default = Some(stmts);
                break;
            }
            arms.push(SwitchArm { values: fresh, body: stmts });
        }
        let covered = match self.body.exprs.ty(subject) {
            Type::Enum(of) => seen.len() == self.cx.elaborated.types.enums[of.index()].members.len(),
            Type::Bool => seen.len() == 2,
            Type::Int(range) => range.size().is_some_and(|size| size == Int::from(seen.len())),
            _ => false,
        };
        if covered {
            default = None;
        } else if default.is_none() {
            default = Some(Vec::new());
            after = Some(after.map_or_else(|| before.clone(), |other| merge(&other, &before, span)));
        }
        if arms.is_empty() {
            self.out.extend(default.unwrap_or_default());
        } else {
            self.emit(StmtKind::Switch { subject, arms, default }, span);
        }
        let flow = if after.is_some() { Flow::Next } else { Flow::Leaves };
        self.frame().locals = after.unwrap_or(before);
        Ok(flow)
    }

    fn match_chain(
        &mut self,
        subject: &Val<'a>,
        cases: &'a [ast::Case],
        tail: bool,
        span: Span,
    ) -> Lowers<Flow> {
        let Some((case, rest)) = cases.split_first() else { return Ok(Flow::Next) };
        let before = self.frame().locals.clone();
        let mut cond = self.pattern_cond(subject, &case.pattern)?;
        if let Some(guard) = &case.guard {
            let effects = self.effects;
            let value = self.eval_ordered(guard)?;
            if self.effects > effects {
                // It would happen where the pattern does not match, too.
                return self.outside(guard.span, "a guard that changes something");
            }
            let truth = self.truth(&value, guard.span)?;
            cond = self.combine(cond, truth, false, guard.span)?;
        }
        match cond {
            Val::Const(Const::Bool(true)) => Ok(self.block(&case.body, tail)),
            Val::Const(Const::Bool(false)) => {
                self.frame().locals = before;
                self.match_chain(subject, rest, tail, span)
            }
            cond => {
                let cond = self.expr(&cond, case.span)?.id;
                let (then_stmts, then_flow) = self.in_block(|this| Ok(this.block(&case.body, tail)));
                let after_then = std::mem::replace(&mut self.frame().locals, before);
                let (orelse, else_flow) = self.in_block(|this| this.match_chain(subject, rest, tail, span));
                let (then_flow, else_flow) = (then_flow?, else_flow?);
                let after_else = std::mem::take(&mut self.frame().locals);
                self.frame().locals = match (then_flow, else_flow) {
                    (Flow::Leaves, _) => after_else,
                    (Flow::Next, Flow::Leaves) => after_then,
                    (Flow::Next, Flow::Next) => merge(&after_then, &after_else, span),
                };
                self.emit_chain((cond, then_stmts), orelse, span);
                Ok(if then_flow == Flow::Leaves && else_flow == Flow::Leaves {
                    Flow::Leaves
                } else {
                    Flow::Next
                })
            }
        }
    }

    /// The condition under which a pattern fits; names in it are bound.
    fn pattern_cond(&mut self, subject: &Val<'a>, pattern: &'a ast::Pattern) -> Lowers<Val<'a>> {
        match &pattern.kind {
            PatternKind::Wildcard => Ok(Val::bool(true)),
            PatternKind::Class { value, .. } => self.pattern_cond(subject, value),
            PatternKind::Capture(name) => {
                self.bind(&name.name, subject, pattern.span)?;
                Ok(Val::bool(true))
            }
            PatternKind::Value(expr) => {
                let value = self.eval(expr)?;
                if matches!((&expr.kind, subject), (ExprKind::Bool(_), Val::Signal(_))) {
                    let message = "this asks whether the signal itself is a boolean, which none is";
                    let error = Diagnostic::new(Code::PH0201, pattern.span, message);
                    return self.fail(error.help("match its value: `match s.val:`, or the numbers 0 and 1"));
                }
                self.compare(ast::CompareOp::Eq, subject, &value, pattern.span)
            }
            PatternKind::Or(parts) => {
                let mut any = Val::bool(false);
                for part in parts {
                    let one = self.pattern_cond(subject, part)?;
                    any = self.combine(any, one, true, pattern.span)?;
                }
                Ok(any)
            }
            PatternKind::Sequence(parts) => {
                let elements = self.elements(subject, pattern.span)?;
                if elements.len() != parts.len() {
                    return Ok(Val::bool(false));
                }
                let mut all = Val::bool(true);
                for (part, element) in parts.iter().zip(&elements) {
                    let one = self.pattern_cond(element, part)?;
                    all = self.combine(all, one, false, pattern.span)?;
                }
                Ok(all)
            }
            PatternKind::As { pattern, name } => {
                let cond = self.pattern_cond(subject, pattern)?;
                self.bind(&name.name, subject, pattern.span)?;
                Ok(cond)
            }
            PatternKind::Unsupported { what, .. } => {
                let message = format!("{} is outside the subset", what.row().name);
                self.outside(pattern.span, message)
            }
        }
    }
}
