//! A module: header, ports, declarations, items.

use crate::comment::{comment, end_comment};
use crate::context::ModuleCx;
use crate::declare::{needs_initial, write_declarations};
use crate::foreign::{filling, write_filling, write_foreign};
use crate::form::Class;
use crate::initial::initial_part;
use crate::leaf::declaration;
use crate::process::write_process;
use pyhw_ir::{Direction, Instance, InstanceId, Item, NetId, ProcessKind, Type, Types};
use pyhw_text::{Namer, Row, Text, Writer, around, comment_lines};

pub const LINT_OFF: &str = "/* verilator lint_off UNUSED */";
pub const LINT_ON: &str = "/* verilator lint_on UNUSED */";
/// Words of C++ and SystemC that Verilator warns of as names of ports, though they are legal in Verilog.
const CPP_WORDS: &[&str] = &[
    "abort",
    "alignas",
    "alignof",
    "and_eq",
    "asm",
    "atomic_cancel",
    "atomic_commit",
    "atomic_noexcept",
    "auto",
    "bit_vector",
    "bitand",
    "bitor",
    "bool",
    "catch",
    "cdecl",
    "char",
    "char16_t",
    "char32_t",
    "compl",
    "complex",
    "concept",
    "const_cast",
    "const_iterator",
    "const_reference",
    "constexpr",
    "decltype",
    "delete",
    "deque",
    "double",
    "dynamic_cast",
    "explicit",
    "false",
    "far",
    "float",
    "friend",
    "goto",
    "huge",
    "inline",
    "interrupt",
    "iterator",
    "list",
    "long",
    "map",
    "multimap",
    "multiset",
    "mutable",
    "namespace",
    "near",
    "noexcept",
    "not_eq",
    "nullptr",
    "operator",
    "or_eq",
    "pascal",
    "private",
    "public",
    "queue",
    "reference",
    "reinterpret_cast",
    "requires",
    "sc_clock",
    "sc_in",
    "sc_inout",
    "sc_out",
    "sc_signal",
    "sensitive",
    "sensitive_neg",
    "sensitive_pos",
    "set",
    "short",
    "sizeof",
    "stack",
    "static_assert",
    "static_cast",
    "switch",
    "synchronized",
    "template",
    "thread_local",
    "throw",
    "transaction_safe",
    "transaction_safe_dynamic",
    "true",
    "try",
    "type_info",
    "typeid",
    "typename",
    "unsigned",
    "using",
    "vector",
    "void",
    "volatile",
    "wchar_t",
    "xor_eq",
];
/// A comment that turns a message of Verilator's off or on.
pub fn lint(state: &str, message: &str) -> String {
    format!("/* verilator lint_{state} {message} */")
}

/// The width that comments are wrapped to, in characters.
const COMMENT_WIDTH: usize = 97;

/// The legal names of the ports of a module, which is called `name`, in order.
pub fn port_names(module: &pyhw_ir::Module, name: &str) -> Vec<String> {
    let mut namer = Namer::hdl();
    namer.reserve(name);
    module.ports.iter().map(|port| namer.fresh(&module.net(port.net).name)).collect()
}

/// Writes the module. `names` are the legal names of the design's modules.
pub fn write_module(cx: &mut ModuleCx<'_>, names: &[String], name: &str) -> Text {
    let mut body = Writer::new("    ");
    body.indent();
    match cx.foreign() {
        Some(foreign) => write_foreign(cx, foreign, &mut body),
        None => {
            for item in &cx.module.items {
                match item {
                    Item::Process(id) => write_process(cx, *id, &mut body),
                    Item::Instance(id) => write_instance(cx, *id, names, &mut body),
                }
            }
        }
    }
    // What the body reads is known now, so that declarations can tell what is not read.
    let mut w = Writer::new("    ");
    w.set_span(cx.module.span);
    write_header(cx, name, &mut w);
    write_ports(cx, name, &mut w);
    let mut inside = Writer::new("    ");
    inside.set_span(cx.module.span);
    inside.indent();
    write_declarations(cx, &mut inside);
    inside.dedent();
    let body = body.finish_with_origins();
    if !body.text.is_empty() {
        inside.blank();
        inside.append(&body);
    }
    w.append(&inside.finish_with_origins());
    w.set_span(cx.module.span);
    w.line("endmodule");
    w.finish_with_origins()
}

