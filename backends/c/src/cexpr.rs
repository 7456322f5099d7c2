//! C expressions, with what every size of `int` makes of them.
//!
//! C computes in `int` whatever is narrower, and `int` has 16, 32 or 64 bits. So each expression carries three views of itself,
//! one for each size: its type, bounds of its value, and how far the value agrees with the IR's. An operator is written in its
//! plain form where that is right in all three; otherwise operands are cast until it is. "Right" means: no signed overflow, no
//! shift past the width, no value changed by an implicit conversion, no warning of `-Wconversion` or `-Wextra`.

use std::fmt::Write;
use std::rc::Rc;

/// The sizes that `int` may have.
const INT_BITS: [u32; 3] = [16, 32, 64];

/// How many low bits of a value agree with the IR's value: all of them, the value is the same.
pub const EXACT: u32 = u32::MAX;

/// An integer type of C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ty {
    /// Whether it holds negative values.
    pub signed: bool,
    /// Its width: 8, 16, 32 or 64 for the types of `<stdint.h>`.
    pub bits: u32,
}

impl Ty {
    /// The unsigned type of this width.
    pub const fn unsigned(bits: u32) -> Ty {
        Ty { signed: false, bits }
    }

    /// The signed type of this width.
    pub const fn signed(bits: u32) -> Ty {
        Ty { signed: true, bits }
    }

    /// The smallest type of `<stdint.h>` for values of so many bits; `None` above 64.
    pub fn for_width(signed: bool, width: u32) -> Option<Ty> {
        [8, 16, 32, 64].into_iter().find(|bits| width <= *bits).map(|bits| Ty { signed, bits })
    }

    /// The smallest type that holds both ends.
    pub fn for_range(lo: i128, hi: i128) -> Option<Ty> {
        let fits = |bits: u32| {
            let ty = Ty { signed: lo < 0, bits };
            ty.min() <= lo && hi <= ty.max()
        };
        [8, 16, 32, 64].into_iter().find(|bits| fits(*bits)).map(|bits| Ty { signed: lo < 0, bits })
    }

    /// Its least value.
    pub fn min(self) -> i128 {
        if self.signed { -(1i128 << (self.bits - 1)) } else { 0 }
    }

    /// Its greatest value.
    pub fn max(self) -> i128 {
        (1i128 << (self.bits - u32::from(self.signed))) - 1
    }

    /// Its name in `<stdint.h>`.
    pub fn name(self) -> String {
        format!("{}int{}_t", if self.signed { "" } else { "u" }, self.bits)
    }

    fn promoted(self, int_bits: u32) -> Ty {
        if self.bits < int_bits { Ty::signed(int_bits) } else { self }
    }

    /// The usual arithmetic conversions (C99 6.3.1.8) for an `int` of so many bits.
    fn usual(self, other: Ty, int_bits: u32) -> Ty {
        let (a, b) = (self.promoted(int_bits), other.promoted(int_bits));
        if a.signed == b.signed {
            return if a.bits >= b.bits { a } else { b };
        }
        let (signed, unsigned) = if a.signed { (a, b) } else { (b, a) };
        if signed.bits > unsigned.bits { signed } else { unsigned }
    }
}

/// What one size of `int` makes of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Its type.
    pub ty: Ty,
    /// The least value it can have.
    pub lo: i128,
    /// The greatest value it can have.
    pub hi: i128,
    /// How many low bits agree with the IR's value; [`EXACT`] if it is the same.
    pub low: u32,
}

impl View {
    /// The value converted to a type. To a signed type only where it holds every value.
    fn converted(self, to: Ty) -> Option<View> {
        if to.min() <= self.lo && self.hi <= to.max() {
            return Some(View { ty: to, ..self });
        }
        if to.signed {
            return None;
        }
        Some(View { ty: to, lo: 0, hi: to.max(), low: self.low.min(to.bits) })
    }

