//! Types, intervals and values.

use crate::design::{EnumId, StructId, Types};
use crate::int::Int;
use std::fmt;
use std::sync::Arc;

/// The widest integer that a net or an expression of a design may need, in bits.
pub const MAX_WIDTH_BITS: u32 = 4096;

/// An interval of integers, both ends included; a missing end is infinite (test benches only).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Range {
    /// The least value.
    pub min: Option<Int>,
    /// The greatest value.
    pub max: Option<Int>,
}

/// An integer as a reader takes it in: beyond 128 bits, its digits say nothing.
fn number_in_words(number: &Int) -> String {
    let (bits, magnitude) = (number.bit_length(), number.abs());
    if bits <= 128 {
        return number.to_string();
    }
    let sign = if number.is_negative() { "-" } else { "" };
    let length = magnitude.bit_length();
    if magnitude == Int::power_of_two(length - 1) {
        format!("{sign}2^{}", length - 1)
    } else if magnitude.add(&Int::ONE) == Int::power_of_two(length) && !number.is_negative() {
        format!("2^{length} - 1")
    } else {
        format!("{}a number of {length} bits", if number.is_negative() { "minus " } else { "" })
    }
}

impl Range {
    /// Every integer.
    pub const UNBOUNDED: Range = Range { min: None, max: None };

    /// From `min` to `max`, both included.
    pub fn new(min: impl Into<Int>, max: impl Into<Int>) -> Range {
        Range { min: Some(min.into()), max: Some(max.into()) }
    }

    /// The one value.
    pub fn exactly(value: impl Into<Int>) -> Range {
        let value = value.into();
        Range { min: Some(value.clone()), max: Some(value) }
    }

    /// 0 to 2^width − 1.
    pub fn unsigned(width_bits: u32) -> Range {
        Range { min: Some(Int::ZERO), max: Some(Int::power_of_two(width_bits).sub(&Int::ONE)) }
    }

    /// −2^(width − 1) to 2^(width − 1) − 1; width at least 1.
    pub fn signed(width_bits: u32) -> Range {
        let half = Int::power_of_two(width_bits - 1);
        Range { min: Some(half.neg()), max: Some(half.sub(&Int::ONE)) }
    }

    /// Both ends, where both are finite.
    pub fn bounds(&self) -> Option<(&Int, &Int)> {
        Some((self.min.as_ref()?, self.max.as_ref()?))
    }

    /// Whether both ends are finite.
    pub fn is_bounded(&self) -> bool {
        self.min.is_some() && self.max.is_some()
    }

    /// Whether negative values belong to it.
    pub fn is_signed(&self) -> bool {
        self.min.as_ref().is_none_or(Int::is_negative)
    }

    /// Whether the value belongs to it.
    pub fn contains(&self, value: &Int) -> bool {
        self.min.as_ref().is_none_or(|min| min <= value) && self.max.as_ref().is_none_or(|max| value <= max)
    }

    /// Whether all of `other` belongs to it.
    pub fn contains_range(&self, other: &Range) -> bool {
        let low = match (&self.min, &other.min) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(mine), Some(its)) => mine <= its,
        };
        let high = match (&self.max, &other.max) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(mine), Some(its)) => mine >= its,
        };
        low && high
    }

    /// The smallest interval over both.
    pub fn union(&self, other: &Range) -> Range {
        Range {
            min: self.min.as_ref().zip(other.min.as_ref()).map(|(a, b)| a.min(b).clone()),
            max: self.max.as_ref().zip(other.max.as_ref()).map(|(a, b)| a.max(b).clone()),
        }
    }

    /// The values in both; `None` if there are none.
    pub fn intersection(&self, other: &Range) -> Option<Range> {
        let pick = |a: &Option<Int>, b: &Option<Int>, greater: bool| match (a, b) {
            (Some(a), Some(b)) => Some(if (a > b) == greater { a.clone() } else { b.clone() }),
            (Some(one), None) | (None, Some(one)) => Some(one.clone()),
            (None, None) => None,
        };
        let range = Range { min: pick(&self.min, &other.min, true), max: pick(&self.max, &other.max, false) };
        match range.bounds() {
            Some((min, max)) if min > max => None,
            _ => Some(range),
        }
    }

    /// The one value, where there is only one.
    pub fn single(&self) -> Option<&Int> {
        self.bounds().filter(|(min, max)| min == max).map(|(min, _)| min)
    }

    /// How many bits hold every value of it: unsigned where nothing is negative, else two's complement; at least 1.
    /// `None` for an infinite one.
    pub fn width_bits(&self) -> Option<u32> {
        let (min, max) = self.bounds()?;
        let width = if min.is_negative() {
            let below = min.not().bit_length();
            let above = if max.is_negative() { max.not().bit_length() } else { max.bit_length() };
            below.max(above) + 1
        } else {
            max.bit_length()
        };
        Some(width.max(1))
    }

    /// Everything that its bits can say; every integer for an infinite one.
    pub fn full(&self) -> Range {
        match self.width_bits() {
            Some(width) if self.is_signed() => Range::signed(width),
            Some(width) => Range::unsigned(width),
            None => Range::UNBOUNDED,
        }
    }

    /// Whether it is finite and all that its bits can say, so that wrapping into it is to keep the low bits.
    pub fn is_full(&self) -> bool {
        self.is_bounded() && *self == self.full()
    }

    /// In a user's words: `5`, `0 to 255`, `0 and more`, `0 to 2^200 - 1`.
    pub fn in_words(&self) -> String {
        let text = number_in_words;
        match (&self.min, &self.max) {
            (Some(min), Some(max)) if min == max => text(min),
            (Some(min), Some(max)) => format!("{} to {}", text(min), text(max)),
            (Some(min), None) => format!("{} and more", text(min)),
            (None, Some(max)) => format!("{} and less", text(max)),
            (None, None) => "any integer".to_owned(),
        }
    }

    /// How many values it has, where that is finite.
    pub fn size(&self) -> Option<Int> {
        self.bounds().map(|(min, max)| max.sub(min).add(&Int::ONE))
    }

    /// The value reduced into the interval modulo its size; unchanged for an infinite one.
    pub fn wrap(&self, value: &Int) -> Int {
        match (self.bounds(), self.size()) {
            (Some((min, _)), Some(size)) if !self.contains(value) => match value.sub(min).floor_mod(&size) {
                Some(offset) => offset.add(min),
                None => value.clone(),
            },
            _ => value.clone(),
        }
    }
}

