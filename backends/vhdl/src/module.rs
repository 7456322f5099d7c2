//! A module as an entity with its architecture.

use crate::Options;
use crate::foreign::{list_type, uses_textio, write_arrays, write_foreign};
use crate::frame::{Frame, reads_inside};
use crate::helpers::Helper;
use crate::phrase::Kind;
use crate::ports::{VectorPorts, write_entity};
use crate::process::{write_ports, write_process};
use crate::types::{Shape, TypeNames, inexpressible, range_note};
use crate::unit::{Unit, Uses};
use pyhw_diagnostics::{Code, Diagnostic, Severity};
use pyhw_ir::{
    Body, Direction, ExprId, ExprKind, Instance, Item, Language, Module, ModuleId, NetId, NetKind, Op,
    ProcessBody, ProcessId, ProcessKind, Projection, Root, StmtKind, Type, Value, walk_stmts,
};
use pyhw_passes::{Driver, ModuleFacts};
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
    let mut errors = check_drivers(module, facts);
    errors.extend(check_delays(module, facts));
    let used = used_nets(frame, module, facts);
    for (net, _) in module.nets.iter().zip(&used).filter(|(_, used)| **used) {
        if Shape::of(&net.ty).is_none() {
            errors
                .push(*inexpressible(net.span, format!("the values of `{}` have no type in VHDL", net.name)));
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut names = frame.namer.scope();
    let mut nets = vec![String::new(); module.nets.len()];
    let vectors = VectorPorts::of(frame, id, options);
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
    let mut types = frame.types.in_architecture();
    let mut declarations = Vec::new();
    let mut declare = |ty: &Type, wanted: &str, names: &mut Namer, types: &mut TypeNames| {
        declarations.extend(types.declare(ty, wanted, &frame.design.types, &frame.encoded, names));
    };
    for (index, net) in module.nets.iter().enumerate() {
        if used[index] {
            declare(&net.ty, &net.name, &mut names, &mut types);
        }
    }
    let foreign = module.foreign.iter().find(|code| code.language == Language::Vhdl);
    let lists = foreign.map(|code| &code.lists[..]).unwrap_or_default();
    for list in lists {
        declare(&list_type(module, list), &list.name, &mut names, &mut types);
    }
    let lists: Vec<String> = lists.iter().map(|list| names.fresh(&list.name)).collect();
    let mut tables: Vec<(Value, Shape, String)> = Vec::new();
    if foreign.is_none() {
        for process in &module.processes {
            let ProcessBody::Ir(body) = &process.body else { continue };
            for var in &body.vars {
                declare(&var.ty, &var.name, &mut names, &mut types);
            }
            let wanted = format!("{}_table", process.name);
            let in_place = made_in_place(body);
            for expr in body.exprs.ids() {
                if !in_place[expr.index()] {
                    declare(body.exprs.ty(expr), &wanted, &mut names, &mut types);
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
    }
    let labels: Vec<String> = module.processes.iter().map(|process| names.fresh(&process.name)).collect();
    let instances: Vec<String> =
        module.instances.iter().map(|instance| names.fresh(&instance.name)).collect();
    let inits = init_names(module, &types, &mut names);
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
        helper_names: HashMap::new(),
    };

    // Helpers take their names before the variables of processes do, so that the body is written again once they are known.
    let mut known: BTreeSet<Helper> = BTreeSet::new();
    let (inner, uses) = loop {
        let mut uses = Uses::default();
        let mut inner = Writer::new("    ");
        inner.indent();
        let written = match foreign {
            Some(code) => write_foreign(&unit, code, &lists, &mut inner),
            None => {
                let shared = (&labels[..], &instances[..]);
                write_items(frame, &unit, &mut uses, &names, shared, &mut inner)
            }
        };
        written?;
        unit.vectors.write_conversions(&unit, &mut inner);
        if uses.helpers.is_subset(&known) {
            break (inner.finish_with_origins(), uses);
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
    };

    let mut writer = Writer::new("    ");
    writer.set_span(module.span);
    let needs_package = uses_package(frame, module);
    let textio = uses.textio || foreign.is_some_and(|code| uses_textio(&code.text));
    write_head(frame, options, id, textio, needs_package, &mut writer);
    write_entity(frame, id, &unit, &mut writer);
    writer.blank();
    let is_bench = module.processes.iter().any(|process| process.kind == ProcessKind::Timed);
    let architecture = match &options.architecture {
        Some(name) => name,
        None if is_bench => "sim",
        None => "rtl",
    };
    let name = &frame.names[id.index()];
    writer.line(format!("architecture {architecture} of {name} is"));
    let mut declared = Writer::new("    ");
    declared.indent();
    for line in &declarations {
        declared.line(line);
    }
    declared.blank();
    for (value, shape, name) in &unit.tables {
        let of = unit.types.text(shape);
        let text = unit.types.constant(value, shape).unwrap_or_default();
        declared.line(format!("constant {name} : {of} := {text};"));
    }
    for (net, name) in module.nets.iter().zip(&unit.inits) {
        if let (Some(name), Some(shape)) = (name, Shape::of(&net.ty)) {
            let text = unit.types.constant(&net.init, &shape).unwrap_or_default();
            declared.line(format!("constant {name} : {} := {text};", unit.types.text(&shape)));
        }
    }
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

/// Whether a type of the package stands in the module.
fn uses_package(frame: &Frame<'_>, module: &Module) -> bool {
    let types = &frame.design.types;
    let names = |ty: &Type| frame.types.names(ty, types);
    let lists =
        module.foreign.iter().filter(|code| code.language == Language::Vhdl).flat_map(|code| &code.lists);
    module.nets.iter().any(|net| names(&net.ty))
        || lists.into_iter().any(|list| names(&list_type(module, list)))
        || module.processes.iter().any(|process| match &process.body {
            ProcessBody::Ir(body) => {
                body.vars.iter().any(|var| names(&var.ty))
                    || body.exprs.ids().any(|id| names(body.exprs.ty(id)))
            }
            ProcessBody::Host(_) => false,
        })
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

/// The clocked processes that store into memories together, directly or by way of others, each group in the order of the module.
fn memory_ports(module: &Module, facts: &ModuleFacts) -> Vec<Vec<ProcessId>> {
    let mut groups: Vec<Vec<ProcessId>> = Vec::new();
    for net in (0..module.nets.len()).map(NetId::new) {
        if !pyhw_passes::has_write_ports(module, facts, net) {
            continue;
        }
        let mut group: Vec<ProcessId> = facts
            .drivers(net)
            .iter()
            .filter_map(|driver| match driver {
                Driver::Process(id) => Some(*id),
                Driver::Instance(..) | Driver::Input => None,
            })
            .collect();
        let (meeting, apart) =
            groups.into_iter().partition(|other| other.iter().any(|process| group.contains(process)));
        groups = apart;
        group.extend::<Vec<ProcessId>>(meeting.concat());
        let place = |id: &ProcessId| module.items.iter().position(|item| *item == Item::Process(*id));
        group.sort_by_key(place);
        group.dedup();
        groups.push(group);
    }
    groups
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

/// Names for initial values that take more than a line and are stored by a reset as well.
fn init_names(module: &Module, types: &TypeNames, names: &mut Namer) -> Vec<Option<String>> {
    let mut found = vec![None; module.nets.len()];
    for process in &module.processes {
        for id in pyhw_passes::restored_nets(process) {
            let net = module.net(id);
            let text = Shape::of(&net.ty).and_then(|shape| types.constant(&net.init, &shape));
            if text.is_some_and(|text| text.contains('\n')) && found[id.index()].is_none() {
                found[id.index()] = Some(names.fresh(&format!("{}_init", net.name)));
            }
        }
    }
    found
}

/// The arrays that only have an element taken out of them where they are made: a choice stands for each, and no type.
fn made_in_place(body: &Body) -> Vec<bool> {
    let mut in_place: Vec<bool> =
        body.exprs.ids().map(|id| matches!(body.exprs.kind(id), ExprKind::Op(Op::Array, _))).collect();
    let mut keep = |id: ExprId| in_place[id.index()] = false;
    for id in body.exprs.ids() {
        if let ExprKind::Op(op, args) = body.exprs.kind(id) {
            let used = if *op == Op::Index { &args[1..] } else { &args[..] };
            used.iter().copied().for_each(&mut keep);
        }
    }
    walk_stmts(&body.stmts, &mut |stmt| stmt.kind.exprs().into_iter().for_each(&mut keep));
    in_place
}

/// The nets that something drives or reads, and the ports.
fn used_nets(frame: &Frame<'_>, module: &Module, facts: &ModuleFacts) -> Vec<bool> {
    let mut used = reads_inside(frame.design, module, facts);
    for (index, used) in used.iter_mut().enumerate() {
        *used |= !facts.drivers(NetId::new(index)).is_empty();
    }
    for port in &module.ports {
        used[port.net.index()] = true;
    }
    let inner: Vec<&Instance> = module.instances.iter().collect();
    for instance in inner {
        for net in &instance.connections {
            used[net.index()] = true;
        }
    }
    for index in 0..module.nets.len() {
        if let NetKind::Driver(bus) = module.nets[index].kind
            && used[index]
        {
            used[bus.index()] = true;
        }
    }
    if !module.foreign.is_empty() {
        for (index, used) in used.iter_mut().enumerate() {
            let name = format!("${{{}}}", module.nets[index].name);
            *used |= module.foreign.iter().any(|code| code.text.contains(&name));
        }
    }
    used
}

fn needs_time_or_text(module: &Module) -> bool {
    module.nets.iter().any(|net| matches!(net.kind, NetKind::Delayed(_)))
        || module.processes.iter().any(|process| {
            let ProcessBody::Ir(body) = &process.body else { return false };
            process.kind == ProcessKind::Timed || body.exprs.ids().any(|id| *body.exprs.ty(id) == Type::Text)
        })
}

/// Bits of a net that a driver sets; `None` for all of it.
type Part = Option<(u32, u32)>;

/// What a delayed net takes must be one transaction of VHDL's: `after` drops what was stored before and is not due yet, as a delayed
/// boolean does. A delayed integer takes the last value whenever any store is due, and of an array or a record it is the whole that
/// is stored, while VHDL delays each element for itself.
fn check_delays(module: &Module, facts: &ModuleFacts) -> Vec<Diagnostic> {
    let has_form = |ty: &Type| match ty {
        Type::Bool | Type::Enum(_) => true,
        Type::Int(_) => !ty.is_buffered(),
        Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => false,
    };
    let stored = |id| facts.drivers(id).iter().any(|driver| matches!(driver, Driver::Process(_)));
    let nets = module.nets.iter().enumerate().filter(|(index, net)| {
        matches!(net.kind, NetKind::Delayed(_)) && !has_form(&net.ty) && stored(NetId::new(*index))
    });
    nets.map(|(_, net)| {
        let message = format!(
            "`{}` is a delayed signal of more than a bit, whose stores under way all take the last value; \
             those of VHDL are dropped",
            net.name
        );
        let error = *inexpressible(net.span, message);
        error.help("delay a boolean signal, or wait in the process: `yield delay(…)`")
    })
    .collect()
}

/// A net has one driver, or several that set different bits; only tri-state nets have more.
fn check_drivers(module: &Module, facts: &ModuleFacts) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for (index, net) in module.nets.iter().enumerate() {
        let id = NetId::new(index);
        let drivers = facts.drivers(id);
        if drivers.len() < 2
            || net.kind == NetKind::TriState
            || module.direction(id) == Some(Direction::InOut)
            || pyhw_passes::has_write_ports(module, facts, id)
        {
            continue;
        }
        let parts: Vec<Vec<Part>> = drivers
            .iter()
            .map(|driver| match driver {
                Driver::Process(process) => parts(module, *process, id),
                Driver::Instance(..) | Driver::Input => vec![None],
            })
            .collect();
        let meet = parts.iter().enumerate().any(|(at, mine)| {
            parts[..at].iter().flatten().any(|other| mine.iter().any(|part| overlap(*part, *other)))
        });
        if meet {
            let mut error = Diagnostic::new(
                Code::PH0401,
                net.span,
                format!("`{}` has several drivers, which VHDL would resolve to unknown values", net.name),
            )
            .severity(Severity::Error);
            for driver in drivers {
                if let Driver::Process(process) = driver {
                    let process = &module.processes[process.index()];
                    error = error.label(process.span, format!("`{}` drives it", process.name));
                }
            }
            errors.push(error);
        }
    }
    errors
}

fn overlap(a: Part, b: Part) -> bool {
    match (a, b) {
        (Some((a_low, a_high)), Some((b_low, b_high))) => a_low < b_high && b_low < a_high,
        (None, _) | (_, None) => true,
    }
}

fn parts(module: &Module, process: ProcessId, net: NetId) -> Vec<Part> {
    // Where a part decides on the whole, the process sets all of it.
    let of = &module.net(net).ty;
    if module.net(net).wraps && of.range().is_some_and(|range| Kind::of(range).range() != *range) {
        return vec![None];
    }
    let width = of.range().map_or(u32::MAX, |range| Kind::of(range).width);
    let process = &module.processes[process.index()];
    let ProcessBody::Ir(body) = &process.body else { return vec![None] };
    // A reset sets the whole net.
    let mut found: Vec<Part> = match &process.kind {
        ProcessKind::Clocked { reset: Some(reset), .. } if reset.restores(net) => vec![None],
        ProcessKind::Clocked { .. } | ProcessKind::Comb { .. } | ProcessKind::Timed => Vec::new(),
    };
    walk_stmts(&body.stmts, &mut |stmt| {
        if let StmtKind::Next { place, .. } = &stmt.kind
            && place.root == Root::Net(net)
        {
            let constant = |id| match body.exprs.as_const(id) {
                Some(Value::Int(value)) => value.to_u32(),
                _ => None,
            };
            found.push(match &place.path[..] {
                [Projection::Bit(at)] | [Projection::Index(at)] => {
                    constant(*at).map(|at| (at, at.saturating_add(1))).filter(|(_, high)| *high <= width)
                }
                [Projection::Slice { low, width: taken }] => constant(*low)
                    .map(|low| (low, low.saturating_add(*taken)))
                    .filter(|(_, high)| *high <= width),
                _ => None,
            });
        }
    });
    found
}
