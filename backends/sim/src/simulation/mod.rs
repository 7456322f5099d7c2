//! The kernel: starts processes, updates nets, activates whoever waits for them, and moves time on.

mod ending;
mod setup;

use crate::engine::{Activity, Stop};
use crate::fault::SimFault;
use crate::flat::{Flat, FlatNet, NetIndex};
use crate::host::{Activation, Contention, Host, HostFault, HostStep, HostWait, Opaques};
use crate::outcome::{Outcome, Pause};
use crate::schedule::{Apply, Due, Future, Schedule, Trigger, WaiterId};
use crate::state::{State, Update};
use crate::wave::Recorder;
use pyhw_diagnostics::Span;
use pyhw_ir::Value;
use pyhw_ir::eval::{Fault, FaultKind};
use std::collections::BTreeSet;

/// After so many activations the observer is told the time.
const REPORT: u32 = 1 << 10;

/// So many deltas of one time are taken for deltas without an end: far more than any ripple through a design takes to settle.
const MAX_DELTAS: u32 = 10_000_000;
/// After them it is watched for so many more what keeps changing.
const WATCHED_DELTAS: u32 = 1_000;

/// What keeps changing in deltas that do not end.
#[derive(Default)]
struct Watch {
    nets: BTreeSet<NetIndex>,
    processes: BTreeSet<u32>,
}

/// How far a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    None,
    Time(u64),
    /// To the end of the deltas of this time.
    Settled,
}

enum Runner {
    Engine(Box<dyn Activity>),
    Host(u32),
}

struct Process {
    runner: Runner,
    /// The lists that it waits in between its activations, for a process that is not timed.
    subscriptions: Option<Box<[u32]>>,
    /// Whether it runs at time zero.
    runs_at_start: bool,
    started: bool,
    reset: Option<ResetPlan>,
    instance: usize,
    name: String,
    span: Span,
}

struct ResetPlan {
    net: NetIndex,
    active_high: bool,
    /// The nets that the process drives, with their initial values.
    stores: Vec<(NetIndex, Value)>,
}

struct Resolver {
    net: NetIndex,
    drivers: Vec<NetIndex>,
    subscriptions: Vec<u32>,
    started: bool,
    /// The bus's names from the top module down, with dots between them, and its declaration.
    path: String,
    span: Span,
}

/// A running design.
pub struct Simulation {
    flat: Flat,
    state: State,
    schedule: Schedule,
    processes: Vec<Process>,
    resolvers: Vec<Resolver>,
    opaques: Box<dyn Opaques>,
    recorders: Vec<Recorder>,
    activations: u32,
    /// The deltas of this time so far.
    deltas: u32,
    /// Set when there have been too many of them.
    watch: Option<Watch>,
    /// The process in the midst of which the run was interrupted.
    interrupted_in: Option<u32>,
    limit: Limit,
    /// The host's process that is being run: its waiter, and its number if it is one of the design.
    in_host: Option<(WaiterId, Option<u32>)>,
    handed: Option<HostFault>,
    needs_update: bool,
    is_over: bool,
    waits: Vec<Trigger>,
}

impl Simulation {
    /// Adds a net while the simulation runs, as host code does that makes a signal. It has its initial value from now on.
    ///
    /// # Errors
    /// A fault for an initial value that the net does not hold.
    pub fn add_net(&mut self, net: FlatNet) -> Result<NetIndex, Fault> {
        self.schedule.add_net();
        self.state.add_net(net)
    }

    /// The design laid out flat. Nets that were added later are not in it.
    pub fn flat(&self) -> &Flat {
        &self.flat
    }

    /// The nets, the time, the texts.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The nets, the time, the texts; for stores between runs and from host code.
    pub fn state_mut(&mut self) -> &mut State {
        &mut self.state
    }

    /// The time in steps.
    pub fn now(&self) -> u64 {
        self.state.now
    }

    /// The current value of a net.
    pub fn peek(&self, net: NetIndex) -> Value {
        self.state.value(net)
    }

