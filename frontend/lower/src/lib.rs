//! From the elaborated design to the IR.
//!
//! *Input*: [`Elaborated`](pyhw_elaborate::Elaborated): signals, blocks, processes, and what their names are bound to. *Output*: a
//! [`Design`](pyhw_ir::Design) with the same hierarchy, where each signal went, and findings. *Guarantees*: the design is valid; a
//! process that is outside the subset is in it as a host process with the reasons, so that nothing is lost. *Deliberately not here*: no
//! ranges are inferred (locals are unbounded integers; a pass narrows them), no target is known, Python is not run.
//!
//! The way of a process: [`source`] finds its tree; [`lowerer`] keeps the state, [`checkpoint`] takes back what was tried, and [`earlier`]
//! keeps what an attempt found that the next one needs. [`stmt`], [`matches`] and [`loops`] walk its statements; [`assign`] takes targets
//! apart, into [`local_names`], [`stores`] into signals, and [`parts`] of either, with [`snapshots`] of what changes. [`expr`] walks
//! expressions, with [`value::Val`]s: [`bindings`] tells what names denote, [`attribute`], [`subscript`] and [`elements`] what is within something, [`operators`], [`comparison`] and
//! [`branches`] what operators give, [`comprehension`], [`call`] and [`text`] the rest, and [`typed`] makes expressions of the IR of
//! values. Of what Python and the library have, [`builtins`] calls [`series`] for functions over elements, [`integers`] for those that
//! make integers and [`text_calls`] for those that make texts. [`limits`] refuses what no part of a body shows, [`tidy`] removes what is
//! left over and lets [`joined`] make one case of several, and [`hierarchy`] puts it into its module, under names from [`net_names`]; [`foreign`] is the code of a user's own there.
//!
//! [`order`] keeps Python's order where a call changes what its expression reads elsewhere. [`picked`] and [`exchange`] store where a
//! run-time index picks or elements change places, [`keys`] finds run-time keys among constants; [`lists`] tells how lists are kept,
//! [`aliases`] what a name is that stands for one object or another, [`objects`] which integers several names or lists lead to; [`reach`]
//! tells what the names of a function lead to, [`wakes`] what wakes a process, [`shadows`] keeps views of signals up to date; [`kept`]
//! finds the integers around processes that become registers, [`changing`] what Python changes while a simulation runs, as [`effects`] finds it, [`restored`] what
//! resets restore, [`first_values`] what processes store that only begin, [`next_reads`] where `s.next` is read for `s`. Three analyses
//! need the text and what its names are bound to, and lower nothing: [`ports`] holds what blocks are given to their annotations and finds
//! what they lose (PH0319, PH0407), [`beyond`] finds constant places beyond a width (PH0315), and [`decided`] comparisons with one answer
//! (PH0320).

mod aliases;
mod assign;
mod attribute;
mod beyond;
mod bindings;
mod branches;
mod builtins;
mod call;
mod changing;
mod checkpoint;
mod comparison;
mod comprehension;
mod decided;
mod earlier;
mod effects;
mod elements;
mod exchange;
mod expr;
mod first_values;
mod foreign;
mod hierarchy;
mod integers;
mod joined;
mod kept;
mod keys;
mod kinds;
mod limits;
mod lists;
mod live;
mod local_names;
mod loops;
mod lowerer;
mod matches;
mod members;
mod memories;
mod names;
mod net_names;
mod nets;
mod next_reads;
mod objects;
mod operators;
mod order;
mod parts;
mod picked;
mod ports;
mod process;
mod reach;
mod restored;
mod series;
mod shadows;
mod snapshots;
mod source;
mod stmt;
mod stores;
mod subscript;
mod text;
mod text_calls;
mod tidy;
mod typed;
mod value;
mod wakes;

pub use changing::{Assumed, Slot};
pub use hierarchy::NetPath;

use effects::Effects;
use lowerer::Context;
use nets::{Nets, SignalPlace};
use pyhw_diagnostics::{Diagnostic, Span};
use pyhw_elaborate::{BlockId, Elaborated, Item, ObjectId, ProcessId, SignalId};
use pyhw_ir::{Design, HostBody, NetId, ProcessBody};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A design after lowering.
pub struct Lowered {
    /// The design.
    pub design: Design,
    /// For each signal of the elaborated design where its value is.
    pub signals: Vec<SignalNet>,
    /// What resets restore of the processes that the host runs.
    pub host_resets: Vec<HostReset>,
    /// What compiled processes took for constants, each with the name of a process.
    pub assumed: BTreeMap<Assumed, String>,
    /// What each run-time index picks from, by its place: `list`, `tuple` or `string`.
    pub picked_from: HashMap<Span, &'static str>,
    /// Findings; the reasons of host processes are in the design.
    pub diagnostics: Vec<Diagnostic>,
}

