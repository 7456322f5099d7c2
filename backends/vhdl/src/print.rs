//! Texts: what `print` writes and assertions say, in Python's format language.

use crate::emitter::Emitter;
use crate::helpers::Helper;
use crate::phrase::{Phrase, Prec, joined, string, string_parts};
use crate::types::{Result, inexpressible};
use pyhw_ir::{Conversion, ExprId, ExprKind, Op, Piece, Type, Value};

/// A format specification: the part of Python's language that has a form in VHDL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Spec {
    /// Text is moved to the left of its field instead of to the right; by default numbers go right and texts left.
    left: Option<bool>,
    zeros: bool,
    /// Whether a prefix tells the radix.
    alternate: bool,
    width: u32,
    /// `d`, `b`, `o`, `x`, `X` or `s`.
    form: Option<char>,
}

fn parse(spec: &str) -> Option<Spec> {
    let mut result = Spec { left: None, zeros: false, alternate: false, width: 0, form: None };
    let mut rest = spec;
    if let Some(tail) = rest.strip_prefix('<') {
        (result.left, rest) = (Some(true), tail);
    } else if let Some(tail) = rest.strip_prefix('>') {
        (result.left, rest) = (Some(false), tail);
    }
    if let Some(tail) = rest.strip_prefix('#') {
        (result.alternate, rest) = (true, tail);
    }
    if let Some(tail) = rest.strip_prefix('0') {
        (result.zeros, rest) = (true, tail);
    }
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 {
        result.width = rest[..digits].parse().ok().filter(|width| *width <= 1000)?;
    }
    let mut form = rest[digits..].chars();
    result.form = form.next();
    let known = result.form.is_none_or(|c| "dboxXs".contains(c)) && form.next().is_none();
    (known && !(result.zeros && result.left.is_some())).then_some(result)
}

