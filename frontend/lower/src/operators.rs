//! Operators: folded on constants, otherwise operators of the IR.

use crate::lowerer::{Lowerer, Lowers};
use crate::stmt::merge;
use crate::value::{Bounds, SignalRef, Typed, Val, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::Const;
use pyhw_ir::{ExprId, ExprKind, Int, Op, Stmt, StmtKind, Type, Value};
use pyhw_syntax::ast::{self, BinaryOp, BoolOp, CompareOp, UnaryOp};
use pyhw_syntax::names::bound_by_expr;
use std::rc::Rc;

/// The most elements or letters of a list or text that is repeated while lowering.
const MAX_REPEATED: usize = 65_536;

/// Whether it is `None`, for sure.
fn is_none(value: &Val<'_>) -> bool {
    matches!(value, Val::Const(Const::None))
}

/// Whether an expression denotes a signal, and not the value that it has.
pub fn is_signal_itself(value: &Val<'_>, expr: &ast::Expr) -> bool {
    let is_value = matches!(&expr.kind, ast::ExprKind::Attribute { attr, .. } if attr.name == "val");
    matches!(value, Val::Signal(_)) && !is_value
}

impl<'a> Lowerer<'a> {
    /// `-x`, `+x`, `~x`, `not x`.
    pub fn unary(&mut self, op: UnaryOp, operand: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        if op == UnaryOp::Not {
            return match self.truth(operand, span)? {
                Val::Const(Const::Bool(value)) => Ok(Val::bool(!value)),
                truth => {
                    let id = self.expr(&truth, span)?.id;
                    self.not(id, span)
                }
            };
        }
        if let Val::Const(Const::Float(value)) = operand {
            return match op {
                UnaryOp::Minus => Ok(Val::Const(Const::Float(-value))),
                UnaryOp::Plus => Ok(operand.clone()),
                UnaryOp::Invert | UnaryOp::Not => {
                    self.error(Code::PH0301, span, "`~` is not defined for a float")
                }
            };
        }
        if let Some(value) = operand.as_const_int() {
            return Ok(match op {
                UnaryOp::Minus => Val::int(value.neg()),
                UnaryOp::Plus => Val::int(value),
                UnaryOp::Invert => Val::int(value.not()),
                UnaryOp::Not => Val::bool(value.is_zero()),
            });
        }
        let typed = self.expr(operand, span)?;
        let is_bits = typed.is_bits() && *self.body.exprs.ty(typed.id) != Type::Bool;
        let typed = self.int_expr(&Val::Expr(typed), span)?;
        match op {
            UnaryOp::Plus => Ok(Val::Expr(Typed { id: typed.id, width: None })),
            UnaryOp::Minus => {
                let id = self.op(Op::Neg, &[typed.id], span)?;
                Ok(Val::Expr(Typed { id, width: None }))
            }
            UnaryOp::Invert | UnaryOp::Not => {
                let id = self.op(Op::Inv, &[typed.id], span)?;
                if typed.width.is_some_and(|width| width.bounds == Bounds::Unknown) {
                    let message =
                        "on some paths that lead here this is an `intbv` of a width, and on others it is not";
                    let error = Diagnostic::new(Code::PH0302, span, message).note(
                        "`~` of an `intbv` of a width stays within it, and that of an `int` is negative",
                    );
                    return self.fail(error.help("mask what it gives, or slice its operand: `~x[8:]`"));
                }
                // An `intbv` of a width that holds no negative values stays within its width.
                let unsigned = typed.width.is_some_and(Width::is_unsigned);
                let width = is_bits.then_some(Width::NONE);
                match typed.sized().filter(|_| is_bits && unsigned) {
                    Some(bits) => {
                        let id = self.op(Op::Slice { low: 0, width: bits }, &[id], span)?;
                        Ok(Val::Expr(Typed { id, width }))
                    }
                    None => Ok(Val::Expr(Typed { id, width })),
                }
            }
        }
    }

    /// The negation of a boolean expression; of a comparison, the opposite comparison.
    pub fn not(&mut self, id: ExprId, span: Span) -> Lowers<Val<'a>> {
        if let ExprKind::Op(Op::Not, args) = self.body.exprs.kind(id) {
            return Ok(Val::Expr(Typed { id: args[0], width: None }));
        }
        let id = self.op(Op::Not, &[id], span)?;
        Ok(Val::Expr(Typed { id, width: None }))
    }

    /// An arithmetic or bitwise operator.
    pub fn binary(&mut self, op: BinaryOp, left: &Val<'a>, right: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        if let (Val::Const(a), Val::Const(b)) = (left, right)
            && let Some(value) = fold(op, a, b)
        {
            return Ok(Val::Const(value));
        }
        if let Val::Const(Const::Str(template)) = left
            && op == BinaryOp::Mod
        {
            return self.percent(template, right, span);
        }
        if let (Val::Sequence(a, kind), Val::Sequence(b, _), BinaryOp::Add) = (left, right, op) {
            let joined = a.iter().chain(b.iter()).cloned().collect();
            return Ok(Val::Sequence(Rc::new(joined), kind.without_names()));
        }
        if let (Val::Sequence(elements, kind), Some(times), BinaryOp::Mul) = (left, right.as_const_int(), op)
        {
            let Some(times) = repeats(&times, elements.len()) else {
                let message = format!("a list of more than {MAX_REPEATED} elements is outside the subset");
                return self.outside(span, message);
            };
            let elements = if times > 1 { self.repeatable(elements, span) } else { elements.to_vec() };
            let repeated = (0..times).flat_map(|_| elements.iter().cloned()).collect();
            return Ok(Val::Sequence(Rc::new(repeated), kind.without_names()));
        }
        let a = self.expr(left, span)?;
        let b = self.expr(right, span)?;
        let both_bool = *self.body.exprs.ty(a.id) == Type::Bool && *self.body.exprs.ty(b.id) == Type::Bool;
        if both_bool && matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor) {
            let id = self.op(bitwise(op), &[a.id, b.id], span)?;
            return Ok(Val::Expr(Typed { id, width: None }));
        }
        if *self.body.exprs.ty(a.id) == Type::Text && op == BinaryOp::Add {
            return self.join_texts(a.id, b.id, span);
        }
        // `a & ~b` of bits is a bit, though `~b` alone is -1 or -2.
        if op == BinaryOp::And {
            for (bit, other) in [(a.id, b.id), (b.id, a.id)] {
                if let (Type::Bool, Some(inverted)) = (self.body.exprs.ty(bit), self.inverted_bit(other)) {
                    let Val::Expr(not) = self.not(inverted, span)? else { continue };
                    let both = self.op(Op::And, &[bit, not.id], span)?;
                    let id = self.bool_to_int(both, span)?;
                    return Ok(Val::Expr(Typed { id, width: None }));
                }
            }
        }
        let is_bits = |this: &Self, one: Typed| one.is_bits() && *this.body.exprs.ty(one.id) != Type::Bool;
        // An `intbv` without a width, as of MyHDL's operators: it shows in how the value is printed.
        let width = match op {
            BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => {
                (is_bits(self, a) || is_bits(self, b)).then_some(Width::NONE)
            }
            BinaryOp::ShiftLeft | BinaryOp::ShiftRight => is_bits(self, a).then_some(Width::NONE),
            BinaryOp::Add
            | BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::FloorDiv
            | BinaryOp::TrueDiv
            | BinaryOp::Mod
            | BinaryOp::Pow
            | BinaryOp::MatMul => None,
        };
        let a = self.int_expr(left, span)?;
        let b = self.int_expr(right, span)?;
        let op = match op {
            BinaryOp::Add => Op::Add,
            BinaryOp::Sub => Op::Sub,
            BinaryOp::Mul => Op::Mul,
            BinaryOp::FloorDiv => Op::FloorDiv,
            BinaryOp::Mod => Op::Mod,
            BinaryOp::Pow => Op::Pow,
            BinaryOp::ShiftLeft => Op::Shl,
            BinaryOp::ShiftRight => Op::Shr,
            BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => bitwise(op),
            BinaryOp::TrueDiv => {
                let error =
                    Diagnostic::new(Code::PH0201, span, "`/` gives a float, which hardware has none of")
                        .help("`//` divides integers");
                return self.fail(error);
            }
            BinaryOp::MatMul => return self.outside(span, "`@` is not in the subset"),
        };
        let id = self.op(op, &[a.id, b.id], span)?;
        Ok(Val::Expr(Typed { id, width }))
    }

    /// The bit whose complement, as an integer, an expression is.
    fn inverted_bit(&self, id: ExprId) -> Option<ExprId> {
        match self.body.exprs.kind(id) {
            ExprKind::Op(Op::Inv, inner) => match self.body.exprs.kind(inner[0]) {
                ExprKind::Op(Op::ToInt, bit) => Some(bit[0]),
                _ => None,
            },
            _ => None,
        }
    }

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

    /// Lowers what is evaluated on some paths only into a list of its own; `binds` tells whether it may bind names.
    fn perhaps<T>(
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

    /// One comparison.
    pub fn compare(&mut self, op: CompareOp, left: &Val<'a>, right: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        match op {
            CompareOp::In | CompareOp::NotIn => {
                let elements = match right {
                    Val::Dict(items) => items.iter().map(|(key, _)| key.clone()).collect(),
                    _ => self.elements(right, span)?,
                };
                let mut any = Val::bool(false);
                for element in &elements {
                    let one = self.compare(CompareOp::Eq, left, element, span)?;
                    any = self.either(any, one, span)?;
                }
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

    fn either(&mut self, a: Val<'a>, b: Val<'a>, span: Span) -> Lowers<Val<'a>> {
        self.combine(a, b, true, span)
    }

    fn both(&mut self, a: Val<'a>, b: Val<'a>, span: Span) -> Lowers<Val<'a>> {
        self.combine(a, b, false, span)
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

    fn expr_or_none(&mut self, value: &Val<'a>, span: Span) -> Option<Typed> {
        let checkpoint = self.checkpoint();
        let typed = self.expr(value, span).ok();
        if typed.is_none() {
            self.rewind(checkpoint);
        }
        typed
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
            return Ok(Val::Sequence(Rc::new(elements), kind.clone()));
        }
        let a = self.expr(&then, span)?;
        let b = self.expr(&other, span)?;
        let width = Width::merge(a.width, b.width);
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
            return Ok(Val::Expr(Typed { id, width }));
        }
        let ty = self.plain_type(a);
        let var = self.new_var("choice", ty, false, span);
        let store = |value| Stmt::new(StmtKind::Assign { place: pyhw_ir::Place::var(var), value }, span);
        then_stmts.push(store(a));
        else_stmts.push(store(b));
        self.emit(StmtKind::If { arms: vec![(cond, then_stmts)], orelse: else_stmts }, span);
        let id = self.read_var(var, span);
        Ok(Val::Expr(Typed { id, width }))
    }
}

