//! The state of lowering one process: its body, its frames of locals, and what was found wrong.

use crate::aliases::Choices;
use crate::changing::Slot;
use crate::decided::Verdict;
use crate::kinds::Marks;
use crate::lists::Lists;
use crate::nets::{Nets, SignalPlace, excess_width};
use crate::source::Parsed;
use crate::stmt::Env;
use crate::value::{BitsType, Local, SequenceKind, SignalRef, Typed, Val, VarRef, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span, nearest};
use pyhw_elaborate::{
    Binding, BlockId, Const, Elaborated, FunctionId, Object, ObjectId, ProcessId, SignalId, SignalType,
};
use pyhw_ir::types::MAX_WIDTH_BITS;
use pyhw_ir::{
    Body, EnumId, ExprId, Int, LabelId, NetId, Op, Range, Stmt, StmtKind, Type, Value, Var, VarId, walk_stmts,
};
use pyhw_syntax::ast;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// Advice where `None` turns up as a value.
pub const OF_NONE: &str = "a function that ends without `return VALUE` gives `None`";

/// The reason why something could not be lowered is in [`Lowerer::errors`].
#[derive(Clone, Copy, Debug)]
pub struct Failed;

/// The result of lowering a part of a process.
pub type Lowers<T> = Result<T, Failed>;

/// What does not change while processes are lowered.
pub struct Context<'a> {
    /// The elaborated design.
    pub elaborated: &'a Elaborated,
    /// Its sources.
    pub parsed: &'a Parsed,
    /// Its nets.
    pub nets: &'a Nets,
    /// Whether it is lowered for a run within Python, and not to be emitted.
    pub python: bool,
}

/// Variables for returned values with the width of each, and the kind of sequence that they are, if they are one.
pub type ReturnVars = (Vec<(VarId, Option<Width>)>, Option<SequenceKind>);

/// How `return` leaves an inlined function.
#[derive(Clone)]
pub struct Returns {
    /// The block to leave; made when the first early return needs it.
    pub label: Option<LabelId>,
    /// What returned values are stored in, once there are any.
    pub vars: Option<ReturnVars>,
}

/// A loop around the current statement.
#[derive(Clone)]
pub struct LoopScope<'a> {
    /// What `break` leaves.
    pub on_break: LabelId,
    /// What `continue` goes to.
    pub on_continue: LabelId,
    /// Whether `on_continue` is a block (of an unrolled turn), which is left instead.
    pub continue_is_block: bool,
    /// Whether a `break` was met.
    pub breaks: bool,
    /// Whether a `continue` was met.
    pub continues: bool,
    /// What the names are bound to where a `break` leaves.
    pub break_env: Option<Env<'a>>,
    /// What they are bound to where a `continue` goes on.
    pub continue_env: Option<Env<'a>>,
}

/// A function under way: the process itself, or one inlined into it.
#[derive(Clone)]
pub struct Frame<'a> {
    /// The function; its free names are looked up there.
    pub home: FunctionId,
    /// The frame in which a nested function was defined.
    pub parent: Option<usize>,
    /// The local names.
    pub locals: BTreeMap<String, Local<'a>>,
    /// Names that the function assigns: reading one before is an error.
    pub assigned: HashSet<String>,
    /// Names that are bound in more than one place.
    pub rebound: HashSet<String>,
    /// Names by which signals are driven.
    pub driven: HashSet<String>,
    /// Names that stand, or stood, for an `intbv` that had a name before.
    pub shared: HashSet<String>,
    /// Names that are changed in place and bound once: an `intbv` is then a variable of its own.
    pub in_place: HashSet<String>,
    /// Names of lists of which elements change on some paths only: their numbers are variables.
    pub changing: HashSet<String>,
    /// Names to which something was to be bound that could not be lowered, which was told.
    pub unbound: HashSet<String>,
    /// How many loops around go through local `intbv`s, turn by turn.
    pub turns: u32,
    /// The variables of `intbv`s that names have been bound to which are bound in several places.
    pub rebound_bits: Vec<(String, BitsType, VarId)>,
    /// The variables of plain locals by name and type.
    pub plain: HashMap<(String, Type), VarId>,
    /// How `return` leaves it; `None` for the process itself.
    pub returns: Option<Returns>,
    /// Loops under way.
    pub loops: Vec<LoopScope<'a>>,
}

impl LoopScope<'_> {
    /// A loop that begins.
    pub fn new(on_break: LabelId, on_continue: LabelId, continue_is_block: bool) -> Self {
        LoopScope {
            on_break,
            on_continue,
            continue_is_block,
            breaks: false,
            continues: false,
            break_env: None,
            continue_env: None,
        }
    }
}

