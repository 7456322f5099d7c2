//! Values as text, exactly as Python writes them: `str`, `repr`, and the mini-language of format specifications.
//!
//! Source: the Python 3.11 library reference, "Format Specification Mini-Language".

use super::fault::{Fault, FaultKind};
use crate::design::Types;
use crate::format::{Conversion, Piece, Template};
use crate::int::Int;
use crate::types::{Type, Value};
use num_traits::ToPrimitive;

/// A greater width or precision than this is refused instead of exhausting the memory.
const MAX_WIDTH: usize = 1 << 24;

/// The text of a template with its operands in their places.
///
/// # Errors
/// [`FaultKind::Format`] with Python's exception, where a specification does not fit its operand.
pub fn render(
    template: &Template,
    args: &[&Value],
    arg_types: &[&Type],
    types: &Types,
) -> Result<String, Fault> {
    let mut text = String::new();
    let mut operands = args.iter().zip(arg_types);
    for piece in &template.pieces {
        match piece {
            Piece::Text(literal) => text.push_str(literal),
            Piece::Operand { conversion, spec } => {
                let (value, ty) =
                    operands.next().ok_or_else(|| Fault::internal("`format` lacks an operand"))?;
                text.push_str(&format_value(value, ty, *conversion, spec, types)?);
            }
        }
    }
    Ok(text)
}

/// One value as text: converted first, then formatted by the specification.
///
/// # Errors
/// As of [`render`].
pub fn format_value(
    value: &Value,
    ty: &Type,
    conversion: Conversion,
    spec: &str,
    types: &Types,
) -> Result<String, Fault> {
    let text = match conversion {
        Conversion::Format => match value {
            Value::Int(int) => return format_int(int, spec, "int"),
            Value::Bool(truth) if spec.is_empty() => return Ok(python_bool(*truth).to_owned()),
            Value::Bool(truth) => return format_int(&Int::from(*truth), spec, "bool"),
            Value::Text(text) => return format_text(text, spec),
            // A number of declared width is shown by a specification of its own, and what nothing drives is none.
            Value::Z => return Ok(plain(value, ty, types)),
            Value::Enum(_) | Value::Array(_) | Value::Struct(_) | Value::Opaque(_) if !spec.is_empty() => {
                let class = match value {
                    Value::Enum(_) => "EnumItem",
                    Value::Array(_) => "list",
                    _ => "object",
                };
                let message = format!("unsupported format string passed to {class}.__format__");
                return Err(Fault::new(FaultKind::Format { exception: "TypeError", message }));
            }
            _ => plain(value, ty, types),
        },
        Conversion::Str => plain(value, ty, types),
        Conversion::Repr => repr(value, ty, types),
        Conversion::ReprNamed(class) => format!("{class}({})", repr(value, ty, types)),
    };
    format_text(&text, spec)
}

fn python_bool(truth: bool) -> &'static str {
    if truth { "True" } else { "False" }
}

/// `str(value)`.
fn plain(value: &Value, ty: &Type, types: &Types) -> String {
    match (value, ty) {
        (Value::Text(text), _) => text.to_string(),
        (Value::Enum(member), Type::Enum(id)) => types
            .enums
            .get(id.index())
            .and_then(|of| of.members.get(*member as usize))
            .map_or_else(|| member.to_string(), |(name, _)| name.clone()),
        _ => repr(value, ty, types),
    }
}

/// `repr(value)`. A member of an enum is quoted, as MyHDL does.
fn repr(value: &Value, ty: &Type, types: &Types) -> String {
    match value {
        Value::Bool(truth) => python_bool(*truth).to_owned(),
        Value::Int(int) => int.to_string(),
        Value::Enum(_) => format!("'{}'", plain(value, ty, types)),
        Value::Text(text) => quoted(text),
        Value::Array(elements) => {
            let element = match ty {
                Type::Array(element, _) => element,
                _ => ty,
            };
            let parts: Vec<String> = elements.iter().map(|value| repr(value, element, types)).collect();
            format!("[{}]", parts.join(", "))
        }
        Value::Struct(fields) => {
            let of = match ty {
                Type::Struct(id) => types.structs.get(id.index()),
                _ => None,
            };
            let parts: Vec<String> = fields
                .iter()
                .enumerate()
                .map(|(index, value)| match of.and_then(|of| of.fields.get(index)) {
                    Some((name, ty)) => format!("{name}={}", repr(value, ty, types)),
                    None => repr(value, ty, types),
                })
                .collect();
            format!("{}({})", of.map_or("", |of| &of.name), parts.join(", "))
        }
        Value::Opaque(_) => "<object>".to_owned(),
        Value::Z => "None".to_owned(),
    }
}