    /// What is known besides: the IR's value lies within these bounds.
    fn within(mut self, ir: Option<(i128, i128)>) -> View {
        let Some((lo, hi)) = ir else { return self };
        if self.low != EXACT && !self.ty.signed && self.low >= self.ty.bits && lo >= 0 && hi <= self.ty.max()
        {
            self.low = EXACT;
        }
        if self.low == EXACT {
            self.lo = self.lo.max(lo).min(hi);
            self.hi = self.hi.min(hi).max(lo);
        }
        self
    }
}

/// How tightly an expression binds; operands that are not `Tight` take parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binds {
    /// Names, literals, calls, casts, unary operators.
    Tight,
    /// A binary operator; the same one to its right needs no parentheses.
    Loose(&'static str),
}

/// An integer expression.
#[derive(Clone, Debug)]
pub struct CExpr {
    /// As it is written.
    pub text: String,
    /// How tightly it binds.
    pub binds: Binds,
    /// For each size of `int`.
    pub views: [View; 3],
    /// The type, where compilers know that every value is one of it: for variables, casts and literals.
    pub plain: Option<Ty>,
    /// The value of a literal.
    pub literal: Option<i128>,
    /// The bounds of the IR's value, where 64 bits hold them.
    pub ir: Option<(i128, i128)>,
    /// The condition and the arms of a `?:`.
    pub choice: Option<Rc<(Cond, CExpr, CExpr)>>,
    /// The literal with which it was combined last, by `&` or `|`: what its bits can be.
    pub combined: Option<(Arith, i128)>,
    /// Whether it is a signed value cast to an unsigned type. GCC looks through the cast when this is converted to a wider
    /// one, and warns.
    pub is_sign_cast: bool,
}

/// An expression that is true or false.
#[derive(Clone, Debug)]
pub struct Cond {
    /// As it is written.
    pub text: String,
    /// How tightly it binds.
    pub binds: Binds,
    /// The opposite, where there is a better form than `!(…)`.
    pub opposite: Option<(String, Binds)>,
    /// Its value if it is known.
    pub known: Option<bool>,
}

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

/// All bits below `width` set.
pub fn mask(width: u32) -> i128 {
    (1i128 << width) - 1
}

/// How many bits a value that is not negative needs.
fn bit_length(value: i128) -> u32 {
    128 - value.max(0).leading_zeros()
}

impl Cond {
    /// A name, call or other form that needs no parentheses.
    pub fn tight(text: impl Into<String>) -> Cond {
        Cond { text: text.into(), binds: Binds::Tight, opposite: None, known: None }
    }

    /// A constant.
    pub fn known(value: bool) -> Cond {
        let text = |value: bool| String::from(if value { "true" } else { "false" });
        Cond {
            text: text(value),
            binds: Binds::Tight,
            opposite: Some((text(!value), Binds::Tight)),
            known: Some(value),
        }
    }

    /// In parentheses where an operator stands around it.
    pub fn operand(&self) -> String {
        match self.binds {
            Binds::Tight => self.text.clone(),
            Binds::Loose(_) => format!("({})", self.text),
        }
    }

    /// The conditions, as they are written by themselves, that hold where this one holds.
    pub fn conjuncts(&self) -> Vec<String> {
        if self.known.is_some() {
            return Vec::new();
        }
        let mut parts = vec![self.text.clone()];
        if self.binds != Binds::Loose("&&") {
            return parts;
        }
        let (mut depth, mut start) = (0u32, 0);
        let mut pieces = Vec::new();
        for (at, sign) in self.text.char_indices() {
            match sign {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                '&' if depth == 0 && self.text[at..].starts_with("&& ") => {
                    pieces.push(&self.text[start..at]);
                    start = at + 3;
                }
                _ => {}
            }
        }
        pieces.push(&self.text[start..]);
        for piece in pieces {
            let piece = piece.trim();
            let inner = piece.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
            // Parentheses that do not belong together are those of two calls or casts.
            match inner {
                Some(inner) if !inner.contains(['(', ')']) => parts.push(inner.into()),
                _ => parts.push(piece.into()),
            }
        }
        parts
    }

