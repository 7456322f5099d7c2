//! How often each operator is used.

use super::rng::Rng;
use pyhw_ir::format::Template;
use pyhw_ir::{EnumId, Op, Range, StructId};

/// What kind of value an expression has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A boolean.
    Bool,
    /// An integer.
    Int,
    /// A member of an enumeration.
    Enum,
    /// An array.
    Array,
    /// A struct.
    Struct,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 5] = [Kind::Bool, Kind::Int, Kind::Enum, Kind::Array, Kind::Struct];
}

/// How often an operator is tried where a value of this kind is wanted; 0 where it gives none, or none that hardware has.
///
/// Every operator has its arm: a new one does not compile until it has a weight here and a way to be built in
/// [`super::expr`].
pub fn weight(op: &Op, kind: Kind) -> u32 {
    use Kind::{Array, Bool, Enum, Int, Struct};
    match (op, kind) {
        (Op::Add | Op::Sub, Int) => 10,
        (Op::Mul, Int) => 5,
        (Op::Neg | Op::Inv, Int) => 4,
        (Op::FloorDiv | Op::Mod, Int) => 4,
        (Op::Pow, Int) => 2,
        (Op::And | Op::Or | Op::Xor, Int | Bool) => 5,
        (Op::Shl, Int) => 4,
        (Op::Shr, Int) => 6,
        (Op::Eq | Op::Ne, Bool) => 7,
        (Op::Lt | Op::Le | Op::Gt | Op::Ge, Bool) => 5,
        (Op::Not, Bool) => 6,
        (Op::AndThen | Op::OrElse, Bool) => 6,
        (Op::Mux, Int) => 6,
        (Op::Mux, Bool) => 3,
        (Op::Mux, Enum) => 4,
        (Op::Mux, Array | Struct) => 1,
        (Op::Bit, Bool) => 9,
        (Op::Slice { .. }, Int) => 8,
        (Op::Concat { .. }, Int) => 5,
        (Op::Signed { .. }, Int) => 5,
        (Op::Wrap { .. }, Int) => 4,
        (Op::Refine { .. }, Int) => 3,
        (Op::Check { .. }, Int) => 2,
        (Op::ToInt, Int) => 3,
        (Op::ToBool, Bool) => 2,
        (Op::Encode, Int) => 2,
        (Op::Decode { .. }, Enum) => 2,
        (Op::Index, Int) => 7,
        (Op::Index, Bool | Enum) => 2,
        (Op::Index, Struct) => 1,
        (Op::Array, Array) => 1,
        (Op::Field { .. }, Int | Bool) => 3,
        (Op::Field { .. }, Enum | Array) => 1,
        (Op::Struct { .. }, Struct) => 1,
        // Time and texts belong to test benches, and random designs have no tri-state nets.
        (Op::IsZ | Op::Now | Op::Format { .. }, Bool | Int | Enum | Array | Struct) => 0,
        (
            Op::Add
            | Op::Sub
            | Op::Mul
            | Op::Neg
            | Op::Inv
            | Op::FloorDiv
            | Op::Mod
            | Op::Pow
            | Op::Shl
            | Op::Shr,
            Bool | Enum | Array | Struct,
        )
        | (Op::And | Op::Or | Op::Xor, Enum | Array | Struct)
        | (Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge, Int | Enum | Array | Struct)
        | (Op::Not | Op::AndThen | Op::OrElse | Op::Bit | Op::ToBool, Int | Enum | Array | Struct)
        | (
            Op::Slice { .. }
            | Op::Concat { .. }
            | Op::Signed { .. }
            | Op::Wrap { .. }
            | Op::Refine { .. }
            | Op::Check { .. }
            | Op::ToInt
            | Op::Encode,
            Bool | Enum | Array | Struct,
        )
        | (Op::Decode { .. }, Bool | Int | Array | Struct)
        | (Op::Index, Array)
        | (Op::Array, Bool | Int | Enum | Struct)
        | (Op::Field { .. }, Struct)
        | (Op::Struct { .. }, Bool | Int | Enum | Array) => 0,
    }
}

/// One operator of each row of the table, in its order; the parameters are placeholders.
pub fn prototypes() -> Vec<Op> {
    let range = || Range::new(0i64, 1i64);
    vec![
        Op::Neg,
        Op::Add,
        Op::Sub,
        Op::Mul,
        Op::FloorDiv,
        Op::Mod,
        Op::Pow,
        Op::Inv,
        Op::And,
        Op::Or,
        Op::Xor,
        Op::Shl,
        Op::Shr,
        Op::Eq,
        Op::Ne,
        Op::Lt,
        Op::Le,
        Op::Gt,
        Op::Ge,
        Op::Not,
        Op::AndThen,
        Op::OrElse,
        Op::Mux,
        Op::Bit,
        Op::Slice { low: 0, width: 1 },
        Op::Concat { widths: Box::new([1]) },
        Op::Signed { width: 1 },
        Op::Wrap { range: range() },
        Op::Refine { range: range() },
        Op::Check { range: range() },
        Op::ToInt,
        Op::ToBool,
        Op::Encode,
        Op::Decode { of: EnumId::new(0) },
        Op::Index,
        Op::Array,
        Op::Field { index: 0 },
        Op::Struct { of: StructId::new(0) },
        Op::IsZ,
        Op::Now,
        Op::Format { template: Box::new(Template::default()) },
    ]
}

/// The operators with their weights, by kind.
#[derive(Clone, Debug)]
pub struct Menu(Vec<Vec<(Op, u32)>>);

impl Default for Menu {
    fn default() -> Menu {
        let of_kind = |kind: &Kind| {
            let weighted = prototypes().into_iter().map(|op| (weight(&op, *kind), op));
            weighted.filter(|(weight, _)| *weight > 0).map(|(weight, op)| (op, weight)).collect()
        };
        Menu(Kind::ALL.iter().map(of_kind).collect())
    }
}

impl Menu {
    /// An operator for a value of this kind.
    pub fn choose(&self, kind: Kind, rng: &mut Rng) -> Op {
        let list = &self.0[kind as usize];
        list[rng.weighted(list.iter().map(|(_, weight)| *weight))].0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_has_a_prototype() {
        let mnemonics: Vec<&str> = prototypes().iter().map(|op| op.info().mnemonic).collect();
        let table: Vec<&str> = pyhw_ir::op::TABLE.iter().map(|row| row.mnemonic).collect();
        assert_eq!(mnemonics, table);
    }

    #[test]
    fn every_operator_that_hardware_has_is_used() {
        for op in prototypes() {
            let is_used = Kind::ALL.iter().any(|kind| weight(&op, *kind) > 0);
            assert_eq!(
                is_used,
                !matches!(op, Op::IsZ | Op::Now | Op::Format { .. }),
                "{}",
                op.info().mnemonic
            );
        }
    }
}