    /// Stores into the next value of a net.
    ///
    /// # Errors
    /// As of [`State::set_next`].
    pub fn poke(&mut self, net: NetIndex, value: Value) -> Result<(), Fault> {
        self.state.set_next(net, value)
    }

    /// Whether the simulation is over.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Runs until that time (everything that happens then included), or until the simulation ends.
    pub fn run(&mut self, until: Option<u64>, host: &mut dyn Host) -> Outcome {
        self.start_run(until);
        self.carry_on(host)
    }

    /// Begins a run; [`Simulation::advance`] carries it on.
    pub fn start_run(&mut self, until: Option<u64>) {
        self.needs_update = true;
        self.deltas = 0;
        self.interrupted_in = None;
        self.limit = Limit::None;
        if let Some(until) = until {
            let until = until.max(self.state.now);
            self.limit = Limit::Time(until);
            // As in MyHDL, the end of the run is an event of its own: time moves on to it, whatever else happens. One that is here already
            // is nothing to wait for.
            if until > self.state.now {
                self.schedule.schedule(until, Future::Stop);
            }
        }
    }

    /// Runs what can happen without the host.
    pub fn advance(&mut self) -> Pause {
        if self.is_over {
            return Pause::End(Outcome::Over);
        }
        loop {
            if self.needs_update {
                self.needs_update = false;
                self.deltas += 1;
                self.update();
            }
            if self.deltas >= MAX_DELTAS
                && let Some(fault) = self.too_many_deltas()
            {
                return self.end(Outcome::Fault(fault));
            }
            while let Some(due) = self.schedule.next_due(self.state.now) {
                if let Some(pause) = self.activate(due) {
                    return pause;
                }
            }
            if self.state.is_interrupted() {
                return self.pause(Outcome::Interrupted);
            }
            if self.state.has_stores() {
                self.needs_update = true;
                continue;
            }
            if let Some(handed) = self.handed.take() {
                return match handed {
                    HostFault::Stop { message } => self.end(Outcome::Finished(message)),
                    HostFault::Suspend { message } => self.pause(Outcome::Suspended(Some(message))),
                    HostFault::Error { .. } => self.pause(Outcome::Raised(handed)),
                };
            }
            if self.limit == Limit::Settled {
                return self.pause(Outcome::Suspended(None));
            }
            let Some(time) = self.schedule.next_time() else { return self.end(Outcome::NoMoreEvents) };
            if self.limit == Limit::Time(self.state.now) {
                return self.pause(Outcome::Suspended(None));
            }
            if let Err(pause) = self.move_on(time) {
                return pause;
            }
        }
    }

    /// Moves time on to what happens next.
    fn move_on(&mut self, time: u64) -> Result<(), Pause> {
        if time == self.state.now {
            // A delay of 0 is a delta as well, even if nothing is stored.
            self.deltas += 1;
        } else {
            self.record().map_err(Pause::End)?;
            self.state.now = time;
            self.deltas = 0;
            self.watch = None;
        }
        while let Some(event) = self.schedule.next_at(time) {
            match event {
                Future::Wake(entry) => self.schedule.fire(entry),
                Future::Apply(apply) => {
                    let Apply { net, value, stamp } = *apply;
                    if let Update::Changed(edge) = self.state.apply(net, value, stamp) {
                        self.schedule.wake(net, edge);
                    }
                }
                Future::Stop => {}
            }
        }
        Ok(())
    }

    /// Lets nets take their next values, in the order in which they were stored into.
    fn update(&mut self) {
        let dirty = self.state.take_dirty();
        let opaques = &mut self.opaques;
        for &net in &dirty {
            match self.state.update(net, &mut |a, b| opaques.equal(a, b)) {
                Update::Same => {}
                Update::Changed(edge) => {
                    if let Some(watch) = &mut self.watch {
                        watch.nets.insert(net);
                    }
                    self.schedule.wake(net, edge);
                }
                Update::Later { time, stamp } => {
                    let value = self.state.next_value(net);
                    self.schedule.schedule(time, Future::Apply(Box::new(Apply { net, value, stamp })));
                }
            }
        }
        self.state.recycle(dirty);
    }

