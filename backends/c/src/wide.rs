//! Expressions of more than 64 bits: limbs in memory, worked on by helper functions.
//!
//! Each result stands in an array of its own. A value that is wanted exactly is computed modulo a power of two that holds its
//! whole interval, so that it comes out extended: by zeros, or by its sign.

use crate::cexpr::{CExpr, EXACT, Ty};
use crate::func::{Func, Operand, Wide};
use crate::layout::{LIMB_BITS, Storage, limbs, storage};
use crate::support::Helper;
use pyhw_ir::{ExprId, ExprKind, Int, Op, Range};

impl Func<'_, '_> {
    /// An integer of which more than 64 bits are asked for.
    pub fn wide(&mut self, id: ExprId) -> Wide {
        self.meet(id);
        if let Some(Operand::Wide(wide)) = self.memo.get(&id) {
            return wide.clone();
        }
        let wide = self.wide_value(id, None);
        self.memo.insert(id, Operand::Wide(wide.clone()));
        wide
    }

    /// As [`Func::wide`]; where `place` is given and the operator can work there, the result stands there.
    fn wide_value(&mut self, id: ExprId, place: Option<(&str, u32)>) -> Wide {
        let range = self.range(id);
        let signed = range.is_signed();
        let count = self.limbs_of(id);
        if let Some(value) = self.single(id) {
            return Wide { text: self.unit.wide_table(&value, count), limbs: count, signed };
        }
        let body = self.body;
        match body.exprs.kind(id) {
            ExprKind::Const(_) => {
                Wide { text: self.unit.wide_table(&Int::ZERO, count), limbs: count, signed }
            }
            ExprKind::Net(net) => {
                let text = self.net_text(*net);
                self.wide_in_memory(id, text)
            }
            ExprKind::Var(var) => {
                let text = self.vars[var.index()].0.clone();
                self.wide_in_memory(id, text)
            }
            ExprKind::Op(op, args) => self.wide_operator(id, op, args, count, signed, place),
        }
    }

    fn wide_in_memory(&mut self, id: ExprId, text: String) -> Wide {
        match storage(&self.unit.layout.design.types, &self.storage_type(id)) {
            Some(Storage::Wide { signed, width }) => Wide { text, limbs: limbs(width), signed },
            // What is stored in 64 bits or fewer is asked for in no more.
            _ => Wide { text, limbs: 1, signed: false },
        }
    }

    /// The address of at least `count` limbs that are right, whatever the operand's own length.
    pub fn wide_operand(&mut self, id: ExprId, count: u32) -> String {
        if let Some(value) = self.single(id) {
            return self.unit.wide_table(&value, count);
        }
        if self.needed(id) <= 64 {
            let value = self.low(id, EXACT);
            return self.limbs_from(&value, count);
        }
        let wide = self.wide(id);
        self.extended(&wide, count)
    }

    /// Lines that put at least `count` limbs that are right into a place.
    fn limbs_into(&mut self, place: &str, id: ExprId, count: u32) -> Vec<String> {
        let length = self.count(count);
        let call = if self.needed(id) <= 64 && self.single(id).is_none() {
            let value = self.low(id, EXACT);
            let (helper, ty) = from_64(&value);
            self.call(helper, &[place.to_owned(), value.stored(ty), length])
        } else {
            let from = self.wide_operand(id, count);
            self.call(Helper::WideCopy, &[place.to_owned(), from, length])
        };
        vec![format!("{call};")]
    }

    /// The address of `count` limbs that hold a value of at most 64 bits.
    pub fn limbs_from(&mut self, value: &CExpr, count: u32) -> String {
        let (helper, ty) = from_64(value);
        let (value, length) = (value.stored(ty), self.count(count));
        self.helper_result(helper, count, |out| vec![out, value, length])
    }

    /// The address of at least `count` limbs of a wide integer.
    pub fn extended(&mut self, wide: &Wide, count: u32) -> String {
        if wide.limbs >= count {
            return wide.text.clone();
        }
        let helper = if wide.signed { Helper::WideExtendS } else { Helper::WideExtendU };
        let (from, to) = (self.count(wide.limbs), self.count(count));
        let text = wide.text.clone();
        self.helper_result(helper, count, |out| vec![out, text, from, to])
    }

