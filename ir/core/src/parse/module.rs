//! Modules: nets, processes, instances.

use super::lexer::{Kind, Token};
use super::{Name, Parsed, Parser};
use crate::design::{
    Assigned, Body, Direction, Edge, Event, Foreign, ForeignList, HostBody, Instance, InstanceId, Item,
    Language, Module, ModuleId, Net, NetId, NetKind, Port, Process, ProcessBody, ProcessId, ProcessKind,
    Reset,
};
use crate::expr::ExprId;
use crate::{LabelId, VarId};
use pyhw_diagnostics::{Code, Diagnostic, Severity, Span};
use std::collections::HashMap;

/// An instance whose module is looked up at the end, because it may stand further down.
pub(super) struct OpenInstance {
    module: ModuleId,
    instance: InstanceId,
    token: Token,
    of: Name,
    /// The names of ports that were written, with their places in the connections.
    ports: Vec<(usize, Token, Name)>,
}

/// What is known while a module and its processes are read.
pub(super) struct Scope {
    pub module: Module,
    pub nets: HashMap<Name, NetId>,
    pub processes: HashMap<Name, ProcessId>,
    pub instances: HashMap<Name, InstanceId>,
    pub body: Body,
    pub vars: HashMap<Name, VarId>,
    pub labels: HashMap<Name, LabelId>,
    pub lets: HashMap<u64, ExprId>,
}