/// `u8`, `s8`, `int[0, 867]`, `int[-inf, inf]`.
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(width) = self.width_bits() {
            if width > 1 && *self == Range::unsigned(width) {
                return write!(f, "u{width}");
            }
            if width > 1 && *self == Range::signed(width) {
                return write!(f, "s{width}");
            }
        }
        f.write_str("int[")?;
        match &self.min {
            Some(min) => write!(f, "{min}")?,
            None => f.write_str("-inf")?,
        }
        f.write_str(", ")?;
        match &self.max {
            Some(max) => write!(f, "{max}")?,
            None => f.write_str("inf")?,
        }
        f.write_str("]")
    }
}

/// The type of a net, a variable or an expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// False or true; one bit in hardware.
    Bool,
    /// An integer within an interval.
    Int(Range),
    /// A member of an enumeration.
    Enum(EnumId),
    /// A fixed number of elements of one type; a net of this type is a memory.
    Array(Box<Type>, u32),
    /// Named fields.
    Struct(StructId),
    /// A text; test benches only.
    Text,
    /// Any object of the host; never emitted.
    Opaque,
}

impl Type {
    /// Whether stores on their way into a delayed net of this type share one value: the last one.
    pub fn is_buffered(&self) -> bool {
        self.range().is_some_and(|range| range.min.is_some() && range.max.is_some())
    }

    /// Whether a net of this type has rising and falling edges: booleans and integers of one bit. Integers without bounds have them
    /// as well, and change between zero and something else; so do objects of the host and wider integers, for the host alone.
    pub fn has_edges(&self, by_host: bool) -> bool {
        match self {
            Type::Bool => true,
            Type::Int(range) => {
                by_host || !range.is_bounded() || Range::new(0i64, 1i64).contains_range(range)
            }
            Type::Enum(_) | Type::Array(..) | Type::Struct(_) | Type::Text => false,
            Type::Opaque => by_host,
        }
    }

    /// An integer from `min` to `max`, both included.
    pub fn int(min: impl Into<Int>, max: impl Into<Int>) -> Type {
        Type::Int(Range::new(min, max))
    }

    /// An unsigned integer of this many bits.
    pub fn unsigned(width_bits: u32) -> Type {
        Type::Int(Range::unsigned(width_bits))
    }

    /// A two's complement integer of this many bits.
    pub fn signed(width_bits: u32) -> Type {
        Type::Int(Range::signed(width_bits))
    }

    /// The interval of an integer type.
    pub fn range(&self) -> Option<&Range> {
        match self {
            Type::Int(range) => Some(range),
            _ => None,
        }
    }

    /// Whether hardware can hold it: bounded integers, booleans, enumerations, and arrays and structs (their fields are checked
    /// where they are declared) of these.
    pub fn is_hardware(&self) -> bool {
        match self {
            Type::Bool | Type::Enum(_) | Type::Struct(_) => true,
            Type::Int(range) => range.is_bounded(),
            Type::Array(element, _) => element.is_hardware(),
            Type::Text | Type::Opaque => false,
        }
    }
}

