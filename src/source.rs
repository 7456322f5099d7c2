//! The texts of Python files, and how messages name them.

use pyhw_diagnostics::FileId;
use pyo3::prelude::*;

/// The text of a file as Python reads it, from disk or, of a cell or a text that was run, from Python's line cache. `None` if there is
/// none that can be read.
pub fn text(py: Python<'_>, name: &str) -> PyResult<Option<String>> {
    if let Ok(bytes) = std::fs::read(name) {
        return Ok(pyhw_syntax::decode(&bytes, FileId(0)).ok());
    }
    let lines: Vec<String> = py.import("linecache")?.call_method1("getlines", (name,))?.extract()?;
    Ok(Some(lines.concat()).filter(|text| !text.is_empty()))
}

/// A file as messages name it: one below the current folder without the way to it.
pub fn shown_name(name: &str) -> String {
    let path = std::path::Path::new(name);
    match std::env::current_dir() {
        Ok(here) => path.strip_prefix(&here).unwrap_or(path).display().to_string(),
        Err(_) => name.to_owned(),
    }
}
