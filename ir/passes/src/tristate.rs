//! Tri-state nets within a module as plain nets: a value, and a bit that tells whether something drives it.
//!
//! ```text
//! net %bus: u8 = z tristate               net %bus: u8 = 0
//! net %a: u8 = z driver(%bus)             net %a: u8 = 0
//! net %b: u8 = z driver(%bus)             net %a_drives: bool = false   (and the same for b)
//!                                  ─►
//! %a <= mux(%sel, %d, z: u8)              %a <= mux(%sel, %d, 0)
//!                                         %a_drives <= %sel
//!                                         process bus comb(…) { %bus <= mux(%a_drives, %a, mux(%b_drives, %b, 0)) }
//! ```
//!
//! For targets that know no third value. `is_z`, comparisons and conditions keep their meaning: what is not driven equals nothing but
//! what is not driven either, and is not true. Two things differ from the evaluator, which stops or warns there: what is read while
//! nothing drives it is some value of its type, and of several drivers the first one counts, where simulation has the net undriven.
//! A tri-state net that a port or an instance is connected to stays what it is: [`flatten`](crate::flatten()) comes first.

use pyhw_diagnostics::Span;
use pyhw_ir::rewrite::{Rewrite, rewrite_stmts};
use pyhw_ir::{
    Body, Design, ExprId, ExprKind, Exprs, Module, Net, NetId, NetKind, Op, Place, Process, ProcessBody,
    ProcessKind, Root, Stmt, StmtKind, Type, TypeError, Types, Value, walk_stmts,
};
use std::collections::{BTreeMap, BTreeSet};

/// Makes plain nets of the tri-state nets of each module that no port and no instance is connected to.
///
/// A module that cannot be taken over whole (a net is of a type that has no first value) is left as it is.
pub fn tristate(design: &mut Design) {
    for module in &mut design.modules {
        if let Ok(Some(plain)) = plain(module, &design.types) {
            *module = plain;
        }
    }
}

/// Why a module is left as it is: a type without a first value, or operands that an operator does not take.
#[derive(Debug)]
struct Unfit;

/// A tri-state net.
struct Line {
    net: NetId,
    drivers: Vec<NetId>,
}

/// The module without its tri-state nets; nothing if it has none.
fn plain(module: &Module, types: &Types) -> Result<Option<Module>, Unfit> {
    let lines = lines_within(module);
    if lines.is_empty() {
        return Ok(None);
    }
    let asked = asked(module);
    let mut module = module.clone();
    let mut bits = BTreeMap::new();
    for line in &lines {
        for net in line.drivers.iter().copied().chain(asked.contains(&line.net).then_some(line.net)) {
            bits.insert(net, add_bit(&mut module, net));
        }
    }
    for net in lines.iter().flat_map(|line| line.drivers.iter().chain([&line.net])) {
        let net = &mut module.nets[net.index()];
        net.kind = NetKind::Signal;
        if net.init == Value::Z {
            net.init = Value::any_of(&net.ty, types).ok_or(Unfit)?;
        }
    }
    for process in &mut module.processes {
        with_bits(&mut process.kind, &bits);
        if let ProcessBody::Ir(body) = &mut process.body {
            *body = Plain::of(body, &bits, types)?;
        }
    }
    for line in lines {
        let process = resolution(&module, &line, &bits, types).map_err(|_| Unfit)?;
        module.add_process(process);
    }
    Ok(Some(module))
}

/// The tri-state nets that nothing outside of the module's own processes is connected to.
fn lines_within(module: &Module) -> Vec<Line> {
    let outside: BTreeSet<NetId> = module
        .ports
        .iter()
        .map(|port| port.net)
        .chain(module.instances.iter().flat_map(|instance| instance.connections.iter().copied()))
        .collect();
    let ids = || (0..module.nets.len()).map(NetId::new);
    let of = |line: NetId| ids().filter(move |net| module.net(*net).kind == NetKind::Driver(line));
    ids()
        .filter(|net| module.net(*net).kind == NetKind::TriState && !outside.contains(net))
        .map(|net| Line { net, drivers: of(net).collect() })
        .filter(|line| !line.drivers.iter().any(|driver| outside.contains(driver)))
        .collect()
}

