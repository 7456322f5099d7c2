//! The functions: of processes, and those that call them.

use super::{File, Function};
use crate::func::{Func, counted};
use crate::layout::{Storage, storage};
use crate::plan::{EdgePlan, Role};
use crate::process::{ResetBranch, keep_lines, write_process};
use crate::tokens;
use pyhw_ir::{Body, NetId, ProcessBody, ProcessId, ProcessKind, Stmt, StmtKind, Value};
use pyhw_passes::{Settle, restored_nets, written_nets};
use pyhw_text::{Namer, Writer};
use std::collections::{BTreeMap, BTreeSet};

impl<'a> File<'a> {
    pub(super) fn all_functions(&mut self) -> Vec<Function> {
        let module = self.module();
        let mut combinational = Vec::new();
        let mut clocked: BTreeMap<ProcessId, Function> = BTreeMap::new();
        // The arguments of the functions that are given old values.
        let mut arguments: BTreeMap<ProcessId, BTreeMap<NetId, String>> = BTreeMap::new();
        for index in 0..module.processes.len() {
            let id = ProcessId::new(index);
            let process = &module.processes[index];
            let ProcessBody::Ir(body) = &process.body else { continue };
            let turn = self.plan.edges.iter().flat_map(|edge| &edge.turns).find(|turn| turn.process == id);
            let mut old = BTreeMap::new();
            let mut names = self.unit.locals.clone();
            for net in turn.map(|turn| turn.given.clone()).unwrap_or_default() {
                let field = format!("old_{}", self.unit.layout.nets[net.index()]);
                old.insert(net, crate::func::fresh_local(&mut names, &self.unit.layout.name, &field));
            }
            let reset = self.reset_branch(id);
            if matches!(process.kind, ProcessKind::Comb { .. }) && is_assignment(body) {
                continue;
            }
            let written = write_process(&mut self.unit, id, &names, &old, reset.as_ref());
            // What is left of a process that only prints is comments.
            if !touches_state(&written.text) {
                continue;
            }
            let params: String =
                written.given.iter().map(|(net, name)| format!(", {}", self.parameter(*net, name))).collect();
            let function = Function {
                head: self.head(&self.process_names[index], &params),
                comment: self.process_comment(id),
                is_public: false,
                body: written.text,
            };
            arguments.insert(id, written.given);
            if matches!(process.kind, ProcessKind::Comb { .. }) {
                combinational.push(function);
            } else {
                clocked.insert(id, function);
            }
        }
        let mut functions = combinational;
        let mut resets: BTreeMap<ProcessId, Function> = BTreeMap::new();
        for index in 0..module.processes.len() {
            let id = ProcessId::new(index);
            if let Some(function) = self.reset_function(id) {
                resets.insert(id, function);
            }
        }
        // What settling calls stands before it.
        for step in self.plan.settle.clone() {
            if let Settle::Reset(id) = step {
                functions.extend(resets.remove(&id));
                let is_tested = self.plan.clockings[id.index()]
                    .and_then(|found| found.reset)
                    .is_some_and(|reset| !reset.is_declared);
                if is_tested {
                    functions.extend(clocked.remove(&id));
                }
            }
        }
        let settle = self.settle_function(&arguments);
        let has_settle = settle.is_some();
        functions.extend(settle);
        functions.extend(std::mem::take(&mut resets).into_values());
        functions.push(self.init_function(has_settle));
        functions.extend(std::mem::take(&mut clocked).into_values());
        let before = self.before_function(&arguments);
        let before_name = match &before {
            Some((name, _)) => Some(name.clone()),
            // What must settle before an edge is all that settles.
            None if !self.plan.before_edge.is_empty() => Some(self.functions.settle.clone()),
            None => None,
        };
        functions.extend(before.map(|(_, function)| function));
        for index in 0..self.plan.edges.len() {
            let function = self.step_function(index, &arguments, before_name.as_deref(), has_settle);
            functions.push(function);
        }
        functions
    }

    fn parameter(&self, net: NetId, name: &str) -> String {
        let layout = &self.unit.layout;
        let Some(storage) = storage(&layout.design.types, &self.module().net(net).ty) else {
            return String::new();
        };
        let declaration = layout.declare(&storage, name);
        match &storage {
            // Before C23 a pointer to arrays does not convert to one to constant arrays.
            Storage::Array(element, _) if matches!(**element, Storage::Array(..) | Storage::Wide { .. }) => {
                declaration
            }
            Storage::Array(..) | Storage::Wide { .. } => format!("const {declaration}"),
            Storage::Bool | Storage::Scalar { .. } | Storage::Enum(..) | Storage::Struct(_) => declaration,
        }
    }

