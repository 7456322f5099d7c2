//! The simulations of a file, or of its test bench.

use super::Host;
use super::blocks::{BlockFunction, forgotten_blocks, listed};
use crate::collect::{Converting, Running, Told, tell_warnings};
use crate::undecorated;
use pyhw_cli::interpreter::{Ended, Request, Simulate};
use pyhw_cli::{Findings, Reporter};
use pyhw_diagnostics::{Code, Diagnostic, Severity, Span};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::Path;

impl<'py> Host<'py> {
    pub(super) fn simulate_here(&self, simulate: &Simulate<'_>, reporter: &Reporter) -> Result<(), Ended> {
        let py = self.py;
        let request = &simulate.request;
        let failed = |error: PyErr| self.failed(request, &error, false);
        let path = self.prepare(request, simulate.args).map_err(failed)?;
        self.settings(simulate, reporter).map_err(failed)?;
        let own =
            |name: &str| -> PyResult<Py<PyAny>> { Ok(py.import("pyhw._native")?.getattr(name)?.unbind()) };
        let running = own("Simulation").and_then(|class| Bound::new(py, Running::new(class)));
        let running = running.map_err(failed)?;
        let converting = own("convert").and_then(|function| Bound::new(py, Converting::new(function)));
        let converting = converting.map_err(failed)?;
        let replaced = [
            ("Simulation", running.clone().into_any().unbind()),
            ("convert", converting.clone().into_any().unbind()),
        ];
        let run = || self.run_with(simulate, &path, &running, &converting, reporter);
        let ran = self.replacing(&replaced, run).map_err(failed)?;
        let closed = running.borrow().finish(py);
        if simulate.wave.is_some() && ran.is_ok() && !running.borrow().any() {
            reporter.clone().note("no simulation was started: there are no waves to write");
        }
        // A second failure comes of the first.
        ran.and(closed.map_err(|error| self.failed(request, &error, true)))
    }

    fn run_with(
        &self,
        simulate: &Simulate<'_>,
        path: &Path,
        running: &Bound<'py, Running>,
        converting: &Bound<'py, Converting>,
        reporter: &Reporter,
    ) -> Result<(), Ended> {
        let request = &simulate.request;
        let block = match request.top {
            Some(name) => self.build_top(request, name, path)?,
            None => {
                let ran = self.run_script(request, path);
                let module = ran.map_err(|error| self.failed(request, &error, running.borrow().any()))?;
                if running.borrow().any() || converting.borrow().any() {
                    if !request.params.is_empty() {
                        reporter.clone().note(
                            "-p has no effect: the file builds its blocks itself; --top names one to build",
                        );
                    }
                    return Ok(());
                }
                match self.bench(request, &module, path, reporter)? {
                    Some(block) => block,
                    None => return Ok(()),
                }
            }
        };
        let quiet = PyDict::new(self.py);
        let run = quiet.set_item("quiet", true).and_then(|()| block.call_method("run_sim", (), Some(&quiet)));
        run.map(drop).map_err(|error| self.failed(request, &error, true))
    }

    /// The test bench of a file that simulates and converts nothing itself; none in a file without blocks, and where none of its blocks is
    /// a bench but the file built some: it was run for something else.
    fn bench(
        &self,
        request: &Request<'_>,
        module: &Bound<'py, PyModule>,
        path: &Path,
        reporter: &Reporter,
    ) -> Result<Option<Bound<'py, PyAny>>, Ended> {
        let failed = |error: PyErr| self.failed(request, &error, false);
        let blocks = self.blocks(module, path).map_err(failed)?;
        let mut benches = Vec::new();
        for block in &blocks {
            if self.takes_nothing(&block.object).map_err(failed)? {
                benches.push(block);
            }
        }
        match &benches[..] {
            [] if blocks.is_empty() => {
                let functions = undecorated::functions(module, path).map_err(failed)?;
                // Sources of older MyHDL versions have no blocks, and need none.
                if !functions.is_empty() && !self.imports_myhdl().map_err(failed)? {
                    let what = format!("`{}` starts no simulation, and has no block", request.source.name);
                    // It ran as Python runs it, which is nothing wrong.
                    let found = forgotten_blocks(request, Severity::Note, what, &functions);
                    Told::new(reporter).report(self.py, &found).map_err(failed)?;
                }
                Ok(None)
            }
            [] if self.unbuilt(&blocks).map_err(failed)?.len() < blocks.len() => Ok(None),
            [] => {
                let what = format!(
                    "`{}` starts no simulation, and none of its blocks is a test bench",
                    request.source.name
                );
                let names: Vec<&str> = blocks.iter().map(|block| block.name.as_str()).collect();
                // It ran as Python runs it, which is nothing wrong.
                let finding = Diagnostic::new(Code::PH0104, Span::NONE, what)
                    .severity(Severity::Note)
                    .note("a test bench is a block that can be called without arguments")
                    .help(format!("{}; `--top NAME` runs one of them by itself", listed(&names)));
                Told::new(reporter).report(self.py, &finding.into()).map_err(failed)?;
                Ok(None)
            }
            [only] => self.build(&only.object, request.params).map(Some),
            several => {
                let (sources, file) = request.source.sources();
                let at = |block: &BlockFunction<'_>| block.span(request, file);
                let what = "several blocks could be the test bench: name one with --top";
                let finding = Diagnostic::new(Code::PH0104, at(several[0]), what);
                let finding = finding.help(format!("for example `--top {}`", several[0].name));
                let finding =
                    several[1..].iter().fold(finding, |finding, block| finding.label(at(block), ""));
                Err(Ended::Findings(Findings::new(&sources, vec![finding])))
            }
        }
    }

    /// Whether the file, or a module that it imports, has imported `myhdl`, whose place pyhw takes.
    fn imports_myhdl(&self) -> PyResult<bool> {
        self.py.import("sys")?.getattr("modules")?.contains("myhdl")
    }

    /// Tells the simulations that the file starts what the command line asks of them.
    fn settings(&self, simulate: &Simulate<'_>, reporter: &Reporter) -> PyResult<()> {
        let py = self.py;
        let settings = py.import("pyhw._extension")?.getattr("settings")?.cast_into::<PyDict>()?;
        settings.set_item("verbose", simulate.verbose)?;
        settings.set_item("told", Bound::new(py, Told::new(reporter))?)?;
        settings.set_item("in_python", simulate.in_python)?;
        tell_warnings(py, reporter)?;
        if let Some(wave) = simulate.wave {
            settings.set_item("wave", std::path::absolute(wave)?.as_os_str())?;
        }
        if let Some(until) = simulate.until {
            settings.set_item("until", until)?;
        }
        if let Some(seed) = simulate.seed {
            py.import("random")?.call_method1("seed", (seed,))?;
        }
        Ok(())
    }
}
