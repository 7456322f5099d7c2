//! An array that a clocked process keeps is a memory: it is stored into and read in place, and not copied from turn to turn.
//!
//! ```text
//! $mem = %mem                                   $stored = false
//! if %we {                                      if %we {
//!   $mem[%addr] = %d                     ─►       %mem[%addr] <= %d
//! }                                               $stored = true
//! %q <= index($mem, %addr)                      }
//! %mem <= $mem                                  %q <= mux($stored, %d, index(%mem, %addr))
//! ```
//!
//! The net takes what is stored at the end of the turn, while the variable shows it at once: a read behind a store asks whether it is
//! of what was stored. A store in a loop that a read follows, or a use of the whole, leaves the array as it was, which is equivalent too.

use pyhw_diagnostics::Span;
use pyhw_ir::rewrite::{Rewrite, rewrite_stmt};
use pyhw_ir::{
    Body, ExprId, ExprKind, LabelId, Module, NetId, NetKind, Op, Place, Process, ProcessBody, ProcessKind,
    Projection, Root, Stmt, StmtKind, SwitchArm, Type, Types, Value, Var, VarId, walk_stmts,
};
use std::collections::{HashMap, HashSet};

/// Makes memories of the arrays that the clocked processes of a module keep.
pub fn memories(module: &mut Module, types: &Types) {
    for index in 0..module.processes.len() {
        for (var, net) in kept_arrays(&module.processes[index]) {
            if module.net(net).kind != NetKind::Signal || is_used_elsewhere(module, index, net) {
                continue;
            }
            let ProcessBody::Ir(body) = &module.processes[index].body else { continue };
            let wraps = body.var(var).wraps;
            if let Some(body) = in_place(body, var, net, module, types) {
                module.processes[index].body = ProcessBody::Ir(body.compact());
                module.nets[net.index()].wraps = wraps;
            }
        }
    }
}

/// The array variables that are read from a net where the process begins, and stored into it where it ends.
fn kept_arrays(process: &Process) -> Vec<(VarId, NetId)> {
    let (ProcessKind::Clocked { .. }, ProcessBody::Ir(body)) = (&process.kind, &process.body) else {
        return Vec::new();
    };
    let is_array = |var: &VarId| matches!(body.var(*var).ty, Type::Array(..));
    let begun = body.stmts.iter().filter_map(|stmt| begins(stmt, body));
    let ends: Vec<(VarId, NetId)> = body.stmts.iter().filter_map(|stmt| ends(stmt, body)).collect();
    begun.filter(|pair| is_array(&pair.0) && ends.contains(pair)).collect()
}

fn begins(stmt: &Stmt, body: &Body) -> Option<(VarId, NetId)> {
    match &stmt.kind {
        StmtKind::Assign { place: Place { root: Root::Var(var), path }, value } if path.is_empty() => {
            match body.exprs.kind(*value) {
                ExprKind::Net(net) => Some((*var, *net)),
                ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Op(..) => None,
            }
        }
        _ => None,
    }
}

fn ends(stmt: &Stmt, body: &Body) -> Option<(VarId, NetId)> {
    match &stmt.kind {
        StmtKind::Next { place: Place { root: Root::Net(net), path }, value } if path.is_empty() => {
            match body.exprs.kind(*value) {
                ExprKind::Var(var) => Some((*var, *net)),
                ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Op(..) => None,
            }
        }
        _ => None,
    }
}

/// Whether anything but this process, where it begins and ends, knows the net.
fn is_used_elsewhere(module: &Module, process: usize, net: NetId) -> bool {
    let is_connected = module.instances.iter().any(|instance| instance.connections.contains(&net));
    let is_of_others = module.processes.iter().enumerate().any(|(index, other)| {
        index != process
            && (crate::read_nets(other).contains(&net) || crate::written_nets(other).contains(&net))
    });
    module.direction(net).is_some() || is_connected || is_of_others || !module.foreign.is_empty()
}

