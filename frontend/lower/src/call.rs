//! Calls: functions of the user's are inlined, and methods of values are known here.

use crate::lowerer::{Frame, Lowerer, Lowers, Returns};
use crate::stmt::Flow;
use crate::value::{Closure, Local, SequenceKind, Typed, Val, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Binding, Const, FunctionId, TupleClass};
use pyhw_ir::{Int, Op, Place, Root, Stmt, StmtKind, VarId};
use pyhw_syntax::ast::{self, Argument, ExprKind, ParameterKind};
use pyhw_syntax::names::bound_by_stmts;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

/// An argument by position.
pub struct Given<'a> {
    /// What it is.
    pub value: Val<'a>,
    /// Where it stands; of an element of `*values` where these stand.
    pub place: Span,
}

/// The arguments of a call by position, in order.
#[derive(Default)]
pub struct Positional<'a>(Vec<Given<'a>>);

impl<'a> Positional<'a> {
    /// One argument.
    pub fn one(value: Val<'a>, place: Span) -> Self {
        Positional(vec![Given { value, place }])
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first one.
    pub fn first(&self) -> Option<&Val<'a>> {
        self.get(0)
    }

    /// The one at a place.
    pub fn get(&self, place: usize) -> Option<&Val<'a>> {
        self.0.get(place).map(|given| &given.value)
    }

    /// Each with where it stands.
    pub fn iter(&self) -> impl Iterator<Item = &Given<'a>> {
        self.0.iter()
    }

    /// What they are.
    pub fn values(&self) -> Vec<&Val<'a>> {
        self.0.iter().map(|given| &given.value).collect()
    }

    /// What they are, to be kept.
    pub fn into_values(self) -> Vec<Val<'a>> {
        self.0.into_iter().map(|given| given.value).collect()
    }
}

/// The arguments of a call: by position, and by name.
#[derive(Default)]
pub struct Args<'a> {
    /// By position.
    pub position: Positional<'a>,
    /// By name.
    pub named: Vec<(String, Val<'a>)>,
}

impl<'a> Args<'a> {
    /// The argument at a place or of a name.
    pub fn get(&self, place: usize, name: &str) -> Option<&Val<'a>> {
        self.position
            .get(place)
            .or_else(|| self.named.iter().find(|(one, _)| one == name).map(|(_, value)| value))
    }
}

impl<'a> Lowerer<'a> {
    /// A nested function or lambda as a value.
    pub fn closure(&mut self, def: &'a ast::FunctionDef) -> Val<'a> {
        let frame = self.frames.len() - 1;
        let home = self.frames[frame].home;
        Val::Closure(Rc::new(Closure { def, frame, home }))
    }

    /// `function(args)`.
    pub fn call(&mut self, function: &'a ast::Expr, args: &'a [Argument], span: Span) -> Lowers<Val<'a>> {
        let callee = self.eval(function)?;
        if let Val::Builtin("print") = callee {
            return self.print(args, span);
        }
        let mut given = Args::default();
        for (index, arg) in args.iter().enumerate() {
            match arg {
                Argument::Position(value) => {
                    if index == 0 && matches!(value.kind, ast::ExprKind::Comprehension(_)) {
                        self.left_out = neutral(&callee);
                    }
                    let (place, effects) = (value.span, self.effects);
                    let value = self.argument(&callee, value)?;
                    if self.effects > effects && matches!(callee, Val::Builtin("any" | "all")) {
                        // It would happen behind the element that decides, too.
                        return self.outside(
                            place,
                            "elements that change something, of which not all are looked at",
                        );
                    }
                    given.position.0.push(Given { value, place });
                }
                Argument::Name(name, value) => {
                    let value = self.argument(&callee, value)?;
                    given.named.push((name.name.clone(), value));
                }
                Argument::Star(value) => {
                    let sequence = self.eval(value)?;
                    let elements = self.elements(&sequence, value.span)?;
                    let place = value.span;
                    given.position.0.extend(elements.into_iter().map(|value| Given { value, place }));
                }
                Argument::DoubleStar(value) => {
                    return self.outside(value.span, "`**` in a call is outside the subset");
                }
            }
        }
        self.call_value(&callee, given, span)
    }

