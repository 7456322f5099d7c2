//! Whether a boolean is an object `True` or an object `1`, where a simulation shows it.
//!
//! A boolean signal of MyHDL holds the very object that was stored into it when its value last changed, and `print` shows which
//! it is. Where that is seen, and an integer may be stored, a second net says whether the object is an integer. It belongs to
//! simulation: hardware knows no such thing, and pays for none.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::{SignalRef, Val};
use pyhw_diagnostics::Span;
use pyhw_elaborate::{Const, SignalKind};
use pyhw_ir::{ExprId, ExprKind, NetId, NetKind, Op, Place, StmtKind, Type};
use std::collections::BTreeSet;

/// What the processes do with boolean nets as far as it tells which of them need a kind.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// Their values are shown as Python writes them.
    pub shown: BTreeSet<NetId>,
    /// An integer is stored into them.
    pub integers: BTreeSet<NetId>,
    /// The value of the second is stored into the first.
    pub copies: BTreeSet<(NetId, NetId)>,
}

impl Marks {
    /// Takes over what another process does.
    pub fn extend(&mut self, other: Marks) {
        self.shown.extend(other.shown);
        self.integers.extend(other.integers);
        self.copies.extend(other.copies);
    }

    /// The nets whose objects may be integers, and are seen: by themselves, or through what they are copied into.
    pub fn needed(&self) -> BTreeSet<NetId> {
        let mut may_be = self.integers.clone();
        while self.copies.iter().any(|(to, from)| may_be.contains(from) && may_be.insert(*to)) {}
        let mut needed: BTreeSet<NetId> = self.shown.intersection(&may_be).copied().collect();
        while self
            .copies
            .iter()
            .any(|(to, from)| needed.contains(to) && may_be.contains(from) && needed.insert(*from))
        {}
        needed
    }
}

/// The kind of the object that a boolean is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `True` or `False`.
    Bool,
    /// `1` or `0`.
    Int,
    /// An integer where this holds.
    If(ExprId),
}

impl<'a> Lowerer<'a> {
    /// The kind of a value that is stored into, or shown as, a boolean, with the nets that it is read from.
    pub fn object_kind(&mut self, value: &Val<'a>, nets: &mut Vec<NetId>, span: Span) -> Lowers<Kind> {
        match value {
            Val::Const(Const::Int(_)) | Val::Var(..) | Val::Bits(..) => Ok(Kind::Int),
            Val::Const(_) => Ok(Kind::Bool),
            _ => {
                let id = self.expr(value, span)?.id;
                // A comparison with 1, or `bool(…)`, is the net's value, and an object of its own.
                if matches!(value, Val::Expr(_)) && matches!(self.body.exprs.kind(id), ExprKind::Net(_)) {
                    return Ok(Kind::Bool);
                }
                match self.body.exprs.ty(id) {
                    Type::Int(_) => Ok(Kind::Int),
                    _ => self.kind_of_expr(id, nets, span),
                }
            }
        }
    }

