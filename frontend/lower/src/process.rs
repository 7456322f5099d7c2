//! One process: its trigger, its body, and what it uses.

use crate::decided::Verdict;
use crate::earlier::Earlier;
use crate::hierarchy::Placed;
use crate::kinds::Marks;
use crate::limits;
use crate::lowerer::{Context, Frame, Lowerer, Returns};
use crate::nets::{Keeping, Kept, SignalPlace};
use crate::reach::{binding_at, driven_nets, reachable, signals_at};
use crate::wakes::{incomplete_sensitivity, levels, reads_by_element, trigger_nets, woken_by};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Binding, Block, BlockId, FunctionId, ObjectId, ProcessId, Sense, SignalId, Trigger};
use pyhw_ir::{
    Edge, Event, HostBody, NetId, Place, Process, ProcessBody, ProcessKind, Reset, Stmt, StmtKind, Type,
    VarId, Wait,
};
use pyhw_syntax::ast::{Expr, ExprKind, FunctionDef, Stmt as AstStmt, StmtKind as AstStmtKind};
use pyhw_syntax::names::{Path, Segment};
use pyhw_syntax::visit::{Visitor, walk_block, walk_stmt};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A process after lowering, with the mutable objects that it took for constants.
pub struct LoweredProcess {
    /// The process and its surroundings.
    pub placed: Placed,
    /// Objects that must not change during the run.
    pub frozen: HashSet<ObjectId>,
    /// What else it took for constants.
    pub slots: HashSet<crate::changing::Slot>,
    /// Signals whose next values it reads, and where.
    pub nexts: Vec<(NetId, Span)>,
    /// What is done with boolean nets.
    pub marks: Marks,
    /// What each run-time index picks from, by its place.
    pub picked_from: HashMap<Span, &'static str>,
    /// Warnings.
    pub warnings: Vec<Diagnostic>,
    /// What is told of where nothing drives the net.
    pub hidden: Vec<(NetId, Diagnostic)>,
    /// What is known of its comparisons.
    pub verdicts: Vec<Verdict>,
}

