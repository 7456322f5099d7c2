//! The elaborated design: what Python built, as plain data.
//!
//! *Input*: the recorder's description of blocks, signals and processes with what their names are bound to. *Output*: the
//! [`Elaborated`] value that the lowering reads. *Guarantees*: it refers to no Python object (host processes and opaque values are
//! numbered handles), so that everything after it can be tested without Python. *Deliberately not here*: source
//! text is not parsed, nothing is typed or checked.

use pyhw_diagnostics::{Diagnostic, FileId, Pos, Sources, Span};
use pyhw_ir::{Edge, EnumId, Int, Range, StructId, Types};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Attributes of an object by name, in their order.
pub type Attributes = indexmap::IndexMap<String, Binding>;

macro_rules! id {
    ($(#[$attr:meta])* $name:ident) => {
        $(#[$attr])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The place in its table.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id! {
    /// A signal of the elaborated design.
    SignalId
}
id! {
    /// A block instance.
    BlockId
}
id! {
    /// A process.
    ProcessId
}
id! {
    /// A Python function that a process is, or calls.
    FunctionId
}
id! {
    /// A mutable Python object by identity: list, dict, interface, captured `intbv`.
    ObjectId
}

/// Everything that elaboration built.
#[derive(Clone, Debug, Default)]
pub struct Elaborated {
    /// The sources of every function, whole files.
    pub sources: Sources,
    /// Enumerations and structs.
    pub types: Types,
    /// Signals.
    pub signals: Vec<Signal>,
    /// Block instances; a child stands after its parent.
    pub blocks: Vec<Block>,
    /// Processes.
    pub processes: Vec<Process>,
    /// Functions.
    pub functions: Vec<Function>,
    /// Mutable objects that processes can reach, by [`ObjectId`].
    pub objects: Vec<Object>,
    /// What was handed to the simulation or the conversion, in order.
    pub roots: Vec<Item>,
    /// The signals that follow others, in the order in which they were made: they start in it.
    pub shadows: Vec<SignalId>,
    /// What Python shows of the members of its own enumerations, in order; none where only Python can tell. MyHDL's show their names.
    pub shown_members: BTreeMap<EnumId, Option<Vec<ShownMember>>>,
}

/// What Python shows of a member of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownMember {
    /// `str(member)`, and `format(member)`.
    pub str: String,
    /// `repr(member)`.
    pub repr: String,
}

impl Elaborated {
    /// The signal of this id.
    pub fn signal(&self, id: SignalId) -> &Signal {
        &self.signals[id.index()]
    }

    /// The block instance of this id.
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.index()]
    }

    /// The process of this id.
    pub fn process(&self, id: ProcessId) -> &Process {
        &self.processes[id.index()]
    }

    /// The function of this id.
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.index()]
    }

    /// The object of this id.
    pub fn object(&self, id: ObjectId) -> &Object {
        &self.objects[id.index()]
    }
}

/// A block or a process, in the order in which the source returned them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// A block instance.
    Block(BlockId),
    /// A process.
    Process(ProcessId),
}

/// What a signal holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignalType {
    /// A boolean.
    Bool,
    /// An integer.
    Int {
        /// Its values; unbounded for a plain `int` or an `intbv` without bounds.
        range: Range,
        /// Its declared width; 0 of an `intbv` without one, and none of a plain `int`.
        width_bits: Option<u32>,
        /// Whether stores wrap (`modbv`).
        wraps: bool,
    },
    /// A member of an enumeration.
    Enum(EnumId),
    /// A struct.
    Struct(StructId),
    /// Any other Python value.
    Opaque,
}

/// A constant Python value.
#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    /// `None`.
    None,
    /// A `bool`.
    Bool(bool),
    /// An `int`, or the value of an integer signal.
    Int(Int),
    /// A `float`.
    Float(f64),
    /// A `str`.
    Str(String),
    /// A member of an enumeration.
    Enum(EnumId, u32),
    /// Any other value: the host's handle.
    Opaque(u32),
}

/// A signal that is a view of others.
#[derive(Clone, Debug, PartialEq)]
pub enum Shadow {
    /// `s(index)`.
    Bit(SignalId, u32),
    /// `s(high, low)`: bits low to high − 1.
    Slice(SignalId, u32, u32),
    /// `ConcatSignal(…)`, the first one most significant.
    Concat(Vec<ShadowPart>),
    /// `t.assign(s)`: what `s` is.
    Same(SignalId),
}

