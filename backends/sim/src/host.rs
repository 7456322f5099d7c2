//! What the kernel asks of the world around it: processes that it cannot run itself, objects that it cannot compare,
//! and places for texts.

use crate::flat::NetIndex;
use crate::schedule::Trigger;
use pyhw_diagnostics::Span;
use pyhw_ir::Edge;

/// Takes what a design prints, in the order of events.
pub trait TextSink: Send {
    /// A text as it stands, ends of lines included.
    fn print(&mut self, text: &str);

    /// A warning of the simulation itself: several drivers drive one bus.
    fn contention(&mut self, _contention: &Contention<'_>) {}
}

/// Several drivers drive one bus, which has no value then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contention<'a> {
    /// The names from the top module to the bus, with dots between them.
    pub path: &'a str,
    /// Where the bus is declared.
    pub span: Span,
    /// When, in steps.
    pub time: u64,
}

/// Drops every text.
#[derive(Debug, Default)]
pub struct NoText;

impl TextSink for NoText {
    fn print(&mut self, _text: &str) {}
}

/// Knows the objects that nets of type opaque hold, by their handles.
pub trait Opaques: Send {
    /// Whether two objects are equal: a store of an equal one is no event.
    fn equal(&mut self, a: u32, b: u32) -> bool;

    /// How an object is shown in waves.
    fn text(&mut self, object: u32) -> String;
}

/// For designs without opaque nets: an object equals itself only.
#[derive(Debug, Default)]
pub struct NoOpaques;

impl Opaques for NoOpaques {
    fn equal(&mut self, a: u32, b: u32) -> bool {
        a == b
    }

    fn text(&mut self, object: u32) -> String {
        object.to_string()
    }
}

/// Why a process of the host is resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// It is due: its next part is to be run. The first time, its beginning.
    Run,
    /// Its reset is active: every net that it drives is to take its initial value.
    Reset,
}

/// Something that a process of the host waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostWait {
    /// A change of a net.
    Event(NetIndex, Edge),
    /// So many steps.
    Delay(u64),
    /// All of these.
    Join(Vec<HostWait>),
    /// The end of another process of the host, which starts now.
    Child(u32),
    /// Nothing: the process is due again in the same delta, after what is due already.
    Now,
}

impl HostWait {
    pub(crate) fn flatten(waits: &[HostWait], into: &mut Vec<Trigger>) {
        for wait in waits {
            match wait {
                HostWait::Event(net, edge) => into.push(Trigger::Event(*net, *edge)),
                HostWait::Delay(steps) => into.push(Trigger::Delay(*steps)),
                HostWait::Child(handle) => into.push(Trigger::Child(*handle)),
                HostWait::Now => into.push(Trigger::Now),
                HostWait::Join(parts) => {
                    into.push(Trigger::Join(parts.len() as u32));
                    HostWait::flatten(parts, into);
                }
            }
        }
    }
}

/// How a piece of host code ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostStep {
    /// A timed process is over; of another one, this activation is.
    Done,
    /// It waits for the first of these. An empty list is [`HostWait::Now`].
    Wait(Vec<HostWait>),
    /// It waits as [`HostWait::Now`], having handed an exception to the simulation, which stops with it once the delta is over
    /// and can go on afterwards (MyHDL's `yield SomeException(…)`).
    Hand(HostFault),
}

/// An exception of host code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostFault {
    /// `StopSimulation`: the simulation ends in order.
    Stop {
        /// Its text.
        message: String,
    },
    /// `SuspendSimulation`: the run ends, and can go on.
    Suspend {
        /// Its text.
        message: String,
    },
    /// Any other one.
    Error {
        /// Its class.
        class: String,
        /// Its text.
        message: String,
        /// The host's handle of it.
        handle: u32,
    },
}

/// Runs the processes that the kernel cannot run itself. It sees the simulation's nets while it does.
pub trait Host {
    /// Runs the next piece of a process.
    ///
    /// # Errors
    /// The exception that ended it; the process is over then.
    fn resume(
        &mut self,
        handle: u32,
        activation: Activation,
        simulation: &mut crate::Simulation,
    ) -> Result<HostStep, HostFault>;
}

/// For designs without processes of the host; a call is a fault.
#[derive(Debug, Default)]
pub struct NoHost;

impl Host for NoHost {
    fn resume(
        &mut self,
        handle: u32,
        _activation: Activation,
        _simulation: &mut crate::Simulation,
    ) -> Result<HostStep, HostFault> {
        let message = format!("process {handle} needs a host");
        Err(HostFault::Error { class: "SystemError".into(), message, handle: u32::MAX })
    }
}