    /// The opposite.
    pub fn not(self) -> Cond {
        if let Some(value) = self.known {
            return Cond::known(!value);
        }
        let before = (self.text.clone(), self.binds);
        let (text, binds) = match &self.opposite {
            Some(opposite) => opposite.clone(),
            None => (format!("!{}", self.operand()), Binds::Tight),
        };
        Cond { text, binds, opposite: Some(before), known: None }
    }

    /// Both, or one of them: `&&` or `||`.
    pub fn join(self, sign: &'static str, other: Cond) -> Cond {
        let absorbing = sign == "||";
        match (self.known, other.known) {
            (Some(value), _) => {
                return if value == absorbing { self } else { other };
            }
            // Expressions have no effects, so that the first one may go.
            (None, Some(value)) => return if value == absorbing { other } else { self },
            (None, None) if self.text == other.text => return self,
            (None, None) => {}
        }
        let side = |cond: &Cond| {
            if cond.binds == Binds::Loose(sign) { cond.text.clone() } else { cond.operand() }
        };
        Cond {
            text: format!("{} {sign} {}", side(&self), side(&other)),
            binds: Binds::Loose(sign),
            opposite: None,
            known: None,
        }
    }

    /// Whether both are equal, or different.
    pub fn equal(self, other: Cond, is_equal: bool) -> Cond {
        match (self.known, other.known) {
            (Some(value), _) => return if value == is_equal { other } else { other.not() },
            (None, Some(value)) => return if value == is_equal { self } else { self.not() },
            (None, None) if self.text == other.text => return Cond::known(is_equal),
            (None, None) => {}
        }
        // Compilers take `!a == b` for a slip.
        if self.text.starts_with('!') && self.opposite.is_some() {
            return self.not().equal(other, !is_equal);
        }
        let text = |sign: &str| format!("{} {sign} {}", self.operand(), other.operand());
        let (sign, opposite) = if is_equal { ("==", "!=") } else { ("!=", "==") };
        Cond {
            text: text(sign),
            binds: Binds::Loose(sign),
            opposite: Some((text(opposite), Binds::Loose(opposite))),
            known: None,
        }
    }

    /// One of two conditions, as this one says.
    pub fn select(self, a: Cond, b: Cond) -> Cond {
        match (self.known, a.known, b.known) {
            (Some(true), _, _) => a,
            (Some(false), _, _) => b,
            (None, Some(true), _) => self.join("||", b),
            (None, Some(false), _) => self.not().join("&&", b),
            (None, _, Some(true)) => self.not().join("||", a),
            (None, _, Some(false)) => self.join("&&", a),
            (None, None, None) if a.text == b.text => a,
            (None, None, None) => Cond {
                text: format!("{} ? {} : {}", self.operand(), a.operand(), b.operand()),
                binds: Binds::Loose("?:"),
                opposite: None,
                known: None,
            },
        }
    }

    /// 1 or 0, times 2^`shift`.
    pub fn to_int(&self, shift: u32) -> CExpr {
        let one = 1i128 << shift;
        match self.known {
            Some(value) => CExpr::literal(if value { one } else { 0 }),
            None => {
                let text = format!("{} ? {} : 0U", self.operand(), CExpr::unsigned_text(one, shift > 3));
                let mut views = CExpr::unsigned_literal(one, false).views;
                for view in &mut views {
                    view.lo = 0;
                }
                let plain = Ty::for_range(0, one);
                let ir = Some((0, one));
                CExpr {
                    text,
                    binds: Binds::Loose("?:"),
                    views,
                    plain,
                    literal: None,
                    ir,
                    combined: None,
                    is_sign_cast: false,
                    choice: None,
                }
            }
        }
    }
}