/// `repr` of a text.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            _ if c == quote => {
                out.push('\\');
                out.push(c);
            }
            _ if is_printable(c) => out.push(c),
            _ => {
                let code = c as u32;
                out.push_str(&match code {
                    0..=0xff => format!("\\x{code:02x}"),
                    0x100..=0xffff => format!("\\u{code:04x}"),
                    _ => format!("\\U{code:08x}"),
                });
            }
        }
    }
    out.push(quote);
    out
}

/// What Python takes for printable, code points that are not assigned left aside.
fn is_printable(c: char) -> bool {
    let code = c as u32;
    let separator = c != ' ' && c.is_whitespace();
    let format_or_private = matches!(code,
        0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x180e | 0x200b..=0x200f | 0x202a..=0x202e
        | 0x2060..=0x206f | 0xe000..=0xf8ff | 0xfeff | 0xfff9..=0xfffb | 0xe0000..=0xe0fff | 0xf0000..=0x10ffff);
    !(c.is_control() || separator || format_or_private)
}

/// A parsed specification: `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
struct Spec {
    fill: char,
    align: Option<char>,
    sign: Option<char>,
    alternate: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    ty: Option<char>,
}

fn value_error<T>(message: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::new(FaultKind::Format { exception: "ValueError", message: message.into() }))
}

fn overflow<T>(message: &str) -> Result<T, Fault> {
    Err(Fault::new(FaultKind::Format { exception: "OverflowError", message: message.into() }))
}

fn parse_spec(text: &str, class: &str) -> Result<Spec, Fault> {
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    let is_align = |c: Option<&char>| matches!(c, Some('<' | '>' | '^' | '='));
    let mut spec = Spec {
        fill: ' ',
        align: None,
        sign: None,
        alternate: false,
        width: 0,
        grouping: None,
        precision: None,
        ty: None,
    };
    let mut fill_given = false;
    if is_align(chars.get(1)) {
        (spec.fill, spec.align, fill_given) = (chars[0], Some(chars[1]), true);
        at = 2;
    } else if is_align(chars.first()) {
        spec.align = Some(chars[0]);
        at = 1;
    }
    if let Some(&sign @ ('+' | '-' | ' ')) = chars.get(at) {
        spec.sign = Some(sign);
        at += 1;
    }
    if chars.get(at) == Some(&'#') {
        spec.alternate = true;
        at += 1;
    }
    if !fill_given && chars.get(at) == Some(&'0') {
        spec.fill = '0';
        if spec.align.is_none() && class != "str" {
            spec.align = Some('=');
        }
        at += 1;
    }
    let number = |at: &mut usize| -> Result<Option<usize>, Fault> {
        let start = *at;
        let mut value = 0usize;
        while let Some(digit) = chars.get(*at).and_then(|c| c.to_digit(10)) {
            value = value.saturating_mul(10).saturating_add(digit as usize);
            *at += 1;
        }
        if value > MAX_WIDTH {
            return value_error("Too many decimal digits in format string");
        }
        Ok((*at > start).then_some(value))
    };
    spec.width = number(&mut at)?.unwrap_or(0);
    if let Some(&grouping @ (',' | '_')) = chars.get(at) {
        spec.grouping = Some(grouping);
        at += 1;
        if let Some(&second @ (',' | '_')) = chars.get(at) {
            return value_error(if second == grouping {
                format!("Cannot specify '{grouping}' with '{second}'.")
            } else {
                "Cannot specify both ',' and '_'.".to_owned()
            });
        }
    }
    if chars.get(at) == Some(&'.') {
        at += 1;
        spec.precision = number(&mut at)?;
        if spec.precision.is_none() {
            return value_error("Format specifier missing precision");
        }
    }
    match chars.len() - at {
        0 => {}
        1 => spec.ty = Some(chars[at]),
        _ => return value_error(format!("Invalid format specifier '{text}' for object of type '{class}'")),
    }
    if let (Some(grouping), Some(ty)) = (spec.grouping, spec.ty) {
        let fits = match ty {
            'd' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' => true,
            'b' | 'o' | 'x' | 'X' => grouping == '_',
            _ => false,
        };
        if !fits {
            return value_error(format!("Cannot specify '{grouping}' with '{ty}'."));
        }
    }
    Ok(spec)
}

