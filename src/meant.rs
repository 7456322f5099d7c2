//! What was probably meant by a name that Python did not find. Python itself tells it from 3.12 on, and only in its own traceback.

use crate::undecorated;
use pyhw_diagnostics::nearest;
use pyo3::exceptions::{PyAttributeError, PyImportError, PyModuleNotFoundError, PyNameError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTraceback, PyTuple};
use std::collections::BTreeSet;

/// Advice for an exception that tells of an unknown name, attribute, import or module.
pub fn advice(py: Python<'_>, error: &PyErr) -> PyResult<Option<String>> {
    let value = error.value(py);
    if error.is_instance_of::<PyNameError>(py) {
        return unknown_name(py, error);
    }
    if error.is_instance_of::<PyAttributeError>(py) {
        // One that was raised by hand has no object, and neither has one of a store.
        let (Some(name), Some(object)) = (text(value, "name")?, value.getattr_opt("obj")?) else {
            return Ok(store_into_signal(&value.str()?.to_string_lossy()));
        };
        if let Some(advice) = forgotten_block(&object, &name)? {
            return Ok(Some(advice));
        }
        return Ok(near(&name, attributes(&object)?));
    }
    if error.is_instance_of::<PyModuleNotFoundError>(py) {
        let name = text(value, "name")?.unwrap_or_default();
        return Ok(near(&name, ["myhdl", "pyhw"].map(str::to_owned)));
    }
    if error.is_instance_of::<PyImportError>(py)
        && let Some(module) = text(value, "name")?
        && let Some(module) = py.import("sys")?.getattr("modules")?.cast::<PyDict>()?.get_item(module)?
        // Python before 3.12 names it in the message only.
        && let Some(name) = value.str()?.to_str()?.split('\'').nth(1)
    {
        return Ok(near(name, attributes(&module)?));
    }
    if error.is_instance_of::<PyTypeError>(py) {
        let said = value.str()?;
        let advice = of_type_error(&said.to_string_lossy());
        return Ok(advice.map(str::to_owned));
    }
    Ok(None)
}

/// What was meant by a store into an attribute that a signal does not have, as the exception tells it.
fn store_into_signal(said: &str) -> Option<String> {
    let (class, attribute) = said.split_once(" object has no attribute ")?;
    let is_signal = class.trim_matches('\'').ends_with("Signal");
    (is_signal && nearest(attribute.trim_matches('\''), ["next"]).is_some())
        .then(|| "a signal is driven by its `next`: `s.next = …`".to_owned())
}

/// What makes a block of a function whose processes are asked for something that only blocks have.
fn forgotten_block(object: &Bound<'_, PyAny>, attribute: &str) -> PyResult<Option<String>> {
    let py = object.py();
    if !py.import("pyhw._block")?.getattr("Block")?.hasattr(attribute)? {
        return Ok(None);
    }
    let first = match object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
        true if object.is_empty()? => return Ok(None),
        true => object.get_item(0)?,
        false => object.clone(),
    };
    let process = py.import("pyhw._process")?.getattr("Process")?;
    if !first.is_instance(&process)? || first.getattr("modctxt")?.is_truthy()? {
        return Ok(None);
    }
    let name: String = first.getattr("callername")?.extract()?;
    Ok((!name.starts_with('<')).then(|| undecorated::advice(&name)))
}

/// What helps against a TypeError of these words.
fn of_type_error(said: &str) -> Option<&'static str> {
    if said.starts_with("always_seq() missing 1 required positional argument: 'reset'") {
        return Some("a process without a reset has `reset=None`, or is one of `@always(clk.posedge)`");
    }
    if said.starts_with("always_comb() missing 1 required positional argument") {
        return Some("`@always_comb` takes no brackets");
    }
    if said.starts_with("instance() missing 1 required positional argument") {
        return Some("`@instance` takes no brackets");
    }
    let is_of_reset = said.contains("'isasync'") || said.starts_with("ResetSignal");
    if is_of_reset
        && ["__init__() missing", "__init__() got an unexpected"].iter().any(|slip| said.contains(slip))
    {
        return Some(
            "a reset signal has a value, a level at which it resets, and says whether it waits for the clock: \
             `ResetSignal(0, active=1, isasync=False)`",
        );
    }
    match said {
        "'Edge' object is not callable" => {
            Some("an edge is not called: `@always(clk.posedge)`, `yield clk.posedge`")
        }
        "'Process' object is not callable" => {
            Some("a process is not called: the block returns it, and it runs when it is due")
        }
        "'_Reset' object is not callable" => Some(
            "the annotation of a port is `Reset`, or `Reset[0, True]` if it is active low and asynchronous; a signal is made by \
             `ResetSignal(0, active=1, isasync=False)`",
        ),
        "'Port' object is not callable" => {
            Some("this annotates a port, as in `clk: Clock`; a signal is made by `Signal(bool(0))`")
        }
        "'_Direction' object is not callable" => Some("a direction takes its type in brackets: `In[bool]`"),
        "Signals are unhashable" => Some(
            "Python looks keys up by what never changes: `table[int(s)]`, or `table[s.val]` of an enumeration",
        ),
        "intbv objects are unhashable" => Some("Python looks keys up by what never changes: `table[int(x)]`"),
        _ => None,
    }
}

/// A name that is bound nowhere: a near one of where it was looked for, or the library that has it.
fn unknown_name(py: Python<'_>, error: &PyErr) -> PyResult<Option<String>> {
    let (Some(name), Some(last)) = (text(error.value(py), "name")?, innermost(py, error)?) else {
        return Ok(None);
    };
    let frame = last.getattr("tb_frame")?;
    let mut known = BTreeSet::new();
    for place in ["f_locals", "f_globals", "f_builtins"] {
        // The locals of a frame are a mapping of their own from Python 3.13 on.
        for key in frame.getattr(place)?.call_method0("keys")?.try_iter()? {
            known.insert(key?.str()?.to_string());
        }
    }
    let library: Vec<String> = py.import("pyhw")?.getattr("__all__")?.extract()?;
    if library.contains(&name) {
        return Ok(Some(format!("`{name}` is of the library: `from pyhw import {name}`")));
    }
    // What is not imported may be meant as well.
    known.extend(library);
    Ok(near(&name, known))
}

fn innermost<'py>(py: Python<'py>, error: &PyErr) -> PyResult<Option<Bound<'py, PyTraceback>>> {
    let mut last = error.traceback(py);
    while let Some(entry) = &last {
        let next = entry.getattr("tb_next")?;
        if next.is_none() {
            break;
        }
        last = Some(next.cast_into()?);
    }
    Ok(last)
}

fn near(name: &str, known: impl IntoIterator<Item = String>) -> Option<String> {
    let known: BTreeSet<String> = known.into_iter().collect();
    // What begins with an underscore is for those who ask for it.
    let offered = known.iter().filter(|other| name.starts_with('_') || !other.starts_with('_'));
    nearest(name, offered.map(String::as_str)).map(|meant| format!("did you mean `{meant}`?"))
}

fn attributes(object: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    // An object may say anything about itself, or refuse to.
    Ok(object.dir().and_then(|names| names.extract()).unwrap_or_default())
}

fn text(value: &Bound<'_, PyAny>, attribute: &str) -> PyResult<Option<String>> {
    Ok(value.getattr_opt(attribute)?.and_then(|text| text.extract().ok()))
}
