//! Building the body anew with what is known, and telling of stores that do not fit.

use super::ranges::Scope;
use super::state::State;
use super::walk::Walker;
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::{
    Body, ExprId, ExprKind, Exprs, Int, Module, Op, Place, Projection, Range, Root, Stmt, StmtKind,
    SwitchArm, Type, Types, Wait,
};
use std::collections::{HashMap, HashSet};

/// The body with narrowed expressions. Its variables have their final types already.
pub(super) fn rebuild(module: &Module, types: &Types, body: &Body, findings: &mut Vec<Diagnostic>) -> Body {
    let mut before: HashMap<*const Stmt, Option<State>> = HashMap::new();
    let mut walker = Walker::new(Scope { module, body });
    walker.block(&body.stmts, Some(State::new(body.vars.len())), &mut |stmt, state| {
        before.insert(stmt, state.cloned());
    });
    let heads = std::mem::take(&mut walker.heads);
    let unknown = State::new(body.vars.len());
    let mut builder = Builder {
        scope: Scope { module, body },
        types,
        before,
        heads,
        unknown,
        out: Exprs::new(),
        findings,
        told: HashSet::new(),
    };
    let stmts = builder.block(&body.stmts);
    Body { vars: body.vars.clone(), exprs: builder.out, labels: body.labels.clone(), stmts }
}

struct Builder<'a, 'f> {
    scope: Scope<'a>,
    types: &'a Types,
    before: HashMap<*const Stmt, Option<State>>,
    heads: HashMap<*const Stmt, State>,
    unknown: State,
    out: Exprs,
    findings: &'f mut Vec<Diagnostic>,
    told: HashSet<(Code, Span)>,
}

