//! Expressions of at most 64 bits, conditions, and places.
//!
//! The primitive is "the low bits of the exact value": whoever uses an expression says how many bits it needs right, and additions,
//! products, masks and the like pass that on to their operands. Every expression is total: an index is clamped, a division by zero
//! gives something, unless intervals show that it cannot happen. So values may be computed before they are needed.
//!
//! Here is what becomes of each operator; [`shift`], [`divide`] and [`bits`] are about those that take more than a line.

mod bits;
mod divide;
mod shift;

use crate::cexpr::{Arith, CExpr, Cond, EXACT, Ty, mask};
use crate::func::{Func, Operand, bounds_of, to_i128};
use crate::layout::{Storage, storage};
use crate::support::Helper;
use pyhw_ir::{ExprId, ExprKind, Int, Op, Range, Type, Value};

impl Func<'_, '_> {
    /// An integer or the code of an enum, with as many low bits right as the statement asks for; at most 64.
    pub fn int(&mut self, id: ExprId) -> CExpr {
        self.meet(id);
        match self.memo.get(&id) {
            Some(Operand::Int(value)) => return (**value).clone(),
            Some(Operand::Cond(_) | Operand::Wide(_)) | None => {}
        }
        let low = self.demands.get(&id).copied().unwrap_or(EXACT);
        if let Some(value) = self.single(id) {
            return literal(&value, low);
        }
        let body = self.body;
        match body.exprs.kind(id) {
            ExprKind::Const(Value::Enum(member)) => self.member(id, *member),
            // Other constants are single values, or of types that are no integers.
            ExprKind::Const(_) => self.no_int(id),
            ExprKind::Net(net) => {
                match (self.unit.fixed[net.index()], &self.unit.layout.module.net(*net).init) {
                    // It is nowhere in memory; an integer that is fixed is a single value.
                    (true, &Value::Enum(member)) => self.member(id, member),
                    _ => {
                        let text = self.net_text(*net);
                        self.stored_int(id, text, low)
                    }
                }
            }
            ExprKind::Var(var) => match self.vars[var.index()].clone() {
                // The counter of a loop has a type of its own.
                (text, Some(Storage::Scalar { ty, .. })) => {
                    let (lo, hi) = bounds_of(&self.range(id)).unwrap_or((ty.min(), ty.max()));
                    CExpr::leaf(text, ty, lo, hi)
                }
                (text, _) => self.stored_int(id, text, low),
            },
            ExprKind::Op(op, args) => {
                let value = self.operator(id, op, args, low);
                debug_assert!(
                    value.has_low(low),
                    "{op:?} has fewer bits right than {low}: {}",
                    value.describe()
                );
                value
            }
        }
    }

    /// An operand of at most 64 bits, or the low bits of a longer one.
    pub fn low(&mut self, id: ExprId, low: u32) -> CExpr {
        if let Some(value) = self.single(id) {
            return literal(&value, low);
        }
        if self.needed(id) <= 64 {
            return self.int(id);
        }
        let wide = self.wide(id);
        self.low_of_wide(&wide, if low == EXACT { 64 } else { low }, self.ir_bounds(id))
    }

    fn member(&mut self, id: ExprId, member: u32) -> CExpr {
        let Type::Enum(of) = *self.ty(id) else { return self.no_int(id) };
        let declared = &self.unit.layout.design.types.enums[of.index()];
        let Some(code) = declared.members.get(member as usize).and_then(|(_, code)| to_i128(code)) else {
            return self.no_int(id);
        };
        let ty = Ty::for_width(false, declared.width_bits.min(64)).unwrap_or(Ty::unsigned(64));
        CExpr::leaf(format!("({}){}", ty.name(), self.unit.layout.member(of, member)), ty, code, code)
    }

