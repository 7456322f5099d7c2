//! Writing a design as IR text.
//!
//! Everything of a verified design is kept, except the spans of expressions, the text of source files, those files that nothing
//! names, and the numbering of expressions and labels: `parse(&print(d))` equals [`d.compact()`](Design::compact). A design that breaks the verifier's rules
//! is printed as well, for messages and for debugging; what has no text form (an id out of range) stands as `?`, which does not
//! parse.

mod body;

use crate::design::{
    Assigned, Design, Direction, Edge, EnumType, Event, Foreign, Instance, Item, Language, Module, ModuleId,
    Net, NetId, NetKind, Process, ProcessBody, ProcessKind, Reset,
};
use crate::names::{TypeNames, distinct, quoted, shown};
use crate::types::{Type, Value};
use body::BodyPrinter;
use pyhw_diagnostics::{Diagnostic, Span};
use std::collections::HashSet;

/// The design as IR text.
pub fn print(design: &Design) -> String {
    let named = design.clone().with_named_files();
    let mut printer = Printer::new(&named, true);
    printer.design();
    printer.out
}

/// The design as IR text without source files and spans: for reading.
pub fn print_pretty(design: &Design) -> String {
    let mut printer = Printer::new(design, false);
    printer.design();
    printer.out
}

/// A type as IR text writes it.
pub fn print_type(ty: &Type, types: &crate::design::Types) -> String {
    TypeNames::new(types).text(ty)
}

/// Values, each of its type, as IR text writes them.
pub fn print_values(design: &Design, values: &[(&Value, &Type)]) -> Vec<String> {
    let printer = Printer::new(design, false);
    values.iter().map(|(value, ty)| printer.value(value, Some(ty))).collect()
}

/// The names and the output so far.
pub(crate) struct Printer<'a> {
    design: &'a Design,
    types: TypeNames,
    /// The names of each enum's members and each struct's fields; `None` for one whose name stands for an earlier one.
    members: Vec<Vec<Option<String>>>,
    fields: Vec<Vec<Option<String>>>,
    modules: Vec<String>,
    /// The names of each module's ports, in order; `None` where a port is no net of the module.
    ports: Vec<Option<Vec<String>>>,
    with_spans: bool,
    out: String,
    indent: usize,
}

