//! Processes that Python resumes: what runs, what a `yield` waits for, and what was stored meanwhile.

use super::{Activity, Attached, HostProcess, Simulation};
use crate::failure;
use num_bigint::BigInt;
use pyhw_ir::{Edge, Int, Range, Type};
use pyhw_sim::{Activation, FlatKind, FlatNet, HostFault, HostStep, HostWait, NetIndex};
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

impl Simulation {
    /// Runs a piece of a Python process.
    pub(super) fn resume(
        &self,
        slf: &Bound<'_, Self>,
        handle: u32,
        activation: Activation,
    ) -> Result<HostStep, HostFault> {
        let py = slf.py();
        let step = match activation {
            Activation::Reset => self.reset(py, handle).map(|()| HostStep::Done),
            Activation::Run => self.run_python(slf, handle),
        };
        // What Python stored counts even where it raised an exception afterwards.
        let touched = self.take_touched(slf);
        match (step, touched) {
            (Ok(step), Ok(())) => Ok(step),
            (Err(error), _) | (Ok(_), Err(error)) => Err(self.host_fault(py, error)),
        }
    }

    fn reset(&self, py: Python<'_>, handle: u32) -> PyResult<()> {
        let (process, signals, integers) = {
            let core = self.core.borrow();
            let Some(process) = core.processes.get(handle as usize) else { return Ok(()) };
            let Some(reset) = &process.reset else { return Ok(()) };
            let signals = reset.signals.iter().map(|id| core.signals[id.index()].object.clone_ref(py));
            let signals: Vec<Py<PyAny>> = signals.collect();
            (process.object.clone_ref(py), signals, reset.integers.clone())
        };
        if !integers.is_empty() {
            process.bind(py).call_method1(intern!(py, "restore"), (integers,))?;
        }
        for object in signals {
            let object = object.bind(py);
            object.setattr(intern!(py, "next"), object.getattr(intern!(py, "_init"))?)?;
        }
        Ok(())
    }

    fn run_python(&self, slf: &Bound<'_, Self>, handle: u32) -> PyResult<HostStep> {
        let py = slf.py();
        let (object, activity) = {
            let core = self.core.borrow();
            let process = &core.processes[handle as usize];
            (process.object.clone_ref(py).into_bound(py), process.activity.clone_ref(py))
        };
        let generator = match activity {
            Activity::Generator(generator) => generator.into_bound(py),
            Activity::Loop => {
                object.getattr(intern!(py, "func"))?.call0()?;
                return self.waits(slf, &object.getattr(intern!(py, "sens"))?);
            }
            Activity::New => {
                let started = match object.getattr_opt(intern!(py, "func"))? {
                    None => object.clone(),
                    Some(function) => {
                        let kind: String = object.getattr(intern!(py, "kind"))?.extract()?;
                        if kind == "always" && has_delay(&object)? {
                            self.core.borrow_mut().processes[handle as usize].activity = Activity::Loop;
                            return self.waits(slf, &object.getattr(intern!(py, "sens"))?);
                        }
                        let result = function.call0()?;
                        if kind != "instance" {
                            return Ok(HostStep::Done);
                        }
                        object.setattr(intern!(py, "gen"), &result)?;
                        result
                    }
                };
                self.core.borrow_mut().processes[handle as usize].activity =
                    Activity::Generator(started.clone().unbind());
                started
            }
        };
        match generator.call_method0(intern!(py, "__next__")) {
            Ok(clause) => self.waits(slf, &clause).inspect_err(|error| {
                // Whatever goes wrong on the way, the exception itself is told.
                let _ = at_yield(error, &generator);
            }),
            Err(error) if error.is_instance_of::<pyo3::exceptions::PyStopIteration>(py) => {
                let mut core = self.core.borrow_mut();
                if handle >= core.declared {
                    // Nobody resumes it again: the next child takes its place.
                    core.processes[handle as usize] = HostProcess::new(py.None());
                    core.ended.push(handle);
                }
                Ok(HostStep::Done)
            }
            Err(error) => Err(error),
        }
    }

