//! Exact integers that are fast while they are small.

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A mathematical integer. Values of 64 bits are kept in place; every operation is exact.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Int(Repr);

/// `Big` is used only where `Small` cannot hold the value, so that derived equality is equality of numbers.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Small(i64),
    Big(Box<BigInt>),
}

impl Int {
    /// Zero.
    pub const ZERO: Int = Int(Repr::Small(0));
    /// One.
    pub const ONE: Int = Int(Repr::Small(1));
    /// Minus one.
    pub const MINUS_ONE: Int = Int(Repr::Small(-1));

    /// The value as an `i64`, where it fits.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small(value) => Some(*value),
            Repr::Big(_) => None,
        }
    }

    /// The value as a `u64`, where it fits.
    pub fn to_u64(&self) -> Option<u64> {
        match &self.0 {
            Repr::Small(value) => u64::try_from(*value).ok(),
            Repr::Big(value) => value.to_u64(),
        }
    }

    /// The value as a `u32`, where it fits.
    pub fn to_u32(&self) -> Option<u32> {
        self.to_i64().and_then(|value| u32::try_from(value).ok())
    }

    /// The value as a `usize`, where it fits.
    pub fn to_usize(&self) -> Option<usize> {
        self.to_i64().and_then(|value| usize::try_from(value).ok())
    }

    /// The value as a big integer.
    pub fn to_big(&self) -> BigInt {
        match &self.0 {
            Repr::Small(value) => BigInt::from(*value),
            Repr::Big(value) => (**value).clone(),
        }
    }

    /// 2 to the power of `exponent`.
    pub fn power_of_two(exponent: u32) -> Int {
        if exponent < 63 { Int(Repr::Small(1 << exponent)) } else { Int::from(BigInt::one() << exponent) }
    }

    /// n, where the value is 2 to the power of n.
    pub fn exponent_of_two(&self) -> Option<u32> {
        let exponent = self.bit_length().checked_sub(1)?;
        (*self == Int::power_of_two(exponent)).then_some(exponent)
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small(0))
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small(value) => *value < 0,
            Repr::Big(value) => value.is_negative(),
        }
    }

    /// The sum.
    pub fn add(&self, other: &Int) -> Int {
        if let (Repr::Small(a), Repr::Small(b)) = (&self.0, &other.0)
            && let Some(sum) = a.checked_add(*b)
        {
            return Int(Repr::Small(sum));
        }
        Int::from(self.to_big() + other.to_big())
    }

    /// The difference.
    pub fn sub(&self, other: &Int) -> Int {
        if let (Repr::Small(a), Repr::Small(b)) = (&self.0, &other.0)
            && let Some(difference) = a.checked_sub(*b)
        {
            return Int(Repr::Small(difference));
        }
        Int::from(self.to_big() - other.to_big())
    }

    /// The product.
    pub fn mul(&self, other: &Int) -> Int {
        if let (Repr::Small(a), Repr::Small(b)) = (&self.0, &other.0)
            && let Some(product) = a.checked_mul(*b)
        {
            return Int(Repr::Small(product));
        }
        Int::from(self.to_big() * other.to_big())
    }

    /// The quotient rounded towards minus infinity; `None` for a division by zero.
    pub fn floor_div(&self, other: &Int) -> Option<Int> {
        if other.is_zero() {
            return None;
        }
        if let (Repr::Small(a), Repr::Small(b)) = (&self.0, &other.0)
            && (*a, *b) != (i64::MIN, -1)
        {
            return Some(Int(Repr::Small(Integer::div_floor(a, b))));
        }
        Some(Int::from(self.to_big().div_floor(&other.to_big())))
    }

    /// The remainder with the sign of the divisor; `None` for a division by zero.
    pub fn floor_mod(&self, other: &Int) -> Option<Int> {
        if other.is_zero() {
            return None;
        }
        if let (Repr::Small(a), Repr::Small(b)) = (&self.0, &other.0)
            && (*a, *b) != (i64::MIN, -1)
        {
            return Some(Int(Repr::Small(Integer::mod_floor(a, b))));
        }
        Some(Int::from(self.to_big().mod_floor(&other.to_big())))
    }

    /// The power with an exponent that is not negative.
    pub fn pow(&self, exponent: u32) -> Int {
        if let Repr::Small(value) = &self.0
            && let Some(power) = value.checked_pow(exponent)
        {
            return Int(Repr::Small(power));
        }
        Int::from(num_traits::Pow::pow(self.to_big(), exponent))
    }

    /// The negated value.
    pub fn neg(&self) -> Int {
        Int::ZERO.sub(self)
    }

    /// The value without its sign.
    pub fn abs(&self) -> Int {
        if self.is_negative() { self.neg() } else { self.clone() }
    }

    /// Bitwise complement: −x − 1.
    pub fn not(&self) -> Int {
        Int::MINUS_ONE.sub(self)
    }

    /// Bitwise and of the infinite two's complement forms.
    pub fn and(&self, other: &Int) -> Int {
        match (&self.0, &other.0) {
            (Repr::Small(a), Repr::Small(b)) => Int(Repr::Small(a & b)),
            _ => Int::from(self.to_big() & other.to_big()),
        }
    }

    /// Bitwise or of the infinite two's complement forms.
    pub fn or(&self, other: &Int) -> Int {
        match (&self.0, &other.0) {
            (Repr::Small(a), Repr::Small(b)) => Int(Repr::Small(a | b)),
            _ => Int::from(self.to_big() | other.to_big()),
        }
    }

    /// Bitwise exclusive or of the infinite two's complement forms.
    pub fn xor(&self, other: &Int) -> Int {
        match (&self.0, &other.0) {
            (Repr::Small(a), Repr::Small(b)) => Int(Repr::Small(a ^ b)),
            _ => Int::from(self.to_big() ^ other.to_big()),
        }
    }

    /// The value times 2^`amount`.
    pub fn shl(&self, amount: u32) -> Int {
        if let Repr::Small(value) = &self.0
            && (amount < 63 && value.unsigned_abs().leading_zeros() > amount)
        {
            return Int(Repr::Small(value << amount));
        }
        if self.is_zero() { Int::ZERO } else { Int::from(self.to_big() << amount) }
    }

    /// The value divided by 2^`amount`, rounded towards minus infinity.
    pub fn shr(&self, amount: u32) -> Int {
        match &self.0 {
            Repr::Small(value) => Int(Repr::Small(value >> amount.min(63))),
            Repr::Big(value) => Int::from(&**value >> amount),
        }
    }

    /// Bit `index` of the infinite two's complement form.
    pub fn bit(&self, index: u32) -> bool {
        match &self.0 {
            Repr::Small(value) => (value >> index.min(63)) & 1 == 1,
            Repr::Big(value) => value.bit(u64::from(index)),
        }
    }

    /// The low `width` bits as a value that is not negative.
    pub fn low_bits(&self, width: u32) -> Int {
        if let Repr::Small(value) = &self.0 {
            if width < 63 {
                return Int(Repr::Small(value & ((1 << width) - 1)));
            }
            if *value >= 0 {
                return self.clone();
            }
        }
        let mask = (BigInt::one() << width) - 1;
        Int::from(self.to_big() & mask)
    }

    /// The low `width` bits read as two's complement.
    pub fn signed_bits(&self, width: u32) -> Int {
        let low = self.low_bits(width);
        if width > 0 && low.bit(width - 1) { low.sub(&Int::power_of_two(width)) } else { low }
    }

    /// How many bits the value's magnitude needs: 0 for 0, 8 for 255, as Python's `int.bit_length`.
    pub fn bit_length(&self) -> u32 {
        match &self.0 {
            Repr::Small(value) => 64 - value.unsigned_abs().leading_zeros(),
            Repr::Big(value) => u32::try_from(value.bits()).unwrap_or(u32::MAX),
        }
    }

    /// The bits in base 2^32, least significant first, as many as `width` needs.
    pub fn limbs_32(&self, width: u32) -> Vec<u32> {
        let low = self.low_bits(width).to_big();
        let mut limbs = low.to_u32_digits().1;
        limbs.resize(width.div_ceil(32) as usize, 0);
        limbs
    }

    /// In base 16, 8 or 2, lower case, without prefix.
    pub fn to_radix(&self, radix: u32) -> String {
        self.to_big().to_str_radix(radix)
    }

    /// From digits of the radix.
    pub fn from_radix(digits: &str, radix: u32) -> Option<Int> {
        BigInt::parse_bytes(digits.as_bytes(), radix).map(Int::from)
    }

    /// From limbs of 32 bits, least significant first; never negative.
    pub fn from_limbs_32(limbs: &[u32]) -> Int {
        Int::from(BigInt::new(Sign::Plus, limbs.to_vec()))
    }
}

