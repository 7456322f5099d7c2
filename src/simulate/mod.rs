//! `Simulation` for the Python library: the native kernel with Python resumed for what is not compiled.
//!
//! Python code sees the simulation while it runs (it reads signals), so the kernel is advanced piece by piece, and nothing of it is
//! borrowed while Python runs.

mod assumed;
mod output;
mod process;
mod texts;
mod values;

use crate::failure;
use crate::record::record;
use assumed::Assumptions;
use output::{fault_error, in_python, places, settings, tell, until, waves};
use process::Classes;
use pyhw_cli::interrupt::{AtOnce, Guard, stopped};
use pyhw_cli::progress::Progress;
use pyhw_cli::{Findings, pipeline};
use pyhw_diagnostics::{Sources, Span};
use pyhw_lower::HostReset;
use pyhw_sim::{HostFault, HostStep, NetIndex, Options, Outcome, Pause};
use pyo3::exceptions::{PyException, PyKeyboardInterrupt, PyRuntimeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use texts::{Room, Texts, Waiting, failed, hand_over, hand_over_what_is_late};
use values::PythonObjects;

/// Objects of signals that hold no data, by handle.
type Objects = Arc<Mutex<Vec<Py<PyAny>>>>;

/// A simulation on the native kernel.
#[pyclass(module = "pyhw._native", unsendable)]
pub struct Simulation {
    core: RefCell<Core>,
    classes: Classes,
}

struct Core {
    kernel: pyhw_sim::Simulation,
    /// The signals by number; those of the design first, then those that were made during the run.
    signals: Vec<Attached>,
    enums: Vec<Vec<Py<PyAny>>>,
    objects: Objects,
    /// Processes and generators by handle: the `declared` ones of the design, then what they `yield`.
    processes: Vec<HostProcess>,
    declared: u32,
    /// Handles of generators that have ended.
    ended: Vec<u32>,
    /// Exceptions that Python code raised, by handle.
    raised: Vec<PyErr>,
    texts: Arc<Mutex<Waiting>>,
    /// The line on the terminal that shows how far it is.
    progress: Option<Progress>,
    interrupt: Arc<AtomicBool>,
    /// What faults point into.
    sources: Sources,
    /// What each run-time index picks from, for the exception of one that is out of range.
    picked_from: HashMap<Span, &'static str>,
    assumptions: Assumptions,
    finished: bool,
}

/// A signal object with its place in the kernel.
struct Attached {
    object: Py<PyAny>,
    net: NetIndex,
    element: Option<u32>,
    /// What says whether the object of a boolean is an integer, where that is kept.
    kind: Option<NetIndex>,
}

struct HostProcess {
    object: Py<PyAny>,
    activity: Activity,
    /// What its reset restores.
    reset: Option<HostReset>,
}

impl HostProcess {
    /// One that has not run yet and has no reset.
    fn new(object: Py<PyAny>) -> HostProcess {
        HostProcess { object, activity: Activity::New, reset: None }
    }
}

/// How far a process of Python's has come.
enum Activity {
    /// It has not run yet.
    New,
    /// A function that runs after each of the waits that it declares, one of which is a delay.
    Loop,
    /// A generator that was started.
    Generator(Py<PyAny>),
}

impl Activity {
    fn clone_ref(&self, py: Python<'_>) -> Activity {
        match self {
            Activity::New => Activity::New,
            Activity::Loop => Activity::Loop,
            Activity::Generator(generator) => Activity::Generator(generator.clone_ref(py)),
        }
    }
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
        // A large design takes its time. Before the first run of the command line nothing is half done.
        let is_first = settings.contains("verbose")? && !settings.contains("begun")?;
        let at_once = is_first.then(AtOnce::begin);
        let lowered = pyhw_lower::lower_for_python(&recorded.elaborated, in_python(&settings)?);
        let design = lowered.design;
        tell(&settings, &design, &lowered.diagnostics)?;
        let faults = pyhw_ir::verify::verify(&design);
        if !faults.is_empty() {
            let faults = faults.into_iter().map(pipeline::as_bug).collect();
            return Err(failure::as_exception(py, Findings::new(&design.sources, faults)));
        }
        let objects: Objects =
            Arc::new(Mutex::new(recorded.opaque.iter().map(|object| object.clone_ref(py)).collect()));
        let texts = Arc::new(Mutex::new(Waiting::default()));
        let interrupt = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupt);
        let limit = until(&settings)?;
        // Only the command line draws: elsewhere the terminal belongs to the program that imported the library.
        let progress = settings.contains("verbose")?.then(|| Progress::new(limit)).flatten();
        let (watched, printed) = (progress.clone(), Arc::clone(&texts));
        let waves = waves(&recorded, &design, &lowered.signals, options, &settings)?;
        let kernel_options = Options {
            text: Box::new(Texts {
                waiting: Arc::clone(&texts),
                stop: Arc::clone(&interrupt),
                sources: design.sources.clone(),
                contentions: HashMap::new(),
            }),
            opaques: Box::new(PythonObjects { objects: Arc::clone(&objects) }),
            interrupt: Arc::clone(&interrupt),
            observer: Some(Box::new(move |time| {
                hand_over_what_is_late(&printed, &flag);
                if let Some(progress) = &watched {
                    progress.observe(time);
                }
                // Signals reach Python only where it is asked: Ctrl-C stops the run at the end of the delta.
                if Python::attach(|py| py.check_signals()).is_err() {
                    flag.store(true, Ordering::Relaxed);
                }
            })),
            waves,
            ..Options::default()
        };
        let kernel = pyhw_sim::Simulation::new(&design, kernel_options).map_err(|fault| {
            failure::as_exception(py, Findings::new(&design.sources, vec![fault.diagnostic()]))
        })?;
        let nets =
            places(py, &design, kernel.flat(), lowered.signals.iter().map(|signal| Some(&signal.path)))?;
        let kinds =
            places(py, &design, kernel.flat(), lowered.signals.iter().map(|signal| signal.kind.as_ref()))?;
        let mut signals = Vec::new();
        for (((object, place), net), kind) in
            recorded.signals.into_iter().zip(&lowered.signals).zip(nets).zip(kinds)
        {
            let net = net.ok_or_else(|| failure::as_exception(py, Findings::bug("a signal has no net")))?;
            signals.push(Attached { object, net, element: place.element, kind });
        }
        let mut processes: Vec<HostProcess> = recorded.processes.into_iter().map(HostProcess::new).collect();
        for reset in lowered.host_resets {
            if let Some(process) = processes.get_mut(reset.handle as usize) {
                process.reset = Some(reset);
            }
        }
        let core = Core {
            kernel,
            signals,
            enums: recorded.enums,
            objects,
            declared: processes.len() as u32,
            ended: Vec::new(),
            processes,
            raised: Vec::new(),
            texts,
            progress,
            interrupt,
            sources: design.sources.clone(),
            picked_from: lowered.picked_from,
            assumptions: Assumptions::new(lowered.assumed, recorded.functions, recorded.objects),
            finished: false,
        };
        drop(at_once);
        settings.set_item("begun", true)?;
        Ok(Simulation { core: RefCell::new(core), classes: Classes::find(py)? })
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

    /// The delay of a signal, by its number, from now on.
    fn set_delay(&self, index: usize, steps: u64) {
        let mut core = self.core.borrow_mut();
        if let Some(net) = core.signals.get(index).map(|signal| signal.net) {
            core.kernel.state_mut().set_delay(net, steps);
        }
    }

    /// Runs for so many steps, or until the simulation is over. Returns 1 if it can go on, else 0. A negative number asks for what is due
    /// now: its end is over before anything that is due later, in MyHDL too.
    #[pyo3(signature = (duration, quiet))]
    fn run(slf: &Bound<'_, Self>, duration: Option<i128>, quiet: bool) -> PyResult<u32> {
        let py = slf.py();
        let this = slf.borrow();
        py.import("pyhw._time")?.setattr("source", slf)?;
        if this.core.borrow().kernel.now() == 0 {
            this.attach_signals(slf)?;
        }
        this.core.borrow().assumptions.check(py)?;
        this.take_touched(slf)?;
        let limit = until(&settings(py)?)?;
        // Ctrl-C stops compiled code, too, at any moment. An earlier one was for an earlier run.
        let interrupt = Arc::clone(&this.core.borrow().interrupt);
        interrupt.store(false, Ordering::Relaxed);
        let guard = Guard::setting(&interrupt)?;
        let progress = this.core.borrow().progress.clone();
        let room = progress.as_ref().map(|progress| Room::make(py, progress)).transpose()?;
        let begun = this.core.borrow().kernel.now();
        {
            let mut core = this.core.borrow_mut();
            let later = |steps: i128| {
                let steps = u64::try_from(steps.max(0)).unwrap_or(u64::MAX);
                core.kernel.now().saturating_add(steps)
            };
            let until = duration.map(later);
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
                    if let Err(HostFault::Error { handle, .. }) = &result
                        && this.leaves(py, *handle)
                    {
                        // As a generator that an exception has left, the process is over, and the others are not.
                        this.core.borrow_mut().kernel.resumed(Ok(HostStep::Done));
                        break result.err().map_or(Outcome::Over, Outcome::Raised);
                    }
                    let ended = this.core.borrow_mut().kernel.resumed(result);
                    if let Some(outcome) = ended {
                        break outcome;
                    }
                }
            }
        };
        drop(guard);
        drop(room);
        if let Some(progress) = progress {
            progress.end();
        }
        let unwritten = failed(&this.core.borrow().texts);
        if let Some(error) = unwritten {
            this.end(py)?;
            return Err(error);
        }
        if outcome == Outcome::Interrupted {
            // Python has noted the signal as well, and would raise an exception of its own.
            drop(py.check_signals());
        }
        this.flush(py)?;
        let steps = match duration {
            Some(steps) if steps < 0 => steps,
            Some(_) | None => i128::from(this.core.borrow().kernel.now() - begun),
        };
        let goes_on = this.conclude(slf, outcome, steps, quiet)?;
        if goes_on == 1 {
            this.core.borrow_mut().assumptions.note(py)?;
        }
        Ok(goes_on)
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
        let texts = Arc::clone(&self.core.borrow().texts);
        hand_over(py, &texts)
    }

    /// Whether an exception that Python code raised is one that no error is (Ctrl-C, `sys.exit`): as in MyHDL it leaves the run, and the
    /// simulation can go on.
    fn leaves(&self, py: Python<'_>, handle: u32) -> bool {
        let core = self.core.borrow();
        core.raised.get(handle as usize).is_some_and(|error| !error.is_instance_of::<PyException>(py))
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
    fn conclude(&self, slf: &Bound<'_, Self>, outcome: Outcome, steps: i128, quiet: bool) -> PyResult<u32> {
        let py = slf.py();
        let say = |kind: &str, text: &str| -> PyResult<()> {
            if quiet {
                return Ok(());
            }
            // As MyHDL: an exception without a text ends a run without a word.
            if text.is_empty() {
                return Ok(());
            }
            let line = format!("{kind}: {text}\n");
            py.import("sys")?.getattr("stderr")?.call_method1("write", (line,))?;
            Ok(())
        };
        match outcome {
            Outcome::Suspended(text) => {
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
                let text = {
                    let core = self.core.borrow();
                    stopped(core.kernel.now(), core.kernel.interrupted_in(), &core.sources)
                };
                return Err(PyKeyboardInterrupt::new_err(text));
            }
            Outcome::Unwritten(why) => {
                self.end(py)?;
                return Err(failure::unwritten(py, &pyhw_cli::waves::unwritten(&why.0)));
            }
            Outcome::Fault(fault) => {
                let error = {
                    let core = self.core.borrow();
                    fault_error(py, &fault, &core.sources, &core.picked_from)?
                };
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
}
