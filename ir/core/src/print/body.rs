//! Writing the body of a process: variables, statements, expressions.
//!
//! Expressions are a graph in which equal ones are one. They are written as trees; one that is large and used more than once, or
//! that would nest too deep, gets a `let` before the first statement that uses it, so that the text stays linear in the graph.

use super::{Printer, comment_text, event, net_name};
use crate::design::{Body, LabelId, Module, NetId, VarId};
use crate::expr::{ExprId, ExprKind};
use crate::names::{distinct, quoted, shown};
use crate::op::Op;
use crate::stmt::{Place, Projection, Root, Stmt, StmtKind, Wait, walk_stmts};
use crate::types::{Range, Type, Value};

/// An expression with more nodes than this is written once and named, if it is used more than once.
const SHARED_NODES: usize = 16;
/// An expression that nests deeper than this is split.
const INLINE_DEPTH: usize = 32;

pub(super) struct BodyPrinter<'p, 'a> {
    to: &'p mut Printer<'a>,
    module: &'a Module,
    nets: &'p [String],
    body: &'a Body,
    vars: Vec<String>,
    labels: Vec<String>,
    /// For each expression whether it is named by a `let`.
    named: Vec<bool>,
    /// The number of its `let`, once that is written.
    number: Vec<Option<usize>>,
    next_number: usize,
}

impl<'p, 'a> BodyPrinter<'p, 'a> {
    pub(super) fn new(
        to: &'p mut Printer<'a>,
        module: &'a Module,
        nets: &'p [String],
        body: &'a Body,
    ) -> BodyPrinter<'p, 'a> {
        BodyPrinter {
            to,
            module,
            nets,
            body,
            vars: distinct(body.vars.iter().map(|var| &*var.name), shown),
            labels: distinct(body.labels.iter().map(String::as_str), shown),
            named: named_exprs(body),
            number: vec![None; body.exprs.len()],
            next_number: 0,
        }
    }

    pub(super) fn body(mut self) {
        for (var, name) in self.body.vars.iter().zip(&self.vars) {
            let wraps = if var.wraps { " wraps" } else { "" };
            let line =
                format!("var ${name}: {}{wraps}{}", self.to.types.text(&var.ty), self.to.span(var.span));
            self.to.line(&line);
        }
        let body = self.body;
        self.stmts(&body.stmts);
    }

