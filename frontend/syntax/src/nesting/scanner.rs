//! The scan itself.

use super::literal::{is_prefix, unterminated};
use super::{Fault, MAX_CHAIN, MAX_INDENTATION, MAX_NESTING};
use unicode_ident::{is_xid_continue, is_xid_start};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The logical line itself.
    Line,
    /// `(`, `[` or `{`.
    Bracket(u8),
    /// A lambda; `body` after its colon.
    Lambda { body: bool },
    /// The text of an f-string.
    Text { quote: u8, triple: bool, raw: bool },
    /// `{…}` in an f-string.
    Field,
    /// The format after the colon of a field.
    Format,
}

pub(super) struct Level {
    pub(super) kind: Kind,
    /// Where it begins.
    pub(super) start: usize,
    /// The index of the innermost level that is no lambda: this one or one around it.
    base: usize,
    /// How many pending operators the levels around it have.
    pending: usize,
    /// Links of the chain that was last seen on this level.
    links: usize,
    /// Arithmetic operators since the last comma.
    chain: usize,
}

impl Level {
    fn new(kind: Kind, start: usize, base: usize, pending: usize) -> Level {
        Level { kind, start, base, pending, links: 0, chain: 0 }
    }

    /// Whether a logical line may end within the level.
    fn may_end(&self) -> bool {
        matches!(self.kind, Kind::Line | Kind::Lambda { body: true })
    }
}

/// How strongly operators bind, from Python's grammar. Entries that only the end of the line or of the bracket
/// takes off have 0.
mod power {
    pub(super) const FIRM: u8 = 0;
    pub(super) const CONDITIONAL: u8 = 1;
    pub(super) const OR: u8 = 2;
    pub(super) const AND: u8 = 3;
    pub(super) const NOT: u8 = 4;
    pub(super) const COMPARE: u8 = 5;
    pub(super) const BIT_OR: u8 = 6;
    pub(super) const BIT_XOR: u8 = 7;
    pub(super) const BIT_AND: u8 = 8;
    pub(super) const SHIFT: u8 = 9;
    pub(super) const SUM: u8 = 10;
    pub(super) const PRODUCT: u8 = 11;
    pub(super) const SIGN: u8 = 12;
    pub(super) const POWER: u8 = 13;
    pub(super) const AWAIT: u8 = 14;
}