fn pad(text: &str, spec: &Spec, default_align: char) -> String {
    let missing = spec.width.saturating_sub(text.chars().count());
    let left = match spec.align.unwrap_or(default_align) {
        '<' => 0,
        '^' => missing / 2,
        _ => missing,
    };
    let fill = |count: usize| std::iter::repeat_n(spec.fill, count);
    fill(left).chain(text.chars()).chain(fill(missing - left)).collect()
}

fn format_text(text: &str, spec: &str) -> Result<String, Fault> {
    if spec.is_empty() {
        return Ok(text.to_owned());
    }
    let spec = parse_spec(spec, "str")?;
    if let Some(ty) = spec.ty.filter(|&ty| ty != 's') {
        return value_error(format!("Unknown format code '{ty}' for object of type 'str'"));
    }
    match spec.sign {
        Some(' ') => return value_error("Space not allowed in string format specifier"),
        Some(_) => return value_error("Sign not allowed in string format specifier"),
        None => {}
    }
    if spec.alternate {
        return value_error("Alternate form (#) not allowed in string format specifier");
    }
    if spec.align == Some('=') {
        return value_error("'=' alignment not allowed in string format specifier");
    }
    if let Some(grouping) = spec.grouping {
        return value_error(format!("Cannot specify '{grouping}' with 's'."));
    }
    match spec.precision {
        Some(precision) => Ok(pad(&text.chars().take(precision).collect::<String>(), &spec, '<')),
        None => Ok(pad(text, &spec, '<')),
    }
}

/// The parts of a number before they are put together.
struct Number {
    negative: bool,
    prefix: &'static str,
    digits: String,
    /// What follows the digits that are grouped: decimal point, fraction, exponent.
    rest: String,
    group: usize,
}

fn format_int(value: &Int, spec: &str, class: &str) -> Result<String, Fault> {
    if spec.is_empty() {
        return Ok(value.to_string());
    }
    let spec = parse_spec(spec, class)?;
    let (radix, prefix) = match spec.ty {
        None | Some('d' | 'n') => (10, ""),
        Some('b') => (2, "0b"),
        Some('o') => (8, "0o"),
        Some('x') => (16, "0x"),
        Some('X') => (16, "0X"),
        Some('c') => return format_char(value, &spec),
        Some(ty @ ('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%')) => return format_float(value, &spec, ty),
        Some(ty) => return value_error(format!("Unknown format code '{ty}' for object of type '{class}'")),
    };
    if spec.precision.is_some() {
        return value_error("Precision not allowed in integer format specifier");
    }
    let mut digits = if radix == 10 { value.abs().to_string() } else { value.abs().to_radix(radix) };
    if spec.ty == Some('X') {
        digits.make_ascii_uppercase();
    }
    let number = Number {
        negative: value.is_negative(),
        prefix: if spec.alternate { prefix } else { "" },
        digits,
        rest: String::new(),
        group: if radix == 10 { 3 } else { 4 },
    };
    Ok(assemble(&number, &spec))
}

fn format_char(value: &Int, spec: &Spec) -> Result<String, Fault> {
    if spec.precision.is_some() {
        return value_error("Precision not allowed in integer format specifier");
    }
    if spec.sign.is_some() {
        return value_error("Sign not allowed with integer format specifier 'c'");
    }
    if spec.alternate {
        return value_error("Alternate form (#) not allowed with integer format specifier 'c'");
    }
    match value.to_u32() {
        // Half a surrogate pair is a character of Python's, but none of Unicode's text.
        Some(code) if code < 0x11_0000 => {
            Ok(pad(&char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER).to_string(), spec, '>'))
        }
        Some(_) | None => overflow("%c arg not in range(0x110000)"),
    }
}

