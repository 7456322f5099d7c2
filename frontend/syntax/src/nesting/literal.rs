//! Strings, f-strings and numbers.

use super::Fault;
use super::scanner::{Kind, Level, Scanner};

impl Scanner<'_> {
    /// Takes a piece of the text of an f-string, or of a format in it.
    pub(super) fn literal(&mut self, byte: u8) -> Result<(), Fault> {
        let in_format = self.top().kind == Kind::Format;
        let (quote, triple, raw, start) = self.innermost_text();
        let doubled = self.peek(1) == byte;
        match byte {
            b'\n' | b'\r' if !triple => return Err(unterminated(start)),
            b'\n' | b'\r' => self.line_end(),
            b'\\' if matches!(self.peek(1), b'{' | b'}') => self.at += 1,
            b'\\' if !raw && self.peek(1) == b'N' && self.peek(2) == b'{' => {
                self.at += 3;
                while !matches!(self.peek(0), b'}' | b'\n' | b'\r' | b'"' | b'\'' | b'{' | 0) {
                    self.at += 1;
                }
                if self.peek(0) == b'}' {
                    self.at += 1;
                }
            }
            b'\\' => {
                self.at += 1;
                match self.peek(0) {
                    b'\n' | b'\r' => self.line_end(),
                    _ => self.at += 1,
                }
            }
            b'{' if doubled && !in_format => self.at += 2,
            b'{' => {
                self.push(Kind::Field)?;
                self.at += 1;
                self.operand = false;
            }
            b'}' if in_format => {
                self.pop();
                self.close(byte);
            }
            b'}' if doubled => self.at += 2,
            b'}' => {
                return Err(Fault {
                    start: self.at,
                    end: self.at + 1,
                    message: "a single `}` in an f-string".to_owned(),
                });
            }
            _ if byte == quote => {
                if !triple || (self.peek(1) == quote && self.peek(2) == quote) {
                    if in_format {
                        return Err(unterminated(start));
                    }
                    self.pop();
                    self.at += if triple { 3 } else { 1 };
                    self.operand = true;
                } else {
                    self.at += 1;
                }
            }
            _ => self.at += 1,
        }
        Ok(())
    }

    pub(super) fn innermost_text(&self) -> (u8, bool, bool, usize) {
        let level = self.texts.last().map(|&text| &self.levels[text]);
        if let Some(Level { kind: Kind::Text { quote, triple, raw }, start, .. }) = level {
            return (*quote, *triple, *raw, *start);
        }
        unreachable!("invariant: a literal is scanned only within an f-string")
    }

    /// A string or the opening of an f-string; `start` is where its prefix begins and `at` its quote.
    pub(super) fn string(&mut self, start: usize) -> Result<(), Fault> {
        let prefix = self.text.as_bytes()[start..self.at].to_ascii_lowercase();
        let quote = self.bytes[self.at];
        let triple = self.peek(1) == quote && self.peek(2) == quote;
        let opening = if triple { 3 } else { 1 };
        if prefix.contains(&b'f') || prefix.contains(&b't') {
            self.push(Kind::Text { quote, triple, raw: prefix.contains(&b'r') })?;
            self.top_mut().start = start;
            self.at += opening;
            return Ok(());
        }
        self.at += opening;
        self.operand = true;
        loop {
            let byte = match self.bytes.get(self.at) {
                Some(&byte) => byte,
                None => return self.open_string(start),
            };
            match byte {
                b'\\' => self.at += 2.min(self.bytes.len() - self.at),
                b'\n' | b'\r' if !triple => return self.open_string(start),
                _ if byte == quote && !triple => {
                    self.at += 1;
                    return Ok(());
                }
                _ if byte == quote && self.peek(1) == quote && self.peek(2) == quote => {
                    self.at += 3;
                    return Ok(());
                }
                _ => self.at += 1,
            }
        }
    }

    /// A string without an end. The parser says so itself; only within an f-string is what follows uncertain.
    pub(super) fn open_string(&mut self, start: usize) -> Result<(), Fault> {
        match self.texts.is_empty() {
            true => Ok(()),
            false => Err(unterminated(start)),
        }
    }

    pub(super) fn number(&mut self) {
        let radix_digits: fn(&u8) -> bool = match (self.peek(0), self.peek(1).to_ascii_lowercase()) {
            (b'0', b'x') => u8::is_ascii_hexdigit,
            (b'0', b'o' | b'b') => u8::is_ascii_digit,
            _ => {
                self.decimal();
                self.operand = true;
                return;
            }
        };
        self.at += 2;
        while radix_digits(&self.peek(0)) || self.peek(0) == b'_' {
            self.at += 1;
        }
        self.operand = true;
    }

    pub(super) fn decimal(&mut self) {
        let digits = |scanner: &mut Self| {
            while scanner.peek(0).is_ascii_digit() || scanner.peek(0) == b'_' {
                scanner.at += 1;
            }
        };
        digits(self);
        if self.peek(0) == b'.' {
            self.at += 1;
            digits(self);
        }
        let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
        if matches!(self.peek(0), b'e' | b'E') && self.peek(1 + sign).is_ascii_digit() {
            self.at += 1 + sign;
            digits(self);
        }
        if matches!(self.peek(0), b'j' | b'J') {
            self.at += 1;
        }
    }
}

/// A string that does not end where it must.
pub(super) fn unterminated(start: usize) -> Fault {
    Fault { start, end: start + 1, message: "the string has no end".to_owned() }
}

/// Whether a word before a quote belongs to the string.
pub(super) fn is_prefix(word: &[u8]) -> bool {
    const PREFIXES: [&[u8]; 10] = [b"r", b"u", b"b", b"br", b"rb", b"f", b"fr", b"rf", b"t", b"tr"];
    word.eq_ignore_ascii_case(b"rt") || PREFIXES.iter().any(|prefix| word.eq_ignore_ascii_case(prefix))
}
