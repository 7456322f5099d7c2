//! Arithmetic and bitwise operators.

use super::{Binds, CExpr, EXACT, View, mask, view::INT_BITS, view::bit_length};

/// An arithmetic or bitwise operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arith {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`, of operands that are not negative
    Div,
    /// `%`, of operands that are not negative
    Rem,
    /// `&`
    And,
    /// `|`
    Or,
    /// `^`
    Xor,
}

impl Arith {
    fn sign(self) -> &'static str {
        match self {
            Arith::Add => "+",
            Arith::Sub => "-",
            Arith::Mul => "*",
            Arith::Div => "/",
            Arith::Rem => "%",
            Arith::And => "&",
            Arith::Or => "|",
            Arith::Xor => "^",
        }
    }

    fn is_associative(self) -> bool {
        match self {
            Arith::Add | Arith::Mul | Arith::And | Arith::Or | Arith::Xor => true,
            Arith::Sub | Arith::Div | Arith::Rem => false,
        }
    }
}

impl CExpr {
    /// `a op b` with the wanted number of low bits right ([`EXACT`]: the very value); `ir` bounds the IR's result.
    /// `None` only if the value is wanted exactly and no type of 64 bits gives it.
    pub fn arith(op: Arith, a: &CExpr, b: &CExpr, want: u32, ir: Option<(i128, i128)>) -> Option<CExpr> {
        CExpr::arith_strict(op, a, b, want, ir).or_else(|| {
            let is_bitwise = matches!(op, Arith::And | Arith::Or | Arith::Xor);
            let natural = if is_bitwise { CExpr::arith_of(op, a, b, want, ir, true, false) } else { None };
            natural.or_else(|| CExpr::arith_of(op, a, b, want, ir, false, false))
        })
    }

    /// As [`CExpr::arith`], but only in forms at which no compiler warns.
    pub fn arith_strict(
        op: Arith,
        a: &CExpr,
        b: &CExpr,
        want: u32,
        ir: Option<(i128, i128)>,
    ) -> Option<CExpr> {
        if a.text == b.text {
            let low = a.views.iter().chain(&b.views).map(|view| view.low).min().unwrap_or(EXACT);
            match op {
                Arith::Sub | Arith::Xor | Arith::Rem => return Some(CExpr::literal_low(0, low)),
                Arith::And | Arith::Or => return Some(a.clone().capped(low, None)),
                // Of zero by itself it would be a fault.
                Arith::Div => return Some(CExpr::literal(1)),
                Arith::Add | Arith::Mul => {}
            }
        }
        if let Some(folded) = folded(op, a, b, ir)
            && folded.has_low(want)
        {
            return Some(folded);
        }
        let inverted = match (op, a.literal, b.literal) {
            (Arith::Xor, Some(-1), _) => CExpr::unary(true, b, want, ir),
            (Arith::Xor, _, Some(-1)) => CExpr::unary(true, a, want, ir),
            _ => None,
        };
        if inverted.is_some() {
            return inverted;
        }
        // Bits of negative values are for unsigned types, as long as these give the value.
        let is_bitwise = matches!(op, Arith::And | Arith::Or | Arith::Xor);
        CExpr::arith_of(op, a, b, want, ir, is_bitwise, true)
    }

    fn arith_of(
        op: Arith,
        a: &CExpr,
        b: &CExpr,
        want: u32,
        ir: Option<(i128, i128)>,
        only_natural: bool,
        strict: bool,
    ) -> Option<CExpr> {
        let (a, b, views) = CExpr::cheapest(a, b, |a, b| {
            if only_natural && !(a.is_natural() && b.is_natural()) {
                return None;
            }
            let pairs = CExpr::common(a, b, strict)?;
            let mut views = a.views;
            for (view, (x, y)) in views.iter_mut().zip(pairs) {
                *view = arith_view(op, x, y)?.within(ir);
                if view.low < want {
                    return None;
                }
            }
            Some(views)
        })?;
        let sign = op.sign();
        let left =
            if op.is_associative() && a.binds == Binds::Loose(sign) { a.text.clone() } else { a.operand() };
        let combined = match op {
            Arith::And | Arith::Or => a.literal.or(b.literal).map(|literal| (op, literal)),
            Arith::Add | Arith::Sub | Arith::Mul | Arith::Div | Arith::Rem | Arith::Xor => None,
        };
        Some(CExpr {
            text: format!("{left} {sign} {}", b.operand()),
            binds: Binds::Loose(sign),
            views,
            plain: None,
            literal: None,
            ir,
            combined,
            is_sign_cast: false,
            choice: None,
        })
    }