impl From<BigInt> for Int {
    fn from(value: BigInt) -> Int {
        match value.to_i64() {
            Some(small) => Int(Repr::Small(small)),
            None => Int(Repr::Big(Box::new(value))),
        }
    }
}

macro_rules! from_small {
    ($($t:ty)*) => {$(
        impl From<$t> for Int {
            fn from(value: $t) -> Int {
                Int(Repr::Small(i64::from(value)))
            }
        }
    )*};
}
from_small!(i64 i32 u32 u16 u8 bool);

impl From<u64> for Int {
    fn from(value: u64) -> Int {
        Int::from(BigInt::from(value))
    }
}

impl From<usize> for Int {
    fn from(value: usize) -> Int {
        Int::from(BigInt::from(value))
    }
}

impl Default for Int {
    fn default() -> Int {
        Int::ZERO
    }
}

impl Ord for Int {
    fn cmp(&self, other: &Int) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Small(a), Repr::Small(b)) => a.cmp(b),
            (Repr::Big(a), Repr::Big(b)) => a.cmp(b),
            // A big value lies outside the range of every small one, on the side of its sign.
            (Repr::Big(a), Repr::Small(_)) if a.is_negative() => Ordering::Less,
            (Repr::Big(_), Repr::Small(_)) => Ordering::Greater,
            (Repr::Small(_), Repr::Big(b)) if b.is_negative() => Ordering::Greater,
            (Repr::Small(_), Repr::Big(_)) => Ordering::Less,
        }
    }
}