    /// An argument of a call. What is copied into an `intbv` or a `modbv` may be the value of a signal, and not the signal.
    fn argument(&mut self, callee: &Val<'a>, argument: &'a ast::Expr) -> Lowers<Val<'a>> {
        let value = self.eval(argument)?;
        match (callee, &argument.kind, &value) {
            (Val::Builtin("intbv" | "modbv"), ast::ExprKind::Attribute { attr, .. }, Val::Signal(signal))
                if attr.name == "val" =>
            {
                self.value_of_signal(signal, argument.span)
            }
            _ => Ok(value),
        }
    }

    /// The text of a function that a process calls.
    pub fn definition(&self, callee: &Val<'a>) -> Option<&'a ast::FunctionDef> {
        if let Val::Function(id, _) = callee {
            return self.cx.parsed.function(self.cx.elaborated.function(*id));
        }
        if let Val::Closure(closure) = callee { Some(closure.def) } else { None }
    }

    /// Calls a value.
    pub fn call_value(&mut self, callee: &Val<'a>, args: Args<'a>, span: Span) -> Lowers<Val<'a>> {
        match callee {
            Val::Function(id, receiver) => {
                let function = self.cx.elaborated.function(*id);
                let Some(def) = self.cx.parsed.function(function) else {
                    let message = format!("the source of `{}` was not found", function.name);
                    return self.error(Code::PH0106, span, message);
                };
                let mut args = args;
                if let Some(receiver) = receiver {
                    args.position.0.insert(0, Given { value: (**receiver).clone(), place: span });
                }
                self.inline(def, *id, None, args, span)
            }
            Val::Closure(closure) => {
                if closure.frame >= self.frames.len() {
                    return self.outside(span, "the function is called after the one around it has returned");
                }
                self.inline(closure.def, closure.home, Some(closure.frame), args, span)
            }
            Val::Builtin(name) => self.builtin(name, args, span),
            Val::TupleClass(class) => self.named_tuple(class, args, span),
            Val::Method(receiver, name) => self.method(receiver, name, args, span),
            Val::Signal(_) => self.outside(span, "views of signals are made in blocks, not in processes"),
            _ => {
                let message = format!("{} cannot be called", callee.describe());
                self.outside(span, message)
            }
        }
    }

    /// Writes the function's body in place of the call.
    fn inline(
        &mut self,
        def: &'a ast::FunctionDef,
        home: FunctionId,
        parent: Option<usize>,
        args: Args<'a>,
        span: Span,
    ) -> Lowers<Val<'a>> {
        let key: *const ast::FunctionDef = def;
        if self.active.contains(&key) {
            let error = Diagnostic::new(Code::PH0203, span, format!("`{}` calls itself", def.name.name))
                .label(def.name.span, "defined here")
                .help("hardware and static firmware have no call stack: write a loop");
            return self.fail(error);
        }
        if pyhw_syntax::names::is_generator(def) && self.yielded_from != Some(span) {
            let name = &def.name.name;
            let error = Diagnostic::new(
                Code::PH0205,
                span,
                format!("`{name}` waits, and a call by itself does not run it"),
            )
            .label(def.name.span, "a generator")
            .help(format!("let it run here, until it ends: `yield from {name}(…)`"));
            return self.fail(error);
        }
        let assigned = bound_by_stmts(&def.body.stmts).into_iter().collect();
        let rebound = crate::names::rebound(&def.body.stmts, &def.params);
        let in_place = crate::names::changed_in_place(&def.body.stmts, &def.params);
        let mut changing = HashSet::new();
        crate::names::changing_lists(&def.body.stmts, &mut changing);
        // Default values are evaluated here, and may call too.
        self.active.push(key);
        let locals = self.bind_parameters(def, home, args, span);
        self.active.pop();
        let locals = locals?;
        let mut frame = Frame {
            assigned,
            rebound,
            driven: crate::names::driven(&def.body.stmts),
            in_place,
            changing,
            ..Frame::new(home, parent, Some(Returns { label: None, vars: None }))
        };
        let mut to_store = Vec::new();
        for (name, value) in locals {
            // It may wait, and a signal in what it is handed would change.
            let value = match &value {
                Val::Sequence(..) if self.timed => self.snapshot_of_all(&value, span)?,
                _ => value,
            };
            let stored = match &value {
                Val::Expr(typed) => {
                    let is_changed = frame.assigned.contains(&name) || frame.in_place.contains(&name);
                    is_changed || self.reads_vars(typed.id) || self.timed
                }
                // A path through the function may bind it to something else.
                Val::Signal(_) | Val::Const(Const::Int(_) | Const::Bool(_) | Const::Enum(..)) => {
                    frame.rebound.contains(&name)
                }
                _ => false,
            };
            // Each use would write it out again, and each call that it is handed on to once more.
            let stored = stored
                || matches!(&value, Val::Expr(typed)
                    if self.is_long(typed.id) && crate::names::is_used_again(def, &name));
            if stored {
                to_store.push((name, value));
            } else {
                frame.locals.insert(name, Local::Known(value));
            }
        }
        self.frames.push(frame);
        self.active.push(key);
        let (begin, first) = (self.out.len(), self.body.vars.len());
        let in_order = std::mem::take(&mut self.in_order);
        let result = self.inline_body(def, to_store, span);
        self.in_order = in_order;
        let changes = |stmt: &Stmt| match &stmt.kind {
            StmtKind::Assign { place: Place { root: Root::Var(var), .. }, .. } => var.index() < first,
            _ => false,
        };
        let mut has_effects = false;
        pyhw_ir::walk_stmts(&self.out[begin..], &mut |stmt| has_effects |= changes(stmt));
        self.effects += usize::from(has_effects);
        // Each call has locals of its own: what an earlier turn of a loop left in these is not there.
        let locals = (first..self.body.vars.len()).map(VarId::new);
        self.out.splice(begin..begin, locals.map(|var| Stmt::new(StmtKind::Unset(var), span)));
        self.active.pop();
        self.frames.pop();
        result
    }

    fn inline_body(
        &mut self,
        def: &'a ast::FunctionDef,
        to_store: Vec<(String, Val<'a>)>,
        span: Span,
    ) -> Lowers<Val<'a>> {
        for (name, value) in to_store {
            self.bind(&name, &value, span)?;
        }
        // A body that ends in its only `return` is a value, whatever its kind.
        if let Some((last, before)) = def.body.stmts.split_last()
            && let ast::StmtKind::Return(value) = &last.kind
            && !has_return(before)
        {
            let errors = self.errors.len();
            self.stmts(before, false);
            if self.errors.len() > errors {
                return Err(crate::lowerer::Failed);
            }
            return match value {
                Some(value) => {
                    let result = self.eval_ordered(value)?;
                    // Variables of the function may change with its next call.
                    match &result {
                        Val::Var(..) => self.expr(&result, span).map(Val::Expr),
                        _ => Ok(result),
                    }
                }
                None => Ok(Val::Const(Const::None)),
            };
        }
        let errors = self.errors.len();
        self.bodies += 1;
        let (stmts, flow) =
            self.in_block(|this| Ok::<Flow, crate::lowerer::Failed>(this.block(&def.body, true)));
        self.bodies -= 1;
        if self.errors.len() > errors {
            return Err(crate::lowerer::Failed);
        }
        let ends = flow? == Flow::Next;
        let Some(returns) = self.frame().returns.take() else {
            return self.fail(Diagnostic::bug(span, "a function without returns"));
        };
        match returns.label {
            Some(label) => self.emit(StmtKind::Block { label, body: stmts }, span),
            None => self.out.extend(stmts),
        }
        let Some((vars, kind)) = returns.vars else { return Ok(Val::Const(Const::None)) };
        self.gives_none |= ends;
        let mut values = Vec::new();
        for (var, width) in vars {
            let id = self.read_var(var, span);
            values.push(Val::Expr(Typed { id, width }));
        }
        match (kind, values.len()) {
            (None, 0) => Ok(Val::Const(Const::None)),
            (None, _) => Ok(values.swap_remove(0)),
            (Some(kind), _) => Ok(Val::Sequence(Rc::new(values), kind)),
        }
    }

    /// Whether an expression is the same wherever it is evaluated: no local of a function under way is in it.
    fn is_fixed(&self, expr: &ast::Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => {
                let has =
                    |frame: &Frame<'a>| frame.assigned.contains(name) || frame.locals.contains_key(name);
                !self.frames.iter().any(has)
            }
            ExprKind::Int(_) | ExprKind::Bool(_) | ExprKind::Str(_) | ExprKind::None | ExprKind::Float(_) => {
                true
            }
            ExprKind::Unary { operand, .. } => self.is_fixed(operand),
            ExprKind::Binary { first, rest } => {
                self.is_fixed(first) && rest.iter().all(|(_, operand)| self.is_fixed(operand))
            }
            ExprKind::Attribute { value, .. } => self.is_fixed(value),
            ExprKind::Tuple(parts) => parts.iter().all(|part| self.is_fixed(part)),
            ExprKind::Call { function, args } => {
                self.is_fixed(function) && args.iter().all(|arg| self.is_fixed(arg.value()))
            }
            _ => false,
        }
    }

    fn bind_parameters(
        &mut self,
        def: &'a ast::FunctionDef,
        home: FunctionId,
        args: Args<'a>,
        span: Span,
    ) -> Lowers<Vec<(String, Val<'a>)>> {
        let name = &def.name.name;
        let mut bound = Vec::new();
        let mut position = args.position.into_values().into_iter();
        let mut named = args.named;
        for param in &def.params {
            let by_name = named.iter().position(|(name, _)| *name == param.name.name);
            let value = match param.kind {
                ParameterKind::Variadic => {
                    let rest: Vec<Val<'a>> = position.by_ref().collect();
                    Some(Val::Sequence(Rc::new(rest), SequenceKind::Tuple))
                }
                ParameterKind::Keywords => {
                    return self.outside(param.name.span, "`**` parameters are outside the subset");
                }
                ParameterKind::NameOnly => by_name.map(|place| named.swap_remove(place).1),
                ParameterKind::PositionOnly => position.next(),
                ParameterKind::Normal => match position.next() {
                    Some(value) => Some(value),
                    None => by_name.map(|place| named.swap_remove(place).1),
                },
            };
            let value = match value {
                Some(value) => value,
                None => {
                    let default: Option<&'a Binding> =
                        self.cx.elaborated.function(home).defaults.get(&param.name.name);
                    match (default, &param.default) {
                        (Some(binding), _) => self.bound(binding, span)?,
                        (None, Some(expr)) if self.is_fixed(expr) => self.eval(expr)?,
                        (None, Some(expr)) => {
                            let what = "the default of a function within a process is what it was when the function was made";
                            let error = Diagnostic::new(Code::PH0201, expr.span, what);
                            return self.fail(error.help("hand the value over: `f(x, n)`"));
                        }
                        (None, None) => {
                            let message = format!("`{name}` needs a value for `{}`", param.name.name);
                            return self.error(Code::PH0206, span, message);
                        }
                    }
                }
            };
            bound.push((param.name.name.clone(), value));
        }
        if let Some((extra, _)) = named.first() {
            let message = match def.params.iter().any(|param| param.name.name == *extra) {
                true => format!("`{name}` gets `{extra}` twice: by its place, and by its name"),
                false => format!("`{name}` has no parameter `{extra}`"),
            };
            return self.error(Code::PH0206, span, message);
        }
        if position.next().is_some() {
            let message = format!("`{name}` takes {} arguments", def.params.len());
            return self.error(Code::PH0206, span, message);
        }
        Ok(bound)
    }

    /// A tuple with named elements.
    fn named_tuple(&mut self, class: &Arc<TupleClass>, args: Args<'a>, span: Span) -> Lowers<Val<'a>> {
        let mut named = args.named;
        let mut position = args.position.into_values().into_iter();
        let mut elements = Vec::new();
        for field in &class.fields {
            let by_name = named.iter().position(|(name, _)| name == field);
            let given = position.next().or_else(|| by_name.map(|place| named.swap_remove(place).1));
            elements.push(match (given, class.defaults.get(field)) {
                (Some(value), _) => value,
                (None, Some(binding)) => self.bound(binding, span)?,
                (None, None) => {
                    let message = format!("`{}` needs a value for `{field}`", class.name);
                    return self.error(Code::PH0206, span, message);
                }
            });
        }
        if let Some((extra, _)) = named.first() {
            let message = match class.fields.contains(extra) {
                true => format!("`{}` gets `{extra}` twice: by its place, and by its name", class.name),
                false => format!("`{}` has no element `{extra}`", class.name),
            };
            return self.error(Code::PH0206, span, message);
        }
        if position.next().is_some() {
            let message = format!("`{}` takes {} values", class.name, class.fields.len());
            return self.error(Code::PH0206, span, message);
        }
        Ok(Val::Sequence(Rc::new(elements), SequenceKind::Named(Arc::clone(class))))
    }

    fn method(&mut self, receiver: &Val<'a>, name: &str, args: Args<'a>, span: Span) -> Lowers<Val<'a>> {
        match (receiver, name) {
            (Val::Signal(_) | Val::Var(..) | Val::Bits(..) | Val::Expr(_), "signed") => {
                let typed = self.int_expr(receiver, span)?;
                match (typed.sized(), typed.width.is_some_and(Width::is_unsigned)) {
                    (Some(width), true) => {
                        let id = self.op(Op::Signed { width }, &[typed.id], span)?;
                        Ok(Val::Expr(Typed { id, width: Some(Width::signed(width)) }))
                    }
                    // What already holds negative values stays as it is.
                    (Some(_), false) => Ok(Val::Expr(typed)),
                    (None, _) => {
                        self.error(Code::PH0302, span, "`signed()` needs a value of a declared width")
                    }
                }
            }
            (Val::Const(Const::Str(template)), "format") => self.format_method(template, &args, span),
            (Val::Sequence(..) | Val::ListObject(_), "index") => {
                let elements = self.elements(receiver, span)?;
                let Some(Val::Const(wanted)) = args.get(0, "value") else {
                    return self
                        .outside(span, "`index` needs a value that is known when the design is elaborated");
                };
                let place = elements
                    .iter()
                    .position(|element| matches!(element, Val::Const(value) if value == wanted));
                match place {
                    Some(place) => Ok(Val::int(place)),
                    None => self.outside(span, "the value is not in the list when the design is elaborated"),
                }
            }
            (Val::Sequence(elements, SequenceKind::Named(class)), "_replace") if args.position.is_empty() => {
                let mut elements = elements.to_vec();
                for (field, value) in args.named {
                    let Some(place) = class.fields.iter().position(|known| *known == field) else {
                        let message = format!("`{}` has no element `{field}`", class.name);
                        return self.error(Code::PH0206, span, message);
                    };
                    elements[place] = value;
                }
                Ok(Val::Sequence(Rc::new(elements), SequenceKind::Named(Arc::clone(class))))
            }
            (Val::Dict(_) | Val::DictObject(_), "get") => {
                let Some(key) = args.get(0, "key").cloned() else {
                    return self.error(Code::PH0206, span, "`get` takes a key");
                };
                let default = args.get(1, "default").cloned().unwrap_or(Val::Const(Const::None));
                self.dict_get(receiver, &key, &default, span)
            }
            (Val::Dict(items), "keys" | "values") => {
                let of = |(key, value): &(Val<'a>, Val<'a>)| {
                    if name == "keys" { key.clone() } else { value.clone() }
                };
                Ok(Val::Sequence(Rc::new(items.iter().map(of).collect()), SequenceKind::List))
            }
            (Val::Dict(items), "items") => {
                let pairs = items
                    .iter()
                    .map(|(key, value)| {
                        Val::Sequence(Rc::new(vec![key.clone(), value.clone()]), SequenceKind::Tuple)
                    })
                    .collect();
                Ok(Val::Sequence(Rc::new(pairs), SequenceKind::List))
            }
            (Val::DictObject(_), "items" | "keys" | "values") => {
                let keys = self.elements(receiver, span)?;
                let mut found = Vec::new();
                for key in keys {
                    let value = self.index(receiver, &key, span, span)?;
                    found.push(match name {
                        "items" => Val::Sequence(Rc::new(vec![key, value]), SequenceKind::Tuple),
                        "keys" => key,
                        _ => value,
                    });
                }
                Ok(Val::Sequence(Rc::new(found), SequenceKind::List))
            }
            (Val::Const(Const::Int(value)), "bit_length") => Ok(Val::int(value.bit_length())),
            _ => {
                let message = format!("`{name}` of {} is outside the subset", receiver.describe());
                self.outside(span, message)
            }
        }
    }
}

