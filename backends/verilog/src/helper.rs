//! Functions of an emitted module: what Verilog-2005 has no expression for.

use crate::literal::{Style, literal};
use crate::text::Text;
use pyhw_ir::{Int, Range};
use pyhw_text::{Namer, Writer};
use std::collections::HashMap;

/// A function that expressions call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Helper {
    /// `width` bits from bit `low` of an expression of `from` bits: Verilog selects bits of names only.
    Bits { from: u32, low: u32, width: u32 },
    /// The sign of an expression of `from` bits extended to `to` bits.
    Extend { from: u32, to: u32 },
    /// The quotient rounded towards minus infinity, of signed operands of `width` bits: Verilog rounds towards zero.
    FloorDiv { width: u32 },
    /// The remainder with the sign of the divisor, of signed operands of `width` bits.
    Mod { width: u32 },
    /// A power, modulo 2^`width`, with an exponent of at most `most`.
    Pow { width: u32, most: u32 },
    /// A value of `from` bits reduced into the interval; `turns` is false where it is less than one size away.
    Wrap { from: u32, signed: bool, range: Range, turns: bool },
    /// A constant table.
    Rom { words: Vec<Int>, width: u32, index_bits: u32 },
    /// One of `count` elements of `width` bits each.
    Element { width: u32, count: u32 },
    /// The name of the member with this code; `chars` is the length of the longest name.
    Name { code_bits: u32, names: Vec<(Int, String)>, chars: u32 },
}

impl Helper {
    fn wanted_name(&self) -> String {
        match self {
            Helper::Bits { from, low, width: 1 } => format!("bit_{low}_of_{from}"),
            Helper::Bits { from, low, width } => format!("bits_{}_{low}_of_{from}", low + width - 1),
            Helper::Extend { from, to } => format!("extend_{from}_to_{to}"),
            Helper::FloorDiv { width } => format!("floordiv_{width}"),
            Helper::Mod { width } => format!("mod_{width}"),
            Helper::Pow { width, .. } => format!("pow_{width}"),
            Helper::Wrap { range, .. } => {
                let end = |end: &Option<Int>| {
                    let value = end.clone().unwrap_or_default();
                    if value.is_negative() { format!("m{}", value.abs()) } else { value.to_string() }
                };
                format!("wrap_{}_to_{}", end(&range.min), end(&range.max))
            }
            Helper::Rom { .. } => "rom".to_owned(),
            Helper::Element { width, count } => format!("element_{width}_of_{count}"),
            Helper::Name { .. } => "name_of".to_owned(),
        }
    }

    /// Whether the function's result is signed.
    pub fn is_signed(&self) -> bool {
        match self {
            Helper::Extend { .. } | Helper::FloorDiv { .. } | Helper::Mod { .. } => true,
            Helper::Bits { .. }
            | Helper::Pow { .. }
            | Helper::Wrap { .. }
            | Helper::Rom { .. }
            | Helper::Element { .. }
            | Helper::Name { .. } => false,
        }
    }
}

/// The functions that a module needs, in the order of their first call.
#[derive(Debug, Default)]
pub struct Helpers {
    list: Vec<(Helper, String)>,
    known: HashMap<Helper, usize>,
}

impl Helpers {
    /// A call of the function.
    pub fn call(&mut self, helper: Helper, args: &[Text], namer: &mut Namer) -> Text {
        let signed = helper.is_signed();
        let at = match self.known.get(&helper) {
            Some(at) => *at,
            None => {
                let name = namer.fresh(&helper.wanted_name());
                self.list.push((helper.clone(), name));
                self.known.insert(helper, self.list.len() - 1);
                self.list.len() - 1
            }
        };
        Text::call(&self.list[at].1, args, signed)
    }

    /// Writes every function.
    pub fn write(&self, w: &mut Writer) {
        for (helper, name) in &self.list {
            w.blank();
            write_function(helper, name, w);
        }
    }
}

/// `[7:0] `, or nothing for one bit.
pub fn range_text(width: u32) -> String {
    if width == 1 { String::new() } else { format!("[{}:0]", width - 1) }
}

