//! Casts, the type in which two operands meet, and the value that a store or an extension makes.

use super::{Arith, Binds, CExpr, EXACT, Ty, View, mask, view::INT_BITS};

impl CExpr {
    /// Converted; `None` if a signed type may not hold the value (that would be implementation-defined).
    pub fn cast(&self, to: Ty) -> Option<CExpr> {
        if self.plain == Some(to) && self.literal.is_none() {
            return Some(self.clone());
        }
        if let Some(value) = self.literal
            && value < 0
            && !to.signed
        {
            let low = self.views.iter().map(|view| view.low).min().unwrap_or(EXACT);
            return Some(CExpr::hex(value & to.max()).capped(low.min(to.bits), None));
        }
        let mut views = self.views;
        for view in &mut views {
            *view = view.converted(to)?.within(self.ir);
        }
        Some(CExpr {
            text: format!("({}){}", to.name(), self.operand()),
            binds: Binds::Tight,
            views,
            plain: Some(to),
            literal: None,
            ir: self.ir,
            // A signed type takes the value as it is.
            combined: self
                .combined
                .map(|(op, literal)| (op, if to.signed { literal } else { literal & to.max() })),
            is_sign_cast: !to.signed && self.widens_sign(to.bits),
            choice: None,
        })
    }

    /// Whether it is a `?:` of type `int` or the like: compilers look at its arms, even through a cast.
    pub fn is_signed_choice(&self) -> bool {
        self.binds == Binds::Loose("?:") && self.views.iter().any(|view| view.ty.signed)
    }

    /// Whether a cast to so many bits extends a sign.
    fn widens_sign(&self, bits: u32) -> bool {
        match self.plain {
            _ if self.is_signed_choice() => true,
            Some(ty) => ty.signed && ty.bits < bits,
            None => self
                .views
                .iter()
                .zip(INT_BITS)
                .map(|(view, int)| view.ty.promoted(int))
                .any(|ty| ty.signed && ty.bits < bits),
        }
    }

    /// The forms in which it can be an operand, with what they cost.
    pub(super) fn forms(&self) -> Vec<(u32, CExpr)> {
        let mut forms = vec![(0, self.clone())];
        if let Some(value) = self.literal
            && (0..=i128::from(i64::MAX)).contains(&value)
        {
            let mut form = CExpr::signed_literal(value);
            for (view, of_self) in form.views.iter_mut().zip(self.views) {
                view.low = of_self.low;
            }
            forms.push((1, CExpr { ir: self.ir, ..form }));
        }
        for (cost, bits) in [(10, 16), (15, 8), (20, 32), (40, 64)] {
            forms.extend(self.cast(Ty::unsigned(bits)).map(|form| (cost, form)));
            forms.extend(self.cast(Ty::signed(bits)).map(|form| (cost + 1, form)));
        }
        forms
    }

    /// Whether compilers stay silent when this is converted to an unsigned type in an operation.
    fn converts_silently(&self, int_bits: u32, view: &View, to: Ty) -> bool {
        if self.is_sign_cast && to.bits > view.ty.bits {
            return false;
        }
        let stays_unsigned = !view.ty.promoted(int_bits).signed;
        stays_unsigned
            || self.literal.is_some_and(|value| value >= 0)
            || (self.plain.is_some_and(|ty| !ty.signed && self.binds == Binds::Tight)
                && !self.is_checked_choice_cast())
    }

    /// Whether it is a cast of a choice with a division or shift in it. Where GCC adds checks to these, it looks through the cast.
    fn is_checked_choice_cast(&self) -> bool {
        let has = |sign: &str| self.text.contains(sign);
        self.text.starts_with('(') && has(" ? ") && [" / ", " % ", " << ", " >> "].into_iter().any(has)
    }

    /// Both operands converted to their common type, in each view; `None` where a value or a sign would change unnoticed.
    /// `strict`: not with a sign cast beside a variable either, at which GCC warns whatever the types are.
    pub(super) fn common(a: &CExpr, b: &CExpr, strict: bool) -> Option<[(View, View); 3]> {
        let is_seen_through = |x: &CExpr, other: &CExpr| {
            x.is_sign_cast && (other.literal.is_none() || other.views[0].ty.signed)
        };
        if strict && (is_seen_through(a, b) || is_seen_through(b, a)) {
            return None;
        }
        let mut pairs = [(a.views[0], b.views[0]); 3];
        for (index, int) in INT_BITS.into_iter().enumerate() {
            let (x, y) = (a.views[index], b.views[index]);
            let ty = x.ty.usual(y.ty, int);
            // No compiler that could warn has an `int` of 64 bits.
            let is_heard = int < 64;
            if is_heard
                && !ty.signed
                && !(a.converts_silently(int, &x, ty) && b.converts_silently(int, &y, ty))
            {
                return None;
            }
            pairs[index] = (x.converted(ty)?, y.converted(ty)?);
        }
        Some(pairs)
    }

