//! The table of operators: mnemonic, arity, typing rule and meaning of each.
//!
//! Builder, parser, printer, verifier, evaluator, documentation and the generator of random designs all read this table;
//! what an operator computes stands in [`crate::eval`], what interval it yields in [`crate::interval`].

use crate::design::{EnumId, StructId, Types};
use crate::format::Template;
use crate::interval;
use crate::types::{MAX_WIDTH_BITS, Range, Type};
use std::fmt;

/// How many operands an operator takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// Exactly so many.
    Exactly(usize),
    /// At least so many.
    AtLeast(usize),
}

/// A row of the operator table.
#[derive(Clone, Copy, Debug)]
pub struct OpInfo {
    /// The name in IR text.
    pub mnemonic: &'static str,
    /// The number of operands.
    pub arity: Arity,
    /// The typing rule in words: operand types and result type.
    pub rule: &'static str,
    /// What it denotes.
    pub meaning: &'static str,
    /// Whether evaluating it can be a fault.
    pub can_fault: bool,
}

/// Why operands do not fit an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeError {
    /// The number of operands is wrong.
    Arity {
        /// The operator's mnemonic.
        op: &'static str,
        /// How many it was given.
        given: usize,
    },
    /// An operand has a type that the operator does not take.
    Operand {
        /// The operator's mnemonic.
        op: &'static str,
        /// Which operand, from 0.
        index: usize,
        /// What the rule asks for.
        expected: &'static str,
    },
    /// The result would need more than [`MAX_WIDTH_BITS`].
    TooWide {
        /// The operator's mnemonic.
        op: &'static str,
    },
}

impl fmt::Display for TypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TypeError::Arity { op, given } => write!(f, "`{op}` does not take {given} operands"),
            TypeError::Operand { op, index, expected } => {
                write!(f, "operand {index} of `{op}` must be {expected}")
            }
            TypeError::TooWide { op } => {
                write!(f, "the result of `{op}` needs more than {MAX_WIDTH_BITS} bits")
            }
        }
    }
}

macro_rules! operators {
    ($($(#[$attr:meta])* $name:ident $({ $($field:ident : $ty:ty),* })? $mnemonic:literal $arity:expr, $fault:literal, $rule:literal, $meaning:literal;)*) => {
        /// An operator with its immediate parameters. The variants' documentation is the table's column *meaning*.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Op {
            $(#[doc = $meaning] #[doc = ""] #[doc = concat!("`` ", $rule, " ``")] $(#[$attr])* $name $({ $(#[allow(missing_docs)] $field: $ty),* })?,)*
        }

        impl Op {
            /// The operator's row of the table.
            pub fn info(&self) -> &'static OpInfo {
                match self {
                    $(Op::$name $({ $($field: _),* })? => &OpInfo {
                        mnemonic: $mnemonic, arity: $arity, rule: $rule, meaning: $meaning, can_fault: $fault,
                    },)*
                }
            }
        }

        /// Every row of the table, in order.
        pub const TABLE: &[OpInfo] = &[
            $(OpInfo { mnemonic: $mnemonic, arity: $arity, rule: $rule, meaning: $meaning, can_fault: $fault },)*
        ];
    };
}

impl Op {
    /// What Python calls it; the mnemonic of one that its operators do not have.
    pub fn symbol(&self) -> &'static str {
        match self {
            Op::Neg | Op::Sub => "-",
            Op::Add => "+",
            Op::Mul => "*",
            Op::FloorDiv => "//",
            Op::Mod => "%",
            Op::Pow => "**",
            Op::Shl => "<<",
            Op::Shr => ">>",
            Op::Inv => "~",
            Op::And => "&",
            Op::Or => "|",
            Op::Xor => "^",
            Op::Not => "not",
            Op::AndThen => "and",
            Op::OrElse => "or",
            Op::Eq => "==",
            Op::Ne => "!=",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Gt => ">",
            Op::Ge => ">=",
            Op::Mux
            | Op::Bit
            | Op::Slice { .. }
            | Op::Concat { .. }
            | Op::Signed { .. }
            | Op::Wrap { .. }
            | Op::Refine { .. }
            | Op::Check { .. }
            | Op::ToInt
            | Op::ToBool
            | Op::Encode
            | Op::Decode { .. }
            | Op::Index
            | Op::Array
            | Op::Struct { .. }
            | Op::Field { .. }
            | Op::IsZ
            | Op::Now
            | Op::Format { .. } => self.info().mnemonic,
        }
    }
}

