//! Processes: `assign`, `always` and `initial`.

use crate::block::write_block;
use crate::comment::comment;
use crate::context::ModuleCx;
use crate::expr::{Scope, VarForm};
use crate::helper::select;
use crate::initial::{initial_part, missing_bits};
use crate::layout;
use crate::loops::counts_only;
use crate::reads::Reads;
use crate::stmt::{Manner, Stmts};
use crate::wait::event_text;
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::{
    Body, Edge, Event, NetId, Process, ProcessBody, ProcessId, ProcessKind, Reset, StmtKind, Type, walk_stmts,
};
use pyhw_passes::{reads_behind_its_stores, restored_nets};
use pyhw_text::{Writer, comment_lines};
use std::collections::{BTreeSet, HashMap};

/// The deepest expression that is written. The emitters call themselves for operands.
const MAX_DEPTH: u32 = 400;
/// The largest expression that is written, in operators and operands after sharing is lost.
const MAX_SIZE: u64 = 200_000;

/// Writes the process with the comments before it.
pub fn write_process(cx: &mut ModuleCx<'_>, id: ProcessId, w: &mut Writer) {
    let module = cx.module;
    let process = &module.processes[id.index()];
    let body = match &process.body {
        ProcessBody::Ir(body) => body,
        ProcessBody::Host(_) => {
            cx.diagnostics.extend(process.refusals());
            return;
        }
    };
    if !is_writable(cx, process, body) {
        return;
    }
    let before = w.set_span(process.span);
    w.blank();
    let place = cx.design.sources.line(process.span);
    if !place.is_empty() {
        w.line(comment(&place));
    }
    for line in process.doc.iter().flat_map(|doc| comment_lines(doc, 96)) {
        w.line(comment(&line));
    }
    let unheard = pyhw_passes::structure::unheard(cx.module, &cx.facts, id);
    cx.diagnostics.extend(unheard);
    match &process.kind {
        ProcessKind::Comb { .. } if cx.assigned[id.index()] => write_assigns(cx, id, body, w),
        ProcessKind::Comb { sensitivity } => write_comb(cx, id, body, sensitivity, w),
        ProcessKind::Clocked { events, reset } => write_clocked(cx, id, body, events, reset.as_ref(), w),
        ProcessKind::Timed => write_timed(cx, id, w),
    }
    w.set_span(before);
}

/// Refuses expressions that are too deep or too large once nothing is shared.
fn is_writable(cx: &mut ModuleCx<'_>, process: &Process, body: &Body) -> bool {
    let mut sizes: Vec<(u32, u64)> = Vec::with_capacity(body.exprs.len());
    for id in body.exprs.ids() {
        let (depth, size) = body.exprs.operands(id).iter().fold((0u32, 1u64), |(depth, size), arg| {
            let (inner_depth, inner_size) = sizes[arg.index()];
            (depth.max(inner_depth), size.saturating_add(inner_size))
        });
        sizes.push((depth + 1, size));
    }
    let mut worst: Option<Span> = None;
    walk_stmts(&body.stmts, &mut |stmt| {
        for root in stmt.kind.exprs() {
            let (depth, size) = sizes[root.index()];
            if depth > MAX_DEPTH || size > MAX_SIZE {
                worst = Some(stmt.span);
            }
        }
    });
    if let Some(span) = worst {
        let diagnostic =
            Diagnostic::new(Code::PH0501, span, "an expression that is too large to be written out")
                .help(format!("keep parts of it in variables of `{}`", process.name));
        cx.diagnostics.push(diagnostic);
    }
    worst.is_none()
}

/// What is known of a process while it is written.
pub fn scope<'e, 'a>(cx: &'e mut ModuleCx<'a>, id: ProcessId, body: &'a Body) -> Scope<'e, 'a> {
    let mut counted = vec![false; body.vars.len()];
    walk_stmts(&body.stmts, &mut |stmt| {
        if let StmtKind::For { var, .. } = &stmt.kind {
            counted[var.index()] = true;
        }
    });
    let names = cx.var_names[id.index()].clone();
    let locals = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    let used = used_vars(body);
    let mut vars = Vec::new();
    for (index, (var, name)) in body.vars.iter().zip(names).enumerate() {
        let width = if used[index] { cx.bits(&var.ty, var.span) } else { 1 };
        let signed = layout::is_signed(&var.ty);
        let fits = width < 32 && matches!(var.ty, Type::Int(_));
        let is_integer =
            counted[index] && fits && counts_only(&body.stmts, pyhw_ir::VarId::new(index), false, body);
        let form = if is_integer {
            VarForm { name, width: 32, signed: true, is_integer, reads: Reads::default(), is_written: false }
        } else {
            VarForm { name, width, signed, is_integer, reads: Reads::default(), is_written: false }
        };
        vars.push(form);
    }
    let known = crate::fold::fold(&body.exprs, &cx.design.types, &cx.constants);
    Scope {
        cx,
        body,
        vars,
        hoists_memories: false,
        span: body.stmts.first().map_or(Span::NONE, |stmt| stmt.span),
        locals,
        known,
        nets_read: BTreeSet::new(),
        natural: vec![None; body.exprs.len()],
        leaves: HashMap::new(),
    }
}

