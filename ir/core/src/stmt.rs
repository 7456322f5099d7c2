//! Statements: what a body does, in order, and what can be asked of each kind of them.

use crate::design::{Comments, Event, LabelId, NetId, VarId};
use crate::expr::ExprId;
use crate::int::Int;
use crate::types::Value;
use pyhw_diagnostics::Span;

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stmt {
    /// What it does.
    pub kind: StmtKind,
    /// Where it was written.
    pub span: Span,
    /// The comments that travel with it.
    pub comments: Comments,
}

impl Stmt {
    /// A statement without comments.
    pub fn new(kind: StmtKind, span: Span) -> Stmt {
        Stmt { kind, span, comments: Comments::default() }
    }
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StmtKind {
    /// Changes a local variable at once.
    Assign {
        /// Rooted at a variable.
        place: Place,
        /// The value.
        value: ExprId,
    },
    /// Makes a local variable what it was when the process was activated: a function that is written out where it is called begins
    /// with its locals unset, in whatever turn of a loop it is called.
    Unset(VarId),
    /// Stores into the next value of a net.
    Next {
        /// Rooted at a net.
        place: Place,
        /// The value.
        value: ExprId,
    },
    /// The first arm whose condition holds, else `orelse`.
    If {
        /// Conditions (booleans) with what they guard; at least one.
        arms: Vec<(ExprId, Vec<Stmt>)>,
        /// What is done otherwise.
        orelse: Vec<Stmt>,
    },
    /// The arm with the subject's value, else `default`.
    Switch {
        /// An integer, boolean or enum.
        subject: ExprId,
        /// The arms; no value stands twice.
        arms: Vec<SwitchArm>,
        /// What is done otherwise; `None` if the arms cover every value of the subject.
        default: Option<Vec<Stmt>>,
    },
    /// Counts `var` from `start` towards `stop`, which is not reached, by `step` (not zero). The bounds are constants.
    For {
        /// What `break` and `continue` call it.
        label: LabelId,
        /// The counter; set before each turn, and left at its last value.
        var: VarId,
        /// The first value.
        start: Int,
        /// The bound, exclusive.
        stop: Int,
        /// What is added after each turn.
        step: Int,
        /// What is done in each turn.
        body: Vec<Stmt>,
    },
    /// Repeats while the condition (a boolean) holds.
    While {
        /// What `break` and `continue` call it.
        label: LabelId,
        /// Evaluated before each turn.
        cond: ExprId,
        /// What is done in each turn.
        body: Vec<Stmt>,
    },
    /// Runs once; `break` with its label leaves it.
    Block {
        /// What `break` calls it.
        label: LabelId,
        /// What is done.
        body: Vec<Stmt>,
    },
    /// Leaves the loop or block of this label.
    Break(LabelId),
    /// Goes on with the next turn of the loop of this label.
    Continue(LabelId),
    /// Stops the process until one of these happens; with none, for good. Timed processes only.
    Wait(Vec<Wait>),
    /// A fault unless the condition (a boolean) holds.
    Assert {
        /// What must hold.
        cond: ExprId,
        /// A text, evaluated only if it does not hold.
        message: Option<ExprId>,
    },
    /// Writes a text to the standard output.
    Print {
        /// The text, its end of line included.
        text: ExprId,
    },
    /// Raises an exception of the host: a fault of the design.
    Raise {
        /// The name of its class.
        exception: String,
        /// Its text.
        message: Option<ExprId>,
    },
    /// Ends the simulation at once and in order, as MyHDL's `raise StopSimulation` does; what else is due does not run.
    Finish {
        /// The exception's text.
        message: Option<ExprId>,
    },
    /// Ends the process (timed), or this activation of it (others).
    Return,
}

/// An arm of a switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchArm {
    /// Values of the subject's type; at least one.
    pub values: Vec<Value>,
    /// What is done for them.
    pub body: Vec<Stmt>,
}