use Arity::{AtLeast, Exactly};

operators! {
    Neg "neg" Exactly(1), false, "(int) -> int", "−a";
    Add "add" Exactly(2), false, "(int, int) -> int", "a + b";
    Sub "sub" Exactly(2), false, "(int, int) -> int", "a − b";
    Mul "mul" Exactly(2), false, "(int, int) -> int", "a · b";
    FloorDiv "floordiv" Exactly(2), true, "(int, int) -> int", "a / b rounded towards minus infinity; a fault if b = 0";
    Mod "mod" Exactly(2), true, "(int, int) -> int", "a − b · floordiv(a, b); a fault if b = 0";
    Pow "pow" Exactly(2), true, "(int, int) -> int", "a to the power of b; a fault if b < 0";
    Inv "inv" Exactly(1), false, "(int) -> int", "bitwise complement, −a − 1";
    And "and" Exactly(2), false, "(int, int) -> int or (bool, bool) -> bool", "bitwise and";
    Or "or" Exactly(2), false, "(int, int) -> int or (bool, bool) -> bool", "bitwise or";
    Xor "xor" Exactly(2), false, "(int, int) -> int or (bool, bool) -> bool", "bitwise exclusive or";
    Shl "shl" Exactly(2), true, "(int, int) -> int", "a · 2^b; a fault if b < 0";
    Shr "shr" Exactly(2), true, "(int, int) -> int", "a / 2^b rounded towards minus infinity; a fault if b < 0";
    Eq "eq" Exactly(2), false, "(T, T) -> bool; T int, bool, enum or text", "whether a = b";
    Ne "ne" Exactly(2), false, "(T, T) -> bool; T int, bool, enum or text", "whether a ≠ b";
    Lt "lt" Exactly(2), false, "(int, int) -> bool", "whether a < b";
    Le "le" Exactly(2), false, "(int, int) -> bool", "whether a ≤ b";
    Gt "gt" Exactly(2), false, "(int, int) -> bool", "whether a > b";
    Ge "ge" Exactly(2), false, "(int, int) -> bool", "whether a ≥ b";
    Not "not" Exactly(1), false, "(bool) -> bool", "whether a is false";
    AndThen "and_then" Exactly(2), false, "(bool, bool) -> bool", "a and b; b is not evaluated where a is false";
    OrElse "or_else" Exactly(2), false, "(bool, bool) -> bool", "a or b; b is not evaluated where a is true";
    Mux "mux" Exactly(3), false, "(bool, T, T) -> T; of integers the union of both intervals",
        "b if a, else c; the other one is not evaluated";
    Bit "bit" Exactly(2), true, "(int, int) -> bool", "bit b of a's infinite two's complement form; a fault if b < 0";
    Slice { low: u32, width: u32 } "slice" Exactly(1), false, "[low, width](int) -> unsigned int of `width` bits",
        "the `width` bits of a from bit `low` up";
    Concat { widths: Box<[u32]> } "concat" AtLeast(1), false,
        "[w0, w1, …](int, int, …) -> unsigned int of the sum of the widths",
        "the low w_i bits of each operand, the first one most significant";
    Signed { width: u32 } "signed" Exactly(1), false, "[width](int) -> signed int of `width` bits",
        "the low `width` bits of a read as two's complement";
    Wrap { range: Range } "wrap" Exactly(1), false, "[min, max](int) -> int[min, max]",
        "a reduced into the interval modulo its size";
    Refine { range: Range } "refine" Exactly(1), true, "[min, max](int) -> int[min, max] with a's own interval",
        "a, which is known to lie in the interval; a fault of pyhw itself if it does not";
    Check { range: Range } "check" Exactly(1), true, "[min, max](int) -> int[min, max] with a's own interval",
        "a, which must lie in the interval; a range fault of the design if it does not";
    ToInt "to_int" Exactly(1), false, "(bool) -> int[0, 1]", "1 for true, 0 for false";
    ToBool "to_bool" Exactly(1), true, "(int) -> bool", "true for 1, false for 0; a fault for any other value";
    Encode "encode" Exactly(1), false, "(enum) -> int", "the code of the member";
    Decode { of: EnumId } "decode" Exactly(1), true, "[enum](int) -> enum", "the member with this code; a fault if there is none";
    Index "index" Exactly(2), true, "(array of T, int) -> T", "element b of a; a fault unless 0 ≤ b < length";
    Array "array" AtLeast(1), false, "(T, T, …) -> array of T; of integers the union of the intervals", "the elements in order";
    Field { index: u32 } "field" Exactly(1), false, "[index](struct) -> the field's type", "the field";
    Struct { of: StructId } "struct" AtLeast(1), false, "[struct](fields…) -> struct", "a struct with these fields in order";
    IsZ "is_z" Exactly(1), false, "(a tri-state net or a driver of one) -> bool; not of arrays and structs",
        "whether a is `z`: of a tri-state net, whether no driver drives it, or more than one";
    Now "now" Exactly(0), false, "() -> int[0, inf]", "the time in steps";
    Format { template: Box<Template> } "format" AtLeast(0), false, "[template](…) -> text",
        "the template with the operands in their places";
}

