//! The two files: what they are called, what they are put together from, and how.
//!
//! [`header`] writes types, state and prototypes; [`functions`] the functions, each by itself; [`initial`] the initial values.

mod functions;
mod header;
mod initial;

use crate::bounds::Bounds;
use crate::func::Unit;
use crate::layout::Layout;
use crate::plan::{Plan, Role};
use crate::support::Support;
use crate::table::Tables;
use crate::tokens;
use pyhw_diagnostics::Diagnostic;
use pyhw_ir::{Design, Module, ProcessId};
use pyhw_passes::written_nets;
use pyhw_text::{Namer, OutputFile, Writer, comment_lines};
use std::collections::BTreeSet;

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
    /// The function that gives what the reset of a process restores its initial values.
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
        let resets: Vec<bool> =
            module.processes.iter().map(|process| !pyhw_passes::restored_nets(process).is_empty()).collect();
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
        source.blank();
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

    // The functions

    fn head(&self, name: &str, params: &str) -> String {
        format!("void {name}({} *self{params})", self.unit.layout.ty)
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