impl<'a> Builder<'a, '_> {
    fn block(&mut self, stmts: &'a [Stmt]) -> Vec<Stmt> {
        stmts.iter().map(|stmt| self.stmt(stmt)).collect()
    }

    fn stmt(&mut self, stmt: &'a Stmt) -> Stmt {
        let known = self.before.remove(&(stmt as *const Stmt)).flatten();
        let reached = known.is_some();
        let state = known.unwrap_or_else(|| self.unknown.clone());
        let kind = match &stmt.kind {
            StmtKind::Assign { place, value } => {
                if reached {
                    self.check_store(stmt, place, *value, &state);
                }
                StmtKind::Assign { place: self.place(place, &state), value: self.expr(*value, &state) }
            }
            StmtKind::Next { place, value } => {
                if reached {
                    self.check_store(stmt, place, *value, &state);
                }
                StmtKind::Next { place: self.place(place, &state), value: self.expr(*value, &state) }
            }
            StmtKind::If { arms, orelse } => {
                let mut rest = state;
                let mut built = Vec::new();
                for (cond, body) in arms {
                    let cond_id = self.expr(*cond, &rest);
                    built.push((cond_id, self.block(body)));
                    rest = self.scope.under(*cond, false, &rest).unwrap_or(rest);
                }
                StmtKind::If { arms: built, orelse: self.block(orelse) }
            }
            StmtKind::Switch { subject, arms, default } => StmtKind::Switch {
                subject: self.expr(*subject, &state),
                arms: arms
                    .iter()
                    .map(|arm| SwitchArm { values: arm.values.clone(), body: self.block(&arm.body) })
                    .collect(),
                default: default.as_ref().map(|body| self.block(body)),
            },
            StmtKind::For { label, var, start, stop, step, body } => StmtKind::For {
                label: *label,
                var: *var,
                start: start.clone(),
                stop: stop.clone(),
                step: step.clone(),
                body: self.block(body),
            },
            StmtKind::While { label, cond, body } => {
                let head = self.heads.remove(&(stmt as *const Stmt)).unwrap_or_else(|| self.unknown.clone());
                StmtKind::While { label: *label, cond: self.expr(*cond, &head), body: self.block(body) }
            }
            StmtKind::Block { label, body } => StmtKind::Block { label: *label, body: self.block(body) },
            StmtKind::Break(label) => StmtKind::Break(*label),
            StmtKind::Continue(label) => StmtKind::Continue(*label),
            StmtKind::Wait(waits) => StmtKind::Wait(self.waits(waits, &state)),
            StmtKind::Assert { cond, message } => {
                // The message is made where the condition fails.
                let failed = self.scope.under(*cond, false, &state).unwrap_or_else(|| self.unknown.clone());
                StmtKind::Assert {
                    cond: self.expr(*cond, &state),
                    message: message.map(|text| self.expr(text, &failed)),
                }
            }
            StmtKind::Print { text } => StmtKind::Print { text: self.expr(*text, &state) },
            StmtKind::Raise { exception, message } => StmtKind::Raise {
                exception: exception.clone(),
                message: message.map(|text| self.expr(text, &state)),
            },
            StmtKind::Finish { message } => {
                StmtKind::Finish { message: message.map(|text| self.expr(text, &state)) }
            }
            StmtKind::Return => StmtKind::Return,
        };
        Stmt { kind, span: stmt.span, comments: stmt.comments.clone() }
    }

    fn place(&mut self, place: &Place, state: &State) -> Place {
        let path = place
            .path
            .iter()
            .map(|step| match step {
                Projection::Index(index) => Projection::Index(self.expr(*index, state)),
                Projection::Field(field) => Projection::Field(*field),
                Projection::Bit(bit) => Projection::Bit(self.expr(*bit, state)),
                Projection::Slice { low, width } => {
                    Projection::Slice { low: self.expr(*low, state), width: *width }
                }
            })
            .collect();
        Place { root: place.root, path }
    }

    fn waits(&mut self, waits: &[Wait], state: &State) -> Vec<Wait> {
        waits
            .iter()
            .map(|wait| match wait {
                Wait::Event(event) => Wait::Event(*event),
                Wait::Delay(steps) => Wait::Delay(self.expr(*steps, state)),
                Wait::Join(inner) => Wait::Join(self.waits(inner, state)),
            })
            .collect()
    }

    fn expr(&mut self, id: ExprId, state: &State) -> ExprId {
        self.expr_memo(id, state, &mut HashMap::new())
    }

    fn expr_memo(&mut self, id: ExprId, state: &State, memo: &mut HashMap<ExprId, ExprId>) -> ExprId {
        if let Some(known) = memo.get(&id) {
            return *known;
        }
        let from = &self.scope.body.exprs;
        let span = from.span(id);
        let built = match from.kind(id) {
            kind @ (ExprKind::Const(_) | ExprKind::Net(_)) => {
                self.out.intern(kind.clone(), from.ty(id).clone(), span)
            }
            ExprKind::Var(var) => {
                let ty = self.scope.body.var(*var).ty.clone();
                self.out.var(*var, &ty, span)
            }
            ExprKind::Op(op, args) => {
                let args = match op {
                    Op::Mux => {
                        let cond = self.expr_memo(args[0], state, memo);
                        let then = self.expr_under(args[0], true, args[1], state);
                        let other = self.expr_under(args[0], false, args[2], state);
                        vec![cond, then, other]
                    }
                    Op::AndThen | Op::OrElse => {
                        let first = self.expr_memo(args[0], state, memo);
                        vec![first, self.expr_under(args[0], *op == Op::AndThen, args[1], state)]
                    }
                    _ => args.iter().map(|arg| self.expr_memo(*arg, state, memo)).collect(),
                };
                match self.out.op(op.clone(), &args, self.types, span) {
                    Ok(built) => built,
                    // Narrower operands never give a wider result; if they did, the old type still holds.
                    Err(_) => {
                        self.out.intern(ExprKind::Op(op.clone(), args.into()), from.ty(id).clone(), span)
                    }
                }
            }
        };
        let built = self.refined(id, built, state, span);
        memo.insert(id, built);
        built
    }

    fn expr_under(&mut self, cond: ExprId, truth: bool, id: ExprId, state: &State) -> ExprId {
        match self.scope.under(cond, truth, state) {
            Some(state) => self.expr(id, &state),
            None => self.expr(id, &self.unknown.clone()),
        }
    }

    /// Puts a value that is known more narrowly than its type says into a `refine`.
    fn refined(&mut self, old: ExprId, built: ExprId, state: &State, span: Span) -> ExprId {
        let interesting = match self.scope.body.exprs.kind(old) {
            ExprKind::Var(_) => true,
            ExprKind::Net(_) | ExprKind::Op(..) => state.facts.contains_key(&old),
            ExprKind::Const(_) => false,
        };
        if !interesting {
            return built;
        }
        let (Some(known), Some(typed)) = (self.scope.range(old, state), self.out.range(built)) else {
            return built;
        };
        if !typed.contains_range(&known) || known == *typed {
            return built;
        }
        self.out.op(Op::Refine { range: known }, &[built], self.types, span).unwrap_or(built)
    }

    /// Tells of a store that cannot fit, or may not.
    fn check_store(&mut self, stmt: &Stmt, place: &Place, value: ExprId, state: &State) {
        let (name, mut ty, wraps, declared) = match place.root {
            Root::Net(net) => {
                let net = self.scope.module.net(net);
                (&net.name, &net.ty, net.wraps, net.span)
            }
            Root::Var(var) => {
                let var = self.scope.body.var(var);
                (&var.name, &var.ty, var.wraps, var.span)
            }
        };
        for step in &place.path {
            match (step, ty) {
                (Projection::Index(index), Type::Array(element, length)) => {
                    let places = Range::new(0i64, i64::from(*length) - 1);
                    if let Some(range) = self.scope.range(*index, state)
                        && range.intersection(&places).is_none()
                    {
                        let message =
                            format!("`{name}` has {length} elements, and the index is {}", in_words(&range));
                        self.tell(Diagnostic::new(Code::PH0315, stmt.span, message));
                    }
                    ty = element;
                }
                // What is stored into a slice or bit is reduced to it, or checked as the operator says.
                _ => return,
            }
        }
        let (Type::Int(limits), Some(range)) = (ty, self.scope.range(value, state)) else { return };
        if wraps || limits.contains_range(&range) {
            return;
        }
        let span = self.scope.body.exprs.span(value);
        let span = if span.is_known() { span } else { stmt.span };
        let holds = format!("`{name}` holds {}", in_words(limits));
        if range.intersection(limits).is_none() {
            let verb = if range.single().is_some() { "does" } else { "do" };
            let message = format!(
                "{} {verb} not fit into `{name}`, which holds {}",
                in_words(&range),
                in_words(limits)
            );
            let mut finding =
                Diagnostic::new(Code::PH0312, span, message).at(in_words(&range)).label(declared, holds);
            if let Some(wider) = wide_enough(&range.union(limits)) {
                finding = finding.help(format!("widen it: `Signal({wider})`"));
            }
            self.tell(finding);
        } else if limits.is_bounded() {
            let message = format!("{holds}, and {} may be stored into it", outside(&range, limits));
            let mut finding = Diagnostic::new(Code::PH0313, span, message)
                .at(in_words(&range))
                .label(declared, "declared here");
            let bound = limits.max.as_ref().map(Int::to_string).unwrap_or_default();
            finding = match (limits.is_signed(), limits.size()) {
                (false, Some(size)) => finding.help(format!(
                    "if this cannot happen, say so: `assert {name} < {bound}`; if it should wrap, declare `Signal(Mod[{size}])`"
                )),
                _ => finding.help("if this cannot happen, say so with an `assert`"),
            };
            self.tell(finding);
        }
    }

    /// Each finding once, however often its statement was written out.
    fn tell(&mut self, finding: Diagnostic) {
        if self.told.insert((finding.code, finding.primary.span)) {
            self.findings.push(finding);
        }
    }
}

