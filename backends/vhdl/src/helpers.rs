//! Functions that an architecture declares where its expressions need what `numeric_std` lacks.

use crate::types::TypeNames;
use pyhw_ir::{EnumId, Types};
use pyhw_text::{Namer, Writer};
use std::collections::HashMap;

/// A function of the declarative part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Helper {
    /// `to_std_logic(condition)`.
    ToStdLogic,
    /// `to_unsigned(std_logic, size)`.
    LogicToUnsigned,
    /// `to_unsigned(boolean, size)`; needs nothing else.
    BooleanToUnsigned,
    /// `choose(condition, yes, no)` of `std_logic`.
    ChooseLogic,
    /// `choose(condition, yes, no)` of `boolean`.
    ChooseBoolean,
    /// `choose(condition, yes, no)` of `unsigned`.
    ChooseUnsigned,
    /// `choose(condition, yes, no)` of `signed`.
    ChooseSigned,
    /// `bit_at(value, index)` of `unsigned`.
    UnsignedBit,
    /// `bit_at(value, index)` of `signed`.
    SignedBit,
    /// `floor_div(a, b)` of `signed`.
    FloorDiv,
    /// `power(base, exponent)`: the low bits, as many as the base has.
    Power,
    /// `shift_amount(amount, limit)`.
    ShiftAmount,
    /// `encode(member)` of an enumeration.
    Encode(EnumId),
    /// `decode_NAME(code)` of an enumeration.
    Decode(EnumId),
    /// `image(member)` of an enumeration: its name in the source.
    EnumImage(EnumId),
    /// `image(boolean)`: `True` or `False`.
    BooleanImage,
    /// `decimal(signed)`: any width.
    Decimal,
    /// `digits(signed, bits)`: base 2, 8 or 16.
    Digits,
    /// `upper(string)`: capital letters.
    Upper,
    /// `pad(text, width, fill)`: to the right; zeros stand behind a sign.
    Pad,
    /// `pad_end(text, width)`: to the left.
    PadEnd,
}

impl Helper {
    /// The name that it would like to have.
    pub fn wanted(self, names: &TypeNames) -> String {
        match self {
            Helper::ToStdLogic => "to_std_logic".to_owned(),
            // These two overload the function of `numeric_std`, so that all conversions read alike.
            Helper::LogicToUnsigned | Helper::BooleanToUnsigned => "to_unsigned".to_owned(),
            Helper::ChooseLogic | Helper::ChooseBoolean | Helper::ChooseUnsigned | Helper::ChooseSigned => {
                "choose".to_owned()
            }
            Helper::UnsignedBit | Helper::SignedBit => "bit_at".to_owned(),
            Helper::FloorDiv => "floor_div".to_owned(),
            Helper::Power => "power".to_owned(),
            Helper::ShiftAmount => "shift_amount".to_owned(),
            Helper::Encode(_) => "encode".to_owned(),
            Helper::Decode(id) => format!("decode_{}", names.enumeration(id).name.trim_end_matches("_t")),
            // Members with codes are subtypes of one type, of which there is one `image`.
            Helper::EnumImage(id) if names.enumeration(id).encoded => {
                format!("image_{}", names.enumeration(id).name.trim_end_matches("_t"))
            }
            Helper::EnumImage(_) | Helper::BooleanImage => "image".to_owned(),
            Helper::Decimal => "decimal".to_owned(),
            Helper::Digits => "digits".to_owned(),
            Helper::Upper => "upper".to_owned(),
            Helper::Pad => "pad".to_owned(),
            Helper::PadEnd => "pad_end".to_owned(),
        }
    }

    /// Writes the function under its name. Names that `taken` has already are not hidden by those in the function.
    pub fn write(self, name: &str, types: &Types, names: &TypeNames, taken: &Namer, writer: &mut Writer) {
        let mut plain = Writer::new("    ");
        self.write_plain(name, types, names, &mut plain);
        let mut scope = taken.scope();
        let others: HashMap<&str, String> = LOCALS
            .iter()
            .filter(|word| !taken.is_free(word))
            .map(|word| (*word, scope.fresh(&format!("the_{word}"))))
            .collect();
        for line in plain.finish().lines() {
            writer.line(replace_words(line, &|word| others.get(word)));
        }
        writer.blank();
    }