fn format_float(value: &Int, spec: &Spec, ty: char) -> Result<String, Fault> {
    let float = value.abs().to_big().to_f64().unwrap_or(f64::INFINITY);
    if float.is_infinite() {
        return overflow("int too large to convert to float");
    }
    let precision = spec.precision.unwrap_or(6);
    let mut text = match ty {
        'f' | 'F' => format!("{float:.precision$}"),
        '%' => format!("{:.precision$}", float * 100.0),
        'e' | 'E' => scientific(float, precision),
        _ => general(float, precision.max(1), spec.alternate),
    };
    if spec.alternate && !text.contains('.') {
        let at = text.find('e').unwrap_or(text.len());
        text.insert(at, '.');
    }
    if ty == '%' {
        text.push('%');
    }
    if ty.is_ascii_uppercase() {
        text.make_ascii_uppercase();
    }
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let rest = text.split_off(split);
    let number = Number { negative: value.is_negative(), prefix: "", digits: text, rest, group: 3 };
    Ok(assemble(&number, spec))
}

/// `1.500000e+01`: Rust writes the exponent without sign and padding.
fn scientific(float: f64, precision: usize) -> String {
    let text = format!("{float:.precision$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{mantissa}e+{exponent:0>2}"),
        None => text,
    }
}

fn general(float: f64, precision: usize, keep_zeros: bool) -> String {
    let rounded = format!("{float:.*e}", precision - 1);
    let exponent: usize = rounded.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    let text = if exponent < precision {
        format!("{float:.*}", precision - 1 - exponent)
    } else {
        scientific(float, precision - 1)
    };
    if keep_zeros || !text.contains('.') {
        return text;
    }
    let (mantissa, exponent) = match text.find('e') {
        Some(at) => text.split_at(at),
        None => (&text[..], ""),
    };
    format!("{}{exponent}", mantissa.trim_end_matches('0').trim_end_matches('.'))
}

fn assemble(number: &Number, spec: &Spec) -> String {
    let sign = match (number.negative, spec.sign) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        (false, _) => "",
    };
    let align = spec.align.unwrap_or('>');
    let fixed = sign.len() + number.prefix.len() + number.rest.len();
    // Zeros that fill a number are digits of it, and grouped with them.
    let least = if spec.fill == '0' && align == '=' { spec.width.saturating_sub(fixed) } else { 0 };
    let digits = match spec.grouping {
        Some(separator) => grouped(&number.digits, separator, number.group, least),
        None => format!("{:0>least$}", number.digits),
    };
    let missing = spec.width.saturating_sub(fixed + digits.len());
    let (before, between, after) = match align {
        '<' => (0, 0, missing),
        '^' => (missing / 2, 0, missing - missing / 2),
        '=' => (0, missing, 0),
        _ => (missing, 0, 0),
    };
    let mut out = String::new();
    out.extend(std::iter::repeat_n(spec.fill, before));
    out.push_str(sign);
    out.push_str(number.prefix);
    out.extend(std::iter::repeat_n(spec.fill, between));
    out.push_str(&digits);
    out.push_str(&number.rest);
    out.extend(std::iter::repeat_n(spec.fill, after));
    out
}

