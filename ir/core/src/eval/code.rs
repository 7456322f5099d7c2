//! Compiled bodies: instructions for two files of registers, one of `i64`s and one of [`Value`]s.

use super::compile;
use super::fault::Fault;
use super::instr::{Instr, Reg};
use super::is_small;
use super::shown::Shown;
use crate::design::{Body, Event, Net, NetId, Types};
use crate::op::Op;
use crate::types::{Range, Type, Value};
use pyhw_diagnostics::Span;
use std::sync::Arc;

/// What compiled code must know of a net.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NetShape {
    /// The net's name, for faults.
    pub name: String,
    /// What it holds.
    pub ty: Type,
    /// Whether stores into it wrap.
    pub wraps: bool,
    /// Whether it can be `Z`.
    pub tristate: bool,
}

impl NetShape {
    /// The shape of a net as its declaration says. A port that is connected to a tri-state net is one, too.
    pub fn of(net: &Net) -> NetShape {
        let tristate = net.kind.may_be_z();
        NetShape { name: net.name.clone(), ty: net.ty.clone(), wraps: net.wraps, tristate }
    }

    /// Whether the net is *small*: of a type that fits an `i64`, and never `Z`.
    pub fn small(&self) -> bool {
        !self.tristate && is_small(&self.ty)
    }
}

/// A body made ready to run. It is shared by every instance of its process whose nets have the same shapes.
#[derive(Debug)]
pub struct Code {
    pub(super) instrs: Vec<Instr>,
    /// Where each instruction comes from.
    pub(super) spans: Vec<Span>,
    /// What catches the faults of operands that are evaluated ahead of their need; inner ones first.
    pub(super) handlers: Vec<Handler>,
    pub(super) bounds: Vec<Bounds>,
    pub(super) fits: Vec<Fit>,
    pub(super) calls: Vec<Call>,
    pub(super) loads: Vec<Load>,
    pub(super) parts: Vec<Part>,
    pub(super) tables: Vec<Vec<i64>>,
    pub(super) switches: Vec<Switch>,
    pub(super) big_switches: Vec<BigSwitch>,
    pub(super) waits: Vec<WaitSpec>,
    /// What is told of assertions that fail.
    pub(super) shown: Vec<Vec<Shown>>,
    pub(super) names: Vec<String>,
    pub(super) vars: Vec<String>,
    /// The registers as they are when the process starts.
    pub(super) small: Vec<i64>,
    pub(super) big: Vec<Value>,
    pub(super) poisons: usize,
    pub(super) driven: Vec<NetId>,
}

impl Code {
    /// Compiles a body. `nets` are the shapes of the module's nets.
    ///
    /// # Errors
    /// [`FaultKind::Internal`](super::FaultKind::Internal) for a body that the verifier would not pass.
    pub fn compile(body: &Body, nets: &[NetShape], types: &Types) -> Result<Code, Fault> {
        compile::compile(body, nets, types)
    }

    /// The state of a process that has not started.
    pub fn frame(&self) -> Frame {
        Frame {
            pc: 0,
            small: self.small.clone(),
            big: self.big.clone(),
            set: vec![false; self.vars.len()],
            poisons: vec![None; self.poisons],
            delays: Vec::new(),
        }
    }

    /// The nets that the body stores into, in the order of their first store in the text.
    pub fn driven(&self) -> &[NetId] {
        &self.driven
    }

    /// What a process that stopped with [`Exit::Wait`] waits for; the delays stand in [`Frame::delays`]. Empty: for nothing,
    /// for good.
    pub fn wait(&self, wait: u32) -> &[CodeWait] {
        self.waits.get(wait as usize).map_or(&[], |spec| &spec.waits)
    }

    /// How many instructions there are.
    pub fn len(&self) -> usize {
        self.instrs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.instrs.is_empty()
    }
}

/// The state of a running process: where it is, and its registers.
#[derive(Clone, Debug)]
pub struct Frame {
    pub(super) pc: usize,
    pub(super) small: Vec<i64>,
    pub(super) big: Vec<Value>,
    /// Which variables have a value.
    pub(super) set: Vec<bool>,
    pub(super) poisons: Vec<Option<Fault>>,
    /// The delays of the wait at which it stopped.
    pub(super) delays: Vec<u64>,
}

