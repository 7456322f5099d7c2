//! Functions that make integers: `int`, `intbv`, `modbv`, `concat`.

use crate::call::{Args, Given};
use crate::lowerer::{Lowerer, Lowers};
use crate::value::{BitsType, SignalRef, Typed, Val, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Const, SignalType};
use pyhw_ir::{Int, Op, Range, Type};

impl<'a> Lowerer<'a> {
    /// `int(x, base=10)`.
    pub fn int_call(&mut self, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let Some(value) = args.position.first().cloned() else { return Ok(Val::int(0i64)) };
        match &value {
            Val::Const(Const::Float(value)) => match Int::from_radix(&format!("{:.0}", value.trunc()), 10) {
                Some(value) => Ok(Val::int(value)),
                None => self.error(Code::PH0301, span, "this float is no integer"),
            },
            Val::Const(Const::Str(text)) => {
                let base = match args.get(1, "base").cloned() {
                    Some(base) => self.const_int(&base, "the base", span)?.to_u32().unwrap_or(0),
                    None => 10,
                };
                let digits = text.trim().replace('_', "");
                let digits = match base {
                    16 => digits.trim_start_matches("0x").trim_start_matches("0X"),
                    2 => digits.trim_start_matches("0b").trim_start_matches("0B"),
                    _ => &digits,
                };
                match Int::from_radix(digits, base).filter(|_| (2..=36).contains(&base)) {
                    Some(value) => Ok(Val::int(value)),
                    None => self.error(Code::PH0301, span, "this text is no integer"),
                }
            }
            _ if args.get(1, "base").is_some() => {
                self.error(Code::PH0206, span, "`int` takes a base for a text only")
            }
            _ => {
                if let Some(known) = value.as_const_int() {
                    return Ok(Val::int(known));
                }
                let typed = self.int_expr(&value, span)?;
                Ok(Val::Expr(Typed { id: typed.id, width: None }))
            }
        }
    }

