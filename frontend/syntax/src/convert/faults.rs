//! Which of the parser's errors are told, and how.
//!
//! The parser goes on after an error so that one run tells all of them, and what it guesses on the way are errors that nobody made. An
//! error is left out as such a consequence if an earlier one stands in the same logical line, if it is about the layout (an
//! indentation, the end of a block) and any stands before it, or if it misses the end of a bracket that is never closed.

use super::{house_style, span_of};
use crate::lines::Lines;
use crate::nesting::Fault;
use pyhw_diagnostics::{Code, Diagnostic};
use ruff_python_ast::ModModule;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{LexicalErrorType, ParseError, ParseErrorType, Parsed};
use ruff_text_size::{Ranged, TextRange, TextSize};

/// What is told of a text that was parsed: an error for each mistake, in the order of the text. `brackets` is what is wrong with its
/// brackets, which the parser says less clearly.
pub(super) fn faults(
    text: &str,
    lines: &Lines,
    parsed: &Parsed<ModModule>,
    brackets: Option<Fault>,
) -> Vec<Diagnostic> {
    let line_ends = parsed.tokens().iter().filter(|token| token.kind() == TokenKind::Newline);
    let line_ends = line_ends.map(|token| token.range().end().to_usize()).collect();
    let reader = Reader { text, lines, line_ends };
    // The end of a bracket that stands in a text without an end is not the bracket's fault.
    let brackets = brackets.filter(|fault| {
        let hides_end = |error: &ParseError| {
            let start = error.location.start().to_usize();
            let line = text[start.min(text.len())..].lines().next().unwrap_or_default();
            matches!(error.error, ParseErrorType::Lexical(LexicalErrorType::UnclosedStringError))
                && start >= fault.start
                && line.contains([')', ']', '}'])
        };
        !parsed.errors().iter().any(hides_end)
    });
    // An opening bracket that stays open takes in what follows.
    let unclosed = brackets.as_ref().filter(|fault| text[fault.start..].starts_with(['(', '[', '{']));
    let open_from = unclosed.map_or(text.len() + 1, |fault| fault.start);
    let mut made: Vec<Made> = parsed
        .errors()
        .iter()
        .filter(|error| error.location.start().to_usize() < open_from || !misses_bracket(&error.error))
        .map(|error| reader.made(error))
        .collect();
    if let Some(fault) = brackets {
        let (start, end) = (fault.start, fault.end.min(text.len()));
        let finding = Diagnostic::new(Code::PH0102, lines.span(start, end), fault.message);
        // It comes first at its place: it is the clearest.
        made.insert(0, Made { start, is_layout: false, finding });
    }
    made.sort_by_key(|made| made.start);
    let mut told = Vec::new();
    let mut last_line = None;
    for made in made {
        let line = reader.logical_line(made.start);
        let is_consequence = last_line == Some(line) || (made.is_layout && last_line.is_some());
        if !is_consequence {
            told.push(made.finding);
            last_line = Some(line);
        }
    }
    told
}

/// Whether an error is that a bracket goes on.
fn misses_bracket(error: &ParseErrorType) -> bool {
    match error {
        ParseErrorType::ExpectedToken { expected, .. } => {
            matches!(expected, TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::Comma)
        }
        ParseErrorType::OtherError(text) => text.ends_with(['\'', '`']) && text.contains([')', ']', '}']),
        _ => false,
    }
}

/// An error with what decides whether it is told.
struct Made {
    start: usize,
    is_layout: bool,
    finding: Diagnostic,
}

struct Reader<'a> {
    text: &'a str,
    lines: &'a Lines,
    /// Where the logical lines end.
    line_ends: Vec<usize>,
}