    fn kind_of_expr(&mut self, id: ExprId, nets: &mut Vec<NetId>, span: Span) -> Lowers<Kind> {
        let (op, args) = match self.body.exprs.kind(id) {
            ExprKind::Net(net) => {
                let net = *net;
                nets.push(net);
                return Ok(match self.cx.nets.kind(net) {
                    Some(kind) => Kind::If(self.read_net(kind, span)),
                    None => Kind::Bool,
                });
            }
            ExprKind::Op(op, args) => (op.clone(), args.to_vec()),
            ExprKind::Const(_) | ExprKind::Var(_) => return Ok(Kind::Bool),
        };
        if op == Op::ToBool {
            return Ok(Kind::Int);
        }
        // Python's `and` and `or` give one of their operands, as a choice does; `&`, `|` and `^` of two truth values one more.
        let (cond, then, other) = match (&op, &args[..]) {
            (Op::Mux, [cond, then, other]) => (*cond, *then, *other),
            (Op::AndThen, [first, second]) => (*first, *second, *first),
            (Op::OrElse, [first, second]) => (*first, *first, *second),
            (Op::And | Op::Or | Op::Xor, [first, second]) => {
                let (a, b) =
                    (self.kind_of_expr(*first, nets, span)?, self.kind_of_expr(*second, nets, span)?);
                return match (a, b) {
                    (Kind::Int, _) | (_, Kind::Int) => Ok(Kind::Int),
                    (Kind::Bool, kind) | (kind, Kind::Bool) => Ok(kind),
                    (Kind::If(a), Kind::If(b)) => Ok(Kind::If(self.op(Op::Or, &[a, b], span)?)),
                };
            }
            (_, _) => return Ok(Kind::Bool),
        };
        let (then, other) = (self.kind_of_expr(then, nets, span)?, self.kind_of_expr(other, nets, span)?);
        if then == other {
            return Ok(then);
        }
        let (then, other) = (self.kind_expr(then, span), self.kind_expr(other, span));
        Ok(Kind::If(self.op(Op::Mux, &[cond, then, other], span)?))
    }

    /// The kind as an expression: whether it is an integer.
    fn kind_expr(&mut self, kind: Kind, span: Span) -> ExprId {
        match kind {
            Kind::Bool => self.body.exprs.bool(false, span),
            Kind::Int => self.body.exprs.bool(true, span),
            Kind::If(id) => id,
        }
    }

    /// Notes what a store into a boolean signal does to the kind of its object, which changes together with its value only.
    pub fn store_kind(
        &mut self,
        signal: &SignalRef,
        value: &Val<'a>,
        stored: ExprId,
        span: Span,
    ) -> Lowers<()> {
        let SignalRef::Net(net, id) = signal else { return Ok(()) };
        if self.cx.elaborated.signal(*id).kind != SignalKind::Plain
            || self.cx.nets.net(*net).kind != NetKind::Signal
        {
            return Ok(());
        }
        let mut from = Vec::new();
        let kind = self.object_kind(value, &mut from, span)?;
        if kind == Kind::Int {
            self.marks.integers.insert(*net);
        }
        self.marks.copies.extend(from.into_iter().map(|from| (*net, from)));
        let Some(of) = self.cx.nets.kind(*net) else { return Ok(()) };
        let kind = self.kind_expr(kind, span);
        let (now, before) = (self.read_net(*net, span), self.read_net(of, span));
        let changes = self.op(Op::Ne, &[stored, now], span)?;
        let value = self.op(Op::Mux, &[changes, kind, before], span)?;
        self.emit(StmtKind::Next { place: Place::net(of), value }, span);
        Ok(())
    }

    /// The kind of a boolean that is shown.
    pub fn shown_kind(&mut self, value: &Val<'a>, span: Span) -> Lowers<Kind> {
        let mut from = Vec::new();
        let kind = self.object_kind(value, &mut from, span)?;
        self.marks.shown.extend(from);
        Ok(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(shown: &[usize], integers: &[usize], copies: &[(usize, usize)]) -> Marks {
        let net = |index: &usize| NetId::new(*index);
        Marks {
            shown: shown.iter().map(net).collect(),
            integers: integers.iter().map(net).collect(),
            copies: copies.iter().map(|(to, from)| (net(to), net(from))).collect(),
        }
    }

    #[test]
    fn only_what_is_seen_and_may_be_an_integer_needs_a_kind() {
        let needed = |marks: Marks| marks.needed().into_iter().map(NetId::index).collect::<Vec<_>>();
        assert!(needed(marks(&[0], &[1], &[])).is_empty());
        assert_eq!(needed(marks(&[0, 1], &[1, 2], &[])), [1]);
        // 2 is copied into 1, and that into 0, which is shown; 3 is copied as well, and holds no integers.
        assert_eq!(needed(marks(&[0], &[2], &[(0, 1), (1, 2), (0, 3)])), [0, 1, 2]);
    }
}
