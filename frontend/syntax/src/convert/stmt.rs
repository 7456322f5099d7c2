//! Statements and functions.

use super::Converter;
use super::expr::binary_op;
use crate::ast::{
    Arm, Block, Case, Comment, Expr, ExprKind, FunctionDef, Ident, Parameter, ParameterKind, Stmt, StmtKind,
    Unsupported,
};
use crate::subset::Construct;
use pyhw_diagnostics::Span;
use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

fn start(node: &impl Ranged) -> usize {
    node.start().to_usize()
}

fn end(node: &impl Ranged) -> usize {
    node.end().to_usize()
}

impl Converter<'_> {
    /// A statement, after which the next one or the end of the block is at `limit`.
    pub(super) fn stmt_kind(&mut self, stmt: &ruff::Stmt, limit: usize) -> StmtKind {
        match stmt {
            ruff::Stmt::Expr(node) => StmtKind::Expr(self.value(&node.value)),
            ruff::Stmt::Assign(node) => {
                StmtKind::Assign { targets: self.exprs(&node.targets), value: self.value(&node.value) }
            }
            ruff::Stmt::AugAssign(node) => StmtKind::AugAssign {
                target: self.expr(&node.target),
                op: binary_op(node.op),
                value: self.value(&node.value),
            },
            ruff::Stmt::AnnAssign(node) => StmtKind::AnnAssign {
                target: self.expr(&node.target),
                annotation: self.expr(&node.annotation),
                value: node.value.as_ref().map(|value| self.value(value)),
            },
            ruff::Stmt::If(node) => self.if_stmt(node, limit),
            ruff::Stmt::While(node) => self.while_stmt(node, limit),
            ruff::Stmt::For(node) => self.for_stmt(node, limit),
            ruff::Stmt::Match(node) => self.match_stmt(node, limit),
            ruff::Stmt::Break(_) => StmtKind::Break,
            ruff::Stmt::Continue(_) => StmtKind::Continue,
            ruff::Stmt::Pass(_) => StmtKind::Pass,
            ruff::Stmt::Return(node) => StmtKind::Return(self.optional(&node.value)),
            ruff::Stmt::Raise(node) => {
                StmtKind::Raise { exception: self.optional(&node.exc), cause: self.optional(&node.cause) }
            }
            ruff::Stmt::Assert(node) => {
                StmtKind::Assert { test: self.expr(&node.test), message: self.optional(&node.msg) }
            }
            ruff::Stmt::Delete(node) => StmtKind::Delete(self.exprs(&node.targets)),
            ruff::Stmt::Global(node) => StmtKind::Global(self.idents(&node.names)),
            ruff::Stmt::Nonlocal(node) => StmtKind::Nonlocal(self.idents(&node.names)),
            ruff::Stmt::FunctionDef(node) => self.function_stmt(node, limit),
            ruff::Stmt::ClassDef(node) => self.class_stmt(node, limit),
            ruff::Stmt::With(node) => self.with_stmt(node, limit),
            ruff::Stmt::Try(node) => self.try_stmt(node, limit),
            ruff::Stmt::Import(node) => self.import_stmt(node, &node.names, Construct::Import),
            ruff::Stmt::ImportFrom(node) => self.import_stmt(node, &node.names, Construct::Import),
            ruff::Stmt::TypeAlias(node) => self.type_alias(node),
            // The parser gives these only to notebooks; here they are syntax errors.
            ruff::Stmt::IpyEscapeCommand(_) => {
                StmtKind::Expr(Expr { kind: ExprKind::Name(String::new()), span: self.span(stmt) })
            }
        }
    }

    fn idents(&self, names: &[ruff::Identifier]) -> Vec<Ident> {
        names.iter().map(|name| self.ident(name)).collect()
    }

    fn if_stmt(&mut self, node: &ruff::StmtIf, limit: usize) -> StmtKind {
        let clauses = &node.elif_else_clauses;
        let next = clauses.first().map_or(limit, start);
        let body_end = node.body.last().map_or(end(&*node.test), end);
        let test = self.expr(&node.test);
        let body = self.block(end(&*node.test), &node.body, next);
        let mut arms = vec![Arm { test, body, span: self.between(start(node), body_end) }];
        let mut orelse = Block::default();
        for (index, clause) in clauses.iter().enumerate() {
            let next = clauses.get(index + 1).map_or(limit, start);
            let leading = self.take_before(start(clause));
            let block = match &clause.test {
                Some(test) => {
                    let test_end = end(test);
                    let test = self.expr(test);
                    let body = self.block(test_end, &clause.body, next);
                    arms.push(Arm { test, body, span: self.span(clause) });
                    &mut arms.last_mut().expect("invariant: an arm was pushed just before").body
                }
                None => {
                    orelse = self.block(start(clause) + "else".len(), &clause.body, next);
                    &mut orelse
                }
            };
            prepend(block, leading);
        }
        StmtKind::If { arms, orelse }
    }

    /// The `else`, `finally` and the like of a statement whose parser's node does not say where it is.
    fn keyword_block(&mut self, after: usize, keyword: &str, stmts: &[ruff::Stmt], limit: usize) -> Block {
        if stmts.is_empty() {
            return Block::default();
        }
        let at = self.next_token(after);
        let leading = self.take_before(at);
        let mut block = self.block(at + keyword.len(), stmts, limit);
        prepend(&mut block, leading);
        block
    }

    fn body_limit(
        &self,
        body: &[ruff::Stmt],
        orelse: &[ruff::Stmt],
        header_end: usize,
        limit: usize,
    ) -> usize {
        match orelse.is_empty() {
            true => limit,
            false => self.next_token(body.last().map_or(header_end, end)),
        }
    }

    fn while_stmt(&mut self, node: &ruff::StmtWhile, limit: usize) -> StmtKind {
        let header_end = end(&*node.test);
        let test = self.expr(&node.test);
        let body_limit = self.body_limit(&node.body, &node.orelse, header_end, limit);
        let body = self.block(header_end, &node.body, body_limit);
        let after = node.body.last().map_or(header_end, end);
        StmtKind::While { test, body, orelse: self.keyword_block(after, "else", &node.orelse, limit) }
    }

    fn for_stmt(&mut self, node: &ruff::StmtFor, limit: usize) -> StmtKind {
        let header_end = end(&*node.iter);
        let target = self.expr(&node.target);
        let iter = self.expr(&node.iter);
        let body_limit = self.body_limit(&node.body, &node.orelse, header_end, limit);
        let body = self.block(header_end, &node.body, body_limit);
        let after = node.body.last().map_or(header_end, end);
        let orelse = self.keyword_block(after, "else", &node.orelse, limit);
        if node.is_async {
            let mut unsupported = self.unsupported(Construct::AsyncFor, start(node), "async for".len());
            unsupported.targets.push(target);
            unsupported.values.push(iter);
            unsupported.blocks.extend([body, orelse]);
            return StmtKind::Unsupported(Box::new(unsupported));
        }
        StmtKind::For { target, iter, body, orelse }
    }

    fn match_stmt(&mut self, node: &ruff::StmtMatch, limit: usize) -> StmtKind {
        let subject = self.expr(&node.subject);
        let mut cases = Vec::with_capacity(node.cases.len());
        for (index, case) in node.cases.iter().enumerate() {
            let next = node.cases.get(index + 1).map_or(limit, start);
            let leading = self.take_before(start(case));
            let pattern = self.pattern(&case.pattern);
            let guard = self.optional(&case.guard);
            let header_end = case.guard.as_ref().map_or(end(&case.pattern), |guard| end(&**guard));
            let mut body = self.block(header_end, &case.body, next);
            prepend(&mut body, leading);
            cases.push(Case { pattern, guard, body, span: self.span(case) });
        }
        StmtKind::Match { subject, cases }
    }

    fn function_stmt(&mut self, node: &ruff::StmtFunctionDef, limit: usize) -> StmtKind {
        let function = self.function(node, limit);
        if !node.is_async {
            return StmtKind::Function(Box::new(function));
        }
        let span = function.span;
        let mut unsupported = self.unsupported(Construct::AsyncDef, start(node), 0);
        unsupported.span = Span { end: function.name.span.end, ..span };
        let kind = StmtKind::Function(Box::new(function));
        let stmt = Stmt { kind, span, leading: Vec::new(), trailing: None };
        unsupported.blocks.push(Block { stmts: vec![stmt], ..Block::default() });
        StmtKind::Unsupported(Box::new(unsupported))
    }

    fn function(&mut self, node: &ruff::StmtFunctionDef, limit: usize) -> FunctionDef {
        let decorators =
            node.decorator_list.iter().map(|decorator| self.expr(&decorator.expression)).collect();
        let def = node.decorator_list.last().map_or(start(node), |last| self.next_token(end(last)));
        let type_params = node.type_params.iter().flat_map(|params| &params.type_params);
        let type_params = type_params.map(|param| self.ident(param.name())).collect();
        let params = self.parameters(&node.parameters);
        let returns = self.optional(&node.returns);
        let header_end = node.returns.as_ref().map_or(end(&*node.parameters), |returns| end(&**returns));
        let body = self.block(header_end, &node.body, limit);
        FunctionDef {
            name: self.ident(&node.name),
            span: self.between(def.min(end(node)), end(node)),
            decorators,
            type_params,
            params,
            returns,
            body,
            leading: Vec::new(),
            is_lambda: false,
            is_async: node.is_async,
        }
    }

    pub(super) fn parameters(&mut self, parameters: &ruff::Parameters) -> Vec<Parameter> {
        let mut params = Vec::with_capacity(parameters.len());
        for param in &parameters.posonlyargs {
            params.push(self.parameter(&param.parameter, ParameterKind::PositionOnly, &param.default));
        }
        for param in &parameters.args {
            params.push(self.parameter(&param.parameter, ParameterKind::Normal, &param.default));
        }
        if let Some(param) = &parameters.vararg {
            params.push(self.parameter(param, ParameterKind::Variadic, &None));
        }
        for param in &parameters.kwonlyargs {
            params.push(self.parameter(&param.parameter, ParameterKind::NameOnly, &param.default));
        }
        if let Some(param) = &parameters.kwarg {
            params.push(self.parameter(param, ParameterKind::Keywords, &None));
        }
        params
    }

    fn parameter(
        &mut self,
        param: &ruff::Parameter,
        kind: ParameterKind,
        default: &Option<Box<ruff::Expr>>,
    ) -> Parameter {
        Parameter {
            name: self.ident(&param.name),
            kind,
            annotation: self.optional(&param.annotation),
            default: self.optional(default),
        }
    }

    /// A statement outside the subset that opens with the `len` bytes at `start`.
    fn unsupported(&self, what: Construct, start: usize, len: usize) -> Unsupported {
        Unsupported {
            what,
            span: self.between(start, start + len),
            binds: Vec::new(),
            targets: Vec::new(),
            values: Vec::new(),
            blocks: Vec::new(),
            own_scope: false,
        }
    }

    fn class_stmt(&mut self, node: &ruff::StmtClassDef, limit: usize) -> StmtKind {
        let mut class = self.unsupported(Construct::Class, start(node), 0);
        for decorator in &node.decorator_list {
            class.values.push(self.expr(&decorator.expression));
        }
        let keyword = node.decorator_list.last().map_or(start(node), |last| self.next_token(end(last)));
        class.span = self.between(keyword.min(end(&node.name)), end(&node.name));
        class.values.extend(self.exprs(node.bases()));
        for keyword in node.keywords() {
            class.values.push(self.expr(&keyword.value));
        }
        class.binds.push(self.ident(&node.name));
        let header_end = node.arguments.as_ref().map_or(end(&node.name), |arguments| end(&**arguments));
        class.blocks.push(self.block(header_end, &node.body, limit));
        class.own_scope = true;
        StmtKind::Unsupported(Box::new(class))
    }

    fn with_stmt(&mut self, node: &ruff::StmtWith, limit: usize) -> StmtKind {
        let mut with = match node.is_async {
            true => self.unsupported(Construct::AsyncWith, start(node), "async with".len()),
            false => self.unsupported(Construct::With, start(node), "with".len()),
        };
        for item in &node.items {
            with.values.push(self.expr(&item.context_expr));
            with.targets.extend(self.optional(&item.optional_vars));
        }
        let header_end = node.items.last().map_or(start(node), end);
        with.blocks.push(self.block(header_end, &node.body, limit));
        StmtKind::Unsupported(Box::new(with))
    }

    fn try_stmt(&mut self, node: &ruff::StmtTry, limit: usize) -> StmtKind {
        let mut stmt = self.unsupported(Construct::Try, start(node), "try".len());
        let mut last = start(node) + "try".len();
        let next = node.handlers.first().map_or(last, start);
        let body_limit = match node.handlers.is_empty() {
            true => self.next_token(node.body.last().map_or(last, end)),
            false => next,
        };
        stmt.blocks.push(self.block(last, &node.body, body_limit));
        last = node.body.last().map_or(last, end);
        for (index, handler) in node.handlers.iter().enumerate() {
            let ruff::ExceptHandler::ExceptHandler(handler) = handler;
            let leading = self.take_before(start(handler));
            stmt.values.extend(self.optional(&handler.type_));
            stmt.binds.extend(handler.name.as_ref().map(|name| self.ident(name)));
            let header_end = match (&handler.name, &handler.type_) {
                (Some(name), _) => end(name),
                (None, Some(class)) => end(&**class),
                (None, None) => start(handler) + "except".len(),
            };
            last = end(handler);
            let next = match node.handlers.get(index + 1) {
                Some(next) => start(next),
                None => self.next_token(last).min(limit),
            };
            let mut block = self.block(header_end, &handler.body, next);
            prepend(&mut block, leading);
            stmt.blocks.push(block);
        }
        let else_end = node.orelse.last().map_or(last, end);
        let else_limit = self.body_limit(&node.orelse, &node.finalbody, last, limit);
        let orelse = self.keyword_block(last, "else", &node.orelse, else_limit);
        let finally = self.keyword_block(else_end, "finally", &node.finalbody, limit);
        stmt.blocks.extend([orelse, finally]);
        StmtKind::Unsupported(Box::new(stmt))
    }

    fn import_stmt(&mut self, node: &impl Ranged, names: &[ruff::Alias], what: Construct) -> StmtKind {
        let mut import = self.unsupported(what, start(node), end(node) - start(node));
        for alias in names {
            let name = alias.asname.as_ref().unwrap_or(&alias.name);
            let mut ident = self.ident(name);
            if let Some((first, _)) = ident.name.split_once('.') {
                ident.name = first.to_owned();
            }
            if ident.name != "*" {
                import.binds.push(ident);
            }
        }
        StmtKind::Unsupported(Box::new(import))
    }

    fn type_alias(&mut self, node: &ruff::StmtTypeAlias) -> StmtKind {
        let mut alias = self.unsupported(Construct::TypeAlias, start(node), "type".len());
        alias.targets.push(self.expr(&node.name));
        alias.values.push(self.expr(&node.value));
        StmtKind::Unsupported(Box::new(alias))
    }
}

fn prepend(block: &mut Block, mut leading: Vec<Comment>) {
    leading.append(&mut block.leading);
    block.leading = leading;
}
