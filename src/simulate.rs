//! `Simulation` for the Python library: the native kernel with Python resumed for what is not compiled.
//!
//! Python code sees the simulation while it runs (it reads signals), so the kernel is advanced piece by piece, and nothing of it is
//! borrowed while Python runs.

use crate::record::{Recorded, record};
use num_bigint::BigInt;
use pyhw_elaborate::SignalId;
use pyhw_ir::{Edge, Int, Range, Type, Value};
use pyhw_sim::wave::{Fst, Vcd, WaveSink, Waves};
use pyhw_sim::{
    Activation, FlatKind, FlatNet, HostFault, HostStep, HostWait, NetIndex, Opaques, Options, Outcome, Pause,
};
use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyList, PyTuple};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::BufWriter;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Texts are handed to Python when host code runs, when a run ends, and before they grow longer than this, in bytes.
const PRINT_BUFFER_BYTES: usize = 1 << 16;

/// The exponent of ten of a step's length in seconds, as FST has it.
const NANOSECOND: i8 = -9;

/// Objects of signals that hold no data, by handle.
type Objects = Arc<Mutex<Vec<Py<PyAny>>>>;

/// A simulation on the native kernel.
#[pyclass(module = "pyhw._native", unsendable)]
pub struct Simulation {
    core: RefCell<Core>,
}

struct Core {
    kernel: pyhw_sim::Simulation,
    /// The signals by number; those of the design first, then those that were made during the run.
    signals: Vec<Attached>,
    enums: Vec<Vec<Py<PyAny>>>,
    objects: Objects,
    /// Processes and generators by handle.
    processes: Vec<HostProcess>,
    /// Exceptions that Python code raised, by handle.
    raised: Vec<PyErr>,
    texts: Arc<Mutex<String>>,
    interrupt: Arc<AtomicBool>,
    finished: bool,
}

/// A signal object with its place in the kernel.
struct Attached {
    object: Py<PyAny>,
    net: NetIndex,
    element: Option<u32>,
}

struct HostProcess {
    object: Py<PyAny>,
    /// The generator, once it was started.
    generator: Option<Py<PyAny>>,
    /// What a reset gives its initial value.
    drives: Vec<SignalId>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[pymethods]
impl Simulation {
    /// Records, lowers and lays out what is to be simulated.
    #[new]
    fn new(py: Python<'_>, items: &Bound<'_, PyList>, options: &Bound<'_, PyDict>) -> PyResult<Simulation> {
        let settings = settings(py)?;
        let recorded = record(py, items)?;
        let lowered = pyhw_lower::lower(&recorded.elaborated);
        let design = lowered.design;
        if let Some(verbose) = settings.get_item("verbose")?
            && verbose.is_truthy()?
        {
            tell_host_processes(py, &design)?;
        }
        let faults = pyhw_ir::verify::verify(&design);
        if let Some(fault) = faults.first() {
            return Err(PyRuntimeError::new_err(format!("internal fault of pyhw: {}", fault.message)));
        }
        let objects: Objects =
            Arc::new(Mutex::new(recorded.opaque.iter().map(|object| object.clone_ref(py)).collect()));
        let texts = Arc::new(Mutex::new(String::new()));
        let interrupt = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupt);
        let kernel_options = Options {
            text: Box::new(Texts { buffer: Arc::clone(&texts) }),
            opaques: Box::new(PythonObjects { objects: Arc::clone(&objects) }),
            interrupt: Arc::clone(&interrupt),
            observer: Some(Box::new(move |_| {
                // Signals reach Python only where it is asked: Ctrl-C stops the run at the end of the delta.
                if Python::attach(|py| py.check_signals()).is_err() {
                    flag.store(true, Ordering::Relaxed);
                }
            })),
            waves: waves(&recorded, &design, options, &settings)?,
            ..Options::default()
        };
        let kernel = pyhw_sim::Simulation::new(&design, kernel_options)
            .map_err(|fault| PyRuntimeError::new_err(format!("internal fault of pyhw: {fault}")))?;
        let nets = places(&design, &kernel, &lowered.signals)?;
        let signals = recorded.signals.into_iter().zip(&lowered.signals).zip(nets);
        let signals =
            signals.map(|((object, place), net)| Attached { object, net, element: place.element }).collect();
        let drives: HashMap<u32, Vec<SignalId>> = lowered.host_drives.into_iter().collect();
        let processes = recorded
            .processes
            .into_iter()
            .enumerate()
            .map(|(handle, object)| HostProcess {
                object,
                generator: None,
                drives: drives.get(&(handle as u32)).cloned().unwrap_or_default(),
            })
            .collect();
        let core = Core {
            kernel,
            signals,
            enums: recorded.enums,
            objects,
            processes,
            raised: Vec::new(),
            texts,
            interrupt,
            finished: false,
        };
        Ok(Simulation { core: RefCell::new(core) })
    }

