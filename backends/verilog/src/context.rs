//! What is decided about a module before its text is written: names, and what each net is in Verilog.

use crate::Options;
use crate::assigns;
use crate::foreign;
use crate::helper::{Helper, Helpers};
use crate::layout;
use crate::text::Text;
use crate::wake::Wakes;
use pyhw_diagnostics::{Code, Diagnostic, Severity, Span};
use pyhw_ir::{
    Body, Design, Direction, EnumId, ExprId, ExprKind, Int, Module, NetId, NetKind, Op, ProcessBody,
    ProcessId, ProcessKind, Projection, Root, StmtKind, Type, walk_stmts,
};
use pyhw_passes::{Driver, ModuleFacts};
use pyhw_text::Namer;
use std::collections::{BTreeSet, HashSet};

/// What a net is declared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Assigned by `assign`, an instance or from outside.
    Wire,
    /// Assigned by procedures.
    Reg,
    /// Nothing drives it: it keeps its initial value.
    Constant,
    /// Not declared: no text names it, or another net stands for it.
    Absent,
}

/// A net in Verilog.
#[derive(Clone, Debug)]
pub struct NetForm {
    /// Its legal name; of a driver that is the tri-state net's only one, that net's name.
    pub name: String,
    /// Its width; of a memory that of one element.
    pub width: u32,
    /// Whether it is declared signed.
    pub signed: bool,
    /// The number of elements, if it is a memory.
    pub memory: Option<u32>,
    /// Of a driver of a tri-state net that a procedure stores into: the register that says whether it drives. Verilator and
    /// synthesisers take no register that holds `z`.
    pub enable: Option<String>,
    /// What it is declared as.
    pub class: Class,
}

/// Which bits of a net something reads.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    all: bool,
    bits: BTreeSet<u32>,
}

impl Reads {
    /// Every bit is read.
    pub fn mark_all(&mut self) {
        self.all = true;
    }

    /// So many bits from bit `low` up are read.
    pub fn mark(&mut self, low: u32, width: u32) {
        if !self.all {
            self.bits.extend(low..low.saturating_add(width));
        }
    }

    /// Whether nothing is read.
    pub fn is_empty(&self) -> bool {
        !self.all && self.bits.is_empty()
    }

    /// Whether each of the low `width` bits is read.
    pub fn covers(&self, width: u32) -> bool {
        self.all || (0..width).all(|bit| self.bits.contains(&bit))
    }
}

/// A wire that the expressions of processes need and that the source does not have.
#[derive(Clone, Debug)]
pub struct ExtraWire {
    pub name: String,
    pub width: u32,
    pub signed: bool,
    pub value: String,
    /// Which bits of it are read.
    pub reads: Reads,
    pub span: Span,
}

/// Who uses each net, and which way each port goes.
struct Uses {
    read: Vec<bool>,
    connected: Vec<bool>,
    direction: Vec<Option<Direction>>,
}

impl Uses {
    fn new(design: &Design, module: &Module, facts: &ModuleFacts) -> Uses {
        let none = vec![false; module.nets.len()];
        let mut uses = Uses { read: none.clone(), connected: none, direction: vec![None; module.nets.len()] };
        for id in (0..module.processes.len()).map(ProcessId::new) {
            for net in facts.reads(id).iter().copied().chain(events(module, id)) {
                uses.read[net.index()] = true;
            }
        }
        // What fills a memory stands where the memory is.
        let instances = module.instances.iter().filter(|one| foreign::filling(design, one.module).is_none());
        for net in instances.flat_map(|instance| &instance.connections) {
            uses.connected[net.index()] = true;
        }
        for port in &module.ports {
            uses.direction[port.net.index()] = Some(port.direction);
        }
        uses
    }
}