/// Something that a timed process waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// A change of a net.
    Event(Event),
    /// So many steps, an integer that is not negative.
    Delay(ExprId),
    /// All of these.
    Join(Vec<Wait>),
}

/// The net or variable that a store changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// A net's next value.
    Net(NetId),
    /// A local variable.
    Var(VarId),
}

/// A step from a whole to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Projection {
    /// An element of an array; a fault unless the index is in range.
    Index(ExprId),
    /// A field of a struct.
    Field(u32),
    /// One bit of an integer, stored from a boolean; only as the last step.
    Bit(ExprId),
    /// `width` bits of an integer from bit `low` up; only as the last step.
    Slice {
        /// The lowest bit, an integer that is not negative.
        low: ExprId,
        /// How many bits, at least 1.
        width: u32,
    },
}

/// What a store changes: a net or variable, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The whole.
    pub root: Root,
    /// The way to the part; empty for the whole.
    pub path: Vec<Projection>,
}

impl Place {
    /// A whole net.
    pub fn net(net: NetId) -> Place {
        Place { root: Root::Net(net), path: Vec::new() }
    }

    /// A whole variable.
    pub fn var(var: VarId) -> Place {
        Place { root: Root::Var(var), path: Vec::new() }
    }
}

impl StmtKind {
    /// The statement lists inside it, in order.
    pub fn blocks(&self) -> Vec<&[Stmt]> {
        match self {
            StmtKind::If { arms, orelse } => {
                arms.iter().map(|(_, body)| &body[..]).chain(std::iter::once(&orelse[..])).collect()
            }
            StmtKind::Switch { arms, default, .. } => {
                arms.iter().map(|arm| &arm.body[..]).chain(default.as_deref()).collect()
            }
            StmtKind::For { body, .. } | StmtKind::While { body, .. } | StmtKind::Block { body, .. } => {
                vec![body]
            }
            StmtKind::Assign { .. }
            | StmtKind::Unset(_)
            | StmtKind::Next { .. }
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. }
            | StmtKind::Return => Vec::new(),
        }
    }

    /// The same statement with each statement list inside it replaced.
    pub fn map_blocks(self, with: &mut impl FnMut(Vec<Stmt>) -> Vec<Stmt>) -> StmtKind {
        match self {
            StmtKind::If { arms, orelse } => StmtKind::If {
                arms: arms.into_iter().map(|(cond, body)| (cond, with(body))).collect(),
                orelse: with(orelse),
            },
            StmtKind::Switch { subject, arms, default } => StmtKind::Switch {
                subject,
                arms: arms.into_iter().map(|arm| SwitchArm { body: with(arm.body), ..arm }).collect(),
                default: default.map(with),
            },
            StmtKind::For { label, var, start, stop, step, body } => {
                StmtKind::For { label, var, start, stop, step, body: with(body) }
            }
            StmtKind::While { label, cond, body } => StmtKind::While { label, cond, body: with(body) },
            StmtKind::Block { label, body } => StmtKind::Block { label, body: with(body) },
            simple @ (StmtKind::Assign { .. }
            | StmtKind::Unset(_)
            | StmtKind::Next { .. }
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. }
            | StmtKind::Return) => simple,
        }
    }

    /// The variable that it changes itself, not by the statements inside it: by a store into it or a part of it, or by counting.
    pub fn stored_var(&self) -> Option<VarId> {
        match self {
            StmtKind::Assign { place: Place { root: Root::Var(var), .. }, .. }
            | StmtKind::For { var, .. } => Some(*var),
            StmtKind::Assign { place: Place { root: Root::Net(_), .. }, .. }
            | StmtKind::Unset(_)
            | StmtKind::Next { .. }
            | StmtKind::If { .. }
            | StmtKind::Switch { .. }
            | StmtKind::While { .. }
            | StmtKind::Block { .. }
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. }
            | StmtKind::Return => None,
        }
    }

    /// Whether a run of it is seen otherwise than by what it stores: it speaks, ends the run or may be a fault of the design.
    pub fn is_heard(&self) -> bool {
        match self {
            StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. } => true,
            StmtKind::Assign { .. }
            | StmtKind::Unset(_)
            | StmtKind::Next { .. }
            | StmtKind::If { .. }
            | StmtKind::Switch { .. }
            | StmtKind::For { .. }
            | StmtKind::While { .. }
            | StmtKind::Block { .. }
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Wait(_)
            | StmtKind::Return => false,
        }
    }

    /// Whether what stands behind it in its list is never reached: it jumps, or ends the process or the simulation.
    pub fn leaves(&self) -> bool {
        match self {
            StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Return
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. } => true,
            StmtKind::Assign { .. }
            | StmtKind::Unset(_)
            | StmtKind::Next { .. }
            | StmtKind::If { .. }
            | StmtKind::Switch { .. }
            | StmtKind::For { .. }
            | StmtKind::While { .. }
            | StmtKind::Block { .. }
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. } => false,
        }
    }

    /// The expressions that it evaluates itself (those of the statements inside it left out), in order.
    pub fn exprs(&self) -> Vec<ExprId> {
        fn of_place(place: &Place, into: &mut Vec<ExprId>) {
            for step in &place.path {
                match step {
                    Projection::Index(index) | Projection::Bit(index) => into.push(*index),
                    Projection::Slice { low, .. } => into.push(*low),
                    Projection::Field(_) => {}
                }
            }
        }
        let mut found = Vec::new();
        match self {
            StmtKind::Assign { place, value } | StmtKind::Next { place, value } => {
                of_place(place, &mut found);
                found.push(*value);
            }
            StmtKind::If { arms, .. } => found.extend(arms.iter().map(|(cond, _)| *cond)),
            StmtKind::Switch { subject, .. } => found.push(*subject),
            StmtKind::While { cond, .. } => found.push(*cond),
            StmtKind::Wait(waits) => walk_waits(waits, &mut |wait| match wait {
                Single::Delay(steps) => found.push(steps),
                Single::Event(_) => {}
            }),
            StmtKind::Assert { cond, message } => {
                found.push(*cond);
                found.extend(*message);
            }
            StmtKind::Print { text } => found.push(*text),
            StmtKind::Raise { message, .. } | StmtKind::Finish { message } => found.extend(*message),
            StmtKind::Unset(_)
            | StmtKind::For { .. }
            | StmtKind::Block { .. }
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Return => {}
        }
        found
    }
}