impl<'a> Printer<'a> {
    fn new(design: &'a Design, with_spans: bool) -> Printer<'a> {
        Printer {
            design,
            types: TypeNames::new(&design.types),
            members: design.types.enums.iter().map(|of| first_names(&of.members)).collect(),
            fields: design.types.structs.iter().map(|of| first_names(&of.fields)).collect(),
            modules: distinct(design.modules.iter().map(|module| &*module.name), shown),
            ports: design.modules.iter().map(port_names).collect(),
            with_spans,
            out: String::new(),
            indent: 0,
        }
    }

    /// Writes a line.
    fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.out.push_str("  ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// Writes a line and indents what follows.
    fn open(&mut self, text: &str) {
        self.line(text);
        self.indent += 1;
    }

    /// Takes the indentation back and writes a line.
    fn close(&mut self, text: &str) {
        self.indent -= 1;
        self.line(text);
    }

    fn blank(&mut self) {
        self.out.push('\n');
    }

    /// The span with a space before it, where it is known and wanted.
    fn span(&self, span: Span) -> String {
        if !self.with_spans || !span.is_known() {
            return String::new();
        }
        format!(" @{span}")
    }

    /// A text after a keyword: on the same line, or each line of it on one of its own.
    fn text(&mut self, keyword: &str, text: &str, span: Span) {
        let span = self.span(span);
        if !text.trim_end_matches('\n').contains('\n') {
            return self.line(&format!("{keyword} {}{span}", quoted(text)));
        }
        self.open(keyword);
        let mut lines = text.split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            let end = if lines.peek().is_none() { &*span } else { "" };
            self.line(&format!("{}{end}", quoted(line)));
        }
        self.indent -= 1;
    }

    fn design(&mut self) {
        let design = self.design;
        self.line("hwir 1");
        if self.with_spans && !design.sources.files().is_empty() {
            self.blank();
            for (index, file) in design.sources.files().iter().enumerate() {
                self.line(&format!("file {index} {}", quoted(&file.name)));
            }
        }
        for (index, of) in design.types.enums.iter().enumerate() {
            self.enumeration(index, of);
        }
        for (index, of) in design.types.structs.iter().enumerate() {
            self.blank();
            let name = self.types.struct_name(crate::StructId::new(index)).unwrap_or("?").to_owned();
            self.open(&format!("struct {name}{} {{", self.span(of.span)));
            for (field, ty) in &of.fields {
                self.line(&format!("{}: {}", shown(field), self.types.text(ty)));
            }
            self.close("}");
        }
        for (index, module) in design.modules.iter().enumerate() {
            self.blank();
            self.module(index, module);
        }
        if let Some(top) = design.top {
            self.blank();
            self.line(&format!("top {}", self.module_name(top)));
        }
    }

    fn enumeration(&mut self, index: usize, of: &EnumType) {
        self.blank();
        let name = self.types.enum_name(crate::EnumId::new(index)).unwrap_or("?").to_owned();
        self.open(&format!("enum {name}: u{}{} {{", of.width_bits, self.span(of.span)));
        for (member, code) in &of.members {
            self.line(&format!("{} = {code}", shown(member)));
        }
        self.close("}");
    }

    fn module_name(&self, id: ModuleId) -> String {
        self.modules.get(id.index()).cloned().unwrap_or_else(|| format!("?{id}"))
    }

    fn module(&mut self, index: usize, module: &'a Module) {
        let nets = distinct(module.nets.iter().map(|net| &*net.name), shown);
        self.open(&format!("module {}{} {{", self.modules[index], self.span(module.span)));
        if let Some(doc) = &module.doc {
            self.text("doc", doc, Span::NONE);
        }
        for (name, value) in &module.params {
            self.line(&format!("param {} = {}", shown(name), quoted(value)));
        }
        let inline = ports_follow_nets(module);
        let mut ports = module.ports.iter().peekable();
        for (index, net) in module.nets.iter().enumerate() {
            let port = if inline { ports.next_if(|port| port.net.index() == index) } else { None };
            let keyword = port.map_or("net", |port| direction(port.direction));
            self.net(keyword, &nets[index], net, &nets);
        }
        if !inline {
            let port =
                |port: &crate::Port| format!("{} {}", direction(port.direction), net_name(&nets, port.net));
            let list: Vec<String> = module.ports.iter().map(port).collect();
            self.line(&format!("ports({})", list.join(", ")));
        }
        self.items(module, &nets);
        for foreign in &module.foreign {
            self.blank();
            let mut keyword = format!("foreign {}", language(foreign));
            if !foreign.lists.is_empty() {
                let lists = foreign.lists.iter().map(|list| {
                    let elements: Vec<String> =
                        list.elements.iter().map(|net| net_name(&nets, *net)).collect();
                    format!("{}({})", quoted(&list.name), elements.join(", "))
                });
                keyword.push_str(&format!(" lists({})", lists.collect::<Vec<String>>().join(", ")));
            }
            if !foreign.drives.is_empty() {
                let drives = foreign.drives.iter().map(|(net, how)| {
                    let how = match how {
                        Assigned::Procedure => "reg",
                        Assigned::Wire => "wire",
                    };
                    format!("{how} {}", net_name(&nets, *net))
                });
                keyword.push_str(&format!(" drives({})", drives.collect::<Vec<String>>().join(", ")));
            }
            self.text(&keyword, &foreign.text, foreign.span);
        }
        self.close("}");
    }

    fn net(&mut self, keyword: &str, name: &str, net: &Net, nets: &[String]) {
        let value = self.value(&net.init, Some(&net.ty));
        let mut line = format!("{keyword} %{name}: {} = {value}", self.types.text(&net.ty));
        if net.wraps {
            line.push_str(" wraps");
        }
        if net.loaded {
            line.push_str(" loaded");
        }
        match net.kind {
            NetKind::Signal => {}
            NetKind::Delayed(steps) => line.push_str(&format!(" delayed({steps})")),
            NetKind::TriState => line.push_str(" tristate"),
            NetKind::Driver(of) => line.push_str(&format!(" driver({})", net_name(nets, of))),
        }
        line.push_str(&self.span(net.span));
        if let Some(comment) = &net.comment {
            line.push_str("  ");
            line.push_str(&comment_text(comment));
        }
        self.line(&line);
    }

    /// Processes and instances, in the order of the items where that tells everything.
    fn items(&mut self, module: &'a Module, nets: &[String]) {
        let in_order = items_follow_tables(module);
        let processes = distinct(module.processes.iter().map(|process| &*process.name), shown);
        let instances = distinct(module.instances.iter().map(|instance| &*instance.name), shown);
        let tables = (0..module.processes.len())
            .map(|index| Item::Process(crate::ProcessId::new(index)))
            .chain((0..module.instances.len()).map(|index| Item::Instance(crate::InstanceId::new(index))));
        let order: Vec<Item> = if in_order { module.items.clone() } else { tables.collect() };
        let mut after_instance = false;
        for item in order {
            match item {
                Item::Process(id) => {
                    self.blank();
                    self.process(&processes[id.index()], &module.processes[id.index()], module, nets);
                }
                Item::Instance(id) => {
                    if !after_instance {
                        self.blank();
                    }
                    self.instance(&instances[id.index()], &module.instances[id.index()], nets);
                }
            }
            after_instance = matches!(item, Item::Instance(_));
        }
        if !in_order {
            let item = |item: &Item| match item {
                Item::Process(id) => match processes.get(id.index()) {
                    Some(name) => format!("process {name}"),
                    None => format!("process ?{id}"),
                },
                Item::Instance(id) => match instances.get(id.index()) {
                    Some(name) => format!("instance {name}"),
                    None => format!("instance ?{id}"),
                },
            };
            let list: Vec<String> = module.items.iter().map(item).collect();
            self.blank();
            self.line(&format!("items({})", list.join(", ")));
        }
    }

    fn instance(&mut self, name: &str, instance: &Instance, nets: &[String]) {
        // The names help to read; they are left out where they could not be checked.
        let ports = self.ports.get(instance.module.index()).and_then(Option::as_ref);
        let ports = ports.filter(|names| names.len() == instance.connections.len());
        let connection = |(index, net): (usize, &NetId)| match &ports {
            Some(names) => format!("{} = {}", names[index], net_name(nets, *net)),
            None => net_name(nets, *net),
        };
        let list: Vec<String> = instance.connections.iter().enumerate().map(connection).collect();
        let module = self.module_name(instance.module);
        self.line(&format!("instance {name} of {module}({}){}", list.join(", "), self.span(instance.span)));
    }

    fn process(&mut self, name: &str, process: &'a Process, module: &'a Module, nets: &[String]) {
        let kind = match &process.kind {
            ProcessKind::Comb { sensitivity } => {
                let list: Vec<String> = sensitivity.iter().map(|net| net_name(nets, *net)).collect();
                format!("comb({})", list.join(", "))
            }
            ProcessKind::Clocked { events, reset } => {
                let list: Vec<String> = events.iter().map(|one| event(*one, nets)).collect();
                format!(
                    "clocked({}){}",
                    list.join(", "),
                    reset.as_ref().map_or_else(String::new, |r| reset_text(r, nets))
                )
            }
            ProcessKind::Timed => "timed".to_owned(),
        };
        let host = match &process.body {
            ProcessBody::Ir(_) => String::new(),
            ProcessBody::Host(host) => format!(" host({})", host.handle),
        };
        self.open(&format!("process {name} {kind}{host}{} {{", self.span(process.span)));
        if let Some(doc) = &process.doc {
            self.text("doc", doc, Span::NONE);
        }
        match &process.body {
            ProcessBody::Ir(body) => BodyPrinter::new(self, module, nets, body).body(),
            ProcessBody::Host(host) => {
                for reason in &host.reason {
                    self.reason(reason);
                }
            }
        }
        self.close("}");
    }

    fn reason(&mut self, reason: &Diagnostic) {
        let at = if reason.primary.text.is_empty() {
            String::new()
        } else {
            format!(" at {}", quoted(&reason.primary.text))
        };
        let message = quoted(&reason.message);
        let span = self.span(reason.primary.span);
        self.open(&format!("reason {} {} {message}{at}{span}", reason.code, reason.severity));
        for label in &reason.labels {
            self.line(&format!("label {}{}", quoted(&label.text), self.span(label.span)));
        }
        for note in &reason.notes {
            self.line(&format!("note {}", quoted(note)));
        }
        for help in &reason.help {
            self.line(&format!("help {}", quoted(help)));
        }
        self.indent -= 1;
    }

    /// A value of this type, as far as the type is known.
    fn value(&self, value: &Value, ty: Option<&Type>) -> String {
        let mut out = String::new();
        self.value_into(value, ty, &mut out);
        out
    }

    fn value_into(&self, value: &Value, ty: Option<&Type>, out: &mut String) {
        match value {
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Int(value) => out.push_str(&value.to_string()),
            Value::Enum(member) => {
                out.push_str(&self.member(ty, *member).unwrap_or_else(|| format!("member({member})")))
            }
            Value::Array(elements) => {
                let element = match ty {
                    Some(Type::Array(element, _)) => Some(&**element),
                    _ => None,
                };
                out.push('[');
                self.elements(elements, element, out);
                out.push(']');
            }
            Value::Struct(values) => {
                let fields = match ty {
                    Some(Type::Struct(id)) => self.design.types.structs.get(id.index()).map(|of| &of.fields),
                    _ => None,
                };
                out.push('{');
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    let field = fields.and_then(|fields| fields.get(index)).map(|(_, ty)| ty);
                    self.value_into(value, field, out);
                }
                out.push('}');
            }
            Value::Text(text) => out.push_str(&quoted(text)),
            Value::Opaque(handle) => out.push_str(&format!("host({handle})")),
            Value::Z => out.push('z'),
        }
    }