    /// The time in steps.
    #[getter]
    fn now(&self) -> u64 {
        self.core.borrow().kernel.now()
    }

    /// Whether the simulation is over.
    #[getter]
    fn finished(&self) -> bool {
        self.core.borrow().finished
    }

    /// The current value of a signal, by its number.
    fn value(&self, py: Python<'_>, index: usize) -> PyResult<Py<PyAny>> {
        let core = self.core.borrow();
        core.show(py, index, false)
    }

    /// The value that a signal takes next, by its number.
    fn pending(&self, py: Python<'_>, index: usize) -> PyResult<Py<PyAny>> {
        let core = self.core.borrow();
        core.show(py, index, true)
    }

    /// Runs for so many steps, or until the simulation is over. Returns 1 if it can go on, else 0.
    #[pyo3(signature = (duration, quiet))]
    fn run(slf: &Bound<'_, Self>, duration: Option<u64>, quiet: bool) -> PyResult<u32> {
        let py = slf.py();
        let this = slf.borrow();
        py.import("pyhw._time")?.setattr("source", slf)?;
        if this.core.borrow().kernel.now() == 0 {
            this.attach_signals(slf)?;
        }
        this.take_touched(slf)?;
        let limit: Option<u64> =
            settings(py)?.get_item("until")?.map(|until| until.extract()).transpose()?.flatten();
        {
            let mut core = this.core.borrow_mut();
            let until = duration.map(|steps| core.kernel.now().saturating_add(steps));
            let until = match (until, limit) {
                (Some(until), Some(limit)) => Some(until.min(limit)),
                (one, other) => one.or(other),
            };
            core.kernel.start_run(until);
        }
        let outcome = loop {
            let pause = this.core.borrow_mut().kernel.advance();
            match pause {
                Pause::End(outcome) => break outcome,
                Pause::Host { handle, activation } => {
                    this.flush(py)?;
                    let result = this.resume(slf, handle, activation);
                    let ended = this.core.borrow_mut().kernel.resumed(result);
                    if let Some(outcome) = ended {
                        break outcome;
                    }
                }
            }
        };
        this.flush(py)?;
        this.conclude(slf, outcome, duration, quiet)
    }

    /// Ends the simulation; signals have their initial values again.
    fn finish(slf: &Bound<'_, Self>) -> PyResult<()> {
        slf.borrow().end(slf.py())
    }
}

impl Simulation {
    /// From now on the signals ask this simulation for their values.
    fn attach_signals(&self, slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        for (index, signal) in self.core.borrow().signals.iter().enumerate() {
            let object = signal.object.bind(py);
            object.setattr(intern!(py, "_sim"), slf)?;
            object.setattr(intern!(py, "_index"), index)?;
        }
        Ok(())
    }

    /// Hands what was printed to Python's standard output.
    fn flush(&self, py: Python<'_>) -> PyResult<()> {
        let text = std::mem::take(&mut *lock(&self.core.borrow().texts));
        write_out(py, &text)
    }

