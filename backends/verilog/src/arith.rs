//! Arithmetic, shifts and comparisons.

use crate::expr::{Around, Scope};
use crate::helper::{Helper, index_bits};
use crate::literal::{Style, literal};
use crate::text::{Prec, Text};
use pyhw_ir::{ExprId, ExprKind, Int, Op, Type};

impl Scope<'_, '_> {
    /// The width at which the expression's text comes out without being cut; at least the width of its value.
    pub fn natural_width(&mut self, e: ExprId) -> u32 {
        if let Some(width) = self.natural[e.index()] {
            return width;
        }
        let own = self.width(e);
        let body = self.body;
        let width = match body.exprs.kind(e) {
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => own,
            ExprKind::Op(op, args) => match op {
                Op::FloorDiv | Op::Mod => match self.power_of_two(args[1]) {
                    Some(_) => own,
                    None => self.common_width(args[0], args[1]).max(own),
                },
                Op::And => args
                    .iter()
                    .filter(|arg| !self.is_negative(**arg))
                    .copied()
                    .collect::<Vec<_>>()
                    .into_iter()
                    .map(|arg| self.natural_width(arg))
                    .fold(own, u32::max),
                Op::Or | Op::Xor | Op::Add | Op::Sub | Op::Mul | Op::Neg => {
                    args.iter().fold(own, |width, arg| width.max(self.natural_width(*arg)))
                }
                Op::Mux => own.max(self.natural_width(args[1])).max(self.natural_width(args[2])),
                Op::Shr => match self.constant(args[1]) {
                    Some(_) if self.leaf(args[0]).is_some() => own,
                    _ => own.max(self.natural_width(args[0])),
                },
                Op::Refine { .. } | Op::Check { .. } => match body.exprs.kind(args[0]) {
                    ExprKind::Op(Op::Add | Op::Sub | Op::Mul | Op::Neg | Op::Inv | Op::Shl, inner) => {
                        let inner = inner.clone();
                        inner.iter().filter(|arg| !matches!(body.exprs.kind(**arg), ExprKind::Const(_))).fold(
                            own,
                            |width, arg| {
                                if self.is_cut(*arg) { width.max(self.natural_width(*arg)) } else { width }
                            },
                        )
                    }
                    _ => own.max(self.natural_width(args[0])),
                },
                Op::Inv
                | Op::Pow
                | Op::Shl
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
                | Op::Slice { .. }
                | Op::Concat { .. }
                | Op::Signed { .. }
                | Op::Wrap { .. }
                | Op::ToInt
                | Op::ToBool
                | Op::Encode
                | Op::Decode { .. }
                | Op::Index
                | Op::Array
                | Op::Field { .. }
                | Op::Struct { .. }
                | Op::IsZ
                | Op::Now
                | Op::Format { .. } => own,
            },
        };
        self.natural[e.index()] = Some(width);
        width
    }

    /// Whether fewer bits of the expression than it naturally has cost a function that cuts them off.
    fn is_cut(&self, e: ExprId) -> bool {
        matches!(self.body.exprs.kind(e), ExprKind::Op(Op::FloorDiv | Op::Mod | Op::Shr, _))
    }

    /// The width that holds both operands exactly, signed if one can be negative.
    fn common_width(&mut self, a: ExprId, b: ExprId) -> u32 {
        let union = self.range(a).union(&self.range(b));
        let own = union.width_bits().unwrap_or(1);
        own.max(self.natural_width(a)).max(self.natural_width(b))
    }

    /// k, where the expression is the constant 2^k.
    fn power_of_two(&self, e: ExprId) -> Option<u32> {
        self.constant(e)?.exponent_of_two()
    }

    /// An unsigned name of one bit less than `w`, which an addition at width `w` widens by itself.
    fn carrying(&mut self, e: ExprId, w: u32) -> Option<Text> {
        let leaf = self.leaf(e)?;
        let fits = leaf.width + 1 == w && !self.is_negative(e) && self.width(e) <= leaf.width;
        if !fits {
            return None;
        }
        let text = self.leaf_bits(&leaf, 0, leaf.width, false);
        (!text.signed).then_some(text)
    }

