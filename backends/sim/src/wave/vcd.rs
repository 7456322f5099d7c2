//! Value change dumps, IEEE 1364-2005 clause 18.
//!
//! Members of enums, integers without bounds and texts are written as strings (`sIDLE !`), which GTKWave and Surfer read and
//! MyHDL writes, too.

use super::{Scope, Shown, Var, VarKind, WaveSink};
use pyhw_ir::{EnumType, Int};
use std::io::{self, Write};

/// Writes a value change dump.
pub struct Vcd<W: Write + Send> {
    out: W,
    timescale: String,
    vars: Vec<Option<VarKind>>,
    is_first: bool,
    time: Option<u64>,
}

impl<W: Write + Send> Vcd<W> {
    /// A dump that goes to `out`, which should be buffered. `timescale` is the length of a step, such as `1ns`.
    pub fn new(out: W, timescale: impl Into<String>) -> Vcd<W> {
        Vcd { out, timescale: timescale.into(), vars: Vec::new(), is_first: true, time: None }
    }

    fn scope(&mut self, scope: &Scope, depth: usize) -> io::Result<()> {
        let indent = "  ".repeat(depth);
        writeln!(self.out, "{indent}$scope module {} $end", name(&scope.name))?;
        for Var { name: var, id, kind } in &scope.vars {
            let (class, width) = match kind {
                VarKind::Bit => ("wire", 1),
                VarKind::Bits(width) => ("wire", *width),
                VarKind::Member(of) => ("string", of.width_bits.max(1)),
                VarKind::Integer | VarKind::Text => ("string", 1),
            };
            writeln!(self.out, "{indent}  $var {class} {width} {} {} $end", code(*id), name(var))?;
            if self.vars.len() <= *id {
                self.vars.resize(*id + 1, None);
            }
            self.vars[*id] = Some(kind.clone());
        }
        for inner in &scope.scopes {
            self.scope(inner, depth + 1)?;
        }
        writeln!(self.out, "{indent}$upscope $end")
    }
}

impl<W: Write + Send> WaveSink for Vcd<W> {
    fn begin(&mut self, root: &Scope) -> io::Result<()> {
        writeln!(self.out, "$version\n  pyhw\n$end\n$timescale\n  {}\n$end", self.timescale)?;
        self.scope(root, 0)?;
        writeln!(self.out, "$enddefinitions $end")
    }

    fn time(&mut self, time: u64) -> io::Result<()> {
        if self.time == Some(time) {
            return Ok(());
        }
        if self.time.is_some() && std::mem::replace(&mut self.is_first, false) {
            writeln!(self.out, "$end")?;
        }
        writeln!(self.out, "#{time}")?;
        if self.time.replace(time).is_none() {
            writeln!(self.out, "$dumpvars")?;
        }
        Ok(())
    }

    fn change(&mut self, id: usize, value: Shown<'_>) -> io::Result<()> {
        let Some(kind) = self.vars.get(id).and_then(Option::as_ref) else { return Ok(()) };
        let out = &mut self.out;
        match (value, kind) {
            (Shown::Bit(bit), _) => write!(out, "{}", u8::from(bit))?,
            (Shown::Int(int), VarKind::Bits(1)) => write!(out, "{}", u8::from(int.bit(0)))?,
            (Shown::Int(int), VarKind::Bits(width)) => write!(out, "b{} ", bits(int, *width))?,
            (Shown::Int(int), _) => write!(out, "s{int} ")?,
            (Shown::Member(member), VarKind::Member(of)) => {
                write!(out, "s{} ", text(member_name(of, member)))?
            }
            (Shown::Member(member), _) => write!(out, "s{member} ")?,
            (Shown::Text(shown), _) => write!(out, "s{} ", text(shown))?,
            (Shown::Z, VarKind::Bit | VarKind::Bits(1)) => write!(out, "z")?,
            (Shown::Z, VarKind::Bits(_)) => write!(out, "bz ")?,
            (Shown::Z, VarKind::Member(_) | VarKind::Integer | VarKind::Text) => write!(out, "sz ")?,
        }
        writeln!(out, "{}", code(id))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, time: u64) -> io::Result<()> {
        if self.time.is_none() {
            return self.out.flush();
        }
        if std::mem::replace(&mut self.is_first, false) {
            writeln!(self.out, "$end")?;
        }
        if self.time != Some(time) {
            writeln!(self.out, "#{time}")?;
        }
        self.out.flush()
    }
}

pub(super) fn member_name(of: &EnumType, member: u32) -> &str {
    of.members.get(member as usize).map_or("?", |(name, _)| name)
}

/// The short code of a variable: printable characters, the least significant digit first.
fn code(id: usize) -> String {
    let mut code = String::new();
    let mut rest = id;
    loop {
        code.push(char::from(b'!' + (rest % 94) as u8));
        rest /= 94;
        if rest == 0 {
            return code;
        }
        rest -= 1;
    }
}

/// Binary digits without the zeros in front, which readers fill in.
fn bits(value: &Int, width: u32) -> String {
    match value.to_i64() {
        Some(small) if small >= 0 && width >= 64 - small.leading_zeros() => format!("{small:b}"),
        Some(_) | None => value.low_bits(width).to_radix(2),
    }
}

/// A name without what ends it.
fn name(name: &str) -> String {
    name.chars().map(|c| if c.is_whitespace() { '_' } else { c }).collect()
}

/// A text without what ends it, in the escapes that viewers know.
fn text(text: &str) -> String {
    if text.is_empty() {
        return "\\x20".into();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            _ if c == ' ' || c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", c as u32)),
            _ if c.is_whitespace() || c.is_control() => out.push('?'),
            _ => out.push(c),
        }
    }
    out
}
