//! Random expressions: well typed, and without a fault on any path that is taken.

use super::rng::Rng;
use super::weights::{Kind, Menu};
use pyhw_diagnostics::Span;
use pyhw_ir::{EnumId, ExprId, ExprKind, Exprs, Int, Op, Range, StructId, Type, Types, Value};
use std::sync::Arc;

/// The widest integer that an expression may have, in bits.
pub const MAX_BITS: u32 = 150;

/// Something that can be read: a net or a variable, and its type.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Which one.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Type,
}

/// Makes expressions of one process.
pub struct ExprGen<'a> {
    /// Where choices come from.
    pub rng: &'a mut Rng,
    /// The operators with their weights.
    pub menu: &'a Menu,
    /// The types of the design.
    pub types: &'a Types,
    /// Where the expressions go.
    pub exprs: &'a mut Exprs,
    /// What can be read.
    pub leaves: &'a [Leaf],
}

/// The kind of a type that hardware has.
pub fn kind_of(ty: &Type) -> Kind {
    match ty {
        Type::Bool => Kind::Bool,
        Type::Enum(_) => Kind::Enum,
        Type::Array(..) => Kind::Array,
        Type::Struct(_) => Kind::Struct,
        Type::Int(_) | Type::Text | Type::Opaque => Kind::Int,
    }
}

/// A random value of a type of hardware.
pub fn random_value(ty: &Type, types: &Types, rng: &mut Rng) -> Value {
    match ty {
        Type::Bool => Value::Bool(rng.once_in(2)),
        Type::Int(range) => Value::Int(rng.member(range)),
        Type::Enum(id) => Value::Enum(rng.below(types.enums[id.index()].members.len()) as u32),
        Type::Array(element, length) => {
            let same = rng.once_in(3).then(|| random_value(element, types, rng));
            let values =
                (0..*length).map(|_| same.clone().unwrap_or_else(|| random_value(element, types, rng)));
            Value::Array(Arc::new(values.collect()))
        }
        Type::Struct(id) => {
            let fields = types.structs[id.index()].fields.iter();
            Value::Struct(Arc::new(fields.map(|(_, ty)| random_value(ty, types, rng)).collect()))
        }
        Type::Text | Type::Opaque => Value::Bool(false),
    }
}

