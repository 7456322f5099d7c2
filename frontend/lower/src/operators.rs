//! Arithmetic and bitwise operators: folded on constants, otherwise operators of the IR.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::{Typed, Val, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::Const;
use pyhw_ir::{ExprId, ExprKind, Int, Op, Type};
use pyhw_syntax::ast::{BinaryOp, UnaryOp};
use std::rc::Rc;

/// The most elements or letters of a list or text that is repeated while lowering.
const MAX_REPEATED: usize = 65_536;

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
                if typed.width.is_some_and(|width| width.matters() && width.depends()) {
                    let message =
                        "on some paths that lead here this is an `intbv` of a width, and on others it is not";
                    let error = Diagnostic::new(Code::PH0302, span, message).note(
                        "`~` of an `intbv` of a width stays within it, and that of an `int` is negative",
                    );
                    return self.fail(error.help("mask what it gives, or slice its operand: `~x[8:]`"));
                }
                // An `intbv` of a width that holds no negative values stays within its width.
                let unsigned = typed.width.is_some_and(Width::is_unsigned);
                let width = match typed.width {
                    Some(_) if is_bits => Some(Width::NONE),
                    Some(Width::NUMBER) => Some(Width::NUMBER),
                    Some(_) | None => None,
                };
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
        let depends = |one: Typed| one.width.is_some_and(Width::depends);
        let bits_of = |is_bits: bool, depends: bool| match (is_bits, depends) {
            (true, _) => Some(Width::NONE),
            (false, true) => Some(Width::NUMBER),
            (false, false) => None,
        };
        let width = match op {
            BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => {
                bits_of(is_bits(self, a) || is_bits(self, b), depends(a) || depends(b))
            }
            BinaryOp::ShiftLeft | BinaryOp::ShiftRight => bits_of(is_bits(self, a), depends(a)),
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
        let least = self.body.exprs.range(b.id).and_then(|range| range.min.as_ref());
        if op == Op::Pow && least.is_some_and(Int::is_negative) {
            let what = "a power with a negative exponent is a float, which hardware has none of";
            let error = Diagnostic::new(Code::PH0201, span, what);
            return self.fail(error.help("`2 ** max(n, 0)` has none"));
        }
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
}

fn bitwise(op: BinaryOp) -> Op {
    match op {
        BinaryOp::And => Op::And,
        BinaryOp::Or => Op::Or,
        _ => Op::Xor,
    }
}

/// The integer that a constant counts as.
pub fn const_int(value: &Const) -> Option<Int> {
    match value {
        Const::Int(value) => Some(value.clone()),
        Const::Bool(value) => Some(Int::from(*value)),
        _ => None,
    }
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
