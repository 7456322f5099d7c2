//! Functions of an emitted module: what Verilog-2005 has no expression for.

use crate::function::Function;
use crate::text::Text;
use pyhw_ir::{Int, Range};
use pyhw_text::{Namer, Writer};
use std::collections::HashMap;

/// A function that expressions call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Helper {
    /// `width` bits from bit `low` of an expression of `from` bits: Verilog selects bits of names only.
    Bits { from: u32, low: u32, width: u32 },
    /// The amount of a shift, of `from` bits, in the 32 bits that tools count in: what is more leaves nothing of any value.
    Amount { from: u32 },
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
    /// `count` elements of `from` bits, each cut or extended to `to` bits.
    Resize { count: u32, from: u32, to: u32, signed: bool },
    /// The name of the member with this code; `chars` is the length of the longest name.
    Name { code_bits: u32, names: Vec<(Int, String)>, chars: u32 },
}

impl Helper {
    fn wanted_name(&self) -> String {
        match self {
            Helper::Bits { from, low, width: 1 } => format!("bit_{low}_of_{from}"),
            Helper::Bits { from, low, width } => format!("bits_{}_{low}_of_{from}", low + width - 1),
            Helper::Amount { from } => format!("amount_of_{from}"),
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
            Helper::Resize { count, from, to, .. } => format!("resize_{count}_of_{from}_to_{to}"),
            Helper::Name { .. } => "name_of".to_owned(),
        }
    }

    /// Whether the function's result is signed.
    pub fn is_signed(&self) -> bool {
        match self {
            Helper::Extend { .. } | Helper::FloorDiv { .. } | Helper::Mod { .. } => true,
            Helper::Bits { .. }
            | Helper::Amount { .. }
            | Helper::Pow { .. }
            | Helper::Wrap { .. }
            | Helper::Rom { .. }
            | Helper::Element { .. }
            | Helper::Resize { .. }
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
    /// A call of the function, with its name if it is the first call.
    pub fn call(&mut self, helper: Helper, args: &[Text], namer: &mut Namer) -> (Text, Option<String>) {
        let signed = helper.is_signed();
        if let Some(at) = self.known.get(&helper) {
            return (Text::call(&self.list[*at].1, args, signed), None);
        }
        let name = namer.fresh(&helper.wanted_name());
        self.known.insert(helper.clone(), self.list.len());
        self.list.push((helper, name.clone()));
        (Text::call(&name, args, signed), Some(name))
    }

    /// Writes every function. `outer` holds the names of the module, which a function's own may not hide.
    pub fn write(&self, outer: &Namer, w: &mut Writer) {
        for (helper, name) in &self.list {
            w.blank();
            Function::new(name, outer, w).write(helper);
        }
    }
}

/// `[7:0]`, or nothing for one bit.
pub fn range_text(width: u32) -> String {
    if width == 1 { String::new() } else { format!("[{}:0]", width - 1) }
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
