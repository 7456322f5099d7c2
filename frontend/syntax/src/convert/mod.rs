//! The parser, and its tree made ours. Only this module knows the parser's crates.

mod comments;
mod expr;
mod faults;
mod pattern;
mod stmt;

use crate::ast::{Comment, FunctionDef, Module};
use crate::decode::{MAX_SOURCE_BYTES, too_long};
use crate::find::{first_function, functions_at};
use crate::lines::Lines;
use crate::nesting::{Fault, Scan, scan};
use pyhw_diagnostics::{Code, Diagnostic, FileId, Span};
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{ModModule, PythonVersion};
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};
use ruff_text_size::{Ranged, TextRange};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many errors of one text are told.
const MAX_ERRORS: usize = 100;

/// Parses a whole file.
///
/// The module holds what could be read, is whole if no error came, and empty if there were too many to tell. Errors: PH0102 for what is not Python or
/// nests too deep, PH0101 for a text longer than [`MAX_SOURCE_BYTES`].
pub fn parse_module(text: &str, file: FileId) -> (Module, Vec<Diagnostic>) {
    parse(text.strip_prefix('\u{feff}').unwrap_or(text), file, 1)
}

/// Parses a snippet that holds one function, such as `inspect.getsource` gives it, or a Jupyter cell.
///
/// `first_line` is the number of the snippet's first line in its file; columns are those of the snippet, which
/// may be indented. The function is the one that begins at the first line, else the first one. Errors are those
/// of [`parse_module`].
pub fn parse_function(text: &str, file: FileId, first_line: u32) -> (Option<FunctionDef>, Vec<Diagnostic>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let indented = text.lines().find(is_code).is_some_and(|line| line.starts_with([' ', '\t']));
    // A line of our own before the snippet gives its indentation a meaning and leaves every column as it is.
    let (module, errors) = match indented {
        true => parse(&format!("if 1:\n{text}"), file, first_line.saturating_sub(1)),
        false => parse(text, file, first_line),
    };
    let function = functions_at(&module, first_line).first().copied().or_else(|| first_function(&module));
    (function.cloned(), errors)
}

fn parse(text: &str, file: FileId, first_line: u32) -> (Module, Vec<Diagnostic>) {
    if text.len() > MAX_SOURCE_BYTES {
        return (Module::default(), vec![too_long(text.len(), file)]);
    }
    let lines = Lines::new(text, file, first_line);
    let diagnose = |fault: Fault| {
        Diagnostic::new(Code::PH0102, lines.span(fault.start, fault.end.min(text.len())), fault.message)
    };
    let brackets = match scan(text) {
        Scan::Parse => None,
        Scan::Brackets(fault) => Some(fault),
        Scan::Refuse(fault) => return (Module::default(), vec![diagnose(fault)]),
    };
    let Some(parsed) = run_parser(text) else {
        let bug = Diagnostic::bug(lines.span(0, 0), "the parser failed on this file");
        return (Module::default(), vec![bug]);
    };
    let mut errors = faults::faults(text, &lines, &parsed, brackets);
    if let Some(at) = text.find('\0') {
        let span = lines.span(at, at + 1);
        errors.push(Diagnostic::new(Code::PH0102, span, "a NUL character stands in the source"));
    }
    if parsed.errors().len() > MAX_ERRORS {
        return (Module::default(), tell(errors));
    }
    let mut converter = Converter { text, lines, comments: Vec::new(), next: 0, errors };
    converter.comments = converter.all_comments(&parsed);
    let body = converter.module_body(&parsed.syntax().body);
    let comments = converter.comments;
    (Module { body, comments }, tell(converter.errors))
}

/// The first errors in the order of the text, with the number of those that are left out.
fn tell(mut errors: Vec<Diagnostic>) -> Vec<Diagnostic> {
    errors.sort_by_key(|error| error.primary.span);
    let untold = errors.len().saturating_sub(MAX_ERRORS);
    errors.truncate(MAX_ERRORS);
    if untold > 0
        && let Some(last) = errors.last_mut()
    {
        last.notes.push(format!("{untold} more errors in this file are not shown"));
    }
    errors
}

/// Runs the parser; none if it panics, which would be a fault of its own and must not take the process down.
fn run_parser(text: &str) -> Option<Parsed<ModModule>> {
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::latest());
    catch_unwind(AssertUnwindSafe(|| parse_unchecked(text, options))).ok()?.try_into_module()
}

fn span_of(lines: &Lines, range: TextRange) -> Span {
    lines.span(range.start().to_usize(), range.end().to_usize())
}

/// The parser's message without its capital letter.
fn house_style(message: &str) -> String {
    let mut chars = message.chars();
    match chars.next() {
        Some(first) if !message.starts_with("I/O") => first.to_lowercase().chain(chars).collect(),
        Some(_) | None => message.to_owned(),
    }
}

/// Makes our tree of the parser's.
struct Converter<'a> {
    text: &'a str,
    lines: Lines,
    comments: Vec<Comment>,
    /// The first comment that no statement has taken yet.
    next: usize,
    errors: Vec<Diagnostic>,
}

impl Converter<'_> {
    fn span(&self, node: &impl Ranged) -> Span {
        span_of(&self.lines, node.range())
    }

    fn all_comments(&self, parsed: &Parsed<ModModule>) -> Vec<Comment> {
        let comments = parsed.tokens().iter().filter(|token| token.kind() == TokenKind::Comment);
        comments.map(|token| self.comment(token.range())).collect()
    }

    fn comment(&self, range: TextRange) -> Comment {
        let (start, end) = (range.start().to_usize(), range.end().to_usize());
        let text = self.text.get(start..end).unwrap_or_default();
        let text = text.strip_prefix('#').unwrap_or(text);
        let text = text.strip_prefix(' ').unwrap_or(text).trim_end();
        let before = &self.text[self.lines.start_of_line(start)..start];
        Comment {
            text: text.to_owned(),
            span: self.lines.span(start, end),
            own_line: before.trim().is_empty(),
        }
    }
}
