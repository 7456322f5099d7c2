//! Lays out a design: its nets, its processes with their engines and resets, and what resolves its buses.

use super::{Limit, Process, ResetPlan, Resolver, Runner, Simulation};
use crate::engine::{Engine, Request};
use crate::fault::SimFault;
use crate::flat::{FlatKind, NetIndex, flatten};
use crate::outcome::Options;
use crate::schedule::{Kind, Schedule, list_of};
use crate::state::State;
use crate::wave::Recorder;
use pyhw_diagnostics::Span;
use pyhw_ir::eval::Fault;
use pyhw_ir::{Design, Edge, Event, ProcessBody, ProcessKind};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Simulation {
    /// Lays out a design and prepares its processes. They start with the first run.
    ///
    /// # Errors
    /// A fault for a design that the verifier would not pass, and for an initial value that its net does not hold.
    pub fn new(design: &Design, options: Options) -> Result<Simulation, SimFault> {
        let before = |fault: Fault| SimFault { fault, process: String::new(), time: 0 };
        let flat = flatten(design).map_err(before)?;
        let types = Arc::new(design.types.clone());
        let mut simulation = Simulation {
            state: State::new(types.clone(), options.text, options.interrupt, options.observer),
            schedule: Schedule::default(),
            processes: Vec::new(),
            resolvers: Vec::new(),
            opaques: options.opaques,
            recorders: Vec::new(),
            activations: 0,
            deltas: 0,
            watch: None,
            interrupted_in: None,
            limit: Limit::None,
            in_host: None,
            handed: None,
            needs_update: true,
            is_over: false,
            waits: Vec::new(),
            flat,
        };
        let nets = simulation.flat.nets.clone();
        for net in nets {
            simulation.add_net(net).map_err(before)?;
        }
        let mut engine = options.engine;
        for index in 0..simulation.flat.processes.len() {
            simulation.add_process(design, index, &mut *engine, &types).map_err(before)?;
        }
        simulation.add_resolvers(design);
        for waves in options.waves {
            let recorder = Recorder::new(design, &simulation.flat, &mut simulation.state, waves);
            simulation.recorders.push(recorder);
        }
        Ok(simulation)
    }

    fn add_process(
        &mut self,
        design: &Design,
        index: usize,
        engine: &mut dyn Engine,
        types: &Arc<pyhw_ir::Types>,
    ) -> Result<(), Fault> {
        let place = self.flat.processes[index];
        let process = self.flat.process(design, place);
        let instance = &self.flat.instances[place.instance];
        let bad = || Fault::internal("a process that names a net that is not there").at(process.span);
        let net = |net: pyhw_ir::NetId| instance.nets.get(net.index()).copied().ok_or_else(bad);
        let (subscriptions, runs_at_start, reset) = match &process.kind {
            ProcessKind::Comb { sensitivity } => {
                let lists: Result<Box<[u32]>, Fault> =
                    sensitivity.iter().map(|&id| Ok(list_of(net(id)?, Edge::Any))).collect();
                (Some(lists?), true, None)
            }
            ProcessKind::Clocked { events, reset } => {
                // An asynchronous reset wakes its process whether or not it stands among the events.
                let own = reset.as_ref().filter(|reset| reset.is_async).map(|reset| Event {
                    net: reset.net,
                    edge: if reset.active_high { Edge::Rising } else { Edge::Falling },
                });
                let own = own.filter(|own| !events.contains(own));
                let lists: Result<Box<[u32]>, Fault> =
                    events.iter().chain(&own).map(|event| Ok(list_of(net(event.net)?, event.edge))).collect();
                (Some(lists?), false, reset.as_ref())
            }
            ProcessKind::Timed => (None, true, None),
        };
        let runner = match &process.body {
            ProcessBody::Ir(body) => {
                let variant = &self.flat.variants[instance.variant];
                Runner::Engine(engine.prepare(&Request {
                    body,
                    module: instance.module,
                    process: place.process,
                    variant: instance.variant,
                    shapes: &variant.shapes,
                    nets: &instance.nets,
                    types,
                    is_timed: subscriptions.is_none(),
                })?)
            }
            ProcessBody::Host(body) => Runner::Host(body.handle),
        };
        let reset = match reset {
            Some(reset) => {
                let driven = match &runner {
                    Runner::Engine(activity) => activity.driven(),
                    Runner::Host(_) => Vec::new(),
                };
                let spared: Vec<NetIndex> =
                    reset.spares.iter().map(|&spared| net(spared)).collect::<Result<_, Fault>>()?;
                let restored = driven.into_iter().filter(|net| !spared.contains(net));
                let stores = restored.map(|net| (net, self.flat.nets[net as usize].init.clone())).collect();
                Some(ResetPlan { net: net(reset.net)?, active_high: reset.active_high, stores })
            }
            None => None,
        };
        let waiter = self.schedule.add_waiter(Kind::Process(self.processes.len() as u32), None);
        self.schedule.make_due(waiter);
        self.processes.push(Process {
            runner,
            subscriptions,
            runs_at_start,
            started: false,
            reset,
            instance: place.instance,
            name: process.name.clone(),
            span: process.span,
        });
        Ok(())
    }

    /// MyHDL starts what resolves a bus after everything else, which is: before it, since the last one starts first.
    fn add_resolvers(&mut self, design: &Design) {
        let mut drivers: BTreeMap<NetIndex, Vec<NetIndex>> = BTreeMap::new();
        for (index, net) in self.flat.nets.iter().enumerate() {
            match net.kind {
                FlatKind::TriState => drivers.entry(index as NetIndex).or_default(),
                FlatKind::Driver(bus) => {
                    let drivers = drivers.entry(bus).or_default();
                    drivers.push(index as NetIndex);
                    drivers
                }
                FlatKind::Signal | FlatKind::Delayed(_) => continue,
            };
        }
        for (net, drivers) in drivers {
            let subscriptions = drivers.iter().map(|&driver| list_of(driver, Edge::Any)).collect();
            let waiter = self.schedule.add_waiter(Kind::Resolver(self.resolvers.len() as u32), None);
            self.schedule.make_due(waiter);
            let (path, span) = self.declaration(design, net);
            self.resolvers.push(Resolver { net, drivers, subscriptions, started: false, path, span });
        }
    }

    /// Where a net is declared: in the outermost instance that has it.
    fn declaration(&self, design: &Design, net: NetIndex) -> (String, Span) {
        let places = self.flat.instances.iter().enumerate().filter_map(|(at, instance)| {
            let local = instance.nets.iter().position(|&own| own == net)?;
            let declared = design.module(instance.module).nets.get(local)?;
            Some((format!("{}.{}", self.flat.path(at), declared.name), declared.span))
        });
        places.into_iter().next().unwrap_or((String::new(), Span::NONE))
    }
}
