//! The names that statements assign.

use pyhw_syntax::ast::{self, ExprKind, PatternKind};
use std::collections::HashSet;

/// The names that statements assign, those in nested functions left out.
pub fn assigned_names(stmts: &[ast::Stmt], names: &mut HashSet<String>) {
    for stmt in stmts {
        match &stmt.kind {
            ast::StmtKind::Assign { targets, value } => {
                targets.iter().for_each(|target| target_names(target, names));
                walrus_names(value, names);
            }
            ast::StmtKind::AugAssign { target, .. } | ast::StmtKind::AnnAssign { target, .. } => {
                target_names(target, names);
            }
            ast::StmtKind::If { arms, orelse } => {
                for arm in arms {
                    walrus_names(&arm.test, names);
                    assigned_names(&arm.body.stmts, names);
                }
                assigned_names(&orelse.stmts, names);
            }
            ast::StmtKind::While { test, body, orelse } => {
                walrus_names(test, names);
                assigned_names(&body.stmts, names);
                assigned_names(&orelse.stmts, names);
            }
            ast::StmtKind::For { target, body, orelse, .. } => {
                target_names(target, names);
                assigned_names(&body.stmts, names);
                assigned_names(&orelse.stmts, names);
            }
            ast::StmtKind::Match { cases, .. } => {
                for case in cases {
                    pattern_names(&case.pattern, names);
                    assigned_names(&case.body.stmts, names);
                }
            }
            ast::StmtKind::Function(def) => {
                names.insert(def.name.name.clone());
            }
            ast::StmtKind::Expr(expr) => walrus_names(expr, names),
            _ => {}
        }
    }
}

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

fn target_names(target: &ast::Expr, names: &mut HashSet<String>) {
    match &target.kind {
        ExprKind::Name(name) => {
            names.insert(name.clone());
        }
        ExprKind::Tuple(targets) | ExprKind::List(targets) => {
            targets.iter().for_each(|target| target_names(target, names));
        }
        ExprKind::Starred(inner) => target_names(inner, names),
        _ => {}
    }
}

fn pattern_names(pattern: &ast::Pattern, names: &mut HashSet<String>) {
    match &pattern.kind {
        PatternKind::Capture(name) => {
            names.insert(name.name.clone());
        }
        PatternKind::Or(parts) | PatternKind::Sequence(parts) => {
            parts.iter().for_each(|part| pattern_names(part, names));
        }
        PatternKind::As { pattern, name } => {
            names.insert(name.name.clone());
            pattern_names(pattern, names);
        }
        PatternKind::Class { value, .. } => pattern_names(value, names),
        PatternKind::Wildcard | PatternKind::Value(_) | PatternKind::Unsupported { .. } => {}
    }
}

/// The names that expressions bind by `:=`.
pub fn walrus_names(expr: &ast::Expr, names: &mut HashSet<String>) {
    match &expr.kind {
        ExprKind::Walrus { target, value } => {
            names.insert(target.name.clone());
            walrus_names(value, names);
        }
        ExprKind::Compare { first, rest } => {
            walrus_names(first, names);
            rest.iter().for_each(|(_, value)| walrus_names(value, names));
        }
        ExprKind::Binary { first, rest } => {
            walrus_names(first, names);
            rest.iter().for_each(|(_, value)| walrus_names(value, names));
        }
        ExprKind::BoolOp { values, .. } | ExprKind::Tuple(values) | ExprKind::List(values) => {
            values.iter().for_each(|value| walrus_names(value, names));
        }
        ExprKind::Unary { operand, .. } => walrus_names(operand, names),
        ExprKind::Call { args, .. } => args.iter().for_each(|arg| walrus_names(arg.value(), names)),
        ExprKind::Conditional { test, body, orelse } => {
            walrus_names(test, names);
            walrus_names(body, names);
            walrus_names(orelse, names);
        }
        _ => {}
    }
}
