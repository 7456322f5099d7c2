//! Random expressions that keep the verifier's rules and never fault.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use super::Rng;
use pyhw_diagnostics::Span;
use pyhw_ir::*;
use std::sync::Arc;

/// Builds the expressions of one process.
pub struct Builder<'a> {
    pub rng: &'a mut Rng,
    pub types: &'a Types,
    pub exprs: Exprs,
    /// The nets that can be read.
    pub inputs: &'a [(NetId, Type)],
    /// The variables that can be read where the expression stands.
    pub vars: Vec<(VarId, Type)>,
}

impl Builder<'_> {
    pub fn op(&mut self, op: Op, args: &[ExprId]) -> Option<ExprId> {
        self.exprs.op(op, args, self.types, Span::NONE).ok()
    }

    pub fn constant(&mut self) -> ExprId {
        let width = 1 + self.rng.below(8) as u32 * self.rng.below(17) as u32;
        let value = self.rng.bits(width);
        let value = if self.rng.chance(3) { value.neg() } else { value };
        self.exprs.int(value, Span::NONE)
    }

    fn input(&mut self, wanted: impl Fn(&Type) -> bool) -> ExprId {
        let vars: Vec<(VarId, Type)> = self.vars.iter().filter(|(_, ty)| wanted(ty)).cloned().collect();
        if !vars.is_empty() && self.rng.chance(2) {
            let (var, ty) = &vars[self.rng.below(vars.len())];
            return self.exprs.var(*var, ty, Span::NONE);
        }
        let fitting: Vec<(NetId, Type)> = self.inputs.iter().filter(|(_, ty)| wanted(ty)).cloned().collect();
        let (net, ty) = &fitting[self.rng.below(fitting.len())];
        self.exprs.net(*net, ty, Span::NONE)
    }

    fn int_leaf(&mut self) -> ExprId {
        if self.rng.chance(4) { self.constant() } else { self.input(|ty| matches!(ty, Type::Int(_))) }
    }

    /// An integer expression of not too many bits.
    pub fn int(&mut self, depth: usize) -> ExprId {
        if depth == 0 {
            return self.int_leaf();
        }
        let made = self.int_op(depth - 1);
        let Some(made) = made else { return self.int_leaf() };
        let width = self.exprs.range(made).and_then(Range::width_bits);
        match width {
            Some(width) if width <= 260 => made,
            _ => {
                let width = 1 + self.rng.below(130) as u32;
                let op = if self.rng.chance(2) {
                    Op::Signed { width }
                } else {
                    Op::Slice { low: self.rng.below(40) as u32, width }
                };
                self.op(op, &[made]).unwrap()
            }
        }
    }

    pub fn natural(&mut self, width: u32, depth: usize) -> ExprId {
        let operand = self.int(depth);
        let low = self.rng.below(3) as u32;
        self.op(Op::Slice { low, width }, &[operand]).unwrap()
    }

    fn int_op(&mut self, depth: usize) -> Option<ExprId> {
        let choice = self.rng.below(27);
        match choice {
            0 => self.unary(Op::Neg, depth),
            1..=3 => self.binary(Op::Add, depth),
            4..=6 => self.binary(Op::Sub, depth),
            7 | 8 => self.binary(Op::Mul, depth),
            9 => self.unary(Op::Inv, depth),
            10 => self.binary(Op::And, depth),
            11 => self.binary(Op::Or, depth),
            12 => self.binary(Op::Xor, depth),
            13 => {
                let operand = self.int(depth);
                let amount = match self.rng.below(2) {
                    0 => {
                        let amount = self.rng.below(40) as i64;
                        self.exprs.int(amount, Span::NONE)
                    }
                    _ => self.natural(5, 0),
                };
                self.op(Op::Shl, &[operand, amount])
            }
            14 | 15 => {
                let operand = self.int(depth);
                let amount = match self.rng.below(4) {
                    0 | 1 => {
                        let amount = self.rng.below(150) as i64;
                        self.exprs.int(amount, Span::NONE)
                    }
                    2 => self.natural(7, depth),
                    // Wider than any integer of VHDL.
                    _ => self.natural(40, 0),
                };
                self.op(Op::Shr, &[operand, amount])
            }
            16 => {
                let cond = self.boolean(depth);
                let (yes, no) = (self.int(depth), self.int(depth));
                self.op(Op::Mux, &[cond, yes, no])
            }
            17 => {
                let (low, width) = (self.rng.below(100) as u32, 1 + self.rng.below(130) as u32);
                self.unary(Op::Slice { low, width }, depth)
            }
            18 => {
                let count = 1 + self.rng.below(3);
                let widths: Box<[u32]> = (0..count).map(|_| 1 + self.rng.below(40) as u32).collect();
                let args: Vec<ExprId> = (0..count).map(|_| self.int(depth)).collect();
                self.op(Op::Concat { widths }, &args)
            }
            19 => {
                let width = 1 + self.rng.below(130) as u32;
                self.unary(Op::Signed { width }, depth)
            }
            20 => {
                let low = self.rng.below(40) as i64 - 30;
                let range = match self.rng.below(4) {
                    0 => Range::unsigned(1 + self.rng.below(70) as u32),
                    1 => Range::signed(1 + self.rng.below(70) as u32),
                    2 => Range::new(0i64, self.rng.below(1000) as i64),
                    _ => Range::new(low, low + self.rng.below(300) as i64),
                };
                self.unary(Op::Wrap { range }, depth)
            }
            21 => {
                let operand = self.boolean(depth);
                self.op(Op::ToInt, &[operand])
            }
            22 => {
                let member = self.enumeration(depth);
                self.op(Op::Encode, &[member])
            }
            23 => self.element(depth),
            24 => self.power(depth),
            _ => self.division(depth),
        }
    }

    fn unary(&mut self, op: Op, depth: usize) -> Option<ExprId> {
        let operand = self.int(depth);
        self.op(op, &[operand])
    }

    fn binary(&mut self, op: Op, depth: usize) -> Option<ExprId> {
        let a = self.int(depth);
        let b = if self.rng.chance(3) { self.constant() } else { self.int(depth) };
        if self.rng.chance(4) { self.op(op, &[b, a]) } else { self.op(op, &[a, b]) }
    }

    /// A quotient or remainder whose divisor cannot be zero, or that is only evaluated where it is not.
    fn division(&mut self, depth: usize) -> Option<ExprId> {
        let op = if self.rng.chance(2) { Op::FloorDiv } else { Op::Mod };
        let a = self.int(depth);
        if self.rng.chance(2) {
            let constant = self.constant();
            let is_zero = self.exprs.range(constant).is_some_and(|range| range.contains(&Int::ZERO));
            let divisor = if is_zero { self.exprs.int(7i64, Span::NONE) } else { constant };
            return self.op(op, &[a, divisor]);
        }
        let b = self.int(depth);
        let zero = self.exprs.int(0i64, Span::NONE);
        let cond = self.op(Op::Ne, &[b, zero])?;
        let quotient = self.op(op, &[a, b])?;
        let other = self.int(0);
        self.op(Op::Mux, &[cond, quotient, other])
    }

    fn power(&mut self, depth: usize) -> Option<ExprId> {
        let base = match self.rng.below(3) {
            0 => self.exprs.int(2i64, Span::NONE),
            1 => self.natural(6, depth),
            _ => {
                let operand = self.int(depth);
                self.op(Op::Signed { width: 5 }, &[operand])?
            }
        };
        let exponent = if self.rng.chance(2) {
            let exponent = self.rng.below(5) as i64;
            self.exprs.int(exponent, Span::NONE)
        } else {
            self.natural(3, 0)
        };
        self.op(Op::Pow, &[base, exponent])
    }

    /// An element of a constant array or of an array of expressions.
    fn element(&mut self, depth: usize) -> Option<ExprId> {
        let length = 1 + self.rng.below(9);
        let array = if self.rng.chance(2) {
            let signed = self.rng.chance(2);
            let width = 1 + self.rng.below(40) as u32;
            let ty = if signed { Type::signed(width) } else { Type::unsigned(width) };
            let values: Vec<Value> = (0..length)
                .map(|_| {
                    let bits = self.rng.bits(width);
                    Value::Int(if signed { bits.signed_bits(width) } else { bits })
                })
                .collect();
            let ty = Type::Array(Box::new(ty), length as u32);
            self.exprs.constant(Value::Array(Arc::new(values)), ty, Span::NONE)
        } else {
            let elements: Vec<ExprId> = (0..length).map(|_| self.int(depth.min(1))).collect();
            self.op(Op::Array, &elements)?
        };
        let last = length as i64 - 1;
        if self.rng.chance(2) {
            let operand = self.int(depth);
            let index = self.op(Op::Wrap { range: Range::new(0i64, last) }, &[operand])?;
            return self.op(Op::Index, &[array, index]);
        }
        // Only a guard keeps this index in range.
        let index = self.natural(5, depth);
        let length = self.exprs.int(length as i64, Span::NONE);
        let cond = self.op(Op::Lt, &[index, length])?;
        let refined = self.op(Op::Refine { range: Range::new(0i64, last) }, &[index])?;
        let element = self.op(Op::Index, &[array, refined])?;
        let other = self.int(0);
        self.op(Op::Mux, &[cond, element, other])
    }

    pub fn enumeration(&mut self, depth: usize) -> ExprId {
        match self.rng.below(4) {
            0 => {
                let of = self.rng.below(2);
                let ty = Type::Enum(EnumId::new(of));
                let member = self.rng.below(3) as u32;
                self.exprs.constant(Value::Enum(member), ty, Span::NONE)
            }
            1 if depth > 0 => {
                let cond = self.boolean(depth - 1);
                let (yes, no) = (self.enum_leaf(0), self.enum_leaf(0));
                self.op(Op::Mux, &[cond, yes, no]).unwrap()
            }
            2 => {
                // Code 0, 1 or 2 of the plain enum.
                let operand = self.int(depth.min(1));
                let code = self.op(Op::Wrap { range: Range::new(0i64, 2i64) }, &[operand]).unwrap();
                self.op(Op::Decode { of: EnumId::new(1) }, &[code]).unwrap()
            }
            _ => self.enum_leaf(0),
        }
    }

    fn enum_leaf(&mut self, of: usize) -> ExprId {
        let ty = Type::Enum(EnumId::new(of));
        self.input(|other| *other == ty)
    }

    pub fn boolean(&mut self, depth: usize) -> ExprId {
        if depth == 0 {
            return self.input(|ty| *ty == Type::Bool);
        }
        let depth = depth - 1;
        let made = match self.rng.below(16) {
            0 => self.comparison(Op::Eq, depth),
            1 => self.comparison(Op::Ne, depth),
            2 => self.comparison(Op::Lt, depth),
            3 => self.comparison(Op::Le, depth),
            4 => self.comparison(Op::Gt, depth),
            5 => self.comparison(Op::Ge, depth),
            6 => {
                let operand = self.boolean(depth);
                self.op(Op::Not, &[operand])
            }
            7 | 8 => {
                let ops = [Op::And, Op::Or, Op::Xor, Op::AndThen, Op::OrElse, Op::Eq, Op::Ne];
                let op = ops[self.rng.below(ops.len())].clone();
                let (a, b) = (self.boolean(depth), self.boolean(depth));
                self.op(op, &[a, b])
            }
            9 => {
                let (cond, yes, no) = (self.boolean(depth), self.boolean(depth), self.boolean(depth));
                self.op(Op::Mux, &[cond, yes, no])
            }
            10 | 11 => {
                let operand = self.int(depth);
                let index = if self.rng.chance(2) {
                    let index = self.rng.below(140) as i64;
                    self.exprs.int(index, Span::NONE)
                } else {
                    self.natural(5, 0)
                };
                self.op(Op::Bit, &[operand, index])
            }
            12 => {
                let operand = self.natural(1, depth);
                self.op(Op::ToBool, &[operand])
            }
            13 => {
                let (a, b) = (self.enumeration(0), self.enum_leaf(0));
                if self.exprs.ty(a) == self.exprs.ty(b) { self.op(Op::Eq, &[a, b]) } else { None }
            }
            14 => self.guarded(depth),
            _ => {
                let bit = self.rng.chance(2);
                Some(self.exprs.bool(bit, Span::NONE))
            }
        };
        made.unwrap_or_else(|| self.input(|ty| *ty == Type::Bool))
    }

    fn comparison(&mut self, op: Op, depth: usize) -> Option<ExprId> {
        self.binary(op, depth)
    }

    /// `b != 0 and a // b > c`: the right side must not be evaluated where the left one does not hold.
    fn guarded(&mut self, depth: usize) -> Option<ExprId> {
        let (a, b, c) = (self.int(depth), self.int(depth), self.int(0));
        let zero = self.exprs.int(0i64, Span::NONE);
        let cond = self.op(Op::Ne, &[b, zero])?;
        let quotient = self.op(Op::FloorDiv, &[a, b])?;
        let second = self.op(Op::Gt, &[quotient, c])?;
        self.op(Op::AndThen, &[cond, second])
    }
}