    fn stmts(&mut self, stmts: &'a [Stmt]) {
        for stmt in stmts {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        for root in stmt.kind.exprs() {
            self.lets(root);
        }
        for comment in &stmt.comments.leading {
            self.to.line(&comment_text(comment));
        }
        let trailing = stmt.comments.trailing.as_ref().map(|comment| format!("  {}", comment_text(comment)));
        let end = format!("{}{}", self.to.span(stmt.span), trailing.as_deref().unwrap_or(""));
        let begin = format!("{} {{{}", self.to.span(stmt.span), trailing.as_deref().unwrap_or(""));
        match &stmt.kind {
            StmtKind::Assign { place, value } => {
                let text = format!("{} = {}{end}", self.place(place), self.expr(*value));
                self.to.line(&text);
            }
            StmtKind::Next { place, value } => {
                let text = format!("{} <= {}{end}", self.place(place), self.expr(*value));
                self.to.line(&text);
            }
            StmtKind::Unset(var) => {
                let text = format!("unset {}{end}", self.var(*var));
                self.to.line(&text);
            }
            StmtKind::If { arms, orelse } => self.conditional(arms, orelse, &begin),
            StmtKind::Switch { subject, arms, default } => {
                let text = format!("switch {}{begin}", self.expr(*subject));
                self.to.open(&text);
                let ty = self.ty(*subject);
                for arm in arms {
                    let values: Vec<String> =
                        arm.values.iter().map(|value| self.to.value(value, ty)).collect();
                    self.to.open(&format!("case {} {{", values.join(", ")));
                    self.stmts(&arm.body);
                    self.to.close("}");
                }
                if let Some(default) = default {
                    self.to.open("default {");
                    self.stmts(default);
                    self.to.close("}");
                }
                self.to.close("}");
            }
            StmtKind::For { label, var, start, stop, step, body } => {
                let (label, var) = (self.label(*label), self.var(*var));
                self.block(&format!("for {label} {var} in range({start}, {stop}, {step}){begin}"), body);
            }
            StmtKind::While { label, cond, body } => {
                let text = format!("while {} {}{begin}", self.label(*label), self.expr(*cond));
                self.block(&text, body);
            }
            StmtKind::Block { label, body } => {
                let text = format!("block {}{begin}", self.label(*label));
                self.block(&text, body);
            }
            StmtKind::Break(label) => {
                let text = format!("break {}{end}", self.label(*label));
                self.to.line(&text);
            }
            StmtKind::Continue(label) => {
                let text = format!("continue {}{end}", self.label(*label));
                self.to.line(&text);
            }
            StmtKind::Wait(waits) if waits.is_empty() => self.to.line(&format!("wait forever{end}")),
            StmtKind::Wait(waits) => {
                let text = format!("wait {}{end}", self.waits(waits));
                self.to.line(&text);
            }
            StmtKind::Assert { cond, message } => {
                let message = message.map_or_else(String::new, |text| format!(", {}", self.expr(text)));
                let text = format!("assert {}{message}{end}", self.expr(*cond));
                self.to.line(&text);
            }
            StmtKind::Print { text } => {
                let text = format!("print {}{end}", self.expr(*text));
                self.to.line(&text);
            }
            StmtKind::Raise { exception, message } => {
                let text = format!("raise {}{}{end}", shown(exception), self.in_parentheses(*message));
                self.to.line(&text);
            }
            StmtKind::Finish { message } => {
                let text = format!("finish{}{end}", self.in_parentheses(*message));
                self.to.line(&text);
            }
            StmtKind::Return => self.to.line(&format!("return{end}")),
        }
    }

    fn conditional(&mut self, arms: &'a [(ExprId, Vec<Stmt>)], orelse: &'a [Stmt], begin: &str) {
        // Without arms it is not a statement; it is shown all the same.
        let mut keyword = if arms.is_empty() { format!("if ?{begin}") } else { String::new() };
        for (index, (cond, body)) in arms.iter().enumerate() {
            let cond = self.expr(*cond);
            keyword = if index == 0 { format!("if {cond}{begin}") } else { format!("}} elif {cond} {{") };
            self.to.open(&keyword);
            self.stmts(body);
            self.to.indent -= 1;
            keyword.clear();
        }
        if !keyword.is_empty() {
            self.to.line(&keyword);
        }
        if !orelse.is_empty() {
            self.to.open("} else {");
            self.stmts(orelse);
            self.to.indent -= 1;
        }
        self.to.line("}");
    }

    fn block(&mut self, header: &str, body: &'a [Stmt]) {
        self.to.open(header);
        self.stmts(body);
        self.to.close("}");
    }

    fn in_parentheses(&self, message: Option<ExprId>) -> String {
        message.map_or_else(String::new, |text| format!("({})", self.expr(text)))
    }

    fn label(&self, id: LabelId) -> String {
        self.labels.get(id.index()).map_or_else(|| format!("?{id}"), |name| format!("'{name}"))
    }

    fn var(&self, id: VarId) -> String {
        self.vars.get(id.index()).map_or_else(|| format!("?{id}"), |name| format!("${name}"))
    }

    fn net(&self, id: NetId) -> String {
        net_name(self.nets, id)
    }

    fn waits(&self, waits: &[Wait]) -> String {
        let wait = |wait: &Wait| match wait {
            Wait::Event(one) => event(*one, self.nets),
            Wait::Delay(steps) => format!("delay({})", self.expr(*steps)),
            Wait::Join(inner) => format!("join({})", self.waits(inner)),
        };
        waits.iter().map(wait).collect::<Vec<_>>().join(", ")
    }

    fn place(&self, place: &Place) -> String {
        let (mut text, mut ty) = match place.root {
            Root::Net(id) => (self.net(id), self.module.nets.get(id.index()).map(|net| &net.ty)),
            Root::Var(id) => (self.var(id), self.body.vars.get(id.index()).map(|var| &var.ty)),
        };
        for step in &place.path {
            match step {
                Projection::Index(index) => {
                    text.push_str(&format!("[{}]", self.expr(*index)));
                    ty = match ty {
                        Some(Type::Array(element, _)) => Some(&**element),
                        _ => None,
                    };
                }
                Projection::Field(field) => {
                    text.push('.');
                    text.push_str(&self.field(ty, *field).unwrap_or_else(|| format!("{{{field}}}")));
                    ty = match ty {
                        Some(Type::Struct(id)) => self
                            .to
                            .design
                            .types
                            .structs
                            .get(id.index())
                            .and_then(|of| of.fields.get(*field as usize))
                            .map(|(_, ty)| ty),
                        _ => None,
                    };
                }
                Projection::Bit(index) => {
                    text.push_str(&format!(".bit({})", self.expr(*index)));
                    ty = None;
                }
                Projection::Slice { low, width } => {
                    text.push_str(&format!(".slice[{width}]({})", self.expr(*low)));
                    ty = None;
                }
            }
        }
        text
    }

    /// The name of a field, where it stands for this field.
    fn field(&self, ty: Option<&Type>, field: u32) -> Option<String> {
        let Some(Type::Struct(id)) = ty else { return None };
        self.to.fields.get(id.index())?.get(field as usize)?.clone()
    }

    fn ty(&self, id: ExprId) -> Option<&'a Type> {
        (id.index() < self.body.exprs.len()).then(|| self.body.exprs.ty(id))
    }