    /// `-a` or `~a`, as [`CExpr::arith`].
    pub fn unary(is_complement: bool, a: &CExpr, want: u32, ir: Option<(i128, i128)>) -> Option<CExpr> {
        let minus_one = i128::from(is_complement);
        if let Some(value) = a.literal
            && let result @ (-0x8000_0000_0000_0000..=0xffff_ffff_ffff_ffff) = -value - minus_one
            && a.has_low(want)
        {
            let low = a.views.iter().map(|view| view.low).min().unwrap_or(EXACT);
            return Some(CExpr::literal_low(result, low));
        }
        let rule = |a: &CExpr| -> Option<[View; 3]> {
            let mut views = a.views;
            for (view, int) in views.iter_mut().zip(INT_BITS) {
                let x = view.converted(view.ty.promoted(int))?;
                let (lo, hi) = (-x.hi - minus_one, -x.lo - minus_one);
                let result = View { lo: x.ty.min(), hi: x.ty.max(), ..x };
                *view = if x.ty.min() <= lo && hi <= x.ty.max() {
                    View { lo, hi, ..x }
                } else if x.ty.signed {
                    return None;
                } else {
                    View { low: x.low.min(x.ty.bits), ..result }
                }
                .within(ir);
                // A sign before an unsigned operand is a trap for readers.
                if view.low < want || (!is_complement && !x.ty.signed) {
                    return None;
                }
            }
            Some(views)
        };
        let found = a.forms().into_iter().find_map(|(_, form)| rule(&form).map(|views| (form, views)));
        match found {
            Some((form, views)) => {
                let sign = if is_complement { "~" } else { "-" };
                let operand = form.operand();
                let text = if operand.starts_with('-') {
                    format!("{sign}({operand})")
                } else {
                    format!("{sign}{operand}")
                };
                Some(CExpr {
                    text,
                    binds: Binds::Tight,
                    views,
                    plain: None,
                    literal: None,
                    ir,
                    combined: None,
                    is_sign_cast: false,
                    choice: None,
                })
            }
            None if is_complement => {
                let ones = CExpr::hex(mask(if want == EXACT { 64 } else { want.min(64) }));
                if want == EXACT { None } else { CExpr::arith(Arith::Xor, a, &ones, want, ir) }
            }
            None => CExpr::arith(Arith::Sub, &CExpr::literal(0), a, want, ir),
        }
    }
}

/// The result of an operator where one operand is a literal that makes it plain.
fn folded(op: Arith, a: &CExpr, b: &CExpr, ir: Option<(i128, i128)>) -> Option<CExpr> {
    let low = a.views.iter().chain(&b.views).map(|view| view.low).min().unwrap_or(EXACT);
    let same = |of: &CExpr| Some(of.clone().capped(low, ir.or(of.ir)));
    let zero = Some(CExpr::literal_low(0, low));
    match (a.literal, b.literal) {
        (Some(x), Some(y)) => {
            let value = match op {
                Arith::Add => x + y,
                Arith::Sub => x - y,
                Arith::Mul => x.checked_mul(y)?,
                Arith::Div | Arith::Rem if y == 0 || x < 0 || y < 0 => return None,
                Arith::Div => x / y,
                Arith::Rem => x % y,
                Arith::And => x & y,
                Arith::Or => x | y,
                Arith::Xor => x ^ y,
            };
            let holds = (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&value);
            holds.then(|| CExpr::literal_low(value, low))
        }
        (Some(0), None) => match op {
            Arith::Add | Arith::Or | Arith::Xor => same(b),
            Arith::Mul | Arith::And | Arith::Div | Arith::Rem => zero,
            Arith::Sub => None,
        },
        (None, Some(0)) => match op {
            Arith::Add | Arith::Sub | Arith::Or | Arith::Xor => same(a),
            Arith::Mul | Arith::And => zero,
            Arith::Div | Arith::Rem => None,
        },
        (Some(1), None) if op == Arith::Mul => same(b),
        (None, Some(1)) if matches!(op, Arith::Mul | Arith::Div) => same(a),
        (None, Some(1)) if op == Arith::Rem => zero,
        _ => None,
    }
}

/// What the operator gives for operands of the same type; `None` for a signed overflow or a form that C leaves open.
fn arith_view(op: Arith, x: View, y: View) -> Option<View> {
    let ty = x.ty;
    let low = x.low.min(y.low);
    let natural = x.lo >= 0 && y.lo >= 0;
    let corners = |rule: fn(i128, i128) -> Option<i128>| {
        let values = [rule(x.lo, y.lo), rule(x.lo, y.hi), rule(x.hi, y.lo), rule(x.hi, y.hi)];
        let values: Option<Vec<i128>> = values.into_iter().collect();
        values.and_then(|values| Some((*values.iter().min()?, *values.iter().max()?)))
    };
    let ones = |value: i128| mask(bit_length(value));
    let bounds = match op {
        Arith::Add => Some((x.lo + y.lo, x.hi + y.hi)),
        Arith::Sub => Some((x.lo - y.hi, x.hi - y.lo)),
        Arith::Mul => corners(i128::checked_mul),
        Arith::Div | Arith::Rem => {
            if !natural || y.lo < 1 || low != EXACT {
                return None;
            }
            match op {
                Arith::Div => Some((x.lo / y.hi, x.hi / y.lo)),
                _ => Some((0, x.hi.min(y.hi - 1))),
            }
        }
        Arith::And if natural => {
            // A mask makes exact what is right in the bits that it lets through.
            let passes = |mask: &View, other: &View| mask.low == EXACT && other.low >= bit_length(mask.hi);
            let low = if passes(&x, &y) || passes(&y, &x) { EXACT } else { low };
            return Some(View { ty, lo: 0, hi: x.hi.min(y.hi), low });
        }
        Arith::Or if natural => Some((x.lo.max(y.lo), ones(x.hi.max(y.hi)))),
        Arith::Xor if natural => Some((0, ones(x.hi.max(y.hi)))),
        Arith::And | Arith::Or | Arith::Xor => {
            let magnitude = [x.lo, x.hi, y.lo, y.hi].map(|end| if end < 0 { -end - 1 } else { end });
            let all = ones(magnitude.into_iter().max().unwrap_or(0));
            let lo = if op == Arith::And && (x.lo >= 0 || y.lo >= 0) { 0 } else { -all - 1 };
            Some((lo, all))
        }
    };
    match bounds {
        Some((lo, hi)) if ty.min() <= lo && hi <= ty.max() => Some(View { ty, lo, hi, low }),
        _ if ty.signed => None,
        _ => Some(View { ty, lo: 0, hi: ty.max(), low: low.min(ty.bits) }),
    }
}