/// Lowers a process; one that cannot be lowered is left to the host, with the reason.
pub fn lower_process(cx: &Context<'_>, id: ProcessId) -> LoweredProcess {
    let declared = cx.elaborated.process(id);
    let function = declared.function.map(|id| cx.elaborated.function(id));
    let def = function.and_then(|function| cx.parsed.function(function));
    let mut reason = declared.reason.clone();
    if let (Some(function), None) = (function, def) {
        reason.extend(cx.parsed.faults(function.file).iter().cloned());
        if reason.is_empty() {
            let message = format!("the source of `{}` was not found", declared.name);
            reason.push(Diagnostic::new(Code::PH0106, declared.span, message));
        }
    }
    let kind = process_kind(cx, &declared.trigger, declared.function, def);
    if let ProcessKind::Clocked { events, .. } = &kind
        && events.iter().any(|event| event.edge != Edge::Any && !cx.nets.net(event.net).ty.has_edges(false))
    {
        // MyHDL takes a change from zero for a rising edge: only the host can wait for that.
        let message = "a signal of more than one bit has no edges";
        reason.push(Diagnostic::new(Code::PH0201, declared.span, message));
    }
    if woken_by(&kind).iter().any(|net| cx.nets.net(*net).ty == Type::Opaque) {
        let message = format!("`{}` waits for a signal of Python objects", declared.name);
        reason.push(Diagnostic::new(Code::PH0201, declared.span, message));
    }
    let mut warnings = Vec::new();
    let mut verdicts = Vec::new();
    let mut frozen = HashSet::new();
    let mut slots = HashSet::new();
    let mut nexts = Vec::new();
    let mut marks = Marks::default();
    let mut picked_from = HashMap::new();
    let mut body = None;
    let mut span = declared.span;
    let mut doc = None;
    if let (Some(home), Some(def)) = (declared.function, def) {
        span = def.span;
        // What stands before the process is told of it as what its docstring says. At the left margin it is of the file.
        let is_inner = def.span.start.column > 0;
        let before = def.leading.iter().filter(|_| is_inner).map(|comment| comment.text.clone());
        let lines: Vec<String> = before.chain(def.docstring()).collect();
        doc = (!lines.is_empty()).then(|| lines.join("\n"));
        let lowered = |known: &Earlier| {
            let mut lowerer = Lowerer::new(cx, kind == ProcessKind::Timed, declared.block);
            lowerer.earlier = known.clone();
            lowerer.levels = levels(&kind);
            lower_body(&mut lowerer, id, home, def);
            lowerer
        };
        // Each time round more lists are known that are to be kept otherwise.
        let mut known = Earlier::default();
        let mut lowerer = lowered(&known);
        while lowerer.earlier != known {
            known = lowerer.earlier.clone();
            lowerer = lowered(&known);
        }
        // What was found before something was refused holds all the same.
        verdicts.append(&mut lowerer.verdicts);
        warnings.append(&mut lowerer.warnings);
        lowerer.errors.extend(limits::too_deep(&lowerer.body));
        if kind != ProcessKind::Timed {
            lowerer.errors.extend(limits::text_as_value(&lowerer.body));
        }
        if reason.is_empty() && lowerer.errors.is_empty() {
            body = Some(crate::tidy::tidy(lowerer.body));
            (frozen, marks, picked_from) = (lowerer.frozen, lowerer.marks, lowerer.picked_from);
            nexts = lowerer.nexts;
            slots = lowerer.slots;
        } else {
            reason.extend(lowerer.errors);
        }
    }
    let body = match body {
        Some(body) => ProcessBody::Ir(body),
        None => ProcessBody::Host(HostBody { handle: declared.handle, reason }),
    };
    let mut process = Process { name: declared.name.clone(), kind, body, doc, span };
    warnings.extend(crate::restored::spare_the_rest(cx, id, &mut process));
    let (hidden, unread): (Vec<_>, Vec<_>) = def
        .into_iter()
        .flat_map(|def| forgotten_next(cx, declared.block, def))
        .partition(|(net, _)| net.is_some());
    warnings.extend(unread.into_iter().map(|(_, warning)| warning));
    if let (Some(def), Some(home)) = (def, declared.function) {
        warnings.extend(replaced_signals(cx, home, def));
    }
    let hidden = hidden.into_iter().filter_map(|(net, warning)| Some((net?, warning))).collect();
    let mut uses: BTreeSet<NetId> = pyhw_passes::read_nets(&process).into_iter().collect();
    let drives: BTreeSet<NetId> = match (&process.body, def, declared.function) {
        (ProcessBody::Host(_), def, Some(home)) => {
            uses.extend(reachable(cx, home));
            def.map(|def| driven_nets(cx, home, def)).unwrap_or_default()
        }
        _ => pyhw_passes::written_nets(&process).into_iter().collect(),
    };
    uses.extend(drives.iter().copied());
    if let ProcessBody::Host(_) = &process.body {
        // Python may show what it sees, and store what it likes.
        let is_bool = |net: &&NetId| cx.nets.net(**net).ty == Type::Bool;
        marks.shown.extend(uses.iter().filter(is_bool));
        marks.integers.extend(drives.iter().filter(is_bool));
    }
    uses.extend(trigger_nets(&process));
    if let (Some(sensitivity), ProcessBody::Ir(_)) = (levels(&process.kind), &process.body) {
        let by_element = matches!(process.kind, ProcessKind::Comb { .. })
            && declared
                .function
                .zip(def)
                .is_some_and(|(home, def)| reads_by_element(cx, home, def, &sensitivity));
        warnings.extend(incomplete_sensitivity(cx, &process, &sensitivity, by_element));
    }
    let would_drive = match (&process.body, def, declared.function) {
        (ProcessBody::Ir(_), Some(def), Some(home)) => &driven_nets(cx, home, def) - &drives,
        _ => BTreeSet::new(),
    };
    let placed = Placed { process, block: declared.block, uses, drives, would_drive };
    LoweredProcess { placed, frozen, slots, nexts, marks, picked_from, warnings, hidden, verdicts }
}

