//! What the lowering knows of Python's own functions and of the library's, and the types that they make.

use crate::call::{Args, is_exception};
use crate::lowerer::{Lowerer, Lowers};
use crate::value::{BitsType, SequenceKind, Typed, Val, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Const, SignalType};
use pyhw_ir::{Int, Op, Range, StmtKind, Type, VarId};
use pyhw_syntax::ast::{self, Argument};
use std::rc::Rc;

impl<'a> Lowerer<'a> {
    fn one_arg(&mut self, args: &Args<'a>, name: &str, span: Span) -> Lowers<Val<'a>> {
        match args.position.first() {
            Some(value) if args.position.len() == 1 && args.named.is_empty() => Ok(value.clone()),
            _ => {
                let message = format!("`{name}` takes one argument");
                self.error(Code::PH0206, span, message)
            }
        }
    }

    /// Tells of arguments that a function of Python or of the library does not take.
    fn fits_the_call(&mut self, name: &str, args: &Args<'a>, span: Span) -> Lowers<()> {
        let (most, named): (usize, &[&str]) = match name {
            "bool" => (1, &[]),
            "int" => (2, &["base"]),
            "hex" | "oct" | "bin" | "repr" => (1, &[]),
            "bits" => (2, &["width"]),
            "str" => (1, &["object"]),
            "format" => (2, &[]),
            "intbv" | "modbv" => (3, &["val", "min", "max"]),
            "sum" => (2, &["start"]),
            "enumerate" => (2, &["iterable", "start"]),
            "list" | "tuple" => (1, &[]),
            "concat" | "join" => (usize::MAX, &[]),
            "ord" | "any" | "all" => (1, &[]),
            "divmod" => (2, &[]),
            "pow" => (3, &[]),
            "zip" => (usize::MAX, &["strict"]),
            "now" => (0, &[]),
            _ => return Ok(()),
        };
        if args.position.len() > most {
            let most = match most {
                0 => "no argument".to_owned(),
                1 => "at most 1 argument".to_owned(),
                _ => format!("at most {most} arguments"),
            };
            let message = format!("`{}` takes {most}", python_name(name));
            return self.error(Code::PH0206, span, message);
        }
        match args.named.iter().find(|(given, _)| !named.contains(&given.as_str())) {
            Some((given, _)) => {
                let message = format!("`{}` has no parameter `{given}`", python_name(name));
                self.error(Code::PH0206, span, message)
            }
            None => Ok(()),
        }
    }

    /// A function or class that the lowering knows.
    pub fn builtin(&mut self, name: &'static str, args: Args<'a>, span: Span) -> Lowers<Val<'a>> {
        self.fits_the_call(name, &args, span)?;
        match name {
            "bool" => {
                let Some(value) = args.position.first().cloned() else { return Ok(Val::bool(false)) };
                self.truth(&value, span)
            }
            "int" => self.int_call(&args, span),
            "len" => {
                let value = self.one_arg(&args, name, span)?;
                self.len_call(&value, span)
            }
            "range" | "downrange" => self.range_call(name, &args, span),
            "enumerate" => {
                let Some(value) = args.get(0, "iterable").cloned() else {
                    return self.error(Code::PH0206, span, "`enumerate` takes what is gone through");
                };
                let start = match args.get(1, "start").cloned() {
                    Some(start) => self.const_int(&start, "the start", span)?,
                    None => Int::ZERO,
                };
                let elements = self.elements(&value, span)?;
                let pairs = elements
                    .into_iter()
                    .enumerate()
                    .map(|(place, element)| {
                        Val::Sequence(
                            Rc::new(vec![Val::int(start.add(&Int::from(place))), element]),
                            SequenceKind::Tuple,
                        )
                    })
                    .collect();
                Ok(Val::Sequence(Rc::new(pairs), SequenceKind::List))
            }
            "zip" => {
                let mut lists = Vec::new();
                for arg in &args.position {
                    lists.push(self.elements(arg, span)?);
                }
                let turns = lists.iter().map(Vec::len).min().unwrap_or(0);
                let strict =
                    args.named.iter().find(|(name, _)| name == "strict").map(|(_, value)| value.clone());
                if let Some(strict) = strict {
                    let Val::Const(Const::Bool(strict)) = self.truth(&strict, span)? else {
                        return self.outside(span, "`strict` must be known when the design is elaborated");
                    };
                    if let (true, Some(other)) =
                        (strict, lists.iter().find(|list| list.len() != lists[0].len()))
                    {
                        let message = format!(
                            "`zip` is to be strict, and is given {} and {} elements",
                            lists[0].len(),
                            other.len()
                        );
                        return self.error(Code::PH0206, span, message);
                    }
                }
                let tuples = (0..turns)
                    .map(|place| {
                        Val::Sequence(
                            Rc::new(lists.iter().map(|list| list[place].clone()).collect()),
                            SequenceKind::Tuple,
                        )
                    })
                    .collect();
                Ok(Val::Sequence(Rc::new(tuples), SequenceKind::List))
            }
            "reversed" => {
                let value = self.one_arg(&args, name, span)?;
                if let Val::Range(start, _, step) = &value {
                    let turns = Int::from(self.length(&value).unwrap_or(0));
                    let last = start.add(&step.mul(&turns.sub(&Int::ONE)));
                    return Ok(Val::Range(last, start.sub(step), step.neg()));
                }
                let mut elements = self.elements(&value, span)?;
                elements.reverse();
                Ok(Val::Sequence(Rc::new(elements), SequenceKind::List))
            }
            "list" | "tuple" => {
                let elements = match args.position.first() {
                    Some(value) => {
                        let elements = self.elements(value, span)?;
                        self.copied(elements, span)?
                    }
                    None => Vec::new(),
                };
                Ok(Val::Sequence(
                    Rc::new(elements),
                    if name == "tuple" { SequenceKind::Tuple } else { SequenceKind::List },
                ))
            }
            "abs" => {
                let value = self.one_arg(&args, name, span)?;
                if let Some(known) = value.as_const_int() {
                    return Ok(Val::int(known.abs()));
                }
                let value = self.kept(&value, span);
                let typed = self.int_expr(&value, span)?;
                let zero = self.body.exprs.int(0i64, span);
                let is_negative = self.op(Op::Lt, &[typed.id, zero], span)?;
                let negated = self.op(Op::Neg, &[typed.id], span)?;
                let id = self.op(Op::Mux, &[is_negative, negated, typed.id], span)?;
                Ok(Val::Expr(Typed { id, width: None }))
            }
            "min" | "max" => self.extreme(name == "max", &args, span),
            "sum" => {
                let values = match args.position.first() {
                    Some(value) => self.elements(value, span)?,
                    None => Vec::new(),
                };
                let start = args.get(1, "start").cloned().unwrap_or(Val::int(0i64));
                let all = [vec![start.clone()], values].concat();
                // Constants are added as Python does: in other brackets fractions would differ.
                let is_known = all.iter().all(|value| matches!(value, Val::Const(_)));
                let mut add = |this: &mut Self, total: Val<'a>, value: Val<'a>| {
                    let is_zero = total.as_const_int().is_some_and(|total| total.is_zero());
                    if is_zero && !matches!(value, Val::Const(_)) {
                        let typed = this.int_expr(&value, span)?;
                        return Ok(Val::Expr(Typed { id: typed.id, width: None }));
                    }
                    this.binary(ast::BinaryOp::Add, &total, &value, span)
                };
                if is_known {
                    return all.into_iter().skip(1).try_fold(start, |total, value| add(self, total, value));
                }
                Ok(self.together(all, &mut add)?.unwrap_or(start))
            }
            "any" | "all" => {
                let value = self.one_arg(&args, name, span)?;
                let mut truths = Vec::new();
                for element in self.elements(&value, span)? {
                    truths.push(self.truth(&element, span)?);
                }
                self.any_or_all(truths, name == "any", span)
            }
            "pow" => match &args.position[..] {
                [base, exponent] => {
                    let (base, exponent) = (base.clone(), exponent.clone());
                    self.binary(ast::BinaryOp::Pow, &base, &exponent, span)
                }
                _ => self.outside(span, "`pow` with a modulus is outside the subset"),
            },
            "divmod" => match &args.position[..] {
                [a, b] => {
                    let (a, b) = (self.kept(a, span), self.kept(b, span));
                    let quotient = self.binary(ast::BinaryOp::FloorDiv, &a, &b, span)?;
                    let remainder = self.binary(ast::BinaryOp::Mod, &a, &b, span)?;
                    Ok(Val::Sequence(Rc::new(vec![quotient, remainder]), SequenceKind::Tuple))
                }
                _ => self.error(Code::PH0206, span, "`divmod` takes two arguments"),
            },
            "intbv" | "modbv" => self.bits_call(name == "modbv", &args, span),
            "concat" => self.concat_call(&args, span),
            "now" => {
                let id = self.op(Op::Now, &[], span)?;
                Ok(Val::Expr(Typed { id, width: None }))
            }
            "delay" => {
                let value = self.one_arg(&args, name, span)?;
                let steps = self.int_expr(&value, span)?;
                Ok(Val::Delay(steps.id))
            }
            "join" => Ok(Val::Join(Rc::new(args.position))),
            "bits" => self.bits_text(&args, span),
            "str" | "repr" | "bin" | "hex" | "oct" | "format" => self.text_call(name, &args, span),
            "ord" => match args.position.first() {
                Some(Val::Const(Const::Str(text))) if text.chars().count() == 1 => {
                    Ok(Val::int(text.chars().next().map_or(0, |letter| letter as u32)))
                }
                _ => self.outside(span, "`ord` needs one letter"),
            },
            "isinstance" => self.outside(span, "`isinstance` is outside the subset"),
            _ if is_exception(name) => {
                let text = match &args.position[..] {
                    [] => None,
                    [value] => Some(self.as_text(value, span)?),
                    // Python shows several as a tuple.
                    several => {
                        let tuple = Val::Sequence(Rc::new(several.to_vec()), SequenceKind::Tuple);
                        Some(self.as_text(&tuple, span)?)
                    }
                };
                Ok(Val::Exception(name.to_owned(), text))
            }
            _ => {
                let message = format!("`{name}` cannot be called in a process");
                self.outside(span, message)
            }
        }
    }

