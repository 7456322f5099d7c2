//! Functions of Python and of the library over what has elements: ranges, lengths, `enumerate`, `zip`, `sum`, `min` and `max`.

use crate::call::{Args, Positional};
use crate::lowerer::{Lowerer, Lowers};
use crate::value::{SequenceKind, Typed, Val};
use pyhw_diagnostics::{Code, Span};
use pyhw_elaborate::{Const, SignalType};
use pyhw_ir::{Int, Op, VarId};
use pyhw_syntax::ast;
use std::rc::Rc;

impl<'a> Lowerer<'a> {
    /// `len(…)`: the number of elements, or of bits.
    pub fn len_call(&mut self, value: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
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

    /// `range(…)` or `downrange(…)`.
    pub fn range_call(&mut self, name: &str, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let down = name == "downrange";
        let zero = Val::int(0i64);
        let (start, stop, step) = match (&args.position.values()[..], down) {
            ([stop], false) => (zero, (*stop).clone(), Val::int(1i64)),
            ([start], true) => ((*start).clone(), zero, Val::int(1i64)),
            ([start, stop], _) => ((*start).clone(), (*stop).clone(), Val::int(1i64)),
            ([start, stop, step], _) => ((*start).clone(), (*stop).clone(), (*step).clone()),
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

    /// `enumerate(iterable, start=0)`.
    pub fn enumerate_call(&mut self, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
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

    /// `zip(…, strict=False)`.
    pub fn zip_call(&mut self, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let mut lists = Vec::new();
        for arg in args.position.values() {
            lists.push(self.elements(arg, span)?);
        }
        let turns = lists.iter().map(Vec::len).min().unwrap_or(0);
        let strict = args.named.iter().find(|(name, _)| name == "strict").map(|(_, value)| value.clone());
        if let Some(strict) = strict {
            let Val::Const(Const::Bool(strict)) = self.truth(&strict, span)? else {
                return self.outside(span, "`strict` must be known when the design is elaborated");
            };
            if let (true, Some(other)) = (strict, lists.iter().find(|list| list.len() != lists[0].len())) {
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

    /// `sum(iterable, start=0)`.
    pub fn sum_call(&mut self, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
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

    /// `min(…)` or `max(…)`: the first of those that are greatest or least, by the key if there is one.
    pub fn extreme(&mut self, greatest: bool, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let mut values = match &args.position.values()[..] {
            [one] => self.elements(one, span)?,
            several => several.iter().map(|value| (*value).clone()).collect(),
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
            let args = Args { position: Positional::one(value.clone(), span), named: Vec::new() };
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
}
