//! Findings as a person reads them.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use pyhw_diagnostics::{Diagnostic, FileId, Label, Pos, Severity, SourceFile, Sources, Span};
use std::ops::Range;

/// Added to every fault of pyhw itself.
const ABOUT_BUGS: &str =
    "this is a fault of pyhw itself, not of the design: please report it with the design";

/// A finding as text without colours; ends with a line end.
pub fn render_plain(diagnostic: &Diagnostic, sources: &Sources) -> String {
    render(diagnostic, sources, false)
}

/// A finding as text, coloured or not; ends with a line end.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, colored: bool) -> String {
    let renderer = if colored { Renderer::styled() } else { Renderer::plain() };
    let level = match diagnostic.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
        Severity::Bug => Level::ERROR.with_name("bug"),
    };
    let title = level.primary_title(one_line(&diagnostic.message)).id(diagnostic.code.name());
    let mut group = Group::with_title(title);
    let files = files(diagnostic);
    for &file in &files {
        if let Some(source) = sources.get(file) {
            group = of_file(group, diagnostic, file, source);
        }
    }
    let bug = (diagnostic.severity == Severity::Bug).then_some(ABOUT_BUGS);
    for note in diagnostic.notes.iter().map(String::as_str).chain(bug) {
        group = group.element(Level::NOTE.message(clean(note)));
    }
    let helps = diagnostic.help.iter().map(|help| clean(help));
    let report = if files.is_empty() {
        // Without lines there is nothing that advice of its own would stand apart from.
        vec![group.elements(helps.map(|help| Level::HELP.message(help)))]
    } else {
        let helps = helps.map(|help| Group::with_title(Level::HELP.secondary_title(help)));
        std::iter::once(group).chain(helps).collect()
    };
    let mut text = renderer.render(&report);
    text.push('\n');
    text
}

/// The files that a finding points into, that of its primary place first.
fn files(diagnostic: &Diagnostic) -> Vec<FileId> {
    let spans =
        std::iter::once(diagnostic.primary.span).chain(diagnostic.labels.iter().map(|label| label.span));
    let mut files = Vec::new();
    for span in spans.filter(|span| span.is_known()) {
        if !files.contains(&span.file) {
            files.push(span.file);
        }
    }
    files
}

fn of_file<'a>(
    group: Group<'a>,
    diagnostic: &'a Diagnostic,
    file: FileId,
    source: &'a SourceFile,
) -> Group<'a> {
    let primary = Some(&diagnostic.primary).filter(|label| label.span.file == file);
    let labels: Vec<&Label> =
        primary.into_iter().chain(diagnostic.labels.iter().filter(|label| label.span.file == file)).collect();
    near_each_other(labels)
        .into_iter()
        .fold(group, |group, labels| of_lines(group, diagnostic, source, &labels))
}

/// How many lines may lie between two places that are shown in one piece. Rendering goes through all of them, for each finding.
const FAR_LINES: u32 = 500;

/// The labels in pieces of the file, that of the first label first; in each piece they are in the order that they had.
fn near_each_other(labels: Vec<&Label>) -> Vec<Vec<&Label>> {
    let mut sorted: Vec<(usize, &Label)> = labels.into_iter().enumerate().collect();
    sorted.sort_by_key(|(_, label)| label.span.start.line);
    let mut pieces: Vec<Vec<(usize, &Label)>> = Vec::new();
    let mut end = 0;
    for (order, label) in sorted {
        match pieces.last_mut() {
            Some(piece) if label.span.start.line <= end + FAR_LINES => piece.push((order, label)),
            Some(_) | None => pieces.push(vec![(order, label)]),
        }
        end = end.max(label.span.end.line.max(label.span.start.line));
    }
    for piece in &mut pieces {
        piece.sort_by_key(|(order, _)| *order);
    }
    pieces.sort_by_key(|piece| piece[0].0);
    pieces.into_iter().map(|piece| piece.into_iter().map(|(_, label)| label).collect()).collect()
}

