//! Source files and places in them.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A file in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A place between two bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pos {
    /// Line, counted from 1.
    pub line: u32,
    /// Column in bytes of UTF-8, counted from 0.
    pub column: u32,
}

/// A half-open stretch of a file. It carries lines and columns, so that it can be named without the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Where it begins.
    pub start: Pos,
    /// Where it ends, exclusive.
    pub end: Pos,
}

impl Span {
    /// Points nowhere: for what has no source, such as generated designs.
    pub const NONE: Span =
        Span { file: FileId(u32::MAX), start: Pos { line: 0, column: 0 }, end: Pos { line: 0, column: 0 } };

    /// A span of one file from (line, column) to (line, column); lines from 1, columns from 0, end exclusive.
    pub fn new(file: FileId, start: (u32, u32), end: (u32, u32)) -> Span {
        Span { file, start: Pos { line: start.0, column: start.1 }, end: Pos { line: end.0, column: end.1 } }
    }

    /// Whether it points anywhere.
    pub fn is_known(self) -> bool {
        self != Span::NONE
    }

    /// Whether all of the other one lies in it; nothing lies in one that points nowhere.
    pub fn contains(self, other: Span) -> bool {
        self.is_known() && self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The smallest span over both; an unknown one gives way to the other.
    pub fn join(self, other: Span) -> Span {
        if !self.is_known() || (other.is_known() && other.file != self.file) {
            return other;
        }
        if !other.is_known() {
            return self;
        }
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// The text form used in `.hwir`: `FILE:LINE:COLUMN-COLUMN` or `FILE:LINE:COLUMN-LINE:COLUMN`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}-", self.file.0, self.start.line, self.start.column)?;
        if self.end.line != self.start.line {
            write!(f, "{}:", self.end.line)?;
        }
        write!(f, "{}", self.end.column)
    }
}

/// One source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The name as messages show it.
    pub name: String,
    /// The whole text; empty where only the name is known (a design read from IR text).
    pub text: Arc<str>,
    /// Where each line begins: a file may have as many findings as lines.
    starts: Arc<[usize]>,
}

impl SourceFile {
    fn new(name: &str, text: &str) -> SourceFile {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(ends).filter(|start| *start < text.len()).collect();
        SourceFile { name: name.to_owned(), text: text.into(), starts }
    }

    /// The bytes of a line, counted from 1, with its line end; `None` where the text has no such line.
    pub fn line_bytes(&self, number: u32) -> Option<Range<usize>> {
        let at = (number as usize).checked_sub(1)?;
        let start = *self.starts.get(at)?;
        Some(start..self.starts.get(at + 1).copied().unwrap_or(self.text.len()))
    }

    /// How many lines the text has.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }
}

