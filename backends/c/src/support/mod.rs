//! The helper functions that emitted files may need. Each file gets those that it uses.
//!
//! All are total: no operand makes them run into undefined or implementation-defined behaviour, with an `int` of any size. Loops are
//! bounded by the length of what they work on.
//!
//! The texts are C, in `integer.c` and `wide.c`: functions with a blank line between them. Three signs in them stand for numbers:
//! `@B` for the width of a helper that comes in several, `@TOP` for its highest bit, `@MAX` for the most limbs in the file.

use crate::cexpr::Ty;
use crate::tokens;
use std::collections::BTreeSet;

/// The width of a helper for integers with sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bits {
    /// 16 bits.
    B16,
    /// 32 bits.
    B32,
    /// 64 bits.
    B64,
}

impl Bits {
    /// The smallest that holds both ends.
    pub fn for_range(lo: i128, hi: i128) -> Bits {
        let fits = |ty: Ty| ty.min() <= lo && hi <= ty.max();
        if fits(Ty::signed(16)) {
            Bits::B16
        } else if fits(Ty::signed(32)) {
            Bits::B32
        } else {
            Bits::B64
        }
    }

    /// How many.
    pub fn count(self) -> u32 {
        match self {
            Bits::B16 => 16,
            Bits::B32 => 32,
            Bits::B64 => 64,
        }
    }

    /// The type with sign of this width.
    pub fn signed(self) -> Ty {
        Ty::signed(self.count())
    }
}

/// A helper function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the texts say what each one does")]
pub enum Helper {
    ToS64,
    ShiftRight(Bits),
    FloorDiv(Bits),
    FloorMod(Bits),
    Power32,
    Power64,
    WideCopy,
    WideZero,
    WideFromU64,
    WideFromS64,
    WideExtendU,
    WideExtendS,
    WideAdd,
    WideSub,
    WideNeg,
    WideNot,
    WideAnd,
    WideOr,
    WideXor,
    WideMul,
    WideShl,
    WideShrU,
    WideShrS,
    WideEqual,
    WideLessU,
    WideLessS,
    WideBitU,
    WideBitS,
    WideToU64,
    WideAmountU,
    WideAmountS,
    WideBitsU,
    WideBitsS,
    WideSetBit,
    WideInsert,
    WideInsertU64,
    WideDivide,
    WideFloorDiv,
    WideFloorMod,
    WidePower,
}

/// The helpers that a file uses.
#[derive(Clone, Debug, Default)]
pub struct Support {
    used: BTreeSet<Helper>,
    /// The most limbs that a wide integer of the file has.
    pub longest: u32,
}

impl Support {
    /// Uses a helper, and those that it calls.
    pub fn need(&mut self, helper: Helper) {
        if self.used.insert(helper) {
            for inner in helper.calls() {
                self.need(inner);
            }
        }
    }

    /// The texts of the helpers that the file's text calls, each before those that call it.
    pub fn texts(&self, words: &BTreeSet<&str>) -> Vec<String> {
        let mut called = Support::default();
        for helper in self.used.iter().filter(|helper| words.contains(&helper.name()[..])) {
            called.need(*helper);
        }
        called.used.iter().map(|helper| helper.text(self.longest.max(1))).collect()
    }

    /// Every name that a helper may have.
    pub fn names() -> Vec<String> {
        let mut names: Vec<String> = PLAIN.iter().map(|helper| helper.name()).collect();
        for bits in [Bits::B16, Bits::B32, Bits::B64] {
            for helper in [Helper::ShiftRight(bits), Helper::FloorDiv(bits), Helper::FloorMod(bits)] {
                names.push(helper.name());
            }
        }
        names
    }
}

const INTEGER: &str = include_str!("integer.c");
const WIDE: &str = include_str!("wide.c");

/// The helpers that come in one width.
const PLAIN: &[Helper] = &[
    Helper::ToS64,
    Helper::Power32,
    Helper::Power64,
    Helper::WideCopy,
    Helper::WideZero,
    Helper::WideFromU64,
    Helper::WideFromS64,
    Helper::WideExtendU,
    Helper::WideExtendS,
    Helper::WideAdd,
    Helper::WideSub,
    Helper::WideNeg,
    Helper::WideNot,
    Helper::WideAnd,
    Helper::WideOr,
    Helper::WideXor,
    Helper::WideMul,
    Helper::WideShl,
    Helper::WideShrU,
    Helper::WideShrS,
    Helper::WideEqual,
    Helper::WideLessU,
    Helper::WideLessS,
    Helper::WideBitU,
    Helper::WideBitS,
    Helper::WideToU64,
    Helper::WideAmountU,
    Helper::WideAmountS,
    Helper::WideBitsU,
    Helper::WideBitsS,
    Helper::WideSetBit,
    Helper::WideInsert,
    Helper::WideInsertU64,
    Helper::WideDivide,
    Helper::WideFloorDiv,
    Helper::WideFloorMod,
    Helper::WidePower,
];

