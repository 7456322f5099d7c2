//! What leaves a simulation: waves, exceptions, and what is told before it begins.

use crate::collect::Told;
use crate::failure;
use crate::record::Recorded;
use pyhw_cli::Findings;
use pyhw_diagnostics::{Diagnostic, Severity, Sources, Span};
use pyhw_ir::eval::FaultKind;
use pyhw_ir::{Design, HostBody, Int, Module, Process, ProcessBody};
use pyhw_sim::NetIndex;
use pyhw_sim::wave::{Vcd, Waves};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

/// The exception that a fault of a compiled process raises; it carries the finding that tells where it happened.
///
/// `picked_from` tells what each run-time index picks from.
pub(super) fn fault_error(
    py: Python<'_>,
    fault: &pyhw_sim::SimFault,
    sources: &Sources,
    picked_from: &HashMap<Span, &'static str>,
) -> PyResult<PyErr> {
    let picked;
    let fault = match &*fault.fault.kind {
        // An index that picks by cases is checked, and is told of as any other one.
        FaultKind::Range { target: None, range, value } if picked_from.contains_key(&fault.fault.span) => {
            let length = range.max.as_ref().and_then(|max| max.add(&Int::ONE).to_usize()).unwrap_or_default();
            let mut told = fault.clone();
            told.fault.kind = Box::new(FaultKind::Index { length, index: value.clone() });
            picked = told;
            &picked
        }
        _ => fault,
    };
    let (mut class, mut message) = fault.fault.exception();
    if let FaultKind::Index { .. } | FaultKind::Range { .. } = *fault.fault.kind
        && let Some(of) = picked_from.get(&fault.fault.span)
    {
        (class, message) = ("IndexError", format!("{of} index out of range"));
    }
    // The text of a KeyError is the key's own form.
    let key = match *fault.fault.kind {
        FaultKind::Raise { .. } if picked_from.get(&fault.fault.span) == Some(&"dict") => {
            message.parse::<num_bigint::BigInt>().ok()
        }
        _ => None,
    };
    let class = match py.import("builtins")?.getattr_opt(class)? {
        Some(class) => class,
        None => py
            .import("pyhw._errors")?
            .getattr_opt(class)?
            .unwrap_or(py.get_type::<PyRuntimeError>().into_any()),
    };
    let error = match key {
        Some(key) => class.call1((key,))?,
        None if message.is_empty() => class.call0()?,
        None => class.call1((message,))?,
    };
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

/// Whether every process is to run in Python, as the command line asks.
pub(super) fn in_python(settings: &Bound<'_, PyDict>) -> PyResult<Option<&'static str>> {
    let is_asked = settings.get_item("in_python")?.is_some_and(|asked| asked.is_truthy().unwrap_or(false));
    Ok(is_asked.then_some("`--in-python` asks for it"))
}

/// Tells the command line what is to be known of a design before it runs: slips that Python passes over, and under `-v` which
/// processes Python resumes, and what kept each from being compiled.
pub(super) fn tell(settings: &Bound<'_, PyDict>, design: &Design, found: &[Diagnostic]) -> PyResult<()> {
    // Elsewhere the library is a guest.
    let Some(told) = settings.get_item("told")? else { return Ok(()) };
    let mut telling: Vec<Diagnostic> =
        found.iter().filter(|finding| finding.code.is_silent_in_python()).cloned().collect();
    let reasons = hosts(design).flat_map(|(_, _, host)| &host.reason);
    telling.extend(reasons.filter(|reason| reason.code.is_silent_in_python()).cloned());
    let noted = found.iter().filter(|finding| finding.code.is_noted_before_a_run());
    telling.extend(noted.map(|finding| finding.clone().severity(Severity::Note)));
    if settings.get_item("verbose")?.is_some_and(|verbose| verbose.is_truthy().unwrap_or(false)) {
        telling.extend(host_processes(design));
    }
    let findings = Findings::new(&design.sources, telling);
    told.cast_into::<Told>()?.borrow().report(settings.py(), &findings)
}

fn host_processes(design: &Design) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    for (module, process, host) in hosts(design) {
        // What follows the first reason often follows from it.
        if let Some(reason) = host.reason.first() {
            let message = format!("Python resumes `{}.{}`: {}", module.name, process.name, reason.message);
            notes.push(Diagnostic { message, ..reason.clone().severity(Severity::Note) });
        }
    }
    notes
}

/// The processes that Python resumes, with their modules.
fn hosts(design: &Design) -> impl Iterator<Item = (&Module, &Process, &HostBody)> {
    design.modules.iter().flat_map(|module| {
        module.processes.iter().filter_map(move |process| match &process.body {
            ProcessBody::Host(host) => Some((module, process, host)),
            ProcessBody::Ir(_) => None,
        })
    })
}

/// The waves that `traceSignals` and the command line asked for. Those of the command line are of every simulation: the first has
/// the name that was given, the second has `.1` in it, and so on.
pub(super) fn waves(
    recorded: &Recorded,
    design: &Design,
    signals: &[pyhw_lower::SignalNet],
    options: &Bound<'_, PyDict>,
    settings: &Bound<'_, PyDict>,
) -> PyResult<Vec<Waves>> {
    let py = settings.py();
    let wave = settings.get_item("wave")?.filter(|path| !path.is_none());
    let trace = options.get_item("trace")?.filter(|trace| !trace.is_none());
    if wave.is_none() && trace.is_none() {
        return Ok(Vec::new());
    }
    let flat = pyhw_sim::flatten(design).map_err(|fault| PyRuntimeError::new_err(fault.to_string()))?;
    // What tells objects of Python apart is nothing that the user declared.
    let kinds = signals.iter().map(|signal| signal.kind.as_ref());
    let hidden: HashSet<NetIndex> = places(py, design, &flat, kinds)?.into_iter().flatten().collect();
    let mut found = Vec::new();
    if let Some(path) = wave {
        let taken: u32 = settings.get_item("waves_taken")?.map_or(Ok(0), |taken| taken.extract())?;
        settings.set_item("waves_taken", taken + 1)?;
        let path = pyhw_cli::waves::of_simulation(&path.extract::<PathBuf>()?, taken);
        let waves = pyhw_cli::waves::open(&path).map_err(|why| failure::unwritten(py, &why))?;
        found.push(Waves { hidden: hidden.clone(), ..waves });
    }
    if let Some(trace) = trace {
        let path: String = trace.get_item("file")?.extract()?;
        let timescale: String = trace.get_item("timescale")?.extract()?;
        let name: Option<String> = trace.get_item("name")?.extract()?;
        let top = trace.get_item("top")?;
        let file = BufWriter::new(File::create(path)?);
        let sink = Box::new(Vcd::new(file, timescale));
        // A function in MyHDL's old style is no block: what it makes is part of the whole.
        let root = recorded.instance_of(&top, design, &flat).unwrap_or(0);
        found.push(Waves { root, name, hidden, ..Waves::new(sink) });
    }
    Ok(found)
}

/// Where nets of the design are in the kernel.
pub(super) fn places<'a>(
    py: Python<'_>,
    design: &Design,
    flat: &pyhw_sim::Flat,
    paths: impl Iterator<Item = Option<&'a pyhw_lower::NetPath>>,
) -> PyResult<Vec<Option<NetIndex>>> {
    let mut children: HashMap<(usize, &str), usize> = HashMap::new();
    for (index, instance) in flat.instances.iter().enumerate() {
        if let Some(parent) = instance.parent {
            children.insert((parent, &instance.name), index);
        }
    }
    let missing = || failure::as_exception(py, Findings::bug("a signal has no net"));
    let mut found = Vec::new();
    for path in paths {
        let Some(path) = path else {
            found.push(None);
            continue;
        };
        let mut at = 0;
        for step in &path.instances {
            let module = design.module(flat.instances[at].module);
            let name = &module.instances.get(step.index()).ok_or_else(missing)?.name;
            at = *children.get(&(at, name.as_str())).ok_or_else(missing)?;
        }
        found.push(Some(flat.net(at, path.net).ok_or_else(missing)?));
    }
    Ok(found)
}