fn lower_body<'a>(lowerer: &mut Lowerer<'a>, id: ProcessId, home: FunctionId, def: &'a FunctionDef) {
    lowerer.process = Some(id);
    let registers: Vec<&Kept> = lowerer.cx.nets.registers_of(id).collect();
    let waits_first = match &lowerer.cx.elaborated.process(id).trigger {
        Trigger::Always(senses) if senses.iter().any(|sense| matches!(sense, Sense::Delay(_))) => {
            Some(senses)
        }
        _ => None,
    };
    let mut frame = Frame {
        home,
        parent: None,
        locals: BTreeMap::new(),
        assigned: HashSet::new(),
        rebound: HashSet::new(),
        driven: HashSet::new(),
        shared: HashSet::new(),
        in_place: HashSet::new(),
        changing: HashSet::new(),
        unbound: HashSet::new(),
        turns: 0,
        rebound_bits: Vec::new(),
        plain: HashMap::new(),
        // In a loop of activations, `return` ends the activation and not the process; nor does it leave registers unset.
        returns: (waits_first.is_some() || registers.iter().any(|kept| kept.place.is_some()))
            .then_some(Returns { label: None, vars: None }),
        loops: Vec::new(),
    };
    frame.note_assigned(&def.body.stmts);
    lowerer.frames.push(frame);
    if let Some(receiver) = &lowerer.cx.elaborated.function(home).receiver
        && let Some(this) = def.params.first()
        && let Ok(value) = lowerer.bound(receiver, def.span)
    {
        lowerer.frame().locals.insert(this.name.name.clone(), crate::value::Local::Known(value));
    }
    let kept: Vec<(&Kept, VarId)> = registers
        .into_iter()
        .map(|kept| {
            let declared = &kept.declared;
            let var = lowerer.new_var(&declared.name, declared.ty.clone(), declared.wraps, def.span);
            lowerer.registers.insert(kept.object, var);
            (kept, var)
        })
        .collect();
    lowerer.active.push(def);
    lowerer.block(&def.body, true);
    lowerer.active.pop();
    let mut stmts = std::mem::take(&mut lowerer.out);
    if let Some(label) = lowerer.frame().returns.take().and_then(|returns| returns.label) {
        stmts = vec![Stmt::new(StmtKind::Block { label, body: stmts }, def.span)];
    }
    for (kept, var) in &kept {
        let ty = &kept.declared.ty;
        let first = match (kept.place, kept.keeping) {
            (Some(net), _) => lowerer.body.exprs.net(net, ty, def.span),
            (None, Keeping::InNet | Keeping::InVariable) => {
                lowerer.body.exprs.constant(kept.declared.init.clone(), ty.clone(), def.span)
            }
            (None, Keeping::Nothing) => continue,
        };
        stmts.insert(0, Stmt::new(StmtKind::Assign { place: Place::var(*var), value: first }, def.span));
        if let Some(net) = kept.place {
            let value = lowerer.body.exprs.var(*var, ty, def.span);
            stmts.push(Stmt::new(StmtKind::Next { place: Place::net(net), value }, def.span));
        }
    }
    if let Some(senses) = waits_first {
        let mut waits = Vec::new();
        for sense in senses {
            waits.push(match sense {
                Sense::Delay(steps) => Wait::Delay(lowerer.body.exprs.int(*steps, def.span)),
                Sense::Event(signal, edge) => match lowerer.cx.nets.place(*signal) {
                    SignalPlace::Net(net) | SignalPlace::Element(net, _) => {
                        Wait::Event(Event { net, edge: *edge })
                    }
                },
            });
        }
        stmts.insert(0, Stmt::new(StmtKind::Wait(waits), def.span));
        let cond = lowerer.body.exprs.bool(true, def.span);
        let label = lowerer.body.add_label("always");
        stmts = vec![Stmt::new(StmtKind::While { label, cond, body: stmts }, def.span)];
    }
    lowerer.body.stmts = stmts;
    let unset = pyhw_ir::eval::maybe_unset(&lowerer.body);
    for (kept, var) in kept {
        if kept.keeping == Keeping::Nothing && unset[var.index()] {
            let name = &kept.declared.name;
            let message = format!(
                "`{name}` may be read before this run stored into it: combinational logic keeps nothing"
            );
            let error = Diagnostic::new(Code::PH0201, def.span, message)
                .note("in Python the integer has what the last run left in it, which is a latch")
                .help(format!("store into the whole of it first: `{name}[:] = …`"));
            lowerer.errors.push(error);
        }
    }
}

/// Stores into locals that have the name of a signal of the block: `q = d` where `q.next = d` was meant. Those that nothing reads are told
/// of at once, the others where nothing drives the signal, which is with them.
fn forgotten_next(
    cx: &Context<'_>,
    block: Option<BlockId>,
    def: &FunctionDef,
) -> Vec<(Option<NetId>, Diagnostic)> {
    let Some(block) = block.map(|block| cx.elaborated.block(block)) else { return Vec::new() };
    let warning = |(store, is_read): (pyhw_syntax::ast::Ident, bool)| {
        let name = store.name;
        // Who gives a signal to the block may drive it, too.
        let is_own = block.locals.iter().any(|named| named.name == name);
        if is_read && !is_own {
            return None;
        }
        let net = net_of(cx, signal_of(block, &name)?);
        let message = match is_read {
            false => format!(
                "`{name}` is a local here, which nothing reads: the signal `{name}` is not stored into"
            ),
            true => format!(
                "`{name}` is a local here: the signal `{name}` is not stored into, and nothing drives it"
            ),
        };
        let warning = Diagnostic::new(Code::PH0207, store.span, message)
            .label(cx.nets.net(net).span, "the signal")
            .help(format!("`{name}.next = …` stores into the signal"));
        Some((is_read.then_some(net), warning))
    };
    pyhw_syntax::names::plain_stores(def).into_iter().filter_map(warning).collect()
}

