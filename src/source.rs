//! The texts of Python files, and how messages name them.

use pyhw_diagnostics::FileId;
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
