//! Following the statements of a body, and building it anew on the way.
//!
//! Paths are followed one after the other with one [`State`](super::state::State): each is taken back before the next one, and
//! what it changed is joined where the paths meet. A loop with a constant count is followed turn by turn where that is
//! affordable, any other one until nothing changes.

mod loops;

pub(super) use loops::counted_range;
use loops::thresholds;

use super::build::{Builder, Style};
use super::known::Known;
use super::ranges::{BASE, Ctx, Knowledge, Scope};
use super::report::Report;
use super::state::{Delta, Key, Mark};
use super::unset::suspicious;
use pyhw_ir::{
    ExprId, ExprKind, Int, LabelId, NetKind, Place, Projection, Range, Root, Stmt, StmtKind, SwitchArm, Type,
    Value, VarId, Wait,
};
use std::collections::HashMap;

/// Statements that may be followed beyond one visit to each: turns of loops, nested ones counted with their own.
const BUDGET: u64 = 30_000;

/// A loop or block around the present statement.
struct Open {
    label: LabelId,
    /// Where its paths begin.
    mark: Mark,
    breaks: Vec<Delta>,
    continues: Vec<Delta>,
}

/// What a walk is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Aim {
    /// Stores count: this visit is part of what really happens.
    collect: bool,
    /// The statement is built: this visit stands for all that really happen.
    build: bool,
    /// This visit is one of several, and counts against the budget.
    turn: bool,
}

/// Follows statements.
pub(super) struct Walk<'a, 'r> {
    know: Knowledge<'a>,
    builder: Builder,
    report: Option<&'r mut Report<'a>>,
    /// Whether this point is ever reached.
    live: bool,
    aim: Aim,
    open: Vec<Open>,
    /// What is stored into each variable.
    stored: Vec<Option<Known>>,
    /// The statement that is being followed.
    current: Option<&'a Stmt>,
    /// What each statement stores, over all visits.
    values: HashMap<*const Stmt, Known>,
    thresholds: Vec<Int>,
    /// The expressions that may read a variable before it is set; nothing where there are none, or nobody is told.
    suspicious: Vec<bool>,
    budget: u64,
}

/// For each variable what is stored into it; `None` for one that is no number or never stored.
pub(super) fn stored_ranges(scope: Scope<'_>) -> Vec<Option<Range>> {
    let mut walk = Walk::new(scope, Aim { collect: true, build: false, turn: false }, None);
    walk.block(&scope.body.stmts);
    walk.stored.into_iter().map(|known| known.map(|known| known.range)).collect()
}

/// The statements and expressions of the new body.
///
/// # Errors
/// The first expression that would need more bits than there may be.
pub(super) fn rebuild<'a>(
    scope: Scope<'a>,
    report: &mut Report<'a>,
) -> Result<(Vec<Stmt>, pyhw_ir::Exprs), (ExprId, pyhw_ir::TypeError)> {
    let mut walk = Walk::new(scope, Aim { collect: true, build: true, turn: false }, Some(report));
    let stmts = walk.block(&scope.body.stmts);
    match walk.builder.too_wide {
        Some(fault) => Err(fault),
        None => Ok((stmts, walk.builder.out)),
    }
}

impl<'a, 'r> Walk<'a, 'r> {
    fn new(scope: Scope<'a>, aim: Aim, report: Option<&'r mut Report<'a>>) -> Walk<'a, 'r> {
        Walk {
            thresholds: thresholds(&scope),
            know: Knowledge::new(scope),
            builder: Builder::new(),
            live: true,
            aim,
            open: Vec::new(),
            stored: vec![None; scope.body.vars.len()],
            current: None,
            values: HashMap::new(),
            suspicious: if report.is_some() { suspicious(scope.body) } else { Vec::new() },
            report,
            budget: BUDGET,
        }
    }

    /// The statements built; none where nothing is built.
    fn block(&mut self, stmts: &'a [Stmt]) -> Vec<Stmt> {
        let mut built = Vec::new();
        for stmt in stmts {
            if !self.live && !self.aim.build {
                break;
            }
            if self.aim.turn {
                self.budget = self.budget.saturating_sub(1);
            }
            self.know.begin_statement();
            let around = self.current.replace(stmt);
            self.note_operands(stmt);
            let kind = self.stmt(stmt);
            self.current = around;
            if let (true, Some(kind)) = (self.aim.build, kind) {
                built.push(Stmt { kind, span: stmt.span, comments: stmt.comments.clone() });
            }
        }
        built
    }

