//! The blocks of a file: found, and built from what is written about their ports.

use super::Host;
use crate::undecorated::{self, Undecorated};
use crate::{failure, source};
use pyhw_cli::Findings;
use pyhw_cli::interpreter::{Ended, Origin, Request, Unit};
use pyhw_diagnostics::{Code, Diagnostic, FileId, Severity, Sources, Span, nearest};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::Path;

/// A block function of a file.
pub(super) struct BlockFunction<'py> {
    pub name: String,
    pub line: u32,
    pub object: Bound<'py, PyAny>,
}

impl BlockFunction<'_> {
    /// Where its name stands in the file that defines it.
    pub fn span(&self, request: &Request<'_>, file: FileId) -> Span {
        let function =
            self.object.getattr("func").and_then(|func| func.getattr("__name__")?.extract::<String>());
        source::function_span(&request.source.text, file, self.line, &function.unwrap_or_default())
    }
}

impl<'py> Host<'py> {
    /// The block functions that a module defines, in the order of their lines.
    pub(super) fn blocks(
        &self,
        module: &Bound<'py, PyModule>,
        path: &Path,
    ) -> PyResult<Vec<BlockFunction<'py>>> {
        let class = self.py.import("pyhw._block")?.getattr("BlockFunction")?;
        let mut found: Vec<BlockFunction<'py>> = Vec::new();
        for (name, object) in module.dict().iter() {
            if !object.is_instance(&class)? || found.iter().any(|other| other.object.is(&object)) {
                continue;
            }
            let file: String = object.getattr("file")?.extract()?;
            if Path::new(&file) == path {
                found.push(BlockFunction {
                    name: name.extract()?,
                    line: object.getattr("line")?.extract()?,
                    object,
                });
            }
        }
        found.sort_by_key(|block| block.line);
        Ok(found)
    }

    /// Those blocks that nothing has called so far.
    pub(super) fn unbuilt<'a>(
        &self,
        blocks: impl IntoIterator<Item = &'a BlockFunction<'py>>,
    ) -> PyResult<Vec<&'a BlockFunction<'py>>>
    where
        'py: 'a,
    {
        let mut unbuilt = Vec::new();
        for block in blocks {
            if block.object.getattr("calls")?.extract::<u64>()? == 0 {
                unbuilt.push(block);
            }
        }
        Ok(unbuilt)
    }

    /// Whether a block can be called without arguments.
    pub(super) fn takes_nothing(&self, function: &Bound<'py, PyAny>) -> PyResult<bool> {
        let function = function.getattr("func")?;
        let Some(code) = function.getattr_opt("__code__")? else { return Ok(false) };
        let count = |object: Bound<'py, PyAny>| if object.is_none() { Ok(0) } else { object.len() };
        let positional: usize = code.getattr("co_argcount")?.extract()?;
        let by_name: usize = code.getattr("co_kwonlyargcount")?.extract()?;
        Ok(positional == count(function.getattr("__defaults__")?)?
            && by_name == count(function.getattr("__kwdefaults__")?)?)
    }

    /// Builds a block from the annotations of its ports.
    pub(super) fn build(
        &self,
        function: &Bound<'py, PyAny>,
        params: &[(String, String)],
    ) -> Result<Bound<'py, PyAny>, Ended> {
        let py = self.py;
        let failed = |error: PyErr| failure::ended(py, &error, false);
        let given = PyDict::new(py);
        for (key, value) in params {
            given.set_item(key, value).map_err(failed)?;
        }
        let ports = py.import("pyhw._ports").and_then(|ports| ports.call_method1("ports", (function, given)));
        let ports = ports.map_err(|error| self.bad_parameter(function, error))?;
        let arguments =
            py.get_type::<PyDict>().call1((ports,)).and_then(|dict| Ok(dict.cast_into::<PyDict>()?));
        function.call((), Some(&arguments.map_err(failed)?)).map_err(failed)
    }

    /// Why the ports could not be made: a parameter that does not fit is a finding of its own.
    fn bad_parameter(&self, function: &Bound<'py, PyAny>, error: PyErr) -> Ended {
        let py = self.py;
        let is = |class| failure::is_library_error(py, error.value(py), class).unwrap_or(false);
        if !is("UnknownParameter") && !is("BadParameterValue") {
            return failure::ended(py, &error, false);
        }
        let message = failure::text_of(py, &error);
        let place = || -> PyResult<(String, u32, String)> {
            let name = function.getattr("func")?.getattr("__name__")?;
            Ok((function.getattr("file")?.extract()?, function.getattr("line")?.extract()?, name.extract()?))
        };
        let parameter = error.value(py).getattr("parameter").and_then(|name| name.extract::<String>());
        let mut sources = Sources::new();
        let span = match place() {
            Ok((path, line, name)) => {
                let text = source::text(py, &path).ok().flatten().unwrap_or_default();
                let file = sources.add(&source::shown_name(&path), &text);
                let parameter =
                    parameter.ok().and_then(|name| source::parameter_span(&text, file, line, &name));
                parameter.unwrap_or_else(|| source::function_span(&text, file, line, &name))
            }
            Err(_) => Span::NONE,
        };
        Ended::Findings(Findings::new(&sources, vec![Diagnostic::new(Code::PH0206, span, message)]))
    }

    /// The block that `--top` names, built.
    pub(super) fn build_top(
        &self,
        request: &Request<'_>,
        name: &str,
        path: &Path,
    ) -> Result<Bound<'py, PyAny>, Ended> {
        let failed = |error: PyErr| self.failed(request, &error, false);
        let module = self.import(request, path).map_err(failed)?;
        let py = self.py;
        let found = module.getattr_opt(name).map_err(failed)?;
        let class = |name: &str| py.import("pyhw._block").and_then(|module| module.getattr(name));
        if let Some(found) = &found {
            if found.is_instance(&class("BlockFunction").map_err(failed)?).map_err(failed)? {
                return self.build(found, request.params);
            }
            if found.is_instance(&class("Block").map_err(failed)?).map_err(failed)? {
                return Ok(found.clone());
            }
        }
        let is_block_forgotten = |function: &Undecorated| found.is_some() && function.name == name;
        let mut functions = undecorated::functions(&module, path).map_err(failed)?.into_iter();
        if let Some(function) = functions.find(is_block_forgotten) {
            let what = format!("`{name}` is not a block");
            return Err(Ended::Findings(forgotten_blocks(request, Severity::Error, what, &[function])));
        }
        let blocks = self.blocks(&module, path).map_err(failed)?;
        let what = match found {
            Some(_) => format!("`{name}` in `{}` is not a block", request.source.name),
            None => format!("there is no block `{name}` in `{}`", request.source.name),
        };
        let names: Vec<&str> = blocks.iter().map(|block| block.name.as_str()).collect();
        let near = nearest(name, names.iter().copied());
        let (sources, file) = request.source.sources();
        let place = blocks.iter().find(|block| Some(block.name.as_str()) == near);
        let place = place.map_or(Span::NONE, |block| block.span(request, file));
        let finding = Diagnostic::new(Code::PH0104, place, what);
        let finding = match near {
            Some(near) => finding.help(format!("there is a block `{near}`")),
            None => finding.help(listed(&names)),
        };
        Err(Ended::Findings(Findings::new(&sources, vec![finding])))
    }

    /// The block of a file that is not told what to emit: the only one.
    pub(super) fn only_block(
        &self,
        request: &Request<'_>,
        module: &Bound<'py, PyModule>,
        path: &Path,
    ) -> Result<Unit, Ended> {
        let failed = |error: PyErr| self.failed(request, &error, false);
        let blocks = &self.blocks(module, path).map_err(failed)?[..];
        if blocks.is_empty() {
            return Err(self.no_block(request, module, path).map_err(failed)?);
        }
        let names: Vec<&str> = blocks.iter().map(|block| block.name.as_str()).collect();
        match blocks {
            [only] => self.unit(&self.build(&only.object, request.params)?, Origin::Top),
            _ => {
                let what =
                    format!("`{}` converts nothing, and no block is named with --top", request.source.name);
                let (sources, file) = request.source.sources();
                let at = |block: &BlockFunction<'_>| block.span(request, file);
                let mut places = blocks.iter().map(at);
                let finding = Diagnostic::new(Code::PH0104, places.next().unwrap_or(Span::NONE), what);
                let finding =
                    places.fold(finding.help(listed(&names)), |finding, place| finding.label(place, ""));
                Err(Ended::Findings(Findings::new(&sources, vec![finding])))
            }
        }
    }

    /// That a file has no block, and which of its functions might be meant.
    pub(super) fn no_block(
        &self,
        request: &Request<'_>,
        module: &Bound<'py, PyModule>,
        path: &Path,
    ) -> PyResult<Ended> {
        let what = format!("`{}` has no block", request.source.name);
        let functions = undecorated::functions(module, path)?;
        Ok(Ended::Findings(forgotten_blocks(request, Severity::Error, what, &functions)))
    }
}

/// That something is no block, with the functions that `@block` would make one.
pub(super) fn forgotten_blocks(
    request: &Request<'_>,
    severity: Severity,
    what: String,
    functions: &[Undecorated],
) -> Findings {
    let (sources, file) = request.source.sources();
    let mut places = functions.iter().map(|function| function.span(request, file));
    let finding = Diagnostic::new(Code::PH0104, places.next().unwrap_or(Span::NONE), what).severity(severity);
    let finding = places.fold(finding, |finding, place| finding.label(place, ""));
    let finding = match functions.first() {
        Some(first) => finding.help(undecorated::advice(&first.name)),
        None => finding,
    };
    Findings::new(&sources, vec![finding])
}

/// Advice that lists the blocks of a file.
pub(super) fn listed(names: &[&str]) -> String {
    match names {
        [] => "there is no block in it".to_owned(),
        _ => format!(
            "its blocks are {}",
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        ),
    }
}
