//! Going through a tree in source order.
//!
//! A visitor overrides what it is interested in and calls the `walk_*` function to go on below. Targets of
//! assignments, loops and comprehensions come through [`Visitor::target`], all other expressions through
//! [`Visitor::expr`].

use crate::ast::{
    Argument, Block, Comprehension, Expr, ExprKind, FStringPart, FunctionDef, Pattern, PatternKind, Stmt,
    StmtKind, Target, Unsupported,
};

/// What is done at each node.
pub trait Visitor<'a> {
    /// At a statement.
    fn stmt(&mut self, stmt: &'a Stmt) {
        walk_stmt(self, stmt);
    }

    /// At an expression whose value is read.
    fn expr(&mut self, expr: &'a Expr) {
        walk_expr(self, expr);
    }

    /// At an expression that is stored into or deleted.
    fn target(&mut self, target: &'a Expr) {
        walk_target(self, target);
    }

    /// At the target of an augmented assignment, which is read and stored into.
    fn update(&mut self, target: &'a Expr) {
        self.target(target);
    }

    /// At an annotation.
    fn annotation(&mut self, annotation: &'a Expr) {
        self.expr(annotation);
    }

    /// At a `def` or lambda.
    fn function(&mut self, function: &'a FunctionDef) {
        walk_function(self, function);
    }

    /// At a comprehension.
    fn comprehension(&mut self, comprehension: &'a Comprehension) {
        walk_comprehension(self, comprehension);
    }

    /// At a pattern.
    fn pattern(&mut self, pattern: &'a Pattern) {
        walk_pattern(self, pattern);
    }

    /// At a statement outside the subset.
    fn unsupported(&mut self, unsupported: &'a Unsupported) {
        walk_unsupported(self, unsupported);
    }
}

/// Visits the statements of a block.
pub fn walk_block<'a, V: Visitor<'a> + ?Sized>(visitor: &mut V, block: &'a Block) {
    for stmt in &block.stmts {
        visitor.stmt(stmt);
    }
}

/// Visits what a statement consists of.
pub fn walk_stmt<'a, V: Visitor<'a> + ?Sized>(visitor: &mut V, stmt: &'a Stmt) {
    match &stmt.kind {
        StmtKind::Expr(value) => visitor.expr(value),
        StmtKind::Assign { targets, value } => {
            for target in targets {
                visitor.target(target);
            }
            visitor.expr(value);
        }
        StmtKind::AugAssign { target, op: _, value } => {
            visitor.update(target);
            visitor.expr(value);
        }
        StmtKind::AnnAssign { target, annotation, value } => {
            visitor.target(target);
            visitor.annotation(annotation);
            each(visitor, value);
        }
        StmtKind::If { arms, orelse } => {
            for arm in arms {
                visitor.expr(&arm.test);
                walk_block(visitor, &arm.body);
            }
            walk_block(visitor, orelse);
        }
        StmtKind::While { test, body, orelse } => {
            visitor.expr(test);
            walk_block(visitor, body);
            walk_block(visitor, orelse);
        }
        StmtKind::For { target, iter, body, orelse } => {
            visitor.target(target);
            visitor.expr(iter);
            walk_block(visitor, body);
            walk_block(visitor, orelse);
        }
        StmtKind::Match { subject, cases } => {
            visitor.expr(subject);
            for case in cases {
                visitor.pattern(&case.pattern);
                each(visitor, &case.guard);
                walk_block(visitor, &case.body);
            }
        }
        StmtKind::Return(value) => each(visitor, value),
        StmtKind::Raise { exception, cause } => {
            each(visitor, exception);
            each(visitor, cause);
        }
        StmtKind::Assert { test, message } => {
            visitor.expr(test);
            each(visitor, message);
        }
        StmtKind::Delete(targets) => {
            for target in targets {
                visitor.target(target);
            }
        }
        StmtKind::Function(function) => visitor.function(function),
        StmtKind::Unsupported(unsupported) => visitor.unsupported(unsupported),
        StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Pass
        | StmtKind::Global(_)
        | StmtKind::Nonlocal(_) => {}
    }
}

/// Visits the parts of a statement outside the subset.
pub fn walk_unsupported<'a, V: Visitor<'a> + ?Sized>(visitor: &mut V, unsupported: &'a Unsupported) {
    each(visitor, &unsupported.values);
    for target in &unsupported.targets {
        visitor.target(target);
    }
    for block in &unsupported.blocks {
        walk_block(visitor, block);
    }
}

/// Visits what a function's surroundings evaluate, then its body.
pub fn walk_function<'a, V: Visitor<'a> + ?Sized>(visitor: &mut V, function: &'a FunctionDef) {
    walk_signature(visitor, function);
    walk_block(visitor, &function.body);
}

/// Visits what is evaluated where a function is defined: decorators, defaults, annotations.
pub fn walk_signature<'a, V: Visitor<'a> + ?Sized>(visitor: &mut V, function: &'a FunctionDef) {
    each(visitor, &function.decorators);
    for param in &function.params {
        each(visitor, &param.default);
        if let Some(annotation) = &param.annotation {
            visitor.annotation(annotation);
        }
    }
    if let Some(annotation) = &function.returns {
        visitor.annotation(annotation);
    }
}