    /// The integer at a place in memory.
    fn stored_int(&mut self, id: ExprId, text: String, low: u32) -> CExpr {
        let (range, ty) = (self.range(id), self.storage_type(id));
        match storage(&self.unit.layout.design.types, &ty) {
            Some(Storage::Scalar { ty, .. } | Storage::Enum(_, ty)) => {
                let (lo, hi) = bounds_of(&range).unwrap_or((ty.min(), ty.max()));
                CExpr::leaf(text, ty, lo, hi)
            }
            Some(Storage::Wide { signed, width }) => {
                let wide = crate::func::Wide { text, limbs: crate::layout::limbs(width), signed };
                self.low_of_wide(&wide, low.min(64), bounds_of(&range))
            }
            Some(Storage::Bool | Storage::Array(..) | Storage::Struct(_)) | None => self.no_int(id),
        }
    }

    /// Something that is no integer stands where a verified design has one.
    fn no_int(&mut self, id: ExprId) -> CExpr {
        self.unit.bug(self.body.exprs.span(id), "an integer was to be written, and the expression is none");
        CExpr::literal(0)
    }

    /// The type as which the value of a net, variable, element or field is declared.
    pub fn storage_type(&self, id: ExprId) -> Type {
        match self.body.exprs.ty(id) {
            Type::Int(range) if !range.is_bounded() => Type::Int(crate::bounds::unbounded()),
            ty => ty.clone(),
        }
    }

    /// An exact value of at most 64 bits from one whose low bits are right.
    fn exact(&mut self, value: CExpr, range: &Range) -> CExpr {
        if value.has_low(EXACT) {
            return value;
        }
        let ir = bounds_of(range);
        let width = range.width_bits().unwrap_or(64);
        if !range.is_signed() {
            return value.zero_extended(width).with_ir(ir);
        }
        self.sign_extended(&value, width).with_ir(ir)
    }

    /// The low `width` bits read as two's complement, up to 64.
    pub fn sign_extended(&mut self, value: &CExpr, width: u32) -> CExpr {
        if width < 64 {
            return value.sign_extended(width);
        }
        let bits = value.zero_extended(64).stored(Ty::unsigned(64));
        let text = self.call(Helper::ToS64, &[bits]);
        let ty = Ty::signed(64);
        CExpr::leaf(text, ty, ty.min(), ty.max())
    }

