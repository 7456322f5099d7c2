//! Bodies flattened into instructions: expressions.
//!
//! A statement's expressions are a graph. Each node is computed once, in the innermost *region* that holds all of its uses: the
//! statement itself, or the arm of a lazy operator. A node that not every path through its region needs is computed ahead of its
//! need. If that is a fault, the fault is kept (as a *poison*) until something needs the node, which may be never.

use super::code::{Arg, Call, Handler, Load, Operand, Step};
use super::compile::Compiler;
use super::fault::Fault;
use super::instr::{Instr, Reg};
use super::nodes::{Lazy, NOWHERE, Node, laziness};
use crate::design::NetId;
use crate::expr::{ExprId, ExprKind};
use crate::int::Int;
use crate::op::Op;
use crate::types::{Range, Type};
use pyhw_diagnostics::Span;

struct Region {
    parent: usize,
    depth: usize,
    nodes: Vec<ExprId>,
}

impl Compiler<'_> {
    pub(super) fn is_small(&self, id: ExprId) -> bool {
        self.nodes.small[id.index()]
    }

    pub(super) fn may_be_z(&self, id: ExprId) -> bool {
        self.nodes.may_be_z[id.index()]
    }

    /// The expression whose part an `index` or `field` takes, through as many of these as there are, with the steps from the
    /// outermost one on. Only where the whole need not be computed for its own sake.
    fn chain(&self, id: ExprId) -> (ExprId, Vec<ExprId>) {
        let mut steps = Vec::new();
        let mut at = id;
        while let ExprKind::Op(Op::Index | Op::Field { .. }, args) = self.exprs.kind(at) {
            steps.push(at);
            at = args[0];
        }
        steps.reverse();
        (at, steps)
    }

    /// What must be computed for the node, each with the arm that it belongs to.
    fn operands(&self, id: ExprId) -> Vec<(ExprId, Option<usize>)> {
        let ExprKind::Op(op, args) = self.exprs.kind(id) else { return Vec::new() };
        if matches!(op, Op::Index | Op::Field { .. }) {
            let (root, steps) = self.chain(id);
            let index = |&step: &ExprId| self.exprs.operands(step).get(1).map(|&index| (index, None));
            return std::iter::once((root, None)).chain(steps.iter().filter_map(index)).collect();
        }
        let arm = |index: usize| match laziness(op) {
            Lazy::No => None,
            Lazy::Mux | Lazy::Second(_) => index.checked_sub(1),
        };
        args.iter().enumerate().map(|(index, &arg)| (arg, arm(index))).collect()
    }

    /// Whether computing the node itself can be a fault.
    fn can_fault(&self, id: ExprId) -> bool {
        let (op, args) = match self.exprs.kind(id) {
            ExprKind::Const(_) | ExprKind::Net(_) => return false,
            ExprKind::Var(var) => return self.flagged[var.index()],
            ExprKind::Op(op, args) => (op, args),
        };
        let range = |index: usize| args.get(index).and_then(|&arg| self.exprs.range(arg));
        let natural = |index: usize| range(index).is_some_and(|range| !range.is_signed());
        let bounded = || self.exprs.range(id).is_some_and(Range::is_bounded);
        let faulty = match op {
            Op::FloorDiv | Op::Mod => range(1).is_none_or(|range| range.contains(&Int::ZERO)),
            Op::Shr | Op::Bit => !natural(1),
            Op::Shl | Op::Pow => !natural(1) || !bounded(),
            Op::Refine { range: within } | Op::Check { range: within } => {
                range(0).is_none_or(|range| !within.contains_range(range))
            }
            Op::ToBool => range(0).is_none_or(|range| !Range::new(0i64, 1i64).contains_range(range)),
            Op::Index => match (self.exprs.ty(args[0]), range(1)) {
                (Type::Array(_, length), Some(range)) if *length > 0 => {
                    // An inner index may be a fault of its own; it has no node.
                    self.chain(id).1.len() > 1
                        || !Range::new(0i64, i64::from(*length) - 1).contains_range(range)
                }
                _ => true,
            },
            Op::Field { .. } => self.chain(id).1.len() > 1,
            Op::Decode { .. } | Op::Format { .. } => true,
            Op::Mux | Op::AndThen | Op::OrElse => return false,
            Op::Neg
            | Op::Add
            | Op::Sub
            | Op::Mul
            | Op::Inv
            | Op::And
            | Op::Or
            | Op::Xor
            | Op::Eq
            | Op::Ne
            | Op::Lt
            | Op::Le
            | Op::Gt
            | Op::Ge
            | Op::Not
            | Op::Slice { .. }
            | Op::Concat { .. }
            | Op::Signed { .. }
            | Op::Wrap { .. }
            | Op::ToInt
            | Op::Encode
            | Op::Array
            | Op::Struct { .. }
            | Op::IsZ
            | Op::Now => false,
        };
        faulty || args.iter().any(|&arg| self.may_be_z(arg))
    }

    /// Emits what computes these expressions. With `into`, the value of that root goes to that register if that is possible;
    /// returns whether it did.
    pub(super) fn roots(&mut self, roots: &[ExprId], into: Option<(ExprId, Operand)>) -> Result<bool, Fault> {
        let span = self.span;
        let order = self.collect(roots);
        let mut regions = self.place_in_regions(roots, &order);
        for &id in &order {
            regions[self.nodes.nodes[id.index()].region].nodes.push(id);
        }
        let done = self.emit_regions(&regions, into)?;
        self.span = span;
        Ok(done)
    }

    /// Everything that the roots are made of and that has no value yet, operands first, and what one root needs before what the next one
    /// needs: the faults of a statement are found in this order.
    fn collect(&mut self, roots: &[ExprId]) -> Vec<ExprId> {
        let mut found = Vec::new();
        for root in roots {
            let known = found.len();
            self.collect_one(*root, &mut found);
            found[known..].sort_unstable();
        }
        for &id in &found {
            let faulty = self.can_fault(id)
                || self.operands(id).iter().any(|(operand, _)| self.nodes.nodes[operand.index()].faulty);
            self.nodes.nodes[id.index()].faulty = faulty;
        }
        found
    }

    /// What one root is made of and that was not met yet.
    fn collect_one(&mut self, root: ExprId, found: &mut Vec<ExprId>) {
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            let epoch = self.nodes.epoch;
            let constant = self.nodes.constants[id.index()];
            let node = &mut self.nodes.nodes[id.index()];
            if node.epoch == epoch {
                continue;
            }
            *node = Node {
                epoch,
                place: constant,
                region: NOWHERE,
                needed: false,
                faulty: false,
                poison: None,
                arms: [NOWHERE; 2],
            };
            if constant.is_none() {
                found.push(id);
                stack.extend(self.operands(id).into_iter().map(|(operand, _)| operand));
            }
        }
    }

    fn place_in_regions(&mut self, roots: &[ExprId], order: &[ExprId]) -> Vec<Region> {
        let mut regions = vec![Region { parent: 0, depth: 0, nodes: Vec::new() }];
        let nodes = &mut self.nodes.nodes;
        for root in roots {
            nodes[root.index()].region = 0;
            nodes[root.index()].needed = true;
        }
        // Users before operands, so that every use of a node is known when the node's turn comes.
        for &id in order.iter().rev() {
            let operands = self.operands(id);
            let nodes = &mut self.nodes.nodes;
            let Node { region, needed, faulty, .. } = nodes[id.index()];
            if faulty && !needed {
                nodes[id.index()].poison = Some(self.code.poisons as u32);
                self.code.poisons += 1;
            }
            for (operand, arm) in operands {
                let (within, needs) = match arm {
                    None => (region, needed),
                    Some(arm) => {
                        if nodes[id.index()].arms[arm] == NOWHERE {
                            nodes[id.index()].arms[arm] = regions.len();
                            let depth = regions[region].depth + 1;
                            regions.push(Region { parent: region, depth, nodes: Vec::new() });
                        }
                        (nodes[id.index()].arms[arm], true)
                    }
                };
                let node = &mut nodes[operand.index()];
                if node.region == NOWHERE {
                    (node.region, node.needed) = (within, needs);
                    continue;
                }
                let common = common_region(&regions, node.region, within);
                node.needed = (common == node.region && node.needed) || (common == within && needs);
                node.region = common;
            }
        }
        regions
    }

    fn emit_regions(&mut self, regions: &[Region], into: Option<(ExprId, Operand)>) -> Result<bool, Fault> {
        let mut done = false;
        let mut stack = vec![Task::Region { region: 0, at: 0 }];
        while let Some(task) = stack.pop() {
            match task {
                Task::Region { region, at } => {
                    let Some(&id) = regions[region].nodes.get(at) else { continue };
                    stack.push(Task::Region { region, at: at + 1 });
                    let statement = self.span;
                    self.span = within(self.exprs.span(id), statement);
                    let dst = into.and_then(|(root, dst)| (root == id).then_some(dst));
                    if let (ExprKind::Net(net), None) = (self.exprs.kind(id), dst)
                        && !self.nets[net.index()].small()
                    {
                        // Its uses read the net itself.
                        continue;
                    }
                    let start = self.start(id);
                    let lazy = match self.exprs.kind(id) {
                        ExprKind::Op(op, _) => laziness(op),
                        ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => Lazy::No,
                    };
                    match lazy {
                        Lazy::No => {
                            let place = self.node(id, dst)?;
                            done |= dst.is_some_and(|dst| is_same(dst, place));
                            self.end(id, start, place);
                        }
                        Lazy::Mux => {
                            let small = self.is_small(id);
                            let fits = dst.is_some_and(|dst| matches!(dst, Operand::Small(_)) == small);
                            let place = match dst {
                                Some(dst) if fits => dst,
                                _ if small => Operand::Small(self.temp_small()),
                                _ => Operand::Big(self.temp_big()),
                            };
                            done |= fits;
                            let a = self.truth(self.exprs.operands(id)[0]);
                            let jump = self.emit(Instr::JumpUnless { a, to: 0 });
                            stack.push(Task::Arm { id, arm: 0, start, place, jump });
                            stack.push(self.arm(id, 0));
                        }
                        Lazy::Second(needed) => {
                            let dst = self.temp_small();
                            let a = self.truth(self.exprs.operands(id)[0]);
                            self.emit(Instr::Move { dst, a });
                            let jump = match needed {
                                true => self.emit(Instr::JumpUnless { a: dst, to: 0 }),
                                false => self.emit(Instr::JumpIf { a: dst, to: 0 }),
                            };
                            stack.push(Task::Second { id, start, dst, jump });
                            stack.push(self.arm(id, 0));
                        }
                    }
                    self.span = statement;
                }
                Task::Arm { id, arm, start, place, jump } => {
                    let value = self.exprs.operands(id)[arm + 1];
                    match place {
                        Operand::Small(dst) => {
                            let a = self.small(value);
                            self.emit(Instr::Move { dst, a });
                        }
                        Operand::Big(dst) => self.big_into(value, dst),
                    }
                    if arm == 0 {
                        let end = self.emit(Instr::Jump { to: 0 });
                        self.patch_here(jump);
                        stack.push(Task::Arm { id, arm: 1, start, place, jump: end });
                        stack.push(self.arm(id, 1));
                    } else {
                        self.patch_here(jump);
                        self.end(id, start, place);
                    }
                }
                Task::Second { id, start, dst, jump } => {
                    let a = self.truth(self.exprs.operands(id)[1]);
                    self.emit(Instr::Move { dst, a });
                    self.patch_here(jump);
                    self.end(id, start, Operand::Small(dst));
                }
            }
        }
        Ok(done)
    }

    /// The work of an arm; its region has no nodes if all of its operands are known outside.
    fn arm(&self, id: ExprId, arm: usize) -> Task {
        Task::Region { region: self.nodes.nodes[id.index()].arms[arm], at: 0 }
    }

    fn start(&mut self, id: ExprId) -> usize {
        if let Some(poison) = self.nodes.nodes[id.index()].poison {
            self.emit(Instr::ClearPoison { poison });
        }
        self.here()
    }

    fn end(&mut self, id: ExprId, start: usize, place: Operand) {
        let end = self.here();
        let node = &mut self.nodes.nodes[id.index()];
        node.place = Some(place);
        if let Some(poison) = node.poison {
            self.code.handlers.push(Handler { range: start..end, poison, resume: end as u32 });
        }
    }

    /// Where the value of a node is. Emits the fault that was kept for it.
    fn place(&mut self, id: ExprId) -> Operand {
        let node = &self.nodes.nodes[id.index()];
        let place = node.place;
        if let Some(poison) = node.poison {
            self.emit(Instr::CheckPoison { poison });
        }
        // Only a net that is not small has no register of its own.
        place.unwrap_or_else(|| {
            let dst = self.temp_big();
            if let ExprKind::Net(net) = *self.exprs.kind(id) {
                self.emit(Instr::LoadBig { dst, net });
            }
            Operand::Big(dst)
        })
    }

    /// The value in whatever register it is.
    pub(super) fn operand(&mut self, id: ExprId) -> Operand {
        self.place(id)
    }

    /// The value in a small register; of a small type.
    pub(super) fn small(&mut self, id: ExprId) -> Reg {
        match self.place(id) {
            Operand::Small(reg) => reg,
            Operand::Big(a) => {
                let dst = self.temp_small();
                self.emit(Instr::Unbox { dst, a });
                dst
            }
        }
    }

    /// A boolean in a small register; `Z` is false.
    pub(super) fn truth(&mut self, id: ExprId) -> Reg {
        match self.place(id) {
            Operand::Small(reg) => reg,
            Operand::Big(a) => {
                let dst = self.temp_small();
                self.emit(Instr::UnboxTruth { dst, a });
                dst
            }
        }
    }

    /// The value in a big register.
    pub(super) fn big(&mut self, id: ExprId) -> Reg {
        let place = self.place(id);
        let ty = self.exprs.ty(id).clone();
        self.boxed(place, &ty)
    }

    /// The value of a register in a big one.
    pub(super) fn boxed(&mut self, from: Operand, ty: &Type) -> Reg {
        match from {
            Operand::Big(reg) => reg,
            Operand::Small(a) => {
                let dst = self.temp_big();
                self.box_into(a, ty, dst);
                dst
            }
        }
    }

    fn box_into(&mut self, a: Reg, ty: &Type, dst: Reg) {
        self.emit(match ty {
            Type::Bool => Instr::BoxBool { dst, a },
            Type::Enum(_) => Instr::BoxEnum { dst, a },
            Type::Int(_) | Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => {
                Instr::BoxInt { dst, a }
            }
        });
    }

    fn big_into(&mut self, id: ExprId, dst: Reg) {
        match self.place(id) {
            Operand::Big(a) => {
                self.emit(Instr::MoveBig { dst, a });
            }
            Operand::Small(a) => {
                let ty = self.exprs.ty(id).clone();
                self.box_into(a, &ty, dst);
            }
        }
    }

    /// The table entry of an operator on big registers.
    pub(super) fn call_on(&mut self, op: Op, args: &[Reg], ty: &Type) -> u32 {
        self.code.calls.push(Call {
            op,
            args: args.iter().map(|&reg| Arg::Big(reg)).collect(),
            arg_types: args.iter().map(|_| ty.clone()).collect(),
        });
        self.code.calls.len() as u32 - 1
    }

    /// A net that is not small, or a big register.
    fn arg(&mut self, id: ExprId) -> Arg {
        match *self.exprs.kind(id) {
            ExprKind::Net(net) if !self.nets[net.index()].small() => Arg::Net(net),
            _ => Arg::Big(self.big(id)),
        }
    }

    /// Emits a node that is not lazy. Its value may go elsewhere than to `into`.
    fn node(&mut self, id: ExprId, into: Option<Operand>) -> Result<Operand, Fault> {
        let exprs = self.exprs;
        let (op, args) = match exprs.kind(id) {
            ExprKind::Const(_) => return Err(Fault::internal("a constant is no node")),
            ExprKind::Var(var) => {
                if self.flagged[var.index()] {
                    self.emit(Instr::CheckSet { var: var.index() as u32 });
                }
                return Ok(self.vars[var.index()]);
            }
            ExprKind::Net(net) => return Ok(self.net(*net, into)),
            ExprKind::Op(op, args) => (op, &args[..]),
        };
        if let Some(place) = self.small_node(id, op, args, into) {
            return Ok(place);
        }
        let small = self.is_small(id);
        let (load, call);
        match op {
            Op::Index | Op::Field { .. } => {
                let (root, ids) = self.chain(id);
                let root = self.arg(root);
                let mut steps = Vec::with_capacity(ids.len());
                for step in ids {
                    match exprs.kind(step) {
                        ExprKind::Op(Op::Field { index }, _) => steps.push(Step::Field(*index)),
                        _ => steps.push(Step::Index(self.operand(exprs.operands(step)[1]))),
                    }
                }
                self.code.loads.push(Load { root, steps: steps.into() });
                (load, call) = (Some(self.code.loads.len() as u32 - 1), None);
            }
            Op::Now => {
                let dst = self.big_target(into);
                self.emit(Instr::Now { dst });
                return Ok(Operand::Big(dst));
            }
            _ => {
                let regs: Box<[Arg]> = args.iter().map(|&arg| self.arg(arg)).collect();
                let arg_types = args.iter().map(|&arg| exprs.ty(arg).clone()).collect();
                self.code.calls.push(Call { op: op.clone(), args: regs, arg_types });
                (load, call) = (None, Some(self.code.calls.len() as u32 - 1));
            }
        }
        if small {
            let dst = self.small_target(into);
            match (load, call) {
                (Some(load), _) => self.emit(Instr::LoadPart { dst, load }),
                (None, call) => self.emit(Instr::CallSmall { dst, call: call.unwrap_or(0) }),
            };
            Ok(Operand::Small(dst))
        } else {
            let dst = self.big_target(into);
            match (load, call) {
                (Some(load), _) => self.emit(Instr::Load { dst, load }),
                (None, call) => self.emit(Instr::Call { dst, call: call.unwrap_or(0) }),
            };
            Ok(Operand::Big(dst))
        }
    }

    pub(super) fn small_target(&mut self, into: Option<Operand>) -> Reg {
        match into {
            Some(Operand::Small(reg)) => reg,
            Some(Operand::Big(_)) | None => self.temp_small(),
        }
    }

    fn big_target(&mut self, into: Option<Operand>) -> Reg {
        match into {
            Some(Operand::Big(reg)) => reg,
            Some(Operand::Small(_)) | None => self.temp_big(),
        }
    }

    fn net(&mut self, net: NetId, into: Option<Operand>) -> Operand {
        if self.nets[net.index()].small() {
            let dst = self.small_target(into);
            self.emit(Instr::LoadSmall { dst, net });
            Operand::Small(dst)
        } else {
            let dst = self.big_target(into);
            self.emit(Instr::LoadBig { dst, net });
            Operand::Big(dst)
        }
    }
}

