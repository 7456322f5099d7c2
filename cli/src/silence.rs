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
    for mark in marks(text) {
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

fn marks(text: &str) -> impl Iterator<Item = Mark<'_>> {
    text.lines().enumerate().filter_map(|(index, line)| {
        // The mark is rare, and what precedes it in a comment is its `#`.
        let column = line.find(MARK).filter(|&at| line[..at].contains('#'))?;
        let begin = column + MARK.len() + 1;
        let within = line[begin - 1..].strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let mut codes = Vec::new();
        let mut at = begin;
        for word in within.iter().flat_map(|(codes, _)| codes.split(',')) {
            let code = word.trim();
            codes.push((at + (word.len() - word.trim_start().len()), code));
            at += word.len() + 1;
        }
        Some(Mark { line: index as u32 + 1, column, codes })
    })
}

/// Comments that silence nothing, as they name a code that does not exist, or none.
pub fn without_effect(sources: &Sources, id: FileId) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for mark in sources.get(id).into_iter().flat_map(|file| marks(&file.text)) {
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
        let text = "a  # pyhw: ignore[PH0313,  PH0999]\nb  # pyhw: ignore\nc = 'pyhw: ignore'\nd  # pyhw: ignore[]\n";
        let file = sources.add("a.py", text);
        let told: Vec<(u32, u32, u32)> = without_effect(&sources, file)
            .iter()
            .map(|finding| finding.primary.span)
            .map(|span| (span.start.line, span.start.column, span.end.column))
            .collect();
        assert_eq!(told, [(1, 27, 33), (2, 5, 17), (4, 18, 18)]);
    }
}