/// What a process waits for, without the joins that it may stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Single {
    /// A change of a net.
    Event(Event),
    /// So many steps.
    Delay(ExprId),
}

/// Calls `visit` for every event and delay that is waited for, those within joins among them, in the order of the text.
pub fn walk_waits(waits: &[Wait], visit: &mut impl FnMut(Single)) {
    for wait in waits {
        match wait {
            Wait::Event(event) => visit(Single::Event(*event)),
            Wait::Delay(steps) => visit(Single::Delay(*steps)),
            Wait::Join(inner) => walk_waits(inner, visit),
        }
    }
}

/// The nets of the events that statements wait for, in the order of the text; one may come again.
pub fn awaited_nets(stmts: &[Stmt]) -> Vec<NetId> {
    let mut nets = Vec::new();
    walk_stmts(stmts, &mut |stmt| {
        if let StmtKind::Wait(waits) = &stmt.kind {
            walk_waits(waits, &mut |wait| match wait {
                Single::Event(event) => nets.push(event.net),
                Single::Delay(_) => {}
            });
        }
    });
    nets
}

/// Calls `visit` for every statement, outer ones first, in the order of the text.
pub fn walk_stmts<'a>(stmts: &'a [Stmt], visit: &mut impl FnMut(&'a Stmt)) {
    for stmt in stmts {
        visit(stmt);
        for block in stmt.kind.blocks() {
            walk_stmts(block, visit);
        }
    }
}
