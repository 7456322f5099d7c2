//! Rules on statements.

use super::assigned::verify_assigned;
use super::expr::{Facts, verify_exprs};
use super::types::{belongs, type_fault};
use super::{MAX_NESTING, ModuleVerifier};
use crate::design::{Body, LabelId, Net, NetKind, Process, ProcessKind, VarId};
use crate::expr::ExprId;
use crate::int::Int;
use crate::op::accepts;
use crate::stmt::{Place, Projection, Root, Stmt, StmtKind, SwitchArm, Wait};
use crate::types::{MAX_WIDTH_BITS, Type, Value};
use pyhw_diagnostics::Span;
use std::collections::HashSet;

pub(super) fn verify_body<'a>(around: &mut ModuleVerifier<'a, '_>, process: &'a Process, body: &'a Body) {
    for var in &body.vars {
        if let Some(fault) = type_fault(&var.ty, &around.design.types, usize::MAX) {
            around.faults.add(var.span, format!("variable `{}`: {fault}", var.name));
        } else if var.ty == Type::Opaque {
            around.faults.add(var.span, format!("variable `{}` holds an object of the host", var.name));
        }
    }
    let facts = verify_exprs(around.design, around.names, around.module, body, process.span, around.faults);
    let is_timed = process.kind == ProcessKind::Timed;
    let reads = {
        let mut verifier = BodyVerifier {
            around,
            body,
            facts,
            is_timed,
            process: process.span,
            labels: HashSet::new(),
            open: Vec::new(),
        };
        verifier.stmts(&body.stmts, 0);
        verifier.facts.reads
    };
    verify_assigned(body, &reads, process.span, around.faults);
}

struct BodyVerifier<'v, 'a, 'f> {
    around: &'v mut ModuleVerifier<'a, 'f>,
    body: &'a Body,
    facts: Facts,
    is_timed: bool,
    process: Span,
    /// Labels that a statement has.
    labels: HashSet<LabelId>,
    /// Labels of the statements around, and whether they are loops.
    open: Vec<(LabelId, bool)>,
}

/// The type of a place: what is stored, and what takes it.
enum Target<'a> {
    Part(&'a Type),
    Bit,
    Slice,
}

impl<'a> BodyVerifier<'_, 'a, '_> {
    fn fault(&mut self, span: Span, message: impl Into<String>) {
        self.around.faults.add(if span.is_known() { span } else { self.process }, message);
    }

    fn type_text(&self, ty: &Type) -> String {
        self.around.names.text(ty)
    }

    fn stmts(&mut self, stmts: &'a [Stmt], depth: usize) {
        if let (Some(first), true) = (stmts.first(), depth > MAX_NESTING) {
            return self.fault(first.span, format!("statements nested deeper than {MAX_NESTING}"));
        }
        for stmt in stmts {
            self.stmt(stmt, depth);
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt, depth: usize) {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Assign { place, value } => self.assign(place, *value, span),
            StmtKind::Next { place, value } => self.next(place, *value, span),
            StmtKind::Unset(var) => {
                if var.index() >= self.body.vars.len() {
                    self.fault(span, format!("there is no variable {var}"));
                }
            }
            StmtKind::If { arms, orelse } => {
                if arms.is_empty() {
                    self.fault(span, "an `if` has at least one condition");
                }
                for (cond, body) in arms {
                    self.condition(*cond, span);
                    self.stmts(body, depth + 1);
                }
                self.stmts(orelse, depth + 1);
            }
            StmtKind::Switch { subject, arms, default } => {
                self.switch(*subject, arms, default.is_some(), span);
                for arm in arms {
                    self.stmts(&arm.body, depth + 1);
                }
                self.stmts(default.as_deref().unwrap_or(&[]), depth + 1);
            }
            StmtKind::For { label, var, start, stop, step, body } => {
                self.counter(*var, start, stop, step, span);
                self.labelled(*label, true, body, span, depth);
            }
            StmtKind::While { label, cond, body } => {
                self.condition(*cond, span);
                self.labelled(*label, true, body, span, depth);
            }
            StmtKind::Block { label, body } => self.labelled(*label, false, body, span, depth),
            StmtKind::Break(label) => {
                if !self.open.iter().any(|(open, _)| open == label) {
                    self.fault(span, format!("`break` names {label}, which is not around it"));
                }
            }
            StmtKind::Continue(label) => {
                if !self.open.contains(&(*label, true)) {
                    self.fault(span, format!("`continue` names {label}, which is not a loop around it"));
                }
            }
            StmtKind::Wait(waits) => {
                if !self.is_timed {
                    self.fault(span, "only a timed process can wait");
                }
                self.waits(waits, span, 0);
            }
            StmtKind::Assert { cond, message } => {
                self.condition(*cond, span);
                self.message(*message, span);
            }
            StmtKind::Print { text } => self.message(Some(*text), span),
            StmtKind::Raise { exception: _, message } | StmtKind::Finish { message } => {
                self.message(*message, span);
            }
            StmtKind::Return => {}
        }
    }