impl Op {
    /// The type of the result for operands of these types; the typing rule of the table.
    pub fn result_type(&self, args: &[&Type], types: &Types) -> Result<Type, TypeError> {
        let op = self.info().mnemonic;
        let arity_fits = match self.info().arity {
            Exactly(count) => args.len() == count,
            AtLeast(count) => args.len() >= count,
        };
        if !arity_fits {
            return Err(TypeError::Arity { op, given: args.len() });
        }
        let bad = |index: usize, expected: &'static str| TypeError::Operand { op, index, expected };
        let int = |index: usize| args[index].range().ok_or_else(|| bad(index, "an integer"));
        let boolean = |index: usize| match args[index] {
            Type::Bool => Ok(()),
            _ => Err(bad(index, "a boolean")),
        };
        let both = |rule: fn(&Range, &Range) -> Range| Ok(Type::Int(rule(int(0)?, int(1)?)));
        let compare = || -> Result<Type, TypeError> {
            int(0)?;
            int(1)?;
            Ok(Type::Bool)
        };
        let result = match self {
            Op::Neg => Type::Int(interval::neg(int(0)?)),
            Op::Add => both(interval::add)?,
            Op::Sub => both(interval::sub)?,
            Op::Mul => both(interval::mul)?,
            Op::FloorDiv => both(interval::floor_div)?,
            Op::Mod => both(interval::floor_mod)?,
            Op::Pow => both(interval::pow)?,
            Op::Inv => Type::Int(interval::not(int(0)?)),
            Op::And | Op::Or | Op::Xor if *args[0] == Type::Bool => {
                boolean(1)?;
                Type::Bool
            }
            Op::And => both(interval::and)?,
            Op::Or => both(interval::or)?,
            Op::Xor => both(interval::xor)?,
            Op::Shl => both(interval::shl)?,
            Op::Shr => both(interval::shr)?,
            Op::Eq | Op::Ne => match (args[0], args[1]) {
                (Type::Int(_), Type::Int(_)) | (Type::Bool, Type::Bool) | (Type::Text, Type::Text) => {
                    Type::Bool
                }
                (Type::Enum(a), Type::Enum(b)) if a == b => Type::Bool,
                (Type::Int(_) | Type::Bool | Type::Text | Type::Enum(_), _) => {
                    return Err(bad(1, "of the first operand's type"));
                }
                _ => return Err(bad(0, "an integer, a boolean, an enum or a text")),
            },
            Op::Lt | Op::Le | Op::Gt | Op::Ge => compare()?,
            Op::Not => {
                boolean(0)?;
                Type::Bool
            }
            Op::AndThen | Op::OrElse => {
                boolean(0)?;
                boolean(1)?;
                Type::Bool
            }
            Op::Mux => {
                boolean(0)?;
                unify(args[1], args[2]).ok_or_else(|| bad(2, "of the second operand's type"))?
            }
            Op::Bit => compare()?,
            Op::Slice { width, .. } => {
                int(0)?;
                Type::unsigned(check_width(*width, op)?)
            }
            Op::Concat { widths } => {
                if widths.len() != args.len() {
                    return Err(TypeError::Arity { op, given: args.len() });
                }
                for index in 0..args.len() {
                    int(index)?;
                }
                let total = widths.iter().try_fold(0u32, |sum, width| sum.checked_add(*width));
                Type::unsigned(check_width(total.unwrap_or(u32::MAX), op)?)
            }
            Op::Signed { width } => {
                int(0)?;
                Type::signed(check_width(*width, op)?)
            }
            Op::Wrap { range } => {
                int(0)?;
                Type::Int(range.clone())
            }
            Op::Refine { range } | Op::Check { range } => {
                Type::Int(int(0)?.intersection(range).unwrap_or_else(|| range.clone()))
            }
            Op::ToInt => {
                boolean(0)?;
                Type::int(0i64, 1i64)
            }
            Op::ToBool => {
                int(0)?;
                Type::Bool
            }
            Op::Encode => match args[0] {
                Type::Enum(id) => match types.enums.get(id.index()) {
                    Some(of) => Type::unsigned(check_width(of.width_bits, op)?),
                    None => return Err(bad(0, "an enum of the design")),
                },
                _ => return Err(bad(0, "an enum")),
            },
            Op::Decode { of } => {
                int(0)?;
                Type::Enum(*of)
            }
            Op::Index => {
                int(1)?;
                match args[0] {
                    Type::Array(element, _) => (**element).clone(),
                    _ => return Err(bad(0, "an array")),
                }
            }
            Op::Array => {
                let mut element = args[0].clone();
                for (index, arg) in args.iter().enumerate().skip(1) {
                    element =
                        unify(&element, arg).ok_or_else(|| bad(index, "of the first operand's type"))?;
                }
                Type::Array(Box::new(element), args.len() as u32)
            }
            Op::Field { index } => match args[0] {
                Type::Struct(id) => {
                    let fields = types.structs.get(id.index()).map_or(&[][..], |of| &of.fields);
                    match fields.get(*index as usize) {
                        Some((_, ty)) => ty.clone(),
                        None => return Err(bad(0, "a struct with this field")),
                    }
                }
                _ => return Err(bad(0, "a struct")),
            },
            Op::Struct { of } => {
                let fields = types.structs.get(of.index()).map_or(&[][..], |of| &of.fields);
                if fields.len() != args.len() {
                    return Err(TypeError::Arity { op, given: args.len() });
                }
                for (index, (arg, (_, ty))) in args.iter().zip(fields).enumerate() {
                    if !accepts(ty, arg) {
                        return Err(bad(index, "of the field's type"));
                    }
                }
                Type::Struct(*of)
            }
            Op::IsZ => match args[0] {
                Type::Bool | Type::Int(_) | Type::Enum(_) => Type::Bool,
                Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => {
                    return Err(bad(0, "an integer, a boolean or an enum"));
                }
            },
            Op::Now => Type::Int(Range { min: Some(0.into()), max: None }),
            Op::Format { template } => {
                if template.operand_count() != args.len() {
                    return Err(TypeError::Arity { op, given: args.len() });
                }
                Type::Text
            }
        };
        match result.range().and_then(Range::width_bits) {
            Some(width) if width > MAX_WIDTH_BITS => Err(TypeError::TooWide { op }),
            _ => Ok(result),
        }
    }
}

