//! The map from lines of output to lines of source, as JSON beside each emitted file.

use crate::OutputFile;
use crate::writer::LineOrigin;
use pyhw_diagnostics::Sources;
use std::fmt::Write;

/// The file `NAME.map` for the output file `name`:
/// `{"version": 1, "file": "uart_tx.v", "sources": ["uart.py"], "lines": [[12, 0, 23], …]}`, where each entry of `lines` is a
/// line of the output, a place in `sources`, and a line there; all lines count from 1, and lines that come from nowhere are
/// left out.
pub fn source_map(name: &str, origins: &[LineOrigin], sources: &Sources) -> OutputFile {
    let mut files = Vec::new();
    let mut lines = String::new();
    for origin in origins {
        if sources.get(origin.span.file).is_none() {
            continue;
        }
        let at = match files.iter().position(|file| *file == origin.span.file) {
            Some(at) => at,
            None => {
                files.push(origin.span.file);
                files.len() - 1
            }
        };
        let separator = if lines.is_empty() { "" } else { ",\n" };
        let _ = write!(lines, "{separator}    [{}, {at}, {}]", origin.line, origin.span.start.line);
    }
    let names: Vec<String> =
        files.iter().filter_map(|file| sources.get(*file)).map(|file| json_string(&file.name)).collect();
    let lines = if lines.is_empty() { String::from("[]") } else { format!("[\n{lines}\n  ]") };
    let text = format!(
        "{{\n  \"version\": 1,\n  \"file\": {},\n  \"sources\": [{}],\n  \"lines\": {lines}\n}}\n",
        json_string(name),
        names.join(", ")
    );
    OutputFile { name: format!("{name}.map"), text }
}

fn json_string(text: &str) -> String {
    let mut result = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => result.push_str("\\\""),
            '\\' => result.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(result, "\\u{:04x}", u32::from(c));
            }
            c => result.push(c),
        }
    }
    result.push('"');
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_diagnostics::Span;

    #[test]
    fn each_line_names_its_source() {
        let mut sources = Sources::new();
        let file = sources.add("a \"b\".py", "");
        let origins = [
            LineOrigin { line: 2, span: Span::NONE },
            LineOrigin { line: 7, span: Span::new(file, (23, 4), (23, 9)) },
        ];
        let map = source_map("a.v", &origins, &sources);
        assert_eq!(map.name, "a.v.map");
        assert_eq!(
            map.text,
            "{\n  \"version\": 1,\n  \"file\": \"a.v\",\n  \"sources\": [\"a \\\"b\\\".py\"],\n  \"lines\": [\n    [7, 0, 23]\n  ]\n}\n"
        );
    }
}