    fn reset_branch(&self, id: ProcessId) -> Option<ResetBranch> {
        let ProcessKind::Clocked { reset: Some(reset), .. } = &self.module().processes[id.index()].kind
        else {
            return None;
        };
        let call = self.reset_names[id.index()].as_ref().map(|name| format!("{name}(self);"));
        Some(ResetBranch { net: reset.net, active_high: reset.active_high, call })
    }

    /// The call of a process's function; what it is given comes from `given`, else it is the present value.
    fn call(
        &self,
        id: ProcessId,
        arguments: &BTreeMap<ProcessId, BTreeMap<NetId, String>>,
        given: &BTreeMap<NetId, String>,
    ) -> Option<String> {
        let wanted = arguments.get(&id)?;
        let mut args = vec!["self".to_owned()];
        for net in wanted.keys() {
            args.push(match given.get(net) {
                Some(name) => name.clone(),
                None => format!("self->{}", self.unit.layout.nets[net.index()]),
            });
        }
        Some(format!("{}({});", self.process_names[id.index()], args.join(", ")))
    }

    /// The lines of steps of settling.
    fn settle_lines(
        &mut self,
        steps: &[Settle],
        arguments: &BTreeMap<ProcessId, BTreeMap<NetId, String>>,
    ) -> pyhw_text::Text {
        let module = self.module();
        let mut out = Writer::new("    ");
        let mut names = self.unit.locals.clone();
        for turns in steps.chunk_by(|step, next| step == next) {
            let step = turns[0];
            let id = step.process();
            let process = &module.processes[id.index()];
            let span = out.set_span(process.span);
            match step {
                Settle::Process(_) => match &process.body {
                    ProcessBody::Ir(body) if is_assignment(body) => {
                        let written = self.inline(id, body, &names);
                        names = written.1;
                        out.append(&written.0);
                    }
                    _ => {
                        if let Some(call) = self.call(id, arguments, &BTreeMap::new()) {
                            self.settled_in_turns(turns.len(), call).iter().for_each(|line| out.line(line));
                        }
                    }
                },
                Settle::Reset(_) => {
                    let Some(reset) = self.plan.clockings[id.index()].and_then(|found| found.reset) else {
                        continue;
                    };
                    let call = match &self.reset_names[id.index()] {
                        Some(name) => Some(format!("{name}(self);")),
                        None if reset.is_declared => None,
                        None => self.call(id, arguments, &BTreeMap::new()),
                    };
                    let Some(call) = call else { continue };
                    let field = format!("self->{}", self.unit.layout.nets[reset.net.index()]);
                    let cond = match (&module.net(reset.net).init, self.unit.fixed[reset.net.index()]) {
                        // A reset that nothing drives never changes, so it never becomes active.
                        (_, true) => continue,
                        (Value::Bool(_), false) => field,
                        (_, false) => format!("({field} != 0U)"),
                    };
                    let not = if reset.active_high { "" } else { "!" };
                    out.line(format!("if ({not}{cond}) {{"));
                    out.indent();
                    out.line(call);
                    out.dedent();
                    out.line("}");
                }
            }
            out.set_span(span);
        }
        out.finish_with_origins()
    }

    /// The calls of a process that settles step by step, as a carry does that goes from bit to bit.
    fn settled_in_turns(&self, count: usize, call: String) -> Vec<String> {
        match u32::try_from(count) {
            Ok(count) if count > 2 => {
                let mut names = self.unit.locals.clone();
                let counter = crate::func::fresh_local(&mut names, &self.unit.layout.name, "turn");
                counted(&counter, count, vec![call])
            }
            _ => vec![call; count],
        }
    }

    /// An assignment with its place in the source as a comment.
    fn inline(&mut self, id: ProcessId, body: &'a Body, names: &Namer) -> (pyhw_text::Text, Namer) {
        let layout = &self.unit.layout;
        let place = layout.design.sources.line(layout.module.processes[id.index()].span);
        let declarations = crate::vars::Declarations::default();
        let mut func = Func::new(&mut self.unit, id.index(), body, names.clone());
        let mut stmts = crate::stmt::Stmts::new(&mut func, &declarations, BTreeSet::new());
        stmts.note = (!place.is_empty()).then_some(place);
        stmts.list(&body.stmts);
        let Func { out, names, .. } = func;
        (out.finish_with_origins(), names)
    }

    fn settle_function(
        &mut self,
        arguments: &BTreeMap<ProcessId, BTreeMap<NetId, String>>,
    ) -> Option<Function> {
        let steps = self.plan.settle.clone();
        let mut body = self.settle_lines(&steps, arguments);
        let is_public = self.functions.settle_is_public;
        if !touches_state(&body) {
            if !is_public {
                return None;
            }
            body.text += "(void)self;\n";
        }
        let head = self.head(&self.functions.settle.clone(), "");
        Some(Function { head, comment: Vec::new(), is_public, body })
    }

