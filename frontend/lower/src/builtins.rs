//! What the lowering knows of Python's own functions and of the library's, and the types that they make.

use crate::call::{Args, is_exception};
use crate::lowerer::{Lowerer, Lowers};
use crate::value::{SequenceKind, Typed, Val};
use pyhw_diagnostics::{Code, Span};
use pyhw_elaborate::Const;
use pyhw_ir::{Int, Op};
use pyhw_syntax::ast;
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
            "enumerate" => self.enumerate_call(&args, span),
            "zip" => self.zip_call(&args, span),
            "reversed" => self.reversed_call(&args, span),
            "list" => self.sequence_call(SequenceKind::List, &args, span),
            "tuple" => self.sequence_call(SequenceKind::Tuple, &args, span),
            "abs" => self.abs_call(&args, span),
            "min" | "max" => self.extreme(name == "max", &args, span),
            "sum" => self.sum_call(&args, span),
            "any" | "all" => {
                let value = self.one_arg(&args, name, span)?;
                let mut truths = Vec::new();
                for element in self.elements(&value, span)? {
                    truths.push(self.truth(&element, span)?);
                }
                self.any_or_all(truths, name == "any", span)
            }
            "pow" => match args.position.values()[..] {
                [base, exponent] => self.binary(ast::BinaryOp::Pow, base, exponent, span),
                _ => self.outside(span, "`pow` with a modulus is outside the subset"),
            },
            "divmod" => self.divmod_call(&args, span),
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
            "join" => Ok(Val::Join(Rc::new(args.position.into_values()))),
            "bits" => self.bits_text(&args, span),
            "str" | "repr" | "bin" | "hex" | "oct" | "format" => self.text_call(name, &args, span),
            "ord" => match args.position.first() {
                Some(Val::Const(Const::Str(text))) if text.chars().count() == 1 => {
                    Ok(Val::int(text.chars().next().map_or(0, |letter| letter as u32)))
                }
                _ => self.outside(span, "`ord` needs one letter"),
            },
            "isinstance" => self.outside(span, "`isinstance` is outside the subset"),
            _ if is_exception(name) => self.exception_call(name, &args, span),
            _ => {
                let message = format!("`{name}` cannot be called in a process");
                self.outside(span, message)
            }
        }
    }

    /// `reversed(…)`.
    fn reversed_call(&mut self, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let value = self.one_arg(args, "reversed", span)?;
        if let Val::Range(start, _, step) = &value {
            let turns = Int::from(self.length(&value).unwrap_or(0));
            let last = start.add(&step.mul(&turns.sub(&Int::ONE)));
            return Ok(Val::Range(last, start.sub(step), step.neg()));
        }
        let mut elements = self.elements(&value, span)?;
        elements.reverse();
        Ok(Val::Sequence(Rc::new(elements), SequenceKind::List))
    }

    /// `list(…)` or `tuple(…)`.
    fn sequence_call(&mut self, kind: SequenceKind, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let elements = match args.position.first() {
            Some(value) => {
                let elements = self.elements(value, span)?;
                self.copied(elements, span)?
            }
            None => Vec::new(),
        };
        Ok(Val::Sequence(Rc::new(elements), kind))
    }

    /// `abs(…)`.
    fn abs_call(&mut self, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let value = self.one_arg(args, "abs", span)?;
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

    /// `divmod(a, b)`.
    fn divmod_call(&mut self, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let [a, b] = args.position.values()[..] else {
            return self.error(Code::PH0206, span, "`divmod` takes two arguments");
        };
        let (a, b) = (self.kept(a, span), self.kept(b, span));
        let quotient = self.binary(ast::BinaryOp::FloorDiv, &a, &b, span)?;
        let remainder = self.binary(ast::BinaryOp::Mod, &a, &b, span)?;
        Ok(Val::Sequence(Rc::new(vec![quotient, remainder]), SequenceKind::Tuple))
    }

    /// An exception, with its message; Python shows several values as a tuple.
    fn exception_call(&mut self, name: &str, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let text = match args.position.values()[..] {
            [] => None,
            [value] => Some(self.as_text(value, span)?),
            ref several => {
                let values = several.iter().map(|value| (*value).clone()).collect();
                Some(self.as_text(&Val::Sequence(Rc::new(values), SequenceKind::Tuple), span)?)
            }
        };
        Ok(Val::Exception(name.to_owned(), text))
    }
}

/// What a function is called in Python that the lowering knows under a name of its own.
fn python_name(name: &str) -> &str {
    match name {
        "bits" => "bin",
        other => other,
    }
}
