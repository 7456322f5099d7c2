//! Copying a body while its nets, variables or expressions are replaced: the ground of passes.

use crate::design::{Body, Event, LabelId, NetId, VarId};
use crate::expr::{ExprId, ExprKind, Exprs};
use crate::stmt::{Place, Projection, Root, Stmt, StmtKind, SwitchArm, Wait};

/// What takes the place of what. Every method keeps its argument unless it is overridden.
pub trait Rewrite {
    /// The expression in the new body for one of the old body.
    fn expr(&mut self, id: ExprId) -> ExprId;

    /// The net in the new body.
    fn net(&mut self, id: NetId) -> NetId {
        id
    }

    /// The variable in the new body.
    fn var(&mut self, id: VarId) -> VarId {
        id
    }

    /// The label in the new body.
    fn label(&mut self, id: LabelId) -> LabelId {
        id
    }

    /// What stands in the new body right behind the copy of a statement: nothing unless it is overridden.
    fn after(&mut self, _stmt: &Stmt) -> Vec<Stmt> {
        Vec::new()
    }
}

/// Copies statements through the rewriting, in the order of the text.
pub fn rewrite_stmts(stmts: &[Stmt], with: &mut impl Rewrite) -> Vec<Stmt> {
    let mut copies = Vec::with_capacity(stmts.len());
    for stmt in stmts {
        copies.push(rewrite_stmt(stmt, with));
        copies.append(&mut with.after(stmt));
    }
    copies
}

/// Copies one statement through the rewriting.
pub fn rewrite_stmt(stmt: &Stmt, with: &mut impl Rewrite) -> Stmt {
    let kind = match &stmt.kind {
        StmtKind::Assign { place, value } => {
            StmtKind::Assign { place: rewrite_place(place, with), value: with.expr(*value) }
        }
        StmtKind::Next { place, value } => {
            StmtKind::Next { place: rewrite_place(place, with), value: with.expr(*value) }
        }
        StmtKind::Unset(var) => StmtKind::Unset(with.var(*var)),
        StmtKind::If { arms, orelse } => StmtKind::If {
            arms: arms.iter().map(|(cond, body)| (with.expr(*cond), rewrite_stmts(body, with))).collect(),
            orelse: rewrite_stmts(orelse, with),
        },
        StmtKind::Switch { subject, arms, default } => StmtKind::Switch {
            subject: with.expr(*subject),
            arms: arms
                .iter()
                .map(|arm| SwitchArm { values: arm.values.clone(), body: rewrite_stmts(&arm.body, with) })
                .collect(),
            default: default.as_ref().map(|body| rewrite_stmts(body, with)),
        },
        StmtKind::For { label, var, start, stop, step, body } => StmtKind::For {
            label: with.label(*label),
            var: with.var(*var),
            start: start.clone(),
            stop: stop.clone(),
            step: step.clone(),
            body: rewrite_stmts(body, with),
        },
        StmtKind::While { label, cond, body } => StmtKind::While {
            label: with.label(*label),
            cond: with.expr(*cond),
            body: rewrite_stmts(body, with),
        },
        StmtKind::Block { label, body } => {
            StmtKind::Block { label: with.label(*label), body: rewrite_stmts(body, with) }
        }
        StmtKind::Break(label) => StmtKind::Break(with.label(*label)),
        StmtKind::Continue(label) => StmtKind::Continue(with.label(*label)),
        StmtKind::Wait(waits) => StmtKind::Wait(rewrite_waits(waits, with)),
        StmtKind::Assert { cond, message } => {
            StmtKind::Assert { cond: with.expr(*cond), message: message.map(|text| with.expr(text)) }
        }
        StmtKind::Print { text } => StmtKind::Print { text: with.expr(*text) },
        StmtKind::Raise { exception, message } => {
            StmtKind::Raise { exception: exception.clone(), message: message.map(|text| with.expr(text)) }
        }
        StmtKind::Finish { message } => StmtKind::Finish { message: message.map(|text| with.expr(text)) },
        StmtKind::Return => StmtKind::Return,
    };
    Stmt { kind, span: stmt.span, comments: stmt.comments.clone() }
}

fn rewrite_place(place: &Place, with: &mut impl Rewrite) -> Place {
    let root = match place.root {
        Root::Net(net) => Root::Net(with.net(net)),
        Root::Var(var) => Root::Var(with.var(var)),
    };
    let path = place
        .path
        .iter()
        .map(|step| match step {
            Projection::Index(index) => Projection::Index(with.expr(*index)),
            Projection::Field(field) => Projection::Field(*field),
            Projection::Bit(index) => Projection::Bit(with.expr(*index)),
            Projection::Slice { low, width } => Projection::Slice { low: with.expr(*low), width: *width },
        })
        .collect();
    Place { root, path }
}