/// The nets of which it may matter whether they are driven: those in what a driver takes, and in what operators ask that take `z`.
fn asked(module: &Module) -> BTreeSet<NetId> {
    let mut asked = BTreeSet::new();
    for process in &module.processes {
        let ProcessBody::Ir(body) = &process.body else { continue };
        walk_stmts(&body.stmts, &mut |stmt| {
            if let StmtKind::Next { place: Place { root: Root::Net(to), .. }, value } = &stmt.kind
                && matches!(module.net(*to).kind, NetKind::Driver(_))
            {
                note_nets(&body.exprs, *value, &mut asked);
            }
            for root in stmt.kind.exprs() {
                body.exprs.walk(root, &mut |id| {
                    if let ExprKind::Op(Op::IsZ | Op::Eq | Op::Ne | Op::ToBool, args) = body.exprs.kind(id) {
                        args.iter().for_each(|arg| note_nets(&body.exprs, *arg, &mut asked));
                    }
                });
            }
        });
    }
    asked
}

fn note_nets(exprs: &Exprs, root: ExprId, into: &mut BTreeSet<NetId>) {
    exprs.walk(root, &mut |id| {
        if let ExprKind::Net(net) = exprs.kind(id) {
            into.insert(*net);
        }
    });
}

/// The bit that tells whether a net is driven, at first as its initial value says.
fn add_bit(module: &mut Module, of: NetId) -> NetId {
    let net = module.net(of);
    let is_driven = Value::Bool(net.init != Value::Z);
    let (name, span) = (module.free_net_name(format!("{}_drives", net.name)), net.span);
    module.add_net(Net::new(name, Type::Bool, is_driven, span))
}

/// What a process's kind says of a net holds for its bit as well: it wakes the process, or a reset spares it.
fn with_bits(kind: &mut ProcessKind, bits: &BTreeMap<NetId, NetId>) {
    match kind {
        ProcessKind::Comb { sensitivity } => {
            let more: Vec<NetId> = sensitivity.iter().filter_map(|net| bits.get(net).copied()).collect();
            sensitivity.extend(more);
        }
        // An edge of a value is none of the bit. What a reset spares keeps both.
        ProcessKind::Clocked { reset, .. } => {
            if let Some(reset) = reset {
                let more: Vec<NetId> = reset.spares.iter().filter_map(|net| bits.get(net).copied()).collect();
                reset.spares.extend(more);
            }
        }
        ProcessKind::Timed => {}
    }
}

/// What gives a net the value of the first of its drivers that drives.
fn resolution(
    module: &Module,
    line: &Line,
    bits: &BTreeMap<NetId, NetId>,
    types: &Types,
) -> Result<Process, TypeError> {
    let net = module.net(line.net);
    let span = net.span;
    let mut body = Body::default();
    let mut value = body.exprs.constant(net.init.clone(), net.ty.clone(), span);
    let mut is_driven = None;
    for driver in line.drivers.iter().rev() {
        let bit = body.exprs.net(bits[driver], &Type::Bool, span);
        let driven = body.exprs.net(*driver, &module.net(*driver).ty, span);
        value = body.exprs.op(Op::Mux, &[bit, driven, value], types, span)?;
        is_driven = Some(match is_driven {
            None => bit,
            Some(others) => body.exprs.op(Op::Or, &[bit, others], types, span)?,
        });
    }
    body.stmts.push(Stmt::new(StmtKind::Next { place: Place::net(line.net), value }, span));
    if let Some(bit) = bits.get(&line.net) {
        let is_driven = is_driven.unwrap_or_else(|| body.exprs.bool(false, span));
        body.stmts.push(Stmt::new(StmtKind::Next { place: Place::net(*bit), value: is_driven }, span));
    }
    let sensitivity = line.drivers.iter().flat_map(|driver| [bits[driver], *driver]).collect();
    Ok(Process {
        name: module.free_process_name(net.name.clone()),
        kind: ProcessKind::Comb { sensitivity },
        body: ProcessBody::Ir(body.compact()),
        doc: None,
        span,
    })
}