fn check_width(width: u32, op: &'static str) -> Result<u32, TypeError> {
    if width == 0 || width > MAX_WIDTH_BITS { Err(TypeError::TooWide { op }) } else { Ok(width) }
}

/// The type that holds the values of both: the same type, or the union of two intervals.
pub fn unify(a: &Type, b: &Type) -> Option<Type> {
    match (a, b) {
        (Type::Int(a), Type::Int(b)) => Some(Type::Int(a.union(b))),
        (Type::Array(a, n), Type::Array(b, m)) if n == m => Some(Type::Array(Box::new(unify(a, b)?), *n)),
        _ if a == b => Some(a.clone()),
        _ => None,
    }
}

/// Whether every value of `value` is one of `target`'s kind, intervals left aside (stores check these).
pub fn accepts(target: &Type, value: &Type) -> bool {
    match (target, value) {
        (Type::Int(_), Type::Int(_)) => true,
        (Type::Array(a, n), Type::Array(b, m)) => n == m && accepts(a, b),
        _ => target == value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mnemonics_are_distinct() {
        for (index, row) in TABLE.iter().enumerate() {
            assert!(TABLE[..index].iter().all(|other| other.mnemonic != row.mnemonic), "{}", row.mnemonic);
        }
    }

    #[test]
    fn a_sum_keeps_its_carry() {
        let byte = Type::unsigned(8);
        assert_eq!(Op::Add.result_type(&[&byte, &byte], &Types::default()), Ok(Type::int(0i64, 510i64)));
    }

    #[test]
    fn a_shift_past_the_limit_is_refused() {
        let wide = Type::unsigned(4096);
        let amount = Type::int(0i64, 1i64);
        assert_eq!(
            Op::Shl.result_type(&[&wide, &amount], &Types::default()),
            Err(TypeError::TooWide { op: "shl" })
        );
    }
}
