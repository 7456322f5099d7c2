//! The declarations of a module.

use crate::block::latches;
use crate::comment::end_comment;
use crate::context::ModuleCx;
use crate::form::{Class, NetForm};
use crate::helper::range_text;
use crate::initial::{fills_by_loop, initial_bits, initial_text, write_memory_fill};
use crate::leaf::declaration;
use crate::literal::{Style, high_impedance, literal};
use crate::module::{LINT_OFF, LINT_ON, comments_before, lint, net_comment, net_guards, type_comment};
use pyhw_diagnostics::Span;
use pyhw_ir::{Int, NetId, NetKind, ProcessKind, Type, Value};
use pyhw_passes::Driver;
use pyhw_text::{Row, Writer, around};
use std::collections::HashSet;

/// What stands before the items, as it is collected net by net.
#[derive(Default)]
struct Declarations {
    /// Nets of which every bit is read.
    rows: Vec<Row>,
    /// The others, of which linters would tell.
    quiet_rows: Vec<Row>,
    /// Initial values of ports.
    initials: Vec<Row>,
    /// Initial values that wake processes.
    announced: Vec<Row>,
    /// Drivers of tri-state nets, and constants at ports.
    assigns: Vec<Row>,
    /// Memories that begin with values of their own.
    memories: Vec<NetId>,
}

/// Writes everything that stands before the items: constants, nets, initial values, functions.
pub fn write_declarations(cx: &mut ModuleCx<'_>, w: &mut Writer) {
    let mut found = Declarations::default();
    for index in 0..cx.module.nets.len() {
        found.net(cx, NetId::new(index));
    }
    found.extra_wires(cx);
    if let Some(started) = cx.used_started() {
        found.rows.push(Row::new(["reg".to_owned(), String::new(), format!("{started};")]));
        found.announced.push(Row::new(["initial".to_owned(), started.to_owned(), "= 1'b1;".to_owned()]));
    }
    let mut fills = Writer::new("    ");
    for id in std::mem::take(&mut found.memories) {
        write_memory_initial(cx, id, &mut fills);
    }
    // The members that all of this names are known now.
    write_enums(cx, w);
    found.write(w);
    let fills = fills.finish_with_origins();
    if !fills.text.is_empty() {
        w.blank();
        w.append(&fills);
    }
    cx.helpers.write(&cx.outer, w);
}

impl Declarations {
    fn net(&mut self, cx: &mut ModuleCx<'_>, id: NetId) {
        let net = cx.module.net(id);
        let form = cx.form(id).clone();
        if form.class == Class::Absent {
            return;
        }
        if let NetKind::Driver(tri) = net.kind {
            let value = match &form.enable {
                Some(enable) => format!("{enable} ? {} : {}", form.name, high_impedance(form.width).s),
                None => form.name.clone(),
            };
            let row = Row::new(["assign".to_owned(), cx.form(tri).name.clone(), format!("= {value};")]);
            self.assigns.push(row.at(net.span));
        }
        if form.memory.is_some() && needs_initial(cx, id, &form) {
            self.memories.push(id);
        }
        match cx.direction(id) {
            Some(_) => self.port(cx, id, &form),
            None => self.inner(cx, id, &form),
        }
    }

    /// A port is declared in the head of the module; here it gets a value.
    fn port(&mut self, cx: &mut ModuleCx<'_>, id: NetId, form: &NetForm) {
        let rows = match form.class {
            Class::Reg if needs_initial(cx, id, form) && !cx.wakes.is_awaited(id) => &mut self.initials,
            Class::Constant => &mut self.assigns,
            Class::Reg | Class::Wire | Class::Absent => return,
        };
        let keyword = if form.class == Class::Constant { "assign" } else { "initial" };
        let value = initial_text(cx, id);
        let row = Row::new([keyword.to_owned(), form.name.clone(), format!("= {};", value.s)]);
        rows.push(row.at(cx.module.net(id).span));
    }

    fn inner(&mut self, cx: &mut ModuleCx<'_>, id: NetId, form: &NetForm) {
        let row = declaration_row(cx, id, form);
        let announces = is_announced(cx, id, form);
        if announces {
            let value = initial_text(cx, id);
            let row = Row::new(["initial".to_owned(), form.name.clone(), format!("= {};", value.s)]);
            self.announced.push(row.at(cx.module.net(id).span));
        }
        let bits_read = cx.reads[id.index()].covers(form.width);
        let list = if bits_read || cx.foreign().is_some() { &mut self.rows } else { &mut self.quiet_rows };
        list.extend(comments_before(cx, id));
        if cx.is_list(id) {
            list.push(Row::new(["(* mem2reg *)"]));
        }
        let guards = net_guards(cx, id);
        list.extend(guards.iter().map(|word| Row::new([lint("off", word)])));
        list.push(row);
        list.extend(guards.iter().rev().map(|word| Row::new([lint("on", word)])));
        if let Some(enable) = &form.enable {
            self.enable(cx, id, form, enable, announces);
        }
    }

    /// The bit that tells whether a driver of a tri-state net drives it.
    fn enable(&mut self, cx: &ModuleCx<'_>, id: NetId, form: &NetForm, enable: &str, announces: bool) {
        let init = format!("= 1'b{};", u8::from(cx.module.net(id).init != Value::Z));
        let mut row = vec!["reg".to_owned(), String::new()];
        if announces {
            self.announced.push(Row::new(["initial".to_owned(), enable.to_owned(), init]));
            row.push(format!("{enable};"));
        } else if needs_initial(cx, id, form) {
            row.extend([enable.to_owned(), init]);
        } else {
            row.push(format!("{enable};"));
        }
        self.rows.push(Row::new(row));
    }

