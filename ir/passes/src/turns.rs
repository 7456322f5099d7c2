//! Whether a loop with a condition ends after a number of turns that can be told beforehand.

use pyhw_ir::{
    Body, ExprId, ExprKind, Int, LabelId, Op, Place, Range, Root, Stmt, StmtKind, VarId, walk_stmts,
};

/// Whether some part of the condition stops the loop: a variable counts up or down towards a limit, or is shifted right until it
/// is zero, in every turn.
pub fn is_bounded(body: &Body, label: LabelId, cond: ExprId, stmts: &[Stmt]) -> bool {
    parts(body, cond).into_iter().any(|part| {
        let Some(limit) = Limit::new(body, part) else { return false };
        let Some(change) = change(body, stmts, label, limit.var) else { return false };
        limit.is_reached(body, change)
    })
}

/// The conditions that must all hold.
fn parts(body: &Body, cond: ExprId) -> Vec<ExprId> {
    let mut found = Vec::new();
    let mut left = vec![cond];
    while let Some(id) = left.pop() {
        match body.exprs.kind(id) {
            ExprKind::Op(Op::And | Op::AndThen, args) => left.extend(args.iter().copied()),
            _ => found.push(id),
        }
    }
    found
}

/// A comparison of a variable with something that has a limit of its own.
struct Limit {
    var: VarId,
    op: Op,
    value: Int,
}

impl Limit {
    fn new(body: &Body, id: ExprId) -> Option<Limit> {
        let ExprKind::Op(op, args) = body.exprs.kind(id) else { return None };
        let turned = match op {
            Op::Lt => Op::Gt,
            Op::Le => Op::Ge,
            Op::Gt => Op::Lt,
            Op::Ge => Op::Le,
            Op::Ne => Op::Ne,
            _ => return None,
        };
        match (variable(body, args[0]), variable(body, args[1])) {
            (Some(var), None) => Limit::at(body, var, op.clone(), args[1]),
            (None, Some(var)) => Limit::at(body, var, turned, args[0]),
            _ => None,
        }
    }

    /// The limit that is passed whatever the other side is.
    fn at(body: &Body, var: VarId, op: Op, other: ExprId) -> Option<Limit> {
        let range = body.exprs.range(other)?;
        let value = match op {
            Op::Lt | Op::Le => range.max.as_ref(),
            Op::Gt | Op::Ge => range.min.as_ref(),
            _ => range.single(),
        };
        Some(Limit { var, op, value: value?.clone() })
    }

    /// Whether the change brings the variable past the limit before it could wrap.
    fn is_reached(&self, body: &Body, change: Change) -> bool {
        let Some(declared) = body.var(self.var).ty.range() else { return false };
        let (full, zero) = (declared.full(), Int::ZERO);
        let Some((least, most)) = full.bounds() else { return false };
        match change {
            Change::By(step) if step > zero => {
                let last = match self.op {
                    Op::Lt => self.value.sub(&Int::ONE),
                    Op::Le => self.value.clone(),
                    // One by one it cannot be missed, if it starts below.
                    Op::Ne if step == Int::ONE && declared.max.as_ref() == Some(&self.value) => {
                        self.value.sub(&Int::ONE)
                    }
                    _ => return false,
                };
                last.add(&step) <= *most
            }
            Change::By(step) => {
                let last = match self.op {
                    Op::Gt => self.value.add(&Int::ONE),
                    Op::Ge => self.value.clone(),
                    Op::Ne if step == Int::MINUS_ONE && declared.min.as_ref() == Some(&self.value) => {
                        self.value.add(&Int::ONE)
                    }
                    _ => return false,
                };
                step < zero && last.add(&step) >= *least
            }
            Change::ShiftedRight => {
                !full.is_signed()
                    && match self.op {
                        Op::Ne | Op::Gt => self.value.is_zero(),
                        Op::Ge => self.value >= Int::ONE,
                        _ => false,
                    }
            }
        }
    }
}

/// How a turn changes a variable.
#[derive(Clone, Debug)]
enum Change {
    By(Int),
    ShiftedRight,
}

/// How every turn changes the variable, where nothing else does.
fn change(body: &Body, stmts: &[Stmt], label: LabelId, var: VarId) -> Option<Change> {
    let mut assignments = 0;
    walk_stmts(stmts, &mut |stmt| match &stmt.kind {
        StmtKind::Assign { place, .. } if place.root == Root::Var(var) => assignments += 1,
        StmtKind::For { var: counter, .. } if *counter == var => assignments += 2,
        _ => {}
    });
    if assignments != 1 {
        return None;
    }
    for stmt in stmts {
        if let StmtKind::Assign { place, value } = &stmt.kind
            && *place == Place::var(var)
        {
            return changed(body, *value, var);
        }
        let mut skips = false;
        walk_stmts(std::slice::from_ref(stmt), &mut |stmt| {
            skips |= matches!(stmt.kind, StmtKind::Continue(of) if of == label);
        });
        if skips {
            return None;
        }
    }
    None
}

fn changed(body: &Body, value: ExprId, var: VarId) -> Option<Change> {
    let ExprKind::Op(op, args) = body.exprs.kind(inner(body, value)) else { return None };
    let constant = |id: ExprId| body.exprs.range(id).and_then(Range::single).cloned();
    let is_var = |id: ExprId| variable(body, id) == Some(var);
    match op {
        Op::Add if is_var(args[0]) => constant(args[1]).map(Change::By),
        Op::Add if is_var(args[1]) => constant(args[0]).map(Change::By),
        Op::Sub if is_var(args[0]) => constant(args[1]).map(|step| Change::By(step.neg())),
        Op::Shr if is_var(args[0]) => {
            constant(args[1]).filter(|amount| *amount >= Int::ONE).map(|_| Change::ShiftedRight)
        }
        Op::FloorDiv if is_var(args[0]) => {
            constant(args[1]).filter(|by| *by > Int::ONE).map(|_| Change::ShiftedRight)
        }
        Op::Slice { low, width } if *low > 0 && is_var(args[0]) => {
            let all = body.var(var).ty.range().and_then(Range::width_bits);
            (all <= Some(low + width)).then_some(Change::ShiftedRight)
        }
        _ => None,
    }
}

/// The expression without what does not change values that fit.
fn inner(body: &Body, mut id: ExprId) -> ExprId {
    while let ExprKind::Op(Op::Refine { .. } | Op::Check { .. } | Op::Wrap { .. }, args) = body.exprs.kind(id)
    {
        id = args[0];
    }
    id
}

fn variable(body: &Body, mut id: ExprId) -> Option<VarId> {
    while let ExprKind::Op(Op::Refine { .. } | Op::Check { .. }, args) = body.exprs.kind(id) {
        id = args[0];
    }
    match body.exprs.kind(id) {
        ExprKind::Var(var) => Some(*var),
        _ => None,
    }
}
