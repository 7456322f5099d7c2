//! Verilog expressions as text that knows its precedence, width and signedness.

/// How tightly an expression binds (IEEE 1364-2005, table 5-4), weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Prec {
    /// `?:`
    Cond,
    /// `||`
    LogicOr,
    /// `&&`
    LogicAnd,
    /// `|`
    Or,
    /// `^`
    Xor,
    /// `&`
    And,
    /// `==` `!=`
    Equal,
    /// `<` `<=` `>` `>=`
    Relation,
    /// `<<` `>>` `>>>`
    Shift,
    /// `+` `-`
    Add,
    /// `*` `/` `%`
    Mul,
    /// `-` `~` `!`
    Unary,
    /// Names, literals, selects, concatenations, calls.
    Primary,
}

/// An expression in Verilog.
///
/// `signed` says what Verilog takes it for. Where it is `fragile`, its meaning needs that: it holds an arithmetic shift that
/// would become a logical one in an expression with an unsigned part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub s: String,
    pub prec: Prec,
    pub signed: bool,
    pub fragile: bool,
}

impl Text {
    /// An unsigned primary.
    pub fn primary(s: impl Into<String>) -> Text {
        Text { s: s.into(), prec: Prec::Primary, signed: false, fragile: false }
    }

    /// A name or select with the signedness of its declaration.
    pub fn named(s: impl Into<String>, signed: bool) -> Text {
        Text { s: s.into(), prec: Prec::Primary, signed, fragile: false }
    }

    /// `op a`
    pub fn unary(op: &str, a: Text) -> Text {
        let operand = if a.prec < Prec::Primary { format!("({})", a.s) } else { a.s };
        Text { s: format!("{op}{operand}"), prec: Prec::Unary, signed: a.signed, fragile: a.fragile }
    }

    /// `a op b`, where both take part in the signedness of the result.
    pub fn binary(op: &str, prec: Prec, a: Text, b: Text) -> Text {
        let (a, b) = agree(a, b);
        let signed = a.signed && b.signed;
        let fragile = a.fragile || b.fragile;
        let s = format!("{} {op} {}", a.operand(prec, false), b.operand(prec, true));
        Text { s, prec, signed, fragile }
    }

    /// A comparison or logical connection of `a` and `b`: one unsigned bit.
    pub fn relation(op: &str, prec: Prec, a: Text, b: Text) -> Text {
        Text { signed: false, fragile: false, ..Text::binary(op, prec, a, b) }
    }

    /// `a op amount`; the amount takes no part in the signedness.
    pub fn shift(op: &str, a: Text, amount: Text) -> Text {
        let fragile = a.fragile || op == ">>>";
        let s = format!("{} {op} {}", a.operand(Prec::Shift, false), amount.operand(Prec::Shift, true));
        Text { s, prec: Prec::Shift, signed: a.signed, fragile }
    }

    /// `cond ? a : b`
    pub fn cond(cond: Text, a: Text, b: Text) -> Text {
        let (a, b) = agree(a, b);
        let signed = a.signed && b.signed;
        let fragile = a.fragile || b.fragile;
        let cond = if cond.prec < Prec::Unary { format!("({})", cond.s) } else { cond.s };
        let then = if a.prec == Prec::Cond { format!("({})", a.s) } else { a.s };
        Text { s: format!("{cond} ? {then} : {}", b.s), prec: Prec::Cond, signed, fragile }
    }

    /// `{a, b, …}`
    pub fn concat(parts: &[Text]) -> Text {
        let parts: Vec<&str> = parts.iter().map(|part| &*part.s).collect();
        Text::primary(format!("{{{}}}", parts.join(", ")))
    }

    /// `name(a, b, …)`
    pub fn call(name: &str, args: &[Text], signed: bool) -> Text {
        let args: Vec<&str> = args.iter().map(|arg| &*arg.s).collect();
        Text::named(format!("{name}({})", args.join(", ")), signed)
    }

    /// The same bits as a signed expression that stands for itself.
    pub fn into_signed(self) -> Text {
        if self.signed { self } else { Text::named(format!("$signed({})", self.s), true) }
    }