    /// The name of a new place that a helper fills.
    fn helper_result(
        &mut self,
        helper: Helper,
        count: u32,
        args: impl FnOnce(String) -> Vec<String>,
    ) -> String {
        let name = self.fresh("t");
        let call = self.call(helper, &args(name.clone()));
        self.define(&name, vec![format!("uint32_t {name}[{count}];"), format!("{call};")]);
        name
    }

    /// The low bits (at most 64) of a wide integer.
    pub fn low_of_wide(&mut self, wide: &Wide, low: u32, ir: Option<(i128, i128)>) -> CExpr {
        if low <= LIMB_BITS || wide.limbs == 1 {
            return CExpr::low_leaf(format!("{}[0]", wide.text), 32, 32, ir);
        }
        let text = self.call(Helper::WideToU64, std::slice::from_ref(&wide.text));
        CExpr::low_leaf(text, 64, 64, ir)
    }

    /// Bits of a wide integer from `from` up, `want` of them right (at most 64).
    pub fn bits_of_wide(&mut self, wide: &Wide, from: u32, want: u32) -> CExpr {
        let (limb, shift) = (from / LIMB_BITS, from % LIMB_BITS);
        if shift + want <= LIMB_BITS && limb < wide.limbs {
            let word = CExpr::low_leaf(format!("{}[{limb}]", wide.text), 32, 32, None);
            if shift == 0 {
                return word.capped(want, None);
            }
            return CExpr::shift_right(&word, &CExpr::literal(i128::from(shift)), want, None)
                .expect("invariant: the limb holds the bits");
        }
        let helper = if wide.signed { Helper::WideBitsS } else { Helper::WideBitsU };
        let count = self.count(wide.limbs);
        let from = from.min(65535);
        let text = self.call(helper, &[wide.text.clone(), count, format!("{from}U")]);
        // Above what is wanted, the wide integer itself may be wrong.
        CExpr::low_leaf(text, 64, want.min(64), None)
    }

