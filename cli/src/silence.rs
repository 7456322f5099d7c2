//! Comments that silence a warning on its line: `# pyhw: ignore[PH0313]`, several codes with commas between.

use pyhw_diagnostics::{Code, Diagnostic, Severity, Sources};
use std::collections::HashMap;

const MARK: &str = "pyhw: ignore[";

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
    for (index, line) in text.lines().enumerate() {
        // The mark is rare, and what precedes it in a comment is its `#`.
        let Some((before, after)) = line.split_once(MARK) else { continue };
        let Some((codes, _)) = after.split_once(']') else { continue };
        if before.contains('#') {
            lines.insert(
                index as u32 + 1,
                codes.split(',').filter_map(|code| Code::parse(code.trim())).collect(),
            );
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_diagnostics::Span;

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
}