    fn write_plain(self, name: &str, types: &Types, names: &TypeNames, writer: &mut Writer) {
        match self {
            Helper::ToStdLogic => function(
                writer,
                name,
                "condition : boolean",
                "std_logic",
                &[],
                "if condition then\n    return '1';\nelse\n    return '0';\nend if;",
            ),
            Helper::LogicToUnsigned => function(
                writer,
                name,
                "bit_value : std_logic; size : positive",
                "unsigned",
                &["variable result : unsigned(size - 1 downto 0) := (others => '0');"],
                "result(0) := bit_value;\nreturn result;",
            ),
            Helper::BooleanToUnsigned => function(
                writer,
                name,
                "condition : boolean; size : positive",
                "unsigned",
                &["variable result : unsigned(size - 1 downto 0) := (others => '0');"],
                "if condition then\n    result(0) := '1';\nend if;\nreturn result;",
            ),
            Helper::ChooseLogic => choose(writer, name, "std_logic"),
            Helper::ChooseBoolean => choose(writer, name, "boolean"),
            Helper::ChooseUnsigned => choose(writer, name, "unsigned"),
            Helper::ChooseSigned => choose(writer, name, "signed"),
            Helper::UnsignedBit => function(
                writer,
                name,
                "value : unsigned; index : natural",
                "std_logic",
                &["alias bits : unsigned(value'length - 1 downto 0) is value;"],
                "if index < bits'length then\n    return bits(index);\nelse\n    return '0';\nend if;",
            ),
            Helper::SignedBit => function(
                writer,
                name,
                "value : signed; index : natural",
                "std_logic",
                &["alias bits : signed(value'length - 1 downto 0) is value;"],
                "if index < bits'length then\n    return bits(index);\nelse\n    return bits(bits'left);\nend if;",
            ),
            Helper::FloorDiv => {
                writer.line(
                    "-- The quotient rounded towards minus infinity; one bit longer than the operands.",
                );
                function(
                    writer,
                    name,
                    "dividend, divisor : signed",
                    "signed",
                    &["constant rest : signed(divisor'length - 1 downto 0) := dividend mod divisor;"],
                    "if dividend'length > divisor'length then\n    return (resize(dividend, dividend'length + 1) - rest) / divisor;\nelse\n    return (resize(dividend, divisor'length + 1) - rest) / divisor;\nend if;",
                );
            }
            Helper::Power => {
                writer.line("-- The low bits of the power, as many as the base has.");
                function(
                    writer,
                    name,
                    "base : unsigned; exponent : natural",
                    "unsigned",
                    &["variable result : unsigned(base'length - 1 downto 0) := to_unsigned(1, base'length);"],
                    "for turn in 1 to exponent loop\n    result := resize(result * base, base'length);\nend loop;\nreturn result;",
                );
            }
            Helper::ShiftAmount => {
                writer.line("-- The amount of a shift that takes out all bits from the limit on.");
                function(
                    writer,
                    name,
                    "amount : unsigned; limit : natural",
                    "natural",
                    &[],
                    "if amount > limit then\n    return limit;\nelse\n    return to_integer(amount);\nend if;",
                );
            }
            Helper::Encode(id) => {
                let of = names.enumeration(id);
                let arms: Vec<(String, String)> = of
                    .members
                    .iter()
                    .zip(&types.enums[id.index()].members)
                    .map(|(member, (_, code))| {
                        (
                            member.clone(),
                            crate::types::store_literal(code, crate::phrase::Kind::unsigned(of.width)),
                        )
                    })
                    .collect();
                let body = case("member", &arms, false);
                function(writer, name, &format!("member : {}", of.name), "unsigned", &[], &body);
            }
            Helper::Decode(id) => {
                let of = names.enumeration(id);
                let arms: Vec<(String, String)> = of
                    .members
                    .iter()
                    .zip(&types.enums[id.index()].members)
                    .map(|(member, (_, code))| (crate::phrase::bits(code, of.width), member.clone()))
                    .collect();
                let subtype = format!("subtype code_t is unsigned({} downto 0);", of.width - 1);
                let body = case("code_t'(code)", &arms, true);
                function(writer, name, "code : unsigned", &of.name, &[&subtype], &body);
            }
            Helper::EnumImage(id) => {
                let of = names.enumeration(id);
                let arms: Vec<(String, String)> = of
                    .members
                    .iter()
                    .zip(&types.enums[id.index()].members)
                    .map(|(member, (source, _))| (member.clone(), crate::phrase::string(source).text))
                    .collect();
                let body = case("member", &arms, of.encoded);
                function(writer, name, &format!("member : {}", of.name), "string", &[], &body);
            }
            Helper::BooleanImage => function(
                writer,
                name,
                "condition : boolean",
                "string",
                &[],
                "if condition then\n    return \"True\";\nelse\n    return \"False\";\nend if;",
            ),
            Helper::Decimal => function(
                writer,
                name,
                "value : signed",
                "string",
                &[
                    "variable rest   : unsigned(value'length - 1 downto 0) := unsigned(abs value);",
                    "variable result : string(1 to value'length + 1);",
                    "variable first  : positive := result'right + 1;",
                ],
                "loop\n    first := first - 1;\n    result(first) := character'val(character'pos('0') + to_integer(rest mod 10));\n    rest := rest / 10;\n    exit when rest = 0;\nend loop;\nif value < 0 then\n    first := first - 1;\n    result(first) := '-';\nend if;\nreturn result(first to result'right);",
            ),
            Helper::Digits => function(
                writer,
                name,
                "value : signed; bits : positive",
                "string",
                &[
                    "constant signs  : string(1 to 16) := \"0123456789abcdef\";",
                    "variable rest   : unsigned(value'length - 1 downto 0) := unsigned(abs value);",
                    "variable result : string(1 to value'length + 1);",
                    "variable first  : positive := result'right + 1;",
                ],
                "loop\n    first := first - 1;\n    result(first) := signs(to_integer(rest mod 2 ** bits) + 1);\n    rest := shift_right(rest, bits);\n    exit when rest = 0;\nend loop;\nif value < 0 then\n    first := first - 1;\n    result(first) := '-';\nend if;\nreturn result(first to result'right);",
            ),
            Helper::Upper => function(
                writer,
                name,
                "text : string",
                "string",
                &["variable result : string(1 to text'length) := text;"],
                "for at in result'range loop\n    if result(at) >= 'a' and result(at) <= 'z' then\n        result(at) := character'val(character'pos(result(at)) - 32);\n    end if;\nend loop;\nreturn result;",
            ),
            Helper::Pad => function(
                writer,
                name,
                "text : string; width : natural; fill : character",
                "string",
                &["variable filled : string(1 to width) := (others => fill);"],
                "if text'length >= width then\n    return text;\nelsif fill = '0' and text(text'left) = '-' then\n    return '-' & filled(1 to width - text'length) & text(text'left + 1 to text'right);\nelse\n    return filled(1 to width - text'length) & text;\nend if;",
            ),
            Helper::PadEnd => function(
                writer,
                name,
                "text : string; width : natural",
                "string",
                &["variable filled : string(1 to width) := (others => ' ');"],
                "if text'length >= width then\n    return text;\nelse\n    return text & filled(1 to width - text'length);\nend if;",
            ),
        }
    }
}

