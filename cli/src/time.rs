//! Times as they are typed.

use std::num::{IntErrorKind, ParseIntError};

/// Picoseconds of one step of time.
pub const STEP_PS: u64 = 1000;

/// What a number of steps is told that no time of a simulation reaches.
fn too_long() -> String {
    format!("the longest time is {} steps, of 1 ns where it has a unit", u64::MAX)
}

/// Units in femtoseconds, so that all of them are whole.
const UNITS: [(&str, u128); 6] = [
    ("fs", 1),
    ("ps", 1_000),
    ("ns", 1_000_000),
    ("us", 1_000_000_000),
    ("ms", 1_000_000_000_000),
    ("s", 1_000_000_000_000_000),
];

/// Steps of time from a plain number of steps, or from a number with a unit at 1 ns per step (`10us`, `1.5 us`); `_` may
/// separate digits.
///
/// # Errors
/// What is wrong with the text.
pub fn parse_steps(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = (text[..digits].trim().replace('_', ""), &text[digits..]);
    if unit.is_empty() {
        return number.parse().map_err(|error: ParseIntError| match error.kind() {
            IntErrorKind::PosOverflow => too_long(),
            _ => "expected a number of steps, or a time such as 10us".to_owned(),
        });
    }
    let Some((_, unit_fs)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(format!("`{unit}` is no unit of time: fs, ps, ns, us, ms and s are"));
    };
    let step_fs = u128::from(STEP_PS) * 1000;
    let total = decimal(&number, *unit_fs).ok_or("expected a number before the unit")?;
    if !total.is_multiple_of(step_fs) {
        return Err("it is not a whole number of steps, which are 1 ns".to_owned());
    }
    u64::try_from(total / step_fs).map_err(|_| too_long())
}

/// A decimal number times a unit, if that is whole and not too large.
fn decimal(number: &str, unit: u128) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole)
        || !is_digits(fraction)
        || (whole.is_empty() && fraction.is_empty())
        || fraction.len() > 15
    {
        return None;
    }
    let whole: u128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let scale = 10u128.pow(fraction.len() as u32);
    let part: u128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    let fraction = part.checked_mul(unit)?;
    if !fraction.is_multiple_of(scale) {
        return None;
    }
    whole.checked_mul(unit)?.checked_add(fraction / scale)
}

#[cfg(test)]
mod tests {
    use super::parse_steps;

    #[test]
    fn steps_and_times_are_read() {
        for (text, steps) in [
            ("0", 0),
            ("1_000", 1000),
            ("10us", 10_000),
            ("1.5us", 1500),
            ("2 ms", 2_000_000),
            ("3000ps", 3),
            (".5us", 500),
        ] {
            assert_eq!(parse_steps(text), Ok(steps), "{text}");
        }
    }

    #[test]
    fn a_time_that_is_too_long_is_told_the_longest() {
        for text in ["99999999999999999999", "18446744073709551616", "9999999999999999s"] {
            let why = parse_steps(text).unwrap_err();
            assert!(why.contains("the longest time is 18446744073709551615 steps"), "{text}: {why}");
        }
        assert_eq!(parse_steps("18446744073709551615"), Ok(u64::MAX));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "-1",
            "1.5",
            "1.2ns",
            "1500ps",
            "us",
            "1 hour",
            "99999999999999999999",
            "9999999999999999s",
            "1..2us",
            "é",
        ] {
            assert!(parse_steps(text).is_err(), "{text}");
        }
    }
}
