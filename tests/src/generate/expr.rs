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
    fn sure(&mut self, op: Op, args: &[ExprId]) -> ExprId {
        self.op(op, args).expect("invariant: the operands have the kinds that the operator takes")
    }

    /// The interval of an integer expression.
    pub fn range(&self, id: ExprId) -> Range {
        self.exprs.range(id).cloned().unwrap_or(Range::new(0i64, 0i64))
    }

    fn width(&self, id: ExprId) -> u32 {
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

    /// The integer, cut where it has more bits.
    fn at_most(&mut self, id: ExprId, most: u32) -> ExprId {
        let width = self.width(id);
        if width <= most {
            return id;
        }
        let cut = self.rng.between(1, most as usize) as u32;
        let op = match self.rng.below(3) {
            0 => Op::Signed { width: cut },
            1 => Op::Slice { low: self.rng.below((width - cut + 1) as usize) as u32, width: cut },
            _ => Op::Slice { low: 0, width: cut },
        };
        self.sure(op, &[id])
    }

    /// An operand that depth does not bind.
    fn operand(&mut self, depth: usize) -> ExprId {
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

    fn condition(&mut self, depth: usize) -> ExprId {
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

    /// An integer that is never negative, of at most so many bits.
    pub fn natural(&mut self, bits: u32, depth: usize) -> ExprId {
        let fits = |ty: &Type| {
            ty.range()
                .is_some_and(|range| !range.is_signed() && range.width_bits().is_some_and(|w| w <= bits))
        };
        if self.rng.once_in(2)
            && let Some(leaf) = self.leaf(fits)
        {
            return leaf;
        }
        let a = self.operand(depth);
        let low = if self.rng.once_in(3) { self.rng.below(6) as u32 } else { 0 };
        self.sure(Op::Slice { low, width: bits }, &[a])
    }

    /// A shift amount or exponent: one of the constants, or something of so many bits.
    fn amount(&mut self, constants: &[i64], bits: u32, depth: usize) -> ExprId {
        if self.rng.once_in(2) {
            let value = *self.rng.pick(constants);
            return self.constant(value);
        }
        self.natural(bits, depth)
    }

    /// A quotient or remainder whose divisor is not zero, or that is evaluated only where it is not.
    fn division(&mut self, op: &Op, depth: usize) -> Option<ExprId> {
        // Wider ones are rare: not every simulator divides them right, and such a design is kept from it.
        let most = if self.rng.once_in(40) { MAX_BITS } else { 60 };
        let a = self.operand(depth);
        let a = self.at_most(a, most);
        match self.rng.below(5) {
            0 | 1 => {
                let range = self.rng.range(24);
                let value = self.rng.member(&range);
                let divisor = self.constant(if value.is_zero() { Int::from(7i64) } else { value });
                self.op(op.clone(), &[a, divisor])
            }
            2 => {
                let b = self.natural(20, depth);
                let one = self.constant(1i64);
                let join = if self.rng.once_in(2) { Op::Or } else { Op::Add };
                let mut divisor = self.op(join, &[b, one])?;
                if self.rng.once_in(4) {
                    divisor = self.op(Op::Neg, &[divisor])?;
                }
                self.op(op.clone(), &[a, divisor])
            }
            _ => {
                let b = self.operand(depth);
                let b = self.at_most(b, most);
                let zero = self.constant(0i64);
                let guard = self.op(Op::Ne, &[b, zero])?;
                let result = self.op(op.clone(), &[a, b])?;
                let other = self.int(0);
                self.op(Op::Mux, &[guard, result, other])
            }
        }
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

    /// `a and b` where b may be what only a makes harmless.
    fn short_circuit(&mut self, op: &Op, depth: usize) -> Option<ExprId> {
        if !self.rng.once_in(3) {
            let (a, b) = (self.condition(depth), self.condition(depth));
            return self.op(op.clone(), &[a, b]);
        }
        let (a, b) = (self.operand(depth), self.operand(depth));
        let (a, b) = (self.at_most(a, 60), self.at_most(b, 60));
        let zero = self.constant(0i64);
        let guard = if *op == Op::AndThen { Op::Ne } else { Op::Eq };
        let guard = self.op(guard, &[b, zero])?;
        let divide = if self.rng.once_in(2) { Op::FloorDiv } else { Op::Mod };
        let result = self.op(divide, &[a, b])?;
        let other = self.operand(depth);
        let compared = self.op(Op::Lt, &[result, other])?;
        self.op(op.clone(), &[guard, compared])
    }

    /// `refine` or `check` under a condition that makes it hold.
    fn bounded(&mut self, op: &Op, depth: usize) -> Option<ExprId> {
        let a = self.operand(depth);
        let range = self.range(a);
        let limit = self.rng.member(&range);
        let bound = self.constant(limit.clone());
        let (compare, narrow) = if self.rng.once_in(2) {
            (Op::Le, Range { min: range.min.clone(), max: Some(limit) })
        } else {
            (Op::Ge, Range { min: Some(limit), max: range.max.clone() })
        };
        let guard = self.op(compare, &[a, bound])?;
        let held = match op {
            Op::Check { .. } => Op::Check { range: narrow },
            _ => Op::Refine { range: narrow },
        };
        let held = self.op(held, &[a])?;
        let one = self.constant(1i64);
        let used = match self.rng.below(3) {
            0 => self.op(Op::Add, &[held, one])?,
            1 => self.op(Op::Sub, &[held, one])?,
            _ => held,
        };
        let other = self.operand(depth);
        self.op(Op::Mux, &[guard, used, other])
    }

    fn enumeration(&mut self) -> Option<EnumId> {
        let count = self.types.enums.len();
        (count > 0).then(|| EnumId::new(self.rng.below(count)))
    }

    /// A member from its code, where the code is one.
    fn decode(&mut self, of: EnumId, depth: usize) -> Option<ExprId> {
        let (codes, width) = {
            let of = &self.types.enums[of.index()];
            (of.members.iter().map(|(_, code)| code.clone()).collect::<Vec<Int>>(), of.width_bits)
        };
        if self.rng.once_in(3) {
            let member = self.value(&Type::Enum(of), depth);
            let code = self.op(Op::Encode, &[member])?;
            return self.op(Op::Decode { of }, &[code]);
        }
        let code = self.operand(depth);
        let code = if self.rng.once_in(4) { code } else { self.op(Op::Slice { low: 0, width }, &[code])? };
        let mut guard: Option<ExprId> = None;
        for value in codes {
            let value = self.constant(value);
            let is_it = self.op(Op::Eq, &[code, value])?;
            guard = Some(match guard {
                None => is_it,
                Some(before) => self.op(Op::OrElse, &[before, is_it])?,
            });
        }
        let member = self.op(Op::Decode { of }, &[code])?;
        let other = self.constant_of(&Type::Enum(of));
        self.op(Op::Mux, &[guard?, member, other])
    }

    /// An index into so many elements, and a condition without which it is not to be used.
    pub fn index_into(&mut self, length: u32, depth: usize) -> (ExprId, Option<ExprId>) {
        let places = Range::new(0i64, i64::from(length) - 1);
        let inside = |ty: &Type| ty.range().is_some_and(|range| places.contains_range(range));
        match self.rng.below(7) {
            0 => {
                let value = self.rng.member(&places);
                (self.constant(value), None)
            }
            1 | 2 if self.leaves.iter().any(|leaf| inside(&leaf.ty)) => {
                let leaf = self.leaf(inside).expect("invariant: there is one");
                (leaf, None)
            }
            3 => {
                let bits = u32::BITS - length.leading_zeros();
                let natural = self.natural(bits + 1, depth);
                let bound = self.constant(i64::from(length));
                let guard = self.sure(Op::Lt, &[natural, bound]);
                (natural, Some(guard))
            }
            _ => {
                let value = self.operand(depth);
                (self.fit(&places, value), None)
            }
        }
    }

    /// An element of an array that is read, or of a constant table.
    fn element(&mut self, want: Option<&Type>, depth: usize) -> Option<ExprId> {
        let holds = |ty: &Type| match (ty, want) {
            (Type::Array(element, _), Some(want)) => **element == *want,
            (Type::Array(element, _), None) => matches!(**element, Type::Int(_)),
            _ => false,
        };
        let array = match self.leaf(holds) {
            Some(leaf) if !self.rng.once_in(4) => leaf,
            _ => {
                let element = match want {
                    Some(ty) => ty.clone(),
                    None => Type::Int(self.rng.range(24)),
                };
                let length = *self.rng.pick(&[1, 2, 3, 4, 5, 8, 16]);
                let ty = Type::Array(Box::new(element.clone()), length);
                if length <= 4 && self.rng.once_in(3) {
                    let parts: Vec<ExprId> =
                        (0..length).map(|_| self.value(&element, depth.min(1))).collect();
                    self.op(Op::Array, &parts)?
                } else {
                    self.constant_of(&ty)
                }
            }
        };
        let &Type::Array(_, length) = self.exprs.ty(array) else { return None };
        let (index, guard) = self.index_into(length, depth);
        let element = self.op(Op::Index, &[array, index])?;
        match guard {
            None => Some(element),
            Some(guard) => {
                let other = match want {
                    Some(ty) => self.constant_of(ty),
                    None => self.int(0),
                };
                self.op(Op::Mux, &[guard, element, other])
            }
        }
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

    /// The integer brought into the interval, in one of the ways in which designs do it.
    pub fn fit(&mut self, range: &Range, value: ExprId) -> ExprId {
        let own = self.range(value);
        if range.contains_range(&own) {
            return value;
        }
        let width = range.width_bits().unwrap_or(1);
        let exact = if range.is_signed() { Range::signed(width) } else { Range::unsigned(width) };
        let is_power = exact == *range;
        for _ in 0..3 {
            let made = match self.rng.below(6) {
                0 | 1 if is_power => match range.is_signed() {
                    true => self.op(Op::Signed { width }, &[value]),
                    false => {
                        let spare = own.width_bits().unwrap_or(width).saturating_sub(width) as usize;
                        let low = if self.rng.once_in(4) { self.rng.below(spare + 1) as u32 } else { 0 };
                        self.op(Op::Slice { low, width }, &[value])
                    }
                },
                2 if range.min.as_ref().is_some_and(Int::is_zero)
                    && own.width_bits().is_some_and(|width| width < 60) =>
                {
                    let size = self.constant(range.size().unwrap_or(Int::ONE));
                    self.op(Op::Mod, &[value, size])
                }
                3 if is_power && !range.is_signed() => {
                    let mask = self.constant(range.max.clone().unwrap_or(Int::ZERO));
                    self.op(Op::And, &[value, mask])
                }
                4 => self.clamp(range, value, true),
                5 => self.op(Op::Wrap { range: range.clone() }, &[value]),
                _ => None,
            };
            if let Some(made) = made.filter(|made| range.contains_range(&self.range(*made))) {
                return made;
            }
        }
        self.sure(Op::Wrap { range: range.clone() }, &[value])
    }

    /// The integer as a checked store may take it: inside the interval when the simulation runs, but not always by its type.
    pub fn fit_in_time(&mut self, range: &Range, value: ExprId) -> ExprId {
        if self.rng.once_in(4)
            && !range.contains_range(&self.range(value))
            && let Some(clamped) = self.clamp(range, value, false)
        {
            return clamped;
        }
        self.fit(range, value)
    }

    fn clamp(&mut self, range: &Range, value: ExprId, known: bool) -> Option<ExprId> {
        let (min, max) = range.bounds()?;
        let (low, high) = (self.constant(min.clone()), self.constant(max.clone()));
        let inner = match known {
            true => self
                .op(Op::Refine { range: range.clone() }, &[value])
                .filter(|inner| range.contains_range(&self.range(*inner)))?,
            false => value,
        };
        let below = self.op(Op::Lt, &[value, low])?;
        let above = self.op(Op::Gt, &[value, high])?;
        let upper = self.op(Op::Mux, &[above, high, inner])?;
        self.op(Op::Mux, &[below, low, upper])
    }
}