fn of_lines<'a>(
    group: Group<'a>,
    diagnostic: &'a Diagnostic,
    source: &'a SourceFile,
    labels: &[&'a Label],
) -> Group<'a> {
    let Some(window) = Window::over(source, labels.iter().map(|label| label.span)) else {
        // The text is not known: the place alone is shown.
        let Some(first) = labels.first() else { return group };
        let place = Origin::path(source.name.as_str()).line(first.span.start.line as usize);
        return group.element(place.char_column(first.span.start.column as usize + 1));
    };
    let mut snippet =
        Snippet::source(window.text).path(source.name.as_str()).line_start(window.first_line as usize);
    for label in labels {
        let Some(span) = window.bytes(label.span) else { continue };
        let kind = if std::ptr::eq(*label, &diagnostic.primary) {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let annotation: Annotation<'a> = kind.span(span);
        snippet = snippet.annotation(match label.text.is_empty() {
            true => annotation,
            false => annotation.label(clean(&label.text)),
        });
    }
    group.element(snippet)
}

/// The lines of a file that the places of a finding are on.
struct Window<'a> {
    text: &'a str,
    first_line: u32,
    /// Where each line of the window begins, and the end of the last one.
    starts: Vec<usize>,
}

impl<'a> Window<'a> {
    /// The lines over these places; nothing if the text does not have them.
    fn over(file: &'a SourceFile, spans: impl Iterator<Item = Span> + Clone) -> Option<Window<'a>> {
        let first_line = spans.clone().map(|span| span.start.line).min()?.max(1);
        let last_line = spans.map(|span| span.end.line.max(span.start.line)).max()?;
        let lines = first_line..=last_line.min(file.line_count());
        let lines: Vec<Range<usize>> = lines.map_while(|number| file.line_bytes(number)).collect();
        let (begin, end) = (lines.first()?.start, lines.last()?.end);
        let starts = lines.iter().map(|line| line.start - begin).chain([end - begin]).collect();
        Some(Window { text: &file.text[begin..end], first_line, starts })
    }

    /// The bytes of a span within the window. An empty one at the beginning of a line means the line.
    fn bytes(&self, span: Span) -> Option<Range<usize>> {
        let (line, line_end) = self.line(span.start.line)?;
        if span.start == span.end && span.start.column == 0 {
            let content = &self.text[line..line_end];
            let indent = content.len() - content.trim_start().len();
            return Some(line + indent..line + content.trim_end().len().max(indent));
        }
        let start = self.place(span.start)?;
        let end = self.place(span.end).unwrap_or(line_end).max(start);
        Some(start..end)
    }

    fn place(&self, pos: Pos) -> Option<usize> {
        let (line, end) = self.line(pos.line)?;
        let mut at = (line + pos.column as usize).min(end);
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        Some(at)
    }

    /// Where a line begins, and where it ends without its line end.
    fn line(&self, number: u32) -> Option<(usize, usize)> {
        let index = number.checked_sub(self.first_line)? as usize;
        let (start, next) = (*self.starts.get(index)?, *self.starts.get(index + 1)?);
        Some((start, start + self.text[start..next].trim_end_matches(['\n', '\r']).len()))
    }
}

fn one_line(text: &str) -> String {
    clean(&text.replace(['\n', '\r'], " "))
}

/// Text of the user's may hold anything; a terminal must not take it for a command.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;
    use pyhw_diagnostics::Code;

    const ADDER: &str = "\
from pyhw import *


@block
def adder(a, b):
    x = 1
    y = 2
    z = 3
    total = Signal(uint[8])
    w = 4
    v = 5

    @always_comb
    def add():
        assert a >= 128
        total.next = a + b
";

    fn sources() -> (Sources, FileId) {
        let mut sources = Sources::new();
        let file = sources.add("adder.py", ADDER);
        (sources, file)
    }

    fn cannot_fit(file: FileId) -> Diagnostic {
        let message = "256 to 510 do not fit into `total`, which holds 0 to 255";
        Diagnostic::new(Code::PH0312, Span::new(file, (16, 8), (16, 18)), message)
            .label(Span::new(file, (9, 12), (9, 27)), "`total` holds 0 to 255")
            .label(Span::new(file, (16, 21), (16, 26)), "256 to 510: `a` is 128 to 255 and so is `b`")
            .help("widen the signal: `Signal(uint[9])`")
    }

