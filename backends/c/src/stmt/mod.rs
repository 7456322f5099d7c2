//! Statements.
//!
//! Stores change the fields of the state in place. What a store overwrites and a later expression still reads is kept in a local at
//! the function's beginning, and only then. Here is what every statement goes through; [`order`] says in which order they are
//! written, [`store`] and [`part`] write stores, [`branch`] what chooses, [`repeat`] what repeats and what leaves.

mod branch;
mod order;
mod part;
mod repeat;
mod store;

use crate::func::Func;
use crate::layout::Storage;
use crate::vars::{Declarations, Declare};
use order::diverges;
use pyhw_diagnostics::Span;
use pyhw_ir::{LabelId, NetId, Root, Stmt, StmtKind, VarId, walk_stmts};
use pyhw_text::{Text, Writer};
use std::collections::{BTreeMap, BTreeSet};

/// Something that `break` leaves in C.
#[derive(Clone, Debug)]
enum Frame {
    Switch,
    Loop(LabelId),
}

/// What the statements of one process are written with.
pub struct Stmts<'s, 'f, 'a> {
    /// The function.
    pub func: &'s mut Func<'f, 'a>,
    declarations: &'s Declarations,
    frames: Vec<Frame>,
    /// Names for `goto` that are in use: to leave a label's block or loop, and to go on with its next turn.
    leave: BTreeMap<LabelId, String>,
    next_turn: BTreeMap<LabelId, String>,
    /// Memories whose stores wait for the end of the function, because reads of their old elements come after them.
    pub deferred: BTreeSet<NetId>,
    /// The stores that wait: declarations, and what happens at the end.
    pub waiting: Vec<Waiting>,
    /// The name of the function's end, where something jumps to it.
    pub end: Option<String>,
    /// A net that is zero before the next statement, which stores into a part of it, though no line says so.
    zeroed: Option<NetId>,
    /// A comment for the first line of the next statement: where it comes from.
    pub note: Option<String>,
}

/// A store that waits for the end of the function.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Declarations of what it keeps until then.
    pub declarations: Vec<String>,
    /// What happens at the end.
    pub commit: Vec<String>,
}

impl<'s, 'f, 'a> Stmts<'s, 'f, 'a> {
    /// Statements for a function.
    pub fn new(
        func: &'s mut Func<'f, 'a>,
        declarations: &'s Declarations,
        deferred: BTreeSet<NetId>,
    ) -> Self {
        Stmts {
            func,
            declarations,
            frames: Vec::new(),
            leave: BTreeMap::new(),
            next_turn: BTreeMap::new(),
            deferred,
            waiting: Vec::new(),
            end: None,
            zeroed: None,
            note: None,
        }
    }