impl CExpr {
    /// A variable, or a call, of a type; its value is the IR's and lies within the bounds.
    pub fn leaf(text: impl Into<String>, ty: Ty, lo: i128, hi: i128) -> CExpr {
        let view = View { ty, lo: lo.max(ty.min()), hi: hi.min(ty.max()), low: EXACT };
        CExpr {
            text: text.into(),
            binds: Binds::Tight,
            views: [view; 3],
            plain: Some(ty),
            literal: None,
            ir: Some((lo, hi)),
            combined: None,
            is_sign_cast: false,
            choice: None,
        }
    }

    /// A variable, or a call, of an unsigned type whose low bits agree with the IR's value.
    pub fn low_leaf(text: impl Into<String>, bits: u32, low: u32, ir: Option<(i128, i128)>) -> CExpr {
        let ty = Ty::unsigned(bits);
        let view = View { ty, lo: 0, hi: ty.max(), low }.within(ir);
        CExpr {
            text: text.into(),
            binds: Binds::Tight,
            views: [view; 3],
            plain: Some(ty),
            literal: None,
            ir,
            combined: None,
            is_sign_cast: false,
            choice: None,
        }
    }

    /// A literal from −2^63 to 2^64 − 1.
    pub fn literal(value: i128) -> CExpr {
        if value < 0 { CExpr::signed_literal(value) } else { CExpr::unsigned_literal(value, false) }
    }

    /// A literal of which so many low bits are those of the IR's value.
    fn literal_low(value: i128, low: u32) -> CExpr {
        let literal = CExpr::literal(value);
        if low == EXACT { literal } else { literal.capped(low, None) }
    }

    /// A literal in base 16, for masks.
    pub fn hex(value: i128) -> CExpr {
        CExpr::unsigned_literal(value, true)
    }

    fn unsigned_text(value: i128, is_hex: bool) -> String {
        if is_hex && value > 9 { format!("0x{value:X}U") } else { format!("{value}U") }
    }

    fn unsigned_literal(value: i128, is_hex: bool) -> CExpr {
        let views = INT_BITS.map(|int| {
            let bits = [16, 32, 64].into_iter().find(|bits| *bits >= int && bit_length(value) <= *bits);
            View { ty: Ty::unsigned(bits.unwrap_or(64)), lo: value, hi: value, low: EXACT }
        });
        CExpr {
            text: CExpr::unsigned_text(value, is_hex),
            binds: Binds::Tight,
            views,
            plain: Ty::for_range(value, value),
            literal: Some(value),
            ir: Some((value, value)),
            combined: None,
            is_sign_cast: false,
            choice: None,
        }
    }

    fn signed_literal(value: i128) -> CExpr {
        let text = if value == i128::from(i64::MIN) {
            String::from("(-9223372036854775807 - 1)")
        } else {
            value.to_string()
        };
        let views = INT_BITS.map(|int| {
            // The literal is the magnitude: −32768 is the negated 32768, which an `int` of 16 bits does not hold.
            let needed = bit_length(value.unsigned_abs() as i128) + 1;
            let bits = [16, 32, 64].into_iter().find(|bits| *bits >= int && needed <= *bits);
            View { ty: Ty::signed(bits.unwrap_or(64)), lo: value, hi: value, low: EXACT }
        });
        let plain = Ty::for_range(value, value);
        CExpr {
            text,
            binds: Binds::Tight,
            views,
            plain,
            literal: Some(value),
            ir: Some((value, value)),
            combined: None,
            is_sign_cast: false,
            choice: None,
        }
    }

    /// In parentheses where an operator stands around it.
    pub fn operand(&self) -> String {
        match self.binds {
            Binds::Tight => self.text.clone(),
            Binds::Loose(_) => format!("({})", self.text),
        }
    }

    /// Whether the low bits agree with the IR's value, in every view.
    pub fn has_low(&self, low: u32) -> bool {
        self.views.iter().all(|view| view.low >= low)
    }

    /// Whether its value is never negative, in every view.
    pub fn is_natural(&self) -> bool {
        self.views.iter().all(|view| view.lo >= 0)
    }

    /// The bounds of its value over every view.
    pub fn bounds(&self) -> (i128, i128) {
        let lo = self.views.iter().map(|view| view.lo).min().unwrap_or(0);
        (lo, self.views.iter().map(|view| view.hi).max().unwrap_or(0))
    }

