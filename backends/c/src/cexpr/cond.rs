//! Expressions that are true or false.

use super::{Binds, CExpr, Ty};

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
