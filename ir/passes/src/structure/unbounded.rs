//! PH0204: loops of hardware that turn until something happens.

use crate::turns::is_bounded;
use pyhw_diagnostics::{Code, Diagnostic, Severity};
use pyhw_ir::{Module, ProcessBody, ProcessKind, StmtKind, walk_stmts};

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
