//! Running a design that needs no Python.

use super::Done;
use crate::findings::Findings;
use crate::interrupt::Guard;
use crate::progress::Progress;
use crate::report::Reporter;
use crate::{stdout, waves};
use pyhw_diagnostics::{Code, Diagnostic};
use pyhw_ir::print::print_values;
use pyhw_ir::{Design, Net, NetId, ProcessBody, Type, Value};
use pyhw_sim::{Contention, NoHost, Options, Outcome, Simulation, TextSink};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How it runs.
pub struct Run<'a> {
    /// Stops there, in steps.
    pub until: Option<u64>,
    /// Where waves go.
    pub wave: Option<&'a Path>,
    /// Whether the values of the top's nets are printed at the end.
    pub show_nets: bool,
}

/// Prints, and keeps warnings until the run is over.
#[derive(Clone)]
struct Stdout {
    warnings: Arc<Mutex<Vec<Diagnostic>>>,
    progress: Option<Progress>,
    /// Why the output could not be written any further.
    failed: Arc<OnceLock<std::io::Error>>,
    /// Ends the run.
    stop: Arc<AtomicBool>,
}

impl TextSink for Stdout {
    fn print(&mut self, text: &str) {
        // Both are on a terminal, or the line of progress is in nobody's way.
        if let Some(progress) = self.progress.as_ref().filter(|_| std::io::stdout().is_terminal()) {
            progress.before(text);
        }
        if let Err(error) = std::io::stdout().write_all(text.as_bytes()) {
            // The first failure is the one to tell of.
            let _ = self.failed.set(error);
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    fn contention(&mut self, contention: &Contention<'_>) {
        let message = format!("several drivers drive the bus `{}`", contention.path);
        let finding = Diagnostic::new(Code::PH0401, contention.span, message);
        let mut warnings = self.warnings.lock().unwrap_or_else(PoisonError::into_inner);
        // What goes on is told once.
        if warnings.iter().all(|earlier| earlier.message != finding.message) {
            warnings.push(finding.note(format!("first at time {}", contention.time)));
        }
    }
}

/// Runs a verified design to its end.
pub fn run(design: &Design, how: &Run<'_>, reporter: &mut Reporter) -> Done<()> {
    reporter.report(&host_processes(design));
    if reporter.has_errors() {
        return Ok(());
    }
    let guard =
        Guard::new().map_err(|error| reporter.usage(&format!("Ctrl-C cannot be watched: {error}")))?;
    let waves = how.wave.map(waves::open).transpose().map_err(|why| reporter.usage(&why))?;
    let progress = Progress::new(how.until);
    let out = Stdout {
        warnings: Arc::default(),
        progress: progress.clone(),
        failed: Arc::default(),
        stop: guard.flag(),
    };
    let options = Options {
        text: Box::new(out.clone()),
        waves: waves.into_iter().collect(),
        interrupt: guard.flag(),
        observer: progress
            .clone()
            .map(|line| -> Box<dyn FnMut(u64) + Send> { Box::new(move |time| line.observe(time)) }),
        ..Options::default()
    };
    let fault = |fault: &pyhw_sim::SimFault| Findings::new(&design.sources, vec![fault.diagnostic()]);
    let mut simulation = match Simulation::new(design, options) {
        Ok(simulation) => simulation,
        Err(found) => {
            reporter.report(&fault(&found));
            return Ok(());
        }
    };
    let outcome = simulation.run(how.until, &mut NoHost);
    if let Some(progress) = progress {
        progress.end();
    }
    let time = simulation.now();
    let stopped = crate::interrupt::stopped(time, simulation.interrupted_in(), &design.sources);
    let shown = if how.show_nets { nets(design, &simulation) } else { String::new() };
    let closed = simulation.finish();
    drop(simulation);
    if let Err(error) = std::io::stdout().flush() {
        let _ = out.failed.set(error);
    }
    if let Some(error) = out.failed.get() {
        return Err(stdout::failed(error));
    }
    stdout::write(&shown)?;
    let warnings = std::mem::take(&mut *out.warnings.lock().unwrap_or_else(PoisonError::into_inner));
    reporter.report(&Findings::new(&design.sources, warnings));
    if let Err(error) = closed {
        return Err(reporter.usage(&waves::unwritten(&error)));
    }
    match outcome {
        Outcome::Suspended(_) | Outcome::NoMoreEvents | Outcome::Finished(_) | Outcome::Over => Ok(()),
        Outcome::Interrupted => Err(reporter.interrupted(&stopped)),
        Outcome::Unwritten(why) => Err(reporter.usage(&waves::unwritten(&why.0))),
        Outcome::Fault(found) => {
            reporter.report(&fault(&found));
            Ok(())
        }
        Outcome::Raised(raised) => {
            reporter.report(&Findings::bug(format!("Python was asked for without one: {raised:?}")));
            Ok(())
        }
    }
}

/// Processes that only Python can run.
fn host_processes(design: &Design) -> Findings {
    let mut found = Vec::new();
    for process in design.modules.iter().flat_map(|module| &module.processes) {
        if let ProcessBody::Host(host) = &process.body {
            let message = format!("`{}` is run by Python, which IR text does not have", process.name);
            let finding = Diagnostic::new(Code::PH0201, process.span, message);
            found.push(
                host.reason.iter().fold(finding, |finding, reason| finding.note(reason.message.clone())),
            );
        }
    }
    Findings::new(&design.sources, found)
}

/// What the top's nets hold, a line for each.
fn nets(design: &Design, simulation: &Simulation) -> String {
    let Some(top) = design.top_module() else { return String::new() };
    let width = top.nets.iter().map(|net| net.name.chars().count()).max().unwrap_or(0);
    let held: Vec<(&Net, Value)> = (0..top.nets.len())
        .filter_map(|index| {
            let place = simulation.flat().net(0, NetId::new(index))?;
            Some((&top.nets[index], simulation.peek(place)))
        })
        .collect();
    let values: Vec<(&Value, &Type)> = held.iter().map(|(net, value)| (value, &net.ty)).collect();
    let mut text = format!("time {}\n", simulation.now());
    for ((net, _), value) in held.iter().zip(print_values(design, &values)) {
        text.push_str(&format!("{:<width$} = {value}\n", net.name));
    }
    text
}
