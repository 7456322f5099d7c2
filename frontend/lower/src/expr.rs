//! Expressions: each kind of them handed on to what lowers it.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::{Local, SequenceKind, Val};
use pyhw_diagnostics::{Code, Span};
use pyhw_elaborate::Const;
use pyhw_syntax::ast::{self, ExprKind};
use std::rc::Rc;

impl<'a> Lowerer<'a> {
    /// Lowers an expression.
    pub fn eval(&mut self, expr: &'a ast::Expr) -> Lowers<Val<'a>> {
        let span = expr.span;
        if let Some(value) = self.fixed.get(&std::ptr::from_ref(expr)) {
            return Ok(value.clone());
        }
        let value = self.eval_new(expr, span)?;
        if matches!(expr.kind, ExprKind::Name(_)) { Ok(value) } else { self.at_this_moment(value, span) }
    }

    fn eval_new(&mut self, expr: &'a ast::Expr, span: Span) -> Lowers<Val<'a>> {
        match &expr.kind {
            ExprKind::Name(name) => {
                let value = self.name(name, span)?;
                self.picked_value(value, span)
            }
            ExprKind::Int(value) => Ok(Val::int(value.clone())),
            ExprKind::Float(value) => Ok(Val::Const(Const::Float(*value))),
            ExprKind::Str(text) => Ok(Val::Const(Const::Str(text.clone()))),
            ExprKind::Bool(value) => Ok(Val::bool(*value)),
            ExprKind::None => Ok(Val::Const(Const::None)),
            ExprKind::Ellipsis => self.outside(span, "`...` has no meaning here"),
            ExprKind::FString(parts) => self.fstring(parts, span),
            ExprKind::Attribute { value, attr } => {
                if let ExprKind::Subscript { value: list, index } = &value.kind
                    && let Some(picked) = self.picked_attribute(list, index, &attr.name, span)?
                {
                    return Ok(picked);
                }
                let value = self.eval(value)?;
                self.attribute(&value, &attr.name, span)
            }
            ExprKind::Subscript { value, index } => {
                let value = self.eval(value)?;
                self.subscript(&value, index, span)
            }
            ExprKind::Slice { .. } => self.outside(span, "a slice stands only in brackets"),
            ExprKind::Call { function, args } => self.call(function, args, span),
            ExprKind::Unary { op, operand } => {
                let operand = self.eval(operand)?;
                self.unary(*op, &operand, span)
            }
            ExprKind::Binary { first, rest } => {
                let mut left = self.eval(first)?;
                for (op, right) in rest {
                    let right_value = self.eval(right)?;
                    let both = first.span.join(right.span);
                    left = self.binary(*op, &left, &right_value, both)?;
                    left = self.at_this_moment(left, both)?;
                }
                Ok(left)
            }
            ExprKind::BoolOp { op, values } => self.bool_op(*op, values, span),
            ExprKind::Compare { first, rest } => self.compare_chain(first, rest, span),
            ExprKind::Conditional { test, body, orelse } => self.conditional(test, body, orelse, span),
            ExprKind::Lambda(def) => Ok(self.closure(def)),
            ExprKind::Walrus { target, value } => {
                let before = self.reads.clone();
                let value = self.eval(value)?;
                if let Some(Local::Var { id, .. }) = self.frame().locals.get(&target.name)
                    && before.contains(id)
                {
                    let message =
                        format!("`{}` is read before `:=` changes it in one statement", target.name);
                    return self.outside(span, message);
                }
                self.bind(&target.name, &value, span)?;
                self.name(&target.name, span)
            }
            ExprKind::Tuple(elements) => self.sequence(elements, true),
            ExprKind::List(elements) | ExprKind::Set(elements) => self.sequence(elements, false),
            ExprKind::Dict(items) => {
                let mut entries = Vec::new();
                for item in items {
                    let Some(key) = &item.key else {
                        return self.outside(span, "`**` in a dict is not in the subset");
                    };
                    entries.push((self.eval(key)?, self.eval(&item.value)?));
                }
                Ok(Val::Dict(Rc::new(entries)))
            }
            ExprKind::Comprehension(comprehension) => self.comprehension(comprehension, span),
            ExprKind::Starred(_) => self.outside(span, "`*` cannot stand here"),
            ExprKind::Yield(_) => {
                self.error(Code::PH0205, span, "a wait stands here as a statement of its own")
            }
            ExprKind::YieldFrom(_) => {
                self.error(Code::PH0205, span, "`yield from` stands as a statement of its own")
            }
            ExprKind::Unsupported { what, .. } => {
                let message = format!("{} is outside the subset", what.row().name);
                self.outside(span, message)
            }
        }
    }

    fn sequence(&mut self, elements: &'a [ast::Expr], is_tuple: bool) -> Lowers<Val<'a>> {
        let mut values = Vec::new();
        for element in elements {
            if let ExprKind::Starred(inner) = &element.kind {
                let inner_value = self.eval(inner)?;
                values.extend(self.elements(&inner_value, element.span)?);
            } else {
                values.push(self.eval(element)?);
            }
        }
        Ok(Val::Sequence(Rc::new(values), if is_tuple { SequenceKind::Tuple } else { SequenceKind::List }))
    }
}