    fn activate(&mut self, due: Due) -> Option<Pause> {
        self.activations += 1;
        if self.activations == REPORT {
            self.activations = 0;
            self.state.report();
        }
        match due {
            Due::Process(waiter, process) => self.activate_process(waiter, process),
            Due::Resolver(waiter, resolver) => {
                self.resolve(resolver);
                let resolver = &self.resolvers[resolver as usize];
                self.schedule.subscribe(waiter, &resolver.subscriptions);
                None
            }
            Due::Child(waiter, handle) => {
                self.in_host = Some((waiter, None));
                Some(Pause::Host { handle, activation: Activation::Run })
            }
        }
    }

    /// The deltas of this time do not end: the fault that tells what keeps changing, once that was watched for a while.
    fn too_many_deltas(&mut self) -> Option<SimFault> {
        let watch = self.watch.get_or_insert_default();
        if self.deltas < MAX_DELTAS + WATCHED_DELTAS {
            return None;
        }
        let nets = watch.nets.iter().filter_map(|&net| self.flat.nets.get(net as usize));
        let nets = nets.map(|net| net.name.clone()).collect();
        let numbers: Vec<u32> = watch.processes.iter().copied().collect();
        let place = |&number: &u32| (self.process_path(number), self.processes[number as usize].span);
        let processes: Vec<(String, Span)> = numbers.iter().map(place).collect();
        let span = processes.first().map_or(Span::NONE, |(_, span)| *span);
        let fault = Fault::new(FaultKind::Endless { nets, processes }).at(span);
        Some(SimFault { fault, process: String::new(), time: self.state.now })
    }

    fn activate_process(&mut self, waiter: WaiterId, number: u32) -> Option<Pause> {
        if let Some(watch) = &mut self.watch {
            watch.processes.insert(number);
        }
        let process = &mut self.processes[number as usize];
        if let Some(lists) = &process.subscriptions {
            let is_start = !std::mem::replace(&mut process.started, true);
            if is_start && !process.runs_at_start {
                self.schedule.subscribe(waiter, lists);
                return None;
            }
        }
        let mut activation = Activation::Run;
        if let Some(reset) = &process.reset
            && self.state.truth(reset.net) == reset.active_high
        {
            activation = Activation::Reset;
            for (net, value) in &reset.stores {
                self.state.put(*net, value.clone());
            }
        }
        let activity = match (&mut process.runner, activation) {
            (Runner::Host(handle), _) => {
                let handle = *handle;
                self.in_host = Some((waiter, Some(number)));
                return Some(Pause::Host { handle, activation });
            }
            (Runner::Engine(activity), Activation::Run) => Some(activity),
            (Runner::Engine(_), Activation::Reset) => None,
        };
        self.waits.clear();
        let stop = match activity {
            Some(activity) => activity.run(&mut self.state, &mut self.waits),
            None => Ok(Stop::Done),
        };
        match (stop, &process.subscriptions) {
            (Ok(Stop::Done), Some(lists)) => self.schedule.subscribe(waiter, lists),
            (Ok(Stop::Wait), None) => self.schedule.wait(waiter, &self.waits, self.state.now),
            (Ok(Stop::Done), None) => self.schedule.end(waiter),
            (Ok(Stop::Wait), Some(_)) => {
                let fault = Fault::internal("only a timed process can wait");
                return Some(self.fault(number, fault));
            }
            (Ok(Stop::Finish(message)), _) => {
                let message = message.as_deref().unwrap_or_default().to_owned();
                return Some(self.end(Outcome::Finished(message)));
            }
            (Ok(Stop::Interrupted), _) => {
                self.interrupted_in = Some(number);
                // As a generator that an exception has left, what waits by itself is over; a function is called again.
                match &self.processes[number as usize].subscriptions {
                    Some(lists) => self.schedule.subscribe(waiter, lists),
                    None => self.schedule.end(waiter),
                }
                return Some(self.pause(Outcome::Interrupted));
            }
            (Err(fault), _) => return Some(self.fault(number, fault)),
        }
        None
    }