/// Which variables the statements name.
fn used_vars(body: &Body) -> Vec<bool> {
    let mut used = vec![false; body.vars.len()];
    let mut seen = vec![false; body.exprs.len()];
    walk_stmts(&body.stmts, &mut |stmt| {
        if let Some(var) = stmt.kind.stored_var() {
            used[var.index()] = true;
        }
        for root in stmt.kind.exprs() {
            if !std::mem::replace(&mut seen[root.index()], true) {
                body.exprs.walk(root, &mut |part| {
                    if let pyhw_ir::ExprKind::Var(var) = body.exprs.kind(part) {
                        used[var.index()] = true;
                    }
                });
            }
        }
    });
    used
}

fn write_assigns<'a>(cx: &mut ModuleCx<'a>, id: ProcessId, body: &'a Body, w: &mut Writer) {
    let stores: Vec<NetId> = cx.facts.writes(id).to_vec();
    let missing: Vec<(NetId, Vec<(u32, u32)>)> =
        stores.iter().map(|net| (*net, missing_bits(cx, id, *net))).collect();
    let mut scope = scope(cx, id, body);
    let manner = Manner { nonblocking: false, timed: false };
    let mut stmts = Stmts::new(&mut scope, manner, String::new(), &[]);
    let mut inner = Writer::new("    ");
    stmts.list(&body.stmts, &mut inner);
    for (net, ranges) in missing {
        for (low, width) in ranges {
            let value = initial_part(stmts.scope.cx, net, low, width);
            let form = stmts.scope.cx.form(net);
            let target = select(&form.name, form.width, low, width);
            stmts.assignment(target, "=", &value, None, Span::NONE);
        }
    }
    stmts.flush(&mut inner);
    // The statements are assignments and comments; each assignment becomes one that holds all the time.
    let text = inner.finish_with_origins();
    let mut origins = text.origins.iter().peekable();
    for (index, line) in text.text.lines().enumerate() {
        let span = origins.next_if(|origin| origin.line as usize == index + 1).map_or(Span::NONE, |o| o.span);
        let before = w.set_span(span);
        w.line(if line.trim_start().starts_with("//") { line.to_owned() } else { format!("assign {line}") });
        w.set_span(before);
    }
}

/// A procedure does not wake itself: of what it stores, and is to run again for, it may read what it has stored before in the same run.
/// A memory is read through wires, which change behind the procedure only.
fn refuse_feedback(cx: &mut ModuleCx<'_>, id: ProcessId, body: &Body, heard: &[NetId]) {
    let writes = cx.facts.writes(id).to_vec();
    let both: Vec<NetId> = cx.facts.reads(id).iter().copied().filter(|net| writes.contains(net)).collect();
    for net in &both {
        let is_memory = cx.form(*net).memory.is_some();
        if !is_memory && heard.contains(net) && reads_behind_its_stores(cx.module, body, *net) {
            continue;
        }
        let span = cx.module.processes[id.index()].span;
        let name = cx.module.net(*net).name.clone();
        cx.refuse_as(
            Code::PH0403,
            span,
            format!("the combinational process reads `{name}`, which it drives"),
        );
    }
}

fn write_comb(cx: &mut ModuleCx<'_>, id: ProcessId, body: &Body, heard: &[NetId], w: &mut Writer) {
    refuse_feedback(cx, id, body, heard);
    let manner = Manner { nonblocking: false, timed: false };
    write_block(cx, id, "always @*", manner, None, w);
}

fn write_clocked<'a>(
    cx: &mut ModuleCx<'a>,
    id: ProcessId,
    body: &'a Body,
    events: &[Event],
    reset: Option<&Reset>,
    w: &mut Writer,
) {
    let level = reset.is_none() && events.iter().all(|event| event.edge == Edge::Any);
    let mut events = events.to_vec();
    let restores = !restored_nets(&cx.module.processes[id.index()]).is_empty();
    if let Some(reset) = reset.filter(|_| !restores) {
        // What becomes active and changes nothing needs no edge.
        events.retain(|event| event.net != reset.net);
    } else if let Some(reset) = reset.filter(|reset| reset.is_async) {
        let edge = if reset.active_high { Edge::Rising } else { Edge::Falling };
        if !events.iter().any(|event| event.net == reset.net) {
            events.push(Event { net: reset.net, edge });
        }
    }
    if let Some(reset) = reset
        && cx.form(reset.net).width > 1
    {
        let name = cx.form(reset.net).name.clone();
        let span = cx.module.processes[id.index()].span;
        cx.refuse(span, format!("the reset `{name}` has more than one bit"));
    }
    let list: Vec<String> = {
        let mut scope = scope(cx, id, body);
        events.iter().map(|event| event_text(&mut scope, event)).collect()
    };
    if level {
        let heard: Vec<NetId> = events.iter().map(|event| event.net).collect();
        refuse_feedback(cx, id, body, &heard);
    }
    let head = format!("always @({})", list.join(" or "));
    write_block(cx, id, &head, Manner { nonblocking: !level, timed: false }, reset, w);
}

fn write_timed(cx: &mut ModuleCx<'_>, id: ProcessId, w: &mut Writer) {
    let stores = !cx.facts.writes(id).is_empty();
    // Nonblocking on purpose: signals change one delta later, as in the source.
    if stores {
        w.line("/* verilator lint_off INITIALDLY */");
    }
    write_block(cx, id, "initial", Manner { nonblocking: true, timed: true }, None, w);
    if stores {
        w.line("/* verilator lint_on INITIALDLY */");
    }
}