impl ExprGen<'_> {
    /// An operator on operands; `None` if the typing rule refuses it.
    pub fn op(&mut self, op: Op, args: &[ExprId]) -> Option<ExprId> {
        self.exprs.op(op, args, self.types, Span::NONE).ok()
    }

    /// An operator on operands that the typing rule allows whatever the intervals.
    pub(super) fn sure(&mut self, op: Op, args: &[ExprId]) -> ExprId {
        self.op(op, args).expect("invariant: the operands have the kinds that the operator takes")
    }

    /// The interval of an integer expression.
    pub fn range(&self, id: ExprId) -> Range {
        self.exprs.range(id).cloned().unwrap_or(Range::new(0i64, 0i64))
    }

    pub(super) fn width(&self, id: ExprId) -> u32 {
        self.range(id).width_bits().unwrap_or(MAX_BITS)
    }

    /// A constant with the interval of its value alone.
    pub fn constant(&mut self, value: impl Into<Int>) -> ExprId {
        self.exprs.int(value, Span::NONE)
    }

    /// A constant of the type.
    pub fn constant_of(&mut self, ty: &Type) -> ExprId {
        let value = random_value(ty, self.types, self.rng);
        match &value {
            Value::Int(value) if !self.rng.once_in(3) => self.constant(value.clone()),
            _ => self.exprs.constant(value, ty.clone(), Span::NONE),
        }
    }

    /// Something that can be read and whose type is wanted.
    pub fn leaf(&mut self, wanted: impl Fn(&Type) -> bool) -> Option<ExprId> {
        let count = self.leaves.iter().filter(|leaf| wanted(&leaf.ty)).count();
        if count == 0 {
            return None;
        }
        let place = self.rng.below(count);
        let leaf = self.leaves.iter().filter(|leaf| wanted(&leaf.ty)).nth(place)?;
        Some(self.exprs.intern(leaf.kind.clone(), leaf.ty.clone(), Span::NONE))
    }

    /// An integer of any interval.
    pub fn int(&mut self, depth: usize) -> ExprId {
        if depth == 0 || self.rng.once_in(8) {
            return self.int_leaf();
        }
        for _ in 0..6 {
            let op = self.menu.choose(Kind::Int, self.rng);
            if let Some(made) = self.build(&op, None, depth - 1)
                && self.is_worth(made)
            {
                return self.at_most(made, MAX_BITS);
            }
        }
        self.int_leaf()
    }

    /// Whether the expression reads something; those that do not are mostly left out, as designers do.
    fn is_worth(&mut self, id: ExprId) -> bool {
        let mut reads = false;
        self.exprs
            .walk(id, &mut |id| reads |= matches!(self.exprs.kind(id), ExprKind::Net(_) | ExprKind::Var(_)));
        reads || self.rng.once_in(12)
    }

    fn int_leaf(&mut self) -> ExprId {
        if !self.rng.once_in(5)
            && let Some(leaf) = self.leaf(|ty| matches!(ty, Type::Int(_)))
        {
            return leaf;
        }
        let range = self.rng.range(40);
        self.constant_of(&Type::Int(range))
    }

    /// An operand that depth does not bind.
    pub(super) fn operand(&mut self, depth: usize) -> ExprId {
        let depth = self.rng.below(depth + 1);
        self.int(depth)
    }

    /// A boolean.
    pub fn bool(&mut self, depth: usize) -> ExprId {
        if depth == 0 || self.rng.once_in(8) {
            return self.bool_leaf();
        }
        for _ in 0..6 {
            let op = self.menu.choose(Kind::Bool, self.rng);
            if let Some(made) = self.build(&op, Some(&Type::Bool), depth - 1)
                && self.is_worth(made)
            {
                return made;
            }
        }
        self.bool_leaf()
    }

    fn bool_leaf(&mut self) -> ExprId {
        if let Some(leaf) = self.leaf(|ty| *ty == Type::Bool) {
            return leaf;
        }
        match self.leaf(|ty| matches!(ty, Type::Int(_))) {
            Some(leaf) => {
                let range = self.range(leaf);
                let limit = self.rng.member(&range);
                let limit = self.constant(limit);
                self.sure(Op::Lt, &[leaf, limit])
            }
            None => {
                let value = self.rng.once_in(2);
                self.exprs.bool(value, Span::NONE)
            }
        }
    }

    pub(super) fn condition(&mut self, depth: usize) -> ExprId {
        let depth = self.rng.below(depth + 1);
        self.bool(depth)
    }

    /// A value that belongs to the type whatever the values of nets and variables are.
    pub fn value(&mut self, ty: &Type, depth: usize) -> ExprId {
        match ty {
            Type::Bool => self.bool(depth),
            Type::Int(range) => {
                let value = self.int(depth);
                self.fit(range, value)
            }
            Type::Enum(_) | Type::Array(..) | Type::Struct(_) => self.whole(ty, depth),
            Type::Text | Type::Opaque => self.bool(0),
        }
    }

    fn whole(&mut self, ty: &Type, depth: usize) -> ExprId {
        if depth > 0 && !self.rng.once_in(3) {
            let op = self.menu.choose(kind_of(ty), self.rng);
            if let Some(made) = self.build(&op, Some(ty), depth - 1) {
                return made;
            }
        }
        match self.leaf(|of| of == ty) {
            Some(leaf) if !self.rng.once_in(3) => leaf,
            _ => self.constant_of(ty),
        }
    }

    /// An expression with this operator at its root, or around it what keeps it from a fault; `None` where nothing fits.
    /// `want` is the type that is wanted; any integer where there is none.
    fn build(&mut self, op: &Op, want: Option<&Type>, depth: usize) -> Option<ExprId> {
        match op {
            Op::Neg | Op::Inv => {
                let a = self.operand(depth);
                self.op(op.clone(), &[a])
            }
            Op::Add | Op::Sub => {
                let (a, b) = self.pair(depth);
                self.op(op.clone(), &[a, b])
            }
            Op::Mul => {
                let (a, b) = self.pair(depth);
                let a = self.at_most(a, 90);
                let b = self.at_most(b, 60);
                self.op(Op::Mul, &[a, b])
            }
            Op::FloorDiv | Op::Mod => self.division(op, depth),
            Op::Pow => {
                let base = self.operand(depth);
                let base = self.at_most(base, 8);
                let exponent = self.amount(&[0, 1, 2, 3, 5], 2, depth);
                self.op(Op::Pow, &[base, exponent])
            }
            Op::And | Op::Or | Op::Xor => {
                let (a, b) = match want {
                    Some(_) => (self.condition(depth), self.condition(depth)),
                    None => self.pair(depth),
                };
                self.op(op.clone(), &[a, b])
            }
            Op::Shl => {
                let a = self.operand(depth);
                let a = self.at_most(a, 80);
                let amount = self.amount(&[0, 1, 2, 3, 7, 8, 16, 31, 32, 40], 4, depth);
                self.op(Op::Shl, &[a, amount])
            }
            Op::Shr => {
                let a = self.operand(depth);
                let bits = *self.rng.pick(&[1, 2, 3, 4, 7, 12, 40, 70]);
                let amount = self.amount(&[0, 1, 2, 4, 8, 15, 16, 31, 32, 33, 64, 140], bits, depth);
                self.op(Op::Shr, &[a, amount])
            }
            Op::Eq | Op::Ne => self.equality(op, depth),
            Op::Lt | Op::Le | Op::Gt | Op::Ge => {
                let (a, b) = self.pair(depth);
                self.op(op.clone(), &[a, b])
            }
            Op::Not => {
                let a = self.condition(depth);
                self.op(Op::Not, &[a])
            }
            Op::AndThen | Op::OrElse => self.short_circuit(op, depth),
            Op::Mux => {
                let cond = self.condition(depth);
                let (a, b) = match want {
                    Some(ty) => (self.value(ty, depth), self.value(ty, depth)),
                    None => self.pair(depth),
                };
                self.op(Op::Mux, &[cond, a, b])
            }
            Op::Bit => {
                let a = self.operand(depth);
                let width = self.width(a);
                let index = if self.rng.once_in(2) {
                    let index = self.rng.below(width as usize + 2);
                    self.constant(index)
                } else {
                    let bits = *self.rng.pick(&[1, 2, 3, 5, 8, 40]);
                    self.natural(bits, depth)
                };
                self.op(Op::Bit, &[a, index])
            }
            Op::Slice { .. } => {
                let a = self.operand(depth);
                let low = self.rng.below(self.width(a) as usize + 2) as u32;
                let width = self.rng.width(self.width(a) + 3);
                self.op(Op::Slice { low, width }, &[a])
            }
            Op::Concat { .. } => {
                let count = self.rng.between(1, 4);
                let mut args = Vec::new();
                let mut widths = Vec::new();
                for _ in 0..count {
                    let part = self.operand(depth);
                    let own = self.width(part);
                    args.push(part);
                    widths.push(if self.rng.once_in(2) { own.min(40) } else { self.rng.width(20) });
                }
                self.op(Op::Concat { widths: widths.into() }, &args)
            }
            Op::Signed { .. } => {
                let a = self.operand(depth);
                let width = self.rng.width(self.width(a) + 3);
                self.op(Op::Signed { width }, &[a])
            }
            Op::Wrap { .. } => {
                let a = self.operand(depth);
                let range = self.rng.range(MAX_BITS);
                self.op(Op::Wrap { range }, &[a])
            }
            Op::Refine { .. } | Op::Check { .. } => self.bounded(op, depth),
            Op::ToInt => {
                let a = self.condition(depth);
                self.op(Op::ToInt, &[a])
            }
            Op::ToBool => {
                let a = self.operand(depth);
                let bit = self.fit(&Range::new(0i64, 1i64), a);
                self.op(Op::ToBool, &[bit])
            }
            Op::Encode => {
                let id = self.enumeration()?;
                let member = self.value(&Type::Enum(id), depth);
                self.op(Op::Encode, &[member])
            }
            Op::Decode { .. } => match want {
                Some(&Type::Enum(of)) => self.decode(of, depth),
                _ => None,
            },
            Op::Index => self.element(want, depth),
            Op::Array => match want {
                Some(Type::Array(element, length)) if *length <= 12 => {
                    let element = (**element).clone();
                    let parts: Vec<ExprId> =
                        (0..*length).map(|_| self.value(&element, depth.min(1))).collect();
                    self.op(Op::Array, &parts)
                }
                _ => None,
            },
            Op::Field { .. } => self.field(want, depth),
            Op::Struct { .. } => match want {
                Some(&Type::Struct(of)) => {
                    let fields: Vec<Type> =
                        self.types.structs[of.index()].fields.iter().map(|(_, ty)| ty.clone()).collect();
                    let parts: Vec<ExprId> = fields.iter().map(|ty| self.value(ty, depth)).collect();
                    self.op(Op::Struct { of }, &parts)
                }
                _ => None,
            },
            Op::IsZ | Op::Now | Op::Format { .. } => None,
        }
    }

    /// Two integers; often the second is a constant near the first one's interval.
    fn pair(&mut self, depth: usize) -> (ExprId, ExprId) {
        let a = self.operand(depth);
        let b = match self.rng.below(6) {
            0 => {
                let range = self.range(a);
                self.constant_of(&Type::Int(range))
            }
            1 => {
                let small = self.rng.below(20) as i64 - 8;
                self.constant(small)
            }
            _ => self.operand(depth),
        };
        if self.rng.once_in(4) { (b, a) } else { (a, b) }
    }

    fn equality(&mut self, op: &Op, depth: usize) -> Option<ExprId> {
        let (a, b) = match (self.rng.below(6), self.enumeration()) {
            (0, _) => (self.condition(depth), self.condition(depth)),
            (1 | 2, Some(id)) => {
                let ty = Type::Enum(id);
                (self.value(&ty, depth), self.value(&ty, depth))
            }
            _ => self.pair(depth),
        };
        self.op(op.clone(), &[a, b])
    }

    pub(super) fn enumeration(&mut self) -> Option<EnumId> {
        let count = self.types.enums.len();
        (count > 0).then(|| EnumId::new(self.rng.below(count)))
    }

    fn field(&mut self, want: Option<&Type>, depth: usize) -> Option<ExprId> {
        let fits = |ty: &Type| match want {
            Some(want) => ty == want,
            None => matches!(ty, Type::Int(_)),
        };
        let mut candidates: Vec<(StructId, u32)> = Vec::new();
        for (id, of) in self.types.structs.iter().enumerate() {
            for (index, (_, ty)) in of.fields.iter().enumerate() {
                if fits(ty) {
                    candidates.push((StructId::new(id), index as u32));
                }
            }
        }
        if candidates.is_empty() {
            return None;
        }
        let &(id, index) = self.rng.pick(&candidates);
        let whole = self.whole(&Type::Struct(id), depth);
        self.op(Op::Field { index }, &[whole])
    }
}