impl Emitter<'_> {
    /// A text as a string expression.
    pub fn text(&mut self, id: ExprId) -> Result<Phrase> {
        let body = self.body;
        match body.exprs.kind(id) {
            ExprKind::Const(Value::Text(text)) => Ok(string(text)),
            ExprKind::Op(Op::Format { template }, args) => {
                let mut parts: Vec<String> = Vec::new();
                let mut operands = args.iter();
                for piece in &template.pieces {
                    match piece {
                        Piece::Text(text) => parts.extend(string_parts(text)),
                        Piece::Operand { conversion, spec } => {
                            if let Some(&operand) = operands.next() {
                                let text = self.formatted(operand, *conversion, spec)?;
                                parts.push(text.at_least(Prec::Adding));
                            }
                        }
                    }
                }
                Ok(joined(parts))
            }
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) | ExprKind::Op(..) => {
                Err(inexpressible(body.exprs.span(id), "only constant texts and formats have a form in VHDL"))
            }
        }
    }

    fn formatted(&mut self, id: ExprId, conversion: Conversion, spec: &str) -> Result<Phrase> {
        let body = self.body;
        let span = body.exprs.span(id);
        let Some(parsed) = parse(spec) else {
            let message = match pyhw_text::beyond_hardware(spec) {
                Some(lacks) => format!("the format `{spec}` has no form in VHDL, which has none for {lacks}"),
                None => format!("the format `{spec}` has no form in VHDL"),
            };
            return Err(inexpressible(span, message));
        };
        let is_text = |conversion| matches!(conversion, Conversion::Str | Conversion::Repr);
        let prefix = if parsed.alternate { prefix(parsed.form) } else { "" };
        let plain = match body.exprs.ty(id) {
            Type::Int(range) => {
                if !prefix.is_empty() && range.is_signed() {
                    let message =
                        format!("the format `{spec}` of a number that may be negative has no form in VHDL");
                    return Err(inexpressible(span, message));
                }
                let mut number = self.number(id, parsed.form)?;
                if !prefix.is_empty() {
                    // Zeros stand behind the prefix, and blanks before it.
                    if parsed.zeros {
                        let width = parsed.width.saturating_sub(prefix.len() as u32).to_string();
                        number = self.call(Helper::Pad, &[&number.text, &width, "'0'"]);
                    }
                    number = Phrase::new(format!("\"{prefix}\" & {}", number.text), Prec::Adding);
                }
                match conversion {
                    Conversion::ReprNamed(class) => {
                        Phrase::new(format!("\"{class}(\" & {} & \")\"", number.text), Prec::Adding)
                    }
                    Conversion::Format | Conversion::Str | Conversion::Repr => number,
                }
            }
            Type::Bool if is_text(conversion) || spec.is_empty() => {
                let text = self.condition(id)?;
                self.call(Helper::BooleanImage, &[&text.text])
            }
            Type::Bool => {
                let bit = self.logic(id)?;
                let bit = self.call(Helper::LogicToUnsigned, &[&bit.text, "1"]);
                Phrase::primary(format!("integer'image(to_integer({}))", bit.text))
            }
            Type::Enum(of) => {
                let member = self.enumeration(id)?;
                self.call(Helper::EnumImage(*of), &[&member.text])
            }
            Type::Text => self.text(id)?,
            Type::Array(..) | Type::Struct(_) | Type::Opaque => {
                return Err(inexpressible(span, "a value of this type cannot be printed in VHDL"));
            }
        };
        if parsed.width == 0 {
            return Ok(plain);
        }
        let is_number = matches!(body.exprs.ty(id), Type::Int(_) | Type::Bool) && !is_text(conversion);
        let width = parsed.width.to_string();
        if parsed.left.unwrap_or(!is_number) {
            Ok(self.call(Helper::PadEnd, &[&plain.text, &width]))
        } else {
            let fill = if parsed.zeros { "'0'" } else { "' '" };
            Ok(self.call(Helper::Pad, &[&plain.text, &width, fill]))
        }
    }

    fn number(&mut self, id: ExprId, form: Option<char>) -> Result<Phrase> {
        let digits = match form {
            Some('b') => "1",
            Some('o') => "3",
            Some('x' | 'X') => "4",
            _ => {
                let own = self.kind(id);
                if self.is_static(id) || own.width <= if own.signed { 32 } else { 31 } {
                    let value = self.integer(id)?;
                    return Ok(Phrase::primary(format!("integer'image({})", value.text)));
                }
                let (value, _) = self.exact_signed(id)?;
                return Ok(self.call(Helper::Decimal, &[&value.text]));
            }
        };
        let (value, _) = self.exact_signed(id)?;
        let text = self.call(Helper::Digits, &[&value.text, digits]);
        Ok(if form == Some('X') { self.call(Helper::Upper, &[&text.text]) } else { text })
    }
}

/// What Python's alternate form puts before a number.
fn prefix(form: Option<char>) -> &'static str {
    match form {
        Some('x') => "0x",
        Some('X') => "0X",
        Some('b') => "0b",
        Some('o') => "0o",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifications_that_vhdl_can_follow_are_taken() {
        assert_eq!(
            parse(""),
            Some(Spec { left: None, zeros: false, alternate: false, width: 0, form: None })
        );
        let spec = Spec { left: None, zeros: true, alternate: false, width: 8, form: Some('b') };
        assert_eq!(parse("08b"), Some(spec));
        assert_eq!(parse("#08b"), Some(Spec { alternate: true, ..spec }));
        let spec = Spec { left: Some(false), zeros: false, alternate: false, width: 12, form: None };
        assert_eq!(parse(">12"), Some(spec));
        let spec = Spec { left: None, zeros: false, alternate: false, width: 0, form: Some('x') };
        assert_eq!(parse("x"), Some(spec));
    }

    #[test]
    fn other_specifications_are_refused() {
        for spec in ["+d", ",", ".3f", "^8", "x#", "dd", "e", "99999"] {
            assert_eq!(parse(spec), None, "{spec}");
        }
    }
}