fn rewrite_waits(waits: &[Wait], with: &mut impl Rewrite) -> Vec<Wait> {
    waits
        .iter()
        .map(|wait| match wait {
            Wait::Event(event) => Wait::Event(Event { net: with.net(event.net), edge: event.edge }),
            Wait::Delay(steps) => Wait::Delay(with.expr(*steps)),
            Wait::Join(inner) => Wait::Join(rewrite_waits(inner, with)),
        })
        .collect()
}

/// Copies the expressions that the statements use into an arena of their own, in the order of first use, with other nets.
struct Renumber<'a, F> {
    from: &'a Exprs,
    to: Exprs,
    map: Vec<Option<ExprId>>,
    net: F,
}

impl<F: FnMut(NetId) -> NetId> Rewrite for Renumber<'_, F> {
    fn expr(&mut self, id: ExprId) -> ExprId {
        if let Some(known) = self.map[id.index()] {
            return known;
        }
        let from = self.from;
        from.walk(id, &mut |id| {
            if self.map[id.index()].is_some() {
                return;
            }
            let kind = match from.kind(id) {
                ExprKind::Const(value) => ExprKind::Const(value.clone()),
                ExprKind::Net(net) => ExprKind::Net((self.net)(*net)),
                ExprKind::Var(var) => ExprKind::Var(*var),
                ExprKind::Op(op, args) => {
                    let operand =
                        |arg: &ExprId| self.map[arg.index()].expect("invariant: operands come first");
                    ExprKind::Op(op.clone(), args.iter().map(operand).collect())
                }
            };
            self.map[id.index()] = Some(self.to.intern(kind, from.ty(id).clone(), from.span(id)));
        });
        self.map[id.index()].expect("invariant: a walk ends with its root")
    }

    fn net(&mut self, id: NetId) -> NetId {
        (self.net)(id)
    }
}

impl Body {
    /// The same body with every net replaced; its expressions are those in use, in the order of first use.
    pub fn map_nets(&self, net: impl FnMut(NetId) -> NetId) -> Body {
        let mut renumber =
            Renumber { from: &self.exprs, to: Exprs::new(), map: vec![None; self.exprs.len()], net };
        let stmts = rewrite_stmts(&self.stmts, &mut renumber);
        Body { vars: self.vars.clone(), exprs: renumber.to, labels: self.labels.clone(), stmts }
    }
}

/// Copies the expressions in use while variables are replaced.
struct Rename<'a, F> {
    from: &'a Exprs,
    to: Exprs,
    map: Vec<Option<ExprId>>,
    var: F,
}

impl<F: FnMut(VarId) -> VarId> Rewrite for Rename<'_, F> {
    fn expr(&mut self, id: ExprId) -> ExprId {
        if let Some(known) = self.map[id.index()] {
            return known;
        }
        let from = self.from;
        from.walk(id, &mut |id| {
            if self.map[id.index()].is_some() {
                return;
            }
            let kind = match from.kind(id) {
                ExprKind::Const(value) => ExprKind::Const(value.clone()),
                ExprKind::Net(net) => ExprKind::Net(*net),
                ExprKind::Var(var) => ExprKind::Var((self.var)(*var)),
                ExprKind::Op(op, args) => {
                    let operand =
                        |arg: &ExprId| self.map[arg.index()].expect("invariant: operands come first");
                    ExprKind::Op(op.clone(), args.iter().map(operand).collect())
                }
            };
            self.map[id.index()] = Some(self.to.intern(kind, from.ty(id).clone(), from.span(id)));
        });
        self.map[id.index()].expect("invariant: a walk ends with its root")
    }

    fn var(&mut self, id: VarId) -> VarId {
        (self.var)(id)
    }
}

impl Body {
    /// The same body with other variables; `var` gives for each old one its place among the new ones, of the same type.
    pub fn map_vars(&self, vars: Vec<crate::Var>, var: impl FnMut(VarId) -> VarId) -> Body {
        let mut rename =
            Rename { from: &self.exprs, to: Exprs::new(), map: vec![None; self.exprs.len()], var };
        let stmts = rewrite_stmts(&self.stmts, &mut rename);
        Body { vars, exprs: rename.to, labels: self.labels.clone(), stmts }
    }
}