    /// Writes the `let` of every expression below this one that is named and not written yet.
    fn lets(&mut self, root: ExprId) {
        let body = self.body;
        let mut stack = vec![(root, false)];
        let mut seen = std::collections::HashSet::new();
        while let Some((id, ready)) = stack.pop() {
            if id.index() >= self.named.len() || self.number[id.index()].is_some() {
                continue;
            }
            if ready {
                if self.named[id.index()] {
                    let text = self.node(id);
                    self.to.line(&format!("let e{} = {text}", self.next_number));
                    self.number[id.index()] = Some(self.next_number);
                    self.next_number += 1;
                }
            } else if seen.insert(id) {
                stack.push((id, true));
                let operands = body.exprs.operands(id).iter().rev();
                stack.extend(operands.filter(|arg| **arg < id).map(|&arg| (arg, false)));
            }
        }
    }

    fn expr(&self, id: ExprId) -> String {
        match self.number.get(id.index()) {
            None => format!("?{id}"),
            Some(Some(number)) => format!("e{number}"),
            Some(None) => self.node(id),
        }
    }

    fn node(&self, id: ExprId) -> String {
        let ty = self.body.exprs.ty(id);
        let (mut text, implied) = match self.body.exprs.kind(id) {
            ExprKind::Const(value) => (self.to.value(value, Some(ty)), self.is_implied(value, ty)),
            ExprKind::Net(net) => {
                (self.net(*net), self.module.nets.get(net.index()).is_some_and(|net| net.ty == *ty))
            }
            ExprKind::Var(var) => {
                (self.var(*var), self.body.vars.get(var.index()).is_some_and(|var| var.ty == *ty))
            }
            ExprKind::Op(op, args) => {
                let known: Option<Vec<&Type>> =
                    args.iter().map(|arg| if *arg < id { self.ty(*arg) } else { None }).collect();
                let types = &self.to.design.types;
                let implied =
                    known.as_ref().is_some_and(|args| op.result_type(args, types).as_ref() == Ok(ty));
                let operand = |arg: &ExprId| if *arg < id { self.expr(*arg) } else { format!("?{arg}") };
                let operands: Vec<String> = args.iter().map(operand).collect();
                let first = known.as_ref().and_then(|args| args.first().copied());
                let mnemonic = op.info().mnemonic;
                (format!("{mnemonic}{}({})", self.immediates(op, first), operands.join(", ")), implied)
            }
        };
        if !implied {
            text.push_str(": ");
            text.push_str(&self.to.types.text(ty));
        }
        text
    }

    /// Whether the value as it is written has this type by itself.
    fn is_implied(&self, value: &Value, ty: &Type) -> bool {
        match value {
            Value::Bool(_) => *ty == Type::Bool,
            Value::Int(value) => ty.range().is_some_and(|range| range.single() == Some(value)),
            Value::Enum(member) => self.to.member(Some(ty), *member).is_some(),
            Value::Text(_) => *ty == Type::Text,
            Value::Opaque(_) => *ty == Type::Opaque,
            Value::Array(_) | Value::Struct(_) | Value::Z => false,
        }
    }

