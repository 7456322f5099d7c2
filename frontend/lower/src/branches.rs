//! What is evaluated on some paths only: `and`, `or`, and one of two values.

use crate::lowerer::{Lowerer, Lowers};
use crate::stmt::merge;
use crate::value::{SequenceKind, Typed, Val};
use pyhw_diagnostics::{Diagnostic, Span};
use pyhw_elaborate::Const;
use pyhw_ir::{ExprId, Op, Stmt, StmtKind, Type};
use pyhw_syntax::ast::{self, BoolOp};
use pyhw_syntax::names::bound_by_expr;
use std::rc::Rc;

impl<'a> Lowerer<'a> {
    /// `a and b`, `a or b`: the operand that decides.
    pub fn bool_op(&mut self, op: BoolOp, values: &'a [ast::Expr], span: Span) -> Lowers<Val<'a>> {
        let Some((first, rest)) = values.split_first() else {
            return self.fail(Diagnostic::bug(span, "an operator without operands"));
        };
        let left = self.eval(first)?;
        if rest.is_empty() {
            return Ok(left);
        }
        let truth = self.truth(&left, first.span)?;
        if let Val::Const(Const::Bool(known)) = truth {
            // The rest is not looked at where the first decides.
            return if known == (op == BoolOp::Or) { Ok(left) } else { self.bool_op(op, rest, span) };
        }
        let binds = rest.iter().any(|operand| !bound_by_expr(operand).is_empty());
        let (stmts, right) = self.perhaps(binds, span, |this| this.bool_op(op, rest, span));
        let right = right?;
        let truth = self.expr(&truth, span)?.id;
        let left = self.expr(&left, first.span)?;
        if let Some(right) = self.expr_or_none(&right, span)
            && stmts.is_empty()
            && *self.body.exprs.ty(left.id) == Type::Bool
            && *self.body.exprs.ty(right.id) == Type::Bool
        {
            let op = if op == BoolOp::And { Op::AndThen } else { Op::OrElse };
            let id = self.op(op, &[left.id, right.id], span)?;
            return Ok(Val::Expr(Typed { id, width: None }));
        }
        let left = Val::Expr(left);
        if op == BoolOp::And {
            self.choose(truth, (stmts, right), (Vec::new(), left), span)
        } else {
            self.choose(truth, (Vec::new(), left), (stmts, right), span)
        }
    }

    /// `body if test else orelse`.
    pub fn conditional(
        &mut self,
        test: &'a ast::Expr,
        body: &'a ast::Expr,
        orelse: &'a ast::Expr,
        span: Span,
    ) -> Lowers<Val<'a>> {
        let cond = self.eval(test)?;
        match self.truth(&cond, test.span)? {
            Val::Const(Const::Bool(true)) => self.eval(body),
            Val::Const(Const::Bool(false)) => self.eval(orelse),
            truth => {
                let truth = self.expr(&truth, test.span)?.id;
                let binds = !bound_by_expr(body).is_empty() || !bound_by_expr(orelse).is_empty();
                let before = binds.then(|| self.frame().locals.clone());
                let (then_stmts, then) = self.in_block(|this| this.eval(body));
                let after_then = before.map(|before| std::mem::replace(&mut self.frame().locals, before));
                let (else_stmts, other) = self.in_block(|this| this.eval(orelse));
                if let Some(after_then) = after_then {
                    let after_else = std::mem::take(&mut self.frame().locals);
                    self.frame().locals = merge(&after_then, &after_else, span);
                }
                self.choose(truth, (then_stmts, then?), (else_stmts, other?), span)
            }
        }
    }

