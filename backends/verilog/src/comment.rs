//! Comments that no tool takes for directives.

use pyhw_text::one_line;

/// A comment that no tool takes for a directive.
pub fn comment(text: &str) -> String {
    let text = text.trim_end();
    let first = text.trim_start().split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
    let directives =
        ["verilator", "synopsys", "synthesis", "pragma", "cadence", "exemplar", "ambit", "altera", "xilinx"];
    if directives.iter().any(|word| first.eq_ignore_ascii_case(word)) {
        format!("// : {}", text.trim_start())
    } else if text.is_empty() {
        "//".to_owned()
    } else {
        format!("// {text}")
    }
}

/// A comment at the end of a line.
pub fn end_comment(parts: &[String]) -> Option<String> {
    let text = parts
        .iter()
        .map(|part| one_line(part))
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("; ");
    if text.is_empty() { None } else { Some(comment(&text)) }
}
