//! Bodies flattened into instructions: statements. Expressions are in [`super::expr`], stores in [`super::store`].

use super::code::{BigSwitch, Bounds, Code, CodeWait, NetShape, Operand, Switch, WaitSpec};
use super::fault::Fault;
use super::instr::{Instr, NO_MESSAGE, Reg};
use super::nodes::Nodes;
use super::unset::maybe_unset;
use super::{is_small, to_small};
use crate::design::{Body, LabelId, Types, VarId};
use crate::expr::{ExprId, ExprKind, Exprs};
use crate::int::Int;
use crate::op::{Arity, Op};
use crate::stmt::{Place, Root, Stmt, StmtKind, SwitchArm, Wait, walk_stmts};
use crate::types::{Range, Type, Value};
use pyhw_diagnostics::Span;

/// Compiles a body; see [`Code::compile`].
pub(super) fn compile(body: &Body, nets: &[NetShape], types: &Types) -> Result<Code, Fault> {
    check(body, nets)?;
    let mut compiler = Compiler::new(body, nets, types);
    compiler.block(&body.stmts)?;
    compiler.emit(Instr::Return);
    Ok(compiler.finish())
}

/// Sees to it that nothing points outside its table, so that compiling cannot panic on what no verifier has seen.
fn check(body: &Body, nets: &[NetShape]) -> Result<(), Fault> {
    let exprs = &body.exprs;
    for id in exprs.ids() {
        let fine = match exprs.kind(id) {
            ExprKind::Const(value) => {
                matches!(value, Value::Z) || !is_small(exprs.ty(id)) || to_small(value).is_some()
            }
            ExprKind::Net(net) => net.index() < nets.len(),
            ExprKind::Var(var) => var.index() < body.vars.len(),
            ExprKind::Op(op, args) => {
                let arity = match op.info().arity {
                    Arity::Exactly(count) => args.len() == count,
                    Arity::AtLeast(count) => args.len() >= count,
                };
                let widths = match op {
                    Op::Concat { widths } => widths.len() == args.len(),
                    _ => true,
                };
                arity && widths && args.iter().all(|arg| arg.index() < id.index())
            }
        };
        if !fine {
            return Err(Fault::internal(format!("expression {id} is not valid")).at(exprs.span(id)));
        }
    }
    let mut bad = None;
    walk_stmts(&body.stmts, &mut |stmt| {
        let places = match &stmt.kind {
            StmtKind::Assign { place, .. } | StmtKind::Next { place, .. } => match place.root {
                Root::Net(net) => net.index() < nets.len(),
                Root::Var(var) => var.index() < body.vars.len(),
            },
            StmtKind::Unset(var) => var.index() < body.vars.len(),
            StmtKind::For { var, label, .. } => {
                var.index() < body.vars.len() && label.index() < body.labels.len()
            }
            StmtKind::While { label, .. } | StmtKind::Block { label, .. } => {
                label.index() < body.labels.len()
            }
            StmtKind::Break(label) | StmtKind::Continue(label) => label.index() < body.labels.len(),
            StmtKind::Wait(waits) => waits.iter().all(|wait| wait_is_valid(wait, nets)),
            StmtKind::If { .. }
            | StmtKind::Switch { .. }
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. }
            | StmtKind::Return => true,
        };
        if !places || stmt.kind.exprs().iter().any(|id| id.index() >= exprs.len()) {
            bad.get_or_insert(stmt.span);
        }
    });
    match bad {
        Some(span) => Err(Fault::internal("a statement is not valid").at(span)),
        None => Ok(()),
    }
}

fn wait_is_valid(wait: &Wait, nets: &[NetShape]) -> bool {
    match wait {
        Wait::Event(event) => event.net.index() < nets.len(),
        Wait::Delay(_) => true,
        Wait::Join(inner) => inner.iter().all(|wait| wait_is_valid(wait, nets)),
    }
}

/// Where the jumps of a label go to.
#[derive(Clone, Default)]
struct Label {
    breaks: Vec<usize>,
    continues: Vec<usize>,
}

