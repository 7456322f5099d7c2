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
use std::collections::{BTreeSet, HashMap, HashSet};

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
    let kind = process_kind(cx, &declared.trigger, declared.function, def);
    let mut reason = obstacles(cx, declared, &kind, def);
    let mut lowerer = declared.function.zip(def).map(|(home, def)| lower_text(cx, id, &kind, home, def));
    // What was found before something was refused holds all the same.
    let mut warnings = lowerer.as_mut().map(|found| std::mem::take(&mut found.warnings)).unwrap_or_default();
    let verdicts = lowerer.as_mut().map(|found| std::mem::take(&mut found.verdicts)).unwrap_or_default();
    if let Some(found) = &mut lowerer {
        reason.append(&mut found.errors);
    }
    let lowerer = lowerer.filter(|_| reason.is_empty());
    let is_lowered = lowerer.is_some();
    let (body, frozen, slots, nexts, mut marks, picked_from) = match lowerer {
        Some(found) => {
            let body = ProcessBody::Ir(crate::tidy::tidy(found.body));
            (body, found.frozen, found.slots, found.nexts, found.marks, found.picked_from)
        }
        None => {
            let body = ProcessBody::Host(HostBody { handle: declared.handle, reason });
            (body, Default::default(), Default::default(), Vec::new(), Marks::default(), HashMap::new())
        }
    };
    let span = def.map_or(declared.span, |def| def.span);
    let mut process = Process { name: declared.name.clone(), kind, body, doc: def.and_then(doc), span };
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
    let in_text = declared.function.zip(def).map(|(home, def)| driven_nets(cx, home, def));
    let (uses, drives) = used_and_driven(cx, &process, declared.function, in_text.as_ref());
    if !is_lowered {
        // Python may show what it sees, and store what it likes.
        let is_bool = |net: &&NetId| cx.nets.net(**net).ty == Type::Bool;
        marks.shown.extend(uses.iter().filter(is_bool));
        marks.integers.extend(drives.iter().filter(is_bool));
    }
    let uses: BTreeSet<NetId> = uses.into_iter().chain(trigger_nets(&process)).collect();
    if let (Some(sensitivity), true) = (levels(&process.kind), is_lowered) {
        let by_element = matches!(process.kind, ProcessKind::Comb { .. })
            && declared
                .function
                .zip(def)
                .is_some_and(|(home, def)| reads_by_element(cx, home, def, &sensitivity));
        warnings.extend(incomplete_sensitivity(cx, &process, &sensitivity, by_element));
    }
    let would_drive = match in_text {
        Some(in_text) if is_lowered => &in_text - &drives,
        _ => BTreeSet::new(),
    };
    let placed = Placed { process, block: declared.block, uses, drives, would_drive };
    LoweredProcess { placed, frozen, slots, nexts, marks, picked_from, warnings, hidden, verdicts }
}

/// Why the host must run a process, whatever its text says.
fn obstacles(
    cx: &Context<'_>,
    declared: &pyhw_elaborate::Process,
    kind: &ProcessKind,
    def: Option<&FunctionDef>,
) -> Vec<Diagnostic> {
    let mut reason = declared.reason.clone();
    if let (Some(function), None) = (declared.function, def) {
        reason.extend(cx.parsed.faults(cx.elaborated.function(function).file).iter().cloned());
        if reason.is_empty() {
            let message = format!("the source of `{}` was not found", declared.name);
            reason.push(Diagnostic::new(Code::PH0106, declared.span, message));
        }
    }
    if let ProcessKind::Clocked { events, .. } = kind
        && events.iter().any(|event| event.edge != Edge::Any && !cx.nets.net(event.net).ty.has_edges(false))
    {
        // MyHDL takes a change from zero for a rising edge: only the host can wait for that.
        let message = "a signal of more than one bit has no edges";
        reason.push(Diagnostic::new(Code::PH0201, declared.span, message));
    }
    if woken_by(kind).iter().any(|net| cx.nets.net(*net).ty == Type::Opaque) {
        let message = format!("`{}` waits for a signal of Python objects", declared.name);
        reason.push(Diagnostic::new(Code::PH0201, declared.span, message));
    }
    reason
}

