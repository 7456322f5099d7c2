//! The two files: what stands around the functions.

use crate::bounds::{Bounds, is_full};
use crate::func::{Func, Unit, counted};
use crate::layout::{Layout, Storage, limbs, storage};
use crate::plan::{EdgePlan, Plan, Role};
use crate::process::{ResetBranch, keep_lines, write_process};
use crate::stmt::clean;
use crate::support::{Helper, Support};
use crate::table::Tables;
use crate::tokens;
use pyhw_diagnostics::Diagnostic;
use pyhw_ir::{
    Body, Design, Module, NetId, ProcessBody, ProcessId, ProcessKind, Stmt, StmtKind, StructId, Type, Value,
};
use pyhw_passes::{Settle, written_nets};
use pyhw_text::{Namer, OutputFile, Row, Writer, comment_lines};
use std::collections::{BTreeMap, BTreeSet};

/// The longest line that is filled.
const MAX_COLUMNS: usize = 100;

/// The functions that the header shows.
#[derive(Clone, Debug)]
pub struct Functions {
    /// Sets initial values.
    pub init: String,
    /// Settles nets.
    pub settle: String,
    /// Whether the header shows it.
    pub settle_is_public: bool,
    /// One for each edge of each clock.
    pub steps: Vec<String>,
}

impl Functions {
    /// Gives the functions their names.
    pub fn new(layout: &mut Layout<'_>, plan: &Plan) -> Functions {
        let init = layout.fresh("init");
        let settle = layout.fresh("settle");
        let steps = plan
            .edges
            .iter()
            .map(|edge| {
                let clock = layout.nets[edge.clock.index()].clone();
                let has_both = plan.edges.iter().filter(|other| other.clock == edge.clock).count() > 1;
                let wanted = match (plan.edges.len(), has_both) {
                    (1, _) => "step".to_owned(),
                    (_, false) => format!("step_{clock}"),
                    (_, true) if edge.rising => format!("step_{clock}_rising"),
                    (_, true) => format!("step_{clock}_falling"),
                };
                layout.fresh(&wanted)
            })
            .collect();
        let settle_is_public = plan.inputs_settle || plan.edges.is_empty();
        Functions { init, settle, settle_is_public, steps }
    }
}

/// Everything that the two files are written from.
#[derive(Debug)]
pub struct File<'a> {
    unit: Unit<'a>,
    plan: Plan,
    functions: Functions,
    /// The function of each process that has one.
    process_names: Vec<String>,
    /// The function that resets what a process drives.
    reset_names: Vec<Option<String>>,
}

/// A function of the source file.
struct Function {
    head: String,
    comment: Vec<String>,
    is_public: bool,
    body: pyhw_text::Text,
}

