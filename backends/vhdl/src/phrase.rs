//! Pieces of VHDL expressions that know how tightly they bind, and literals.

use pyhw_ir::{Int, Range};

/// How tightly the outermost operator of a piece binds, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Prec {
    /// `and`, `or`, `xor`: only equal ones stand beside each other without parentheses.
    Logical,
    /// `=`, `<` and the like: do not associate.
    Relation,
    /// `+`, `-`, `&` and a leading minus.
    Adding,
    /// `*`, `/`, `mod`.
    Multiplying,
    /// `not`.
    Factor,
    /// Names, literals, calls, parentheses.
    Primary,
}

/// A piece of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phrase {
    /// The text.
    pub text: String,
    /// How it binds.
    pub prec: Prec,
    /// The outermost operator, if it is a logical one.
    operator: &'static str,
}

impl Phrase {
    /// Something that needs no parentheses.
    pub fn primary(text: impl Into<String>) -> Phrase {
        Phrase { text: text.into(), prec: Prec::Primary, operator: "" }
    }

    /// With an outermost operator other than a logical one.
    pub fn new(text: impl Into<String>, prec: Prec) -> Phrase {
        Phrase { text: text.into(), prec, operator: "" }
    }

    /// The text as an operand that must bind at least so tightly.
    pub fn at_least(&self, prec: Prec) -> String {
        if self.prec < prec { format!("({})", self.text) } else { self.text.clone() }
    }

    /// `left operator right`, where the operator associates to the left.
    pub fn binary(left: &Phrase, operator: &str, right: &Phrase, prec: Prec) -> Phrase {
        let right = right.at_least(match prec {
            Prec::Adding => Prec::Multiplying,
            Prec::Multiplying => Prec::Factor,
            Prec::Logical | Prec::Relation | Prec::Factor | Prec::Primary => Prec::Primary,
        });
        Phrase::new(format!("{} {operator} {right}", left.at_least(prec)), prec)
    }

    /// `left = right` and the like.
    pub fn relation(left: &Phrase, operator: &str, right: &Phrase) -> Phrase {
        let text = format!("{} {operator} {}", left.at_least(Prec::Adding), right.at_least(Prec::Adding));
        Phrase::new(text, Prec::Relation)
    }

    /// `left and right` and the like; chains of one operator need no parentheses.
    pub fn logical(left: &Phrase, operator: &'static str, right: &Phrase) -> Phrase {
        let side = |phrase: &Phrase| {
            if phrase.operator == operator { phrase.text.clone() } else { phrase.at_least(Prec::Relation) }
        };
        Phrase { text: format!("{} {operator} {}", side(left), side(right)), prec: Prec::Logical, operator }
    }

    /// `not operand`.
    pub fn not(operand: &Phrase) -> Phrase {
        Phrase::new(format!("not {}", operand.at_least(Prec::Primary)), Prec::Factor)
    }

    /// `function(arguments)`.
    pub fn call(function: &str, arguments: &[&str]) -> Phrase {
        Phrase::primary(format!("{function}({})", arguments.join(", ")))
    }
}

/// A vector of `numeric_std`: `unsigned` or `signed` of so many bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Kind {
    /// Whether it is `signed`.
    pub signed: bool,
    /// The number of bits, at least 1.
    pub width: u32,
}

impl Kind {
    /// `unsigned` of so many bits.
    pub fn unsigned(width: u32) -> Kind {
        Kind { signed: false, width }
    }

    /// `signed` of so many bits.
    pub fn signed(width: u32) -> Kind {
        Kind { signed: true, width }
    }

    /// The smallest vector that holds an interval; an infinite one counts as a signed integer of 32 bits.
    pub fn of(range: &Range) -> Kind {
        let range = bounded(range);
        Kind { signed: range.is_signed(), width: range.width_bits().unwrap_or(32) }
    }

    /// The values that it holds.
    pub fn range(self) -> Range {
        if self.signed { Range::signed(self.width) } else { Range::unsigned(self.width) }
    }

    /// The name of its type.
    pub fn name(self) -> &'static str {
        if self.signed { "signed" } else { "unsigned" }
    }

    /// The same bits as the other type.
    pub fn as_signed(self, signed: bool) -> Kind {
        Kind { signed, width: self.width }
    }
}

/// A finite interval for an infinite one: what a signed integer of 32 bits holds of it.
pub(crate) fn bounded(range: &Range) -> Range {
    if range.is_bounded() {
        return range.clone();
    }
    range.intersection(&Range::signed(32)).unwrap_or_else(|| Range::signed(32))
}

/// Whether the value is written as a literal of `integer`. GHDL 2.0 refuses some literals shortly below 2^31.
pub(crate) fn fits_integer(value: &Int) -> bool {
    value.abs() <= Int::power_of_two(30)
}

/// Whether an `integer` of VHDL holds every value of the interval; it need not hold −2^31.
pub(crate) fn range_fits_integer(range: &Range) -> bool {
    let fits = |value: &Int| value.abs() <= Int::from(i32::MAX);
    range.bounds().is_some_and(|(min, max)| fits(min) && fits(max))
}

/// A literal of the universal integer, where an `integer` holds it.
pub(crate) fn integer(value: &Int) -> Option<Phrase> {
    if !fits_integer(value) {
        return None;
    }
    Some(Phrase::new(value.to_string(), if value.is_negative() { Prec::Adding } else { Prec::Primary }))
}