    /// Elements with commas; runs of equal ones as `value x count`.
    fn elements(&self, elements: &[Value], ty: Option<&Type>, out: &mut String) {
        let mut rest = elements;
        while let Some(first) = rest.first() {
            if rest.len() < elements.len() {
                out.push_str(", ");
            }
            let run = rest.iter().take_while(|value| *value == first).count();
            self.value_into(first, ty, out);
            let taken = if run >= 4 { run } else { 1 };
            if taken > 1 {
                out.push_str(&format!(" x {taken}"));
            }
            rest = &rest[taken..];
        }
    }

    /// `State.IDLE`, where the name stands for this member.
    fn member(&self, ty: Option<&Type>, member: u32) -> Option<String> {
        let Some(Type::Enum(id)) = ty else { return None };
        let name = self.members.get(id.index())?.get(member as usize)?.as_deref()?;
        Some(format!("{}.{name}", self.types.enum_name(*id)?))
    }
}

fn first_names<T>(named: &[(String, T)]) -> Vec<Option<String>> {
    let mut seen = HashSet::new();
    named.iter().map(|(name, _)| seen.insert(name).then(|| shown(name))).collect()
}

fn port_names(module: &Module) -> Option<Vec<String>> {
    let names = distinct(module.nets.iter().map(|net| &*net.name), shown);
    module.ports.iter().map(|port| names.get(port.net.index()).cloned()).collect()
}