    /// Of a turn of a loop: what its operators that may be a fault are given. All turns together say more than what holds in any.
    fn note_operands(&mut self, stmt: &'a Stmt) {
        if let (Aim { collect: true, build: false, turn: true }, true, Some(report)) =
            (self.aim, self.live, self.report.as_mut())
        {
            report.note_operands(&mut self.know, stmt);
        }
    }

    /// Tells of the variables that an expression evaluated here may read before they are set.
    fn note_reads(&mut self, id: ExprId) {
        if !self.aim.collect || !self.live || self.suspicious.get(id.index()) != Some(&true) {
            return;
        }
        self.know.begin_statement();
        let found = self.know.unset_reads(id, &self.suspicious);
        self.know.begin_statement();
        if let (Some(report), Some(stmt)) = (self.report.as_mut(), self.current) {
            for (at, var) in found {
                report.unset(stmt, at, var);
            }
        }
    }

    /// Tells of the operators just built that may be a fault.
    fn tell_suspects(&mut self) {
        for (id, known) in std::mem::take(&mut self.builder.suspects) {
            if let (Some(report), Some(stmt)) = (self.report.as_mut(), self.current) {
                report.operator(&mut self.know, stmt, id, known);
            }
        }
    }

    /// A block that is never reached.
    fn dead_block(&mut self, stmts: &'a [Stmt]) -> Vec<Stmt> {
        let live = std::mem::replace(&mut self.live, false);
        let built = self.block(stmts);
        self.live = live;
        built
    }