/// The body with the variable gone, if all that is done to it can be done to the net.
fn in_place(body: &Body, var: VarId, net: NetId, module: &Module, types: &Types) -> Option<Body> {
    let mut followed =
        Followed { body, var, breaks: HashMap::new(), stores: HashSet::new(), loops: 0, fits: true };
    followed.block(&body.stmts, false);
    let Followed { stores, fits, .. } = followed;
    if !fits || !is_taken_apart(body, var, net) {
        return None;
    }
    let mut rewriting = InPlace {
        body: Body { stmts: Vec::new(), ..body.clone() },
        var,
        net,
        wraps: body.var(var).wraps,
        ty: &module.net(net).ty,
        element: match &body.var(var).ty {
            Type::Array(element, _) => element,
            _ => return None,
        },
        types,
        followed: stores,
        once: stored_once(body),
        done: None,
        sites: Vec::new(),
        first: Vec::new(),
        fits: true,
    };
    let stmts = rewriting.block(&body.stmts, false);
    let InPlace { body: mut new, first, fits: true, .. } = rewriting else { return None };
    let made = body.vars.len();
    new.stmts = stmts;
    // What is surely stored before it is read needs no first value.
    let unset = pyhw_ir::eval::maybe_unset(&new);
    let is_needed = |stmt: &Stmt| stmt.kind.stored_var().is_some_and(|var| unset[var.index()]);
    new.stmts.splice(0..0, first.into_iter().filter(is_needed));
    let read = read_vars(&new);
    new.stmts = without_unread(std::mem::take(&mut new.stmts), &read, made);
    Some(new)
}

/// Whether the variable is only indexed, and the net is not seen, between beginning and end; nothing returns before the end.
fn is_taken_apart(body: &Body, var: VarId, net: NetId) -> bool {
    let mut only = true;
    walk_stmts(&body.stmts, &mut |stmt| {
        if begins(stmt, body) == Some((var, net)) || ends(stmt, body) == Some((var, net)) {
            return;
        }
        match &stmt.kind {
            StmtKind::Return => only = false,
            StmtKind::Unset(of) => only &= *of != var,
            StmtKind::Assign { place, .. } if place.root == Root::Var(var) => {
                only &= matches!(place.path.first(), Some(Projection::Index(_)));
            }
            StmtKind::Next { place, .. } => only &= place.root != Root::Net(net),
            _ => {}
        }
        for root in stmt.kind.exprs() {
            let is_whole = |id: ExprId| match body.exprs.kind(id) {
                ExprKind::Var(of) => *of == var,
                ExprKind::Net(of) => *of == net,
                ExprKind::Const(_) | ExprKind::Op(..) => false,
            };
            only &= !is_whole(root);
            body.exprs.walk(root, &mut |id| {
                let args = body.exprs.operands(id);
                let indexed = matches!(body.exprs.kind(id), ExprKind::Op(Op::Index, _));
                only &= !args.iter().skip(usize::from(indexed)).any(|arg| is_whole(*arg));
                only &= !args
                    .first()
                    .is_some_and(|arg| matches!(body.exprs.kind(*arg), ExprKind::Net(of) if *of == net));
            });
        }
    });
    let count = |find: fn(&Stmt, &Body) -> Option<(VarId, NetId)>| {
        body.stmts
            .iter()
            .filter(|stmt| find(stmt, body).is_some_and(|(of, at)| of == var || at == net))
            .count()
    };
    only && count(begins) == 1 && count(ends) == 1
}

/// The variables that one statement alone stores into, with what it stores if it is a plain store: behind it they stay what they are.
fn stored_once(body: &Body) -> HashMap<VarId, Option<ExprId>> {
    let mut counts: HashMap<VarId, (u32, Option<ExprId>)> = HashMap::new();
    walk_stmts(&body.stmts, &mut |stmt| {
        let Some(var) = stmt.kind.stored_var() else { return };
        let stored = match &stmt.kind {
            // What does not fit is another value, or a fault.
            StmtKind::Assign { place, value } if place.path.is_empty() && !body.var(var).wraps => {
                Some(*value)
            }
            _ => None,
        };
        let (count, value) = counts.entry(var).or_default();
        *count += 1;
        *value = stored;
    });
    let once = counts.into_iter().filter(|(_, (count, _))| *count == 1);
    once.map(|(var, (_, value))| (var, value)).collect()
}