/// The span of an expression if it is a part of the statement. Equal expressions are one and have the span of the first one,
/// which may belong to another statement.
fn within(expr: Span, statement: Span) -> Span {
    let inside = expr.file == statement.file && expr.start >= statement.start && expr.end <= statement.end;
    if inside || !statement.is_known() { expr } else { statement }
}

fn is_same(a: Operand, b: Operand) -> bool {
    match (a, b) {
        (Operand::Small(a), Operand::Small(b)) | (Operand::Big(a), Operand::Big(b)) => a == b,
        (Operand::Small(_), Operand::Big(_)) | (Operand::Big(_), Operand::Small(_)) => false,
    }
}

fn common_region(regions: &[Region], mut a: usize, mut b: usize) -> usize {
    while a != b {
        if regions[a].depth >= regions[b].depth {
            a = regions[a].parent;
        } else {
            b = regions[b].parent;
        }
    }
    a
}

enum Task {
    /// The nodes of a region from this one on.
    Region { region: usize, at: usize },
    /// The end of an arm of a mux: `jump` leads past it.
    Arm { id: ExprId, arm: usize, start: usize, place: Operand, jump: usize },
    /// The end of the second operand of a lazy boolean operator: `jump` leads past it.
    Second { id: ExprId, start: usize, dst: Reg, jump: usize },
}