    /// Builds an expression, where anything is built.
    fn with_ctx(&mut self, build: impl FnOnce(&mut Builder, &mut Knowledge<'a>, Ctx) -> ExprId) -> ExprId {
        if !self.aim.build {
            return ExprId::new(0);
        }
        if self.live {
            let built = build(&mut self.builder, &mut self.know, BASE);
            self.tell_suspects();
            return built;
        }
        let ctx = self.know.enter_unknown();
        let built = build(&mut self.builder, &mut self.know, ctx);
        self.builder.leave(ctx);
        self.know.leave(ctx);
        built
    }

    fn expr(&mut self, id: ExprId, style: Style) -> ExprId {
        self.note_reads(id);
        self.with_ctx(|builder, know, ctx| builder.build(know, id, style, ctx))
    }

    /// The changes since the mark, if this point is reached.
    fn path(&self, mark: Mark) -> Option<Delta> {
        self.live.then(|| self.know.state.since(mark))
    }

    /// Goes back to the mark and on from where these paths meet.
    fn meet(&mut self, mark: Mark, paths: &[Option<Delta>]) {
        self.know.state.undo(mark);
        let live: Vec<&Delta> = paths.iter().flatten().collect();
        self.live = !live.is_empty();
        let joined = self.know.state.join(&live);
        self.know.state.apply(&joined);
    }

    fn learn(&mut self, cond: ExprId, truth: bool) {
        self.live = self.live && self.know.learn(cond, truth, BASE);
    }

    fn stmt(&mut self, stmt: &'a Stmt) -> Option<StmtKind> {
        Some(match &stmt.kind {
            StmtKind::Assign { place, value } | StmtKind::Next { place, value } => {
                return self.store(stmt, place, *value);
            }
            StmtKind::Unset(var) => {
                if self.live {
                    self.know.state.unset(*var);
                }
                StmtKind::Unset(*var)
            }
            StmtKind::If { arms, orelse } => self.branches(arms, orelse),
            StmtKind::Switch { subject, arms, default } => {
                return self.switch(*subject, arms, default.as_deref());
            }
            StmtKind::For { label, var, start, stop, step, body } => {
                let body = self.counted(*label, *var, (start, stop, step), body);
                let (start, stop, step) = (start.clone(), stop.clone(), step.clone());
                StmtKind::For { label: *label, var: *var, start, stop, step, body }
            }
            StmtKind::While { label, cond, body } => self.repeated(*label, *cond, body),
            StmtKind::Block { label, body } => {
                let mark = self.know.state.mark();
                self.enter(*label, mark);
                let body = self.block(body);
                let mut paths = vec![self.path(mark)];
                paths.extend(self.leave().breaks.into_iter().map(Some));
                self.meet(mark, &paths);
                StmtKind::Block { label: *label, body }
            }
            StmtKind::Break(label) => {
                self.jump(*label, false);
                StmtKind::Break(*label)
            }
            StmtKind::Continue(label) => {
                self.jump(*label, true);
                StmtKind::Continue(*label)
            }
            StmtKind::Wait(waits) => {
                let built = self.waits(waits);
                self.know.state.forget_world();
                self.live &= !waits.is_empty();
                StmtKind::Wait(built)
            }
            StmtKind::Assert { cond, message } => {
                let built = self.expr(*cond, Style::Plain);
                let message = message.map(|text| self.under_failed(*cond, text));
                self.take(*cond, true);
                StmtKind::Assert { cond: built, message }
            }
            StmtKind::Print { text } => StmtKind::Print { text: self.expr(*text, Style::Plain) },
            StmtKind::Raise { exception, message } => {
                let message = message.map(|text| self.expr(text, Style::Plain));
                self.live = false;
                StmtKind::Raise { exception: exception.clone(), message }
            }
            StmtKind::Finish { message } => {
                let message = message.map(|text| self.expr(text, Style::Plain));
                self.live = false;
                StmtKind::Finish { message }
            }
            StmtKind::Return => {
                self.live = false;
                StmtKind::Return
            }
        })
    }

    /// The message of an assertion is made where its condition fails.
    fn under_failed(&mut self, cond: ExprId, text: ExprId) -> ExprId {
        let (mark, live) = (self.know.state.mark(), self.live);
        self.learn(cond, false);
        let built = self.expr(text, Style::Plain);
        self.know.state.undo(mark);
        self.live = live;
        built
    }

    fn waits(&mut self, waits: &[Wait]) -> Vec<Wait> {
        waits
            .iter()
            .map(|wait| match wait {
                Wait::Event(event) => Wait::Event(*event),
                Wait::Delay(steps) => Wait::Delay(self.expr(*steps, Style::Narrow)),
                Wait::Join(inner) => Wait::Join(self.waits(inner)),
            })
            .collect()
    }

    // Stores.

    fn store(&mut self, stmt: &'a Stmt, place: &'a Place, value: ExprId) -> Option<StmtKind> {
        let (scope, live) = (self.know.scope, self.live);
        self.note_reads(value);
        let known = if live { self.know.eval(value, BASE) } else { None };
        if let (true, Some(known)) = (self.aim.collect && live, &known) {
            let all =
                self.values.get(&(stmt as *const Stmt)).map_or_else(|| known.clone(), |all| all.join(known));
            self.values.insert(stmt, all);
        }
        let kind = self.aim.build.then(|| {
            // Of a statement in a loop, what its single turns gave is more than what holds in all of them.
            let known = match (known, self.values.get(&(stmt as *const Stmt))) {
                (Some(known), Some(all)) => known.meet(all).or(Some(known)),
                (known, _) => known,
            };
            if let (true, Some(report)) = (live, self.report.as_mut()) {
                report.store(&mut self.know, stmt, place, value, known.as_ref());
            }
            let limits = limits(&scope, place);
            let value = self.with_ctx(|builder, know, ctx| match (&limits, &known) {
                (Some(limits), Some(known)) => builder.build_known(know, value, known, limits, ctx),
                (Some(limits), None) => builder.build_for(know, value, limits, ctx),
                (None, _) => builder.build(know, value, Style::Plain, ctx),
            });
            let place = self.place(place);
            match place.root {
                Root::Net(_) => StmtKind::Next { place, value },
                Root::Var(_) => StmtKind::Assign { place, value },
            }
        });
        if !self.aim.build {
            for index in place_exprs(place) {
                self.note_reads(index);
            }
        }
        if let (true, Root::Var(var)) = (live, place.root) {
            if let (true, false, Some(report)) =
                (self.aim.collect && !place.path.is_empty(), self.suspicious.is_empty(), self.report.as_mut())
                && self.know.may_be_unset(var, BASE)
            {
                // A part of what is not there.
                report.unset(stmt, value, var);
            }
            self.assign(var, place, value);
            self.know.state.note_set(var);
            if place.path.is_empty() && self.keeps(var, value) {
                self.know.state.mean(&scope.body.exprs, var, value);
            }
        }
        kind
    }

    /// Whether what a guard tells of the variable is told of the value as well: of a truth, and of what was read.
    fn keeps(&self, var: VarId, value: ExprId) -> bool {
        let body = self.know.scope.body;
        match (&body.var(var).ty, body.exprs.ty(value), body.exprs.kind(value)) {
            (Type::Bool, _, ExprKind::Net(_) | ExprKind::Var(_) | ExprKind::Op(..)) => true,
            (Type::Int(range), Type::Int(value), ExprKind::Net(_) | ExprKind::Var(_)) => {
                !body.var(var).wraps || range.contains_range(value)
            }
            (Type::Enum(_), _, ExprKind::Net(_) | ExprKind::Var(_)) => true,
            (_, _, ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) | ExprKind::Op(..)) => false,
        }
    }

