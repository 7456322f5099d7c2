//! Parts of nets, and which of them an expression or a store means where the counters of loops are known.

use pyhw_ir::{Body, ExprId, ExprKind, Int, Module, NetId, Op, Place, Projection, Type, Value, VarId};
use std::collections::HashMap;

/// A part of a net: bits of an integer, elements of an array, or all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Part {
    pub net: NetId,
    pub low: u32,
    pub end: u32,
}

impl Part {
    /// The whole net.
    pub fn whole(net: NetId) -> Part {
        Part { net, low: 0, end: u32::MAX }
    }

    /// Whether both have something in common.
    pub fn meets(self, other: Part) -> bool {
        self.net == other.net && self.low < other.end && other.low < self.end
    }
}

/// A body whose loops are followed turn by turn.
pub(super) struct Places<'a> {
    module: &'a Module,
    body: &'a Body,
    /// The values of loop counters in the present turn.
    pub counters: HashMap<VarId, Int>,
}

impl<'a> Places<'a> {
    pub fn new(module: &'a Module, body: &'a Body) -> Places<'a> {
        Places { module, body, counters: HashMap::new() }
    }

    /// The part that an operator takes from a net, if it takes one.
    pub fn part_of(&self, op: &Op, args: &[ExprId]) -> Option<Part> {
        let &ExprKind::Net(net) = self.body.exprs.kind(*args.first()?) else { return None };
        if matches!(op, Op::Index) {
            self.elements(net, args[1])
        } else if matches!(op, Op::Bit) {
            self.bits(net, self.interval(args[1])?, 1)
        } else if let Op::Slice { low, width } = op {
            self.bits(net, (*low, *low), *width)
        } else {
            None
        }
    }

    /// The bits that an operator takes from an integer that is no net.
    pub fn bits_of(&self, op: &Op, args: &[ExprId]) -> Option<(u32, u32)> {
        if let Op::Slice { low, width } = op {
            Some((*low, low.checked_add(*width)?))
        } else if matches!(op, Op::Bit) {
            let (low, high) = self.interval(args[1])?;
            Some((low, high.checked_add(1)?))
        } else {
            None
        }
    }

    /// The value of an expression that has one which is known.
    pub fn constant(&self, id: ExprId) -> Option<u32> {
        self.value(id)?.to_u32()
    }

    /// The places of the bits that a store sets, each by itself; `None` where the bits that are stored decide together on what is set.
    pub fn stored_bits(&self, net: NetId, place: &Place) -> Option<std::ops::Range<u32>> {
        let declared = self.module.net(net);
        let Type::Int(range) = &declared.ty else { return None };
        let width = range.width_bits().filter(|_| !declared.wraps || range.is_full())?;
        match &place.path[..] {
            [] => Some(0..width),
            [Projection::Slice { low, width: taken }] => {
                let low = self.constant(*low)?;
                let end = low.checked_add(*taken).filter(|end| *end <= width)?;
                Some(low..end)
            }
            [_] | [_, _, ..] => None,
        }
    }

    fn elements(&self, net: NetId, index: ExprId) -> Option<Part> {
        let (low, high) = self.interval(index)?;
        Some(Part { net, low, end: high.checked_add(1)? })
    }

    /// Bits from a position between two numbers up. Bits above an integer's width are its sign.
    pub fn bits(&self, net: NetId, (low, high): (u32, u32), width: u32) -> Option<Part> {
        let Type::Int(range) = &self.module.net(net).ty else { return None };
        let top = range.width_bits()?.checked_sub(1)?;
        Some(Part { net, low: low.min(top), end: high.checked_add(width)?.max(low.min(top) + 1) })
    }

    /// The least and the greatest value of an index.
    fn interval(&self, index: ExprId) -> Option<(u32, u32)> {
        if let Some(value) = self.value(index) {
            let value = value.to_u32()?;
            return Some((value, value));
        }
        let (low, high) = self.body.exprs.range(index)?.bounds()?;
        Some((low.to_u32()?, high.to_u32()?))
    }

    /// The value of an expression that is made of constants and the counters of the present turns.
    fn value(&self, id: ExprId) -> Option<Int> {
        match self.body.exprs.kind(id) {
            ExprKind::Const(Value::Int(value)) => Some(value.clone()),
            ExprKind::Var(var) => self.counters.get(var).cloned(),
            ExprKind::Op(Op::Add, args) => Some(self.value(args[0])?.add(&self.value(args[1])?)),
            ExprKind::Op(Op::Sub, args) => Some(self.value(args[0])?.sub(&self.value(args[1])?)),
            ExprKind::Op(Op::Mul, args) => Some(self.value(args[0])?.mul(&self.value(args[1])?)),
            ExprKind::Op(Op::Refine { .. } | Op::Check { .. }, args) => self.value(args[0]),
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Op(..) => None,
        }
    }

    /// Whether a store changes all of the part that `target` gives for it, and not one place in it or another.
    pub fn is_exact(&self, place: &Place) -> bool {
        match &place.path[..] {
            [] => true,
            [Projection::Index(at) | Projection::Bit(at) | Projection::Slice { low: at, .. }] => {
                self.interval(*at).is_some_and(|(low, high)| low == high)
            }
            [Projection::Field(_)] | [_, _, ..] => false,
        }
    }

    /// What a store changes. Where the whole is wrapped at something that is no power of two, every bit depends on every other.
    pub fn target(&self, net: NetId, place: &Place) -> Part {
        let declared = self.module.net(net);
        let part = match (place.path.first(), &declared.ty) {
            (Some(Projection::Index(at)), Type::Array(..)) => self.elements(net, *at),
            (Some(Projection::Bit(at)), Type::Int(range)) if !declared.wraps || range.is_full() => {
                self.interval(*at).and_then(|at| self.bits(net, at, 1))
            }
            (Some(Projection::Slice { low, width }), Type::Int(range))
                if !declared.wraps || range.is_full() =>
            {
                self.interval(*low).and_then(|low| self.bits(net, low, *width))
            }
            (
                Some(
                    Projection::Index(_)
                    | Projection::Bit(_)
                    | Projection::Slice { .. }
                    | Projection::Field(_),
                )
                | None,
                _,
            ) => None,
        };
        part.unwrap_or(Part::whole(net))
    }
}
