//! A module as an entity with its architecture.

use crate::Options;
use crate::drivers::{check_delays, check_drivers, memory_ports};
use crate::foreign::{list_type, uses_textio, write_arrays, write_foreign};
use crate::frame::Frame;
use crate::helpers::Helper;
use crate::needs::{init_names, made_in_place, needs_time_or_text, used_nets, uses_package};
use crate::ports::{VectorPorts, write_entity};
use crate::process::{write_ports, write_process};
use crate::types::{Shape, TypeNames, inexpressible, range_note};
use crate::unit::{Unit, Uses};
use pyhw_diagnostics::Diagnostic;
use pyhw_ir::{
    Direction, ExprKind, Foreign, Instance, Item, Language, Module, ModuleId, NetId, NetKind, Op,
    ProcessBody, ProcessKind, Type, Value,
};
use pyhw_passes::ModuleFacts;
use pyhw_text::{Namer, Row, Text, Writer, around, comment_lines, one_line, to_ascii};
use std::collections::{BTreeSet, HashMap};

/// Names that texts and times need: nets inside a module that uses these are called otherwise.
const TIME_AND_TEXT: [&str; 10] = ["fs", "ps", "ns", "us", "ms", "sec", "now", "lf", "ht", "cr"];

/// The entity and the architecture of a module.
pub(crate) fn write_module(
    frame: &Frame<'_>,
    id: ModuleId,
    options: &Options,
) -> std::result::Result<Text, Vec<Diagnostic>> {
    let module = frame.design.module(id);
    let facts = frame.facts(id);
    let used = used_nets(frame, module, facts);
    let errors = refusals(module, facts, &used);
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut names = frame.namer.scope();
    let vectors = VectorPorts::of(frame, id, options);
    let nets = name_nets(frame, id, &vectors, &used, &mut names);
    let foreign = module.foreign.iter().find(|code| code.language == Language::Vhdl);
    let Declared { lines, types, tables, lists } = declare(frame, module, foreign, &used, &mut names);
    let labels: Vec<String> = module.processes.iter().map(|process| names.fresh(&process.name)).collect();
    let instances: Vec<String> =
        module.instances.iter().map(|instance| names.fresh(&instance.name)).collect();
    let inits = init_names(module, &types, &mut names);
    let helper_names = HashMap::new();
    let mut unit = Unit {
        design: frame.design,
        module,
        facts,
        options,
        nets,
        types,
        tables,
        inits,
        vectors,
        helper_names,
    };
    let (inner, uses) = write_body(&mut unit, &mut names, &mut |unit, uses, names, writer| match foreign {
        Some(code) => write_foreign(unit, code, &lists, writer),
        None => write_items(frame, unit, uses, names, (&labels, &instances), writer),
    })?;

    let mut writer = Writer::new("    ");
    writer.set_span(module.span);
    let needs_package = uses_package(frame, module);
    let textio = uses.textio || foreign.is_some_and(|code| uses_textio(&code.text));
    write_head(frame, options, id, textio, needs_package, &mut writer);
    write_entity(frame, id, &unit, &mut writer);
    writer.blank();
    let architecture = architecture_name(module, options);
    writer.line(format!("architecture {architecture} of {} is", frame.names[id.index()]));
    let mut declared = Writer::new("    ");
    declared.indent();
    lines.iter().for_each(|line| declared.line(line));
    declared.blank();
    write_constants(&unit, &mut declared);
    declared.blank();
    if let (Some(text), true) = (&options.declarations, frame.design.top == Some(id)) {
        text.trim_end().lines().for_each(|line| declared.line(line));
        declared.blank();
    }
    write_signals(&unit, &used, &mut declared);
    if let Some(code) = foreign {
        write_arrays(&unit, code, &lists, &mut declared);
    }
    declared.blank();
    for helper in &uses.helpers {
        helper.write(&unit.helper(*helper), &frame.design.types, &unit.types, &names, &mut declared);
    }
    writer.append(&trim_blank(declared.finish_with_origins()));
    writer.line("begin");
    writer.append(&trim_blank(inner));
    writer.line(format!("end architecture {architecture};"));
    Ok(writer.finish_with_origins())
}

/// What keeps a module from being written at all.
fn refusals(module: &Module, facts: &ModuleFacts, used: &[bool]) -> Vec<Diagnostic> {
    let mut errors = check_drivers(module, facts);
    errors.extend(check_delays(module, facts));
    for (net, _) in module.nets.iter().zip(used).filter(|(_, used)| **used) {
        if Shape::of(&net.ty).is_none() {
            errors
                .push(*inexpressible(net.span, format!("the values of `{}` have no type in VHDL", net.name)));
        }
    }
    errors
}

