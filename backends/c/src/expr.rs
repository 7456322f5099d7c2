//! Expressions of at most 64 bits, conditions, and places.
//!
//! The primitive is "the low bits of the exact value": whoever uses an expression says how many bits it needs right, and additions,
//! products, masks and the like pass that on to their operands. Every expression is total: an index is clamped, a division by zero
//! gives something, unless intervals show that it cannot happen. So values may be computed before they are needed.

use crate::cexpr::{Arith, CExpr, Compare, Cond, EXACT, Ty, mask};
use crate::func::{Func, Operand, bounds_of, to_i128};
use crate::layout::{Storage, storage};
use crate::support::{Bits, Helper};
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
            ExprKind::Const(_) => CExpr::literal(0),
            ExprKind::Net(net) => {
                let text = self.net_text(*net);
                self.stored_int(id, text, low)
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
        let Type::Enum(of) = *self.ty(id) else { return CExpr::literal(0) };
        let declared = &self.unit.layout.design.types.enums[of.index()];
        let code = declared.members.get(member as usize).and_then(|(_, code)| to_i128(code)).unwrap_or(0);
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
            Some(Storage::Bool | Storage::Array(..) | Storage::Struct(_)) | None => CExpr::literal(0),
        }
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
            Op::Mul | Op::Or | Op::Xor => {
                let want = self.ring_demand(id, args, low);
                let (a, b) = (self.low(args[0], want), self.low(args[1], want));
                let op = match op {
                    Op::Mul => Arith::Mul,
                    Op::Or => Arith::Or,
                    _ => Arith::Xor,
                };
                self.ring(op, &a, &b, want, low, &range)
            }
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
                let (a, of_a) = self.on_path(&cond, |func| func.low(args[1], low));
                let (b, of_b) = self.on_path(&cond.clone().not(), |func| func.low(args[2], low));
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
                if !crate::bounds::is_full(to) {
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
            | Op::Array
            | Op::Struct { .. }
            | Op::Format { .. } => CExpr::literal(0),
        }
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

    /// A signed operand as an unsigned variable. GCC looks through a cast that also widens, and warns of a sign that changes.
    fn bits_of_signed(&mut self, value: &CExpr, want: u32) -> CExpr {
        let is_short = value.plain.is_some_and(|ty| ty.signed && ty.bits < want) || value.is_signed_choice();
        if want > 64 || value.literal.is_some() || !is_short {
            return value.clone();
        }
        match Ty::for_width(false, want.max(16)).and_then(|ty| value.cast(ty)) {
            Some(bits) => self.keep_int(bits, want),
            None => value.clone(),
        }
    }

    /// Low bits that are all the bits of the range.
    fn exact_bits(&mut self, bits: CExpr, range: &Range) -> CExpr {
        let width = range.width_bits().unwrap_or(64);
        // What the operand's own interval was is no longer known of the result.
        let bits = CExpr { ir: None, ..bits };
        if range.is_signed() { self.sign_extended(&bits, width) } else { bits.zero_extended(width) }
    }

    /// What is asked for of a value that was computed as a wide one.
    fn narrow_wide(&mut self, wide: &crate::func::Wide, low: u32, range: &Range) -> CExpr {
        let ir = bounds_of(range);
        if low != EXACT {
            return self.low_of_wide(wide, low, None).capped(low, ir);
        }
        let bits = self.low_of_wide(wide, range.width_bits().unwrap_or(64).min(64), None);
        self.exact_bits(bits, range).with_ir(ir)
    }

    /// A shift amount or exponent: not negative, of an unsigned type. One of more than 64 bits is cut to 16: no value is as long
    /// as that, and whether it is odd, which decides a power of −1, stays.
    pub fn amount(&mut self, id: ExprId) -> CExpr {
        let range = self.range(id);
        if let Some(value) = self.single(id) {
            return CExpr::literal(saturated(&value));
        }
        if self.width(id) > 64 {
            let wide = self.wide(id);
            let helper = if wide.signed { Helper::WideAmountS } else { Helper::WideAmountU };
            let count = self.count(wide.limbs);
            let text = self.call(helper, &[wide.text, count]);
            return CExpr::leaf(text, Ty::unsigned(16), 0, 65535);
        }
        let value = self.low(id, EXACT);
        let value = if range.is_signed() {
            let value = self.keep_int(value, EXACT);
            let is_negative = CExpr::compare(Compare::Lt, &value, &CExpr::literal(0));
            let hi = value.bounds().1.max(0);
            let ty = Ty::for_range(0, hi).unwrap_or(Ty::unsigned(64));
            match is_negative {
                Some(cond) => {
                    let text = format!("{} ? 0U : ({}){}", cond.operand(), ty.name(), value.operand());
                    let clamped = CExpr::leaf(text, ty, 0, hi);
                    let clamped = CExpr { binds: crate::cexpr::Binds::Loose("?:"), plain: None, ..clamped };
                    self.keep_int(clamped, EXACT)
                }
                None => CExpr::literal(0),
            }
        } else {
            value
        };
        if value.literal.is_some() || value.plain.is_some_and(|ty| !ty.signed) {
            return value;
        }
        let ty = Ty::for_range(0, value.bounds().1).unwrap_or(Ty::unsigned(64));
        value.cast(ty).unwrap_or(value)
    }

    /// An amount as an argument of 16 bits; what is more is as good as the most.
    pub fn amount_16(&mut self, id: ExprId) -> String {
        let value = self.amount(id);
        if value.bounds().1 <= 65535 {
            return value.stored(Ty::unsigned(16));
        }
        let value = self.keep_int(value, EXACT);
        format!("({} < 65535U) ? (uint16_t){} : 65535U", value.operand(), value.operand())
    }

    /// An exponent as an argument of 16 bits. Beyond these the base is −1, 0 or 1, so that only its being odd matters.
    pub fn exponent(&mut self, id: ExprId) -> String {
        let value = self.amount(id);
        if value.bounds().1 <= 65535 {
            return value.stored(Ty::unsigned(16));
        }
        let value = self.keep_int(value, EXACT);
        let text = value.operand();
        format!("(uint16_t)(({text} < 65534U) ? {text} : (65534U + ({text} & 1U)))")
    }

    fn shift_left(&mut self, id: ExprId, args: &[ExprId], low: u32, range: &Range) -> CExpr {
        let ir = bounds_of(range);
        let want = self.ring_demand(id, args, low);
        let amount = match self.single(args[1]).and_then(|amount| amount.to_u32()) {
            // Every bit that is asked for is below the lowest that is left.
            Some(amount) if want != EXACT && amount >= want => return CExpr::literal(0),
            Some(amount) => CExpr::literal(i128::from(amount)),
            None => self.amount(args[1]),
        };
        let of_a = self.demands.get(&args[0]).copied().unwrap_or(EXACT);
        let a = self.low(args[0], of_a);
        if let Some(value) = CExpr::shift_left(&a, &amount, want, ir)
            && value.has_low(low)
        {
            return value;
        }
        let width = range.width_bits().unwrap_or(64).min(64).min(want);
        let amount =
            if amount.binds == crate::cexpr::Binds::Tight { amount } else { self.keep_int(amount, EXACT) };
        let bits = CExpr::shift_left(&a, &amount, width, ir)
            .expect("invariant: 64 bits hold the low bits of any value");
        self.exact(bits, range)
    }

    /// A value shifted right by a constant, with so many low bits right. `range` bounds the result where it is wanted exactly.
    fn shifted_right(&mut self, of: ExprId, amount: u32, want: u32, range: &Range) -> CExpr {
        let demand = self.shr_demand(of, amount, want);
        let ir = bounds_of(range);
        if amount == 0 {
            return self.low(of, demand);
        }
        if self.needed(of) > 64 {
            let wide = self.wide(of);
            if want != EXACT {
                return self.bits_of_wide(&wide, amount, want);
            }
            let width = range.width_bits().unwrap_or(64).min(64);
            let bits = self.bits_of_wide(&wide, amount, width);
            return self.exact_bits(bits, range).with_ir(ir);
        }
        let value = self.low(of, demand);
        let by = CExpr::literal(i128::from(amount));
        if value.is_natural()
            && let Some(shifted) = CExpr::shift_right(&value, &by, want, ir)
        {
            return shifted;
        }
        let end = want.saturating_add(amount);
        if let Some(ty) = Ty::for_width(false, end.max(16))
            && let Some(bits) = value.cast(ty)
            && let Some(shifted) = CExpr::shift_right(&bits, &by, want, ir)
        {
            return shifted;
        }
        self.shift_right_signed(&value, &format!("{}U", amount.min(63)), ir)
    }

    /// An exact value that may be negative, shifted right.
    fn shift_right_signed(&mut self, value: &CExpr, amount: &str, ir: Option<(i128, i128)>) -> CExpr {
        let (lo, hi) = value.bounds();
        let bits = Bits::for_range(lo.min(-1), hi);
        let text = self.call(Helper::ShiftRight(bits), &[value.stored(bits.signed()), amount.to_owned()]);
        CExpr::leaf(text, bits.signed(), lo.min(-1), hi.max(0)).with_ir(ir)
    }

    fn shift_right(&mut self, args: &[ExprId], low: u32, range: &Range) -> CExpr {
        let ir = bounds_of(range);
        if self.needed(args[0]) > 64 {
            let wide = self.shift_right_wide(args);
            return self.narrow_wide(&wide, low, range);
        }
        let value = self.low(args[0], EXACT);
        if value.is_natural() {
            let amount = self.amount(args[1]);
            let amount = if amount.bounds().1 >= 16 { self.keep_int(amount, EXACT) } else { amount };
            if let Some(shifted) = CExpr::shift_right(&value, &amount, EXACT, ir) {
                return shifted;
            }
        }
        let amount = self.amount_16(args[1]);
        self.shift_right_signed(&value, &amount, ir)
    }

    fn divide(&mut self, args: &[ExprId], low: u32, range: &Range) -> CExpr {
        let ir = bounds_of(range);
        if self.needs_wide_division(args) {
            let wide = self.divide_wide(args, Helper::WideFloorDiv);
            return self.narrow_wide(&wide, low, range);
        }
        let (a, b) = (self.low(args[0], EXACT), self.low(args[1], EXACT));
        if a.is_natural() && b.is_natural() {
            return self.guarded(Arith::Div, a, b, ir);
        }
        let bits = self.division_bits(args);
        let text = self.call(Helper::FloorDiv(bits), &[a.stored(bits.signed()), b.stored(bits.signed())]);
        CExpr::leaf(text, bits.signed(), bits.signed().min(), bits.signed().max()).with_ir(ir)
    }

    fn modulo(&mut self, args: &[ExprId], low: u32, range: &Range) -> CExpr {
        let ir = bounds_of(range);
        if let Some(width) = self.power_of_two(args[1]) {
            let want = width.min(low).min(64);
            let bits = self.low(args[0], want);
            if low < width {
                return bits.capped(low, ir);
            }
            return CExpr { ir: None, ..bits }.zero_extended(width.min(64)).with_ir(ir);
        }
        if self.needs_wide_division(args) {
            let wide = self.divide_wide(args, Helper::WideFloorMod);
            return self.narrow_wide(&wide, low, range);
        }
        let (a, b) = (self.low(args[0], EXACT), self.low(args[1], EXACT));
        if a.is_natural() && b.is_natural() {
            return self.guarded(Arith::Rem, a, b, ir);
        }
        let bits = self.division_bits(args);
        let text = self.call(Helper::FloorMod(bits), &[a.stored(bits.signed()), b.stored(bits.signed())]);
        CExpr::leaf(text, bits.signed(), bits.signed().min(), bits.signed().max()).with_ir(ir)
    }

    /// The interval over both operands and the quotient, which the type of a division must hold.
    fn division_range(&self, args: &[ExprId]) -> Range {
        let (a, b) = (self.range(args[0]), self.range(args[1]));
        pyhw_ir::interval::floor_div(&a, &b).union(&a).union(&b)
    }

    /// Whether no type of 64 bits holds both operands and the quotient.
    pub fn needs_wide_division(&self, args: &[ExprId]) -> bool {
        self.division_range(args).width_bits().is_none_or(|width| width > 64)
    }

    fn division_bits(&self, args: &[ExprId]) -> Bits {
        let (lo, hi) = bounds_of(&self.division_range(args)).unwrap_or((i128::from(i64::MIN), 0));
        Bits::for_range(lo.min(-1), hi)
    }

    /// A quotient or remainder of values that are not negative; of a division by zero, zero.
    fn guarded(&mut self, op: Arith, a: CExpr, b: CExpr, ir: Option<(i128, i128)>) -> CExpr {
        if b.bounds().0 >= 1 {
            return CExpr::arith(op, &a, &b, EXACT, ir).expect("invariant: a type holds both operands");
        }
        let b = self.keep_int(b, EXACT);
        let divisor = b.clone().restricted(1, b.bounds().1.max(1));
        let value = CExpr::arith(op, &a, &divisor, EXACT, ir).expect("invariant: a type holds both operands");
        match CExpr::compare(Compare::Ne, &b, &CExpr::literal(0)) {
            Some(cond) => CExpr::select(&cond, &value, &CExpr::literal(0), EXACT, None).unwrap_or(value),
            None => value,
        }
    }

    fn power(&mut self, id: ExprId, args: &[ExprId], low: u32, range: &Range) -> CExpr {
        let ir = bounds_of(range);
        let want = self.ring_demand(id, args, low);
        let width = if want == EXACT { range.width_bits().unwrap_or(64).min(64) } else { want };
        if self.single(args[0]) == Some(Int::from(2i64)) {
            let amount = self.amount(args[1]);
            let amount = if amount.bounds().1 >= 16 { self.keep_int(amount, EXACT) } else { amount };
            if let Some(value) = CExpr::shift_left(&CExpr::literal(1), &amount, want.min(width), ir) {
                return if value.has_low(low) { value } else { self.exact(value, range) };
            }
        }
        let of_base = self.demands.get(&args[0]).copied().unwrap_or(EXACT);
        let base = self.low(args[0], of_base);
        if (want != EXACT || width <= 64)
            && let Some(2) = self.single(args[1]).and_then(|exponent| exponent.to_u32())
        {
            let base = self.keep_int(base, of_base);
            return self.ring(Arith::Mul, &base, &base, want, low, range);
        }
        let bits = if width <= 32 { 32 } else { 64 };
        let exponent = self.exponent(args[1]);
        let base = base.cast(Ty::unsigned(bits)).expect("invariant: an unsigned type takes any value");
        let right = base.views.iter().map(|view| view.low).min().unwrap_or(EXACT);
        let helper = if bits == 32 { Helper::Power32 } else { Helper::Power64 };
        let text = self.call(helper, &[base.stored(Ty::unsigned(bits)), exponent]);
        // No more bits are right than were of the base.
        let value = CExpr::low_leaf(text, bits, bits.min(right), ir);
        if value.has_low(low) { value } else { self.exact(value, range) }
    }

    fn concat(&mut self, args: &[ExprId], widths: &[u32], low: u32, ir: Option<(i128, i128)>) -> CExpr {
        let mut offset: u32 = widths.iter().sum();
        let total = offset;
        let mut result: Option<CExpr> = None;
        let mut right = EXACT;
        for (&arg, &width) in args.iter().zip(widths) {
            offset -= width;
            if offset >= low || offset >= 64 {
                right = right.min(offset);
                continue;
            }
            if offset + width > 64 {
                right = right.min(64);
            }
            let part = self.part(arg, width.min(64), offset);
            if part.literal == Some(0) && offset > 0 {
                continue;
            }
            result = Some(match result {
                None => part,
                Some(high) if part.literal == Some(0) => high,
                Some(high) => CExpr::arith(Arith::Or, &high, &part, total.min(low).min(64), None)
                    .expect("invariant: 64 bits hold the parts"),
            });
        }
        result.unwrap_or_else(|| CExpr::literal(0)).capped(right, ir)
    }

    /// A part of a concatenation, at its place.
    fn part(&mut self, arg: ExprId, width: u32, offset: u32) -> CExpr {
        if let ExprKind::Op(Op::ToInt, inner) = self.body.exprs.kind(arg) {
            let inner = inner[0];
            return self.cond(inner).to_int(offset);
        }
        let value = self.low(arg, width);
        if let Some(value) = value.literal {
            // What lies above 64 bits is not asked for.
            return CExpr::hex((value & mask(width.min(64 - offset))) << offset);
        }
        let value = value.zero_extended(width);
        if offset == 0 {
            return value;
        }
        let ir = value.ir.map(|(lo, hi)| (lo << offset, hi << offset)).filter(|(_, hi)| *hi <= mask(64));
        CExpr::shift_left(&value, &CExpr::literal(i128::from(offset)), (offset + width).min(64), ir)
            .expect("invariant: 64 bits hold the low bits of any value")
    }

    /// An integer reduced into an interval whose size is no power of two.
    pub fn wrapped(&mut self, id: ExprId, low: u32, to: &Range) -> CExpr {
        let from = self.range(id);
        if self.width(id) <= 64 {
            let value = self.low(id, EXACT);
            if let Some(result) = self.wrapped_value(&value, &from, to) {
                return result;
            }
        }
        let wide = self.wrapped_wide(id, to);
        self.narrow_wide(&wide, low, to)
    }

    /// An exact value from one interval reduced into another; `None` where 63 bits do not hold what comes between.
    pub fn wrapped_value(&mut self, value: &CExpr, from: &Range, to: &Range) -> Option<CExpr> {
        let ((lo, hi), (first, last)) = (bounds_of(from)?, bounds_of(to)?);
        let count = last - first + 1;
        let fits = |value: i128| value.abs() <= mask(62);
        if ![lo - first, hi - first, lo - count, hi + count, first, last].into_iter().all(fits) {
            return None;
        }
        if lo >= first - count && hi <= last + count {
            let value = self.keep_int(value.clone(), EXACT);
            let mut result = value.clone();
            if hi > last {
                let over = CExpr::compare(Compare::Gt, &value, &CExpr::literal(last))?;
                let less = moved(&value.clone().restricted(last + 1, hi), -count);
                result = CExpr::select(&over, &less, &result, EXACT, None)?;
            }
            if lo < first {
                let under = CExpr::compare(Compare::Lt, &value, &CExpr::literal(first))?;
                let more = moved(&value.clone().restricted(lo, first - 1), count);
                result = CExpr::select(&under, &more, &result, EXACT, None)?;
            }
            return Some(result.with_ir(Some((first, last))));
        }
        let distance = moved(value, -first);
        let divisor = CExpr::literal(count);
        let rest = if distance.is_natural() {
            CExpr::arith(Arith::Rem, &distance, &divisor, EXACT, Some((0, count - 1)))?
        } else {
            let bits = Bits::for_range((lo - first).min(-1), (hi - first).max(count));
            let divisor = divisor.stored(bits.signed());
            let text = self.call(Helper::FloorMod(bits), &[distance.stored(bits.signed()), divisor]);
            CExpr::leaf(text, bits.signed(), 0, count - 1)
        };
        Some(moved(&rest, first).with_ir(Some((first, last))))
    }
}

/// The value plus a constant, of which 64 bits hold every result.
fn moved(value: &CExpr, by: i128) -> CExpr {
    if by == 0 {
        return value.clone();
    }
    let (lo, hi) = value.bounds();
    let op = if by < 0 { Arith::Sub } else { Arith::Add };
    CExpr::arith(op, value, &CExpr::literal(by.abs()), EXACT, Some((lo + by, hi + by)))
        .expect("invariant: 64 bits hold it")
}

/// A constant shift amount or exponent; see [`Func::amount`].
fn saturated(value: &Int) -> i128 {
    match value.to_u32() {
        Some(value @ 0..=65535) => i128::from(value),
        Some(_) | None if value.is_negative() => 0,
        Some(_) | None => {
            if value.low_bits(1) == Int::ONE {
                65535
            } else {
                65534
            }
        }
    }
}

/// A constant, or its low bits.
fn literal(value: &Int, low: u32) -> CExpr {
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