/// A part of a concatenated view.
#[derive(Clone, Debug, PartialEq)]
pub enum ShadowPart {
    /// A signal with its width in bits.
    Signal(SignalId, u32),
    /// A constant with its width in bits.
    Const(Int, u32),
}

/// What a signal is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum SignalKind {
    /// An ordinary one.
    Plain,
    /// Takes its next value that many steps later.
    Delayed(u64),
    /// A view of others.
    Shadow(Shadow),
    /// A tri-state net.
    TriState,
    /// A driver of a tri-state net.
    Driver(SignalId),
}

/// The reset that a `ResetSignal` declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResetSpec {
    /// The active level.
    pub active_high: bool,
    /// Whether it acts without a clock edge.
    pub is_async: bool,
}

/// A signal.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// The name that it was first bound to, if any.
    pub name: Option<String>,
    /// What it holds.
    pub ty: SignalType,
    /// Its initial value.
    pub init: Const,
    /// What it is made of.
    pub kind: SignalKind,
    /// Set for a `ResetSignal`.
    pub reset: Option<ResetSpec>,
    /// Whether the source says that it never changes (`Constant`).
    pub is_constant: bool,
    /// Whether it is an output left open (`OpenPort`): it takes any value.
    pub is_open: bool,
    /// The block in which it was made, where that is known.
    pub owner: Option<BlockId>,
    /// Where it was made.
    pub span: Span,
}

/// Which way an annotated port goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortDirection {
    /// `In[…]`, `Clock`, `Reset`.
    In,
    /// `Out[…]`.
    Out,
    /// `InOut[…]`.
    InOut,
}

/// What the annotation of a parameter says of the port that it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Port {
    /// Which way it goes.
    pub direction: PortDirection,
    /// What it takes.
    pub ty: PortType,
    /// The value that a driven port starts with, where the annotation gives one that is a number.
    pub init: Option<Const>,
    /// How a reset acts, where the annotation says it.
    pub reset: Option<ResetSpec>,
    /// What it is by its role.
    pub role: PortRole,
}

/// What an annotated port takes.
#[derive(Clone, Debug, PartialEq)]
pub enum PortType {
    /// A signal.
    Signal(SignalType),
    /// A signal of an enumeration that no signal of the design has.
    OtherEnum(String),
    /// A list of so many of them.
    Array(Box<PortType>, usize),
    /// Something that is not looked into.
    Any,
}

/// What a port is beside data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortRole {
    /// Nothing else.
    Data,
    /// `Clock`.
    Clock,
    /// `Reset`.
    Reset,
}

/// Processes and blocks that a block made and that are in no block: they do not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// What each of them is called.
    pub name: String,
    /// Whether they are blocks.
    pub is_block: bool,
    /// How many were made there.
    pub count: usize,
    /// Whether a local name of the block holds them, by themselves or in a list.
    pub is_held: bool,
    /// Where.
    pub span: Span,
}

/// A named argument or local of a block.
#[derive(Clone, Debug)]
pub struct Named {
    /// The Python name.
    pub name: String,
    /// What it is bound to.
    pub value: Binding,
}

/// A block instance.
#[derive(Clone, Debug)]
pub struct Block {
    /// The instance's name.
    pub name: String,
    /// The name of the block function.
    pub function: String,
    /// Its docstring.
    pub doc: Option<String>,
    /// Where the function was defined.
    pub span: Span,
    /// Where it was instantiated.
    pub call_span: Span,
    /// Arguments in the order of the parameters.
    pub args: Vec<Named>,
    /// Locals of the function when it returned; for names of signals and memories.
    pub locals: Vec<Named>,
    /// Annotated ports by parameter name.
    pub ports: BTreeMap<String, Port>,
    /// What it made and is in no block.
    pub lost: Vec<Lost>,
    /// Processes and blocks in it, in order.
    pub items: Vec<Item>,
    /// The block it stands in.
    pub parent: Option<BlockId>,
    /// Code of the user's own; signals stand in it as `${name}`, with a name of `foreign_names`.
    pub foreign: Vec<pyhw_ir::Foreign>,
    /// The signals, and lists of them, that this code names.
    pub foreign_names: BTreeMap<String, ForeignName>,
}

/// A signal, or a list of them, in a user's own code.
#[derive(Clone, Debug)]
pub struct ForeignName {
    /// What the name is bound to.
    pub value: Binding,
    /// What the design says of how it is driven (`sig.driven = …`).
    pub driven: Driven,
}

/// What `sig.driven = …` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driven {
    /// It was not assigned: nothing drives it that the design speaks of.
    No,
    /// `True`: something drives it.
    Yes,
    /// `'reg'` or `'wire'`: something does in this way.
    As(pyhw_ir::Assigned),
}