    fn operator(&mut self, id: ExprId, op: &Op, args: &[ExprId], low: u32) -> CExpr {
        let range = self.range(id);
        let ir = bounds_of(&range);
        match op {
            Op::Add | Op::Sub => {
                // A negative constant is added as its opposite is subtracted.
                let mut op = if *op == Op::Add { Arith::Add } else { Arith::Sub };
                let want = self.ring_demand(id, args, low);
                let mut a = self.low(args[0], want);
                let mut b = self.low(args[1], want);
                let negative = |func: &Self, arg: ExprId| {
                    func.single(arg).filter(Int::is_negative).and_then(|value| to_i128(&value.neg()))
                };
                if let Some(opposite) = negative(self, args[1]) {
                    b = CExpr::literal(opposite);
                    op = if op == Arith::Add { Arith::Sub } else { Arith::Add };
                } else if let (Arith::Add, Some(opposite)) = (op, negative(self, args[0])) {
                    a = CExpr::literal(opposite);
                    std::mem::swap(&mut a, &mut b);
                    op = Arith::Sub;
                }
                self.ring(op, &a, &b, want, low, &range)
            }
            Op::Mul => self.of_two(Arith::Mul, id, args, low, &range),
            Op::Or => self.of_two(Arith::Or, id, args, low, &range),
            Op::Xor => self.of_two(Arith::Xor, id, args, low, &range),
            Op::And => {
                let (of_a, of_b) = self.and_demands(id, args, low);
                let a = self.masked(args[0], of_a);
                let b = self.masked(args[1], of_b);
                let want = self.ring_demand(id, args, low);
                self.ring(Arith::And, &a, &b, want, low, &range)
            }
            Op::Neg | Op::Inv => {
                let is_complement = *op == Op::Inv;
                let want = self.ring_demand(id, args, low);
                let a = self.low(args[0], want);
                if let Some(value) = CExpr::unary(is_complement, &a, want, ir)
                    && value.has_low(low)
                {
                    return value;
                }
                let width = range.width_bits().unwrap_or(64).min(64);
                let bits = CExpr::unary(is_complement, &a, want.min(width), ir)
                    .expect("invariant: 64 bits hold the low bits of any value");
                self.exact(bits, &range)
            }
            Op::Shl => self.shift_left(id, args, low, &range),
            Op::Shr => match self.single(args[1]).and_then(|amount| amount.to_u32()) {
                Some(amount) => self.shifted_right(args[0], amount, low, &range),
                None => self.shift_right(args, low, &range),
            },
            Op::FloorDiv => match self.power_of_two(args[1]) {
                Some(amount) => self.shifted_right(args[0], amount, low, &range),
                None => self.divide(args, low, &range),
            },
            Op::Mod => self.modulo(args, low, &range),
            Op::Pow => self.power(id, args, low, &range),
            Op::Mux => {
                let cond = self.cond(args[0]);
                if let Some(value) = cond.known {
                    let arg = if value { args[1] } else { args[2] };
                    let value = self.low(arg, low);
                    return value;
                }
                let (a, of_a) = self.where_it_is(args[0], true, &cond, |func| func.low(args[1], low));
                let (b, of_b) = self.where_it_is(args[0], false, &cond, |func| func.low(args[2], low));
                let lines = [
                    of_a.used_by(std::slice::from_ref(&a.text)),
                    of_b.used_by(std::slice::from_ref(&b.text)),
                ];
                if lines.iter().any(|lines| !lines.is_empty()) {
                    return self.chosen_int(&cond, [a, b], lines, low, ir);
                }
                CExpr::select(&cond, &a, &b, low, ir).unwrap_or_else(|| {
                    let width = range.width_bits().unwrap_or(64).min(64);
                    let bits = CExpr::select(&cond, &a, &b, width, ir)
                        .expect("invariant: 64 bits hold the low bits of any value");
                    self.exact(bits, &range)
                })
            }
            Op::Slice { low: from, width } => {
                let want = (*width).min(low).min(64);
                let bits = self.shifted_right(args[0], *from, want, &Range::UNBOUNDED);
                if low < *width {
                    return bits.capped(low, ir);
                }
                CExpr { ir: None, ..bits }.zero_extended((*width).min(64)).with_ir(ir)
            }
            Op::Concat { widths } => self.concat(args, widths, low, ir),
            Op::Signed { width } => {
                if self.range(args[0]).is_bounded()
                    && Range::signed(*width).contains_range(&self.range(args[0]))
                    && self.needed(args[0]) <= 64
                    && self.demands.get(&args[0]) == Some(&EXACT)
                {
                    return self.int(args[0]);
                }
                let want = (*width).min(low);
                let bits = self.low(args[0], want);
                if low < *width {
                    return bits.capped(low, ir);
                }
                let bits = CExpr { ir: None, ..bits };
                self.sign_extended(&bits, *width).with_ir(ir)
            }
            Op::Wrap { range: to } => {
                if to.contains_range(&self.range(args[0])) {
                    return self.low(args[0], low);
                }
                if !to.is_full() {
                    return self.wrapped(args[0], low, to);
                }
                let width = to.width_bits().unwrap_or(64);
                let bits = self.low(args[0], width.min(low));
                if low < width {
                    return bits.capped(low, ir);
                }
                self.exact_bits(bits, to).with_ir(ir)
            }
            Op::Refine { .. } | Op::Check { .. } => {
                let want = self.ring_demand(id, args, low);
                let value = self.low(args[0], want);
                if want != low {
                    return self.exact_bits(value, &range).with_ir(ir);
                }
                let is_plain = value.has_low(low) && value.literal.is_none();
                if is_plain { value.with_ir(ir.or(self.ir_bounds(args[0]))) } else { value }
            }
            Op::ToInt => self.cond(args[0]).to_int(0),
            Op::Encode => self.int(args[0]),
            Op::Decode { of } => {
                let width = self.unit.layout.design.types.enums[of.index()].width_bits.min(64);
                self.low(args[0], width).zero_extended(width)
            }
            Op::Index | Op::Field { .. } => {
                let text = self.object(id);
                self.stored_int(id, text, low)
            }
            Op::Now => {
                let span = self.body.exprs.span(id);
                self.unit.refuse(span, "C has no simulation time");
                CExpr::literal(0)
            }
            // These do not give integers.
            Op::Eq
            | Op::Ne
            | Op::Lt
            | Op::Le
            | Op::Gt
            | Op::Ge
            | Op::Not
            | Op::AndThen
            | Op::OrElse
            | Op::Bit
            | Op::ToBool
            | Op::IsZ
            | Op::Array
            | Op::Struct { .. }
            | Op::Format { .. } => self.no_int(id),
        }
    }

