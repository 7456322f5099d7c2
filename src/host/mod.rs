//! Python as the command line sees it: runs files, builds their blocks.

mod blocks;
mod check;
mod script;
mod simulate;

use crate::collect::Conversions;
use crate::failure;
use crate::record::record_block;
use pyhw_cli::Reporter;
use pyhw_cli::interpreter::{Ended, Interpreter, Origin, Request, Simulate, Unit};
use pyhw_cli::source::syntax_faults;
use pyo3::exceptions::PySyntaxError;
use pyo3::prelude::*;
use pyo3::types::PyList;
use std::ffi::OsString;

/// The running Python.
pub struct Host<'py> {
    py: Python<'py>,
}

impl<'py> Host<'py> {
    /// The Python that runs this.
    pub fn new(py: Python<'py>) -> Host<'py> {
        Host { py }
    }

    /// An exception of the file. Of a syntax error in it our own parser tells more.
    fn failed(&self, request: &Request<'_>, error: &PyErr, simulated: bool) -> Ended {
        let ended = failure::ended(self.py, error, simulated);
        if let (true, Ended::Findings(found)) = (error.is_instance_of::<PySyntaxError>(self.py), &ended)
            && let Some(file) =
                found.diagnostics.first().and_then(|finding| found.sources.get(finding.primary.span.file))
            && *file.text == *request.source.text
        {
            let ours = syntax_faults(request.source);
            if ours.has_errors() {
                return Ended::Findings(ours);
            }
        }
        ended
    }

    /// What `_native` offers under a name is something else while `run` runs.
    fn replacing<T>(&self, replaced: &[(&str, Py<PyAny>)], run: impl FnOnce() -> T) -> PyResult<T> {
        let native = self.py.import("pyhw._native")?;
        let mut before = Vec::new();
        for (name, object) in replaced {
            before.push((name, native.getattr(*name)?));
            native.setattr(*name, object)?;
        }
        let result = run();
        for (name, object) in before {
            native.setattr(*name, object)?;
        }
        Ok(result)
    }

    /// What was printed comes before messages.
    fn flush(&self) {
        for name in ["stdout", "stderr"] {
            // A reader that went away is no fault of the design.
            let _ = self.py.import("sys").and_then(|sys| sys.getattr(name)?.call_method0("flush"));
        }
    }

    fn unit(&self, block: &Bound<'py, PyAny>, origin: Origin) -> Result<Unit, Ended> {
        let recorded =
            record_block(self.py, block).map_err(|error| failure::ended(self.py, &error, false))?;
        Ok(Unit { elaborated: recorded.elaborated, origin })
    }

    fn elaborate_here(&self, request: &Request<'_>) -> Result<Vec<Unit>, Ended> {
        let failed = |error: PyErr| self.failed(request, &error, false);
        let path = self.prepare(request, &[]).map_err(failed)?;
        if let Some(name) = request.top {
            let block = self.build_top(request, name, &path)?;
            return Ok(vec![self.unit(&block, Origin::Top)?]);
        }
        let conversions = Bound::new(self.py, Conversions::default()).map_err(failed)?;
        let replaced = [("convert", conversions.clone().into_any().unbind())];
        let ran = self.replacing(&replaced, || self.run_script(request, &path)).map_err(failed)?;
        let units = conversions.borrow().take();
        let module = match ran {
            Ok(module) => module,
            Err(error) => match self.failed(request, &error, false) {
                // A file that ends itself has said all that it wants to say.
                Ended::Exit(0) if !units.is_empty() => return Ok(units),
                other => return Err(other),
            },
        };
        if !units.is_empty() {
            return Ok(units);
        }
        Ok(vec![self.only_block(request, &module, &path)?])
    }
}

impl Interpreter for Host<'_> {
    fn elaborate(&mut self, request: &Request<'_>) -> Result<Vec<Unit>, Ended> {
        let result = self.elaborate_here(request);
        self.flush();
        result
    }

    fn elaborate_all(&mut self, request: &Request<'_>, reporter: &Reporter) -> Result<Vec<Unit>, Ended> {
        let result = self.elaborate_all_here(request, reporter);
        self.flush();
        result
    }

    fn simulate(&mut self, simulate: &Simulate<'_>, reporter: &Reporter) -> Result<(), Ended> {
        let result = self.simulate_here(simulate, reporter);
        self.flush();
        result
    }
}

/// Runs a command line; gives the exit code.
#[pyfunction]
pub fn main(py: Python<'_>, words: &Bound<'_, PyList>) -> PyResult<u8> {
    let words: Vec<OsString> = words.extract()?;
    Ok(pyhw_cli::main_with(words, &mut Host::new(py)).code())
}