    /// Ends the simulation.
    fn end(&self, py: Python<'_>) -> PyResult<()> {
        let objects: Vec<Py<PyAny>> = {
            let mut core = self.core.borrow_mut();
            core.finished = true;
            core.kernel.finish()?;
            core.signals.iter().map(|signal| signal.object.clone_ref(py)).collect()
        };
        for object in objects {
            let object = object.bind(py);
            object.setattr(intern!(py, "_sim"), py.None())?;
            object.call_method0(intern!(py, "_reset"))?;
        }
        Ok(())
    }

    /// Says how a run ended, as MyHDL does.
    fn conclude(
        &self,
        slf: &Bound<'_, Self>,
        outcome: Outcome,
        duration: Option<u64>,
        quiet: bool,
    ) -> PyResult<u32> {
        let py = slf.py();
        let say = |kind: &str, text: &str| -> PyResult<()> {
            if quiet {
                return Ok(());
            }
            let line = if text.is_empty() { format!("{kind}\n") } else { format!("{kind}: {text}\n") };
            py.import("sys")?.getattr("stderr")?.call_method1("write", (line,))?;
            Ok(())
        };
        match outcome {
            Outcome::Suspended(text) => {
                let steps = duration.unwrap_or(0);
                say(
                    "<class 'myhdl._SuspendSimulation'>",
                    &text.unwrap_or_else(|| format!("Simulated {steps} timesteps")),
                )?;
                return Ok(1);
            }
            Outcome::NoMoreEvents => say("<class 'myhdl.StopSimulation'>", "No more events")?,
            Outcome::Finished(text) | Outcome::Raised(HostFault::Stop { message: text }) => {
                say("<class 'myhdl.StopSimulation'>", &text)?;
            }
            Outcome::Raised(HostFault::Suspend { message }) => {
                say("<class 'myhdl._SuspendSimulation'>", &message)?;
                return Ok(1);
            }
            Outcome::Interrupted => {
                let time = self.core.borrow().kernel.now();
                self.end(py)?;
                return Err(PyKeyboardInterrupt::new_err(format!("stopped at time {time}")));
            }
            Outcome::Fault(fault) => {
                let error = fault_error(py, &fault)?;
                self.end(py)?;
                return Err(error);
            }
            Outcome::Raised(HostFault::Error { class, message, handle }) => {
                let error = self.core.borrow().raised.get(handle as usize).map(|error| error.clone_ref(py));
                if self.core.borrow().kernel.is_over() {
                    self.end(py)?;
                }
                return Err(error.unwrap_or_else(|| PyRuntimeError::new_err(format!("{class}: {message}"))));
            }
            Outcome::Over => {
                return Err(PyRuntimeError::new_err("the simulation is over"));
            }
        }
        self.end(py)?;
        Ok(0)
    }

    /// Runs a piece of a Python process.
    fn resume(
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
        let drives: Vec<Py<PyAny>> = {
            let core = self.core.borrow();
            let Some(process) = core.processes.get(handle as usize) else { return Ok(()) };
            process.drives.iter().map(|id| core.signals[id.index()].object.clone_ref(py)).collect()
        };
        for object in drives {
            let object = object.bind(py);
            object.setattr(intern!(py, "next"), object.getattr(intern!(py, "_init"))?)?;
        }
        Ok(())
    }

