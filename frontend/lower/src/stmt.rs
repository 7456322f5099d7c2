//! Statements: control flow known while lowering is resolved, the rest keeps its structure.

use crate::lowerer::{Failed, Frame, LoopScope, Lowerer, Lowers};
use crate::value::{Local, SignalRef, Val};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Const, SignalType};
use pyhw_ir::{
    Comments, Edge, Event, Int, Op, Place, Projection, Range, Root, Stmt, StmtKind, SwitchArm, Type, Value,
    Wait,
};
use pyhw_syntax::ast::{self, ExprKind, PatternKind};
use std::collections::{BTreeMap, HashSet};

/// Whether control goes on after a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It may.
    Next,
    /// It leaves.
    Leaves,
}

/// The most turns of a loop that are written out one by one.
const MAX_UNROLLED_TURNS: usize = 65_536;

impl<'a> Lowerer<'a> {
    /// Lowers a block; `tail` tells that nothing of the function follows it.
    pub fn block(&mut self, block: &'a ast::Block, tail: bool) -> Flow {
        let mark = self.out.len();
        let flow = self.stmts(&block.stmts, tail);
        // The comment behind the colon goes before the first statement.
        if let (Some(comment), Some(first)) = (&block.opening, self.out.get_mut(mark)) {
            first.comments.leading.insert(0, comment.text.clone());
        }
        flow
    }

    /// Lowers statements; after an error it goes on with the next one, so that several errors are found in a run.
    pub fn stmts(&mut self, stmts: &'a [ast::Stmt], tail: bool) -> Flow {
        for (index, stmt) in stmts.iter().enumerate() {
            let rest = &stmts[index + 1..];
            let mark = self.out.len();
            let result = match &stmt.kind {
                // `if c: return a` followed by the rest is `if c: … else: rest`, which needs no jump.
                ast::StmtKind::If { arms, orelse }
                    if tail
                        && orelse.is_empty()
                        && !rest.is_empty()
                        && arms.iter().all(|arm| returns(&arm.body.stmts)) =>
                {
                    let result = self.if_chain(arms, Orelse::Rest(rest), true, stmt.span);
                    self.attach_comments(stmt, mark);
                    return result.unwrap_or(Flow::Next);
                }
                _ => self.stmt(stmt, tail && rest.is_empty()),
            };
            self.attach_comments(stmt, mark);
            if let Ok(Flow::Leaves) = result {
                return Flow::Leaves;
            }
        }
        Flow::Next
    }

    fn attach_comments(&mut self, stmt: &ast::Stmt, mark: usize) {
        if let Some(first) = self.out.get_mut(mark) {
            let leading: Vec<String> = stmt.leading.iter().map(|comment| comment.text.clone()).collect();
            first.comments.leading.splice(0..0, leading);
            if let Some(comment) = &stmt.trailing {
                first.comments.trailing = Some(comment.text.clone());
            }
        }
    }

    fn stmt(&mut self, stmt: &'a ast::Stmt, tail: bool) -> Lowers<Flow> {
        let span = stmt.span;
        match &stmt.kind {
            ast::StmtKind::Expr(expr) => self.expr_stmt(expr, span)?,
            ast::StmtKind::Assign { targets, value } => {
                let value_span = value.span;
                let value = self.eval(value)?;
                for target in targets {
                    self.assign(target, &value, span, value_span)?;
                }
            }
            ast::StmtKind::AugAssign { target, op, value } => {
                let right = self.eval(value)?;
                self.augmented(target, *op, &right, span)?;
            }
            ast::StmtKind::AnnAssign { target, value, .. } => {
                if let Some(value) = value {
                    let value_span = value.span;
                    let value = self.eval(value)?;
                    self.assign(target, &value, span, value_span)?;
                }
            }
            ast::StmtKind::If { arms, orelse } => {
                return self.if_chain(arms, Orelse::Block(orelse), tail, span);
            }
            ast::StmtKind::While { test, body, orelse } => return self.while_loop(test, body, orelse, span),
            ast::StmtKind::For { target, iter, body, orelse } => {
                return self.for_loop(target, iter, body, orelse, span);
            }
            ast::StmtKind::Match { subject, cases } => return self.match_stmt(subject, cases, tail, span),
            ast::StmtKind::Break => {
                let Some(scope) = self.frame().loops.last_mut() else {
                    return self.outside(span, "`break` outside a loop");
                };
                scope.breaks = true;
                let label = scope.on_break;
                self.emit(StmtKind::Break(label), span);
                return Ok(Flow::Leaves);
            }
            ast::StmtKind::Continue => {
                let Some(scope) = self.frame().loops.last_mut() else {
                    return self.outside(span, "`continue` outside a loop");
                };
                scope.continues = true;
                let label = scope.on_continue;
                let kind =
                    if scope.continue_is_block { StmtKind::Break(label) } else { StmtKind::Continue(label) };
                self.emit(kind, span);
                return Ok(Flow::Leaves);
            }
            ast::StmtKind::Pass => {}
            ast::StmtKind::Return(value) => {
                let value = match value {
                    Some(value) => self.eval(value)?,
                    None => Val::Const(Const::None),
                };
                self.return_value(&value, tail, span)?;
                return Ok(Flow::Leaves);
            }
            ast::StmtKind::Raise { exception, .. } => {
                self.raise(exception.as_ref(), span)?;
                return Ok(Flow::Leaves);
            }
            ast::StmtKind::Assert { test, message } => self.assertion(test, message.as_ref(), span)?,
            ast::StmtKind::Delete(_) => return self.outside(span, "`del` is outside the subset"),
            ast::StmtKind::Global(names) | ast::StmtKind::Nonlocal(names) => {
                let names: Vec<&str> = names.iter().map(|name| name.name.as_str()).collect();
                let message = format!(
                    "`{}` belongs to an outer function: a process cannot assign it",
                    names.join("`, `")
                );
                return self.outside(span, message);
            }
            ast::StmtKind::Function(def) => {
                let closure = self.closure(def);
                self.frame().locals.insert(def.name.name.clone(), Local::Known(closure));
            }
            ast::StmtKind::Unsupported(unsupported) => {
                let message = format!("{} is outside the subset", unsupported.what.row().name);
                return self.outside(unsupported.span, message);
            }
        }
        Ok(Flow::Next)
    }

