//! Copying a body while expressions are replaced; types follow.

use pyhw_diagnostics::Span;
use pyhw_ir::rewrite::{Rewrite, rewrite_stmts};
use pyhw_ir::{Body, ExprId, ExprKind, Exprs, NetId, Op, Range, Type, Types, Value};

/// What stands in place of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instead {
    /// One of its operands.
    Operand(usize),
    /// A constant with the interval of its value.
    Const(Value),
}

/// The type of a constant with nothing but its value.
fn narrowest(value: &Value, ty: &Type) -> Type {
    match value {
        Value::Int(value) => Type::Int(Range::exactly(value.clone())),
        _ => ty.clone(),
    }
}

/// How a body is copied.
pub struct Rebuild<'a> {
    types: &'a Types,
    from: &'a Exprs,
    to: Exprs,
    map: Vec<Option<ExprId>>,
    /// What is replaced.
    pub instead: Vec<(ExprId, Instead)>,
    /// Nets that are constants from now on.
    pub known: Vec<(NetId, Value)>,
    /// Nets and variables whose types are others from now on, with the whole table of each.
    pub net_types: Option<Vec<Type>>,
    /// The same for variables.
    pub var_types: Option<Vec<Type>>,
    failed: bool,
}

impl<'a> Rebuild<'a> {
    /// A copy of the body's expressions as they are.
    pub fn new(types: &'a Types, body: &'a Body) -> Rebuild<'a> {
        Rebuild {
            types,
            from: &body.exprs,
            to: Exprs::new(),
            map: vec![None; body.exprs.len()],
            instead: Vec::new(),
            known: Vec::new(),
            net_types: None,
            var_types: None,
            failed: false,
        }
    }

    /// The copied body; `None` if an operator does not take its new operands.
    pub fn run(mut self, body: &Body) -> Option<Body> {
        let stmts = rewrite_stmts(&body.stmts, &mut self);
        if self.failed {
            return None;
        }
        let mut vars = body.vars.clone();
        if let Some(types) = &self.var_types {
            for (var, ty) in vars.iter_mut().zip(types) {
                var.ty = ty.clone();
            }
        }
        Some(Body { vars, exprs: self.to, labels: body.labels.clone(), stmts }.compact())
    }

    fn made(&mut self, id: ExprId) -> Option<ExprId> {
        if let Some(found) = self.map[id.index()] {
            return Some(found);
        }
        let ty = self.from.ty(id).clone();
        let instead = self.instead.iter().find(|(old, _)| *old == id).map(|(_, instead)| instead.clone());
        let made = match (instead, self.from.kind(id).clone()) {
            (Some(Instead::Operand(place)), _) => {
                let operand = *self.from.operands(id).get(place)?;
                self.made(operand)?
            }
            (Some(Instead::Const(value)), _) => {
                let ty = narrowest(&value, &ty);
                self.to.constant(value, ty, Span::NONE)
            }
            (None, ExprKind::Net(net)) => match self.known.iter().find(|(known, _)| *known == net) {
                Some((_, value)) => {
                    let ty = narrowest(value, &ty);
                    self.to.constant(value.clone(), ty, Span::NONE)
                }
                None => {
                    let ty = self.net_types.as_ref().map_or(&ty, |types| &types[net.index()]).clone();
                    self.to.net(net, &ty, Span::NONE)
                }
            },
            (None, ExprKind::Var(var)) => {
                let ty = self.var_types.as_ref().map_or(&ty, |types| &types[var.index()]).clone();
                self.to.var(var, &ty, Span::NONE)
            }
            (None, ExprKind::Const(value)) => self.to.constant(value, ty, Span::NONE),
            (None, ExprKind::Op(op, args)) => self.applied(&op, &args)?,
        };
        self.map[id.index()] = Some(made);
        Some(made)
    }

    fn applied(&mut self, op: &Op, args: &[ExprId]) -> Option<ExprId> {
        let mut new = Vec::new();
        for &arg in args {
            new.push(self.made(arg)?);
        }
        self.to.op(op.clone(), &new, self.types, Span::NONE).ok()
    }
}

impl Rewrite for Rebuild<'_> {
    fn expr(&mut self, id: ExprId) -> ExprId {
        self.made(id).unwrap_or_else(|| {
            self.failed = true;
            self.to.bool(false, Span::NONE)
        })
    }
}
