//! Interval arithmetic: for each operator the least interval, or a close one, that contains every result.
//!
//! Every function is sound: if `a` lies in the first interval and `b` in the second, the result lies in the returned one.
//! Operand values that would be a fault (a division by zero, a negative shift) are left out.

use crate::int::Int;
use crate::types::{MAX_WIDTH_BITS, Range};

/// The least interval over the results of `rule` at the ends of both operands; for rules that are monotone in each operand.
fn corners(a: &Range, b: &Range, rule: impl Fn(&Int, &Int) -> Option<Int>) -> Range {
    let (Some((a_min, a_max)), Some((b_min, b_max))) = (a.bounds(), b.bounds()) else {
        return Range::UNBOUNDED;
    };
    let mut result: Option<Range> = None;
    for x in [a_min, a_max] {
        for y in [b_min, b_max] {
            let Some(value) = rule(x, y) else { return Range::UNBOUNDED };
            let point = Range::exactly(value);
            result = Some(result.map_or(point.clone(), |range| range.union(&point)));
        }
    }
    result.unwrap_or(Range::UNBOUNDED)
}

/// −a.
pub fn neg(a: &Range) -> Range {
    Range { min: a.max.as_ref().map(Int::neg), max: a.min.as_ref().map(Int::neg) }
}

/// a + b.
pub fn add(a: &Range, b: &Range) -> Range {
    let end = |x: &Option<Int>, y: &Option<Int>| x.as_ref().zip(y.as_ref()).map(|(x, y)| x.add(y));
    Range { min: end(&a.min, &b.min), max: end(&a.max, &b.max) }
}

/// a − b.
pub fn sub(a: &Range, b: &Range) -> Range {
    add(a, &neg(b))
}

/// a · b.
pub fn mul(a: &Range, b: &Range) -> Range {
    let naturals = !a.is_signed() && !b.is_signed();
    if naturals && (!a.is_bounded() || !b.is_bounded()) {
        return Range { min: Some(Int::ZERO), max: None };
    }
    corners(a, b, |x, y| Some(x.mul(y)))
}

/// a / b rounded towards minus infinity, for b ≠ 0.
pub fn floor_div(a: &Range, b: &Range) -> Range {
    let parts = [
        b.intersection(&Range { min: Some(Int::ONE), max: None }),
        b.intersection(&Range { min: None, max: Some(Int::MINUS_ONE) }),
    ];
    let mut result: Option<Range> = None;
    for part in parts.into_iter().flatten() {
        let quotient = if !a.is_signed() && !part.is_signed() {
            // Not negative by positive: a greater divisor only shrinks it, so an infinite one does no harm.
            let least = part.min.clone().unwrap_or(Int::ONE);
            let min = match (&a.min, &part.max) {
                (Some(low), Some(high)) => low.floor_div(high),
                _ => Some(Int::ZERO),
            };
            Range { min, max: a.max.as_ref().and_then(|high| high.floor_div(&least)) }
        } else {
            corners(a, &part, Int::floor_div)
        };
        result = Some(result.map_or(quotient.clone(), |range| range.union(&quotient)));
    }
    result.unwrap_or_else(|| Range::exactly(0i64))
}

/// The remainder with the sign of the divisor, for b ≠ 0.
pub fn floor_mod(a: &Range, b: &Range) -> Range {
    if let (Some((a_min, a_max)), Some(b_min)) = (a.bounds(), &b.min)
        && !a_min.is_negative()
        && a_max < b_min
    {
        return a.clone();
    }
    let mut max = if b.max.as_ref().is_some_and(|max| *max <= Int::ONE) {
        Some(Int::ZERO)
    } else {
        b.max.as_ref().map(|max| max.sub(&Int::ONE))
    };
    let min = if b.is_signed() {
        b.min.as_ref().map(|min| min.add(&Int::ONE).min(Int::ZERO))
    } else {
        Some(Int::ZERO)
    };
    if let (false, Some(a_max)) = (a.is_signed(), &a.max)
        && !b.is_signed()
    {
        max = Some(max.map_or(a_max.clone(), |max| max.min(a_max.clone())));
    }
    Range { min, max }
}

/// a to the power of b, for b ≥ 0.
pub fn pow(a: &Range, b: &Range) -> Range {
    let (Some((a_min, a_max)), Some((b_min, b_max))) = (a.bounds(), b.bounds()) else {
        return Range::UNBOUNDED;
    };
    let magnitude = a_min.abs().max(a_max.abs());
    let (Some(least), Some(most)) = (b_min.clone().max(Int::ZERO).to_u32(), b_max.to_u32()) else {
        return Range::UNBOUNDED;
    };
    if u64::from(magnitude.bit_length()) * u64::from(most) > u64::from(MAX_WIDTH_BITS) * 2 {
        return Range::UNBOUNDED;
    }
    if !a_min.is_negative() {
        let low = if a_min.is_zero() && most > 0 { Int::ZERO } else { a_min.pow(least) };
        return Range { min: Some(low), max: Some(a_max.pow(most).max(Int::from(i64::from(least == 0)))) };
    }
    let bound = magnitude.pow(most).max(Int::ONE);
    Range { min: Some(bound.neg()), max: Some(bound) }
}

/// −a − 1.
pub fn not(a: &Range) -> Range {
    Range { min: a.max.as_ref().map(Int::not), max: a.min.as_ref().map(Int::not) }
}

/// The interval of the two's complement numbers that are wide enough for both operands.
fn signed_hull(a: &Range, b: &Range) -> Range {
    a.union(b).full()
}

