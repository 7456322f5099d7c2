//! Variables that may be read before anything is assigned to them.

use super::ranges::{BASE, Ctx, Knowledge};
use super::ways::Conditions;
use pyhw_ir::eval::maybe_unset;
use pyhw_ir::{Body, ExprId, ExprKind, Op, Type, VarId};
use std::collections::HashSet;

/// What is left to look at.
enum Step {
    Visit(ExprId, Ctx),
    /// An operand that is evaluated only where the condition has this value.
    Guarded(ExprId, bool, ExprId, Ctx),
    Leave(Ctx),
}

/// For each expression whether it reads a variable that some path, possible or not, leaves unset; nothing where there is none.
pub(super) fn suspicious(body: &Body) -> Vec<bool> {
    let unset = maybe_unset(body);
    if !unset.contains(&true) {
        return Vec::new();
    }
    let mut suspicious = vec![false; body.exprs.len()];
    for id in body.exprs.ids() {
        suspicious[id.index()] = match body.exprs.kind(id) {
            ExprKind::Var(var) => unset[var.index()],
            ExprKind::Const(_) | ExprKind::Net(_) => false,
            ExprKind::Op(_, args) => args.iter().any(|arg| suspicious[arg.index()]),
        };
    }
    suspicious
}

impl Knowledge<'_> {
    /// Whether a path that may be taken leads to here, under the context, on which nothing was assigned to the variable.
    pub fn may_be_unset(&mut self, var: VarId, ctx: Ctx) -> bool {
        let ways = self.state.unset_on(var);
        if ways.is_none() {
            return false;
        }
        let led = self.led(ctx);
        ways.iter().any(|way| way.is_empty() || self.may_hold(way, &led, ctx))
    }

    /// Whether the conditions of a path may have held where those hold that led here.
    fn may_hold(&mut self, way: &Conditions, led: &Conditions, ctx: Ctx) -> bool {
        let Some(inner) = self.enter_alternative(ctx) else { return true };
        let exprs = &self.scope.body.exprs;
        let fits = way.iter().all(|(id, known)| match (exprs.ty(*id), known.as_bool()) {
            (Type::Bool, Some(truth)) => self.learn(*id, truth, inner),
            (_, _) => self.narrow_to(*id, known, inner, 0),
        }) && led
            .iter()
            .all(|(id, known)| self.eval(*id, inner).is_none_or(|possible| possible.meet(known).is_some()));
        self.leave(inner);
        fits
    }

    /// The places at which the expression may read an unset variable. Operands that are never evaluated read nothing.
    pub fn unset_reads(&mut self, root: ExprId, suspicious: &[bool]) -> Vec<(ExprId, VarId)> {
        let exprs = &self.scope.body.exprs;
        let mut found = Vec::new();
        let mut seen: HashSet<(ExprId, Ctx)> = HashSet::new();
        let mut steps = vec![Step::Visit(root, BASE)];
        while let Some(step) = steps.pop() {
            let (id, ctx) = match step {
                Step::Leave(ctx) => {
                    // Its number is given to the next one.
                    seen.retain(|(_, known)| *known != ctx);
                    self.leave(ctx);
                    continue;
                }
                Step::Guarded(cond, truth, operand, ctx) if suspicious[operand.index()] => {
                    if !self.may_enter(ctx) {
                        (operand, ctx)
                    } else if let Some(inner) = self.enter(cond, truth, ctx) {
                        steps.push(Step::Leave(inner));
                        (operand, inner)
                    } else {
                        continue;
                    }
                }
                Step::Guarded(..) => continue,
                Step::Visit(id, ctx) => (id, ctx),
            };
            if !suspicious[id.index()] || !seen.insert((id, ctx)) {
                continue;
            }
            match exprs.kind(id) {
                ExprKind::Var(var) => {
                    if self.may_be_unset(*var, ctx) {
                        found.push((id, *var));
                    }
                }
                ExprKind::Op(Op::Mux, args) => {
                    steps.push(Step::Guarded(args[0], false, args[2], ctx));
                    steps.push(Step::Guarded(args[0], true, args[1], ctx));
                    steps.push(Step::Visit(args[0], ctx));
                }
                ExprKind::Op(op @ (Op::AndThen | Op::OrElse), args) => {
                    steps.push(Step::Guarded(args[0], *op == Op::AndThen, args[1], ctx));
                    steps.push(Step::Visit(args[0], ctx));
                }
                ExprKind::Op(_, args) => steps.extend(args.iter().rev().map(|arg| Step::Visit(*arg, ctx))),
                ExprKind::Const(_) | ExprKind::Net(_) => {}
            }
        }
        found
    }
}
