//! From byte offsets to lines and columns.

use pyhw_diagnostics::{FileId, Pos, Span};

/// Where the lines of a text begin. Lines end with `\n`, `\r\n` or `\r`, as Python's do.
pub(crate) struct Lines {
    file: FileId,
    /// The number of the text's first line.
    first_line: u32,
    starts: Vec<usize>,
}

impl Lines {
    /// The lines of `text`, the first of which has the number `first_line`.
    pub(crate) fn new(text: &str, file: FileId, first_line: u32) -> Lines {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, &byte) in bytes.iter().enumerate() {
            if byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                starts.push(at + 1);
            }
        }
        Lines { file, first_line, starts }
    }

    /// The index of the line that an offset lies in, from 0.
    pub(crate) fn index(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset) - 1
    }

    /// Where the line of an offset begins.
    pub(crate) fn start_of_line(&self, offset: usize) -> usize {
        self.starts[self.index(offset)]
    }

    fn pos(&self, offset: usize) -> Pos {
        let index = self.index(offset);
        let line = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(self.first_line);
        let column = u32::try_from(offset - self.starts[index]).unwrap_or(u32::MAX);
        Pos { line, column }
    }

    /// The span between two offsets.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: self.pos(start), end: self.pos(end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_python_ends_them_and_columns_count_bytes() {
        let text = "a\r\né = 1\rb\n";
        let lines = Lines::new(text, FileId(3), 10);
        let at = text.find('=').unwrap();
        assert_eq!(lines.span(at, at + 1), Span::new(FileId(3), (11, 3), (11, 4)));
        let at = text.find('b').unwrap();
        assert_eq!(lines.span(at, text.len()), Span::new(FileId(3), (12, 0), (13, 0)));
    }
}
