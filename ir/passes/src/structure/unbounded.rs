//! PH0204: loops of hardware that turn until something happens.

use crate::turns::is_bounded;
use pyhw_diagnostics::{Code, Diagnostic, Severity};
use pyhw_ir::{LabelId, Module, ProcessBody, ProcessKind, Stmt, StmtKind, Value, walk_stmts};

/// Loops in combinational and clocked processes that nobody can write out, because how often they turn is not known.
pub(super) fn loops(module: &Module) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for process in &module.processes {
        let ProcessBody::Ir(body) = &process.body else { continue };
        match process.kind {
            ProcessKind::Timed => continue,
            ProcessKind::Comb { .. } | ProcessKind::Clocked { .. } => {}
        }
        walk_stmts(&body.stmts, &mut |stmt| {
            if let StmtKind::While { label, cond, body: turn } = &stmt.kind
                && !is_bounded(body, *label, *cond, turn)
            {
                if body.exprs.as_const(*cond).is_some_and(Value::is_truthy) && !is_left(*label, turn) {
                    // No simulator comes back from it.
                    let message =
                        format!("nothing ends this loop of `{}`, and nothing in it waits", process.name);
                    let finding = Diagnostic::new(Code::PH0204, stmt.span, message);
                    found.push(
                        finding.help("a process runs from its beginning to its end whenever it is woken"),
                    );
                    return;
                }
                let message = format!("no constant says how often this loop of `{}` turns", process.name);
                let span = body.exprs.span(*cond);
                let span = if stmt.span.contains(span) { span } else { stmt.span };
                // The condition of a `for` whose bound is computed has no place of its own.
                let (at, help) = if span == stmt.span {
                    (
                        "how often is known only while it runs",
                        "let it count to a constant, with `break` where it may end before",
                    )
                } else {
                    (
                        "until this fails",
                        "let it count: `for i in range(8):`, with `break` where it may end before",
                    )
                };
                let finding = Diagnostic::new(Code::PH0204, span, message).severity(Severity::Warning);
                found.push(finding.at(at).help(help));
            }
        });
    }
    found
}

/// Whether something in a loop leaves it: a `break` of it or of what is around it, or the end of the process.
fn is_left(label: LabelId, turn: &[Stmt]) -> bool {
    let mut within = vec![];
    walk_stmts(turn, &mut |stmt| match &stmt.kind {
        StmtKind::Block { label, .. } | StmtKind::For { label, .. } | StmtKind::While { label, .. } => {
            within.push(*label);
        }
        _ => {}
    });
    let mut is_left = false;
    walk_stmts(turn, &mut |stmt| {
        is_left |= match &stmt.kind {
            StmtKind::Break(of) => *of == label || !within.contains(of),
            StmtKind::Continue(of) => *of != label && !within.contains(of),
            StmtKind::Return | StmtKind::Raise { .. } | StmtKind::Finish { .. } => true,
            StmtKind::Assign { .. }
            | StmtKind::Unset(_)
            | StmtKind::Next { .. }
            | StmtKind::If { .. }
            | StmtKind::Switch { .. }
            | StmtKind::For { .. }
            | StmtKind::While { .. }
            | StmtKind::Block { .. }
            | StmtKind::Wait(_)
            | StmtKind::Print { .. }
            | StmtKind::Assert { .. } => false,
        };
    });
    is_left
}