/// Every name that a function declares inside.
const LOCALS: [&str; 27] = [
    "amount",
    "at",
    "base",
    "bit_value",
    "bits",
    "code",
    "code_t",
    "condition",
    "dividend",
    "divisor",
    "exponent",
    "fill",
    "filled",
    "first",
    "index",
    "limit",
    "member",
    "no",
    "rest",
    "result",
    "signs",
    "size",
    "text",
    "turn",
    "value",
    "width",
    "yes",
];

/// The line with words replaced, those in texts and comments left alone.
fn replace_words<'a>(line: &str, with: &impl Fn(&str) -> Option<&'a String>) -> String {
    let mut result = String::with_capacity(line.len());
    let mut rest = line;
    let mut in_string = false;
    while let Some(c) = rest.chars().next() {
        if c == '"' {
            in_string = !in_string;
        }
        if !in_string && rest.starts_with("--") {
            break;
        }
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = if is_word(c) { rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { c.len_utf8() };
        let word = &rest[..length];
        match if in_string { None } else { with(word) } {
            Some(other) => result.push_str(other),
            None => result.push_str(word),
        }
        rest = &rest[length..];
    }
    result.push_str(rest);
    result
}

fn function(writer: &mut Writer, name: &str, params: &str, result: &str, locals: &[&str], body: &str) {
    writer.line(format!("function {name} ({params}) return {result} is"));
    writer.indent();
    for local in locals {
        writer.line(local);
    }
    writer.dedent();
    writer.line("begin");
    writer.indent();
    writer.line(body);
    writer.dedent();
    writer.line(format!("end function {name};"));
}

fn choose(writer: &mut Writer, name: &str, of: &str) {
    function(
        writer,
        name,
        &format!("condition : boolean; yes, no : {of}"),
        of,
        &[],
        "if condition then\n    return yes;\nelse\n    return no;\nend if;",
    );
}

/// A case statement that returns; the last arm also takes what no arm names if `open`.
fn case(subject: &str, arms: &[(String, String)], open: bool) -> String {
    let mut text = format!("case {subject} is");
    for (at, (choice, value)) in arms.iter().enumerate() {
        let choice = if open && at + 1 == arms.len() { "others" } else { choice };
        text.push_str(&format!("\n    when {choice} => return {value};"));
    }
    text.push_str("\nend case;");
    text
}
