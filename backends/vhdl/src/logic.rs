//! Boolean expressions, as conditions (`boolean`) and as values (`std_logic`), and integers (`integer`).
//!
//! Nets are `std_logic`. Every boolean expression has one form that is natural to it: a comparison is a condition, a bit is a
//! value. `and`, `or` and `not` work on either; a conversion is written once, around the whole.

use crate::emitter::Emitter;
use crate::facts::strip;
use crate::helpers::Helper;
use crate::phrase::{Kind, Phrase, Prec, fits_integer, integer, range_fits_integer};
use crate::types::{Result, Shape, bug, inexpressible};
use pyhw_ir::{ExprId, ExprKind, Int, Op, Type, Value};

impl Emitter<'_> {
    /// Whether the natural form of a boolean expression is a condition.
    pub fn is_condition(&self, id: ExprId) -> bool {
        match self.body.exprs.kind(id) {
            ExprKind::Const(_) | ExprKind::Net(_) => false,
            ExprKind::Var(var) => self.var_shape(*var) == Some(&Shape::Boolean),
            ExprKind::Op(op, args) => match op {
                Op::Eq | Op::Ne => {
                    // Of two bits it is `xnor` and `xor`.
                    *self.body.exprs.ty(args[0]) != Type::Bool
                        || self.is_condition(args[0])
                        || self.is_condition(args[1])
                }
                Op::Lt | Op::Le | Op::Gt | Op::Ge => true,
                Op::Not => self.is_condition(args[0]),
                Op::And | Op::Or | Op::Xor => self.is_condition(args[0]) || self.is_condition(args[1]),
                // As a condition, the right one is evaluated only where the left one asks for it.
                Op::AndThen | Op::OrElse => {
                    self.is_condition(args[0]) || self.is_condition(args[1]) || self.facts.may_fault(args[1])
                }
                Op::Mux => self.is_condition(args[1]) || self.is_condition(args[2]),
                _ => false,
            },
        }
    }

    /// A boolean expression as `boolean`.
    pub fn condition(&mut self, id: ExprId) -> Result<Phrase> {
        let body = self.body;
        if let Some(Value::Bool(value)) = body.exprs.as_const(id) {
            return Ok(Phrase::primary(value.to_string()));
        }
        let ExprKind::Op(op, args) = body.exprs.kind(id) else {
            if self.is_condition(id) {
                return Ok(Phrase::primary(self.name(id)?));
            }
            return Ok(equals(&self.logic(id)?, true));
        };
        let args: &[ExprId] = args;
        match op {
            Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge => self.comparison(op, args[0], args[1]),
            Op::Not => self.negation(args[0]),
            Op::And | Op::AndThen => self.connective("and", args[0], args[1]),
            Op::Or | Op::OrElse => self.connective("or", args[0], args[1]),
            Op::Xor => self.bool_equality("/=", args[0], args[1]),
            Op::ToBool => {
                let (text, _) = self.exact(args[0])?;
                Ok(Phrase::relation(&text, "=", &Phrase::primary("1")))
            }
            Op::Mux => {
                if self.facts.may_fault(args[1]) || self.facts.may_fault(args[2]) {
                    return self.hoist_as(id, "choice", Shape::Boolean);
                }
                if !self.is_condition(id) {
                    return Ok(equals(&self.logic(id)?, true));
                }
                let cond = self.condition(args[0])?;
                let (yes, no) = (self.condition(args[1])?, self.condition(args[2])?);
                Ok(self.call(Helper::ChooseBoolean, &[&cond.text, &yes.text, &no.text]))
            }
            Op::Bit | Op::Index | Op::Field { .. } => Ok(equals(&self.logic(id)?, true)),
            Op::Neg
            | Op::Add
            | Op::Sub
            | Op::Mul
            | Op::FloorDiv
            | Op::Mod
            | Op::Pow
            | Op::Inv
            | Op::Shl
            | Op::Shr
            | Op::Slice { .. }
            | Op::Concat { .. }
            | Op::Signed { .. }
            | Op::Wrap { .. }
            | Op::Refine { .. }
            | Op::Check { .. }
            | Op::ToInt
            | Op::Encode
            | Op::Decode { .. }
            | Op::Array
            | Op::Struct { .. }
            | Op::Now
            | Op::Format { .. } => Err(bug(body.exprs.span(id), "not a boolean")),
        }
    }

    /// A boolean expression as `std_logic`.
    pub fn logic(&mut self, id: ExprId) -> Result<Phrase> {
        let body = self.body;
        if let Some(value) = body.exprs.as_const(id) {
            return Ok(Phrase::primary(match value {
                Value::Bool(true) => "'1'",
                Value::Bool(false) => "'0'",
                Value::Z => "'Z'",
                _ => return Err(bug(body.exprs.span(id), "not a boolean")),
            }));
        }
        if self.is_condition(id) {
            if let ExprKind::Op(Op::Mux, args) = body.exprs.kind(id)
                && !self.facts.may_fault(args[1])
                && !self.facts.may_fault(args[2])
            {
                return self.logic_choice(args[0], args[1], args[2]);
            }
            let text = self.condition(id)?;
            return Ok(self.call(Helper::ToStdLogic, &[&text.text]));
        }
        if self.is_name(id) {
            return Ok(Phrase::primary(self.name(id)?));
        }
        let ExprKind::Op(op, args) = body.exprs.kind(id) else {
            return Err(bug(body.exprs.span(id), "not a boolean"));
        };
        let args: &[ExprId] = args;
        let mut pair = |operator: &'static str| -> Result<Phrase> {
            let (left, right) = (self.logic(args[0])?, self.logic(args[1])?);
            Ok(gate(&left, operator, &right))
        };
        match op {
            Op::And | Op::AndThen => pair("and"),
            Op::Or | Op::OrElse => pair("or"),
            Op::Xor | Op::Ne => pair("xor"),
            Op::Eq => pair("xnor"),
            Op::Not => Ok(inverted(&self.logic(args[0])?)),
            Op::Mux => {
                if self.facts.may_fault(args[1]) || self.facts.may_fault(args[2]) {
                    return self.hoist(id, "choice");
                }
                self.logic_choice(args[0], args[1], args[2])
            }
            Op::Bit => self.bit(args[0], args[1]),
            Op::ToBool => self.constant_bit(args[0], 0),
            Op::Lt | Op::Le | Op::Gt | Op::Ge => Err(bug(body.exprs.span(id), "a condition")),
            Op::Neg
            | Op::Add
            | Op::Sub
            | Op::Mul
            | Op::FloorDiv
            | Op::Mod
            | Op::Pow
            | Op::Inv
            | Op::Shl
            | Op::Shr
            | Op::Slice { .. }
            | Op::Concat { .. }
            | Op::Signed { .. }
            | Op::Wrap { .. }
            | Op::Refine { .. }
            | Op::Check { .. }
            | Op::ToInt
            | Op::Encode
            | Op::Decode { .. }
            | Op::Index
            | Op::Array
            | Op::Field { .. }
            | Op::Struct { .. }
            | Op::Now
            | Op::Format { .. } => Err(bug(body.exprs.span(id), "not a boolean")),
        }
    }

    fn logic_choice(&mut self, cond: ExprId, yes: ExprId, no: ExprId) -> Result<Phrase> {
        let cond = self.condition(cond)?;
        let (yes, no) = (self.logic(yes)?, self.logic(no)?);
        Ok(self.call(Helper::ChooseLogic, &[&cond.text, &yes.text, &no.text]))
    }

    /// `a and b` or `a or b`: VHDL evaluates the right one of two `boolean`s only where it must.
    fn connective(&mut self, operator: &'static str, a: ExprId, b: ExprId) -> Result<Phrase> {
        let left = self.condition(a)?;
        let outer = self.take_before();
        let right = self.condition(b)?;
        let inner = std::mem::replace(&mut self.before, outer);
        if inner.is_empty() || !self.facts.may_fault(b) {
            self.before.extend(inner);
            return Ok(Phrase::logical(&left, operator, &right));
        }
        // What must stand before the right one may be done only where it is evaluated.
        let name = self.temp("holds", Shape::Boolean);
        self.before.push(format!("{name} := {};", left.text));
        let guard = if operator == "and" { name.clone() } else { format!("not {name}") };
        self.before.push(format!("if {guard} then"));
        self.before.extend(crate::emitter::indented(inner));
        self.before.push(format!("    {name} := {};", right.text));
        self.before.push("end if;".to_owned());
        Ok(Phrase::primary(name))
    }

    /// A condition negated: where it is a comparison, the opposite one.
    pub fn negation(&mut self, id: ExprId) -> Result<Phrase> {
        let body = self.body;
        if let ExprKind::Op(op, args) = body.exprs.kind(id) {
            let opposite = match op {
                Op::Eq => Some(Op::Ne),
                Op::Ne => Some(Op::Eq),
                Op::Lt => Some(Op::Ge),
                Op::Le => Some(Op::Gt),
                Op::Gt => Some(Op::Le),
                Op::Ge => Some(Op::Lt),
                _ => None,
            };
            if let Some(opposite) = opposite {
                return self.comparison(&opposite, args[0], args[1]);
            }
            if *op == Op::Not {
                return self.condition(args[0]);
            }
            if *op == Op::ToBool {
                let (text, _) = self.exact(args[0])?;
                return Ok(Phrase::relation(&text, "=", &Phrase::primary("0")));
            }
        }
        if self.is_condition(id) || body.exprs.as_const(id).is_some() {
            return Ok(Phrase::not(&self.condition(id)?));
        }
        if matches!(body.exprs.kind(id), ExprKind::Op(Op::And | Op::Or | Op::AndThen | Op::OrElse, _)) {
            return Ok(Phrase::not(&self.condition(id)?));
        }
        Ok(equals(&self.logic(id)?, false))
    }

    fn comparison(&mut self, op: &Op, a: ExprId, b: ExprId) -> Result<Phrase> {
        let body = self.body;
        let operator = match op {
            Op::Eq => "=",
            Op::Ne => "/=",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Gt => ">",
            Op::Ge => ">=",
            _ => return Err(bug(body.exprs.span(a), "not a comparison")),
        };
        match body.exprs.ty(a) {
            Type::Bool => self.bool_equality(operator, a, b),
            Type::Enum(_) => {
                let (left, right) = (self.enumeration(a)?, self.enumeration(b)?);
                Ok(Phrase::relation(&left, operator, &right))
            }
            Type::Text => {
                let (left, right) = (self.text(a)?, self.text(b)?);
                Ok(Phrase::relation(&left, operator, &right))
            }
            Type::Int(_) => self.int_comparison(operator, a, b),
            Type::Array(..) | Type::Struct(_) | Type::Opaque => {
                Err(bug(body.exprs.span(a), "values that cannot be compared"))
            }
        }
    }

    fn bool_equality(&mut self, operator: &str, a: ExprId, b: ExprId) -> Result<Phrase> {
        for (one, other) in [(a, b), (b, a)] {
            if let Some(Value::Bool(value)) = self.body.exprs.as_const(one) {
                let holds = *value == (operator == "=");
                return if holds { self.condition(other) } else { self.negation(other) };
            }
        }
        if self.is_condition(a) || self.is_condition(b) {
            let (left, right) = (self.condition(a)?, self.condition(b)?);
            let text = format!("{} {operator} {}", left.at_least(Prec::Adding), right.at_least(Prec::Adding));
            return Ok(Phrase::new(text, Prec::Relation));
        }
        let (left, right) = (self.logic(a)?, self.logic(b)?);
        Ok(match (literal(&left), literal(&right)) {
            (Some(left), Some(right)) => Phrase::primary(((left == right) == (operator == "=")).to_string()),
            (None, _) | (_, None) => Phrase::relation(&left, operator, &right),
        })
    }

    /// Operands may differ in width, not in type; `numeric_std` compares with integers as well.
    fn int_comparison(&mut self, operator: &str, a: ExprId, b: ExprId) -> Result<Phrase> {
        let (left_static, right_static) = (self.is_static(a), self.is_static(b));
        if left_static && right_static {
            let (left, right) = (self.integer(a)?, self.integer(b)?);
            return Ok(Phrase::relation(&left, operator, &right));
        }
        let suits = |emitter: &Self, integer: ExprId, other: ExprId| {
            emitter.kind(other).signed || !emitter.facts.range(integer).is_signed()
        };
        if right_static && suits(self, b, a) {
            let (left, _) = self.exact(a)?;
            let right = self.integer(b)?;
            return Ok(Phrase::relation(&left, operator, &right));
        }
        if left_static && suits(self, a, b) {
            let left = self.integer(a)?;
            let (right, _) = self.exact(b)?;
            return Ok(Phrase::relation(&left, operator, &right));
        }
        let ((left, _), (right, _)) = self.exact_pair(a, b)?;
        Ok(Phrase::relation(&left, operator, &right))
    }

    /// Bit `index` of the infinite two's complement form.
    fn bit(&mut self, of: ExprId, index: ExprId) -> Result<Phrase> {
        if let Some(index) = self.facts.constant(self.body, index) {
            let most = self.kind(of).width;
            return self.constant_bit(of, index.to_u32().unwrap_or(most).min(most));
        }
        let inner = strip(self.body, of);
        let own = self.kind(of);
        let inside = pyhw_ir::Range::new(0i64, i64::from(own.width) - 1);
        if self.is_name(inner) && inside.contains_range(&self.facts.range(index)) {
            let name = self.name(inner)?;
            return Ok(Phrase::primary(format!("{name}({})", self.integer(index)?.text)));
        }
        let (text, own) = self.exact(of)?;
        let index = self.amount(index, own.width)?;
        Ok(self.bit_at(&text, own, &index))
    }

    /// A bit at a fixed position; of what only moves or combines bits, the bits that it is made of.
    fn constant_bit(&mut self, of: ExprId, index: u32) -> Result<Phrase> {
        let body = self.body;
        if let Some(value) = self.facts.constant(body, of) {
            return Ok(Phrase::primary(if value.bit(index) { "'1'" } else { "'0'" }));
        }
        let inner = strip(body, of);
        let own = self.kind(of);
        if index >= own.width && !own.signed {
            return Ok(Phrase::primary("'0'"));
        }
        let index = index.min(own.width - 1);
        if self.is_name(inner) {
            let name = self.name(inner)?;
            return Ok(Phrase::primary(format!("{name}({index})")));
        }
        if let ExprKind::Op(op, args) = body.exprs.kind(inner) {
            let bitwise = match op {
                Op::And => Some("and"),
                Op::Or => Some("or"),
                Op::Xor => Some("xor"),
                _ => None,
            };
            if let Some(operator) = bitwise {
                let left = self.constant_bit(args[0], index)?;
                let right = self.constant_bit(args[1], index)?;
                return Ok(gate(&left, operator, &right));
            }
            match op {
                Op::Inv => return Ok(inverted(&self.constant_bit(args[0], index)?)),
                Op::Slice { low, width } if index < *width => {
                    return self.constant_bit(args[0], low + index);
                }
                Op::ToInt if index == 0 => return self.logic(args[0]),
                _ => {}
            }
        }
        let made = if index + 1 < own.width { Kind::unsigned(index + 1) } else { own };
        let operand = self.vector(of, made)?;
        Ok(self.bit_at(&operand, made, &index.to_string()))
    }

    /// A bit of what has no name: VHDL takes bits of names only, and what the indices of a result are depends on the function.
    fn bit_at(&mut self, text: &Phrase, kind: Kind, index: &str) -> Phrase {
        let helper = if kind.signed { Helper::SignedBit } else { Helper::UnsignedBit };
        self.call(helper, &[&text.text, index])
    }

    /// Whether an expression is made of constants and loop parameters so that VHDL computes it as an `integer`.
    pub fn is_static(&self, id: ExprId) -> bool {
        let range = self.facts.range(id);
        if !matches!(self.body.exprs.ty(id), Type::Int(_)) || !range_fits_integer(&range) {
            return false;
        }
        match self.body.exprs.kind(id) {
            ExprKind::Const(value) => value.as_int().is_some_and(fits_integer),
            ExprKind::Net(_) => false,
            ExprKind::Var(_) => self.param(id).is_some(),
            ExprKind::Op(op, args) => match op {
                Op::Add | Op::Sub | Op::Mul => self.is_static(args[0]) && self.is_static(args[1]),
                Op::Neg | Op::Refine { .. } | Op::Check { .. } => self.is_static(args[0]),
                Op::FloorDiv | Op::Mod => {
                    let naturals = !self.facts.range(args[0]).is_signed()
                        && self.facts.range(args[1]).min.is_some_and(|min| min > Int::ZERO);
                    naturals && self.is_static(args[0]) && self.is_static(args[1])
                }
                Op::Now => true,
                _ => false,
            },
        }
    }

    /// An integer expression as `integer`: an index, an amount, a count.
    pub fn integer(&mut self, id: ExprId) -> Result<Phrase> {
        let body = self.body;
        if let Some(value) = self.facts.constant(body, id) {
            return match integer(&value) {
                Some(text) => Ok(text),
                None => Err(inexpressible(body.exprs.span(id), "VHDL has no integer of more than 32 bits")),
            };
        }
        if self.is_static(id) {
            if let Some(text) = self.param(id) {
                return Ok(text.clone());
            }
            if let ExprKind::Op(op, args) = body.exprs.kind(id) {
                let args: &[ExprId] = args;
                let mut pair = |operator: &str, prec: Prec| -> Result<Phrase> {
                    let (left, right) = (self.integer(args[0])?, self.integer(args[1])?);
                    Ok(Phrase::binary(&left, operator, &right, prec))
                };
                return match op {
                    Op::Add => pair("+", Prec::Adding),
                    Op::Sub => pair("-", Prec::Adding),
                    Op::Mul => pair("*", Prec::Multiplying),
                    Op::FloorDiv => pair("/", Prec::Multiplying),
                    Op::Mod => pair("mod", Prec::Multiplying),
                    Op::Neg => {
                        let operand = self.integer(args[0])?;
                        Ok(Phrase::new(format!("-{}", operand.at_least(Prec::Multiplying)), Prec::Adding))
                    }
                    Op::Now => Ok(Phrase::new(format!("now / {}", self.unit.time(1)), Prec::Multiplying)),
                    _ => self.integer(args[0]),
                };
            }
        }
        // An index is reckoned as an integer where that says more than arithmetic on vectors.
        if let ExprKind::Op(op, args) = body.exprs.kind(strip(body, id))
            && let Some((operator, prec)) = match op {
                Op::Add => Some(("+", Prec::Adding)),
                Op::Sub => Some(("-", Prec::Adding)),
                Op::Mul => Some(("*", Prec::Multiplying)),
                _ => None,
            }
            && (self.is_static(args[0]) || self.is_static(args[1]))
            && [args[0], args[1], id].into_iter().all(|id| range_fits_integer(&self.facts.range(id)))
        {
            let (left, right) = (self.integer(args[0])?, self.integer(args[1])?);
            return Ok(Phrase::binary(&left, operator, &right, prec));
        }
        let mut own = self.kind(id);
        if own.width > if own.signed { 32 } else { 31 } {
            let range = self.facts.range(id);
            if !range_fits_integer(&range) {
                return Err(inexpressible(
                    body.exprs.span(id),
                    "VHDL has no integer of more than 32 bits, which an index or a count needs to be",
                ));
            }
            own = Kind::of(&range);
        }
        let text = self.vector(id, own)?;
        Ok(Phrase::call("to_integer", &[&text.text]))
    }
}