/// Where lowering stands, to return to if what is tried does not work.
pub struct Checkpoint<'a> {
    errors: usize,
    nexts: usize,
    reads: HashSet<VarId>,
    shared_elements: HashSet<ExprId>,
    warnings: usize,
    verdicts: usize,
    stmts: usize,
    vars: usize,
    labels: usize,
    frames: Vec<Frame<'a>>,
    frozen: HashSet<ObjectId>,
}

/// Lowers one process.
pub struct Lowerer<'a> {
    /// What does not change.
    pub cx: &'a Context<'a>,
    /// The body under way.
    pub body: Body,
    /// Statements of the block under way.
    pub out: Vec<Stmt>,
    /// Frames, innermost last.
    pub frames: Vec<Frame<'a>>,
    /// The functions under way, for recursion.
    pub active: Vec<*const ast::FunctionDef>,
    /// Whether waits may stand here.
    pub timed: bool,
    /// The process, where it is one of the design's own.
    pub process: Option<ProcessId>,
    /// The block that the process stands in, where that is known.
    pub block: Option<BlockId>,
    /// The operand of the `yield from` that is being lowered: only there a call runs a generator.
    pub yielded_from: Option<Span>,
    /// What an element that a comprehension leaves out counts as, for the function whose argument is evaluated next.
    pub left_out: Option<Const>,
    /// What was found wrong.
    pub errors: Vec<Diagnostic>,
    /// What is perhaps not meant.
    pub warnings: Vec<Diagnostic>,
    /// What is known of the comparisons so far.
    pub verdicts: Vec<Verdict>,
    /// Whether the condition of an assertion is being lowered.
    pub asserting: bool,
    /// Mutable objects that were read as constants.
    pub frozen: HashSet<ObjectId>,
    /// Attributes and names of the surroundings that were taken for constants.
    pub slots: HashSet<crate::changing::Slot>,
    /// Signals whose next values it reads, and where.
    pub nexts: Vec<(NetId, Span)>,
    /// What is done with boolean nets.
    pub marks: Marks,
    /// The variables that the statement under way has read so far: `:=` must not change them under it.
    pub reads: HashSet<VarId>,
    /// What the indices in the target of the store under way are: each is evaluated once, and where a run-time one picks, the
    /// place that the text is for stands for it.
    pub fixed: HashMap<*const ast::Expr, Val<'a>>,
    /// What each run-time index picks from, for the exception of one that is out of range.
    pub picked_from: HashMap<Span, &'static str>,
    /// How local lists are to be kept, as far as that is known.
    pub lists: Lists,
    /// Variables of an `intbv` to which another name or list leads too.
    pub shared: HashSet<VarId>,
    /// Variables of names in a generator that are bound to one signal or another.
    pub chosen_signals: HashSet<VarId>,
    /// Elements of lists of which a name has been bound to the same `intbv`.
    pub shared_elements: HashSet<ExprId>,
    /// The variables that are elements of local lists.
    pub element_vars: HashSet<VarId>,
    /// What names are bound to that are bound to one object or another, with the variables that tell which.
    pub choices: Choices<'a>,
    /// The counters of the loops around that are tried as loops.
    pub counters: Vec<VarId>,
    /// The variables in which integers of the surroundings are changed.
    pub registers: HashMap<ObjectId, VarId>,
    /// Whether the statement under way binds one name and does nothing else.
    pub is_plain_binding: bool,
    /// How many calls have changed variables of their callers.
    pub effects: usize,
    /// Whether each part of the expression under way is evaluated in Python's order, for a call in it changes what others read.
    pub in_order: bool,
}