    /// A signed name of fewer bits than `w`.
    fn signed_name(&mut self, e: ExprId, w: u32) -> Option<Text> {
        let leaf = self.leaf(e)?;
        let fits = leaf.width < w && leaf.signed && self.is_negative(e) && self.width(e) <= leaf.width;
        if !fits {
            return None;
        }
        let text = self.leaf_bits(&leaf, 0, leaf.width, true);
        text.signed.then_some(text)
    }

    pub(crate) fn sum(&mut self, minus: bool, a: ExprId, b: ExprId, w: u32, around: Around) -> Text {
        let sign = |minus| if minus { "-" } else { "+" };
        if let Some(value) = self.constant(b) {
            // `a + (-1)` is written `a - 1`.
            let minus = minus != value.is_negative();
            let left = match self.carrying(a, w) {
                Some(text) => text,
                None => self.low(a, w, Around::Wider),
            };
            let style = if left.signed { Style::Signed } else { Style::Plain };
            return Text::binary(sign(minus), Prec::Add, left, literal(&value.abs(), w, style));
        }
        if around == Around::Assigned
            && let (Some(left), Some(right)) = (self.signed_name(a, w), self.signed_name(b, w))
            && self.leaf(a).is_some_and(|leaf| leaf.width + 1 == w)
            && self.leaf(b).is_some_and(|leaf| leaf.width + 1 == w)
        {
            return Text::binary(sign(minus), Prec::Add, left, right);
        }
        let (left, right) = match (self.carrying(a, w), self.carrying(b, w)) {
            (Some(left), Some(right)) if around.is_widening() => (left, right),
            (Some(left), None) => (left, self.low(b, w, Around::Alone)),
            (None, Some(right)) => (self.low(a, w, Around::Alone), right),
            (Some(_), Some(_)) | (None, None) => {
                let left_is_constant = self.constant(a).is_some();
                let right = self.low(b, w, if left_is_constant { Around::Wider } else { Around::Alone });
                let left = self.low_near(a, w, &right);
                (left, right)
            }
        };
        Text::binary(sign(minus), Prec::Add, left, right)
    }

    pub(crate) fn product(&mut self, a: ExprId, b: ExprId, w: u32, around: Around) -> Text {
        let name = |scope: &mut Self, e: ExprId| {
            let leaf = scope.leaf(e)?;
            let fits = leaf.width <= w && !scope.is_negative(e) && scope.width(e) <= leaf.width;
            let text = fits.then(|| scope.leaf_bits(&leaf, 0, leaf.width, false))?;
            (!text.signed).then_some(text)
        };
        if around.is_widening()
            && let (Some(left), Some(right)) = (name(self, a), name(self, b))
        {
            return Text::binary("*", Prec::Mul, left, right);
        }
        if around == Around::Assigned
            && let (Some(left), Some(right)) = (self.signed_name(a, w), self.signed_name(b, w))
        {
            return Text::binary("*", Prec::Mul, left, right);
        }
        let (left, right) = if self.constant(b).is_some() {
            let left = self.low(a, w, Around::Alone);
            let right = self.low_near(b, w, &left);
            (left, right)
        } else {
            let right = self.low(b, w, Around::Alone);
            (self.low_near(a, w, &right), right)
        };
        Text::binary("*", Prec::Mul, left, right)
    }

    /// As [`Scope::low`], with literals signed beside a signed companion.
    fn low_near(&mut self, e: ExprId, w: u32, companion: &Text) -> Text {
        match self.constant(e) {
            Some(value) if companion.signed && matches!(self.body.exprs.ty(e), Type::Int(_)) => {
                literal(&value, w, Style::Signed)
            }
            _ => self.low(e, w, Around::Alone),
        }
    }

