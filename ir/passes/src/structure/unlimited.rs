//! PH0303: results that no number of bits holds, where all of their bits are asked for.

use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::{
    Body, ExprId, ExprKind, Module, Op, Process, ProcessBody, Range, Root, StmtKind, Type, Value, VarId,
    walk_stmts,
};
use std::collections::HashSet;

/// Operators of bounded operands whose result has no bound, such as a shift by 16 bits: what `%`, slices and stores that wrap leave of
/// it can be computed, all of it cannot.
pub(super) fn results(module: &Module) -> Vec<Diagnostic> {
    module.processes.iter().flat_map(|process| of_process(module, process)).collect()
}

fn of_process(module: &Module, process: &Process) -> Vec<Diagnostic> {
    let ProcessBody::Ir(body) = &process.body else { return Vec::new() };
    let mut asked = Asked { body, holder: None, seen: HashSet::new(), found: Vec::new() };
    walk_stmts(&body.stmts, &mut |stmt| {
        let wraps = match &stmt.kind {
            StmtKind::Next { place, value } | StmtKind::Assign { place, value } if place.path.is_empty() => {
                let (wraps, ty) = match place.root {
                    Root::Net(net) => (module.net(net).wraps, &module.net(net).ty),
                    Root::Var(var) => (body.var(var).wraps, &body.var(var).ty),
                };
                (wraps && ty.range().is_some_and(keeps_low_bits)).then_some(*value)
            }
            _ => None,
        };
        asked.holder = match &stmt.kind {
            StmtKind::Assign { place, .. } if place.path.is_empty() => match place.root {
                Root::Var(var) => Some(var),
                Root::Net(_) => None,
            },
            _ => None,
        };
        for root in stmt.kind.exprs() {
            asked.visit(root, wraps != Some(root), stmt.span);
        }
    });
    asked.found
}

/// Whether reducing into the interval keeps the low bits as they are.
fn keeps_low_bits(range: &Range) -> bool {
    range.size().is_some_and(|size| size.exponent_of_two().is_some())
}

struct Asked<'a> {
    body: &'a Body,
    /// The local that the statement stores into.
    holder: Option<VarId>,
    /// Expressions that were visited, with whether all of their bits were asked for.
    seen: HashSet<(ExprId, bool)>,
    found: Vec<Diagnostic>,
}

impl Asked<'_> {
    /// Visits what an expression is computed from. `all` tells whether all of its bits are asked for, or low ones only.
    fn visit(&mut self, root: ExprId, all: bool, stmt: Span) {
        let mut left = vec![(root, all)];
        while let Some((id, all)) = left.pop() {
            if !self.seen.insert((id, all)) {
                continue;
            }
            let ExprKind::Op(op, args) = self.body.exprs.kind(id) else { continue };
            if all && self.is_first_without_bound(id, args) {
                self.tell(id, op, stmt);
            }
            for (index, &arg) in args.iter().enumerate() {
                left.push((arg, self.asks_for_all(op, args, index, all)));
            }
        }
    }

    fn is_first_without_bound(&self, id: ExprId, args: &[ExprId]) -> bool {
        let has_bound = |id: ExprId| self.body.exprs.range(id).is_none_or(Range::is_bounded);
        !has_bound(id) && !args.is_empty() && args.iter().all(|arg| has_bound(*arg))
    }

    /// Whether the operator asks for all bits of an operand.
    fn asks_for_all(&self, op: &Op, args: &[ExprId], index: usize, all: bool) -> bool {
        let exprs = &self.body.exprs;
        match op {
            Op::Neg | Op::Add | Op::Sub | Op::Mul | Op::Inv | Op::Or | Op::Xor => all,
            Op::And => {
                let other = exprs.range(args[1 - index]);
                all && !other.is_some_and(|range| range.is_bounded() && !range.is_signed())
            }
            Op::Shl => index == 1 || all,
            Op::Mux => index == 0 || all,
            Op::Mod => {
                let by = exprs.as_const(args[1]).and_then(Value::as_int);
                index == 1 || by.is_none_or(|by| by.exponent_of_two().is_none())
            }
            Op::Bit => index == 1,
            Op::Slice { .. } | Op::Concat { .. } | Op::Signed { .. } => false,
            Op::Wrap { range } => !keeps_low_bits(range),
            Op::FloorDiv
            | Op::Pow
            | Op::Shr
            | Op::Eq
            | Op::Ne
            | Op::Lt
            | Op::Le
            | Op::Gt
            | Op::Ge
            | Op::Not
            | Op::AndThen
            | Op::OrElse
            | Op::Refine { .. }
            | Op::Check { .. }
            | Op::ToInt
            | Op::ToBool
            | Op::Encode
            | Op::Decode { .. }
            | Op::Index
            | Op::Array
            | Op::Field { .. }
            | Op::Struct { .. }
            | Op::IsZ
            | Op::Now
            | Op::Format { .. } => true,
        }
    }

    fn tell(&mut self, id: ExprId, op: &Op, stmt: Span) {
        let exprs = &self.body.exprs;
        let own = exprs.span(id);
        let span = if stmt.contains(own) { own } else { stmt };
        let mut finding = Diagnostic::new(
            Code::PH0303,
            span,
            format!("the result of `{}` needs more than 4,096 bits", op.symbol()),
        );
        if let Some(holder) = self.holder.map(|var| self.body.var(var))
            && !holder.span.contains(span)
            && holder.span.is_known()
        {
            finding = finding.label(holder.span, format!("`{}` holds it", holder.name));
        }
        if let (Op::Shl, Some(amount)) = (op, exprs.operands(id).get(1)) {
            if let (Type::Int(range), ExprKind::Net(_) | ExprKind::Var(_)) =
                (exprs.ty(*amount), exprs.kind(*amount))
                && let Some(max) = &range.max
            {
                finding = finding.at(format!("shifts by up to {max}"));
            }
            finding = finding
                .help("let fewer bits choose how far it shifts, or take the bits that are meant: `… % 256`");
        }
        self.found.push(finding);
    }
}
