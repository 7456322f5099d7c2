//! Text templates of prints and assertion messages: Python's `format` language.

use std::fmt;
use std::iter::Peekable;
use std::str::{Chars, FromStr};

/// How a value becomes text before its specification is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conversion {
    /// As `format(value, spec)`: integers as integers.
    Format,
    /// As `str(value)`.
    Str,
    /// As `repr(value)`.
    Repr,
    /// As `repr` of an `intbv` or `modbv` of this value: `intbv(5)`.
    ReprNamed(&'static str),
}

impl Conversion {
    /// The names that [`Conversion::ReprNamed`] can have.
    pub const NAMED: [&'static str; 2] = ["intbv", "modbv"];
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Literal text.
    Text(String),
    /// The next operand.
    Operand {
        /// What is done first.
        conversion: Conversion,
        /// Python's format specification, such as `08b`; empty for the plain form.
        spec: String,
    },
}

/// Literal text with places for the operands of a `format` operator, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Template {
    /// The parts in order.
    pub pieces: Vec<Piece>,
}

impl Template {
    /// Literal text only.
    pub fn text(text: impl Into<String>) -> Template {
        Template { pieces: vec![Piece::Text(text.into())] }
    }

    /// How many operands it takes.
    pub fn operand_count(&self) -> usize {
        self.pieces.iter().filter(|piece| matches!(piece, Piece::Operand { .. })).count()
    }
}

/// The form in IR text: `count = {:08b}`, conversions as `{!s}`, `{!r}`, `{!intbv}`; a brace of the text stands twice, a closing
/// brace of a specification after a backslash, and `{|}` ends a piece of text that is empty or followed by another one.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => {
                    f.write_str(&text.replace('{', "{{").replace('}', "}}"))?;
                    if text.is_empty() || matches!(self.pieces.get(index + 1), Some(Piece::Text(_))) {
                        f.write_str("{|}")?;
                    }
                }
                Piece::Operand { conversion, spec } => {
                    f.write_str("{")?;
                    match conversion {
                        Conversion::Format => {}
                        Conversion::Str => f.write_str("!s")?,
                        Conversion::Repr => f.write_str("!r")?,
                        Conversion::ReprNamed(name) => write!(f, "!{name}")?,
                    }
                    if !spec.is_empty() {
                        write!(f, ":{}", spec.replace('\\', "\\\\").replace('}', "\\}"))?;
                    }
                    f.write_str("}")?;
                }
            }
        }
        Ok(())
    }
}

/// Reads the form that [`Template`]'s `Display` writes; the error says what is wrong with it.
impl FromStr for Template {
    type Err = &'static str;

    fn from_str(form: &str) -> Result<Template, &'static str> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut chars = form.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '}' if chars.next_if_eq(&'}').is_some() => text.push('}'),
                '}' => return Err("a closing brace in a text stands twice"),
                '{' if chars.next_if_eq(&'{').is_some() => text.push('{'),
                '{' if chars.next_if_eq(&'|').is_some() => {
                    if chars.next() != Some('}') {
                        return Err("`{|` is followed by `}`");
                    }
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                '{' => {
                    if !text.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut text)));
                    }
                    pieces.push(operand(&mut chars)?);
                }
                c => text.push(c),
            }
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Ok(Template { pieces })
    }
}

/// What follows an opening brace, up to and with the closing one.
fn operand(chars: &mut Peekable<Chars<'_>>) -> Result<Piece, &'static str> {
    let unclosed = "a place for an operand is not closed";
    let mut name = String::new();
    let mut spec = String::new();
    let mut c = chars.next().ok_or(unclosed)?;
    let has_name = c == '!';
    if has_name {
        c = chars.next().ok_or(unclosed)?;
        while c != ':' && c != '}' {
            name.push(c);
            c = chars.next().ok_or(unclosed)?;
        }
    }
    if c == ':' {
        loop {
            match chars.next().ok_or(unclosed)? {
                '}' => break,
                '\\' => spec.push(chars.next().ok_or(unclosed)?),
                c => spec.push(c),
            }
        }
    } else if c != '}' {
        return Err("a place for an operand is `{}`, `{:spec}` or `{!conversion:spec}`");
    }
    let conversion = match &*name {
        "" if !has_name => Conversion::Format,
        "s" => Conversion::Str,
        "r" => Conversion::Repr,
        other => match Conversion::NAMED.iter().find(|known| **known == other) {
            Some(known) => Conversion::ReprNamed(known),
            None => return Err("a conversion is `!s`, `!r`, `!intbv` or `!modbv`"),
        },
    };
    Ok(Piece::Operand { conversion, spec })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_read_back_as_it_was() {
        let text = |text: &str| Piece::Text(text.to_owned());
        let place = |conversion, spec: &str| Piece::Operand { conversion, spec: spec.to_owned() };
        for pieces in [
            vec![],
            vec![text("")],
            vec![text("a"), text("b"), text("")],
            vec![text("{}"), place(Conversion::Format, ""), text("}"), place(Conversion::Str, "}>8{")],
            vec![text(""), place(Conversion::Repr, "\\"), place(Conversion::ReprNamed("modbv"), "08b")],
        ] {
            let template = Template { pieces };
            assert_eq!(template.to_string().parse(), Ok(template));
        }
    }

    #[test]
    fn a_template_with_a_loose_brace_is_refused() {
        for form in ["}", "{", "{!", "{:", "{x}", "{!x}", "{!}", "{|", "{|x"] {
            assert!(form.parse::<Template>().is_err(), "{form}");
        }
    }
}