fn join(words: &[&str]) -> String {
    words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

fn open(w: &mut Writer, comment: &str, name: &str, width: u32, signed: bool) {
    w.line(format!("// {comment}"));
    let sign = if signed { "signed" } else { "" };
    w.line(format!("{};", join(&["function", sign, &range_text(width), name])));
    w.indent();
}

fn input(w: &mut Writer, name: &str, width: u32, signed: bool) {
    let sign = if signed { "signed" } else { "" };
    w.line(format!("{};", join(&["input", sign, &range_text(width), name])));
}

fn close(w: &mut Writer) {
    w.dedent();
    w.line("endfunction");
}

fn write_function(helper: &Helper, name: &str, w: &mut Writer) {
    match helper {
        Helper::Bits { from, low, width } => write_bits(w, name, *from, *low, *width),
        Helper::Extend { from, to } => {
            open(w, &format!("The signed value in {to} bits."), name, *to, true);
            input(w, "value", *from, false);
            let sign = if *from == 1 { "value".to_owned() } else { format!("value[{}]", from - 1) };
            w.line(format!("{name} = {{{{{}{{{sign}}}}}, value}};", to - from));
            close(w);
        }
        Helper::FloorDiv { width } => {
            open(w, "The quotient rounded towards minus infinity.", name, *width, true);
            input(w, "a", *width, true);
            input(w, "b", *width, true);
            w.line("begin");
            w.indent();
            w.line(format!("{name} = a / b;"));
            let zero = literal(&Int::ZERO, *width, Style::Signed).s;
            let one = literal(&Int::ONE, *width, Style::Signed).s;
            let (a, b) = (sign_bit("a", *width), sign_bit("b", *width));
            w.line(format!("if ({a} != {b} && a % b != {zero}) begin"));
            w.indent();
            w.line(format!("{name} = {name} - {one};"));
            w.dedent();
            w.line("end");
            w.dedent();
            w.line("end");
            close(w);
        }
        Helper::Mod { width } => {
            open(w, "The remainder with the sign of the divisor.", name, *width, true);
            input(w, "a", *width, true);
            input(w, "b", *width, true);
            w.line("begin");
            w.indent();
            w.line(format!("{name} = a % b;"));
            let zero = literal(&Int::ZERO, *width, Style::Signed).s;
            let (a, b) = (sign_bit("a", *width), sign_bit("b", *width));
            w.line(format!("if ({a} != {b} && {name} != {zero}) begin"));
            w.indent();
            w.line(format!("{name} = {name} + b;"));
            w.dedent();
            w.line("end");
            w.dedent();
            w.line("end");
            close(w);
        }
        Helper::Pow { width, most } => write_pow(w, name, *width, *most),
        Helper::Wrap { from, signed, range, turns } => write_wrap(w, name, *from, *signed, range, *turns),
        Helper::Rom { words, width, index_bits } => write_rom(w, name, words, *width, *index_bits),
        Helper::Element { width, count } => {
            let total = width * count;
            let index_bits = index_bits(*count);
            open(w, &format!("One of {count} elements, the first one lowest."), name, *width, false);
            input(w, "elements", total, false);
            input(w, "index", index_bits, false);
            w.line("case (index)");
            w.indent();
            for at in 0..*count {
                let label = if at + 1 == *count {
                    "default".to_owned()
                } else {
                    literal(&Int::from(at), index_bits, Style::Plain).s
                };
                w.line(format!("{label}: {name} = {};", select("elements", total, at * width, *width)));
            }
            w.dedent();
            w.line("endcase");
            close(w);
        }
        Helper::Name { code_bits, names, chars } => {
            open(w, "The name of a member.", name, chars * 8, false);
            input(w, "code", *code_bits, false);
            w.line("case (code)");
            w.indent();
            for (code, text) in names {
                let padded = pad_string(text, *chars);
                w.line(format!("{}: {name} = {padded};", literal(code, *code_bits, Style::Plain).s));
            }
            w.line(format!("default: {name} = {};", pad_string("?", *chars)));
            w.dedent();
            w.line("endcase");
            close(w);
        }
    }
}

/// A string of exactly so many characters, with zero bytes before it, which `%0s` leaves out.
pub fn pad_string(text: &str, chars: u32) -> String {
    let missing = chars.saturating_sub(text.len() as u32) * 8;
    if missing == 0 { format!("\"{text}\"") } else { format!("{{{missing}'d0, \"{text}\"}}") }
}

/// How many bits an index below `count` has; at least 1.
pub fn index_bits(count: u32) -> u32 {
    if count <= 2 { 1 } else { 32 - (count - 1).leading_zeros() }
}

/// `width` bits from bit `low` of a name of `total` bits.
pub fn select(name: &str, total: u32, low: u32, width: u32) -> String {
    if width == total {
        name.to_owned()
    } else if width == 1 {
        format!("{name}[{low}]")
    } else {
        format!("{name}[{}:{low}]", low + width - 1)
    }
}

fn sign_bit(name: &str, width: u32) -> String {
    select(name, width, width - 1, 1)
}

fn write_bits(w: &mut Writer, name: &str, from: u32, low: u32, width: u32) {
    let what = if width == 1 {
        format!("Bit {low} of {from}.")
    } else {
        format!("Bits {} to {low} of {from}.", low + width - 1)
    };
    open(w, &what, name, width, false);
    input(w, "value", from, false);
    let above = from - low - width;
    let mut parts = Vec::new();
    let mut unused = |name: &'static str, width: u32, parts: &mut Vec<String>| {
        if width > 0 {
            w.line(format!("{};", join(&["reg", &range_text(width), name])));
            parts.push(name.to_owned());
        }
    };
    let above_name = if low == 0 { "unused" } else { "unused_above" };
    unused(above_name, above, &mut parts);
    parts.push(name.to_owned());
    let below_name = if above == 0 { "unused" } else { "unused_below" };
    unused(below_name, low, &mut parts);
    w.line(format!("{{{}}} = value;", parts.join(", ")));
    close(w);
}