/// Whether the ports are in the order of their nets, each net at most once, so that they can be written at the nets.
fn ports_follow_nets(module: &Module) -> bool {
    module.ports.is_sorted_by(|a, b| a.net < b.net)
        && module.ports.last().is_none_or(|port| port.net.index() < module.nets.len())
}

/// Whether the items name each process and each instance once and in the order of their tables.
fn items_follow_tables(module: &Module) -> bool {
    let (mut processes, mut instances) = (0, 0);
    for item in &module.items {
        let (index, next) = match item {
            Item::Process(id) => (id.index(), &mut processes),
            Item::Instance(id) => (id.index(), &mut instances),
        };
        if index != *next {
            return false;
        }
        *next += 1;
    }
    processes == module.processes.len() && instances == module.instances.len()
}

fn net_name(nets: &[String], id: NetId) -> String {
    nets.get(id.index()).map_or_else(|| format!("?{id}"), |name| format!("%{name}"))
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "in",
        Direction::Out => "out",
        Direction::InOut => "inout",
    }
}

fn language(foreign: &Foreign) -> &'static str {
    match foreign.language {
        Language::Verilog => "verilog",
        Language::Vhdl => "vhdl",
        Language::C => "c",
    }
}

fn event(event: Event, nets: &[String]) -> String {
    let edge = match event.edge {
        Edge::Any => "change",
        Edge::Rising => "rising",
        Edge::Falling => "falling",
    };
    format!("{edge} {}", net_name(nets, event.net))
}

fn reset_text(reset: &Reset, nets: &[String]) -> String {
    let level = if reset.active_high { "high" } else { "low" };
    let style = if reset.is_async { "async" } else { "sync" };
    let spared: Vec<String> = reset.spares.iter().map(|net| net_name(nets, *net)).collect();
    let spares = if spared.is_empty() { String::new() } else { format!(" spares({})", spared.join(", ")) };
    format!(" reset({}, {level}, {style}){spares}", net_name(nets, reset.net))
}

/// A comment that travels: raw to the end of the line, in quotes where that would not bring it back.
fn comment_text(comment: &str) -> String {
    let is_raw = !comment.chars().any(char::is_control) && comment.trim_end() == comment;
    match comment {
        "" => "#".to_owned(),
        _ if is_raw => format!("# {comment}"),
        _ => format!("#{}", quoted(comment)),
    }
}