fn read_vars(body: &Body) -> HashSet<VarId> {
    let mut read = HashSet::new();
    walk_stmts(&body.stmts, &mut |stmt| {
        for root in stmt.kind.exprs() {
            body.exprs.walk(root, &mut |id| {
                if let ExprKind::Var(var) = body.exprs.kind(id) {
                    read.insert(*var);
                }
            });
        }
    });
    read
}

/// The statements without stores into variables, from the first that was made here on, that nothing asks for.
fn without_unread(stmts: Vec<Stmt>, read: &HashSet<VarId>, made: usize) -> Vec<Stmt> {
    let is_idle = |stmt: &Stmt| {
        matches!(&stmt.kind, StmtKind::Assign { place: Place { root: Root::Var(var), .. }, .. }
            if var.index() >= made && !read.contains(var))
    };
    let kept = stmts.into_iter().filter(|stmt| !is_idle(stmt));
    kept.map(|stmt| Stmt {
        kind: stmt.kind.map_blocks(&mut |block| without_unread(block, read, made)),
        ..stmt
    })
    .collect()
}

/// Finds the stores that a read may follow: a backward walk.
struct Followed<'a> {
    body: &'a Body,
    var: VarId,
    /// Whether a read follows where the breaks and continues of a label lead.
    breaks: HashMap<LabelId, bool>,
    stores: HashSet<*const Stmt>,
    loops: u32,
    /// Whether no such store is in a loop.
    fits: bool,
}

impl Followed<'_> {
    fn reads(&self, stmt: &Stmt) -> bool {
        let mut found = false;
        for root in stmt.kind.exprs() {
            self.body.exprs.walk(root, &mut |id| {
                found |= matches!(self.body.exprs.kind(id), ExprKind::Var(var) if *var == self.var);
            });
        }
        found && ends(stmt, self.body).is_none()
    }

    /// Whether a read follows before the statements, if one does behind them.
    fn block(&mut self, stmts: &[Stmt], behind: bool) -> bool {
        stmts.iter().rev().fold(behind, |behind, stmt| self.stmt(stmt, behind))
    }

    fn stmt(&mut self, stmt: &Stmt, behind: bool) -> bool {
        let before = match &stmt.kind {
            StmtKind::Assign { place, .. } => {
                if place.root == Root::Var(self.var) && !place.path.is_empty() && behind {
                    self.stores.insert(std::ptr::from_ref(stmt));
                    self.fits &= self.loops == 0;
                }
                behind
            }
            StmtKind::If { arms, orelse } => {
                let mut any = self.block(orelse, behind);
                for (_, body) in arms {
                    any |= self.block(body, behind);
                }
                any
            }
            StmtKind::Switch { arms, default, .. } => {
                let bodies = arms.iter().map(|arm| &arm.body).chain(default);
                bodies.fold(default.is_none() && behind, |any, body| self.block(body, behind) | any)
            }
            StmtKind::For { label, body, .. } | StmtKind::While { label, body, .. } => {
                let mut turn = behind || self.reads(stmt);
                walk_stmts(body, &mut |stmt| turn |= self.reads(stmt));
                self.breaks.insert(*label, turn);
                self.loops += 1;
                let before = self.block(body, turn);
                self.loops -= 1;
                before || behind
            }
            StmtKind::Block { label, body } => {
                self.breaks.insert(*label, behind);
                self.block(body, behind)
            }
            StmtKind::Break(label) | StmtKind::Continue(label) => {
                self.breaks.get(label).copied().unwrap_or(true)
            }
            StmtKind::Unset(_)
            | StmtKind::Next { .. }
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. }
            | StmtKind::Return => behind,
        };
        before || self.reads(stmt)
    }
}