/// What the reset of a process restores that the host runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostReset {
    /// The host's handle of the process.
    pub handle: u32,
    /// Signals: they take their initial values.
    pub signals: Vec<SignalId>,
    /// Integers, by their place among those that the host kept when the process was made.
    pub integers: Vec<u32>,
}

/// Where the value of a signal is: a net, or an element of a memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalNet {
    /// The net.
    pub path: NetPath,
    /// The element, if the net is a memory.
    pub element: Option<u32>,
    /// The net that says whether the object of a boolean signal is an integer, where that is kept.
    pub kind: Option<NetPath>,
}

/// Lowers a design.
pub fn lower(elaborated: &Elaborated) -> Lowered {
    lower_for(elaborated, false, None)
}

/// Lowers a design for a run within Python: with what tells `True` and `1` apart where they are shown. With a reason, every process is
/// left to Python.
pub fn lower_for_python(elaborated: &Elaborated, left_to_python: Option<&str>) -> Lowered {
    lower_for(elaborated, true, left_to_python)
}

fn lower_for(elaborated: &Elaborated, python: bool, left_to_python: Option<&str>) -> Lowered {
    let parsed = source::Parsed::new(elaborated);
    let memories = memories::memories(elaborated, &parsed);
    let declarations = source::Declarations::new(elaborated, &parsed);
    let mut nets = Nets::new(elaborated, &declarations, &memories);
    if !python {
        let cx = Context { elaborated, parsed: &parsed, nets: &nets, python };
        let registers = kept::registers(&cx);
        registers.into_iter().for_each(|register| nets.add_register(register, elaborated));
    }
    let order = start_order(elaborated);
    let lower_all = |nets: &Nets| -> Vec<(ProcessId, process::LoweredProcess)> {
        let cx = Context { elaborated, parsed: &parsed, nets, python };
        order.iter().map(|id| (*id, process::lower_process(&cx, *id))).collect()
    };
    let mut lowered = lower_all(&nets);
    if python {
        let mut marks = kinds::Marks::default();
        lowered.iter_mut().for_each(|(_, process)| marks.extend(std::mem::take(&mut process.marks)));
        let needed = marks.needed();
        if !needed.is_empty() {
            needed.into_iter().for_each(|net| nets.add_kind(net));
            lowered = lower_all(&nets);
        }
    }
    let cx = Context { elaborated, parsed: &parsed, nets: &nets, python };
    let mut diagnostics = ports::findings(elaborated, &parsed, &declarations);
    let effects = Effects::of(&cx);
    leave_shared_objects_to_the_host(&cx, &effects, &mut lowered);
    if python {
        leave_changing_values_to_the_host(&cx, effects, &mut lowered);
    }
    if let Some(why) = left_to_python {
        for (id, one) in &mut lowered {
            let process = &mut one.placed.process;
            let message = format!("`{}` runs in Python: {why}", process.name);
            let reason = Diagnostic::new(pyhw_diagnostics::Code::PH0201, process.span, message);
            let handle = elaborated.process(*id).handle;
            process.body = ProcessBody::Host(HostBody { handle, reason: vec![reason] });
        }
    }
    let host_resets =
        lowered.iter().filter_map(|(id, one)| host_reset(&cx, *id, &one.placed.process)).collect();
    let mut placed = Vec::new();
    let mut hidden = Vec::new();
    let mut verdicts = Vec::new();
    let mut picked_from = HashMap::new();
    let mut assumed = BTreeMap::new();
    let mut next_reads: next_reads::Reads = Vec::new();
    for (at, (id, process)) in lowered.into_iter().enumerate() {
        if !process.nexts.is_empty() && matches!(process.placed.process.body, ProcessBody::Ir(_)) {
            next_reads.push((at, id, process.nexts));
        }
        picked_from.extend(process.picked_from);
        if python && matches!(process.placed.process.body, ProcessBody::Ir(_)) {
            let slots = process.slots.into_iter().map(Assumed::Slot);
            for one in slots.chain(process.frozen.into_iter().map(Assumed::Content)) {
                assumed.entry(one).or_insert_with(|| process.placed.process.name.clone());
            }
        }
        diagnostics.extend(process.warnings);
        hidden.extend(process.hidden);
        verdicts.extend(process.verdicts);
        placed.push(process.placed);
    }
    diagnostics.extend(decided::findings(verdicts));
    for id in &elaborated.shadows {
        placed.extend(shadows::shadow_process(&cx, *id));
    }
    next_reads::settle(&cx, &mut placed, next_reads);
    if !python {
        first_values::fold(&mut nets, &mut placed, elaborated);
    }
    let driven: HashSet<NetId> = placed.iter().flat_map(|one| one.drives.iter().copied()).collect();
    let undriven = hidden.into_iter().filter(|(net, _)| !driven.contains(net));
    diagnostics.extend(undriven.map(|(_, warning)| warning));
    for (index, signal) in elaborated.signals.iter().enumerate() {
        let id = SignalId(index as u32);
        if (signal.is_constant || declarations.is_in_argument(id)) && !nets.is_any_of(id, &driven) {
            nets.forget_place(id);
        }
    }
    let built = hierarchy::build(elaborated, &parsed, &nets, placed, &mut diagnostics);
    let signals = (0..elaborated.signals.len())
        .map(|index| match nets.place(SignalId(index as u32)) {
            SignalPlace::Net(net) => SignalNet {
                path: built.paths[net.index()].clone(),
                element: None,
                kind: nets.kind(net).map(|kind| built.paths[kind.index()].clone()),
            },
            SignalPlace::Element(net, element) => {
                SignalNet { path: built.paths[net.index()].clone(), element: Some(element), kind: None }
            }
        })
        .collect();
    Lowered { design: built.design, signals, host_resets, assumed, picked_from, diagnostics }
}