impl<'a> Lowerer<'a> {
    /// Begins a process.
    pub fn new(cx: &'a Context<'a>, timed: bool, block: Option<BlockId>) -> Lowerer<'a> {
        Lowerer {
            cx,
            body: Body::default(),
            out: Vec::new(),
            frames: Vec::new(),
            active: Vec::new(),
            timed,
            process: None,
            block,
            yielded_from: None,
            left_out: None,
            errors: Vec::new(),
            warnings: Vec::new(),
            verdicts: Vec::new(),
            asserting: false,
            frozen: HashSet::new(),
            slots: HashSet::new(),
            nexts: Vec::new(),
            marks: Marks::default(),
            reads: HashSet::new(),
            fixed: HashMap::new(),
            picked_from: HashMap::new(),
            lists: Lists::default(),
            shared: HashSet::new(),
            shared_elements: HashSet::new(),
            chosen_signals: HashSet::new(),
            element_vars: HashSet::new(),
            choices: Choices::new(),
            counters: Vec::new(),
            registers: HashMap::new(),
            is_plain_binding: false,
            effects: 0,
            in_order: false,
        }
    }

    /// Where lowering stands now.
    pub fn checkpoint(&self) -> Checkpoint<'a> {
        Checkpoint {
            errors: self.errors.len(),
            nexts: self.nexts.len(),
            reads: self.reads.clone(),
            shared_elements: self.shared_elements.clone(),
            warnings: self.warnings.len(),
            verdicts: self.verdicts.len(),
            stmts: self.out.len(),
            vars: self.body.vars.len(),
            labels: self.body.labels.len(),
            frames: self.frames.clone(),
            frozen: self.frozen.clone(),
        }
    }

    /// Whether an error was noted since then.
    pub fn failed_since(&self, checkpoint: &Checkpoint<'a>) -> bool {
        self.errors.len() > checkpoint.errors
    }

    /// The errors noted since then.
    pub fn errors_since(&self, checkpoint: &Checkpoint<'a>) -> impl Iterator<Item = &Diagnostic> {
        self.errors[checkpoint.errors..].iter()
    }

    /// Whether a statement since then, in the same block, stores into a net.
    pub fn stores_since(&self, checkpoint: &Checkpoint<'a>) -> bool {
        let mut stores = false;
        walk_stmts(&self.out[checkpoint.stmts..], &mut |stmt| {
            stores |= matches!(stmt.kind, StmtKind::Next { .. });
        });
        stores
    }

    /// Takes back everything since then, in the same block of statements. Expressions stay: what nothing uses costs nothing.
    pub fn rewind(&mut self, checkpoint: Checkpoint<'a>) {
        self.errors.truncate(checkpoint.errors);
        self.nexts.truncate(checkpoint.nexts);
        self.warnings.truncate(checkpoint.warnings);
        self.verdicts.truncate(checkpoint.verdicts);
        self.out.truncate(checkpoint.stmts);
        self.reads = checkpoint.reads;
        self.shared_elements = checkpoint.shared_elements;
        // The numbers of variables are given again.
        self.choices.retain(|_, (var, _)| var.index() < checkpoint.vars);
        self.element_vars.retain(|var| var.index() < checkpoint.vars);
        self.shared.retain(|var| var.index() < checkpoint.vars);
        self.body.vars.truncate(checkpoint.vars);
        self.body.labels.truncate(checkpoint.labels);
        self.frames = checkpoint.frames;
        self.frozen = checkpoint.frozen;
    }

    /// Notes an error.
    pub fn fail<T>(&mut self, diagnostic: Diagnostic) -> Lowers<T> {
        self.errors.push(diagnostic);
        Err(Failed)
    }

    /// Notes an error of this code with what is said at the place.
    pub fn error<T>(&mut self, code: Code, span: Span, message: impl Into<String>) -> Lowers<T> {
        self.fail(Diagnostic::new(code, span, message))
    }

    /// Something is not in the subset.
    pub fn outside<T>(&mut self, span: Span, what: impl Into<String>) -> Lowers<T> {
        self.error(Code::PH0201, span, what)
    }

    /// The innermost frame.
    pub fn frame(&mut self) -> &mut Frame<'a> {
        self.frames.last_mut().expect("invariant: a process has a frame")
    }

    /// Adds a statement.
    pub fn emit(&mut self, kind: StmtKind, span: Span) {
        self.out.push(Stmt::new(kind, span));
    }

    /// Lowers into a list of its own.
    pub fn in_block<T>(&mut self, lower: impl FnOnce(&mut Self) -> Lowers<T>) -> (Vec<Stmt>, Lowers<T>) {
        let outer = std::mem::take(&mut self.out);
        let result = lower(self);
        (std::mem::replace(&mut self.out, outer), result)
    }

    /// An operator applied.
    pub fn op(&mut self, op: Op, args: &[ExprId], span: Span) -> Lowers<ExprId> {
        let (symbol, mnemonic) = (op.symbol(), op.info().mnemonic);
        let what = if symbol == mnemonic { "this".to_owned() } else { format!("the result of `{symbol}`") };
        match self.body.exprs.op(op, args, &self.cx.elaborated.types, span) {
            Ok(id) => Ok(id),
            Err(pyhw_ir::TypeError::TooWide { .. }) => {
                self.error(Code::PH0303, span, format!("{what} needs more than 4,096 bits"))
            }
            Err(pyhw_ir::TypeError::Operand { expected, .. }) => {
                self.error(Code::PH0301, span, format!("an operand of `{symbol}` must be {expected}"))
            }
            Err(error) => self.error(Code::PH0301, span, error.to_string()),
        }
    }

    /// An integer constant.
    pub fn literal(&mut self, value: Int, span: Span) -> Lowers<ExprId> {
        let is_small =
            Range::exactly(value.clone()).width_bits().is_some_and(|width| width <= MAX_WIDTH_BITS);
        if !is_small {
            return self.error(Code::PH0303, span, "this needs more than 4,096 bits");
        }
        Ok(self.body.exprs.int(value, span))
    }

    /// A new variable.
    pub fn new_var(&mut self, name: &str, ty: Type, wraps: bool, span: Span) -> VarId {
        self.body.add_var(Var { name: name.to_owned(), ty, wraps, span })
    }

    /// Stores a value into a whole variable.
    pub fn assign_var(&mut self, var: VarId, value: ExprId, span: Span) {
        self.emit(StmtKind::Assign { place: pyhw_ir::Place::var(var), value }, span);
    }

    /// The value of a variable.
    pub fn read_var(&mut self, var: VarId, span: Span) -> ExprId {
        let ty = self.body.var(var).ty.clone();
        self.body.exprs.var(var, &ty, span)
    }

    /// The value of a local `intbv`.
    pub fn read_place(&mut self, at: VarRef, span: Span) -> Lowers<ExprId> {
        let whole = self.read_var(at.var, span);
        match at.index {
            None => Ok(whole),
            Some(index) => self.op(Op::Index, &[whole, index], span),
        }
    }

    /// The type that a signal declares.
    pub fn signal_type(&self, signal: &SignalRef) -> &'a SignalType {
        &self.cx.elaborated.signal(signal.like()).ty
    }

    /// The current value of a signal.
    pub fn read_signal(&mut self, signal: &SignalRef, span: Span) -> Lowers<Typed> {
        let width = match self.signal_type(signal) {
            SignalType::Int { width_bits: Some(bits), range, wraps } => {
                Some(Width::declared(Some(*bits), range, *wraps))
            }
            _ => None,
        };
        let id = match signal {
            SignalRef::Net(net, _) => self.read_net(*net, span),
            SignalRef::Element(net, index, _) => {
                let memory = self.read_net(*net, span);
                self.op(Op::Index, &[memory, *index], span)?
            }
        };
        Ok(Typed { id, width })
    }

    /// The current value of a net.
    pub fn read_net(&mut self, net: NetId, span: Span) -> ExprId {
        let ty = &self.cx.nets.net(net).ty;
        self.body.exprs.net(net, ty, span)
    }

    /// A signal of the elaborated design by reference.
    pub fn signal_ref(&mut self, id: SignalId, span: Span) -> SignalRef {
        match self.cx.nets.place(id) {
            SignalPlace::Net(net) => SignalRef::Net(net, id),
            SignalPlace::Element(net, index) => {
                let index = self.body.exprs.int(i64::from(index), span);
                SignalRef::Element(net, index, id)
            }
        }
    }

    /// A signal that the process names.
    pub fn named_signal(&mut self, id: SignalId, span: Span) -> Lowers<SignalRef> {
        self.fits_the_ir(id, span)?;
        Ok(self.signal_ref(id, span))
    }

    fn fits_the_ir(&mut self, id: SignalId, span: Span) -> Lowers<()> {
        let Some(width) = excess_width(&self.cx.elaborated.signal(id).ty) else { return Ok(()) };
        let declared = self.cx.elaborated.signal(id).span;
        let message = format!("the signal has {width} bits: only Python takes more than 4,096");
        let mut error = Diagnostic::new(Code::PH0303, span, message);
        if declared.is_known() {
            error = error.label(declared, "made here");
        }
        self.fail(error)
    }

    /// What a binding of the elaborated design denotes.
    pub fn bound(&mut self, binding: &'a Binding, span: Span) -> Lowers<Val<'a>> {
        Ok(match binding {
            Binding::Const(value) => Val::Const(value.clone()),
            Binding::Signal(id) => Val::Signal(self.named_signal(*id, span)?),
            Binding::Object(id) => return self.object(*id, span),
            Binding::Tuple(elements, class) => {
                let elements =
                    elements.iter().map(|element| self.bound(element, span)).collect::<Lowers<Vec<_>>>()?;
                Val::Sequence(Rc::new(elements), SequenceKind::of(class.as_ref()))
            }
            Binding::TupleClass(class) => Val::TupleClass(Arc::clone(class)),
            Binding::EnumType(id) => Val::EnumType(*id),
            Binding::Function(id) => match &self.cx.elaborated.function(*id).receiver {
                Some(receiver) => {
                    let receiver = self.bound(receiver, span)?;
                    Val::Function(*id, Some(Rc::new(receiver)))
                }
                None => Val::Function(*id, None),
            },
            Binding::Builtin(name) => Val::Builtin(name),
            Binding::Module(name, members) => Val::Module(name.clone(), Rc::new(members.clone())),
            Binding::Unknown(what) => {
                return self.unknown(what, span);
            }
        })
    }

    /// Something that the recorder knows no more of than a name.
    pub fn unknown<T>(&mut self, what: &str, span: Span) -> Lowers<T> {
        let error = Diagnostic::new(Code::PH0201, span, format!("{what} cannot be used in a process"));
        self.fail(if what.starts_with("the block ") {
            error.help("a block is called in the body of another block, which returns what the call gives")
        } else {
            error
        })
    }

    fn object(&mut self, id: ObjectId, span: Span) -> Lowers<Val<'a>> {
        let object: &'a Object = self.cx.elaborated.object(id);
        if let Some(memory) = self.cx.nets.memory(id)
            && let Object::List(elements) = object
            && let Some(Binding::Signal(first)) = elements.first()
        {
            self.fits_the_ir(*first, span)?;
            return Ok(Val::Memory(memory, *first, elements.len() as u32));
        }
        Ok(match object {
            Object::List(elements) => {
                if let (Some(var), Some(Binding::Object(first))) = (self.registers.get(&id), elements.first())
                    && let Object::Intbv { range, width_bits, wraps, .. } = self.cx.elaborated.object(*first)
                {
                    let bits = BitsType {
                        range: range.clone(),
                        width: *width_bits,
                        wraps: *wraps,
                        is_outside: true,
                    };
                    return Ok(Val::Table(*var, bits, elements.len() as u32));
                }
                // A list whose integers are variables is not looked at.
                let is_kept = |element: &Binding| match element {
                    Binding::Object(id) => self.registers.contains_key(id),
                    _ => false,
                };
                if elements.is_empty() || !elements.iter().all(is_kept) {
                    self.frozen.insert(id);
                }
                Val::ListObject(id)
            }
            Object::Dict(_) => {
                self.frozen.insert(id);
                Val::DictObject(id)
            }
            Object::Instance { .. } => Val::Instance(id),
            Object::Intbv { value, range, width_bits, wraps } => {
                let bits =
                    BitsType { range: range.clone(), width: *width_bits, wraps: *wraps, is_outside: true };
                if let Some(var) = self.registers.get(&id) {
                    return Ok(Val::Var(VarRef::whole(*var), bits));
                }
                self.frozen.insert(id);
                let id = self.literal(value.clone(), span)?;
                Val::Bits(Typed { id, width: Some(bits.as_width()) }, bits)
            }
            Object::Cell(inner) => {
                self.frozen.insert(id);
                return self.bound(inner, span);
            }
        })
    }

    /// What a name denotes here.
    pub fn name(&mut self, name: &str, span: Span) -> Lowers<Val<'a>> {
        let mut at = Some(self.frames.len() - 1);
        while let Some(index) = at {
            let frame = &self.frames[index];
            match frame.locals.get(name).cloned() {
                Some(Local::Known(value) | Local::Alias { value, .. } | Local::Object { value, .. }) => {
                    return Ok(value);
                }
                Some(Local::Var { known: Some(value), .. }) => return Ok(Val::Const(value)),
                Some(Local::Var { id, width, .. }) => {
                    self.reads.insert(id);
                    let id = self.read_var(id, span);
                    return Ok(Val::Expr(Typed { id, width }));
                }
                Some(Local::Conflict(place)) => {
                    let error = Diagnostic::new(
                        Code::PH0201,
                        span,
                        format!("`{name}` is bound to different kinds of things on the paths that lead here"),
                    )
                    .label(place, "the paths meet here");
                    return self.fail(error);
                }
                Some(Local::LeftOut(place)) => {
                    let error = Diagnostic::new(
                        Code::PH0201,
                        span,
                        format!("`{name}` has its value from what is simulated only"),
                    )
                    .label(place, "outside the subset, and left out of what is emitted");
                    return self.fail(error);
                }
                Some(Local::Missing(place)) => {
                    let message = format!("`{name}` is bound on some of the paths only that lead here");
                    let error =
                        Diagnostic::new(Code::PH0201, span, message).label(place, "the paths meet here");
                    return self.fail(error.help("bind it on every path, or before they part"));
                }
                None if frame.unbound.contains(name) => return Err(Failed),
                None if frame.assigned.contains(name) => {
                    let message = format!("`{name}` is read before it is assigned");
                    let mut error = Diagnostic::new(Code::PH0202, span, message);
                    if self.hides_signal(name) {
                        error = error
                            .note(format!("a store into `{name}` makes it a local of the process"))
                            .help(format!("to store into the signal: `{name}.next = …`"));
                    } else if self.is_bound_around(name) {
                        error = error
                            .note(format!("a store into `{name}` makes it a local of the process, and no longer the `{name}` around it"))
                            .help(format!("what a process keeps is a signal, `{name} = Signal(intbv(0)[8:])`, which is stored into by `{name}.next = …`"));
                    }
                    return self.fail(error);
                }
                None => at = frame.parent,
            }
        }
        let home = self.frames[self.frames.len() - 1].home;
        let function = self.cx.elaborated.function(home);
        match function.names.get(name) {
            Some(binding) => {
                if !matches!(binding, Binding::Builtin(_) | Binding::Module(..)) {
                    self.slots.insert(Slot::Name(home, name.to_owned()));
                }
                self.bound(binding, span)
            }
            // Elaboration runs without `-O`.
            None if name == "__debug__" => Ok(Val::bool(true)),
            None => {
                let error = Diagnostic::new(Code::PH0202, span, format!("`{name}` is not defined"));
                let error = match nearest(name, self.names_in_sight()) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error,
                };
                self.fail(error)
            }
        }
    }

    /// The names that could stand where a name is not found: locals, what the function mentions, what its block binds.
    fn names_in_sight(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for frame in self.frames.iter().rev() {
            names.extend(frame.locals.keys().map(String::as_str));
            names.extend(self.cx.elaborated.function(frame.home).names.keys().map(String::as_str));
        }
        let block = self.block.map(|block| self.cx.elaborated.block(block));
        names.extend(
            block
                .into_iter()
                .flat_map(|block| block.args.iter().chain(&block.locals))
                .map(|named| &*named.name),
        );
        names
    }

    /// Whether the process's block binds this name in its text.
    fn is_bound_around(&self, name: &str) -> bool {
        let def = self.block.and_then(|block| self.cx.parsed.block(self.cx.elaborated.block(block)));
        def.is_some_and(|def| {
            def.params.iter().any(|param| param.name.name == name)
                || pyhw_syntax::names::assigned(def).iter().any(|bound| bound.name == name)
        })
    }

    /// Whether the process's block has a signal of this name.
    pub fn hides_signal(&self, name: &str) -> bool {
        self.block.is_some_and(|block| crate::process::has_signal(self.cx.elaborated.block(block), name))
    }

    /// An element of a list, tuple or range at a constant place, by Python's rules.
    pub fn element(&mut self, value: &Val<'a>, index: &Int, span: Span) -> Lowers<Val<'a>> {
        let Some(length) = self.length(value) else {
            let message = format!("{} has no elements", value.describe());
            return self.outside(span, message);
        };
        let place = if index.is_negative() { index.add(&Int::from(length)) } else { index.clone() };
        let Some(place) = place.to_usize().filter(|place| *place < length) else {
            let message = format!("index {index} is out of range: there are {length} elements");
            return self.error(Code::PH0315, span, message);
        };
        match value {
            Val::Memory(net, like, _) => {
                let index = self.body.exprs.int(place, span);
                Ok(Val::Signal(SignalRef::Element(*net, index, *like)))
            }
            Val::Table(var, bits, _) => {
                let index = self.body.exprs.int(place, span);
                Ok(Val::Var(VarRef { var: *var, index: Some(index) }, bits.clone()))
            }
            Val::ListObject(id) => match self.cx.elaborated.object(*id) {
                Object::List(elements) => self.bound(&elements[place], span),
                _ => self.fail(Diagnostic::bug(span, "a list that is none")),
            },
            Val::Sequence(elements, _) => Ok(elements[place].clone()),
            Val::Range(start, _, step) => Ok(Val::int(start.add(&step.mul(&Int::from(place))))),
            Val::Const(Const::Str(text)) => {
                let letter = text.chars().nth(place).map(String::from).unwrap_or_default();
                Ok(Val::Const(Const::Str(letter)))
            }
            _ => self.fail(Diagnostic::bug(span, "elements without a list")),
        }
    }

    /// How many elements something has, if that is known.
    pub fn length(&self, value: &Val<'a>) -> Option<usize> {
        match value {
            Val::Memory(_, _, length) | Val::Table(_, _, length) => Some(*length as usize),
            Val::ListObject(id) => match self.cx.elaborated.object(*id) {
                Object::List(elements) => Some(elements.len()),
                _ => None,
            },
            Val::Sequence(elements, _) => Some(elements.len()),
            Val::Range(start, stop, step) => {
                let distance = if step.is_negative() { start.sub(stop) } else { stop.sub(start) };
                if distance.is_negative() || distance.is_zero() {
                    return Some(0);
                }
                let turns = distance.add(&step.abs()).sub(&Int::ONE).floor_div(&step.abs())?;
                turns.to_usize()
            }
            Val::Const(Const::Str(text)) => Some(text.chars().count()),
            Val::DictObject(id) => match self.cx.elaborated.object(*id) {
                Object::Dict(items) => Some(items.len()),
                _ => None,
            },
            Val::Dict(items) => Some(items.len()),
            _ => None,
        }
    }

    /// Every element of something that can be gone through while lowering.
    pub fn elements(&mut self, value: &Val<'a>, span: Span) -> Lowers<Vec<Val<'a>>> {
        match value {
            Val::Sequence(elements, _) => return Ok(elements.to_vec()),
            Val::Dict(items) => return Ok(items.iter().map(|(key, _)| key.clone()).collect()),
            Val::EnumType(id) => {
                let members = 0..self.cx.elaborated.types.enums[id.index()].members.len() as u32;
                return Ok(members.map(|member| Val::Const(Const::Enum(*id, member))).collect());
            }
            Val::DictObject(id) => {
                if let Object::Dict(items) = self.cx.elaborated.object(*id) {
                    return items.iter().map(|(key, _)| self.bound(key, span)).collect();
                }
            }
            _ => {}
        }
        let Some(length) = self.length(value) else {
            let message = format!("{} cannot be gone through here", value.describe());
            return self.outside(span, message);
        };
        (0..length).map(|index| self.element(value, &Int::from(index), span)).collect()
    }

    /// A run-time expression for a value.
    pub fn expr(&mut self, value: &Val<'a>, span: Span) -> Lowers<Typed> {
        let plain = |id| Typed { id, width: None };
        match value {
            Val::Expr(typed) | Val::Bits(typed, _) => Ok(*typed),
            Val::Const(Const::Int(value)) => Ok(plain(self.literal(value.clone(), span)?)),
            Val::Const(Const::Bool(value)) => Ok(plain(self.body.exprs.bool(*value, span))),
            Val::Const(Const::Enum(of, member)) => {
                Ok(plain(self.body.exprs.constant(Value::Enum(*member), Type::Enum(*of), span)))
            }
            Val::Const(Const::Str(text)) => {
                Ok(plain(self.body.exprs.constant(Value::Text(text.as_str().into()), Type::Text, span)))
            }
            Val::Signal(signal) => self.read_signal(signal, span),
            Val::Var(at, bits) => {
                let id = self.read_place(*at, span)?;
                Ok(Typed { id, width: Some(bits.as_width()) })
            }
            Val::Const(Const::None) => {
                let message = "`None` cannot be used as a value here";
                self.fail(Diagnostic::new(Code::PH0201, span, message).help(OF_NONE))
            }
            // A simulation in Python shows what is stored next.
            Val::Next(SignalRef::Net(net, id)) if !self.cx.python => {
                self.nexts.push((*net, span));
                self.read_signal(&SignalRef::Net(*net, *id), span)
            }
            Val::Next(_) => self.next_is_read(span),
            Val::Picked(elements, place) => {
                let value = self.pick(elements, *place, span)?;
                self.expr(&value, span)
            }
            Val::Const(Const::Float(float)) => {
                let message = format!("the float `{float:?}` cannot be computed with: hardware has integers");
                let error = Diagnostic::new(Code::PH0201, span, message);
                self.fail(
                    error.help("scale it to an integer, and the result back: `a * 3 // 4` for `a * 0.75`"),
                )
            }
            Val::Const(Const::Opaque(_))
            | Val::Memory(..)
            | Val::Table(..)
            | Val::ListObject(_)
            | Val::DictObject(_)
            | Val::Instance(_)
            | Val::Sequence(..)
            | Val::Dict(_)
            | Val::Module(..)
            | Val::EnumType(_)
            | Val::TupleClass(_)
            | Val::Function(..)
            | Val::Closure(_)
            | Val::Method(..)
            | Val::Builtin(_)
            | Val::Range(..)
            | Val::DynamicRange(..)
            | Val::Edge(..)
            | Val::Delay(_)
            | Val::Join(_)
            | Val::Exception(..) => {
                let message = format!("{} cannot be used as a value here", value.describe());
                self.outside(span, message)
            }
        }
    }

    /// What is stored into a signal is seen by Python at once, by its `next`, and by no hardware.
    pub fn next_is_read<T>(&mut self, span: Span) -> Lowers<T> {
        self.fail(next_is_read(span))
    }

    /// An integer expression: a boolean counts as 0 or 1.
    pub fn int_expr(&mut self, value: &Val<'a>, span: Span) -> Lowers<Typed> {
        let typed = self.expr(value, span)?;
        match self.body.exprs.ty(typed.id) {
            Type::Int(_) => Ok(typed),
            Type::Bool => {
                let id = self.bool_to_int(typed.id, span)?;
                Ok(Typed { id, width: typed.width })
            }
            _ => {
                let message = format!("this must be an integer, and is {}", self.kind_of(typed.id));
                self.error(Code::PH0301, span, message)
            }
        }
    }

    /// 0 or 1 for a boolean expression.
    pub fn bool_to_int(&mut self, id: ExprId, span: Span) -> Lowers<ExprId> {
        match self.body.exprs.as_const(id) {
            Some(Value::Bool(value)) => {
                let value = i64::from(*value);
                Ok(self.body.exprs.int(value, span))
            }
            _ => self.op(Op::ToInt, &[id], span),
        }
    }

    /// An enumeration in a user's words: by its name, or by its members where nothing that the process sees has a name for it.
    pub fn enum_in_words(&self, of: EnumId) -> String {
        let found = &self.cx.elaborated.types.enums[of.index()];
        if !found.name.is_empty() {
            return format!("`{}`", found.name);
        }
        let members: Vec<&str> = found.members.iter().map(|(member, _)| member.as_str()).collect();
        format!("`enum({})`", members.join(", "))
    }

    /// The kind of an expression in a user's words.
    pub fn kind_of(&self, id: ExprId) -> String {
        match self.body.exprs.ty(id) {
            Type::Bool => "a boolean".to_owned(),
            Type::Int(_) => "an integer".to_owned(),
            Type::Enum(of) => format!("a member of {}", self.enum_in_words(*of)),
            Type::Array(..) => "an array".to_owned(),
            Type::Struct(_) => "a struct".to_owned(),
            Type::Text => "a text".to_owned(),
            Type::Opaque => "a Python object".to_owned(),
        }
    }

    /// Whether Python takes the value for true.
    pub fn truth(&mut self, value: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        if let Some(known) = self.known_truth(value) {
            return Ok(Val::bool(known));
        }
        let typed = self.expr(value, span)?;
        match self.body.exprs.ty(typed.id) {
            Type::Bool => Ok(Val::Expr(Typed { id: typed.id, width: None })),
            Type::Int(_) => {
                let zero = self.body.exprs.int(0i64, span);
                let id = self.op(Op::Ne, &[typed.id, zero], span)?;
                Ok(Val::Expr(Typed { id, width: None }))
            }
            Type::Enum(_) => Ok(Val::bool(true)),
            _ => {
                let message = format!("{} cannot be a condition", self.kind_of(typed.id));
                self.error(Code::PH0301, span, message)
            }
        }
    }

    fn known_truth(&self, value: &Val<'a>) -> Option<bool> {
        match value {
            Val::Const(Const::None) => Some(false),
            Val::Const(Const::Bool(value)) => Some(*value),
            Val::Const(Const::Int(value)) => Some(!value.is_zero()),
            Val::Const(Const::Float(value)) => Some(*value != 0.0),
            Val::Const(Const::Str(text)) => Some(!text.is_empty()),
            Val::Const(Const::Enum(..) | Const::Opaque(_)) => Some(true),
            Val::Memory(..)
            | Val::Table(..)
            | Val::ListObject(_)
            | Val::DictObject(_)
            | Val::Sequence(..)
            | Val::Dict(_)
            | Val::Range(..) => self.length(value).map(|length| length > 0),
            Val::Instance(_)
            | Val::Module(..)
            | Val::EnumType(_)
            | Val::TupleClass(_)
            | Val::Function(..)
            | Val::Closure(_)
            | Val::Method(..)
            | Val::Builtin(_) => Some(true),
            Val::Expr(_)
            | Val::Signal(_)
            | Val::Next(_)
            | Val::Var(..)
            | Val::Bits(..)
            | Val::Picked(..)
            | Val::DynamicRange(..)
            | Val::Edge(..)
            | Val::Delay(_)
            | Val::Join(_)
            | Val::Exception(..) => None,
        }
    }

    /// A value that must be known while lowering.
    pub fn const_int(&mut self, value: &Val<'a>, what: &str, span: Span) -> Lowers<Int> {
        if let Some(value) = value.as_const_int() {
            return Ok(value);
        }
        if let Val::Bits(typed, _) | Val::Expr(typed) = value
            && let Some(Value::Int(known)) = self.body.exprs.as_const(typed.id)
        {
            return Ok(known.clone());
        }
        let message = format!("{what} must be known when the design is elaborated");
        self.error(Code::PH0201, span, message)
    }

    /// The type of the variable that holds values of this expression as a plain local.
    pub fn plain_type(&self, id: ExprId) -> Type {
        match self.body.exprs.ty(id) {
            Type::Int(_) => Type::Int(Range::UNBOUNDED),
            other => other.clone(),
        }
    }
}

/// That the next value of a signal is read, which may be another one than the value.
pub fn next_is_read(span: Span) -> Diagnostic {
    Diagnostic::new(Code::PH0201, span, "the next value of a signal cannot be read")
        .note(
            "it is what the last store of any process left there; hardware shows only what the signal is now",
        )
        .help("keep what is stored in a local and use that, as in `v = s + 1` and `s.next = v`, or read `s`")
}