    /// What a `yield` waits for.
    fn waits(&self, slf: &Bound<'_, Self>, clause: &Bound<'_, PyAny>) -> PyResult<HostStep> {
        let py = slf.py();
        if clause.is_none() {
            return Ok(HostStep::Wait(vec![HostWait::Now]));
        }
        if clause.is_instance_of::<pyo3::exceptions::PyBaseException>() {
            let error = PyErr::from_value(clause.clone());
            return Ok(HostStep::Hand(self.host_fault(py, error)));
        }
        let mut waits = Vec::new();
        if clause.is_instance_of::<PyTuple>() || clause.is_instance_of::<PyList>() {
            for part in clause.try_iter()? {
                waits.push(self.wait(slf, &part?)?);
            }
        } else {
            waits.push(self.wait(slf, clause)?);
        }
        Ok(HostStep::Wait(waits))
    }

    fn wait(&self, slf: &Bound<'_, Self>, clause: &Bound<'_, PyAny>) -> PyResult<HostWait> {
        let py = slf.py();
        if clause.is_none() {
            return Ok(HostWait::Now);
        }
        if clause.is_instance(self.classes.delay.bind(py))? {
            return Ok(HostWait::Delay(clause.getattr(intern!(py, "_time"))?.extract()?));
        }
        if clause.is_instance(self.classes.edge.bind(py))? {
            let net = self.net_of(slf, &clause.getattr(intern!(py, "_sig"))?)?;
            let kind: String = clause.getattr(intern!(py, "_kind"))?.extract()?;
            let edge = if kind == "posedge" { Edge::Rising } else { Edge::Falling };
            return Ok(HostWait::Event(net, edge));
        }
        if clause.is_instance(self.classes.join.bind(py))? {
            let mut parts = Vec::new();
            for part in clause.getattr(intern!(py, "_args"))?.try_iter()? {
                parts.push(self.wait(slf, &part?)?);
            }
            return Ok(HostWait::Join(parts));
        }
        if clause.hasattr(intern!(py, "_is_touched"))? {
            return Ok(HostWait::Event(self.net_of(slf, clause)?, Edge::Any));
        }
        if clause.hasattr(intern!(py, "gi_frame"))? || clause.hasattr(intern!(py, "callername"))? {
            let mut core = self.core.borrow_mut();
            let child = HostProcess::new(clause.clone().unbind());
            if let Some(handle) = core.ended.pop() {
                core.processes[handle as usize] = child;
                return Ok(HostWait::Child(handle));
            }
            let handle = core.processes.len() as u32;
            core.processes.push(child);
            return Ok(HostWait::Child(handle));
        }
        let text = clause.repr()?;
        Err(PyTypeError::new_err(format!("yield clause {} has type {}", text, clause.get_type().repr()?)))
    }

    /// The net of a signal object; one that was made during the run gets a net now.
    fn net_of(&self, slf: &Bound<'_, Self>, signal: &Bound<'_, PyAny>) -> PyResult<NetIndex> {
        let index = self.signal_index(slf, signal)?;
        Ok(self.core.borrow().signals[index].net)
    }

    fn signal_index(&self, slf: &Bound<'_, Self>, signal: &Bound<'_, PyAny>) -> PyResult<usize> {
        let py = slf.py();
        let owner = signal.getattr(intern!(py, "_sim"))?;
        if owner.is(slf) {
            return signal.getattr(intern!(py, "_index"))?.extract();
        }
        let ty = match signal.getattr(intern!(py, "_type"))?.extract::<String>()?.as_str() {
            "bool" => Type::Bool,
            "int" => {
                let min: Option<BigInt> = signal.getattr(intern!(py, "_min"))?.extract()?;
                let max: Option<BigInt> = signal.getattr(intern!(py, "_max"))?.extract()?;
                Type::Int(Range { min: min.map(Int::from), max: max.map(|max| Int::from(max - 1)) })
            }
            _ => Type::Opaque,
        };
        let mut core = self.core.borrow_mut();
        let init = core.take_python(&ty, &signal.getattr(intern!(py, "_held"))?)?;
        let wraps = signal.getattr(intern!(py, "_wrap"))?.is_truthy()?;
        let kind = match signal.getattr(intern!(py, "_delay"))?.extract::<Option<u64>>()? {
            Some(steps) if steps > 0 => FlatKind::Delayed(steps),
            _ => FlatKind::Signal,
        };
        let net = FlatNet { name: "signal".to_owned(), ty, init, kind, wraps };
        let net = core.kernel.add_net(net).map_err(|fault| PyRuntimeError::new_err(fault.to_string()))?;
        let index = core.signals.len();
        core.signals.push(Attached { object: signal.clone().unbind(), net, element: None, kind: None });
        drop(core);
        signal.setattr(intern!(py, "_sim"), slf)?;
        signal.setattr(intern!(py, "_index"), index)?;
        Ok(index)
    }