fn host_reset(cx: &Context<'_>, id: ProcessId, process: &pyhw_ir::Process) -> Option<HostReset> {
    let (ProcessBody::Host(host), pyhw_ir::ProcessKind::Clocked { reset: Some(_), .. }) =
        (&process.body, &process.kind)
    else {
        return None;
    };
    let named = restored::named(cx, id);
    let kept = cx.elaborated.process(id).kept.iter();
    let integers = kept.filter(|kept| named.integers.contains(&kept.object)).map(|kept| kept.place).collect();
    Some(HostReset { handle: host.handle, signals: named.signals, integers })
}

/// Processes in the order in which they start: that of the tree.
fn start_order(elaborated: &Elaborated) -> Vec<ProcessId> {
    fn of_items(elaborated: &Elaborated, items: &[Item], into: &mut Vec<ProcessId>) {
        for item in items {
            match item {
                Item::Process(id) => into.push(*id),
                Item::Block(id) => of_block(elaborated, *id, into),
            }
        }
    }
    fn of_block(elaborated: &Elaborated, id: BlockId, into: &mut Vec<ProcessId>) {
        of_items(elaborated, &elaborated.block(id).items, into);
    }
    let mut order = Vec::new();
    of_items(elaborated, &elaborated.roots, &mut order);
    order
}

/// A process that took a mutable object for a constant is left to the host if some process changes that object.
fn leave_shared_objects_to_the_host(
    cx: &Context<'_>,
    effects: &Effects,
    lowered: &mut [(ProcessId, process::LoweredProcess)],
) {
    let changed: HashSet<ObjectId> = effects.contents.values().flatten().copied().collect();
    if changed.is_empty() {
        return;
    }
    for (id, one) in lowered {
        let declared = cx.elaborated.process(*id);
        if one.frozen.is_disjoint(&changed) {
            continue;
        }
        let message = format!("`{}` uses an object that Python code changes during the run", declared.name);
        let reason = Diagnostic::new(pyhw_diagnostics::Code::PH0201, one.placed.process.span, message);
        one.placed.process.body =
            ProcessBody::Host(HostBody { handle: declared.handle, reason: vec![reason] });
    }
}

/// A process that took for a constant what some function stores into during the run is left to the host.
fn leave_changing_values_to_the_host(
    cx: &Context<'_>,
    effects: Effects,
    lowered: &mut [(ProcessId, process::LoweredProcess)],
) {
    let changed = changing::Changed::of(cx, effects);
    for (id, one) in lowered {
        let used = one.slots.iter().filter(|slot| changed.contains(cx, slot));
        let Some(name) = used.map(changing::Slot::name).min() else { continue };
        let declared = cx.elaborated.process(*id);
        let message = format!("`{}` uses `{name}`, which Python code changes during the run", declared.name);
        let reason = Diagnostic::new(pyhw_diagnostics::Code::PH0201, one.placed.process.span, message);
        one.placed.process.body =
            ProcessBody::Host(HostBody { handle: declared.handle, reason: vec![reason] });
    }
}