    pub(crate) fn bitwise(&mut self, sign: &str, prec: Prec, args: &[ExprId], w: u32) -> Text {
        let ones = Int::power_of_two(w).sub(&Int::ONE);
        for (mask, other) in [(args[1], args[0]), (args[0], args[1])] {
            // What the mask takes away is not written anyway.
            if sign == "&" && self.constant(mask).is_some_and(|mask| mask.low_bits(w) == ones) {
                return self.low(other, w, Around::Alone).into_unsigned();
            }
        }
        let mut operand = |e: ExprId| match self.constant(e) {
            Some(value) => literal(&value, w, Style::Mask),
            None => self.low(e, w, Around::Alone),
        };
        let (a, b) = (operand(args[0]), operand(args[1]));
        Text::binary(sign, prec, a, b)
    }

    pub(crate) fn quotient(&mut self, op: &Op, a: ExprId, b: ExprId, w: u32) -> Text {
        let is_mod = matches!(op, Op::Mod);
        if let Some(k) = self.power_of_two(b) {
            // Exact for negative operands, too: both round towards minus infinity.
            return if !is_mod {
                self.shift_right_by(a, k, w)
            } else if k == 0 {
                literal(&Int::ZERO, w, Style::Plain)
            } else {
                let text = self.low(a, k.min(w), Around::Alone);
                self.zero_extended(text, k.min(w), w)
            };
        }
        let mut width = self.common_width(a, b);
        if !self.is_negative(a) && !self.is_negative(b) {
            let left = self.low(a, width, Around::Alone).into_unsigned();
            let right = self.low(b, width, Around::Alone);
            let sign = if is_mod { "%" } else { "/" };
            let text = Text::binary(sign, Prec::Mul, left, right);
            return self.fitted(text, width, false, w);
        }
        if !is_mod
            && self.range(b).contains(&Int::MINUS_ONE)
            && self.range(a).width_bits().is_some_and(|bits| bits >= width)
        {
            // The least value divided by minus one needs a bit more.
            width += 1;
        }
        // A little wider costs less than a function that extends the result.
        if w > width && w <= width + 4 {
            width = w;
        }
        let mut operand = |e: ExprId| match self.constant(e) {
            Some(value) => literal(&value, width, Style::Signed),
            None => self.low(e, width, Around::Alone),
        };
        let (left, right) = (operand(a), operand(b));
        let helper = if is_mod { Helper::Mod { width } } else { Helper::FloorDiv { width } };
        let text = self.call(helper, &[left, right]);
        self.fitted(text, width, true, w)
    }

    pub(crate) fn power(&mut self, a: ExprId, b: ExprId, w: u32) -> Text {
        let most = self.range(b).max.and_then(|most| most.to_u32());
        if let Some(k) = self.power_of_two(a).filter(|k| *k > 0) {
            let one = literal(&Int::ONE, w, Style::Plain);
            let amount = if k == 1 {
                self.amount(b)
            } else {
                let width = self.width(b) + 32 - k.leading_zeros();
                let exponent = self.low(b, width, Around::Alone);
                Text::binary("*", Prec::Mul, exponent, literal(&Int::from(k), width, Style::Plain))
            };
            return Text::shift("<<", one, amount);
        }
        if let Some(exponent) = self.constant(b).and_then(|exponent| exponent.to_u32()) {
            if exponent == 0 {
                return literal(&Int::ONE, w, Style::Plain);
            }
            if exponent <= 4 {
                let base = self.low(a, w, Around::Alone);
                let first = base.clone();
                return (1..exponent)
                    .fold(first, |product, _| Text::binary("*", Prec::Mul, product, base.clone()));
            }
        }
        let Some(most) = most.filter(|most| *most <= 4096) else {
            self.cx.refuse(self.span, "a power whose exponent has no bound");
            return literal(&Int::ZERO, w, Style::Plain);
        };
        let most = most.max(1);
        let base = self.low(a, w, Around::Alone);
        let exponent = self.low(b, index_bits(most + 1), Around::Alone);
        self.call(Helper::Pow { width: w, most }, &[base, exponent])
    }

    /// The amount of a shift: its width does not matter, but that Verilator refuses a value of more than 32 bits there.
    fn amount(&mut self, e: ExprId) -> Text {
        if self.is_counting(e) {
            return self.counting(e);
        }
        match self.constant(e) {
            Some(value) => Text::primary(value.to_string()),
            None => {
                let width = self.natural_width(e);
                let text = self.low(e, width, Around::Alone);
                if width <= 32 { text } else { self.call(Helper::Amount { from: width }, &[text]) }
            }
        }
    }