/// The state of one module's emission.
pub struct ModuleCx<'a> {
    pub design: &'a Design,
    pub module: &'a Module,
    pub facts: ModuleFacts,
    pub wakes: Wakes,
    /// The values of integers that nothing ever changes.
    pub constants: Vec<Option<Int>>,
    /// Which processes are written as continuous assignments.
    pub assigned: Vec<bool>,
    /// Nets that act at their edges in one place and are data in another.
    pub both_ways: Vec<bool>,
    /// Nets of which some bits follow from others.
    pub in_loops: BTreeSet<NetId>,
    uses: Uses,
    pub options: &'a Options,
    pub nets: Vec<NetForm>,
    pub process_names: Vec<String>,
    pub instance_names: Vec<String>,
    /// The localparams of each enum's members, by the enum's index; empty where the module does not use it.
    pub enum_names: Vec<Vec<String>>,
    /// Which of them the text names.
    pub enum_used: Vec<Vec<bool>>,
    /// Local names of each process: its variables.
    pub var_names: Vec<Vec<String>>,
    /// Gives names that nothing in the module has, locals of processes included.
    pub namer: Namer,
    /// Holds the names of the module itself, which a local may not hide.
    pub outer: Namer,
    pub helpers: Helpers,
    pub reads: Vec<Reads>,
    /// Memories with a store whose element is chosen when it runs.
    pub moving_stores: Vec<bool>,
    pub extra_wires: Vec<ExtraWire>,
    /// The signal that changes at time zero, if a process needs one to be woken then.
    started: Option<String>,
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> ModuleCx<'a> {
    /// Decides names and forms for the module, which is called `name`; findings are in `diagnostics`.
    pub fn new(
        design: &'a Design,
        module: &'a Module,
        name: &str,
        options: &'a Options,
        facts: ModuleFacts,
        wakes: Wakes,
    ) -> ModuleCx<'a> {
        let mut namer = Namer::hdl();
        // Verilator takes a net of the module's own name for one that hides it.
        namer.reserve(name);
        // Ports first: they keep their names whatever else is called so.
        let mut names: Vec<Option<String>> = vec![None; module.nets.len()];
        let ports = module.ports.iter().map(|port| port.net);
        for net in ports.chain((0..module.nets.len()).map(NetId::new)) {
            let name = &mut names[net.index()];
            if name.is_none() {
                *name = Some(namer.fresh(&module.net(net).name));
            }
        }
        let mut cx = ModuleCx {
            design,
            module,
            uses: Uses::new(design, module, &facts),
            constants: assigns::constants(design, module, &facts),
            assigned: assigns::processes(module, &facts),
            both_ways: Vec::new(),
            in_loops: pyhw_passes::nets_in_loops(module, &facts),
            facts,
            wakes,
            started: None,
            options,
            nets: Vec::new(),
            process_names: module.processes.iter().map(|process| namer.fresh(&process.name)).collect(),
            instance_names: module.instances.iter().map(|instance| namer.fresh(&instance.name)).collect(),
            enum_names: vec![Vec::new(); design.types.enums.len()],
            enum_used: vec![Vec::new(); design.types.enums.len()],
            var_names: Vec::new(),
            outer: namer.scope(),
            namer,
            helpers: Helpers::default(),
            reads: vec![Reads::default(); module.nets.len()],
            moving_stores: vec![false; module.nets.len()],
            extra_wires: Vec::new(),
            diagnostics: Vec::new(),
        };
        cx.name_enums();
        cx.name_vars();
        for (index, name) in names.into_iter().enumerate() {
            let form = cx.net_form(NetId::new(index), name.unwrap_or_default());
            cx.nets.push(form);
        }
        cx.merge_drivers();
        cx.mark_structural_reads();
        cx
    }

    /// A name of the module that nothing else has.
    pub fn fresh(&mut self, wanted: &str) -> String {
        let name = self.namer.fresh(wanted);
        self.outer.reserve(&name);
        name
    }

    /// The signal that wakes at time zero what no other change does.
    pub fn started(&mut self) -> String {
        if self.started.is_none() {
            self.started = Some(self.fresh("started"));
        }
        self.started.clone().unwrap_or_default()
    }

    /// Its name, if it is in use.
    pub fn used_started(&self) -> Option<&str> {
        self.started.as_deref()
    }

    /// A call of a function of the module.
    pub fn call(&mut self, helper: Helper, args: &[Text]) -> Text {
        let (text, new) = self.helpers.call(helper, args, &mut self.namer);
        if let Some(name) = new {
            self.outer.reserve(&name);
        }
        text
    }

    /// Reports what Verilog cannot say.
    pub fn refuse(&mut self, span: Span, message: impl Into<String>) {
        let diagnostic = Diagnostic::new(Code::PH0501, span, message);
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports a finding that is a warning elsewhere and an error here.
    pub fn refuse_as(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(code, span, message).severity(Severity::Error));
    }

    /// Which way a net goes that is a port.
    pub fn direction(&self, net: NetId) -> Option<Direction> {
        self.uses.direction[net.index()]
    }

    /// The form of a net.
    pub fn form(&self, net: NetId) -> &NetForm {
        &self.nets[net.index()]
    }

    /// The width of a type; refused with this span where Verilog has none. Never zero.
    pub fn bits(&mut self, ty: &Type, span: Span) -> u32 {
        match layout::bits(ty, &self.design.types) {
            Some(width) => width.max(1),
            None => {
                let what = match ty {
                    Type::Text => "a text has no form in Verilog outside of prints".to_owned(),
                    Type::Opaque => "an object of Python has no form in Verilog".to_owned(),
                    Type::Bool | Type::Int(_) | Type::Enum(_) | Type::Array(..) | Type::Struct(_) => {
                        format!("a vector of more than {} bits", layout::MAX_VECTOR_BITS)
                    }
                };
                self.refuse(span, what);
                1
            }
        }
    }

    /// The name of a member of an enum.
    pub fn member(&mut self, id: EnumId, member: u32) -> Option<Text> {
        let name = self.enum_names[id.index()].get(member as usize)?.clone();
        self.enum_used[id.index()][member as usize] = true;
        Some(Text::primary(name))
    }

    fn name_enums(&mut self) {
        let mut used = BTreeSet::new();
        fn of_type(ty: &Type, design: &Design, used: &mut BTreeSet<EnumId>) {
            match ty {
                Type::Enum(id) => {
                    used.insert(*id);
                }
                Type::Array(element, _) => of_type(element, design, used),
                Type::Struct(id) => {
                    for (_, field) in &design.types.structs[id.index()].fields {
                        of_type(field, design, used);
                    }
                }
                Type::Bool | Type::Int(_) | Type::Text | Type::Opaque => {}
            }
        }
        for net in &self.module.nets {
            of_type(&net.ty, self.design, &mut used);
        }
        for process in &self.module.processes {
            if let ProcessBody::Ir(body) = &process.body {
                for var in &body.vars {
                    of_type(&var.ty, self.design, &mut used);
                }
                for id in body.exprs.ids() {
                    of_type(body.exprs.ty(id), self.design, &mut used);
                }
            }
        }
        for id in used {
            let ty = &self.design.types.enums[id.index()];
            let prefix = upper_snake(&ty.name);
            for (member, _) in &ty.members {
                let name = self.namer.fresh(&format!("{prefix}_{}", upper_snake(member)));
                self.enum_names[id.index()].push(name);
                self.enum_used[id.index()].push(false);
            }
        }
    }

    fn name_vars(&mut self) {
        self.outer = self.namer.scope();
        for process in &self.module.processes {
            let mut locals = HashSet::new();
            let vars = match &process.body {
                ProcessBody::Ir(body) => &body.vars[..],
                ProcessBody::Host(_) => &[],
            };
            let names: Vec<String> =
                vars.iter().map(|var| self.outer.local(&var.name, &mut locals)).collect();
            for name in &names {
                // A function of the module must not be hidden by a local of this name.
                self.namer.reserve(name);
            }
            self.var_names.push(names);
        }
    }

    /// Whether no process of the IR stands for the module's inside because the user wrote Verilog for it.
    pub fn foreign(&self) -> Option<&'a pyhw_ir::Foreign> {
        self.module.foreign.iter().find(|foreign| foreign.language == pyhw_ir::Language::Verilog)
    }

    fn net_form(&mut self, id: NetId, name: String) -> NetForm {
        let module = self.module;
        let net = module.net(id);
        let memory = self.memory_length(id);
        let class = self.class(id);
        let signed = memory.is_none() && layout::is_signed(&net.ty);
        let mut form = NetForm { name, width: 1, signed, memory: None, enable: None, class };
        if class == Class::Absent && self.direction(id).is_none() && !self.is_read(id) {
            return form;
        }
        match (&net.ty, memory) {
            (Type::Array(element, length), Some(_)) => {
                form.width = self.bits(element, net.span);
                form.signed = layout::is_signed(element);
                form.memory = Some(*length);
            }
            _ => form.width = self.bits(&net.ty, net.span),
        }
        match net.kind {
            NetKind::Signal | NetKind::TriState => {}
            NetKind::Delayed(_) => {
                self.refuse(
                    net.span,
                    format!("`{}` is a delayed signal, which hardware does not have", net.name),
                );
            }
            NetKind::Driver(_) => {}
        }
        form
    }

    /// Whether the memory is a list of registers: every store says which element, or one into a memory reads it to say where,
    /// so that Yosys makes no memory of it. Known once the processes are written.
    pub fn is_list(&self, id: NetId) -> bool {
        if self.form(id).memory.is_none() {
            return false;
        }
        let [Driver::Process(process)] = self.facts.drivers(id) else { return self.says_where(id) };
        let is_clocked = matches!(self.module.processes[process.index()].kind, ProcessKind::Clocked { .. });
        (is_clocked && !self.moving_stores[id.index()]) || self.says_where(id)
    }

    /// Whether a store into a memory reads this one to say where it stores: Yosys has ports for what is read at the right of an
    /// assignment only, makes registers of a memory that is read at its left, and warns unless the text asks for them.
    fn says_where(&self, id: NetId) -> bool {
        let mut found = false;
        for process in &self.module.processes {
            let ProcessBody::Ir(body) = &process.body else { continue };
            walk_stmts(&body.stmts, &mut |stmt| {
                let StmtKind::Next { place, .. } = &stmt.kind else { return };
                let Root::Net(stored) = place.root else { return };
                if self.memory_length(stored).is_none() {
                    return;
                }
                for step in &place.path {
                    let position = match step {
                        Projection::Index(position) | Projection::Bit(position) => *position,
                        Projection::Slice { low, .. } => *low,
                        Projection::Field(_) => continue,
                    };
                    body.exprs.walk(position, &mut |part| {
                        found |= matches!(body.exprs.kind(part), ExprKind::Net(read) if *read == id);
                    });
                }
            });
        }
        found
    }

    /// A driver that is only assigned takes the name of its tri-state net: the assignment drives that one directly.
    fn merge_drivers(&mut self) {
        for index in 0..self.nets.len() {
            let id = NetId::new(index);
            let NetKind::Driver(tri) = self.module.net(id).kind else { continue };
            if self.nets[index].class == Class::Reg {
                let name = format!("{}_enable", self.nets[index].name);
                self.nets[index].enable = Some(self.fresh(&name));
            }
            let assigned = matches!(self.facts.drivers(id), [Driver::Process(_)]);
            if self.nets[index].class == Class::Wire
                && assigned
                && !self.is_read(id)
                && !self.is_connected(id)
                && self.direction(id).is_none()
            {
                self.nets[index].class = Class::Absent;
                self.nets[index].name = self.nets[tri.index()].name.clone();
            }
        }
    }

    fn is_read(&self, id: NetId) -> bool {
        self.uses.read[id.index()]
    }

    fn is_connected(&self, id: NetId) -> bool {
        self.uses.connected[id.index()]
    }

    fn class(&mut self, id: NetId) -> Class {
        let module = self.module;
        let net = module.net(id);
        if net.ty == Type::Opaque || net.ty == Type::Text {
            // Refused where it is used.
            return Class::Absent;
        }
        let drivers = self.facts.drivers(id).to_vec();
        let tri_state = matches!(net.kind, NetKind::TriState);
        let direction = self.direction(id);
        if let Some(foreign) = self.foreign() {
            return foreign::net_class(foreign, module, id);
        }
        if tri_state {
            for driver in &drivers {
                if let Driver::Process(process) = driver {
                    let span = module.processes[process.index()].span;
                    self.refuse(span, format!("a store into the tri-state net `{}` itself", net.name));
                }
            }
            let is_driven =
                !drivers.is_empty() || module.nets.iter().any(|net| net.kind == NetKind::Driver(id));
            let is_seen = direction.is_some() || self.is_read(id) || self.is_connected(id);
            return if is_driven || is_seen { Class::Wire } else { Class::Absent };
        }
        let processes: Vec<ProcessId> = drivers
            .iter()
            .filter_map(|driver| match driver {
                Driver::Process(id) => Some(*id),
                Driver::Instance(..) | Driver::Input => None,
            })
            .collect();
        if drivers.len() > 1 && !self.may_share(id, &processes, drivers.len()) {
            let diagnostic = Diagnostic::new(
                Code::PH0401,
                net.span,
                format!("`{}` is driven from {} places", net.name, drivers.len()),
            );
            let diagnostic =
                processes.iter().fold(diagnostic.severity(Severity::Error), |diagnostic, process| {
                    diagnostic.label(module.processes[process.index()].span, "driven here")
                });
            self.diagnostics.push(diagnostic);
        }
        match drivers.first() {
            None if direction.is_some() || self.is_read(id) || self.is_connected(id) => Class::Constant,
            None => Class::Absent,
            Some(Driver::Input | Driver::Instance(..)) => Class::Wire,
            Some(Driver::Process(process)) if self.assigned[process.index()] => Class::Wire,
            Some(Driver::Process(_)) => Class::Reg,
        }
    }

    /// Several drivers mean the same in Verilog where all of them are timed, where each stores into bits of its own, and where they are the
    /// ports of a memory.
    fn may_share(&self, id: NetId, processes: &[ProcessId], drivers: usize) -> bool {
        if processes.len() != drivers {
            return false;
        }
        let timed =
            |process: &ProcessId| matches!(self.module.processes[process.index()].kind, ProcessKind::Timed);
        if processes.iter().all(timed) || pyhw_passes::has_write_ports(self.module, &self.facts, id) {
            return true;
        }
        // A variable takes either blocking or nonblocking assignments.
        let is_comb = |process: &ProcessId| {
            matches!(self.module.processes[process.index()].kind, ProcessKind::Comb { .. })
        };
        if processes.iter().any(is_comb) && !processes.iter().all(is_comb) {
            return false;
        }
        let mut taken: BTreeSet<u64> = BTreeSet::new();
        processes.iter().all(|process| {
            let Some(mine) = assigns::stored_bits(self.design, self.module, *process, id) else {
                return false;
            };
            let apart = mine.is_disjoint(&taken);
            taken.extend(mine);
            apart
        })
    }

    /// The number of elements where the net is to be a memory: an array that is reached element by element only.
    fn memory_length(&self, id: NetId) -> Option<u32> {
        let net = self.module.net(id);
        let Type::Array(_, length) = &net.ty else { return None };
        if self.direction(id).is_some() || self.is_connected(id) || net.kind != NetKind::Signal {
            return None;
        }
        if self.foreign().is_some() {
            return Some(*length);
        }
        match self.facts.drivers(id) {
            [] => {}
            [Driver::Process(process)] => match &self.module.processes[process.index()].kind {
                ProcessKind::Clocked { reset, .. } if reset.as_ref().is_none_or(|reset| !reset.is_async) => {}
                // Only a memory can be filled from a file.
                ProcessKind::Clocked { .. } if foreign::is_filled(self.design, self.module, id) => {}
                ProcessKind::Timed => {}
                ProcessKind::Clocked { .. } | ProcessKind::Comb { .. } => return None,
            },
            drivers => {
                // One with several ports to write.
                let has_async_reset = |driver: &Driver| match driver {
                    Driver::Process(process) => match &self.module.processes[process.index()].kind {
                        ProcessKind::Clocked { reset, .. } => {
                            reset.as_ref().is_some_and(|reset| reset.is_async)
                        }
                        ProcessKind::Comb { .. } | ProcessKind::Timed => false,
                    },
                    Driver::Instance(..) | Driver::Input => false,
                };
                if !pyhw_passes::has_write_ports(self.module, &self.facts, id)
                    || drivers.iter().any(has_async_reset)
                {
                    return None;
                }
            }
        }
        let reached_by_element = self.module.processes.iter().enumerate().all(|(index, process)| {
            let ProcessBody::Ir(body) = &process.body else { return true };
            // In a procedure that `@*` wakes, a memory is read through a wire, which cannot use the procedure's locals.
            let is_comb = matches!(process.kind, ProcessKind::Comb { .. }) && !self.assigned[index];
            element_reads_only(body, id, is_comb) && element_stores_only(body, id)
        });
        reached_by_element.then_some(*length)
    }

    /// Marks what is read without an expression: ports that go out, connections of instances, events, resets.
    fn mark_structural_reads(&mut self) {
        let module = self.module;
        for port in &module.ports {
            if port.direction != Direction::In {
                self.reads[port.net.index()].mark_all();
            }
        }
        for instance in &module.instances {
            let inner = self.design.module(instance.module);
            for (port, net) in inner.ports.iter().zip(&instance.connections) {
                if port.direction != Direction::Out {
                    self.reads[net.index()].mark_all();
                }
            }
        }
        for index in 0..module.processes.len() {
            for net in events(module, ProcessId::new(index)) {
                self.reads[net.index()].mark_all();
            }
        }
        for (index, net) in module.nets.iter().enumerate() {
            if matches!(net.kind, NetKind::Driver(_)) {
                // The tri-state net is assigned from it.
                self.reads[index].mark_all();
            }
        }
    }
}

