//! What is decided about a module before its text is written: names, and what each net is in Verilog.

use crate::Options;
use crate::assigns;
use crate::form::NetForm;
use crate::helper::{Helper, Helpers};
use crate::layout;
use crate::reads::{Reads, Uses};
use crate::text::Text;
use crate::wake::Wakes;
use pyhw_diagnostics::{Code, Diagnostic, Severity, Span};
use pyhw_ir::{Design, Direction, EnumId, Int, Module, NetId, Type};
use pyhw_passes::ModuleFacts;
use pyhw_text::Namer;
use std::collections::BTreeSet;

/// A wire that the expressions of processes need and that the source does not have.
#[derive(Clone, Debug)]
pub struct ExtraWire {
    pub name: String,
    pub width: u32,
    pub signed: bool,
    pub value: String,
    /// Which bits of it are read.
    pub reads: Reads,
    pub span: Span,
}

/// The state of one module's emission.
pub struct ModuleCx<'a> {
    pub design: &'a Design,
    pub module: &'a Module,
    pub facts: ModuleFacts,
    pub wakes: Wakes,
    /// The values of integers that nothing ever changes.
    pub constants: Vec<Option<Int>>,
    /// Which processes are written as continuous assignments.
    pub assigned: Vec<bool>,
    /// Nets that act at their edges in one place and are data in another.
    pub both_ways: Vec<bool>,
    /// Nets of which some bits follow from others.
    pub in_loops: BTreeSet<NetId>,
    uses: Uses,
    pub options: &'a Options,
    pub nets: Vec<NetForm>,
    pub process_names: Vec<String>,
    pub instance_names: Vec<String>,
    /// The localparams of each enum's members, by the enum's index; empty where the module does not use it.
    pub enum_names: Vec<Vec<String>>,
    /// Which of them the text names.
    pub enum_used: Vec<Vec<bool>>,
    /// Local names of each process: its variables.
    pub var_names: Vec<Vec<String>>,
    /// Gives names that nothing in the module has, locals of processes included.
    pub namer: Namer,
    /// Holds the names of the module itself, which a local may not hide.
    pub outer: Namer,
    pub helpers: Helpers,
    pub reads: Vec<Reads>,
    /// Memories with a store whose element is chosen when it runs.
    pub moving_stores: Vec<bool>,
    pub extra_wires: Vec<ExtraWire>,
    /// The signal that changes at time zero, if a process needs one to be woken then.
    started: Option<String>,
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> ModuleCx<'a> {
    /// Decides names and forms for the module, which is called `name`; findings are in `diagnostics`.
    pub fn new(
        design: &'a Design,
        module: &'a Module,
        name: &str,
        options: &'a Options,
        facts: ModuleFacts,
        wakes: Wakes,
    ) -> ModuleCx<'a> {
        let mut namer = Namer::hdl();
        // Verilator takes a net of the module's own name for one that hides it.
        namer.reserve(name);
        // Ports first: they keep their names whatever else is called so.
        let mut names: Vec<Option<String>> = vec![None; module.nets.len()];
        let ports = module.ports.iter().map(|port| port.net);
        for net in ports.chain((0..module.nets.len()).map(NetId::new)) {
            let name = &mut names[net.index()];
            if name.is_none() {
                *name = Some(namer.fresh(&module.net(net).name));
            }
        }
        let mut cx = ModuleCx {
            design,
            module,
            uses: Uses::new(design, module, &facts),
            constants: assigns::constants(design, module, &facts),
            assigned: assigns::processes(module, &facts),
            both_ways: Vec::new(),
            in_loops: pyhw_passes::nets_in_loops(module, &facts),
            facts,
            wakes,
            started: None,
            options,
            nets: Vec::new(),
            process_names: module.processes.iter().map(|process| namer.fresh(&process.name)).collect(),
            instance_names: module.instances.iter().map(|instance| namer.fresh(&instance.name)).collect(),
            enum_names: vec![Vec::new(); design.types.enums.len()],
            enum_used: vec![Vec::new(); design.types.enums.len()],
            var_names: Vec::new(),
            outer: namer.scope(),
            namer,
            helpers: Helpers::default(),
            reads: vec![Reads::default(); module.nets.len()],
            moving_stores: vec![false; module.nets.len()],
            extra_wires: Vec::new(),
            diagnostics: Vec::new(),
        };
        cx.name_enums();
        cx.name_vars();
        for (index, name) in names.into_iter().enumerate() {
            let form = cx.net_form(NetId::new(index), name.unwrap_or_default());
            cx.nets.push(form);
        }
        cx.merge_drivers();
        cx.mark_structural_reads();
        cx
    }

    /// A name of the module that nothing else has.
    pub fn fresh(&mut self, wanted: &str) -> String {
        let name = self.namer.fresh(wanted);
        self.outer.reserve(&name);
        name
    }

    /// The signal that wakes at time zero what no other change does.
    pub fn started(&mut self) -> String {
        if self.started.is_none() {
            self.started = Some(self.fresh("started"));
        }
        self.started.clone().unwrap_or_default()
    }

    /// Its name, if it is in use.
    pub fn used_started(&self) -> Option<&str> {
        self.started.as_deref()
    }

    /// A call of a function of the module.
    pub fn call(&mut self, helper: Helper, args: &[Text]) -> Text {
        let (text, new) = self.helpers.call(helper, args, &mut self.namer);
        if let Some(name) = new {
            self.outer.reserve(&name);
        }
        text
    }

    /// Reports what Verilog cannot say.
    pub fn refuse(&mut self, span: Span, message: impl Into<String>) {
        let diagnostic = Diagnostic::new(Code::PH0501, span, message);
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports a finding that is a warning elsewhere and an error here.
    pub fn refuse_as(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(code, span, message).severity(Severity::Error));
    }

    /// Which way a net goes that is a port.
    pub fn direction(&self, net: NetId) -> Option<Direction> {
        self.uses.direction[net.index()]
    }

    /// The form of a net.
    pub fn form(&self, net: NetId) -> &NetForm {
        &self.nets[net.index()]
    }

    /// The width of a type; refused with this span where Verilog has none. Never zero.
    pub fn bits(&mut self, ty: &Type, span: Span) -> u32 {
        match layout::bits(ty, &self.design.types) {
            Some(width) => width.max(1),
            None => {
                let what = match ty {
                    Type::Text => "a text has no form in Verilog outside of prints".to_owned(),
                    Type::Opaque => "an object of Python has no form in Verilog".to_owned(),
                    Type::Bool | Type::Int(_) | Type::Enum(_) | Type::Array(..) | Type::Struct(_) => {
                        format!("a vector of more than {} bits", layout::MAX_VECTOR_BITS)
                    }
                };
                self.refuse(span, what);
                1
            }
        }
    }

    /// The name of a member of an enum.
    pub fn member(&mut self, id: EnumId, member: u32) -> Option<Text> {
        let name = self.enum_names[id.index()].get(member as usize)?.clone();
        self.enum_used[id.index()][member as usize] = true;
        Some(Text::primary(name))
    }

    /// Whether no process of the IR stands for the module's inside because the user wrote Verilog for it.
    pub fn foreign(&self) -> Option<&'a pyhw_ir::Foreign> {
        self.module.foreign.iter().find(|foreign| foreign.language == pyhw_ir::Language::Verilog)
    }

    /// Whether a process reads the net, or waits for it.
    pub fn is_read(&self, id: NetId) -> bool {
        self.uses.read[id.index()]
    }

    /// Whether it is connected to an instance.
    pub fn is_connected(&self, id: NetId) -> bool {
        self.uses.connected[id.index()]
    }
}