/// Digits in groups, filled with zeros to at least so many characters; no separator comes first.
fn grouped(digits: &str, separator: char, group: usize, least: usize) -> String {
    let mut reversed = String::new();
    let mut rest = digits.bytes().rev();
    let mut count = 0;
    let mut next = rest.next();
    while next.is_some() || reversed.len() < least {
        if count > 0 && count % group == 0 {
            reversed.push(separator);
        }
        reversed.push(char::from(next.unwrap_or(b'0')));
        count += 1;
        next = rest.next();
    }
    reversed.chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    include!("format_cases.rs");

    fn int(value: &str, spec: &str) -> Result<String, Fault> {
        format_int(&value.parse().unwrap(), spec, "int")
    }

    #[test]
    fn integers_are_written_as_python_writes_them() {
        for (value, spec, expected) in INTS {
            assert_eq!(int(value, spec).as_deref(), Ok(*expected), "format({value}, {spec:?})");
        }
    }

    #[test]
    fn texts_are_written_as_python_writes_them() {
        for (value, spec, expected) in TEXTS {
            assert_eq!(format_text(value, spec).as_deref(), Ok(*expected), "format({value:?}, {spec:?})");
        }
    }

    #[test]
    fn what_nothing_drives_is_none_however_it_is_written() {
        for spec in ["", "02x", "d"] {
            let text =
                format_value(&Value::Z, &Type::unsigned(8), Conversion::Format, spec, &Types::default());
            assert_eq!(text.as_deref(), Ok("None"), "{spec}");
        }
    }

    #[test]
    fn bad_specifications_are_pythons_errors() {
        for (spec, text) in BAD_FOR_INTS {
            let message = |fault: Fault| fault.exception().1;
            assert_eq!(int("5", spec).map_err(message), Err((*text).to_owned()), "format(5, {spec:?})");
        }
        for (spec, text) in BAD_FOR_TEXTS {
            let message = |fault: Fault| fault.exception().1;
            assert_eq!(
                format_text("ab", spec).map_err(message),
                Err((*text).to_owned()),
                "format('ab', {spec:?})"
            );
        }
        assert_eq!(int("-1", "c").unwrap_err().exception().0, "OverflowError");
        assert_eq!(int("1114112", "c").unwrap_err().exception().0, "OverflowError");
    }

    #[test]
    fn a_boolean_is_a_word_without_and_a_number_with_a_specification() {
        let types = Types::default();
        let format = |spec| {
            format_value(&Value::Bool(true), &Type::Bool, Conversion::Format, spec, &types)
                .map_err(|f| f.to_string())
        };
        assert_eq!(format("").as_deref(), Ok("True"));
        assert_eq!(format("5").as_deref(), Ok("    1"));
        assert_eq!(format("x").as_deref(), Ok("1"));
        assert_eq!(format("s").unwrap_err(), "Unknown format code 's' for object of type 'bool'");
    }

    #[test]
    fn reprs_quote_as_python_does() {
        for (text, expected) in [
            ("a'b", "\"a'b\""),
            ("a\"b", "'a\"b'"),
            ("a'\"", "'a\\'\"'"),
            ("\n\t\\", "'\\n\\t\\\\'"),
            ("\u{1}", "'\\x01'"),
            ("é😀", "'é😀'"),
            ("\u{200b}", "'\\u200b'"),
            ("\u{7f}\u{85}\u{a0}\u{ad}", "'\\x7f\\x85\\xa0\\xad'"),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn a_template_takes_its_operands_in_order() {
        use crate::design::{EnumId, EnumType};
        use pyhw_diagnostics::Span;
        let members = vec![("IDLE".to_owned(), Int::ZERO), ("RUN".to_owned(), Int::ONE)];
        let state = EnumType { name: "State".into(), members, width_bits: 1, span: Span::NONE };
        let types = Types { enums: vec![state], structs: vec![] };
        let operand = |conversion, spec: &str| Piece::Operand { conversion, spec: spec.into() };
        let template = Template {
            pieces: vec![
                operand(Conversion::Format, "02x"),
                Piece::Text(" in ".into()),
                operand(Conversion::Str, ">5"),
                operand(Conversion::Repr, ""),
                operand(Conversion::ReprNamed("modbv"), ""),
            ],
        };
        let (byte, ty) = (Type::unsigned(8), Type::Enum(EnumId::new(0)));
        let text = render(
            &template,
            &[&Value::int(10i64), &Value::Enum(1), &Value::Enum(0), &Value::int(3i64)],
            &[&byte, &ty, &ty, &byte],
            &types,
        );
        assert_eq!(text.as_deref(), Ok("0a in   RUN'IDLE'modbv(3)"));
    }
}