    fn run_python(&self, slf: &Bound<'_, Self>, handle: u32) -> PyResult<HostStep> {
        let py = slf.py();
        let (object, generator) = {
            let core = self.core.borrow();
            let process = &core.processes[handle as usize];
            (
                process.object.clone_ref(py),
                process.generator.as_ref().map(|generator| generator.clone_ref(py)),
            )
        };
        let generator = match generator {
            Some(generator) => generator.into_bound(py),
            None => {
                let object = object.bind(py);
                let started = match object.getattr_opt(intern!(py, "func"))? {
                    None => object.clone(),
                    Some(function) => {
                        let kind: String = object.getattr(intern!(py, "kind"))?.extract()?;
                        let result = function.call0()?;
                        if kind != "instance" {
                            return Ok(HostStep::Done);
                        }
                        object.setattr(intern!(py, "gen"), &result)?;
                        result
                    }
                };
                self.core.borrow_mut().processes[handle as usize].generator = Some(started.clone().unbind());
                started
            }
        };
        match generator.call_method0(intern!(py, "__next__")) {
            Ok(clause) => self.waits(slf, &clause),
            Err(error) if error.is_instance_of::<pyo3::exceptions::PyStopIteration>(py) => Ok(HostStep::Done),
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
        let class = clause.get_type();
        let name = class.name()?;
        match name.to_str()? {
            "delay" => return Ok(HostWait::Delay(clause.getattr(intern!(py, "_time"))?.extract()?)),
            "Edge" => {
                let net = self.net_of(slf, &clause.getattr(intern!(py, "_sig"))?)?;
                let kind: String = clause.getattr(intern!(py, "_kind"))?.extract()?;
                let edge = if kind == "posedge" { Edge::Rising } else { Edge::Falling };
                return Ok(HostWait::Event(net, edge));
            }
            "join" => {
                let mut parts = Vec::new();
                for part in clause.getattr(intern!(py, "_args"))?.try_iter()? {
                    parts.push(self.wait(slf, &part?)?);
                }
                return Ok(HostWait::Join(parts));
            }
            _ => {}
        }
        if clause.hasattr(intern!(py, "_is_touched"))? {
            return Ok(HostWait::Event(self.net_of(slf, clause)?, Edge::Any));
        }
        if clause.hasattr(intern!(py, "gi_frame"))? || clause.hasattr(intern!(py, "callername"))? {
            let mut core = self.core.borrow_mut();
            let handle = core.processes.len() as u32;
            core.processes.push(HostProcess {
                object: clause.clone().unbind(),
                generator: None,
                drives: Vec::new(),
            });
            return Ok(HostWait::Child(handle));
        }
        let text = clause.repr()?;
        Err(PyTypeError::new_err(format!("yield clause {} has type {}", text, class.repr()?)))
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
        let init = core.from_python(&ty, &signal.getattr(intern!(py, "_val"))?)?;
        let wraps = signal.getattr(intern!(py, "_wrap"))?.is_truthy()?;
        let kind = match signal.getattr(intern!(py, "_delay"))?.extract::<Option<u64>>()? {
            Some(steps) if steps > 0 => FlatKind::Delayed(steps),
            _ => FlatKind::Signal,
        };
        let net = FlatNet { name: "signal".to_owned(), ty, init, kind, wraps };
        let net = core.kernel.add_net(net).map_err(|fault| PyRuntimeError::new_err(fault.to_string()))?;
        let index = core.signals.len();
        core.signals.push(Attached { object: signal.clone().unbind(), net, element: None });
        drop(core);
        signal.setattr(intern!(py, "_sim"), slf)?;
        signal.setattr(intern!(py, "_index"), index)?;
        Ok(index)
    }

    /// Takes over what Python stored into signals.
    fn take_touched(&self, slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        let touched = py.import("pyhw._signal")?.getattr(intern!(py, "_touched"))?;
        let touched = touched.cast::<PyList>()?;
        while !touched.is_empty() {
            let signals: Vec<Bound<'_, PyAny>> = touched.iter().collect();
            touched.call_method0(intern!(py, "clear"))?;
            for signal in signals {
                signal.setattr(intern!(py, "_is_touched"), false)?;
                let index = self.signal_index(slf, &signal)?;
                let next = signal.getattr(intern!(py, "_next"))?;
                self.core.borrow_mut().store(index, &next)?;
            }
        }
        Ok(())
    }

    fn host_fault(&self, py: Python<'_>, error: PyErr) -> HostFault {
        let message = error.value(py).str().map(|text| text.to_string()).unwrap_or_default();
        let class = error.get_type(py).name().map(|name| name.to_string()).unwrap_or_default();
        match class.as_str() {
            "StopSimulation" => HostFault::Stop { message },
            "SuspendSimulation" | "_SuspendSimulation" => HostFault::Suspend { message },
            _ => {
                let mut core = self.core.borrow_mut();
                core.raised.push(error);
                HostFault::Error { class, message, handle: core.raised.len() as u32 - 1 }
            }
        }
    }
}

impl Core {
    fn read(&self, index: usize, next: bool) -> PyResult<Value> {
        let Some(signal) = self.signals.get(index) else {
            return Err(PyRuntimeError::new_err("the signal is not part of this simulation"));
        };
        let state = self.kernel.state();
        Ok(match (signal.element, next) {
            (Some(element), false) => {
                state.element(signal.net, element as usize).cloned().unwrap_or(Value::Z)
            }
            (Some(element), true) => {
                state.next_element(signal.net, element as usize).cloned().unwrap_or(Value::Z)
            }
            (None, false) => state.value(signal.net),
            (None, true) => state.next_value(signal.net),
        })
    }

