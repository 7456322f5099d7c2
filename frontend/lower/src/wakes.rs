//! What wakes a process, and whether that is all that its result depends on.

use crate::lowerer::Context;
use crate::process::net_of;
use crate::reach::{attribute, binding_at, signals_in};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Binding, FunctionId, Object};
use pyhw_ir::{Edge, NetId, Process, ProcessBody, ProcessKind, Type};
use pyhw_syntax::ast::FunctionDef;
use pyhw_syntax::names::{Path, Segment};
use std::collections::HashSet;

/// The nets that wake a process of a kind.
pub fn woken_by(kind: &ProcessKind) -> Vec<NetId> {
    match kind {
        ProcessKind::Comb { sensitivity } => sensitivity.clone(),
        ProcessKind::Clocked { events, reset } => {
            events.iter().map(|event| event.net).chain(reset.iter().map(|reset| reset.net)).collect()
        }
        ProcessKind::Timed => Vec::new(),
    }
}

/// The nets that wake a process, or that it waits for.
pub fn trigger_nets(process: &Process) -> Vec<NetId> {
    let mut nets = woken_by(&process.kind);
    if let ProcessBody::Ir(body) = &process.body {
        nets.extend(pyhw_ir::awaited_nets(&body.stmts));
    }
    nets
}

/// The nets that wake a process whose output depends on levels only; `None` for one that waits for an edge, or for time.
pub fn levels(kind: &ProcessKind) -> Option<Vec<NetId>> {
    match kind {
        ProcessKind::Comb { sensitivity } => Some(sensitivity.clone()),
        ProcessKind::Clocked { events, reset: None }
            if events.iter().all(|event| event.edge == Edge::Any) =>
        {
            Some(events.iter().map(|event| event.net).collect())
        }
        ProcessKind::Clocked { .. } | ProcessKind::Timed => None,
    }
}

/// Whether a function reads an attribute of an element (`buses[i].data`) that the process is not sensitive to.
pub fn reads_by_element(
    cx: &Context<'_>,
    home: FunctionId,
    def: &FunctionDef,
    sensitivity: &[NetId],
) -> bool {
    pyhw_syntax::names::reads_and_writes(def).read.iter().any(|(path, _)| {
        let Some(at) = path.segments.iter().position(|segment| matches!(segment, Segment::Index)) else {
            return false;
        };
        let (list, rest) = path.segments.split_at(at);
        let Some(Segment::Attribute(name)) = rest.get(1) else { return false };
        let list = Path { root: path.root.clone(), segments: list.to_vec() };
        let elements = match binding_at(cx, home, &list) {
            Some(Binding::Tuple(elements, _)) => elements,
            Some(Binding::Object(id)) => match cx.elaborated.object(*id) {
                Object::List(elements) => elements,
                _ => return false,
            },
            _ => return false,
        };
        let mut signals = Vec::new();
        for element in elements {
            if let Some(found) = attribute(cx, element, name) {
                signals_in(cx, found, &mut signals);
            }
        }
        signals.iter().any(|signal| !sensitivity.contains(&net_of(cx, *signal)))
    })
}

/// The name of the one signal that wakes a process, if it is a boolean that the process does not look at: `@always(clk)`.
fn is_clock<'a>(cx: &'a Context<'_>, process: &Process, sensitivity: &[NetId]) -> Option<&'a str> {
    let [only] = sensitivity else { return None };
    let net = cx.nets.net(*only);
    (net.ty == Type::Bool && !pyhw_passes::read_nets(process).contains(only)).then_some(&*net.name)
}

/// Signals that a combinational process reads and that do not wake it. A process that drives nothing only watches.
pub fn incomplete_sensitivity(
    cx: &Context<'_>,
    process: &Process,
    sensitivity: &[NetId],
    by_element: bool,
) -> Option<Diagnostic> {
    let written: HashSet<NetId> = pyhw_passes::written_nets(process).into_iter().collect();
    if written.is_empty() {
        return None;
    }
    let sources = &cx.elaborated.sources;
    // What it stores itself is no news to logic that is woken by what it reads, and is one to what a clock wakes.
    let clock = is_clock(cx, process, sensitivity);
    let missing: Vec<(&str, Span)> = pyhw_passes::read_nets(process)
        .into_iter()
        .filter(|net| !sensitivity.contains(net) && (clock.is_some() || !written.contains(net)))
        .map(|net| (net, &*cx.nets.net(net).name))
        .map(|(net, name)| (name, pyhw_passes::first_read(sources, process, net, name)))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let names: Vec<String> = missing.iter().map(|(name, _)| format!("`{name}`")).collect();
    let them = if names.len() == 1 { "it" } else { "them" };
    let message = format!("`{}` reads {} without being sensitive to {them}", process.name, names.join(", "));
    let finding = Diagnostic::new(Code::PH0405, sources.name_of(process.span, &process.name), message);
    let is_told = |(_, place): &&(&str, Span)| *place != process.span;
    let finding = missing
        .iter()
        .filter(is_told)
        .fold(finding, |finding, (_, place)| finding.label(*place, "read here"));
    Some(match process.kind {
        ProcessKind::Comb { .. } if by_element => finding
            .note("a process is sensitive to the signals and the lists of signals that it names, not to the attributes of a list's elements")
            .help("keep a list of the signals: `data = [bus.data for bus in buses]` outside of the process, and `data[i]` in it"),
        ProcessKind::Comb { .. } => finding
            .note("a process is sensitive to the signals that it names itself, not to those that functions it calls read")
            .help("give the function what it reads as an argument"),
        ProcessKind::Clocked { .. } | ProcessKind::Timed => finding.help(match clock {
            Some(clock) => {
                format!("`@always({clock}.posedge)` runs it at an edge; by `{clock}` alone it runs at both")
            }
            None => "let `@always_comb` find what wakes it".to_owned(),
        }),
    })
}
