//! Reading a design from IR text.
//!
//! The grammar is what [`print()`](crate::print::print) writes; beyond that, layout is free, `;` begins a comment for readers
//! only, and integers may be written as `0x…` and `0b…`. What the text says is not judged here, but by
//! [`verify()`](crate::verify::verify).
//!
//! Names are known from their declaration on (instances excepted, which may name a later module). A fault ends its statement or
//! item; reading goes on behind it, so that one run reports several.

mod body;
mod expr;
mod lexer;
mod module;

use crate::design::{Design, EnumId, EnumType, ModuleId, StructId, StructType};
use crate::int::Int;
use crate::names::unquoted;
use crate::types::{MAX_WIDTH_BITS, Range, Type};
use lexer::{Comment, Kind, MAX_FAULTS, Token, lex};
use pyhw_diagnostics::{Code, Diagnostic, FileId, Span};
use std::collections::HashMap;

/// How many digits an integer may have.
const MAX_DIGITS: usize = 5_000;
/// How many elements all array values of a text may have together.
const MAX_ELEMENTS: usize = 1 << 24;
/// How many files may be named.
const MAX_FILES: usize = 10_000;

/// Reads IR text. The design has its expressions and labels in the [compact](Design::compact) numbering and is not verified.
///
/// Errors are PH0701. Their spans are of file 0, which stands for the text itself.
pub fn parse(text: &str) -> Result<Design, Vec<Diagnostic>> {
    parse_with(text, false)
}

/// Reads IR text, as [`parse`] does, but everything has its place in the text itself, which is file 0, and not the one that the text
/// gives it: for faults of the text. The design's sources are those that the text names all the same.
///
/// # Errors
/// As of [`parse`].
pub fn parse_in_place(text: &str) -> Result<Design, Vec<Diagnostic>> {
    parse_with(text, true)
}

fn parse_with(text: &str, in_place: bool) -> Result<Design, Vec<Diagnostic>> {
    let lexed = lex(text);
    let mut parser = Parser {
        text,
        tokens: lexed.tokens,
        at: 0,
        comments: lexed.comments,
        next_comment: 0,
        faults: lexed.faults,
        design: Design::default(),
        types: HashMap::new(),
        members: HashMap::new(),
        fields: HashMap::new(),
        modules: HashMap::new(),
        instances: Vec::new(),
        elements: 0,
        in_place,
    };
    parser.design();
    if parser.faults.is_empty() {
        return Ok(parser.design.compact());
    }
    parser.faults.sort_by_key(|fault| fault.primary.span);
    if parser.faults.len() >= MAX_FAULTS {
        parser.faults.truncate(MAX_FAULTS);
        if let Some(last) = parser.faults.pop() {
            parser.faults.push(last.note("there may be more; the rest is not shown"));
        }
    }
    Err(parser.faults)
}

/// A fault was reported; what was being read is given up.
struct Failed;

type Parsed<T> = Result<T, Failed>;

/// A name and the number that tells it from others of the name.
type Name = (String, u32);

#[derive(Clone, Copy)]
enum TypeName {
    Enum(EnumId),
    Struct(StructId),
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    comments: Vec<Comment>,
    next_comment: usize,
    faults: Vec<Diagnostic>,
    design: Design,
    types: HashMap<Name, TypeName>,
    /// The members of each enum and the fields of each struct by name; of a name that stands twice the first.
    members: HashMap<(EnumId, String), u32>,
    fields: HashMap<(StructId, String), u32>,
    modules: HashMap<Name, ModuleId>,
    instances: Vec<module::OpenInstance>,
    elements: usize,
    /// Whether places are those in the text itself.
    in_place: bool,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Token {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> Token {
        let last = self.tokens.len() - 1;
        self.tokens[(self.at + ahead).min(last)]
    }

    fn bump(&mut self) -> Token {
        let token = self.peek();
        if token.kind != Kind::End {
            self.at += 1;
        }
        token
    }

    fn text_of(&self, token: Token) -> &'t str {
        &self.text[token.start..token.end]
    }