    fn show(&self, py: Python<'_>, index: usize, next: bool) -> PyResult<Py<PyAny>> {
        match self.read(index, next)? {
            Value::Enum(member) => Ok(self.member(py, index, member).unwrap_or_else(|| py.None())),
            value => self.to_python(py, &value),
        }
    }

    fn store(&mut self, index: usize, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let (net, element) = (self.signals[index].net, self.signals[index].element);
        let ty = self.kernel.state().nets()[net as usize].ty.clone();
        let stored = match (element, &ty) {
            (Some(element), Type::Array(inner, _)) => {
                let value = self.from_python(inner, value)?;
                self.kernel.state_mut().set_next_element(net, element as usize, value)
            }
            _ => {
                let value = self.from_python(&ty, value)?;
                self.kernel.poke(net, value)
            }
        };
        stored.map_err(|fault| pyo3::exceptions::PyValueError::new_err(fault.exception().1))
    }

    fn to_python(&self, py: Python<'_>, value: &Value) -> PyResult<Py<PyAny>> {
        Ok(match value {
            Value::Bool(value) => PyBool::new(py, *value).to_owned().into_any().unbind(),
            Value::Int(value) => match value.to_i64() {
                Some(small) => small.into_pyobject(py)?.into_any().unbind(),
                None => value.to_big().into_pyobject(py)?.into_any().unbind(),
            },
            Value::Text(text) => (**text).into_pyobject(py)?.into_any().unbind(),
            Value::Opaque(handle) => lock(&self.objects)
                .get(*handle as usize)
                .map_or_else(|| py.None(), |object| object.clone_ref(py)),
            Value::Enum(_) | Value::Array(_) | Value::Struct(_) | Value::Z => py.None(),
        })
    }

    /// A member of an enumeration needs to know which one.
    fn member(&self, py: Python<'_>, index: usize, member: u32) -> Option<Py<PyAny>> {
        let signal = self.signals.get(index)?;
        let mut ty = &self.kernel.state().nets().get(signal.net as usize)?.ty;
        if let Type::Array(inner, _) = ty {
            ty = inner;
        }
        let Type::Enum(id) = ty else { return None };
        self.enums.get(id.index())?.get(member as usize).map(|object| object.clone_ref(py))
    }

