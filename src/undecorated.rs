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
    for (key, object) in module.dict().iter() {
        // A wrapper that a decorator of the file's own made has another name.
        if let Some((name, line)) = maker(&object, path)?
            && key.extract::<String>()? == name
            && !found.iter().any(|other: &Undecorated| other.line == line)
        {
            found.push(Undecorated { name, line });
        }
    }
    found.sort_by_key(|function| function.line);
    Ok(found)
}

/// The name and the line of a function of this file that names a decorator of the library.
fn maker(object: &Bound<'_, PyAny>, path: &Path) -> PyResult<Option<(String, u32)>> {
    if !object.is_instance_of::<PyFunction>() {
        return Ok(None);
    }
    let code = object.getattr("__code__")?;
    let name: String = code.getattr("co_name")?.extract()?;
    if Path::new(&source::file_of(&code)?) != path || name.starts_with('<') {
        return Ok(None);
    }
    let names: Vec<String> = code.getattr("co_names")?.extract()?;
    let around = object.getattr("__globals__")?;
    let library = object.py().import("pyhw")?;
    for decorator in ["always", "always_comb", "always_seq", "instance"] {
        let is_named = names.iter().any(|name| name == decorator);
        // By itself, or as an attribute of the library.
        let is_library =
            |name: &String| Ok::<_, PyErr>(around.contains(name)? && around.get_item(name)?.is(&library));
        let found = around.call_method1("get", (decorator,))?;
        let mut is_meant = found.is(&library.getattr(decorator)?);
        for name in &names {
            is_meant |= is_library(name)?;
        }
        if is_named && is_meant {
            return Ok(Some((name, code.getattr("co_firstlineno")?.extract()?)));
        }
    }
    Ok(None)
}

/// What makes a block of the function of this name.
pub fn advice(name: &str) -> String {
    format!("write `@block` above `def {name}`")
}