impl Frame {
    /// Puts the process back at its beginning; its variables are unset.
    pub fn restart(&mut self) {
        self.pc = 0;
        self.set.fill(false);
    }

    /// The steps of each delay of the wait at which it stopped, in the order of the text.
    pub fn delays(&self) -> &[u64] {
        &self.delays
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The body is over: an activation of the process, or a timed process as a whole.
    Done,
    /// A wait; [`Code::waits`] tells what for. The next run goes on after it.
    Wait(u32),
    /// A `finish`, with its text.
    Finish(Option<Arc<str>>),
    /// [`Environment::interrupted`](super::Environment::interrupted) said so.
    Interrupted,
}

/// Something that a process waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeWait {
    /// A change of a net of its module.
    Event(Event),
    /// So many steps: the next of [`Frame::delays`].
    Delay,
    /// All of these.
    Join(Vec<CodeWait>),
}

/// A register of either file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operand {
    Small(Reg),
    Big(Reg),
}

/// Catches faults of `range`.
#[derive(Debug)]
pub(super) struct Handler {
    pub range: std::ops::Range<usize>,
    pub poison: u32,
    pub resume: u32,
}

/// The interval of a place.
#[derive(Debug)]
pub(super) struct Bounds {
    pub range: Range,
    /// The part of the interval that fits an `i64`; empty if `min` is above `max`.
    pub min: i64,
    pub max: i64,
    /// The place's name; `None` for a `check`.
    pub target: Option<String>,
}

/// The type of a place that is not small.
#[derive(Debug)]
pub(super) struct Fit {
    pub ty: Type,
    pub wraps: bool,
    pub tristate: bool,
    pub target: String,
}

/// An operator on values.
#[derive(Debug)]
pub(super) struct Call {
    pub op: Op,
    pub args: Box<[Arg]>,
    pub arg_types: Box<[Type]>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Arg {
    Big(Reg),
    Net(NetId),
}

/// A part of a value, reached without copying the whole.
#[derive(Debug)]
pub(super) struct Load {
    pub root: Arg,
    pub steps: Box<[Step]>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Index(Operand),
    Field(u32),
}

/// A store into a part.
#[derive(Debug)]
pub(super) struct Part {
    pub root: PartRoot,
    pub steps: Box<[Step]>,
    pub tail: Tail,
    pub value: Operand,
    /// The type of what the steps lead to.
    pub leaf: Type,
    pub wraps: bool,
    /// The net or variable.
    pub target: String,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum PartRoot {
    SmallNet(NetId),
    Net(NetId),
    SmallVar(Reg),
    Var(Reg),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Tail {
    Whole,
    Bit(Operand),
    Slice(Operand, u32),
}

#[derive(Debug)]
pub(super) struct Switch {
    /// Values with their targets, sorted by value.
    pub arms: Vec<(i64, u32)>,
    pub default: u32,
}

#[derive(Debug)]
pub(super) struct BigSwitch {
    pub arms: Vec<(Value, u32)>,
    pub default: u32,
}

#[derive(Debug)]
pub(super) struct WaitSpec {
    pub waits: Vec<CodeWait>,
    /// The delays among them, in the order of the text.
    pub delays: Vec<Operand>,
}

impl Bounds {
    pub(super) fn new(range: &Range, target: Option<&str>) -> Bounds {
        let min = match &range.min {
            None => Some(i64::MIN),
            Some(min) => min.to_i64().or(min.is_negative().then_some(i64::MIN)),
        };
        let max = match &range.max {
            None => Some(i64::MAX),
            Some(max) => max.to_i64().or((!max.is_negative()).then_some(i64::MAX)),
        };
        let (min, max) = min.zip(max).unwrap_or((i64::MAX, i64::MIN));
        Bounds { range: range.clone(), min, max, target: target.map(str::to_owned) }
    }

    /// A value of this interval that is equal modulo its size.
    pub(super) fn wrap(&self, value: i64) -> i64 {
        if (self.min..=self.max).contains(&value) {
            return value;
        }
        let size = i128::from(self.max) - i128::from(self.min) + 1;
        let offset = (i128::from(value) - i128::from(self.min)).rem_euclid(size.max(1));
        (i128::from(self.min) + offset) as i64
    }
}