    /// The same value, of which the IR's bounds are known to be these.
    pub fn with_ir(mut self, ir: Option<(i128, i128)>) -> CExpr {
        self.views = self.views.map(|view| view.within(ir));
        self.ir = ir;
        self
    }

    /// The same value, of which only so many low bits are those of the IR's value; `ir` bounds that one.
    pub fn capped(mut self, low: u32, ir: Option<(i128, i128)>) -> CExpr {
        for view in &mut self.views {
            view.low = view.low.min(low);
        }
        self.with_ir(ir)
    }

    /// The same value where it is known to lie within these bounds.
    pub fn restricted(mut self, lo: i128, hi: i128) -> CExpr {
        for view in &mut self.views {
            view.lo = view.lo.max(lo);
            view.hi = view.hi.min(hi).max(view.lo);
        }
        self.ir = self.ir.map(|(first, last)| (first.max(lo), last.min(hi).max(first.max(lo))));
        self
    }

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

    /// The forms in which it can be an operand, with what they cost.
    fn forms(&self) -> Vec<(u32, CExpr)> {
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
    fn common(a: &CExpr, b: &CExpr, strict: bool) -> Option<[(View, View); 3]> {
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
    fn cheapest<R>(
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

    /// `cond ? a : b`, as [`CExpr::arith`].
    pub fn select(cond: &Cond, a: &CExpr, b: &CExpr, want: u32, ir: Option<(i128, i128)>) -> Option<CExpr> {
        if let Some(value) = cond.known {
            return Some(if value { a.clone() } else { b.clone() });
        }
        if a.text == b.text && a.has_low(want) && b.has_low(want) {
            // What was known of the value on one path is not known of it on both.
            let mut both = a.clone();
            for (view, other) in both.views.iter_mut().zip(b.views) {
                let (lo, hi) = (view.lo.min(other.lo), view.hi.max(other.hi));
                *view = View { lo, hi, low: view.low.min(other.low), ..*view };
            }
            let hull = a.ir.zip(b.ir).map(|((a, b), (c, d))| (a.min(c), b.max(d)));
            return Some(both.with_ir(ir.or(hull)));
        }
        if (a.literal, b.literal) == (Some(0), Some(1)) {
            // GCC takes `c ? 0U : 1U` for `!c`, whose conversion to a shorter type it then warns of.
            return CExpr::select(&cond.clone().not(), b, a, want, ir);
        }
        let rule = |a: &CExpr, b: &CExpr, strict: bool| {
            let pairs = CExpr::common(a, b, strict)?;
            let mut views = a.views;
            for (view, (x, y)) in views.iter_mut().zip(pairs) {
                *view = View { ty: x.ty, lo: x.lo.min(y.lo), hi: x.hi.max(y.hi), low: x.low.min(y.low) }
                    .within(ir);
                if view.low < want {
                    return None;
                }
            }
            Some(views)
        };
        let (a, b, views) = CExpr::cheapest(a, b, |a, b| rule(a, b, true))
            .or_else(|| CExpr::cheapest(a, b, |a, b| rule(a, b, false)))?;
        // Compilers look at the arms, but not at those of an arm, nor where they make a minimum or maximum of it.
        let is_compared = cond.text.contains(&a.text) && cond.text.contains(&b.text);
        let is_flat = a.binds == Binds::Tight && b.binds == Binds::Tight && !is_compared;
        let plain = match (a.plain, b.plain) {
            (Some(x), Some(y)) if x.signed == y.signed && is_flat => {
                Some(Ty { signed: x.signed, bits: x.bits.max(y.bits) })
            }
            _ => None,
        };
        Some(CExpr {
            text: format!("{} ? {} : {}", cond.operand(), a.operand(), b.operand()),
            binds: Binds::Loose("?:"),
            views,
            plain,
            literal: None,
            ir,
            combined: None,
            is_sign_cast: false,
            choice: Some(Rc::new((cond.clone(), a.clone(), b.clone()))),
        })
    }

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

    /// A comment-free rendering of the views, for failing tests.
    pub fn describe(&self) -> String {
        let mut text = self.text.clone();
        for view in &self.views {
            let _ = write!(text, " [{:?} {}..{} low {}]", view.ty, view.lo, view.hi, view.low);
        }
        text
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

#[cfg(test)]
mod tests {
    use super::*;

    fn byte(name: &str) -> CExpr {
        CExpr::leaf(name, Ty::unsigned(8), 0, 255)
    }

    fn word(name: &str) -> CExpr {
        CExpr::leaf(name, Ty::unsigned(16), 0, 65535)
    }

    fn text(expr: Option<CExpr>) -> String {
        expr.map(|expr| expr.text).unwrap_or_default()
    }

    #[test]
    fn what_an_int_of_16_bits_holds_needs_no_cast() {
        assert_eq!(text(CExpr::arith(Arith::Add, &byte("a"), &byte("b"), EXACT, Some((0, 510)))), "a + b");
    }

    #[test]
    fn a_product_of_bytes_overflows_a_small_int() {
        let product = CExpr::arith(Arith::Mul, &byte("a"), &byte("b"), EXACT, Some((0, 65025)));
        assert_eq!(text(product), "(uint16_t)a * b");
    }

    #[test]
    fn a_product_of_words_overflows_an_int_of_32_bits_even_where_16_bits_are_wanted() {
        let product = CExpr::arith(Arith::Mul, &word("a"), &word("b"), 16, Some((0, 65535 * 65535)));
        assert_eq!(text(product), "(uint32_t)a * b");
    }

    #[test]
    fn an_exact_sum_of_words_is_computed_in_32_bits() {
        let sum = CExpr::arith(Arith::Add, &word("a"), &word("b"), EXACT, Some((0, 131070)));
        assert_eq!(text(sum), "(uint32_t)a + b");
        let sum = CExpr::arith(Arith::Add, &word("a"), &CExpr::literal(1), 16, Some((1, 65536)));
        assert_eq!(text(sum), "a + 1U");
    }

    #[test]
    fn a_signed_operand_meets_an_unsigned_one_in_a_type_that_holds_both() {
        let small = CExpr::leaf("s", Ty::signed(8), -128, 127);
        let cond = CExpr::compare(Compare::Lt, &small, &word("a")).unwrap();
        assert_eq!(cond.text, "(int32_t)s < a");
        assert_eq!(cond.not().text, "(int32_t)s >= a");
        assert_eq!(CExpr::compare(Compare::Lt, &small, &byte("a")).unwrap().text, "s < a");
    }

    #[test]
    fn a_shift_that_would_reach_the_sign_is_done_unsigned() {
        assert_eq!(text(CExpr::shift_left(&byte("a"), &CExpr::literal(7), EXACT, None)), "a << 7");
        assert_eq!(text(CExpr::shift_left(&byte("a"), &CExpr::literal(8), EXACT, None)), "(uint16_t)a << 8");
        let dword = CExpr::leaf("d", Ty::unsigned(32), 0, 0xffff_ffff);
        assert_eq!(text(CExpr::shift_left(&dword, &CExpr::literal(31), 32, None)), "d << 31");
    }

    #[test]
    fn an_amount_that_may_pass_the_width_is_guarded() {
        let amount = CExpr::leaf("n", Ty::unsigned(8), 0, 255);
        assert_eq!(text(CExpr::shift_right(&byte("a"), &amount, EXACT, None)), "(n < 16U) ? (a >> n) : 0");
    }

    #[test]
    fn low_bits_become_a_signed_value_without_an_implementation_defined_conversion() {
        assert_eq!(byte("a").sign_extended(8).text, "(int16_t)(a ^ 0x80U) - 128");
        assert_eq!(byte("a").sign_extended(4).text, "(int16_t)((a & 0xFU) ^ 8U) - 8");
    }
}
