//! Rules on expressions.

use super::types::{belongs, range_fault, type_fault};
use super::{Faults, MAX_EXPR_DEPTH};
use crate::design::{Body, Design, Module};
use crate::expr::{ExprId, ExprKind};
use crate::format::{Conversion, Piece};
use crate::names::TypeNames;
use crate::op::Op;
use crate::types::{Type, Value};
use pyhw_diagnostics::Span;

/// What statements need to know of each expression.
pub(super) struct Facts {
    /// Whether it may be `z`.
    pub z: Vec<bool>,
    /// Whether it is or uses a text.
    pub text: Vec<bool>,
    /// Whether it reads a variable.
    pub reads: Vec<bool>,
}

/// Checks every expression of a body, used or not.
pub(super) fn verify_exprs(
    design: &Design,
    names: &TypeNames,
    module: &Module,
    body: &Body,
    span: Span,
    faults: &mut Faults,
) -> Facts {
    let count = body.exprs.len();
    let facts = Facts { z: vec![false; count], text: vec![false; count], reads: vec![false; count] };
    let mut verifier = ExprVerifier { design, names, module, body, facts, depths: vec![0; count], faults };
    for id in body.exprs.ids() {
        let own = body.exprs.span(id);
        if let Some(fault) = verifier.expr(id) {
            verifier.faults.add(if own.is_known() { own } else { span }, fault);
        }
    }
    verifier.facts
}

struct ExprVerifier<'a, 'f> {
    design: &'a Design,
    names: &'a TypeNames,
    module: &'a Module,
    body: &'a Body,
    facts: Facts,
    depths: Vec<usize>,
    faults: &'f mut Faults,
}

impl ExprVerifier<'_, '_> {
    /// What is wrong with an expression, its operands left aside.
    fn expr(&mut self, id: ExprId) -> Option<String> {
        let at = id.index();
        let ty = self.body.exprs.ty(id);
        self.facts.text[at] = is_text(ty);
        if let Some(fault) = type_fault(ty, &self.design.types, usize::MAX) {
            return Some(format!("the type of an expression: {fault}"));
        }
        match self.body.exprs.kind(id) {
            ExprKind::Const(value) => {
                self.facts.z[at] = *value == Value::Z;
                if !belongs(value, ty, &self.design.types) {
                    return Some(format!("a constant does not belong to its type {}", self.names.text(ty)));
                }
                (*ty == Type::Opaque).then(|| "an object of the host is used outside of the host".to_owned())
            }
            ExprKind::Net(net) => match self.module.nets.get(net.index()) {
                None => Some(format!("there is no net {net}")),
                Some(net) if net.ty == Type::Opaque => Some(format!(
                    "net `{}` holds objects of the host, and only processes of the host read it",
                    net.name
                )),
                Some(net) if net.ty != *ty => Some(self.other_type("net", &net.name, &net.ty, ty)),
                Some(_) => None,
            },
            ExprKind::Var(var) => {
                self.facts.reads[at] = true;
                match self.body.vars.get(var.index()) {
                    None => Some(format!("there is no variable {var}")),
                    Some(var) if var.ty != *ty => Some(self.other_type("variable", &var.name, &var.ty, ty)),
                    Some(_) => None,
                }
            }
            ExprKind::Op(op, args) => self.op(id, op, args),
        }
    }

    fn other_type(&self, what: &str, name: &str, declared: &Type, used: &Type) -> String {
        let (declared, used) = (self.names.text(declared), self.names.text(used));
        format!("{what} `{name}` is {declared} and is read as {used}")
    }

    /// Whether each of these reads a net that may be `z`.
    fn may_be_z(&self, args: &[ExprId]) -> bool {
        args.iter().all(|arg| match self.body.exprs.kind(*arg) {
            ExprKind::Net(net) => self.module.nets.get(net.index()).is_some_and(|net| net.kind.may_be_z()),
            ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Op(..) => false,
        })
    }

    fn op(&mut self, id: ExprId, op: &Op, args: &[ExprId]) -> Option<String> {
        let at = id.index();
        let mnemonic = op.info().mnemonic;
        if let Some(arg) = args.iter().find(|arg| **arg >= id) {
            return Some(format!("an operand of `{mnemonic}` is {arg}, which does not come before it"));
        }
        self.facts.text[at] |= args.iter().any(|arg| self.facts.text[arg.index()]);
        self.facts.reads[at] = args.iter().any(|arg| self.facts.reads[arg.index()]);
        let depth = args.iter().map(|arg| self.depths[arg.index()] + 1).max().unwrap_or(0);
        // Counted anew from here on, so that a deep expression is one fault.
        self.depths[at] = if depth > MAX_EXPR_DEPTH { 0 } else { depth };
        if depth > MAX_EXPR_DEPTH {
            return Some(format!("the expression nests deeper than {MAX_EXPR_DEPTH}"));
        }
        let z_among = |args: &[ExprId]| args.iter().any(|arg| self.facts.z[arg.index()]);
        let (plain, passed) = if *op == Op::Mux { args.split_at(args.len().min(1)) } else { (args, &[][..]) };
        let (misplaced, z) = (z_among(plain), z_among(passed));
        self.facts.z[at] = z;
        if misplaced {
            return Some(format!("`{mnemonic}` cannot take `z`"));
        }
        if *op == Op::IsZ && !self.may_be_z(args) {
            return Some("`is_z` asks a tri-state net or a driver of one".to_owned());
        }
        if let Some(fault) = immediate_fault(op) {
            return Some(format!("`{mnemonic}`: {fault}"));
        }
        let types: Vec<&Type> = args.iter().map(|&arg| self.body.exprs.ty(arg)).collect();
        match op.result_type(&types, &self.design.types) {
            Err(error) => Some(error.to_string()),
            Ok(ty) if ty != *self.body.exprs.ty(id) => Some(format!(
                "`{mnemonic}` gives {} here and is said to give {}",
                self.names.text(&ty),
                self.names.text(self.body.exprs.ty(id))
            )),
            Ok(_) => None,
        }
    }
}

/// What is wrong with an operator's own parameters, as far as the typing rule does not say it.
fn immediate_fault(op: &Op) -> Option<String> {
    match op {
        Op::Refine { range } | Op::Check { range } => range_fault(range),
        Op::Wrap { range } if !range.is_bounded() => Some("the interval needs both bounds".to_owned()),
        Op::Wrap { range } => range_fault(range),
        Op::Format { template } => template.pieces.iter().find_map(|piece| match piece {
            Piece::Operand { conversion: Conversion::ReprNamed(name), .. }
                if !Conversion::NAMED.contains(name) =>
            {
                Some(format!("there is no `repr` of `{name}`"))
            }
            Piece::Operand { .. } | Piece::Text(_) => None,
        }),
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
        | Op::Slice { .. }
        | Op::Concat { .. }
        | Op::Signed { .. }
        | Op::ToInt
        | Op::ToBool
        | Op::Encode
        | Op::Decode { .. }
        | Op::Index
        | Op::Array
        | Op::Field { .. }
        | Op::Struct { .. }
        | Op::IsZ
        | Op::Now => None,
    }
}

fn is_text(ty: &Type) -> bool {
    match ty {
        Type::Text => true,
        Type::Array(element, _) => is_text(element),
        Type::Bool | Type::Int(_) | Type::Enum(_) | Type::Struct(_) | Type::Opaque => false,
    }
}