/// `UartState` and `uart_state` as `UART_STATE`.
fn upper_snake(name: &str) -> String {
    let mut result = String::new();
    let mut before_was_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && before_was_lower {
            result.push('_');
        }
        before_was_lower = c.is_lowercase() || c.is_ascii_digit();
        result.extend(c.to_uppercase());
    }
    result
}

/// The nets whose events the process waits for, and its reset.
pub fn events(module: &Module, id: ProcessId) -> Vec<NetId> {
    fn of_waits(waits: &[pyhw_ir::Wait], into: &mut Vec<NetId>) {
        for wait in waits {
            match wait {
                pyhw_ir::Wait::Event(event) => into.push(event.net),
                pyhw_ir::Wait::Delay(_) => {}
                pyhw_ir::Wait::Join(inner) => of_waits(inner, into),
            }
        }
    }
    let process = &module.processes[id.index()];
    let mut nets = Vec::new();
    if let ProcessKind::Clocked { events, reset } = &process.kind {
        nets.extend(events.iter().map(|event| event.net));
        nets.extend(reset.as_ref().map(|reset| reset.net));
    }
    if let ProcessBody::Ir(body) = &process.body {
        walk_stmts(&body.stmts, &mut |stmt| {
            if let StmtKind::Wait(waits) = &stmt.kind {
                of_waits(waits, &mut nets);
            }
        });
    }
    nets
}