fn write_header(cx: &ModuleCx<'_>, name: &str, w: &mut Writer) {
    let module = cx.module;
    let place = cx.design.sources.line(module.span);
    let mut origin = String::from("Emitted by pyhw");
    if !place.is_empty() {
        origin.push_str(&format!(" from {place}"));
    }
    origin.push('.');
    if !module.params.is_empty() {
        let params: Vec<String> = module
            .params
            .iter()
            .map(|(name, value)| format!("{name} = {}", pyhw_text::one_line(value)))
            .collect();
        origin.push_str(&format!(" Parameters: {}.", params.join(", ")));
    }
    let doc = module.doc.as_deref().unwrap_or("").trim();
    if doc.is_empty() {
        if !cx.options.origin {
            return;
        }
        let mut chars = origin.chars();
        let first: String = chars.next().map(|c| c.to_lowercase().collect()).unwrap_or_default();
        for line in comment_lines(&format!("{name}: {first}{}", chars.as_str()), COMMENT_WIDTH) {
            w.line(comment(&line));
        }
        return;
    }
    for line in comment_lines(&format!("{name}: {doc}"), COMMENT_WIDTH) {
        w.line(comment(&line));
    }
    if !cx.options.origin {
        return;
    }
    w.line("//");
    for line in comment_lines(&origin, COMMENT_WIDTH) {
        w.line(comment(&line));
    }
}

