//! Engines: what turns the body of a process into something that the kernel can activate.

use crate::flat::NetIndex;
use crate::schedule::Trigger;
use crate::state::{State, View};
use pyhw_ir::eval::{Code, CodeWait, Exit, Fault, Frame, NetShape};
use pyhw_ir::{Body, ModuleId, ProcessId, Types};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A process that an engine is to prepare.
pub struct Request<'a> {
    /// Its statements.
    pub body: &'a Body,
    /// Its module.
    pub module: ModuleId,
    /// Its place in the module.
    pub process: ProcessId,
    /// The module as its instance sees it: the number and the nets. Requests with equal numbers have equal nets.
    pub variant: usize,
    /// The nets of the module.
    pub shapes: &'a Arc<[NetShape]>,
    /// Where each net of the module is in the simulation.
    pub nets: &'a Arc<[NetIndex]>,
    /// The named types of the design.
    pub types: &'a Arc<Types>,
    /// Whether it goes on after its waits, instead of starting anew with each activation.
    pub is_timed: bool,
}

/// Makes processes ready to run.
pub trait Engine {
    /// The process of one instance, ready to be activated.
    ///
    /// # Errors
    /// [`pyhw_ir::eval::FaultKind::Internal`] for a body that the verifier would not pass.
    fn prepare(&mut self, request: &Request<'_>) -> Result<Box<dyn Activity>, Fault>;
}

/// How an activation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The body is over.
    Done,
    /// It waits for the first of the triggers that it has left in the list; if there are none, for nothing, for good.
    Wait,
    /// The simulation is to end.
    Finish(Option<Arc<str>>),
    /// It saw the interrupt, in the middle of its work.
    Interrupted,
}

/// A process of an instance that can be activated.
pub trait Activity: Send {
    /// Runs to the next stop. `waits` is empty; it takes what is waited for, by nets of the simulation.
    ///
    /// # Errors
    /// The fault that ended the process.
    fn run(&mut self, state: &mut State, waits: &mut Vec<Trigger>) -> Result<Stop, Fault>;

    /// The nets of the simulation that it stores into, in the order of the text.
    fn driven(&self) -> Vec<NetIndex>;
}

/// The engine that evaluates IR.
#[derive(Debug, Default)]
pub struct Evaluator {
    codes: BTreeMap<(usize, ProcessId), Arc<Code>>,
}

impl Engine for Evaluator {
    fn prepare(&mut self, request: &Request<'_>) -> Result<Box<dyn Activity>, Fault> {
        let key = (request.variant, request.process);
        let code = match self.codes.get(&key) {
            Some(code) => code.clone(),
            None => {
                let code = Arc::new(Code::compile(request.body, request.shapes, request.types)?);
                self.codes.insert(key, code.clone());
                code
            }
        };
        Ok(Box::new(Evaluated {
            frame: code.frame(),
            code,
            nets: request.nets.clone(),
            types: request.types.clone(),
            is_timed: request.is_timed,
        }))
    }
}

struct Evaluated {
    code: Arc<Code>,
    frame: Frame,
    nets: Arc<[NetIndex]>,
    types: Arc<Types>,
    is_timed: bool,
}

impl Activity for Evaluated {
    fn run(&mut self, state: &mut State, waits: &mut Vec<Trigger>) -> Result<Stop, Fault> {
        if !self.is_timed {
            self.frame.restart();
        }
        let mut view = View { state, map: &self.nets };
        match self.code.run(&mut self.frame, &mut view, &self.types)? {
            Exit::Done => Ok(Stop::Done),
            Exit::Wait(wait) => {
                let mut delays = self.frame.delays().iter().copied();
                self.flatten(self.code.wait(wait), &mut delays, waits);
                Ok(Stop::Wait)
            }
            Exit::Finish(message) => Ok(Stop::Finish(message)),
            Exit::Interrupted => Ok(Stop::Interrupted),
        }
    }

    fn driven(&self) -> Vec<NetIndex> {
        self.code.driven().iter().map(|net| self.nets[net.index()]).collect()
    }
}

impl Evaluated {
    fn flatten(&self, waits: &[CodeWait], delays: &mut impl Iterator<Item = u64>, into: &mut Vec<Trigger>) {
        for wait in waits {
            match wait {
                CodeWait::Event(event) => into.push(Trigger::Event(self.nets[event.net.index()], event.edge)),
                CodeWait::Delay => into.push(Trigger::Delay(delays.next().unwrap_or(0))),
                CodeWait::Join(parts) => {
                    into.push(Trigger::Join(parts.len() as u32));
                    self.flatten(parts, delays, into);
                }
            }
        }
    }
}