    fn from_python(&mut self, ty: &Type, value: &Bound<'_, PyAny>) -> PyResult<Value> {
        let py = value.py();
        if value.is_none() && !matches!(ty, Type::Opaque) {
            return Ok(Value::Z);
        }
        Ok(match ty {
            Type::Bool => Value::Bool(value.is_truthy()?),
            Type::Int(_) => {
                let number = match value.extract::<i64>() {
                    Ok(small) => Int::from(small),
                    Err(_) => match value.getattr_opt(intern!(py, "_val"))? {
                        Some(inner) => Int::from(inner.extract::<BigInt>()?),
                        None => Int::from(value.extract::<BigInt>()?),
                    },
                };
                Value::Int(number)
            }
            Type::Enum(id) => {
                let members = &self.enums[id.index()];
                let place = members.iter().position(|member| member.bind(py).is(value));
                match place {
                    Some(place) => Value::Enum(place as u32),
                    None => return Err(PyTypeError::new_err("not a member of the signal's enumeration")),
                }
            }
            Type::Text | Type::Array(..) | Type::Struct(_) | Type::Opaque => {
                let mut objects = lock(&self.objects);
                objects.push(value.clone().unbind());
                Value::Opaque(objects.len() as u32 - 1)
            }
        })
    }
}

/// Collects what processes print.
struct Texts {
    buffer: Arc<Mutex<String>>,
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

fn write_out(py: Python<'_>, text: &str) -> PyResult<()> {
    if !text.is_empty() {
        py.import("sys")?.getattr("stdout")?.call_method1("write", (text,))?;
    }
    Ok(())
}

/// Python's own equality for signals of Python objects.
struct PythonObjects {
    objects: Objects,
}

impl PythonObjects {
    fn with<T>(
        &self,
        handles: [u32; 2],
        then: impl FnOnce(&Bound<'_, PyAny>, &Bound<'_, PyAny>) -> T,
    ) -> Option<T> {
        Python::attach(|py| {
            let [a, b] = {
                let objects = lock(&self.objects);
                let get = |handle: u32| objects.get(handle as usize).map(|object| object.clone_ref(py));
                [get(handles[0])?, get(handles[1])?]
            };
            Some(then(a.bind(py), b.bind(py)))
        })
    }
}

impl Opaques for PythonObjects {
    fn equal(&mut self, a: u32, b: u32) -> bool {
        self.with([a, b], |a, b| a.is(b) || a.eq(b).unwrap_or(false)).unwrap_or(a == b)
    }

    fn text(&mut self, object: u32) -> String {
        let text = self.with([object, object], |object, _| object.str().map(|text| text.to_string()));
        text.and_then(Result::ok).unwrap_or_default()
    }
}

/// The exception that a fault of a compiled process raises, with where it happened.
fn fault_error(py: Python<'_>, fault: &pyhw_sim::SimFault) -> PyResult<PyErr> {
    let (class, message) = fault.fault.exception();
    let class = match py.import("builtins")?.getattr_opt(class)? {
        Some(class) => class,
        None => py
            .import("pyhw._errors")?
            .getattr_opt(class)?
            .unwrap_or(py.get_type::<PyRuntimeError>().into_any()),
    };
    let error = if message.is_empty() { class.call0()? } else { class.call1((message,))? };
    let place = fault.diagnostic();
    error.setattr("pyhw_time", fault.time)?;
    error.setattr("pyhw_process", &fault.process)?;
    error.setattr("pyhw_message", &place.message)?;
    let span = place.primary.span;
    if span.is_known() {
        error.setattr(
            "pyhw_span",
            (span.file.0, span.start.line, span.start.column, span.end.line, span.end.column),
        )?;
    }
    Ok(PyErr::from_value(error))
}

/// What the command line asked for.
fn settings(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    Ok(py.import("pyhw._extension")?.getattr("settings")?.cast_into::<PyDict>()?)
}

/// Says which processes Python resumes, and what kept each from being compiled.
fn tell_host_processes(py: Python<'_>, design: &pyhw_ir::Design) -> PyResult<()> {
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
fn waves(
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
fn places(
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
    let missing = || PyRuntimeError::new_err("internal fault of pyhw: a signal has no net");
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