    /// An operator of two operands that both pass on how many low bits are wanted.
    fn of_two(&mut self, op: Arith, id: ExprId, args: &[ExprId], low: u32, range: &Range) -> CExpr {
        let want = self.ring_demand(id, args, low);
        let (a, b) = (self.low(args[0], want), self.low(args[1], want));
        self.ring(op, &a, &b, want, low, range)
    }

    /// A choice between values of which one needs lines before it: a variable that is set on either path.
    fn chosen_int(
        &mut self,
        cond: &Cond,
        values: [CExpr; 2],
        lines: [Vec<String>; 2],
        low: u32,
        ir: Option<(i128, i128)>,
    ) -> CExpr {
        let name = self.fresh("t");
        let (lo, hi) = ir.unwrap_or_else(|| {
            let [(a, b), (c, d)] = [values[0].bounds(), values[1].bounds()];
            (a.min(c), b.max(d))
        });
        let ty = if low == EXACT { Ty::for_range(lo, hi) } else { Ty::for_width(false, low.min(64)) };
        let ty = ty.unwrap_or(Ty::unsigned(64));
        let mut paths = lines;
        for (path, value) in paths.iter_mut().zip(&values) {
            path.push(format!("{name} = {};", value.stored(ty)));
        }
        self.define_chosen(&name, &format!("{} {name}", ty.name()), cond, &paths);
        if low == EXACT {
            CExpr::leaf(name, ty, lo, hi)
        } else {
            CExpr::low_leaf(name, ty.bits, low.min(ty.bits), ir)
        }
    }

    /// An operand of `and`: a negative mask is written with the bits that matter.
    fn masked(&mut self, id: ExprId, low: u32) -> CExpr {
        match self.single(id).and_then(|value| to_i128(&value)) {
            Some(value) if value >= 0 => CExpr::hex(value),
            Some(value) if low <= 64 => CExpr::hex(value & mask(low)).capped(low, None),
            _ => self.low(id, low),
        }
    }

    /// An operator of which each bit depends on the bits below: exact if it can be, else its low bits, extended.
    fn ring(&mut self, op: Arith, a: &CExpr, b: &CExpr, want: u32, low: u32, range: &Range) -> CExpr {
        if let Some(value) = self.ring_in(op, a, b, want, range) {
            return if value.has_low(low) { value } else { self.exact(value, range) };
        }
        let width = range.width_bits().unwrap_or(64).min(64);
        let bits =
            self.ring_in(op, a, b, width, range).expect("invariant: 64 bits hold the low bits of any value");
        self.exact(bits, range)
    }

    fn ring_in(&mut self, op: Arith, a: &CExpr, b: &CExpr, want: u32, range: &Range) -> Option<CExpr> {
        let ir = bounds_of(range);
        let found = CExpr::arith_strict(op, a, b, want, ir);
        if found.is_some() {
            return found;
        }
        let width = match want {
            EXACT if range.is_signed() => return CExpr::arith(op, a, b, want, ir),
            EXACT => range.width_bits().unwrap_or(64),
            low => low,
        };
        let (a, b) = (self.bits_of_signed(a, width), self.bits_of_signed(b, width));
        CExpr::arith(op, &a, &b, want, ir)
    }
}

/// A constant, or its low bits.
pub fn literal(value: &Int, low: u32) -> CExpr {
    match to_i128(value) {
        Some(small)
            if low == EXACT || (small >= 0 && low >= 64) || (small >= 0 && small <= mask(low.min(64))) =>
        {
            CExpr::literal(small)
        }
        _ => {
            let low = low.min(64);
            CExpr::literal(to_i128(&value.low_bits(low)).unwrap_or(0)).capped(low, None)
        }
    }
}