/// A one-hot and a plain enumeration.
pub fn types() -> Types {
    let members = |codes: [i64; 3]| {
        ["A", "B", "C"].iter().zip(codes).map(|(name, code)| ((*name).to_owned(), Int::from(code))).collect()
    };
    let of = |name: &str, codes, width_bits| EnumType {
        name: name.to_owned(),
        members: members(codes),
        width_bits,
        span: Span::NONE,
    };
    Types { enums: vec![of("OneHot", [1, 2, 4], 3), of("Plain", [0, 1, 2], 2)], structs: Vec::new() }
}

/// Zero, or the least value.
pub fn zero(ty: &Type) -> Value {
    match ty {
        Type::Bool => Value::Bool(false),
        Type::Enum(_) => Value::Enum(0),
        _ => {
            let range = ty.range().unwrap();
            let (min, _) = range.bounds().unwrap();
            Value::Int(if range.contains(&Int::ZERO) { Int::ZERO } else { min.clone() })
        }
    }
}

/// A value of the type: often one at an end.
pub fn any_value(ty: &Type, rng: &mut Rng) -> Value {
    match ty {
        Type::Bool => Value::Bool(rng.chance(2)),
        Type::Enum(_) => Value::Enum(rng.below(3) as u32),
        _ => {
            let range = ty.range().unwrap();
            let (min, max) = range.bounds().unwrap();
            Value::Int(match rng.below(6) {
                0 => min.clone(),
                1 => max.clone(),
                2 => zero(ty).as_int().unwrap().clone(),
                _ => {
                    let offset = rng.bits(range.width_bits().unwrap() + 2);
                    min.add(&offset.floor_mod(&range.size().unwrap()).unwrap())
                }
            })
        }
    }
}

/// The bits of a value at a port; an enum's member stands for its code there.
pub fn port_bits(value: &Value, ty: &Type, types: &Types) -> String {
    let bits =
        |value: &Int, width: u32| format!("{:0>1$}", value.low_bits(width).to_radix(2), width as usize);
    match (value, ty) {
        (Value::Bool(value), _) => u8::from(*value).to_string(),
        (Value::Int(value), Type::Int(range)) => bits(value, range.width_bits().unwrap()),
        (Value::Enum(member), Type::Enum(id)) => {
            let of = &types.enums[id.index()];
            bits(&of.members[*member as usize].1, of.width_bits)
        }
        _ => panic!("no value of a port: {value:?}"),
    }
}