    fn fault(&mut self, process: u32, fault: Fault) -> Pause {
        let process = self.process_path(process);
        let fault = SimFault { fault, process, time: self.state.now };
        self.end(Outcome::Fault(fault))
    }

    /// The names from the top module to a process of the design, with dots between them.
    pub fn process_path(&self, process: u32) -> String {
        match self.processes.get(process as usize) {
            Some(process) => format!("{}.{}", self.flat.path(process.instance), process.name),
            None => String::new(),
        }
    }

    /// The process in the midst of which the run was interrupted, if it was in one: its path and its place.
    pub fn interrupted_in(&self) -> Option<(String, Span)> {
        let number = self.interrupted_in?;
        Some((self.process_path(number), self.processes.get(number as usize)?.span))
    }

    /// The process of the design that the host is running now, if any.
    pub fn process_in_host(&self) -> Option<u32> {
        self.in_host.and_then(|(_, process)| process)
    }

    fn resolve(&mut self, number: u32) {
        let resolver = &mut self.resolvers[number as usize];
        if !std::mem::replace(&mut resolver.started, true) {
            return;
        }
        let mut driving =
            resolver.drivers.iter().map(|&driver| self.state.big(driver)).filter(|v| **v != Value::Z);
        let value = match (driving.next(), driving.next()) {
            (None, _) => Value::Z,
            (Some(value), None) => value.clone(),
            (Some(_), Some(_)) => {
                let (path, span) = (&*resolver.path, resolver.span);
                self.state.text.contention(&Contention { path, span, time: self.state.now });
                Value::Z
            }
        };
        self.state.put(resolver.net, value);
    }

    /// Takes the result of the host code that [`Simulation::advance`] asked for. An outcome means that the run has ended.
    pub fn resumed(&mut self, result: Result<HostStep, HostFault>) -> Option<Outcome> {
        let (waiter, process) = self.in_host.take()?;
        let lists = process.and_then(|process| self.processes[process as usize].subscriptions.as_ref());
        match result {
            Ok(HostStep::Done) => match lists {
                Some(lists) => self.schedule.subscribe(waiter, lists),
                None => self.schedule.end(waiter),
            },
            Ok(HostStep::Wait(waits)) => {
                self.waits.clear();
                HostWait::flatten(&waits, &mut self.waits);
                if self.waits.is_empty() {
                    self.waits.push(Trigger::Now);
                }
                self.schedule.wait(waiter, &self.waits, self.state.now);
            }
            Ok(HostStep::Hand(fault)) => {
                self.handed.get_or_insert(fault);
                self.schedule.wait(waiter, &[Trigger::Now], self.state.now);
            }
            Err(HostFault::Stop { message }) => return Some(self.ended(Outcome::Finished(message))),
            Err(HostFault::Suspend { message }) => {
                return Some(self.paused(Outcome::Suspended(Some(message))));
            }
            Err(fault @ HostFault::Error { .. }) => return Some(self.ended(Outcome::Raised(fault))),
        }
        None
    }

    /// Lets everything happen that is due in the deltas of this time, without moving it on.
    pub fn settle(&mut self, host: &mut dyn Host) -> Outcome {
        self.needs_update = true;
        self.deltas = 0;
        self.limit = Limit::Settled;
        self.carry_on(host)
    }

    fn carry_on(&mut self, host: &mut dyn Host) -> Outcome {
        loop {
            match self.advance() {
                Pause::Host { handle, activation } => {
                    let result = host.resume(handle, activation, self);
                    if let Some(outcome) = self.resumed(result) {
                        return outcome;
                    }
                }
                Pause::End(outcome) => return outcome,
            }
        }
    }
}