/// The name of each net inside of the architecture; empty for those that are not used. Ports have theirs already.
fn name_nets(
    frame: &Frame<'_>,
    id: ModuleId,
    vectors: &VectorPorts,
    used: &[bool],
    names: &mut Namer,
) -> Vec<String> {
    let module = frame.design.module(id);
    let mut nets = vec![String::new(); module.nets.len()];
    for (port, name) in module.ports.iter().zip(&frame.ports[id.index()]) {
        names.reserve(name);
        if !vectors.has(port.net) {
            nets[port.net.index()] = name.clone();
        }
    }
    for (port, name) in module.ports.iter().zip(&frame.ports[id.index()]) {
        if vectors.has(port.net) {
            nets[port.net.index()] = names.fresh(&format!("{name}_num"));
        }
    }
    names.reserve(crate::types::CODES);
    if needs_time_or_text(module) {
        for name in TIME_AND_TEXT {
            names.reserve(name);
        }
    }
    for (index, net) in module.nets.iter().enumerate() {
        if used[index] && nets[index].is_empty() {
            nets[index] = names.fresh(&net.name);
        }
    }
    nets
}

/// What an architecture declares before its signals.
struct Declared {
    /// The declarations of types.
    lines: Vec<String>,
    types: TypeNames,
    /// Constant arrays that are indexed, with their names.
    tables: Vec<(Value, Shape, String)>,
    /// The names of the lists that a user's own text names.
    lists: Vec<String>,
}

/// Names the types of nets, of lists, and of what processes need.
fn declare(
    frame: &Frame<'_>,
    module: &Module,
    foreign: Option<&Foreign>,
    used: &[bool],
    names: &mut Namer,
) -> Declared {
    let mut types = frame.types.in_architecture();
    let mut lines = Vec::new();
    let mut declare = |ty: &Type, wanted: &str, names: &mut Namer| {
        lines.extend(types.declare(ty, wanted, &frame.design.types, &frame.encoded, names));
    };
    for (net, _) in module.nets.iter().zip(used).filter(|(_, used)| **used) {
        declare(&net.ty, &net.name, names);
    }
    let lists = foreign.map(|code| &code.lists[..]).unwrap_or_default();
    for list in lists {
        declare(&list_type(module, list), &list.name, names);
    }
    let lists: Vec<String> = lists.iter().map(|list| names.fresh(&list.name)).collect();
    let mut tables: Vec<(Value, Shape, String)> = Vec::new();
    // A user's own text stands in the place of processes.
    for process in module.processes.iter().filter(|_| foreign.is_none()) {
        let ProcessBody::Ir(body) = &process.body else { continue };
        for var in &body.vars {
            declare(&var.ty, &var.name, names);
        }
        let wanted = format!("{}_table", process.name);
        let in_place = made_in_place(body);
        for expr in body.exprs.ids() {
            if !in_place[expr.index()] {
                declare(body.exprs.ty(expr), &wanted, names);
            }
            if let ExprKind::Op(Op::Index, args) = body.exprs.kind(expr)
                && let Some(value) = body.exprs.as_const(args[0])
                && let Some(shape) = Shape::of(body.exprs.ty(args[0]))
                && !tables.iter().any(|(v, s, _)| v == value && *s == shape)
            {
                tables.push((value.clone(), shape, names.fresh(&wanted)));
            }
        }
    }
    Declared { lines, types, tables, lists }
}

/// Writes what stands between `begin` and `end`, and what that uses. Helpers take their names before the variables of processes do, so
/// that it is written again once they are known.
fn write_body(
    unit: &mut Unit<'_>,
    names: &mut Namer,
    write: &mut dyn FnMut(&Unit<'_>, &mut Uses, &Namer, &mut Writer) -> Findings,
) -> std::result::Result<(Text, Uses), Vec<Diagnostic>> {
    let mut known: BTreeSet<Helper> = BTreeSet::new();
    loop {
        let mut uses = Uses::default();
        let mut inner = Writer::new("    ");
        inner.indent();
        write(unit, &mut uses, names, &mut inner)?;
        unit.vectors.write_conversions(unit, &mut inner);
        if uses.helpers.is_subset(&known) {
            return Ok((inner.finish_with_origins(), uses));
        }
        for helper in uses.helpers.difference(&known) {
            let wanted = helper.wanted(&unit.types);
            // The overloads of `to_unsigned` keep the name of what they overload.
            if wanted != "to_unsigned" && !unit.helper_names.contains_key(&wanted) {
                let name = names.fresh(&wanted);
                unit.helper_names.insert(wanted, name);
            }
        }
        known.extend(&uses.helpers);
    }
}

fn architecture_name<'a>(module: &Module, options: &'a Options) -> &'a str {
    let is_bench = module.processes.iter().any(|process| process.kind == ProcessKind::Timed);
    match &options.architecture {
        Some(name) => name,
        None if is_bench => "sim",
        None => "rtl",
    }
}

