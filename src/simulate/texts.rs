//! What processes print, on its way to Python's standard output, and warnings of the kernel.
//!
//! Python is asked seldom, as that takes longer than a print: texts are handed over when host code runs, when a run ends, when they
//! have grown long, and when the last time is a while ago, so that whoever watches sees them come.

use super::lock;
use crate::failure;
use pyhw_cli::progress::Progress;
use pyhw_diagnostics::{Sources, Span};
use pyhw_sim::Contention;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Texts that are longer, in bytes, do not wait.
const PRINT_BUFFER_BYTES: usize = 1 << 16;

/// No text waits longer.
const SOON: Duration = Duration::from_millis(40);

/// Texts that Python was not handed yet, and when it was handed the last ones.
#[derive(Default)]
pub(super) struct Waiting {
    text: String,
    /// Whether something was written that Python may still keep.
    is_kept: bool,
    handed: Option<Instant>,
    /// What an output raised that takes no more; the run ends for it.
    failed: Option<PyErr>,
}

impl Waiting {
    fn is_late(&self) -> bool {
        self.handed.is_none_or(|handed| handed.elapsed() >= SOON)
    }
}

/// Collects what processes print.
pub(super) struct Texts {
    pub(super) waiting: Arc<Mutex<Waiting>>,
    /// Ends the run.
    pub(super) stop: Arc<AtomicBool>,
    /// What faults, and warnings, point into.
    pub(super) sources: Sources,
    /// When each bus had several drivers for the first time.
    pub(super) contentions: HashMap<Span, u64>,
}

impl pyhw_sim::TextSink for Texts {
    fn print(&mut self, text: &str) {
        let (is_long, is_late) = {
            let mut waiting = lock(&self.waiting);
            waiting.text.push_str(text);
            (waiting.text.len() > PRINT_BUFFER_BYTES, waiting.is_late())
        };
        if is_long {
            keep_failure(&self.waiting, &self.stop, Python::attach(|py| hand_over(py, &self.waiting)));
        } else if is_late {
            hand_over_what_is_late(&self.waiting, &self.stop);
        }
    }

    fn contention(&mut self, contention: &Contention<'_>) {
        let first = *self.contentions.entry(contention.span).or_insert(contention.time);
        let message = format!("Bus contention on `{}`, first at time {first}", contention.path);
        // A filter that makes an exception of it finds nobody who could take it.
        let _ = Python::attach(|py| -> PyResult<()> {
            let category = py.import("pyhw._errors")?.getattr("BusContentionWarning")?;
            let warnings = py.import("warnings")?;
            match self.sources.get(contention.span.file) {
                Some(file) => {
                    let place = (message, category, &*file.name, contention.span.start.line);
                    // Python's own note of what it has told, so that its filters count as they do elsewhere.
                    let options = PyDict::new(py);
                    options.set_item("registry", registry(py)?)?;
                    warnings.call_method("warn_explicit", place, Some(&options))?;
                }
                None => {
                    warnings.call_method1("warn", (message, category))?;
                }
            }
            Ok(())
        });
    }
}

/// What Python has told of warnings, in the library's name.
fn registry(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let names = py.import("pyhw._errors")?.dict();
    match names.get_item("__warningregistry__")? {
        Some(known) => Ok(known),
        None => {
            let new = PyDict::new(py);
            names.set_item("__warningregistry__", &new)?;
            Ok(new.into_any())
        }
    }
}

/// Hands over what was printed, and on to who reads it if that was long not done.
pub(super) fn hand_over(py: Python<'_>, waiting: &Mutex<Waiting>) -> PyResult<()> {
    let (text, flushes) = {
        let mut waiting = lock(waiting);
        let text = std::mem::take(&mut waiting.text);
        waiting.is_kept |= !text.is_empty();
        let flushes = waiting.is_kept && waiting.is_late();
        if flushes {
            waiting.is_kept = false;
            waiting.handed = Some(Instant::now());
        }
        (text, flushes)
    };
    if text.is_empty() && !flushes {
        return Ok(());
    }
    let stdout = py.import("sys")?.getattr("stdout")?;
    if !text.is_empty() {
        failure::of_output(py, stdout.call_method1("write", (text,)))?;
    }
    if flushes {
        failure::of_output(py, stdout.call_method0("flush"))?;
    }
    Ok(())
}

/// Ends the run for an output that takes no more.
fn keep_failure(waiting: &Mutex<Waiting>, stop: &AtomicBool, handed: PyResult<()>) {
    if let Err(error) = handed {
        lock(waiting).failed.get_or_insert(error);
        stop.store(true, Ordering::Relaxed);
    }
}

/// What ended the run because an output took no more.
pub(super) fn failed(waiting: &Mutex<Waiting>) -> Option<PyErr> {
    lock(waiting).failed.take()
}

/// Hands over what has waited too long, while the kernel runs: an output of the user's own class waits, as it may look at the simulation.
pub(super) fn hand_over_what_is_late(waiting: &Mutex<Waiting>, stop: &AtomicBool) {
    {
        let waiting = lock(waiting);
        if (waiting.text.is_empty() && !waiting.is_kept) || !waiting.is_late() {
            return;
        }
    }
    let handed = Python::attach(|py| -> PyResult<()> {
        let class = py.import("io")?.getattr("TextIOWrapper")?;
        if py.import("sys")?.getattr("stdout")?.get_type().is(&class) {
            return hand_over(py, waiting);
        }
        lock(waiting).handed = Some(Instant::now());
        Ok(())
    });
    keep_failure(waiting, stop, handed);
}

/// While it lives, what Python writes on the terminal finds the line of progress gone.
pub(super) struct Room<'py> {
    files: Vec<Bound<'py, PyAny>>,
}

/// In place of the `write` of a file that is the terminal.
#[pyclass(module = "pyhw._native", frozen)]
struct Write {
    progress: Progress,
    write: Py<PyAny>,
}

#[pymethods]
impl Write {
    fn __call__(&self, py: Python<'_>, text: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        if let Ok(text) = text.extract::<&str>() {
            self.progress.before(text);
        }
        self.write.call1(py, (text,))
    }
}

impl<'py> Room<'py> {
    /// Makes room on standard output and standard error, if they are the terminal.
    pub(super) fn make(py: Python<'py>, progress: &Progress) -> PyResult<Room<'py>> {
        let mut room = Room { files: Vec::new() };
        let class = py.import("io")?.getattr("TextIOWrapper")?;
        let is_terminal = [std::io::stdout().is_terminal(), std::io::stderr().is_terminal()];
        for (name, is_terminal) in ["stdout", "stderr"].into_iter().zip(is_terminal) {
            let file = py.import("sys")?.getattr(name)?;
            if !is_terminal || !file.get_type().is(&class) {
                continue;
            }
            let write = file.getattr("write")?.unbind();
            file.setattr("write", Bound::new(py, Write { progress: progress.clone(), write })?)?;
            room.files.push(file);
        }
        Ok(room)
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        for file in &self.files {
            // What the user has put there since is the user's.
            let is_ours = file.getattr("write").is_ok_and(|write| write.is_instance_of::<Write>());
            if is_ours {
                // It is there.
                let _ = file.delattr("write");
            }
        }
    }
}