/// The state of the scan.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) levels: Vec<Level>,
    /// The indices of those levels that are the text of an f-string.
    pub(super) texts: Vec<usize>,
    /// How many levels do not let the logical line end.
    unfinished: usize,
    /// The operators that wait for their right operand, by how strongly they bind.
    pending: Vec<u8>,
    /// The sum of `links` over all levels.
    links: usize,
    /// The sum of `chain` over all levels.
    chain: usize,
    /// Whether an operand has just ended, so that an operator that follows is one with two operands.
    pub(super) operand: bool,
    /// Whether the last token was a dot, so that parsers take even a keyword for a name.
    after_dot: bool,
    /// Whether a `case` was seen in this line. Parsers read sums in a pattern (`1 - 2j`) from the right.
    pattern: bool,
    /// Whether the last word was `is`, so that a `not` belongs to it.
    after_is: bool,
    indents: Vec<usize>,
    /// The first bracket that closes none, or another one.
    pub(super) mismatch: Option<Fault>,
    /// Where the text first nests too deep.
    pub(super) too_deep: Option<Fault>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Scanner<'a> {
        Scanner {
            text,
            bytes: text.as_bytes(),
            at: 0,
            levels: vec![Level::new(Kind::Line, 0, 0, 0)],
            texts: Vec::new(),
            unfinished: 0,
            pending: Vec::new(),
            links: 0,
            chain: 0,
            operand: false,
            after_dot: false,
            pattern: false,
            after_is: false,
            indents: vec![0],
            mismatch: None,
            too_deep: None,
        }
    }

    pub(super) fn run(&mut self) -> Result<(), Fault> {
        self.indentation()?;
        while let Some(&byte) = self.bytes.get(self.at) {
            match self.top().kind {
                Kind::Text { .. } | Kind::Format => self.literal(byte)?,
                Kind::Line | Kind::Bracket(_) | Kind::Lambda { .. } | Kind::Field => self.code(byte)?,
            }
        }
        match self.texts.first() {
            Some(&text) => Err(unterminated(self.levels[text].start)),
            None => Ok(()),
        }
    }

    pub(super) fn top(&self) -> &Level {
        self.levels.last().expect("invariant: the line's own level is never taken off")
    }

    pub(super) fn top_mut(&mut self) -> &mut Level {
        self.levels.last_mut().expect("invariant: the line's own level is never taken off")
    }

    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// The next byte that is not a space.
    fn peek_code(&self) -> u8 {
        let mut rest = self.bytes[self.at..].iter();
        rest.find(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c')).copied().unwrap_or(0)
    }

    /// Takes one token of code.
    fn code(&mut self, byte: u8) -> Result<(), Fault> {
        if !matches!(byte, b' ' | b'\t' | b'\x0c' | b'\\' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..) {
            self.after_dot = false;
        }
        match byte {
            b' ' | b'\t' | b'\x0c' => self.at += 1,
            b'\n' | b'\r' => return self.newline(),
            b'#' => self.skip_line(),
            b'\\' => {
                self.at += 1;
                if matches!(self.peek(0), b'\n' | b'\r') {
                    self.line_end();
                }
            }
            b'"' | b'\'' => return self.string(self.at),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() => self.number(),
            b'.' => self.dot()?,
            b'(' | b'[' | b'{' => return self.open(byte),
            b')' | b']' | b'}' => self.close(byte),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => return self.word(),
            _ => return self.punctuation(byte),
        }
        Ok(())
    }

    fn dot(&mut self) -> Result<(), Fault> {
        if self.peek(1) == b'.' && self.peek(2) == b'.' {
            self.at += 3;
            self.operand = true;
            return Ok(());
        }
        self.at += 1;
        self.after_dot = true;
        self.link()
    }

    /// An attribute, a call or an index.
    fn link(&mut self) -> Result<(), Fault> {
        self.operand = false;
        self.top_mut().links += 1;
        self.links += 1;
        self.check()
    }

    fn end_chain(&mut self) {
        if self.after_dot {
            return;
        }
        let links = std::mem::take(&mut self.top_mut().links);
        self.links -= links;
    }

    fn open(&mut self, byte: u8) -> Result<(), Fault> {
        if byte != b'{' && self.operand {
            self.link()?;
        }
        self.push(Kind::Bracket(byte))?;
        self.at += 1;
        self.operand = false;
        Ok(())
    }

    pub(super) fn push(&mut self, kind: Kind) -> Result<(), Fault> {
        let base = match kind {
            Kind::Lambda { .. } => self.top().base,
            Kind::Line | Kind::Bracket(_) | Kind::Text { .. } | Kind::Field | Kind::Format => {
                self.levels.len()
            }
        };
        if let Kind::Text { .. } = kind {
            self.texts.push(self.levels.len());
        }
        let level = Level::new(kind, self.at, base, self.pending.len());
        self.unfinished += usize::from(!level.may_end());
        self.levels.push(level);
        self.check()
    }

    pub(super) fn pop(&mut self) {
        if self.levels.len() > 1
            && let Some(level) = self.levels.pop()
        {
            if let Kind::Text { .. } = level.kind {
                self.texts.pop();
            }
            self.unfinished -= usize::from(!level.may_end());
            self.pending.truncate(level.pending);
            self.links -= level.links;
            self.chain -= level.chain;
        }
    }

    pub(super) fn close(&mut self, byte: u8) {
        let at = self.at;
        self.at += 1;
        self.operand = true;
        let index = self.top().base;
        let opening = match self.levels[index].kind {
            Kind::Bracket(opening) => opening,
            Kind::Field => b'{',
            Kind::Line | Kind::Lambda { .. } | Kind::Text { .. } | Kind::Format => {
                let message = format!("`{}` closes no bracket", char::from(byte));
                self.mismatch.get_or_insert(Fault { start: at, end: at + 1, message });
                return;
            }
        };
        if matches!((opening, byte), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
            while self.levels.len() > index {
                self.pop();
            }
        } else {
            let message = format!("`{}` does not close `{}`", char::from(byte), char::from(opening));
            self.mismatch.get_or_insert(Fault { start: at, end: at + 1, message });
        }
    }

    fn word(&mut self) -> Result<(), Fault> {
        let start = self.at;
        for (offset, c) in self.text[start..].char_indices() {
            let is_part = match offset {
                0 => c == '_' || is_xid_start(c),
                _ => is_xid_continue(c),
            };
            if !is_part {
                break;
            }
            self.at = start + offset + c.len_utf8();
        }
        if self.at == start {
            // Not a letter to Python.
            self.at = self.text.ceil_char_boundary(start + 1);
            self.operand = false;
            return Ok(());
        }
        let word = &self.bytes[start..self.at];
        if matches!(self.peek(0), b'"' | b'\'') && is_prefix(word) {
            return self.string(start);
        }
        self.keyword(start)?;
        if std::mem::take(&mut self.after_dot) {
            self.operand = true;
        }
        Ok(())
    }

    /// A keyword or a name, from `start` to here.
    fn keyword(&mut self, start: usize) -> Result<(), Fault> {
        let word = &self.bytes[start..self.at];
        let after_is = std::mem::take(&mut self.after_is);
        match word {
            b"lambda" if self.top().kind == Kind::Field => self.prefix(power::FIRM)?,
            b"lambda" => {
                self.push(Kind::Lambda { body: false })?;
                self.operand = false;
            }
            b"not" if after_is || (self.operand && self.in_follows()) => {}
            b"not" => self.prefix(power::NOT)?,
            b"is" => {
                self.infix(power::COMPARE, false)?;
                self.after_is = true;
            }
            b"in" => self.infix(power::COMPARE, false)?,
            b"and" => self.infix(power::AND, false)?,
            b"or" => self.infix(power::OR, false)?,
            b"if" => self.infix(power::CONDITIONAL, true)?,
            b"await" => self.prefix(power::AWAIT)?,
            b"yield" | b"async" => self.prefix(power::FIRM)?,
            b"as" | b"assert" | b"break" | b"class" | b"continue" | b"def" | b"del" | b"elif" | b"else"
            | b"except" | b"finally" | b"for" | b"from" | b"global" | b"import" | b"nonlocal" | b"pass"
            | b"raise" | b"return" | b"try" | b"while" | b"with" => {
                self.end_chain();
                self.operand = false;
            }
            _ => {
                self.pattern |= word == b"case" && !self.operand && !matches!(self.peek_code(), b'=' | b'.');
                // A name directly after an operand begins another expression, unless it is an attribute.
                if self.operand {
                    self.end_chain();
                }
                self.operand = true;
            }
        }
        Ok(())
    }

    /// Whether the next word is `in`, which makes a `not` before it a part of one operator.
    fn in_follows(&self) -> bool {
        let rest = self.text[self.at..].trim_start_matches([' ', '\t', '\x0c', '\\', '\r', '\n']);
        rest.strip_prefix("in").is_some_and(|rest| !rest.starts_with(|c| c == '_' || is_xid_continue(c)))
    }

    fn prefix(&mut self, power: u8) -> Result<(), Fault> {
        self.end_chain();
        self.operand = false;
        self.pending.push(power);
        self.check()
    }

    fn infix(&mut self, power: u8, to_the_right: bool) -> Result<(), Fault> {
        // Where an operand is missing, parsers may take even a keyword for one, and then nothing has ended. In a
        // pattern only the bars between alternatives are sure.
        if self.operand && (!self.pattern || power == power::BIT_OR) {
            self.unwind(|pending| if to_the_right { pending > power } else { pending >= power });
        }
        self.prefix(power)
    }

    /// Takes off the pending operators of this level that bind strongly enough.
    fn unwind(&mut self, done: impl Fn(u8) -> bool) {
        let floor = self.top().pending;
        while self.pending.len() > floor && self.pending.last().is_some_and(|&power| done(power)) {
            self.pending.pop();
        }
    }

    fn punctuation(&mut self, byte: u8) -> Result<(), Fault> {
        let next = self.peek(1);
        let double = next == byte;
        let (len, power) = match byte {
            b'*' if double => (2, power::POWER),
            b'*' | b'%' | b'@' => (1, power::PRODUCT),
            b'/' => (1 + usize::from(double), power::PRODUCT),
            b'+' => (1, power::SUM),
            b'-' if next == b'>' => return self.separator(2),
            b'-' => (1, power::SUM),
            b'<' | b'>' if double => (2, power::SHIFT),
            b'&' => (1, power::BIT_AND),
            b'^' => (1, power::BIT_XOR),
            b'|' => (1, power::BIT_OR),
            b'<' | b'>' => {
                self.at += 1 + usize::from(next == b'=');
                return self.infix(power::COMPARE, false);
            }
            b'=' | b'!' if next == b'=' => {
                self.at += 2;
                return self.infix(power::COMPARE, false);
            }
            b'~' => {
                self.at += 1;
                return self.prefix(power::SIGN);
            }
            b':' => return self.colon(),
            b',' | b';' => {
                while self.top().kind == (Kind::Lambda { body: true }) {
                    self.pop();
                }
                return self.separator(1);
            }
            _ => return self.separator(1),
        };
        if self.peek(len) == b'=' {
            return self.separator(len + 1);
        }
        self.at += len;
        match (byte, self.operand) {
            (b'*', true) if len == 2 => {
                self.link_chain()?;
                self.infix(power, true)
            }
            (b'*', false) => self.prefix(power::CONDITIONAL),
            (b'+' | b'-', false) => self.prefix(power::SIGN),
            (_, _) => {
                self.link_chain()?;
                self.infix(power, false)
            }
        }
    }

    /// One more arithmetic operator in the current run.
    fn link_chain(&mut self) -> Result<(), Fault> {
        self.top_mut().chain += 1;
        self.chain += 1;
        self.check()
    }

    /// Something that ends an expression.
    fn separator(&mut self, len: usize) -> Result<(), Fault> {
        self.at += len;
        self.unwind(|pending| pending > power::FIRM);
        self.end_chain();
        let chain = std::mem::take(&mut self.top_mut().chain);
        self.chain -= chain;
        self.operand = false;
        Ok(())
    }

    fn colon(&mut self) -> Result<(), Fault> {
        let kind = self.top().kind;
        match kind {
            Kind::Field => {
                self.at += 1;
                self.operand = false;
                return self.push(Kind::Format);
            }
            Kind::Lambda { body: false } => {
                let pending = self.top().pending;
                self.pending.truncate(pending);
                self.top_mut().kind = Kind::Lambda { body: true };
                self.unfinished -= 1;
            }
            Kind::Line
            | Kind::Bracket(_)
            | Kind::Lambda { body: true }
            | Kind::Text { .. }
            | Kind::Format => {}
        }
        self.at += 1;
        self.end_chain();
        self.operand = false;
        Ok(())
    }

    fn skip_line(&mut self) {
        while !matches!(self.bytes.get(self.at), None | Some(b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    pub(super) fn line_end(&mut self) {
        self.at += if self.peek(0) == b'\r' && self.peek(1) == b'\n' { 2 } else { 1 };
    }

    fn newline(&mut self) -> Result<(), Fault> {
        self.line_end();
        // A parser that waits for an operand, or for the colon of a lambda, may look for it in the next line.
        let complete = self.operand || self.pending.is_empty();
        if complete && self.unfinished == 0 {
            while self.levels.len() > 1 {
                self.pop();
            }
            self.pending.clear();
            self.pattern = false;
            self.end_chain();
            self.top_mut().chain = 0;
            self.chain = 0;
            self.operand = false;
        }
        self.indentation()
    }

    /// Counts the blocks that a line lies in. Lines within brackets count too, since a parser that recovers
    /// from an error may take them for lines of their own.
    fn indentation(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let mut width = 0;
        loop {
            match self.peek(0) {
                b' ' => width += 1,
                b'\t' => width = (width / 8 + 1) * 8,
                b'\x0c' => width = 0,
                _ => break,
            }
            self.at += 1;
        }
        if matches!(self.bytes.get(self.at), None | Some(b'\n' | b'\r' | b'#')) {
            return Ok(());
        }
        while self.indents.last().is_some_and(|&indent| indent > width) {
            self.indents.pop();
        }
        if self.indents.last().is_none_or(|&indent| indent < width) {
            self.indents.push(width);
        }
        if self.indents.len() > MAX_INDENTATION {
            let message = format!("blocks lie more than {MAX_INDENTATION} deep in one another");
            return Err(Fault { start, end: self.at, message });
        }
        Ok(())
    }

    fn check(&mut self) -> Result<(), Fault> {
        let deep = self.levels.len() - 1 + self.pending.len() + self.links > MAX_NESTING;
        if !deep && self.chain <= MAX_CHAIN {
            return Ok(());
        }
        if self.too_deep.is_none() {
            let message = match deep {
                true => format!("the expression nests more than {MAX_NESTING} deep"),
                false => format!("the expression has more than {MAX_CHAIN} operators in a row"),
            };
            let end = self.text.ceil_char_boundary((self.at + 1).min(self.text.len()));
            let start = self.text.floor_char_boundary(self.at.min(self.text.len().saturating_sub(1)));
            self.too_deep = Some(Fault { start, end, message });
        }
        // The scan goes on to see whether a bracket without an end is the reason, but not for ever.
        match self.levels.len() + self.pending.len() > 1_000 * MAX_NESTING {
            true => Err(Fault { start: self.at, end: self.at, message: String::new() }),
            false => Ok(()),
        }
    }

    /// The outermost bracket that is still open at the end of the text.
    pub(super) fn unclosed(&self) -> Option<Fault> {
        self.levels.iter().find_map(|level| match level.kind {
            Kind::Bracket(byte) => Some(Fault {
                start: level.start,
                end: level.start + 1,
                message: format!("`{}` is never closed", char::from(byte)),
            }),
            Kind::Line | Kind::Lambda { .. } | Kind::Text { .. } | Kind::Field | Kind::Format => None,
        })
    }
}
