//! Expressions: Python's operators on known values and on run-time ones.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::{Local, SignalRef, Typed, Val};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Binding, Const, Object, SignalType};
use pyhw_ir::{Edge, ExprId, Int, Op, Range, StmtKind, Type, Value};
use pyhw_syntax::ast::{self, BinaryOp, BoolOp, CompareOp, ExprKind, UnaryOp};
use std::rc::Rc;

impl<'a> Lowerer<'a> {
    /// Lowers an expression.
    pub fn eval(&mut self, expr: &'a ast::Expr) -> Lowers<Val<'a>> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Name(name) => self.name(name, span),
            ExprKind::Int(value) => Ok(Val::int(value.clone())),
            ExprKind::Float(value) => Ok(Val::Const(Const::Float(*value))),
            ExprKind::Str(text) => Ok(Val::Const(Const::Str(text.clone()))),
            ExprKind::Bool(value) => Ok(Val::bool(*value)),
            ExprKind::None => Ok(Val::Const(Const::None)),
            ExprKind::Ellipsis => self.outside(span, "`...` has no meaning here"),
            ExprKind::FString(parts) => self.fstring(parts, span),
            ExprKind::Attribute { value, attr } => {
                let value = self.eval(value)?;
                self.attribute(&value, &attr.name, span)
            }
            ExprKind::Subscript { value, index } => {
                let value = self.eval(value)?;
                self.subscript(&value, index, span)
            }
            ExprKind::Slice { .. } => self.outside(span, "a slice stands only in brackets"),
            ExprKind::Call { function, args } => self.call(function, args, span),
            ExprKind::Unary { op, operand } => {
                let operand = self.eval(operand)?;
                self.unary(*op, &operand, span)
            }
            ExprKind::Binary { first, rest } => {
                let mut left = self.eval(first)?;
                for (op, right) in rest {
                    let right_value = self.eval(right)?;
                    left = self.binary(*op, &left, &right_value, first.span.join(right.span))?;
                }
                Ok(left)
            }
            ExprKind::BoolOp { op, values } => self.bool_op(*op, values, span),
            ExprKind::Compare { first, rest } => self.compare_chain(first, rest, span),
            ExprKind::Conditional { test, body, orelse } => self.conditional(test, body, orelse, span),
            ExprKind::Lambda(def) => Ok(self.closure(def)),
            ExprKind::Walrus { target, value } => {
                let value = self.eval(value)?;
                self.bind(&target.name, &value, span)?;
                self.name(&target.name, span)
            }
            ExprKind::Tuple(elements) => self.sequence(elements, true),
            ExprKind::List(elements) | ExprKind::Set(elements) => self.sequence(elements, false),
            ExprKind::Dict(items) => {
                let mut entries = Vec::new();
                for item in items {
                    let Some(key) = &item.key else {
                        return self.outside(span, "`**` in a dict is not in the subset");
                    };
                    entries.push((self.eval(key)?, self.eval(&item.value)?));
                }
                Ok(Val::Dict(Rc::new(entries)))
            }
            ExprKind::Comprehension(comprehension) => self.comprehension(comprehension, span),
            ExprKind::Starred(_) => self.outside(span, "`*` cannot stand here"),
            ExprKind::Yield(_) => {
                self.error(Code::PH0205, span, "a wait stands here as a statement of its own")
            }
            ExprKind::YieldFrom(_) => {
                self.error(Code::PH0205, span, "`yield from` stands as a statement of its own")
            }
            ExprKind::Unsupported { what, .. } => {
                let message = format!("{} is outside the subset", what.row().name);
                self.outside(span, message)
            }
        }
    }

    fn sequence(&mut self, elements: &'a [ast::Expr], is_tuple: bool) -> Lowers<Val<'a>> {
        let mut values = Vec::new();
        for element in elements {
            if let ExprKind::Starred(inner) = &element.kind {
                let inner_value = self.eval(inner)?;
                values.extend(self.elements(&inner_value, element.span)?);
            } else {
                values.push(self.eval(element)?);
            }
        }
        Ok(Val::Sequence(Rc::new(values), is_tuple))
    }

    fn comprehension(&mut self, comprehension: &'a ast::Comprehension, span: Span) -> Lowers<Val<'a>> {
        if comprehension.kind == ast::ComprehensionKind::Dict {
            return self.outside(span, "a dict comprehension is not in the subset");
        }
        let saved = self.frame().locals.clone();
        let mut values = Vec::new();
        let result = self.clauses(comprehension, 0, &mut values);
        self.frame().locals = saved;
        result?;
        Ok(Val::Sequence(Rc::new(values), false))
    }

    fn clauses(&mut self, of: &'a ast::Comprehension, depth: usize, into: &mut Vec<Val<'a>>) -> Lowers<()> {
        let Some(clause) = of.clauses.get(depth) else {
            let value = self.eval(&of.element)?;
            into.push(value);
            return Ok(());
        };
        let iter = self.eval(&clause.iter)?;
        for element in self.elements(&iter, clause.iter.span)? {
            self.bind_known(&clause.target, element)?;
            let mut keep = true;
            for test in &clause.ifs {
                let value = self.eval(test)?;
                match self.truth(&value, test.span)? {
                    Val::Const(Const::Bool(value)) => keep &= value,
                    _ => {
                        return self.outside(
                            test.span,
                            "this condition must be known when the design is elaborated",
                        );
                    }
                }
            }
            if keep {
                self.clauses(of, depth + 1, into)?;
            }
        }
        Ok(())
    }

    /// Binds loop targets to what an element is, without making variables.
    pub fn bind_known(&mut self, target: &'a ast::Expr, value: Val<'a>) -> Lowers<()> {
        match &target.kind {
            ExprKind::Name(name) => {
                self.frame().locals.insert(name.clone(), Local::Known(value));
                Ok(())
            }
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                let elements = self.elements(&value, target.span)?;
                if elements.len() != targets.len() {
                    let message = format!("{} names for {} values", targets.len(), elements.len());
                    return self.error(Code::PH0206, target.span, message);
                }
                targets
                    .iter()
                    .zip(elements)
                    .try_for_each(|(target, element)| self.bind_known(target, element))
            }
            _ => self.outside(target.span, "a loop counts with plain names"),
        }
    }

    /// `value.name`.
    pub fn attribute(&mut self, value: &Val<'a>, name: &str, span: Span) -> Lowers<Val<'a>> {
        match value {
            Val::Signal(signal) => self.signal_attribute(signal, name, span),
            Val::Var(_, bits) | Val::Bits(_, bits) => match name {
                "min" | "_min" => Ok(bits.range.min.clone().map_or(Val::Const(Const::None), Val::int)),
                "max" | "_max" => Ok(bits
                    .range
                    .max
                    .as_ref()
                    .map_or(Val::Const(Const::None), |max| Val::int(max.add(&Int::ONE)))),
                "_nrbits" => Ok(Val::int(bits.width.unwrap_or(0))),
                "signed" | "unsigned" => Ok(Val::Method(Rc::new(value.clone()), name.to_owned())),
                _ => self.no_attribute(value, name, span),
            },
            Val::Expr(_) if matches!(name, "signed" | "unsigned" | "bit_length") => {
                Ok(Val::Method(Rc::new(value.clone()), name.to_owned()))
            }
            Val::Const(Const::Str(_)) | Val::Const(Const::Int(_)) => {
                Ok(Val::Method(Rc::new(value.clone()), name.to_owned()))
            }
            Val::Sequence(..) | Val::ListObject(_) | Val::Dict(_) | Val::DictObject(_) => {
                Ok(Val::Method(Rc::new(value.clone()), name.to_owned()))
            }
            Val::EnumType(id) => {
                let members = &self.cx.elaborated.types.enums[id.index()].members;
                match members.iter().position(|(member, _)| member == name) {
                    Some(place) => Ok(Val::Const(Const::Enum(*id, place as u32))),
                    None => {
                        let enum_name = &self.cx.elaborated.types.enums[id.index()].name;
                        let known: Vec<&str> = members.iter().map(|(member, _)| member.as_str()).collect();
                        let error = Diagnostic::new(
                            Code::PH0202,
                            span,
                            format!("`{enum_name}` has no member `{name}`"),
                        )
                        .help(format!("its members are {}", known.join(", ")));
                        self.fail(error)
                    }
                }
            }
            Val::Instance(id) => {
                let object = self.cx.elaborated.object(*id);
                match object {
                    Object::Instance { attributes, class } => match attributes.get(name) {
                        Some(binding) => self.bound(binding, span),
                        None => {
                            let message =
                                format!("`{class}` has no attribute `{name}` that a process can use");
                            self.error(Code::PH0202, span, message)
                        }
                    },
                    _ => self.no_attribute(value, name, span),
                }
            }
            Val::Module(module, members) => match members.get(name) {
                // The members live as long as the design: the value here is a copy of what the design holds.
                Some(binding) => self.bound_copy(binding, span),
                None => {
                    let message = format!("the module `{module}` has no `{name}` that a process can use");
                    self.error(Code::PH0202, span, message)
                }
            },
            _ => self.no_attribute(value, name, span),
        }
    }

    fn bound_copy(&mut self, binding: &Binding, span: Span) -> Lowers<Val<'a>> {
        match binding {
            Binding::Const(value) => Ok(Val::Const(value.clone())),
            Binding::Signal(id) => Ok(Val::Signal(self.signal_ref(*id, span))),
            Binding::EnumType(id) => Ok(Val::EnumType(*id)),
            Binding::Function(id) => Ok(Val::Function(*id, None)),
            Binding::Builtin(name) => Ok(Val::Builtin(name)),
            Binding::Module(name, members) => Ok(Val::Module(name.clone(), Rc::new(members.clone()))),
            Binding::Object(id) => match self.cx.elaborated.object(*id) {
                Object::List(_) => Ok(Val::ListObject(*id)),
                Object::Dict(_) => Ok(Val::DictObject(*id)),
                _ => Ok(Val::Instance(*id)),
            },
            Binding::Tuple(elements) => {
                let elements = elements
                    .iter()
                    .map(|element| self.bound_copy(element, span))
                    .collect::<Lowers<Vec<_>>>()?;
                Ok(Val::Sequence(Rc::new(elements), true))
            }
            Binding::Unknown(what) => {
                let message = format!("{what} cannot be used in a process");
                self.outside(span, message)
            }
        }
    }

    fn no_attribute<T>(&mut self, value: &Val<'a>, name: &str, span: Span) -> Lowers<T> {
        let message = format!("{} has no attribute `{name}` in a process", value.describe());
        self.outside(span, message)
    }

    fn signal_attribute(&mut self, signal: &SignalRef, name: &str, span: Span) -> Lowers<Val<'a>> {
        let declared = self.signal_type(signal).clone();
        match name {
            "next" => Ok(Val::Next(signal.clone())),
            "val" => Ok(Val::Signal(signal.clone())),
            "posedge" => Ok(Val::Edge(signal.clone(), Edge::Rising)),
            "negedge" => Ok(Val::Edge(signal.clone(), Edge::Falling)),
            "min" | "_min" => Ok(match declared {
                SignalType::Int { range: Range { min: Some(min), .. }, .. } => Val::int(min),
                SignalType::Bool => Val::int(0i64),
                _ => Val::Const(Const::None),
            }),
            "max" | "_max" => Ok(match declared {
                SignalType::Int { range: Range { max: Some(max), .. }, .. } => Val::int(max.add(&Int::ONE)),
                SignalType::Bool => Val::int(2i64),
                _ => Val::Const(Const::None),
            }),
            "_nrbits" => Ok(match declared {
                SignalType::Int { width_bits, .. } => Val::int(width_bits.unwrap_or(0)),
                SignalType::Bool => Val::int(1i64),
                _ => Val::int(0i64),
            }),
            "active" => match self.cx.elaborated.signal(signal.like()).reset {
                Some(reset) => Ok(Val::bool(reset.active_high)),
                None => self.outside(span, "only a reset signal has `active`"),
            },
            "signed" | "unsigned" => Ok(Val::Method(Rc::new(Val::Signal(signal.clone())), name.to_owned())),
            _ => {
                let message = format!("a signal has no attribute `{name}` in a process");
                self.outside(span, message)
            }
        }
    }

    /// `value[index]`.
    pub fn subscript(&mut self, value: &Val<'a>, index: &'a ast::Expr, span: Span) -> Lowers<Val<'a>> {
        if let ExprKind::Slice { lower, upper, step } = &index.kind {
            if step.is_some() {
                return self.outside(index.span, "a slice with a step is not in the subset");
            }
            return self.slice(value, lower.as_deref(), upper.as_deref(), span);
        }
        let place = self.eval(index)?;
        self.index(value, &place, span, index.span)
    }

    /// The element or bit at a place.
    pub fn index(&mut self, value: &Val<'a>, place: &Val<'a>, span: Span, at: Span) -> Lowers<Val<'a>> {
        match value {
            Val::Memory(..)
            | Val::ListObject(_)
            | Val::Sequence(..)
            | Val::Range(..)
            | Val::Const(Const::Str(_)) => {
                if let Some(known) = place.as_const_int() {
                    return self.element(value, &known, span);
                }
                let place = self.int_expr(place, at)?;
                if let Val::Memory(net, like, _) = value {
                    return Ok(Val::Signal(SignalRef::Element(*net, place.id, *like)));
                }
                let elements = self.elements(value, span)?;
                self.pick(&elements, place.id, span)
            }
            Val::Dict(_) | Val::DictObject(_) => self.dict_item(value, place, span),
            Val::Signal(_) | Val::Expr(_) | Val::Var(..) | Val::Bits(..) | Val::Const(_) => {
                let typed = self.expr(value, span)?;
                if matches!(self.body.exprs.ty(typed.id), Type::Array(..)) {
                    let place = self.int_expr(place, at)?;
                    let id = self.op(Op::Index, &[typed.id, place.id], span)?;
                    return Ok(Val::Expr(Typed { id, width: None }));
                }
                let typed = self.int_expr(value, span)?;
                let place = self.int_expr(place, at)?;
                let id = self.op(Op::Bit, &[typed.id, place.id], span)?;
                Ok(Val::Expr(Typed { id, width: None }))
            }
            _ => {
                let message = format!("{} cannot be indexed", value.describe());
                self.outside(span, message)
            }
        }
    }

    /// The element that a run-time index picks: a table of constants, or a choice between expressions.
    fn pick(&mut self, elements: &[Val<'a>], place: ExprId, span: Span) -> Lowers<Val<'a>> {
        if elements.is_empty() {
            return self.error(Code::PH0315, span, "the list has no elements");
        }
        let mut typed = Vec::new();
        for element in elements {
            typed.push(self.expr(element, span)?);
        }
        let width = typed[0].width.filter(|width| typed.iter().all(|one| one.width == Some(*width)));
        let any_int = typed.iter().any(|one| matches!(self.body.exprs.ty(one.id), Type::Int(_)));
        let mut ids = Vec::new();
        for one in &typed {
            let is_bool = *self.body.exprs.ty(one.id) == Type::Bool;
            ids.push(if any_int && is_bool { self.to_int(one.id, span)? } else { one.id });
        }
        let constants: Option<Vec<Value>> =
            ids.iter().map(|id| self.body.exprs.as_const(*id).cloned()).collect();
        let array = self.op(Op::Array, &ids, span)?;
        let id = match constants {
            Some(values) => {
                let ty = self.body.exprs.ty(array).clone();
                let table = self.body.exprs.constant(Value::Array(values.into()), ty, span);
                self.op(Op::Index, &[table, place], span)?
            }
            None => {
                // Python's negative indices count from the end; hardware has none, and the check says so.
                let last = ids.len() - 1;
                let range = Range::new(0i64, last as i64);
                let place = self.op(Op::Check { range }, &[place], span)?;
                let mut choice = ids[last];
                for (index, id) in ids.iter().enumerate().take(last).rev() {
                    let index = self.body.exprs.int(index, span);
                    let is_here = self.op(Op::Eq, &[place, index], span)?;
                    choice = self.op(Op::Mux, &[is_here, *id, choice], span)?;
                }
                choice
            }
        };
        Ok(Val::Expr(Typed { id, width }))
    }

    fn dict_item(&mut self, dict: &Val<'a>, key: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        let items: Vec<(Val<'a>, Val<'a>)> = match dict {
            Val::Dict(items) => items.to_vec(),
            Val::DictObject(id) => match self.cx.elaborated.object(*id) {
                Object::Dict(items) => {
                    let mut values = Vec::new();
                    for (key, value) in items {
                        values.push((self.bound(key, span)?, self.bound(value, span)?));
                    }
                    values
                }
                _ => return self.fail(Diagnostic::bug(span, "a dict that is none")),
            },
            _ => return self.fail(Diagnostic::bug(span, "a dict that is none")),
        };
        if let Val::Const(wanted) = key {
            let found = items.iter().find(|(key, _)| matches!(key, Val::Const(key) if same_key(key, wanted)));
            return match found {
                Some((_, value)) => Ok(value.clone()),
                None => self.error(Code::PH0202, span, "the dict has no such key"),
            };
        }
        let mut choice: Option<ExprId> = None;
        let mut is_any: Option<ExprId> = None;
        for (item, value) in items.iter().rev() {
            let is_here = self.compare(CompareOp::Eq, key, item, span)?;
            let is_here = self.expr(&is_here, span)?.id;
            let value = self.expr(value, span)?.id;
            choice = Some(match choice {
                None => value,
                Some(other) => self.op(Op::Mux, &[is_here, value, other], span)?,
            });
            is_any = Some(match is_any {
                None => is_here,
                Some(other) => self.op(Op::OrElse, &[is_here, other], span)?,
            });
        }
        let (Some(id), Some(is_any)) = (choice, is_any) else {
            return self.error(Code::PH0202, span, "the dict is empty");
        };
        let missing = self.op(Op::Not, &[is_any], span)?;
        let raise =
            pyhw_ir::Stmt::new(StmtKind::Raise { exception: "KeyError".to_owned(), message: None }, span);
        self.emit(StmtKind::If { arms: vec![(missing, vec![raise])], orelse: Vec::new() }, span);
        Ok(Val::Expr(Typed { id, width: None }))
    }

    /// `value[high:low]` of an integer, or a part of a list.
    fn slice(
        &mut self,
        value: &Val<'a>,
        high: Option<&'a ast::Expr>,
        low: Option<&'a ast::Expr>,
        span: Span,
    ) -> Lowers<Val<'a>> {
        if matches!(value, Val::ListObject(_) | Val::Sequence(..) | Val::Range(..)) {
            let elements = self.elements(value, span)?;
            let length = Int::from(elements.len());
            let end = |this: &mut Self, bound: Option<&'a ast::Expr>, default: usize| -> Lowers<usize> {
                let Some(bound) = bound else { return Ok(default) };
                let known = this.eval(bound)?;
                let known = this.const_int(&known, "the bound of a slice", bound.span)?;
                let known = if known.is_negative() { known.add(&length).max(Int::ZERO) } else { known };
                Ok(known.min(length.clone()).to_usize().unwrap_or(default))
            };
            let from = end(self, high, 0)?;
            let to = end(self, low, elements.len())?;
            let part = elements.get(from..to.max(from)).unwrap_or_default().to_vec();
            return Ok(Val::Sequence(Rc::new(part), matches!(value, Val::Sequence(_, true))));
        }
        if let Val::Bits(typed, bits) = value
            && let Some(high) = high
        {
            // `intbv(0)[8:]` declares a width.
            let (low_bit, width) = self.slice_bounds(Some(high), low, span)?;
            if let Some(width) = width
                && let Some(low_bit) = self.known_int(low_bit)
                && let Some(Value::Int(known)) = self.body.exprs.as_const(typed.id).cloned()
                && let Some(low_bit) = low_bit.to_u32()
            {
                let id = self.body.exprs.int(known.shr(low_bit).low_bits(width), span);
                let of = crate::value::BitsType {
                    range: Range::unsigned(width),
                    width: Some(width),
                    wraps: bits.wraps,
                };
                return Ok(Val::Bits(Typed { id, width: Some(width) }, of));
            }
        }
        let typed = self.int_expr(value, span)?;
        let (low_bit, width) = self.slice_bounds(high, low, span)?;
        match (width, self.known_int(low_bit)) {
            (Some(width), Some(low)) => {
                let Some(low) = low.to_u32() else {
                    return self.error(Code::PH0315, span, "the bounds of a slice cannot be negative");
                };
                let id = self.op(Op::Slice { low, width }, &[typed.id], span)?;
                Ok(Val::Expr(Typed { id, width: Some(width) }))
            }
            (Some(width), None) => {
                let shifted = self.op(Op::Shr, &[typed.id, low_bit], span)?;
                let id = self.op(Op::Slice { low: 0, width }, &[shifted], span)?;
                Ok(Val::Expr(Typed { id, width: Some(width) }))
            }
            (None, _) => {
                let id = self.op(Op::Shr, &[typed.id, low_bit], span)?;
                let width = self
                    .known_int(low_bit)
                    .and_then(|low| low.to_u32())
                    .and_then(|low| typed.width?.checked_sub(low));
                Ok(Val::Expr(Typed { id, width: width.filter(|width| *width > 0) }))
            }
        }
    }

    /// The value of an expression that is a constant.
    pub fn known_int(&self, id: ExprId) -> Option<Int> {
        self.body.exprs.as_const(id).and_then(Value::as_int).cloned()
    }

    /// The lowest bit and the width of `[high:low]`; no width where the high bound is left out.
    pub fn slice_bounds(
        &mut self,
        high: Option<&'a ast::Expr>,
        low: Option<&'a ast::Expr>,
        span: Span,
    ) -> Lowers<(ExprId, Option<u32>)> {
        let low_value = match low {
            Some(low) => self.eval(low)?,
            None => Val::int(0i64),
        };
        let low_bit = self.int_expr(&low_value, span)?.id;
        let Some(high) = high else { return Ok((low_bit, None)) };
        let high_value = self.eval(high)?;
        let high_bit = self.int_expr(&high_value, span)?.id;
        let width = match (self.known_int(high_bit), self.known_int(low_bit)) {
            (Some(high), Some(low)) => Some(high.sub(&low)),
            // `[i + 8:i]`: the bounds move together.
            _ => self.distance(high_bit, low_bit),
        };
        let Some(width) = width else {
            return self.outside(span, "the width of a slice must be known when the design is elaborated");
        };
        match width.to_u32().filter(|width| *width > 0) {
            Some(width) => Ok((low_bit, Some(width))),
            None => {
                let message = "the left bound of a slice must be greater than the right one";
                self.error(Code::PH0315, span, message)
            }
        }
    }

    /// `a − b` where both are the same expression plus constants.
    fn distance(&self, a: ExprId, b: ExprId) -> Option<Int> {
        let (a_base, a_offset) = self.offset(a)?;
        let (b_base, b_offset) = self.offset(b)?;
        (a_base == b_base).then(|| a_offset.sub(&b_offset))
    }

    fn offset(&self, id: ExprId) -> Option<(ExprId, Int)> {
        let exprs = &self.body.exprs;
        if let pyhw_ir::ExprKind::Op(op, args) = exprs.kind(id) {
            match (op, &args[..]) {
                (Op::Add, [base, constant]) | (Op::Add, [constant, base])
                    if self.known_int(*constant).is_some() =>
                {
                    let (base, offset) = self.offset(*base)?;
                    return Some((base, offset.add(&self.known_int(*constant)?)));
                }
                (Op::Sub, [base, constant]) if self.known_int(*constant).is_some() => {
                    let (base, offset) = self.offset(*base)?;
                    return Some((base, offset.sub(&self.known_int(*constant)?)));
                }
                _ => {}
            }
        }
        Some((id, Int::ZERO))
    }

    /// `-x`, `+x`, `~x`, `not x`.
    pub fn unary(&mut self, op: UnaryOp, operand: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        if op == UnaryOp::Not {
            return match self.truth(operand, span)? {
                Val::Const(Const::Bool(value)) => Ok(Val::bool(!value)),
                truth => {
                    let id = self.expr(&truth, span)?.id;
                    self.not(id, span)
                }
            };
        }
        if let Val::Const(Const::Float(value)) = operand {
            return match op {
                UnaryOp::Minus => Ok(Val::Const(Const::Float(-value))),
                UnaryOp::Plus => Ok(operand.clone()),
                UnaryOp::Invert | UnaryOp::Not => {
                    self.error(Code::PH0301, span, "`~` is not defined for a float")
                }
            };
        }
        if let Some(value) = operand.as_const_int() {
            return Ok(match op {
                UnaryOp::Minus => Val::int(value.neg()),
                UnaryOp::Plus => Val::int(value),
                UnaryOp::Invert => Val::int(value.not()),
                UnaryOp::Not => Val::bool(value.is_zero()),
            });
        }
        // `~` of a boolean signal is `not`, as in MyHDL.
        if op == UnaryOp::Invert
            && let Val::Signal(signal) = operand
            && *self.signal_type(signal) == SignalType::Bool
        {
            let id = self.read_signal(signal, span)?.id;
            return self.not(id, span);
        }
        let is_bits = matches!(
            operand,
            Val::Signal(_) | Val::Var(..) | Val::Bits(..) | Val::Expr(Typed { width: Some(_), .. })
        );
        let typed = self.int_expr(operand, span)?;
        match op {
            UnaryOp::Plus => Ok(Val::Expr(Typed { id: typed.id, width: None })),
            UnaryOp::Minus => {
                let id = self.op(Op::Neg, &[typed.id], span)?;
                Ok(Val::Expr(Typed { id, width: None }))
            }
            UnaryOp::Invert | UnaryOp::Not => {
                let id = self.op(Op::Inv, &[typed.id], span)?;
                // An `intbv` of a width that holds no negative values stays within its width.
                let unsigned = self.body.exprs.range(typed.id).is_some_and(|range| !range.is_signed());
                match typed.width.filter(|_| is_bits && unsigned) {
                    Some(width) => {
                        let id = self.op(Op::Slice { low: 0, width }, &[id], span)?;
                        Ok(Val::Expr(Typed { id, width: None }))
                    }
                    None => Ok(Val::Expr(Typed { id, width: None })),
                }
            }
        }
    }

    /// The negation of a boolean expression; of a comparison, the opposite comparison.
    pub fn not(&mut self, id: ExprId, span: Span) -> Lowers<Val<'a>> {
        if let pyhw_ir::ExprKind::Op(Op::Not, args) = self.body.exprs.kind(id) {
            return Ok(Val::Expr(Typed { id: args[0], width: None }));
        }
        let id = self.op(Op::Not, &[id], span)?;
        Ok(Val::Expr(Typed { id, width: None }))
    }

    /// An arithmetic or bitwise operator.
    pub fn binary(&mut self, op: BinaryOp, left: &Val<'a>, right: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        if let (Val::Const(a), Val::Const(b)) = (left, right)
            && let Some(value) = fold(op, a, b)
        {
            return Ok(Val::Const(value));
        }
        if let Val::Const(Const::Str(template)) = left
            && op == BinaryOp::Mod
        {
            return self.percent(template, right, span);
        }
        if let (Val::Sequence(a, tuple), Val::Sequence(b, _), BinaryOp::Add) = (left, right, op) {
            let joined = a.iter().chain(b.iter()).cloned().collect();
            return Ok(Val::Sequence(Rc::new(joined), *tuple));
        }
        if let (Val::Sequence(elements, tuple), Some(times), BinaryOp::Mul) = (left, right.as_const_int(), op)
        {
            let times = times.to_usize().unwrap_or(0).min(65_536);
            let repeated = (0..times).flat_map(|_| elements.iter().cloned()).collect();
            return Ok(Val::Sequence(Rc::new(repeated), *tuple));
        }
        let a = self.expr(left, span)?;
        let b = self.expr(right, span)?;
        let both_bool = *self.body.exprs.ty(a.id) == Type::Bool && *self.body.exprs.ty(b.id) == Type::Bool;
        if both_bool && matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor) {
            let id = self.op(bitwise(op), &[a.id, b.id], span)?;
            return Ok(Val::Expr(Typed { id, width: None }));
        }
        if *self.body.exprs.ty(a.id) == Type::Text && op == BinaryOp::Add {
            return self.join_texts(a.id, b.id, span);
        }
        let a = self.int_expr(left, span)?;
        let b = self.int_expr(right, span)?;
        let op = match op {
            BinaryOp::Add => Op::Add,
            BinaryOp::Sub => Op::Sub,
            BinaryOp::Mul => Op::Mul,
            BinaryOp::FloorDiv => Op::FloorDiv,
            BinaryOp::Mod => Op::Mod,
            BinaryOp::Pow => Op::Pow,
            BinaryOp::ShiftLeft => Op::Shl,
            BinaryOp::ShiftRight => Op::Shr,
            BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => bitwise(op),
            BinaryOp::TrueDiv => {
                let error =
                    Diagnostic::new(Code::PH0201, span, "`/` gives a float, which hardware has none of")
                        .help("`//` divides integers");
                return self.fail(error);
            }
            BinaryOp::MatMul => return self.outside(span, "`@` is not in the subset"),
        };
        let id = self.op(op, &[a.id, b.id], span)?;
        Ok(Val::Expr(Typed { id, width: None }))
    }

    fn compare_chain(
        &mut self,
        first: &'a ast::Expr,
        rest: &'a [(CompareOp, ast::Expr)],
        span: Span,
    ) -> Lowers<Val<'a>> {
        let mut left = self.eval(first)?;
        let mut left_span = first.span;
        let mut all: Option<Val<'a>> = None;
        for (op, right_expr) in rest {
            let right = self.eval(right_expr)?;
            let one = self.compare(*op, &left, &right, left_span.join(right_expr.span))?;
            all = Some(match all {
                None => one,
                Some(Val::Const(Const::Bool(false))) => Val::bool(false),
                Some(Val::Const(Const::Bool(true))) => one,
                Some(before) => match one {
                    Val::Const(Const::Bool(true)) => before,
                    Val::Const(Const::Bool(false)) => Val::bool(false),
                    one => {
                        let before = self.expr(&before, span)?.id;
                        let one = self.expr(&one, span)?.id;
                        let id = self.op(Op::AndThen, &[before, one], span)?;
                        Val::Expr(Typed { id, width: None })
                    }
                },
            });
            left = right;
            left_span = right_expr.span;
        }
        match all {
            Some(value) => Ok(value),
            None => self.fail(Diagnostic::bug(span, "a comparison without an operator")),
        }
    }

    /// One comparison.
    pub fn compare(&mut self, op: CompareOp, left: &Val<'a>, right: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        match op {
            CompareOp::In | CompareOp::NotIn => {
                let elements = match right {
                    Val::Dict(items) => items.iter().map(|(key, _)| key.clone()).collect(),
                    _ => self.elements(right, span)?,
                };
                let mut any = Val::bool(false);
                for element in &elements {
                    let one = self.compare(CompareOp::Eq, left, element, span)?;
                    any = self.either(any, one, span)?;
                }
                return if op == CompareOp::In { Ok(any) } else { self.unary(UnaryOp::Not, &any, span) };
            }
            CompareOp::Is | CompareOp::IsNot => {
                let is_none = |value: &Val| matches!(value, Val::Const(Const::None));
                if is_none(left) || is_none(right) {
                    let same = is_none(left) && is_none(right);
                    return Ok(Val::bool(same == (op == CompareOp::Is)));
                }
                let as_equal = if op == CompareOp::Is { CompareOp::Eq } else { CompareOp::Ne };
                return self.compare(as_equal, left, right, span);
            }
            CompareOp::Eq | CompareOp::Ne | CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => {
            }
        }
        if let (Val::Const(a), Val::Const(b)) = (left, right) {
            if let Some(known) = compare_consts(op, a, b) {
                return Ok(Val::bool(known));
            }
        }
        if let (Val::Sequence(a, _), Val::Sequence(b, _)) = (left, right)
            && matches!(op, CompareOp::Eq | CompareOp::Ne)
        {
            let mut all = Val::bool(a.len() == b.len());
            for (a, b) in a.iter().zip(b.iter()) {
                let one = self.compare(CompareOp::Eq, a, b, span)?;
                all = self.both(all, one, span)?;
            }
            return if op == CompareOp::Eq { Ok(all) } else { self.unary(UnaryOp::Not, &all, span) };
        }
        let a = self.expr(left, span)?;
        let b = self.expr(right, span)?;
        let types = (self.body.exprs.ty(a.id).clone(), self.body.exprs.ty(b.id).clone());
        let ordered = !matches!(op, CompareOp::Eq | CompareOp::Ne);
        // A boolean beside 0 or 1 is the boolean itself or its negation.
        if !ordered {
            for (flag, other, other_type) in [(a.id, b.id, &types.1), (b.id, a.id, &types.0)] {
                if *self.body.exprs.ty(flag) == Type::Bool
                    && (*other_type == Type::Bool || matches!(other_type, Type::Int(_)))
                    && let Some(known) = self.body.exprs.as_const(other).map(|value| match value {
                        Value::Bool(value) => Some(*value),
                        Value::Int(value) => {
                            value.to_i64().filter(|value| (0..=1).contains(value)).map(|value| value == 1)
                        }
                        _ => None,
                    })
                    && let Some(known) = known
                {
                    return if known == (op == CompareOp::Eq) {
                        Ok(Val::Expr(Typed { id: flag, width: None }))
                    } else {
                        self.not(flag, span)
                    };
                }
            }
        }
        let (a, b) = match types {
            (Type::Enum(x), Type::Enum(y)) if x == y && !ordered => (a.id, b.id),
            (Type::Bool, Type::Bool) if !ordered => (a.id, b.id),
            (Type::Text, Type::Text) if !ordered => (a.id, b.id),
            (Type::Enum(_), _) | (_, Type::Enum(_)) | (Type::Text, _) | (_, Type::Text) => {
                if !ordered && types_never_equal(&types) {
                    return Ok(Val::bool(op == CompareOp::Ne));
                }
                let message =
                    format!("{} and {} cannot be compared so", self.kind_of(a.id), self.kind_of(b.id));
                return self.error(Code::PH0301, span, message);
            }
            _ => (self.int_expr(left, span)?.id, self.int_expr(right, span)?.id),
        };
        let op = match op {
            CompareOp::Eq => Op::Eq,
            CompareOp::Ne => Op::Ne,
            CompareOp::Lt => Op::Lt,
            CompareOp::Le => Op::Le,
            CompareOp::Gt => Op::Gt,
            CompareOp::Ge => Op::Ge,
            CompareOp::In | CompareOp::NotIn | CompareOp::Is | CompareOp::IsNot => {
                return self.fail(Diagnostic::bug(span, "a comparison was not resolved"));
            }
        };
        let id = self.op(op, &[a, b], span)?;
        Ok(Val::Expr(Typed { id, width: None }))
    }

    fn either(&mut self, a: Val<'a>, b: Val<'a>, span: Span) -> Lowers<Val<'a>> {
        self.combine(a, b, true, span)
    }

    fn both(&mut self, a: Val<'a>, b: Val<'a>, span: Span) -> Lowers<Val<'a>> {
        self.combine(a, b, false, span)
    }

    /// `a or b` (dominant true), `a and b` (dominant false), of truth values.
    pub fn combine(&mut self, a: Val<'a>, b: Val<'a>, dominant: bool, span: Span) -> Lowers<Val<'a>> {
        match (&a, &b) {
            (Val::Const(Const::Bool(value)), _) => Ok(if *value == dominant { a } else { b }),
            (_, Val::Const(Const::Bool(value))) if *value != dominant => Ok(a),
            _ => {
                let a = self.expr(&a, span)?.id;
                let b = self.expr(&b, span)?.id;
                let id = self.op(if dominant { Op::OrElse } else { Op::AndThen }, &[a, b], span)?;
                Ok(Val::Expr(Typed { id, width: None }))
            }
        }
    }

    /// `a and b`, `a or b`: the operand that decides.
    fn bool_op(&mut self, op: BoolOp, values: &'a [ast::Expr], span: Span) -> Lowers<Val<'a>> {
        let Some((first, rest)) = values.split_first() else {
            return self.fail(Diagnostic::bug(span, "an operator without operands"));
        };
        let left = self.eval(first)?;
        if rest.is_empty() {
            return Ok(left);
        }
        let truth = self.truth(&left, first.span)?;
        if let Val::Const(Const::Bool(known)) = truth {
            // The rest is not looked at where the first decides.
            return if known == (op == BoolOp::Or) { Ok(left) } else { self.bool_op(op, rest, span) };
        }
        let (stmts, right) = self.in_block(|this| this.bool_op(op, rest, span));
        let right = right?;
        let truth = self.expr(&truth, span)?.id;
        let left = self.expr(&left, first.span)?;
        if let Ok(right) = self.expr_or_none(&right, span)
            && stmts.is_empty()
            && *self.body.exprs.ty(left.id) == Type::Bool
            && *self.body.exprs.ty(right.id) == Type::Bool
        {
            let op = if op == BoolOp::And { Op::AndThen } else { Op::OrElse };
            let id = self.op(op, &[left.id, right.id], span)?;
            return Ok(Val::Expr(Typed { id, width: None }));
        }
        let left = Val::Expr(left);
        if op == BoolOp::And {
            self.choose(truth, (stmts, right), (Vec::new(), left), span)
        } else {
            self.choose(truth, (Vec::new(), left), (stmts, right), span)
        }
    }

    fn expr_or_none(&mut self, value: &Val<'a>, span: Span) -> Result<Typed, ()> {
        let errors = self.errors.len();
        self.expr(value, span).map_err(|_| self.errors.truncate(errors))
    }

    fn conditional(
        &mut self,
        test: &'a ast::Expr,
        body: &'a ast::Expr,
        orelse: &'a ast::Expr,
        span: Span,
    ) -> Lowers<Val<'a>> {
        let cond = self.eval(test)?;
        match self.truth(&cond, test.span)? {
            Val::Const(Const::Bool(true)) => self.eval(body),
            Val::Const(Const::Bool(false)) => self.eval(orelse),
            truth => {
                let truth = self.expr(&truth, test.span)?.id;
                let (then_stmts, then) = self.in_block(|this| this.eval(body));
                let (else_stmts, other) = self.in_block(|this| this.eval(orelse));
                self.choose(truth, (then_stmts, then?), (else_stmts, other?), span)
            }
        }
    }

    /// One of two values, with the statements that each needs before it.
    pub fn choose(
        &mut self,
        cond: ExprId,
        (mut then_stmts, then): (Vec<pyhw_ir::Stmt>, Val<'a>),
        (mut else_stmts, other): (Vec<pyhw_ir::Stmt>, Val<'a>),
        span: Span,
    ) -> Lowers<Val<'a>> {
        if let (Val::Sequence(a, tuple), Val::Sequence(b, _)) = (&then, &other)
            && a.len() == b.len()
            && then_stmts.is_empty()
            && else_stmts.is_empty()
        {
            let mut elements = Vec::new();
            for (a, b) in a.iter().zip(b.iter()) {
                elements.push(self.choose(cond, (Vec::new(), a.clone()), (Vec::new(), b.clone()), span)?);
            }
            return Ok(Val::Sequence(Rc::new(elements), *tuple));
        }
        let a = self.expr(&then, span)?;
        let b = self.expr(&other, span)?;
        let width = a.width.filter(|width| b.width == Some(*width));
        let same_kind = matches!(
            (self.body.exprs.ty(a.id), self.body.exprs.ty(b.id)),
            (Type::Bool, Type::Bool) | (Type::Enum(_), Type::Enum(_)) | (Type::Text, Type::Text)
        );
        let (a, b) = if same_kind {
            (a.id, b.id)
        } else {
            (self.int_expr(&then, span)?.id, self.int_expr(&other, span)?.id)
        };
        if then_stmts.is_empty() && else_stmts.is_empty() {
            let id = self.op(Op::Mux, &[cond, a, b], span)?;
            return Ok(Val::Expr(Typed { id, width }));
        }
        let ty = self.plain_type(a);
        let var = self.new_var("choice", ty, false, span);
        let store =
            |value| pyhw_ir::Stmt::new(StmtKind::Assign { place: pyhw_ir::Place::var(var), value }, span);
        then_stmts.push(store(a));
        else_stmts.push(store(b));
        self.emit(StmtKind::If { arms: vec![(cond, then_stmts)], orelse: else_stmts }, span);
        let id = self.read_var(var, span);
        Ok(Val::Expr(Typed { id, width }))
    }
}