/// What stands before the process is told of it as what its docstring says. At the left margin it is of the file.
fn doc(def: &FunctionDef) -> Option<String> {
    let is_inner = def.span.start.column > 0;
    let before = def.leading.iter().filter(|_| is_inner).map(|comment| comment.text.clone());
    let lines: Vec<String> = before.chain(def.docstring()).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Lowers the text of a process, each time with what the time before found out, until nothing is added.
fn lower_text<'a>(
    cx: &'a Context<'a>,
    id: ProcessId,
    kind: &ProcessKind,
    home: FunctionId,
    def: &'a FunctionDef,
) -> Lowerer<'a> {
    let lowered = |known: &Earlier| {
        let mut lowerer = Lowerer::new(cx, *kind == ProcessKind::Timed, cx.elaborated.process(id).block);
        lowerer.earlier = known.clone();
        lowerer.levels = levels(kind);
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
    lowerer.errors.extend(limits::too_deep(&lowerer.body));
    if *kind != ProcessKind::Timed {
        lowerer.errors.extend(limits::text_as_value(&lowerer.body));
    }
    lowerer
}

/// The nets that a process reads or drives, and those that it drives; of one that the host runs, those that its names lead to, and those
/// that its text drives.
fn used_and_driven(
    cx: &Context<'_>,
    process: &Process,
    home: Option<FunctionId>,
    in_text: Option<&BTreeSet<NetId>>,
) -> (BTreeSet<NetId>, BTreeSet<NetId>) {
    let mut uses: BTreeSet<NetId> = pyhw_passes::read_nets(process).into_iter().collect();
    let drives: BTreeSet<NetId> = match (&process.body, home) {
        (ProcessBody::Host(_), Some(home)) => {
            uses.extend(reachable(cx, home));
            in_text.cloned().unwrap_or_default()
        }
        (ProcessBody::Host(_), None) | (ProcessBody::Ir(_), _) => {
            pyhw_passes::written_nets(process).into_iter().collect()
        }
    };
    uses.extend(drives.iter().copied());
    (uses, drives)
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
    // In a loop of activations, `return` ends the activation and not the process; nor does it leave registers unset.
    let goes_on = waits_first.is_some() || registers.iter().any(|kept| kept.place.is_some());
    let mut frame = Frame::new(home, None, goes_on.then_some(Returns { label: None, vars: None }));
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
    keep_registers(lowerer, &kept, &mut stmts, def.span);
    if let Some(senses) = waits_first {
        stmts = activations(lowerer, senses, stmts, def.span);
    }
    lowerer.body.stmts = stmts;
    refuse_latches(lowerer, &kept, def.span);
}

/// Integers that a process changes begin with what they hold, and those with a net go back into it.
fn keep_registers(lowerer: &mut Lowerer<'_>, kept: &[(&Kept, VarId)], stmts: &mut Vec<Stmt>, span: Span) {
    for (kept, var) in kept {
        let ty = &kept.declared.ty;
        let first = match (kept.place, kept.keeping) {
            (Some(net), _) => lowerer.body.exprs.net(net, ty, span),
            (None, Keeping::InNet | Keeping::InVariable) => {
                lowerer.body.exprs.constant(kept.declared.init.clone(), ty.clone(), span)
            }
            (None, Keeping::Nothing) => continue,
        };
        stmts.insert(0, Stmt::new(StmtKind::Assign { place: Place::var(*var), value: first }, span));
        if let Some(net) = kept.place {
            let value = lowerer.body.exprs.var(*var, ty, span);
            stmts.push(Stmt::new(StmtKind::Next { place: Place::net(net), value }, span));
        }
    }
}

/// A process that a delay wakes waits before each of its runs.
fn activations(lowerer: &mut Lowerer<'_>, senses: &[Sense], mut run: Vec<Stmt>, span: Span) -> Vec<Stmt> {
    let mut waits = Vec::new();
    for sense in senses {
        waits.push(match sense {
            Sense::Delay(steps) => Wait::Delay(lowerer.body.exprs.int(*steps, span)),
            Sense::Event(signal, edge) => {
                Wait::Event(Event { net: net_of(lowerer.cx, *signal), edge: *edge })
            }
        });
    }
    run.insert(0, Stmt::new(StmtKind::Wait(waits), span));
    let cond = lowerer.body.exprs.bool(true, span);
    let label = lowerer.body.add_label("always");
    vec![Stmt::new(StmtKind::While { label, cond, body: run }, span)]
}

/// Combinational logic may not read what an earlier run left in an integer.
fn refuse_latches(lowerer: &mut Lowerer<'_>, kept: &[(&Kept, VarId)], span: Span) {
    let unset = pyhw_ir::eval::maybe_unset(&lowerer.body);
    for (kept, var) in kept {
        if kept.keeping == Keeping::Nothing && unset[var.index()] {
            let name = &kept.declared.name;
            let message = format!(
                "`{name}` may be read before this run stored into it: combinational logic keeps nothing"
            );
            let error = Diagnostic::new(Code::PH0201, span, message)
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
