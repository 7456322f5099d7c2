//! Python as the command line sees it: runs files, builds their blocks.

use crate::collect::{Conversions, Converting, Running, Told, Unrun};
use crate::failure;
use crate::record::record_block;
use crate::source;
use crate::undecorated::{self, Undecorated};
use pyhw_cli::interpreter::{Ended, Interpreter, Origin, Request, Simulate, Unit};
use pyhw_cli::source::syntax_faults;
use pyhw_cli::{Findings, Reporter};
use pyhw_diagnostics::{Code, Diagnostic, FileId, Severity, Sources, Span, nearest};
use pyo3::exceptions::PySyntaxError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The running Python.
pub struct Host<'py> {
    py: Python<'py>,
}

/// A block function of a file.
struct BlockFunction<'py> {
    name: String,
    line: u32,
    object: Bound<'py, PyAny>,
}

impl BlockFunction<'_> {
    /// Where its name stands in the file that defines it.
    fn span(&self, request: &Request<'_>, file: FileId) -> Span {
        let function =
            self.object.getattr("func").and_then(|func| func.getattr("__name__")?.extract::<String>());
        source::function_span(&request.source.text, file, self.line, &function.unwrap_or_default())
    }
}

impl<'py> Host<'py> {
    /// The Python that runs this.
    pub fn new(py: Python<'py>) -> Host<'py> {
        Host { py }
    }

    /// The library is there, `myhdl` means it, and modules beside the file are found.
    fn prepare(&self, request: &Request<'_>, args: &[OsString]) -> PyResult<PathBuf> {
        let py = self.py;
        py.import("pyhw")?;
        py.import("pyhw._hook")?.call_method0("install")?;
        let path = std::path::absolute(request.path)?;
        let sys = py.import("sys")?;
        let mut words = vec![request.path.as_os_str().to_owned()];
        words.extend(args.iter().cloned());
        sys.setattr("argv", words)?;
        let folder = path.parent().unwrap_or(Path::new("/"));
        sys.getattr("path")?.call_method1("insert", (0, folder.as_os_str()))?;
        Ok(path)
    }

    fn compile(&self, request: &Request<'_>, path: &Path) -> PyResult<Bound<'py, PyAny>> {
        let bytes = PyBytes::new(self.py, &request.source.bytes);
        self.py.import("pyhw._hook")?.call_method1("compiled", (bytes, path.as_os_str()))
    }

    /// Runs the file as a script. Its module stays, so that what it holds lives on.
    fn run_script(&self, request: &Request<'_>, path: &Path) -> PyResult<Bound<'py, PyModule>> {
        let code = self.compile(request, path)?;
        let module = PyModule::new(self.py, "__main__")?;
        self.py.import("sys")?.getattr("modules")?.set_item("__main__", &module)?;
        self.execute(&module, &code, path)?;
        Ok(module)
    }

    /// Imports the file under its module name; one in a package as a part of that.
    fn import(&self, request: &Request<'_>, path: &Path) -> PyResult<Bound<'py, PyModule>> {
        let py = self.py;
        let code = self.compile(request, path)?;
        let stem = path.file_stem().map_or_else(|| "design".into(), |stem| stem.to_string_lossy());
        let modules = py.import("sys")?.getattr("modules")?;
        let mut folder = path.parent();
        let mut name = stem.to_string();
        while let Some(package) = folder.filter(|folder| folder.join("__init__.py").is_file()) {
            let Some(own) = package.file_name() else { break };
            name = format!("{}.{name}", own.to_string_lossy());
            folder = package.parent();
        }
        if let (true, Some(root)) = (name.contains('.'), folder) {
            py.import("sys")?.getattr("path")?.call_method1("insert", (0, root.as_os_str()))?;
            return py.import(name);
        }
        // A module of Python's own that is loaded already keeps its name.
        if modules.contains(&name)? {
            name = format!("{name}_");
        }
        let module = PyModule::new(py, &name)?;
        modules.set_item(&name, &module)?;
        self.execute(&module, &code, path)?;
        Ok(module)
    }

    fn execute(&self, module: &Bound<'py, PyModule>, code: &Bound<'py, PyAny>, path: &Path) -> PyResult<()> {
        let builtins = self.py.import("builtins")?;
        module.setattr("__file__", path.as_os_str())?;
        module.setattr("__builtins__", &builtins)?;
        builtins.call_method1("exec", (code, module.dict()))?;
        Ok(())
    }

    /// The block functions that a module defines, in the order of their lines.
    fn blocks(&self, module: &Bound<'py, PyModule>, path: &Path) -> PyResult<Vec<BlockFunction<'py>>> {
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

    /// Builds a block from the annotations of its ports.
    fn build(
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
    fn build_top(&self, request: &Request<'_>, name: &str, path: &Path) -> Result<Bound<'py, PyAny>, Ended> {
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

    /// The block of a file that is not told what to emit: the only one.
    fn only_block(
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
    fn no_block(&self, request: &Request<'_>, module: &Bound<'py, PyModule>, path: &Path) -> PyResult<Ended> {
        let what = format!("`{}` has no block", request.source.name);
        let functions = undecorated::functions(module, path)?;
        Ok(Ended::Findings(forgotten_blocks(request, Severity::Error, what, &functions)))
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

    fn elaborate_all_here(&self, request: &Request<'_>, reporter: &Reporter) -> Result<Vec<Unit>, Ended> {
        if request.top.is_some() {
            return self.elaborate_here(request);
        }
        let failed = |error: PyErr| self.failed(request, &error, false);
        let path = self.prepare(request, &[]).map_err(failed)?;
        let conversions = Bound::new(self.py, Conversions::default()).map_err(failed)?;
        let unrun = Bound::new(self.py, Unrun::default()).map_err(failed)?;
        let replaced = [
            ("convert", conversions.clone().into_any().unbind()),
            ("Simulation", unrun.clone().into_any().unbind()),
        ];
        self.trace_nothing().map_err(failed)?;
        let ran = self.replacing(&replaced, || self.run_script(request, &path)).map_err(failed)?;
        let simulated = unrun.borrow().take();
        let mut units = conversions.borrow().take();
        // What a file expects of simulations that did not run, it does not find.
        let excused = !simulated.is_empty();
        units.extend(simulated);
        let module = match ran {
            Ok(module) => module,
            Err(_) if excused => return Ok(units),
            Err(error) => match self.failed(request, &error, false) {
                Ended::Exit(0) if !units.is_empty() => return Ok(units),
                other => return Err(other),
            },
        };
        self.unbuilt_blocks(request, &module, &path, &mut units, reporter)?;
        Ok(units)
    }

    /// Waves that are asked for are not written, nor is a file made for them.
    fn trace_nothing(&self) -> PyResult<()> {
        let untraced = c"lambda self, dut, *args, **kwargs: dut(*args, **kwargs) if args or kwargs or callable(dut) else dut";
        let untraced = self.py.eval(untraced, None, None)?;
        self.py.import("pyhw._trace")?.getattr("_TraceSignals")?.setattr("__call__", untraced)
    }

    /// The blocks of a file that it does not build itself, as far as what is written tells how. One that cannot be built is told of at once,
    /// and so are those that are not built for want of types; they are all that is wrong where there is nothing else.
    fn unbuilt_blocks(
        &self,
        request: &Request<'_>,
        module: &Bound<'py, PyModule>,
        path: &Path,
        units: &mut Vec<Unit>,
        reporter: &Reporter,
    ) -> Result<(), Ended> {
        let failed = |error: PyErr| self.failed(request, &error, false);
        let blocks = self.blocks(module, path).map_err(failed)?;
        if blocks.is_empty() && units.is_empty() {
            return Err(self.no_block(request, module, path).map_err(failed)?);
        }
        let mut untyped = Vec::new();
        let mut any_failed = false;
        for block in self.unbuilt(&blocks).map_err(failed)? {
            let is_bench = self.takes_nothing(&block.object).map_err(failed)?;
            let origin = if is_bench { Origin::Simulation } else { Origin::Top };
            match self.build(&block.object, request.params).and_then(|built| self.unit(&built, origin)) {
                Ok(unit) => units.push(unit),
                Err(Ended::Findings(findings))
                    if findings.diagnostics.iter().all(|f| f.code == Code::PH0105) =>
                {
                    untyped.push((block, findings));
                }
                Err(Ended::Findings(findings)) => {
                    any_failed = true;
                    Told::new(reporter).report(self.py, &findings).map_err(failed)?;
                }
                Err(other) => return Err(other),
            }
        }
        if units.is_empty() && !any_failed {
            return match untyped.into_iter().next() {
                Some((_, findings)) => Err(Ended::Findings(findings)),
                None => Ok(()),
            };
        }
        // Those that another block has built in the meantime were looked at with it.
        let left = self.unbuilt(untyped.iter().map(|(block, _)| *block)).map_err(failed)?;
        untyped.retain(|(block, _)| left.iter().any(|other| std::ptr::eq(*block, *other)));
        self.tell_of_unchecked(request, &untyped, reporter).map_err(failed)
    }

    /// Those blocks that nothing has called so far.
    fn unbuilt<'a>(
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

    /// Tells of blocks that nobody looks at, so that their silence is not taken for praise.
    fn tell_of_unchecked(
        &self,
        request: &Request<'_>,
        blocks: &[(&BlockFunction<'py>, Findings)],
        reporter: &Reporter,
    ) -> PyResult<()> {
        let Some(((first, why), others)) = blocks.split_first() else { return Ok(()) };
        let (sources, file) = request.source.sources();
        let at = |block: &BlockFunction<'_>| block.span(request, file);
        let why = why.diagnostics.first().map_or("", |finding| finding.message.as_str());
        let what = match others.len() {
            0 => format!("`{}` is not checked: nothing here builds it, and {why}", first.name),
            more => format!(
                "{} blocks are not checked: nothing here builds them, and of each a parameter has no type and no value",
                more + 1
            ),
        };
        let finding = Diagnostic::new(Code::PH0105, at(first), what).severity(Severity::Note);
        let finding = others.iter().fold(finding, |finding, (block, _)| finding.label(at(block), ""));
        let finding = finding.help("annotate the ports, as in `clk: Clock, d: In[uint[8]], q: Out[bool]`, and give the rest defaults");
        Told::new(reporter).report(self.py, &Findings::new(&sources, vec![finding]))
    }

    /// Whether a block can be called without arguments.
    fn takes_nothing(&self, function: &Bound<'py, PyAny>) -> PyResult<bool> {
        let function = function.getattr("func")?;
        let Some(code) = function.getattr_opt("__code__")? else { return Ok(false) };
        let count = |object: Bound<'py, PyAny>| if object.is_none() { Ok(0) } else { object.len() };
        let positional: usize = code.getattr("co_argcount")?.extract()?;
        let by_name: usize = code.getattr("co_kwonlyargcount")?.extract()?;
        Ok(positional == count(function.getattr("__defaults__")?)?
            && by_name == count(function.getattr("__kwdefaults__")?)?)
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
                if !functions.is_empty() && !request.source.text.contains("myhdl") {
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

    fn simulate_here(&self, simulate: &Simulate<'_>, reporter: &Reporter) -> Result<(), Ended> {
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

    /// Tells the simulations that the file starts what the command line asks of them.
    fn settings(&self, simulate: &Simulate<'_>, reporter: &Reporter) -> PyResult<()> {
        let py = self.py;
        let settings = py.import("pyhw._extension")?.getattr("settings")?.cast_into::<PyDict>()?;
        settings.set_item("verbose", simulate.verbose)?;
        settings.set_item("told", Bound::new(py, Told::new(reporter))?)?;
        settings.set_item("in_python", simulate.in_python)?;
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

/// That something is no block, with the functions that `@block` would make one.
fn forgotten_blocks(
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
fn listed(names: &[&str]) -> String {
    match names {
        [] => "there is no block in it".to_owned(),
        _ => format!(
            "its blocks are {}",
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// Runs a command line; gives the exit code.
#[pyfunction]
pub fn main(py: Python<'_>, words: &Bound<'_, PyList>) -> PyResult<u8> {
    let words: Vec<OsString> = words.extract()?;
    Ok(pyhw_cli::main_with(words, &mut Host::new(py)).code())
}
