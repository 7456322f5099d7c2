//! Functions that make texts, and `print`.

use crate::call::Args;
use crate::lowerer::{Lowerer, Lowers};
use crate::value::{Typed, Val};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::Const;
use pyhw_ir::{Op, Range, StmtKind};
use pyhw_syntax::ast::Argument;

impl<'a> Lowerer<'a> {
    /// `str`, `repr`, `bin`, `hex`, `oct` and `format`.
    pub fn text_call(&mut self, name: &str, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
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
    pub fn bits_text(&mut self, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
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