fn bitwise(op: BinaryOp) -> Op {
    match op {
        BinaryOp::And => Op::And,
        BinaryOp::Or => Op::Or,
        _ => Op::Xor,
    }
}

fn types_never_equal(types: &(Type, Type)) -> bool {
    matches!(types, (Type::Enum(_), Type::Enum(_)))
}

/// Whether two dict keys are the same key: `True` is `1`.
fn same_key(a: &Const, b: &Const) -> bool {
    a == b || matches!((const_int(a), const_int(b)), (Some(a), Some(b)) if a == b)
}

/// The integer that a constant counts as.
pub fn const_int(value: &Const) -> Option<Int> {
    match value {
        Const::Int(value) => Some(value.clone()),
        Const::Bool(value) => Some(Int::from(*value)),
        _ => None,
    }
}

fn compare_consts(op: CompareOp, a: &Const, b: &Const) -> Option<bool> {
    use std::cmp::Ordering;
    let ordering = match (a, b) {
        (Const::Float(a), Const::Float(b)) => a.partial_cmp(b)?,
        (Const::Str(a), Const::Str(b)) => a.cmp(b),
        _ => match (const_int(a), const_int(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => {
                let equal = a == b;
                return match op {
                    CompareOp::Eq => Some(equal),
                    CompareOp::Ne => Some(!equal),
                    _ => None,
                };
            }
        },
    };
    match op {
        CompareOp::Eq => Some(ordering == Ordering::Equal),
        CompareOp::Ne => Some(ordering != Ordering::Equal),
        CompareOp::Lt => Some(ordering == Ordering::Less),
        CompareOp::Le => Some(ordering != Ordering::Greater),
        CompareOp::Gt => Some(ordering == Ordering::Greater),
        CompareOp::Ge => Some(ordering != Ordering::Less),
        CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn => None,
    }
}

/// An operator on two constants; `None` where it is left to run time (faults included).
fn fold(op: BinaryOp, a: &Const, b: &Const) -> Option<Const> {
    if let (Const::Str(a), Const::Str(b), BinaryOp::Add) = (a, b, op) {
        return Some(Const::Str(format!("{a}{b}")));
    }
    if let (Const::Str(text), Some(times), BinaryOp::Mul) = (a, const_int(b), op) {
        return Some(Const::Str(text.repeat(times.to_usize().unwrap_or(0).min(65_536))));
    }
    if matches!(a, Const::Float(_)) || matches!(b, Const::Float(_)) || op == BinaryOp::TrueDiv {
        let float = |value: &Const| match value {
            Const::Float(value) => Some(*value),
            _ => const_int(value).and_then(|value| value.to_i64()).map(|value| value as f64),
        };
        let (a, b) = (float(a)?, float(b)?);
        return Some(Const::Float(match op {
            BinaryOp::Add => a + b,
            BinaryOp::Sub => a - b,
            BinaryOp::Mul => a * b,
            BinaryOp::TrueDiv if b != 0.0 => a / b,
            BinaryOp::FloorDiv if b != 0.0 => (a / b).floor(),
            BinaryOp::Pow => a.powf(b),
            _ => return None,
        }));
    }
    let (x, y) = (const_int(a)?, const_int(b)?);
    let amount = || y.to_u32().filter(|amount| *amount <= 65_536);
    let value = match op {
        BinaryOp::Add => x.add(&y),
        BinaryOp::Sub => x.sub(&y),
        BinaryOp::Mul => x.mul(&y),
        BinaryOp::FloorDiv => x.floor_div(&y)?,
        BinaryOp::Mod => x.floor_mod(&y)?,
        BinaryOp::Pow => {
            let exponent = amount()?;
            if u64::from(x.bit_length()) * u64::from(exponent) > 65_536 {
                return None;
            }
            x.pow(exponent)
        }
        BinaryOp::ShiftLeft => x.shl(amount()?),
        BinaryOp::ShiftRight => x.shr(amount()?),
        BinaryOp::And => x.and(&y),
        BinaryOp::Or => x.or(&y),
        BinaryOp::Xor => x.xor(&y),
        BinaryOp::TrueDiv | BinaryOp::MatMul => return None,
    };
    let both_bool = matches!((a, b), (Const::Bool(_), Const::Bool(_)));
    if both_bool && matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor) {
        return Some(Const::Bool(!value.is_zero()));
    }
    Some(Const::Int(value))
}