/// When a process runs, as its decorator says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// `@always_comb`.
    Comb,
    /// `@always_seq(edge, reset=…)`.
    Seq {
        /// The clock.
        clock: SignalId,
        /// Its edge.
        edge: Edge,
        /// A `ResetSignal`.
        reset: Option<SignalId>,
    },
    /// `@always(…)`.
    Always(Vec<Sense>),
    /// `@instance`: a generator.
    Instance,
}

/// Something that `@always` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// A change of a signal.
    Event(SignalId, Edge),
    /// A delay in steps.
    Delay(u64),
}

/// A process.
#[derive(Clone, Debug)]
pub struct Process {
    /// The name of its function.
    pub name: String,
    /// When it runs.
    pub trigger: Trigger,
    /// What it does; `None` if the recorder could not describe the function: then only the host can run it.
    pub function: Option<FunctionId>,
    /// Why there is no function.
    pub reason: Vec<Diagnostic>,
    /// The host's handle.
    pub handle: u32,
    /// The block it stands in.
    pub block: Option<BlockId>,
    /// Where it was written.
    pub span: Span,
    /// The values that integers around it had when it was made, of those that it may change: a reset restores them.
    pub kept: Vec<Kept>,
    /// Names around it that were bound to nothing when it was made.
    pub bound_later: Vec<String>,
}

/// An integer that a process may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The integer.
    pub object: ObjectId,
    /// Its value when the process was made.
    pub value: Int,
    /// Its place among those that the host kept.
    pub place: u32,
}

/// A Python function with what its free names are bound to.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name; `<lambda>` for a lambda.
    pub name: String,
    /// The file that holds it.
    pub file: FileId,
    /// The line on which it (or its first decorator) begins, from 1.
    pub line: u32,
    /// Where the code of a lambda begins, of which several may stand on the line, where Python tells.
    pub place: Option<Pos>,
    /// Free and global names that it mentions, with what they are bound to. A name that is bound nowhere is absent.
    pub names: BTreeMap<String, Binding>,
    /// Values of parameters that have a default.
    pub defaults: BTreeMap<String, Binding>,
    /// The object that a bound method was taken from.
    pub receiver: Option<Binding>,
}

/// What a Python name, element or attribute is bound to.
#[derive(Clone, Debug)]
pub enum Binding {
    /// A constant.
    Const(Const),
    /// A signal.
    Signal(SignalId),
    /// A mutable object: list, dict, `intbv`, interface.
    Object(ObjectId),
    /// A tuple, with its class where its elements have names.
    Tuple(Vec<Binding>, Option<Arc<TupleClass>>),
    /// A class of tuples with named elements.
    TupleClass(Arc<TupleClass>),
    /// An enumeration.
    EnumType(EnumId),
    /// A function of the user's.
    Function(FunctionId),
    /// A property: what its getter gives, with the object as its receiver.
    Property(FunctionId),
    /// A function, class or value of Python or of the library that the lowering knows by this name: `len`, `intbv`, `delay`.
    Builtin(&'static str),
    /// A module; its attributes as far as processes mention them.
    Module(String, BTreeMap<String, Binding>),
    /// Anything else, with a description of its type for messages.
    Unknown(String),
}

/// A class of tuples with named elements: `collections.namedtuple`, `typing.NamedTuple`.
#[derive(Clone, Debug)]
pub struct TupleClass {
    /// Its name.
    pub name: String,
    /// The names of the elements.
    pub fields: Vec<String>,
    /// The values of elements that a call leaves out, by name.
    pub defaults: BTreeMap<String, Binding>,
}

/// A mutable Python object.
#[derive(Clone, Debug)]
pub enum Object {
    /// A list.
    List(Vec<Binding>),
    /// A dict, in order.
    Dict(Vec<(Binding, Binding)>),
    /// An `intbv` or `modbv`.
    Intbv {
        /// Its value.
        value: Int,
        /// Its bounds.
        range: Range,
        /// Its width, where it has one.
        width_bits: Option<u32>,
        /// Whether it is a `modbv`.
        wraps: bool,
    },
    /// An instance of a class of the user's: the attributes that processes mention.
    Instance {
        /// The name of its class.
        class: String,
        /// Attributes by name, in the order in which they were made: its ports have that order.
        attributes: Attributes,
        /// Whether it is a signal of a struct: then the attributes are its fields, and it has whole values as well.
        is_struct: bool,
    },
    /// A variable of an enclosing function or module that a process assigns (`nonlocal`, `global`).
    Cell(Binding),
}