impl Parser<'_> {
    pub(super) fn module(&mut self) -> Parsed<()> {
        self.bump();
        let token = self.peek();
        let name = self.name("the name of the module")?;
        let span = self.span()?;
        self.expect_sign(b'{')?;
        let id = ModuleId::new(self.design.modules.len());
        let mut scope = Scope {
            module: Module::new(name.0.clone(), span),
            nets: HashMap::new(),
            processes: HashMap::new(),
            instances: HashMap::new(),
            body: Body::default(),
            vars: HashMap::new(),
            labels: HashMap::new(),
            lets: HashMap::new(),
        };
        let mut drivers = Vec::new();
        while !self.eat_sign(b'}') {
            if self.peek().kind == Kind::End {
                return Err(self.expected("`}`"));
            }
            let from = self.at;
            if self.module_item(&mut scope, id, &mut drivers).is_err() {
                self.recover(from);
            }
        }
        for (driver, token, name) in drivers {
            match (scope.nets.get(&name), scope.module.nets.get_mut(driver)) {
                (Some(&of), Some(net)) => net.kind = NetKind::Driver(of),
                (None, _) => {
                    self.fail(token, format!("the module has no net `{}`", name.0));
                }
                // Its declaration was given up.
                (Some(_), None) => {}
            }
        }
        self.design.modules.push(scope.module);
        if self.modules.insert(name.clone(), id).is_some() {
            let message = format!(
                "`{}` is declared twice; modules that share a name are told apart as `{}.1`",
                name.0, name.0
            );
            return Err(self.fail(token, message));
        }
        Ok(())
    }

    fn module_item(
        &mut self,
        scope: &mut Scope,
        id: ModuleId,
        drivers: &mut Vec<(usize, Token, Name)>,
    ) -> Parsed<()> {
        let direction = match self.word() {
            "in" => Some(Direction::In),
            "out" => Some(Direction::Out),
            "inout" => Some(Direction::InOut),
            _ => None,
        };
        match self.word() {
            "doc" => {
                self.bump();
                scope.module.doc = Some(self.string()?);
            }
            "param" => {
                self.bump();
                let name = self.plain_name("the name of the parameter")?;
                self.expect_sign(b'=')?;
                let value = self.string()?;
                scope.module.params.push((name, value));
            }
            "net" | "in" | "out" | "inout" => {
                self.bump();
                self.net(scope, direction, drivers)?;
            }
            "ports" => {
                self.bump();
                self.expect_sign(b'(')?;
                scope.module.ports = self.list(b')', |parser| {
                    let direction = match parser.word() {
                        "in" => Direction::In,
                        "out" => Direction::Out,
                        "inout" => Direction::InOut,
                        _ => return Err(parser.expected("`in`, `out` or `inout`")),
                    };
                    parser.bump();
                    Ok(Port { net: parser.net_ref(scope)?, direction })
                })?;
            }
            "process" => {
                self.bump();
                self.process(scope)?;
            }
            "instance" => {
                self.bump();
                self.instance(scope, id)?;
            }
            "items" => {
                self.bump();
                self.expect_sign(b'(')?;
                scope.module.items = self.list(b')', |parser| parser.item(scope))?;
            }
            "foreign" => {
                self.bump();
                let language = match self.word() {
                    "verilog" => Language::Verilog,
                    "vhdl" => Language::Vhdl,
                    "c" => Language::C,
                    _ => return Err(self.expected("`verilog`, `vhdl` or `c`")),
                };
                self.bump();
                let lists = if self.word() == "lists" {
                    self.bump();
                    self.expect_sign(b'(')?;
                    self.list(b')', |parser| {
                        let name = parser.string()?;
                        parser.expect_sign(b'(')?;
                        let elements = parser.list(b')', |parser| parser.net_ref(scope))?;
                        Ok(ForeignList { name, elements })
                    })?
                } else {
                    Vec::new()
                };
                let drives = if self.word() == "drives" {
                    self.bump();
                    self.expect_sign(b'(')?;
                    self.list(b')', |parser| {
                        let how = match parser.word() {
                            "reg" => Assigned::Procedure,
                            "wire" => Assigned::Wire,
                            _ => return Err(parser.expected("`reg` or `wire`")),
                        };
                        parser.bump();
                        Ok((parser.net_ref(scope)?, how))
                    })?
                } else {
                    Vec::new()
                };
                let text = self.string()?;
                let span = self.span()?;
                scope.module.foreign.push(Foreign { language, text, lists, drives, span });
            }
            _ => {
                return Err(self.expected(
                    "`doc`, `param`, `in`, `out`, `inout`, `net`, `ports`, `process`, `instance`, `items`, `foreign` or `}`",
                ));
            }
        }
        Ok(())
    }

    fn item(&mut self, scope: &Scope) -> Parsed<Item> {
        let (is_process, token) = (self.word() == "process", self.peek());
        if !is_process && self.word() != "instance" {
            return Err(self.expected("`process` or `instance`"));
        }
        self.bump();
        let name = self.name("a name")?;
        let item = if is_process {
            scope.processes.get(&name).map(|&id| Item::Process(id))
        } else {
            scope.instances.get(&name).map(|&id| Item::Instance(id))
        };
        item.ok_or_else(|| self.fail(token, format!("nothing of the name `{}` stands before this", name.0)))
    }

    fn net(
        &mut self,
        scope: &mut Scope,
        direction: Option<Direction>,
        drivers: &mut Vec<(usize, Token, Name)>,
    ) -> Parsed<()> {
        let (token, name) = self.expect_sigil(Kind::Net, "the name of the net, such as `%clk`")?;
        if scope.nets.contains_key(&name) {
            return Err(self.fail(token, format!("net `{}` is declared twice", name.0)));
        }
        self.expect_sign(b':')?;
        let ty = self.ty(0)?;
        self.expect_sign(b'=')?;
        let (init, _) = self.value(0)?;
        let mut net = Net::new(name.0.clone(), ty, init, Span::NONE);
        net.wraps = self.eat_word("wraps");
        net.loaded = self.eat_word("loaded");
        let index = scope.module.nets.len();
        match self.word() {
            "delayed" => {
                self.bump();
                self.expect_sign(b'(')?;
                let at = self.peek();
                let steps = self.int()?;
                net.kind = match steps.to_u64() {
                    Some(steps) => NetKind::Delayed(steps),
                    None => return Err(self.fail(at, "a delay is from 0 to 2^64 - 1 steps")),
                };
                self.expect_sign(b')')?;
            }
            "tristate" => {
                self.bump();
                net.kind = NetKind::TriState;
            }
            "driver" => {
                self.bump();
                self.expect_sign(b'(')?;
                let (token, of) = self.expect_sigil(Kind::Net, "the name of a net")?;
                drivers.push((index, token, of));
                self.expect_sign(b')')?;
            }
            _ => {}
        }
        net.span = self.span()?;
        net.comment = self.trailing();
        scope.nets.insert(name, NetId::new(index));
        match direction {
            Some(direction) => scope.module.add_port(net, direction),
            None => scope.module.add_net(net),
        };
        Ok(())
    }

    pub(super) fn net_ref(&mut self, scope: &Scope) -> Parsed<NetId> {
        let (token, name) = self.expect_sigil(Kind::Net, "a net, such as `%clk`")?;
        match scope.nets.get(&name) {
            Some(&id) => Ok(id),
            None => Err(self.fail(token, format!("no net `{}` stands before this", name.0))),
        }
    }

    fn instance(&mut self, scope: &mut Scope, module: ModuleId) -> Parsed<()> {
        let own = self.peek();
        let name = self.name("the name of the instance")?;
        if !self.eat_word("of") {
            return Err(self.expected("`of`"));
        }
        let token = self.peek();
        let of = self.name("the name of a module")?;
        self.expect_sign(b'(')?;
        let mut ports = Vec::new();
        let mut index = 0;
        let connections = self.list(b')', |parser| {
            if parser.peek().kind != Kind::Net {
                let token = parser.peek();
                let port = parser.name("a net or the name of a port")?;
                ports.push((index, token, port));
                parser.expect_sign(b'=')?;
            }
            index += 1;
            parser.net_ref(scope)
        })?;
        let span = self.span()?;
        let id = InstanceId::new(scope.module.instances.len());
        if scope.instances.insert(name.clone(), id).is_some() {
            return Err(self.fail(own, format!("instance `{}` is declared twice", name.0)));
        }
        let instance = scope.module.add_instance(Instance { name: name.0, module, connections, span });
        self.instances.push(OpenInstance { module, instance, token, of, ports });
        Ok(())
    }

    /// Looks the modules of all instances up.
    pub(super) fn close_instances(&mut self) {
        // The names of ports are made once per module: a module may have many nets, and a design many instances of it.
        let mut port_names: HashMap<ModuleId, Vec<Option<Name>>> = HashMap::new();
        for open in std::mem::take(&mut self.instances) {
            let Some(&of) = self.modules.get(&open.of) else {
                self.fail(open.token, format!("there is no module `{}`", open.of.0));
                continue;
            };
            let inside = &self.design.modules[of.index()];
            let names = port_names.entry(of).or_insert_with(|| names_of_ports(inside));
            let wrong: Vec<Token> = open
                .ports
                .iter()
                .filter(|(at, _, name)| names.get(*at).and_then(Option::as_ref) != Some(name))
                .map(|(_, token, _)| *token)
                .collect();
            for token in wrong {
                self.fail(
                    token,
                    format!("this is not the name of the port of `{}` at this place", open.of.0),
                );
            }
            let around = self.design.modules.get_mut(open.module.index());
            if let Some(instance) = around.and_then(|module| module.instances.get_mut(open.instance.index()))
            {
                instance.module = of;
            }
        }
    }

    pub(super) fn event(&mut self, scope: &Scope) -> Parsed<Event> {
        let edge = match self.word() {
            "change" => Edge::Any,
            "rising" => Edge::Rising,
            "falling" => Edge::Falling,
            _ => return Err(self.expected("`change`, `rising` or `falling`")),
        };
        self.bump();
        Ok(Event { net: self.net_ref(scope)?, edge })
    }

    fn process(&mut self, scope: &mut Scope) -> Parsed<()> {
        let token = self.peek();
        let name = self.name("the name of the process")?;
        let kind = self.process_kind(scope)?;
        let host = if self.eat_word("host") {
            self.expect_sign(b'(')?;
            let handle = self.small("a handle")?;
            self.expect_sign(b')')?;
            Some(handle)
        } else {
            None
        };
        let span = self.span()?;
        self.expect_sign(b'{')?;
        let id = ProcessId::new(scope.module.processes.len());
        if scope.processes.insert(name.clone(), id).is_some() {
            self.fail(token, format!("process `{}` is declared twice", name.0));
        }
        let doc = if self.eat_word("doc") { Some(self.string()?) } else { None };
        let body = match host {
            Some(handle) => ProcessBody::Host(HostBody { handle, reason: self.reasons()? }),
            None => ProcessBody::Ir(self.body(scope)?),
        };
        scope.module.add_process(Process { name: name.0, kind, body, doc, span });
        Ok(())
    }

    fn process_kind(&mut self, scope: &Scope) -> Parsed<ProcessKind> {
        match self.word() {
            "timed" => {
                self.bump();
                Ok(ProcessKind::Timed)
            }
            "comb" => {
                self.bump();
                self.expect_sign(b'(')?;
                Ok(ProcessKind::Comb { sensitivity: self.list(b')', |parser| parser.net_ref(scope))? })
            }
            "clocked" => {
                self.bump();
                self.expect_sign(b'(')?;
                let events = self.list(b')', |parser| parser.event(scope))?;
                let reset = if self.eat_word("reset") { Some(self.reset(scope)?) } else { None };
                Ok(ProcessKind::Clocked { events, reset })
            }
            _ => Err(self.expected("`comb`, `clocked` or `timed`")),
        }
    }

    fn reset(&mut self, scope: &Scope) -> Parsed<Reset> {
        self.expect_sign(b'(')?;
        let net = self.net_ref(scope)?;
        self.expect_sign(b',')?;
        let active_high = match self.word() {
            "high" => true,
            "low" => false,
            _ => return Err(self.expected("`high` or `low`")),
        };
        self.bump();
        self.expect_sign(b',')?;
        let is_async = match self.word() {
            "async" => true,
            "sync" => false,
            _ => return Err(self.expected("`sync` or `async`")),
        };
        self.bump();
        self.expect_sign(b')')?;
        let spares = if self.eat_word("spares") {
            self.expect_sign(b'(')?;
            self.list(b')', |parser| parser.net_ref(scope))?
        } else {
            Vec::new()
        };
        Ok(Reset { net, active_high, is_async, spares })
    }

    /// Why the host runs a process, up to the closing brace.
    fn reasons(&mut self) -> Parsed<Vec<Diagnostic>> {
        let mut reasons: Vec<Diagnostic> = Vec::new();
        loop {
            if self.eat_sign(b'}') {
                return Ok(reasons);
            }
            let word = self.word();
            match (word, reasons.last_mut()) {
                ("reason", _) => {
                    self.bump();
                    reasons.push(self.reason()?);
                }
                ("label" | "note" | "help", Some(_)) => {
                    self.bump();
                    let text = self.string()?;
                    let span = if word == "label" { self.span()? } else { Span::NONE };
                    if let Some(reason) = reasons.last_mut() {
                        match word {
                            "label" => reason.labels.push(pyhw_diagnostics::Label { span, text }),
                            "note" => reason.notes.push(text),
                            _ => reason.help.push(text),
                        }
                    }
                }
                _ => return Err(self.expected("`reason`, then `label`, `note` or `help`, or `}`")),
            }
        }
    }

    fn reason(&mut self) -> Parsed<Diagnostic> {
        let code = match Code::parse(self.word()) {
            Some(code) => code,
            None => return Err(self.expected("the code of a message")),
        };
        self.bump();
        let severity = match self.word() {
            "note" => Severity::Note,
            "warning" => Severity::Warning,
            "error" => Severity::Error,
            "bug" => Severity::Bug,
            _ => return Err(self.expected("`note`, `warning`, `error` or `bug`")),
        };
        self.bump();
        let message = self.string()?;
        let at = if self.eat_word("at") { self.string()? } else { String::new() };
        let span = self.span()?;
        Ok(Diagnostic::new(code, span, message).severity(severity).at(at))
    }
}

fn names_of_ports(module: &Module) -> Vec<Option<Name>> {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    let mut names: Vec<Name> = Vec::new();
    for net in &module.nets {
        let count = counts.entry(&net.name).or_default();
        names.push((net.name.clone(), *count));
        *count += 1;
    }
    module.ports.iter().map(|port| names.get(port.net.index()).cloned()).collect()
}