impl<'a> File<'a> {
    /// Prepares the files of a design that is one module.
    ///
    /// # Errors
    /// What C cannot say; see [`Plan::new`] and [`Bounds::new`].
    pub fn new(design: &'a Design, module: &'a Module) -> Result<File<'a>, Vec<Diagnostic>> {
        let plan = Plan::new(design, module)?;
        let fixed: Vec<bool> = {
            let mut driven = vec![false; module.nets.len()];
            for net in module.processes.iter().flat_map(written_nets) {
                driven[net.index()] = true;
            }
            (0..module.nets.len())
                .map(|index| match plan.roles[index] {
                    Role::Fixed => true,
                    Role::Output => !driven[index],
                    Role::Input | Role::Clock | Role::Register | Role::Net => false,
                })
                .collect()
        };
        let bounds = Bounds::new(design, module, &fixed)?;
        let mut layout = Layout::new(design, module);
        let functions = Functions::new(&mut layout, &plan);
        let resets: Vec<bool> = module
            .processes
            .iter()
            .map(|process| matches!(process.kind, ProcessKind::Clocked { reset: Some(_), .. }))
            .collect();
        let is_only_reset = resets.iter().filter(|has| **has).count() == 1;
        let mut process_names = Vec::new();
        let mut reset_names = Vec::new();
        for (process, has_reset) in module.processes.iter().zip(resets) {
            process_names.push(layout.fresh(&process.name));
            let wanted = if is_only_reset { "reset".to_owned() } else { format!("{}_reset", process.name) };
            reset_names.push(has_reset.then(|| layout.fresh(&wanted)));
        }
        let mut locals = Namer::c();
        locals.reserve("self");
        for name in Support::names() {
            locals.reserve(&name);
        }
        for names in layout.enums.iter().flatten() {
            for member in &names.members {
                locals.reserve(member);
            }
        }
        let unit = Unit {
            layout,
            bounds,
            fixed,
            support: Support::default(),
            tables: Tables::default(),
            locals,
            errors: Vec::new(),
        };
        Ok(File { unit, plan, functions, process_names, reset_names })
    }

    /// Names and storage.
    pub fn layout(&self) -> &Layout<'a> {
        &self.unit.layout
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The functions that the header shows.
    pub fn functions(&self) -> &Functions {
        &self.functions
    }

    /// Writes both files.
    ///
    /// # Errors
    /// PH0501 and PH0204 for what C cannot say.
    pub fn write(mut self) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
        let functions = self.all_functions();
        if !self.unit.errors.is_empty() {
            return Err(self.unit.errors);
        }
        let mut text = Writer::new("    ");
        for function in &functions {
            text.blank();
            for line in &function.comment {
                text.line(line);
            }
            let is_static = if function.is_public { "" } else { "static " };
            text.line(format!("{is_static}{}", function.head));
            text.line("{");
            text.indent();
            text.append(&function.body);
            text.dedent();
            text.line("}");
        }
        let functions = text.finish_with_origins();
        let words: BTreeSet<&str> = tokens::names(&functions.text).collect();
        let helpers = self.unit.support.texts(&words);
        let tables: Vec<&String> = self
            .unit
            .tables
            .texts
            .iter()
            .filter(|(name, _)| words.contains(&name[..]))
            .map(|(_, text)| text)
            .collect();
        let loops = |text: &str| text.contains("for (") || text.contains("while (");
        let has_loops = loops(&functions.text) || helpers.iter().any(|text| loops(text));
        let name = self.unit.layout.name.clone();
        let mut source = Writer::new("    ");
        let from = self.from();
        source.line(format!("/* Emitted by pyhw{from}. */"));
        source.line(format!("#include \"{name}.h\""));
        for helper in &helpers {
            source.blank();
            source.line(helper);
        }
        if !tables.is_empty() {
            source.blank();
        }
        for table in tables {
            source.line(table);
        }
        source.append(&functions);
        let header = self.header(has_loops);
        Ok(vec![
            OutputFile { name: format!("{name}.h"), text: header },
            OutputFile { name: format!("{name}.c"), text: source.finish() },
        ])
    }

    fn module(&self) -> &'a Module {
        self.unit.layout.module
    }

    fn from(&self) -> String {
        let line = self.unit.layout.design.sources.line(self.module().span);
        if line.is_empty() { String::new() } else { format!(" from {line}") }
    }

    // The header

    fn header(&self, has_loops: bool) -> String {
        let layout = &self.unit.layout;
        let module = self.module();
        let mut out = Writer::new("    ");
        let title = match &module.doc {
            Some(doc) => format!("{}: {}", layout.name, doc.trim()),
            None => layout.name.clone(),
        };
        let mut lines: Vec<String> = comment_lines(&title, MAX_COLUMNS - 3);
        lines.push(String::new());
        let mut origin = format!("Emitted by pyhw{}.", self.from());
        if !module.params.is_empty() {
            let params: Vec<String> =
                module.params.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            origin += &format!(" Parameters: {}.", params.join(", "));
        }
        lines.extend(comment_lines(&origin, MAX_COLUMNS - 3));
        let bytes: u64 = self
            .fields(|role| matches!(role, Role::Output | Role::Register | Role::Net))
            .iter()
            .map(|(_, storage)| layout.size_and_alignment(storage).0)
            .sum();
        let unit = if bytes == 1 { "byte" } else { "bytes" };
        let loops = if has_loops { "every loop has a fixed bound" } else { "no loops" };
        lines.push(format!("State: {bytes} {unit}. No heap, no recursion, {loops}."));
        write_comment(&mut out, &lines);
        let guard = format!("{}_H", layout.name.to_ascii_uppercase());
        out.line(format!("#ifndef {guard}"));
        out.line(format!("#define {guard}"));
        out.blank();
        out.line("#include <stdbool.h>");
        out.line("#include <stdint.h>");
        self.enums(&mut out);
        self.structs(&mut out);
        out.blank();
        self.state(&mut out);
        self.prototypes(&mut out);
        out.blank();
        out.line("#endif");
        out.finish()
    }

    fn enums(&self, out: &mut Writer) {
        let layout = &self.unit.layout;
        for (of, names) in layout.design.types.enums.iter().zip(&layout.enums) {
            let Some(names) = names else { continue };
            out.blank();
            if !names.is_enum {
                out.line(format!("/* {} */", names.ty));
                for ((_, code), name) in of.members.iter().zip(&names.members) {
                    out.line(format!("#define {name} 0x{}U", code.to_radix(16).to_uppercase()));
                }
                continue;
            }
            let counts =
                of.members.iter().enumerate().all(|(index, (_, code))| code.to_usize() == Some(index));
            let items: Vec<String> = of
                .members
                .iter()
                .zip(&names.members)
                .map(|((_, code), name)| if counts { name.clone() } else { format!("{name} = {code}") })
                .collect();
            let line = format!("typedef enum {{ {} }} {};", items.join(", "), names.ty);
            if line.len() <= MAX_COLUMNS {
                out.line(line);
                continue;
            }
            out.line("typedef enum {");
            out.indent();
            for (index, item) in items.iter().enumerate() {
                out.line(if index + 1 < items.len() { format!("{item},") } else { item.clone() });
            }
            out.dedent();
            out.line(format!("}} {};", names.ty));
        }
    }

    fn structs(&self, out: &mut Writer) {
        let layout = &self.unit.layout;
        let mut done = BTreeSet::new();
        for index in 0..layout.structs.len() {
            self.struct_type(StructId::new(index), &mut done, out);
        }
    }

    fn struct_type(&self, id: StructId, done: &mut BTreeSet<StructId>, out: &mut Writer) {
        let layout = &self.unit.layout;
        let Some(names) = &layout.structs[id.index()] else { return };
        if !done.insert(id) {
            return;
        }
        let fields = &layout.design.types.structs[id.index()].fields;
        for (_, ty) in fields {
            let mut ty = ty;
            while let Type::Array(element, _) = ty {
                ty = element;
            }
            if let Type::Struct(inner) = ty {
                self.struct_type(*inner, done, out);
            }
        }
        out.blank();
        out.line("typedef struct {");
        out.indent();
        let rows: Vec<Row> = fields
            .iter()
            .zip(&names.fields)
            .filter_map(|((_, ty), name)| {
                let storage = storage(&layout.design.types, ty)?;
                let notes = self.type_notes(ty, &storage);
                Some(field_row(layout, &storage, name, &notes))
            })
            .collect();
        out.table(&rows);
        out.dedent();
        out.line(format!("}} {};", names.ty));
    }

    /// The nets of some roles that have fields, with their storage, in the order of the struct.
    fn fields(&self, wanted: impl Fn(Role) -> bool) -> Vec<(NetId, Storage)> {
        let layout = &self.unit.layout;
        let module = self.module();
        (0..module.nets.len())
            .map(NetId::new)
            .filter(|net| wanted(self.plan.roles[net.index()]))
            .filter_map(|net| Some((net, storage(&layout.design.types, &module.net(net).ty)?)))
            .collect()
    }

    fn state(&self, out: &mut Writer) {
        let layout = &self.unit.layout;
        let init = &self.functions.init;
        let after = match self.functions.steps.as_slice() {
            [] => self.functions.settle.clone(),
            [step] => step.clone(),
            _ => "a step".to_owned(),
        };
        let mut rows = Vec::new();
        let sections = [
            (Role::Input, format!("inputs: set before {after}"), true),
            (Role::Output, format!("outputs: valid after {init} and {after}"), false),
            (Role::Register, "registers".to_owned(), true),
            (Role::Net, "nets".to_owned(), false),
        ];
        for (role, title, ascending) in sections {
            let mut fields = self.fields(|of| of == role);
            if fields.is_empty() {
                continue;
            }
            // Sections meet where alignments are alike, so that little is lost between fields.
            fields.sort_by_key(|(_, storage)| {
                let (alignment, is_bool) = (layout.size_and_alignment(storage).1, *storage == Storage::Bool);
                if ascending { (alignment, !is_bool) } else { (8 - alignment, is_bool) }
            });
            rows.push(Row::new([format!("/* {title} */")]));
            for (net, storage) in fields {
                let notes = self.net_notes(net, &storage);
                rows.push(field_row(layout, &storage, &layout.nets[net.index()], &notes));
            }
        }
        out.line("typedef struct {");
        out.indent();
        if rows.is_empty() {
            out.line("uint8_t unused; /* the design has no ports and no state */");
        }
        out.table(&rows);
        out.dedent();
        out.line(format!("}} {};", layout.ty));
    }

    /// What the C type of a net does not say.
    fn net_notes(&self, net: NetId, storage: &Storage) -> Vec<String> {
        let module = self.module();
        let mut notes = Vec::new();
        for (process, clocking) in module.processes.iter().zip(&self.plan.clockings) {
            let found = match (&process.kind, clocking.and_then(|found| found.reset)) {
                (ProcessKind::Clocked { reset: Some(reset), .. }, _) if reset.net == net => {
                    Some((reset.is_async, reset.active_high))
                }
                (_, Some(reset)) if reset.net == net => Some((true, reset.active_high)),
                _ => None,
            };
            if let Some((is_async, active_high)) = found {
                let kind = if is_async { "asynchronous" } else { "synchronous" };
                let level = if active_high { "high" } else { "low" };
                notes.push(format!("{kind}, active {level}"));
                break;
            }
        }
        notes.extend(self.type_notes(&module.net(net).ty, storage));
        notes.extend(module.net(net).comment.as_deref().map(clean));
        notes
    }

    fn type_notes(&self, ty: &Type, storage: &Storage) -> Vec<String> {
        let layout = &self.unit.layout;
        match (ty, storage) {
            (Type::Array(element, _), Storage::Array(inner, _)) => self.type_notes(element, inner),
            (Type::Enum(of), _) => layout.enums[of.index()].iter().map(|names| names.ty.clone()).collect(),
            (Type::Int(range), Storage::Scalar { ty, width }) => match range.bounds() {
                Some((min, max)) if !(is_full(range) && *width == ty.bits) => vec![format!("{min} to {max}")],
                _ => Vec::new(),
            },
            (Type::Int(range), Storage::Wide { signed, width }) => match range.bounds() {
                Some((min, max)) if !is_full(range) => vec![format!("{min} to {max}")],
                _ => {
                    let sign = if *signed { " with sign" } else { "" };
                    vec![format!(
                        "{width} bits{sign}, in {} limbs from the least significant up",
                        limbs(*width)
                    )]
                }
            },
            _ => Vec::new(),
        }
    }

    fn prototypes(&self, out: &mut Writer) {
        let layout = &self.unit.layout;
        let functions = &self.functions;
        let what = if self.plan.settling_inputs.is_empty() {
            "Puts every register at its initial value and settles the outputs."
        } else if self.plan.edges.is_empty() {
            "Puts every input at its initial value and settles the outputs."
        } else {
            "Puts every input and register at its initial value and settles the outputs."
        };
        out.blank();
        out.line(format!("/* {what} */"));
        out.line(format!("void {}({} *self);", functions.init, layout.ty));
        if functions.settle_is_public {
            let what = if self.plan.edges.is_empty() {
                "Takes the inputs and settles the outputs."
            } else {
                "Takes the inputs and settles the outputs, without a clock edge."
            };
            out.blank();
            out.line(format!("/* {what} */"));
            out.line(format!("void {}({} *self);", functions.settle, layout.ty));
        }
        for (edge, name) in self.plan.edges.iter().zip(&functions.steps) {
            let kind = if edge.rising { "rising" } else { "falling" };
            let clock = &self.module().net(edge.clock).name;
            out.blank();
            out.line(format!(
                "/* One {kind} edge of {}: takes the inputs, updates registers, settles the outputs. */",
                clean(clock)
            ));
            out.line(format!("void {name}({} *self);", layout.ty));
        }
    }

    // The functions

    fn head(&self, name: &str, params: &str) -> String {
        format!("void {name}({} *self{params})", self.unit.layout.ty)
    }

    fn all_functions(&mut self) -> Vec<Function> {
        let module = self.module();
        let mut combinational = Vec::new();
        let mut clocked: BTreeMap<ProcessId, Function> = BTreeMap::new();
        // The arguments of the functions that are given old values.
        let mut arguments: BTreeMap<ProcessId, BTreeMap<NetId, String>> = BTreeMap::new();
        for index in 0..module.processes.len() {
            let id = ProcessId::new(index);
            let process = &module.processes[index];
            let ProcessBody::Ir(body) = &process.body else { continue };
            let turn = self.plan.edges.iter().flat_map(|edge| &edge.turns).find(|turn| turn.process == id);
            let mut old = BTreeMap::new();
            let mut names = self.unit.locals.clone();
            for net in turn.map(|turn| turn.given.clone()).unwrap_or_default() {
                let field = format!("old_{}", self.unit.layout.nets[net.index()]);
                old.insert(net, crate::func::fresh_local(&mut names, &self.unit.layout.name, &field));
            }
            let reset = self.reset_branch(id);
            if matches!(process.kind, ProcessKind::Comb { .. }) && is_assignment(body) {
                continue;
            }
            let written = write_process(&mut self.unit, id, &names, &old, reset.as_ref());
            // What is left of a process that only prints is comments.
            if !touches_state(&written.text) {
                continue;
            }
            let params: String =
                written.given.iter().map(|(net, name)| format!(", {}", self.parameter(*net, name))).collect();
            let function = Function {
                head: self.head(&self.process_names[index], &params),
                comment: self.process_comment(id),
                is_public: false,
                body: written.text,
            };
            arguments.insert(id, written.given);
            if matches!(process.kind, ProcessKind::Comb { .. }) {
                combinational.push(function);
            } else {
                clocked.insert(id, function);
            }
        }
        let mut functions = combinational;
        let mut resets: BTreeMap<ProcessId, Function> = BTreeMap::new();
        for index in 0..module.processes.len() {
            let id = ProcessId::new(index);
            if let Some(function) = self.reset_function(id) {
                resets.insert(id, function);
            }
        }
        // What settling calls stands before it.
        for step in self.plan.settle.clone() {
            if let Settle::Reset(id) = step {
                functions.extend(resets.remove(&id));
                let is_tested = self.plan.clockings[id.index()]
                    .and_then(|found| found.reset)
                    .is_some_and(|reset| !reset.is_declared);
                if is_tested {
                    functions.extend(clocked.remove(&id));
                }
            }
        }
        let settle = self.settle_function(&arguments);
        let has_settle = settle.is_some();
        functions.extend(settle);
        functions.extend(std::mem::take(&mut resets).into_values());
        functions.push(self.init_function(has_settle));
        functions.extend(std::mem::take(&mut clocked).into_values());
        let before = self.before_function(&arguments);
        let before_name = match &before {
            Some((name, _)) => Some(name.clone()),
            // What must settle before an edge is all that settles.
            None if !self.plan.before_edge.is_empty() => Some(self.functions.settle.clone()),
            None => None,
        };
        functions.extend(before.map(|(_, function)| function));
        for index in 0..self.plan.edges.len() {
            let function = self.step_function(index, &arguments, before_name.as_deref(), has_settle);
            functions.push(function);
        }
        functions
    }

    fn parameter(&self, net: NetId, name: &str) -> String {
        let layout = &self.unit.layout;
        let Some(storage) = storage(&layout.design.types, &self.module().net(net).ty) else {
            return String::new();
        };
        let declaration = layout.declare(&storage, name);
        match &storage {
            // Before C23 a pointer to arrays does not convert to one to constant arrays.
            Storage::Array(element, _) if matches!(**element, Storage::Array(..) | Storage::Wide { .. }) => {
                declaration
            }
            Storage::Array(..) | Storage::Wide { .. } => format!("const {declaration}"),
            Storage::Bool | Storage::Scalar { .. } | Storage::Enum(..) | Storage::Struct(_) => declaration,
        }
    }

    fn process_comment(&self, id: ProcessId) -> Vec<String> {
        let process = &self.module().processes[id.index()];
        let place = self.unit.layout.design.sources.line(process.span);
        let text = match (&process.doc, place.is_empty()) {
            (Some(doc), false) => format!("{place}: {}", doc.trim()),
            (Some(doc), true) => doc.trim().to_owned(),
            (None, false) => place,
            (None, true) => return Vec::new(),
        };
        let mut out = Writer::new("    ");
        write_comment(&mut out, &comment_lines(&text, MAX_COLUMNS - 3));
        out.finish().lines().map(str::to_owned).collect()
    }

    fn reset_branch(&self, id: ProcessId) -> Option<ResetBranch> {
        let name = self.reset_names[id.index()].as_ref()?;
        let ProcessKind::Clocked { reset: Some(reset), .. } = &self.module().processes[id.index()].kind
        else {
            return None;
        };
        Some(ResetBranch { net: reset.net, active_high: reset.active_high, call: format!("{name}(self);") })
    }

    fn reset_function(&mut self, id: ProcessId) -> Option<Function> {
        let name = self.reset_names[id.index()].clone()?;
        let nets = self.in_reset_order(written_nets(&self.module().processes[id.index()]));
        let body = self.initial_values(&nets);
        let head = self.head(&name, "");
        Some(Function { head, comment: Vec::new(), is_public: false, body })
    }

    /// Inner nets first, then ports, each in the order of the source.
    fn in_reset_order(&self, mut nets: Vec<NetId>) -> Vec<NetId> {
        nets.sort_by_key(|net| (self.module().direction(*net).is_some(), *net));
        nets
    }

    /// Stores of initial values.
    fn initial_values(&mut self, nets: &[NetId]) -> pyhw_text::Text {
        let mut out = Writer::new("    ");
        for &net in nets {
            out.set_span(self.module().net(net).span);
            for line in self.initial_lines(net) {
                out.line(line);
            }
        }
        out.finish_with_origins()
    }

    fn initial_lines(&mut self, net: NetId) -> Vec<String> {
        let layout = &self.unit.layout;
        let module = layout.module;
        let Some(storage) = storage(&layout.design.types, &module.net(net).ty) else { return Vec::new() };
        let target = format!("self->{}", layout.nets[net.index()]);
        let init = module.net(net).init.clone();
        self.fill(&storage, &target, &init, &format!("{}_init", module.net(net).name), 0)
    }

    fn fill(
        &mut self,
        storage: &Storage,
        target: &str,
        value: &Value,
        wanted: &str,
        depth: usize,
    ) -> Vec<String> {
        match (storage, value) {
            (Storage::Wide { width, .. }, Value::Int(number)) => {
                let count = self.unit.count(limbs(*width));
                let call = if number.is_zero() {
                    self.unit.call(Helper::WideZero, &[target.to_owned(), count])
                } else {
                    let table = self.unit.wide_table(number, limbs(*width));
                    self.unit.call(Helper::WideCopy, &[target.to_owned(), table, count])
                };
                vec![format!("{call};")]
            }
            (Storage::Array(element, length), Value::Array(values)) => {
                let counter = ["i", "j", "k", "l"].get(depth).unwrap_or(&"m");
                let inner = match values.first() {
                    Some(first) if values.iter().all(|value| value == first) => {
                        self.fill(element, &format!("{target}[{counter}]"), first, wanted, depth + 1)
                    }
                    _ => {
                        let table = self.unit.table(storage, value, wanted);
                        return self.copy(storage, target, &table);
                    }
                };
                counted(counter, *length, inner)
            }
            (Storage::Struct(_), _) => {
                let table = self.unit.table(storage, value, wanted);
                vec![format!("{target} = {table};")]
            }
            _ => vec![format!("{target} = {};", self.unit.scalar_text(storage, value))],
        }
    }

    fn copy(&mut self, storage: &Storage, to: &str, from: &str) -> Vec<String> {
        let names = self.unit.locals.clone();
        self.unit.copy_lines(&names, storage, to, from)
    }

    /// The call of a process's function; what it is given comes from `given`, else it is the present value.
    fn call(
        &self,
        id: ProcessId,
        arguments: &BTreeMap<ProcessId, BTreeMap<NetId, String>>,
        given: &BTreeMap<NetId, String>,
    ) -> Option<String> {
        let wanted = arguments.get(&id)?;
        let mut args = vec!["self".to_owned()];
        for net in wanted.keys() {
            args.push(match given.get(net) {
                Some(name) => name.clone(),
                None => format!("self->{}", self.unit.layout.nets[net.index()]),
            });
        }
        Some(format!("{}({});", self.process_names[id.index()], args.join(", ")))
    }

    /// The lines of steps of settling.
    fn settle_lines(
        &mut self,
        steps: &[Settle],
        arguments: &BTreeMap<ProcessId, BTreeMap<NetId, String>>,
    ) -> pyhw_text::Text {
        let module = self.module();
        let mut out = Writer::new("    ");
        let mut names = self.unit.locals.clone();
        for &step in steps {
            let id = step.process();
            let process = &module.processes[id.index()];
            let span = out.set_span(process.span);
            match step {
                Settle::Process(_) => match &process.body {
                    ProcessBody::Ir(body) if is_assignment(body) => {
                        let written = self.inline(id, body, &names);
                        names = written.1;
                        out.append(&written.0);
                    }
                    _ => {
                        if let Some(call) = self.call(id, arguments, &BTreeMap::new()) {
                            out.line(call);
                        }
                    }
                },
                Settle::Reset(_) => {
                    let Some(reset) = self.plan.clockings[id.index()].and_then(|found| found.reset) else {
                        continue;
                    };
                    let call = match &self.reset_names[id.index()] {
                        Some(name) if reset.is_declared => Some(format!("{name}(self);")),
                        _ => self.call(id, arguments, &BTreeMap::new()),
                    };
                    let Some(call) = call else { continue };
                    let field = format!("self->{}", self.unit.layout.nets[reset.net.index()]);
                    let cond = match (&module.net(reset.net).init, self.unit.fixed[reset.net.index()]) {
                        // A reset that nothing drives never changes, so it never becomes active.
                        (_, true) => continue,
                        (Value::Bool(_), false) => field,
                        (_, false) => format!("({field} != 0U)"),
                    };
                    let not = if reset.active_high { "" } else { "!" };
                    out.line(format!("if ({not}{cond}) {{"));
                    out.indent();
                    out.line(call);
                    out.dedent();
                    out.line("}");
                }
            }
            out.set_span(span);
        }
        out.finish_with_origins()
    }

    /// An assignment with its place in the source as a comment.
    fn inline(&mut self, id: ProcessId, body: &'a Body, names: &Namer) -> (pyhw_text::Text, Namer) {
        let layout = &self.unit.layout;
        let place = layout.design.sources.line(layout.module.processes[id.index()].span);
        let declarations = crate::vars::Declarations::default();
        let mut func = Func::new(&mut self.unit, id.index(), body, names.clone());
        let mut stmts = crate::stmt::Stmts::new(&mut func, &declarations, BTreeSet::new());
        stmts.note = (!place.is_empty()).then_some(place);
        stmts.list(&body.stmts);
        let Func { out, names, .. } = func;
        (out.finish_with_origins(), names)
    }

    fn settle_function(
        &mut self,
        arguments: &BTreeMap<ProcessId, BTreeMap<NetId, String>>,
    ) -> Option<Function> {
        let steps = self.plan.settle.clone();
        let mut body = self.settle_lines(&steps, arguments);
        let is_public = self.functions.settle_is_public;
        if !touches_state(&body) {
            if !is_public {
                return None;
            }
            body.text += "(void)self;\n";
        }
        let head = self.head(&self.functions.settle.clone(), "");
        Some(Function { head, comment: Vec::new(), is_public, body })
    }

    /// The function that settles what a clock edge reads, where it is less than all.
    fn before_function(
        &mut self,
        arguments: &BTreeMap<ProcessId, BTreeMap<NetId, String>>,
    ) -> Option<(String, Function)> {
        let steps = self.plan.before_edge.clone();
        if steps.is_empty() || steps == self.plan.settle {
            return None;
        }
        let body = self.settle_lines(&steps, arguments);
        if !touches_state(&body) {
            return None;
        }
        let name = self.unit.layout.fresh("settle_inputs");
        let head = self.head(&name, "");
        let comment = vec!["/* Settles what depends on inputs and is taken by registers. */".to_owned()];
        Some((name, Function { head, comment, is_public: false, body }))
    }

    fn init_function(&mut self, has_settle: bool) -> Function {
        let module = self.module();
        let mut out = Writer::new("    ");
        let mut covered: BTreeSet<NetId> = BTreeSet::new();
        let inputs = self.plan.settling_inputs.clone();
        out.append(&self.initial_values(&inputs));
        for (index, name) in self.reset_names.clone().into_iter().enumerate() {
            if let Some(name) = name {
                out.line(format!("{name}(self);"));
                covered.extend(written_nets(&module.processes[index]));
            }
        }
        let clocked: Vec<NetId> = module
            .processes
            .iter()
            .filter(|process| matches!(process.kind, ProcessKind::Clocked { .. }))
            .flat_map(written_nets)
            .collect();
        let undriven = (0..module.nets.len())
            .map(NetId::new)
            .filter(|net| self.plan.roles[net.index()] == Role::Output && self.unit.fixed[net.index()]);
        let mut rest: Vec<NetId> =
            clocked.into_iter().chain(undriven).chain(self.plan.remembered.clone()).collect();
        rest.retain(|net| !covered.contains(net));
        rest.sort_unstable();
        rest.dedup();
        let rest = self.in_reset_order(rest);
        out.append(&self.initial_values(&rest));
        if has_settle {
            out.line(format!("{}(self);", self.functions.settle));
        }
        let mut body = out.finish_with_origins();
        if !touches_state(&body) {
            body.text += "(void)self;\n";
        }
        let head = self.head(&self.functions.init.clone(), "");
        Function { head, comment: Vec::new(), is_public: true, body }
    }

    fn step_function(
        &mut self,
        index: usize,
        arguments: &BTreeMap<ProcessId, BTreeMap<NetId, String>>,
        before: Option<&str>,
        has_settle: bool,
    ) -> Function {
        let EdgePlan { turns, .. } = self.plan.edges[index].clone();
        let mut out = Writer::new("    ");
        if let Some(before) = before {
            out.line(format!("{before}(self);"));
        }
        let mut names = self.unit.locals.clone();
        let mut given: BTreeMap<NetId, String> = BTreeMap::new();
        for turn in &turns {
            for net in arguments.get(&turn.process).into_iter().flat_map(BTreeMap::keys) {
                if turn.given.contains(net) && !given.contains_key(net) {
                    let field = format!("old_{}", self.unit.layout.nets[net.index()]);
                    let name = crate::func::fresh_local(&mut names, &self.unit.layout.name, &field);
                    given.insert(*net, name);
                }
            }
        }
        for (net, name) in &given {
            for line in keep_lines(&mut self.unit, *net, name) {
                out.line(line);
            }
        }
        for turn in &turns {
            if let Some(call) = self.call(turn.process, arguments, &given) {
                out.line(call);
            }
        }
        if has_settle {
            out.line(format!("{}(self);", self.functions.settle));
        }
        let mut body = out.finish_with_origins();
        if !touches_state(&body) {
            body.text += "(void)self;\n";
        }
        let head = self.head(&self.functions.steps[index].clone(), "");
        Function { head, comment: Vec::new(), is_public: true, body }
    }
}

