//! Stands between a file and the extension while the file is elaborated: what it converts and simulates is noted.

use crate::convert::{conversion, target};
use crate::failure;
use crate::record::{record, record_block};
use pyhw_cli::interpreter::{Origin, Unit};
use pyhw_cli::{Findings, Reporter};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use std::cell::{Cell, RefCell};

/// In place of `_native.convert`: notes each block with what is asked for, and gives no files.
#[pyclass(module = "pyhw._native", unsendable)]
#[derive(Default)]
pub struct Conversions {
    units: RefCell<Vec<Unit>>,
}

#[pymethods]
impl Conversions {
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        block: &Bound<'py, PyAny>,
        language: &str,
        options: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let conversion = conversion(target(language)?, options)?;
        let elaborated = record_block(py, block)?.elaborated;
        self.units.borrow_mut().push(Unit { elaborated, origin: Origin::Conversion(conversion) });
        Ok(PyDict::new(py))
    }
}

impl Conversions {
    /// What was noted.
    pub fn take(&self) -> Vec<Unit> {
        self.units.take()
    }
}

/// In place of `_native.Simulation` where nothing is to run: notes what would be simulated.
#[pyclass(module = "pyhw._native", unsendable)]
#[derive(Default)]
pub struct Unrun {
    units: RefCell<Vec<Unit>>,
}

#[pymethods]
impl Unrun {
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        items: &Bound<'py, PyList>,
        options: &Bound<'py, PyDict>,
    ) -> PyResult<Idle> {
        // The waves that it would have written are not awaited.
        drop(options.get_item("trace")?);
        let elaborated = record(py, items)?.elaborated;
        self.units.borrow_mut().push(Unit { elaborated, origin: Origin::Simulation });
        Ok(Idle {})
    }
}

impl Unrun {
    /// What was noted.
    pub fn take(&self) -> Vec<Unit> {
        self.units.take()
    }
}

/// A simulation in which nothing happens.
#[pyclass(module = "pyhw._native")]
pub struct Idle {}

#[pymethods]
impl Idle {
    #[getter]
    fn now(&self) -> u64 {
        0
    }

    #[getter]
    fn finished(&self) -> bool {
        true
    }

    #[pyo3(signature = (_duration, _quiet))]
    fn run(&self, _duration: Option<u64>, _quiet: bool) -> u32 {
        0
    }

    fn finish(&self) {}
}

/// In place of `_native.Simulation` while simulations run: keeps them, so that they are ended in order.
#[pyclass(module = "pyhw._native", unsendable)]
pub struct Running {
    class: Py<PyAny>,
    started: RefCell<Vec<Py<PyAny>>>,
    count: Cell<usize>,
}

#[pymethods]
impl Running {
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        items: &Bound<'py, PyList>,
        options: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.count.set(self.count.get() + 1);
        let simulation = self.class.bind(py).call1((items, options))?;
        let mut started = self.started.borrow_mut();
        // One that is over needs nothing any more.
        started.retain(|earlier| {
            !earlier.bind(py).getattr("finished").is_ok_and(|over| over.is_truthy().unwrap_or(true))
        });
        started.push(simulation.clone().unbind());
        Ok(simulation)
    }
}

impl Running {
    /// Makes the simulations with this class.
    pub fn new(class: Py<PyAny>) -> Running {
        Running { class, started: RefCell::default(), count: Cell::new(0) }
    }

    /// Whether the file has started one.
    pub fn any(&self) -> bool {
        self.count.get() > 0
    }

    /// Ends those that can still go on, so that their waves are whole.
    pub fn finish(&self, py: Python<'_>) -> PyResult<()> {
        for simulation in self.started.take() {
            let simulation = simulation.bind(py);
            if !simulation.getattr("finished")?.is_truthy()? {
                simulation.call_method0("finish")?;
            }
        }
        Ok(())
    }
}

/// In place of `_native.convert` while simulations run: notes that something was converted, and converts it.
#[pyclass(module = "pyhw._native", unsendable)]
pub struct Converting {
    function: Py<PyAny>,
    any: Cell<bool>,
}

#[pymethods]
impl Converting {
    #[pyo3(signature = (*args))]
    fn __call__<'py>(&self, py: Python<'py>, args: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        self.any.set(true);
        self.function.bind(py).call1(args)
    }
}

impl Converting {
    /// Converts with this function.
    pub fn new(function: Py<PyAny>) -> Converting {
        Converting { function, any: Cell::new(false) }
    }

    /// Whether the file has converted something.
    pub fn any(&self) -> bool {
        self.any.get()
    }
}

/// What the simulations of a command tell before they begin, on its way to the command line.
#[pyclass(module = "pyhw._native", unsendable)]
pub struct Told {
    reporter: Reporter,
}

/// In place of `warnings.showwarning` where messages are JSON: whoever reads these meets no other text among them.
#[pyclass(module = "pyhw._native", unsendable)]
struct Warned {
    reporter: Reporter,
}

#[pymethods]
impl Warned {
    #[pyo3(signature = (message, category, filename, lineno, *_rest))]
    fn __call__(
        &self,
        message: &Bound<'_, PyAny>,
        category: &Bound<'_, PyAny>,
        filename: &str,
        lineno: u32,
        _rest: &Bound<'_, PyTuple>,
    ) -> PyResult<()> {
        let class: String = category.getattr("__name__")?.extract()?;
        let message = format!("{class}: {}", message.str()?);
        self.reporter.clone().python_warning(&message, filename, lineno);
        Ok(())
    }
}

/// Lets the reporter tell Python's own warnings, if its messages are JSON. Python's filters hold as ever.
pub fn tell_warnings(py: Python<'_>, reporter: &Reporter) -> PyResult<()> {
    if !reporter.is_json() {
        return Ok(());
    }
    let warned = Bound::new(py, Warned { reporter: reporter.clone() })?;
    py.import("warnings")?.setattr("showwarning", warned)
}

impl Told {
    /// Tells it to this reporter.
    pub fn new(reporter: &Reporter) -> Told {
        Told { reporter: reporter.clone() }
    }

    /// Tells it at once: what was printed comes before.
    pub fn report(&self, py: Python<'_>, findings: &Findings) -> PyResult<()> {
        if !findings.diagnostics.is_empty() {
            failure::of_output(py, py.import("sys")?.getattr("stdout")?.call_method0("flush"))?;
            self.reporter.clone().report(findings);
        }
        Ok(())
    }
}