/// Visits what a comprehension consists of.
pub fn walk_comprehension<'a, V: Visitor<'a> + ?Sized>(visitor: &mut V, comprehension: &'a Comprehension) {
    visitor.expr(&comprehension.element);
    each(visitor, &comprehension.value);
    for clause in &comprehension.clauses {
        visitor.target(&clause.target);
        visitor.expr(&clause.iter);
        each(visitor, &clause.ifs);
    }
}

/// Visits what an expression consists of.
pub fn walk_expr<'a, V: Visitor<'a> + ?Sized>(visitor: &mut V, expr: &'a Expr) {
    match &expr.kind {
        ExprKind::Name(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::Bool(_)
        | ExprKind::None
        | ExprKind::Ellipsis => {}
        ExprKind::FString(parts) => walk_fstring(visitor, parts),
        ExprKind::Attribute { value, attr: _ } => visitor.expr(value),
        ExprKind::Subscript { value, index } => {
            visitor.expr(value);
            visitor.expr(index);
        }
        ExprKind::Slice { lower, upper, step } => {
            for part in [lower, upper, step].into_iter().flatten() {
                visitor.expr(part);
            }
        }
        ExprKind::Call { function, args } => {
            visitor.expr(function);
            each(visitor, args.iter().map(Argument::value));
        }
        ExprKind::Unary { op: _, operand } => visitor.expr(operand),
        ExprKind::Binary { first, rest } => {
            visitor.expr(first);
            each(visitor, rest.iter().map(|(_, value)| value));
        }
        ExprKind::Compare { first, rest } => {
            visitor.expr(first);
            each(visitor, rest.iter().map(|(_, value)| value));
        }
        ExprKind::Conditional { test, body, orelse } => {
            visitor.expr(body);
            visitor.expr(test);
            visitor.expr(orelse);
        }
        ExprKind::Lambda(function) => visitor.function(function),
        ExprKind::Walrus { target: _, value } => visitor.expr(value),
        ExprKind::BoolOp { op: _, values }
        | ExprKind::Tuple(values)
        | ExprKind::List(values)
        | ExprKind::Set(values) => each(visitor, values),
        ExprKind::Dict(items) => {
            for item in items {
                each(visitor, &item.key);
                visitor.expr(&item.value);
            }
        }
        ExprKind::Comprehension(comprehension) => visitor.comprehension(comprehension),
        ExprKind::Starred(value) | ExprKind::YieldFrom(value) => visitor.expr(value),
        ExprKind::Yield(value) => {
            if let Some(value) = value {
                visitor.expr(value);
            }
        }
        ExprKind::Unsupported { what: _, inside } => each(visitor, inside),
    }
}

fn walk_fstring<'a, V: Visitor<'a> + ?Sized>(visitor: &mut V, parts: &'a [FStringPart]) {
    for part in parts {
        match part {
            FStringPart::Text(_) => {}
            FStringPart::Value { value, conversion: _, format, span: _ } => {
                visitor.expr(value);
                if let Some(format) = format {
                    walk_fstring(visitor, format);
                }
            }
        }
    }
}

/// Visits what a target consists of: inner targets, and the values that attributes and subscripts belong to.
pub fn walk_target<'a, V: Visitor<'a> + ?Sized>(visitor: &mut V, target: &'a Expr) {
    match target.as_target() {
        Target::Name(_) => {}
        Target::Several(targets) => targets.iter().for_each(|target| visitor.target(target)),
        Target::Rest(target) => visitor.target(target),
        Target::Attribute(value, _) => visitor.expr(value),
        Target::Subscript(value, index) => {
            visitor.expr(value);
            visitor.expr(index);
        }
        Target::Misplaced => visitor.expr(target),
    }
}

/// Visits what a pattern consists of.
pub fn walk_pattern<'a, V: Visitor<'a> + ?Sized>(visitor: &mut V, pattern: &'a Pattern) {
    match &pattern.kind {
        PatternKind::Wildcard | PatternKind::Capture(_) => {}
        PatternKind::Value(value) => visitor.expr(value),
        PatternKind::Or(patterns) | PatternKind::Sequence(patterns) => {
            for pattern in patterns {
                visitor.pattern(pattern);
            }
        }
        PatternKind::As { pattern, name: _ } => visitor.pattern(pattern),
        PatternKind::Class { class, value } => {
            visitor.expr(class);
            visitor.pattern(value);
        }
        PatternKind::Unsupported { what: _, inside, values, binds: _ } => {
            each(visitor, values);
            for pattern in inside {
                visitor.pattern(pattern);
            }
        }
    }
}

fn each<'a, V: Visitor<'a> + ?Sized>(visitor: &mut V, exprs: impl IntoIterator<Item = &'a Expr>) {
    for expr in exprs {
        visitor.expr(expr);
    }
}
