//! Processes: `assign`, `always` and `initial`.

use crate::assigned::seen;
use crate::assigns;
use crate::comment::comment;
use crate::context::{self, Class, ModuleCx, Reads};
use crate::expr::{Scope, VarForm};
use crate::flow::{self, Exit};
use crate::helper::{range_text, select};
use crate::layout;
use crate::leaf::declaration;
use crate::literal::{Style, high_impedance, literal};
use crate::loops::{ROW, counts_only};
use crate::stmt::{Manner, Stmts};
use crate::text::Text;
use crate::wait::event_text;
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::{
    Body, Edge, Event, ExprId, Exprs, Int, Module, NetId, Process, ProcessBody, ProcessId, ProcessKind,
    Reset, Root, Stmt, StmtKind, Type, Value, VarId, walk_stmts,
};
use pyhw_passes::structure::on_every_path;
use pyhw_passes::{reads_behind_its_stores, restored_nets};
use pyhw_text::{Row, Writer, comment_lines};
use std::collections::{BTreeMap, BTreeSet, HashMap};

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

fn scope<'e, 'a>(cx: &'e mut ModuleCx<'a>, id: ProcessId, body: &'a Body) -> Scope<'e, 'a> {
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

/// The initial value of some bits of a net.
pub fn initial_part(cx: &ModuleCx<'_>, net: NetId, low: u32, width: u32) -> Text {
    match context::initial_bits(cx.module, cx.design, net) {
        Some(bits) => literal(&bits.shr(low).low_bits(width), width, Style::Plain),
        None => high_impedance(width),
    }
}

/// The initial value of a whole net that is no memory.
pub fn initial_text(cx: &mut ModuleCx<'_>, net: NetId) -> Text {
    let module = cx.module;
    let form = cx.form(net).clone();
    if form.enable.is_some() && module.net(net).init == Value::Z {
        return literal(&Int::ZERO, form.width, Style::Plain);
    }
    value_text(cx, &module.net(net).init, &module.net(net).ty, form.width, form.signed)
}

/// A constant of a type.
pub fn value_text(cx: &mut ModuleCx<'_>, value: &Value, ty: &Type, width: u32, signed: bool) -> Text {
    if let (Value::Enum(member), Type::Enum(id)) = (value, ty)
        && let Some(text) = cx.member(*id, *member)
    {
        return text;
    }
    match layout::pack(value, ty, &cx.design.types) {
        Some(bits) => literal(&bits, width, if signed { Style::Signed } else { Style::Plain }),
        None => high_impedance(width),
    }
}

/// The bits of a net that no process stores into, as pairs of lowest bit and width; told for the first of its drivers only.
fn missing_bits(cx: &ModuleCx<'_>, id: ProcessId, net: NetId) -> Vec<(u32, u32)> {
    let form = cx.form(net);
    if form.memory.is_some() || !matches!(form.class, Class::Wire | Class::Reg) {
        return Vec::new();
    }
    let drivers = cx.facts.drivers(net);
    if drivers.first() != Some(&pyhw_passes::Driver::Process(id)) {
        return Vec::new();
    }
    let mut stored = BTreeSet::new();
    for driver in drivers {
        let pyhw_passes::Driver::Process(process) = driver else { return Vec::new() };
        match assigns::stored_bits(cx.design, cx.module, *process, net) {
            Some(bits) => stored.extend(bits),
            None => return Vec::new(),
        }
    }
    stretches((0..form.width).filter(|bit| !stored.contains(&u64::from(*bit))))
}

/// Neighbouring bits as pairs of lowest bit and width.
fn stretches(bits: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
    let mut result: Vec<(u32, u32)> = Vec::new();
    for bit in bits {
        match result.last_mut() {
            Some((low, width)) if *low + *width == bit => *width += 1,
            _ => result.push((bit, 1)),
        }
    }
    result
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

/// `HEAD begin : NAME … end` with the locals that the statements turn out to need.
fn write_block(
    cx: &mut ModuleCx<'_>,
    id: ProcessId,
    head: &str,
    manner: Manner,
    reset: Option<&Reset>,
    w: &mut Writer,
) {
    let module = cx.module;
    let process = &module.processes[id.index()];
    let ProcessBody::Ir(body) = &process.body else { return };
    let name = cx.process_names[id.index()].clone();
    let writes = cx.facts.writes(id).to_vec();
    let missing: Vec<(NetId, Vec<(u32, u32)>)> = if manner.timed || reset.is_some() {
        Vec::new()
    } else {
        writes.iter().map(|net| (*net, missing_bits(cx, id, *net))).collect()
    };
    let is_comb = matches!(process.kind, ProcessKind::Comb { .. });
    let sign = if manner.nonblocking { "<=" } else { "=" };
    let mut scope = scope(cx, id, body);
    scope.hoists_memories = head.contains("@*");
    let statements = if manner.timed {
        body.stmts.clone()
    } else {
        flow::structured(&flow::decided(&body.stmts, &body.exprs))
    };
    let mut stmts = Stmts::new(&mut scope, manner.clone(), name.clone(), &statements);
    let mut text = Writer::new("    ");
    text.set_span(process.span);
    for (net, ranges) in missing {
        for (low, width) in ranges {
            let value = initial_part(stmts.scope.cx, net, low, width);
            let form = stmts.scope.cx.form(net);
            let target = select(&form.name, form.width, low, width);
            stmts.assignment(target, sign, &value, None, process.span);
        }
    }
    let seen = seen(&statements, &body.exprs, &stmts.needed);
    let mut remembered = Vec::new();
    if is_comb {
        let always = on_every_path(body);
        for net in always.iter().filter(|net| !seen.stored.contains(&Root::Net(**net))) {
            if stmts.scope.cx.form(*net).enable.is_some() {
                continue;
            }
            // No path keeps this value, but tools that do not follow the flags would infer a latch.
            let value = initial_text(stmts.scope.cx, *net);
            let target = stmts.scope.cx.form(*net).name.clone();
            stmts.assignment(target, "=", &value, None, process.span);
        }
        remembered = latches(stmts.scope.cx, id);
        if !stmts.scope.cx.options.latches {
            // What the process reads itself is told as that.
            let read = stmts.scope.cx.facts.reads(id).to_vec();
            for net in remembered.iter().filter(|net| !read.contains(net)) {
                let name = module.net(*net).name.clone();
                let message = format!("not every path gives `{name}` a value");
                stmts.scope.cx.refuse_as(Code::PH0404, process.span, message);
            }
        }
    }
    stmts.flush(&mut text);
    let mut counters = Vec::new();
    match reset {
        None => stmts.list(&statements, &mut text),
        Some(reset) => {
            let condition = stmts.scope.cx.form(reset.net).name.clone();
            let restores = !restored_nets(process).is_empty();
            let condition = if reset.active_high == restores { condition } else { format!("!{condition}") };
            text.line(format!("if ({condition}) begin"));
            text.indent();
            if restores {
                write_reset(&mut stmts, id, &mut counters, &mut text);
            } else {
                stmts.list(&statements, &mut text);
            }
            text.dedent();
            match &statements[..] {
                _ if !restores => text.line("end"),
                [] => text.line("end"),
                [Stmt { kind: StmtKind::If { arms, .. }, .. }]
                    if arms.iter().any(|(cond, _)| stmts.scope.value(*cond).is_some()) =>
                {
                    text.line("end else begin");
                    text.indent();
                    stmts.list(&statements, &mut text);
                    text.dedent();
                    text.line("end");
                }
                [Stmt { kind: StmtKind::If { arms, orelse }, comments, span }]
                    if comments.leading.is_empty() && stmts.needed.is_empty() =>
                {
                    let end = comments
                        .trailing
                        .as_deref()
                        .map_or_else(String::new, |t| format!("  {}", comment(t)));
                    text.set_span(*span);
                    stmts.scope.span = *span;
                    stmts.branches(arms, orelse, "end else ", &end, &mut text);
                }
                all => {
                    text.line("end else begin");
                    text.indent();
                    stmts.list(all, &mut text);
                    text.dedent();
                    text.line("end");
                }
            }
        }
    }
    let flags = if manner.timed { Default::default() } else { std::mem::take(&mut stmts.exits) };
    counters.append(&mut stmts.counters);
    let asked = std::mem::take(&mut stmts.asked);
    let head = match &process.kind {
        ProcessKind::Comb { .. } if is_never_woken(&scope) => {
            let mut names = vec![scope.cx.started()];
            names.extend(scope.nets_read.iter().map(|net| scope.cx.form(*net).name.clone()));
            format!("always @({})", names.join(" or "))
        }
        ProcessKind::Comb { .. } | ProcessKind::Clocked { .. } | ProcessKind::Timed => head.to_owned(),
    };
    if !remembered.is_empty() {
        w.line("/* verilator lint_off LATCH */");
    }
    w.line(format!("{head} begin : {name}"));
    w.indent();
    write_locals(&scope, &flags, &asked, &counters, w);
    let seen_unset = match manner.timed || is_comb {
        false => seen.read_unset,
        true => BTreeSet::new(),
    };
    write_defaults(&scope, &statements, is_comb, &seen_unset, &flags, w);
    w.append(&text.finish_with_origins());
    w.dedent();
    w.line("end");
    if !remembered.is_empty() {
        w.line("/* verilator lint_on LATCH */");
    }
}

/// Whether nothing that the text reads changes at time zero. The elements of memories do: they take their values from an `initial`.
fn is_never_woken(scope: &Scope<'_, '_>) -> bool {
    scope.nets_read.iter().all(|net| scope.cx.form(*net).memory.is_none() && scope.cx.wakes.is_silent(*net))
}

/// The nets that some paths give no value, and that nothing stores into in parts: they remember.
pub fn latches(cx: &ModuleCx<'_>, id: ProcessId) -> Vec<NetId> {
    let process = &cx.module.processes[id.index()];
    let ProcessBody::Ir(body) = &process.body else { return Vec::new() };
    let always = on_every_path(body);
    let mut parts = BTreeSet::new();
    walk_stmts(&body.stmts, &mut |stmt| {
        if let StmtKind::Next { place, .. } = &stmt.kind
            && let Root::Net(net) = place.root
            && !place.path.is_empty()
        {
            parts.insert(net);
        }
    });
    let writes = cx.facts.writes(id).iter();
    writes.filter(|net| !always.contains(net) && !parts.contains(net)).copied().collect()
}

/// The reset branch: what it restores takes its initial value; ports come last.
fn write_reset(stmts: &mut Stmts<'_, '_, '_>, id: ProcessId, counters: &mut Vec<String>, w: &mut Writer) {
    let module = stmts.scope.cx.module;
    let (ports, inner): (Vec<NetId>, Vec<NetId>) = restored_nets(&module.processes[id.index()])
        .into_iter()
        .partition(|net| stmts.scope.cx.direction(*net).is_some());
    let span = module.processes[id.index()].span;
    let mut row: Option<String> = None;
    for net in inner.iter().chain(&ports) {
        let form = stmts.scope.cx.form(*net).clone();
        if form.memory.is_some() {
            stmts.flush(w);
            let counter = match counters.first() {
                Some(counter) => counter.clone(),
                None if fills_by_loop(module, *net) => {
                    let counter = stmts.scope.local("i");
                    counters.push(counter.clone());
                    counter
                }
                None => String::new(),
            };
            let is_long = matches!(&module.net(*net).ty, Type::Array(_, length) if *length > ROW);
            let in_rows = is_long && fills_by_loop(module, *net);
            if in_rows && row.is_none() {
                row = Some(stmts.scope.local(&format!("{counter}_row")));
                counters.extend(row.clone());
            }
            let row = row.as_deref().filter(|_| in_rows);
            write_memory_fill(stmts.scope.cx, *net, &counter, row, "<=", w);
            continue;
        }
        let shared = stmts.scope.cx.facts.drivers(*net).len() > 1;
        let own = if shared { assigns::stored_bits(stmts.scope.cx.design, module, id, *net) } else { None };
        match own {
            Some(bits) => {
                for (low, width) in stretches(bits.iter().filter_map(|bit| u32::try_from(*bit).ok())) {
                    let value = initial_part(stmts.scope.cx, *net, low, width);
                    stmts.assignment(select(&form.name, form.width, low, width), "<=", &value, None, span);
                }
            }
            None => {
                let drives = module.net(*net).init != Value::Z;
                if form.enable.is_none() || drives {
                    let value = initial_text(stmts.scope.cx, *net);
                    stmts.assignment(form.name, "<=", &value, None, span);
                }
                if let Some(enable) = form.enable {
                    let value = literal(&Int::from(drives), 1, Style::Plain);
                    stmts.assignment(enable, "<=", &value, None, span);
                }
            }
        }
    }
    stmts.flush(w);
}

/// Whether the elements of a memory start with one value, so that a loop can give it to them.
pub fn fills_by_loop(module: &Module, net: NetId) -> bool {
    match &module.net(net).init {
        Value::Array(values) => values.len() > 1 && values.windows(2).all(|pair| pair[0] == pair[1]),
        _ => false,
    }
}

/// Gives a memory its initial value: by a loop where all elements are equal.
///
/// `row` is a further counter for a loop that is to be written in rows.
pub fn write_memory_fill(
    cx: &mut ModuleCx<'_>,
    net: NetId,
    counter: &str,
    row: Option<&str>,
    sign: &str,
    w: &mut Writer,
) {
    let form = cx.form(net).clone();
    let module = cx.module;
    let (Type::Array(element, length), Value::Array(values)) = (&module.net(net).ty, &module.net(net).init)
    else {
        return;
    };
    match values.first() {
        Some(first) if fills_by_loop(module, net) => {
            let value = value_text(cx, first, element, form.width, form.signed);
            let begin = match row {
                Some(row) => {
                    w.line(format!("for ({row} = 0; {row} < {length}; {row} = {row} + {ROW}) begin"));
                    w.indent();
                    format!("{counter} = {row}; {counter} < {row} + {ROW} && {counter} < {length}")
                }
                None => format!("{counter} = 0; {counter} < {length}"),
            };
            w.line(format!("for ({begin}; {counter} = {counter} + 1) begin"));
            w.indent();
            w.line(format!("{}[{counter}] {sign} {};", form.name, value.s));
            for _ in 0..=usize::from(row.is_some()) {
                w.dedent();
                w.line("end");
            }
        }
        _ => {
            let rows: Vec<Row> = values
                .iter()
                .enumerate()
                .map(|(at, value)| {
                    let value = value_text(cx, value, element, form.width, form.signed);
                    Row::new([format!("{}[{at}]", form.name), format!("{sign} {};", value.s)])
                })
                .collect();
            w.table(&rows);
        }
    }
}

/// Declares variables, counters and flags.
fn write_locals(
    scope: &Scope<'_, '_>,
    flags: &BTreeMap<Exit, String>,
    asked: &BTreeSet<String>,
    counters: &[String],
    w: &mut Writer,
) {
    let mut rows = Vec::new();
    let mut unread = Vec::new();
    let mut any = false;
    for form in scope.vars.iter().filter(|form| form.is_named()) {
        any = true;
        if form.is_integer {
            w.line(format!("integer {};", form.name));
            continue;
        }
        let [keyword, range] = declaration("reg", form.signed, form.width);
        let row = Row::new([keyword, range, format!("{};", form.name)]);
        if form.reads.covers(form.width) { rows.push(row) } else { unread.push(row) }
    }
    for name in counters {
        w.line(format!("integer {name};"));
    }
    for name in flags.values() {
        let row = Row::new(["reg".to_owned(), range_text(1), format!("{name};")]);
        if asked.contains(name) { rows.push(row) } else { unread.push(row) }
    }
    w.table(&rows);
    if !unread.is_empty() {
        w.line("/* verilator lint_off UNUSED */");
        w.table(&unread);
        w.line("/* verilator lint_on UNUSED */");
    }
    if any || !rows.is_empty() || !unread.is_empty() || !counters.is_empty() {
        w.blank();
    }
}

/// Puts a value into the locals that not every path sets, so that no latch is inferred for them, nor a register for those that a tool
/// sees unset.
fn write_defaults(
    scope: &Scope<'_, '_>,
    stmts: &[Stmt],
    is_comb: bool,
    seen_unset: &BTreeSet<VarId>,
    flags: &BTreeMap<Exit, String>,
    w: &mut Writer,
) {
    let mut rows = Vec::new();
    let mut set = vec![false; scope.vars.len()];
    let mut cleared = Vec::new();
    for stmt in stmts {
        match &stmt.kind {
            StmtKind::Assign { place, value } if place.path.is_empty() => {
                if let Root::Var(var) = place.root
                    && !reads_var(&scope.body.exprs, *value, var)
                {
                    set[var.index()] = true;
                }
            }
            StmtKind::For { label, .. } | StmtKind::While { label, .. } | StmtKind::Block { label, .. } => {
                cleared.extend([Exit::Break(*label), Exit::Continue(*label)]);
            }
            _ => {}
        }
        if !flow::exits(stmt).is_empty() {
            break;
        }
    }
    for (index, (form, set)) in scope.vars.iter().zip(set).enumerate() {
        let may_be_kept = if is_comb { !set } else { seen_unset.contains(&VarId::new(index)) };
        if may_be_kept && form.is_named() && !form.is_integer {
            let zero = literal(&Int::ZERO, form.width, Style::Plain).s;
            rows.push(Row::new([form.name.clone(), format!("= {zero};")]));
        }
    }
    for (exit, flag) in flags {
        if *exit == Exit::Return || (is_comb && !cleared.contains(exit)) {
            rows.push(Row::new([flag.clone(), "= 1'b0;".to_owned()]));
        }
    }
    w.table(&rows);
}

fn reads_var(exprs: &Exprs, e: ExprId, var: pyhw_ir::VarId) -> bool {
    let mut found = false;
    exprs.walk(e, &mut |part| found |= *exprs.kind(part) == pyhw_ir::ExprKind::Var(var));
    found
}