/// The value of a literal of `std_logic`, which says nothing of its type: two of them cannot be operands of one operator.
fn literal(text: &Phrase) -> Option<bool> {
    match text.text.as_str() {
        "'1'" => Some(true),
        "'0'" => Some(false),
        _ => None,
    }
}

fn bit_literal(value: bool) -> Phrase {
    Phrase::primary(if value { "'1'" } else { "'0'" })
}

/// `left operator right` of `std_logic`.
fn gate(left: &Phrase, operator: &'static str, right: &Phrase) -> Phrase {
    match (literal(left), literal(right)) {
        (Some(left), Some(right)) => bit_literal(match operator {
            "and" => left && right,
            "or" => left || right,
            "xor" => left != right,
            _ => left == right,
        }),
        (None, _) | (_, None) => Phrase::logical(left, operator, right),
    }
}

/// `not operand` of `std_logic`.
fn inverted(operand: &Phrase) -> Phrase {
    match literal(operand) {
        Some(value) => bit_literal(!value),
        None => Phrase::not(operand),
    }
}

/// `text = '1'` or `text = '0'`.
fn equals(text: &Phrase, value: bool) -> Phrase {
    match literal(text) {
        Some(literal) => Phrase::primary((literal == value).to_string()),
        None => Phrase::relation(text, "=", &bit_literal(value)),
    }
}