    pub(crate) fn shift_left(&mut self, a: ExprId, b: ExprId, w: u32, around: Around) -> Text {
        let Some(amount) = self.constant(b) else {
            let value = self.low(a, w, around.within());
            let amount = self.amount(b);
            return Text::shift("<<", value, amount);
        };
        match amount.to_u32() {
            Some(0) => self.low(a, w, around),
            Some(k) if k < w => {
                if w == self.natural_width(a) {
                    let value = self.low(a, w, around.within());
                    return Text::shift("<<", value, Text::primary(k.to_string()));
                }
                let value = self.low(a, w - k, Around::Alone);
                Text::concat(&[value, literal(&Int::ZERO, k, Style::Plain)])
            }
            _ => literal(&Int::ZERO, w, Style::Plain),
        }
    }

    pub(crate) fn shift_right(&mut self, a: ExprId, b: ExprId, w: u32) -> Text {
        if let Some(amount) = self.constant(b) {
            return match amount.to_u32() {
                Some(k) => self.shift_right_by(a, k, w),
                None => self.shift_right_by(a, u32::MAX, w),
            };
        }
        let negative = self.is_negative(a);
        if let Some(leaf) = self.leaf(a)
            && w < leaf.width
            && self
                .range(b)
                .max
                .and_then(|most| most.to_u32())
                .is_some_and(|most| most.checked_add(w).is_some_and(|end| end <= leaf.width))
            && leaf.offset.is_none()
            && leaf.low == 0
            && leaf.width == leaf.total
        {
            self.mark(&leaf, 0, leaf.width);
            let at = self.index_text(b, index_bits(leaf.total));
            let select = if w == 1 {
                format!("{}[{}]", leaf.base, at.s)
            } else {
                format!("{}[{} +: {w}]", leaf.base, at.s)
            };
            return Text::primary(select);
        }
        let from = self.natural_width(a).max(w);
        let amount = self.amount(b);
        let text = self.shifted(a, from, amount, negative);
        self.fitted(text, from, negative, w)
    }

    /// `a >> amount` at a width that holds `a`.
    fn shifted(&mut self, a: ExprId, width: u32, amount: Text, negative: bool) -> Text {
        if negative {
            let value = self.low_signed(a, width);
            Text::shift(">>>", value, amount)
        } else {
            let value = self.low(a, width, Around::Alone);
            Text::shift(">>", value, amount)
        }
    }

    /// The low `w` bits of `a` shifted right by a constant.
    pub(crate) fn shift_right_by(&mut self, a: ExprId, k: u32, w: u32) -> Text {
        let negative = self.is_negative(a);
        let leaf = self.leaf(a);
        let width = self.width(a);
        if k == 0 {
            return self.low(a, w, Around::Alone);
        }
        if let Some(leaf) = &leaf {
            let whole = leaf.offset.is_none() && leaf.low == 0 && leaf.width == leaf.total;
            if whole && w == leaf.width && k < width {
                return self.shifted(a, w, Text::primary(k.to_string()), negative);
            }
            return self.leaf_bits(leaf, k, w, negative);
        }
        if k >= width {
            // Nothing but the sign is left.
            if !negative {
                return literal(&Int::ZERO, w, Style::Plain);
            }
            return self.bits_from(a, width - 1, w);
        }
        if w >= self.natural_width(a) {
            return self.shifted(a, w, Text::primary(k.to_string()), negative);
        }
        self.bits_from(a, k, w)
    }

    /// `w` bits of `a` from bit `low` up.
    pub(crate) fn bits_from(&mut self, a: ExprId, low: u32, w: u32) -> Text {
        let negative = self.is_negative(a);
        if let Some(leaf) = self.leaf(a) {
            return self.leaf_bits(&leaf, low, w, negative);
        }
        let width = self.width(a);
        let from = low.saturating_add(w).min(width);
        if low >= width {
            if !negative {
                return literal(&Int::ZERO, w, Style::Plain);
            }
            return self.bits_from(a, width - 1, w);
        }
        let value = self.low(a, from, Around::Assigned);
        let kept = from - low;
        let text =
            if low == 0 { value } else { self.call(Helper::Bits { from, low, width: kept }, &[value]) };
        self.fitted(text, kept, negative, w)
    }

