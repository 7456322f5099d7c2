//! Checking that a design is one: the rules that every other part may rely on.
//!
//! [`verify()`] lists every fault as PH0702 and never panics, whatever the ids say. A design without faults never makes an
//! evaluator, a pass or a back-end panic. The rules:
//!
//! **Types.** Ids are those of the design. An interval is not empty. Integers with both bounds have at most
//! [`MAX_WIDTH_BITS`](crate::types::MAX_WIDTH_BITS) bits. An array has an element, which is no object of the host. An enum has a
//! member; names and codes of its members are distinct, and the codes fit its width. A struct has a field; the names of its
//! fields are distinct, and their types are ones that hardware can hold, of structs only earlier ones. Types nest at most
//! [`MAX_TYPE_DEPTH`] deep.
//!
//! **Modules.** There is a top. The names of nets, of processes and of instances are distinct within a module. A net is a port at
//! most once. The items name each process and each instance exactly once. A module has at most one foreign text per language,
//! which says at most once of a net how it drives it, and of no input; the lists that it names have elements that are alike, and
//! names that nothing else has.
//! An instance is of an earlier module, so that no module contains itself; it connects a net of the port's type to each port, and
//! a tri-state net to a tri-state port.
//!
//! **Nets.** The initial value belongs to the type; only a tri-state net or a driver of one starts as `z`. A delay is at least one
//! step. A driver belongs to a tri-state net of its type in the same module.
//!
//! **Processes.** A clocked process has an event. Edges (rising, falling) are of a boolean, of an integer within 0 to 1, or of one
//! without bounds. A reset is a boolean, and spares each net once. Nets that hold objects of the host are used by processes of the host only.
//!
//! **Expressions.** Operands come before what uses them. A constant belongs to its type; a net or variable has the type of its
//! declaration; an operator has the type that its rule gives for the types of the operands. The intervals in brackets are not
//! empty, that of `wrap` has both bounds, and `repr` names a known type. Expressions nest at most [`MAX_EXPR_DEPTH`] deep. `z`,
//! and a `mux` of it, is only stored into a whole driver.
//!
//! **Statements.** `=` stores into a variable, `<=` into a net, which is no tri-state one. A place takes elements of arrays, fields
//! of structs, and last of all a bit (stored from a boolean) or a slice (stored from an integer) of an integer; a value is of the
//! place's type, intervals left aside. Conditions are booleans, messages texts, delays integers. A switch is over an integer, a
//! boolean or an enum; its values are distinct and belong to the subject's type, each arm has one, and without a default they are
//! all there are. A `for` has a step, and its variable takes every value that it counts. A label labels one statement; `break`
//! names a statement around it, `continue` a loop. Only timed processes wait, and only they use texts outside of messages.
//! Statements nest at most [`MAX_NESTING`] deep. A variable is not read where on no path anything was assigned to it.

mod assigned;
mod body;
mod expr;
mod types;

use crate::design::{
    Design, Direction, Edge, Event, Foreign, Instance, Item, Module, Net, NetId, NetKind, Process,
    ProcessBody, ProcessKind, Reset,
};
use crate::names::TypeNames;
use crate::types::{Type, Value};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use std::collections::HashSet;

pub use types::belongs;
use types::{type_fault, verify_types};

/// How deep statements may nest, so that nothing that walks over them runs out of stack.
pub const MAX_NESTING: usize = 200;
/// How deep expressions may nest.
pub const MAX_EXPR_DEPTH: usize = 1000;
/// How deep types may nest.
pub const MAX_TYPE_DEPTH: usize = 32;

/// Every fault of the design; none if it keeps the rules.
pub fn verify(design: &Design) -> Vec<Diagnostic> {
    let mut faults = Faults { list: Vec::new(), place: String::new() };
    verify_types(design, &mut faults);
    let names = TypeNames::new(&design.types);
    for (index, module) in design.modules.iter().enumerate() {
        ModuleVerifier { design, names: &names, index, module, faults: &mut faults }.verify();
    }
    faults.place.clear();
    match design.top {
        None => faults.add(Span::NONE, "the design has no top"),
        Some(top) if top.index() >= design.modules.len() => {
            faults.add(Span::NONE, format!("the top is {top}, which does not exist"));
        }
        Some(_) => {}
    }
    faults.list
}

/// What was found so far, and where the search is.
struct Faults {
    list: Vec<Diagnostic>,
    /// `process `p` of module `m``; said with each fault, because a design may have no spans.
    place: String,
}

impl Faults {
    fn add(&mut self, span: Span, message: impl Into<String>) {
        let fault = Diagnostic::new(Code::PH0702, span, message);
        self.list.push(if self.place.is_empty() { fault } else { fault.note(format!("in {}", self.place)) });
    }
}

struct ModuleVerifier<'a, 'f> {
    design: &'a Design,
    names: &'a TypeNames,
    index: usize,
    module: &'a Module,
    faults: &'f mut Faults,
}

