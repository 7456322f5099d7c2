//! What a Python expression denotes while a process is lowered: known things, references, or run-time expressions.

use pyhw_diagnostics::Span;
use pyhw_elaborate::{Const, FunctionId, ObjectId, SignalId, TupleClass};
use pyhw_ir::{Edge, EnumId, ExprId, Int, NetId, Place, Projection, Range, Root, VarId};
use pyhw_syntax::ast;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// A run-time value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The expression.
    pub id: ExprId,
    /// What the `intbv` is like that Python has here; nothing of a plain `int`.
    pub width: Option<Width>,
}

impl Typed {
    /// The width in bits, of an object that has one.
    pub fn sized(&self) -> Option<u32> {
        self.width.map(|width| width.bits).filter(|bits| *bits > 0)
    }

    /// Whether it may be an `intbv`, which changes in place.
    pub fn is_object(&self) -> bool {
        self.width.is_some_and(|width| width != Width::SIGNAL)
    }

    /// Whether it is an `intbv` for sure.
    pub fn is_bits(&self) -> bool {
        self.width.is_some_and(|width| !width.depends())
    }
}

/// What decides how operators treat an `intbv`: a name that is bound to it goes on with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Width {
    /// The width in bits; 0 of an `intbv` without one, as bitwise operators give it.
    pub bits: u32,
    /// Its bounds.
    pub bounds: Bounds,
}

/// The bounds of an `intbv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// From 0 to what the width holds, and what does not fit is an error: a slice, a concatenation.
    Checked,
    /// The same, and what does not fit wraps: of a `modbv`.
    Wraps,
    /// All that the width holds in two's complement, and what does not fit is an error: what `signed()` gives.
    Signed,
    /// Others that leave out negative values.
    NotNegative,
    /// Others, or none.
    Other,
    /// It depends on the path that led here whether it is an `intbv`, and of which width.
    Unknown,
    /// It depends on the path whether it is a signal or a number.
    Signal,
    /// It depends on the path whether it is an `int`, a truth value or an `intbv` without a width. Only what shows it can tell.
    Number,
}

impl Width {
    /// That of an `intbv` without a width.
    pub const NONE: Width = Width { bits: 0, bounds: Bounds::Other };

    /// That of something which has another one on each path.
    pub const UNKNOWN: Width = Width { bits: 0, bounds: Bounds::Unknown };

    /// That of something which is a signal on some paths, and a number on others.
    pub const SIGNAL: Width = Width { bits: 0, bounds: Bounds::Signal };

    /// That of a number which may have been a truth value, or an `intbv` without a width.
    pub const NUMBER: Width = Width { bits: 0, bounds: Bounds::Number };

    /// That of a slice or a concatenation of this many bits.
    pub fn unsigned(bits: u32) -> Width {
        Width { bits, bounds: Bounds::Checked }
    }

    /// That of an `intbv` or `modbv` that is declared so.
    pub fn declared(bits: Option<u32>, range: &Range, wraps: bool) -> Width {
        let bits = bits.unwrap_or(0);
        let bounds = match bits > 0 && *range == Range::unsigned(bits) {
            true if wraps => Bounds::Wraps,
            true => Bounds::Checked,
            false if bits > 0 && !wraps && *range == Range::signed(bits) => Bounds::Signed,
            false if range.min.as_ref().is_some_and(|min| !min.is_negative()) => Bounds::NotNegative,
            false => Bounds::Other,
        };
        Width { bits, bounds }
    }

    /// That of what `signed()` gives for this many bits.
    pub fn signed(bits: u32) -> Width {
        Width { bits, bounds: Bounds::Signed }
    }

    /// Whether its bounds leave out negative values.
    pub fn is_unsigned(self) -> bool {
        match self.bounds {
            Bounds::Checked | Bounds::Wraps | Bounds::NotNegative => true,
            Bounds::Signed | Bounds::Other | Bounds::Unknown | Bounds::Signal | Bounds::Number => false,
        }
    }

    /// Whether the path that led here tells how the value is shown.
    pub fn depends(self) -> bool {
        match self.bounds {
            Bounds::Unknown | Bounds::Signal | Bounds::Number => true,
            Bounds::Checked | Bounds::Wraps | Bounds::Signed | Bounds::NotNegative | Bounds::Other => false,
        }
    }

