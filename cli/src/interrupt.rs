//! Ctrl-C.

use crate::exit::Exit;
use pyhw_diagnostics::{Sources, Span};
use signal_hook::SigId;
use signal_hook::consts::SIGINT;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// While it lives, Ctrl-C sets its flag and does not end the process. A handler that was there before runs as well.
pub struct Guard {
    flag: Arc<AtomicBool>,
    id: SigId,
}

impl Guard {
    /// Begins to listen.
    ///
    /// # Errors
    /// What the operating system says against it.
    pub fn new() -> io::Result<Guard> {
        Guard::setting(&Arc::new(AtomicBool::new(false)))
    }

    /// Begins to listen for the sake of a flag that is there already.
    ///
    /// # Errors
    /// What the operating system says against it.
    pub fn setting(flag: &Arc<AtomicBool>) -> io::Result<Guard> {
        let id = signal_hook::flag::register(SIGINT, Arc::clone(flag))?;
        Ok(Guard { flag: Arc::clone(flag), id })
    }

    /// The flag, for [`pyhw_sim::Options::interrupt`].
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.flag)
    }
}

/// While it lives, Ctrl-C ends the process at once: for what takes long and leaves nothing half done, where Python, which listens as well,
/// does not come to hear of it.
pub struct AtOnce(Option<SigId>);

impl AtOnce {
    /// Begins to listen; where the operating system is against it, Ctrl-C does what it did.
    pub fn begin() -> AtOnce {
        let always = Arc::new(AtomicBool::new(true));
        let status = i32::from(Exit::Interrupted.code());
        AtOnce(signal_hook::flag::register_conditional_shutdown(SIGINT, status, always).ok())
    }
}

impl Drop for AtOnce {
    fn drop(&mut self) {
        self.0.take().map(signal_hook::low_level::unregister);
    }
}

/// What is told of a run that was stopped: when, and in the midst of which process, if it was in one.
pub fn stopped(time: u64, process: Option<(String, Span)>, sources: &Sources) -> String {
    match process {
        Some((path, span)) => match sources.line(span) {
            place if place.is_empty() => format!("stopped at time {time} in process `{path}`"),
            place => format!("stopped at time {time} in process `{path}` ({place})"),
        },
        None => format!("stopped at time {time}"),
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        signal_hook::low_level::unregister(self.id);
    }
}