/// The low bits of the value as a string literal of exactly so many characters.
pub(crate) fn bits(value: &Int, width: u32) -> String {
    let low = value.low_bits(width);
    if width.is_multiple_of(4) && width > 4 {
        format!("x\"{:0>1$}\"", low.to_radix(16).to_uppercase(), width as usize / 4)
    } else {
        format!("\"{:0>1$}\"", low.to_radix(2), width as usize)
    }
}

/// The low bits of the value as a vector whose type stands in it, so that it can be an operand anywhere.
pub(crate) fn vector(value: &Int, kind: Kind) -> Phrase {
    let taken = if kind.signed { value.signed_bits(kind.width) } else { value.low_bits(kind.width) };
    let name = kind.name();
    if fits_integer(&taken) {
        return Phrase::primary(format!("to_{name}({taken}, {})", kind.width));
    }
    let rest = kind.width % 4;
    if rest == 0 || kind.width < 40 {
        return Phrase::primary(format!("{name}'({})", bits(&taken, kind.width)));
    }
    let head = bits(&taken.shr(kind.width - rest), rest);
    Phrase::primary(format!("{name}'({head} & {})", bits(&taken, kind.width - rest)))
}

/// The pieces of a text, to be joined with `&`: string literals, and characters that no literal holds.
pub(crate) fn string_parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut plain = String::new();
    let ascii = pyhw_text::to_ascii(text);
    for c in ascii.chars() {
        let name = match c {
            '\n' => "LF",
            '\t' => "HT",
            '\r' => "CR",
            '"' => {
                plain.push_str("\"\"");
                continue;
            }
            c if c.is_ascii_control() => continue,
            c => {
                plain.push(c);
                continue;
            }
        };
        if !plain.is_empty() {
            parts.push(format!("\"{}\"", std::mem::take(&mut plain)));
        }
        parts.push(name.to_owned());
    }
    if !plain.is_empty() {
        parts.push(format!("\"{plain}\""));
    }
    parts
}

/// Pieces as one string expression.
pub(crate) fn joined(mut parts: Vec<String>) -> Phrase {
    let is_character = |part: &String| part.len() == 2 && part.chars().all(|c| c.is_ascii_uppercase());
    if parts.is_empty() || parts.iter().all(is_character) {
        // Characters alone would not make a string.
        parts.insert(0, "\"\"".to_owned());
    }
    let prec = if parts.len() > 1 { Prec::Adding } else { Prec::Primary };
    Phrase::new(parts.join(" & "), prec)
}

/// A text as a string expression of VHDL.
pub(crate) fn string(text: &str) -> Phrase {
    joined(string_parts(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logical_operators_are_mixed_only_in_parentheses() {
        let name = |text: &str| Phrase::primary(text);
        let both = Phrase::logical(&name("a"), "and", &name("b"));
        assert_eq!(Phrase::logical(&both, "and", &name("c")).text, "a and b and c");
        assert_eq!(Phrase::logical(&name("c"), "or", &both).text, "c or (a and b)");
        assert_eq!(Phrase::not(&both).text, "not (a and b)");
    }

    #[test]
    fn a_difference_on_the_right_is_put_in_parentheses() {
        let name = |text: &str| Phrase::primary(text);
        let difference = Phrase::binary(&name("a"), "-", &name("b"), Prec::Adding);
        assert_eq!(Phrase::binary(&difference, "-", &name("c"), Prec::Adding).text, "a - b - c");
        assert_eq!(Phrase::binary(&name("c"), "-", &difference, Prec::Adding).text, "c - (a - b)");
        assert_eq!(Phrase::binary(&difference, "*", &name("c"), Prec::Multiplying).text, "(a - b) * c");
    }

    #[test]
    fn constants_past_the_integers_are_bit_strings() {
        let big = Int::power_of_two(31);
        assert_eq!(vector(&Int::from(867i64), Kind::unsigned(10)).text, "to_unsigned(867, 10)");
        assert_eq!(vector(&big, Kind::unsigned(32)).text, "unsigned'(x\"80000000\")");
        assert_eq!(vector(&big, Kind::signed(32)).text, "signed'(x\"80000000\")");
        assert_eq!(vector(&Int::from(-2i64), Kind::signed(8)).text, "to_signed(-2, 8)");
        assert_eq!(vector(&Int::MINUS_ONE, Kind::unsigned(41)).text, "unsigned'(\"1\" & x\"FFFFFFFFFF\")");
        assert_eq!(bits(&Int::from(5i64), 3), "\"101\"");
    }

    #[test]
    fn texts_keep_quotes_and_line_ends() {
        assert_eq!(string("say \"hi\"\n").text, "\"say \"\"hi\"\"\" & LF");
        assert_eq!(string("").text, "\"\"");
        assert_eq!(string("\n").text, "\"\" & LF");
    }

    #[test]
    fn an_infinite_interval_counts_as_an_integer() {
        assert_eq!(Kind::of(&Range::UNBOUNDED), Kind::signed(32));
        let naturals = Range { min: Some(Int::ZERO), max: None };
        assert_eq!(Kind::of(&naturals), Kind::unsigned(31));
        assert_eq!(Kind::of(&Range::new(-1i64, 255i64)), Kind::signed(9));
    }
}