    /// An operator's parameters in brackets.
    fn immediates(&self, op: &Op, first: Option<&Type>) -> String {
        let range = |range: &Range| {
            let end = |end: &Option<crate::Int>, infinite: &str| {
                end.as_ref().map_or_else(|| infinite.to_owned(), ToString::to_string)
            };
            format!("[{}, {}]", end(&range.min, "-inf"), end(&range.max, "inf"))
        };
        match op {
            Op::Slice { low, width } => format!("[{low}, {width}]"),
            Op::Concat { widths } => {
                let widths: Vec<String> = widths.iter().map(ToString::to_string).collect();
                format!("[{}]", widths.join(", "))
            }
            Op::Signed { width } => format!("[{width}]"),
            Op::Wrap { range: of } | Op::Refine { range: of } | Op::Check { range: of } => range(of),
            Op::Decode { of } => {
                format!("[{}]", self.to.types.enum_name(*of).map_or_else(|| format!("?{of}"), str::to_owned))
            }
            Op::Struct { of } => {
                format!(
                    "[{}]",
                    self.to.types.struct_name(*of).map_or_else(|| format!("?{of}"), str::to_owned)
                )
            }
            Op::Field { index } => {
                format!("[{}]", self.field(first, *index).unwrap_or_else(|| index.to_string()))
            }
            Op::Format { template } => format!("[{}]", quoted(&template.to_string())),
            Op::Neg
            | Op::Add
            | Op::Sub
            | Op::Mul
            | Op::FloorDiv
            | Op::Mod
            | Op::Pow
            | Op::Inv
            | Op::And
            | Op::Or
            | Op::Xor
            | Op::Shl
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
            | Op::Mux
            | Op::Bit
            | Op::ToInt
            | Op::ToBool
            | Op::Encode
            | Op::Index
            | Op::Array
            | Op::IsZ
            | Op::Now => String::new(),
        }
    }
}

/// For each expression whether it is written once, under a name.
fn named_exprs(body: &Body) -> Vec<bool> {
    let exprs = &body.exprs;
    let mut uses = vec![0usize; exprs.len()];
    walk_stmts(&body.stmts, &mut |stmt| {
        for root in stmt.kind.exprs() {
            if let Some(uses) = uses.get_mut(root.index()) {
                *uses += 1;
            }
        }
    });
    // Users stand behind their operands, so that one way down meets every use before its operands.
    for id in exprs.ids().collect::<Vec<_>>().into_iter().rev() {
        if uses[id.index()] > 0 {
            for arg in exprs.operands(id).iter().filter(|arg| **arg < id) {
                uses[arg.index()] += 1;
            }
        }
    }
    let mut named = vec![false; exprs.len()];
    let mut size = vec![1usize; exprs.len()];
    let mut depth = vec![0usize; exprs.len()];
    for id in exprs.ids() {
        let at = id.index();
        match exprs.kind(id) {
            ExprKind::Const(value) => size[at] = value_size(value),
            ExprKind::Net(_) | ExprKind::Var(_) => {}
            ExprKind::Op(_, args) => {
                let before = || args.iter().filter(|arg| **arg < id).map(|arg| arg.index());
                size[at] = before().map(|arg| size[arg]).sum::<usize>() + 1;
                depth[at] = before().map(|arg| depth[arg]).max().unwrap_or(0) + 1;
            }
        }
        if uses[at] > 1 && size[at] > SHARED_NODES || depth[at] > INLINE_DEPTH {
            named[at] = true;
            size[at] = 1;
            depth[at] = 0;
        }
    }
    named
}

/// About how many values are written for it; more than a few need not be exact.
fn value_size(value: &Value) -> usize {
    match value {
        Value::Array(parts) | Value::Struct(parts) if parts.len() > SHARED_NODES => parts.len(),
        Value::Array(parts) | Value::Struct(parts) => 1 + parts.iter().map(value_size).sum::<usize>(),
        Value::Bool(_) | Value::Int(_) | Value::Enum(_) | Value::Text(_) | Value::Opaque(_) | Value::Z => 1,
    }
}
