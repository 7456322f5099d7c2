//! Boolean expressions, as conditions (`boolean`) and as values (`std_logic`).
//!
//! Nets are `std_logic`. Every boolean expression has one form that is natural to it: a comparison is a condition, a bit is a
//! value. `and`, `or` and `not` work on either; a conversion is written once, around the whole.

use crate::emitter::Emitter;
use crate::facts::chosen;
use crate::helpers::Helper;
use crate::phrase::{Phrase, Prec};
use crate::roles::{Role, role};
use crate::types::{Result, Shape, bug, inexpressible};
use pyhw_ir::{ExprId, ExprKind, Op, Type};

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
                Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::IsZ => true,
                Op::Not => self.is_condition(args[0]),
                Op::And | Op::Or | Op::Xor => self.is_condition(args[0]) || self.is_condition(args[1]),
                // As a condition, the right one is evaluated only where the left one asks for it.
                Op::AndThen | Op::OrElse => {
                    self.is_condition(args[0]) || self.is_condition(args[1]) || self.facts.may_fault(args[1])
                }
                Op::Mux => self.is_condition(args[1]) || self.is_condition(args[2]),
                Op::Bit | Op::ToBool | Op::Index | Op::Field { .. } => false,
                Op::Neg | Op::Add | Op::Sub | Op::Mul | Op::FloorDiv | Op::Mod | Op::Pow | Op::Inv => false,
                Op::Shl | Op::Shr | Op::Slice { .. } | Op::Concat { .. } | Op::Signed { .. } => false,
                Op::Wrap { .. } | Op::Refine { .. } | Op::Check { .. } | Op::ToInt => false,
                Op::Encode | Op::Decode { .. } | Op::Array | Op::Struct { .. } => false,
                Op::Now | Op::Format { .. } => false,
            },
        }
    }

    /// A boolean expression as `boolean`.
    pub fn condition(&mut self, id: ExprId) -> Result<Phrase> {
        let body = self.body;
        if let Some(value) = self.facts.truth(id) {
            return Ok(Phrase::primary(value.to_string()));
        }
        let id = chosen(body, &self.facts, id);
        let ExprKind::Op(op, args) = body.exprs.kind(id) else {
            if self.is_condition(id) {
                return Ok(Phrase::primary(self.name(id)?));
            }
            return Ok(equals(&self.logic(id)?, true));
        };
        let args: &[ExprId] = args;
        match op {
            Op::Eq => self.comparison("=", args[0], args[1]),
            Op::Ne => self.comparison("/=", args[0], args[1]),
            Op::Lt => self.comparison("<", args[0], args[1]),
            Op::Le => self.comparison("<=", args[0], args[1]),
            Op::Gt => self.comparison(">", args[0], args[1]),
            Op::Ge => self.comparison(">=", args[0], args[1]),
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
            Op::IsZ => self.is_z(args[0], "="),
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
        if let Some(value) = self.facts.truth(id) {
            return Ok(bit_literal(value));
        }
        let id = chosen(body, &self.facts, id);
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
            Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::IsZ => Err(bug(body.exprs.span(id), "a condition")),
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
        if let Some(value) = self.facts.truth(id) {
            return Ok(Phrase::primary((!value).to_string()));
        }
        if let ExprKind::Op(op, args) = body.exprs.kind(id) {
            if let Role::Comparison(_, opposite) = role(op) {
                return self.comparison(opposite, args[0], args[1]);
            }
            if *op == Op::IsZ {
                return self.is_z(args[0], "/=");
            }
            if *op == Op::Not {
                return self.condition(args[0]);
            }
            if *op == Op::ToBool {
                let (text, _) = self.exact(args[0])?;
                return Ok(Phrase::relation(&text, "=", &Phrase::primary("0")));
            }
        }
        if self.is_condition(id) {
            return Ok(Phrase::not(&self.condition(id)?));
        }
        if matches!(body.exprs.kind(id), ExprKind::Op(Op::And | Op::Or | Op::AndThen | Op::OrElse, _)) {
            return Ok(Phrase::not(&self.condition(id)?));
        }
        Ok(equals(&self.logic(id)?, false))
    }

    fn comparison(&mut self, operator: &str, a: ExprId, b: ExprId) -> Result<Phrase> {
        let body = self.body;
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

    /// Whether nothing drives a tri-state net.
    fn is_z(&mut self, of: ExprId, operator: &str) -> Result<Phrase> {
        let (name, shape) = (self.name(of)?, self.shape(of)?);
        match shape {
            Shape::Logic => Ok(Phrase::relation(&Phrase::primary(name), operator, &Phrase::primary("'Z'"))),
            // `numeric_std` takes a vector that is not driven for unequal to everything.
            Shape::Vector(_) => {
                let bits = Phrase::call("std_logic_vector", &[&name]);
                Ok(Phrase::relation(&bits, operator, &Phrase::primary(format!("({name}'range => 'Z')"))))
            }
            Shape::Boolean | Shape::Enum(_) | Shape::Array(..) | Shape::Record(_) => Err(inexpressible(
                self.body.exprs.span(of),
                "VHDL has no `Z` among the values of an enumeration",
            )),
        }
    }

    fn bool_equality(&mut self, operator: &str, a: ExprId, b: ExprId) -> Result<Phrase> {
        for (one, other) in [(a, b), (b, a)] {
            if let Some(value) = self.facts.truth(one) {
                let holds = value == (operator == "=");
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
            emitter.kind(other).signed || !emitter.facts.raw_range(integer).is_signed()
        };
        if right_static && suits(self, b, a) {
            let (left, _) = self.natural(a)?;
            let right = self.integer(b)?;
            return Ok(Phrase::relation(&left, operator, &right));
        }
        if left_static && suits(self, a, b) {
            let left = self.integer(a)?;
            let (right, _) = self.natural(b)?;
            return Ok(Phrase::relation(&left, operator, &right));
        }
        let ((left, _), (right, _)) = self.exact_pair(a, b)?;
        Ok(Phrase::relation(&left, operator, &right))
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

/// Whether a gate gives its other operand where one is this bit.
fn is_idle(operator: &str, bit: bool) -> bool {
    match operator {
        "and" => bit,
        "or" | "xor" => !bit,
        _ => false,
    }
}

/// `left operator right` of `std_logic`.
pub(crate) fn gate(left: &Phrase, operator: &'static str, right: &Phrase) -> Phrase {
    match (literal(left), literal(right)) {
        (Some(left), Some(right)) => bit_literal(match operator {
            "and" => left && right,
            "or" => left || right,
            "xor" => left != right,
            _ => left == right,
        }),
        // What changes nothing is not written.
        (None, Some(right)) if is_idle(operator, right) => left.clone(),
        (Some(left), None) if is_idle(operator, left) => right.clone(),
        (None, _) | (_, None) => Phrase::logical(left, operator, right),
    }
}

/// `not operand` of `std_logic`.
pub(crate) fn inverted(operand: &Phrase) -> Phrase {
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