/// Bitwise and.
pub fn and(a: &Range, b: &Range) -> Range {
    match (a.is_signed(), b.is_signed()) {
        (false, false) => {
            let max = match (&a.max, &b.max) {
                (Some(x), Some(y)) => Some(x.min(y).clone()),
                (one, other) => one.clone().or_else(|| other.clone()),
            };
            Range { min: Some(Int::ZERO), max }
        }
        (false, true) => Range { min: Some(Int::ZERO), max: a.max.clone() },
        (true, false) => Range { min: Some(Int::ZERO), max: b.max.clone() },
        (true, true) => signed_hull(a, b),
    }
}

/// Bitwise or.
pub fn or(a: &Range, b: &Range) -> Range {
    let mut hull = signed_hull(a, b);
    if let (false, false, Some(x), Some(y)) = (a.is_signed(), b.is_signed(), &a.min, &b.min) {
        hull.min = Some(x.max(y).clone());
    }
    hull
}

/// Bitwise exclusive or.
pub fn xor(a: &Range, b: &Range) -> Range {
    let naturals = !a.is_signed() && !b.is_signed();
    if naturals && (!a.is_bounded() || !b.is_bounded()) {
        return Range { min: Some(Int::ZERO), max: None };
    }
    signed_hull(a, b)
}

/// a · 2^b, for b ≥ 0. Unbounded where the result would be far wider than [`MAX_WIDTH_BITS`].
pub fn shl(a: &Range, b: &Range) -> Range {
    // Where every amount is a fault there is no result, and the type of the operand is as good as any.
    let amounts = match &b.max {
        Some(most) if most.is_negative() => Some(0),
        most => most.as_ref().and_then(Int::to_u32).filter(|most| *most <= 2 * MAX_WIDTH_BITS),
    };
    let Some(most) = amounts else {
        return if a.is_signed() { Range::UNBOUNDED } else { Range { min: Some(Int::ZERO), max: None } };
    };
    let least = b.min.as_ref().and_then(Int::to_u32).unwrap_or(0).min(most);
    // A negative end moves away from zero with the greatest amount as a least value, with the least amount as a greatest one.
    let min = a.min.as_ref().map(|min| min.shl(if min.is_negative() { most } else { least }));
    let max = a.max.as_ref().map(|max| max.shl(if max.is_negative() { least } else { most }));
    Range { min, max }
}

/// a / 2^b rounded towards minus infinity, for b ≥ 0.
pub fn shr(a: &Range, b: &Range) -> Range {
    // Past every bit of `a` a further shift changes nothing, so that amounts can be capped.
    let cap = |amount: Option<&Int>, default: u32| match amount {
        Some(amount) if amount.is_negative() => 0,
        Some(amount) => amount.to_u32().unwrap_or(u32::MAX).min(64 * MAX_WIDTH_BITS),
        None => default,
    };
    let least = cap(b.min.as_ref(), 0);
    let most = cap(b.max.as_ref(), 64 * MAX_WIDTH_BITS);
    let min = a.min.as_ref().map(|min| min.shr(if min.is_negative() { least } else { most }));
    let max = a.max.as_ref().map(|max| max.shr(if max.is_negative() { most } else { least }));
    Range { min, max }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Rule = fn(&Range, &Range) -> Range;
    type Meaning = fn(&Int, &Int) -> Option<Int>;

    /// Every operator with what it means; `None` is a fault.
    const RULES: &[(&str, Rule, Meaning)] = &[
        ("add", add, |a, b| Some(a.add(b))),
        ("sub", sub, |a, b| Some(a.sub(b))),
        ("mul", mul, |a, b| Some(a.mul(b))),
        ("floordiv", floor_div, Int::floor_div),
        ("mod", floor_mod, Int::floor_mod),
        ("pow", pow, |a, b| b.to_u32().map(|b| a.pow(b))),
        ("and", and, |a, b| Some(a.and(b))),
        ("or", or, |a, b| Some(a.or(b))),
        ("xor", xor, |a, b| Some(a.xor(b))),
        ("shl", shl, |a, b| b.to_u32().map(|b| a.shl(b))),
        ("shr", shr, |a, b| b.to_u32().map(|b| a.shr(b))),
    ];

    #[test]
    fn every_result_lies_in_the_interval() {
        for (name, rule, meaning) in RULES {
            for a_min in -5i64..=5 {
                for a_max in a_min..=5 {
                    for b_min in -4i64..=4 {
                        for b_max in b_min..=4 {
                            let result = rule(&Range::new(a_min, a_max), &Range::new(b_min, b_max));
                            for a in a_min..=a_max {
                                for b in b_min..=b_max {
                                    if let Some(value) = meaning(&Int::from(a), &Int::from(b)) {
                                        assert!(
                                            result.contains(&value),
                                            "{name}({a}, {b}) = {value} is not in {result} for [{a_min}, {a_max}] and [{b_min}, {b_max}]"
                                        );
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn one_infinite_end_leaves_the_other_alone() {
        let naturals = Range { min: Some(Int::ZERO), max: None };
        let byte = Range::unsigned(8);
        assert_eq!(add(&naturals, &byte), naturals);
        assert_eq!(and(&naturals, &byte), byte);
        assert_eq!(floor_mod(&Range::UNBOUNDED, &Range::exactly(10i64)), Range::new(0i64, 9i64));
        assert_eq!(shr(&byte, &naturals), byte);
        assert_eq!(shl(&byte, &naturals), naturals);
    }

    #[test]
    fn a_shift_by_amounts_that_are_all_faults_is_no_wider_than_what_is_shifted() {
        let byte = Range::unsigned(8);
        assert_eq!(shl(&byte, &Range::new(-34i64, -17i64)), byte);
        assert_eq!(shl(&byte, &Range { min: None, max: Some(Int::from(-1i64)) }), byte);
    }
}
