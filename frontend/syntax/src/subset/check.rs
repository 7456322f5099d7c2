//! Which rows of the table a function needs.

use super::{Construct, Place};
use crate::ast::{
    Argument, BinaryOp, CompareOp, Comprehension, ComprehensionKind, Expr, ExprKind, FunctionDef,
    ParameterKind, Pattern, PatternKind, Stmt, StmtKind, UnaryOp, Unsupported,
};
use crate::visit::{
    Visitor, walk_block, walk_comprehension, walk_expr, walk_function, walk_pattern, walk_stmt, walk_target,
    walk_unsupported,
};
use pyhw_diagnostics::{Code, Diagnostic, Span};

/// Every construct in a function with its place, in the order of the walk. Decorators and annotations of the
/// function itself are left out: they belong to elaboration.
pub fn constructs(function: &FunctionDef) -> Vec<(Construct, Span)> {
    let mut collector = Collector { found: Vec::new() };
    collector.parameters(function);
    walk_block(&mut collector, &function.body);
    collector.found
}

/// PH0201 for every construct in a function that the place does not accept; in elaboration there is none.
pub fn check(function: &FunctionDef, place: Place) -> Vec<Diagnostic> {
    let refused = constructs(function).into_iter().filter(|(what, _)| !what.accepted_in(place));
    refused.map(|(what, span)| diagnostic(what, span, place)).collect()
}

/// PH0201: the construct at `span` may not stand in `place`.
pub fn diagnostic(what: Construct, span: Span, place: Place) -> Diagnostic {
    let row = what.row();
    let message = format!("{} is outside the subset for {place}", row.name);
    let error = Diagnostic::new(Code::PH0201, span, message).note(match row.accepted {
        Place::Elaboration => "only elaboration has it: module level, the bodies of blocks, classes",
        Place::TestBench => "only processes of test benches have it",
        Place::Process => "processes have it",
    });
    match row.note {
        "" => error,
        note => error.help(note),
    }
}

struct Collector {
    found: Vec<(Construct, Span)>,
}

impl Collector {
    fn add(&mut self, what: Construct, span: Span) {
        self.found.push((what, span));
    }

    fn parameters(&mut self, function: &FunctionDef) {
        for param in &function.params {
            let span = param.name.span;
            match param.kind {
                ParameterKind::PositionOnly | ParameterKind::Normal | ParameterKind::NameOnly => {}
                ParameterKind::Variadic => self.add(Construct::VariadicParameter, span),
                ParameterKind::Keywords => self.add(Construct::KeywordsParameter, span),
            }
            if let Some(default) = &param.default {
                self.add(Construct::DefaultArgument, default.span);
            }
        }
        if let Some(first) = function.type_params.first() {
            self.add(Construct::TypeParameters, first.span);
        }
    }

    fn store(&mut self, target: &Expr) {
        let what = match &target.kind {
            ExprKind::Attribute { .. } => Construct::AttributeTarget,
            ExprKind::Subscript { index, .. } => match &index.kind {
                ExprKind::Slice { .. } => Construct::SliceTarget,
                _ => Construct::SubscriptTarget,
            },
            ExprKind::Tuple(_) | ExprKind::List(_) => Construct::TupleTarget,
            ExprKind::Starred(_) => Construct::StarTarget,
            _ => return,
        };
        self.add(what, target.span);
    }

    fn binary(&mut self, ops: impl IntoIterator<Item = BinaryOp>, span: Span) {
        for op in ops {
            let what = match op {
                BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul => Construct::Arithmetic,
                BinaryOp::FloorDiv | BinaryOp::Mod => Construct::FloorDivision,
                BinaryOp::TrueDiv => Construct::TrueDivision,
                BinaryOp::Pow => Construct::Power,
                BinaryOp::ShiftLeft | BinaryOp::ShiftRight => Construct::Shift,
                BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => Construct::Bitwise,
                BinaryOp::MatMul => Construct::MatrixProduct,
            };
            self.add(what, span);
        }
    }