    /// The declaration of the object, where all of it is known.
    pub fn declaration(self) -> Option<BitsType> {
        let (range, wraps) = match self.bounds {
            Bounds::Checked => (Range::unsigned(self.bits), false),
            Bounds::Wraps => (Range::unsigned(self.bits), true),
            Bounds::Signed => (Range::signed(self.bits), false),
            Bounds::NotNegative | Bounds::Other | Bounds::Unknown | Bounds::Signal | Bounds::Number => {
                return None;
            }
        };
        Some(BitsType { range, width: Some(self.bits), wraps, is_outside: false })
    }

    /// That of a name where two paths meet on which it has these.
    pub fn merge(a: Option<Width>, b: Option<Width>) -> Option<Width> {
        let matters = |width: Option<Width>| width.is_some_and(Width::matters);
        match (a, b) {
            _ if a == b => a,
            (Some(Width::SIGNAL), None) | (None, Some(Width::SIGNAL)) => Some(Width::SIGNAL),
            _ if matters(a) || matters(b) => Some(Width::UNKNOWN),
            // To operators an `intbv` without a width is as an `int`.
            _ => Some(Width::NUMBER),
        }
    }

    /// Whether operators treat it otherwise than an `int`, or may.
    pub fn matters(self) -> bool {
        self.bits > 0 || self == Width::UNKNOWN || self == Width::SIGNAL
    }

    /// That of a name at the head of a loop whose turns bind it.
    fn at_loop(width: Option<Width>) -> Option<Width> {
        width.map(|width| if width.matters() { Width::UNKNOWN } else { Width::NUMBER })
    }
}

/// A signal: a net, or an element of a memory.
#[derive(Clone, Debug, PartialEq)]
pub enum SignalRef {
    /// A net of its own.
    Net(NetId, SignalId),
    /// The element of a memory at this index.
    Element(NetId, ExprId, SignalId),
}

impl SignalRef {
    /// A signal with the type that this one has.
    pub fn like(&self) -> SignalId {
        match self {
            SignalRef::Net(_, signal) | SignalRef::Element(_, _, signal) => *signal,
        }
    }
}

/// Where a local `intbv` is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VarRef {
    /// The variable.
    pub var: VarId,
    /// The element of the variable, which holds a whole list then.
    pub index: Option<ExprId>,
}

impl VarRef {
    /// The whole variable.
    pub fn whole(var: VarId) -> VarRef {
        VarRef { var, index: None }
    }

    /// The place of the value.
    pub fn place(self) -> Place {
        Place { root: Root::Var(self.var), path: self.index.map(Projection::Index).into_iter().collect() }
    }
}

/// The declaration of an `intbv` or `modbv` object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitsType {
    /// Its bounds.
    pub range: Range,
    /// Its width.
    pub width: Option<u32>,
    /// Whether it is a `modbv`.
    pub wraps: bool,
    /// Whether it is an object of the surroundings: another name for it is no copy.
    pub is_outside: bool,
}

impl BitsType {
    /// What decides how operators treat it.
    pub fn as_width(&self) -> Width {
        Width::declared(self.width, &self.range, self.wraps)
    }
}

/// A nested function or lambda with the frame in which it was defined.
#[derive(Clone, Debug)]
pub struct Closure<'a> {
    /// The function.
    pub def: &'a ast::FunctionDef,
    /// The place of its frame in the stack of frames.
    pub frame: usize,
    /// The function whose free names it sees.
    pub home: FunctionId,
}

/// What a sequence is in Python.
#[derive(Clone, Debug)]
pub enum SequenceKind {
    /// A list, which has an identity.
    List,
    /// What a run-time index picks from lists: its elements are those of the list that is picked, which it is not itself.
    Picked,
    /// A tuple.
    Tuple,
    /// A tuple whose elements have names.
    Named(Arc<TupleClass>),
}

impl SequenceKind {
    /// The kind of a tuple of this class.
    pub fn of(class: Option<&Arc<TupleClass>>) -> SequenceKind {
        class.map_or(SequenceKind::Tuple, |class| SequenceKind::Named(Arc::clone(class)))
    }

    /// The kind of what is made of parts of it.
    pub fn without_names(&self) -> SequenceKind {
        match self {
            SequenceKind::List => SequenceKind::List,
            SequenceKind::Picked => SequenceKind::Picked,
            SequenceKind::Tuple | SequenceKind::Named(_) => SequenceKind::Tuple,
        }
    }