    /// The wires that expressions turned out to need.
    fn extra_wires(&mut self, cx: &mut ModuleCx<'_>) {
        for wire in std::mem::take(&mut cx.extra_wires) {
            if wire.reads.is_empty() {
                continue;
            }
            let [keyword, range] = declaration("wire", wire.signed, wire.width);
            let rows = if wire.reads.covers(wire.width) { &mut self.rows } else { &mut self.quiet_rows };
            rows.push(Row::new([keyword, range, wire.name, format!("= {};", wire.value)]).at(wire.span));
        }
    }

    fn write(&self, w: &mut Writer) {
        if !self.rows.is_empty() || !self.quiet_rows.is_empty() {
            w.blank();
            w.table(&self.rows);
            if !self.quiet_rows.is_empty() {
                w.line(LINT_OFF);
                w.table(&self.quiet_rows);
                w.line(LINT_ON);
            }
        }
        if !self.announced.is_empty() {
            w.blank();
            w.line("// Not in the declarations: the change at time 0 wakes the combinational blocks.");
            w.table(&self.announced);
        }
        for table in [&self.initials, &self.assigns] {
            if !table.is_empty() {
                w.blank();
                w.table(table);
            }
        }
    }
}

/// An `initial` that gives a memory its first values.
fn write_memory_initial(cx: &mut ModuleCx<'_>, id: NetId, w: &mut Writer) {
    let form = cx.form(id).clone();
    let name = cx.fresh(&format!("{}_init", form.name));
    let counter = cx.outer.local("i", &mut HashSet::new());
    let before = w.set_span(cx.module.net(id).span);
    w.blank();
    w.line(format!("initial begin : {name}"));
    w.indent();
    if fills_by_loop(cx.module, id) {
        w.line(format!("integer {counter};"));
        w.blank();
    }
    write_memory_fill(cx, id, &counter, None, "=", w);
    w.dedent();
    w.line("end");
    w.set_span(before);
}

/// Whether the initial value of a register stands in an `initial` rather than in its declaration.
fn is_announced(cx: &ModuleCx<'_>, id: NetId, form: &NetForm) -> bool {
    form.class == Class::Reg
        && form.memory.is_none()
        && needs_initial(cx, id, form)
        && cx.wakes.is_announced(id)
}

fn declaration_row(cx: &mut ModuleCx<'_>, id: NetId, form: &NetForm) -> Row {
    let net = cx.module.net(id);
    let is_reg = form.class == Class::Reg || (form.memory.is_some() && cx.foreign().is_none());
    let [keyword, range] = declaration(if is_reg { "reg" } else { "wire" }, form.signed, form.width);
    let comment = if let (Type::Array(element, _), Some(_)) = (&net.ty, form.memory) {
        let behind = net.comment.as_deref().and_then(|comment| around(comment, usize::MAX).1);
        let parts: Vec<String> = type_comment(element, &cx.design.types).into_iter().chain(behind).collect();
        end_comment(&parts)
    } else {
        net_comment(cx, id)
    };
    let row = match form.memory {
        Some(length) => Row::new([keyword, range, format!("{} [0:{}];", form.name, length.max(1) - 1)]),
        None if form.class == Class::Constant
            || (is_reg && needs_initial(cx, id, form) && !is_announced(cx, id, form)) =>
        {
            let value = initial_text(cx, id);
            Row::new([keyword, range, form.name.clone(), format!("= {};", value.s)])
        }
        None => Row::new([keyword, range, format!("{};", form.name)]),
    };
    row.comment(comment).at(net.span)
}

/// Whether the initial value is said: of registers and latches, of what timed processes drive, and of registers that a user's own text
/// drives. Constants always have it.
pub fn needs_initial(cx: &ModuleCx<'_>, id: NetId, form: &NetForm) -> bool {
    if form.class == Class::Constant {
        return true;
    }
    let loaded = cx.module.net(id).loaded;
    let has_init = cx.options.init || loaded;
    let is_zero = || initial_bits(cx.module, cx.design, id).is_some_and(|bits| bits == Int::ZERO);
    if form.memory.is_some() && !cx.options.zero_memories && !loaded && is_zero() {
        return false;
    }
    if let Some(code) = cx.foreign() {
        // Text that gives initial values itself is left to do so.
        return form.class == Class::Reg && has_init && !pyhw_ir::foreign::has_initial(&code.text);
    }
    form.class == Class::Reg
        && cx.facts.drivers(id).iter().any(|driver| match driver {
            Driver::Process(process) => match cx.module.processes[process.index()].kind {
                ProcessKind::Clocked { .. } => has_init,
                ProcessKind::Timed => true,
                ProcessKind::Comb { .. } => has_init && latches(cx, *process).contains(&id),
            },
            Driver::Instance(..) | Driver::Input => false,
        })
}

fn write_enums(cx: &ModuleCx<'_>, w: &mut Writer) {
    for (index, names) in cx.enum_names.iter().enumerate() {
        let used = &cx.enum_used[index];
        if !used.contains(&true) {
            continue;
        }
        let ty = &cx.design.types.enums[index];
        let all_used = used.iter().all(|used| *used);
        w.blank();
        let before = w.set_span(if ty.span.is_known() { ty.span } else { Span::NONE });
        if !all_used {
            w.line(LINT_OFF);
        }
        let rows: Vec<Row> = names
            .iter()
            .zip(&ty.members)
            .map(|(name, (_, code))| {
                let value = literal(code, ty.width_bits, Style::Plain).s;
                Row::new([
                    "localparam".to_owned(),
                    range_text(ty.width_bits),
                    name.clone(),
                    format!("= {value};"),
                ])
            })
            .collect();
        w.table(&rows);
        if !all_used {
            w.line(LINT_ON);
        }
        w.set_span(before);
    }
}
