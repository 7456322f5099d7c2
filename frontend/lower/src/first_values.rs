//! First values that a process stores which only begins: `initial` blocks, and what fills a memory that a clock writes afterwards.
//!
//! ```text
//! @instance
//! def fill():                          net %mem: array[u8, 16] = [3, 4, 5, …]
//!     for i in range(16):        ─►
//!         mem[i].next = i + 3          process fill timed { }
//!     yield delay(10)
//! ```
//!
//! Such a process and the one that goes on are two drivers, which no synthesiser takes and VHDL resolves to unknown values. Where the
//! stores of the first run before its first wait, store what no net decides, and nobody can tell the difference, the net starts with
//! what they leave there. What wakes at a change of the net, or of logic that follows from it, could tell.

use crate::hierarchy::Placed;
use crate::nets::Nets;
use pyhw_elaborate::Elaborated;
use pyhw_ir::eval::{Code, Environment, Exit, NetShape, from_small, to_small};
use pyhw_ir::{
    Body, NetId, NetKind, Process, ProcessBody, ProcessKind, Reset, Root, Stmt, StmtKind, Types, Value,
    walk_stmts,
};
use std::collections::{HashMap, HashSet};

/// How often a loop may ask whether it goes on for too long.
const PATIENCE: u32 = 1 << 12;

/// Makes initial values of such stores. A process that did nothing else is left out.
pub fn fold(nets: &mut Nets, placed: &mut Vec<Placed>, elaborated: &Elaborated) {
    let types = &elaborated.types;
    let mut idle: HashSet<usize> = HashSet::new();
    for at in 0..placed.len() {
        if placed[at].process.kind != ProcessKind::Timed {
            continue;
        }
        let shared: Vec<NetId> = placed[at]
            .drives
            .iter()
            .copied()
            .filter(|net| nets.net(*net).kind == NetKind::Signal && goes_on_clocked(placed, at, *net))
            .collect();
        for net in shared {
            let ProcessBody::Ir(body) = &placed[at].process.body else { continue };
            let Some(value) = first_value(body, net, nets, types) else { continue };
            if value != nets.net(net).init && is_seen(placed, at, net) {
                continue;
            }
            nets.load(net, value);
            let mut body = body.clone();
            body.stmts = without_stores(std::mem::take(&mut body.stmts), net);
            let one = &mut placed[at];
            one.process.body = ProcessBody::Ir(crate::tidy::tidy(body));
            one.drives.remove(&net);
            // Code of a user's own stands for what its block has in another language.
            let is_replaced = one.block.is_some_and(|block| !elaborated.block(block).foreign.is_empty());
            if !is_replaced && !has_effects(&one.process) {
                idle.insert(at);
            }
            if !pyhw_passes::read_nets(&one.process).contains(&net) {
                one.uses.remove(&net);
            }
        }
    }
    let mut at = 0..;
    placed.retain(|_| at.next().is_none_or(|at| !idle.contains(&at)));
}

/// Whether anything can be seen of a process.
fn has_effects(process: &Process) -> bool {
    let ProcessBody::Ir(body) = &process.body else { return true };
    says_something(body) || !pyhw_passes::written_nets(process).is_empty()
}

/// Whether others drive the net, and all of them at edges of clocks.
fn goes_on_clocked(placed: &[Placed], at: usize, net: NetId) -> bool {
    let mut others =
        placed.iter().enumerate().filter(|(index, one)| *index != at && one.drives.contains(&net)).peekable();
    others.peek().is_some()
        && others.all(|(_, one)| {
            matches!(
                (&one.process.kind, &one.process.body),
                (ProcessKind::Clocked { .. }, ProcessBody::Ir(_))
            )
        })
}

/// Whether something could tell another initial value from the same value a moment later: what looks at once, what wakes at a change of
/// the net or of what follows from it, and what restores it.
fn is_seen(placed: &[Placed], at: usize, net: NetId) -> bool {
    let mut followed = HashSet::from([net]);
    let mut open = vec![net];
    while let Some(net) = open.pop() {
        for one in placed.iter().filter(|one| matches!(one.process.kind, ProcessKind::Comb { .. })) {
            if one.uses.contains(&net) && pyhw_passes::read_nets(&one.process).contains(&net) {
                open.extend(one.drives.iter().copied().filter(|net| followed.insert(*net)));
            }
        }
    }
    placed.iter().enumerate().any(|(index, one)| {
        let process = &one.process;
        let reads = || pyhw_passes::read_nets(process).iter().any(|net| followed.contains(net));
        match (&process.kind, &process.body) {
            (_, ProcessBody::Host(_)) => one.uses.iter().any(|net| followed.contains(net)),
            (ProcessKind::Timed, ProcessBody::Ir(_)) if index == at => reads(),
            (ProcessKind::Timed, ProcessBody::Ir(_)) => one.uses.iter().any(|net| followed.contains(net)),
            (ProcessKind::Comb { .. }, ProcessBody::Ir(body)) => says_something(body) && reads(),
            (ProcessKind::Clocked { events, reset }, ProcessBody::Ir(_)) => {
                let restores = |reset: &Reset| one.drives.contains(&net) && reset.restores(net);
                let resets = |reset: &Reset| reset.is_async && followed.contains(&reset.net);
                events.iter().any(|event| followed.contains(&event.net))
                    || reset.as_ref().is_some_and(|reset| restores(reset) || resets(reset))
            }
        }
    })
}