fn write_pow(w: &mut Writer, name: &str, width: u32, most: u32) {
    let bits = index_bits(most.saturating_add(1));
    open(w, "A power, by repeated squaring.", name, width, false);
    input(w, "base", width, false);
    input(w, "exponent", bits, false);
    if bits > 1 {
        w.line(format!("{};", join(&["reg", &range_text(width), "square"])));
    }
    w.line("begin");
    w.indent();
    let one = literal(&Int::ONE, width, Style::Plain).s;
    w.line(format!("{name} = {} ? base : {one};", select("exponent", bits, 0, 1)));
    for bit in 1..bits {
        let root = if bit == 1 { "base" } else { "square" };
        w.line(format!("square = {root} * {root};"));
        w.line(format!("if (exponent[{bit}]) begin"));
        w.indent();
        w.line(format!("{name} = {name} * square;"));
        w.dedent();
        w.line("end");
    }
    w.dedent();
    w.line("end");
    close(w);
}

fn write_wrap(w: &mut Writer, name: &str, from: u32, signed: bool, range: &Range, turns: bool) {
    let (Some((min, max)), Some(size)) = (range.bounds(), range.size()) else { return };
    let width = range.width_bits().unwrap_or(1);
    open(w, &format!("The value reduced into {min} to {max}."), name, width, false);
    input(w, "value", from, signed);
    let style = if signed { Style::Signed } else { Style::Plain };
    if turns {
        // Verilog's remainder has the sign of the dividend, so that one size is added below zero.
        let wide = from.max(width).max(size.bit_length()) + 2;
        let sized = |value: &Int| literal(value, wide, Style::Signed).s;
        let sign = if signed { sign_bit("value", from) } else { "1'b0".to_owned() };
        w.line(format!("reg signed {} offset;", range_text(wide)));
        w.line(format!("reg {} unused;", range_text(wide - width)));
        w.line("begin");
        w.indent();
        w.line(format!(
            "offset = ($signed({{{{{}{{{sign}}}}}, value}}) - {}) % {};",
            wide - from,
            group(sized(min)),
            sized(&size)
        ));
        w.line(format!("if ({}) begin", sign_bit("offset", wide)));
        w.indent();
        w.line(format!("offset = offset + {};", sized(&size)));
        w.dedent();
        w.line("end");
        w.line(format!("{{unused, {name}}} = offset + {};", group(sized(min))));
        w.dedent();
        w.line("end");
    } else {
        let sized = |value: &Int| literal(value, from, style).s;
        let low = low_bits_of_value(from, width, signed);
        let step = literal(&size, width, Style::Plain).s;
        let mut branches = Vec::new();
        if value_can_exceed(from, signed, max) {
            branches.push((format!("value > {}", sized(max)), format!("{low} - {step}")));
        }
        if value_can_be_below(from, signed, min) {
            branches.push((format!("value < {}", group(sized(min))), format!("{low} + {step}")));
        }
        let mut keyword = "";
        for (cond, result) in branches {
            w.line(format!("{keyword}if ({cond}) begin"));
            w.indent();
            w.line(format!("{name} = {result};"));
            w.dedent();
            keyword = "end else ";
        }
        if !keyword.is_empty() {
            w.line(format!("{keyword}begin"));
            w.indent();
        }
        w.line(format!("{name} = {low};"));
        if !keyword.is_empty() {
            w.dedent();
            w.line("end");
        }
    }
    close(w);
}

/// Whether a number of so many bits can be above `max`.
fn value_can_exceed(from: u32, signed: bool, max: &Int) -> bool {
    let most = if signed { Int::power_of_two(from - 1) } else { Int::power_of_two(from) };
    *max < most.sub(&Int::ONE)
}

/// Whether a number of so many bits can be below `min`.
fn value_can_be_below(from: u32, signed: bool, min: &Int) -> bool {
    let least = if signed { Int::power_of_two(from - 1).neg() } else { Int::ZERO };
    *min > least
}

fn group(text: String) -> String {
    if text.starts_with('-') { format!("({text})") } else { text }
}

/// The low bits of the argument, or the argument extended.
fn low_bits_of_value(from: u32, width: u32, signed: bool) -> String {
    if width <= from {
        select("value", from, 0, width)
    } else if signed {
        format!("{{{{{}{{{}}}}}, value}}", width - from, sign_bit("value", from))
    } else {
        format!("{{{}'d0, value}}", width - from)
    }
}

fn write_rom(w: &mut Writer, name: &str, words: &[Int], width: u32, index_bits: u32) {
    open(w, &format!("A table of {} words.", words.len()), name, width, false);
    input(w, "index", index_bits, false);
    w.line("case (index)");
    w.indent();
    let is_full = u64::try_from(words.len()).is_ok_and(|count| count >= 1u64 << index_bits.min(63));
    for (at, word) in words.iter().enumerate() {
        let label = literal(&Int::from(at), index_bits, Style::Plain).s;
        w.line(format!("{label}: {name} = {};", literal(word, width, Style::Plain).s));
    }
    if !is_full {
        let zero = literal(&Int::ZERO, width, Style::Plain).s;
        w.line(format!("default: {name} = {zero};"));
    }
    w.dedent();
    w.line("endcase");
    close(w);
}