    fn compare(&mut self, rest: &[(CompareOp, Expr)], span: Span) {
        if rest.len() > 1 {
            self.add(Construct::ChainedCompare, span);
        }
        for (op, _) in rest {
            let what = match op {
                CompareOp::Eq
                | CompareOp::Ne
                | CompareOp::Lt
                | CompareOp::Le
                | CompareOp::Gt
                | CompareOp::Ge => Construct::Compare,
                CompareOp::Is | CompareOp::IsNot => Construct::Is,
                CompareOp::In | CompareOp::NotIn => Construct::In,
            };
            self.add(what, span);
        }
    }

    fn elements(&mut self, what: Construct, values: &[Expr], span: Span) {
        self.add(what, span);
        for value in values {
            if matches!(value.kind, ExprKind::Starred(_)) {
                self.add(Construct::StarElement, value.span);
            }
        }
    }

    fn arguments(&mut self, args: &[Argument]) {
        for arg in args {
            match arg {
                Argument::Position(_) => {}
                Argument::Name(name, _) => self.add(Construct::KeywordArgument, name.span),
                Argument::Star(value) => self.add(Construct::StarArgument, value.span),
                Argument::DoubleStar(value) => self.add(Construct::DoubleStarArgument, value.span),
            }
        }
    }
}