/// Tables that are indexed, and long initial values that a reset stores again.
fn write_constants(unit: &Unit<'_>, writer: &mut Writer) {
    for (value, shape, name) in &unit.tables {
        let of = unit.types.text(shape);
        let text = unit.types.constant(value, shape).unwrap_or_default();
        writer.line(format!("constant {name} : {of} := {text};"));
    }
    for (net, name) in unit.module.nets.iter().zip(&unit.inits) {
        if let (Some(name), Some(shape)) = (name, Shape::of(&net.ty)) {
            let text = unit.types.constant(&net.init, &shape).unwrap_or_default();
            writer.line(format!("constant {name} : {} := {text};", unit.types.text(&shape)));
        }
    }
}

/// Without blank lines at both ends.
fn trim_blank(mut text: Text) -> Text {
    while text.text.ends_with("\n\n") {
        text.text.pop();
    }
    let leading = text.text.len() - text.text.trim_start_matches('\n').len();
    text.text.drain(..leading);
    for origin in &mut text.origins {
        origin.line = origin.line.saturating_sub(leading as u32);
    }
    text
}

fn write_head(
    frame: &Frame<'_>,
    options: &Options,
    id: ModuleId,
    textio: bool,
    needs_package: bool,
    writer: &mut Writer,
) {
    let module = frame.design.module(id);
    let name = &frame.names[id.index()];
    if let Some(doc) = &module.doc {
        let lines = comment_lines(&format!("{name}: {}", doc.trim_start()), 110);
        for line in &lines {
            writer.line(format!("-- {}", to_ascii(line)));
        }
        if !lines.is_empty() && options.origin {
            writer.line("--");
        }
    }
    let place = frame.design.sources.line(module.span);
    let from = if place.is_empty() { String::new() } else { format!(" from {place}") };
    let params: Vec<String> =
        module.params.iter().map(|(name, value)| format!("{name} = {}", one_line(value))).collect();
    let params =
        if params.is_empty() { String::new() } else { format!(" Parameters: {}.", params.join(", ")) };
    if options.origin {
        for line in comment_lines(&format!("Emitted by pyhw{from}.{params}"), 110) {
            writer.line(format!("-- {}", to_ascii(&line)));
        }
    }
    writer.line("library ieee;");
    writer.line("use ieee.std_logic_1164.all;");
    writer.line("use ieee.numeric_std.all;");
    if textio {
        writer.line("use std.textio.all;");
    }
    if let Some(context) = &options.context {
        context.trim().lines().for_each(|line| writer.line(line));
    }
    if let Some((package, _)) = &frame.package
        && needs_package
    {
        writer.line(format!("use work.{package}.all;"));
    }
    writer.blank();
}

/// A comment of the source and the interval, at the end of a line.
pub(crate) fn remark(comment: Option<String>, range: Option<String>) -> Option<String> {
    let parts: Vec<String> = comment.into_iter().chain(range).map(|text| to_ascii(&text)).collect();
    (!parts.is_empty()).then(|| format!("-- {}", parts.join("; ")))
}

/// The initial value of a net, where there shall be one. What nothing drives is a constant and always has one.
pub(crate) fn initial(unit: &Unit<'_>, id: NetId) -> Option<String> {
    let has_init = unit.options.init || unit.module.net(id).loaded;
    if !has_init && !unit.facts.drivers(id).is_empty() {
        return None;
    }
    if unit.module.direction(id).is_none() || unit.vectors.has(id) {
        return unit.init(id);
    }
    // The constants of the architecture are not known to the entity.
    let net = unit.module.net(id);
    unit.types.constant(&net.init, &Shape::of(&net.ty)?)
}