impl Helper {
    /// Its name in C.
    pub fn name(self) -> String {
        let with = |stem: &str, bits: Bits| format!("{stem}_s{}", bits.count());
        match self {
            Helper::ToS64 => "to_s64".into(),
            Helper::ShiftRight(bits) => with("shift_right", bits),
            Helper::FloorDiv(bits) => with("floor_div", bits),
            Helper::FloorMod(bits) => with("floor_mod", bits),
            Helper::Power32 => "power_u32".into(),
            Helper::Power64 => "power_u64".into(),
            Helper::WideCopy => "wide_copy".into(),
            Helper::WideZero => "wide_zero".into(),
            Helper::WideFromU64 => "wide_from_u64".into(),
            Helper::WideFromS64 => "wide_from_s64".into(),
            Helper::WideExtendU => "wide_extend_u".into(),
            Helper::WideExtendS => "wide_extend_s".into(),
            Helper::WideAdd => "wide_add".into(),
            Helper::WideSub => "wide_sub".into(),
            Helper::WideNeg => "wide_neg".into(),
            Helper::WideNot => "wide_not".into(),
            Helper::WideAnd => "wide_and".into(),
            Helper::WideOr => "wide_or".into(),
            Helper::WideXor => "wide_xor".into(),
            Helper::WideMul => "wide_mul".into(),
            Helper::WideShl => "wide_shl".into(),
            Helper::WideShrU => "wide_shr_u".into(),
            Helper::WideShrS => "wide_shr_s".into(),
            Helper::WideEqual => "wide_equal".into(),
            Helper::WideLessU => "wide_less_u".into(),
            Helper::WideLessS => "wide_less_s".into(),
            Helper::WideBitU => "wide_bit_u".into(),
            Helper::WideBitS => "wide_bit_s".into(),
            Helper::WideToU64 => "wide_to_u64".into(),
            Helper::WideAmountU => "wide_amount_u".into(),
            Helper::WideAmountS => "wide_amount_s".into(),
            Helper::WideBitsU => "wide_bits_u".into(),
            Helper::WideBitsS => "wide_bits_s".into(),
            Helper::WideSetBit => "wide_set_bit".into(),
            Helper::WideInsert => "wide_insert".into(),
            Helper::WideInsertU64 => "wide_insert_u64".into(),
            Helper::WideDivide => "wide_divide".into(),
            Helper::WideFloorDiv => "wide_floor_div".into(),
            Helper::WideFloorMod => "wide_floor_mod".into(),
            Helper::WidePower => "wide_power".into(),
        }
    }

    /// Its definition as it stands in the texts, with its comment.
    fn template(self) -> &'static str {
        let stem = match self {
            Helper::ShiftRight(_) => "shift_right_s@B".into(),
            Helper::FloorDiv(_) => "floor_div_s@B".into(),
            Helper::FloorMod(_) => "floor_mod_s@B".into(),
            plain => plain.name(),
        };
        let is_head = |line: &str| line.starts_with("static ") && line.contains(&format!(" {stem}("));
        [INTEGER, WIDE]
            .into_iter()
            .flat_map(|texts| texts.split("\n\n"))
            .find(|text| text.lines().any(is_head))
            .expect("invariant: each helper has its text")
            .trim_end()
    }

    /// The helpers that it calls.
    fn calls(self) -> Vec<Helper> {
        let words: BTreeSet<&str> = tokens::names(self.template()).collect();
        let name = self.name();
        PLAIN
            .iter()
            .copied()
            .filter(|other| other.name() != name && words.contains(&other.name()[..]))
            .collect()
    }

    /// Its definition, with its comment. `longest` is the most limbs that it must hold itself.
    fn text(self, longest: u32) -> String {
        let text = self.template().replace("@MAX", &longest.to_string());
        match self {
            Helper::ShiftRight(bits) | Helper::FloorDiv(bits) | Helper::FloorMod(bits) => {
                text.replace("@B", &bits.count().to_string()).replace("@TOP", &(bits.count() - 1).to_string())
            }
            _ => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Helper> {
        let sized = [Bits::B16, Bits::B32, Bits::B64]
            .into_iter()
            .flat_map(|bits| [Helper::ShiftRight(bits), Helper::FloorDiv(bits), Helper::FloorMod(bits)]);
        PLAIN.iter().copied().chain(sized).collect()
    }

    #[test]
    fn each_text_defines_one_helper_and_each_helper_has_one() {
        let mut templates: Vec<&str> = all().into_iter().map(Helper::template).collect();
        templates.sort_unstable();
        templates.dedup();
        let texts = INTEGER.split("\n\n").chain(WIDE.split("\n\n"));
        let mut texts: Vec<&str> = texts.map(str::trim_end).collect();
        texts.sort_unstable();
        assert_eq!(templates, texts);
    }

    #[test]
    fn a_helper_stands_after_those_that_it_calls() {
        for helper in all() {
            assert!(
                helper.calls().iter().all(|called| *called < helper),
                "{helper:?} calls {:?}",
                helper.calls()
            );
            let text = helper.text(4);
            assert!(!text.contains('@') && text.contains(&format!(" {}(", helper.name())), "{text}");
        }
    }
}
