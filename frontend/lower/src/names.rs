//! The lists that statements change.

use pyhw_syntax::ast::{self, ExprKind};
use std::collections::HashSet;

/// The names of lists of which elements are stored on some paths only.
pub fn changing_lists(stmts: &[ast::Stmt], names: &mut HashSet<String>) {
    changing(stmts, false, names);
}

fn changing(stmts: &[ast::Stmt], on_some_paths: bool, names: &mut HashSet<String>) {
    for stmt in stmts {
        match &stmt.kind {
            ast::StmtKind::Assign { targets, .. } if on_some_paths => {
                targets.iter().for_each(|target| element_owners(target, names));
            }
            ast::StmtKind::AugAssign { target, .. } | ast::StmtKind::AnnAssign { target, .. }
                if on_some_paths =>
            {
                element_owners(target, names);
            }
            ast::StmtKind::If { arms, orelse } => {
                arms.iter().for_each(|arm| changing(&arm.body.stmts, true, names));
                changing(&orelse.stmts, true, names);
            }
            ast::StmtKind::While { body, orelse, .. } => {
                changing(&body.stmts, true, names);
                changing(&orelse.stmts, true, names);
            }
            ast::StmtKind::For { body, orelse, .. } => {
                changing(&body.stmts, on_some_paths, names);
                changing(&orelse.stmts, true, names);
            }
            ast::StmtKind::Match { cases, .. } => {
                cases.iter().for_each(|case| changing(&case.body.stmts, true, names));
            }
            _ => {}
        }
    }
}

fn element_owners(target: &ast::Expr, names: &mut HashSet<String>) {
    match &target.kind {
        ExprKind::Subscript { value, .. } => {
            if let ExprKind::Name(name) = &value.kind {
                names.insert(name.clone());
            }
        }
        ExprKind::Tuple(targets) | ExprKind::List(targets) => {
            targets.iter().for_each(|target| element_owners(target, names));
        }
        _ => {}
    }
}
