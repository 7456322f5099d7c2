//! The state of lowering one process: its body, its frames of locals, and what was found wrong.

use crate::aliases::Choices;
use crate::decided::Verdict;
use crate::earlier::Earlier;
use crate::kinds::Marks;
use crate::nets::{Nets, SignalPlace};
use crate::objects::Shared;
use crate::source::Parsed;
use crate::stmt::Env;
use crate::value::{BitsType, Local, SequenceKind, SignalRef, Typed, Val, VarRef, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{BlockId, Const, Elaborated, FunctionId, ObjectId, ProcessId, SignalId, SignalType};
use pyhw_ir::types::MAX_WIDTH_BITS;
use pyhw_ir::{Body, ExprId, Int, LabelId, NetId, Op, Range, Stmt, StmtKind, Type, Var, VarId};
use pyhw_syntax::ast;
use std::collections::{BTreeMap, HashMap, HashSet};

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

impl<'a> Frame<'a> {
    /// The frame of a function before anything of it is lowered, or looked at.
    pub fn new(home: FunctionId, parent: Option<usize>, returns: Option<Returns>) -> Self {
        Frame {
            home,
            parent,
            locals: BTreeMap::new(),
            assigned: HashSet::new(),
            rebound: HashSet::new(),
            driven: HashSet::new(),
            shared: HashSet::new(),
            in_place: HashSet::new(),
            changing: HashSet::new(),
            unbound: HashSet::new(),
            turns: 0,
            rebound_bits: Vec::new(),
            plain: HashMap::new(),
            returns,
            loops: Vec::new(),
        }
    }
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
    /// Whether the condition of a loop is lowered: statements before it would hide how often the loop turns.
    pub in_head: bool,
    /// Mutable objects that were read as constants.
    pub frozen: HashSet<ObjectId>,
    /// Attributes and names of the surroundings that were taken for constants.
    pub slots: HashSet<crate::changing::Slot>,
    /// Signals whose next values it reads, and where.
    pub nexts: Vec<(NetId, Span)>,
    /// The nets that wake it, where these are levels; `None` where it waits for edges or time.
    pub levels: Option<Vec<NetId>>,
    /// What is done with boolean nets.
    pub marks: Marks,
    /// The variables that the statement under way has read so far: `:=` must not change them under it.
    pub reads: HashSet<VarId>,
    /// What the indices in the target of the store under way are: each is evaluated once, and where a run-time one picks, the
    /// place that the text is for stands for it.
    pub fixed: HashMap<*const ast::Expr, Val<'a>>,
    /// What each run-time index picks from, for the exception of one that is out of range.
    pub picked_from: HashMap<Span, &'static str>,
    /// What earlier attempts to lower the process have found.
    pub earlier: Earlier,
    /// How many stores are under way that are one of several, as a run-time index picks.
    pub picking: usize,
    /// The `intbv` objects to which several names or lists lead.
    pub shared: Shared,
    /// Variables of names in a generator that are bound to one signal or another.
    pub chosen_signals: HashSet<VarId>,
    /// How many lists of statements are under way beside that of the process.
    pub blocks: usize,
    /// How many of them are whole bodies of functions: all of these are, where there is one path only.
    pub bodies: usize,
    /// Whether a function that returns a number ends without `return` on some path: what it gave may be None.
    pub gives_none: bool,
    /// The variables that are elements of local lists.
    pub element_vars: HashSet<VarId>,
    /// Choices among signals, and what keeps one: what each of them reads is a signal, which `repr` shows as one.
    pub signal_choices: HashSet<ExprId>,
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
            in_head: false,
            frozen: HashSet::new(),
            slots: HashSet::new(),
            nexts: Vec::new(),
            levels: None,
            marks: Marks::default(),
            reads: HashSet::new(),
            fixed: HashMap::new(),
            picked_from: HashMap::new(),
            earlier: Earlier::default(),
            picking: 0,
            shared: Shared::default(),
            chosen_signals: HashSet::new(),
            blocks: 0,
            bodies: 0,
            gives_none: false,
            element_vars: HashSet::new(),
            signal_choices: HashSet::new(),
            choices: Choices::new(),
            counters: Vec::new(),
            registers: HashMap::new(),
            is_plain_binding: false,
            effects: 0,
            in_order: false,
        }
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
        self.blocks += 1;
        let result = lower(self);
        self.blocks -= 1;
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
        if self.signal_choices.contains(&value) {
            let kept = self.read_var(var, span);
            self.signal_choices.insert(kept);
        }
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
}
