//! The structure of a design: modules, nets and processes.

use crate::expr::Exprs;
use crate::int::Int;
use crate::stmt::Stmt;
use crate::types::{Range, Type, Value};
use pyhw_diagnostics::{Code, Diagnostic, Severity, Sources, Span};

macro_rules! entity {
    ($(#[$attr:meta])* $name:ident $prefix:literal) => {
        $(#[$attr])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The entity at this place of its table.
            pub fn new(index: usize) -> Self {
                $name(u32::try_from(index).expect("invariant: fewer than 2^32 entities"))
            }

            /// Its place in its table.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}{}", $prefix, self.0)
            }
        }
    };
}
pub(crate) use entity;

entity! {
    /// A module of a design.
    ModuleId "m"
}
entity! {
    /// A net of a module.
    NetId "n"
}
entity! {
    /// A process of a module.
    ProcessId "p"
}
entity! {
    /// An instance in a module.
    InstanceId "i"
}
entity! {
    /// A local variable of a process.
    VarId "v"
}
entity! {
    /// A loop or block of a process that `break` and `continue` can name.
    LabelId "l"
}
entity! {
    /// An enumeration of a design.
    EnumId "enum"
}
entity! {
    /// A struct type of a design.
    StructId "struct"
}

/// A whole design.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Design {
    /// The files that spans point into; in IR text only their names.
    pub sources: Sources,
    /// The types that have names.
    pub types: Types,
    /// The modules; an instance's module stands before the module that instantiates it.
    pub modules: Vec<Module>,
    /// The module that stands for the whole; `None` only while a design is built.
    pub top: Option<ModuleId>,
}

impl Design {
    /// The module of this id.
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.index()]
    }

    /// The top module, where one is set.
    pub fn top_module(&self) -> Option<&Module> {
        self.top.map(|id| self.module(id))
    }
}

/// The named types of a design.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Types {
    /// Enumerations.
    pub enums: Vec<EnumType>,
    /// Structs.
    pub structs: Vec<StructType>,
}

/// An enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumType {
    /// Its name in the source.
    pub name: String,
    /// Members in order, each with the code that stands for it in hardware.
    pub members: Vec<(String, Int)>,
    /// How many bits a code has.
    pub width_bits: u32,
    /// Where it was declared.
    pub span: Span,
}

impl EnumType {
    /// The interval of the codes.
    pub fn code_range(&self) -> Range {
        Range::unsigned(self.width_bits)
    }
}

/// A struct type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructType {
    /// Its name in the source.
    pub name: String,
    /// Fields in order.
    pub fields: Vec<(String, Type)>,
    /// Where it was declared.
    pub span: Span,
}

/// A module: one block with its parameters resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Its name in the source; back-ends make it legal and distinct.
    pub name: String,
    /// The docstring of the block.
    pub doc: Option<String>,
    /// Parameters that are resolved, as text for comments: name and value.
    pub params: Vec<(String, String)>,
    /// Ports in the order of the block's parameters.
    pub ports: Vec<Port>,
    /// Nets, ports among them. Names are distinct within the module.
    pub nets: Vec<Net>,
    /// Processes.
    pub processes: Vec<Process>,
    /// Instances of other modules.
    pub instances: Vec<Instance>,
    /// Processes and instances in the order of the source, which is the order of start-up.
    pub items: Vec<Item>,
    /// Code of the user's own that stands for the module's inside in a target language.
    pub foreign: Vec<Foreign>,
    /// Where the block was defined.
    pub span: Span,
}

impl Module {
    /// An empty module.
    pub fn new(name: impl Into<String>, span: Span) -> Module {
        Module {
            name: name.into(),
            doc: None,
            params: Vec::new(),
            ports: Vec::new(),
            nets: Vec::new(),
            processes: Vec::new(),
            instances: Vec::new(),
            items: Vec::new(),
            foreign: Vec::new(),
            span,
        }
    }

    /// The net of this id.
    pub fn net(&self, id: NetId) -> &Net {
        &self.nets[id.index()]
    }

    /// Adds a net.
    pub fn add_net(&mut self, net: Net) -> NetId {
        self.nets.push(net);
        NetId::new(self.nets.len() - 1)
    }

    /// Adds a net that is a port.
    pub fn add_port(&mut self, net: Net, direction: Direction) -> NetId {
        let net = self.add_net(net);
        self.ports.push(Port { net, direction });
        net
    }

    /// Adds a process at the end of the items.
    pub fn add_process(&mut self, process: Process) -> ProcessId {
        self.processes.push(process);
        let id = ProcessId::new(self.processes.len() - 1);
        self.items.push(Item::Process(id));
        id
    }

