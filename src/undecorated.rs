//! Functions that make processes, and that nobody made blocks: a `@block` was forgotten.

use crate::source;
use pyhw_cli::interpreter::Request;
use pyhw_diagnostics::{FileId, Span};
use pyo3::prelude::*;
use pyo3::types::PyFunction;
use std::path::Path;

/// A function of a file.
pub struct Undecorated {
    /// What its file calls it.
    pub name: String,
    line: u32,
}

impl Undecorated {
    /// Where its name stands in the file.
    pub fn span(&self, request: &Request<'_>, file: FileId) -> Span {
        source::function_span(&request.source.text, file, self.line, &self.name)
    }
}

/// Those functions of a module, in the order of their lines.
pub fn functions(module: &Bound<'_, PyModule>, path: &Path) -> PyResult<Vec<Undecorated>> {
    let mut found = Vec::new();
    for (_, object) in module.dict().iter() {
        if let Some((name, line)) = maker(&object, path)?
            && !found.iter().any(|other: &Undecorated| other.line == line)
        {
            found.push(Undecorated { name, line });
        }
    }
    found.sort_by_key(|function| function.line);
    Ok(found)
}

/// The name and the line of a function of this file that makes processes.
fn maker(object: &Bound<'_, PyAny>, path: &Path) -> PyResult<Option<(String, u32)>> {
    if !object.is_instance_of::<PyFunction>() {
        return Ok(None);
    }
    let code = object.getattr("__code__")?;
    let names: Vec<String> = code.getattr("co_names")?.extract()?;
    let makes = |name: &String| ["always", "always_comb", "always_seq", "instance"].contains(&name.as_str());
    if Path::new(&source::file_of(&code)?) != path || !names.iter().any(makes) {
        return Ok(None);
    }
    Ok(Some((code.getattr("co_name")?.extract()?, code.getattr("co_firstlineno")?.extract()?)))
}

/// What makes a block of the function of this name.
pub fn advice(name: &str) -> String {
    format!("write `@block` above `def {name}`")
}
