//! What functions do with their names: the lists that they change, the parameters that they read again.

use pyhw_syntax::ast::{self, ExprKind, Target};
use pyhw_syntax::names::{Bound, bindings_of};
use pyhw_syntax::visit::{Visitor, walk_block, walk_expr};
use std::collections::HashSet;

/// Whether the function's text reads the name in more than one place, or where it may be written out more than once.
pub fn is_used_again(def: &ast::FunctionDef, name: &str) -> bool {
    let mut uses = Uses { name, count: 0, weight: 1 };
    walk_block(&mut uses, &def.body);
    uses.count > 1
}

struct Uses<'n> {
    name: &'n str,
    count: u32,
    /// What a use counts for where it stands.
    weight: u32,
}

impl<'a> Visitor<'a> for Uses<'_> {
    fn stmt(&mut self, stmt: &'a ast::Stmt) {
        let repeats = matches!(stmt.kind, ast::StmtKind::For { .. } | ast::StmtKind::While { .. });
        let weight = self.weight;
        self.weight += u32::from(repeats);
        pyhw_syntax::visit::walk_stmt(self, stmt);
        self.weight = weight;
    }

    fn expr(&mut self, expr: &'a ast::Expr) {
        if matches!(&expr.kind, ExprKind::Name(name) if name == self.name) {
            self.count += self.weight;
        }
        let repeats = matches!(expr.kind, ExprKind::Comprehension(_));
        let weight = self.weight;
        self.weight += u32::from(repeats);
        walk_expr(self, expr);
        self.weight = weight;
    }

    fn function(&mut self, function: &'a ast::FunctionDef) {
        let weight = self.weight;
        self.weight += 1;
        pyhw_syntax::visit::walk_function(self, function);
        self.weight = weight;
    }
}

/// The names that statements bind in more than one place, one of them no `for`; parameters are bound by the call.
pub fn rebound(stmts: &[ast::Stmt], params: &[ast::Parameter]) -> HashSet<String> {
    let is_again = |(name, bound): &(String, Bound)| {
        let is_param = || params.iter().any(|param| param.name.name == *name);
        bound.places > bound.by_loops && (bound.places > 1 || is_param())
    };
    bindings_of(stmts).into_iter().filter(is_again).map(|(name, _)| name).collect()
}

/// The names by which signals are driven: `name.next = …`.
pub fn driven(stmts: &[ast::Stmt]) -> HashSet<String> {
    let mut found = Driven(HashSet::new());
    stmts.iter().for_each(|stmt| found.stmt(stmt));
    found.0
}

struct Driven(HashSet<String>);

impl Driven {
    fn note(&mut self, expr: &ast::Expr) {
        if let ExprKind::Attribute { value, attr } = &expr.kind
            && let (ExprKind::Name(name), "next") = (&value.kind, attr.name.as_str())
        {
            self.0.insert(name.clone());
        }
    }
}

impl<'a> Visitor<'a> for Driven {
    fn expr(&mut self, expr: &'a ast::Expr) {
        self.note(expr);
        walk_expr(self, expr);
    }

    fn target(&mut self, target: &'a ast::Expr) {
        self.note(target);
        pyhw_syntax::visit::walk_target(self, target);
    }
}

/// The names that statements change in place, by `x[…] = …` or `x += …`, and bind in one place only.
pub fn changed_in_place(stmts: &[ast::Stmt], params: &[ast::Parameter]) -> HashSet<String> {
    let mut stored = Parts::default();
    stmts.iter().for_each(|stmt| stored.stmt(stmt));
    let mut found = HashSet::new();
    for (name, bound) in bindings_of(stmts) {
        let is_param = params.iter().any(|param| param.name.name == name);
        let bindings = bound.places - bound.by_updates + usize::from(is_param);
        if bindings == 1 && (bound.by_updates > 0 || stored.names.contains(&name)) {
            found.insert(name);
        }
    }
    found.extend(stored.names.into_iter().filter(|name| params.iter().any(|param| param.name.name == *name)));
    found
}

/// The names of what has parts that are stored into.
#[derive(Default)]
struct Parts {
    names: HashSet<String>,
}

impl<'a> Visitor<'a> for Parts {
    fn stmt(&mut self, stmt: &'a ast::Stmt) {
        match &stmt.kind {
            ast::StmtKind::Assign { targets, .. } => {
                targets.iter().for_each(|target| element_owners(target, &mut self.names));
            }
            ast::StmtKind::AugAssign { target, .. } | ast::StmtKind::AnnAssign { target, .. } => {
                element_owners(target, &mut self.names);
            }
            _ => {}
        }
        pyhw_syntax::visit::walk_stmt(self, stmt);
    }

    fn function(&mut self, _function: &'a ast::FunctionDef) {}
}

/// Whether a `break` stands anywhere in the statements, of whatever loop.
pub fn has_break(stmts: &[ast::Stmt]) -> bool {
    let mut breaks = Breaks(false);
    stmts.iter().for_each(|stmt| breaks.stmt(stmt));
    breaks.0
}

struct Breaks(bool);

impl<'a> Visitor<'a> for Breaks {
    fn stmt(&mut self, stmt: &'a ast::Stmt) {
        self.0 |= matches!(stmt.kind, ast::StmtKind::Break);
        pyhw_syntax::visit::walk_stmt(self, stmt);
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
            // These store on every path, into no element, or leave the process to Python.
            ast::StmtKind::Assign { .. }
            | ast::StmtKind::AugAssign { .. }
            | ast::StmtKind::AnnAssign { .. }
            | ast::StmtKind::Expr(_)
            | ast::StmtKind::Break
            | ast::StmtKind::Continue
            | ast::StmtKind::Pass
            | ast::StmtKind::Return(_)
            | ast::StmtKind::Raise { .. }
            | ast::StmtKind::Assert { .. }
            | ast::StmtKind::Delete(_)
            | ast::StmtKind::Global(_)
            | ast::StmtKind::Nonlocal(_)
            | ast::StmtKind::Function(_)
            | ast::StmtKind::Unsupported(_) => {}
        }
    }
}

fn element_owners(target: &ast::Expr, names: &mut HashSet<String>) {
    match target.as_target() {
        Target::Subscript(value, _) => {
            let mut at = value;
            while let ExprKind::Subscript { value, .. } = &at.kind {
                at = value;
            }
            if let ExprKind::Name(name) = &at.kind {
                names.insert(name.clone());
            }
        }
        Target::Several(targets) => targets.iter().for_each(|target| element_owners(target, names)),
        Target::Rest(target) => element_owners(target, names),
        Target::Name(_) | Target::Attribute(..) | Target::Misplaced => {}
    }
}
