//! The texts of Python files, how messages name them, and where things stand in them.

use pyhw_diagnostics::{FileId, Span};
use pyo3::prelude::*;

/// The text of a file as Python reads it: from disk, or, of a text that was run, from what the library heard of it, or, of a cell, from
/// Python's line cache. `None` if there is none that can be read.
pub fn text(py: Python<'_>, name: &str) -> PyResult<Option<String>> {
    if let Ok(bytes) = std::fs::read(name) {
        return Ok(pyhw_syntax::decode(&bytes, FileId(0)).ok());
    }
    if let Some(heard) = py.import("pyhw._texts")?.call_method1("text_of", (name,))?.extract()? {
        return Ok(heard);
    }
    let lines: Vec<String> = py.import("linecache")?.call_method1("getlines", (name,))?.extract()?;
    Ok(Some(lines.concat()).filter(|text| !text.is_empty()))
}

/// The file of a code object, or the name that a text without a file has here.
pub fn file_of(code: &Bound<'_, PyAny>) -> PyResult<String> {
    code.py().import("pyhw._texts")?.call_method1("file_of", (code,))?.extract()
}

/// A file as messages name it: one below the current folder without the way to it.
pub fn shown_name(name: &str) -> String {
    let path = std::path::Path::new(name);
    match std::env::current_dir() {
        Ok(here) => path.strip_prefix(&here).unwrap_or(path).display().to_string(),
        Err(_) => name.to_owned(),
    }
}

/// Where the name of a function stands whose definition, or the first decorator of it, begins at a line; that line if it is not found.
pub fn function_span(text: &str, file: FileId, line: u32, function: &str) -> Span {
    let lines = text.lines().enumerate().skip(line.saturating_sub(1) as usize);
    for (index, content) in lines {
        if content.trim_start().starts_with("def ") {
            let Some(at) = find_word(content, function) else { break };
            let (number, at) = (index as u32 + 1, at as u32);
            return Span::new(file, (number, at), (number, at + function.len() as u32));
        }
    }
    Span::new(file, (line, 0), (line, 0))
}

/// Where a parameter stands in a signature that begins at or below a line.
pub fn parameter_span(text: &str, file: FileId, line: u32, parameter: &str) -> Option<Span> {
    let mut in_signature = false;
    for (index, content) in text.lines().enumerate().skip(line.saturating_sub(1) as usize) {
        let number = index as u32 + 1;
        in_signature |= content.trim_start().starts_with("def ");
        let begin = if in_signature {
            content.find('(').filter(|_| content.trim_start().starts_with("def "))
        } else {
            None
        };
        let from = begin.unwrap_or(0);
        if in_signature && let Some(at) = find_word(&content[from..], parameter) {
            let at = (from + at) as u32;
            return Some(Span::new(file, (number, at), (number, at + parameter.len() as u32)));
        }
        if in_signature && content.trim_end().ends_with(':') {
            break;
        }
    }
    None
}

/// The first place of a word in a line, in bytes.
pub fn find_word(text: &str, word: &str) -> Option<usize> {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .map(|(at, _)| at)
        .find(|&at| !text[..at].ends_with(is_letter) && !text[at + word.len()..].starts_with(is_letter))
}