/// A store that reads behind it ask for.
#[derive(Clone, Copy)]
struct Site {
    /// Whether it was done, where that is not sure.
    done: Option<ExprId>,
    /// The same, for where the way that it is on meets others.
    elsewhere: Option<ExprId>,
    index: ExprId,
    value: ExprId,
}

/// Copies the body while the variable gives way to the net.
struct InPlace<'a> {
    body: Body,
    var: VarId,
    net: NetId,
    wraps: bool,
    ty: &'a Type,
    element: &'a Type,
    types: &'a Types,
    followed: HashSet<*const Stmt>,
    /// The variables that one statement stores into, with what it stores.
    once: HashMap<VarId, Option<ExprId>>,
    /// What tells that the stores of the list of statements under way were done.
    done: Option<ExprId>,
    /// The stores before this point that reads ask for, in order.
    sites: Vec<Site>,
    /// What is done first.
    first: Vec<Stmt>,
    fits: bool,
}

impl InPlace<'_> {
    fn op(&mut self, op: Op, args: &[ExprId], span: Span) -> ExprId {
        match self.body.exprs.op(op, args, self.types, span) {
            Ok(id) => id,
            Err(_) => {
                self.fits = false;
                args[0]
            }
        }
    }

    /// What the array holds at this index.
    fn read(&mut self, index: ExprId, span: Span) -> ExprId {
        let memory = self.body.exprs.net(self.net, self.ty, span);
        let mut value = self.op(Op::Index, &[memory, index], span);
        let sites = self.sites.clone();
        for (at, site) in sites.iter().enumerate() {
            // A later store to the same place was done whenever this one was.
            let hides = |later: &Site| later.done == site.done && self.is_same(index, later.index);
            if sites[at + 1..].iter().any(hides) {
                continue;
            }
            let is_it = if self.is_same(index, site.index) {
                None
            } else {
                Some(self.op(Op::Eq, &[index, site.index], span))
            };
            let cond = match (site.done, is_it) {
                (None, None) => {
                    value = site.value;
                    continue;
                }
                (Some(one), None) | (None, Some(one)) => one,
                (Some(done), Some(is_it)) => self.op(Op::AndThen, &[done, is_it], span),
            };
            value = self.op(Op::Mux, &[cond, site.value, value], span);
        }
        value
    }

    /// A variable that holds something from here on. It is set where the process begins as well: some paths may not come here.
    fn held(&mut self, name: &str, ty: Type, first: Value, value: ExprId, span: Span) -> (Stmt, ExprId) {
        let name = format!("{}_{name}", self.body.var(self.var).name);
        let var = self.body.add_var(Var { name, ty: ty.clone(), wraps: false, span });
        let first = self.body.exprs.constant(first, ty.clone(), span);
        self.first.push(Stmt::new(StmtKind::Assign { place: Place::var(var), value: first }, span));
        (
            Stmt::new(StmtKind::Assign { place: Place::var(var), value }, span),
            self.body.exprs.var(var, &ty, span),
        )
    }

    /// Whether both are the same wherever both can be told: a variable that is stored once is what is stored into it.
    fn is_same(&self, a: ExprId, b: ExprId) -> bool {
        a == b || self.origin(a) == self.origin(b)
    }

    fn origin(&self, mut id: ExprId) -> ExprId {
        while let ExprKind::Var(var) = self.body.exprs.kind(id) {
            match self.once.get(var) {
                Some(Some(value)) if !self.reads_changing(*value) => id = *value,
                Some(Some(_) | None) | None => break,
            }
        }
        id
    }

    /// Whether the expression reads variables that may be something else afterwards.
    fn reads_changing(&self, id: ExprId) -> bool {
        let mut found = false;
        self.body.exprs.walk(id, &mut |id| {
            found |= matches!(self.body.exprs.kind(id), ExprKind::Var(var) if !self.once.contains_key(var));
        });
        found
    }

    /// A value in terms that hold until the process ends, by a variable if need be.
    fn lasting(&mut self, name: &str, value: ExprId, ty: &Type, out: &mut Vec<Stmt>, span: Span) -> ExprId {
        // A net, a constant, or a part of one is read again.
        let exprs = &self.body.exprs;
        let is_short = match exprs.operands(value) {
            [] => true,
            [part] => exprs.operands(*part).is_empty(),
            _ => false,
        };
        let is_plain = is_short && !self.reads_changing(value);
        let fits = match (ty.range(), self.body.exprs.range(value)) {
            (Some(ty), Some(value)) => ty.contains_range(value),
            _ => true,
        };
        if is_plain && fits {
            return value;
        }
        let is_scalar = match ty {
            Type::Int(_) | Type::Bool | Type::Enum(_) => true,
            Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => false,
        };
        let Some(first) = Value::any_of(ty, self.types).filter(|_| is_scalar) else {
            self.fits = false;
            return value;
        };
        let (stmt, held) = self.held(name, ty.clone(), first, value, span);
        out.push(stmt);
        held
    }

    /// A store into an element, or a part of it, on paths that may not come here if it is `inner`.
    fn store(&mut self, stmt: &Stmt, inner: bool, out: &mut Vec<Stmt>) {
        let span = stmt.span;
        let mut copy = rewrite_stmt(stmt, self);
        let StmtKind::Assign { place, value } = copy.kind else { return };
        let mut place = Place { root: Root::Net(self.net), ..place };
        let Some(Projection::Index(mut index)) = place.path.first().cloned() else {
            self.fits = false;
            return;
        };
        let mut value = value;
        if self.followed.contains(&std::ptr::from_ref(stmt)) {
            let element = self.element.clone();
            let range = match &element {
                Type::Int(range) => range.clone(),
                Type::Bool
                | Type::Enum(_)
                | Type::Array(..)
                | Type::Struct(_)
                | Type::Text
                | Type::Opaque => {
                    self.fits = false;
                    return;
                }
            };
            let Some(places) = self.body.exprs.range(index).cloned().filter(pyhw_ir::Range::is_bounded)
            else {
                self.fits = false;
                return;
            };
            index = self.lasting("index", index, &Type::Int(places), out, span);
            if place.path.len() > 1 {
                // The other bits are what they were.
                let before = self.read(index, span);
                let name = format!("{}_stored", self.body.var(self.var).name);
                let var = self.body.add_var(Var { name, ty: element.clone(), wraps: self.wraps, span });
                let Some(least) = Value::any_of(&element, self.types) else {
                    self.fits = false;
                    return;
                };
                let first = self.body.exprs.constant(least, element.clone(), span);
                self.first.push(Stmt::new(StmtKind::Assign { place: Place::var(var), value: first }, span));
                out.push(Stmt::new(StmtKind::Assign { place: Place::var(var), value: before }, span));
                let part = Place { root: Root::Var(var), path: place.path[1..].to_vec() };
                out.push(Stmt::new(StmtKind::Assign { place: part, value }, span));
                // The variable is this store's own: nothing changes it afterwards.
                value = self.body.exprs.var(var, &element, span);
            } else {
                if self.wraps
                    && !self.body.exprs.range(value).is_some_and(|value| range.contains_range(value))
                {
                    value = self.op(Op::Wrap { range }, &[value], span);
                }
                value = self.lasting("stored", value, &element, out, span);
            }
            place.path = vec![Projection::Index(index)];
            copy.kind = StmtKind::Next { place, value };
            out.push(copy);
            if inner && self.done.is_none() {
                let truth = self.body.exprs.bool(true, span);
                let (stmt, done) = self.held("is_stored", Type::Bool, Value::Bool(false), truth, span);
                out.push(stmt);
                self.done = Some(done);
            }
            let site = Site { done: None, elsewhere: self.done, index, value };
            // What it stores over is read by nothing any more.
            let mut sites = std::mem::take(&mut self.sites);
            sites.retain(|other| {
                let is_covered = !inner || (other.done.is_none() && other.elsewhere == site.elsewhere);
                !(is_covered && self.is_same(other.index, index))
            });
            sites.push(site);
            self.sites = sites;
            return;
        }
        copy.kind = StmtKind::Next { place, value };
        out.push(copy);
    }

    /// The statements of one of several ways. What is stored on it is known behind all of them, and on none of the others.
    fn way(&mut self, stmts: &[Stmt], behind: &mut Vec<Site>) -> Vec<Stmt> {
        let before = self.sites.len();
        let copies = self.block(stmts, true);
        behind.extend(self.sites.drain(before..).map(|site| Site { done: site.elsewhere, ..site }));
        copies
    }

    fn block(&mut self, stmts: &[Stmt], inner: bool) -> Vec<Stmt> {
        let mut out = Vec::new();
        let outer = self.done.take();
        for stmt in stmts {
            let own = Some((self.var, self.net));
            if !inner && (begins(stmt, &self.body) == own || ends(stmt, &self.body) == own) {
                continue;
            }
            let mut behind = Vec::new();
            let kind = match &stmt.kind {
                StmtKind::Assign { place, .. } if place.root == Root::Var(self.var) => {
                    self.store(stmt, inner, &mut out);
                    continue;
                }
                StmtKind::If { arms, orelse } => {
                    let conds: Vec<ExprId> = arms.iter().map(|(cond, _)| self.expr(*cond)).collect();
                    let bodies: Vec<Vec<Stmt>> =
                        arms.iter().map(|(_, body)| self.way(body, &mut behind)).collect();
                    let orelse = self.way(orelse, &mut behind);
                    StmtKind::If { arms: conds.into_iter().zip(bodies).collect(), orelse }
                }
                StmtKind::Switch { subject, arms, default } => {
                    let subject = self.expr(*subject);
                    let mut copies = Vec::new();
                    for arm in arms {
                        let body = self.way(&arm.body, &mut behind);
                        copies.push(SwitchArm { values: arm.values.clone(), body });
                    }
                    let default = default.as_ref().map(|body| self.way(body, &mut behind));
                    StmtKind::Switch { subject, arms: copies, default }
                }
                StmtKind::For { label, var, start, stop, step, body } => StmtKind::For {
                    label: *label,
                    var: *var,
                    start: start.clone(),
                    stop: stop.clone(),
                    step: step.clone(),
                    body: self.block(body, true),
                },
                StmtKind::While { label, cond, body } => {
                    let cond = self.expr(*cond);
                    StmtKind::While { label: *label, cond, body: self.block(body, true) }
                }
                StmtKind::Block { label, body } => {
                    StmtKind::Block { label: *label, body: self.way(body, &mut behind) }
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
                | StmtKind::Return => rewrite_stmt(stmt, self).kind,
            };
            self.sites.append(&mut behind);
            if leaves(stmt) {
                self.done = None;
            }
            out.push(Stmt { kind, span: stmt.span, comments: stmt.comments.clone() });
        }
        self.done = outer;
        out
    }
}