/// The source files of a design, in the order in which they were met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// No files.
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Adds a file, or finds the one that has this name already (an empty text is then filled in).
    pub fn add(&mut self, name: &str, text: &str) -> FileId {
        if let Some(at) = self.files.iter().position(|file| file.name == name) {
            if self.files[at].text.is_empty() && !text.is_empty() {
                self.files[at] = SourceFile::new(name, text);
            }
            return FileId(at as u32);
        }
        self.files.push(SourceFile::new(name, text));
        FileId(self.files.len() as u32 - 1)
    }

    /// The file of this id, if there is one.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// All files in order.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The text at a span of one line.
    pub fn text_at(&self, span: Span) -> Option<&str> {
        let file = self.get(span.file).filter(|_| span.start.line == span.end.line)?;
        let line = &file.text[file.line_bytes(span.start.line)?];
        line.get(span.start.column as usize..span.end.column as usize)
    }

    /// Where a name stands in a span, if it stands there once: not as a part of another name, nor as an attribute.
    pub fn word_in(&self, span: Span, word: &str) -> Option<Span> {
        let file = self.get(span.file)?;
        let is_letter = |c: char| c.is_alphanumeric() || c == '_';
        let mut found = None;
        for number in span.start.line..=span.end.line.min(file.line_count()) {
            let line = &file.text[file.line_bytes(number)?];
            let from = if number == span.start.line { span.start.column as usize } else { 0 };
            let to = if number == span.end.line { span.end.column as usize } else { line.len() };
            let part = line.get(from..to.min(line.len()))?;
            for (at, _) in part.match_indices(word) {
                let (before, after) = (&part[..at], &part[at + word.len()..]);
                if before.ends_with(is_letter) || before.ends_with('.') || after.starts_with(is_letter) {
                    continue;
                }
                let start = (from + at) as u32;
                let place = Span::new(span.file, (number, start), (number, start + word.len() as u32));
                if found.replace(place).is_some() {
                    return None;
                }
            }
        }
        found
    }

    /// Where the name of a function stands whose definition a span covers; the span itself if the name is not found on its first line.
    pub fn name_of(&self, function: Span, name: &str) -> Span {
        let line = self.get(function.file).and_then(|file| file.line_bytes(function.start.line));
        let Some(line) = line else { return function };
        let end = (function.start.line, line.len() as u32);
        let head = Span::new(function.file, (function.start.line, function.start.column), end);
        self.word_in(head, name).unwrap_or(function)
    }

    /// `uart.py:23`, the way that output and messages name a place; empty for an unknown span.
    pub fn line(&self, span: Span) -> String {
        match self.get(span.file) {
            Some(file) => {
                let base = file.name.rsplit('/').next().unwrap_or(&file.name);
                format!("{base}:{}", span.start.line)
            }
            None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_shows_its_end_line_only_where_it_differs() {
        assert_eq!(Span::new(FileId(0), (3, 4), (3, 9)).to_string(), "0:3:4-9");
        assert_eq!(Span::new(FileId(1), (3, 4), (5, 2)).to_string(), "1:3:4-5:2");
    }

    #[test]
    fn joining_with_an_unknown_span_keeps_the_known_one() {
        let span = Span::new(FileId(0), (1, 0), (1, 5));
        assert_eq!(span.join(Span::NONE), span);
        assert_eq!(Span::NONE.join(span), span);
    }

    #[test]
    fn lines_are_found_by_their_numbers() {
        for (text, lines) in
            [("", &[][..]), ("a", &["a"]), ("a\n", &["a\n"]), ("a\r\n\nb", &["a\r\n", "\n", "b"])]
        {
            let file = SourceFile::new("a.py", text);
            let found: Vec<&str> =
                (1..=file.line_count()).map(|at| &text[file.line_bytes(at).unwrap()]).collect();
            assert_eq!(found, lines);
            assert_eq!((file.line_bytes(0), file.line_bytes(file.line_count() + 1)), (None, None));
        }
    }

    #[test]
    fn a_word_is_found_where_it_stands_once() {
        let mut sources = Sources::new();
        let file = sources.add("a.py", "def p():\n    xs = é + a.x * x\n    y = y\n");
        let within = |start, end| Span::new(file, start, end);
        let all = within((1, 0), (3, 9));
        assert_eq!(sources.word_in(all, "x"), Some(within((2, 20), (2, 21))));
        assert_eq!((sources.word_in(all, "y"), sources.word_in(all, "z")), (None, None));
        assert_eq!(sources.word_in(within((3, 8), (3, 9)), "y"), Some(within((3, 8), (3, 9))));
        assert_eq!(sources.word_in(within((2, 10), (2, 99)), "x"), None, "not between letters");
        assert_eq!(sources.word_in(Span::NONE, "x"), None);
        assert_eq!(sources.name_of(all, "p"), within((1, 4), (1, 5)));
        assert_eq!(sources.name_of(all, "q"), all);
    }

    #[test]
    fn a_file_is_added_once() {
        let mut sources = Sources::new();
        let first = sources.add("dir/a.py", "");
        assert_eq!(sources.add("dir/a.py", "x = 1\n"), first);
        assert_eq!(sources.get(first).map(|file| &*file.text), Some("x = 1\n"));
        assert_eq!(sources.line(Span::new(first, (7, 0), (7, 1))), "a.py:7");
    }
}
