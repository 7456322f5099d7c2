//! Expressions.

use super::Converter;
use crate::ast::{
    Argument, BinaryOp, Block, BoolOp, Clause, CompareOp, Comprehension, ComprehensionKind, Conversion,
    DictItem, Expr, ExprKind, FStringPart, FunctionDef, Ident, Stmt, StmtKind, UnaryOp,
};
use crate::subset::Construct;
use num_bigint::BigInt;
use pyhw_diagnostics::{Code, Diagnostic, Span};
use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

/// Python's own limit on the digits of a decimal literal.
const MAX_DECIMAL_DIGITS: usize = 4_300;

impl Converter<'_> {
    pub(super) fn ident(&self, name: &ruff::Identifier) -> Ident {
        Ident { name: name.id.to_string(), span: self.span(name) }
    }

    pub(super) fn exprs(&mut self, exprs: &[ruff::Expr]) -> Vec<Expr> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    pub(super) fn optional(&mut self, expr: &Option<Box<ruff::Expr>>) -> Option<Expr> {
        expr.as_ref().map(|expr| self.expr(expr))
    }

    fn boxed(&mut self, expr: &ruff::Expr) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    fn boxed_optional(&mut self, expr: &Option<Box<ruff::Expr>>) -> Option<Box<Expr>> {
        expr.as_ref().map(|expr| self.boxed(expr))
    }

    /// An expression in a place where a `yield` may stand: a statement, or the right side of an assignment.
    pub(super) fn value(&mut self, expr: &ruff::Expr) -> Expr {
        let kind = match expr {
            ruff::Expr::Yield(node) => ExprKind::Yield(self.boxed_optional(&node.value)),
            ruff::Expr::YieldFrom(node) => ExprKind::YieldFrom(self.boxed(&node.value)),
            _ => return self.expr(expr),
        };
        Expr { kind, span: self.span(expr) }
    }

    pub(super) fn expr(&mut self, expr: &ruff::Expr) -> Expr {
        Expr { span: self.span(expr), kind: self.expr_kind(expr) }
    }

    // Each arm that needs room of its own is a function, so that a level of nesting takes little stack.
    fn expr_kind(&mut self, expr: &ruff::Expr) -> ExprKind {
        match expr {
            ruff::Expr::Name(node) => ExprKind::Name(node.id.to_string()),
            ruff::Expr::NumberLiteral(node) => self.number(node),
            ruff::Expr::StringLiteral(node) => ExprKind::Str(node.value.to_str().to_owned()),
            ruff::Expr::BooleanLiteral(node) => ExprKind::Bool(node.value),
            ruff::Expr::NoneLiteral(_) => ExprKind::None,
            ruff::Expr::EllipsisLiteral(_) => ExprKind::Ellipsis,
            ruff::Expr::FString(node) => self.fstring(node),
            ruff::Expr::Attribute(node) => {
                ExprKind::Attribute { value: self.boxed(&node.value), attr: self.ident(&node.attr) }
            }
            ruff::Expr::Subscript(node) => {
                ExprKind::Subscript { value: self.boxed(&node.value), index: self.boxed(&node.slice) }
            }
            ruff::Expr::Slice(node) => self.slice(node),
            ruff::Expr::Call(node) => self.call(node),
            ruff::Expr::UnaryOp(node) => {
                ExprKind::Unary { op: unary_op(node.op), operand: self.boxed(&node.operand) }
            }
            ruff::Expr::BinOp(node) => self.binary(node),
            ruff::Expr::BoolOp(node) => {
                let op = match node.op {
                    ruff::BoolOp::And => BoolOp::And,
                    ruff::BoolOp::Or => BoolOp::Or,
                };
                ExprKind::BoolOp { op, values: self.exprs(&node.values) }
            }
            ruff::Expr::Compare(node) => self.compare(node),
            ruff::Expr::If(node) => self.conditional(node),
            ruff::Expr::Lambda(node) => self.lambda(node),
            ruff::Expr::Named(node) => self.walrus(node),
            ruff::Expr::Tuple(node) => ExprKind::Tuple(self.exprs(&node.elts)),
            ruff::Expr::List(node) => ExprKind::List(self.exprs(&node.elts)),
            ruff::Expr::Set(node) => ExprKind::Set(self.exprs(&node.elts)),
            ruff::Expr::Dict(node) => self.dict(node),
            ruff::Expr::ListComp(node) => {
                self.comprehension(ComprehensionKind::List, &node.elt, None, &node.generators)
            }
            ruff::Expr::SetComp(node) => {
                self.comprehension(ComprehensionKind::Set, &node.elt, None, &node.generators)
            }
            ruff::Expr::Generator(node) => {
                self.comprehension(ComprehensionKind::Generator, &node.elt, None, &node.generators)
            }
            ruff::Expr::DictComp(node) => {
                self.comprehension(ComprehensionKind::Dict, &node.key, Some(&node.value), &node.generators)
            }
            ruff::Expr::Starred(node) => ExprKind::Starred(self.boxed(&node.value)),
            ruff::Expr::Yield(_) | ruff::Expr::YieldFrom(_) => {
                ExprKind::Unsupported { what: Construct::YieldInside, inside: vec![self.value(expr)] }
            }
            ruff::Expr::Await(node) => {
                ExprKind::Unsupported { what: Construct::Await, inside: vec![self.expr(&node.value)] }
            }
            ruff::Expr::BytesLiteral(_) => outside(Construct::Bytes),
            ruff::Expr::TString(node) => self.tstring(node),
            // The parser gives these only to notebooks; here they are syntax errors.
            ruff::Expr::IpyEscapeCommand(_) => ExprKind::Name(String::new()),
        }
    }

    fn number(&mut self, node: &ruff::ExprNumberLiteral) -> ExprKind {
        match &node.value {
            ruff::Number::Float(value) => ExprKind::Float(*value),
            ruff::Number::Complex { .. } => outside(Construct::Complex),
            ruff::Number::Int(_) => {
                let range = node.range.start().to_usize()..node.range.end().to_usize();
                let text = self.text.get(range).unwrap_or_default().replace('_', "");
                let radix = match text.as_bytes().get(1) {
                    Some(b'x' | b'X') => 16,
                    Some(b'o' | b'O') => 8,
                    Some(b'b' | b'B') => 2,
                    Some(_) | None => 10,
                };
                let digits = if radix == 10 { &text[..] } else { &text[2..] };
                if radix == 10 && digits.len() > MAX_DECIMAL_DIGITS {
                    let message = format!("a decimal literal of more than {MAX_DECIMAL_DIGITS} digits");
                    let error = Diagnostic::new(Code::PH0102, self.span(node), message);
                    self.errors.push(error.help("write it in hexadecimal"));
                    return ExprKind::Int(BigInt::ZERO);
                }
                ExprKind::Int(BigInt::parse_bytes(digits.as_bytes(), radix).unwrap_or(BigInt::ZERO))
            }
        }
    }

    fn slice(&mut self, node: &ruff::ExprSlice) -> ExprKind {
        ExprKind::Slice {
            lower: self.boxed_optional(&node.lower),
            upper: self.boxed_optional(&node.upper),
            step: self.boxed_optional(&node.step),
        }
    }

    fn call(&mut self, node: &ruff::ExprCall) -> ExprKind {
        let function = self.boxed(&node.func);
        let mut args = Vec::with_capacity(node.arguments.len());
        for argument in node.arguments.arguments_source_order() {
            args.push(self.argument(argument));
        }
        ExprKind::Call { function, args }
    }

    fn argument(&mut self, argument: ruff::ArgOrKeyword<'_>) -> Argument {
        match argument {
            ruff::ArgOrKeyword::Arg(ruff::Expr::Starred(node)) => Argument::Star(self.expr(&node.value)),
            ruff::ArgOrKeyword::Arg(value) => Argument::Position(self.expr(value)),
            ruff::ArgOrKeyword::Keyword(keyword) => match &keyword.arg {
                Some(name) => Argument::Name(self.ident(name), self.expr(&keyword.value)),
                None => Argument::DoubleStar(self.expr(&keyword.value)),
            },
        }
    }

    fn binary(&mut self, node: &ruff::ExprBinOp) -> ExprKind {
        let mut run = vec![(node.op, &*node.right)];
        let mut first = &*node.left;
        while let ruff::Expr::BinOp(left) = first {
            run.push((left.op, &*left.right));
            first = &left.left;
        }
        let first = self.boxed(first);
        let mut rest = Vec::with_capacity(run.len());
        for (op, operand) in run.into_iter().rev() {
            rest.push((binary_op(op), self.expr(operand)));
        }
        ExprKind::Binary { first, rest }
    }

    fn compare(&mut self, node: &ruff::ExprCompare) -> ExprKind {
        let first = self.boxed(&node.left);
        let mut rest = Vec::with_capacity(node.ops.len());
        for (op, operand) in node.ops.iter().zip(&node.comparators) {
            rest.push((compare_op(*op), self.expr(operand)));
        }
        ExprKind::Compare { first, rest }
    }

    fn conditional(&mut self, node: &ruff::ExprIf) -> ExprKind {
        ExprKind::Conditional {
            test: self.boxed(&node.test),
            body: self.boxed(&node.body),
            orelse: self.boxed(&node.orelse),
        }
    }

    fn lambda(&mut self, node: &ruff::ExprLambda) -> ExprKind {
        let span = self.span(node);
        let params = node.parameters.as_ref().map(|params| self.parameters(params)).unwrap_or_default();
        let body = self.expr(&node.body);
        let result =
            Stmt { span: body.span, kind: StmtKind::Return(Some(body)), leading: Vec::new(), trailing: None };
        let start = node.range.start().to_usize();
        ExprKind::Lambda(Box::new(FunctionDef {
            name: Ident { name: "<lambda>".to_owned(), span: self.lines.span(start, start + "lambda".len()) },
            span,
            decorators: Vec::new(),
            type_params: Vec::new(),
            params,
            returns: None,
            body: Block { stmts: vec![result], ..Block::default() },
            leading: Vec::new(),
            is_lambda: true,
            is_async: false,
        }))
    }

    fn walrus(&mut self, node: &ruff::ExprNamed) -> ExprKind {
        let value = self.boxed(&node.value);
        match &*node.target {
            ruff::Expr::Name(name) => {
                let target = Ident { name: name.id.to_string(), span: self.span(name) };
                ExprKind::Walrus { target, value }
            }
            // Only after a syntax error.
            _ => value.kind,
        }
    }

    fn dict(&mut self, node: &ruff::ExprDict) -> ExprKind {
        let mut items = Vec::with_capacity(node.items.len());
        for item in &node.items {
            let key = item.key.as_ref().map(|key| self.expr(key));
            items.push(DictItem { key, value: self.expr(&item.value) });
        }
        ExprKind::Dict(items)
    }

    fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        element: &ruff::Expr,
        value: Option<&ruff::Expr>,
        generators: &[ruff::Comprehension],
    ) -> ExprKind {
        let element = self.expr(element);
        let value = value.map(|value| self.expr(value));
        let mut clauses = Vec::with_capacity(generators.len());
        for generator in generators {
            clauses.push(Clause {
                target: self.expr(&generator.target),
                iter: self.expr(&generator.iter),
                ifs: self.exprs(&generator.ifs),
            });
        }
        let span = clauses.iter().fold(element.span, |span, clause| span.join(clause.iter.span));
        let comprehension =
            ExprKind::Comprehension(Box::new(Comprehension { kind, element, value, clauses }));
        match generators.iter().any(|generator| generator.is_async) {
            false => comprehension,
            true => ExprKind::Unsupported {
                what: Construct::AsyncComprehension,
                inside: vec![Expr { kind: comprehension, span }],
            },
        }
    }

    fn fstring(&mut self, node: &ruff::ExprFString) -> ExprKind {
        let mut parts = Vec::new();
        for part in node.value.as_slice() {
            match part {
                ruff::FStringPart::Literal(literal) => push_text(&mut parts, literal.as_str()),
                ruff::FStringPart::FString(fstring) => self.fstring_elements(&fstring.elements, &mut parts),
            }
        }
        ExprKind::FString(parts)
    }

    fn fstring_elements(
        &mut self,
        elements: &ruff::InterpolatedStringElements,
        parts: &mut Vec<FStringPart>,
    ) {
        for element in elements {
            match element {
                ruff::InterpolatedStringElement::Literal(literal) => push_text(parts, &literal.value),
                ruff::InterpolatedStringElement::Interpolation(node) => self.fstring_value(node, parts),
            }
        }
    }

    fn fstring_value(&mut self, node: &ruff::InterpolatedElement, parts: &mut Vec<FStringPart>) {
        let mut conversion = match node.conversion {
            ruff::ConversionFlag::None => Conversion::None,
            ruff::ConversionFlag::Str => Conversion::Str,
            ruff::ConversionFlag::Ascii => Conversion::Ascii,
            ruff::ConversionFlag::Repr => Conversion::Repr,
        };
        if let Some(debug) = &node.debug_text {
            let range = node.expression.range();
            let source = self.text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or_default();
            push_text(parts, &format!("{}{source}{}", debug.leading, debug.trailing));
            if conversion == Conversion::None && node.format_spec.is_none() {
                conversion = Conversion::Repr;
            }
        }
        let value = self.expr(&node.expression);
        let format = node.format_spec.as_ref().map(|spec| {
            let mut parts = Vec::new();
            self.fstring_elements(&spec.elements, &mut parts);
            parts
        });
        parts.push(FStringPart::Value { value, conversion, format, span: self.span(node) });
    }

    fn tstring(&mut self, node: &ruff::ExprTString) -> ExprKind {
        let mut inside = Vec::new();
        for element in node.value.elements() {
            if let ruff::InterpolatedStringElement::Interpolation(node) = element {
                inside.push(self.expr(&node.expression));
            }
        }
        ExprKind::Unsupported { what: Construct::TString, inside }
    }

    /// The span between two offsets.
    pub(super) fn between(&self, start: usize, end: usize) -> Span {
        self.lines.span(start, end.min(self.text.len()))
    }
}

