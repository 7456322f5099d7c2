//! Stores: names are bound, signals and locals changed, whole or in part.

use crate::lowerer::{Lowerer, Lowers, OF_NONE};
use crate::value::{BitsType, Bounds, Local, SequenceKind, SignalRef, Typed, Val, VarRef, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Const, SignalKind, SignalType};
use pyhw_ir::{ExprId, Int, Op, Place, Projection, Range, Root, StmtKind, Type, Value, VarId};
use pyhw_syntax::ast::{self, ExprKind};
use std::collections::HashSet;
use std::rc::Rc;

/// The most operators and operands that an expression has which is written out wherever it is used.
const MAX_REPEATED: usize = 5;

impl<'a> Lowerer<'a> {
    /// Stores a value into a target.
    pub fn assign(
        &mut self,
        target: &'a ast::Expr,
        value: &Val<'a>,
        span: Span,
        value_span: Span,
    ) -> Lowers<()> {
        self.once_indexed(target, |this| this.assign_indexed(target, value, span, value_span))
    }

    fn assign_indexed(
        &mut self,
        target: &'a ast::Expr,
        value: &Val<'a>,
        span: Span,
        value_span: Span,
    ) -> Lowers<()> {
        if self.assign_picked(target, value, span, value_span)? {
            return Ok(());
        }
        match &target.kind {
            ExprKind::Name(name) => self.bind(name, value, span),
            ExprKind::Attribute { value: of, attr } => {
                let object = self.eval(of)?;
                match (&object, attr.name.as_str()) {
                    (Val::Signal(signal), "next") => {
                        let signal = signal.clone();
                        self.store_signal(&signal, value, span, value_span)
                    }
                    (Val::Instance(id), "next") if self.fields(*id).is_some() => {
                        self.store_struct(&object, value, span, value_span)
                    }
                    (Val::Signal(_), _) => {
                        // Python has these to assign, and what begins with an underscore.
                        let is_there =
                            matches!(&*attr.name, "driven" | "read" | "delay") || attr.name.starts_with('_');
                        let code = if is_there { Code::PH0201 } else { Code::PH0202 };
                        let message = format!("`{}` of a signal cannot be assigned", attr.name);
                        let error = Diagnostic::new(code, span, message)
                            .help("a signal is driven by its `next`: `s.next = …`");
                        self.fail(error)
                    }
                    _ => {
                        let message = format!("a process cannot assign attributes of {}", object.describe());
                        let error = Diagnostic::new(Code::PH0201, span, message);
                        let is_part = matches!(of.kind, ExprKind::Subscript { .. });
                        self.fail(match attr.name == "next" && is_part {
                            true => error.help(
                                "a part is stored into through the `next` of the whole: `s.next[…] = …`",
                            ),
                            false => error,
                        })
                    }
                }
            }
            ExprKind::Subscript { value: of, index } => self.assign_part(of, index, value, span, value_span),
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                let elements = self.elements(value, value_span)?;
                let (targets, elements): (Vec<&'a ast::Expr>, Vec<Val<'a>>) =
                    self.unpacked(targets, elements, span)?.into_iter().unzip();
                if self.exchange(&targets, &elements, span)? {
                    return Ok(());
                }
                let taken = self.taken(&targets, &elements, value_span)?;
                for (target, element) in targets.iter().zip(&taken) {
                    self.assign(target, element, span, value_span)?;
                }
                Ok(())
            }
            _ => self.outside(target.span, "this cannot be assigned in a process"),
        }
    }

    /// Which target takes which value; `*rest` takes those that are left as a list.
    pub fn unpacked(
        &mut self,
        targets: &'a [ast::Expr],
        mut values: Vec<Val<'a>>,
        span: Span,
    ) -> Lowers<Vec<(&'a ast::Expr, Val<'a>)>> {
        let star = targets.iter().position(|target| matches!(target.kind, ExprKind::Starred(_)));
        let fits = match star {
            Some(_) => values.len() + 1 >= targets.len(),
            None => values.len() == targets.len(),
        };
        if !fits {
            let (count, least) = match star {
                Some(_) => (targets.len() - 1, "at least "),
                None => (targets.len(), ""),
            };
            let message =
                format!("{least}{count} values are to be unpacked here, and there are {}", values.len());
            return self.error(Code::PH0206, span, message);
        }
        if let Some(star) = star {
            let end = values.len() + star + 1 - targets.len();
            let rest = Val::Sequence(Rc::new(values[star..end].to_vec()), SequenceKind::List);
            values.splice(star..end, [rest]);
        }
        let bare = |target: &'a ast::Expr| match &target.kind {
            ExprKind::Starred(inner) => &**inner,
            _ => target,
        };
        Ok(targets.iter().map(bare).zip(values).collect())
    }

    /// The values of a parallel assignment, which are all taken before the first target changes: those that read what an earlier
    /// target changes are kept in variables of their own.
    fn taken(&mut self, targets: &[&ast::Expr], values: &[Val<'a>], span: Span) -> Lowers<Vec<Val<'a>>> {
        let mut changed: HashSet<VarId> = HashSet::new();
        let mut anything = false;
        let mut taken = Vec::new();
        for (target, value) in targets.iter().zip(values) {
            let is_changed = match value {
                Val::Expr(typed) => anything || self.reads_any(typed.id, &changed),
                _ => anything,
            };
            taken.push(if is_changed { self.snapshot(value, span)? } else { value.clone() });
            match &target.kind {
                ExprKind::Name(name) => {
                    let frame = self.frame();
                    let vars = frame.plain.iter().filter(|((known, _), _)| known == name);
                    changed.extend(vars.map(|(_, var)| *var));
                    if let Some(Local::Var { id, .. }) = frame.locals.get(name) {
                        changed.insert(*id);
                    }
                }
                // The next value of a signal is read by nothing.
                ExprKind::Attribute { attr, .. } if attr.name == "next" => {}
                _ => anything = true,
            }
        }
        Ok(taken)
    }

    /// Whether the expression reads one of the variables.
    fn reads_any(&self, id: ExprId, vars: &HashSet<VarId>) -> bool {
        let mut found = false;
        self.body.exprs.walk(id, &mut |id| {
            if let pyhw_ir::ExprKind::Var(var) = self.body.exprs.kind(id) {
                found |= vars.contains(var);
            }
        });
        found
    }

    /// Whether it is computed from elements of local lists that change.
    fn reads_elements(&self, value: &Val<'a>) -> bool {
        match value {
            Val::Expr(typed) => self.reads_any(typed.id, &self.element_vars),
            Val::Sequence(elements, _) => elements.iter().any(|element| self.reads_elements(element)),
            _ => false,
        }
    }

    /// The same value, kept in a variable of its own if later stores could change it.
    pub fn snapshot(&mut self, value: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        let Val::Expr(typed) = value else { return Ok(value.clone()) };
        // Where it waits, signals change as well.
        let may_change = self.reads_vars(typed.id) || (self.timed && self.reads_nets(typed.id));
        if !may_change {
            return Ok(value.clone());
        }
        let ty = self.plain_type(typed.id);
        let var = self.new_var("taken", ty, false, span);
        self.assign_var(var, typed.id, span);
        let id = self.read_var(var, span);
        Ok(Val::Expr(Typed { id, width: typed.width }))
    }

    /// The same of everything in a list or tuple that has no name.
    pub fn snapshot_of_all(&mut self, value: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        match value {
            Val::Sequence(elements, kind) if !self.is_named(elements) => {
                let kept: Lowers<Vec<Val<'a>>> =
                    elements.iter().map(|element| self.snapshot_of_all(element, span)).collect();
                Ok(Val::Sequence(Rc::new(kept?), kind.clone()))
            }
            other => self.snapshot(other, span),
        }
    }

    /// The same value, kept in a variable of its own if it is long: it is used more than once, and text has no other way to share it.
    pub fn kept(&mut self, value: &Val<'a>, span: Span) -> Val<'a> {
        self.keep_in(&mut None, "kept", value, span)
    }

    /// The same value, kept in the keeper's variable if it is long; what that held is forgotten.
    pub fn keep_in(
        &mut self,
        keeper: &mut Option<VarId>,
        name: &str,
        value: &Val<'a>,
        span: Span,
    ) -> Val<'a> {
        let Val::Expr(typed) = value else { return value.clone() };
        if !self.is_long(typed.id) {
            return value.clone();
        }
        let ty = self.plain_type(typed.id);
        let var = match *keeper {
            Some(var) if self.body.var(var).ty == ty => var,
            Some(_) | None => self.new_var(name, ty, false, span),
        };
        *keeper = Some(var);
        self.assign_var(var, typed.id, span);
        let id = self.read_var(var, span);
        Val::Expr(Typed { id, width: typed.width })
    }

    /// Whether the expression, written out, has more parts than one likes to read twice.
    pub fn is_long(&self, id: ExprId) -> bool {
        let mut parts = 0;
        let mut stack = vec![id];
        while let Some(id) = stack.pop() {
            parts += 1;
            if parts > MAX_REPEATED {
                return true;
            }
            stack.extend(self.body.exprs.operands(id));
        }
        false
    }

    /// Whether the expression reads nets.
    pub fn reads_nets(&self, id: ExprId) -> bool {
        let mut found = false;
        self.body
            .exprs
            .walk(id, &mut |id| found |= matches!(self.body.exprs.kind(id), pyhw_ir::ExprKind::Net(_)));
        found
    }

    /// Whether the expression reads local variables.
    pub fn reads_vars(&self, id: ExprId) -> bool {
        let mut found = false;
        self.body
            .exprs
            .walk(id, &mut |id| found |= matches!(self.body.exprs.kind(id), pyhw_ir::ExprKind::Var(_)));
        found
    }

    /// Binds a local name.
    pub fn bind(&mut self, name: &str, value: &Val<'a>, span: Span) -> Lowers<()> {
        let is_plain = std::mem::take(&mut self.is_plain_binding);
        let local = match value {
            Val::Expr(typed)
                if self.frame().in_place.contains(name)
                    && let Some(bits) = typed.width.and_then(Width::declaration) =>
            {
                if let pyhw_ir::ExprKind::Var(var) = *self.body.exprs.kind(typed.id)
                    && self.is_reached(var)
                {
                    let other = &self.body.var(var).name;
                    let message = format!(
                        "`{name}` is changed in place, and so would be `{other}`, which is the same object"
                    );
                    let error = Diagnostic::new(Code::PH0201, span, message);
                    return self.fail(error.help(format!("let it be another one: `{name} = {other} + …`")));
                }
                let is_shared = self.shares(*typed);
                let kept = self.bits_var(name, *typed, &bits, span);
                if let (true, Val::Var(at, _)) = (is_shared, &kept) {
                    self.shared.vars.insert(at.var);
                }
                Local::Known(kept)
            }
            Val::Expr(_) | Val::Const(Const::Int(_) | Const::Bool(_) | Const::Enum(..) | Const::Str(_)) => {
                let typed = self.expr(value, span)?;
                // Another path may have bound the name to what is shared: it is not taken back.
                if self.shares(typed) {
                    self.frame().shared.insert(name.to_owned());
                }
                let mut ty = self.plain_type(typed.id);
                let mut id = typed.id;
                // A name that holds integers goes on holding integers when it is given a truth value.
                let is_truth = ty == Type::Bool && self.holds_integers(name);
                if is_truth {
                    id = self.bool_to_int(id, span)?;
                    ty = Type::Int(Range::UNBOUNDED);
                }
                let var = self.plain_var(name, ty, span);
                self.assign_var(var, id, span);
                self.note_chosen_signal(var, typed.id);
                let known = match value {
                    Val::Const(known) => Some(known.clone()),
                    _ => None,
                };
                let width = if is_truth { Some(Width::NUMBER) } else { typed.width };
                Local::Var { id: var, known, width, copies: false }
            }
            Val::Bits(typed, bits) if is_plain && !bits.is_outside && self.frame().rebound.contains(name) => {
                Local::Known(self.rebound_bits(name, *typed, bits, span))
            }
            Val::Bits(typed, bits) if !bits.is_outside => {
                Local::Known(self.bits_var(name, *typed, bits, span))
            }
            Val::Signal(SignalRef::Element(net, index, like)) => {
                let index = self.lasting_index(name, *index, span);
                let lasting = SignalRef::Element(*net, index, *like);
                self.alias(name, value, lasting, span)?
            }
            Val::Instance(_) if self.frame().rebound.contains(name) => self.choice(name, value, span),
            Val::Signal(SignalRef::Net(..))
                if self.frame().rebound.contains(name) && self.frame().driven.contains(name) =>
            {
                self.choice(name, value, span)
            }
            Val::Signal(signal) => self.alias(name, value, signal.clone(), span)?,
            Val::Picked(elements, place) => {
                let place = self.lasting_index(name, *place, span);
                Local::Known(Val::Picked(Rc::clone(elements), place))
            }
            Val::Var(at, bits) => Local::Known(Val::Var(self.lasting(name, *at, span), bits.clone())),
            Val::Sequence(elements, SequenceKind::List) if self.is_named(elements) => {
                // One list under two names: a store through one of them is seen through the other.
                let changing = self.frame().changing.contains(name) || self.changes(elements);
                if changing && !self.is_variable(value) {
                    return self.as_variables(
                        value,
                        span,
                        "a second name for a list whose elements change on some paths only",
                    );
                }
                Local::Known(value.clone())
            }
            Val::Sequence(elements, SequenceKind::List) => {
                let known = match self.table(name, elements, span)? {
                    Some(table) => table,
                    None => self.new_list(name, elements, span)?,
                };
                Local::Known(known)
            }
            Val::Sequence(elements, kind) if kind.is_tuple() && self.frame().rebound.contains(name) => {
                // What another path may bind it to has the same variables.
                let mut bound = Vec::new();
                for (index, element) in elements.iter().enumerate() {
                    let element = self.snapshot(element, span)?;
                    bound.push(match self.element_var(&format!("{name}_{index}"), &element, span)? {
                        Val::Expr(typed) => Val::Expr(Typed { width: None, ..typed }),
                        other => other,
                    });
                }
                Local::Known(Val::Sequence(bound.into(), kind.clone()))
            }
            Val::Sequence(elements, SequenceKind::Picked)
                if elements.iter().any(|element| self.reads_elements(element)) =>
            {
                let what = "a name for a list that a run-time index picks, and whose elements change";
                return self.outside(span, what);
            }
            Val::Sequence(elements, kind) => {
                Local::Known(Val::Sequence(self.known_elements(name, elements, span)?.into(), kind.clone()))
            }
            _ => Local::Known(value.clone()),
        };
        self.frame().locals.insert(name.to_owned(), local);
        Ok(())
    }

    /// What a name is that is bound to a signal: the value goes into a variable too where another path may bind it to something
    /// else. A bus may have no value. `now` is the signal in terms of this moment, `signal` in terms that last.
    fn alias(&mut self, name: &str, now: &Val<'a>, signal: SignalRef, span: Span) -> Lowers<Local<'a>> {
        let net = match &signal {
            SignalRef::Net(net, _) | SignalRef::Element(net, ..) => self.cx.nets.net(*net),
        };
        let has_value = !net.kind.may_be_z() && *self.signal_type(&signal) != SignalType::Opaque;
        let value = Val::Signal(signal);
        if !has_value || !self.frame().rebound.contains(name) {
            return Ok(Local::Known(value));
        }
        let typed = self.expr(now, span)?;
        let (mut ty, mut id, mut width) = (self.plain_type(typed.id), typed.id, typed.width);
        if ty == Type::Bool && self.holds_integers(name) {
            id = self.bool_to_int(id, span)?;
            ty = Type::Int(Range::UNBOUNDED);
            width = Some(Width::NUMBER);
        }
        let var = self.plain_var(name, ty, span);
        self.assign_var(var, id, span);
        Ok(Local::Alias { value, id: var, width })
    }

    /// Whether the variable of a name holds integers here.
    fn holds_integers(&mut self, name: &str) -> bool {
        match self.frame().locals.get(name) {
            Some(Local::Var { id, .. } | Local::Alias { id, .. }) => {
                let id = *id;
                matches!(self.body.var(id).ty, Type::Int(_))
            }
            _ => false,
        }
    }

    pub fn plain_var(&mut self, name: &str, ty: Type, span: Span) -> pyhw_ir::VarId {
        let key = (name.to_owned(), ty.clone());
        if let Some(var) = self.frame().plain.get(&key) {
            return *var;
        }
        let var = self.new_var(name, ty, false, span);
        self.frame().plain.insert(key, var);
        var
    }

    pub fn bits_var(
        &mut self,
        name: &str,
        typed: Typed,
        bits: &crate::value::BitsType,
        span: Span,
    ) -> Val<'a> {
        let var = self.new_var(name, Type::Int(bits.range.clone()), bits.wraps, span);
        self.assign_var(var, typed.id, span);
        Val::Var(VarRef::whole(var), bits.clone())
    }

    /// `s.next = value`.
    fn store_signal(
        &mut self,
        signal: &SignalRef,
        value: &Val<'a>,
        span: Span,
        value_span: Span,
    ) -> Lowers<()> {
        if let SignalKind::Shadow(_) | SignalKind::TriState = self.cx.elaborated.signal(signal.like()).kind {
            return self.outside(span, "a signal that follows others cannot be driven");
        }
        let place = self.signal_place(signal);
        let stored = match self.signal_type(signal).clone() {
            _ if matches!(value, Val::Const(Const::None)) => {
                let declared = self.cx.elaborated.signal(signal.like());
                if !matches!(declared.kind, SignalKind::Driver(_)) {
                    let message = "`None` is a value of tri-state drivers only";
                    let error = Diagnostic::new(Code::PH0301, value_span, message);
                    return self.fail(error.help(OF_NONE));
                }
                let ty = self.cx.nets.net(root_net(&place)).ty.clone();
                self.body.exprs.constant(Value::Z, ty, value_span)
            }
            SignalType::Bool if self.cx.elaborated.signal(signal.like()).is_open => {
                // It takes any value, and nobody sees which.
                let truth = self.truth(value, value_span)?;
                self.as_bool(&truth, value_span)?
            }
            SignalType::Bool => self.as_bool(value, value_span)?,
            SignalType::Int { .. } => self.int_expr(value, value_span)?.id,
            SignalType::Enum(of) => {
                let typed = self.expr(value, value_span)?;
                if *self.body.exprs.ty(typed.id) != Type::Enum(of) {
                    let message = format!(
                        "the signal holds members of {}, and this is {}",
                        self.enum_in_words(of),
                        self.kind_of(typed.id)
                    );
                    return self.error(Code::PH0301, value_span, message);
                }
                typed.id
            }
            SignalType::Struct(_) => self.expr(value, value_span)?.id,
            SignalType::Opaque => {
                return self.outside(span, "a signal of Python objects is driven by ordinary Python only");
            }
        };
        self.emit(StmtKind::Next { place, value: stored }, span);
        if *self.signal_type(signal) == SignalType::Bool {
            self.store_kind(signal, value, stored, value_span)?;
        }
        Ok(())
    }

    /// `s.next = value` of a struct: each field takes that of the value.
    fn store_struct(
        &mut self,
        target: &Val<'a>,
        value: &Val<'a>,
        span: Span,
        value_span: Span,
    ) -> Lowers<()> {
        let (Val::Instance(into), Val::Instance(from)) = (target, value) else {
            return self.outside(value_span, "a struct takes another struct");
        };
        let (Some(fields), Some(others)) = (self.fields(*into), self.fields(*from)) else {
            return self.outside(value_span, "a struct takes another struct");
        };
        if fields != others {
            return self.error(Code::PH0301, value_span, "this is a struct with other fields");
        }
        for field in fields {
            let place = self.attribute(target, &field, span)?;
            let value = self.attribute(value, &field, value_span)?;
            match &place {
                Val::Signal(signal) => self.store_signal(signal, &value, span, value_span)?,
                Val::Instance(_) => self.store_struct(&place, &value, span, value_span)?,
                _ => {
                    let message =
                        format!("`{field}` of the struct is an array, whose elements are stored one by one");
                    return self.outside(span, message);
                }
            }
        }
        Ok(())
    }

    /// A boolean for a store into one bit: 0 and 1 count, any other value is a fault.
    fn as_bool(&mut self, value: &Val<'a>, span: Span) -> Lowers<ExprId> {
        if let Some(known) = value.as_const_int()
            && let Some(known @ 0..=1) = known.to_i64()
        {
            return Ok(self.body.exprs.bool(known == 1, span));
        }
        let typed = self.expr(value, span)?;
        match self.body.exprs.ty(typed.id) {
            Type::Bool => Ok(typed.id),
            _ => {
                let typed = self.int_expr(value, span)?;
                self.op(Op::ToBool, &[typed.id], span)
            }
        }
    }

    fn signal_place(&mut self, signal: &SignalRef) -> Place {
        match signal {
            SignalRef::Net(net, _) => Place::net(*net),
            SignalRef::Element(net, index, _) => {
                Place { root: Root::Net(*net), path: vec![Projection::Index(*index)] }
            }
        }
    }

    /// `of[index] = value`.
    fn assign_part(
        &mut self,
        of: &'a ast::Expr,
        index: &'a ast::Expr,
        value: &Val<'a>,
        span: Span,
        value_span: Span,
    ) -> Lowers<()> {
        let object = self.eval(of)?;
        let (mut place, is_net) = match &object {
            Val::Next(signal) => (self.signal_place(signal), true),
            Val::Var(at, _) => {
                let place = at.place();
                self.is_changed_alone(of, &object, span)?;
                (place, false)
            }
            Val::Signal(_) => {
                let error = Diagnostic::new(
                    Code::PH0201,
                    span,
                    "a part of a signal's current value cannot be assigned",
                )
                .help("assign a part of its next value: `s.next[…] = …`");
                return self.fail(error);
            }
            Val::Table(..) => return self.replaced_in_table(span),
            Val::Bits(..) => return self.of_surroundings(of, span),
            Val::Sequence(elements, SequenceKind::List) => {
                let elements = elements.clone();
                let place = self.eval(index)?;
                return self.assign_element(&elements, &place, value, span);
            }
            _ => {
                let message = format!("an element of {} cannot be assigned in a process", object.describe());
                return self.outside(span, message);
            }
        };
        let store = |place, value| {
            if is_net { StmtKind::Next { place, value } } else { StmtKind::Assign { place, value } }
        };
        if let ExprKind::Slice { lower, upper, step } = &index.kind {
            if step.is_some() {
                return self.outside(index.span, "a slice with a step is not in the subset");
            }
            if lower.is_none() && upper.is_none() {
                if let Val::Next(signal) = &object {
                    let signal = signal.clone();
                    return self.store_signal(&signal, value, span, value_span);
                }
                let value = self.int_expr(value, value_span)?.id;
                self.emit(store(place, value), span);
                return Ok(());
            }
            self.has_bits(&object, of.span)?;
            let (low, width) = self.slice_bounds(lower.as_deref(), upper.as_deref(), index.span)?;
            let width = match width {
                Some(width) => width,
                // `[:low]` reaches up to the width.
                None => {
                    let whole = match &object {
                        Val::Next(signal) => match self.signal_type(signal) {
                            SignalType::Int { width_bits, .. } => *width_bits,
                            _ => None,
                        },
                        Val::Var(_, bits) => bits.width,
                        _ => None,
                    };
                    let low = self.known_int(low).and_then(|low| low.to_u32());
                    match whole
                        .zip(low)
                        .and_then(|(whole, low)| whole.checked_sub(low))
                        .filter(|width| *width > 0)
                    {
                        Some(width) => width,
                        None => {
                            return self.error(
                                Code::PH0302,
                                index.span,
                                "the width of this slice is not known",
                            );
                        }
                    }
                }
            };
            let value = self.int_expr(value, value_span)?.id;
            // Of a signal, only Python can read what is stored so far; text for hardware stores the bits that there are, which is the same.
            if lower.is_none() && self.has_sign_or_wraps(&object) && (!is_net || self.cx.python) {
                // What stands above the slice is the sign of the value, whatever the width.
                let ones = self.body.exprs.int(1i64, span);
                let mask = self.op(Op::Shl, &[ones, low], span)?;
                let mask = self.op(Op::Sub, &[mask, ones], span)?;
                let whole = self.int_expr(&object, span)?.id;
                let kept = self.op(Op::And, &[whole, mask], span)?;
                let moved = self.op(Op::Shl, &[value, low], span)?;
                let value = self.op(Op::Or, &[moved, kept], span)?;
                self.emit(store(place, value), span);
                return Ok(());
            }
            if let Val::Var(_, bits) = &object
                && (bits.wraps || bits.range.is_signed())
                && self.may_be_negative(value)
            {
                let whole = self.with_slice(&object, low, width, value, span)?;
                self.emit(StmtKind::Assign { place, value: whole }, span);
                return Ok(());
            }
            if let Val::Next(signal) = &object
                && matches!(self.signal_type(signal), SignalType::Int { range, .. } if !range.is_bounded())
                && self.may_be_negative(value)
            {
                let what = "a slice of a signal without bounds, and a value that may be negative, which sets all bits above as well";
                return self.outside(span, what);
            }
            place.path.push(Projection::Slice { low, width });
            self.emit(store(place, value), span);
            return Ok(());
        }
        self.has_bits(&object, of.span)?;
        let bit = self.eval(index)?;
        let bit = self.int_expr(&bit, index.span)?.id;
        let value = self.as_bool(value, value_span)?;
        place.path.push(Projection::Bit(bit));
        self.emit(store(place, value), span);
        Ok(())
    }

    /// Whether an integer that is stored into may hold negative numbers, or wraps.
    fn has_sign_or_wraps(&self, object: &Val<'a>) -> bool {
        match object {
            Val::Var(_, bits) => bits.wraps || bits.range.is_signed(),
            Val::Next(signal) => match self.signal_type(signal) {
                SignalType::Int { range, wraps, .. } => *wraps || range.is_signed(),
                _ => false,
            },
            _ => false,
        }
    }

    fn may_be_negative(&self, id: ExprId) -> bool {
        self.body.exprs.range(id).is_none_or(Range::is_signed)
    }

    /// A local with a slice replaced by what may be negative: then Python sets all bits above the slice as well.
    fn with_slice(
        &mut self,
        local: &Val<'a>,
        low: ExprId,
        width: u32,
        value: ExprId,
        span: Span,
    ) -> Lowers<ExprId> {
        let limit = Int::power_of_two(width);
        let range = Range::new(limit.neg(), limit.sub(&Int::ONE));
        let value = self.op(Op::Check { range }, &[value], span)?;
        let ones = self.body.exprs.int(limit.sub(&Int::ONE), span);
        let mask = self.op(Op::Shl, &[ones, low], span)?;
        let mask = self.op(Op::Inv, &[mask], span)?;
        let whole = self.int_expr(local, span)?.id;
        let kept = self.op(Op::And, &[whole, mask], span)?;
        let moved = self.op(Op::Shl, &[value, low], span)?;
        self.op(Op::Or, &[kept, moved], span)
    }

    /// Refuses a store into a part of a signal's next value that has no parts.
    fn has_bits(&mut self, object: &Val<'a>, span: Span) -> Lowers<()> {
        let Val::Next(signal) = object else { return Ok(()) };
        let what = match self.signal_type(signal) {
            SignalType::Int { .. } => return Ok(()),
            SignalType::Bool => "a truth value",
            SignalType::Enum(_) => "a member of an enum",
            SignalType::Struct(_) => "a struct",
            SignalType::Opaque => "a Python object",
        };
        let message = format!("this signal holds {what}, which has no bits to assign");
        let error = Diagnostic::new(Code::PH0301, span, message).help("assign the whole: `s.next = …`");
        self.fail(error)
    }

    /// `target op= right`, where `left` is what the target is so far.
    pub fn augmented(
        &mut self,
        target: &'a ast::Expr,
        op: ast::BinaryOp,
        left: &Val<'a>,
        right: &Val<'a>,
        span: Span,
    ) -> Lowers<()> {
        if let Val::Next(_) = left {
            return self.next_is_read(span);
        }
        if let Val::Bits(_, bits) = left
            && bits.is_outside
        {
            return self.outside(span, "an intbv of its surroundings cannot be changed in a process");
        }
        match (left, &target.kind) {
            (Val::Signal(_), ExprKind::Name(name)) => {
                let message = format!("`{name}` is a signal, which does not change in place");
                let error = Diagnostic::new(Code::PH0201, span, message);
                return self.fail(error.help("take its value: `s.val + …`"));
            }
            (Val::Expr(before), _) if before.width.is_some_and(|width| width.bounds == Bounds::Unknown) => {
                let message = "on some paths that lead here this is an `intbv`, whose bounds are kept to, and on others it is another, or none";
                return self.outside(span, message);
            }
            (Val::Expr(before), _) if before.sized().is_some() && declared(before).is_none() => {
                return self
                    .outside(span, "an `intbv` that changes in place, and whose bounds are not known here");
            }
            _ => {}
        }
        self.is_changed_alone(target, left, span)?;
        let result = self.binary(op, left, right, span)?;
        if let Val::Var(at, _) = left {
            // An `intbv` changes in place.
            let value = self.int_expr(&result, span)?.id;
            self.emit(StmtKind::Assign { place: at.place(), value }, span);
            return Ok(());
        }
        if let Val::Expr(before) = left
            && let Some(bits) = declared(before)
            && let Some(width) = before.width
        {
            // It stays the `intbv` that it is: the value has to fit, or wraps.
            let value = self.int_expr(&result, span)?;
            let name = if let ExprKind::Name(name) = &target.kind { name } else { "changed" };
            let kept = self.bits_var(name, value, &bits, span);
            let id = self.expr(&kept, span)?.id;
            return self.assign(target, &Val::Expr(Typed { id, width: Some(width) }), span, span);
        }
        // One without a width stays one, as what may be one does.
        let unsized_before = match left {
            Val::Expr(before) => before.width,
            _ => None,
        };
        let result = match &result {
            Val::Expr(typed) if unsized_before.is_some() => {
                Val::Expr(Typed { width: unsized_before, ..*typed })
            }
            _ => result,
        };
        self.assign(target, &result, span, span)
    }
}

/// The declaration of an `intbv`, where all of it is known.
fn declared(typed: &Typed) -> Option<BitsType> {
    typed.width.and_then(Width::declaration)
}

fn root_net(place: &Place) -> pyhw_ir::NetId {
    match place.root {
        Root::Net(net) => net,
        Root::Var(_) => pyhw_ir::NetId::new(0),
    }
}