/// When an expression is a value and not `z`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Drives {
    Always,
    Never,
    /// Where this is true.
    When(ExprId),
}

/// A body being copied into one in which nothing is `z`.
struct Plain<'a> {
    exprs: Exprs,
    bits: &'a BTreeMap<NetId, NetId>,
    /// The copy of each expression of the old body, and when it is a value.
    copies: Vec<(ExprId, Drives)>,
}

impl Plain<'_> {
    fn of(body: &Body, bits: &BTreeMap<NetId, NetId>, types: &Types) -> Result<Body, Unfit> {
        let mut plain = Plain { exprs: Exprs::new(), bits, copies: Vec::with_capacity(body.exprs.len()) };
        // Operands come first, so that no expression waits for its own.
        for id in body.exprs.ids() {
            let copy = plain.copy(&body.exprs, id, types)?;
            plain.copies.push(copy);
        }
        let stmts = rewrite_stmts(&body.stmts, &mut plain);
        Ok(Body { exprs: plain.exprs, stmts, ..body.clone() }.compact())
    }

    fn copy(&mut self, from: &Exprs, id: ExprId, types: &Types) -> Result<(ExprId, Drives), Unfit> {
        let (ty, span) = (from.ty(id), from.span(id));
        let (kind, drives) = match from.kind(id) {
            ExprKind::Const(Value::Z) => {
                (ExprKind::Const(Value::any_of(ty, types).ok_or(Unfit)?), Drives::Never)
            }
            ExprKind::Const(value) => (ExprKind::Const(value.clone()), Drives::Always),
            ExprKind::Var(var) => (ExprKind::Var(*var), Drives::Always),
            ExprKind::Net(net) => (ExprKind::Net(*net), self.drives_net(*net, span)),
            ExprKind::Op(Op::IsZ, args) => {
                let is_z = match self.copies[args[0].index()].1 {
                    Drives::Always => self.exprs.bool(false, span),
                    Drives::Never => self.exprs.bool(true, span),
                    Drives::When(cond) => self.exprs.op(Op::Not, &[cond], types, span).map_err(|_| Unfit)?,
                };
                return Ok((is_z, Drives::Always));
            }
            ExprKind::Op(op @ (Op::Eq | Op::Ne | Op::ToBool), args) if self.some_may_be_z(args) => {
                return Ok((self.asks(op, args, types, span)?, Drives::Always));
            }
            ExprKind::Op(op, args) => {
                let drives =
                    if *op == Op::Mux { self.drives_mux(args, types, span)? } else { Drives::Always };
                (
                    ExprKind::Op(op.clone(), args.iter().map(|arg| self.copies[arg.index()].0).collect()),
                    drives,
                )
            }
        };
        Ok((self.exprs.intern(kind, ty.clone(), span), drives))
    }

    fn some_may_be_z(&self, args: &[ExprId]) -> bool {
        args.iter().any(|arg| self.copies[arg.index()].1 != Drives::Always)
    }

    /// A comparison or a condition: what is not driven is equal to nothing but what is not driven either, and is not true.
    fn asks(&mut self, op: &Op, args: &[ExprId], types: &Types, span: Span) -> Result<ExprId, Unfit> {
        let values: Vec<ExprId> = args.iter().map(|arg| self.copies[arg.index()].0).collect();
        let driven: Vec<ExprId> = args.iter().map(|arg| self.bit(self.copies[arg.index()].1, span)).collect();
        let mut make = |op, args: &[ExprId]| self.exprs.op(op, args, types, span).map_err(|_| Unfit);
        match (op, &driven[..]) {
            (Op::ToBool, [driven]) => {
                let truth = make(Op::ToBool, &values)?;
                make(Op::And, &[*driven, truth])
            }
            (_, [left, right]) => {
                let is_equal = make(Op::Eq, &values)?;
                let is_same = match (self.copies[args[0].index()].1, self.copies[args[1].index()].1) {
                    (Drives::Always, _) => make(Op::And, &[*right, is_equal])?,
                    (_, Drives::Always) => make(Op::And, &[*left, is_equal])?,
                    (Drives::Never | Drives::When(_), Drives::Never | Drives::When(_)) => {
                        let both = make(Op::And, &[*left, *right])?;
                        let either = make(Op::Or, &[*left, *right])?;
                        let neither = make(Op::Not, &[either])?;
                        let is_same = make(Op::And, &[both, is_equal])?;
                        make(Op::Or, &[is_same, neither])?
                    }
                };
                if *op == Op::Ne { make(Op::Not, &[is_same]) } else { Ok(is_same) }
            }
            _ => Err(Unfit),
        }
    }

    fn drives_net(&mut self, net: NetId, span: Span) -> Drives {
        match self.bits.get(&net) {
            Some(bit) => Drives::When(self.exprs.net(*bit, &Type::Bool, span)),
            None => Drives::Always,
        }
    }

    fn drives_mux(&mut self, args: &[ExprId], types: &Types, span: Span) -> Result<Drives, Unfit> {
        let [(cond, _), (_, then), (_, orelse)] = [0, 1, 2].map(|index| self.copies[args[index].index()]);
        let mut op = |op, args: &[ExprId]| self.exprs.op(op, args, types, span).map_err(|_| Unfit);
        Ok(match (then, orelse) {
            (then, orelse) if then == orelse => then,
            (Drives::Always, Drives::Never) => Drives::When(cond),
            (Drives::Never, Drives::Always) => Drives::When(op(Op::Not, &[cond])?),
            (Drives::When(then), Drives::Never) => Drives::When(op(Op::And, &[cond, then])?),
            (then, orelse) => {
                let (then, orelse) = (self.bit(then, span), self.bit(orelse, span));
                Drives::When(self.exprs.op(Op::Mux, &[cond, then, orelse], types, span).map_err(|_| Unfit)?)
            }
        })
    }

    fn bit(&mut self, drives: Drives, span: Span) -> ExprId {
        match drives {
            Drives::Always => self.exprs.bool(true, span),
            Drives::Never => self.exprs.bool(false, span),
            Drives::When(cond) => cond,
        }
    }
}