fn outside(what: Construct) -> ExprKind {
    ExprKind::Unsupported { what, inside: Vec::new() }
}

fn push_text(parts: &mut Vec<FStringPart>, text: &str) {
    match parts.last_mut() {
        _ if text.is_empty() => {}
        Some(FStringPart::Text(last)) => last.push_str(text),
        Some(FStringPart::Value { .. }) | None => parts.push(FStringPart::Text(text.to_owned())),
    }
}

fn unary_op(op: ruff::UnaryOp) -> UnaryOp {
    match op {
        ruff::UnaryOp::Invert => UnaryOp::Invert,
        ruff::UnaryOp::Not => UnaryOp::Not,
        ruff::UnaryOp::UAdd => UnaryOp::Plus,
        ruff::UnaryOp::USub => UnaryOp::Minus,
    }
}

pub(super) fn binary_op(op: ruff::Operator) -> BinaryOp {
    match op {
        ruff::Operator::Add => BinaryOp::Add,
        ruff::Operator::Sub => BinaryOp::Sub,
        ruff::Operator::Mult => BinaryOp::Mul,
        ruff::Operator::MatMult => BinaryOp::MatMul,
        ruff::Operator::Div => BinaryOp::TrueDiv,
        ruff::Operator::Mod => BinaryOp::Mod,
        ruff::Operator::Pow => BinaryOp::Pow,
        ruff::Operator::LShift => BinaryOp::ShiftLeft,
        ruff::Operator::RShift => BinaryOp::ShiftRight,
        ruff::Operator::BitOr => BinaryOp::Or,
        ruff::Operator::BitXor => BinaryOp::Xor,
        ruff::Operator::BitAnd => BinaryOp::And,
        ruff::Operator::FloorDiv => BinaryOp::FloorDiv,
    }
}

fn compare_op(op: ruff::CmpOp) -> CompareOp {
    match op {
        ruff::CmpOp::Eq => CompareOp::Eq,
        ruff::CmpOp::NotEq => CompareOp::Ne,
        ruff::CmpOp::Lt => CompareOp::Lt,
        ruff::CmpOp::LtE => CompareOp::Le,
        ruff::CmpOp::Gt => CompareOp::Gt,
        ruff::CmpOp::GtE => CompareOp::Ge,
        ruff::CmpOp::Is => CompareOp::Is,
        ruff::CmpOp::IsNot => CompareOp::IsNot,
        ruff::CmpOp::In => CompareOp::In,
        ruff::CmpOp::NotIn => CompareOp::NotIn,
    }
}