fn write_signals(unit: &Unit<'_>, used: &[bool], writer: &mut Writer) {
    let mut rows = Vec::new();
    for (index, net) in unit.module.nets.iter().enumerate() {
        let id = NetId::new(index);
        if !used[index] || (unit.module.direction(id).is_some() && !unit.vectors.has(id)) {
            continue;
        }
        let Some(shape) = Shape::of(&net.ty) else { continue };
        let (before, behind) = net.comment.as_deref().map(|text| around(text, 97)).unwrap_or_default();
        let before = before.iter().map(|line| Row::new([format!("-- {}", to_ascii(line))]));
        rows.extend(before);
        let comment = remark(behind, range_note(&net.ty));
        let name = format!("signal {}", unit.net(id));
        let of = format!(": {}", unit.types.text(&shape));
        let row = match initial(unit, id) {
            Some(init) if init.contains('\n') => {
                // A long table would tear the columns apart.
                writer.table(&rows);
                rows.clear();
                writer.set_span(net.span);
                if let Some(comment) = comment {
                    writer.line(comment);
                }
                writer.line(format!("{name} {of} := {init};"));
                continue;
            }
            Some(init) => Row::new([name, of, format!(":= {init};")]),
            None => Row::new([name, format!("{of};")]),
        };
        rows.push(row.comment(comment).at(net.span));
    }
    writer.table(&rows);
}

pub(crate) type Findings = std::result::Result<(), Vec<Diagnostic>>;

fn write_items(
    frame: &Frame<'_>,
    unit: &Unit<'_>,
    uses: &mut Uses,
    names: &Namer,
    (labels, instances): (&[String], &[String]),
    writer: &mut Writer,
) -> Findings {
    let module = unit.module;
    let only_foreign = !module.foreign.is_empty() && module.items.is_empty();
    if only_foreign {
        let message = format!("`{}` has code of its own in another language, and none in VHDL", module.name);
        return Err(vec![*inexpressible(module.span, message)]);
    }
    let mut errors = Vec::new();
    let ports = memory_ports(module, unit.facts);
    for item in &module.items {
        match item {
            Item::Process(id) => {
                let label = &labels[id.index()];
                match ports.iter().find(|ports| ports.contains(id)) {
                    None => errors.extend(write_process(unit, uses, names, *id, label, writer)),
                    Some(ports) if ports[0] == *id => {
                        errors.extend(write_ports(unit, uses, names, ports, label, writer));
                    }
                    // Written with the first of them.
                    Some(_) => {}
                }
            }
            Item::Instance(id) => {
                let instance = &module.instances[id.index()];
                write_instance(frame, unit, instance, &instances[id.index()], writer);
            }
        }
    }
    let drivers: Vec<String> = module
        .nets
        .iter()
        .enumerate()
        .filter_map(|(index, net)| match net.kind {
            NetKind::Driver(bus) if !unit.nets[index].is_empty() => {
                Some(unit.vectors.driven(unit, bus, &unit.nets[index]))
            }
            NetKind::Driver(_) | NetKind::Signal | NetKind::Delayed(_) | NetKind::TriState => None,
        })
        .collect();
    if !drivers.is_empty() {
        writer.blank();
        for line in drivers {
            writer.line(line);
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn write_instance(frame: &Frame<'_>, unit: &Unit<'_>, instance: &Instance, label: &str, writer: &mut Writer) {
    let inner = frame.design.module(instance.module);
    let before = writer.set_span(instance.span);
    writer.blank();
    let place = unit.design.sources.line(instance.span);
    if !place.is_empty() {
        writer.line(format!("-- {}", to_ascii(&place)));
    }
    let entity = &frame.names[instance.module.index()];
    if inner.ports.is_empty() {
        writer.line(format!("{label} : entity work.{entity};"));
        writer.set_span(before);
        return;
    }
    writer.line(format!("{label} : entity work.{entity}"));
    writer.indent();
    writer.line("port map (");
    writer.indent();
    let formals = &frame.ports[instance.module.index()];
    let count = inner.ports.len();
    let rows: Vec<Row> = formals
        .iter()
        .zip(&instance.connections)
        .enumerate()
        .map(|(at, (formal, &net))| {
            let comma = if at + 1 < count { "," } else { "" };
            if inner.ports[at].direction == Direction::InOut
                && let Some((formal, actual)) = unit.vectors.both_ways(net, formal)
            {
                return Row::new([formal, format!("=> {actual}{comma}")]);
            }
            Row::new([formal.clone(), format!("=> {}{comma}", unit.net(net))])
        })
        .collect();
    writer.table(&rows);
    writer.dedent();
    writer.line(");");
    writer.dedent();
    writer.set_span(before);
}