    /// Whether it is a tuple, with names or without.
    pub fn is_tuple(&self) -> bool {
        match self {
            SequenceKind::List | SequenceKind::Picked => false,
            SequenceKind::Tuple | SequenceKind::Named(_) => true,
        }
    }
}

impl PartialEq for SequenceKind {
    fn eq(&self, other: &SequenceKind) -> bool {
        match (self, other) {
            (SequenceKind::List, SequenceKind::List)
            | (SequenceKind::Picked, SequenceKind::Picked)
            | (SequenceKind::Tuple, SequenceKind::Tuple) => true,
            (SequenceKind::Named(a), SequenceKind::Named(b)) => a.name == b.name && a.fields == b.fields,
            (SequenceKind::List | SequenceKind::Picked | SequenceKind::Tuple | SequenceKind::Named(_), _) => {
                false
            }
        }
    }
}

/// What an expression denotes.
#[derive(Clone, Debug)]
pub enum Val<'a> {
    /// A constant.
    Const(Const),
    /// A run-time value.
    Expr(Typed),
    /// A signal, by reference.
    Signal(SignalRef),
    /// The next value of a signal, as `s.next`.
    Next(SignalRef),
    /// A local `intbv`, by reference.
    Var(VarRef, BitsType),
    /// A new `intbv` or `modbv`, not yet bound.
    Bits(Typed, BitsType),
    /// A list of signals that is a memory, with an element that stands for all.
    Memory(NetId, SignalId, u32),
    /// A list of so many `intbv`s of one declaration that one variable holds.
    Table(VarId, BitsType, u32),
    /// A list of the elaborated design.
    ListObject(ObjectId),
    /// A dict of the elaborated design.
    DictObject(ObjectId),
    /// An object of a class of the user's.
    Instance(ObjectId),
    /// A list or tuple made here.
    Sequence(Rc<Vec<Val<'a>>>, SequenceKind),
    /// A class of tuples with named elements.
    TupleClass(Arc<TupleClass>),
    /// A dict made here.
    Dict(Rc<Vec<(Val<'a>, Val<'a>)>>),
    /// One of several objects or signals: the one at a run-time place, which is one of theirs.
    Picked(Rc<Vec<Val<'a>>>, ExprId),
    /// A module.
    Module(String, Rc<BTreeMap<String, pyhw_elaborate::Binding>>),
    /// An enumeration.
    EnumType(EnumId),
    /// A function of the user's, with the object it was taken from.
    Function(FunctionId, Option<Rc<Val<'a>>>),
    /// A nested function or a lambda.
    Closure(Rc<Closure<'a>>),
    /// A method of a value that the library defines.
    Method(Rc<Val<'a>>, String),
    /// A function, class or value that the lowering knows.
    Builtin(&'static str),
    /// `range` with constant bounds.
    Range(Int, Int, Int),
    /// `range` with bounds that are known at run time only.
    DynamicRange(ExprId, ExprId, Int),
    /// `s.posedge`, `s.negedge`.
    Edge(SignalRef, Edge),
    /// `delay(n)`.
    Delay(ExprId),
    /// `join(…)`.
    Join(Rc<Vec<Val<'a>>>),
    /// An exception made or named.
    Exception(String, Option<ExprId>),
}

impl Val<'_> {
    /// An integer constant.
    pub fn int(value: impl Into<Int>) -> Self {
        Val::Const(Const::Int(value.into()))
    }

    /// A boolean constant.
    pub fn bool(value: bool) -> Self {
        Val::Const(Const::Bool(value))
    }

    /// Whether it is a new object that may change in place, so that a second name for it is no copy.
    pub fn is_changeable(&self) -> bool {
        match self {
            Val::Bits(_, bits) => !bits.is_outside,
            Val::Expr(typed) => typed.is_object(),
            Val::Sequence(_, kind) => !kind.is_tuple(),
            _ => false,
        }
    }

    /// The value of an integer or boolean constant.
    pub fn as_const_int(&self) -> Option<Int> {
        match self {
            Val::Const(Const::Int(value)) => Some(value.clone()),
            Val::Const(Const::Bool(value)) => Some(Int::from(*value)),
            _ => None,
        }
    }

    /// What it is, for messages.
    pub fn describe(&self) -> &'static str {
        match self {
            Val::Const(Const::None) => "None",
            Val::Const(Const::Bool(_)) => "a bool",
            Val::Const(Const::Int(_)) => "an int",
            Val::Const(Const::Float(_)) => "a float",
            Val::Const(Const::Str(_)) => "a text",
            Val::Const(Const::Enum(..)) => "an enum member",
            Val::Const(Const::Opaque(_)) => "a Python object",
            Val::Expr(_) => "a value",
            Val::Signal(_) => "a signal",
            Val::Next(_) => "the next value of a signal",
            Val::Var(..) | Val::Bits(..) => "an intbv",
            Val::Memory(..) => "a list of signals",
            Val::ListObject(_) | Val::Table(..) => "a list",
            Val::Sequence(_, SequenceKind::Tuple | SequenceKind::Named(_)) => "a tuple",
            Val::Sequence(_, SequenceKind::List | SequenceKind::Picked) => "a list",
            Val::DictObject(_) | Val::Dict(_) => "a dict",
            Val::Instance(_) | Val::Picked(..) => "an object",
            Val::Module(..) => "a module",
            Val::EnumType(_) => "an enum",
            Val::TupleClass(_) => "a class",
            Val::Function(..) | Val::Closure(_) | Val::Method(..) => "a function",
            Val::Builtin(_) => "a function",
            Val::Range(..) | Val::DynamicRange(..) => "a range",
            Val::Edge(..) => "an edge",
            Val::Delay(_) => "a delay",
            Val::Join(_) => "a join",
            Val::Exception(..) => "an exception",
        }
    }
}

/// What a local name is bound to at a point of the program.
#[derive(Clone, Debug)]
pub enum Local<'a> {
    /// Something known while lowering.
    Known(Val<'a>),
    /// A variable, with what is known of its value here.
    Var {
        /// The variable.
        id: VarId,
        /// Its value, if it is known here.
        known: Option<Const>,
        /// The width of the Python object, if it has one here.
        width: Option<Width>,
        /// Whether on some path the name stands for a signal, whose value of then the variable has: behind a wait it is another one.
        copies: bool,
    },
    /// A signal, by reference, whose value when the name was bound a variable has as well: it is what the name stands for where
    /// paths meet on which it is bound to something else. Nothing waits between the binding and here.
    Alias {
        /// The signal.
        value: Val<'a>,
        /// The variable.
        id: VarId,
        /// The width of the Python object, if it has one.
        width: Option<Width>,
    },
    /// An object, or a signal that is driven by this name, where other paths may bind the name to another one: `which` is the one of
    /// all that a variable tells, which every path stores into.
    Object {
        /// What it is on this path.
        value: Val<'a>,
        /// What it is where paths meet.
        which: Val<'a>,
    },
    /// Different things on the paths that meet here; the span is of the place where they meet.
    Conflict(Span),
    /// What only a simulation gives the name: what binds it is left out of what is emitted, and the span is of that.
    LeftOut(Span),
    /// A signal on one path that leads here, and nothing on another one; the span is of the place where they meet.
    Missing(Span),
}

impl Local<'_> {
    /// Whether it is a signal, or the copy of one.
    pub fn is_copy(&self) -> bool {
        matches!(self, Local::Alias { .. } | Local::Var { copies: true, .. })
    }

    /// What the name is bound to where two paths meet.
    pub fn merge<'a>(a: &Local<'a>, b: &Local<'a>, at: Span) -> Local<'a> {
        match (a, b) {
            (
                Local::Var { id: x, known: k, width: w, copies: c },
                Local::Var { id: y, known: l, width: v, copies: d },
            ) if x == y => Local::Var {
                id: *x,
                known: k.clone().filter(|k| Some(k) == l.as_ref()),
                width: Width::merge(*w, *v),
                copies: *c || *d,
            },
            (Local::Known(x), Local::Known(y)) if same_reference(x, y) => a.clone(),
            (Local::Object { value: x, .. }, Local::Object { value: y, .. }) if same_reference(x, y) => {
                longer(a, b).clone()
            }
            (
                Local::Object { which: x, .. } | Local::Known(x @ Val::Picked(..)),
                Local::Object { which: y, .. } | Local::Known(y @ Val::Picked(..)),
            ) if same_place(x, y) => Local::Known(if count(x) < count(y) { y.clone() } else { x.clone() }),
            (Local::Alias { value: x, id: i, .. }, Local::Alias { value: y, id: j, .. })
                if i == j && same_reference(x, y) =>
            {
                a.clone()
            }
            (Local::Alias { value: x, .. }, Local::Known(y))
            | (Local::Known(x), Local::Alias { value: y, .. })
                if same_reference(x, y) =>
            {
                Local::Known(x.clone())
            }
            (
                Local::Alias { id: x, width: w, .. },
                Local::Alias { id: y, width: v, .. } | Local::Var { id: y, width: v, .. },
            )
            | (Local::Var { id: x, width: w, .. }, Local::Alias { id: y, width: v, .. })
                if x == y =>
            {
                Local::Var { id: *x, known: None, width: Width::merge(*w, *v), copies: true }
            }
            (Local::LeftOut(place), _) | (_, Local::LeftOut(place)) => Local::LeftOut(*place),
            _ => Local::Conflict(at),
        }
    }

    /// What the name is bound to at the head of a loop whose turns bind it, and wait or not.
    pub fn at_loop(self, waits: bool, at: Span) -> Self {
        match self {
            Local::Var { copies: true, .. } if waits => Local::Conflict(at),
            Local::Var { id, width, copies, .. } => {
                Local::Var { id, known: None, width: Width::at_loop(width), copies }
            }
            Local::Alias { id, width, .. } if !waits => {
                Local::Var { id, known: None, width: Width::at_loop(width), copies: true }
            }
            Local::Alias { .. } | Local::Object { .. } | Local::Known(_) => Local::Conflict(at),
            Local::Conflict(place) => Local::Conflict(place),
            Local::LeftOut(place) => Local::LeftOut(place),
            Local::Missing(place) => Local::Missing(place),
        }
    }
}

/// How many there are to pick from.
fn count(value: &Val) -> usize {
    match value {
        Val::Picked(elements, _) => elements.len(),
        _ => 0,
    }
}

/// Whether the same variable tells which one it is: what there is to pick from is one list then, as far as each path knows it.
fn same_place(a: &Val, b: &Val) -> bool {
    matches!((a, b), (Val::Picked(_, a), Val::Picked(_, b)) if a == b)
}

/// The one of two names for an object that knows of more others.
fn longer<'l, 'a>(a: &'l Local<'a>, b: &'l Local<'a>) -> &'l Local<'a> {
    let known = |local: &Local<'a>| match local {
        Local::Object { which, .. } => count(which),
        Local::Known(_)
        | Local::Var { .. }
        | Local::Alias { .. }
        | Local::Conflict(_)
        | Local::Missing(_)
        | Local::LeftOut(_) => 0,
    };
    if known(a) < known(b) { b } else { a }
}

/// Whether both denote the same thing for sure.
pub fn same_reference(a: &Val, b: &Val) -> bool {
    match (a, b) {
        (Val::Const(a), Val::Const(b)) => a == b,
        (Val::Expr(a), Val::Expr(b)) => a == b,
        (Val::Signal(a), Val::Signal(b)) => a == b,
        (Val::Var(a, _), Val::Var(b, _)) => a == b,
        (Val::Memory(a, ..), Val::Memory(b, ..)) => a == b,
        (Val::Table(a, ..), Val::Table(b, ..)) => a == b,
        (Val::ListObject(a), Val::ListObject(b))
        | (Val::DictObject(a), Val::DictObject(b))
        | (Val::Instance(a), Val::Instance(b)) => a == b,
        (Val::Sequence(a, s), Val::Sequence(b, t)) => {
            Rc::ptr_eq(a, b)
                || (s == t && a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same_reference(a, b)))
        }
        (Val::Dict(a), Val::Dict(b)) => {
            let is_same =
                |((k, v), (l, w)): (&(Val, Val), &(Val, Val))| same_reference(k, l) && same_reference(v, w);
            Rc::ptr_eq(a, b) || (a.len() == b.len() && a.iter().zip(b.iter()).all(is_same))
        }
        (Val::Picked(a, p), Val::Picked(b, q)) => Rc::ptr_eq(a, b) && p == q,
        (Val::Function(a, None), Val::Function(b, None)) => a == b,
        (Val::Closure(a), Val::Closure(b)) => Rc::ptr_eq(a, b),
        (Val::EnumType(a), Val::EnumType(b)) => a == b,
        (Val::Builtin(a), Val::Builtin(b)) => a == b,
        _ => false,
    }
}