    /// `s.val`, with the width and the bounds of the signal.
    pub fn value_of_signal(&mut self, signal: &SignalRef, span: Span) -> Lowers<Val<'a>> {
        let bits = match self.signal_type(signal) {
            SignalType::Int { range, width_bits, wraps } => {
                Some(BitsType { range: range.clone(), width: *width_bits, wraps: *wraps, is_outside: false })
            }
            SignalType::Bool | SignalType::Enum(_) | SignalType::Struct(_) | SignalType::Opaque => None,
        };
        let typed = self.read_signal(signal, span)?;
        Ok(match bits {
            Some(bits) if typed.width.is_some() => Val::Bits(typed, bits),
            _ => Val::Expr(typed),
        })
    }

    /// `intbv(val=0, min=None, max=None)`.
    pub fn bits_call(&mut self, wraps: bool, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let value = args.get(0, "val").cloned().unwrap_or(Val::int(0i64));
        if let Val::Signal(_) = value {
            let name = if wraps { "modbv" } else { "intbv" };
            let error = Diagnostic::new(
                Code::PH0201,
                span,
                format!("`{name}` takes a number or a text, and no signal"),
            );
            return self.fail(error.help(format!("take its value, in the call itself: `{name}(s.val)`")));
        }
        let bound = |this: &mut Self, place: usize, name: &str| -> Lowers<Option<Int>> {
            match args.get(place, name).cloned() {
                None | Some(Val::Const(Const::None)) => Ok(None),
                Some(value) => this.const_int(&value, "the bound of an intbv", span).map(Some),
            }
        };
        let bits_of = |this: &Self, value: &Val<'a>| match value {
            Val::Var(_, bits) | Val::Bits(_, bits) => Some(bits.clone()),
            Val::Expr(typed) => match typed.width?.declaration() {
                Some(bits) => Some(bits),
                None => {
                    let range = this.body.exprs.range(typed.id).filter(|_| typed.sized().is_some()).cloned();
                    Some(BitsType {
                        range: range.unwrap_or(Range::UNBOUNDED),
                        width: typed.sized(),
                        wraps: false,
                        is_outside: false,
                    })
                }
            },
            _ => None,
        };
        if matches!(&value, Val::Expr(typed) if typed.width.is_some() && !typed.is_bits()) {
            let message = "on some paths that lead here this is an `intbv`, whose bounds a copy has, and on others it is another, or none";
            return self.outside(span, message);
        }
        // A copy has the bounds and the width of what it copies, whatever else is said.
        if let Some(bits) = bits_of(self, &value) {
            let of = BitsType { wraps, is_outside: false, ..bits };
            let id = self.int_expr(&value, span)?.id;
            return Ok(Val::Bits(Typed { id, width: Some(of.as_width()) }, of));
        }
        let min = bound(self, 1, "min")?;
        let max = bound(self, 2, "max")?.map(|max| max.sub(&Int::ONE));
        let mut range = Range { min, max };
        let mut width = range.width_bits();
        let id = match &value {
            // `intbv("0110")` has the width of its text.
            Val::Const(Const::Str(text)) => {
                let digits = text.replace('_', "");
                let Some(value) = Int::from_radix(&digits, 2) else {
                    return self.error(Code::PH0301, span, "the text of an intbv is made of 0 and 1");
                };
                let bits = digits.len() as u32;
                range = Range::unsigned(bits);
                width = Some(bits);
                self.literal(value, span)?
            }
            _ => self.int_expr(&value, span)?.id,
        };
        if let Some(value) = self.known_int(id).filter(|value| !wraps && !range.contains(value)) {
            let message = format!("{value} does not fit into the bounds of the `intbv`");
            return self.error(Code::PH0312, span, message);
        }
        let of = BitsType { range, width, wraps, is_outside: false };
        Ok(Val::Bits(Typed { id, width: Some(of.as_width()) }, of))
    }

    /// `concat(…)`.
    pub fn concat_call(&mut self, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let mut ids = Vec::new();
        let mut widths = Vec::new();
        // What comes first needs no width, and has all the bits from there on; the result has no width either.
        let (mut first, mut is_sized) = (None, true);
        for (index, Given { value: arg, place }) in args.position.iter().enumerate() {
            if let Val::Const(Const::Str(text)) = arg {
                let digits = text.replace('_', "");
                let Some(value) = Int::from_radix(&digits, 2) else {
                    return self.error(Code::PH0301, span, "a text in `concat` is made of 0 and 1");
                };
                ids.push(self.literal(value, span)?);
                widths.push(digits.len() as u32);
                continue;
            }
            let typed = self.expr(arg, span)?;
            let width = match self.body.exprs.ty(typed.id) {
                Type::Bool => Some(1),
                _ => typed.sized(),
            };
            let Some(width) = width else {
                if index == 0 {
                    is_sized = false;
                    let id = self.int_expr(arg, span)?.id;
                    let range = self.body.exprs.range(id).filter(|range| !range.is_signed());
                    match range.and_then(|range| range.width_bits()) {
                        Some(bits) => {
                            ids.push(id);
                            widths.push(bits);
                        }
                        None => first = Some(id),
                    }
                    continue;
                }
                let message = "each operand of `concat` but the first needs a declared width";
                let error =
                    Diagnostic::new(Code::PH0302, *place, message).help("slice it to a width: `x[8:]`");
                return self.fail(error);
            };
            ids.push(self.int_expr(arg, span)?.id);
            widths.push(width);
        }
        let width: u32 = widths.iter().sum();
        let id = match (first, ids.is_empty()) {
            (None, true) => return self.error(Code::PH0206, span, "`concat` takes at least one argument"),
            (Some(first), true) => return Ok(Val::Expr(Typed { id: first, width: Some(Width::NONE) })),
            (None, false) => self.op(Op::Concat { widths: widths.into() }, &ids, span)?,
            (Some(first), false) => {
                let rest = self.op(Op::Concat { widths: widths.into() }, &ids, span)?;
                let amount = self.body.exprs.int(width, span);
                let above = self.op(Op::Shl, &[first, amount], span)?;
                let id = self.op(Op::Or, &[above, rest], span)?;
                return Ok(Val::Expr(Typed { id, width: Some(Width::NONE) }));
            }
        };
        let width = if is_sized { Width::unsigned(width) } else { Width::NONE };
        Ok(Val::Expr(Typed { id, width: Some(width) }))
    }
}
