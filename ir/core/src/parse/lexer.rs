//! The tokens of IR text.

use crate::names::{is_name_part, is_name_start, unquoted};
use pyhw_diagnostics::{Code, Diagnostic, FileId, Span};

/// How many faults are reported before the rest of the text is left alone.
pub(super) const MAX_FAULTS: usize = 100;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word: a keyword, a mnemonic or a name.
    Word,
    /// A number, decimal or `0x`, `0b`.
    Int,
    /// A text in quotes.
    Text,
    /// `%name`.
    Net,
    /// `$name`.
    Var,
    /// `'name`.
    Label,
    /// `@0:1:2-3`.
    Span,
    /// `<=`.
    Store,
    /// Any other sign.
    Sign(u8),
    /// What is no token and was reported as such.
    Bad,
    /// The end of the text.
    End,
}

/// A token; its text is found by its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    pub line: u32,
    pub column: u32,
    /// Whether it is the first of its line.
    pub first: bool,
}

impl Token {
    /// Its place in the text that is parsed, which is file 0.
    pub fn span(&self) -> Span {
        let length = u32::try_from(self.end - self.start).unwrap_or(u32::MAX);
        let end = self.column.saturating_add(length);
        Span::new(FileId(0), (self.line, self.column), (self.line, end))
    }
}

/// A comment that travels: what stands after `#`.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    /// The place in the list of tokens before which it stands.
    pub before: usize,
    pub line: u32,
    /// Whether nothing stands before it on its line.
    pub first: bool,
    pub text: String,
}

/// The tokens of a text, the last one [`Kind::End`], its comments, and what is wrong with it.
pub(super) struct Lexed {
    pub tokens: Vec<Token>,
    pub comments: Vec<Comment>,
    pub faults: Vec<Diagnostic>,
}

pub(super) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer {
        text,
        at: 0,
        line: 1,
        line_start: 0,
        first: true,
        out: Lexed { tokens: Vec::new(), comments: Vec::new(), faults: Vec::new() },
    };
    while lexer.at < text.len() && lexer.out.faults.len() < MAX_FAULTS {
        lexer.token();
    }
    lexer.push(Kind::End, text.len());
    lexer.out
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    line_start: usize,
    first: bool,
    out: Lexed,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// Takes everything up to `end` as a token.
    fn push(&mut self, kind: Kind, end: usize) {
        let token = self.token_to(kind, end);
        self.out.tokens.push(token);
        self.at = end;
        self.first = false;
    }

    fn token_to(&self, kind: Kind, end: usize) -> Token {
        let column = u32::try_from(self.at - self.line_start).unwrap_or(u32::MAX);
        Token { kind, start: self.at, end, line: self.line, column, first: self.first }
    }

    /// Reports what stands from here to `end` and goes on behind it.
    fn fault(&mut self, end: usize, message: impl Into<String>) {
        let span = self.token_to(Kind::End, end).span();
        self.out.faults.push(Diagnostic::new(Code::PH0701, span, message));
        self.push(Kind::Bad, end);
    }

    fn token(&mut self) {
        let Some(c) = self.rest().chars().next() else { return };
        match c {
            '\n' => {
                self.at += 1;
                self.line = self.line.saturating_add(1);
                self.line_start = self.at;
                self.first = true;
            }
            c if c.is_whitespace() => self.at += c.len_utf8(),
            ';' => self.at = self.line_end(),
            '#' => self.comment(),
            '"' => match quoted_end(self.text, self.at) {
                Some(end) => self.push(Kind::Text, end),
                None => self.fault(self.line_end(), "this text has no closing quote on its line"),
            },
            '%' => self.sigil(Kind::Net, "%"),
            '$' => self.sigil(Kind::Var, "$"),
            '\'' => self.sigil(Kind::Label, "'"),
            '@' => {
                let end = self.run_end(1, |c| c.is_ascii_digit() || c == ':' || c == '-');
                self.push(Kind::Span, end);
            }
            '<' if self.rest().starts_with("<=") => self.push(Kind::Store, self.at + 2),
            '(' | ')' | '[' | ']' | '{' | '}' | ',' | ':' | '=' | '.' | '-' => {
                self.push(Kind::Sign(c as u8), self.at + 1);
            }
            c if c.is_ascii_digit() => {
                let end = self.run_end(1, |c| c.is_ascii_alphanumeric());
                self.push(Kind::Int, end);
            }
            c if is_name_start(c) => {
                let end = self.run_end(0, is_name_part);
                self.push(Kind::Word, end);
            }
            c => self.fault(self.at + c.len_utf8(), format!("`{}` does not belong here", c.escape_debug())),
        }
    }

    /// Where the characters end that `belongs` takes, `skip` bytes from here.
    fn run_end(&self, skip: usize, belongs: impl Fn(char) -> bool) -> usize {
        let from = self.at + skip;
        self.text[from..].find(|c| !belongs(c)).map_or(self.text.len(), |length| from + length)
    }

    fn line_end(&self) -> usize {
        self.rest().find('\n').map_or(self.text.len(), |length| self.at + length)
    }

    /// A name behind its sigil, plain or in quotes, and the number that tells it from others of the name.
    fn sigil(&mut self, kind: Kind, sigil: &str) {
        let name = &self.rest()[1..];
        let mut end = if name.starts_with('"') {
            match quoted_end(self.text, self.at + 1) {
                Some(end) => end,
                None => return self.fault(self.line_end(), "this name has no closing quote on its line"),
            }
        } else if name.starts_with(is_name_start) {
            self.run_end(1, is_name_part)
        } else {
            return self.fault(self.at + 1, format!("a name must follow `{sigil}`"));
        };
        let number = self.text[end..].strip_prefix('.').unwrap_or("");
        let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        if digits > 0 {
            end += 1 + digits;
        }
        self.push(kind, end);
    }

    fn comment(&mut self) {
        let end = self.line_end();
        let raw = &self.text[self.at + 1..end];
        let text = if raw.starts_with('"') {
            quoted_end(self.text, self.at + 1).and_then(|end| unquoted(&self.text[self.at + 2..end - 1]))
        } else {
            let raw = raw.strip_suffix('\r').unwrap_or(raw);
            Some(raw.strip_prefix(' ').unwrap_or(raw).to_owned())
        };
        match text {
            Some(text) => self.out.comments.push(Comment {
                before: self.out.tokens.len(),
                line: self.line,
                first: self.first,
                text,
            }),
            None => self.fault(end, "this comment's text is not well quoted"),
        }
        self.at = end;
    }
}

/// Where the quoted text that begins at `start` ends, its closing quote included; it must end on its line.
fn quoted_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' => return None,
            b'\\' => at += if *bytes.get(at + 1)? == b'\n' { 1 } else { 2 },
            _ => at += 1,
        }
    }
}