    #[test]
    fn an_error_shows_its_lines_and_what_to_do() {
        let (sources, file) = sources();
        assert_snapshot!(render_plain(&cannot_fit(file), &sources), @r#"
error[PH0312]: 256 to 510 do not fit into `total`, which holds 0 to 255
  --> adder.py:16:9
   |
 9 |     total = Signal(uint[8])
   |             --------------- `total` holds 0 to 255
...
16 |         total.next = a + b
   |         ^^^^^^^^^^   ----- 256 to 510: `a` is 128 to 255 and so is `b`
   |
help: widen the signal: `Signal(uint[9])`
"#);
    }

    #[test]
    fn notes_stand_below_the_lines_and_a_bug_says_whose_it_is() {
        let (sources, file) = sources();
        let bug = Diagnostic::bug(Span::new(file, (5, 0), (5, 0)), "the design is not valid")
            .note("net 3 is missing");
        assert_snapshot!(render_plain(&bug, &sources), @r#"
bug[PH9999]: the design is not valid
 --> adder.py:5:1
  |
5 | def adder(a, b):
  | ^^^^^^^^^^^^^^^^
  |
  = note: net 3 is missing
  = note: this is a fault of pyhw itself, not of the design: please report it with the design
"#);
    }

    #[test]
    fn a_finding_without_a_place_has_no_lines() {
        let finding =
            Diagnostic::new(Code::PH0104, Span::NONE, "there is no block `x`").help("one of these: `y`, `z`");
        assert_snapshot!(render_plain(&finding, &Sources::new()), @r#"
error[PH0104]: there is no block `x`
 |
 = help: one of these: `y`, `z`
"#);
    }

    #[test]
    fn a_place_in_a_file_without_text_is_named() {
        let mut sources = Sources::new();
        let file = sources.add("uart.py", "");
        let finding =
            Diagnostic::new(Code::PH0401, Span::new(file, (23, 4), (23, 9)), "several drivers of `x`");
        assert_snapshot!(render_plain(&finding, &sources), @r#"
warning[PH0401]: several drivers of `x`
--> uart.py:23:5
"#);
    }

    #[test]
    fn places_in_two_files_are_shown_each_in_its_own() {
        let (mut sources, file) = sources();
        let other = sources.add("top.py", "from adder import adder\nadder(1, 2)\n");
        let finding = Diagnostic::new(Code::PH0103, Span::new(file, (6, 4), (6, 9)), "`ValueError`: no")
            .label(Span::new(other, (2, 0), (2, 11)), "called here");
        assert_snapshot!(render_plain(&finding, &sources), @r#"
error[PH0103]: `ValueError`: no
 --> adder.py:6:5
  |
6 |     x = 1
  |     ^^^^^
  |
 ::: top.py:2:1
  |
2 | adder(1, 2)
  | ----------- called here
"#);
    }

    #[test]
    fn colours_are_only_there_where_they_are_asked_for() {
        let (sources, file) = sources();
        assert!(render(&cannot_fit(file), &sources, true).contains('\u{1b}'));
        assert!(!render(&cannot_fit(file), &sources, false).contains('\u{1b}'));
    }

    #[test]
    fn no_place_makes_it_panic() {
        let mut sources = Sources::new();
        let file = sources.add("a.py", "ä = 'ß'\r\n\tb\n\n");
        for line in 0..6 {
            for column in 0..12 {
                for end in [(line, column), (line, column + 3), (line + 1, 0), (line + 9, 9), (0, 0)] {
                    let span = Span::new(file, (line, column), end);
                    let finding = Diagnostic::new(Code::PH0201, span, "x\u{1b}[2J\ny").label(span, "\u{7}");
                    assert!(!render_plain(&finding, &sources).contains('\u{1b}'));
                }
            }
        }
    }

    #[test]
    fn places_that_are_far_apart_are_pieces_of_their_own_in_their_order() {
        let labels: Vec<Label> = [2000, 30, 2003, 20, 900]
            .map(|line| Label { span: Span::new(FileId(0), (line, 0), (line, 1)), text: String::new() })
            .into();
        let pieces = near_each_other(labels.iter().collect());
        let lines: Vec<Vec<u32>> =
            pieces.iter().map(|piece| piece.iter().map(|label| label.span.start.line).collect()).collect();
        assert_eq!(lines, [vec![2000, 2003], vec![30, 20], vec![900]]);
    }
}