    /// One bit of `a`.
    pub(crate) fn bit(&mut self, a: ExprId, b: ExprId) -> Text {
        if let Some(at) = self.constant(b) {
            return self.bits_from(a, at.to_u32().unwrap_or(u32::MAX - 1), 1);
        }
        self.shift_right(a, b, 1)
    }

    /// The condition that does not hold where this one does.
    pub fn negated(&mut self, e: ExprId) -> Text {
        let body = self.body;
        let ExprKind::Op(op, args) = body.exprs.kind(e) else { return Text::unary("!", self.cond(e)) };
        let opposite = match op {
            Op::Eq => Op::Ne,
            Op::Ne => Op::Eq,
            Op::Lt => Op::Ge,
            Op::Le => Op::Gt,
            Op::Gt => Op::Le,
            Op::Ge => Op::Lt,
            Op::Not => return self.cond(args[0]),
            Op::IsZ => return self.is_z(args[0], false),
            _ => return Text::unary("!", self.cond(e)),
        };
        self.compare(&opposite, args[0], args[1])
    }

    pub(crate) fn compare(&mut self, op: &Op, a: ExprId, b: ExprId) -> Text {
        if let (Type::Text, _) | (_, Type::Text) = (self.body.exprs.ty(a), self.body.exprs.ty(b)) {
            self.cx.refuse(self.span, "a comparison of texts");
            return literal(&Int::ZERO, 1, Style::Plain);
        }
        let (x, y) = (self.range(a), self.range(b));
        let (sign, prec) = match op {
            Op::Eq => ("==", Prec::Equal),
            Op::Ne => ("!=", Prec::Equal),
            Op::Lt => ("<", Prec::Relation),
            Op::Le => ("<=", Prec::Relation),
            Op::Gt => (">", Prec::Relation),
            _ => (">=", Prec::Relation),
        };
        let counts = |scope: &Self, e: ExprId| scope.is_counting(e) || scope.constant(e).is_some();
        if (self.is_counting(a) || self.is_counting(b))
            && counts(self, a)
            && counts(self, b)
            && [&x, &y].iter().all(|range| range.width_bits().is_some_and(|bits| bits < 32))
        {
            let (left, right) = (self.counting(a), self.counting(b));
            return Text::relation(sign, prec, left, right);
        }
        let width = self.common_width(a, b);
        let around = |other_is_constant| if other_is_constant { Around::Wider } else { Around::Alone };
        let (a_const, b_const) = (self.constant(a).is_some(), self.constant(b).is_some());
        if prec == Prec::Equal {
            let left = self.low(a, width, around(b_const));
            let right = self.low(b, width, around(a_const));
            let (left, right) = match (a_const, b_const) {
                (false, true) => {
                    let right = self.low_near_any(b, width, &left);
                    (left, right)
                }
                (true, false) => (self.low_near_any(a, width, &right), right),
                (true, true) | (false, false) => (left, right),
            };
            return Text::relation(sign, prec, left, right);
        }
        if x.is_signed() || y.is_signed() {
            let (left, right) = (self.low_signed(a, width), self.low_signed(b, width));
            return Text::relation(sign, prec, left, right);
        }
        let left = self.low(a, width, around(b_const));
        let right = self.low(b, width, around(a_const));
        let fits_signed = x.union(&y).width_bits().is_some_and(|bits| bits < width);
        let left = if left.signed && right.signed && !fits_signed { left.into_unsigned() } else { left };
        Text::relation(sign, prec, left, right)
    }

    fn low_near_any(&mut self, e: ExprId, w: u32, companion: &Text) -> Text {
        match self.body.exprs.ty(e) {
            Type::Int(_) => self.low_near(e, w, companion),
            _ => self.low(e, w, Around::Alone),
        }
    }
}
