//! One expression evaluated as plainly as possible: what compiled code is compared with.

use super::apply::apply;
use super::fault::Fault;
use super::nodes::{Lazy, laziness};
use crate::design::Types;
use crate::expr::{ExprId, ExprKind, Exprs};
use crate::op::Op;
use crate::types::{Type, Value};

/// The value of an expression. `read` gives the values of nets, variables and `now`; whatever it does not know is a fault.
///
/// Every shared operand is evaluated once, and only if it is needed. The stack is a list, so that depth does no harm.
///
/// # Errors
/// The first fault that is met, at the span of the operator.
pub fn expression(
    exprs: &Exprs,
    root: ExprId,
    types: &Types,
    read: &mut dyn FnMut(&ExprKind) -> Result<Value, Fault>,
) -> Result<Value, Fault> {
    let mut known: Vec<Option<Value>> = vec![None; root.index() + 1];
    let mut stack = vec![root];
    while let Some(&id) = stack.last() {
        if known[id.index()].is_some() {
            stack.pop();
            continue;
        }
        let value = match exprs.kind(id) {
            ExprKind::Const(value) => value.clone(),
            kind @ (ExprKind::Net(_) | ExprKind::Var(_) | ExprKind::Op(Op::Now, _)) => read(kind)?,
            ExprKind::Op(op, args) => {
                if args.iter().any(|arg| arg.index() >= id.index()) {
                    return Err(Fault::internal("an operand stands after what uses it").at(exprs.span(id)));
                }
                let of = |index: usize| args.get(index).and_then(|arg| known[arg.index()].as_ref());
                // Which operand is still missing, in the order of evaluation.
                let first = of(0).map(Value::is_truthy);
                let missing = match (laziness(op), first) {
                    (Lazy::Mux | Lazy::Second(_), None) => Some(0),
                    (Lazy::Mux, Some(first)) => {
                        Some(if first { 1 } else { 2 }).filter(|&arm| of(arm).is_none())
                    }
                    (Lazy::Second(needed), Some(first)) => (first == needed && of(1).is_none()).then_some(1),
                    (Lazy::No, _) => (0..args.len()).find(|&index| of(index).is_none()),
                };
                if let Some(index) = missing {
                    match args.get(index) {
                        Some(&arg) => stack.push(arg),
                        None => return Err(Fault::ill_typed(op).at(exprs.span(id))),
                    }
                    continue;
                }
                // What was not needed is ignored by `apply`; anything can stand for it.
                let values: Vec<&Value> = args
                    .iter()
                    .map(|arg| known[arg.index()].as_ref().unwrap_or(&Value::Bool(false)))
                    .collect();
                let arg_types: Vec<&Type> = args.iter().map(|&arg| exprs.ty(arg)).collect();
                apply(op, &values, &arg_types, types).map_err(|fault| fault.at(exprs.span(id)))?
            }
        };
        known[id.index()] = Some(value);
        stack.pop();
    }
    known.pop().flatten().ok_or_else(|| Fault::internal("an expression without a value"))
}