impl PartialOrd for Int {
    fn partial_cmp(&self, other: &Int) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Small(value) => fmt::Display::fmt(value, f),
            Repr::Big(value) => fmt::Display::fmt(value, f),
        }
    }
}

impl fmt::Debug for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Int {
    type Err = num_bigint::ParseBigIntError;

    fn from_str(text: &str) -> Result<Int, Self::Err> {
        text.parse::<BigInt>().map(Int::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_traits::Zero;

    fn samples() -> Vec<Int> {
        let mut values = Vec::new();
        for exponent in [0u32, 1, 7, 31, 32, 62, 63, 64, 65, 130] {
            for delta in -2i64..=2 {
                values.push(Int::power_of_two(exponent).add(&Int::from(delta)));
                values.push(Int::power_of_two(exponent).neg().add(&Int::from(delta)));
            }
        }
        values
    }

    #[test]
    fn every_operation_agrees_with_big_integers() {
        for a in samples() {
            for b in samples() {
                let (x, y) = (a.to_big(), b.to_big());
                assert_eq!(a.add(&b).to_big(), &x + &y);
                assert_eq!(a.sub(&b).to_big(), &x - &y);
                assert_eq!(a.mul(&b).to_big(), &x * &y);
                assert_eq!(a.and(&b).to_big(), &x & &y);
                assert_eq!(a.or(&b).to_big(), &x | &y);
                assert_eq!(a.xor(&b).to_big(), &x ^ &y);
                assert_eq!(a.cmp(&b), x.cmp(&y));
                if y.is_zero() {
                    assert_eq!(a.floor_div(&b), None);
                } else {
                    assert_eq!(a.floor_div(&b).map(|q| q.to_big()), Some(x.div_floor(&y)));
                    assert_eq!(a.floor_mod(&b).map(|r| r.to_big()), Some(x.mod_floor(&y)));
                }
            }
            for amount in [0u32, 1, 31, 62, 63, 64, 100] {
                assert_eq!(a.shl(amount).to_big(), a.to_big() << amount);
                assert_eq!(a.shr(amount).to_big(), a.to_big() >> amount);
                assert_eq!(a.bit(amount), a.to_big().bit(u64::from(amount)));
                assert_eq!(a.low_bits(amount).to_big(), a.to_big() & ((BigInt::one() << amount) - 1));
            }
        }
    }

    #[test]
    fn low_bits_read_as_signed_repeat_the_top_bit() {
        assert_eq!(Int::from(0xffi64).signed_bits(8), Int::from(-1i64));
        assert_eq!(Int::from(0x7fi64).signed_bits(8), Int::from(127i64));
        assert_eq!(Int::power_of_two(129).signed_bits(130), Int::power_of_two(129).neg());
    }
}