    /// The function that settles what a clock edge reads, where it is less than all.
    fn before_function(
        &mut self,
        arguments: &BTreeMap<ProcessId, BTreeMap<NetId, String>>,
    ) -> Option<(String, Function)> {
        let steps = self.plan.before_edge.clone();
        if steps.is_empty() || steps == self.plan.settle {
            return None;
        }
        let body = self.settle_lines(&steps, arguments);
        if !touches_state(&body) {
            return None;
        }
        let name = self.unit.layout.fresh("settle_inputs");
        let head = self.head(&name, "");
        let comment = vec!["/* Settles what depends on inputs and is taken by registers. */".to_owned()];
        Some((name, Function { head, comment, is_public: false, body }))
    }

    fn init_function(&mut self, has_settle: bool) -> Function {
        let module = self.module();
        let mut out = Writer::new("    ");
        let mut covered: BTreeSet<NetId> = BTreeSet::new();
        let inputs: Vec<NetId> = (0..module.nets.len())
            .map(NetId::new)
            .filter(|net| self.plan.roles[net.index()] == Role::Input)
            .collect();
        out.append(&self.initial_values(&inputs));
        for (index, name) in self.reset_names.clone().into_iter().enumerate() {
            if let Some(name) = name {
                out.line(format!("{name}(self);"));
                covered.extend(restored_nets(&module.processes[index]));
            }
        }
        let clocked: Vec<NetId> = module
            .processes
            .iter()
            .filter(|process| matches!(process.kind, ProcessKind::Clocked { .. }))
            .flat_map(written_nets)
            .collect();
        let undriven = (0..module.nets.len())
            .map(NetId::new)
            .filter(|net| self.plan.roles[net.index()] == Role::Output && self.unit.fixed[net.index()]);
        let mut rest: Vec<NetId> =
            clocked.into_iter().chain(undriven).chain(self.plan.remembered.clone()).collect();
        rest.retain(|net| !covered.contains(net));
        rest.sort_unstable();
        rest.dedup();
        let rest = self.in_reset_order(rest);
        out.append(&self.initial_values(&rest));
        if has_settle {
            out.line(format!("{}(self);", self.functions.settle));
        }
        let mut body = out.finish_with_origins();
        if !touches_state(&body) {
            body.text += "(void)self;\n";
        }
        let head = self.head(&self.functions.init.clone(), "");
        Function { head, comment: Vec::new(), is_public: true, body }
    }

    fn step_function(
        &mut self,
        index: usize,
        arguments: &BTreeMap<ProcessId, BTreeMap<NetId, String>>,
        before: Option<&str>,
        has_settle: bool,
    ) -> Function {
        let EdgePlan { turns, .. } = self.plan.edges[index].clone();
        let mut out = Writer::new("    ");
        if let Some(before) = before {
            out.line(format!("{before}(self);"));
        }
        let mut names = self.unit.locals.clone();
        let mut given: BTreeMap<NetId, String> = BTreeMap::new();
        for turn in &turns {
            for net in arguments.get(&turn.process).into_iter().flat_map(BTreeMap::keys) {
                if turn.given.contains(net) && !given.contains_key(net) {
                    let field = format!("old_{}", self.unit.layout.nets[net.index()]);
                    let name = crate::func::fresh_local(&mut names, &self.unit.layout.name, &field);
                    given.insert(*net, name);
                }
            }
        }
        for (net, name) in &given {
            for line in keep_lines(&mut self.unit, *net, name) {
                out.line(line);
            }
        }
        for turn in &turns {
            if let Some(call) = self.call(turn.process, arguments, &given) {
                out.line(call);
            }
        }
        if has_settle {
            out.line(format!("{}(self);", self.functions.settle));
        }
        let mut body = out.finish_with_origins();
        if !touches_state(&body) {
            body.text += "(void)self;\n";
        }
        let head = self.head(&self.functions.steps[index].clone(), "");
        Function { head, comment: Vec::new(), is_public: true, body }
    }

    fn reset_function(&mut self, id: ProcessId) -> Option<Function> {
        let name = self.reset_names[id.index()].clone()?;
        let nets = self.in_reset_order(restored_nets(&self.module().processes[id.index()]));
        let body = self.initial_values(&nets);
        let head = self.head(&name, "");
        Some(Function { head, comment: Vec::new(), is_public: false, body })
    }
}

/// Whether a combinational process is one assignment, which needs no function of its own.
fn is_assignment(body: &Body) -> bool {
    body.vars.is_empty()
        && matches!(body.stmts.as_slice(), [Stmt { kind: StmtKind::Next { .. }, comments, .. }] if comments.leading.is_empty())
}

/// Whether a function's body does anything: every effect is one on the state.
fn touches_state(body: &pyhw_text::Text) -> bool {
    tokens::count(&body.text, "self") > 0
}