    fn expr_stmt(&mut self, expr: &'a ast::Expr, span: Span) -> Lowers<()> {
        match &expr.kind {
            // A docstring or a constant by itself does nothing.
            ExprKind::Str(_) | ExprKind::Ellipsis | ExprKind::None | ExprKind::Int(_) => Ok(()),
            ExprKind::Yield(value) => self.wait(value.as_deref(), span),
            ExprKind::YieldFrom(value) => {
                if !self.timed {
                    return self.error(Code::PH0205, span, "only a generator process can wait");
                }
                self.eval(value).map(|_| ())
            }
            _ => self.eval(expr).map(|_| ()),
        }
    }

    fn wait(&mut self, value: Option<&'a ast::Expr>, span: Span) -> Lowers<()> {
        if !self.timed {
            return self.error(Code::PH0205, span, "only a generator process can wait");
        }
        let Some(value) = value else {
            return self.outside(span, "a bare `yield` waits for nothing");
        };
        let value_span = value.span;
        let value = self.eval(value)?;
        let mut waits = Vec::new();
        self.waits(&value, value_span, &mut waits)?;
        self.emit(StmtKind::Wait(waits), span);
        Ok(())
    }

    fn waits(&mut self, value: &Val<'a>, span: Span, into: &mut Vec<Wait>) -> Lowers<()> {
        match value {
            Val::Signal(signal) => {
                let net = self.event_net(signal, span)?;
                into.push(Wait::Event(Event { net, edge: Edge::Any }));
            }
            Val::Edge(signal, edge) => {
                let net = self.event_net(signal, span)?;
                into.push(Wait::Event(Event { net, edge: *edge }));
            }
            Val::Delay(steps) => into.push(Wait::Delay(*steps)),
            Val::Join(parts) => {
                let mut inner = Vec::new();
                for part in parts.iter() {
                    self.waits(part, span, &mut inner)?;
                }
                into.push(Wait::Join(inner));
            }
            Val::Sequence(parts, _) => {
                for part in parts.iter() {
                    self.waits(part, span, into)?;
                }
            }
            Val::ListObject(_) => {
                for part in self.elements(value, span)? {
                    self.waits(&part, span, into)?;
                }
            }
            _ => {
                let message = format!("a process cannot wait for {}", value.describe());
                return self.error(Code::PH0205, span, message);
            }
        }
        Ok(())
    }

    fn event_net(&mut self, signal: &SignalRef, span: Span) -> Lowers<pyhw_ir::NetId> {
        match signal {
            SignalRef::Net(net, _) => Ok(*net),
            SignalRef::Element(..) => self.outside(span, "a process cannot wait for an element of a memory"),
        }
    }