/// Whether some path through the statement does not come to what follows it.
fn leaves(stmt: &Stmt) -> bool {
    let mut found = false;
    walk_stmts(std::slice::from_ref(stmt), &mut |stmt| {
        found |= matches!(stmt.kind, StmtKind::Break(_) | StmtKind::Continue(_));
    });
    found
}

impl Rewrite for InPlace<'_> {
    /// The expression with what it reads of the array in terms of the net.
    fn expr(&mut self, root: ExprId) -> ExprId {
        let mut order = Vec::new();
        self.body.exprs.walk(root, &mut |id| order.push(id));
        let mut copies: HashMap<ExprId, ExprId> = HashMap::new();
        for id in order {
            let ExprKind::Op(op, args) = self.body.exprs.kind(id).clone() else {
                copies.insert(id, id);
                continue;
            };
            let span = self.body.exprs.span(id);
            let is_read = op == Op::Index
                && matches!(self.body.exprs.kind(args[0]), ExprKind::Var(var) if *var == self.var);
            let new: Vec<ExprId> = args.iter().map(|arg| copies[arg]).collect();
            let copy = if is_read {
                self.read(new[1], span)
            } else if new[..] == args[..] {
                id
            } else {
                self.op(op, &new, span)
            };
            copies.insert(id, copy);
        }
        copies[&root]
    }
}
