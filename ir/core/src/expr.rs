//! The hash-consed expression graph of a process.

use crate::design::{NetId, Types, VarId, entity};
use crate::op::{Op, TypeError};
use crate::types::{Range, Type, Value};
use pyhw_diagnostics::Span;
use std::collections::HashMap;

entity! {
    /// An expression of one process.
    ExprId "e"
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ExprKind {
    /// A constant of the node's type.
    Const(Value),
    /// The current value of a net.
    Net(NetId),
    /// The value of a local variable.
    Var(VarId),
    /// An operator with its operands.
    Op(Op, Box<[ExprId]>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Node {
    kind: ExprKind,
    ty: Type,
}

/// The expressions of a process: an arena in which equal expressions are one. Operands come before what uses them.
///
/// Two arenas are equal if their nodes are; spans of expressions are hints for messages and do not take part.
#[derive(Clone, Debug, Default)]
pub struct Exprs {
    nodes: Vec<Node>,
    spans: Vec<Span>,
    known: HashMap<Node, ExprId>,
}

impl PartialEq for Exprs {
    fn eq(&self, other: &Exprs) -> bool {
        self.nodes == other.nodes
    }
}

impl Eq for Exprs {}

impl Exprs {
    /// An empty arena.
    pub fn new() -> Exprs {
        Exprs::default()
    }

    /// How many expressions there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Every expression, operands first.
    pub fn ids(&self) -> impl Iterator<Item = ExprId> + use<> {
        (0..self.nodes.len()).map(ExprId::new)
    }

    /// What the expression is.
    pub fn kind(&self, id: ExprId) -> &ExprKind {
        &self.nodes[id.index()].kind
    }

    /// Its type.
    pub fn ty(&self, id: ExprId) -> &Type {
        &self.nodes[id.index()].ty
    }

    /// Its interval, if it is an integer.
    pub fn range(&self, id: ExprId) -> Option<&Range> {
        self.ty(id).range()
    }

    /// Where it was first written.
    pub fn span(&self, id: ExprId) -> Span {
        self.spans[id.index()]
    }

    /// Visits where each expression was first written.
    pub(crate) fn each_span(&mut self, visit: &mut impl FnMut(&mut Span)) {
        self.spans.iter_mut().for_each(visit);
    }

    /// The value of a constant.
    pub fn as_const(&self, id: ExprId) -> Option<&Value> {
        match self.kind(id) {
            ExprKind::Const(value) => Some(value),
            _ => None,
        }
    }

    /// Adds an expression whose type is known. Use [`Exprs::op`] for operators: it applies the typing rule.
    pub fn intern(&mut self, kind: ExprKind, ty: Type, span: Span) -> ExprId {
        let node = Node { kind, ty };
        if let Some(&id) = self.known.get(&node) {
            return id;
        }
        let id = ExprId::new(self.nodes.len());
        self.nodes.push(node.clone());
        self.spans.push(span);
        self.known.insert(node, id);
        id
    }

    /// A constant of the given type.
    pub fn constant(&mut self, value: Value, ty: Type, span: Span) -> ExprId {
        self.intern(ExprKind::Const(value), ty, span)
    }

    /// An integer constant; its type is the interval of this one value.
    pub fn int(&mut self, value: impl Into<crate::Int>, span: Span) -> ExprId {
        let value = value.into();
        self.intern(ExprKind::Const(Value::Int(value.clone())), Type::Int(Range::exactly(value)), span)
    }

    /// A boolean constant.
    pub fn bool(&mut self, value: bool, span: Span) -> ExprId {
        self.intern(ExprKind::Const(Value::Bool(value)), Type::Bool, span)
    }

    /// The current value of a net of this type.
    pub fn net(&mut self, net: NetId, ty: &Type, span: Span) -> ExprId {
        self.intern(ExprKind::Net(net), ty.clone(), span)
    }

    /// The value of a local variable of this type.
    pub fn var(&mut self, var: VarId, ty: &Type, span: Span) -> ExprId {
        self.intern(ExprKind::Var(var), ty.clone(), span)
    }

    /// An operator applied to operands; the typing rule gives its type.
    pub fn op(&mut self, op: Op, args: &[ExprId], types: &Types, span: Span) -> Result<ExprId, TypeError> {
        let arg_types: Vec<&Type> = args.iter().map(|&arg| self.ty(arg)).collect();
        let ty = op.result_type(&arg_types, types)?;
        Ok(self.intern(ExprKind::Op(op, args.into()), ty, span))
    }

    /// An operator applied to operands, if it is there already.
    pub fn find_op(&self, op: Op, args: &[ExprId], types: &Types) -> Option<ExprId> {
        let arg_types: Vec<&Type> = args.iter().map(|&arg| self.ty(arg)).collect();
        let ty = op.result_type(&arg_types, types).ok()?;
        self.known.get(&Node { kind: ExprKind::Op(op, args.into()), ty }).copied()
    }

    /// The operands of an expression; none for constants, nets and variables.
    pub fn operands(&self, id: ExprId) -> &[ExprId] {
        match self.kind(id) {
            ExprKind::Op(_, args) => args,
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => &[],
        }
    }

    /// Calls `visit` for the expression and everything that it is made of, each once, operands first.
    pub fn walk(&self, root: ExprId, visit: &mut impl FnMut(ExprId)) {
        let mut seen = vec![false; root.index() + 1];
        let mut stack = vec![(root, false)];
        while let Some((id, ready)) = stack.pop() {
            if ready {
                visit(id);
            } else if !std::mem::replace(&mut seen[id.index()], true) {
                stack.push((id, true));
                stack.extend(self.operands(id).iter().rev().map(|&arg| (arg, false)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_expressions_are_one() {
        let mut exprs = Exprs::new();
        let types = Types::default();
        let a = exprs.net(NetId::new(0), &Type::unsigned(8), Span::NONE);
        let one = exprs.int(1i64, Span::NONE);
        let sum = exprs.op(Op::Add, &[a, one], &types, Span::NONE).unwrap();
        assert_eq!(exprs.op(Op::Add, &[a, one], &types, Span::NONE), Ok(sum));
        assert_eq!(*exprs.ty(sum), Type::int(1i64, 256i64));
        assert_eq!(exprs.len(), 3);
    }

    #[test]
    fn a_walk_meets_a_shared_operand_once() {
        let mut exprs = Exprs::new();
        let types = Types::default();
        let a = exprs.net(NetId::new(0), &Type::unsigned(8), Span::NONE);
        let square = exprs.op(Op::Mul, &[a, a], &types, Span::NONE).unwrap();
        let mut order = Vec::new();
        exprs.walk(square, &mut |id| order.push(id));
        assert_eq!(order, [a, square]);
    }
}
