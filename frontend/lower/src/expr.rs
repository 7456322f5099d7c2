//! Expressions: Python's operators on known values and on run-time ones.

use crate::changing::Slot;
use crate::lowerer::{Lowerer, Lowers};
use crate::value::{BitsType, Bounds, Local, SequenceKind, SignalRef, Typed, Val, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span, nearest};
use pyhw_elaborate::{Binding, Const, Object, SignalType};
use pyhw_ir::types::MAX_WIDTH_BITS;
use pyhw_ir::{Edge, ExprId, Int, Op, Range, StmtKind, Type, Value};
use pyhw_syntax::ast::{self, CompareOp, ExprKind};
use pyhw_syntax::names::bound_by_expr;
use std::rc::Rc;
use std::sync::Arc;

/// Which elements of a comprehension count, as it is gone through.
struct Reach<'v> {
    /// What an element that a condition leaves out counts as, where whoever takes the elements does not mind how many there are.
    left_out: Option<&'v Const>,
    /// The conditions so far that only a run can tell.
    guard: Option<ExprId>,
}

impl<'a> Lowerer<'a> {
    /// Lowers an expression.
    pub fn eval(&mut self, expr: &'a ast::Expr) -> Lowers<Val<'a>> {
        let span = expr.span;
        if let Some(value) = self.fixed.get(&std::ptr::from_ref(expr)) {
            return Ok(value.clone());
        }
        let value = self.eval_new(expr, span)?;
        if matches!(expr.kind, ExprKind::Name(_)) { Ok(value) } else { self.at_this_moment(value, span) }
    }

    fn eval_new(&mut self, expr: &'a ast::Expr, span: Span) -> Lowers<Val<'a>> {
        match &expr.kind {
            ExprKind::Name(name) => {
                let value = self.name(name, span)?;
                self.picked_value(value, span)
            }
            ExprKind::Int(value) => Ok(Val::int(value.clone())),
            ExprKind::Float(value) => Ok(Val::Const(Const::Float(*value))),
            ExprKind::Str(text) => Ok(Val::Const(Const::Str(text.clone()))),
            ExprKind::Bool(value) => Ok(Val::bool(*value)),
            ExprKind::None => Ok(Val::Const(Const::None)),
            ExprKind::Ellipsis => self.outside(span, "`...` has no meaning here"),
            ExprKind::FString(parts) => self.fstring(parts, span),
            ExprKind::Attribute { value, attr } => {
                if let ExprKind::Subscript { value: list, index } = &value.kind
                    && let Some(picked) = self.picked_attribute(list, index, &attr.name, span)?
                {
                    return Ok(picked);
                }
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
                    let both = first.span.join(right.span);
                    left = self.binary(*op, &left, &right_value, both)?;
                    left = self.at_this_moment(left, both)?;
                }
                Ok(left)
            }
            ExprKind::BoolOp { op, values } => self.bool_op(*op, values, span),
            ExprKind::Compare { first, rest } => self.compare_chain(first, rest, span),
            ExprKind::Conditional { test, body, orelse } => self.conditional(test, body, orelse, span),
            ExprKind::Lambda(def) => Ok(self.closure(def)),
            ExprKind::Walrus { target, value } => {
                let before = self.reads.clone();
                let value = self.eval(value)?;
                if let Some(Local::Var { id, .. }) = self.frame().locals.get(&target.name)
                    && before.contains(id)
                {
                    let message =
                        format!("`{}` is read before `:=` changes it in one statement", target.name);
                    return self.outside(span, message);
                }
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
        Ok(Val::Sequence(Rc::new(values), if is_tuple { SequenceKind::Tuple } else { SequenceKind::List }))
    }

    fn comprehension(&mut self, comprehension: &'a ast::Comprehension, span: Span) -> Lowers<Val<'a>> {
        if comprehension.kind == ast::ComprehensionKind::Dict {
            return self.outside(span, "a dict comprehension is not in the subset");
        }
        let saved = self.frame().locals.clone();
        let mut values = Vec::new();
        // What is evaluated inside has its own say.
        let left_out = self.left_out.take();
        let mut reach = Reach { left_out: left_out.as_ref(), guard: None };
        let result = self.clauses(comprehension, 0, &mut reach, &mut values);
        self.frame().locals = saved;
        result?;
        Ok(Val::Sequence(Rc::new(values), SequenceKind::List))
    }

    fn clauses(
        &mut self,
        of: &'a ast::Comprehension,
        depth: usize,
        reach: &mut Reach<'_>,
        into: &mut Vec<Val<'a>>,
    ) -> Lowers<()> {
        let Some(clause) = of.clauses.get(depth) else {
            let reads = self.reads.clone();
            let (stmts, value) = self.in_block(|this| {
                let value = this.eval(&of.element)?;
                if bound_by_expr(&of.element).is_empty() {
                    return Ok(value);
                }
                // What the element binds by `:=` is another value at the next turn.
                this.reads = reads;
                this.snapshot(&value, of.element.span)
            });
            let value = value?;
            let value = match (reach.guard, reach.left_out) {
                (Some(guard), Some(left_out)) => {
                    let other = Val::Const(left_out.clone());
                    let value = match left_out {
                        Const::Bool(_) => self.truth(&value, of.element.span)?,
                        _ => value,
                    };
                    self.choose(guard, (stmts, value), (Vec::new(), other), of.element.span)?
                }
                _ => {
                    self.out.extend(stmts);
                    value
                }
            };
            into.push(value);
            return Ok(());
        };
        let iter = self.eval(&clause.iter)?;
        for element in self.elements(&iter, clause.iter.span)? {
            self.bind_known(&clause.target, element, false)?;
            let mut keep = true;
            let outer = reach.guard;
            for test in &clause.ifs {
                let value = self.eval(test)?;
                match self.truth(&value, test.span)? {
                    Val::Const(Const::Bool(value)) => keep &= value,
                    truth if reach.left_out.is_some() => {
                        let cond = self.expr(&truth, test.span)?.id;
                        reach.guard = Some(match reach.guard {
                            None => cond,
                            Some(before) => self.op(Op::AndThen, &[before, cond], test.span)?,
                        });
                    }
                    _ => {
                        return self.outside(
                            test.span,
                            "this condition must be known when the design is elaborated",
                        );
                    }
                }
            }
            if keep {
                self.clauses(of, depth + 1, reach, into)?;
            }
            reach.guard = outer;
        }
        Ok(())
    }

    /// Binds loop targets to what an element is, without making variables unless the loop may be left in the middle (`lasting`).
    pub fn bind_known(&mut self, target: &'a ast::Expr, value: Val<'a>, lasting: bool) -> Lowers<()> {
        match &target.kind {
            ExprKind::Name(name) => {
                // Where the paths out of the loop meet, it may be one thing or another.
                let varies = lasting || self.frame().rebound.contains(name);
                if varies && matches!(value, Val::Expr(_) | Val::Signal(_) | Val::Const(_) | Val::Instance(_))
                {
                    self.frame().rebound.insert(name.clone());
                    return self.bind(name, &value, target.span);
                }
                let value = if self.is_number_in_list(&value) {
                    // The list may get another number at that place while this one is used.
                    self.snapshot(&value, target.span)?
                } else {
                    value
                };
                self.frame().locals.insert(name.clone(), Local::Known(value));
                Ok(())
            }
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                let elements = self.elements(&value, target.span)?;
                self.unpacked(targets, elements, target.span)?
                    .into_iter()
                    .try_for_each(|(target, element)| self.bind_known(target, element, lasting))
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
            Val::Expr(typed)
                if matches!(name, "min" | "max" | "_min" | "_max" | "_nrbits")
                    && let Some(bits) = typed.width.and_then(Width::declaration) =>
            {
                self.attribute(&Val::Bits(*typed, bits), name, span)
            }
            Val::Expr(_) if matches!(name, "signed" | "unsigned" | "bit_length") => {
                Ok(Val::Method(Rc::new(value.clone()), name.to_owned()))
            }
            Val::Const(Const::Str(_)) | Val::Const(Const::Int(_)) => {
                Ok(Val::Method(Rc::new(value.clone()), name.to_owned()))
            }
            Val::Sequence(elements, SequenceKind::Named(class))
                if class.fields.iter().any(|field| field == name) =>
            {
                let place = class.fields.iter().position(|field| field == name).unwrap_or_default();
                Ok(elements[place].clone())
            }
            Val::Sequence(..) | Val::ListObject(_) | Val::Dict(_) | Val::DictObject(_) => {
                Ok(Val::Method(Rc::new(value.clone()), name.to_owned()))
            }
            Val::EnumType(id) => {
                let members = &self.cx.elaborated.types.enums[id.index()].members;
                match members.iter().position(|(member, _)| member == name) {
                    Some(place) => Ok(Val::Const(Const::Enum(*id, place as u32))),
                    None => {
                        let known: Vec<&str> = members.iter().map(|(member, _)| member.as_str()).collect();
                        let error = Diagnostic::new(
                            Code::PH0202,
                            span,
                            format!("{} has no member `{name}`", self.enum_in_words(*id)),
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
                        Some(binding) => {
                            self.slots.insert(Slot::Attribute(*id, name.to_owned()));
                            self.bound(binding, span)
                        }
                        None => {
                            let message =
                                format!("`{class}` has no attribute `{name}` that a process can use");
                            self.outside(span, message)
                        }
                    },
                    _ => self.no_attribute(value, name, span),
                }
            }
            Val::Picked(objects, place) => {
                let mut attributes = Vec::new();
                for object in objects.iter() {
                    attributes.push(self.attribute(object, name, span)?);
                }
                match attributes.iter().all(|attribute| matches!(attribute, Val::Instance(_))) {
                    true => Ok(Val::Picked(attributes.into(), *place)),
                    false => self.pick(&attributes, *place, span),
                }
            }
            Val::Module(module, members) => match members.get(name) {
                // The members live as long as the design: the value here is a copy of what the design holds.
                Some(binding) => {
                    self.slots.insert(Slot::Member(module.clone(), name.to_owned()));
                    self.bound_copy(binding, span)
                }
                None => {
                    let message = format!("the module `{module}` has no `{name}` that a process can use");
                    self.outside(span, message)
                }
            },
            _ => self.no_attribute(value, name, span),
        }
    }

    pub fn bound_copy(&mut self, binding: &Binding, span: Span) -> Lowers<Val<'a>> {
        match binding {
            Binding::Const(value) => Ok(Val::Const(value.clone())),
            Binding::Signal(id) => Ok(Val::Signal(self.named_signal(*id, span)?)),
            Binding::EnumType(id) => Ok(Val::EnumType(*id)),
            Binding::TupleClass(class) => Ok(Val::TupleClass(Arc::clone(class))),
            Binding::Function(id) => Ok(Val::Function(*id, None)),
            Binding::Builtin(name) => Ok(Val::Builtin(name)),
            Binding::Module(name, members) => Ok(Val::Module(name.clone(), Rc::new(members.clone()))),
            Binding::Object(id) => match self.cx.elaborated.object(*id) {
                Object::List(_) => Ok(Val::ListObject(*id)),
                Object::Dict(_) => Ok(Val::DictObject(*id)),
                _ => Ok(Val::Instance(*id)),
            },
            Binding::Tuple(elements, class) => {
                let elements = elements
                    .iter()
                    .map(|element| self.bound_copy(element, span))
                    .collect::<Lowers<Vec<_>>>()?;
                Ok(Val::Sequence(Rc::new(elements), SequenceKind::of(class.as_ref())))
            }
            Binding::Unknown(what) => self.unknown(what, span),
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
                let known =
                    ["next", "val", "posedge", "negedge", "min", "max", "active", "signed", "unsigned"];
                // What has no near one may be an attribute of the value, which Python finds.
                let near = nearest(name, known).filter(|_| !name.starts_with('_'));
                let code = if near.is_some() { Code::PH0202 } else { Code::PH0201 };
                let error = Diagnostic::new(code, span, message);
                self.fail(match near {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error,
                })
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
            | Val::Table(..)
            | Val::ListObject(_)
            | Val::Sequence(..)
            | Val::Range(..)
            | Val::Const(Const::Str(_)) => {
                if let Some(known) = place.as_const_int() {
                    return self.element(value, &known, span);
                }
                let place = self.int_expr(place, at)?.id;
                let place = match self.length(value) {
                    Some(length) => self.counted_from_end(place, length, at)?,
                    None => place,
                };
                if let Val::Memory(net, like, _) = value {
                    return Ok(Val::Signal(SignalRef::Element(*net, place, *like)));
                }
                if let Val::Table(..) = value {
                    return self.in_table(value, place, span);
                }
                let of = match value {
                    Val::Sequence(_, kind) if kind.is_tuple() => "tuple",
                    Val::Const(Const::Str(_)) => "string",
                    _ => "list",
                };
                self.picked_from.insert(span, of);
                let elements = self.elements(value, span)?;
                if elements.iter().all(|element| matches!(element, Val::Instance(_))) && !elements.is_empty()
                {
                    return self.picked_object(elements, place, span);
                }
                self.pick(&elements, place, span)
            }
            Val::Dict(_) | Val::DictObject(_) => self.dict_item(value, place, span),
            Val::Signal(_) | Val::Expr(_) | Val::Var(..) | Val::Bits(..) | Val::Const(_) => {
                let typed = self.expr(value, span)?;
                if let Type::Array(_, length) = *self.body.exprs.ty(typed.id) {
                    let place = self.int_expr(place, at)?.id;
                    let place = self.counted_from_end(place, length as usize, at)?;
                    let id = self.op(Op::Index, &[typed.id, place], span)?;
                    return Ok(Val::Expr(Typed { id, width: None }));
                }
                let typed = self.int_expr(value, span)?;
                let place = self.int_expr(place, at)?;
                self.warn_beyond(value, typed, place.id, None, at);
                let id = self.op(Op::Bit, &[typed.id, place.id], span)?;
                Ok(Val::Expr(Typed { id, width: None }))
            }
            _ => {
                let message = format!("{} cannot be indexed", value.describe());
                self.outside(span, message)
            }
        }
    }

    /// `list[index].name` of a list of objects: the index picks from what the attribute is of each.
    fn picked_attribute(
        &mut self,
        list: &'a ast::Expr,
        index: &'a ast::Expr,
        name: &str,
        span: Span,
    ) -> Lowers<Option<Val<'a>>> {
        if !matches!(&list.kind, ExprKind::Name(_)) || matches!(&index.kind, ExprKind::Slice { .. }) {
            return Ok(None);
        }
        let list = self.eval(list)?;
        if !matches!(&list, Val::ListObject(_) | Val::Sequence(..)) {
            return Ok(None);
        }
        let objects = self.elements(&list, span)?;
        if objects.is_empty() || !objects.iter().all(|object| matches!(object, Val::Instance(_))) {
            return Ok(None);
        }
        let place = self.eval(index)?;
        if let Some(known) = place.as_const_int() {
            let object = self.element(&list, &known, span)?;
            return self.attribute(&object, name, span).map(Some);
        }
        let mut attributes = Vec::new();
        for object in &objects {
            attributes.push(self.attribute(object, name, span)?);
        }
        let place = self.int_expr(&place, index.span)?.id;
        let place = self.counted_from_end(place, attributes.len(), index.span)?;
        self.pick(&attributes, place, span).map(Some)
    }

    /// The element that a run-time index picks: a table of constants, or a choice between expressions.
    pub fn pick(&mut self, elements: &[Val<'a>], place: ExprId, span: Span) -> Lowers<Val<'a>> {
        if elements.is_empty() {
            return self.error(Code::PH0315, span, "the list has no elements");
        }
        if let Some((columns, kind)) = self.columns(elements, span)? {
            let picked = columns.iter().map(|column| self.pick(column, place, span));
            return Ok(Val::Sequence(Rc::new(picked.collect::<Lowers<Vec<Val<'a>>>>()?), kind));
        }
        let mut typed = Vec::new();
        for element in elements {
            typed.push(self.expr(element, span)?);
        }
        let width = typed.iter().skip(1).fold(typed[0].width, |width, one| Width::merge(width, one.width));
        let any_int = typed.iter().any(|one| matches!(self.body.exprs.ty(one.id), Type::Int(_)));
        let mut ids = Vec::new();
        for one in &typed {
            let is_bool = *self.body.exprs.ty(one.id) == Type::Bool;
            ids.push(if any_int && is_bool { self.bool_to_int(one.id, span)? } else { one.id });
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

    /// Rows of one length as columns, with the kind of the rows; nothing if these are no rows.
    fn columns(&mut self, rows: &[Val<'a>], span: Span) -> Lowers<Option<(Vec<Vec<Val<'a>>>, SequenceKind)>> {
        let mut columns: Vec<Vec<Val<'a>>> = Vec::new();
        let kind = match rows.first() {
            Some(Val::Sequence(_, kind)) => kind.clone(),
            _ => SequenceKind::List,
        };
        let mut kind = kind;
        for (index, row) in rows.iter().enumerate() {
            match row {
                // A name of one row means another place, or nothing, in the other.
                Val::Sequence(_, its) if *its != kind => kind = kind.without_names(),
                Val::Sequence(..) => {}
                Val::ListObject(_) => kind = kind.without_names(),
                _ => return Ok(None),
            }
            let cells = self.elements(row, span)?;
            if index == 0 {
                columns = vec![Vec::new(); cells.len()];
            }
            if cells.len() != columns.len() {
                return self.outside(span, "the rows that are indexed here differ in length");
            }
            for (column, cell) in columns.iter_mut().zip(cells) {
                column.push(cell);
            }
        }
        Ok(Some((columns, kind)))
    }

    /// The keys and values of a dict.
    fn dict_items(&mut self, dict: &Val<'a>, span: Span) -> Lowers<Vec<(Val<'a>, Val<'a>)>> {
        match dict {
            Val::Dict(items) => return Ok(items.to_vec()),
            Val::DictObject(id) => {
                if let Object::Dict(items) = self.cx.elaborated.object(*id) {
                    let mut values = Vec::new();
                    for (key, value) in items {
                        values.push((self.bound(key, span)?, self.bound(value, span)?));
                    }
                    return Ok(values);
                }
            }
            _ => {}
        }
        self.fail(Diagnostic::bug(span, "a dict that is none"))
    }

    /// `dict.get(key, default)`.
    pub fn dict_get(
        &mut self,
        dict: &Val<'a>,
        key: &Val<'a>,
        default: &Val<'a>,
        span: Span,
    ) -> Lowers<Val<'a>> {
        let items = self.dict_items(dict, span)?;
        if let Val::Const(wanted) = key {
            let found = items
                .iter()
                .find(|(key, _)| matches!(key, Val::Const(key) if crate::operators::same_key(key, wanted)));
            return Ok(found.map_or_else(|| default.clone(), |(_, value)| value.clone()));
        }
        let mut conditions = vec![self.body.exprs.bool(true, span)];
        let mut values = vec![default.clone()];
        for (item, value) in items.iter().rev() {
            let is_here = self.compare(CompareOp::Eq, key, item, span)?;
            conditions.push(self.expr(&is_here, span)?.id);
            values.push(value.clone());
        }
        self.choose_first(&conditions, &values, span)
    }

    fn dict_item(&mut self, dict: &Val<'a>, key: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        let items = self.dict_items(dict, span)?;
        if let Val::Const(wanted) = key {
            let found = items
                .iter()
                .find(|(key, _)| matches!(key, Val::Const(key) if crate::operators::same_key(key, wanted)));
            return match found {
                Some((_, value)) => Ok(value.clone()),
                None => self.error(Code::PH0202, span, "the dict has no such key"),
            };
        }
        let mut here = Vec::new();
        let mut is_any: Option<ExprId> = None;
        for (item, _) in items.iter().rev() {
            let is_here = self.compare(CompareOp::Eq, key, item, span)?;
            let is_here = self.expr(&is_here, span)?.id;
            here.push(is_here);
            is_any = Some(match is_any {
                None => is_here,
                Some(other) => self.op(Op::OrElse, &[is_here, other], span)?,
            });
        }
        self.picked_from.insert(span, "dict");
        let Some(is_any) = is_any else {
            return self.error(Code::PH0202, span, "the dict is empty");
        };
        let values: Vec<Val<'a>> = items.into_iter().rev().map(|(_, value)| value).collect();
        let chosen = self.choose_first(&here, &values, span)?;
        let missing = self.op(Op::Not, &[is_any], span)?;
        let message = match key {
            // The `repr` of a signal is not known here.
            Val::Signal(_) => None,
            _ => Some(self.formatted(key, "", true, span)?),
        };
        let raise = StmtKind::Raise { exception: "KeyError".to_owned(), message };
        let raise = pyhw_ir::Stmt::new(raise, span);
        self.emit(StmtKind::If { arms: vec![(missing, vec![raise])], orelse: Vec::new() }, span);
        Ok(chosen)
    }

    /// The last of the values whose condition holds; the first one if none does.
    fn choose_first(&mut self, conditions: &[ExprId], values: &[Val<'a>], span: Span) -> Lowers<Val<'a>> {
        if let Some((columns, kind)) = self.columns(values, span)? {
            let chosen = columns.iter().map(|column| self.choose_first(conditions, column, span));
            return Ok(Val::Sequence(Rc::new(chosen.collect::<Lowers<Vec<Val<'a>>>>()?), kind));
        }
        let mut choice: Option<ExprId> = None;
        for (is_here, value) in conditions.iter().zip(values) {
            let value = self.expr(value, span)?.id;
            choice = Some(match choice {
                None => value,
                Some(other) => self.op(Op::Mux, &[*is_here, value, other], span)?,
            });
        }
        match choice {
            Some(id) => Ok(Val::Expr(Typed { id, width: None })),
            None => self.error(Code::PH0202, span, "the dict is empty"),
        }
    }

    /// `value[high:low]` of an integer, or a part of a list.
    fn slice(
        &mut self,
        value: &Val<'a>,
        high: Option<&'a ast::Expr>,
        low: Option<&'a ast::Expr>,
        span: Span,
    ) -> Lowers<Val<'a>> {
        if matches!(value, Val::ListObject(_) | Val::Table(..) | Val::Sequence(..) | Val::Range(..)) {
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
            let part = self.copied(part, span)?;
            let is_tuple = matches!(value, Val::Sequence(_, kind) if kind.is_tuple());
            return Ok(Val::Sequence(
                Rc::new(part),
                if is_tuple { SequenceKind::Tuple } else { SequenceKind::List },
            ));
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
                let id = self.literal(known.shr(low_bit).low_bits(width), span)?;
                let of = BitsType {
                    range: Range::unsigned(width),
                    width: Some(width),
                    wraps: bits.wraps,
                    is_outside: false,
                };
                return Ok(Val::Bits(Typed { id, width: Some(of.as_width()) }, of));
            }
        }
        let typed = self.int_expr(value, span)?;
        let is_mod = match value {
            Val::Signal(signal) => matches!(self.signal_type(signal), SignalType::Int { wraps: true, .. }),
            Val::Var(_, bits) | Val::Bits(_, bits) => bits.wraps,
            _ => typed.width.is_some_and(|width| width.bounds == Bounds::Wraps),
        };
        let sized = |bits: u32| Some(Width::declared(Some(bits), &Range::unsigned(bits), is_mod));
        let (low_bit, width) = self.slice_bounds(high, low, span)?;
        match (width, self.known_int(low_bit)) {
            (Some(width), Some(low)) => {
                let Some(low) = low.to_u32() else {
                    return self.error(Code::PH0315, span, "the bounds of a slice cannot be negative");
                };
                self.warn_beyond(value, typed, low_bit, Some(width), span);
                let id = self.op(Op::Slice { low, width }, &[typed.id], span)?;
                Ok(Val::Expr(Typed { id, width: sized(width) }))
            }
            (Some(width), None) => {
                let shifted = self.op(Op::Shr, &[typed.id, low_bit], span)?;
                let id = self.op(Op::Slice { low: 0, width }, &[shifted], span)?;
                Ok(Val::Expr(Typed { id, width: sized(width) }))
            }
            (None, _) => {
                let id = self.op(Op::Shr, &[typed.id, low_bit], span)?;
                let width = self
                    .known_int(low_bit)
                    .and_then(|low| low.to_u32())
                    .and_then(|low| typed.sized()?.checked_sub(low));
                // It has neither bounds nor a width in Python; the bits are told for what asks for them.
                let bits = width.unwrap_or(0);
                Ok(Val::Expr(Typed { id, width: Some(Width { bits, bounds: Bounds::Other }) }))
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
            Some(width) if width > MAX_WIDTH_BITS => {
                self.error(Code::PH0303, span, "this needs more than 4,096 bits")
            }
            Some(width) => Ok((low_bit, Some(width))),
            None => {
                let message = "the left bound of a slice must be greater than the right one";
                let error = Diagnostic::new(Code::PH0315, span, message);
                self.fail(match self.known_int(high_bit).zip(self.known_int(low_bit)) {
                    Some((high, low)) if high < low => {
                        error.help(format!("the highest bit comes first: `[{low}:{high}]`"))
                    }
                    _ => error,
                })
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
}