pub(super) struct Compiler<'a> {
    pub exprs: &'a Exprs,
    pub nets: &'a [NetShape],
    pub types: &'a Types,
    pub code: Code,
    /// What is known of expressions, for the statement at hand.
    pub nodes: Nodes,
    /// The register of each variable.
    pub vars: Vec<Operand>,
    /// Which variables need a flag that tells whether they are set.
    pub flagged: Vec<bool>,
    pub span: Span,
    pub body: &'a Body,
    labels: Vec<Label>,
    /// The next free registers for counters, which stay, and for temporaries, which last for a statement.
    counters: [Reg; 2],
    first_temps: [Reg; 2],
    temps: [Reg; 2],
    most_temps: [Reg; 2],
}

impl<'a> Compiler<'a> {
    fn new(body: &'a Body, nets: &'a [NetShape], types: &'a Types) -> Compiler<'a> {
        let mut code = Code {
            instrs: Vec::new(),
            spans: Vec::new(),
            handlers: Vec::new(),
            bounds: Vec::new(),
            fits: Vec::new(),
            calls: Vec::new(),
            loads: Vec::new(),
            parts: Vec::new(),
            tables: Vec::new(),
            switches: Vec::new(),
            big_switches: Vec::new(),
            waits: Vec::new(),
            shown: Vec::new(),
            names: Vec::new(),
            vars: body.vars.iter().map(|var| var.name.clone()).collect(),
            small: Vec::new(),
            big: Vec::new(),
            poisons: 0,
            driven: Vec::new(),
        };
        let mut vars = Vec::with_capacity(body.vars.len());
        for var in &body.vars {
            vars.push(if is_small(&var.ty) {
                code.small.push(0);
                Operand::Small(code.small.len() as Reg - 1)
            } else {
                code.big.push(Value::Z);
                Operand::Big(code.big.len() as Reg - 1)
            });
        }
        let nodes = Nodes::new(&body.exprs, nets, &mut code);
        let mut loops = [0, 0];
        walk_stmts(&body.stmts, &mut |stmt| {
            if let StmtKind::For { start, stop, step, .. } = &stmt.kind {
                loops[usize::from(!counts_small(start, stop, step))] += 4;
            }
            if let StmtKind::Next { place: Place { root: Root::Net(net), .. }, .. } = &stmt.kind
                && !code.driven.contains(net)
            {
                code.driven.push(*net);
            }
        });
        let counters = [code.small.len() as Reg, code.big.len() as Reg];
        code.small.resize(code.small.len() + loops[0], 0);
        code.big.resize(code.big.len() + loops[1], Value::Z);
        let first_temps = [code.small.len() as Reg, code.big.len() as Reg];
        Compiler {
            exprs: &body.exprs,
            nets,
            types,
            code,
            nodes,
            vars,
            flagged: maybe_unset(body),
            span: Span::NONE,
            body,
            labels: vec![Label::default(); body.labels.len()],
            counters,
            first_temps,
            temps: first_temps,
            most_temps: first_temps,
        }
    }

    fn finish(mut self) -> Code {
        self.code.small.resize(self.most_temps[0] as usize, 0);
        self.code.big.resize(self.most_temps[1] as usize, Value::Z);
        self.code
    }

    pub(super) fn emit(&mut self, instr: Instr) -> usize {
        self.code.instrs.push(instr);
        self.code.spans.push(self.span);
        self.code.instrs.len() - 1
    }

    pub(super) fn here(&self) -> usize {
        self.code.instrs.len()
    }

    pub(super) fn temp_small(&mut self) -> Reg {
        self.temp(0)
    }

    pub(super) fn temp_big(&mut self) -> Reg {
        self.temp(1)
    }

    fn temp(&mut self, file: usize) -> Reg {
        let reg = self.temps[file];
        self.temps[file] += 1;
        self.most_temps[file] = self.most_temps[file].max(self.temps[file]);
        reg
    }

    fn counter(&mut self, file: usize) -> Reg {
        self.counters[file] += 1;
        self.counters[file] - 1
    }

    /// Makes every jump of the instruction at `at` go to `to`.
    pub(super) fn patch(&mut self, at: usize, target: usize) {
        let target = target as u32;
        match &mut self.code.instrs[at] {
            Instr::Jump { to }
            | Instr::Loop { to }
            | Instr::JumpIf { to, .. }
            | Instr::JumpUnless { to, .. }
            | Instr::JumpEq { to, .. }
            | Instr::JumpNe { to, .. }
            | Instr::JumpLt { to, .. }
            | Instr::JumpLe { to, .. } => *to = target,
            _ => {}
        }
    }

    pub(super) fn patch_here(&mut self, at: usize) {
        self.patch(at, self.here());
    }

    /// The table entry for the interval of a place, or of a `check`.
    pub(super) fn bounds(&mut self, range: &Range, target: Option<&str>) -> u32 {
        self.code.bounds.push(Bounds::new(range, target));
        self.code.bounds.len() as u32 - 1
    }

    /// Forgets the temporaries of the statement before.
    fn begin(&mut self) {
        self.temps = self.first_temps;
        self.nodes.begin();
    }

    /// Emits a condition and a jump for when it does not hold. `None` if it always holds.
    fn jump_unless(&mut self, cond: ExprId) -> Result<Option<usize>, Fault> {
        self.begin();
        if self.exprs.as_const(cond) == Some(&Value::Bool(true)) {
            return Ok(None);
        }
        let first = self.here();
        self.roots(&[cond], None)?;
        let a = self.truth(cond);
        // A comparison that only this jump reads becomes part of the jump: not one that an earlier statement stores.
        let fused = match self.code.instrs[first..].last() {
            Some(&Instr::Eq { dst, a: x, b }) if dst == a => Some(Instr::JumpNe { a: x, b, to: 0 }),
            Some(&Instr::Ne { dst, a: x, b }) if dst == a => Some(Instr::JumpEq { a: x, b, to: 0 }),
            Some(&Instr::Lt { dst, a: x, b }) if dst == a => Some(Instr::JumpLe { a: b, b: x, to: 0 }),
            Some(&Instr::Le { dst, a: x, b }) if dst == a => Some(Instr::JumpLt { a: b, b: x, to: 0 }),
            Some(&Instr::Not { dst, a: x }) if dst == a => Some(Instr::JumpIf { a: x, to: 0 }),
            _ => None,
        };
        Ok(Some(match fused {
            Some(jump) => {
                let at = self.here() - 1;
                self.code.instrs[at] = jump;
                at
            }
            None => self.emit(Instr::JumpUnless { a, to: 0 }),
        }))
    }

    fn block(&mut self, stmts: &[Stmt]) -> Result<(), Fault> {
        stmts.iter().try_for_each(|stmt| self.stmt(stmt).map_err(|fault| fault.at(stmt.span)))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<(), Fault> {
        self.span = stmt.span;
        self.begin();
        match &stmt.kind {
            StmtKind::Assign { place, value } | StmtKind::Next { place, value } => self.store(place, *value),
            StmtKind::Unset(var) => {
                if self.flagged[var.index()] {
                    self.emit(Instr::MarkUnset { var: var.index() as u32 });
                }
                Ok(())
            }
            StmtKind::If { arms, orelse } => {
                let mut ends = Vec::new();
                for (index, (cond, body)) in arms.iter().enumerate() {
                    self.span = stmt.span;
                    let skip = self.jump_unless(*cond)?;
                    self.block(body)?;
                    if index + 1 < arms.len() || !orelse.is_empty() {
                        ends.push(self.emit(Instr::Jump { to: 0 }));
                    }
                    if let Some(skip) = skip {
                        self.patch_here(skip);
                    }
                }
                self.block(orelse)?;
                ends.into_iter().for_each(|end| self.patch_here(end));
                Ok(())
            }
            StmtKind::Switch { subject, arms, default } => self.switch(*subject, arms, default.as_deref()),
            StmtKind::For { label, var, start, stop, step, body } => {
                self.count(*label, *var, [start, stop, step], body, stmt.span)
            }
            StmtKind::While { label, cond, body } => {
                let top = self.here();
                let exit = self.jump_unless(*cond)?;
                self.block(body)?;
                self.span = stmt.span;
                let continues = std::mem::take(&mut self.labels[label.index()].continues);
                continues.into_iter().for_each(|at| self.patch(at, top));
                self.emit(Instr::Loop { to: top as u32 });
                exit.into_iter().for_each(|at| self.patch_here(at));
                self.end_breaks(*label);
                Ok(())
            }
            StmtKind::Block { label, body } => {
                self.block(body)?;
                self.end_breaks(*label);
                Ok(())
            }
            StmtKind::Break(label) => {
                let at = self.emit(Instr::Jump { to: 0 });
                self.labels[label.index()].breaks.push(at);
                Ok(())
            }
            StmtKind::Continue(label) => {
                let at = self.emit(Instr::Loop { to: 0 });
                self.labels[label.index()].continues.push(at);
                Ok(())
            }
            StmtKind::Wait(waits) => self.wait(waits, &stmt.kind),
            StmtKind::Assert { cond, message } => {
                let failed = self.jump_unless(*cond)?;
                if let Some(failed) = failed {
                    let on = self.emit(Instr::Jump { to: 0 });
                    self.patch_here(failed);
                    let shown = self.show(*cond);
                    let message = self.message(*message)?;
                    self.emit(Instr::AssertFailed { message, shown });
                    self.patch_here(on);
                }
                Ok(())
            }
            StmtKind::Print { text } => {
                self.roots(&[*text], None)?;
                let a = self.big(*text);
                self.emit(Instr::Print { a });
                Ok(())
            }
            StmtKind::Raise { exception, message } => {
                let message = self.message(*message)?;
                self.code.names.push(exception.clone());
                let class = self.code.names.len() as u32 - 1;
                self.emit(Instr::Raise { class, message });
                Ok(())
            }
            StmtKind::Finish { message } => {
                let message = self.message(*message)?;
                self.emit(Instr::Finish { message });
                Ok(())
            }
            StmtKind::Return => {
                self.emit(Instr::Return);
                Ok(())
            }
        }
    }

    fn end_breaks(&mut self, label: LabelId) {
        let breaks = std::mem::take(&mut self.labels[label.index()].breaks);
        breaks.into_iter().for_each(|at| self.patch_here(at));
    }

    fn message(&mut self, message: Option<ExprId>) -> Result<Reg, Fault> {
        let Some(message) = message else { return Ok(NO_MESSAGE) };
        self.begin();
        self.roots(&[message], None)?;
        Ok(self.big(message))
    }

    fn switch(&mut self, subject: ExprId, arms: &[SwitchArm], default: Option<&[Stmt]>) -> Result<(), Fault> {
        self.roots(&[subject], None)?;
        let small = self.is_small(subject);
        let index = if small { self.code.switches.len() } else { self.code.big_switches.len() } as u32;
        if small {
            let a = self.small(subject);
            self.code.switches.push(Switch { arms: Vec::new(), default: 0 });
            self.emit(Instr::Switch { a, switch: index });
        } else {
            let a = self.big(subject);
            self.code.big_switches.push(BigSwitch { arms: Vec::new(), default: 0 });
            self.emit(Instr::SwitchBig { a, switch: index });
        }
        let mut table = Vec::new();
        let mut ends = Vec::new();
        for arm in arms {
            let target = self.here() as u32;
            table.extend(arm.values.iter().map(|value| (value.clone(), target)));
            self.block(&arm.body)?;
            ends.push(self.emit(Instr::Jump { to: 0 }));
        }
        let target = self.here() as u32;
        self.block(default.unwrap_or_default())?;
        ends.into_iter().for_each(|end| self.patch_here(end));
        if small {
            let mut arms: Vec<(i64, u32)> =
                table.iter().filter_map(|(value, to)| Some((to_small(value)?, *to))).collect();
            // Stable, so that the first of equal values is the one that is found.
            arms.sort_by_key(|arm| arm.0);
            arms.dedup_by_key(|arm| arm.0);
            self.code.switches[index as usize] = Switch { arms, default: target };
        } else {
            self.code.big_switches[index as usize] = BigSwitch { arms: table, default: target };
        }
        Ok(())
    }

    /// A counting loop. The counter that counts is not the variable, which the body may change.
    fn count(
        &mut self,
        label: LabelId,
        var: VarId,
        [start, stop, step]: [&Int; 3],
        body: &[Stmt],
        span: Span,
    ) -> Result<(), Fault> {
        if step.is_zero() {
            return Err(Fault::internal("a counting loop without a step"));
        }
        let down = step.is_negative();
        let ty = Type::Int(Range { min: Some(start.min(stop).clone()), max: Some(start.max(stop).clone()) });
        let (top, exit);
        if counts_small(start, stop, step) {
            let [counter, first, last, by] = [0; 4].map(|file| self.counter(file));
            for (reg, value) in [(first, start), (last, stop), (by, step)] {
                self.code.small[reg as usize] = value.to_i64().unwrap_or(0);
            }
            self.emit(Instr::Move { dst: counter, a: first });
            top = self.here();
            let (a, b) = if down { (counter, last) } else { (last, counter) };
            exit = self.emit(Instr::JumpLe { a, b, to: 0 });
            self.set_var(var, Operand::Small(counter), &ty)?;
            self.block(body)?;
            self.span = span;
            self.end_continues(label);
            self.emit(Instr::Add { dst: counter, a: counter, b: by });
        } else {
            let [counter, first, last, by] = [1; 4].map(|file| self.counter(file));
            for (reg, value) in [(first, start), (last, stop), (by, step)] {
                self.code.big[reg as usize] = Value::Int(value.clone());
            }
            self.emit(Instr::MoveBig { dst: counter, a: first });
            top = self.here();
            let compare = if down { Op::Gt } else { Op::Lt };
            let call = self.call_on(compare, &[counter, last], &ty);
            let more = self.temp_small();
            self.emit(Instr::CallSmall { dst: more, call });
            exit = self.emit(Instr::JumpUnless { a: more, to: 0 });
            self.set_var(var, Operand::Big(counter), &ty)?;
            self.block(body)?;
            self.span = span;
            self.end_continues(label);
            let call = self.call_on(Op::Add, &[counter, by], &ty);
            self.emit(Instr::Call { dst: counter, call });
        }
        self.emit(Instr::Loop { to: top as u32 });
        self.patch_here(exit);
        self.end_breaks(label);
        Ok(())
    }

    /// The continues of a counting loop go to its step, which is the next instruction. They are jumps ahead.
    fn end_continues(&mut self, label: LabelId) {
        let continues = std::mem::take(&mut self.labels[label.index()].continues);
        for at in continues {
            self.code.instrs[at] = Instr::Jump { to: 0 };
            self.patch_here(at);
        }
    }

    fn wait(&mut self, waits: &[Wait], kind: &StmtKind) -> Result<(), Fault> {
        let roots = kind.exprs();
        self.roots(&roots, None)?;
        let delays = roots.iter().map(|&steps| self.operand(steps)).collect();
        fn lower(waits: &[Wait]) -> Vec<CodeWait> {
            waits
                .iter()
                .map(|wait| match wait {
                    Wait::Event(event) => CodeWait::Event(*event),
                    Wait::Delay(_) => CodeWait::Delay,
                    Wait::Join(inner) => CodeWait::Join(lower(inner)),
                })
                .collect()
        }
        self.code.waits.push(WaitSpec { waits: lower(waits), delays });
        let wait = self.code.waits.len() as u32 - 1;
        self.emit(Instr::Wait { wait });
        Ok(())
    }
}

/// Whether a counting loop never leaves `i64`, its last step included.
fn counts_small(start: &Int, stop: &Int, step: &Int) -> bool {
    [start, stop, step].iter().all(|value| value.to_i64().is_some_and(|value| value.unsigned_abs() < 1 << 61))
}