    fn wide_operator(
        &mut self,
        id: ExprId,
        op: &Op,
        args: &[ExprId],
        count: u32,
        signed: bool,
        place: Option<(&str, u32)>,
    ) -> Wide {
        let result = |text: String| Wide { text, limbs: count, signed };
        let length = self.count(count);
        let simple = match op {
            Op::Add => Some(Helper::WideAdd),
            Op::Sub => Some(Helper::WideSub),
            Op::And => Some(Helper::WideAnd),
            Op::Or => Some(Helper::WideOr),
            Op::Xor => Some(Helper::WideXor),
            Op::Neg => Some(Helper::WideNeg),
            Op::Inv => Some(Helper::WideNot),
            _ => None,
        };
        if let Some(helper) = simple {
            let mut operands: Vec<String> = args.iter().map(|arg| self.wide_operand(*arg, count)).collect();
            operands.push(length);
            if let Some((place, limbs)) = place
                && limbs == count
            {
                operands.insert(0, place.to_owned());
                let call = self.call(helper, &operands);
                return result(format!("{call};"));
            }
            return result(self.helper_result(helper, count, |out| {
                operands.insert(0, out);
                operands
            }));
        }
        match op {
            Op::Mul => {
                let (a, b) = (self.wide_operand(args[0], count), self.wide_operand(args[1], count));
                result(self.helper_result(Helper::WideMul, count, |out| vec![out, a, b, length]))
            }
            Op::Shl => {
                let a = self.wide_operand(args[0], count);
                let amount = self.amount_16(args[1]);
                result(self.helper_result(Helper::WideShl, count, |out| vec![out, a, amount, length]))
            }
            Op::Shr => {
                let wide = self.shift_right_wide(args);
                result(self.extended(&wide, count))
            }
            Op::Slice { low, width } => {
                let wide = self.wide_source(args[0]);
                let text = self.shifted_wide(&wide, *low, count);
                self.mask_top(&text, *width, count);
                result(text)
            }
            Op::FloorDiv => match self.power_of_two(args[1]) {
                Some(amount) => {
                    let wide = self.wide_source(args[0]);
                    result(self.shifted_wide(&wide, amount, count))
                }
                None => {
                    let wide = self.divide_wide(args, Helper::WideFloorDiv);
                    result(self.extended(&wide, count))
                }
            },
            Op::Mod => match self.power_of_two(args[1]) {
                Some(width) => result(self.low_wide(args[0], width, count)),
                None => {
                    let wide = self.divide_wide(args, Helper::WideFloorMod);
                    result(self.extended(&wide, count))
                }
            },
            Op::Pow => {
                let base = self.wide_operand(args[0], count);
                let exponent = self.exponent(args[1]);
                result(self.helper_result(Helper::WidePower, count, |out| vec![out, base, exponent, length]))
            }
            Op::Mux => {
                let cond = self.cond(args[0]);
                if let Some(value) = cond.known {
                    return result(self.wide_operand(args[if value { 1 } else { 2 }], count));
                }
                let (a, of_a) =
                    self.where_it_is(args[0], true, &cond, |func| func.wide_operand(args[1], count));
                let (b, of_b) =
                    self.where_it_is(args[0], false, &cond, |func| func.wide_operand(args[2], count));
                let is_plain = |text: &String, before: crate::func::Before| {
                    before.used_by(std::slice::from_ref(text)).is_empty()
                };
                if !is_plain(&a, of_a) || !is_plain(&b, of_b) {
                    let name = self.fresh("t");
                    let holding = [(args[1], true), (args[2], false)];
                    let paths = holding.map(|(arg, holds)| {
                        let (lines, before) = self
                            .where_it_is(args[0], holds, &cond, |func| func.limbs_into(&name, arg, count));
                        [before.used_by(&lines), lines].concat()
                    });
                    self.define_chosen(&name, &format!("uint32_t {name}[{count}]"), &cond, &paths);
                    return result(name);
                }
                let chosen = if a == b { a } else { format!("{} ? {a} : {b}", cond.operand()) };
                result(self.helper_result(Helper::WideCopy, count, |out| vec![out, chosen, length]))
            }
            Op::Concat { widths } => {
                let total: u32 = widths.iter().sum();
                let count = count.max(limbs(total));
                let length = self.count(count);
                let name = self.helper_result(Helper::WideZero, count, |out| vec![out, length]);
                let mut offset = total;
                for (&arg, &width) in args.iter().zip(widths) {
                    offset -= width;
                    self.insert_part(&name, arg, width, offset);
                }
                Wide { text: name, limbs: count, signed }
            }
            Op::Signed { width } => {
                let own = limbs(*width).max(count);
                let text = self.copied(args[0], own);
                self.extend_top(&text, *width, own);
                Wide { text, limbs: own, signed: true }
            }
            Op::Wrap { range } => {
                if range.contains_range(&self.range(args[0])) {
                    return result(self.wide_operand(args[0], count));
                }
                if !range.is_full() {
                    let wide = self.wrapped_wide(args[0], range);
                    return result(self.extended(&wide, count));
                }
                let width = range.width_bits().unwrap_or(64);
                let own = limbs(width).max(count);
                let text = self.copied(args[0], own);
                if range.is_signed() {
                    self.extend_top(&text, width, own);
                } else {
                    self.mask_top(&text, width, own);
                }
                Wide { text, limbs: own, signed: range.is_signed() }
            }
            Op::Refine { .. } | Op::Check { .. } => {
                let text = self.wide_operand(args[0], count);
                result(text)
            }
            Op::Index | Op::Field { .. } => {
                let text = self.object(id);
                self.wide_in_memory(id, text)
            }
            Op::Add
            | Op::Sub
            | Op::And
            | Op::Or
            | Op::Xor
            | Op::Neg
            | Op::Inv
            | Op::Eq
            | Op::Ne
            | Op::Lt
            | Op::Le
            | Op::Gt
            | Op::Ge
            | Op::Not
            | Op::AndThen
            | Op::OrElse
            | Op::Bit
            | Op::ToInt
            | Op::ToBool
            | Op::Encode
            | Op::Decode { .. }
            | Op::Array
            | Op::Struct { .. }
            | Op::IsZ
            | Op::Now
            | Op::Format { .. } => {
                self.unit.refuse(self.body.exprs.span(id), "C cannot say this value");
                result(String::from("0"))
            }
        }
    }

