//! A procedure: `HEAD begin : NAME … end` with its locals, the branch of its reset, and the values that keep tools from latches.

use crate::assigned::seen;
use crate::assigns;
use crate::comment::comment;
use crate::context::ModuleCx;
use crate::expr::Scope;
use crate::flow::{self, Exit};
use crate::helper::{range_text, select};
use crate::initial::{fills_by_loop, initial_part, initial_text, missing_bits, stretches, write_memory_fill};
use crate::leaf::declaration;
use crate::literal::{Style, literal};
use crate::loops::ROW;
use crate::process::scope;
use crate::stmt::{Manner, Stmts};
use pyhw_diagnostics::Code;
use pyhw_ir::{
    Body, ExprId, ExprKind, Exprs, Int, NetId, ProcessBody, ProcessId, ProcessKind, Reset, Root, Stmt,
    StmtKind, Type, Value, VarId, walk_stmts,
};
use pyhw_passes::restored_nets;
use pyhw_passes::structure::on_every_path;
use pyhw_text::{Row, Writer};
use std::collections::{BTreeMap, BTreeSet};

/// `HEAD begin : NAME … end` with the locals that the statements turn out to need.
pub fn write_block(
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
    let remembered = if is_comb { write_hidden(&mut stmts, id, body, &seen.stored) } else { Vec::new() };
    stmts.flush(&mut text);
    let mut counters = match reset {
        None => {
            stmts.list(&statements, &mut text);
            Vec::new()
        }
        Some(reset) => write_with_reset(&mut stmts, id, reset, &statements, &mut text),
    };
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

/// Gives a first value to what every path of a combinational process stores into and tools do not see stored, since they do not follow
/// flags: no path keeps it, but they would infer a latch. The nets that do remember are told of, and given.
fn write_hidden(
    stmts: &mut Stmts<'_, '_, '_>,
    id: ProcessId,
    body: &Body,
    seen: &BTreeSet<Root>,
) -> Vec<NetId> {
    let module = stmts.scope.cx.module;
    let span = module.processes[id.index()].span;
    for net in on_every_path(body) {
        if seen.contains(&Root::Net(net)) || stmts.scope.cx.form(net).enable.is_some() {
            continue;
        }
        let value = initial_text(stmts.scope.cx, net);
        let target = stmts.scope.cx.form(net).name.clone();
        stmts.assignment(target, "=", &value, None, span);
    }
    let remembered = latches(stmts.scope.cx, id);
    if !stmts.scope.cx.options.latches {
        // What the process reads itself is told as that.
        let read = stmts.scope.cx.facts.reads(id).to_vec();
        for net in remembered.iter().filter(|net| !read.contains(net)) {
            let message = format!("not every path gives `{}` a value", module.net(*net).name);
            stmts.scope.cx.refuse_as(Code::PH0404, span, message);
        }
    }
    remembered
}

/// Writes the statements behind the branch of the reset, and gives the counters that this needs.
fn write_with_reset(
    stmts: &mut Stmts<'_, '_, '_>,
    id: ProcessId,
    reset: &Reset,
    statements: &[Stmt],
    w: &mut Writer,
) -> Vec<String> {
    let mut counters = Vec::new();
    let condition = stmts.scope.cx.form(reset.net).name.clone();
    let restores = !restored_nets(&stmts.scope.cx.module.processes[id.index()]).is_empty();
    let condition = if reset.active_high == restores { condition } else { format!("!{condition}") };
    w.line(format!("if ({condition}) begin"));
    w.indent();
    if restores {
        write_reset(stmts, id, &mut counters, w);
    } else {
        stmts.list(statements, w);
    }
    w.dedent();
    let is_known = |cond: ExprId| stmts.scope.value(cond).is_some();
    match statements {
        _ if !restores => w.line("end"),
        [] => w.line("end"),
        [Stmt { kind: StmtKind::If { arms, orelse }, comments, span }]
            if comments.leading.is_empty()
                && stmts.needed.is_empty()
                && !arms.iter().any(|(cond, _)| is_known(*cond)) =>
        {
            let end = comments.trailing.as_deref().map_or_else(String::new, |t| format!("  {}", comment(t)));
            w.set_span(*span);
            stmts.scope.span = *span;
            stmts.branches(arms, orelse, "end else ", &end, w);
        }
        all => {
            w.line("end else begin");
            w.indent();
            stmts.list(all, w);
            w.dedent();
            w.line("end");
        }
    }
    counters
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

fn reads_var(exprs: &Exprs, e: ExprId, var: VarId) -> bool {
    let mut found = false;
    exprs.walk(e, &mut |part| found |= *exprs.kind(part) == ExprKind::Var(var));
    found
}
