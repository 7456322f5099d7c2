//! The order in which the parts of an expression are evaluated, where a call in it changes what others read.
//!
//! ```text
//! q.next = 2 * x + step(x)        $taken = mul(2, $x)
//!                          ─►     $x = …                     (what `step` does)
//!                                 %q <= add($taken, $x)
//! ```
//!
//! An expression is lowered as one, and what its calls do stands before it. Only where a call turns out to change variables of its
//! caller is the expression lowered once more, with a variable for each part.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::Val;
use pyhw_diagnostics::Span;
use pyhw_ir::Type;
use pyhw_syntax::ast::{self, ExprKind};
use pyhw_syntax::visit::{Visitor, walk_expr};

impl<'a> Lowerer<'a> {
    /// Lowers what evaluates these expressions, in Python's order if that matters.
    pub fn ordered<T>(
        &mut self,
        parts: &[&'a ast::Expr],
        mut lower: impl FnMut(&mut Self) -> Lowers<T>,
    ) -> Lowers<T> {
        if self.in_order || !parts.iter().any(|part| has_call(part)) || is_one_call(parts) {
            return lower(self);
        }
        let (checkpoint, effects) = (self.checkpoint(), self.effects);
        let result = lower(self);
        if self.effects == effects {
            return result;
        }
        self.rewind(checkpoint);
        self.in_order = true;
        let result = lower(self);
        self.in_order = false;
        result
    }

    /// The value of an expression, whose parts are evaluated in Python's order if that matters.
    pub fn eval_ordered(&mut self, expr: &'a ast::Expr) -> Lowers<Val<'a>> {
        self.ordered(&[expr], |this| this.eval(expr))
    }

    /// The value as it is at this moment of an expression whose parts are evaluated in order. An object stays one.
    pub fn at_this_moment(&mut self, value: Val<'a>, span: Span) -> Lowers<Val<'a>> {
        match &value {
            Val::Expr(typed) if self.in_order => match self.body.exprs.ty(typed.id) {
                Type::Int(_) | Type::Bool | Type::Enum(_) => self.snapshot(&value, span),
                Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => Ok(value),
            },
            _ => Ok(value),
        }
    }
}

/// Whether there is one call only, and nothing beside it that its effects could reach.
fn is_one_call(parts: &[&ast::Expr]) -> bool {
    let (mut calls, mut others) = (0, 0);
    for part in parts {
        match &part.kind {
            ExprKind::Call { args, .. } if !args.iter().any(|arg| has_call(arg.value())) => calls += 1,
            _ if has_call(part) => others += 1,
            // A plain target: nothing in it is evaluated that a call could change.
            ExprKind::Name(_) => {}
            ExprKind::Attribute { value, .. } if matches!(value.kind, ExprKind::Name(_)) => {}
            _ => others += 1,
        }
    }
    calls == 1 && others == 0
}

fn has_call(expr: &ast::Expr) -> bool {
    let mut calls = Calls(false);
    calls.expr(expr);
    calls.0
}

struct Calls(bool);

impl<'a> Visitor<'a> for Calls {
    fn expr(&mut self, expr: &'a ast::Expr) {
        self.0 |= matches!(expr.kind, ExprKind::Call { .. });
        walk_expr(self, expr);
    }
}
