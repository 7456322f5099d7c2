//! What the reset of a process restores: the rule is MyHDL's, and the same in every form.
//!
//! ```text
//! @always_seq(clk.posedge, reset=rst)         process p clocked(rising %clk) reset(%rst, high, sync) spares(%r) {
//! def p():                              ─►
//!     q.next = d                                %q <= %d
//!     store(r, d)                               %r <= %d
//!                                             }
//! ```
//!
//! MyHDL restores the signals, the lists of signals and the integers that the text of the process itself names as targets of
//! assignments ([`targets`](pyhw_syntax::names::targets)). What it drives through functions and methods, through other names for a signal, or through tuples,
//! dicts and lists of lists keeps its value while the reset is active. Of what is named and never driven a compiled process restores
//! nothing: the signal belongs to whoever drives it.

use crate::lowerer::Context;
use crate::process::net_of;
use crate::reach::{binding_at, signals_in};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Binding, Object, ObjectId, ProcessId, SignalId};
use pyhw_ir::{NetId, Process, ProcessBody, ProcessKind, Root, StmtKind, walk_stmts};
use std::collections::BTreeSet;

/// What the text of a process names as targets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Signals, each once, in the order of the text.
    pub signals: Vec<SignalId>,
    /// Integers that are changed in place.
    pub integers: Vec<ObjectId>,
}

/// What the reset of a process restores of what is driven at all.
pub fn named(cx: &Context<'_>, id: ProcessId) -> Named {
    let mut named = Named::default();
    let process = cx.elaborated.process(id);
    let Some(home) = process.function else { return named };
    let Some(def) = cx.parsed.function(cx.elaborated.function(home)) else { return named };
    for path in pyhw_syntax::names::targets(def) {
        if process.bound_later.contains(&path.root) {
            continue;
        }
        match binding_at(cx, home, &path) {
            Some(Binding::Signal(signal)) => named.add(*signal),
            Some(Binding::Object(object)) => match cx.elaborated.object(*object) {
                Object::List(elements) => {
                    let signals: Option<Vec<SignalId>> = elements
                        .iter()
                        .map(|element| match element {
                            Binding::Signal(signal) => Some(*signal),
                            _ => None,
                        })
                        .collect();
                    signals.into_iter().flatten().for_each(|signal| named.add(signal));
                }
                Object::Intbv { .. } => named.integers.push(*object),
                Object::Instance { is_struct: true, .. } => {
                    let mut fields = Vec::new();
                    signals_in(cx, &Binding::Object(*object), &mut fields);
                    fields.into_iter().for_each(|field| named.add(field));
                }
                Object::Dict(_) | Object::Instance { .. } | Object::Cell(_) => {}
            },
            _ => {}
        }
    }
    named
}

impl Named {
    fn add(&mut self, signal: SignalId) {
        if !self.signals.contains(&signal) {
            self.signals.push(signal);
        }
    }
}

/// Lets the reset of a process spare what it drives and does not name, with a warning for each.
pub fn spare_the_rest(cx: &Context<'_>, id: ProcessId, process: &mut Process) -> Vec<Diagnostic> {
    let written = pyhw_passes::written_nets(process);
    let name = &process.name;
    let ProcessBody::Ir(body) = &process.body else { return Vec::new() };
    let ProcessKind::Clocked { reset: Some(reset), .. } = &mut process.kind else { return Vec::new() };
    let named = named(cx, id);
    let mut restored: BTreeSet<NetId> = named.signals.iter().map(|signal| net_of(cx, *signal)).collect();
    let kinds: Vec<NetId> = restored.iter().filter_map(|net| cx.nets.kind(*net)).collect();
    restored.extend(kinds);
    let registers = cx.nets.registers_of(id).filter(|kept| named.integers.contains(&kept.object));
    restored.extend(registers.filter_map(|kept| kept.place));
    reset.spares = written.into_iter().filter(|net| !restored.contains(net)).collect();
    let first_store = |net: NetId| {
        let mut first = None;
        walk_stmts(&body.stmts, &mut |stmt| {
            if let StmtKind::Next { place, .. } = &stmt.kind
                && place.root == Root::Net(net)
            {
                first.get_or_insert(stmt.span);
            }
        });
        first.unwrap_or(process.span)
    };
    let fields = struct_fields(cx);
    // One store may drive many: each element of a list.
    let mut stores: Vec<Spared<'_>> = Vec::new();
    for net in &reset.spares {
        let (store, signal) = (first_store(*net), cx.nets.net(*net).name.as_str());
        match stores.iter_mut().find(|known| known.store == store) {
            Some(known) => {
                known.signals.push(signal);
                known.are_fields &= fields.contains(net);
            }
            None => stores.push(Spared { store, signals: vec![signal], are_fields: fields.contains(net) }),
        }
    }
    let home = cx.elaborated.process(id).function;
    let def = home.and_then(|home| cx.parsed.function(cx.elaborated.function(home)));
    let at = def.map_or(process.span, |def| def.name.span);
    stores.iter().map(|spared| told(spared, name, at)).collect()
}

/// Signals that one store drives and the reset spares.
struct Spared<'a> {
    store: Span,
    signals: Vec<&'a str>,
    /// Whether all of them are fields of structs.
    are_fields: bool,
}

/// The nets that are fields of structs.
fn struct_fields(cx: &Context<'_>) -> BTreeSet<NetId> {
    let mut fields = Vec::new();
    for (index, object) in cx.elaborated.objects.iter().enumerate() {
        if let Object::Instance { is_struct: true, .. } = object {
            signals_in(cx, &Binding::Object(ObjectId(index as u32)), &mut fields);
        }
    }
    fields.into_iter().map(|field| net_of(cx, field)).collect()
}

/// How many signals a finding names.
const NAMED: usize = 4;

fn told(spared: &Spared<'_>, process: &str, at: Span) -> Diagnostic {
    let Spared { store, signals, are_fields } = spared;
    let shown: Vec<String> = signals.iter().take(NAMED).map(|signal| format!("`{signal}`")).collect();
    let list = match (&shown[..], signals.len() - shown.len()) {
        ([only], 0) => only.clone(),
        ([before @ .., last], 0) => format!("{} and {last}", before.join(", ")),
        (all, more) => format!("{} and {more} more", all.join(", ")),
    };
    let (is, it, keeps) = match signals.len() {
        1 => ("is", "it", "the signal keeps its value"),
        _ => ("are", "them", "the signals keep their values"),
    };
    let message = format!("{list} {is} driven here, and the reset of `{process}` does not restore {it}");
    let help = match are_fields {
        true => format!(
            "name {it} in `{process}`, or the struct as a whole (`s.next = …`), which restores all fields: let a function return what is stored"
        ),
        false => format!(
            "name {it} in `{process}`: let a function return the value, or index the list that the loop goes over"
        ),
    };
    Diagnostic::new(Code::PH0408, *store, message)
        .label(at, "the process with the reset")
        .note(format!("a reset restores what the process itself assigns by name: signals and lists of signals, as in MyHDL; while it is active, {keeps}"))
        .help(help)
}
