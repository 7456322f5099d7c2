//! What each net of a module is in Verilog: a wire, a register, a constant, a memory, or nothing.

use crate::assigns;
use crate::context::ModuleCx;
use crate::foreign;
use crate::layout;
use pyhw_diagnostics::{Code, Diagnostic, Severity};
use pyhw_ir::{
    Body, ExprId, ExprKind, NetId, NetKind, Op, ProcessBody, ProcessId, ProcessKind, Projection, Root,
    StmtKind, Type, walk_stmts,
};
use pyhw_passes::Driver;
use std::collections::BTreeSet;

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

impl ModuleCx<'_> {
    /// What a net is that is to have this name.
    pub fn net_form(&mut self, id: NetId, name: String) -> NetForm {
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
    pub fn merge_drivers(&mut self) {
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
