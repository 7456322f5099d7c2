//! Comparisons: chains of them, with `None`, of what may not be driven, and of constants.

use crate::lowerer::{Lowerer, Lowers};
use crate::operators::const_int;
use crate::value::{SignalRef, Typed, Val};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::Const;
use pyhw_ir::{ExprId, ExprKind, Int, Op, Type, Value};
use pyhw_syntax::ast::{self, CompareOp, UnaryOp};
use pyhw_syntax::names::bound_by_expr;

impl<'a> Lowerer<'a> {
    /// `a < b <= c`.
    pub fn compare_chain(
        &mut self,
        first: &'a ast::Expr,
        rest: &'a [(CompareOp, ast::Expr)],
        span: Span,
    ) -> Lowers<Val<'a>> {
        let left = self.eval(first)?;
        self.compare_rest(left, first, rest, rest.len() > 1, span)
    }

    /// The comparisons from here on: each but the first is evaluated only where those before it hold.
    fn compare_rest(
        &mut self,
        left: Val<'a>,
        left_expr: &'a ast::Expr,
        rest: &'a [(CompareOp, ast::Expr)],
        among: bool,
        span: Span,
    ) -> Lowers<Val<'a>> {
        let Some(((op, right_expr), rest)) = rest.split_first() else {
            return self.fail(Diagnostic::bug(span, "a comparison without an operator"));
        };
        let mut right = self.eval(right_expr)?;
        if !rest.is_empty() {
            right = self.kept(&right, right_expr.span);
        }
        let place = left_expr.span.join(right_expr.span);
        let one = match op {
            CompareOp::Is | CompareOp::IsNot if is_none(&right) => {
                self.identity_with_none(*op, &left, left_expr, place)?
            }
            CompareOp::Is | CompareOp::IsNot if is_none(&left) => {
                self.identity_with_none(*op, &right, right_expr, place)?
            }
            CompareOp::Is | CompareOp::IsNot
                if is_signal_itself(&left, left_expr)
                    && is_signal_itself(&right, right_expr)
                    && let (Val::Signal(SignalRef::Net(a, _)), Val::Signal(SignalRef::Net(b, _))) =
                        (&left, &right) =>
            {
                Val::bool((a == b) == (*op == CompareOp::Is))
            }
            CompareOp::Is | CompareOp::IsNot
                if is_signal_itself(&left, left_expr) || is_signal_itself(&right, right_expr) =>
            {
                let error = Diagnostic::new(
                    Code::PH0201,
                    place,
                    "`is` asks for the signal itself, which no value is",
                );
                return self.fail(error.help("`==` compares values"));
            }
            _ => {
                let one = self.compare(*op, &left, &right, place)?;
                self.note_comparison(*op, (&left, left_expr), (&right, right_expr), among);
                one
            }
        };
        if rest.is_empty() || matches!(one, Val::Const(Const::Bool(false))) {
            return Ok(one);
        }
        if let Val::Const(Const::Bool(true)) = one {
            return self.compare_rest(right, right_expr, rest, among, span);
        }
        let cond = self.expr(&one, span)?.id;
        let binds = rest.iter().any(|(_, operand)| !bound_by_expr(operand).is_empty());
        let (stmts, more) =
            self.perhaps(binds, span, |this| this.compare_rest(right, right_expr, rest, among, span));
        let more = more?;
        if stmts.is_empty() {
            return self.both(Val::Expr(Typed { id: cond, width: None }), more, span);
        }
        self.choose(cond, (stmts, more), (Vec::new(), Val::bool(false)), span)
    }

    /// One comparison.
    pub fn compare(&mut self, op: CompareOp, left: &Val<'a>, right: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        match op {
            CompareOp::In | CompareOp::NotIn => {
                let elements: Vec<Val<'a>> = match right {
                    Val::Dict(items) => items.iter().map(|(key, _)| key.clone()).collect(),
                    _ => self.elements(right, span)?,
                };
                let any = self.is_among(left, &elements, span)?;
                return if op == CompareOp::In { Ok(any) } else { self.unary(UnaryOp::Not, &any, span) };
            }
            CompareOp::Is | CompareOp::IsNot => {
                if is_none(left) || is_none(right) {
                    let other = if is_none(left) { right } else { left };
                    let none = self.none(other, span)?;
                    return if op == CompareOp::Is {
                        Ok(none)
                    } else {
                        self.unary(UnaryOp::Not, &none, span)
                    };
                }
                let as_equal = if op == CompareOp::Is { CompareOp::Eq } else { CompareOp::Ne };
                return self.compare(as_equal, left, right, span);
            }
            CompareOp::Eq | CompareOp::Ne | CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => {
            }
        }
        if let (Val::Const(a), Val::Const(b)) = (left, right)
            && let Some(known) = compare_consts(op, a, b)
        {
            return Ok(Val::bool(known));
        }
        if let (Val::Sequence(a, _), Val::Sequence(b, _)) = (left, right)
            && matches!(op, CompareOp::Eq | CompareOp::Ne)
        {
            let mut all = Val::bool(a.len() == b.len());
            for (a, b) in a.iter().zip(b.iter()) {
                let one = self.compare(CompareOp::Eq, a, b, span)?;
                all = self.both(all, one, span)?;
            }
            return if op == CompareOp::Eq { Ok(all) } else { self.unary(UnaryOp::Not, &all, span) };
        }
        if let (Val::Instance(a), Val::Instance(b)) = (left, right)
            && matches!(op, CompareOp::Eq | CompareOp::Ne)
            && let (Some(fields), Some(others)) = (self.fields(*a), self.fields(*b))
        {
            let mut all = Val::bool(fields == others);
            for field in fields.iter().filter(|_| fields == others) {
                let (a, b) = (self.attribute(left, field, span)?, self.attribute(right, field, span)?);
                let one = self.compare(CompareOp::Eq, &a, &b, span)?;
                all = self.both(all, one, span)?;
            }
            return if op == CompareOp::Eq { Ok(all) } else { self.unary(UnaryOp::Not, &all, span) };
        }
        if is_none(left) || is_none(right) {
            let other = if is_none(left) { right } else { left };
            match op {
                CompareOp::Eq => return self.none(other, span),
                CompareOp::Ne => {
                    let none = self.none(other, span)?;
                    return self.unary(UnaryOp::Not, &none, span);
                }
                _ => {}
            }
        }
        // What is not driven equals nothing but what is not driven either. Hardware's `==` and `!=` do not know that.
        if matches!(op, CompareOp::Eq | CompareOp::Ne) {
            let sides = [self.none_of_bus(left, span)?, self.none_of_bus(right, span)?];
            match sides.each_ref().map(|none| none.as_const_int().is_none()) {
                [false, false] => {}
                [true, true] => {
                    let none = self.both(sides[0].clone(), sides[1].clone(), span)?;
                    let any = self.either(sides[0].clone(), sides[1].clone(), span)?;
                    let driven = self.unary(UnaryOp::Not, &any, span)?;
                    let equal = self.compare_values(CompareOp::Eq, left, right, span)?;
                    let equal = self.both(driven, equal, span)?;
                    let same = self.either(none, equal, span)?;
                    return if op == CompareOp::Eq {
                        Ok(same)
                    } else {
                        self.unary(UnaryOp::Not, &same, span)
                    };
                }
                [is_left, _] => {
                    let none = &sides[usize::from(!is_left)];
                    let compared = self.compare_values(op, left, right, span)?;
                    if op == CompareOp::Ne {
                        return self.either(none.clone(), compared, span);
                    }
                    let driven = self.unary(UnaryOp::Not, none, span)?;
                    return self.both(driven, compared, span);
                }
            }
        }
        self.compare_values(op, left, right, span)
    }

    /// One comparison of values that are there.
    fn compare_values(
        &mut self,
        op: CompareOp,
        left: &Val<'a>,
        right: &Val<'a>,
        span: Span,
    ) -> Lowers<Val<'a>> {
        let a = self.expr(left, span)?;
        let b = self.expr(right, span)?;
        let types = (self.body.exprs.ty(a.id).clone(), self.body.exprs.ty(b.id).clone());
        let ordered = !matches!(op, CompareOp::Eq | CompareOp::Ne);
        // A boolean beside 0 or 1 is the boolean itself or its negation.
        if !ordered {
            for (flag, other, other_type) in [(a.id, b.id, &types.1), (b.id, a.id, &types.0)] {
                if *self.body.exprs.ty(flag) == Type::Bool
                    && (*other_type == Type::Bool || matches!(other_type, Type::Int(_)))
                    && let Some(known) = self.body.exprs.as_const(other).map(|value| match value {
                        Value::Bool(value) => Some(*value),
                        Value::Int(value) => {
                            value.to_i64().filter(|value| (0..=1).contains(value)).map(|value| value == 1)
                        }
                        _ => None,
                    })
                    && let Some(known) = known
                {
                    if self.expr_may_be_none(flag) {
                        let known = self.body.exprs.bool(known, span);
                        let op = if op == CompareOp::Eq { Op::Eq } else { Op::Ne };
                        let id = self.op(op, &[flag, known], span)?;
                        return Ok(Val::Expr(Typed { id, width: None }));
                    }
                    return if known == (op == CompareOp::Eq) {
                        Ok(Val::Expr(Typed { id: flag, width: None }))
                    } else {
                        self.not(flag, span)
                    };
                }
            }
        }
        let (a, b) = match types {
            (Type::Enum(x), Type::Enum(y)) if x == y && !ordered => (a.id, b.id),
            (Type::Bool, Type::Bool) if !ordered => (a.id, b.id),
            (Type::Text, Type::Text) if !ordered => (a.id, b.id),
            (Type::Enum(_), _) | (_, Type::Enum(_)) | (Type::Text, _) | (_, Type::Text) => {
                if !ordered && types_never_equal(&types) {
                    self.note_different_enums(op, [a.id, b.id], span);
                    return Ok(Val::bool(op == CompareOp::Ne));
                }
                let message =
                    format!("{} and {} cannot be compared so", self.kind_of(a.id), self.kind_of(b.id));
                return self.error(Code::PH0301, span, message);
            }
            _ => (self.int_expr(left, span)?.id, self.int_expr(right, span)?.id),
        };
        let op = match op {
            CompareOp::Eq => Op::Eq,
            CompareOp::Ne => Op::Ne,
            CompareOp::Lt => Op::Lt,
            CompareOp::Le => Op::Le,
            CompareOp::Gt => Op::Gt,
            CompareOp::Ge => Op::Ge,
            CompareOp::In | CompareOp::NotIn | CompareOp::Is | CompareOp::IsNot => {
                return self.fail(Diagnostic::bug(span, "a comparison was not resolved"));
            }
        };
        let id = self.op(op, &[a, b], span)?;
        Ok(Val::Expr(Typed { id, width: None }))
    }

    /// Whether a value is None: of a tri-state net or a driver, whether it is driven.
    fn none(&mut self, value: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        match value {
            Val::Const(value) => Ok(Val::bool(*value == Const::None)),
            Val::Signal(SignalRef::Net(net, _) | SignalRef::Element(net, ..))
                if self.cx.nets.net(*net).ty == Type::Opaque =>
            {
                self.outside(span, "whether this is None is known to Python only")
            }
            Val::Expr(_) if self.gives_none => {
                self.outside(span, "what a function gave that ends without `return` on some path may be None")
            }
            _ => self.none_of_bus(value, span),
        }
    }

    /// Whether a tri-state net or a driver is not driven; false for everything else.
    fn none_of_bus(&mut self, value: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        let id = match value {
            Val::Signal(SignalRef::Net(net, _)) if self.cx.nets.net(*net).kind.may_be_z() => {
                self.read_net(*net, span)
            }
            Val::Expr(typed) => typed.id,
            _ => return Ok(Val::bool(false)),
        };
        self.is_z(id, span)
    }

    fn is_z(&mut self, id: ExprId, span: Span) -> Lowers<Val<'a>> {
        if !self.expr_may_be_none(id) {
            return Ok(Val::bool(false));
        }
        match self.body.exprs.kind(id) {
            ExprKind::Op(Op::Mux, args) => {
                let args = args.clone();
                let (then, otherwise) = (self.is_z(args[1], span)?, self.is_z(args[2], span)?);
                let (then, otherwise) = (self.expr(&then, span)?.id, self.expr(&otherwise, span)?.id);
                let id = self.op(Op::Mux, &[args[0], then, otherwise], span)?;
                Ok(Val::Expr(Typed { id, width: None }))
            }
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) | ExprKind::Op(..) => {
                let id = self.op(Op::IsZ, &[id], span)?;
                Ok(Val::Expr(Typed { id, width: None }))
            }
        }
    }

    /// A bus that is asked whether it is None, instead of its value. What may be no signal at all, as an argument, is asked so rightly.
    fn warn_of_signal_itself(&mut self, value: &Val<'a>, expr: &ast::Expr, op: CompareOp, span: Span) {
        let Val::Signal(SignalRef::Net(net, _)) = value else { return };
        if !self.cx.nets.net(*net).kind.may_be_z() {
            return;
        }
        let name = match &expr.kind {
            ast::ExprKind::Name(name) => name.clone(),
            _ => self.cx.nets.net(*net).name.clone(),
        };
        let answer = if op == CompareOp::IsNot { "True" } else { "False" };
        let message = format!("`{name}` is a signal and never None: this is always {answer}");
        let help = format!("`{name}.val is None` asks whether nothing drives it");
        self.warnings.push(Diagnostic::new(Code::PH0320, span, message).help(help));
    }

    /// `value is None`. A signal is an object, whatever its value; a local may be the one or the other.
    fn identity_with_none(
        &mut self,
        op: CompareOp,
        value: &Val<'a>,
        expr: &ast::Expr,
        span: Span,
    ) -> Lowers<Val<'a>> {
        let itself = match (value, &expr.kind) {
            (Val::Signal(_), ast::ExprKind::Attribute { attr, .. }) => attr.name != "val",
            (Val::Signal(SignalRef::Net(net, _)), ast::ExprKind::Name(name)) if self.is_local(name) => {
                let net = self.cx.nets.net(*net);
                if net.kind.may_be_z() || net.ty == Type::Opaque {
                    return self.outside(span, "whether this is None is known to Python only");
                }
                true
            }
            (Val::Signal(_), _) => true,
            _ => false,
        };
        if itself {
            self.warn_of_signal_itself(value, expr, op, span);
            return Ok(Val::bool(op == CompareOp::IsNot));
        }
        self.compare(op, value, &Val::Const(Const::None), span)
    }

    fn is_local(&self, name: &str) -> bool {
        self.frames
            .last()
            .is_some_and(|frame| frame.assigned.contains(name) || frame.locals.contains_key(name))
    }

    /// Whether nothing may drive what the expression is.
    pub fn expr_may_be_none(&self, id: ExprId) -> bool {
        match self.body.exprs.kind(id) {
            ExprKind::Net(net) => self.cx.nets.net(*net).kind.may_be_z(),
            ExprKind::Op(Op::Mux, args) => args[1..].iter().any(|arg| self.expr_may_be_none(*arg)),
            ExprKind::Op(..) | ExprKind::Const(_) | ExprKind::Var(_) => false,
        }
    }
}