/// The findings of Verilator that are no faults of a net as it is declared.
pub fn net_guards(cx: &ModuleCx<'_>, id: NetId) -> Vec<&'static str> {
    let mut guards = Vec::new();
    if cx.both_ways[id.index()] {
        guards.push("SYNCASYNCNET");
    }
    // Bits that follow from other bits of the same net are a loop for Verilator, which looks at whole nets.
    if cx.in_loops.contains(&id) {
        guards.push("UNOPTFLAT");
    }
    if pyhw_passes::has_write_ports(cx.module, &cx.facts, id) {
        guards.push("MULTIDRIVEN");
    }
    guards
}

fn write_ports(cx: &mut ModuleCx<'_>, name: &str, w: &mut Writer) {
    let module = cx.module;
    if module.ports.is_empty() {
        w.line(format!("module {name};"));
        return;
    }
    let mut rows = Vec::new();
    let mut quiet = false;
    for (index, port) in module.ports.iter().enumerate() {
        let net = module.net(port.net);
        let form = &cx.form(port.net).clone();
        let direction = match port.direction {
            Direction::In => "input",
            Direction::Out => "output",
            Direction::InOut => "inout",
        };
        let unread = !cx.reads[port.net.index()].covers(form.width);
        if unread != quiet {
            rows.push(Row::new([if unread { LINT_OFF } else { LINT_ON }]));
            quiet = unread;
        }
        let keyword = if form.class == Class::Reg { "reg" } else { "wire" };
        let [keyword, range] = declaration(keyword, form.signed, form.width);
        let comma = if index + 1 < module.ports.len() { "," } else { "" };
        // An `initial` would be an edge at time zero.
        let init =
            if form.class == Class::Reg && needs_initial(cx, port.net, form) && cx.wakes.is_awaited(port.net)
            {
                format!(" = {}", initial_part(cx, port.net, 0, form.width).s)
            } else {
                String::new()
            };
        let row = Row::new([direction.to_owned(), keyword, range, format!("{}{init}{comma}", form.name)]);
        let row = row.comment(net_comment(cx, port.net)).at(net.span);
        let mut guards = Vec::new();
        if CPP_WORDS.binary_search(&&*form.name).is_ok() {
            guards.push("SYMRSVDWORD");
        }
        guards.extend(net_guards(cx, port.net));
        rows.extend(comments_before(cx, port.net));
        rows.extend(guards.iter().map(|word| Row::new([lint("off", word)])));
        rows.push(row);
        rows.extend(guards.iter().rev().map(|word| Row::new([lint("on", word)])));
    }
    if quiet {
        rows.push(Row::new([LINT_ON]));
    }
    w.line(format!("module {name} ("));
    w.indent();
    w.table(&rows);
    w.dedent();
    w.line(");");
}

/// The comments of the source that stand before the declaration of a net, as rows of their own.
pub fn comments_before(cx: &ModuleCx<'_>, id: NetId) -> Vec<Row> {
    let lines = cx.module.net(id).comment.as_deref().map(|comment| around(comment, COMMENT_WIDTH).0);
    lines.unwrap_or_default().iter().map(|line| Row::new([comment(line)])).collect()
}

/// What the declaration of a net cannot say: how it resets, its interval, its fields, the comment of the source.
pub fn net_comment(cx: &ModuleCx<'_>, id: NetId) -> Option<String> {
    let net = cx.module.net(id);
    let mut parts = Vec::new();
    let reset = cx.module.processes.iter().find_map(|process| match &process.kind {
        ProcessKind::Clocked { reset: Some(reset), .. } if reset.net == id => Some(reset),
        ProcessKind::Clocked { .. } | ProcessKind::Comb { .. } | ProcessKind::Timed => None,
    });
    if let Some(reset) = reset {
        let style = if reset.is_async { "asynchronous" } else { "synchronous" };
        let level = if reset.active_high { "high" } else { "low" };
        parts.push(format!("{style}, active {level}"));
    }
    parts.extend(type_comment(&net.ty, &cx.design.types));
    parts.extend(net.comment.as_deref().and_then(|comment| around(comment, COMMENT_WIDTH).1));
    end_comment(&parts)
}

/// What the bits of a type do not tell.
pub fn type_comment(ty: &Type, types: &Types) -> Option<String> {
    match ty {
        Type::Int(range) => {
            let (min, max) = range.bounds()?;
            if range.is_full() { None } else { Some(format!("{min} to {max}")) }
        }
        Type::Struct(id) => {
            let ty = &types.structs[id.index()];
            let mut low = 0;
            let mut parts = Vec::new();
            for (name, field) in &ty.fields {
                let width = crate::layout::bits(field, types)?;
                let range =
                    if width == 1 { format!("[{low}]") } else { format!("[{}:{low}]", low + width - 1) };
                parts.push(format!("{name} {range}"));
                low += width;
            }
            Some(parts.join(", "))
        }
        Type::Array(element, length) => {
            let inner = type_comment(element, types);
            Some(format!(
                "{length} elements{}",
                inner.map_or_else(String::new, |inner| format!(", each {inner}"))
            ))
        }
        Type::Bool | Type::Enum(_) | Type::Text | Type::Opaque => None,
    }
}

fn write_instance(cx: &mut ModuleCx<'_>, id: InstanceId, names: &[String], w: &mut Writer) {
    let instance: &Instance = &cx.module.instances[id.index()];
    let inner = cx.design.module(instance.module);
    let before = w.set_span(instance.span);
    w.blank();
    let place = cx.design.sources.line(instance.span);
    if !place.is_empty() {
        w.line(comment(&place));
    }
    if let Some(code) = filling(cx.design, instance.module) {
        write_filling(cx, id, code, w);
        w.set_span(before);
        return;
    }
    let head = format!("{} {}", names[instance.module.index()], cx.instance_names[id.index()]);
    if inner.ports.is_empty() {
        w.line(format!("{head} ();"));
        w.set_span(before);
        return;
    }
    w.line(format!("{head} ("));
    w.indent();
    let last = inner.ports.len() - 1;
    let rows: Vec<Row> = port_names(inner, &names[instance.module.index()])
        .iter()
        .zip(&instance.connections)
        .enumerate()
        .map(|(index, (port, net))| {
            let comma = if index < last { "," } else { "" };
            Row::new([format!(".{port}"), format!("({}){comma}", cx.form(*net).name)])
        })
        .collect();
    w.table(&rows);
    w.dedent();
    w.line(");");
    w.set_span(before);
}
