//! Functions: where their source is, and what the names that they mention are bound to.

use super::Recorder;
use crate::source;
use pyhw_diagnostics::{FileId, Pos};
use pyhw_elaborate::{Binding, Function, FunctionId};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use std::collections::{BTreeMap, BTreeSet};

impl<'py> Recorder<'py> {
    /// The file of this name with its text, `None` if there is no text.
    pub(super) fn file(&mut self, name: &str) -> PyResult<Option<FileId>> {
        if let Some(&known) = self.files.get(name) {
            return Ok(Some(known));
        }
        let Some(text) = source::text(self.py, name)? else { return Ok(None) };
        let id = self.out.elaborated.sources.add(&source::shown_name(name), &text);
        self.files.insert(name.to_owned(), id);
        Ok(Some(id))
    }

    /// The number of a function; `None` if its source is not to be found.
    pub(super) fn function(
        &mut self,
        function: &Bound<'py, PyAny>,
        receiver: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Option<FunctionId>> {
        let py = self.py;
        let key = (function.as_ptr() as usize, receiver.map_or(0, |receiver| receiver.as_ptr() as usize));
        if let Some(&id) = self.functions.get(&key) {
            return Ok(Some(id));
        }
        let Some(code) = function.getattr_opt(intern!(py, "__code__"))? else { return Ok(None) };
        let Some(file) = self.file(&source::file_of(&code)?)? else { return Ok(None) };
        let line: u32 = code.getattr(intern!(py, "co_firstlineno"))?.extract()?;
        // A lambda is named so whatever it is bound to.
        let name: String = code.getattr(intern!(py, "co_name"))?.extract()?;
        let id = FunctionId(self.out.elaborated.functions.len() as u32);
        self.functions.insert(key, id);
        self.out.functions.push(function.clone().unbind());
        self.kept.extend(receiver.cloned());
        let place = if name == "<lambda>" { first_place(&code)? } else { None };
        self.out.elaborated.functions.push(Function {
            name,
            file,
            line,
            place,
            names: BTreeMap::new(),
            defaults: BTreeMap::new(),
            receiver: None,
        });
        let mut mentioned = BTreeSet::new();
        mentioned_names(&code, &mut mentioned)?;
        self.mentioned.extend(mentioned.iter().cloned());
        let names = self.names(function, &code, &mentioned)?;
        let defaults = self.defaults(function, &code)?;
        let receiver = receiver.map(|receiver| self.binding(receiver, "self")).transpose()?;
        let recorded = &mut self.out.elaborated.functions[id.index()];
        recorded.names = names;
        recorded.defaults = defaults;
        recorded.receiver = receiver;
        Ok(Some(id))
    }

    fn names(
        &mut self,
        function: &Bound<'py, PyAny>,
        code: &Bound<'py, PyAny>,
        mentioned: &BTreeSet<String>,
    ) -> PyResult<BTreeMap<String, Binding>> {
        let py = self.py;
        let mut names = BTreeMap::new();
        let free: Vec<String> = code.getattr(intern!(py, "co_freevars"))?.extract()?;
        let closure = function.getattr(intern!(py, "__closure__"))?;
        if !closure.is_none() {
            for (name, cell) in free.iter().zip(closure.cast::<PyTuple>()?.iter()) {
                // A cell that is still empty is a name that is bound later, or never.
                if let Ok(value) = cell.getattr(intern!(py, "cell_contents")) {
                    let binding = self.binding(&value, name)?;
                    names.insert(name.clone(), binding);
                }
            }
        }
        let globals = function.getattr(intern!(py, "__globals__"))?;
        let globals = globals.cast::<PyDict>()?;
        let builtins = py.import("builtins")?;
        for name in mentioned {
            if names.contains_key(name) {
                continue;
            }
            if let Some(value) = globals.get_item(name)? {
                let binding = self.binding(&value, name)?;
                names.insert(name.clone(), binding);
            } else if let Some(value) = builtins.getattr_opt(name.as_str())? {
                let binding = self.binding(&value, name)?;
                names.insert(name.clone(), binding);
            }
        }
        Ok(names)
    }

    fn defaults(
        &mut self,
        function: &Bound<'py, PyAny>,
        code: &Bound<'py, PyAny>,
    ) -> PyResult<BTreeMap<String, Binding>> {
        let py = self.py;
        let mut found = BTreeMap::new();
        let values = function.getattr(intern!(py, "__defaults__"))?;
        if let Ok(values) = values.cast::<PyTuple>() {
            let count: usize = code.getattr(intern!(py, "co_argcount"))?.extract()?;
            let names: Vec<String> = code.getattr(intern!(py, "co_varnames"))?.extract()?;
            let first = count.saturating_sub(values.len());
            for (name, value) in names[first..count].iter().zip(values.iter()) {
                found.insert(name.clone(), self.binding(&value, name)?);
            }
        }
        let values = function.getattr(intern!(py, "__kwdefaults__"))?;
        if let Ok(values) = values.cast::<PyDict>() {
            for (name, value) in values.iter() {
                let name: String = name.extract()?;
                let binding = self.binding(&value, &name)?;
                found.insert(name, binding);
            }
        }
        Ok(found)
    }
}

/// The global names and attributes that a code object mentions, those of nested functions included.
pub(super) fn mentioned_names(code: &Bound<'_, PyAny>, into: &mut BTreeSet<String>) -> PyResult<()> {
    let py = code.py();
    into.extend(code.getattr(intern!(py, "co_names"))?.extract::<Vec<String>>()?);
    for constant in code.getattr(intern!(py, "co_consts"))?.try_iter()? {
        let constant = constant?;
        if constant.hasattr(intern!(py, "co_names"))? {
            mentioned_names(&constant, into)?;
        }
    }
    Ok(())
}

/// Where the first instruction of a code object stands in the text. Python tells columns from 3.11 on.
fn first_place(code: &Bound<'_, PyAny>) -> PyResult<Option<Pos>> {
    let Some(positions) = code.getattr_opt(intern!(code.py(), "co_positions"))? else { return Ok(None) };
    let mut first: Option<Pos> = None;
    for position in positions.call0()?.try_iter()? {
        let position: (Option<u32>, Option<u32>, Option<u32>, Option<u32>) = position?.extract()?;
        // What begins the function itself has no text.
        if let (Some(line), _, Some(column), Some(end)) = position
            && end > column
        {
            let place = Pos { line, column };
            first = Some(first.map_or(place, |known| known.min(place)));
        }
    }
    Ok(first)
}
