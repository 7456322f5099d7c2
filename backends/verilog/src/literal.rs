//! Sized literals.

use crate::text::{Prec, Text};
use pyhw_ir::Int;

/// How a literal is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Decimal, unsigned; a negative value as its low bits.
    Plain,
    /// Signed where the value fits a signed literal of the width: `-8'sd5`.
    Signed,
    /// Hexadecimal, for masks.
    Mask,
}

/// From this width on a plain literal with more digits than a reader counts is hexadecimal.
const WIDE_BITS: u32 = 32;

/// A literal of exactly `width` bits: the low bits of the value.
pub fn literal(value: &Int, width: u32, style: Style) -> Text {
    let half = Int::power_of_two(width - 1);
    let fits_signed = *value < half && *value >= half.neg();
    let is_long = value.bit_length() > WIDE_BITS;
    match style {
        Style::Signed if fits_signed && !is_long => {
            let digits = format!("{width}'sd{}", value.abs());
            if value.is_negative() {
                Text { s: format!("-{digits}"), prec: Prec::Unary, signed: true, fragile: false }
            } else {
                Text::named(digits, true)
            }
        }
        Style::Signed if fits_signed => {
            Text::named(format!("{width}'sh{}", value.low_bits(width).to_radix(16)), true)
        }
        Style::Signed | Style::Plain => {
            let low = value.low_bits(width);
            if width == 1 {
                Text::primary(format!("1'b{low}"))
            } else if low.bit_length() > WIDE_BITS {
                Text::primary(format!("{width}'h{}", low.to_radix(16)))
            } else {
                Text::primary(format!("{width}'d{low}"))
            }
        }
        Style::Mask if width == 1 => Text::primary(format!("1'b{}", value.low_bits(width))),
        Style::Mask => Text::primary(format!("{width}'h{}", value.low_bits(width).to_radix(16))),
    }
}

/// So many bits that are not driven.
pub fn high_impedance(width: u32) -> Text {
    Text::primary(format!("{width}'bz"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_carry_their_width() {
        let text = |value: i64, width, style| literal(&Int::from(value), width, style).s;
        assert_eq!(text(5, 8, Style::Plain), "8'd5");
        assert_eq!(text(1, 1, Style::Plain), "1'b1");
        assert_eq!(text(-5, 8, Style::Plain), "8'd251");
        assert_eq!(text(-5, 8, Style::Signed), "-8'sd5");
        assert_eq!(text(-128, 8, Style::Signed), "-8'sd128");
        assert_eq!(text(200, 8, Style::Signed), "8'd200");
        assert_eq!(text(0xf0, 8, Style::Mask), "8'hf0");
        assert_eq!(text(1 << 40, 64, Style::Plain), "64'h10000000000");
    }
}