    /// The cheapest pair of forms for which `rule` gives a result.
    pub(super) fn cheapest<R>(
        a: &CExpr,
        b: &CExpr,
        rule: impl Fn(&CExpr, &CExpr) -> Option<R>,
    ) -> Option<(CExpr, CExpr, R)> {
        if let Some(result) = rule(a, b) {
            return Some((a.clone(), b.clone(), result));
        }
        let (of_a, of_b) = (a.forms(), b.forms());
        let mut pairs: Vec<(u32, usize, usize)> = Vec::new();
        for (i, (cost_a, _)) in of_a.iter().enumerate() {
            for (j, (cost_b, _)) in of_b.iter().enumerate() {
                // A cast of the first operand reads better than one of the second.
                pairs.push((cost_a * 2 + cost_b * 2 + u32::from(*cost_b > 1), i, j));
            }
        }
        pairs.sort_unstable();
        pairs.into_iter().find_map(|(_, i, j)| {
            let (a, b) = (&of_a[i].1, &of_b[j].1);
            rule(a, b).map(|result| (a.clone(), b.clone(), result))
        })
    }

    /// The low `width` bits (at most 64, and right in it) as a value that is not negative.
    pub fn zero_extended(&self, width: u32) -> CExpr {
        let ir = self.ir.filter(|(lo, hi)| *lo >= 0 && *hi <= mask(width)).or(Some((0, mask(width))));
        let relabel = |mut expr: CExpr| {
            for view in &mut expr.views {
                view.low = EXACT;
            }
            expr.with_ir(ir)
        };
        let fits = |expr: &CExpr| {
            expr.views.iter().all(|view| view.lo >= 0 && view.hi <= mask(width) && view.low >= width)
        };
        if fits(self) {
            return relabel(self.clone());
        }
        if matches!(width, 8 | 16 | 32 | 64) {
            let cast = self.cast(Ty::unsigned(width)).expect("invariant: an unsigned type takes any value");
            return relabel(cast);
        }
        let masked = CExpr::arith(Arith::And, self, &CExpr::hex(mask(width)), width, None)
            .expect("invariant: 64 bits hold the low bits of any value");
        relabel(masked)
    }

    /// The low `width` bits (at most 63, and right in it) read as two's complement.
    pub fn sign_extended(&self, width: u32) -> CExpr {
        let half = 1i128 << (width - 1);
        let bits = [16u32, 32, 64].into_iter().find(|bits| width < *bits).unwrap_or(64);
        let flipped = CExpr::arith(
            Arith::Xor,
            &self.zero_extended(width),
            &CExpr::hex(half),
            EXACT,
            Some((0, mask(width))),
        )
        .expect("invariant: 64 bits hold it");
        let signed = flipped.cast(Ty::signed(bits)).expect("invariant: the type is wider than the value");
        CExpr::arith(Arith::Sub, &signed, &CExpr::literal(half), EXACT, Some((-half, half - 1)))
            .expect("invariant: the difference fits the type")
    }

    /// As the value of a store into a variable of this type, whose value it has: with a cast where compilers ask for one.
    pub fn stored(&self, ty: Ty) -> String {
        if let Some(value) = self.literal {
            return if ty.signed { CExpr::signed_literal(value).text } else { self.text.clone() };
        }
        let is_silent = self.views.iter().all(|view| view.ty == ty)
            || self.plain.is_some_and(|plain| {
                let is_choice = self.binds == Binds::Loose("?:");
                let widens = plain.signed == ty.signed || (!plain.signed && !is_choice);
                plain == ty || (plain.bits < ty.bits && widens && !self.is_sign_cast)
            });
        if is_silent {
            return self.text.clone();
        }
        match self.cast(ty) {
            Some(cast) => cast.text,
            None => format!("({}){}", ty.name(), self.operand()),
        }
    }
}