/// Whether a run of it is seen otherwise than by what it stores.
fn says_something(body: &Body) -> bool {
    let mut found = false;
    walk_stmts(&body.stmts, &mut |stmt| found |= stmt.kind.is_heard());
    found
}

/// What the stores into a net leave in it that stand before the first wait, if these are all, and no net has a say in it.
fn first_value(body: &Body, net: NetId, nets: &Nets, types: &Types) -> Option<Value> {
    let waits = |stmt: &Stmt| any(stmt, &|stmt| matches!(stmt.kind, StmtKind::Wait(_)));
    let stores = |stmt: &Stmt| {
        any(stmt, &|stmt| matches!(&stmt.kind, StmtKind::Next { place, .. } if place.root == Root::Net(net)))
    };
    let first_wait = body.stmts.iter().position(waits).unwrap_or(body.stmts.len());
    let (before, after) = body.stmts.split_at(first_wait);
    if after.iter().any(stores) || !before.iter().any(stores) {
        return None;
    }
    let begun = Body { stmts: before.to_vec(), ..body.clone() };
    let mut reads = false;
    walk_stmts(&begun.stmts, &mut |stmt| {
        for root in stmt.kind.exprs() {
            begun.exprs.walk(root, &mut |id| {
                reads |= matches!(begun.exprs.kind(id), pyhw_ir::ExprKind::Net(_));
            });
        }
    });
    if reads {
        return None;
    }
    let shapes: Vec<NetShape> = nets.iter().map(NetShape::of).collect();
    let code = Code::compile(&begun, &shapes, types).ok()?;
    let mut start = Start { nets, next: HashMap::new(), asked: 0 };
    match code.run(&mut code.frame(), &mut start, types) {
        Ok(Exit::Done) => Some(start.next.remove(&net)?),
        Ok(Exit::Wait(_) | Exit::Finish(_) | Exit::Interrupted) | Err(_) => None,
    }
}

fn any(stmt: &Stmt, found: &impl Fn(&Stmt) -> bool) -> bool {
    found(stmt) || stmt.kind.blocks().into_iter().flatten().any(|stmt| any(stmt, found))
}

fn without_stores(stmts: Vec<Stmt>, net: NetId) -> Vec<Stmt> {
    let is_store =
        |stmt: &Stmt| matches!(&stmt.kind, StmtKind::Next { place, .. } if place.root == Root::Net(net));
    let kept = stmts.into_iter().filter(|stmt| !is_store(stmt));
    kept.map(|mut stmt| {
        stmt.kind = stmt.kind.map_blocks(&mut |block| without_stores(block, net));
        stmt
    })
    .collect()
}

/// The nets when a simulation begins.
struct Start<'a> {
    nets: &'a Nets,
    next: HashMap<NetId, Value>,
    asked: u32,
}

impl Environment for Start<'_> {
    fn small(&self, net: NetId) -> i64 {
        to_small(&self.nets.net(net).init).unwrap_or_default()
    }

    fn next_small(&self, net: NetId) -> i64 {
        self.next.get(&net).and_then(to_small).unwrap_or_else(|| self.small(net))
    }

    fn store_small(&mut self, net: NetId, value: i64) {
        let value = from_small(value, &self.nets.net(net).ty);
        self.next.insert(net, value);
    }

    fn value(&self, net: NetId) -> &Value {
        &self.nets.net(net).init
    }

    fn store(&mut self, net: NetId, value: Value) {
        self.next.insert(net, value);
    }

    fn next_mut(&mut self, net: NetId, _element: Option<usize>) -> &mut Value {
        let init = &self.nets.net(net).init;
        self.next.entry(net).or_insert_with(|| init.clone())
    }

    fn now(&self) -> u64 {
        0
    }

    fn print(&mut self, _text: &str) {}

    fn interrupted(&mut self) -> bool {
        self.asked += 1;
        self.asked > PATIENCE
    }
}
