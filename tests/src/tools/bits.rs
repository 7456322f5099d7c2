//! A four-state bit vector: what a simulator shows on a port.

use std::fmt;

use num_bigint::{BigInt, BigUint, Sign};

/// The value of a port, `width` bits wide: each bit is 0, 1, X (unknown) or Z (floating).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Bits {
    width: u32,
    /// The bits that are 1; 0 where the bit is not known.
    ones: BigUint,
    /// The bits that are X or Z.
    unknown: BigUint,
    /// The bits that are Z; a subset of `unknown`.
    floating: BigUint,
}

/// `width` ones.
pub(super) fn mask(width: u32) -> BigUint {
    (BigUint::from(1u8) << width) - 1u8
}

impl Bits {
    /// A fully known value: the low `width` bits of `value`.
    pub fn new(width: u32, value: impl Into<BigUint>) -> Self {
        let ones = value.into() & mask(width);
        Self { width, ones, unknown: BigUint::ZERO, floating: BigUint::ZERO }
    }

    /// The two's complement pattern of `value`, cut to `width` bits.
    pub fn from_signed(width: u32, value: &BigInt) -> Self {
        let modulus = BigInt::from(1u8) << width;
        let wrapped = ((value % &modulus) + &modulus) % &modulus;
        Self::new(width, wrapped.magnitude().clone())
    }

    /// Reads a VHDL or Verilog bit string, most significant bit first: `0 1 L H` are known, `z Z` float, and
    /// `x X u U w W -` are unknown. None if another character stands in it, or nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let width = u32::try_from(text.len()).ok().filter(|&width| width > 0)?;
        let mut bits = Self::new(width, 0u8);
        for (position, digit) in (0u64..).zip(text.bytes().rev()) {
            match digit {
                b'0' | b'L' => {}
                b'1' | b'H' => bits.ones.set_bit(position, true),
                b'x' | b'X' | b'u' | b'U' | b'w' | b'W' | b'-' => bits.unknown.set_bit(position, true),
                b'z' | b'Z' => {
                    bits.unknown.set_bit(position, true);
                    bits.floating.set_bit(position, true);
                }
                _ => return None,
            }
        }
        Some(bits)
    }

    /// The number of bits.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// The value as an unsigned number, or None if any bit is X or Z.
    pub fn known(&self) -> Option<&BigUint> {
        (self.unknown == BigUint::ZERO).then_some(&self.ones)
    }

    /// The value as a two's complement number, or None if any bit is X or Z.
    pub fn known_signed(&self) -> Option<BigInt> {
        let value = self.known()?;
        let number = BigInt::from_biguint(Sign::Plus, value.clone());
        let negative = self.width > 0 && value.bit(u64::from(self.width) - 1);
        Some(if negative { number - (BigInt::from(1u8) << self.width) } else { number })
    }

    /// Whether both are fully known and the same. X never agrees with anything, not even with X.
    pub fn agrees(&self, other: &Self) -> bool {
        self.width == other.width && self.known().is_some() && self.known() == other.known()
    }
}

impl fmt::Display for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(value) = self.known() {
            return write!(f, "{}'h{value:x}", self.width);
        }
        write!(f, "{}'b", self.width)?;
        for position in (0..u64::from(self.width)).rev() {
            let digit =
                match (self.floating.bit(position), self.unknown.bit(position), self.ones.bit(position)) {
                    (true, _, _) => 'z',
                    (false, true, _) => 'x',
                    (false, false, true) => '1',
                    (false, false, false) => '0',
                };
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_bits_show_and_never_agree() {
        let bits = Bits::parse("1xz0").unwrap();
        assert_eq!(bits.to_string(), "4'b1xz0");
        assert_eq!(bits.known(), None);
        assert!(!bits.agrees(&bits));
        assert_eq!(Bits::parse("UHLW").unwrap().to_string(), "4'bx10x");
        assert_eq!(Bits::parse("10q"), None);
        assert_eq!(Bits::parse(""), None);
    }

    #[test]
    fn signed_values_are_twos_complement_patterns() {
        let minus_three = Bits::from_signed(5, &BigInt::from(-3));
        assert_eq!(minus_three.to_string(), "5'h1d");
        assert_eq!(minus_three.known_signed(), Some(BigInt::from(-3)));
        assert_eq!(Bits::new(5, 3u8).known_signed(), Some(BigInt::from(3)));
        assert!(!Bits::new(5, 3u8).agrees(&Bits::new(6, 3u8)));
    }
}
