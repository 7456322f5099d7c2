//! What compiled processes took for constants, and whether it still holds when a simulation goes on.
//!
//! A compiled process has the values that names, attributes, lists and integers around it had when it was made. What processes change
//! while they run, the lowering knows. What other code changes between two steps of a simulation shows only here: the end of the first
//! step notes every value, and each later step compares.

use pyhw_elaborate::{FunctionId, ObjectId};
use pyhw_lower::{Assumed, Slot};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use std::collections::BTreeMap;

/// Everything that the compiled processes of a simulation took for constants.
pub(super) struct Assumptions {
    assumed: BTreeMap<Assumed, String>,
    functions: Vec<Py<PyAny>>,
    objects: Vec<Py<PyAny>>,
    /// The values at the end of the first step, in the order of `assumed`.
    noted: Option<Vec<Option<Py<PyAny>>>>,
}

impl Assumptions {
    /// Each assumption with the name of a process that makes it; functions and objects by their numbers.
    pub(super) fn new(
        assumed: BTreeMap<Assumed, String>,
        functions: Vec<Py<PyAny>>,
        objects: Vec<Py<PyAny>>,
    ) -> Assumptions {
        Assumptions { assumed, functions, objects, noted: None }
    }

    /// Notes the values, once.
    pub(super) fn note(&mut self, py: Python<'_>) -> PyResult<()> {
        if self.noted.is_none() {
            let values: PyResult<_> = self
                .assumed
                .keys()
                .map(|one| self.value(py, one).map(|value| value.map(Bound::unbind)))
                .collect();
            self.noted = Some(values?);
        }
        Ok(())
    }

    /// Raises SimulationError if a value is another one now.
    pub(super) fn check(&self, py: Python<'_>) -> PyResult<()> {
        for ((one, process), then) in self.assumed.iter().zip(self.noted.iter().flatten()) {
            let now = self.value(py, one)?;
            let holds = match (then, &now) {
                (Some(then), Some(now)) => is_same(then.bind(py), now)?,
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            };
            if !holds {
                return Err(self.changed(py, one, process)?);
            }
        }
        Ok(())
    }

    fn changed(&self, py: Python<'_>, one: &Assumed, process: &str) -> PyResult<PyErr> {
        let what = match one {
            Assumed::Slot(slot) => format!("`{}`", slot.name()),
            Assumed::Content(object) => {
                let class = self
                    .object(py, *object)
                    .map(|object| object.get_type().name().map(|name| name.to_string()));
                format!("what is in a `{}`", class.transpose()?.unwrap_or_default())
            }
        };
        let text = format!(
            "{what} has changed between two runs, and the compiled process `{process}` goes on with what it was"
        );
        let error = py.import("pyhw._errors")?.getattr("SimulationError")?.call1((text,))?;
        error.setattr(
            "advice",
            "what changes during a simulation is a signal; `pyhw sim --in-python` runs every process in Python, which sees other changes, too",
        )?;
        Ok(PyErr::from_value(error))
    }

    fn object<'py>(&self, py: Python<'py>, id: ObjectId) -> Option<&Bound<'py, PyAny>> {
        self.objects.get(id.index()).map(|object| object.bind(py))
    }

    /// What is there now; of what changes in place a copy.
    fn value<'py>(&self, py: Python<'py>, one: &Assumed) -> PyResult<Option<Bound<'py, PyAny>>> {
        match one {
            Assumed::Slot(Slot::Attribute(object, name)) => match self.object(py, *object) {
                Some(object) => object.getattr_opt(name.as_str()),
                None => Ok(None),
            },
            Assumed::Slot(Slot::Member(module, name)) => {
                py.import(module.as_str())?.getattr_opt(name.as_str())
            }
            Assumed::Slot(Slot::Name(function, name)) => self.around(py, *function, name),
            Assumed::Content(object) => self.object(py, *object).map(content).transpose(),
        }
    }

    /// What a function finds around it under a name.
    fn around<'py>(
        &self,
        py: Python<'py>,
        id: FunctionId,
        name: &str,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(function) = self.functions.get(id.index()) else { return Ok(None) };
        let function = function.bind(py);
        let free: Vec<String> =
            function.getattr(intern!(py, "__code__"))?.getattr(intern!(py, "co_freevars"))?.extract()?;
        if let Some(place) = free.iter().position(|own| own == name) {
            let closure = function.getattr(intern!(py, "__closure__"))?;
            let cell = closure.cast::<PyTuple>()?.get_item(place)?;
            // A cell may have become empty.
            return cell.getattr_opt(intern!(py, "cell_contents")).or(Ok(None));
        }
        function.getattr(intern!(py, "__globals__"))?.cast::<PyDict>()?.get_item(name)
    }
}

/// A copy of what is in a list, a dict, a set or an `intbv`.
fn content<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = object.py();
    if let Some(value) = object.getattr_opt(intern!(py, "_val"))? {
        return Ok(value);
    }
    if let Ok(dict) = object.cast::<PyDict>() {
        return Ok(dict.copy()?.into_any());
    }
    let elements: Vec<Bound<'py, PyAny>> = object.try_iter()?.collect::<PyResult<_>>()?;
    Ok(PyList::new(py, elements)?.into_any())
}

/// Whether a process cannot tell one from the other. Signals are equal when their values are, and are compared as objects.
fn is_same(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>) -> PyResult<bool> {
    if a.is(b) {
        return Ok(true);
    }
    if let (Ok(a), Ok(b)) = (a.cast::<PyList>(), b.cast::<PyList>()) {
        let mut same = a.len() == b.len();
        for (a, b) in a.iter().zip(b.iter()) {
            same = same && is_same(&a, &b)?;
        }
        return Ok(same);
    }
    if !a.get_type().is(b.get_type()) || a.hasattr(intern!(a.py(), "_sim"))? {
        return Ok(false);
    }
    a.eq(b)
}
