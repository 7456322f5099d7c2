//! Loops: those that can stay loops do, the others are written out turn by turn.

use crate::lowerer::{Failed, LoopScope, Lowerer, Lowers};
use crate::stmt::{Env, Flow, leaves_elsewhere, meet, merge};
use crate::value::{Local, Typed, Val, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::Const;
use pyhw_ir::{Int, LabelId, Op, Range, Stmt, StmtKind, Type};
use pyhw_syntax::ast::{self, Target};
use pyhw_syntax::names::{bindings_of, bound_by_expr, bound_by_stmts, has_yield};

/// The most turns of a loop that are written out one by one.
const MAX_UNROLLED_TURNS: usize = 65_536;

impl<'a> Lowerer<'a> {
    /// Lowers a `while`.
    pub fn while_loop(
        &mut self,
        test: &'a ast::Expr,
        body: &'a ast::Block,
        orelse: &'a ast::Block,
        span: Span,
    ) -> Lowers<Flow> {
        self.forget(body, Some(test), span);
        let before = self.frame().locals.clone();
        let outer = std::mem::replace(&mut self.in_head, true);
        let (cond_stmts, cond) = self.in_block(|this| {
            let value = this.eval_ordered(test)?;
            this.truth(&value, test.span)
        });
        self.in_head = outer;
        let cond = cond?;
        if let Val::Const(Const::Bool(false)) = cond {
            self.out.extend(cond_stmts);
            return Ok(self.block(orelse, false));
        }
        let endless = matches!(cond, Val::Const(Const::Bool(true)));
        // Only a `break` leaves one without an end, and that goes past the `else`.
        let orelse = Some(orelse).filter(|orelse| !endless && !orelse.is_empty());
        let label = self.body.add_label("loop");
        let on_break = self.break_label(label, orelse);
        let cond = self.expr(&cond, test.span)?.id;
        let (body_stmts, mut scope) = self.loop_body(body, on_break, label, false)?;
        self.merge_head(&before, body, span)?;
        if endless && let Some(env) = scope.break_env.take() {
            self.frame().locals = env;
        }
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
        let breaks = scope.breaks;
        self.close_loop(stmt, orelse, scope, span);
        Ok(if endless && !breaks { Flow::Leaves } else { Flow::Next })
    }

    /// Lowers the body of a loop in a list of its own; names are bound as at the end of a turn.
    fn loop_body(
        &mut self,
        body: &'a ast::Block,
        on_break: LabelId,
        on_continue: LabelId,
        continue_is_block: bool,
    ) -> Lowers<(Vec<Stmt>, LoopScope<'a>)> {
        let (stmts, _, scope) = self.turn(body, LoopScope::new(on_break, on_continue, continue_is_block))?;
        Ok((stmts, scope))
    }

    /// Lowers a turn of a loop in a list of its own; names are bound as at its end. Tells whether it goes on with the next one.
    fn turn(
        &mut self,
        body: &'a ast::Block,
        scope: LoopScope<'a>,
    ) -> Lowers<(Vec<Stmt>, Flow, LoopScope<'a>)> {
        self.frame().loops.push(scope);
        let (stmts, flow) = self.in_block(|this| Ok::<Flow, Failed>(this.block(body, false)));
        let Some(mut scope) = self.frame().loops.pop() else {
            return self.fail(Diagnostic::bug(Span::NONE, "a loop ended twice"));
        };
        let mut flow = flow?;
        if let Some(env) = scope.continue_env.take() {
            let at = body.stmts.last().map_or(Span::NONE, |stmt| stmt.span);
            let end = std::mem::take(&mut self.frame().locals);
            self.frame().locals = if flow == Flow::Leaves { env } else { merge(&end, &env, at) };
            flow = Flow::Next;
        }
        Ok((stmts, flow, scope))
    }

    /// What a `break` leaves: the loop, or that and its `else`.
    fn break_label(&mut self, label: LabelId, orelse: Option<&ast::Block>) -> LabelId {
        if orelse.is_some() { self.body.add_label("search") } else { label }
    }

    /// Adds a loop with its `else`.
    fn close_loop(
        &mut self,
        stmt: StmtKind,
        orelse: Option<&'a ast::Block>,
        scope: LoopScope<'a>,
        span: Span,
    ) {
        match orelse {
            None => self.emit(stmt, span),
            Some(orelse) => {
                let (mut stmts, _) = self.in_block(|this| {
                    this.emit(stmt, span);
                    Ok::<Flow, Failed>(this.block(orelse, false))
                });
                if scope.breaks {
                    self.emit(StmtKind::Block { label: scope.on_break, body: stmts }, span);
                } else {
                    self.out.append(&mut stmts);
                }
            }
        }
        if let Some(env) = &scope.break_env {
            self.merge_loop(env, span);
        }
    }

    /// The names behind a loop that is left at its head. What the turns took a tuple for must be what each turn leaves; a name that they took
    /// for a number, and that a turn leaves to be something else, is known to be so in the next attempt.
    fn merge_head(&mut self, before: &Env<'a>, body: &'a ast::Block, span: Span) -> Lowers<()> {
        let waits = has_yield(body);
        let chosen = self.chosen_signals.clone();
        let is_other = |before: &Local<'a>, after: &Local<'a>| {
            let Local::Var { id, copies, .. } = before else { return false };
            match after {
                Local::Known(_) | Local::Object { .. } | Local::Conflict(_) => true,
                Local::Var { id: left, .. } | Local::Alias { id: left, .. } => {
                    let is_copy = after.is_copy() || chosen.contains(left);
                    left != id || (waits && !copies && is_copy)
                }
                Local::LeftOut(_) | Local::Missing(_) => false,
            }
        };
        // The turn took it for another kind of number.
        let width = |before: &Local<'a>, after: &Local<'a>| {
            let Local::Var { width, .. } = before else { return None };
            match after {
                Local::Alias { width: left, .. } | Local::Var { width: left, .. } => {
                    Width::merge(*width, *left).filter(|together| Some(*together) != *width)
                }
                Local::Known(_)
                | Local::Object { .. }
                | Local::Conflict(_)
                | Local::LeftOut(_)
                | Local::Missing(_) => None,
            }
        };
        let after = &self.frame().locals;
        let both = || before.iter().filter_map(|(name, local)| Some((name, local, after.get(name)?)));
        let others = both().filter(|(_, local, after)| is_other(local, after)).map(|(name, ..)| name.clone());
        let widths = both().filter_map(|(name, local, after)| Some((name.clone(), width(local, after)?)));
        let (others, widths) = (others.collect(), widths.collect());
        if self.other_at_head(others, widths) {
            return self.begin_anew(span);
        }
        self.merge_loop(before, span);
        let names = &self.frame().locals;
        let differs = before.iter().find(|(name, local)| {
            matches!(local, Local::Known(Val::Sequence(..)))
                && matches!(names.get(*name), Some(Local::Conflict(_)))
        });
        let left_out = before.keys().find(|name| matches!(names.get(*name), Some(Local::LeftOut(_))));
        if let Some(name) = left_out {
            let message = format!("`{name}` has its value for the next turn from what is simulated only");
            return self.outside(span, message);
        }
        match differs {
            Some((name, _)) => {
                let message = format!("`{name}` is bound to different kinds of things from turn to turn");
                self.outside(span, message)
            }
            None => Ok(()),
        }
    }

    fn merge_loop(&mut self, before: &Env<'a>, span: Span) {
        let after = std::mem::take(&mut self.frame().locals);
        self.frame().locals = merge(before, &after, span);
    }

    /// Forgets what is known of names that a loop assigns: they differ from turn to turn.
    fn forget(&mut self, block: &'a ast::Block, test: Option<&'a ast::Expr>, span: Span) {
        let in_test = test.map(bound_by_expr).unwrap_or_default();
        let in_body = bindings_of(&block.stmts);
        let waits = has_yield(block);
        let body = &self.body;
        let earlier = &self.earlier;
        let Some(frame) = self.frames.last_mut() else { return };
        let home = frame.home;
        for (name, local) in &mut frame.locals {
            let bound = in_body.get(name).copied().unwrap_or_default();
            let is_object = matches!(local, Local::Known(Val::Var(..)));
            let is_kept = |value: &Val<'a>| {
                let Val::Expr(typed) = value else { return false };
                matches!(body.exprs.kind(typed.id), pyhw_ir::ExprKind::Var(_))
            };
            // A tuple of variables, which each turn stores into.
            if let Local::Known(Val::Sequence(elements, kind)) = local
                && kind.is_tuple()
                && elements.iter().all(is_kept)
            {
                continue;
            }
            // `+=` leaves an `intbv` the object that it is.
            let is_updated = bound.places > if is_object { bound.by_updates } else { 0 };
            if is_updated || in_test.contains(name) {
                *local = local.clone().at_loop(waits, span);
                let key = (home, name.clone());
                if earlier.is_unknown_at_head(&key) {
                    *local = Local::Conflict(span);
                } else if let (Local::Var { width, .. }, Some(together)) = (local, earlier.widths.get(&key)) {
                    *width = Some(*together);
                }
            }
        }
    }

    /// Lowers a `for`.
    pub fn for_loop(
        &mut self,
        target: &'a ast::Expr,
        iter: &'a ast::Expr,
        body: &'a ast::Block,
        orelse: &'a ast::Block,
        span: Span,
    ) -> Lowers<Flow> {
        let over = self.eval_ordered(iter)?;
        let otherwise = Some(orelse).filter(|orelse| !orelse.is_empty());
        let counter = match target.as_target() {
            Target::Name(name) => Some(name),
            Target::Attribute(..)
            | Target::Subscript(..)
            | Target::Several(_)
            | Target::Rest(_)
            | Target::Misplaced => None,
        };
        if let (Val::Range(start, stop, step), Some(name)) = (&over, counter) {
            let turns = self.length(&over).unwrap_or(usize::MAX);
            if turns > 1 && !bound_by_stmts(&body.stmts).contains(name) {
                let (start, stop, step) = (start.clone(), stop.clone(), step.clone());
                if let Some(flow) = self.counted_loop(name, (start, stop, step), body, otherwise, span) {
                    return Ok(flow);
                }
            }
        }
        if let (Val::DynamicRange(start, stop, step), Some(name)) = (&over, counter) {
            let (start, stop, step) = (*start, *stop, step.clone());
            return self.dynamic_loop(name, (start, stop, &step), body, otherwise, span);
        }
        // What has no elements that are known is told of there.
        self.unrolled_loop(target, &over, iter, body, orelse, span)
    }

    /// A loop that stays a loop: tried first, given up if the body needs to know the counter.
    fn counted_loop(
        &mut self,
        name: &str,
        (start, stop, step): (Int, Int, Int),
        body: &'a ast::Block,
        orelse: Option<&'a ast::Block>,
        span: Span,
    ) -> Option<Flow> {
        let checkpoint = self.checkpoint();
        self.forget(body, None, span);
        let before = self.frame().locals.clone();
        let last = match step.is_negative() {
            false => stop.sub(&Int::ONE),
            true => stop.add(&Int::ONE),
        };
        let range = Range { min: Some(start.clone().min(last.clone())), max: Some(start.clone().max(last)) };
        let has_own = self.has_one_variable(name);
        let counter_name = if has_own { format!("{name}_count") } else { name.to_owned() };
        let var = self.new_var(&counter_name, Type::Int(range), false, span);
        let counters = self.counters.len();
        self.counters.push(var);
        // Each turn begins with the name, where that has a variable of its own.
        let (mut stmts, bound) = self.in_block(|this| match has_own {
            false => {
                let counter = Local::Var { id: var, known: None, width: None, copies: false };
                this.frame().locals.insert(name.to_owned(), counter);
                Ok(())
            }
            true => {
                let id = this.read_var(var, span);
                this.bind(name, &Val::Expr(Typed { id, width: None }), span)
            }
        });
        let mut before = before;
        if let Some(local) = self.frame().locals.get(name).cloned() {
            if let Local::Var { id, .. } = local {
                self.counters.push(id);
            }
            before.insert(name.to_owned(), local);
        }
        let label = self.body.add_label(name);
        let on_break = self.break_label(label, orelse);
        let lowered = self.loop_body(body, on_break, label, false);
        self.counters.truncate(counters);
        if bound.is_err() || self.failed_since(&checkpoint) || self.merge_head(&before, body, span).is_err() {
            self.rewind(checkpoint);
            return None;
        }
        let (turn, scope) = lowered.ok()?;
        stmts.extend(turn);
        self.close_loop(StmtKind::For { label, var, start, stop, step, body: stmts }, orelse, scope, span);
        Some(Flow::Next)
    }

    /// `for i in range(a, b)` with bounds that are known at run time only.
    fn dynamic_loop(
        &mut self,
        name: &str,
        (start, stop, step): (pyhw_ir::ExprId, pyhw_ir::ExprId, &Int),
        body: &'a ast::Block,
        orelse: Option<&'a ast::Block>,
        span: Span,
    ) -> Lowers<Flow> {
        let unbounded = Type::Int(Range::UNBOUNDED);
        let counter = self.new_var(&format!("{name}_count"), unbounded.clone(), false, span);
        self.assign_var(counter, start, span);
        let limit = self.new_var(&format!("{name}_stop"), unbounded, false, span);
        self.assign_var(limit, stop, span);
        self.forget(body, None, span);
        let counter_value = self.read_var(counter, span);
        let limit_value = self.read_var(limit, span);
        let cond =
            self.op(if step.is_negative() { Op::Gt } else { Op::Lt }, &[counter_value, limit_value], span)?;
        let label = self.body.add_label(name);
        let on_break = self.break_label(label, orelse);
        let before = self.frame().locals.clone();
        let step = self.literal(step.clone(), span)?;
        let next = self.op(Op::Add, &[counter_value, step], span)?;
        let (mut stmts, bound) = self.in_block(|this| {
            this.bind(name, &Val::Expr(Typed { id: counter_value, width: None }), span)?;
            this.assign_var(counter, next, span);
            Ok(())
        });
        bound?;
        let (body_stmts, scope) = self.loop_body(body, on_break, label, false)?;
        stmts.extend(body_stmts);
        self.merge_head(&before, body, span)?;
        self.close_loop(StmtKind::While { label, cond, body: stmts }, orelse, scope, span);
        Ok(Flow::Next)
    }

    /// Every turn written out, with the elements known.
    fn unrolled_loop(
        &mut self,
        target: &'a ast::Expr,
        over: &Val<'a>,
        iter: &'a ast::Expr,
        body: &'a ast::Block,
        orelse: &'a ast::Block,
        span: Span,
    ) -> Lowers<Flow> {
        if self.length(over).is_some_and(|turns| turns > MAX_UNROLLED_TURNS) {
            let message = format!("the loop has more than {MAX_UNROLLED_TURNS} turns");
            return self.error(Code::PH0204, span, message);
        }
        let mut elements = self.elements(over, iter.span)?;
        let lists = self.lists_gone_through(iter);
        if has_yield(body) {
            if !lists.is_empty() && elements.iter().any(|element| self.reads_elements(element)) {
                let what = "a loop that waits goes through a list that may change meanwhile";
                let error = Diagnostic::new(Code::PH0201, iter.span, what);
                return self.fail(error.help("go through a copy: `for x in list(…):`"));
            }
            for element in &mut elements {
                *element = self.snapshot_of_all(element, iter.span)?;
            }
        }
        let holds_integers = elements.iter().any(crate::objects::leads_to_integers);
        let on_break = self.body.add_label("search");
        let may_break = crate::names::has_break(&body.stmts);
        let mut left: Option<Env<'a>> = None;
        let mut leaves = false;
        let outer = std::mem::take(&mut self.out);
        let mut failed = false;
        for element in elements {
            if self.bind_known(target, element, may_break).is_err() {
                failed = true;
                break;
            }
            let on_continue = self.body.add_label("turn");
            let errors = self.errors.len();
            self.frame().turns += u32::from(holds_integers);
            let turn = self.turn(body, LoopScope::new(on_break, on_continue, true));
            self.frame().turns -= u32::from(holds_integers);
            let Ok((mut stmts, flow, scope)) = turn else {
                failed = true;
                break;
            };
            if self.keep_lists(&lists, iter.span).is_err() {
                failed = true;
                break;
            }
            if let Some(env) = &scope.break_env {
                left = Some(meet(left.take(), env, span));
            }
            if scope.continues {
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
                if flow == Flow::Leaves {
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
            leaves = self.block(orelse, false) == Flow::Leaves;
        }
        let mut stmts = std::mem::replace(&mut self.out, outer);
        if failed {
            return Err(Failed);
        }
        let Some(left) = left else {
            self.out.extend(stmts);
            return Ok(if leaves { Flow::Leaves } else { Flow::Next });
        };
        if leaves {
            self.frame().locals = left;
        } else {
            self.merge_loop(&left, span);
        }
        if let Some(Stmt { kind: StmtKind::Break(label), .. }) = stmts.last()
            && *label == on_break
            && !leaves_elsewhere(&stmts[..stmts.len() - 1], on_break)
        {
            stmts.pop();
            self.out.extend(stmts);
        } else {
            self.emit(StmtKind::Block { label: on_break, body: stmts }, span);
        }
        Ok(Flow::Next)
    }
}
