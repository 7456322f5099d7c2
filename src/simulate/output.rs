//! What leaves a simulation: prints, waves, exceptions, and what is told under `-v`.

use super::lock;
use crate::failure;
use crate::record::Recorded;
use pyhw_cli::Findings;
use pyhw_diagnostics::Sources;
use pyhw_sim::NetIndex;
use pyhw_sim::wave::{Fst, Vcd, WaveSink, Waves};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::collections::HashMap;
use std::fs::File;
use std::io::BufWriter;
use std::sync::{Arc, Mutex};

/// Texts are handed to Python when host code runs, when a run ends, and before they grow longer than this, in bytes.
const PRINT_BUFFER_BYTES: usize = 1 << 16;

/// The exponent of ten of a step's length in seconds, as FST has it.
const NANOSECOND: i8 = -9;

/// Collects what processes print.
pub(super) struct Texts {
    pub(super) buffer: Arc<Mutex<String>>,
}

impl pyhw_sim::TextSink for Texts {
    fn print(&mut self, text: &str) {
        let mut buffer = lock(&self.buffer);
        buffer.push_str(text);
        if buffer.len() > PRINT_BUFFER_BYTES {
            let text = std::mem::take(&mut *buffer);
            drop(buffer);
            // An output that is closed is told of at the end of the run.
            let _ = Python::attach(|py| write_out(py, &text));
        }
    }

    fn warn(&mut self, message: &str) {
        let message = message.to_owned();
        let _ = Python::attach(|py| -> PyResult<()> {
            let category = py.import("pyhw._errors")?.getattr("BusContentionWarning")?;
            py.import("warnings")?.call_method1("warn", (message, category))?;
            Ok(())
        });
    }
}

pub(super) fn write_out(py: Python<'_>, text: &str) -> PyResult<()> {
    if !text.is_empty() {
        py.import("sys")?.getattr("stdout")?.call_method1("write", (text,))?;
    }
    Ok(())
}

/// The exception that a fault of a compiled process raises; it carries the finding that tells where it happened.
pub(super) fn fault_error(py: Python<'_>, fault: &pyhw_sim::SimFault, sources: &Sources) -> PyResult<PyErr> {
    let (class, message) = fault.fault.exception();
    let class = match py.import("builtins")?.getattr_opt(class)? {
        Some(class) => class,
        None => py
            .import("pyhw._errors")?
            .getattr_opt(class)?
            .unwrap_or(py.get_type::<PyRuntimeError>().into_any()),
    };
    let error = if message.is_empty() { class.call0()? } else { class.call1((message,))? };
    let error = PyErr::from_value(error);
    failure::attach(py, &error, Findings::new(sources, vec![fault.diagnostic()]))?;
    Ok(error)
}

/// What the command line asked for.
pub(super) fn settings(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    Ok(py.import("pyhw._extension")?.getattr("settings")?.cast_into::<PyDict>()?)
}

/// The time at which every run ends, in steps.
pub(super) fn until(settings: &Bound<'_, PyDict>) -> PyResult<Option<u64>> {
    Ok(settings.get_item("until")?.map(|until| until.extract()).transpose()?.flatten())
}

/// Says which processes Python resumes, and what kept each from being compiled.
pub(super) fn tell_host_processes(py: Python<'_>, design: &pyhw_ir::Design) -> PyResult<()> {
    let stderr = py.import("sys")?.getattr("stderr")?;
    for module in &design.modules {
        for process in &module.processes {
            let pyhw_ir::ProcessBody::Host(host) = &process.body else { continue };
            let name = format!("{}.{}", module.name, process.name);
            // What follows the first reason often follows from it.
            if let Some(reason) = host.reason.first() {
                let place = design.sources.line(reason.primary.span);
                let line = format!("note: {place}: Python resumes `{name}`: {}\n", reason.message);
                stderr.call_method1("write", (line,))?;
            }
        }
    }
    Ok(())
}

/// The waves that `traceSignals` or the command line asked for.
pub(super) fn waves(
    recorded: &Recorded,
    design: &pyhw_ir::Design,
    options: &Bound<'_, PyDict>,
    settings: &Bound<'_, PyDict>,
) -> PyResult<Option<Waves>> {
    if let Some(path) = settings.get_item("wave")?.filter(|path| !path.is_none()) {
        settings.del_item("wave")?;
        let path: String = path.extract()?;
        let file = BufWriter::new(File::create(&path)?);
        let sink: Box<dyn WaveSink> = if path.ends_with(".fst") {
            Box::new(Fst::new(file, NANOSECOND))
        } else {
            Box::new(Vcd::new(file, "1ns"))
        };
        return Ok(Some(Waves::new(sink)));
    }
    let Some(trace) = options.get_item("trace")?.filter(|trace| !trace.is_none()) else { return Ok(None) };
    let path: String = trace.get_item("file")?.extract()?;
    let timescale: String = trace.get_item("timescale")?.extract()?;
    let name: Option<String> = trace.get_item("name")?.extract()?;
    let top = trace.get_item("top")?;
    let file = BufWriter::new(File::create(path)?);
    let sink = Box::new(Vcd::new(file, timescale));
    let flat = pyhw_sim::flatten(design).map_err(|fault| PyRuntimeError::new_err(fault.to_string()))?;
    let root = recorded.instance_of(&top, design, &flat).unwrap_or(0);
    Ok(Some(Waves { root, name, ..Waves::new(sink) }))
}

/// Where each signal is in the kernel.
pub(super) fn places(
    py: Python<'_>,
    design: &pyhw_ir::Design,
    kernel: &pyhw_sim::Simulation,
    signals: &[pyhw_lower::SignalNet],
) -> PyResult<Vec<NetIndex>> {
    let flat = kernel.flat();
    let mut children: HashMap<(usize, &str), usize> = HashMap::new();
    for (index, instance) in flat.instances.iter().enumerate() {
        if let Some(parent) = instance.parent {
            children.insert((parent, &instance.name), index);
        }
    }
    let missing = || failure::as_exception(py, Findings::bug("a signal has no net"));
    let mut found = Vec::with_capacity(signals.len());
    for signal in signals {
        let mut at = 0;
        for step in &signal.path.instances {
            let module = design.module(flat.instances[at].module);
            let name = &module.instances.get(step.index()).ok_or_else(missing)?.name;
            at = *children.get(&(at, name.as_str())).ok_or_else(missing)?;
        }
        found.push(flat.net(at, signal.path.net).ok_or_else(missing)?);
    }
    Ok(found)
}