    fn place(&mut self, place: &Place) -> Place {
        let path = place
            .path
            .iter()
            .map(|step| match step {
                Projection::Index(index) => Projection::Index(self.expr(*index, Style::Narrow)),
                Projection::Field(field) => Projection::Field(*field),
                Projection::Bit(bit) => Projection::Bit(self.expr(*bit, Style::Narrow)),
                Projection::Slice { low, width } => {
                    Projection::Slice { low: self.expr(*low, Style::Narrow), width: *width }
                }
            })
            .collect();
        Place { root: place.root, path }
    }

    fn assign(&mut self, var: VarId, place: &Place, value: ExprId) {
        let scope = self.know.scope;
        let declared = scope.body.var(var);
        let Some(limits) = Known::of_type(&declared.ty, scope.types) else {
            return self.know.state.forget_var(var);
        };
        let now = match &place.path[..] {
            [] => self.know.eval(value, BASE),
            [Projection::Bit(at)] => self.with_part(var, *at, 1),
            [Projection::Slice { low, width }] => self.with_part(var, *low, *width),
            _ => None,
        };
        let now = match now {
            Some(now) if limits.range.contains_range(&now.range) => now,
            Some(_) if declared.wraps => limits,
            Some(now) => now.meet(&limits).unwrap_or(limits),
            None => limits,
        };
        self.set_var(var, now);
    }

    /// What a variable holds once `width` bits from `low` up are changed.
    fn with_part(&mut self, var: VarId, low: ExprId, width: u32) -> Option<Known> {
        let before = self.know.state.get(Key::Var(var))?.range.clone();
        let low = self.know.eval(low, BASE)?.range.max?.to_u32()?;
        let top = low.checked_add(width).filter(|top| *top <= pyhw_ir::types::MAX_WIDTH_BITS)?;
        let bits = before.width_bits()?;
        Some(
            if before.is_signed() {
                Range::signed(bits.max(top + 1))
            } else {
                Range::unsigned(bits.max(top))
            }
            .into(),
        )
    }

    fn set_var(&mut self, var: VarId, now: Known) {
        if self.aim.collect {
            let stored = &mut self.stored[var.index()];
            *stored = Some(stored.as_ref().map_or_else(|| now.clone(), |before| before.join(&now)));
        }
        self.know.state.set(Key::Var(var), Some(now));
        self.know.state.note_set(var);
        self.know.state.forget_var(var);
    }

    // Branches.

    /// Notes what led here, where it is of use.
    fn note_taken(&mut self, subject: ExprId, values: Known) {
        if !self.suspicious.is_empty() {
            self.know.state.take(&self.know.scope.body.exprs, subject, values);
        }
    }

    /// Goes on where the condition has this value.
    fn take(&mut self, cond: ExprId, truth: bool) {
        self.learn(cond, truth);
        self.note_taken(cond, Known::truth(truth));
    }