    /// Adds an instance at the end of the items.
    pub fn add_instance(&mut self, instance: Instance) -> InstanceId {
        self.instances.push(instance);
        let id = InstanceId::new(self.instances.len() - 1);
        self.items.push(Item::Instance(id));
        id
    }

    /// A name that no net of the module has: the one that is wanted, or that with a number.
    pub fn free_net_name(&self, wanted: String) -> String {
        free_name(wanted, |name| self.nets.iter().all(|net| net.name != name))
    }

    /// A name that no process of the module has: the one that is wanted, or that with a number.
    pub fn free_process_name(&self, wanted: String) -> String {
        free_name(wanted, |name| self.processes.iter().all(|process| process.name != name))
    }

    /// The direction of a net that is a port.
    pub fn direction(&self, net: NetId) -> Option<Direction> {
        self.ports.iter().find(|port| port.net == net).map(|port| port.direction)
    }
}

fn free_name(wanted: String, is_free: impl Fn(&str) -> bool) -> String {
    if is_free(&wanted) {
        return wanted;
    }
    let mut names = (1u32..).map(|number| format!("{wanted}_{number}"));
    names.find(|name| is_free(name)).unwrap_or(wanted)
}

/// Something of a module that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// A process.
    Process(ProcessId),
    /// An instance.
    Instance(InstanceId),
}

/// Which way a port carries values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Into the module.
    In,
    /// Out of the module.
    Out,
    /// Both.
    InOut,
}

/// A port: a net that is seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// The net.
    pub net: NetId,
    /// Its direction.
    pub direction: Direction,
}

/// What a net is made of, apart from its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NetKind {
    /// A wire or a register: what drives it tells which.
    Signal,
    /// Takes its next value so many steps after the store; at least 1.
    Delayed(u64),
    /// The resolution of its drivers: `Z`, or the value of the one driver that is not `Z`.
    TriState,
    /// A driver of a tri-state net of the same module; `Z` or a value.
    Driver(NetId),
}

impl NetKind {
    /// Whether a net of this kind may read as `Z`.
    pub fn may_be_z(self) -> bool {
        match self {
            NetKind::Signal | NetKind::Delayed(_) => false,
            NetKind::TriState | NetKind::Driver(_) => true,
        }
    }
}

/// A net. Of an array type it is a memory, of [`Type::Opaque`] it is seen by the host only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Net {
    /// Its name, distinct within the module.
    pub name: String,
    /// What it holds.
    pub ty: Type,
    /// Its value at time zero.
    pub init: Value,
    /// What it is made of.
    pub kind: NetKind,
    /// Whether stores into it wrap instead of being checked.
    pub wraps: bool,
    /// Whether the design itself loads the initial value, as a process that only begins does. Such a value is emitted even where
    /// initial values are not asked for.
    pub loaded: bool,
    /// A comment of the source that belongs to it.
    pub comment: Option<String>,
    /// Where it was made.
    pub span: Span,
}

impl Net {
    /// A plain signal whose stores are checked.
    pub fn new(name: impl Into<String>, ty: Type, init: Value, span: Span) -> Net {
        let (kind, wraps, loaded) = (NetKind::Signal, false, false);
        Net { name: name.into(), ty, init, kind, wraps, loaded, comment: None, span }
    }
}

/// An instance of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its name, distinct among the instances of the module it stands in.
    pub name: String,
    /// What it is an instance of.
    pub module: ModuleId,
    /// The net of the instantiating module for each port of the module, in the order of its ports; types are equal.
    pub connections: Vec<NetId>,
    /// Where it was made.
    pub span: Span,
}

/// A language that a design is emitted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// IEEE 1364-2005.
    Verilog,
    /// IEEE 1076.
    Vhdl,
    /// C99.
    C,
}

/// How code of the user's own gives a net its value: what Verilog declares the net as follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Assigned {
    /// By a procedure: a `reg`.
    Procedure,
    /// By a continuous assignment or an instance: a `wire`.
    Wire,
}

/// Code of the user's own in a target language; `$name` in it was replaced by the front end, except for nets, which stand as
/// `${net}` and take their legal name in the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// The language it is written in.
    pub language: Language,
    /// The text of the module's body.
    pub text: String,
    /// What `${name}` stands for where that is no net: an array of nets. No two have one name, and none has that of a net.
    pub lists: Vec<ForeignList>,
    /// How the text gives nets their values, where the design says it; each net at most once, and none that is an input.
    pub drives: Vec<(NetId, Assigned)>,
    /// Where it was written.
    pub span: Span,
}

/// Nets that a foreign text names as an array: the text may index it by what it likes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignList {
    /// The name in the text.
    pub name: String,
    /// The elements from 0 up: at least one, of one type, and all of them inputs or none.
    pub elements: Vec<NetId>,
}