impl<'a> ModuleVerifier<'a, '_> {
    fn verify(mut self) {
        let module = self.module;
        self.faults.place = format!("module `{}`", module.name);
        self.distinct("net", module.nets.iter().map(|net| (&*net.name, net.span)));
        self.distinct("process", module.processes.iter().map(|process| (&*process.name, process.span)));
        self.distinct("instance", module.instances.iter().map(|instance| (&*instance.name, instance.span)));
        for net in &module.nets {
            self.net(net);
        }
        self.ports();
        self.items();
        for instance in &module.instances {
            self.instance(instance);
        }
        for (index, foreign) in module.foreign.iter().enumerate() {
            if module.foreign[..index].iter().any(|other| other.language == foreign.language) {
                self.faults.add(foreign.span, "the module has a second foreign text in one language");
                break;
            }
        }
        for foreign in &module.foreign {
            self.foreign(foreign);
        }
        for process in &module.processes {
            self.faults.place = format!("process `{}` of module `{}`", process.name, module.name);
            self.process(process);
        }
    }

    fn distinct(&mut self, what: &str, names: impl Iterator<Item = (&'a str, Span)>) {
        let mut seen = HashSet::new();
        for (name, span) in names {
            if !seen.insert(name) {
                self.faults.add(span, format!("a second {what} has the name `{name}`"));
            }
        }
    }

    fn net(&mut self, net: &Net) {
        let name = &net.name;
        if let Some(fault) = type_fault(&net.ty, &self.design.types, usize::MAX) {
            return self.faults.add(net.span, format!("net `{name}`: {fault}"));
        }
        if !belongs(&net.init, &net.ty, &self.design.types) {
            let ty = self.names.text(&net.ty);
            self.faults.add(net.span, format!("the initial value of net `{name}` does not belong to {ty}"));
        }
        let resolved = match net.kind {
            NetKind::Signal => false,
            NetKind::Delayed(steps) => {
                if steps == 0 {
                    self.faults.add(net.span, format!("net `{name}` is delayed by no step"));
                }
                false
            }
            NetKind::TriState => true,
            NetKind::Driver(of) => {
                match self.module.nets.get(of.index()) {
                    None => {
                        self.faults.add(net.span, format!("net `{name}` drives {of}, which does not exist"))
                    }
                    Some(of) if of.kind != NetKind::TriState => {
                        let message =
                            format!("net `{name}` drives `{}`, which is not a tri-state net", of.name);
                        self.faults.add(net.span, message);
                    }
                    Some(of) if of.ty != net.ty => {
                        let message = format!("net `{name}` drives `{}`, which has another type", of.name);
                        self.faults.add(net.span, message);
                    }
                    Some(_) => {}
                }
                true
            }
        };
        if net.init == Value::Z && !resolved {
            self.faults.add(net.span, format!("net `{name}` starts as `z` and is not tri-state"));
        }
    }

    fn ports(&mut self) {
        let mut seen = HashSet::new();
        for port in &self.module.ports {
            match self.module.nets.get(port.net.index()) {
                None => {
                    self.faults.add(self.module.span, format!("a port is {}, which does not exist", port.net))
                }
                Some(net) if !seen.insert(port.net) => {
                    self.faults.add(net.span, format!("net `{}` is a port twice", net.name));
                }
                Some(_) => {}
            }
        }
    }

    fn foreign(&mut self, foreign: &Foreign) {
        for (index, list) in foreign.lists.iter().enumerate() {
            let name = &list.name;
            if foreign.lists[..index].iter().any(|other| other.name == *name)
                || self.module.nets.iter().any(|net| net.name == *name)
            {
                self.faults
                    .add(foreign.span, format!("the list `{name}` of a foreign text has a name twice"));
            }
            let nets: Vec<_> =
                list.elements.iter().filter_map(|id| self.module.nets.get(id.index())).collect();
            if nets.len() < list.elements.len() || nets.is_empty() {
                let message =
                    format!("the list `{name}` of a foreign text has no elements, or some that do not exist");
                self.faults.add(foreign.span, message);
                continue;
            }
            let is_input = |id: &NetId| self.module.direction(*id) == Some(Direction::In);
            if nets.iter().any(|net| net.ty != nets[0].ty)
                || list.elements.iter().any(|id| is_input(id) != is_input(&list.elements[0]))
            {
                let message = format!("the elements of the list `{name}` of a foreign text are not alike");
                self.faults.add(foreign.span, message);
            }
        }
        let mut seen = HashSet::new();
        for (id, _) in &foreign.drives {
            let is_input = self.module.direction(*id) == Some(Direction::In);
            match self.module.nets.get(id.index()) {
                None => {
                    let message = format!("the foreign text drives {id}, which does not exist");
                    self.faults.add(foreign.span, message);
                }
                Some(net) if !seen.insert(*id) => {
                    let message = format!("the foreign text says twice how it drives `{}`", net.name);
                    self.faults.add(foreign.span, message);
                }
                Some(net) if is_input => {
                    self.faults
                        .add(foreign.span, format!("the foreign text drives the input `{}`", net.name));
                }
                Some(_) => {}
            }
        }
    }

    fn items(&mut self) {
        let mut processes = vec![0usize; self.module.processes.len()];
        let mut instances = vec![0usize; self.module.instances.len()];
        for item in &self.module.items {
            let (count, id) = match item {
                Item::Process(id) => (processes.get_mut(id.index()), id.to_string()),
                Item::Instance(id) => (instances.get_mut(id.index()), id.to_string()),
            };
            match count {
                Some(count) => *count += 1,
                None => self.faults.add(self.module.span, format!("an item is {id}, which does not exist")),
            }
        }
        let processes = self.module.processes.iter().map(|of| (&of.name, of.span)).zip(processes);
        let instances = self.module.instances.iter().map(|of| (&of.name, of.span)).zip(instances);
        for ((name, span), count) in processes.chain(instances) {
            if count != 1 {
                self.faults.add(span, format!("`{name}` is {count} times among the items, not once"));
            }
        }
    }

    fn instance(&mut self, instance: &Instance) {
        let (name, span) = (&instance.name, instance.span);
        if instance.module.index() >= self.index {
            let message =
                format!("instance `{name}` is of {}, which does not stand before this one", instance.module);
            return self.faults.add(span, message);
        }
        let inside = self.design.module(instance.module);
        if inside.ports.len() != instance.connections.len() {
            let (given, wanted) = (instance.connections.len(), inside.ports.len());
            let message =
                format!("instance `{name}` connects {given} nets, `{}` has {wanted} ports", inside.name);
            return self.faults.add(span, message);
        }
        for (port, net) in inside.ports.iter().zip(&instance.connections) {
            let (Some(port), net) = (inside.nets.get(port.net.index()), self.net_of(*net, span)) else {
                continue;
            };
            let Some(net) = net else { continue };
            if port.ty != net.ty {
                let (port_type, net_type) = (self.names.text(&port.ty), self.names.text(&net.ty));
                let message = format!(
                    "instance `{name}` connects `{}`, which is {net_type}, to port `{}`, which is {port_type}",
                    net.name, port.name
                );
                self.faults.add(span, message);
            } else if port.kind == NetKind::TriState && net.kind != NetKind::TriState {
                let message = format!(
                    "instance `{name}` connects `{}`, which is not tri-state, to port `{}`, which is",
                    net.name, port.name
                );
                self.faults.add(span, message);
            }
        }
    }

    /// The net of this id; it is a fault if there is none.
    fn net_of(&mut self, id: NetId, span: Span) -> Option<&'a Net> {
        let net = self.module.nets.get(id.index());
        if net.is_none() {
            self.faults.add(span, format!("there is no net {id}"));
        }
        net
    }

    fn process(&mut self, process: &'a Process) {
        let by_host = match &process.body {
            ProcessBody::Ir(_) => false,
            ProcessBody::Host(_) => true,
        };
        match &process.kind {
            ProcessKind::Comb { sensitivity } => {
                for &net in sensitivity {
                    self.event(Event { net, edge: Edge::Any }, by_host, process.span);
                }
            }
            ProcessKind::Clocked { events, reset } => {
                if events.is_empty() {
                    self.faults.add(process.span, "a clocked process has at least one event");
                }
                for &event in events {
                    self.event(event, by_host, process.span);
                }
                if let Some(reset) = reset {
                    self.reset(reset, process.span);
                }
            }
            ProcessKind::Timed => {}
        }
        if let ProcessBody::Ir(body) = &process.body {
            body::verify_body(self, process, body);
        }
    }

    fn reset(&mut self, reset: &Reset, span: Span) {
        if let Some(net) = self.net_of(reset.net, span)
            && net.ty != Type::Bool
        {
            self.faults.add(span, format!("the reset `{}` is not a boolean", net.name));
        }
        for (index, &spared) in reset.spares.iter().enumerate() {
            if let Some(net) = self.net_of(spared, span)
                && reset.spares[..index].contains(&spared)
            {
                self.faults.add(span, format!("a reset spares the net `{}` twice", net.name));
            }
        }
    }

    fn event(&mut self, event: Event, by_host: bool, span: Span) {
        let Some(net) = self.net_of(event.net, span) else { return };
        if net.ty == Type::Opaque && !by_host {
            let message =
                format!("net `{}` holds objects of the host, and its events wake only the host", net.name);
            return self.faults.add(span, message);
        }
        if event.edge != Edge::Any && !net.ty.has_edges(by_host) {
            let ty = self.names.text(&net.ty);
            self.faults.add(span, format!("net `{}` is {ty} and has no rising and falling edges", net.name));
        }
    }
}