    fn int_call(&mut self, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
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

    fn len_call(&mut self, value: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        if let Some(length) = self.length(value) {
            return Ok(Val::int(length));
        }
        let width = match value {
            Val::Signal(signal) => match self.signal_type(signal) {
                SignalType::Bool => Some(1),
                SignalType::Int { width_bits, .. } => *width_bits,
                SignalType::Enum(of) => Some(self.cx.elaborated.types.enums[of.index()].width_bits),
                SignalType::Struct(_) | SignalType::Opaque => None,
            },
            Val::Var(_, bits) | Val::Bits(_, bits) => bits.width,
            Val::Expr(typed) => typed.sized(),
            Val::EnumType(of) => Some(self.cx.elaborated.types.enums[of.index()].members.len() as u32),
            _ => None,
        };
        match width {
            Some(width) => Ok(Val::int(width)),
            None => {
                let message = format!("{} has no length that is known", value.describe());
                self.error(Code::PH0302, span, message)
            }
        }
    }

    fn range_call(&mut self, name: &str, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let down = name == "downrange";
        let zero = Val::int(0i64);
        let (start, stop, step) = match (&args.position[..], down) {
            ([stop], false) => (zero, stop.clone(), Val::int(1i64)),
            ([start, stop], false) => (start.clone(), stop.clone(), Val::int(1i64)),
            ([start, stop, step], false) => (start.clone(), stop.clone(), step.clone()),
            ([start], true) => (start.clone(), zero, Val::int(1i64)),
            ([start, stop], true) => (start.clone(), stop.clone(), Val::int(1i64)),
            ([start, stop, step], true) => (start.clone(), stop.clone(), step.clone()),
            _ => {
                let message = format!("`{name}` takes one to three arguments");
                return self.error(Code::PH0206, span, message);
            }
        };
        let step = self.const_int(&step, "the step of a range", span)?;
        if step.is_zero() {
            return self.error(Code::PH0206, span, "the step of a range cannot be 0");
        }
        match (start.as_const_int(), stop.as_const_int()) {
            // `downrange(n)` goes from n − 1 to 0.
            (Some(start), Some(stop)) if down => {
                Ok(Val::Range(start.sub(&Int::ONE), stop.sub(&Int::ONE), step.neg()))
            }
            (Some(start), Some(stop)) => Ok(Val::Range(start, stop, step)),
            _ => {
                let start = self.int_expr(&start, span)?.id;
                let stop = self.int_expr(&stop, span)?.id;
                if !down {
                    return Ok(Val::DynamicRange(start, stop, step));
                }
                let one = self.body.exprs.int(1i64, span);
                let start = self.op(Op::Sub, &[start, one], span)?;
                let stop = self.op(Op::Sub, &[stop, one], span)?;
                Ok(Val::DynamicRange(start, stop, step.neg()))
            }
        }
    }

    /// `min(…)` or `max(…)`: the first of those that are greatest or least, by the key if there is one.
    fn extreme(&mut self, greatest: bool, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let mut values = match &args.position[..] {
            [one] => self.elements(one, span)?,
            _ => args.position.clone(),
        };
        let mut by = None;
        for (name, value) in &args.named {
            match (name.as_str(), value) {
                ("key", Val::Const(Const::None)) => {}
                ("key", key) => by = Some(key.clone()),
                ("default", default) if args.position.len() == 1 => {
                    if values.is_empty() {
                        values.push(default.clone());
                    }
                }
                _ => {
                    let function = if greatest { "max" } else { "min" };
                    return self.error(Code::PH0206, span, format!("`{function}` has no parameter `{name}`"));
                }
            }
        }
        let Some((first, rest)) = values.split_first() else {
            return self.error(Code::PH0206, span, "there is nothing to choose from");
        };
        if let Some(by) = by {
            return self.extreme_by(greatest, &by, first, rest, span);
        }
        // The best so far: one variable for all of the way.
        let mut keeper: Option<VarId> = None;
        let mut best = self.kept(first, span);
        for value in rest {
            best = self.keep_in(&mut keeper, if greatest { "greatest" } else { "least" }, &best, span);
            let value = &self.kept(value, span);
            let op = if greatest { ast::CompareOp::Gt } else { ast::CompareOp::Lt };
            best = match self.compare(op, value, &best, span)? {
                Val::Const(Const::Bool(true)) => value.clone(),
                Val::Const(Const::Bool(false)) => best,
                is_better => {
                    let is_better = self.expr(&is_better, span)?.id;
                    self.choose(is_better, (Vec::new(), value.clone()), (Vec::new(), best), span)?
                }
            };
        }
        Ok(best)
    }

    /// The first of those whose key is greatest or least.
    fn extreme_by(
        &mut self,
        greatest: bool,
        by: &Val<'a>,
        first: &Val<'a>,
        rest: &[Val<'a>],
        span: Span,
    ) -> Lowers<Val<'a>> {
        let key = |this: &mut Self, value: &Val<'a>| -> Lowers<Val<'a>> {
            let args = Args { position: vec![value.clone()], places: vec![span], named: Vec::new() };
            let key = this.call_value(by, args, span)?;
            let key = this.snapshot(&key, span)?;
            Ok(this.kept(&key, span))
        };
        let mut best = first.clone();
        let mut best_key = key(self, first)?;
        let op = if greatest { ast::CompareOp::Gt } else { ast::CompareOp::Lt };
        for value in rest {
            let value_key = key(self, value)?;
            match self.compare(op, &value_key, &best_key, span)? {
                Val::Const(Const::Bool(true)) => (best, best_key) = (value.clone(), value_key),
                Val::Const(Const::Bool(false)) => {}
                is_better => {
                    let is_better = self.expr(&is_better, span)?.id;
                    let other = |value: &Val<'a>| (Vec::new(), value.clone());
                    best = self.choose(is_better, other(value), other(&best), span)?;
                    best_key = self.choose(is_better, other(&value_key), other(&best_key), span)?;
                    best_key = self.kept(&best_key, span);
                }
            }
        }
        Ok(best)
    }

    /// `intbv(val=0, min=None, max=None)`.
    fn bits_call(&mut self, wraps: bool, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let value = args.get(0, "val").cloned().unwrap_or(Val::int(0i64));
        let bound = |this: &mut Self, place: usize, name: &str| -> Lowers<Option<Int>> {
            match args.get(place, name).cloned() {
                None | Some(Val::Const(Const::None)) => Ok(None),
                Some(value) => this.const_int(&value, "the bound of an intbv", span).map(Some),
            }
        };
        let bits_of = |this: &Self, value: &Val<'a>| match value {
            Val::Var(_, bits) | Val::Bits(_, bits) => Some(bits.clone()),
            Val::Signal(signal) => match this.signal_type(signal) {
                SignalType::Int { range, width_bits, wraps } => Some(BitsType {
                    range: range.clone(),
                    width: *width_bits,
                    wraps: *wraps,
                    is_outside: false,
                }),
                SignalType::Bool | SignalType::Enum(_) | SignalType::Struct(_) | SignalType::Opaque => None,
            },
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

    fn concat_call(&mut self, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let mut ids = Vec::new();
        let mut widths = Vec::new();
        // What comes first needs no width, and has all the bits from there on; the result has no width either.
        let (mut first, mut is_sized) = (None, true);
        for (place, arg) in args.position.iter().enumerate() {
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
                if place == 0 {
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
                let own = args.places.get(place).copied().unwrap_or(span);
                let error = Diagnostic::new(Code::PH0302, own, message).help("slice it to a width: `x[8:]`");
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

    fn text_call(&mut self, name: &str, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let Some(value) = args.position.first().cloned() else {
            return self.outside(span, format!("`{name}` needs an argument"));
        };
        let spec = match (name, args.position.get(1).cloned()) {
            ("bin", _) => "#b".to_owned(),
            ("hex", _) => "#x".to_owned(),
            ("oct", _) => "#o".to_owned(),
            ("format", Some(Val::Const(Const::Str(spec)))) => spec,
            _ => String::new(),
        };
        let id = self.formatted(&value, &spec, name == "repr", span)?;
        Ok(Val::Expr(Typed { id, width: None }))
    }

    /// The library's `bin(num, width=0)`: digits in two's complement, extended to the width by their sign.
    fn bits_text(&mut self, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let Some(value) = args.position.first().cloned() else {
            return self.outside(span, "`bin` needs an argument");
        };
        let typed = self.int_expr(&value, span)?;
        let mut width = match args.get(1, "width").cloned() {
            Some(width) => self.const_int(&width, "the width", span)?.to_u32().unwrap_or(0),
            None => 0,
        };
        let range = self.body.exprs.range(typed.id).cloned().unwrap_or(Range::UNBOUNDED);
        if self.known_int(typed.id).is_some_and(|value| value.is_negative()) {
            width = width.max(range.width_bits().unwrap_or(0));
        }
        let id = if !range.is_signed() {
            typed.id
        } else if !range.is_bounded() {
            let error = Diagnostic::new(Code::PH0302, span, "`bin` of what may be negative needs its bounds");
            return self.fail(error.help("slice it to a width: `bin(x[8:])`"));
        } else if width > 0 && !Range::signed(width).contains_range(&range) {
            let message = format!("not every value that this may have is one of {width} bits");
            return self.outside(span, message);
        } else if width == 0 {
            return self.outside(span, "what may be negative needs a width here: `bin(x, 8)`");
        } else {
            let zero = self.body.exprs.int(0i64, span);
            let is_negative = self.op(Op::Lt, &[typed.id, zero], span)?;
            let bits = self.op(Op::Slice { low: 0, width }, &[typed.id], span)?;
            self.op(Op::Mux, &[is_negative, bits, typed.id], span)?
        };
        let spec = if width == 0 { "b".to_owned() } else { format!("0{width}b") };
        let id = self.formatted(&Val::Expr(Typed { id, width: None }), &spec, false, span)?;
        Ok(Val::Expr(Typed { id, width: None }))
    }

    /// `print(…)`.
    pub fn print(&mut self, args: &'a [Argument], span: Span) -> Lowers<Val<'a>> {
        let mut sep = " ".to_owned();
        let mut end = "\n".to_owned();
        let mut values = Vec::new();
        for arg in args {
            match arg {
                Argument::Position(value) => {
                    let lowered = self.eval(value)?;
                    values.push((lowered, value.span));
                }
                Argument::Name(name, value) => {
                    let lowered = self.eval(value)?;
                    let text = match lowered {
                        Val::Const(Const::Str(text)) => text,
                        Val::Const(Const::None) if name.name != "file" => continue,
                        // Output that is flushed is the same output.
                        Val::Const(Const::Bool(_)) if name.name == "flush" => continue,
                        _ => {
                            return self.outside(
                                value.span,
                                format!("`{}` of `print` must be a constant text", name.name),
                            );
                        }
                    };
                    match name.name.as_str() {
                        "sep" => sep = text,
                        "end" => end = text,
                        _ => {
                            return self.outside(
                                value.span,
                                format!("`{}` of `print` is outside the subset", name.name),
                            );
                        }
                    }
                }
                Argument::Star(value) | Argument::DoubleStar(value) => {
                    return self.outside(value.span, "unpacked arguments of `print` are outside the subset");
                }
            }
        }
        let text = self.printed(&values, &sep, &end, span)?;
        self.emit(StmtKind::Print { text }, span);
        Ok(Val::Const(Const::None))
    }
}

/// What a function is called in Python that the lowering knows under a name of its own.
fn python_name(name: &str) -> &str {
    match name {
        "bits" => "bin",
        other => other,
    }
}
