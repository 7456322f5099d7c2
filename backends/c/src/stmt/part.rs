//! Stores into a bit or a slice of an integer.

use super::Stmts;
use crate::bounds::full_range;
use crate::cexpr::{Arith, CExpr, Compare, Cond, EXACT, Ty, mask};
use crate::func::bounds_of;
use crate::layout::{Storage, limbs};
use crate::support::Helper;
use crate::wide::sign_line;
use pyhw_ir::{ExprId, Int, Projection, Range, Type};

impl Stmts<'_, '_, '_> {
    /// Lines that store a bit or slice of an integer.
    pub(super) fn part_lines(
        &mut self,
        target: &str,
        storage: &Storage,
        leaf: &Type,
        step: &Projection,
        value: ExprId,
        wraps: bool,
    ) -> Vec<String> {
        match (storage, leaf) {
            (Storage::Scalar { ty, width }, Type::Int(range)) => {
                let text = self.part(target, step, value, range, *ty, *width, wraps);
                vec![format!("{target} = {text};")]
            }
            (Storage::Wide { signed, width }, Type::Int(range)) => {
                let mut lines = self.wide_part(target, step, value, *signed, *width);
                if wraps && !range.is_full() {
                    lines.extend(self.func.reduced_in_place(target, range, *signed, *width));
                }
                lines
            }
            _ => Vec::new(),
        }
    }

    /// The value of a store into a bit or slice: the whole as it becomes.
    #[allow(clippy::too_many_arguments, reason = "they describe one target")]
    fn part(
        &mut self,
        target: &str,
        step: &Projection,
        value: ExprId,
        range: &Range,
        ty: Ty,
        width: u32,
        wraps: bool,
    ) -> String {
        let full = full_range(range);
        let (lo, hi) = bounds_of(&full).unwrap_or((ty.min(), ty.max()));
        let whole =
            if self.zeroed.take().is_some() { CExpr::literal(0) } else { CExpr::leaf(target, ty, lo, hi) };
        let invariant = "invariant: 64 bits hold the low bits of any value";
        let join = |rest: Option<CExpr>, part: CExpr| match rest {
            Some(rest) => CExpr::arith(Arith::Or, &rest, &part, width, None).expect(invariant),
            None => part,
        };
        let cleared = |bits: i128| {
            let kept = mask(width) & !bits;
            (kept != 0 && whole.literal != Some(0)).then(|| {
                CExpr::arith(Arith::And, &whole, &CExpr::hex(kept).capped(width, None), width, None)
                    .expect(invariant)
            })
        };
        let result = match step {
            Projection::Bit(at) => {
                let cond = self.func.cond(value);
                match self.func.single(*at).map(|at| at.to_u32()) {
                    Some(Some(at)) if at < width => match cond.known {
                        Some(true) if whole.literal == Some(0) => CExpr::hex(1 << at),
                        Some(true) => CExpr::arith(Arith::Or, &whole, &CExpr::hex(1 << at), width, None)
                            .expect(invariant),
                        Some(false) => cleared(1 << at).unwrap_or_else(|| CExpr::literal(0)),
                        None => join(cleared(1 << at), cond.to_int(at)),
                    },
                    Some(_) => whole.clone(),
                    None => {
                        let amount = self.func.amount(*at);
                        let amount = self.func.keep_int(amount, EXACT);
                        let bit =
                            CExpr::shift_left(&CExpr::literal(1), &amount, width, None).expect(invariant);
                        let bit = bit.cast(Ty::unsigned(ty.bits)).expect(invariant);
                        let bit = self.func.keep_int(bit, width);
                        let others = CExpr::unary(true, &bit, width, None).expect(invariant);
                        let rest = CExpr::arith(Arith::And, &whole, &others, width, None).expect(invariant);
                        let set =
                            CExpr::select(&cond, &bit, &CExpr::literal(0), width, None).expect(invariant);
                        join(Some(rest), set)
                    }
                }
            }
            Projection::Slice { low, width: size } => {
                let bits = self.func.low(value, *size);
                let bits = CExpr { ir: None, ..bits }.zero_extended((*size).min(64));
                match self.func.single(*low).map(|low| low.to_u32()) {
                    Some(Some(low)) if low < width => {
                        let part = if low == 0 {
                            bits
                        } else {
                            CExpr::shift_left(&bits, &CExpr::literal(i128::from(low)), width, None)
                                .expect(invariant)
                        };
                        join(cleared(mask((*size).min(64)) << low), part)
                    }
                    Some(_) => whole.clone(),
                    None => {
                        let amount = self.func.amount(*low);
                        let amount = self.func.keep_int(amount, EXACT);
                        let ones = CExpr::hex(mask((*size).min(64)));
                        let place = CExpr::shift_left(&ones, &amount, width, None).expect(invariant);
                        let others = CExpr::unary(true, &place, width, None).expect(invariant);
                        let rest = CExpr::arith(Arith::And, &whole, &others, width, None).expect(invariant);
                        let part = CExpr::shift_left(&bits, &amount, width, None).expect(invariant);
                        join(Some(rest), part)
                    }
                }
            }
            Projection::Index(_) | Projection::Field(_) => whole.clone(),
        };
        let result = self.func.truncated(&result.capped(width, None), ty.signed, width);
        if wraps
            && !range.is_full()
            && let Some(wrapped) = self.func.wrapped_value(&result, &full, range)
        {
            return wrapped.stored(ty);
        }
        result.stored(ty)
    }

    fn wide_part(
        &mut self,
        target: &str,
        step: &Projection,
        value: ExprId,
        signed: bool,
        width: u32,
    ) -> Vec<String> {
        let mut lines = Vec::new();
        match step {
            Projection::Bit(at) => {
                let cond = self.func.cond(value).text;
                let (index, guard) = self.position(*at, width);
                let call = self.func.call(Helper::WideSetBit, &[target.to_owned(), index, cond]);
                lines.extend(guarded(&guard, format!("{call};")));
            }
            Projection::Slice { low, width: size } => {
                let size = (*size).min(width);
                let (index, guard) = self.position(*low, width - size + 1);
                let call = if size <= 64 {
                    let bits = self.func.low(value, size).stored(Ty::unsigned(64));
                    let args = [target.to_owned(), index, bits, format!("{size}U")];
                    self.func.call(Helper::WideInsertU64, &args)
                } else {
                    let bits = self.func.wide_operand(value, limbs(size));
                    let args = [target.to_owned(), index, bits, format!("{size}U")];
                    self.func.call(Helper::WideInsert, &args)
                };
                lines.extend(guarded(&guard, format!("{call};")));
            }
            Projection::Index(_) | Projection::Field(_) => {}
        }
        if signed {
            lines.extend(sign_line(target, width, limbs(width)));
        }
        lines
    }

    /// A bit position as an argument, and the condition that it lies below a limit.
    fn position(&mut self, at: ExprId, limit: u32) -> (String, Cond) {
        if let Some(value) = self.func.single(at) {
            let is_inside = !value.is_negative() && value < Int::from(limit);
            return (format!("{value}U"), Cond::known(is_inside));
        }
        let text = self.func.amount_16(at);
        let inside = Range::new(0i64, i64::from(limit) - 1).contains_range(&self.func.range(at));
        if inside {
            return (text, Cond::known(true));
        }
        let name = self.func.fresh("t");
        self.func.define(&name, vec![format!("const uint16_t {name} = {text};")]);
        let value = CExpr::leaf(name.clone(), Ty::unsigned(16), 0, 65535);
        let cond = CExpr::compare(Compare::Lt, &value, &CExpr::literal(i128::from(limit)));
        (name, cond.unwrap_or_else(|| Cond::known(true)))
    }
}

fn guarded(guard: &Cond, line: String) -> Vec<String> {
    match guard.known {
        Some(true) => vec![line],
        Some(false) => Vec::new(),
        None => vec![format!("if ({}) {{", guard.text), format!("    {line}"), "}".into()],
    }
}