    /// An operand as a wide integer, even if it is short.
    fn wide_source(&mut self, id: ExprId) -> Wide {
        let signed = self.range(id).is_signed();
        if self.needed(id) > 64 && self.single(id).is_none() {
            return self.wide(id);
        }
        let count = limbs(self.width(id)).max(2);
        Wide { text: self.wide_operand(id, count), limbs: count, signed }
    }

    fn shifted_wide(&mut self, wide: &Wide, amount: u32, count: u32) -> String {
        let helper = if wide.signed { Helper::WideShrS } else { Helper::WideShrU };
        let (from, to) = (self.count(wide.limbs), self.count(count));
        let (text, amount) = (wide.text.clone(), format!("{}U", amount.min(65535)));
        self.helper_result(helper, count, |out| vec![out, text, from, amount, to])
    }

    /// A wide operand shifted right by an amount that varies, or not.
    pub fn shift_right_wide(&mut self, args: &[ExprId]) -> Wide {
        let wide = self.wide_source(args[0]);
        if let Some(amount) = self.single(args[1]).and_then(|amount| amount.to_u32()) {
            let text = self.shifted_wide(&wide, amount, wide.limbs);
            return Wide { text, ..wide };
        }
        let helper = if wide.signed { Helper::WideShrS } else { Helper::WideShrU };
        let amount = self.amount_16(args[1]);
        let count = self.count(wide.limbs);
        let text = wide.text.clone();
        let text =
            self.helper_result(helper, wide.limbs, |out| vec![out, text, count.clone(), amount, count]);
        Wide { text, ..wide }
    }

    /// A quotient or remainder, computed with a bit to spare for the sign.
    pub fn divide_wide(&mut self, args: &[ExprId], helper: Helper) -> Wide {
        let hull = self.range(args[0]).union(&self.range(args[1]));
        let count = limbs(hull.width_bits().unwrap_or(64) + 1);
        let (a, b) = (self.wide_operand(args[0], count), self.wide_operand(args[1], count));
        let length = self.count(count);
        let text = self.helper_result(helper, count, |out| vec![out, a, b, length]);
        Wide { text, limbs: count, signed: true }
    }

    /// A value reduced into an interval whose size is no power of two.
    pub fn wrapped_wide(&mut self, id: ExprId, to: &Range) -> Wide {
        let from = self.range(id);
        self.wrapped_limbs(&from, to, |func, count| func.wide_operand(id, count))
    }

    /// A value of which `operand` gives so many limbs, reduced into an interval: `min + (x − min) mod size`.
    pub fn wrapped_limbs(
        &mut self,
        from: &Range,
        to: &Range,
        operand: impl FnOnce(&mut Self, u32) -> String,
    ) -> Wide {
        let (Some((min, _)), Some(size)) = (to.bounds(), to.size()) else {
            return Wide { text: String::from("0"), limbs: 1, signed: false };
        };
        let least = from.min.as_ref().map(|low| low.sub(min));
        let most = from.max.as_ref().map(|high| high.sub(min));
        let hull = Range { min: least, max: most }.union(from).union(to).union(&Range::exactly(size.clone()));
        let count = limbs(hull.width_bits().unwrap_or(64) + 1);
        let length = self.count(count);
        let value = operand(self, count);
        let (min, size) = (self.unit.wide_table(min, count), self.unit.wide_table(&size, count));
        let (first, again) = (min.clone(), length.clone());
        let distance = self.helper_result(Helper::WideSub, count, |out| vec![out, value, first, again]);
        let again = length.clone();
        let rest = self.helper_result(Helper::WideFloorMod, count, |out| vec![out, distance, size, again]);
        let text = self.helper_result(Helper::WideAdd, count, |out| vec![out, rest, min, length]);
        Wide { text, limbs: count, signed: true }
    }

    /// A copy that may be changed.
    fn copied(&mut self, id: ExprId, count: u32) -> String {
        let from = self.wide_operand(id, count);
        let length = self.count(count);
        self.helper_result(Helper::WideCopy, count, |out| vec![out, from, length])
    }

    /// The low bits of an operand, with zeros above.
    fn low_wide(&mut self, id: ExprId, width: u32, count: u32) -> String {
        let text = self.copied(id, count);
        self.mask_top(&text, width, count);
        text
    }