/// Stores of values into attributes that are signals: `bus.valid = d` where `bus.valid.next = d` was meant. Python puts the value in the place
/// of the signal; to put another signal there is meant so.
fn replaced_signals(cx: &Context<'_>, home: FunctionId, def: &FunctionDef) -> Vec<Diagnostic> {
    struct Stores<'a>(Vec<(&'a Expr, &'a Expr)>);
    impl<'a> Visitor<'a> for Stores<'a> {
        fn stmt(&mut self, stmt: &'a AstStmt) {
            if let AstStmtKind::Assign { targets, value } = &stmt.kind {
                self.0.extend(targets.iter().map(|target| (target, value)));
            }
            walk_stmt(self, stmt);
        }
    }
    let mut stores = Stores(Vec::new());
    walk_block(&mut stores, &def.body);
    let is_value = |value: &Expr| {
        matches!(
            value.kind,
            ExprKind::Int(_)
                | ExprKind::Bool(_)
                | ExprKind::Unary { .. }
                | ExprKind::Binary { .. }
                | ExprKind::BoolOp { .. }
                | ExprKind::Compare { .. }
        )
    };
    let warning = |(target, value): (&Expr, &Expr)| {
        let path = Path::of(target).filter(|_| is_value(value))?;
        let mut owner = path.clone();
        let Some(Segment::Attribute(_)) = owner.segments.pop() else { return None };
        let Binding::Object(_) = binding_at(cx, home, &owner)? else { return None };
        let Binding::Signal(_) = binding_at(cx, home, &path)? else { return None };
        let message =
            format!("`{path}` is a signal, and this puts a value in its place: nothing is stored into it");
        let warning = Diagnostic::new(Code::PH0207, target.span, message);
        Some(warning.help(format!("`{path}.next = …` stores into the signal")))
    };
    stores.0.into_iter().filter_map(warning).collect()
}

/// Whether a block has a signal of this name, as an argument or a local.
pub fn has_signal(block: &Block, name: &str) -> bool {
    signal_of(block, name).is_some()
}

fn signal_of(block: &Block, name: &str) -> Option<SignalId> {
    block.args.iter().chain(&block.locals).find_map(|named| match named.value {
        Binding::Signal(signal) if named.name == name => Some(signal),
        _ => None,
    })
}

/// The net that holds the value of a signal.
pub fn net_of(cx: &Context<'_>, signal: SignalId) -> NetId {
    match cx.nets.place(signal) {
        SignalPlace::Net(net) | SignalPlace::Element(net, _) => net,
    }
}

fn process_kind(
    cx: &Context<'_>,
    trigger: &Trigger,
    home: Option<FunctionId>,
    def: Option<&FunctionDef>,
) -> ProcessKind {
    match trigger {
        Trigger::Comb => {
            let sensitivity = match (home, def) {
                (Some(home), Some(def)) => {
                    let inputs = pyhw_syntax::names::sensitivity(def).inputs;
                    let nets = inputs.iter().flat_map(|(path, _)| signals_at(cx, home, path));
                    let mut seen = HashSet::new();
                    nets.map(|signal| net_of(cx, signal)).filter(|net| seen.insert(*net)).collect()
                }
                _ => Vec::new(),
            };
            ProcessKind::Comb { sensitivity }
        }
        Trigger::Seq { clock, edge, reset } => {
            let reset = reset.map(|signal| {
                let spec = cx.elaborated.signal(signal).reset;
                let active_high = spec.is_none_or(|spec| spec.active_high);
                Reset::new(net_of(cx, signal), active_high, spec.is_some_and(|spec| spec.is_async))
            });
            ProcessKind::Clocked { events: vec![Event { net: net_of(cx, *clock), edge: *edge }], reset }
        }
        Trigger::Always(senses) => {
            let mut events = Vec::new();
            for sense in senses {
                match sense {
                    Sense::Event(signal, edge) => {
                        events.push(Event { net: net_of(cx, *signal), edge: *edge })
                    }
                    Sense::Delay(_) => return ProcessKind::Timed,
                }
            }
            ProcessKind::Clocked { events, reset: None }
        }
        Trigger::Instance => ProcessKind::Timed,
    }
}
