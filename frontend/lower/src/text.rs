//! Texts: f-strings, `%`, `.format` and prints become templates of the IR.

use crate::call::Args;
use crate::kinds::Kind;
use crate::lowerer::{Lowerer, Lowers};
use crate::value::{Bounds, SequenceKind, Typed, Val};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::Const;
use pyhw_ir::{Conversion, ExprId, Op, Piece, Template, Type, Value};
use pyhw_syntax::ast::{self, FStringPart};

/// A template under construction, with its operands.
#[derive(Default)]
struct Building {
    pieces: Vec<Piece>,
    operands: Vec<ExprId>,
}

impl Building {
    fn text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }
}

impl<'a> Lowerer<'a> {
    fn finish_text(&mut self, building: Building, span: Span) -> Lowers<ExprId> {
        match &building.pieces[..] {
            [] => Ok(self.body.exprs.constant(Value::Text("".into()), Type::Text, span)),
            [Piece::Text(text)] => {
                Ok(self.body.exprs.constant(Value::Text(text.as_str().into()), Type::Text, span))
            }
            _ => {
                let template = Box::new(Template { pieces: building.pieces });
                self.op(Op::Format { template }, &building.operands, span)
            }
        }
    }

    /// Adds a value with a conversion and a specification.
    fn operand(
        &mut self,
        into: &mut Building,
        value: &Val<'a>,
        conversion: Conversion,
        spec: &str,
        span: Span,
    ) -> Lowers<()> {
        match value {
            Val::Const(Const::Str(text)) if spec.is_empty() && conversion != Conversion::Repr => {
                into.text(text);
                return Ok(());
            }
            Val::Const(Const::None) if spec.is_empty() => {
                into.text("None");
                return Ok(());
            }
            Val::Const(Const::Int(value)) if spec.is_empty() => {
                into.text(&value.to_string());
                return Ok(());
            }
            Val::Const(Const::Bool(value)) if spec.is_empty() => {
                into.text(if *value { "True" } else { "False" });
                return Ok(());
            }
            Val::Sequence(elements, kind) if spec.is_empty() => {
                match kind {
                    SequenceKind::List | SequenceKind::Picked => into.text("["),
                    SequenceKind::Tuple => into.text("("),
                    SequenceKind::Named(class) => into.text(&format!("{}(", class.name)),
                }
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        into.text(", ");
                    }
                    if let SequenceKind::Named(class) = kind {
                        into.text(&format!("{}=", class.fields[index]));
                    }
                    self.operand(into, element, Conversion::Repr, "", span)?;
                }
                if *kind == SequenceKind::Tuple && elements.len() == 1 {
                    into.text(",");
                }
                into.text(if kind.is_tuple() { ")" } else { "]" });
                return Ok(());
            }
            _ => {}
        }
        let typed = self.expr(value, span)?;
        let is_int = matches!(self.body.exprs.ty(typed.id), Type::Int(_));
        let depends = typed.width.filter(|width| is_int && width.depends());
        if let Some(width) = depends.filter(|_| conversion != Conversion::Format) {
            let (what, help) = match width.matters() {
                true => (
                    "how this is shown depends on the path that led here: an `intbv` is hexadecimal, with digits for its width, and an \
                     `int` decimal",
                    "`%d`, `{:d}` and `{:x}` show all of them alike",
                ),
                false => (
                    "how this is shown depends on the path that led here: as a number, decimal or hexadecimal, or as `True` or `False`",
                    "`%d` and `{:d}` show all of them alike",
                ),
            };
            return self.fail(Diagnostic::new(Code::PH0201, span, what).help(help));
        }
        if conversion == Conversion::Repr {
            self.refuse_repr_of_signal(value, span)?;
            let wraps = match value {
                _ if typed.width.is_some() && self.is_number_in_list(value) => {
                    let what = "the `repr` of an element that may be a signal is outside the subset";
                    return self.outside(span, what);
                }
                Val::Var(_, bits) | Val::Bits(_, bits) => Some(bits.wraps),
                _ => typed.width.map(|width| width.bounds == Bounds::Wraps),
            };
            if let Some(wraps) = wraps.filter(|_| is_int) {
                let name = if wraps { "modbv" } else { "intbv" };
                into.pieces
                    .push(Piece::Operand { conversion: Conversion::ReprNamed(name), spec: String::new() });
                into.operands.push(typed.id);
                // MyHDL shows the width of an `intbv` alone.
                if !wraps {
                    into.text(&format!("[{}:]", typed.sized().unwrap_or(0)));
                }
                return Ok(());
            }
        }
        // An `intbv` is shown by hexadecimal digits: as many as its width asks for, if it has one.
        if let (Conversion::Str, Some(width), true) = (conversion, typed.width, is_int) {
            let width = width.bits;
            let bits = match self.body.exprs.range(typed.id) {
                _ if width == 0 => typed.id,
                Some(range) if pyhw_ir::Range::unsigned(width).contains_range(range) => typed.id,
                _ => self.op(Op::Slice { low: 0, width }, &[typed.id], span)?,
            };
            let digits = if width == 0 { "x".to_owned() } else { format!("0{}x", width.div_ceil(4)) };
            if spec.is_empty() {
                into.pieces.push(Piece::Operand { conversion: Conversion::Format, spec: digits });
                into.operands.push(bits);
            } else {
                let template = Box::new(Template {
                    pieces: vec![Piece::Operand { conversion: Conversion::Format, spec: digits }],
                });
                let text = self.op(Op::Format { template }, &[bits], span)?;
                into.pieces.push(Piece::Operand { conversion: Conversion::Str, spec: spec.to_owned() });
                into.operands.push(text);
            }
            return Ok(());
        }
        if *self.body.exprs.ty(typed.id) == Type::Bool && conversion != Conversion::Format {
            let kind = self.shown_kind(value, span)?;
            let number = self.bool_to_int(typed.id, span)?;
            let shown = match kind {
                Kind::Bool => typed.id,
                Kind::Int => number,
                Kind::If(is_int) => {
                    let [number, truth] = [number, typed.id].map(|id| {
                        let pieces =
                            vec![Piece::Operand { conversion: Conversion::Str, spec: String::new() }];
                        self.op(Op::Format { template: Box::new(Template { pieces }) }, &[id], span)
                    });
                    self.op(Op::Mux, &[is_int, number?, truth?], span)?
                }
            };
            let conversion = if kind == Kind::Bool { conversion } else { Conversion::Str };
            into.pieces.push(Piece::Operand { conversion, spec: spec.to_owned() });
            into.operands.push(shown);
            return Ok(());
        }
        if let Type::Enum(of) = *self.body.exprs.ty(typed.id)
            && let Some(shown) = self.cx.elaborated.shown_members.get(&of)
        {
            let (pieces, operands) =
                self.shown_member((typed.id, of), shown.as_deref(), conversion, spec, span)?;
            for piece in pieces {
                match piece {
                    Piece::Text(text) => into.text(&text),
                    Piece::Operand { .. } => into.pieces.push(piece),
                }
            }
            into.operands.extend(operands);
            return Ok(());
        }
        if !spec.is_empty()
            && matches!(self.body.exprs.ty(typed.id), Type::Enum(_))
            && conversion == Conversion::Format
        {
            into.pieces.push(Piece::Operand { conversion: Conversion::Str, spec: spec.to_owned() });
        } else {
            into.pieces.push(Piece::Operand { conversion, spec: spec.to_owned() });
        }
        into.operands.push(typed.id);
        Ok(())
    }

    fn refuse_repr_of_signal(&mut self, value: &Val<'a>, span: Span) -> Lowers<()> {
        match self.may_be_signal(value) {
            true => self.outside(span, "the `repr` of a signal is outside the subset"),
            false => Ok(()),
        }
    }

    /// A value as `format(value, spec)` or `repr(value)`.
    pub fn formatted(&mut self, value: &Val<'a>, spec: &str, repr: bool, span: Span) -> Lowers<ExprId> {
        let mut building = Building::default();
        let conversion = if repr {
            Conversion::Repr
        } else if spec.is_empty() {
            Conversion::Str
        } else {
            Conversion::Format
        };
        self.operand(&mut building, value, conversion, spec, span)?;
        self.finish_text(building, span)
    }

    /// A value as a text, as `str` makes it.
    pub fn as_text(&mut self, value: &Val<'a>, span: Span) -> Lowers<ExprId> {
        if let Val::Expr(typed) = value
            && *self.body.exprs.ty(typed.id) == Type::Text
        {
            return Ok(typed.id);
        }
        self.formatted(value, "", false, span)
    }

    /// Two texts, one after the other.
    pub fn join_texts(&mut self, a: ExprId, b: ExprId, span: Span) -> Lowers<Val<'a>> {
        let mut building = Building::default();
        for id in [a, b] {
            building.pieces.push(Piece::Operand { conversion: Conversion::Str, spec: String::new() });
            building.operands.push(id);
        }
        let id = self.finish_text(building, span)?;
        Ok(Val::Expr(Typed { id, width: None }))
    }

    /// What `print` writes.
    pub fn printed(
        &mut self,
        values: &[(Val<'a>, Span)],
        sep: &str,
        end: &str,
        span: Span,
    ) -> Lowers<ExprId> {
        let mut building = Building::default();
        for (index, (value, value_span)) in values.iter().enumerate() {
            if index > 0 {
                building.text(sep);
            }
            self.operand(&mut building, value, Conversion::Str, "", *value_span)?;
        }
        building.text(end);
        self.finish_text(building, span)
    }

    /// `f"…"`.
    pub fn fstring(&mut self, parts: &'a [FStringPart], span: Span) -> Lowers<Val<'a>> {
        let mut building = Building::default();
        for part in parts {
            match part {
                FStringPart::Text(text) => building.text(text),
                FStringPart::Value { value, conversion, format, span } => {
                    let spec = match format {
                        None => String::new(),
                        Some(parts) => self.constant_text(parts, *span)?,
                    };
                    let conversion = match conversion {
                        ast::Conversion::None if spec.is_empty() => Conversion::Str,
                        ast::Conversion::None => Conversion::Format,
                        ast::Conversion::Str => Conversion::Str,
                        ast::Conversion::Repr | ast::Conversion::Ascii => Conversion::Repr,
                    };
                    let mut lowered = self.eval(value)?;
                    if conversion == Conversion::Repr {
                        self.refuse_repr_of_signal(&lowered, *span)?;
                    }
                    // It becomes a text before the next one is looked at.
                    if self.in_order && matches!(lowered, Val::Var(..)) {
                        lowered = Val::Expr(self.expr(&lowered, *span)?);
                    }
                    let lowered = self.at_this_moment(lowered, *span)?;
                    self.operand(&mut building, &lowered, conversion, &spec, *span)?;
                }
            }
        }
        if let [] | [Piece::Text(_)] = &building.pieces[..] {
            let text = match building.pieces.pop() {
                Some(Piece::Text(text)) => text,
                _ => String::new(),
            };
            return Ok(Val::Const(Const::Str(text)));
        }
        let id = self.finish_text(building, span)?;
        Ok(Val::Expr(Typed { id, width: None }))
    }

    /// A format specification; values in it must be known.
    fn constant_text(&mut self, parts: &'a [FStringPart], span: Span) -> Lowers<String> {
        let mut text = String::new();
        for part in parts {
            match part {
                FStringPart::Text(piece) => text.push_str(piece),
                FStringPart::Value { value, .. } => match self.eval(value)? {
                    Val::Const(Const::Str(piece)) => text.push_str(&piece),
                    Val::Const(Const::Int(value)) => text.push_str(&value.to_string()),
                    _ => {
                        return self.outside(
                            span,
                            "the format of a value must be known when the design is elaborated",
                        );
                    }
                },
            }
        }
        Ok(text)
    }

    /// `"…" % values`.
    pub fn percent(&mut self, template: &str, right: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        let values: Vec<Val<'a>> = match right {
            Val::Sequence(values, SequenceKind::Tuple | SequenceKind::Named(_)) => values.to_vec(),
            other => vec![other.clone()],
        };
        let mut values = values.iter();
        let mut building = Building::default();
        let mut letters = template.chars().peekable();
        while let Some(letter) = letters.next() {
            if letter != '%' {
                building.text(&letter.to_string());
                continue;
            }
            let mut flags = String::new();
            while let Some(flag) = letters.next_if(|letter| "-+ #0".contains(*letter)) {
                flags.push(flag);
            }
            let mut width = String::new();
            while let Some(digit) = letters.next_if(|letter| letter.is_ascii_digit() || *letter == '.') {
                width.push(digit);
            }
            let Some(kind) = letters.next() else {
                return self.error(Code::PH0301, span, "the format ends after `%`");
            };
            if kind == '%' {
                building.text("%");
                continue;
            }
            let Some(value) = values.next() else {
                return self.error(Code::PH0206, span, "there are fewer values than the format asks for");
            };
            let (conversion, spec) = match percent_spec(kind, &flags, &width) {
                Some(found) => found,
                None => {
                    let message = format!("`%{kind}` is outside the subset");
                    return self.outside(span, message);
                }
            };
            if width.contains('.') && conversion == Conversion::Format && self.may_have_sign(value, span)? {
                // The digits are counted without the sign.
                let what =
                    format!("`%{flags}{width}{kind}` of a number that may be negative is outside the subset");
                return self.outside(span, what);
            }
            self.operand(&mut building, value, conversion, &spec, span)?;
        }
        if values.next().is_some() {
            return self.error(Code::PH0206, span, "there are more values than the format asks for");
        }
        let id = self.finish_text(building, span)?;
        Ok(Val::Expr(Typed { id, width: None }))
    }

    /// Whether a number may be negative.
    fn may_have_sign(&mut self, value: &Val<'a>, span: Span) -> Lowers<bool> {
        let typed = self.expr(value, span)?;
        Ok(self.body.exprs.range(typed.id).is_some_and(pyhw_ir::Range::is_signed))
    }

    /// `"…".format(…)`.
    pub fn format_method(&mut self, template: &str, args: &Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let mut building = Building::default();
        let mut next = 0;
        let mut rest = template;
        while let Some(at) = rest.find(['{', '}']) {
            building.text(&rest[..at]);
            if rest[at..].starts_with("{{") || rest[at..].starts_with("}}") {
                building.text(&rest[at..=at]);
                rest = &rest[at + 2..];
                continue;
            }
            let Some(end) = rest[at..].find('}').filter(|_| rest[at..].starts_with('{')) else {
                return self.error(Code::PH0301, span, "a brace in the format has no partner");
            };
            let field = &rest[at + 1..at + end];
            rest = &rest[at + end + 1..];
            let (name, spec) = field.split_once(':').unwrap_or((field, ""));
            let (name, conversion) = name.split_once('!').unwrap_or((name, ""));
            let value = if name.is_empty() {
                next += 1;
                args.position.get(next - 1)
            } else if let Ok(place) = name.parse::<usize>() {
                args.position.get(place)
            } else {
                args.named.iter().find(|(one, _)| one == name).map(|(_, value)| value)
            };
            let Some(value) = value.cloned() else {
                let error = Diagnostic::new(
                    Code::PH0206,
                    span,
                    format!("the format names `{field}`, which is not given"),
                )
                .help("fields are numbers or names; attributes and elements are outside the subset");
                return self.fail(error);
            };
            let conversion = match (conversion, spec.is_empty()) {
                ("r" | "a", _) => Conversion::Repr,
                ("s", _) | ("", true) => Conversion::Str,
                _ => Conversion::Format,
            };
            self.operand(&mut building, &value, conversion, spec, span)?;
        }
        building.text(rest);
        let id = self.finish_text(building, span)?;
        Ok(Val::Expr(Typed { id, width: None }))
    }
}

/// A `%` specification in the terms of `format`.
fn percent_spec(kind: char, flags: &str, width: &str) -> Option<(Conversion, String)> {
    let left = flags.contains('-');
    let (width, precision) = match width.split_once('.') {
        Some((width, precision)) => (width, Some(precision)),
        None => (width, None),
    };
    let sign = if flags.contains('+') {
        "+"
    } else if flags.contains(' ') {
        " "
    } else {
        ""
    };
    match kind {
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
            let kind = if matches!(kind, 'i' | 'u') { 'd' } else { kind };
            let alternate = if flags.contains('#') { "#" } else { "" };
            // A precision of an integer is a least number of digits.
            let (zero, width) = match precision {
                Some(precision) if width.is_empty() => ("0", precision),
                Some(_) => return None,
                None => (if flags.contains('0') && !left { "0" } else { "" }, width),
            };
            let align = if left && !width.is_empty() { "<" } else { "" };
            Some((Conversion::Format, format!("{align}{sign}{alternate}{zero}{width}{kind}")))
        }
        'c' if width.is_empty() && precision.is_none() => Some((Conversion::Format, "c".to_owned())),
        'c' => None,
        's' | 'r' | 'a' => {
            let conversion = if kind == 's' { Conversion::Str } else { Conversion::Repr };
            let precision = precision.map(|precision| format!(".{precision}")).unwrap_or_default();
            let align = match (width.is_empty(), left) {
                (true, _) => "",
                (false, true) => "<",
                (false, false) => ">",
            };
            Some((conversion, format!("{align}{width}{precision}")))
        }
        _ => None,
    }
}
