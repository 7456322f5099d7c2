//! Statements: control flow known while lowering is resolved, the rest keeps its structure.

use crate::lowerer::{Frame, Lowerer, Lowers};
use crate::value::{Local, SequenceKind, SignalRef, Typed, Val};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::Const;
use pyhw_ir::{Comments, Edge, Event, ExprId, Stmt, StmtKind, Type, Wait};
use pyhw_syntax::ast::{self, ExprKind};
use pyhw_syntax::names::{assigns_attribute, bound_by_stmts};
use std::collections::BTreeMap;

/// Whether control goes on after a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It may.
    Next,
    /// It leaves.
    Leaves,
}

impl<'a> Lowerer<'a> {
    /// Lowers a block; `tail` tells that nothing of the function follows it.
    pub fn block(&mut self, block: &'a ast::Block, tail: bool) -> Flow {
        let mark = self.out.len();
        let flow = self.stmts(&block.stmts, tail);
        // The comment behind the colon goes before the first statement.
        if let (Some(comment), Some(first)) = (&block.opening, self.first_since(mark)) {
            first.comments.leading.insert(0, comment.text.clone());
        }
        flow
    }

    /// Lowers statements; after an error it goes on with the next one, so that several errors are found in a run.
    pub fn stmts(&mut self, stmts: &'a [ast::Stmt], tail: bool) -> Flow {
        for (index, stmt) in stmts.iter().enumerate() {
            let rest = &stmts[index + 1..];
            let mark = self.out.len();
            // A function that is written out here reads for itself.
            let reads = std::mem::take(&mut self.reads);
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
                    self.reads = reads;
                    return result.unwrap_or(Flow::Next);
                }
                _ => self.stmt(stmt, tail && rest.is_empty()),
            };
            self.attach_comments(stmt, mark);
            self.reads = reads;
            if let Ok(Flow::Leaves) = result {
                return Flow::Leaves;
            }
        }
        Flow::Next
    }

    /// The first statement that was added since, for comments: not one that nobody wrote.
    fn first_since(&mut self, mark: usize) -> Option<&mut Stmt> {
        self.out.iter_mut().skip(mark).find(|stmt| !matches!(stmt.kind, StmtKind::Unset(_)))
    }

    fn attach_comments(&mut self, stmt: &ast::Stmt, mark: usize) {
        if let Some(first) = self.first_since(mark) {
            let leading: Vec<String> = stmt.leading.iter().map(|comment| comment.text.clone()).collect();
            first.comments.leading.splice(0..0, leading);
            if let Some(comment) = &stmt.trailing {
                first.comments.trailing = Some(comment.text.clone());
            }
        }
    }

    /// Stores a value into targets. A choice of a value and None is a choice of stores: None, which releases a bus, is no value.
    fn assign_all(
        &mut self,
        targets: &'a [ast::Expr],
        value: &'a ast::Expr,
        to_signals: bool,
        span: Span,
    ) -> Lowers<()> {
        if let ExprKind::Conditional { test, body, orelse } = &value.kind
            && to_signals
            && (may_be_none(body) || may_be_none(orelse))
        {
            let test_span = test.span;
            let test = self.eval_ordered(test)?;
            return match self.truth(&test, test_span)? {
                Val::Const(Const::Bool(known)) => {
                    self.assign_all(targets, if known { body } else { orelse }, true, span)
                }
                truth => {
                    let cond = self.expr(&truth, test_span)?.id;
                    let (then, stored) = self.in_block(|this| this.assign_all(targets, body, true, span));
                    stored?;
                    let (other, stored) = self.in_block(|this| this.assign_all(targets, orelse, true, span));
                    stored?;
                    self.emit(StmtKind::If { arms: vec![(cond, then)], orelse: other }, span);
                    Ok(())
                }
            };
        }
        let value_span = value.span;
        let from = value;
        let mut value = match self.picked_reference(targets, from)? {
            Some(picked) => picked,
            None => self.eval_for(targets, from)?,
        };
        if targets.len() > 1 && !to_signals {
            // What the first target gets changes nothing for the others.
            value = self.snapshot(&value, value_span)?;
        }
        if self.wants_table_for(targets, from, &value)? {
            return self.begin_anew(value_span);
        }
        // An element that a loop has yet to reach may be the object that the name stood for.
        self.is_plain_binding =
            matches!(targets, [ast::Expr { kind: ExprKind::Name(_), .. }]) && self.frame().turns == 0;
        for (place, target) in targets.iter().enumerate() {
            self.assign(target, &value, span, value_span)?;
            // The next name is bound to the same object.
            if place + 1 < targets.len() && matches!(target.kind, ExprKind::Name(_)) && value.is_changeable()
            {
                value = self.eval(target)?;
            }
        }
        Ok(())
    }

    /// A value that is to be bound to these targets. If it cannot be lowered, that their names are not bound follows, and is not told.
    fn eval_for(&mut self, targets: &'a [ast::Expr], value: &'a ast::Expr) -> Lowers<Val<'a>> {
        let is_name = |target: &ast::Expr| matches!(target.kind, ExprKind::Name(_));
        let result = match self.is_iterator(value) && targets.iter().any(is_name) {
            true => self.kept_iterator(value.span),
            false => self.eval(value),
        };
        if result.is_err() {
            let mut targets: Vec<&ast::Expr> = targets.iter().collect();
            while let Some(target) = targets.pop() {
                match &target.kind {
                    ExprKind::Name(name) => {
                        self.frame().unbound.insert(name.clone());
                    }
                    ExprKind::Tuple(parts) | ExprKind::List(parts) => targets.extend(parts),
                    _ => {}
                }
            }
        }
        result
    }

    /// Whether it is gone through once, and sees what is there then: a generator, or what `zip` and the like give.
    fn is_iterator(&mut self, value: &'a ast::Expr) -> bool {
        match &value.kind {
            ExprKind::Comprehension(of) => of.kind == ast::ComprehensionKind::Generator,
            ExprKind::Call { function, .. } => match &function.kind {
                ExprKind::Name(name) if matches!(name.as_str(), "enumerate" | "reversed" | "zip") => {
                    matches!(self.eval(function), Ok(Val::Builtin(_)))
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn kept_iterator<T>(&mut self, span: Span) -> Lowers<T> {
        let what = "what is kept here is gone through once, and has the elements that there are then";
        let error = Diagnostic::new(Code::PH0201, span, what);
        self.fail(error.help("go through it where it is made, or keep a list: `[… for … in …]`, `list(…)`"))
    }

    fn stmt(&mut self, stmt: &'a ast::Stmt, tail: bool) -> Lowers<Flow> {
        let span = stmt.span;
        match &stmt.kind {
            ast::StmtKind::Expr(expr) => self.expr_stmt(expr, span)?,
            ast::StmtKind::Assign { targets, value } => {
                let to_signals = targets.iter().all(
                    |target| matches!(&target.kind, ExprKind::Attribute { attr, .. } if attr.name == "next"),
                );
                let parts: Vec<&'a ast::Expr> = targets.iter().chain([value]).collect();
                self.ordered(&parts, |this| this.assign_all(targets, value, to_signals, span))?;
            }
            ast::StmtKind::AugAssign { target, op, value } => {
                let done = self.ordered(&[target, value], |this| {
                    this.once_indexed(target, |this| {
                        this.prepare_update(target)?;
                        // Python reads the target first.
                        let left = this.eval(target)?;
                        let right = this.eval(value)?;
                        this.augmented(target, *op, &left, &right, span)
                    })
                });
                if let (ExprKind::Name(name), Err(_)) = (&target.kind, &done)
                    && !self.frame().locals.contains_key(name)
                {
                    self.frame().unbound.insert(name.clone());
                }
                done?;
            }
            ast::StmtKind::AnnAssign { target, value, .. } => {
                if let Some(value) = value {
                    self.ordered(&[target, value], |this| {
                        let stored = this.eval_for(std::slice::from_ref(target), value)?;
                        this.assign(target, &stored, span, value.span)
                    })?;
                }
            }
            ast::StmtKind::If { arms, orelse } => {
                if let [arm] = &arms[..]
                    && orelse.is_empty()
                    && matches!(&arm.test.kind, ExprKind::Name(name) if name == "__debug__")
                {
                    return Ok(self.for_debugging(&arm.body, tail, span));
                }
                return self.if_chain(arms, Orelse::Block(orelse), tail, span);
            }
            ast::StmtKind::While { test, body, orelse } => return self.while_loop(test, body, orelse, span),
            ast::StmtKind::For { target, iter, body, orelse } => {
                return self.for_loop(target, iter, body, orelse, span);
            }
            ast::StmtKind::Match { subject, cases } => return self.match_stmt(subject, cases, tail, span),
            ast::StmtKind::Break => {
                let frame = self.frame();
                let Some(scope) = frame.loops.last_mut() else {
                    return self.outside(span, "`break` outside a loop");
                };
                scope.breaks = true;
                scope.break_env = Some(meet(scope.break_env.take(), &frame.locals, span));
                let label = scope.on_break;
                self.emit(StmtKind::Break(label), span);
                return Ok(Flow::Leaves);
            }
            ast::StmtKind::Continue => {
                let frame = self.frame();
                let Some(scope) = frame.loops.last_mut() else {
                    return self.outside(span, "`continue` outside a loop");
                };
                scope.continues = true;
                scope.continue_env = Some(meet(scope.continue_env.take(), &frame.locals, span));
                let label = scope.on_continue;
                let kind =
                    if scope.continue_is_block { StmtKind::Break(label) } else { StmtKind::Continue(label) };
                self.emit(kind, span);
                return Ok(Flow::Leaves);
            }
            ast::StmtKind::Pass => {}
            ast::StmtKind::Return(value) => {
                let value = match value {
                    Some(value) => self.eval_ordered(value)?,
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
                let owner = match &stmt.kind {
                    ast::StmtKind::Global(_) => "the file",
                    _ => "an outer function",
                };
                let message =
                    format!("`{}` belongs to {owner}: a process cannot assign it", names.join("`, `"));
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
                let before = self.yielded_from.replace(value.span);
                let done = self.eval(value);
                self.yielded_from = before;
                done.map(|_| ())
            }
            // VHDL's and Verilog's way to store compares in Python, and the result is thrown away; so is that of a slip.
            ExprKind::Compare { first, rest }
                if matches!(&first.kind, ExprKind::Attribute { attr, .. } if attr.name == "next")
                    && matches!(rest[..], [(ast::CompareOp::Le | ast::CompareOp::Eq, _)]) =>
            {
                let operator = rest[0].0.symbol();
                let error =
                    Diagnostic::new(Code::PH0207, span, format!("`{operator}` compares, and stores nothing"));
                self.fail(error.help("a signal is stored into with `=`: `s.next = …`"))
            }
            _ => self.eval_ordered(expr).map(|_| ()),
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
        if let ExprKind::Call { function, .. } = &value.kind {
            let callee = self.eval(function)?;
            if let Some(def) = self.definition(&callee).filter(|def| pyhw_syntax::names::is_generator(def)) {
                let name = &def.name.name;
                let message = format!("a process that waits until `{name}` has ended is simulated by Python");
                let error = Diagnostic::new(Code::PH0201, span, message).label(def.name.span, "a generator");
                return self.fail(error.help(format!("let it run here instead: `yield from {name}(…)`")));
            }
        }
        let value = self.eval(value)?;
        let mut waits = Vec::new();
        self.waits(&value, value_span, &mut waits)?;
        // A join of nothing never comes; an empty list keeps nobody waiting, and time does not go on.
        match (waits.is_empty(), &value) {
            (false, _) => self.emit(StmtKind::Wait(waits), span),
            (true, Val::Join(_)) => self.emit(StmtKind::Return, span),
            (true, _) => return self.outside(value_span, "a wait for nothing is outside the subset"),
        }
        self.forget_chosen_signals(span);
        // The variable has the value from before.
        for local in self.frames.iter_mut().flat_map(|frame| frame.locals.values_mut()) {
            match local {
                Local::Alias { value, .. } => *local = Local::Known(value.clone()),
                Local::Var { copies: true, .. } => *local = Local::Conflict(span),
                _ => {}
            }
        }
        Ok(())
    }

    /// Adds what a `yield` waits for. Gives whether it may come: a join of nothing never does, nor one with such a join in it.
    fn waits(&mut self, value: &Val<'a>, span: Span, into: &mut Vec<Wait>) -> Lowers<bool> {
        match value {
            Val::Signal(signal) => {
                let net = self.event_net(signal, span)?;
                into.push(Wait::Event(Event { net, edge: Edge::Any }));
            }
            Val::Edge(signal, edge) => {
                let net = self.event_net(signal, span)?;
                if !self.cx.nets.net(net).ty.has_edges(false) {
                    return self.outside(span, "a signal of more than one bit has no edges");
                }
                into.push(Wait::Event(Event { net, edge: *edge }));
            }
            Val::Delay(steps) => into.push(Wait::Delay(*steps)),
            Val::Join(parts) => {
                let mut inner = Vec::new();
                let mut comes = !parts.is_empty();
                for part in parts.iter() {
                    comes &= self.waits(part, span, &mut inner)?;
                }
                if comes {
                    into.push(Wait::Join(inner));
                }
                return Ok(comes);
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
        Ok(true)
    }

    fn event_net(&mut self, signal: &SignalRef, span: Span) -> Lowers<pyhw_ir::NetId> {
        match signal {
            SignalRef::Net(net, _) if self.cx.nets.net(*net).ty == Type::Opaque => {
                self.outside(span, "a process cannot wait for a signal of Python objects")
            }
            SignalRef::Net(net, _) => Ok(*net),
            SignalRef::Element(..) => self.outside(span, "a process cannot wait for an element of a memory"),
        }
    }

    /// What stands under `if __debug__:`. Where a design is emitted and this is outside the subset, it is left out, as in MyHDL, unless
    /// something else may depend on it: the simulation would not be what is emitted.
    fn for_debugging(&mut self, body: &'a ast::Block, tail: bool, span: Span) -> Flow {
        let (checkpoint, nexts) = (self.checkpoint(), self.nexts.len());
        let flow = self.block(body, tail);
        // What the logic is not woken by would be shown at other moments by hardware, and MyHDL does not look for it here.
        let asks_others = self
            .levels
            .as_ref()
            .is_some_and(|levels| self.nets_read_since(&checkpoint).iter().any(|net| !levels.contains(net)));
        let is_outside = self.failed_since(&checkpoint) || self.nexts.len() > nexts || asks_others;
        let only_outside = self.errors_since(&checkpoint).all(|error| error.code == Code::PH0201);
        let drives = assigns_attribute(body, "next") || self.stores_since(&checkpoint);
        let is_left_out = !self.cx.python && only_outside && !drives && self.registers.is_empty();
        if !is_left_out || !is_outside {
            return flow;
        }
        self.rewind(checkpoint);
        // A name that only this binds is unbound without it, which its readers are told; so are those of one that it binds anew.
        for name in bound_by_stmts(&body.stmts) {
            if let Some(local) = self.frame().locals.get_mut(&*name) {
                *local = Local::LeftOut(span);
            }
        }
        Flow::Next
    }

    fn if_chain(&mut self, arms: &'a [ast::Arm], orelse: Orelse<'a>, tail: bool, span: Span) -> Lowers<Flow> {
        let Some((first, rest)) = arms.split_first() else {
            return Ok(match orelse {
                Orelse::Block(block) => self.block(block, tail),
                Orelse::Rest(rest) => self.stmts(rest, tail),
            });
        };
        let cond = self.eval_ordered(&first.test)?;
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
        self.emit_chain((cond, then_stmts), else_stmts, span);
        Ok(if then_flow == Flow::Leaves && else_flow == Flow::Leaves { Flow::Leaves } else { Flow::Next })
    }

    /// An arm of a chain with what follows it: where that is the rest of the same chain, it stays one.
    pub fn emit_chain(&mut self, arm: (ExprId, Vec<Stmt>), mut orelse: Vec<Stmt>, span: Span) {
        let mut arms = vec![arm];
        if let [Stmt { kind: StmtKind::If { .. }, comments, span: of_rest }] = &orelse[..]
            && *of_rest == span
            && *comments == Comments::default()
            && let Some(Stmt { kind: StmtKind::If { arms: more, orelse: last }, .. }) = orelse.pop()
        {
            arms.extend(more);
            orelse = last;
        }
        self.emit(StmtKind::If { arms, orelse }, span);
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
        let kind = match value {
            // The list itself is what another path may return.
            Val::Sequence(_, SequenceKind::List) => Some(SequenceKind::Picked),
            Val::Sequence(_, kind) => Some(kind.clone()),
            _ => None,
        };
        let mut stored = Vec::new();
        for part in &parts {
            stored.push(self.expr(part, span)?);
        }
        let known = self.frame().returns.as_ref().and_then(|returns| returns.vars.clone());
        let vars = match known {
            Some((vars, known)) if vars.len() == stored.len() && known == kind => vars,
            Some(_) => return self.outside(span, "the function returns values of different kinds"),
            None => {
                let mut vars = Vec::new();
                for typed in &stored {
                    let ty = self.plain_type(typed.id);
                    let place = Span { end: span.start, ..span };
                    vars.push((self.new_var("result", ty, false, place), typed.width));
                }
                vars
            }
        };
        let mut kept = Vec::new();
        for ((var, width), (typed, part)) in vars.into_iter().zip(stored.iter().zip(&parts)) {
            let ty = self.body.var(var).ty.clone();
            let mut id = typed.id;
            if matches!(ty, Type::Int(_)) && *self.body.exprs.ty(id) == Type::Bool {
                id = self.bool_to_int(id, span)?;
            }
            if !pyhw_ir::op::accepts(&ty, self.body.exprs.ty(id)) {
                return self.outside(span, "the function returns values of different kinds");
            }
            self.assign_var(var, id, span);
            if self.timed && (matches!(part, Val::Signal(_)) || self.keeps_chosen_signal(part)) {
                // Another path may return something else.
                self.chosen_signals.insert(var);
            }
            let before = Typed { id: self.read_var(var, span), width };
            kept.push((var, self.merged(&[before, *typed])));
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
            returns.vars = Some((kept, kind));
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
        let outer = std::mem::replace(&mut self.asserting, true);
        let value = self.eval_ordered(test);
        self.asserting = outer;
        let cond = self.truth(&value?, test.span)?;
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

/// What the local names are bound to.
pub type Env<'a> = BTreeMap<String, Local<'a>>;

/// What the names are bound to where a path meets those that have come already.
pub fn meet<'a>(others: Option<Env<'a>>, env: &Env<'a>, at: Span) -> Env<'a> {
    others.map_or_else(|| env.clone(), |others| merge(&others, env, at))
}

/// What the names are bound to where two paths meet.
pub fn merge<'a>(a: &Env<'a>, b: &Env<'a>, at: Span) -> Env<'a> {
    let mut merged = Env::new();
    for name in a.keys().chain(b.keys()) {
        if merged.contains_key(name) {
            continue;
        }
        let local = match (a.get(name), b.get(name)) {
            (Some(a), Some(b)) => Local::merge(a, b, at),
            // Bound on one path only: reading it after the other one is a fault at run time.
            (Some(Local::Var { id, width, .. } | Local::Alias { id, width, .. }), None)
            | (None, Some(Local::Var { id, width, .. } | Local::Alias { id, width, .. })) => {
                let copies = [a.get(name), b.get(name)].into_iter().flatten().any(Local::is_copy);
                Local::Var { id: *id, known: None, width: *width, copies }
            }
            // No variable tells that nothing was bound to what may be driven.
            (Some(one), None) | (None, Some(one)) if is_driven_by_reference(one) => Local::Missing(at),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => continue,
        };
        merged.insert(name.clone(), local);
    }
    merged
}

/// Whether the name stands for a signal or an object of signals, and not for a value.
fn is_driven_by_reference(local: &Local<'_>) -> bool {
    matches!(local, Local::Known(Val::Signal(_) | Val::Picked(..) | Val::Instance(_)) | Local::Object { .. })
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

/// Whether a value is None, or a choice that may be.
fn may_be_none(value: &ast::Expr) -> bool {
    match &value.kind {
        ExprKind::None => true,
        ExprKind::Conditional { body, orelse, .. } => may_be_none(body) || may_be_none(orelse),
        _ => false,
    }
}

/// Whether a `break` with the label stands anywhere in the statements.
pub fn leaves_elsewhere(stmts: &[Stmt], label: pyhw_ir::LabelId) -> bool {
    let mut found = false;
    pyhw_ir::walk_stmts(stmts, &mut |stmt| {
        found |= matches!(&stmt.kind, StmtKind::Break(other) if *other == label)
    });
    found
}

impl Frame<'_> {
    /// Notes the names that the function assigns.
    pub fn note_assigned(&mut self, stmts: &[ast::Stmt]) {
        self.assigned.extend(bound_by_stmts(stmts));
        self.rebound.extend(crate::names::rebound(stmts, &[]));
        self.driven.extend(crate::names::driven(stmts));
        self.in_place.extend(crate::names::changed_in_place(stmts, &[]));
        crate::names::changing_lists(stmts, &mut self.changing);
    }
}