/// A change of a net.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// Any change.
    Any,
    /// From false (or zero) to true.
    Rising,
    /// From true to false (or zero).
    Falling,
}

/// A change of a certain net.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// The net.
    pub net: NetId,
    /// The change.
    pub edge: Edge,
}

/// The reset of a clocked process: while it is active the body does not run, and the nets that the process drives take their initial
/// values, without those that the reset spares: these keep what they have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reset {
    /// The boolean net.
    pub net: NetId,
    /// Whether it is active when true.
    pub active_high: bool,
    /// Whether its becoming active runs the process, without a clock edge.
    pub is_async: bool,
    /// The nets that it spares.
    pub spares: Vec<NetId>,
}

impl Reset {
    /// A reset that spares nothing.
    pub fn new(net: NetId, active_high: bool, is_async: bool) -> Reset {
        Reset { net, active_high, is_async, spares: Vec::new() }
    }

    /// Whether it gives a net that its process drives the initial value.
    pub fn restores(&self, net: NetId) -> bool {
        !self.spares.contains(&net)
    }

    /// The same reset with other ids of nets.
    pub fn with_nets(&self, mut net: impl FnMut(NetId) -> NetId) -> Reset {
        Reset { net: net(self.net), spares: self.spares.iter().map(|one| net(*one)).collect(), ..*self }
    }
}

/// When a process runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessKind {
    /// At time zero and after each change of one of these nets, from its beginning to its end.
    Comb {
        /// The nets that wake it.
        sensitivity: Vec<NetId>,
    },
    /// After each of these events, from its beginning to its end.
    Clocked {
        /// The events; for hardware one clock edge, or a clock edge and the edge of an asynchronous reset.
        events: Vec<Event>,
        /// The reset that the process declares.
        reset: Option<Reset>,
    },
    /// From time zero on, until it ends, stopping at each wait.
    Timed,
}

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its name, distinct among the processes of its module.
    pub name: String,
    /// When it runs.
    pub kind: ProcessKind,
    /// What it does.
    pub body: ProcessBody,
    /// The docstring of its function.
    pub doc: Option<String>,
    /// Where it was written.
    pub span: Span,
}

impl Process {
    /// Why it cannot be emitted, in any language: each reason that left it to the host, as an error. Empty for a process that has
    /// statements.
    pub fn refusals(&self) -> Vec<Diagnostic> {
        let ProcessBody::Host(host) = &self.body else { return Vec::new() };
        let note = format!("`{}` is left to Python, which simulates it and does not emit it", self.name);
        if host.reason.is_empty() {
            return vec![Diagnostic::new(Code::PH0201, self.span, note)];
        }
        let refusal = |reason: &Diagnostic| {
            let refusal = reason.clone().severity(Severity::Error);
            // Whatever else is wrong with it is wrong in Python as well.
            if reason.code == Code::PH0201 { refusal.note(note.clone()) } else { refusal }
        };
        host.reason.iter().map(refusal).collect()
    }
}

/// What a process does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessBody {
    /// Statements.
    Ir(Body),
    /// Ordinary Python, resumed by the host; it is simulated and never emitted.
    Host(HostBody),
}

/// A process that the host resumes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostBody {
    /// The host's name for it.
    pub handle: u32,
    /// What kept it from being compiled.
    pub reason: Vec<Diagnostic>,
}

/// Statements with the variables and expressions that they use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Local variables.
    pub vars: Vec<Var>,
    /// Expressions.
    pub exprs: Exprs,
    /// Labels of loops and blocks in use: names for output.
    pub labels: Vec<String>,
    /// The statements.
    pub stmts: Vec<Stmt>,
}

impl Body {
    /// Adds a variable.
    pub fn add_var(&mut self, var: Var) -> VarId {
        self.vars.push(var);
        VarId::new(self.vars.len() - 1)
    }

    /// Adds a label.
    pub fn add_label(&mut self, name: impl Into<String>) -> LabelId {
        self.labels.push(name.into());
        LabelId::new(self.labels.len() - 1)
    }

    /// The variable of this id.
    pub fn var(&self, id: VarId) -> &Var {
        &self.vars[id.index()]
    }
}

/// A local variable of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Var {
    /// Its name; several variables of a process may share one (inlined calls).
    pub name: String,
    /// What it holds.
    pub ty: Type,
    /// Whether stores into it wrap instead of being checked.
    pub wraps: bool,
    /// Where it was first assigned. Of what a function returns, for which no name of the text stands, it is the empty place at which
    /// the first `return` begins.
    pub span: Span,
}

/// Comments that travel with a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments {
    /// Lines directly before it, without the comment sign.
    pub leading: Vec<String>,
    /// At the end of its first line.
    pub trailing: Option<String>,
}