/// What changes nothing among the elements that a function of Python takes together.
fn neutral(callee: &Val<'_>) -> Option<Const> {
    match callee {
        Val::Builtin("sum") => Some(Const::Int(Int::ZERO)),
        Val::Builtin("any") => Some(Const::Bool(false)),
        Val::Builtin("all") => Some(Const::Bool(true)),
        _ => None,
    }
}

/// Whether a `return` stands anywhere in the statements.
fn has_return(stmts: &[ast::Stmt]) -> bool {
    stmts.iter().any(|stmt| match &stmt.kind {
        ast::StmtKind::Return(_) => true,
        ast::StmtKind::If { arms, orelse } => {
            arms.iter().any(|arm| has_return(&arm.body.stmts)) || has_return(&orelse.stmts)
        }
        ast::StmtKind::While { body, orelse, .. } | ast::StmtKind::For { body, orelse, .. } => {
            has_return(&body.stmts) || has_return(&orelse.stmts)
        }
        ast::StmtKind::Match { cases, .. } => cases.iter().any(|case| has_return(&case.body.stmts)),
        _ => false,
    })
}

/// Whether a name is a class of exceptions.
pub fn is_exception(name: &str) -> bool {
    name.ends_with("Error")
        || matches!(name, "Exception" | "StopSimulation" | "StopIteration" | "KeyboardInterrupt")
}