    fn fail(&mut self, token: Token, message: impl Into<String>) -> Failed {
        // What is no token was reported by the lexer.
        if self.faults.len() < MAX_FAULTS && token.kind != Kind::Bad {
            self.faults.push(Diagnostic::new(Code::PH0701, token.span(), message));
        }
        Failed
    }

    /// Reports that something else stands here.
    fn expected(&mut self, what: &str) -> Failed {
        let token = self.peek();
        let found = match token.kind {
            Kind::End => "the end of the text".to_owned(),
            _ => format!("`{}`", self.text_of(token).chars().take(40).collect::<String>()),
        };
        self.fail(token, format!("expected {what}, found {found}"))
    }

    fn is_sign(&self, sign: u8) -> bool {
        self.peek().kind == Kind::Sign(sign)
    }

    fn eat_sign(&mut self, sign: u8) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.bump();
        }
        found
    }

    fn expect_sign(&mut self, sign: u8) -> Parsed<Token> {
        if self.is_sign(sign) {
            return Ok(self.bump());
        }
        Err(self.expected(&format!("`{}`", char::from(sign))))
    }

    /// The word that stands here; empty if none does.
    fn word(&self) -> &'t str {
        let token = self.peek();
        if token.kind == Kind::Word { self.text_of(token) } else { "" }
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.word() == word;
        if found {
            self.bump();
        }
        found
    }

    /// A name: a word or a text, and the number behind it.
    fn name(&mut self, what: &str) -> Parsed<Name> {
        let name = self.plain_name(what)?;
        if self.is_sign(b'.') && self.peek_at(1).kind == Kind::Int {
            self.bump();
            let number = self.small("a number")?;
            return Ok((name, number));
        }
        Ok((name, 0))
    }

    /// A name without a number.
    fn plain_name(&mut self, what: &str) -> Parsed<String> {
        let token = self.peek();
        match token.kind {
            Kind::Word => {
                self.bump();
                Ok(self.text_of(token).to_owned())
            }
            Kind::Text => {
                self.bump();
                self.unquote(token, self.text_of(token))
            }
            Kind::Int
            | Kind::Net
            | Kind::Var
            | Kind::Label
            | Kind::Span
            | Kind::Store
            | Kind::Sign(_)
            | Kind::Bad
            | Kind::End => Err(self.expected(what)),
        }
    }

    /// The name in a token with a sigil.
    fn sigil_name(&mut self, token: Token) -> Parsed<Name> {
        let text = &self.text_of(token)[1..];
        let split = match text.starts_with('"') {
            true => text.rfind('"').map_or(text.len(), |quote| quote + 1),
            false => text.find('.').unwrap_or(text.len()),
        };
        let (name, number) = text.split_at(split);
        let name = if name.starts_with('"') { self.unquote(token, name)? } else { name.to_owned() };
        match number.strip_prefix('.').map(str::parse) {
            None => Ok((name, 0)),
            Some(Ok(number)) => Ok((name, number)),
            Some(Err(_)) => Err(self.fail(token, "this name's number is too large")),
        }
    }

    /// A name behind a sigil of this kind.
    fn expect_sigil(&mut self, kind: Kind, what: &str) -> Parsed<(Token, Name)> {
        let token = self.peek();
        if token.kind != kind {
            return Err(self.expected(what));
        }
        self.bump();
        Ok((token, self.sigil_name(token)?))
    }

    fn unquote(&mut self, token: Token, text: &str) -> Parsed<String> {
        match unquoted(&text[1..text.len() - 1]) {
            Some(text) => Ok(text),
            None => Err(self.fail(token, "an escape is one of \\n \\r \\t \\\\ \\\" \\u{…}")),
        }
    }

    /// A text; several in a row are one.
    fn string(&mut self) -> Parsed<String> {
        if self.peek().kind != Kind::Text {
            return Err(self.expected("a text in quotes"));
        }
        let mut text = String::new();
        while self.peek().kind == Kind::Text {
            let token = self.bump();
            text.push_str(&self.unquote(token, self.text_of(token))?);
        }
        Ok(text)
    }

    /// An integer with its sign.
    fn int(&mut self) -> Parsed<Int> {
        let negative = self.eat_sign(b'-');
        let token = self.peek();
        if token.kind != Kind::Int {
            return Err(self.expected("an integer"));
        }
        self.bump();
        let text = self.text_of(token);
        if text.len() > MAX_DIGITS {
            return Err(self.fail(token, format!("an integer of more than {MAX_DIGITS} digits")));
        }
        let value = match (text.strip_prefix("0x"), text.strip_prefix("0b")) {
            (Some(digits), _) => Int::from_radix(digits, 16),
            (_, Some(digits)) => Int::from_radix(digits, 2),
            (None, None) => text.parse().ok(),
        };
        match value {
            Some(value) if negative => Ok(value.neg()),
            Some(value) => Ok(value),
            None => Err(self.fail(token, format!("`{text}` is not an integer"))),
        }
    }

    /// An integer from 0 to 2^32 − 1.
    fn small(&mut self, what: &str) -> Parsed<u32> {
        let token = self.peek();
        let value = self.int()?;
        value.to_u32().ok_or_else(|| self.fail(token, format!("{what} must be from 0 to 4294967295")))
    }

    /// What was read of the line of the last token.
    fn line_so_far(&self) -> Span {
        let Some(last) = self.at.checked_sub(1).map(|at| self.tokens[at].span()) else { return Span::NONE };
        let before = self.tokens[..self.at].iter().rev().map(|token| token.span());
        let on_line = before.take_while(|span| span.start.line == last.start.line);
        on_line.fold(last, |line, span| Span { start: span.start, ..line })
    }

    /// A span, if one stands here.
    fn span(&mut self) -> Parsed<Span> {
        let token = self.peek();
        let here = if self.in_place { self.line_so_far() } else { Span::NONE };
        if token.kind != Kind::Span {
            return Ok(here);
        }
        self.bump();
        if self.in_place {
            return Ok(here);
        }
        match parse_span(&self.text_of(token)[1..]) {
            Some(span) => Ok(span),
            None => {
                Err(self
                    .fail(token, "a span is `@file:line:column-column` or `@file:line:column-line:column`"))
            }
        }
    }

    /// The comment at the end of the line on which the last token stands.
    fn trailing(&mut self) -> Option<String> {
        self.skip_comments();
        let comment = self.comments.get(self.next_comment)?;
        let last = self.tokens[self.at.checked_sub(1)?];
        if comment.before != self.at || comment.first || comment.line != last.line {
            return None;
        }
        self.next_comment += 1;
        Some(comment.text.clone())
    }

    /// The comments directly before the next token.
    fn leading(&mut self, into: &mut Vec<String>) {
        self.skip_comments();
        while let Some(comment) = self.comments.get(self.next_comment)
            && comment.before == self.at
        {
            into.push(comment.text.clone());
            self.next_comment += 1;
        }
    }

    /// Leaves comments out that stand where nothing can carry them.
    fn skip_comments(&mut self) {
        while self.comments.get(self.next_comment).is_some_and(|comment| comment.before < self.at) {
            self.next_comment += 1;
        }
    }

    /// After a fault in what began at `from`: closes the braces that it opened and goes on to the next line, or to the brace that
    /// closes what this stands in.
    fn recover(&mut self, from: usize) {
        let mut depth = 0usize;
        for token in &self.tokens[from..self.at] {
            match token.kind {
                Kind::Sign(b'{') => depth += 1,
                Kind::Sign(b'}') => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        loop {
            let token = self.peek();
            let is_close = token.kind == Kind::Sign(b'}');
            if token.kind == Kind::End || (depth == 0 && self.at > from && (token.first || is_close)) {
                return;
            }
            if token.kind == Kind::Sign(b'{') {
                depth += 1;
            } else if is_close {
                depth = depth.saturating_sub(1);
            }
            self.bump();
        }
    }

    /// Things in brackets with commas between them.
    fn list<T>(&mut self, close: u8, mut one: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut list = Vec::new();
        if self.eat_sign(close) {
            return Ok(list);
        }
        loop {
            list.push(one(self)?);
            if self.eat_sign(close) {
                return Ok(list);
            }
            if !self.eat_sign(b',') {
                return Err(self.expected(&format!("`,` or `{}`", char::from(close))));
            }
        }
    }

    fn design(&mut self) {
        if self.header().is_err() {
            return;
        }
        while self.peek().kind != Kind::End && self.faults.len() < MAX_FAULTS {
            let from = self.at;
            if self.top_level().is_err() {
                self.recover(from);
            }
        }
        self.close_instances();
    }

    fn header(&mut self) -> Parsed<()> {
        if !self.eat_word("hwir") {
            return Err(self.expected("`hwir 1`, with which IR text begins"));
        }
        let token = self.peek();
        match self.int()? {
            version if version == Int::ONE => Ok(()),
            version => Err(self.fail(token, format!("version {version} of the IR is not known, only 1 is"))),
        }
    }

    fn top_level(&mut self) -> Parsed<()> {
        match self.word() {
            "file" => self.file(),
            "enum" => self.enumeration(),
            "struct" => self.structure(),
            "module" => self.module(),
            "top" => {
                self.bump();
                let token = self.peek();
                let name = self.name("the name of a module")?;
                match self.modules.get(&name) {
                    Some(&id) if self.design.top.is_none() => {
                        self.design.top = Some(id);
                        Ok(())
                    }
                    Some(_) => Err(self.fail(token, "the top is given twice")),
                    None => Err(self.fail(token, format!("no module `{}` stands before this", name.0))),
                }
            }
            _ => Err(self.expected("`file`, `enum`, `struct`, `module` or `top`")),
        }
    }

    fn file(&mut self) -> Parsed<()> {
        self.bump();
        let token = self.peek();
        let number = self.small("the number of a file")?;
        let name = self.string()?;
        let known = self.design.sources.files().len();
        if known >= MAX_FILES {
            return Err(self.fail(token, format!("more than {MAX_FILES} files")));
        }
        if number as usize != known {
            return Err(self.fail(token, format!("files are numbered in order; this is number {known}")));
        }
        if self.design.sources.add(&name, "") != FileId(number) {
            return Err(self.fail(token, "a file of this name was given before"));
        }
        Ok(())
    }

    fn enumeration(&mut self) -> Parsed<()> {
        self.bump();
        let token = self.peek();
        let name = self.name("the name of the enum")?;
        self.expect_sign(b':')?;
        let width_bits = match (self.peek(), self.word().strip_prefix('u').and_then(width)) {
            (_, Some(width_bits)) => width_bits,
            (token, None) => return Err(self.fail(token, "expected the type of the codes, such as `u2`")),
        };
        self.bump();
        let span = self.span()?;
        self.expect_sign(b'{')?;
        let mut members = Vec::new();
        while !self.eat_sign(b'}') {
            let member = self.plain_name("a member or `}`")?;
            self.expect_sign(b'=')?;
            members.push((member, self.int()?));
        }
        let id = EnumId::new(self.design.types.enums.len());
        self.declare_type(token, name.clone(), TypeName::Enum(id))?;
        for (index, (member, _)) in members.iter().enumerate() {
            self.members.entry((id, member.clone())).or_insert(index as u32);
        }
        self.design.types.enums.push(EnumType { name: name.0, members, width_bits, span });
        Ok(())
    }

    fn structure(&mut self) -> Parsed<()> {
        self.bump();
        let token = self.peek();
        let name = self.name("the name of the struct")?;
        let span = self.span()?;
        self.expect_sign(b'{')?;
        let mut fields = Vec::new();
        while !self.eat_sign(b'}') {
            let field = self.plain_name("a field or `}`")?;
            self.expect_sign(b':')?;
            fields.push((field, self.ty(0)?));
        }
        let id = StructId::new(self.design.types.structs.len());
        self.declare_type(token, name.clone(), TypeName::Struct(id))?;
        for (index, (field, _)) in fields.iter().enumerate() {
            self.fields.entry((id, field.clone())).or_insert(index as u32);
        }
        self.design.types.structs.push(StructType { name: name.0, fields, span });
        Ok(())
    }

    fn declare_type(&mut self, token: Token, name: Name, ty: TypeName) -> Parsed<()> {
        if self.types.contains_key(&name) {
            let message = format!(
                "`{}` is declared twice; types that share a name are told apart as `{}.1`",
                name.0, name.0
            );
            return Err(self.fail(token, message));
        }
        self.types.insert(name, ty);
        Ok(())
    }

    /// A type. `depth` counts the types around it.
    fn ty(&mut self, depth: usize) -> Parsed<Type> {
        let token = self.peek();
        if depth > crate::verify::MAX_TYPE_DEPTH {
            return Err(
                self.fail(token, format!("types nested deeper than {}", crate::verify::MAX_TYPE_DEPTH))
            );
        }
        let word = self.word();
        let widths = (word.strip_prefix('u').and_then(width), word.strip_prefix('s').and_then(width));
        let ty = match (word, widths) {
            ("bool", _) => Type::Bool,
            ("text", _) => Type::Text,
            ("opaque", _) => Type::Opaque,
            ("int", _) => {
                self.bump();
                self.expect_sign(b'[')?;
                return Ok(Type::Int(self.range()?));
            }
            ("array", _) => {
                self.bump();
                self.expect_sign(b'[')?;
                let element = self.ty(depth + 1)?;
                self.expect_sign(b',')?;
                let length = self.small("a length")?;
                self.expect_sign(b']')?;
                return Ok(Type::Array(Box::new(element), length));
            }
            (_, (Some(width_bits), _)) => Type::unsigned(width_bits),
            (_, (_, Some(width_bits))) if width_bits > 0 => Type::signed(width_bits),
            _ => {
                return Ok(match self.type_name()? {
                    TypeName::Enum(id) => Type::Enum(id),
                    TypeName::Struct(id) => Type::Struct(id),
                });
            }
        };
        self.bump();
        Ok(ty)
    }

    /// The name of an enum or a struct.
    fn type_name(&mut self) -> Parsed<TypeName> {
        let token = self.peek();
        let name = self.name("a type")?;
        match self.types.get(&name) {
            Some(&ty) => Ok(ty),
            None => Err(self.fail(token, format!("no type `{}` stands before this", name.0))),
        }
    }

    /// An interval, its opening bracket taken.
    fn range(&mut self) -> Parsed<Range> {
        let min = self.bound("inf", true)?;
        self.expect_sign(b',')?;
        let max = self.bound("inf", false)?;
        self.expect_sign(b']')?;
        Ok(Range { min, max })
    }

    fn bound(&mut self, infinite: &str, negative: bool) -> Parsed<Option<Int>> {
        let ahead = usize::from(negative);
        let sign_fits = !negative || self.is_sign(b'-');
        let word = self.peek_at(ahead);
        if sign_fits && word.kind == Kind::Word && self.text_of(word) == infinite {
            self.at += 1 + ahead;
            return Ok(None);
        }
        Ok(Some(self.int()?))
    }
}

/// The number of bits in a type like `u8`, as far as the IR allows.
fn width(digits: &str) -> Option<u32> {
    let fits = !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|width| fits && *width <= MAX_WIDTH_BITS)
}

/// The text form of a span.
fn parse_span(text: &str) -> Option<Span> {
    let (start, end) = text.split_once('-')?;
    let mut parts = start.split(':').map(|part| part.parse::<u32>().ok());
    let (file, line, column) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    let end = match end.split_once(':') {
        Some((line, column)) => (line.parse().ok()?, column.parse().ok()?),
        None => (line, end.parse().ok()?),
    };
    Some(Span::new(FileId(file), (line, column), end))
}
