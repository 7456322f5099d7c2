//! Indented lines and aligned tables, with the place in the source that each line comes from.

use pyhw_diagnostics::Span;

/// A line of a table: cells in columns and a comment at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The cells; each column but the last of a row is padded to the widest cell of the table.
    pub cells: Vec<String>,
    /// With its comment sign; comments of a table start in one column.
    pub comment: Option<String>,
    /// Where the row comes from; `None` for the writer's current place.
    pub span: Option<Span>,
}

impl Row {
    /// A row without a comment.
    pub fn new<S: Into<String>>(cells: impl IntoIterator<Item = S>) -> Row {
        Row { cells: cells.into_iter().map(Into::into).collect(), comment: None, span: None }
    }

    /// With a comment, which brings its own comment sign.
    pub fn comment(mut self, comment: Option<String>) -> Row {
        self.comment = comment;
        self
    }

    /// With the place that it comes from.
    pub fn at(mut self, span: Span) -> Row {
        self.span = Some(span);
        self
    }
}

/// The place that a line of output comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineOrigin {
    /// The line of the output, counted from 1.
    pub line: u32,
    /// The place in the source.
    pub span: Span,
}

/// Finished text with the origin of its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The text; every line ends with a line end.
    pub text: String,
    /// The lines whose origin is known, in order.
    pub origins: Vec<LineOrigin>,
}

/// Collects lines of text.
#[derive(Clone, Debug)]
pub struct Writer {
    indent: &'static str,
    depth: usize,
    text: String,
    lines: u32,
    span: Span,
    origins: Vec<LineOrigin>,
}

impl Writer {
    /// An empty text; each level of [`Writer::indent`] puts `indent` before the lines.
    pub fn new(indent: &'static str) -> Writer {
        Writer { indent, depth: 0, text: String::new(), lines: 0, span: Span::NONE, origins: Vec::new() }
    }

    /// Sets the place that the following lines come from, and gives back the one before.
    pub fn set_span(&mut self, span: Span) -> Span {
        std::mem::replace(&mut self.span, span)
    }

    /// A line at the present depth; blanks at its end are removed. A text of several lines is written as such.
    pub fn line(&mut self, text: impl AsRef<str>) {
        for line in text.as_ref().split('\n') {
            let line = line.trim_end();
            if !line.is_empty() {
                for _ in 0..self.depth {
                    self.text.push_str(self.indent);
                }
                self.text.push_str(line);
            }
            self.text.push('\n');
            self.lines += 1;
            if self.span.is_known() && !line.is_empty() {
                self.origins.push(LineOrigin { line: self.lines, span: self.span });
            }
        }
    }

    /// An empty line, unless the last one is empty already or there is none.
    pub fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
            self.lines += 1;
        }
    }

    /// One level deeper.
    pub fn indent(&mut self) {
        self.depth += 1;
    }

    /// One level back.
    pub fn dedent(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// The columns that the present indentation takes.
    pub fn column(&self) -> usize {
        self.depth * self.indent.len()
    }

    /// Rows in aligned columns: a blank between two columns, two before comments. A column that is empty in every row is left
    /// out. Comments are aligned among the rows that have one.
    pub fn table(&mut self, rows: &[Row]) {
        let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let width = |text: &str| text.chars().count();
        let mut widths = vec![0; columns];
        for row in rows {
            // The last cell of a row may be as long as it likes: nothing stands behind it.
            let last = row.cells.len().saturating_sub(1);
            for (index, cell) in row.cells.iter().enumerate() {
                if index < last {
                    widths[index] = widths[index].max(width(cell));
                }
            }
        }
        let used: Vec<bool> = (0..columns)
            .map(|at| rows.iter().any(|row| row.cells.get(at).is_some_and(|c| !c.is_empty())))
            .collect();
        let lines: Vec<String> = rows
            .iter()
            .map(|row| {
                let mut line = String::new();
                for (index, cell) in row.cells.iter().enumerate() {
                    if !used[index] {
                        continue;
                    }
                    line.push_str(cell);
                    if index + 1 < row.cells.len() {
                        line.extend(std::iter::repeat_n(
                            ' ',
                            (widths[index] + 1).saturating_sub(width(cell)),
                        ));
                    }
                }
                line.truncate(line.trim_end().len());
                line
            })
            .collect();
        let column = rows
            .iter()
            .zip(&lines)
            .filter(|(row, _)| row.comment.is_some())
            .map(|(_, line)| width(line) + 2)
            .max()
            .unwrap_or(0);
        for (row, mut line) in rows.iter().zip(lines) {
            if let Some(comment) = &row.comment {
                let gap = column.saturating_sub(width(&line));
                line.extend(std::iter::repeat_n(' ', gap));
                line.push_str(comment);
            }
            let before = self.span;
            self.span = row.span.unwrap_or(before);
            self.line(line);
            self.span = before;
        }
    }

    /// Appends finished text at the present depth.
    pub fn append(&mut self, other: &Text) {
        let mut origins = other.origins.iter().peekable();
        let before = self.span;
        for (index, line) in other.text.lines().enumerate() {
            self.span = match origins.next_if(|origin| origin.line as usize == index + 1) {
                Some(origin) => origin.span,
                None => Span::NONE,
            };
            self.line(line);
        }
        self.span = before;
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text.
    pub fn finish(self) -> String {
        self.text
    }

    /// The text and where its lines come from.
    pub fn finish_with_origins(self) -> Text {
        Text { text: self.text, origins: self.origins }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_diagnostics::FileId;

    #[test]
    fn lines_are_indented_and_have_no_blanks_at_their_end() {
        let mut writer = Writer::new("  ");
        writer.line("begin");
        writer.indent();
        writer.line("a  \n\nb");
        writer.dedent();
        writer.blank();
        writer.blank();
        writer.line("end");
        assert_eq!(writer.finish(), "begin\n  a\n\n  b\n\nend\n");
    }

    #[test]
    fn a_table_aligns_its_columns_and_comments() {
        let mut writer = Writer::new("    ");
        writer.indent();
        writer.table(&[
            Row::new(["input", "wire", "", "clk,"]),
            Row::new(["input", "wire", "", "rst,"]).comment(Some("// active high".into())),
            Row::new(["output", "reg", "[7:0]", "q"]).comment(Some("// sum".into())),
        ]);
        assert_eq!(
            writer.finish(),
            "    input  wire       clk,\n    input  wire       rst,  // active high\n    output reg  [7:0] q     // sum\n"
        );
    }

    #[test]
    fn a_column_without_text_takes_no_room() {
        let mut writer = Writer::new("    ");
        writer.table(&[Row::new(["a", "", "1;"]), Row::new(["bb", "", "2;"])]);
        assert_eq!(writer.finish(), "a  1;\nbb 2;\n");
    }

    #[test]
    fn lines_know_where_they_come_from() {
        let span = Span::new(FileId(0), (3, 0), (3, 1));
        let other = Span::new(FileId(0), (4, 0), (4, 1));
        let mut inner = Writer::new("    ");
        inner.set_span(span);
        inner.line("x");
        inner.table(&[Row::new(["y"]).at(other)]);
        let mut outer = Writer::new("    ");
        outer.line("head");
        outer.append(&inner.finish_with_origins());
        let text = outer.finish_with_origins();
        assert_eq!(text.text, "head\nx\ny\n");
        assert_eq!(text.origins, [LineOrigin { line: 2, span }, LineOrigin { line: 3, span: other }]);
    }
}
