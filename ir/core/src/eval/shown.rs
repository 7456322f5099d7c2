//! What is told of an assertion that fails: the values of the nets and variables in its condition.

use super::code::Operand;
use super::compile::Compiler;
use crate::design::{NetId, Types};
use crate::expr::{ExprId, ExprKind};
use crate::types::{Type, Value};

/// So many values are told.
const MOST: usize = 8;

/// A net or a variable of a condition.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub name: String,
    pub ty: Type,
    pub from: ShownFrom,
}

/// Where its value is.
#[derive(Clone, Copy, Debug)]
pub(super) enum ShownFrom {
    SmallNet(NetId),
    Net(NetId),
    /// With the variable whose flag tells whether it is set, where it may not be.
    Var(Option<u32>, Operand),
}

impl Shown {
    /// The value as Python shows it; none for what is long.
    pub fn text(&self, value: &Value, types: &Types) -> Option<String> {
        match value {
            Value::Bool(bit) => Some(if *bit { "True" } else { "False" }.to_owned()),
            Value::Int(int) => Some(int.to_string()),
            Value::Enum(member) => {
                let Type::Enum(id) = self.ty else { return None };
                Some(types.enums.get(id.index())?.members.get(*member as usize)?.0.clone())
            }
            Value::Text(text) => Some(format!("{text:?}")),
            Value::Z => Some("None".to_owned()),
            Value::Array(_) | Value::Struct(_) | Value::Opaque(_) => None,
        }
    }
}

impl Compiler<'_> {
    /// Notes what is in a condition, in the order of its text.
    pub(super) fn show(&mut self, cond: ExprId) -> u32 {
        let mut shown: Vec<Shown> = Vec::new();
        let mut seen = vec![false; self.exprs.len()];
        let mut left = vec![cond];
        while let Some(id) = left.pop() {
            if std::mem::replace(&mut seen[id.index()], true) || shown.len() == MOST {
                continue;
            }
            let ty = self.exprs.ty(id).clone();
            let (name, from) = match self.exprs.kind(id) {
                ExprKind::Const(_) => continue,
                ExprKind::Net(net) => {
                    let shape = &self.nets[net.index()];
                    let from = if shape.small() { ShownFrom::SmallNet(*net) } else { ShownFrom::Net(*net) };
                    (shape.name.clone(), from)
                }
                ExprKind::Var(var) => {
                    let flag = self.flagged[var.index()].then_some(var.index() as u32);
                    let name = self.body.vars[var.index()].name.clone();
                    (name, ShownFrom::Var(flag, self.vars[var.index()]))
                }
                ExprKind::Op(_, operands) => {
                    left.extend(operands.iter().rev());
                    continue;
                }
            };
            if shown.iter().all(|one| one.name != name) {
                shown.push(Shown { name, ty, from });
            }
        }
        self.code.shown.push(shown);
        self.code.shown.len() as u32 - 1
    }
}