    fn branches(&mut self, arms: &'a [(ExprId, Vec<Stmt>)], orelse: &'a [Stmt]) -> StmtKind {
        let mut built = Vec::new();
        let mut frames = Vec::new();
        for (cond, body) in arms {
            self.know.begin_statement();
            let (mark, live) = (self.know.state.mark(), self.live);
            let cond_built = self.expr(*cond, Style::Plain);
            self.take(*cond, true);
            let body = self.block(body);
            built.push((cond_built, body));
            frames.push((mark, self.path(mark)));
            self.know.state.undo(mark);
            self.live = live;
            self.take(*cond, false);
        }
        let orelse = self.block(orelse);
        for (mark, taken) in frames.into_iter().rev() {
            let rest = self.path(mark);
            self.meet(mark, &[taken, rest]);
        }
        StmtKind::If { arms: built, orelse }
    }

    fn switch(
        &mut self,
        subject: ExprId,
        arms: &'a [SwitchArm],
        default: Option<&'a [Stmt]>,
    ) -> Option<StmtKind> {
        let (mark, live) = (self.know.state.mark(), self.live);
        let known = self.know.eval(subject, BASE);
        let new_subject = self.expr(subject, Style::Plain);
        let mut built = Vec::new();
        let mut paths = Vec::new();
        let mut rest = known.clone();
        for arm in arms {
            let values = hull(&arm.values);
            if let Some(values) = values {
                self.live = live && self.know.narrow_to(subject, &values, BASE, 0);
                self.note_taken(subject, values);
            }
            let body = self.block(&arm.body);
            paths.push(self.path(mark));
            self.know.state.undo(mark);
            for value in &arm.values {
                if let Some(value) = Known::of_value(value).and_then(|value| value.range.single().cloned()) {
                    rest = rest.and_then(|rest| rest.without(&value));
                }
            }
            built.push(SwitchArm { values: arm.values.clone(), body });
        }
        let default = default.map(|body| {
            self.live = live
                && match (&known, &rest) {
                    (Some(_), Some(rest)) => self.know.narrow_to(subject, rest, BASE, 0),
                    (Some(_), None) => false,
                    (None, _) => true,
                };
            if let Some(rest) = rest.clone() {
                self.note_taken(subject, rest);
            }
            let body = self.block(body);
            paths.push(self.path(mark));
            body
        });
        self.meet(mark, &paths);
        if !self.aim.build {
            return None;
        }
        // The subject may have a smaller type now: values that it no longer has are dropped.
        let ty = self.builder.out.ty(new_subject).clone();
        if let Type::Int(range) = &ty {
            for arm in &mut built {
                arm.values.retain(|value| value.as_int().is_some_and(|value| range.contains(value)));
            }
            built.retain(|arm| !arm.values.is_empty());
        }
        let default = if built.is_empty() { Some(default.unwrap_or_default()) } else { default };
        Some(StmtKind::Switch { subject: new_subject, arms: built, default })
    }
}

/// The expressions that say which part a place is.
fn place_exprs(place: &Place) -> impl Iterator<Item = ExprId> {
    place.path.iter().filter_map(|step| match step {
        Projection::Index(at) | Projection::Bit(at) | Projection::Slice { low: at, .. } => Some(*at),
        Projection::Field(_) => None,
    })
}

/// The interval of what a store is checked against; `None` where it is not, or takes no integers.
fn limits(scope: &Scope<'_>, place: &Place) -> Option<Range> {
    let (mut ty, wraps) = match place.root {
        // What a driver takes may be `z`, which nothing can stand around.
        Root::Net(net) if matches!(scope.module.net(net).kind, NetKind::Driver(_)) => return None,
        Root::Net(net) => (&scope.module.net(net).ty, scope.module.net(net).wraps),
        Root::Var(var) => (&scope.body.var(var).ty, scope.body.var(var).wraps),
    };
    for step in &place.path {
        ty = match (step, ty) {
            (Projection::Index(_), Type::Array(element, _)) => element,
            (Projection::Field(field), Type::Struct(id)) => {
                &scope.types.structs[id.index()].fields[*field as usize].1
            }
            (Projection::Slice { width, .. }, _) => {
                return Some(Range::unsigned(*width));
            }
            (Projection::Bit(_) | Projection::Index(_) | Projection::Field(_), _) => return None,
        };
    }
    ty.range().filter(|_| !wraps).cloned()
}

/// The values of an arm.
fn hull(values: &[Value]) -> Option<Known> {
    let mut known = values.iter().filter_map(Known::of_value);
    let first = known.next()?;
    Some(known.fold(first, |hull, value| hull.join(&value)))
}