    /// Stores a value into a target.
    fn assign(&mut self, target: &'a ast::Expr, value: &Val<'a>, span: Span, value_span: Span) -> Lowers<()> {
        match &target.kind {
            ExprKind::Name(name) => self.bind(name, value, span),
            ExprKind::Attribute { value: of, attr } => {
                let object = self.eval(of)?;
                match (&object, attr.name.as_str()) {
                    (Val::Signal(signal), "next") => {
                        let signal = signal.clone();
                        self.store_signal(&signal, value, span, value_span)
                    }
                    (Val::Signal(_), _) => {
                        let error = Diagnostic::new(
                            Code::PH0201,
                            span,
                            format!("`{}` of a signal cannot be assigned", attr.name),
                        )
                        .help("a signal is driven by its `next`: `s.next = …`");
                        self.fail(error)
                    }
                    _ => {
                        let message = format!("a process cannot assign attributes of {}", object.describe());
                        self.outside(span, message)
                    }
                }
            }
            ExprKind::Subscript { value: of, index } => self.assign_part(of, index, value, span, value_span),
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                let elements = self.elements(value, value_span)?;
                if elements.len() != targets.len() {
                    let message = format!("{} targets for {} values", targets.len(), elements.len());
                    return self.error(Code::PH0206, span, message);
                }
                // All values are taken before the first target changes.
                let mut taken = Vec::new();
                for element in &elements {
                    taken.push(self.snapshot(element, value_span)?);
                }
                for (target, element) in targets.iter().zip(&taken) {
                    self.assign(target, element, span, value_span)?;
                }
                Ok(())
            }
            _ => self.outside(target.span, "this cannot be assigned in a process"),
        }
    }

    /// The same value, kept in a variable of its own if later stores could change it.
    fn snapshot(&mut self, value: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        let Val::Expr(typed) = value else { return Ok(value.clone()) };
        if !self.reads_vars(typed.id) {
            return Ok(value.clone());
        }
        let ty = self.plain_type(typed.id);
        let var = self.new_var("taken", ty, false, span);
        self.assign_var(var, typed.id, span);
        let id = self.read_var(var, span);
        Ok(Val::Expr(crate::value::Typed { id, width: typed.width }))
    }

    /// Whether the expression reads local variables.
    pub fn reads_vars(&self, id: pyhw_ir::ExprId) -> bool {
        let mut found = false;
        self.body
            .exprs
            .walk(id, &mut |id| found |= matches!(self.body.exprs.kind(id), pyhw_ir::ExprKind::Var(_)));
        found
    }

    /// Binds a local name.
    pub fn bind(&mut self, name: &str, value: &Val<'a>, span: Span) -> Lowers<()> {
        let local = match value {
            Val::Expr(_) | Val::Const(Const::Int(_) | Const::Bool(_) | Const::Enum(..) | Const::Str(_)) => {
                let typed = self.expr(value, span)?;
                let mut ty = self.plain_type(typed.id);
                let mut id = typed.id;
                // A name that holds integers goes on holding integers when it is given a truth value.
                if ty == Type::Bool
                    && let Some(Local::Var { id: var, .. }) = self.frame().locals.get(name)
                    && let var = *var
                    && matches!(self.body.var(var).ty, Type::Int(_))
                {
                    id = self.to_int(id, span)?;
                    ty = Type::Int(Range::UNBOUNDED);
                }
                let var = self.plain_var(name, ty, span);
                self.assign_var(var, id, span);
                let known = match value {
                    Val::Const(known) => Some(known.clone()),
                    _ => None,
                };
                Local::Var { id: var, known, width: typed.width }
            }
            Val::Bits(typed, bits) => Local::Known(self.bits_var(name, *typed, bits, span)),
            Val::Signal(SignalRef::Element(net, index, like)) if self.reads_vars(*index) => {
                let ty = self.plain_type(*index);
                let var = self.new_var(&format!("{name}_index"), ty, false, span);
                self.assign_var(var, *index, span);
                let index = self.read_var(var, span);
                Local::Known(Val::Signal(SignalRef::Element(*net, index, *like)))
            }
            Val::Sequence(elements, is_tuple) => {
                let mut bound = Vec::new();
                for (index, element) in elements.iter().enumerate() {
                    bound.push(match element {
                        Val::Bits(typed, bits) => {
                            self.bits_var(&format!("{name}_{index}"), *typed, bits, span)
                        }
                        other => self.snapshot(other, span)?,
                    });
                }
                Local::Known(Val::Sequence(bound.into(), *is_tuple))
            }
            _ => Local::Known(value.clone()),
        };
        self.frame().locals.insert(name.to_owned(), local);
        Ok(())
    }

    fn plain_var(&mut self, name: &str, ty: Type, span: Span) -> pyhw_ir::VarId {
        let key = (name.to_owned(), ty.clone());
        if let Some(var) = self.frame().plain.get(&key) {
            return *var;
        }
        let var = self.new_var(name, ty, false, span);
        self.frame().plain.insert(key, var);
        var
    }

    fn bits_var(
        &mut self,
        name: &str,
        typed: crate::value::Typed,
        bits: &crate::value::BitsType,
        span: Span,
    ) -> Val<'a> {
        let var = self.new_var(name, Type::Int(bits.range.clone()), bits.wraps, span);
        self.assign_var(var, typed.id, span);
        Val::Var(var, bits.clone())
    }

    /// `s.next = value`.
    fn store_signal(
        &mut self,
        signal: &SignalRef,
        value: &Val<'a>,
        span: Span,
        value_span: Span,
    ) -> Lowers<()> {
        let place = self.signal_place(signal);
        let value = match self.signal_type(signal).clone() {
            _ if matches!(value, Val::Const(Const::None)) => {
                let ty = self.cx.nets.net(root_net(&place)).ty.clone();
                self.body.exprs.constant(Value::Z, ty, value_span)
            }
            SignalType::Bool => self.as_bool(value, value_span)?,
            SignalType::Int { .. } => self.int_expr(value, value_span)?.id,
            SignalType::Enum(of) => {
                let typed = self.expr(value, value_span)?;
                if *self.body.exprs.ty(typed.id) != Type::Enum(of) {
                    let name = &self.cx.elaborated.types.enums[of.index()].name;
                    let message = format!(
                        "the signal holds members of `{name}`, and this is {}",
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
        self.emit(StmtKind::Next { place, value }, span);
        Ok(())
    }

    /// A boolean for a store into one bit: 0 and 1 count, any other value is a fault.
    fn as_bool(&mut self, value: &Val<'a>, span: Span) -> Lowers<pyhw_ir::ExprId> {
        if let Some(known) = value.as_const_int() {
            return match known.to_i64() {
                Some(known @ 0..=1) => Ok(self.body.exprs.bool(known == 1, span)),
                _ => {
                    let message = format!("{known} does not fit a single bit");
                    self.error(Code::PH0312, span, message)
                }
            };
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
            Val::Var(var, _) => (Place::var(*var), false),
            Val::Signal(_) => {
                let error = Diagnostic::new(
                    Code::PH0201,
                    span,
                    "a part of a signal's current value cannot be assigned",
                )
                .help("assign a part of its next value: `s.next[…] = …`");
                return self.fail(error);
            }
            Val::Sequence(elements, _) => {
                let elements = elements.clone();
                let place = self.eval(index)?;
                return self.assign_element(of, &elements, &place, value, span);
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
            place.path.push(Projection::Slice { low, width });
            self.emit(store(place, value), span);
            return Ok(());
        }
        let bit = self.eval(index)?;
        let bit = self.int_expr(&bit, index.span)?.id;
        let value = self.as_bool(value, value_span)?;
        place.path.push(Projection::Bit(bit));
        self.emit(store(place, value), span);
        Ok(())
    }

    /// Stores into an element of a local list.
    fn assign_element(
        &mut self,
        of: &'a ast::Expr,
        elements: &std::rc::Rc<Vec<Val<'a>>>,
        place: &Val<'a>,
        value: &Val<'a>,
        span: Span,
    ) -> Lowers<()> {
        let ExprKind::Name(name) = &of.kind else {
            return self.outside(span, "only elements of a local list can be assigned");
        };
        let Some(place) = place.as_const_int() else {
            return self
                .outside(span, "the place in a local list must be known when the design is elaborated");
        };
        let length = Int::from(elements.len());
        let place = if place.is_negative() { place.add(&length) } else { place };
        let Some(place) = place.to_usize().filter(|place| *place < elements.len()) else {
            return self.error(Code::PH0315, span, "the index lies outside the list");
        };
        let mut changed = elements.to_vec();
        changed[place] = self.snapshot(value, span)?;
        let list = Val::Sequence(changed.into(), false);
        self.frame().locals.insert(name.clone(), Local::Known(list));
        Ok(())
    }

    fn augmented(
        &mut self,
        target: &'a ast::Expr,
        op: ast::BinaryOp,
        right: &Val<'a>,
        span: Span,
    ) -> Lowers<()> {
        let left = self.eval(target)?;
        if let Val::Next(_) = left {
            let error = Diagnostic::new(Code::PH0201, span, "the next value of a signal cannot be read")
                .help("compute from its current value: `s.next = s + …`");
            return self.fail(error);
        }
        let result = self.binary(op, &left, right, span)?;
        if let Val::Var(var, _) = left {
            // An `intbv` changes in place.
            let value = self.int_expr(&result, span)?.id;
            self.assign_var(var, value, span);
            return Ok(());
        }
        self.assign(target, &result, span, span)
    }

    fn if_chain(&mut self, arms: &'a [ast::Arm], orelse: Orelse<'a>, tail: bool, span: Span) -> Lowers<Flow> {
        let Some((first, rest)) = arms.split_first() else {
            return Ok(match orelse {
                Orelse::Block(block) => self.block(block, tail),
                Orelse::Rest(rest) => self.stmts(rest, tail),
            });
        };
        let cond = self.eval(&first.test)?;
        let cond = match self.truth(&cond, first.test.span)? {
            Val::Const(Const::Bool(true)) => return Ok(self.block(&first.body, tail)),
            Val::Const(Const::Bool(false)) => return self.if_chain(rest, orelse, tail, span),
            cond => self.expr(&cond, first.test.span)?.id,
        };
        let before = self.frame().locals.clone();
        let (then_stmts, then_flow) = self.in_block(|this| Ok(this.block(&first.body, tail)));
        let after_then = std::mem::replace(&mut self.frame().locals, before);
        let (else_stmts, else_flow) = self.in_block(|this| this.if_chain(rest, orelse, tail, span));
        let (then_flow, else_flow) = (then_flow?, else_flow?);
        let after_else = std::mem::take(&mut self.frame().locals);
        self.frame().locals = match (then_flow, else_flow) {
            (Flow::Leaves, _) => after_else,
            (Flow::Next, Flow::Leaves) => after_then,
            (Flow::Next, Flow::Next) => merge(&after_then, &after_else, span),
        };
        let mut arms = vec![(cond, then_stmts)];
        let mut orelse = else_stmts;
        // `elif` stays `elif`.
        if !rest.is_empty()
            && let [Stmt { kind: StmtKind::If { .. }, comments, .. }] = &orelse[..]
            && *comments == Comments::default()
            && let Some(Stmt { kind: StmtKind::If { arms: more, orelse: last }, .. }) = orelse.pop()
        {
            arms.extend(more);
            orelse = last;
        }
        self.emit(StmtKind::If { arms, orelse }, span);
        Ok(if then_flow == Flow::Leaves && else_flow == Flow::Leaves { Flow::Leaves } else { Flow::Next })
    }

    fn match_stmt(
        &mut self,
        subject: &'a ast::Expr,
        cases: &'a [ast::Case],
        tail: bool,
        span: Span,
    ) -> Lowers<Flow> {
        let subject_value = self.eval(subject)?;
        if let Val::Expr(_) | Val::Signal(_) | Val::Var(..) = subject_value
            && cases.iter().all(|case| case.guard.is_none())
        {
            let typed = self.expr(&subject_value, subject.span)?;
            let mut values = Vec::new();
            for case in cases {
                match self.pattern_values(&case.pattern, typed.id) {
                    Some(one) => values.push(one),
                    None => break,
                }
            }
            if values.len() == cases.len() {
                return self.switch(typed.id, cases, values, tail, span);
            }
        }
        self.match_chain(&subject_value, cases, tail, span)
    }

    /// The constants that a pattern stands for, an empty list for one that fits everything; `None` if it is of another kind.
    fn pattern_values(&mut self, pattern: &'a ast::Pattern, subject: pyhw_ir::ExprId) -> Option<Vec<Value>> {
        match &pattern.kind {
            PatternKind::Wildcard => Some(Vec::new()),
            PatternKind::Class { value, .. } => self.pattern_values(value, subject),
            PatternKind::Or(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    let values = self.pattern_values(part, subject)?;
                    if values.is_empty() {
                        return Some(values);
                    }
                    all.extend(values);
                }
                Some(all)
            }
            PatternKind::Value(expr) => {
                let errors = self.errors.len();
                let value = self.eval(expr);
                self.errors.truncate(errors);
                let value = match (value.ok()?, self.body.exprs.ty(subject)) {
                    (Val::Const(Const::Enum(of, member)), Type::Enum(subject)) if of == *subject => {
                        Value::Enum(member)
                    }
                    (Val::Const(Const::Int(value)), Type::Int(_)) => Value::Int(value),
                    (Val::Const(Const::Bool(value)), Type::Bool) => Value::Bool(value),
                    (Val::Const(Const::Int(value)), Type::Bool)
                        if value == Int::ZERO || value == Int::ONE =>
                    {
                        Value::Bool(value == Int::ONE)
                    }
                    _ => return None,
                };
                Some(vec![value])
            }
            PatternKind::Capture(_)
            | PatternKind::Sequence(_)
            | PatternKind::As { .. }
            | PatternKind::Unsupported { .. } => None,
        }
    }

    fn switch(
        &mut self,
        subject: pyhw_ir::ExprId,
        cases: &'a [ast::Case],
        values: Vec<Vec<Value>>,
        tail: bool,
        span: Span,
    ) -> Lowers<Flow> {
        let before = self.frame().locals.clone();
        let mut seen: HashSet<Value> = HashSet::new();
        let mut arms = Vec::new();
        let mut default = None;
        let mut after: Option<Env<'a>> = None;
        for (case, values) in cases.iter().zip(values) {
            let is_default = values.is_empty();
            let fresh: Vec<Value> = values.into_iter().filter(|value| seen.insert(value.clone())).collect();
            if fresh.is_empty() && !is_default {
                continue;
            }
            self.frame().locals = before.clone();
            let (stmts, flow) = self.in_block(|this| Ok(this.block(&case.body, tail)));
            if flow? == Flow::Next {
                let env = std::mem::take(&mut self.frame().locals);
                after = Some(after.map_or_else(|| env.clone(), |other| merge(&other, &env, span)));
            }
            if is_default {
                default = Some(stmts);
                break;
            }
            arms.push(SwitchArm { values: fresh, body: stmts });
        }
        let covered = match self.body.exprs.ty(subject) {
            Type::Enum(of) => seen.len() == self.cx.elaborated.types.enums[of.index()].members.len(),
            Type::Bool => seen.len() == 2,
            Type::Int(range) => range.size().is_some_and(|size| {
                size == Int::from(
                    seen.iter()
                        .filter(|value| value.as_int().is_some_and(|value| range.contains(value)))
                        .count(),
                )
            }),
            _ => false,
        };
        if covered {
            default = None;
        } else if default.is_none() {
            default = Some(Vec::new());
            after = Some(after.map_or_else(|| before.clone(), |other| merge(&other, &before, span)));
        }
        if arms.is_empty() {
            self.out.extend(default.unwrap_or_default());
        } else {
            self.emit(StmtKind::Switch { subject, arms, default }, span);
        }
        let flow = if after.is_some() { Flow::Next } else { Flow::Leaves };
        self.frame().locals = after.unwrap_or(before);
        Ok(flow)
    }

    fn match_chain(
        &mut self,
        subject: &Val<'a>,
        cases: &'a [ast::Case],
        tail: bool,
        span: Span,
    ) -> Lowers<Flow> {
        let Some((case, rest)) = cases.split_first() else { return Ok(Flow::Next) };
        let before = self.frame().locals.clone();
        let mut cond = self.pattern_cond(subject, &case.pattern)?;
        if let Some(guard) = &case.guard {
            let value = self.eval(guard)?;
            let truth = self.truth(&value, guard.span)?;
            cond = self.combine(cond, truth, false, guard.span)?;
        }
        match cond {
            Val::Const(Const::Bool(true)) => Ok(self.block(&case.body, tail)),
            Val::Const(Const::Bool(false)) => {
                self.frame().locals = before;
                self.match_chain(subject, rest, tail, span)
            }
            cond => {
                let cond = self.expr(&cond, case.span)?.id;
                let (then_stmts, then_flow) = self.in_block(|this| Ok(this.block(&case.body, tail)));
                let after_then = std::mem::replace(&mut self.frame().locals, before);
                let (orelse, else_flow) = self.in_block(|this| this.match_chain(subject, rest, tail, span));
                let (then_flow, else_flow) = (then_flow?, else_flow?);
                let after_else = std::mem::take(&mut self.frame().locals);
                self.frame().locals = match (then_flow, else_flow) {
                    (Flow::Leaves, _) => after_else,
                    (Flow::Next, Flow::Leaves) => after_then,
                    (Flow::Next, Flow::Next) => merge(&after_then, &after_else, span),
                };
                self.emit(StmtKind::If { arms: vec![(cond, then_stmts)], orelse }, span);
                Ok(if then_flow == Flow::Leaves && else_flow == Flow::Leaves {
                    Flow::Leaves
                } else {
                    Flow::Next
                })
            }
        }
    }

    /// The condition under which a pattern fits; names in it are bound.
    fn pattern_cond(&mut self, subject: &Val<'a>, pattern: &'a ast::Pattern) -> Lowers<Val<'a>> {
        match &pattern.kind {
            PatternKind::Wildcard => Ok(Val::bool(true)),
            PatternKind::Class { value, .. } => self.pattern_cond(subject, value),
            PatternKind::Capture(name) => {
                self.bind(&name.name, subject, pattern.span)?;
                Ok(Val::bool(true))
            }
            PatternKind::Value(expr) => {
                let value = self.eval(expr)?;
                self.compare(ast::CompareOp::Eq, subject, &value, pattern.span)
            }
            PatternKind::Or(parts) => {
                let mut any = Val::bool(false);
                for part in parts {
                    let one = self.pattern_cond(subject, part)?;
                    any = self.combine(any, one, true, pattern.span)?;
                }
                Ok(any)
            }
            PatternKind::Sequence(parts) => {
                let elements = self.elements(subject, pattern.span)?;
                if elements.len() != parts.len() {
                    return Ok(Val::bool(false));
                }
                let mut all = Val::bool(true);
                for (part, element) in parts.iter().zip(&elements) {
                    let one = self.pattern_cond(element, part)?;
                    all = self.combine(all, one, false, pattern.span)?;
                }
                Ok(all)
            }
            PatternKind::As { pattern, name } => {
                let cond = self.pattern_cond(subject, pattern)?;
                self.bind(&name.name, subject, pattern.span)?;
                Ok(cond)
            }
            PatternKind::Unsupported { what, .. } => {
                let message = format!("{} is outside the subset", what.row().name);
                self.outside(pattern.span, message)
            }
        }
    }

    fn while_loop(
        &mut self,
        test: &'a ast::Expr,
        body: &'a ast::Block,
        orelse: &'a ast::Block,
        span: Span,
    ) -> Lowers<Flow> {
        self.forget(&[body], Some(test));
        let before = self.frame().locals.clone();
        let (cond_stmts, cond) = self.in_block(|this| {
            let value = this.eval(test)?;
            this.truth(&value, test.span)
        });
        let cond = cond?;
        if let Val::Const(Const::Bool(false)) = cond {
            self.out.extend(cond_stmts);
            return Ok(self.block(orelse, false));
        }
        let endless = matches!(cond, Val::Const(Const::Bool(true)));
        let label = self.body.add_label("loop");
        let on_break = if orelse.is_empty() { label } else { self.body.add_label("search") };
        let cond = self.expr(&cond, test.span)?.id;
        let (body_stmts, scope) = self.loop_body(body, on_break, label, false, span)?;
        self.merge_loop(&before, span);
        let stmt = if cond_stmts.is_empty() {
            StmtKind::While { label, cond, body: body_stmts }
        } else {
            // The condition needs statements before it: they stand at the start of each turn.
            let truth = self.body.exprs.bool(true, span);
            let not = self.not(cond, span)?;
            let not = self.expr(&not, span)?.id;
            let mut all = cond_stmts;
            let leave = vec![Stmt::new(StmtKind::Break(label), span)];
            all.push(Stmt::new(StmtKind::If { arms: vec![(not, leave)], orelse: Vec::new() }, span));
            all.extend(body_stmts);
            StmtKind::While { label, cond: truth, body: all }
        };
        self.close_loop(stmt, orelse, on_break, scope.breaks, span);
        Ok(if endless && !scope.breaks { Flow::Leaves } else { Flow::Next })
    }

    /// Lowers the body of a loop in a list of its own.
    fn loop_body(
        &mut self,
        body: &'a ast::Block,
        on_break: pyhw_ir::LabelId,
        on_continue: pyhw_ir::LabelId,
        continue_is_block: bool,
        _span: Span,
    ) -> Lowers<(Vec<Stmt>, LoopScope)> {
        let scope = LoopScope { on_break, on_continue, continue_is_block, breaks: false, continues: false };
        self.frame().loops.push(scope);
        let (stmts, _) = self.in_block(|this| Ok::<Flow, Failed>(this.block(body, false)));
        match self.frame().loops.pop() {
            Some(scope) => Ok((stmts, scope)),
            None => self.fail(Diagnostic::bug(Span::NONE, "a loop ended twice")),
        }
    }

    /// Adds a loop with its `else`.
    fn close_loop(
        &mut self,
        stmt: StmtKind,
        orelse: &'a ast::Block,
        on_break: pyhw_ir::LabelId,
        breaks: bool,
        span: Span,
    ) {
        if orelse.is_empty() {
            self.emit(stmt, span);
            return;
        }
        let before = self.frame().locals.clone();
        let (mut stmts, _) = self.in_block(|this| {
            this.emit(stmt, span);
            Ok::<Flow, Failed>(this.block(orelse, false))
        });
        if breaks {
            let after = std::mem::take(&mut self.frame().locals);
            self.frame().locals = merge(&before, &after, span);
            self.emit(StmtKind::Block { label: on_break, body: stmts }, span);
        } else {
            self.out.append(&mut stmts);
        }
    }

    fn merge_loop(&mut self, before: &Env<'a>, span: Span) {
        let after = std::mem::take(&mut self.frame().locals);
        self.frame().locals = merge(before, &after, span);
    }

    /// Forgets the values of names that a loop assigns: they differ from turn to turn.
    fn forget(&mut self, blocks: &[&'a ast::Block], test: Option<&'a ast::Expr>) {
        let mut names = HashSet::new();
        for block in blocks {
            assigned_names(&block.stmts, &mut names);
        }
        if let Some(test) = test {
            walrus_names(test, &mut names);
        }
        for (name, local) in &mut self.frame().locals {
            if names.contains(name)
                && let Local::Var { known, width, .. } = local
            {
                *known = None;
                *width = None;
            }
        }
    }

    fn for_loop(
        &mut self,
        target: &'a ast::Expr,
        iter: &'a ast::Expr,
        body: &'a ast::Block,
        orelse: &'a ast::Block,
        span: Span,
    ) -> Lowers<Flow> {
        let over = self.eval(iter)?;
        match (&over, &target.kind) {
            (Val::Range(start, stop, step), ExprKind::Name(name)) => {
                let turns = self.length(&over).unwrap_or(usize::MAX);
                let mut assigned = HashSet::new();
                assigned_names(&body.stmts, &mut assigned);
                if turns > 1 && !assigned.contains(name) {
                    let (start, stop, step) = (start.clone(), stop.clone(), step.clone());
                    if let Some(flow) = self.counted_loop(name, (start, stop, step), body, orelse, span) {
                        return Ok(flow);
                    }
                }
            }
            (Val::DynamicRange(start, stop, step), ExprKind::Name(name)) => {
                let (start, stop, step) = (*start, *stop, step.clone());
                return self.dynamic_loop(name, start, stop, &step, body, orelse, span);
            }
            _ => {}
        }
        self.unrolled_loop(target, &over, iter.span, body, orelse, span)
    }

    /// A loop that stays a loop: tried first, given up if the body needs to know the counter.
    fn counted_loop(
        &mut self,
        name: &str,
        (start, stop, step): (Int, Int, Int),
        body: &'a ast::Block,
        orelse: &'a ast::Block,
        span: Span,
    ) -> Option<Flow> {
        let errors = self.errors.len();
        let mark = self.out.len();
        let saved_body = (self.body.vars.len(), self.body.labels.len());
        let saved_locals = self.frame().locals.clone();
        let saved_plain = self.frame().plain.clone();
        self.forget(&[body], None);
        let before = self.frame().locals.clone();
        let last = match step.is_negative() {
            false => stop.sub(&Int::ONE),
            true => stop.add(&Int::ONE),
        };
        let range = Range { min: Some(start.clone().min(last.clone())), max: Some(start.clone().max(last)) };
        let var = self.new_var(name, Type::Int(range), false, span);
        self.frame().locals.insert(name.to_owned(), Local::Var { id: var, known: None, width: None });
        let label = self.body.add_label(name);
        let on_break = if orelse.is_empty() { label } else { self.body.add_label("search") };
        let lowered = self.loop_body(body, on_break, label, false, span);
        if self.errors.len() > errors {
            self.errors.truncate(errors);
            self.out.truncate(mark);
            self.body.vars.truncate(saved_body.0);
            self.body.labels.truncate(saved_body.1);
            self.frame().locals = saved_locals;
            self.frame().plain = saved_plain;
            return None;
        }
        let (stmts, scope) = lowered.ok()?;
        let mut before = before;
        before.insert(name.to_owned(), Local::Var { id: var, known: None, width: None });
        self.merge_loop(&before, span);
        self.close_loop(
            StmtKind::For { label, var, start, stop, step, body: stmts },
            orelse,
            on_break,
            scope.breaks,
            span,
        );
        Some(Flow::Next)
    }

    /// `for i in range(a, b)` with bounds that are known at run time only.
    fn dynamic_loop(
        &mut self,
        name: &str,
        start: pyhw_ir::ExprId,
        stop: pyhw_ir::ExprId,
        step: &Int,
        body: &'a ast::Block,
        orelse: &'a ast::Block,
        span: Span,
    ) -> Lowers<Flow> {
        let unbounded = Type::Int(Range::UNBOUNDED);
        let counter = self.new_var(&format!("{name}_count"), unbounded.clone(), false, span);
        self.assign_var(counter, start, span);
        let limit = self.new_var(&format!("{name}_stop"), unbounded, false, span);
        self.assign_var(limit, stop, span);
        self.forget(&[body], None);
        let counter_value = self.read_var(counter, span);
        let limit_value = self.read_var(limit, span);
        let cond =
            self.op(if step.is_negative() { Op::Gt } else { Op::Lt }, &[counter_value, limit_value], span)?;
        let label = self.body.add_label(name);
        let on_break = if orelse.is_empty() { label } else { self.body.add_label("search") };
        let before = self.frame().locals.clone();
        let step = self.body.exprs.int(step.clone(), span);
        let next = self.op(Op::Add, &[counter_value, step], span)?;
        let (mut stmts, bound) = self.in_block(|this| {
            this.bind(name, &Val::Expr(crate::value::Typed { id: counter_value, width: None }), span)?;
            this.assign_var(counter, next, span);
            Ok(())
        });
        bound?;
        let (body_stmts, scope) = self.loop_body(body, on_break, label, false, span)?;
        stmts.extend(body_stmts);
        self.merge_loop(&before, span);
        self.close_loop(StmtKind::While { label, cond, body: stmts }, orelse, on_break, scope.breaks, span);
        Ok(Flow::Next)
    }

    /// Every turn written out, with the elements known.
    fn unrolled_loop(
        &mut self,
        target: &'a ast::Expr,
        over: &Val<'a>,
        over_span: Span,
        body: &'a ast::Block,
        orelse: &'a ast::Block,
        span: Span,
    ) -> Lowers<Flow> {
        if self.length(over).is_some_and(|turns| turns > MAX_UNROLLED_TURNS) {
            let message = format!("the loop has more than {MAX_UNROLLED_TURNS} turns");
            return self.error(Code::PH0204, span, message);
        }
        let elements = self.elements(over, over_span)?;
        let on_break = self.body.add_label("search");
        let mut breaks = false;
        let mut leaves = false;
        let outer = std::mem::take(&mut self.out);
        let mut failed = false;
        for element in elements {
            if self.bind_known(target, element).is_err() {
                failed = true;
                break;
            }
            let on_continue = self.body.add_label("turn");
            let errors = self.errors.len();
            let scope =
                LoopScope { on_break, on_continue, continue_is_block: true, breaks: false, continues: false };
            self.frame().loops.push(scope);
            let before = self.frame().locals.clone();
            let (mut stmts, flow) = self.in_block(|this| Ok::<Flow, Failed>(this.block(body, false)));
            let Some(scope) = self.frame().loops.pop() else { break };
            breaks |= scope.breaks;
            if scope.continues {
                self.merge_loop(&before, span);
                if let Some(Stmt { kind: StmtKind::Break(label), .. }) = stmts.last()
                    && *label == on_continue
                    && !leaves_elsewhere(&stmts[..stmts.len() - 1], on_continue)
                {
                    stmts.pop();
                    self.out.extend(stmts);
                } else {
                    self.emit(StmtKind::Block { label: on_continue, body: stmts }, span);
                }
            } else {
                self.out.extend(stmts);
                if matches!(flow, Ok(Flow::Leaves)) {
                    leaves = true;
                    break;
                }
            }
            // The same fault in every turn is told once.
            if self.errors.len() > errors {
                failed = true;
                break;
            }
        }
        if !leaves && !failed {
            self.block(orelse, false);
        }
        let mut stmts = std::mem::replace(&mut self.out, outer);
        if failed {
            return Err(Failed);
        }
        if breaks {
            if let Some(Stmt { kind: StmtKind::Break(label), .. }) = stmts.last()
                && *label == on_break
                && !leaves_elsewhere(&stmts[..stmts.len() - 1], on_break)
            {
                stmts.pop();
                self.out.extend(stmts);
            } else {
                self.emit(StmtKind::Block { label: on_break, body: stmts }, span);
            }
            self.forget(&[body], None);
            return Ok(Flow::Next);
        }
        self.out.extend(stmts);
        Ok(if leaves { Flow::Leaves } else { Flow::Next })
    }

    /// `return value`.
    fn return_value(&mut self, value: &Val<'a>, tail: bool, span: Span) -> Lowers<()> {
        if self.frame().returns.is_none() {
            if !tail || self.timed {
                self.emit(StmtKind::Return, span);
            }
            return Ok(());
        }
        let parts: Vec<Val<'a>> = match value {
            Val::Const(Const::None) => Vec::new(),
            Val::Sequence(parts, _) => parts.to_vec(),
            other => vec![other.clone()],
        };
        let is_tuple = matches!(value, Val::Sequence(..));
        let mut stored = Vec::new();
        for part in &parts {
            stored.push(self.expr(part, span)?);
        }
        let known = self.frame().returns.as_ref().and_then(|returns| returns.vars.clone());
        let vars = match known {
            Some((vars, tuple)) if vars.len() == stored.len() && tuple == is_tuple => vars,
            Some(_) => return self.outside(span, "the function returns values of different kinds"),
            None => {
                let mut vars = Vec::new();
                for typed in &stored {
                    let ty = self.plain_type(typed.id);
                    vars.push((self.new_var("result", ty, false, span), typed.width));
                }
                vars
            }
        };
        let mut kept = Vec::new();
        for ((var, width), typed) in vars.into_iter().zip(&stored) {
            let ty = self.body.var(var).ty.clone();
            let mut id = typed.id;
            if matches!(ty, Type::Int(_)) && *self.body.exprs.ty(id) == Type::Bool {
                id = self.to_int(id, span)?;
            }
            if !pyhw_ir::op::accepts(&ty, self.body.exprs.ty(id)) {
                return self.outside(span, "the function returns values of different kinds");
            }
            self.assign_var(var, id, span);
            kept.push((var, width.filter(|width| Some(*width) == typed.width)));
        }
        let needs_label = !tail;
        let has_label = self.frame().returns.as_ref().is_some_and(|returns| returns.label.is_some());
        if needs_label && !has_label {
            let label = self.body.add_label("call");
            if let Some(returns) = &mut self.frame().returns {
                returns.label = Some(label);
            }
        }
        let mut leave = None;
        if let Some(returns) = &mut self.frame().returns {
            returns.vars = Some((kept, is_tuple));
            leave = returns.label.filter(|_| needs_label);
        }
        if let Some(label) = leave {
            self.emit(StmtKind::Break(label), span);
        }
        Ok(())
    }

    fn raise(&mut self, exception: Option<&'a ast::Expr>, span: Span) -> Lowers<()> {
        let Some(exception) = exception else {
            return self.outside(span, "a bare `raise` is outside the subset");
        };
        let value = self.eval(exception)?;
        let (name, message) = match value {
            Val::Builtin(name) => (name.to_owned(), None),
            Val::Exception(name, message) => (name, message),
            other => {
                let message = format!("{} cannot be raised in a process", other.describe());
                return self.outside(span, message);
            }
        };
        let kind = match name.as_str() {
            "StopSimulation" => StmtKind::Finish { message },
            _ => StmtKind::Raise { exception: name, message },
        };
        self.emit(kind, span);
        Ok(())
    }

    fn assertion(&mut self, test: &'a ast::Expr, message: Option<&'a ast::Expr>, span: Span) -> Lowers<()> {
        let value = self.eval(test)?;
        let cond = self.truth(&value, test.span)?;
        if let Val::Const(Const::Bool(true)) = cond {
            return Ok(());
        }
        let cond = self.expr(&cond, test.span)?.id;
        let (stmts, text) = self.in_block(|this| match message {
            Some(message) => {
                let value = this.eval(message)?;
                this.as_text(&value, message.span).map(Some)
            }
            None => Ok(None),
        });
        let text = text?;
        if !stmts.is_empty() {
            return self.outside(span, "the message of an assertion must be an expression");
        }
        self.emit(StmtKind::Assert { cond, message: text }, span);
        Ok(())
    }
}

/// What follows an `if` whose arms all return.
#[derive(Clone, Copy)]
enum Orelse<'a> {
    Block(&'a ast::Block),
    Rest(&'a [ast::Stmt]),
}

type Env<'a> = BTreeMap<String, Local<'a>>;

fn merge<'a>(a: &Env<'a>, b: &Env<'a>, at: Span) -> Env<'a> {
    let mut merged = Env::new();
    for name in a.keys().chain(b.keys()) {
        if merged.contains_key(name) {
            continue;
        }
        let local = match (a.get(name), b.get(name)) {
            (Some(a), Some(b)) => Local::merge(a, b, at),
            // Bound on one path only: reading it after the other one is a fault at run time.
            (Some(Local::Var { id, width, .. }), None) | (None, Some(Local::Var { id, width, .. })) => {
                Local::Var { id: *id, known: None, width: *width }
            }
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => continue,
        };
        merged.insert(name.clone(), local);
    }
    merged
}

fn root_net(place: &Place) -> pyhw_ir::NetId {
    match place.root {
        Root::Net(net) => net,
        Root::Var(_) => pyhw_ir::NetId::new(0),
    }
}

/// Whether every path through the statements ends in `return` or `raise`.
fn returns(stmts: &[ast::Stmt]) -> bool {
    match stmts.last().map(|stmt| &stmt.kind) {
        Some(ast::StmtKind::Return(_) | ast::StmtKind::Raise { .. }) => true,
        Some(ast::StmtKind::If { arms, orelse }) => {
            !orelse.is_empty() && returns(&orelse.stmts) && arms.iter().all(|arm| returns(&arm.body.stmts))
        }
        _ => false,
    }
}

/// Whether a `break` with the label stands anywhere in the statements.
fn leaves_elsewhere(stmts: &[Stmt], label: pyhw_ir::LabelId) -> bool {
    let mut found = false;
    pyhw_ir::walk_stmts(stmts, &mut |stmt| {
        found |= matches!(&stmt.kind, StmtKind::Break(other) if *other == label)
    });
    found
}

/// The names that statements assign, those in nested functions left out.
pub fn assigned_names(stmts: &[ast::Stmt], names: &mut HashSet<String>) {
    for stmt in stmts {
        match &stmt.kind {
            ast::StmtKind::Assign { targets, value } => {
                targets.iter().for_each(|target| target_names(target, names));
                walrus_names(value, names);
            }
            ast::StmtKind::AugAssign { target, .. } | ast::StmtKind::AnnAssign { target, .. } => {
                target_names(target, names);
            }
            ast::StmtKind::If { arms, orelse } => {
                for arm in arms {
                    walrus_names(&arm.test, names);
                    assigned_names(&arm.body.stmts, names);
                }
                assigned_names(&orelse.stmts, names);
            }
            ast::StmtKind::While { test, body, orelse } => {
                walrus_names(test, names);
                assigned_names(&body.stmts, names);
                assigned_names(&orelse.stmts, names);
            }
            ast::StmtKind::For { target, body, orelse, .. } => {
                target_names(target, names);
                assigned_names(&body.stmts, names);
                assigned_names(&orelse.stmts, names);
            }
            ast::StmtKind::Match { cases, .. } => {
                for case in cases {
                    pattern_names(&case.pattern, names);
                    assigned_names(&case.body.stmts, names);
                }
            }
            ast::StmtKind::Function(def) => {
                names.insert(def.name.name.clone());
            }
            ast::StmtKind::Expr(expr) => walrus_names(expr, names),
            _ => {}
        }
    }
}

fn target_names(target: &ast::Expr, names: &mut HashSet<String>) {
    match &target.kind {
        ExprKind::Name(name) => {
            names.insert(name.clone());
        }
        ExprKind::Tuple(targets) | ExprKind::List(targets) => {
            targets.iter().for_each(|target| target_names(target, names));
        }
        ExprKind::Starred(inner) => target_names(inner, names),
        _ => {}
    }
}

fn pattern_names(pattern: &ast::Pattern, names: &mut HashSet<String>) {
    match &pattern.kind {
        PatternKind::Capture(name) => {
            names.insert(name.name.clone());
        }
        PatternKind::Or(parts) | PatternKind::Sequence(parts) => {
            parts.iter().for_each(|part| pattern_names(part, names));
        }
        PatternKind::As { pattern, name } => {
            names.insert(name.name.clone());
            pattern_names(pattern, names);
        }
        PatternKind::Class { value, .. } => pattern_names(value, names),
        PatternKind::Wildcard | PatternKind::Value(_) | PatternKind::Unsupported { .. } => {}
    }
}

fn walrus_names(expr: &ast::Expr, names: &mut HashSet<String>) {
    match &expr.kind {
        ExprKind::Walrus { target, value } => {
            names.insert(target.name.clone());
            walrus_names(value, names);
        }
        ExprKind::Compare { first, rest } => {
            walrus_names(first, names);
            rest.iter().for_each(|(_, value)| walrus_names(value, names));
        }
        ExprKind::Binary { first, rest } => {
            walrus_names(first, names);
            rest.iter().for_each(|(_, value)| walrus_names(value, names));
        }
        ExprKind::BoolOp { values, .. } | ExprKind::Tuple(values) | ExprKind::List(values) => {
            values.iter().for_each(|value| walrus_names(value, names));
        }
        ExprKind::Unary { operand, .. } => walrus_names(operand, names),
        ExprKind::Call { args, .. } => args.iter().for_each(|arg| walrus_names(arg.value(), names)),
        ExprKind::Conditional { test, body, orelse } => {
            walrus_names(test, names);
            walrus_names(body, names);
            walrus_names(orelse, names);
        }
        _ => {}
    }
}

impl Frame<'_> {
    /// Notes the names that the function assigns.
    pub fn note_assigned(&mut self, stmts: &[ast::Stmt]) {
        assigned_names(stmts, &mut self.assigned);
    }
}
