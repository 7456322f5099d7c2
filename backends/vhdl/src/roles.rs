//! What an operator is to VHDL, where several places ask.

use crate::phrase::Prec;
use pyhw_ir::Op;

/// What an operator is to VHDL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Compares: its sign and that of the opposite.
    Comparison(&'static str, &'static str),
    /// Reckons with two `integer`s: its sign and how it binds.
    Arithmetic(&'static str, Prec),
    /// Combines bits or truths.
    Gate(&'static str),
    /// None of these.
    Other,
}

/// The role of an operator.
pub(crate) fn role(op: &Op) -> Role {
    match op {
        Op::Eq => Role::Comparison("=", "/="),
        Op::Ne => Role::Comparison("/=", "="),
        Op::Lt => Role::Comparison("<", ">="),
        Op::Le => Role::Comparison("<=", ">"),
        Op::Gt => Role::Comparison(">", "<="),
        Op::Ge => Role::Comparison(">=", "<"),
        Op::Add => Role::Arithmetic("+", Prec::Adding),
        Op::Sub => Role::Arithmetic("-", Prec::Adding),
        Op::Mul => Role::Arithmetic("*", Prec::Multiplying),
        Op::FloorDiv => Role::Arithmetic("/", Prec::Multiplying),
        Op::Mod => Role::Arithmetic("mod", Prec::Multiplying),
        Op::And | Op::AndThen => Role::Gate("and"),
        Op::Or | Op::OrElse => Role::Gate("or"),
        Op::Xor => Role::Gate("xor"),
        Op::Neg | Op::Pow | Op::Inv | Op::Shl | Op::Shr | Op::Not | Op::Mux | Op::Bit => Role::Other,
        Op::Slice { .. } | Op::Concat { .. } | Op::Signed { .. } | Op::Wrap { .. } => Role::Other,
        Op::Refine { .. } | Op::Check { .. } | Op::ToInt | Op::ToBool | Op::IsZ => Role::Other,
        Op::Encode | Op::Decode { .. } | Op::Index | Op::Array => Role::Other,
        Op::Field { .. } | Op::Struct { .. } | Op::Now | Op::Format { .. } => Role::Other,
    }
}
