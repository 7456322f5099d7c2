//! What is known of expressions while a body is compiled.

use super::code::{Code, NetShape, Operand};
use super::instr::Reg;
use super::{is_small, to_small};
use crate::expr::{ExprKind, Exprs};
use crate::op::Op;
use crate::types::Value;

/// What is known of an expression in the statement at hand.
#[derive(Clone)]
pub(super) struct Node {
    /// The statement that the rest is about.
    pub epoch: u32,
    /// Where its value is.
    pub place: Option<Operand>,
    pub region: usize,
    /// Whether every path through its region needs it.
    pub needed: bool,
    /// Whether it or an operand can be a fault.
    pub faulty: bool,
    /// Where its fault is kept, if it is computed ahead of its need.
    pub poison: Option<u32>,
    /// The regions of the arms of a lazy operator.
    pub arms: [usize; 2],
}

pub(super) const NOWHERE: usize = usize::MAX;

/// What is known of every expression.
pub(super) struct Nodes {
    pub nodes: Vec<Node>,
    pub may_be_z: Vec<bool>,
    pub small: Vec<bool>,
    /// The registers of constants.
    pub constants: Vec<Option<Operand>>,
    pub epoch: u32,
}

/// Which operands an operator evaluates only if they are needed.
pub(super) enum Lazy {
    No,
    /// The second or the third one.
    Mux,
    /// The second one, where the first one is this.
    Second(bool),
}

pub(super) fn laziness(op: &Op) -> Lazy {
    match op {
        Op::Mux => Lazy::Mux,
        Op::AndThen => Lazy::Second(true),
        Op::OrElse => Lazy::Second(false),
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
        | Op::Bit
        | Op::Slice { .. }
        | Op::Concat { .. }
        | Op::Signed { .. }
        | Op::Wrap { .. }
        | Op::Refine { .. }
        | Op::Check { .. }
        | Op::ToInt
        | Op::ToBool
        | Op::Encode
        | Op::Decode { .. }
        | Op::Index
        | Op::Array
        | Op::Field { .. }
        | Op::Struct { .. }
        | Op::IsZ
        | Op::Now
        | Op::Format { .. } => Lazy::No,
    }
}

impl Nodes {
    /// Looks at every expression and gives each constant a register.
    pub fn new(exprs: &Exprs, nets: &[NetShape], code: &mut Code) -> Nodes {
        let node = Node {
            epoch: 0,
            place: None,
            region: NOWHERE,
            needed: false,
            faulty: false,
            poison: None,
            arms: [NOWHERE; 2],
        };
        let mut nodes = Nodes {
            nodes: vec![node; exprs.len()],
            may_be_z: Vec::with_capacity(exprs.len()),
            small: Vec::with_capacity(exprs.len()),
            constants: vec![None; exprs.len()],
            epoch: 0,
        };
        for id in exprs.ids() {
            let may_be_z = match exprs.kind(id) {
                ExprKind::Const(value) => *value == Value::Z,
                ExprKind::Net(net) => nets[net.index()].tristate,
                ExprKind::Var(_) => false,
                ExprKind::Op(op, args) => match laziness(op) {
                    Lazy::Mux => args[1..].iter().any(|arg| nodes.may_be_z[arg.index()]),
                    Lazy::Second(_) | Lazy::No => false,
                },
            };
            let small = is_small(exprs.ty(id)) && !may_be_z;
            nodes.may_be_z.push(may_be_z);
            nodes.small.push(small);
            if let ExprKind::Const(value) = exprs.kind(id) {
                nodes.constants[id.index()] = Some(match to_small(value) {
                    Some(value) if small => {
                        code.small.push(value);
                        Operand::Small(code.small.len() as Reg - 1)
                    }
                    Some(_) | None => {
                        code.big.push(value.clone());
                        Operand::Big(code.big.len() as Reg - 1)
                    }
                });
            }
        }
        nodes
    }

    /// Forgets the statement before.
    pub fn begin(&mut self) {
        self.epoch += 1;
    }
}
