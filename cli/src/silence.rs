//! Comments that silence a warning on its line: `# pyhw: ignore[PH0313]`, several codes with commas between.

use pyhw_diagnostics::{Code, Diagnostic, FileId, Severity, Sources, Span};
use std::collections::HashMap;

/// Codes follow in brackets.
const MARK: &str = "pyhw: ignore";

/// The lines of files on which codes are silenced, found as they are asked for.
#[derive(Default)]
pub struct Silence {
    files: HashMap<String, HashMap<u32, Vec<Code>>>,
}

impl Silence {
    /// Whether a comment silences this finding: on the first or the last line of its primary place. Errors are never silent.
    pub fn covers(&mut self, finding: &Diagnostic, sources: &Sources) -> bool {
        let span = finding.primary.span;
        let Some(file) = sources.get(span.file) else { return false };
        if finding.severity >= Severity::Error {
            return false;
        }
        if !self.files.contains_key(&file.name) {
            self.files.insert(file.name.clone(), silenced_lines(&file.text));
        }
        let lines = &self.files[&file.name];
        [span.start.line, span.end.line]
            .iter()
            .any(|line| lines.get(line).is_some_and(|codes| codes.contains(&finding.code)))
    }
}

fn silenced_lines(text: &str) -> HashMap<u32, Vec<Code>> {
    let mut lines = HashMap::new();
    for mark in marks(text, FileId(0)) {
        lines.insert(mark.line, mark.codes.iter().filter_map(|(_, code)| Code::parse(code)).collect());
    }
    lines
}

/// A comment that silences.
struct Mark<'t> {
    line: u32,
    /// Where it begins.
    column: usize,
    /// What stands between its brackets, with the place of each; nothing without brackets.
    codes: Vec<(usize, &'t str)>,
}

/// The comments of a file in Python that silence something, or were to. That a comment only speaks of it is no reason to tell of it.
fn marks(text: &str, file: FileId) -> Vec<Mark<'_>> {
    // The mark is rare, and where it stands in a text it is no comment.
    if !text.contains(MARK) {
        return Vec::new();
    }
    let lines: Vec<&str> = text.lines().collect();
    let comments = pyhw_syntax::parse_module(text, file).0.comments;
    let of_comment = |place: Span| {
        let (line, column) = (place.start.line, place.start.column as usize);
        mark(line, column, lines.get(line as usize - 1)?.get(column..)?)
    };
    comments.iter().filter_map(|comment| of_comment(comment.span)).collect()
}

/// The mark in a comment that begins at a column.
fn mark(line: u32, start: usize, comment: &str) -> Option<Mark<'_>> {
    let at = comment.find(MARK)?;
    let rest = &comment[at + MARK.len()..];
    let begins = comment[..at].chars().all(|c| c == '#' || c.is_whitespace());
    let mut codes = Vec::new();
    match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((within, _)) => {
            let mut column = start + at + MARK.len() + 1;
            for word in within.split(',') {
                let code = word.trim();
                codes.push((column + (word.len() - word.trim_start().len()), code));
                column += word.len() + 1;
            }
        }
        None => {
            let rest = rest.trim_start_matches([' ', ':', '=', '(', '[']);
            let is_code = rest.get(..2).is_some_and(|head| head.eq_ignore_ascii_case("PH"))
                && rest[2..].starts_with(|c: char| c.is_ascii_digit());
            if !(begins && (rest.is_empty() || is_code)) {
                return None;
            }
        }
    }
    Some(Mark { line, column: start + at, codes })
}

/// Comments that silence nothing, as they name a code that does not exist, or none.
pub fn without_effect(sources: &Sources, id: FileId) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for mark in sources.get(id).into_iter().flat_map(|file| marks(&file.text, id)) {
        let at = |column: usize, length: usize| {
            Span::new(id, (mark.line, column as u32), (mark.line, (column + length) as u32))
        };
        if mark.codes.is_empty() {
            let message = format!("`{MARK}` names no code, and silences nothing");
            let finding = Diagnostic::new(Code::PH0107, at(mark.column, MARK.len()), message);
            found.push(finding.help(format!("name the code of the message, as in `{MARK}[PH0313]`")));
        }
        for (column, word) in &mark.codes {
            if Code::parse(word).is_none() {
                let message = format!("there is no code `{word}`: nothing is silenced by it");
                let finding = Diagnostic::new(Code::PH0107, at(*column, word.len()), message);
                found.push(finding.help("`pyhw explain` lists the codes"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_silent_on_its_line_by_its_code_only() {
        let mut sources = Sources::new();
        let text = "a\nb  # pyhw: ignore[PH0313, ph0401]\nc = 'pyhw: ignore[PH0313]'\nd # see pyhw: ignore[PH0314]\n";
        let file = sources.add("a.py", text);
        let at = |code, line| Diagnostic::new(code, Span::new(file, (line, 0), (line, 1)), "");
        let mut silence = Silence::default();
        let mut covers = |finding: Diagnostic| silence.covers(&finding, &sources);
        assert!(covers(at(Code::PH0313, 2)) && covers(at(Code::PH0401, 2)) && covers(at(Code::PH0314, 4)));
        assert!(!covers(at(Code::PH0313, 1)) && !covers(at(Code::PH0402, 2)) && !covers(at(Code::PH0313, 3)));
        assert!(!covers(at(Code::PH0313, 2).severity(Severity::Error)));
        assert!(!covers(Diagnostic::new(Code::PH0313, Span::NONE, "")));
    }

    #[test]
    fn what_silences_nothing_is_told_at_its_place() {
        let mut sources = Sources::new();
        let text = "a  # pyhw: ignore[PH0313,  PH0999]\nb  # pyhw: ignore\nc = '# pyhw: ignore'\nd  # pyhw: ignore[]\n\
                    e  # pyhw: ignores this\n'''\n# pyhw: ignore[PH0]\n'''\nf  # pyhw: ignore PH0313\n# say pyhw: ignore, or\n";
        let file = sources.add("a.py", text);
        let told: Vec<(u32, u32, u32)> = without_effect(&sources, file)
            .iter()
            .map(|finding| finding.primary.span)
            .map(|span| (span.start.line, span.start.column, span.end.column))
            .collect();
        assert_eq!(told, [(1, 27, 33), (2, 5, 17), (4, 18, 18), (9, 5, 17)]);
    }
}