impl Rewrite for Plain<'_> {
    fn expr(&mut self, id: ExprId) -> ExprId {
        self.copies[id.index()].0
    }

    /// What a driver takes as a whole says whether it drives; a part of it is only stored into while it does.
    fn after(&mut self, stmt: &Stmt) -> Vec<Stmt> {
        if let StmtKind::Next { place: Place { root: Root::Net(net), path }, value } = &stmt.kind
            && let Some(bit) = self.bits.get(net).copied()
            && path.is_empty()
        {
            let value = self.bit(self.copies[value.index()].1, stmt.span);
            return vec![Stmt::new(StmtKind::Next { place: Place::net(bit), value }, stmt.span)];
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_ir::parse::parse;
    use pyhw_ir::print::print;

    /// The design after the pass, which has to leave it valid.
    fn after(text: &str) -> String {
        let mut design =
            parse(&format!("hwir 1\n\n{text}\n\ntop m\n")).unwrap_or_else(|faults| panic!("{faults:?}"));
        tristate(&mut design);
        assert_eq!(pyhw_ir::verify::verify(&design), []);
        print(&design)
    }

    #[test]
    fn a_driver_becomes_a_value_and_a_bit() {
        let text = after(
            "module m {
  in %sel: bool = false
  in %d: u8 = 0
  net %bus: u8 = z tristate
  net %drive: u8 = z driver(%bus)
  net %drive_drives: bool = false
  process put comb(%sel, %d) {
    %drive <= mux(%sel, %d, z: u8)
  }
}",
        );
        assert!(text.contains("net %drive: u8 = 0\n"), "{text}");
        assert!(text.contains("net %drive_drives_1: bool = false\n"), "{text}");
        assert!(text.contains("%drive <= mux(%sel, %d, 0: u8)\n    %drive_drives_1 <= %sel\n"), "{text}");
        assert!(
            text.contains("process bus comb(%drive_drives_1, %drive) {\n    %bus <= mux(%drive_drives_1, %drive, 0: u8)\n"),
            "{text}"
        );
    }

    #[test]
    fn what_is_on_another_bus_is_passed_on_only_while_something_drives_that() {
        let text = after(
            "module m {
  in %sel: bool = false
  in %d: u8 = 0
  net %a: u8 = z tristate
  net %b: u8 = z tristate
  net %to_a: u8 = z driver(%a)
  net %to_b: u8 = z driver(%b)
  process put comb(%sel, %d) {
    %to_a <= mux(%sel, z: u8, %d)
  }
  process pass comb(%a, %sel) {
    %to_b <= mux(%sel, %a, z: u8)
  }
}",
        );
        assert!(text.contains("%to_a_drives <= not(%sel)\n"), "{text}");
        assert!(text.contains("process pass comb(%a, %sel, %a_drives) {"), "{text}");
        assert!(text.contains("%to_b_drives <= and(%sel, %a_drives)\n"), "{text}");
        assert!(text.contains("%a_drives <= %to_a_drives\n"), "{text}");
    }

    #[test]
    fn whether_a_bus_is_driven_is_its_bit() {
        let text = after(
            "module m {
  in %sel: bool = false
  out %idle: bool = false
  out %off: bool = false
  net %a: u8 = z tristate
  net %to_a: u8 = z driver(%a)
  process put comb(%sel) {
    %to_a <= mux(%sel, 3: u8, z: u8)
  }
  process look comb(%a, %to_a) {
    %idle <= is_z(%a)
    %off <= is_z(%to_a)
  }
}",
        );
        assert!(text.contains("process look comb(%a, %to_a, %a_drives, %to_a_drives) {"), "{text}");
        assert!(text.contains("%idle <= not(%a_drives)\n    %off <= not(%to_a_drives)\n"), "{text}");
    }

    #[test]
    fn what_is_not_driven_equals_nothing_but_what_is_not_driven_either() {
        let text = after(
            "module m {
  in %sel: bool = false
  out %same: bool = false
  out %other: bool = false
  out %both: bool = false
  net %a: u8 = z tristate
  net %b: u8 = z tristate
  net %to_a: u8 = z driver(%a)
  net %to_b: u8 = z driver(%b)
  process put comb(%sel) {
    %to_a <= mux(%sel, 3: u8, z: u8)
    %to_b <= mux(%sel, z: u8, 3: u8)
  }
  process look comb(%a, %b) {
    %same <= eq(%a, 0)
    %other <= ne(0, %b)
    %both <= eq(%a, %b)
  }
}",
        );
        assert!(text.contains("%same <= and(%a_drives, eq(%a, 0))\n"), "{text}");
        assert!(text.contains("%other <= not(and(%b_drives, eq(0, %b)))\n"), "{text}");
        let both = "or(and(and(%a_drives, %b_drives), eq(%a, %b)), not(or(%a_drives, %b_drives)))";
        assert!(text.contains(both), "{text}");
    }

    #[test]
    fn what_a_port_is_connected_to_stays_what_it_is() {
        let text = "module m {
  inout %bus: u8 = z tristate
  net %drive: u8 = z driver(%bus)
  process put comb(%bus) {
    %drive <= z: u8
  }
}";
        let text = after(text);
        assert!(text.contains("net %drive: u8 = z driver(%bus)"), "{text}");
    }
}
