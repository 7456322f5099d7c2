//! Comparisons.

use super::{Arith, Binds, CExpr, Cond, EXACT, View};

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl Compare {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Compare::Eq => "==",
            Compare::Ne => "!=",
            Compare::Lt => "<",
            Compare::Le => "<=",
            Compare::Gt => ">",
            Compare::Ge => ">=",
        }
    }

    /// The comparison that holds where this one does not.
    pub fn opposite(self) -> Compare {
        match self {
            Compare::Eq => Compare::Ne,
            Compare::Ne => Compare::Eq,
            Compare::Lt => Compare::Ge,
            Compare::Le => Compare::Gt,
            Compare::Gt => Compare::Le,
            Compare::Ge => Compare::Lt,
        }
    }
}

impl CExpr {
    /// A comparison of exact values; `None` if no type of 64 bits holds both.
    pub fn compare(op: Compare, a: &CExpr, b: &CExpr) -> Option<Cond> {
        if let Some(value) = compare_bounds(op, a, b) {
            return Some(Cond::known(value));
        }
        if let Some(cond) = CExpr::compare_arms(op, a, b) {
            return Some(cond);
        }
        let ((a_lo, a_hi), (b_lo, b_hi)) = (a.bounds(), b.bounds());
        // What is never less than zero is compared for equality with it.
        let op = match op {
            Compare::Le if a_lo == b_hi => Compare::Eq,
            Compare::Ge if a_hi == b_lo => Compare::Eq,
            op => op,
        };
        let rule = |a: &CExpr, b: &CExpr, strict: bool| {
            let unchanged = |before: &View, after: &View| {
                (before.lo, before.hi) == (after.lo, after.hi) && after.low == EXACT
            };
            let pairs = CExpr::common(a, b, strict)?;
            let fits = pairs
                .iter()
                .enumerate()
                .all(|(index, (x, y))| unchanged(&a.views[index], x) && unchanged(&b.views[index], y));
            fits.then_some(())
        };
        let (a, b, ()) = CExpr::cheapest(a, b, |a, b| rule(a, b, true))
            .or_else(|| CExpr::cheapest(a, b, |a, b| rule(a, b, false)))?;
        let text = |op: Compare| format!("{} {} {}", a.operand(), op.sign(), b.operand());
        let opposite = op.opposite();
        Some(Cond {
            text: text(op),
            binds: Binds::Loose(op.sign()),
            opposite: Some((text(opposite), Binds::Loose(opposite.sign()))),
            known: None,
        })
    }

    /// The comparison arm by arm, where an operand is a choice and one of its arms is the other operand plus a constant. Compilers
    /// see that, and warn that they rely on the sum not to overflow.
    fn compare_arms(op: Compare, a: &CExpr, b: &CExpr) -> Option<Cond> {
        let (choice, is_first) = match (&a.choice, &b.choice) {
            (Some(choice), _) => (choice, true),
            (None, Some(choice)) => (choice, false),
            (None, None) => return None,
        };
        let (cond, x, y) = &**choice;
        let pair = |arm| if is_first { (arm, b) } else { (a, arm) };
        let is_seen = [x, y].into_iter().any(|arm| {
            let (a, b) = pair(arm);
            a.distance_from(b).is_some()
        });
        if !is_seen {
            return None;
        }
        let arm = |arm| {
            let (a, b) = pair(arm);
            CExpr::compare(op, a, b)
        };
        Some(cond.clone().select(arm(x)?, arm(y)?))
    }

    /// The constant that this is more than another value, if it is written as that value and a constant in a signed type.
    fn distance_from(&self, base: &CExpr) -> Option<i128> {
        let more = |sum: &CExpr, base: &CExpr| {
            let rest = sum.text.strip_prefix(&base.operand())?;
            let (is_less, number) = match rest.strip_prefix(" + ") {
                Some(number) => (false, number),
                None => (true, rest.strip_prefix(" - ")?),
            };
            let number: i128 = number.strip_suffix('U').unwrap_or(number).parse().ok()?;
            let is_signed = sum.views.iter().all(|view| view.ty.signed);
            is_signed.then_some(if is_less { -number } else { number })
        };
        if self.text == base.text {
            return Some(0);
        }
        more(self, base).or_else(|| more(base, self).map(|distance| -distance))
    }

    /// Whether the bits that it was combined with make it differ from a literal. Compilers warn of such comparisons.
    fn is_never(&self, other: &CExpr) -> bool {
        match (self.combined, other.literal) {
            (Some((Arith::And, mask)), Some(value)) => value & !mask != 0,
            (Some((Arith::Or, ones)), Some(value)) => ones & !value != 0,
            (Some((Arith::Add | Arith::Sub | Arith::Mul | Arith::Div | Arith::Rem | Arith::Xor, _)), _)
            | (None, _)
            | (_, None) => false,
        }
    }
}

/// What a comparison always gives, if the bounds of its operands, or their being the same, say it.
fn compare_bounds(op: Compare, a: &CExpr, b: &CExpr) -> Option<bool> {
    let ((a_lo, a_hi), (b_lo, b_hi)) = (a.bounds(), b.bounds());
    let known = |holds: bool, fails: bool| if holds { Some(true) } else { fails.then_some(false) };
    let differ = a.is_never(b) || b.is_never(a);
    if let Some(distance) = a.distance_from(b) {
        return Some(match op {
            Compare::Eq => distance == 0,
            Compare::Ne => distance != 0,
            Compare::Lt => distance < 0,
            Compare::Le => distance <= 0,
            Compare::Gt => distance > 0,
            Compare::Ge => distance >= 0,
        });
    }
    match op {
        Compare::Lt => known(a_hi < b_lo, a_lo >= b_hi),
        Compare::Le => known(a_hi <= b_lo, a_lo > b_hi),
        Compare::Gt => known(a_lo > b_hi, a_hi <= b_lo),
        Compare::Ge => known(a_lo >= b_hi, a_hi < b_lo),
        Compare::Eq => {
            let is_same = a_lo == a_hi && b_lo == b_hi && a_lo == b_lo;
            known(is_same, differ || a_hi < b_lo || b_hi < a_lo)
        }
        Compare::Ne => compare_bounds(Compare::Eq, a, b).map(|equal| !equal),
    }
}