fn bitwise(op: BinaryOp) -> Op {
    match op {
        BinaryOp::And => Op::And,
        BinaryOp::Or => Op::Or,
        _ => Op::Xor,
    }
}

fn types_never_equal(types: &(Type, Type)) -> bool {
    matches!(types, (Type::Enum(_), Type::Enum(_)))
}

/// Whether two dict keys are the same key: `True` is `1`.
pub fn same_key(a: &Const, b: &Const) -> bool {
    a == b || matches!((const_int(a), const_int(b)), (Some(a), Some(b)) if a == b)
}

/// The integer that a constant counts as.
pub fn const_int(value: &Const) -> Option<Int> {
    match value {
        Const::Int(value) => Some(value.clone()),
        Const::Bool(value) => Some(Int::from(*value)),
        _ => None,
    }
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

/// How often `length` elements are repeated; `None` where that would be too many.
fn repeats(times: &Int, length: usize) -> Option<usize> {
    if times.is_negative() {
        return Some(0);
    }
    times.to_usize().filter(|times| times.saturating_mul(length) <= MAX_REPEATED)
}

/// An operator on two constants; `None` where it is left to run time (faults included).
fn fold(op: BinaryOp, a: &Const, b: &Const) -> Option<Const> {
    if let (Const::Str(a), Const::Str(b), BinaryOp::Add) = (a, b, op) {
        return Some(Const::Str(format!("{a}{b}")));
    }
    if let (Const::Str(text), Some(times), BinaryOp::Mul) = (a, const_int(b), op) {
        return Some(Const::Str(text.repeat(repeats(&times, text.len())?)));
    }
    if matches!(a, Const::Float(_)) || matches!(b, Const::Float(_)) || op == BinaryOp::TrueDiv {
        let float = |value: &Const| match value {
            Const::Float(value) => Some(*value),
            _ => const_int(value).and_then(|value| value.to_i64()).map(|value| value as f64),
        };
        let (a, b) = (float(a)?, float(b)?);
        return Some(Const::Float(match op {
            BinaryOp::Add => a + b,
            BinaryOp::Sub => a - b,
            BinaryOp::Mul => a * b,
            BinaryOp::TrueDiv if b != 0.0 => a / b,
            BinaryOp::FloorDiv if b != 0.0 => (a / b).floor(),
            BinaryOp::Pow => a.powf(b),
            _ => return None,
        }));
    }
    let (x, y) = (const_int(a)?, const_int(b)?);
    let amount = || y.to_u32().filter(|amount| *amount <= 65_536);
    let value = match op {
        BinaryOp::Add => x.add(&y),
        BinaryOp::Sub => x.sub(&y),
        BinaryOp::Mul => x.mul(&y),
        BinaryOp::FloorDiv => x.floor_div(&y)?,
        BinaryOp::Mod => x.floor_mod(&y)?,
        BinaryOp::Pow => {
            let exponent = amount()?;
            if u64::from(x.bit_length()) * u64::from(exponent) > 65_536 {
                return None;
            }
            x.pow(exponent)
        }
        BinaryOp::ShiftLeft => x.shl(amount()?),
        BinaryOp::ShiftRight => x.shr(amount()?),
        BinaryOp::And => x.and(&y),
        BinaryOp::Or => x.or(&y),
        BinaryOp::Xor => x.xor(&y),
        BinaryOp::TrueDiv | BinaryOp::MatMul => return None,
    };
    let both_bool = matches!((a, b), (Const::Bool(_), Const::Bool(_)));
    if both_bool && matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor) {
        return Some(Const::Bool(!value.is_zero()));
    }
    Some(Const::Int(value))
}
