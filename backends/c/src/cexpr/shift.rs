//! Shifts.

use super::{Binds, CExpr, Compare, EXACT, Ty, View, view::INT_BITS, view::bit_length};

impl CExpr {
    /// `a << amount` for amounts up to `most`, as [`CExpr::arith`]. The amount is a literal or not negative.
    pub fn shift_left(a: &CExpr, amount: &CExpr, want: u32, ir: Option<(i128, i128)>) -> Option<CExpr> {
        let (least, most) = amount.bounds();
        if (a.literal == Some(0) || most == 0) && a.has_low(want) {
            return Some(a.clone());
        }
        let least = u32::try_from(least).unwrap_or(0);
        let rule = |a: &CExpr, most: i128| -> Option<[View; 3]> {
            let mut views = a.views;
            for (view, int) in views.iter_mut().zip(INT_BITS) {
                let x = view.converted(view.ty.promoted(int))?;
                if most >= i128::from(x.ty.bits) || x.lo < 0 {
                    return None;
                }
                let hi = x.hi.checked_mul(1i128 << most).filter(|hi| *hi <= x.ty.max());
                let low = if x.low == EXACT { EXACT } else { x.low.saturating_add(least) };
                *view = match hi {
                    Some(hi) => View { lo: 0, hi, low, ..x },
                    None if x.ty.signed => return None,
                    None => View { lo: 0, hi: x.ty.max(), low: low.min(x.ty.bits), ..x },
                }
                .within(ir);
                if view.low < want {
                    return None;
                }
            }
            Some(views)
        };
        let found = a.forms().into_iter().find_map(|(_, form)| rule(&form, most).map(|views| (form, views)));
        if let Some((form, views)) = found {
            return Some(CExpr {
                text: format!("{} << {}", form.operand(), amount.shift_amount()),
                binds: Binds::Loose("<<"),
                views,
                plain: None,
                literal: None,
                ir,
                combined: None,
                is_sign_cast: false,
                choice: None,
            });
        }
        // Amounts past the width: all bits have gone.
        let bits = if want <= 32 { 32 } else { 64 };
        let form = a.cast(Ty::unsigned(bits))?;
        let views = rule(&form, i128::from(bits) - 1)?;
        let text = format!("{} << {}", form.operand(), amount.operand());
        let binds = Binds::Loose("<<");
        let shifted = CExpr {
            text,
            binds,
            views,
            plain: None,
            literal: None,
            ir,
            combined: None,
            choice: None,
            is_sign_cast: false,
        };
        amount.guards(bits, &shifted, want)
    }

    /// `a >> amount` of a value that is not negative, as [`CExpr::arith`]; low bits are lost with the amount.
    pub fn shift_right(a: &CExpr, amount: &CExpr, want: u32, ir: Option<(i128, i128)>) -> Option<CExpr> {
        let (least, most) = amount.bounds();
        if most == 0 && a.has_low(want) {
            return Some(a.clone());
        }
        if a.is_natural() && (least > 64 || a.bounds().1 >> least.min(100) == 0) && a.has_low(EXACT) {
            return Some(CExpr::literal(0));
        }
        let rule = |a: &CExpr, most: i128| -> Option<[View; 3]> {
            let mut views = a.views;
            for (view, int) in views.iter_mut().zip(INT_BITS) {
                let x = view.converted(view.ty.promoted(int))?;
                if most >= i128::from(x.ty.bits) || x.lo < 0 {
                    return None;
                }
                let low = match x.low {
                    EXACT => EXACT,
                    low => low.saturating_sub(u32::try_from(most).unwrap_or(low)),
                };
                *view = View { lo: x.lo >> most, hi: x.hi >> least, low, ..x }.within(ir);
                if view.low < want {
                    return None;
                }
            }
            Some(views)
        };
        let result = |form: &CExpr, views: [View; 3], text: String, binds: Binds| {
            let plain = form.plain.filter(|ty| !ty.signed && binds == Binds::Tight);
            CExpr {
                text,
                binds,
                views,
                plain,
                literal: None,
                ir,
                combined: None,
                choice: None,
                is_sign_cast: false,
            }
        };
        for (_, form) in a.forms() {
            if let Some(views) = rule(&form, most) {
                let text = format!("{} >> {}", form.operand(), amount.shift_amount());
                return Some(result(&form, views, text, Binds::Loose(">>")));
            }
        }
        if !a.is_natural() {
            return None;
        }
        let limit = a.bounds().1;
        let bits = [16u32, 32, 64].into_iter().find(|bits| bit_length(limit) <= *bits)?;
        let form = if bits == 16 { a.clone() } else { a.cast(Ty::unsigned(bits))? };
        let views = rule(&form, i128::from(bits) - 1)?;
        let text = format!("{} >> {}", form.operand(), amount.operand());
        amount.guards(bits, &result(&form, views, text, Binds::Loose(">>")), want)
    }

    /// A shift by this amount, or 0 where the amount passes the width.
    fn guards(&self, bits: u32, shifted: &CExpr, want: u32) -> Option<CExpr> {
        let cond = CExpr::compare(Compare::Lt, self, &CExpr::literal(i128::from(bits)))?;
        CExpr::select(&cond, shifted, &CExpr::literal(0), want, None)
    }

    /// A literal amount stands without a suffix.
    fn shift_amount(&self) -> String {
        match self.literal {
            Some(value) => value.to_string(),
            None => self.operand(),
        }
    }
}
