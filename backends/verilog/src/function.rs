//! The text of the functions that expressions call.

use crate::helper::{Helper, index_bits, pad_string, range_text, select};
use crate::literal::{Style, literal};
use pyhw_ir::{Int, Range};
use pyhw_text::{Namer, Row, Writer};
use std::collections::HashSet;

/// Writes one function. Its body is one statement (IEEE 1364-2005, 10.4.1), which several locals may precede.
pub struct Function<'w> {
    name: &'w str,
    outer: &'w Namer,
    locals: HashSet<String>,
    w: &'w mut Writer,
}

impl<'w> Function<'w> {
    /// For a function of this name; `outer` holds the names of the module, which those inside may not hide.
    pub fn new(name: &'w str, outer: &'w Namer, w: &'w mut Writer) -> Function<'w> {
        Function { name, outer, locals: HashSet::new(), w }
    }

    /// Writes it.
    pub fn write(&mut self, helper: &Helper) {
        match helper {
            Helper::Bits { from, low, width } => self.bits(*from, *low, *width),
            Helper::Amount { from } => {
                self.open("The amount of a shift; what is beyond 32 bits leaves nothing.", 32, false);
                let value = self.input("value", *from, false);
                let above = select(&value, *from, 32, from - 32);
                let zero = literal(&Int::ZERO, from - 32, Style::Plain).s;
                self.assign(&format!("({above} != {zero}) ? {{32{{1'b1}}}} : {value}[31:0]"));
            }
            Helper::Extend { from, to } => {
                self.open(&format!("The signed value in {to} bits."), *to, true);
                let value = self.input("value", *from, false);
                let sign = sign_bit(&value, *from);
                self.assign(&format!("{{{{{}{{{sign}}}}}, {value}}}", to - from));
            }
            Helper::FloorDiv { width } => self.floor_div(*width),
            Helper::Mod { width } => self.floor_mod(*width),
            Helper::Pow { width, most } => self.power(*width, *most),
            Helper::Wrap { from, signed, range, turns } => {
                if *turns {
                    self.wrap_by_remainder(*from, *signed, range);
                } else {
                    self.wrap_once(*from, *signed, range);
                }
            }
            Helper::Rom { words, width, index_bits } => self.rom(words, *width, *index_bits),
            Helper::Element { width, count } => self.element(*width, *count),
            Helper::Resize { count, from, to, signed } => self.resize(*count, *from, *to, *signed),
            Helper::Name { code_bits, names, chars } => {
                self.open("The name of a member.", chars * 8, false);
                let code = self.input("code", *code_bits, false);
                let mut rows: Vec<(String, String)> = names
                    .iter()
                    .map(|(code, text)| (literal(code, *code_bits, Style::Plain).s, pad_string(text, *chars)))
                    .collect();
                rows.push(("default".to_owned(), pad_string("?", *chars)));
                self.case(&code, rows);
            }
        }
        self.w.dedent();
        self.w.line("endfunction");
    }

    fn open(&mut self, comment: &str, width: u32, signed: bool) {
        self.w.line(format!("// {comment}"));
        let sign = if signed { "signed" } else { "" };
        let line = join(&["function", sign, &range_text(width), self.name]);
        self.w.line(format!("{line};"));
        self.w.indent();
    }

    fn declare(&mut self, keyword: &str, wanted: &str, width: u32, signed: bool) -> String {
        let name = self.outer.local(wanted, &mut self.locals);
        let sign = if signed { "signed" } else { "" };
        let line = join(&[keyword, sign, &range_text(width), &name]);
        self.w.line(format!("{line};"));
        name
    }

    fn input(&mut self, wanted: &str, width: u32, signed: bool) -> String {
        self.declare("input", wanted, width, signed)
    }

    fn reg(&mut self, wanted: &str, width: u32, signed: bool) -> String {
        self.declare("reg", wanted, width, signed)
    }

    fn begin(&mut self, line: &str) {
        self.w.line(line);
        self.w.indent();
    }

    fn end(&mut self) {
        self.w.dedent();
        self.w.line("end");
    }

    fn assign(&mut self, value: &str) {
        let line = format!("{} = {value};", self.name);
        self.w.line(line);
    }

    fn case(&mut self, subject: &str, rows: Vec<(String, String)>) {
        self.begin(&format!("case ({subject})"));
        let rows: Vec<Row> = rows
            .into_iter()
            .map(|(label, value)| Row::new([format!("{label}:"), format!("{} = {value};", self.name)]))
            .collect();
        self.w.table(&rows);
        self.w.dedent();
        self.w.line("endcase");
    }

    fn bits(&mut self, from: u32, low: u32, width: u32) {
        let what = if width == 1 {
            format!("Bit {low} of {from}.")
        } else {
            format!("Bits {} to {low} of {from}.", low + width - 1)
        };
        self.open(&what, width, false);
        let value = self.input("value", from, false);
        let above = from - low - width;
        // Verilator takes a name with `unused` in it at its word.
        let mut parts = Vec::new();
        if above > 0 {
            parts.push(self.reg(if low == 0 { "unused" } else { "unused_above" }, above, false));
        }
        parts.push(self.name.to_owned());
        if low > 0 {
            parts.push(self.reg(if above == 0 { "unused" } else { "unused_below" }, low, false));
        }
        self.w.line(format!("{{{}}} = {value};", parts.join(", ")));
    }

    fn floor_div(&mut self, width: u32) {
        self.open("The quotient rounded towards minus infinity.", width, true);
        let (a, b) = (self.input("a", width, true), self.input("b", width, true));
        let zero = literal(&Int::ZERO, width, Style::Signed).s;
        let one = literal(&Int::ONE, width, Style::Signed).s;
        self.begin("begin");
        self.assign(&format!("{a} / {b}"));
        self.begin(&format!(
            "if ({} != {} && {a} % {b} != {zero}) begin",
            sign_bit(&a, width),
            sign_bit(&b, width)
        ));
        self.assign(&format!("{} - {one}", self.name));
        self.end();
        self.end();
    }

    fn floor_mod(&mut self, width: u32) {
        self.open("The remainder with the sign of the divisor.", width, true);
        let (a, b) = (self.input("a", width, true), self.input("b", width, true));
        let zero = literal(&Int::ZERO, width, Style::Signed).s;
        self.begin("begin");
        self.assign(&format!("{a} % {b}"));
        self.begin(&format!(
            "if ({} != {} && {} != {zero}) begin",
            sign_bit(&a, width),
            sign_bit(&b, width),
            self.name
        ));
        self.assign(&format!("{} + {b}", self.name));
        self.end();
        self.end();
    }

    fn power(&mut self, width: u32, most: u32) {
        let bits = index_bits(most.saturating_add(1));
        self.open("A power, by repeated squaring.", width, false);
        let base = self.input("base", width, false);
        let exponent = self.input("exponent", bits, false);
        let square = if bits > 1 { self.reg("square", width, false) } else { String::new() };
        let one = literal(&Int::ONE, width, Style::Plain).s;
        self.begin("begin");
        self.assign(&format!("{} ? {base} : {one}", select(&exponent, bits, 0, 1)));
        for bit in 1..bits {
            let root = if bit == 1 { &base } else { &square };
            self.w.line(format!("{square} = {root} * {root};"));
            self.begin(&format!("if ({exponent}[{bit}]) begin"));
            self.assign(&format!("{} * {square}", self.name));
            self.end();
        }
        self.end();
    }

    /// Any number of sizes away: by Verilog's remainder, which has the sign of the dividend.
    fn wrap_by_remainder(&mut self, from: u32, signed: bool, range: &Range) {
        let (Some((min, max)), Some(size)) = (range.bounds(), range.size()) else { return };
        let width = range.width_bits().unwrap_or(1);
        self.open(&format!("The value wrapped into {min} to {max}."), width, false);
        let value = self.input("value", from, signed);
        if !signed && min.is_zero() && width < from && size.bit_length() <= from {
            let unused = self.reg("unused", from - width, false);
            let size = literal(&size, from, Style::Plain).s;
            self.w.line(format!("{{{unused}, {}}} = {value} % {size};", self.name));
            return;
        }
        let wide = from.max(width).max(size.bit_length()) + 2;
        let offset = self.reg("offset", wide, true);
        let unused = self.reg("unused", wide - width, false);
        let sized = |value: &Int| literal(value, wide, Style::Signed).s;
        let extra = wide - from;
        let extension = match signed {
            true => format!("{{{extra}{{{}}}}}", sign_bit(&value, from)),
            false => literal(&Int::ZERO, extra, Style::Plain).s,
        };
        let extended = format!("$signed({{{extension}, {value}}})");
        // How far it is from the least value; and from there back.
        let (from_least, to_least) = match min.is_negative() {
            _ if min.is_zero() => (extended, offset.clone()),
            true => {
                (format!("({extended} + {})", sized(&min.neg())), format!("{offset} - {}", sized(&min.neg())))
            }
            false => (format!("({extended} - {})", sized(min)), format!("{offset} + {}", sized(min))),
        };
        self.begin("begin");
        self.w.line(format!("{offset} = {from_least} % {};", sized(&size)));
        self.begin(&format!("if ({}) begin", sign_bit(&offset, wide)));
        self.w.line(format!("{offset} = {offset} + {};", sized(&size)));
        self.end();
        self.w.line(format!("{{{unused}, {}}} = {to_least};", self.name));
        self.end();
    }

    /// At most one size away: by adding or subtracting it.
    fn wrap_once(&mut self, from: u32, signed: bool, range: &Range) {
        let (Some((min, max)), Some(size)) = (range.bounds(), range.size()) else { return };
        let width = range.width_bits().unwrap_or(1);
        self.open(&format!("The value wrapped into {min} to {max}."), width, false);
        let value = self.input("value", from, signed);
        let style = if signed { Style::Signed } else { Style::Plain };
        let sized = |value: &Int| literal(value, from, style).s;
        let low = if width <= from {
            select(&value, from, 0, width)
        } else if signed {
            format!("{{{{{}{{{}}}}}, {value}}}", width - from, sign_bit(&value, from))
        } else {
            format!("{{{}'d0, {value}}}", width - from)
        };
        let step = literal(&size, width, Style::Plain).s;
        let mut lead = String::new();
        if can_exceed(from, signed, max) {
            self.begin(&format!("{lead}if ({value} > {}) begin", sized(max)));
            self.assign(&format!("{low} - {step}"));
            self.w.dedent();
            lead = "end else ".to_owned();
        }
        if can_be_below(from, signed, min) {
            self.begin(&format!("{lead}if ({value} < {}) begin", sized(min)));
            self.assign(&format!("{low} + {step}"));
            self.w.dedent();
            lead = "end else ".to_owned();
        }
        if lead.is_empty() {
            self.assign(&low);
        } else {
            self.begin("end else begin");
            self.assign(&low);
            self.end();
        }
    }

    fn rom(&mut self, words: &[Int], width: u32, index_bits: u32) {
        self.open(&format!("A table of {} words.", words.len()), width, false);
        let index = self.input("index", index_bits, false);
        let mut rows: Vec<(String, String)> = words
            .iter()
            .enumerate()
            .map(|(at, word)| {
                let label = literal(&Int::from(at), index_bits, Style::Plain).s;
                (label, literal(word, width, Style::Plain).s)
            })
            .collect();
        let is_full = u64::try_from(words.len()).is_ok_and(|count| count >= 1u64 << index_bits.min(63));
        if !is_full {
            rows.push(("default".to_owned(), literal(&Int::ZERO, width, Style::Plain).s));
        }
        self.case(&index, rows);
    }

    fn element(&mut self, width: u32, count: u32) {
        let total = width * count;
        let index_bits = index_bits(count);
        self.open(&format!("One of {count} elements, the first one lowest."), width, false);
        let elements = self.input("elements", total, false);
        let index = self.input("index", index_bits, false);
        let rows = (0..count)
            .map(|at| {
                let label = if at + 1 == count {
                    "default".to_owned()
                } else {
                    literal(&Int::from(at), index_bits, Style::Plain).s
                };
                (label, select(&elements, total, at * width, width))
            })
            .collect();
        self.case(&index, rows);
    }

    fn resize(&mut self, count: u32, from: u32, to: u32, signed: bool) {
        self.open(&format!("{count} elements of {from} bits, each in {to} bits."), to * count, false);
        let elements = self.input("elements", from * count, false);
        let i = self.outer.local("i", &mut self.locals);
        self.w.line(format!("integer {i};"));
        self.begin(&format!("for ({i} = 0; {i} < {count}; {i} = {i} + 1) begin"));
        let value = part(&elements, &i, from, from.min(to));
        let value = if to <= from {
            value
        } else if signed {
            let sign =
                if from == 1 { value.clone() } else { format!("{elements}[{i} * {from} + {}]", from - 1) };
            format!("{{{{{}{{{sign}}}}}, {value}}}", to - from)
        } else {
            format!("{{{}, {value}}}", literal(&Int::ZERO, to - from, Style::Plain).s)
        };
        let target = part(self.name, &i, to, to);
        self.w.line(format!("{target} = {value};"));
        self.end();
    }
}

/// The low `width` bits of the element `at` of a row of elements of `of` bits.
fn part(row: &str, at: &str, of: u32, width: u32) -> String {
    match (of, width) {
        (1, _) => format!("{row}[{at}]"),
        (_, 1) => format!("{row}[{at} * {of}]"),
        _ => format!("{row}[{at} * {of} +: {width}]"),
    }
}

fn join(words: &[&str]) -> String {
    words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

fn sign_bit(name: &str, width: u32) -> String {
    select(name, width, width - 1, 1)
}

/// Whether a number of so many bits can be above `max`.
fn can_exceed(from: u32, signed: bool, max: &Int) -> bool {
    let most = if signed { Int::power_of_two(from - 1) } else { Int::power_of_two(from) };
    *max < most.sub(&Int::ONE)
}

/// Whether a number of so many bits can be below `min`.
fn can_be_below(from: u32, signed: bool, min: &Int) -> bool {
    let least = if signed { Int::power_of_two(from - 1).neg() } else { Int::ZERO };
    *min > least
}