fn element_reads_only(body: &Body, net: NetId, without_locals: bool) -> bool {
    let exprs = &body.exprs;
    let is_net = |expr: ExprId| *exprs.kind(expr) == ExprKind::Net(net);
    let mut used = vec![false; exprs.len()];
    let mut fine = true;
    walk_stmts(&body.stmts, &mut |stmt| {
        for root in stmt.kind.exprs() {
            fine &= !is_net(root);
            used[root.index()] = true;
        }
    });
    // Operands stand before their users, so that one pass backwards finds all that is in use.
    for expr in (0..exprs.len()).rev().map(ExprId::new) {
        if !used[expr.index()] {
            continue;
        }
        let operands = exprs.operands(expr);
        operands.iter().for_each(|operand| used[operand.index()] = true);
        match exprs.kind(expr) {
            ExprKind::Op(Op::Index, args) if is_net(args[0]) => {
                fine &= !is_net(args[1]);
                if without_locals {
                    exprs.walk(args[1], &mut |part| fine &= !matches!(exprs.kind(part), ExprKind::Var(_)));
                }
            }
            _ => fine &= !operands.iter().any(|operand| is_net(*operand)),
        }
    }
    fine
}

fn element_stores_only(body: &Body, net: NetId) -> bool {
    let mut fine = true;
    walk_stmts(&body.stmts, &mut |stmt| {
        if let StmtKind::Next { place, .. } = &stmt.kind
            && place.root == Root::Net(net)
        {
            fine &= matches!(place.path.first(), Some(Projection::Index(_)));
        }
    });
    fine
}

/// An integer of the initial value's bits, for a net or a part of it.
pub fn initial_bits(module: &Module, design: &Design, net: NetId) -> Option<Int> {
    let net = module.net(net);
    layout::pack(&net.init, &net.ty, &design.types)
}