/// Whether a combinational process is one assignment, which needs no function of its own.
fn is_assignment(body: &Body) -> bool {
    body.vars.is_empty()
        && matches!(body.stmts.as_slice(), [Stmt { kind: StmtKind::Next { .. }, comments, .. }] if comments.leading.is_empty())
}

/// Whether a function's body does anything: every effect is one on the state.
fn touches_state(body: &pyhw_text::Text) -> bool {
    tokens::count(&body.text, "self") > 0
}

fn field_row(layout: &Layout<'_>, storage: &Storage, name: &str, notes: &[String]) -> Row {
    let comment = (!notes.is_empty()).then(|| format!("/* {} */", notes.join("; ")));
    Row::new([format!("{};", layout.declare(storage, name))]).comment(comment)
}

/// A comment of one line or more.
fn write_comment(out: &mut Writer, lines: &[String]) {
    let lines: Vec<String> = lines.iter().map(|line| line.replace("??", "? ?")).collect();
    if let [line] = lines.as_slice() {
        out.line(format!("/* {line} */"));
        return;
    }
    for (index, line) in lines.iter().enumerate() {
        let start = if index == 0 { "/*" } else { " *" };
        let end = if index + 1 == lines.len() { " */" } else { "" };
        out.line(format!("{start} {line}{end}"));
    }
}