    /// Writes statements in order, stores into memories after the reads that they would disturb.
    pub fn list(&mut self, stmts: &[Stmt]) {
        let order = self.in_order(stmts);
        for (at, stmt) in order.iter().enumerate() {
            if let Some(zeroed) = order.get(at + 1).and_then(|next| self.zeroed_before(stmt, next)) {
                self.zeroed = Some(zeroed);
                for line in stmt.comments.leading.iter().chain(&stmt.comments.trailing) {
                    self.func.out.line(comment(line));
                }
                continue;
            }
            self.stmt(stmt);
            self.zeroed = None;
            if diverges(stmt) {
                break;
            }
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let before = self.func.out.set_span(stmt.span);
        for line in &stmt.comments.leading {
            self.func.out.line(comment(line));
        }
        let trailing = match (self.note.take(), &stmt.comments.trailing) {
            (Some(note), Some(text)) => Some(comment(&format!("{note}: {text}"))),
            (Some(text), None) => Some(comment(&text)),
            (None, text) => text.as_deref().map(comment),
        };
        let mut declared = None;
        for &(var, how) in self.declarations.before(stmt) {
            match how {
                Declare::Constant | Declare::WithValue => declared = Some((var, how)),
                Declare::Plain | Declare::Zero => self.declare(var, how == Declare::Zero),
            }
        }
        match &stmt.kind {
            StmtKind::Assign { place, value } => {
                if let Root::Var(var) = place.root
                    && !self.declarations.is_dead(var)
                {
                    let wraps = self.func.body.var(var).wraps;
                    self.store(place, *value, wraps, trailing, declared, stmt.span);
                }
            }
            StmtKind::Next { place, value } => {
                if let Root::Net(net) = place.root {
                    let wraps = self.func.unit.layout.module.net(net).wraps;
                    self.store(place, *value, wraps, trailing, None, stmt.span);
                }
            }
            StmtKind::If { arms, orelse } => self.if_chain(arms, orelse, trailing),
            StmtKind::Switch { subject, arms, default } => {
                self.switch(*subject, arms, default.as_deref(), trailing);
            }
            StmtKind::For { label, var, start, stop, step, body } => {
                self.counting_loop(*label, *var, [start, stop, step], body, trailing, stmt.span);
            }
            StmtKind::While { label, cond, body } => {
                self.conditional_loop(*label, *cond, body, trailing, stmt.span);
            }
            StmtKind::Block { label, body } => {
                self.list(body);
                self.land(*label);
            }
            StmtKind::Break(label) => self.leave(*label),
            StmtKind::Continue(label) => self.go_on(*label),
            StmtKind::Return => self.leave_function(),
            StmtKind::Raise { exception, .. } => {
                let text = format!("{} ends the simulation with {exception}", self.source(stmt.span));
                self.func.out.line(comment(text.trim_start()));
                self.leave_function();
            }
            StmtKind::Finish { .. } => {
                let text = format!("{} ends the simulation", self.source(stmt.span));
                self.func.out.line(comment(text.trim_start()));
                self.leave_function();
            }
            StmtKind::Print { .. } => {
                let text = format!("{} prints, in simulation only", self.source(stmt.span));
                self.func.out.line(comment(text.trim_start()));
            }
            // Here a variable holds something at any time.
            StmtKind::Unset(_) | StmtKind::Assert { .. } => {}
            StmtKind::Wait(_) => self.func.unit.refuse(stmt.span, "C does not wait within a process"),
        }
        self.func.out.set_span(before);
    }

    fn source(&self, span: Span) -> String {
        self.func.unit.layout.design.sources.line(span)
    }

    fn declare(&mut self, var: VarId, is_zero: bool) {
        let (name, storage) = self.func.vars[var.index()].clone();
        let Some(storage) = storage else {
            let var = self.func.body.var(var);
            self.func.unit.refuse(var.span, format!("C cannot hold the local `{}`", var.name));
            return;
        };
        let text = self.func.unit.layout.declare(&storage, &name);
        if !is_zero {
            self.func.out.line(format!("{text};"));
            return;
        }
        match storage {
            Storage::Bool => self.func.out.line(format!("{text} = false;")),
            Storage::Scalar { ty, .. } if ty.signed => self.func.out.line(format!("{text} = 0;")),
            Storage::Scalar { .. } | Storage::Enum(..) => self.func.out.line(format!("{text} = 0U;")),
            Storage::Wide { .. } => self.func.out.line(format!("{text} = {{0U}};")),
            Storage::Array(..) | Storage::Struct(_) => self.func.out.line(format!("{text} = {{0}};")),
        }
    }

    /// What is written meanwhile, instead of its being written.
    fn captured(&mut self, write: impl FnOnce(&mut Self)) -> Text {
        let mut outer = std::mem::replace(&mut self.func.out, Writer::new("    "));
        let span = outer.set_span(Span::NONE);
        self.func.out.set_span(span);
        write(self);
        outer.set_span(span);
        std::mem::replace(&mut self.func.out, outer).finish_with_origins()
    }

    fn indented(&mut self, text: &Text) {
        self.func.out.indent();
        self.func.out.append(text);
        self.func.out.dedent();
    }
}

/// The nets that statements store into.
pub fn stored_nets(stmts: &[Stmt]) -> BTreeSet<NetId> {
    let mut nets = BTreeSet::new();
    walk_stmts(stmts, &mut |stmt| {
        if let StmtKind::Next { place, .. } = &stmt.kind
            && let Root::Net(net) = place.root
        {
            nets.insert(net);
        }
    });
    nets
}

/// A comment of the source.
pub fn comment(text: &str) -> String {
    format!("/* {} */", clean(text))
}

/// Text without what a compiler could take for something else: the end of a comment, a trigraph.
pub fn clean(text: &str) -> String {
    pyhw_text::one_line(text).replace("??", "? ?")
}