impl Reader<'_> {
    /// The number of the logical line that an offset lies in. The line's end belongs to it.
    fn logical_line(&self, offset: usize) -> usize {
        self.line_ends.partition_point(|&end| end <= offset)
    }

    fn made(&self, error: &ParseError) -> Made {
        let (start, end) = (error.location.start().to_usize(), error.location.end().to_usize());
        // What is missing at the end of a line is missing before the line break.
        let end = if self.text[start..].starts_with(['\n', '\r']) { start } else { end };
        let range = TextRange::new(error.location.start(), TextSize::try_from(end).unwrap_or_default());
        let mut finding = Diagnostic::new(Code::PH0102, span_of(self.lines, range), self.message(error));
        if let Some(help) = self.help(error) {
            finding = finding.help(help);
        }
        Made { start, is_layout: self.is_layout(error, start), finding }
    }

    /// Whether an error is about where blocks begin and end, of which nothing is certain after another error. An indentation that fits
    /// no block is the reader's own mistake unless one came before.
    fn is_layout(&self, error: &ParseError, start: usize) -> bool {
        match &error.error {
            ParseErrorType::UnexpectedIndentation => true,
            ParseErrorType::ExpectedToken { expected, found } => {
                let is_layout = |kind: &TokenKind| {
                    matches!(kind, TokenKind::Indent | TokenKind::Dedent | TokenKind::EndOfFile)
                };
                is_layout(expected) || is_layout(found)
            }
            ParseErrorType::Lexical(LexicalErrorType::Eof) => true,
            // The end of a block has no text.
            ParseErrorType::OtherError(text) if text == "Expected a statement" => {
                error.location.is_empty() || self.word_at(start).is_empty()
            }
            _ => false,
        }
    }

    fn message(&self, error: &ParseError) -> String {
        let start = error.location.start().to_usize();
        match &error.error {
            ParseErrorType::OtherError(text) if text == "Expected a statement" => match self.word_at(start) {
                word @ ("elif" | "else" | "except" | "finally") => {
                    format!("`{word}` stands below no statement that it could belong to")
                }
                _ => house_style(text),
            },
            ParseErrorType::Lexical(LexicalErrorType::IndentationError) => {
                "the indentation is that of no line above".to_owned()
            }
            other => house_style(&other.to_string()),
        }
    }

    /// What the user probably meant: the usual slips, most of them habits from other languages.
    fn help(&self, error: &ParseError) -> Option<String> {
        let start = error.location.start().to_usize();
        let after = &self.text[start..];
        let before = self.text[..start].trim_end_matches([' ', '\t']);
        let help = match &error.error {
            ParseErrorType::ExpectedToken { found: TokenKind::Equal, .. } => "`==` compares, `=` stores",
            ParseErrorType::ExpectedToken { expected: TokenKind::Colon, found: TokenKind::If }
                if before.ends_with("else") =>
            {
                "`elif` goes on with another condition"
            }
            ParseErrorType::ExpectedToken { expected: TokenKind::Colon, found: TokenKind::Newline } => {
                "a line that begins a block ends with `:`"
            }
            ParseErrorType::ExpectedExpression => match () {
                () if after.starts_with('&') && before.ends_with('&') => "Python's word for it is `and`",
                () if after.starts_with('|') && before.ends_with('|') => "Python's word for it is `or`",
                () if after.starts_with('!') => "Python's word for it is `not`",
                () if before.ends_with("++") => "`+= 1` counts up",
                () if before.ends_with("--") => "`-= 1` counts down",
                () => return None,
            },
            ParseErrorType::SimpleStatementsOnSameLine if before.ends_with("print") => {
                "`print` is a function: `print(…)`"
            }
            ParseErrorType::Lexical(LexicalErrorType::UnclosedStringError) => {
                return based_number(before, after);
            }
            ParseErrorType::Lexical(LexicalErrorType::IndentationError) if self.mixes_tabs(start) => {
                "some lines are indented by tabs and others by spaces"
            }
            _ => return None,
        };
        Some(help.to_owned())
    }

    /// The word that begins at an offset, or the sign if there is none; empty at the end of a line.
    fn word_at(&self, offset: usize) -> &str {
        let rest = self.text[offset..].trim_start_matches([' ', '\t']);
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let sign = rest.chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
        &rest[..word.max(sign)]
    }

    /// Whether the line of an offset and one above it are indented by different characters.
    fn mixes_tabs(&self, offset: usize) -> bool {
        let line = self.lines.start_of_line(offset);
        let has_tab =
            |line: &str| line[..line.len() - line.trim_start_matches([' ', '\t']).len()].contains('\t');
        let own = has_tab(self.text[line..].lines().next().unwrap_or_default());
        self.text[..line]
            .lines()
            .filter(|line| line.starts_with([' ', '\t']))
            .any(|line| has_tab(line) != own)
    }
}

/// What Python has for a number of Verilog, `8'hff`: advice where that stands around a quote.
fn based_number(before: &str, after: &str) -> Option<String> {
    let digit = |c: char| c.is_ascii_digit();
    let width = &before[before.trim_end_matches(digit).len()..];
    let mut rest = after.strip_prefix('\'')?.chars();
    let prefix = match rest.next()?.to_ascii_lowercase() {
        'h' => "0x",
        'b' => "0b",
        'o' => "0o",
        'd' => "",
        _ => return None,
    };
    let digits: String = rest.take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let is_number = digits.chars().all(|c| c.is_ascii_hexdigit() || c == '_') && !digits.is_empty();
    (is_number && !width.is_empty()).then(|| {
        let number = format!("{prefix}{digits}");
        format!("Python writes it `{number}`; a width belongs to a signal, or to `intbv({number})[{width}:]`")
    })
}