impl<'a> Visitor<'a> for Collector {
    fn stmt(&mut self, stmt: &'a Stmt) {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Expr(value) => match &value.kind {
                ExprKind::Str(_) => self.add(Construct::Docstring, span),
                ExprKind::Ellipsis | ExprKind::Yield(_) | ExprKind::YieldFrom(_) => {}
                _ => self.add(Construct::ExprStatement, span),
            },
            StmtKind::Assign { targets, value: _ } => {
                self.add(Construct::Assign, span);
                if targets.len() > 1 {
                    self.add(Construct::ChainedAssign, span);
                }
            }
            StmtKind::AugAssign { target: _, op, value: _ } => {
                self.add(Construct::AugAssign, span);
                self.binary([*op], span);
            }
            StmtKind::AnnAssign { target, annotation: _, value: _ } => {
                self.add(Construct::AnnAssign, target.span);
            }
            StmtKind::If { arms, orelse: _ } => self.add(Construct::If, arms[0].test.span),
            StmtKind::While { test, body: _, orelse } => {
                let what = if orelse.is_empty() { Construct::While } else { Construct::WhileElse };
                self.add(what, test.span);
            }
            StmtKind::For { target, iter, body: _, orelse } => {
                let what = if orelse.is_empty() { Construct::For } else { Construct::ForElse };
                self.add(what, target.span.join(iter.span));
            }
            StmtKind::Match { subject, cases } => {
                self.add(Construct::Match, subject.span);
                for guard in cases.iter().filter_map(|case| case.guard.as_ref()) {
                    self.add(Construct::Guard, guard.span);
                }
            }
            StmtKind::Break => self.add(Construct::Break, span),
            StmtKind::Continue => self.add(Construct::Continue, span),
            StmtKind::Pass => self.add(Construct::Pass, span),
            StmtKind::Return(_) => self.add(Construct::Return, span),
            StmtKind::Raise { .. } => self.add(Construct::Raise, span),
            StmtKind::Assert { .. } => self.add(Construct::Assert, span),
            StmtKind::Delete(_) => self.add(Construct::Delete, span),
            StmtKind::Global(_) => self.add(Construct::Global, span),
            StmtKind::Nonlocal(_) => self.add(Construct::Nonlocal, span),
            StmtKind::Function(function) => {
                self.add(Construct::NestedDef, function.name.span);
                if let Some(first) = function.decorators.first() {
                    self.add(Construct::Decorated, first.span);
                }
            }
            StmtKind::Unsupported(_) => {}
        }
        walk_stmt(self, stmt);
    }

    fn unsupported(&mut self, unsupported: &'a Unsupported) {
        self.add(unsupported.what, unsupported.span);
        walk_unsupported(self, unsupported);
    }

    fn function(&mut self, function: &'a FunctionDef) {
        self.parameters(function);
        if function.is_lambda {
            // The `return` that a lambda's body is made of is not in the source.
            let kinds = function.body.stmts.iter().map(|stmt| &stmt.kind);
            for kind in kinds {
                if let StmtKind::Return(Some(value)) = kind {
                    self.expr(value);
                }
            }
            crate::visit::walk_signature(self, function);
        } else {
            walk_function(self, function);
        }
    }

    fn target(&mut self, target: &'a Expr) {
        self.store(target);
        walk_target(self, target);
    }

    fn annotation(&mut self, _: &'a Expr) {}

    fn comprehension(&mut self, comprehension: &'a Comprehension) {
        let what = match comprehension.kind {
            ComprehensionKind::List => Construct::ListComprehension,
            ComprehensionKind::Set => Construct::SetComprehension,
            ComprehensionKind::Dict => Construct::DictComprehension,
            ComprehensionKind::Generator => Construct::GeneratorExpression,
        };
        self.add(what, comprehension.element.span);
        walk_comprehension(self, comprehension);
    }

    fn pattern(&mut self, pattern: &'a Pattern) {
        let what = match &pattern.kind {
            PatternKind::Wildcard => Construct::WildcardPattern,
            PatternKind::Capture(_) => Construct::CapturePattern,
            PatternKind::Value(_) => Construct::ValuePattern,
            PatternKind::Or(_) => Construct::OrPattern,
            PatternKind::Sequence(_) => Construct::SequencePattern,
            PatternKind::As { .. } => Construct::AsPattern,
            PatternKind::Class { .. } => Construct::ClassPattern,
            PatternKind::Unsupported { what, .. } => *what,
        };
        self.add(what, pattern.span);
        walk_pattern(self, pattern);
    }

    fn expr(&mut self, expr: &'a Expr) {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Name(_) => self.add(Construct::Name, span),
            ExprKind::Int(_) => self.add(Construct::Int, span),
            ExprKind::Float(_) => self.add(Construct::Float, span),
            ExprKind::Str(_) => self.add(Construct::Str, span),
            ExprKind::FString(_) => self.add(Construct::FString, span),
            ExprKind::Bool(_) => self.add(Construct::Bool, span),
            ExprKind::None => self.add(Construct::None, span),
            ExprKind::Ellipsis => self.add(Construct::Ellipsis, span),
            ExprKind::Attribute { .. } => self.add(Construct::Attribute, span),
            ExprKind::Subscript { index, .. } => {
                if !matches!(index.kind, ExprKind::Slice { .. }) {
                    self.add(Construct::Subscript, span);
                }
            }
            ExprKind::Slice { lower: _, upper: _, step } => {
                self.add(if step.is_some() { Construct::SliceStep } else { Construct::Slice }, span);
            }
            ExprKind::Call { function: _, args } => {
                self.add(Construct::Call, span);
                self.arguments(args);
            }
            ExprKind::Unary { op, operand: _ } => {
                let what = match op {
                    UnaryOp::Minus | UnaryOp::Plus => Construct::Sign,
                    UnaryOp::Invert => Construct::Invert,
                    UnaryOp::Not => Construct::Not,
                };
                self.add(what, span);
            }
            ExprKind::Binary { first: _, rest } => self.binary(rest.iter().map(|(op, _)| *op), span),
            ExprKind::BoolOp { .. } => self.add(Construct::BoolOp, span),
            ExprKind::Compare { first: _, rest } => self.compare(rest, span),
            ExprKind::Conditional { .. } => self.add(Construct::Conditional, span),
            ExprKind::Lambda(_) => self.add(Construct::Lambda, span),
            ExprKind::Walrus { .. } => self.add(Construct::Walrus, span),
            ExprKind::Tuple(values) => self.elements(Construct::Tuple, values, span),
            ExprKind::List(values) => self.elements(Construct::List, values, span),
            ExprKind::Set(values) => self.elements(Construct::Set, values, span),
            ExprKind::Dict(items) => {
                self.add(Construct::Dict, span);
                for item in items.iter().filter(|item| item.key.is_none()) {
                    self.add(Construct::DictUnpack, item.value.span);
                }
            }
            // A comprehension adds itself; what a star stands in knows which star it is.
            ExprKind::Comprehension(_) | ExprKind::Starred(_) => {}
            ExprKind::Yield(_) => self.add(Construct::Yield, span),
            ExprKind::YieldFrom(_) => self.add(Construct::YieldFrom, span),
            ExprKind::Unsupported { what, inside: _ } => self.add(*what, span),
        }
        walk_expr(self, expr);
    }
}