/// Whether it is `None`, for sure.
fn is_none(value: &Val<'_>) -> bool {
    matches!(value, Val::Const(Const::None))
}

/// Whether an expression denotes a signal, and not the value that it has.
pub fn is_signal_itself(value: &Val<'_>, expr: &ast::Expr) -> bool {
    let is_value = matches!(&expr.kind, ast::ExprKind::Attribute { attr, .. } if attr.name == "val");
    matches!(value, Val::Signal(_)) && !is_value
}

fn types_never_equal(types: &(Type, Type)) -> bool {
    matches!(types, (Type::Enum(_), Type::Enum(_)))
}

/// Whether two dict keys are the same key: `True` is `1`.
pub fn same_key(a: &Const, b: &Const) -> bool {
    a == b || matches!((const_int(a), const_int(b)), (Some(a), Some(b)) if a == b)
}

fn compare_consts(op: CompareOp, a: &Const, b: &Const) -> Option<bool> {
    use std::cmp::Ordering;
    let ordering = match (a, b) {
        (Const::Float(a), Const::Float(b)) => a.partial_cmp(b)?,
        (Const::Str(a), Const::Str(b)) => a.cmp(b),
        _ => match (const_int(a), const_int(b), a, b) {
            (Some(a), Some(b), ..) => a.cmp(&b),
            (Some(a), _, _, Const::Float(b)) => compare_with_float(&a, *b)?,
            (_, Some(b), Const::Float(a), _) => compare_with_float(&b, *a)?.reverse(),
            _ => {
                let equal = a == b;
                return match op {
                    CompareOp::Eq => Some(equal),
                    CompareOp::Ne => Some(!equal),
                    _ => None,
                };
            }
        },
    };
    match op {
        CompareOp::Eq => Some(ordering == Ordering::Equal),
        CompareOp::Ne => Some(ordering != Ordering::Equal),
        CompareOp::Lt => Some(ordering == Ordering::Less),
        CompareOp::Le => Some(ordering != Ordering::Greater),
        CompareOp::Gt => Some(ordering == Ordering::Greater),
        CompareOp::Ge => Some(ordering != Ordering::Less),
        CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn => None,
    }
}

/// How an integer compares with a float, exactly; `None` with a NaN.
fn compare_with_float(a: &Int, b: f64) -> Option<std::cmp::Ordering> {
    use std::cmp::Ordering;
    if b.is_infinite() {
        return Some(if b > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    let whole = Int::from_radix(&format!("{:.0}", b.trunc()), 10)?;
    Some(a.cmp(&whole).then(0.0.partial_cmp(&b.fract())?))
}
