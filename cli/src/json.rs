//! Findings as JSON: one object on a line for each.
//!
//! `code`, `severity` (`note`, `warning`, `error`, `bug`), `message`, `file`, `line`, `column`, `end_line`, `end_column` (null
//! where there is no place), `label` (what is said at the place), `labels` (more places: the same fields with `text`), `notes`,
//! `help`. Lines and columns count from 1, columns in characters; an end is exclusive.

use pyhw_diagnostics::{Code, Diagnostic, Example, Pos, Severity, SourceFile, Sources, Span};
use serde_json::{Map, Value, json};

/// One finding, without a line end.
pub fn line(finding: &Diagnostic, sources: &Sources) -> String {
    let mut object = place(finding.primary.span, sources);
    object.insert("code".into(), finding.code.name().into());
    object.insert("severity".into(), finding.severity.to_string().into());
    object.insert("message".into(), finding.message.clone().into());
    object.insert("label".into(), finding.primary.text.clone().into());
    let labels = finding.labels.iter().map(|label| {
        let mut object = place(label.span, sources);
        object.insert("text".into(), label.text.clone().into());
        Value::Object(object)
    });
    object.insert("labels".into(), labels.collect());
    object.insert("notes".into(), json!(finding.notes));
    object.insert("help".into(), json!(finding.help));
    Value::Object(object).to_string()
}

/// A message that is no finding, without a line end: `severity` and `message`.
pub fn remark(severity: Severity, message: &str) -> String {
    json!({ "severity": severity.to_string(), "message": message }).to_string()
}

/// A warning of Python's own, without a line end: what a remark has, with `file` and `line`.
pub fn python_warning(message: &str, file: &str, line: u32) -> String {
    json!({ "severity": Severity::Warning.to_string(), "message": message, "file": file, "line": line })
        .to_string()
}

/// What is known of a code, without a line end: `code`, `severity`, `title`, `text` (paragraphs with an empty line between), `refused_for`
/// (the languages in which an emission makes an error of the warning), and of its example `command`, `failing` and `mended`, null where there is none.
pub fn explanation(code: Code) -> String {
    let info = code.info();
    let of_example = |part: fn(&Example) -> &'static str| info.example.as_ref().map(part);
    json!({
        "code": code.name(),
        "severity": info.severity.to_string(),
        "title": info.title,
        "text": info.text,
        "refused_for": crate::emission::refusing(code),
        "command": of_example(|example| example.command),
        "failing": of_example(|example| example.failing),
        "mended": of_example(|example| example.mended),
    })
    .to_string()
}

fn place(span: Span, sources: &Sources) -> Map<String, Value> {
    let file = sources.get(span.file);
    let known = file.is_some();
    let number = |value: u32| if known { Value::from(value) } else { Value::Null };
    let mut object = Map::new();
    object.insert("file".into(), file.map_or(Value::Null, |file| file.name.clone().into()));
    object.insert("line".into(), number(span.start.line));
    object.insert("column".into(), number(characters(file, span.start) + 1));
    object.insert("end_line".into(), number(span.end.line));
    object.insert("end_column".into(), number(characters(file, span.end) + 1));
    object
}

/// How many characters stand before a place on its line.
fn characters(file: Option<&SourceFile>, pos: Pos) -> u32 {
    let line =
        file.and_then(|file| Some(file.text[file.line_bytes(pos.line)?].trim_end_matches(['\n', '\r'])));
    match line {
        None => pos.column,
        Some(line) => line.char_indices().take_while(|(at, _)| *at < pos.column as usize).count() as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_explained_on_one_line() {
        let value: Value = serde_json::from_str(&explanation(Code::PH0312)).expect("it is JSON");
        assert_eq!((&value["code"], &value["severity"]), (&json!("PH0312"), &json!("error")));
        assert!(value["failing"].as_str().is_some_and(|text| text.contains("@block")));
        let value: Value = serde_json::from_str(&explanation(Code::PH9999)).expect("it is JSON");
        assert_eq!(value["mended"], Value::Null);
    }

    #[test]
    fn a_finding_is_one_line_with_its_places() {
        let mut sources = Sources::new();
        let file = sources.add("a.py", "é = 1\nx = é + 1\n");
        let finding = Diagnostic::new(Code::PH0313, Span::new(file, (2, 4), (2, 10)), "may\nnot fit")
            .at("here")
            .label(Span::new(file, (1, 0), (1, 2)), "there")
            .note("n")
            .help("h");
        let text = line(&finding, &sources);
        assert!(!text.contains('\n'));
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["code"], "PH0313");
        assert_eq!(
            (&value["line"], &value["column"], &value["end_column"]),
            (&json!(2), &json!(5), &json!(10))
        );
        assert_eq!(value["labels"][0]["end_column"], 2);
        assert_eq!((&value["notes"], &value["help"]), (&json!(["n"]), &json!(["h"])));
    }

    #[test]
    fn a_finding_without_a_place_has_nulls() {
        let text = line(&Diagnostic::new(Code::PH0104, Span::NONE, "m"), &Sources::new());
        let value: Value = serde_json::from_str(&text).unwrap();
        assert!(value["file"].is_null() && value["line"].is_null());
    }
}