    /// Takes over what Python stored into signals; what is another simulation's stays for that one.
    pub(super) fn take_touched(&self, slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        let touched = py.import("pyhw._signal")?.getattr(intern!(py, "_touched"))?;
        let touched = touched.cast::<PyList>()?;
        let mut others = Vec::new();
        while !touched.is_empty() {
            let signals: Vec<Bound<'_, PyAny>> = touched.iter().collect();
            touched.call_method0(intern!(py, "clear"))?;
            for signal in signals {
                if self.belongs_to_another(slf, &signal)? {
                    others.push(signal);
                    continue;
                }
                signal.setattr(intern!(py, "_is_touched"), false)?;
                let index = self.signal_index(slf, &signal)?;
                let next = signal.getattr(intern!(py, "_next"))?;
                self.core.borrow_mut().store(index, &next)?;
            }
        }
        others.into_iter().try_for_each(|signal| touched.append(signal))
    }

    /// Whether a signal is part of another simulation that is not over.
    fn belongs_to_another(&self, slf: &Bound<'_, Self>, signal: &Bound<'_, PyAny>) -> PyResult<bool> {
        let py = slf.py();
        let owner = signal.getattr(intern!(py, "_sim"))?;
        if owner.is_none() || owner.is(slf) {
            return Ok(false);
        }
        Ok(!owner.getattr(intern!(py, "finished"))?.is_truthy()?)
    }

    fn host_fault(&self, py: Python<'_>, error: PyErr) -> HostFault {
        let message = failure::text_of(py, &error);
        if error.is_instance(py, self.classes.stop.bind(py)) {
            return HostFault::Stop { message };
        }
        if error.is_instance(py, self.classes.suspend.bind(py)) {
            return HostFault::Suspend { message };
        }
        let class = error.get_type(py).name().map(|name| name.to_string()).unwrap_or_default();
        // Values are asked of signals, and these ask the kernel.
        failure::attach_values(py, &error);
        let mut core = self.core.borrow_mut();
        let process = core.kernel.process_in_host();
        let process = process.map_or(String::new(), |process| core.kernel.process_path(process));
        failure::attach_place(py, &error, core.kernel.now(), &process);
        core.raised.push(error);
        HostFault::Error { class, message, handle: core.raised.len() as u32 - 1 }
    }
}

/// The library's classes that have a meaning for the kernel; users derive from them.
pub(super) struct Classes {
    delay: Py<PyAny>,
    edge: Py<PyAny>,
    join: Py<PyAny>,
    stop: Py<PyAny>,
    suspend: Py<PyAny>,
}

impl Classes {
    /// Found once for each simulation: waits are looked at often.
    pub(super) fn find(py: Python<'_>) -> PyResult<Classes> {
        let class = |module: &str, name: &str| -> PyResult<Py<PyAny>> {
            Ok(py.import(module)?.getattr(name)?.unbind())
        };
        Ok(Classes {
            delay: class("pyhw._process", "delay")?,
            edge: class("pyhw._signal", "Edge")?,
            join: class("pyhw._process", "join")?,
            stop: class("pyhw._errors", "StopSimulation")?,
            suspend: class("pyhw._errors", "SuspendSimulation")?,
        })
    }
}

/// Lets an exception about what a generator waits for tell of the `yield` at which it stands.
fn at_yield(error: &PyErr, generator: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = generator.py();
    let mut innermost = generator.clone();
    while let Some(next) = innermost.getattr_opt(intern!(py, "gi_yieldfrom"))?.filter(|next| !next.is_none())
    {
        innermost = next;
    }
    let frame = innermost.getattr(intern!(py, "gi_frame"))?;
    let file = crate::source::file_of(&frame.getattr(intern!(py, "f_code"))?)?;
    let line: u32 = frame.getattr(intern!(py, "f_lineno"))?.extract()?;
    let advice = "a process waits for edges, signals, `delay(…)`, or a tuple of these";
    failure::attach_wait(py, error, &file, line, error.is_instance_of::<PyTypeError>(py).then_some(advice));
    Ok(())
}

/// Whether an `always` waits for time as well: the kernel has no list for that, so it waits as a generator does.
fn has_delay(process: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = process.py();
    let class = py.import("pyhw._process")?.getattr(intern!(py, "delay"))?;
    for sense in process.getattr(intern!(py, "sens"))?.try_iter()? {
        if sense?.is_instance(&class)? {
            return Ok(true);
        }
    }
    Ok(false)
}