    /// One of two values, with the statements that each needs before it.
    pub fn choose(
        &mut self,
        cond: ExprId,
        (mut then_stmts, then): (Vec<Stmt>, Val<'a>),
        (mut else_stmts, other): (Vec<Stmt>, Val<'a>),
        span: Span,
    ) -> Lowers<Val<'a>> {
        if let (Val::Sequence(a, kind), Val::Sequence(b, other_kind)) = (&then, &other)
            && kind == other_kind
            && a.len() == b.len()
            && then_stmts.is_empty()
            && else_stmts.is_empty()
        {
            let mut elements = Vec::new();
            for (a, b) in a.iter().zip(b.iter()) {
                elements.push(self.choose(cond, (Vec::new(), a.clone()), (Vec::new(), b.clone()), span)?);
            }
            // Neither of the lists themselves, into which a store would go.
            let kind = if *kind == SequenceKind::List { SequenceKind::Picked } else { kind.clone() };
            return Ok(Val::Sequence(Rc::new(elements), kind));
        }
        let a = self.expr(&then, span)?;
        let b = self.expr(&other, span)?;
        let width = self.merged(&[a, b]);
        let same_kind = matches!(
            (self.body.exprs.ty(a.id), self.body.exprs.ty(b.id)),
            (Type::Bool, Type::Bool) | (Type::Enum(_), Type::Enum(_)) | (Type::Text, Type::Text)
        );
        let (a, b) = if same_kind {
            (a.id, b.id)
        } else {
            (self.int_expr(&then, span)?.id, self.int_expr(&other, span)?.id)
        };
        if then_stmts.is_empty() && else_stmts.is_empty() {
            let id = self.op(Op::Mux, &[cond, a, b], span)?;
            if self.may_be_signal(&then) || self.may_be_signal(&other) {
                self.signal_choices.insert(id);
            }
            return Ok(Val::Expr(Typed { id, width }));
        }
        let ty = self.plain_type(a);
        let var = self.new_var("choice", ty, false, span);
        let store = |value| Stmt::new(StmtKind::Assign { place: pyhw_ir::Place::var(var), value }, span);
        then_stmts.push(store(a));
        else_stmts.push(store(b));
        self.emit(StmtKind::If { arms: vec![(cond, then_stmts)], orelse: else_stmts }, span);
        let id = self.read_var(var, span);
        if self.may_be_signal(&then) || self.may_be_signal(&other) {
            self.signal_choices.insert(id);
        }
        Ok(Val::Expr(Typed { id, width }))
    }

    /// Lowers what is evaluated on some paths only into a list of its own; `binds` tells whether it may bind names.
    pub fn perhaps<T>(
        &mut self,
        binds: bool,
        span: Span,
        lower: impl FnOnce(&mut Self) -> Lowers<T>,
    ) -> (Vec<Stmt>, Lowers<T>) {
        let before = binds.then(|| self.frame().locals.clone());
        let (stmts, result) = self.in_block(lower);
        if let Some(before) = before {
            let after = std::mem::take(&mut self.frame().locals);
            self.frame().locals = merge(&before, &after, span);
        }
        (stmts, result)
    }

    /// `a or b` (dominant true), `a and b` (dominant false), of truth values.
    pub fn combine(&mut self, a: Val<'a>, b: Val<'a>, dominant: bool, span: Span) -> Lowers<Val<'a>> {
        match (&a, &b) {
            (Val::Const(Const::Bool(value)), _) => Ok(if *value == dominant { a } else { b }),
            (_, Val::Const(Const::Bool(value))) if *value != dominant => Ok(a),
            _ => {
                let a = self.expr(&a, span)?.id;
                let b = self.expr(&b, span)?.id;
                let id = self.op(if dominant { Op::OrElse } else { Op::AndThen }, &[a, b], span)?;
                Ok(Val::Expr(Typed { id, width: None }))
            }
        }
    }

    /// Many truth values joined as [`Lowerer::combine`] joins two. They nest little, however many there are.
    pub fn any_or_all(&mut self, values: Vec<Val<'a>>, dominant: bool, span: Span) -> Lowers<Val<'a>> {
        let joined = self.together(values, &mut |this, a, b| this.combine(a, b, dominant, span))?;
        Ok(joined.unwrap_or_else(|| Val::bool(!dominant)))
    }

    /// Values joined from the left in groups, and these in groups again: what joins them may do so in any order of brackets.
    pub fn together(
        &mut self,
        mut values: Vec<Val<'a>>,
        join: &mut dyn FnMut(&mut Self, Val<'a>, Val<'a>) -> Lowers<Val<'a>>,
    ) -> Lowers<Option<Val<'a>>> {
        /// So many are joined one after the other, as they are written by hand.
        const GROUP: usize = 32;
        loop {
            let mut joined = Vec::new();
            for group in values.chunks(GROUP) {
                let mut group = group.iter().cloned();
                if let Some(first) = group.next() {
                    joined.push(group.try_fold(first, |all, one| join(self, all, one))?);
                }
            }
            if joined.len() <= 1 {
                return Ok(joined.pop());
            }
            values = joined;
        }
    }

    pub fn either(&mut self, a: Val<'a>, b: Val<'a>, span: Span) -> Lowers<Val<'a>> {
        self.combine(a, b, true, span)
    }

    pub fn both(&mut self, a: Val<'a>, b: Val<'a>, span: Span) -> Lowers<Val<'a>> {
        self.combine(a, b, false, span)
    }

    fn expr_or_none(&mut self, value: &Val<'a>, span: Span) -> Option<Typed> {
        let checkpoint = self.checkpoint();
        let typed = self.expr(value, span).ok();
        if typed.is_none() {
            self.rewind(checkpoint);
        }
        typed
    }
}