    /// The same bits as an unsigned expression that stands for itself.
    pub fn into_unsigned(self) -> Text {
        if self.signed { Text::primary(format!("$unsigned({})", self.s)) } else { self }
    }

    /// The same bits in any company.
    pub fn isolated(self) -> Text {
        if self.fragile { Text::named(format!("$signed({})", self.s), true) } else { self }
    }

    /// As an operand of an operator: in parentheses where the grammar or the reader's ease asks for them.
    fn operand(&self, parent: Prec, is_right: bool) -> String {
        let bitwise = |prec: Prec| matches!(prec, Prec::And | Prec::Or | Prec::Xor | Prec::Shift);
        let is_binary = self.prec < Prec::Unary;
        let needed = self.prec < parent
            || (self.prec == parent && is_right)
            || (bitwise(parent) && is_binary && (self.prec != parent || parent == Prec::Shift))
            || (bitwise(self.prec) && parent > Prec::LogicAnd)
            || (parent == Prec::LogicOr && self.prec == Prec::LogicAnd)
            || (parent == Prec::Equal && is_binary && self.prec <= Prec::Relation)
            // `a - -b` reads badly and `a & &b` is another operator.
            || (self.prec == Prec::Unary && is_right && parent >= Prec::Add && self.s.starts_with('-'));
        let same_bitwise = bitwise(self.prec) && self.prec == parent && parent != Prec::Shift && !is_right;
        if needed && !same_bitwise { format!("({})", self.s) } else { self.s.clone() }
    }
}

/// Puts what needs a signed surrounding into one of its own where the other operand is unsigned.
fn agree(a: Text, b: Text) -> (Text, Text) {
    if a.signed && b.signed { (a, b) } else { (a.isolated(), b.isolated()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(s: &str) -> Text {
        Text::primary(s)
    }

    #[test]
    fn parentheses_stand_where_the_grammar_needs_them() {
        let sum = Text::binary("+", Prec::Add, name("a"), name("b"));
        assert_eq!(Text::binary("*", Prec::Mul, sum.clone(), name("c")).s, "(a + b) * c");
        assert_eq!(Text::binary("-", Prec::Add, name("c"), sum.clone()).s, "c - (a + b)");
        assert_eq!(Text::binary("-", Prec::Add, sum.clone(), name("c")).s, "a + b - c");
        assert_eq!(Text::unary("~", sum).s, "~(a + b)");
    }

    #[test]
    fn parentheses_stand_where_a_reader_wants_them() {
        let both = Text::binary("&", Prec::And, name("a"), name("b"));
        assert_eq!(Text::binary("|", Prec::Or, both.clone(), name("c")).s, "(a & b) | c");
        assert_eq!(Text::binary("&", Prec::And, both.clone(), name("c")).s, "a & b & c");
        assert_eq!(Text::relation("==", Prec::Equal, both, name("c")).s, "(a & b) == c");
        let less = Text::relation("<", Prec::Relation, name("a"), name("b"));
        assert_eq!(Text::cond(less.clone(), name("x"), name("y")).s, "(a < b) ? x : y");
        assert_eq!(Text::relation("&&", Prec::LogicAnd, less, name("c")).s, "a < b && c");
        let minus = Text::unary("-", name("b"));
        assert_eq!(Text::binary("-", Prec::Add, name("a"), minus).s, "a - (-b)");
    }

    #[test]
    fn an_arithmetic_shift_is_kept_from_unsigned_company() {
        let shift = Text::shift(">>>", Text::named("s", true), name("2"));
        assert_eq!(Text::binary("+", Prec::Add, shift.clone(), name("u")).s, "$signed(s >>> 2) + u");
        let both = Text::binary("+", Prec::Add, shift, Text::named("t", true));
        assert_eq!(both.s, "(s >>> 2) + t");
        assert_eq!(Text::cond(name("c"), both, name("u")).s, "c ? $signed((s >>> 2) + t) : u");
    }
}
