//! What a run is given, and how it ends.

use crate::engine::{Engine, Evaluator};
use crate::fault::SimFault;
use crate::host::{Activation, HostFault, NoOpaques, NoText, Opaques, TextSink};
use crate::wave::Waves;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What a simulation is given besides its design.
pub struct Options {
    /// Takes what the design prints.
    pub text: Box<dyn TextSink>,
    /// Knows the objects of opaque nets.
    pub opaques: Box<dyn Opaques>,
    /// What makes processes ready to run.
    pub engine: Box<dyn Engine + Send>,
    /// Where waves go: each of them has its own part of the design, and its own file.
    pub waves: Vec<Waves>,
    /// Set from outside, it stops a run in order: at the end of the delta, or within a loop that does not end.
    pub interrupt: Arc<AtomicBool>,
    /// Is told the time now and then, within long loops as well: for a display of progress, and to look for a Ctrl-C.
    pub observer: Option<Box<dyn FnMut(u64) + Send>>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            text: Box::new(NoText),
            opaques: Box::new(NoOpaques),
            engine: Box::new(Evaluator::default()),
            waves: Vec::new(),
            interrupt: Arc::new(AtomicBool::new(false)),
            observer: None,
        }
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It can go on: the time is up, or a process raised `SuspendSimulation` (whose text it is).
    Suspended(Option<String>),
    /// Nothing will ever happen again. The simulation is over.
    NoMoreEvents,
    /// A process ended the simulation. The text of its `StopSimulation`.
    Finished(String),
    /// The interrupt was set. It can go on, without the timed process that the interrupt found at work, if there was one.
    Interrupted,
    /// Something went wrong in the design. The simulation is over.
    Fault(SimFault),
    /// The waves could not be written. The simulation is over.
    Unwritten(Unwritten),
    /// An exception of host code. The simulation is over, unless the exception was handed over by a `yield`.
    Raised(HostFault),
    /// It was over before.
    Over,
}

/// Why waves could not be written.
#[derive(Clone, Debug)]
pub struct Unwritten(pub Arc<io::Error>);

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Unwritten {
        Unwritten(Arc::new(error))
    }
}

/// Errors are equal that are of one kind and say the same.
impl PartialEq for Unwritten {
    fn eq(&self, other: &Unwritten) -> bool {
        self.0.kind() == other.0.kind() && self.0.to_string() == other.0.to_string()
    }
}

impl Eq for Unwritten {}

/// Why [`Simulation::advance`] returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Host code is due. Run it, then call [`Simulation::resumed`] with its result, then advance again.
    Host {
        /// The host's name for the process.
        handle: u32,
        /// What is asked of it.
        activation: Activation,
    },
    /// The run has ended.
    End(Outcome),
}