    /// Clears what is above `width` bits in a temporary.
    fn mask_top(&mut self, text: &str, width: u32, count: u32) {
        if let Some(line) = mask_line(text, width, count) {
            self.define_more(text, line);
        }
    }

    /// Extends the sign of `width` bits in a temporary.
    fn extend_top(&mut self, text: &str, width: u32, count: u32) {
        if let Some(line) = sign_line(text, width, count) {
            self.define_more(text, line);
        }
    }

    /// Puts the low bits of an operand into a temporary.
    fn insert_part(&mut self, into: &str, arg: ExprId, width: u32, offset: u32) {
        let (low, size) = (format!("{offset}U"), format!("{width}U"));
        let call = if width <= 64 {
            let value = self.low(arg, width).stored(Ty::unsigned(64));
            self.call(Helper::WideInsertU64, &[into.to_owned(), low, value, size])
        } else {
            let value = self.wide_operand(arg, limbs(width));
            self.call(Helper::WideInsert, &[into.to_owned(), low, value, size])
        };
        // What the part needs was collected after the temporary, so it moves behind that.
        self.define(into, vec![format!("{call};")]);
    }

    /// Lines that store a value into a wide place. `is_whole` tells that the place is a plain net or variable.
    pub fn wide_store(
        &mut self,
        place: &str,
        signed: bool,
        width: u32,
        value: ExprId,
        is_whole: bool,
    ) -> Vec<String> {
        let count = limbs(width);
        let length = self.count(count);
        let fits = {
            let range = self.range(value);
            let target = if signed { Range::signed(width) } else { Range::unsigned(width) };
            target.contains_range(&range)
        };
        let mut lines = Vec::new();
        if self.single(value) == Some(Int::ZERO) {
            lines.push(format!("{};", self.call(Helper::WideZero, &[place.to_owned(), length])));
            return lines;
        }
        if self.needed(value) <= 64 && self.single(value).is_none() {
            let number = self.low(value, EXACT);
            let (helper, ty) = from_64(&number);
            let call = self.call(helper, &[place.to_owned(), number.stored(ty), length]);
            lines.push(format!("{call};"));
        } else if is_whole && self.is_in_place(value, count) {
            lines.push(self.wide_value(value, Some((place, count))).text);
        } else {
            let from = self.wide_operand(value, count);
            lines.push(format!("{};", self.call(Helper::WideCopy, &[place.to_owned(), from, length])));
        }
        if !fits {
            lines.extend(if signed {
                sign_line(place, width, count)
            } else {
                mask_line(place, width, count)
            });
        }
        lines
    }

    /// Whether an operator can write its result over one of its operands.
    fn is_in_place(&self, id: ExprId, count: u32) -> bool {
        let ExprKind::Op(op, _) = self.body.exprs.kind(id) else { return false };
        let works = matches!(op, Op::Add | Op::Sub | Op::And | Op::Or | Op::Xor | Op::Neg | Op::Inv);
        works && self.limbs_of(id) == count && !self.memo.contains_key(&id)
    }
}

/// The helper that makes limbs of a value of at most 64 bits, and the type that it takes.
pub fn from_64(value: &CExpr) -> (Helper, Ty) {
    if value.is_natural() {
        (Helper::WideFromU64, Ty::unsigned(64))
    } else {
        (Helper::WideFromS64, Ty::signed(64))
    }
}

/// A line that clears what is above `width` bits in the last limb.
pub fn mask_line(place: &str, width: u32, count: u32) -> Option<String> {
    let top = width % LIMB_BITS;
    if top == 0 || limbs(width) != count {
        return None;
    }
    let mask = (1u64 << top) - 1;
    let limb = format!("{place}[{}]", count - 1);
    Some(format!("{limb} = {limb} & 0x{mask:X}U;"))
}

/// A line that extends the sign of `width` bits over the last limb.
pub fn sign_line(place: &str, width: u32, count: u32) -> Option<String> {
    let top = width % LIMB_BITS;
    if top == 0 || limbs(width) != count {
        return None;
    }
    let (mask, sign) = ((1u64 << top) - 1, 1u64 << (top - 1));
    let limb = format!("{place}[{}]", count - 1);
    Some(format!("{limb} = (uint32_t)((({limb} & 0x{mask:X}U) ^ 0x{sign:X}U) - 0x{sign:X}U);"))
}