/// `5`, `0 to 255`, `0 and more`.
fn in_words(range: &Range) -> String {
    match (&range.min, &range.max) {
        (Some(min), Some(max)) if min == max => min.to_string(),
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("{min} and more"),
        (None, Some(max)) => format!("{max} and less"),
        (None, None) => "any integer".to_owned(),
    }
}

/// The values of `range` outside the limits, in words.
fn outside(range: &Range, limits: &Range) -> String {
    let above = limits.max.as_ref().filter(|max| range.max.as_ref().is_none_or(|greatest| greatest > *max));
    let below = limits.min.as_ref().filter(|min| range.min.as_ref().is_none_or(|least| least < *min));
    let above = above.map(|max| Range { min: Some(max.add(&Int::ONE)), max: range.max.clone() });
    let below = below.map(|min| Range { min: range.min.clone(), max: Some(min.sub(&Int::ONE)) });
    match (below, above) {
        (Some(below), Some(above)) => format!("{}, or {},", in_words(&below), in_words(&above)),
        (Some(one), None) | (None, Some(one)) => in_words(&one),
        (None, None) => String::new(),
    }
}

/// The type of a signal that holds all of the interval.
fn wide_enough(range: &Range) -> Option<String> {
    let width = range.width_bits()?;
    Some(if range.is_signed() { format!("sint[{width}]") } else { format!("uint[{width}]") })
}