/// A value of some [`Type`]. Arrays share their elements until one is changed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Of [`Type::Bool`].
    Bool(bool),
    /// Of [`Type::Int`].
    Int(Int),
    /// Of [`Type::Enum`]: the member's place in its declaration.
    Enum(u32),
    /// Of [`Type::Array`].
    Array(Arc<Vec<Value>>),
    /// Of [`Type::Struct`], in the order of its fields.
    Struct(Arc<Vec<Value>>),
    /// Of [`Type::Text`].
    Text(Arc<str>),
    /// Of [`Type::Opaque`]: the host's handle.
    Opaque(u32),
    /// Not driven: only as the value of a tri-state net.
    Z,
}

impl Value {
    /// An integer.
    pub fn int(value: impl Into<Int>) -> Value {
        Value::Int(value.into())
    }

    /// The integer, if it is one.
    pub fn as_int(&self) -> Option<&Int> {
        match self {
            Value::Int(value) => Some(value),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether Python takes it for true: what edges are made of.
    pub fn is_truthy(&self) -> bool {
        match self {
            Value::Bool(value) => *value,
            Value::Int(value) => !value.is_zero(),
            Value::Text(text) => !text.is_empty(),
            Value::Array(elements) => !elements.is_empty(),
            Value::Enum(_) | Value::Struct(_) | Value::Opaque(_) => true,
            Value::Z => false,
        }
    }

    /// Some value of a type, zero where it has one; nothing where it has none that can be named.
    pub fn any_of(ty: &Type, types: &Types) -> Option<Value> {
        Some(match ty {
            Type::Bool => Value::Bool(false),
            Type::Int(range) if range.contains(&Int::ZERO) => Value::Int(Int::ZERO),
            Type::Int(range) => Value::Int(range.min.clone().or(range.max.clone())?),
            Type::Enum(_) => Value::Enum(0),
            Type::Array(element, length) => {
                let element = Value::any_of(element, types)?;
                Value::Array(vec![element; *length as usize].into())
            }
            Type::Struct(id) => {
                let fields = &types.structs.get(id.index())?.fields;
                let values: Option<Vec<Value>> =
                    fields.iter().map(|(_, ty)| Value::any_of(ty, types)).collect();
                Value::Struct(values?.into())
            }
            Type::Text => Value::Text("".into()),
            Type::Opaque => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_follow_from_the_interval() {
        let width = |min: i64, max: i64| Range::new(min, max).width_bits();
        assert_eq!(width(0, 0), Some(1));
        assert_eq!(width(0, 255), Some(8));
        assert_eq!(width(0, 256), Some(9));
        assert_eq!(width(-1, 0), Some(1));
        assert_eq!(width(-128, 127), Some(8));
        assert_eq!(width(-129, 0), Some(9));
        assert_eq!(width(-1, 255), Some(9));
        assert_eq!(width(-8, -5), Some(4));
        assert_eq!(Range::UNBOUNDED.width_bits(), None);
    }

    #[test]
    fn a_full_range_is_all_that_its_bits_can_say() {
        for (min, max, full) in
            [(0i64, 9i64, (0i64, 15i64)), (-3, 2, (-4, 3)), (5, 5, (0, 7)), (-1, 0, (-1, 0)), (0, 1, (0, 1))]
        {
            let range = Range::new(min, max);
            assert_eq!(range.full(), Range::new(full.0, full.1), "{range}");
            assert_eq!(range.is_full(), (min, max) == full, "{range}");
        }
        assert!(!Range::UNBOUNDED.is_full());
        assert_eq!(Range { min: Some(Int::ZERO), max: None }.full(), Range::UNBOUNDED);
    }

    #[test]
    fn powers_of_two_know_their_exponent() {
        let exponent = |value: i64| Int::from(value).exponent_of_two();
        let found = [1, 2, 1 << 40, 0, 3, -1, -4].map(exponent);
        assert_eq!(found, [Some(0), Some(1), Some(40), None, None, None, None]);
        assert_eq!(Int::power_of_two(200).exponent_of_two(), Some(200));
    }

    #[test]
    fn wrapping_reduces_modulo_the_size() {
        let range = Range::new(-3i64, 6i64);
        assert_eq!(range.wrap(&Int::from(7i64)), Int::from(-3i64));
        assert_eq!(range.wrap(&Int::from(-4i64)), Int::from(6i64));
        assert_eq!(range.wrap(&Int::from(2i64)), Int::from(2i64));
    }

    #[test]
    fn an_empty_intersection_is_none() {
        assert_eq!(Range::new(0i64, 3i64).intersection(&Range::new(4i64, 9i64)), None);
        let half = Range { min: Some(Int::from(2i64)), max: None };
        assert_eq!(half.intersection(&Range::new(0i64, 9i64)), Some(Range::new(2i64, 9i64)));
    }
}