    /// The type of an expression that stands anywhere but in a message.
    fn expr(&mut self, id: ExprId, span: Span) -> Option<&'a Type> {
        let ty = self.expr_or_z(id, span)?;
        if self.facts.z[id.index()] {
            self.fault(span, "`z` is only stored into a whole driver of a tri-state net");
        }
        Some(ty)
    }

    fn expr_or_z(&mut self, id: ExprId, span: Span) -> Option<&'a Type> {
        if id.index() >= self.body.exprs.len() {
            self.fault(span, format!("there is no expression {id}"));
            return None;
        }
        if self.facts.text[id.index()] && !self.is_timed {
            self.fault(span, "only timed processes use texts outside of messages");
        }
        Some(self.body.exprs.ty(id))
    }

    fn condition(&mut self, cond: ExprId, span: Span) {
        if let Some(ty) = self.expr(cond, span)
            && *ty != Type::Bool
        {
            let ty = self.type_text(ty);
            self.fault(span, format!("a condition is a boolean, and this is {ty}"));
        }
    }

    fn integer(&mut self, what: &str, id: ExprId, span: Span) {
        if let Some(ty) = self.expr(id, span)
            && ty.range().is_none()
        {
            let ty = self.type_text(ty);
            self.fault(span, format!("{what} is an integer, and this is {ty}"));
        }
    }

    fn message(&mut self, message: Option<ExprId>, span: Span) {
        let Some(id) = message else { return };
        if id.index() >= self.body.exprs.len() {
            return self.fault(span, format!("there is no expression {id}"));
        }
        let ty = self.body.exprs.ty(id);
        if *ty != Type::Text {
            let ty = self.type_text(ty);
            self.fault(span, format!("a message is a text, and this is {ty}"));
        } else if self.facts.z[id.index()] {
            self.fault(span, "`z` is only stored into a whole driver of a tri-state net");
        }
    }

    fn assign(&mut self, place: &Place, value: ExprId, span: Span) {
        let target = match place.root {
            Root::Net(_) => return self.fault(span, "`=` stores into a variable, and this is a net"),
            Root::Var(var) => match self.body.vars.get(var.index()) {
                Some(var) => self.place(&var.ty, place, span),
                None => return self.fault(span, format!("there is no variable {var}")),
            },
        };
        let ty = self.expr(value, span);
        self.store(target, ty, span);
    }

    fn next(&mut self, place: &Place, value: ExprId, span: Span) {
        let net: &'a Net = match place.root {
            Root::Var(_) => return self.fault(span, "`<=` stores into a net, and this is a variable"),
            Root::Net(net) => match self.around.module.nets.get(net.index()) {
                Some(net) => net,
                None => return self.fault(span, format!("there is no net {net}")),
            },
        };
        let is_driver = match net.kind {
            NetKind::Signal | NetKind::Delayed(_) => false,
            NetKind::Driver(_) => true,
            NetKind::TriState => {
                return self.fault(
                    span,
                    format!("net `{}` is tri-state; only its drivers are stored into", net.name),
                );
            }
        };
        if net.ty == Type::Opaque {
            let message = format!(
                "net `{}` holds objects of the host, and only processes of the host store into it",
                net.name
            );
            return self.fault(span, message);
        }
        let target = self.place(&net.ty, place, span);
        let takes_z = is_driver && place.path.is_empty();
        let ty = if takes_z { self.expr_or_z(value, span) } else { self.expr(value, span) };
        self.store(target, ty, span);
    }

    /// The type of a place; `None` where it was a fault.
    fn place(&mut self, root: &'a Type, place: &Place, span: Span) -> Option<Target<'a>> {
        let mut ty = root;
        for (index, step) in place.path.iter().enumerate() {
            let is_last = index + 1 == place.path.len();
            match (step, ty) {
                (Projection::Index(at), Type::Array(element, _)) => {
                    self.integer("an index", *at, span);
                    ty = element;
                }
                (Projection::Field(field), Type::Struct(id)) => {
                    let of = self.around.design.types.structs.get(id.index());
                    match of.and_then(|of| of.fields.get(*field as usize)) {
                        Some((_, field)) => ty = field,
                        None => {
                            self.fault(span, format!("the struct has no field {field}"));
                            return None;
                        }
                    }
                }
                (Projection::Bit(at), Type::Int(_)) if is_last => {
                    self.integer("the number of a bit", *at, span);
                    return Some(Target::Bit);
                }
                (Projection::Slice { low, width }, Type::Int(_)) if is_last => {
                    self.integer("the lowest bit of a slice", *low, span);
                    if *width == 0 || *width > MAX_WIDTH_BITS {
                        self.fault(span, format!("a slice has 1 to {MAX_WIDTH_BITS} bits"));
                    }
                    return Some(Target::Slice);
                }
                (Projection::Bit(_) | Projection::Slice { .. }, Type::Int(_)) => {
                    self.fault(span, "a bit or a slice has no parts");
                    return None;
                }
                (
                    Projection::Index(_)
                    | Projection::Field(_)
                    | Projection::Bit(_)
                    | Projection::Slice { .. },
                    Type::Bool
                    | Type::Int(_)
                    | Type::Enum(_)
                    | Type::Array(..)
                    | Type::Struct(_)
                    | Type::Text
                    | Type::Opaque,
                ) => {
                    let what = match step {
                        Projection::Index(_) => "elements",
                        Projection::Field(_) => "fields",
                        Projection::Bit(_) | Projection::Slice { .. } => "bits",
                    };
                    let ty = self.type_text(ty);
                    self.fault(span, format!("{ty} has no {what}"));
                    return None;
                }
            }
        }
        Some(Target::Part(ty))
    }

    fn store(&mut self, target: Option<Target<'a>>, ty: Option<&Type>, span: Span) {
        let (Some(target), Some(ty)) = (target, ty) else { return };
        let fits = match target {
            Target::Part(part) => accepts(part, ty),
            Target::Bit => *ty == Type::Bool,
            Target::Slice => ty.range().is_some(),
        };
        if !fits {
            let place = match target {
                Target::Part(part) => self.type_text(part),
                Target::Bit => "a bit".to_owned(),
                Target::Slice => "a slice".to_owned(),
            };
            let ty = self.type_text(ty);
            self.fault(span, format!("{ty} is stored into {place}"));
        }
    }

    fn switch(&mut self, subject: ExprId, arms: &[SwitchArm], has_default: bool, span: Span) {
        let ty = self.expr(subject, span);
        let mut seen: HashSet<&Value> = HashSet::new();
        let mut all_belong = true;
        for arm in arms {
            if arm.values.is_empty() {
                self.fault(span, "an arm of a switch has at least one value");
            }
            for value in &arm.values {
                if !seen.insert(value) {
                    self.fault(span, "a value of the switch stands twice");
                }
                let fits = |ty: &Type| *value != Value::Z && belongs(value, ty, &self.around.design.types);
                if !ty.is_none_or(fits) {
                    all_belong = false;
                    self.fault(span, "a value of the switch does not belong to the subject's type");
                }
            }
        }
        let Some(ty) = ty else { return };
        let size = match ty {
            Type::Bool => Some(Int::from(2i64)),
            Type::Int(range) => range.size(),
            Type::Enum(id) => {
                self.around.design.types.enums.get(id.index()).map(|of| Int::from(of.members.len()))
            }
            Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => {
                let ty = self.type_text(ty);
                return self.fault(span, format!("a switch cannot be over {ty}"));
            }
        };
        if !has_default && all_belong && size != Some(Int::from(seen.len())) {
            self.fault(span, "the switch leaves values out and has no default");
        }
    }

    fn counter(&mut self, var: VarId, start: &Int, stop: &Int, step: &Int, span: Span) {
        if step.is_zero() {
            self.fault(span, "the step of a `for` is not zero");
        }
        let Some(var) = self.body.vars.get(var.index()) else {
            return self.fault(span, format!("there is no variable {var}"));
        };
        let Some(range) = var.ty.range() else {
            return self.fault(span, format!("`for` counts with `{}`, which is not an integer", var.name));
        };
        // The last value: the greatest multiple of the step that stays before the bound.
        let towards = if step.is_negative() { Int::MINUS_ONE } else { Int::ONE };
        let before = stop.sub(start).sub(&towards);
        let Some(turns) = before.floor_div(step).filter(|turns| !turns.is_negative()) else { return };
        let last = start.add(&turns.mul(step));
        if !range.contains(start) || !range.contains(&last) {
            let ty = self.type_text(&var.ty);
            self.fault(span, format!("`for` counts from {start} to {last}, and `{}` is {ty}", var.name));
        }
    }

    fn labelled(&mut self, label: LabelId, is_loop: bool, body: &'a [Stmt], span: Span, depth: usize) {
        if label.index() >= self.body.labels.len() {
            self.fault(span, format!("there is no label {label}"));
        } else if !self.labels.insert(label) {
            self.fault(span, format!("label {label} labels a second statement"));
        }
        self.open.push((label, is_loop));
        self.stmts(body, depth + 1);
        self.open.pop();
    }

    fn waits(&mut self, waits: &[Wait], span: Span, depth: usize) {
        if depth > MAX_NESTING {
            return self.fault(span, format!("waits nested deeper than {MAX_NESTING}"));
        }
        for wait in waits {
            match wait {
                Wait::Event(event) => {
                    let span = if span.is_known() { span } else { self.process };
                    self.around.event(*event, false, span);
                }
                Wait::Delay(steps) => self.integer("a delay", *steps, span),
                Wait::Join(inner) => {
                    if inner.is_empty() {
                        self.fault(span, "a join is of at least one wait");
                    }
                    self.waits(inner, span, depth + 1);
                }
            }
        }
    }
}
