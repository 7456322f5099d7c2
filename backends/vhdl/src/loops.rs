//! Loops, and the variables that they count.

use crate::emitter::{Emitter, Parameter, Variable};
use crate::facts::variables;
use crate::phrase::{Phrase, Prec, integer};
use crate::stmt::Exit;
use crate::types::{Result, Shape, bug, inexpressible};
use pyhw_ir::{ExprId, ExprKind, Int, LabelId, Op, Range, Root, Stmt, StmtKind, VarId};
use pyhw_text::Writer;

/// The most turns that a loop with a condition is counted to.
const MAX_TURNS: u32 = 1024;

impl Emitter<'_> {
    #[allow(clippy::too_many_arguments)]
    pub fn for_loop(
        &mut self,
        writer: &mut Writer,
        label: LabelId,
        var: VarId,
        (start, stop, step): (&Int, &Int, &Int),
        body: &[Stmt],
        comment: &str,
        stmt: &Stmt,
    ) -> Result<()> {
        // Rounded up: how many turns.
        let distance = stop.sub(start);
        let turns = distance.neg().floor_div(step).map(|turns| turns.neg()).unwrap_or(Int::ZERO);
        if turns <= Int::ZERO {
            return Ok(());
        }
        let last = start.add(&turns.sub(&Int::ONE).mul(step));
        let too_far = || inexpressible(stmt.span, "VHDL counts loops with 32 bits");
        let (Some(first_text), Some(last_text), Some(turn_text)) =
            (integer(start), integer(&last), integer(&turns.sub(&Int::ONE)))
        else {
            return Err(too_far());
        };
        let source = &self.body.var(var).name;
        let is_param = matches!(self.vars[var.index()], Variable::Parameter);
        let by_one = *step == Int::ONE || *step == Int::MINUS_ONE;
        let wanted = if by_one && is_param { source.clone() } else { format!("{source}_turn") };
        let name = self.param_name(&wanted);
        let counter = Phrase::primary(name.clone());
        // Bounds that are literals without a sign make an `integer` by themselves, others in VHDL-2008 only.
        let of = if start.is_negative() || last.is_negative() { "integer range " } else { "" };
        let (bounds, value) = if *step == Int::ONE {
            (format!("{of}{} to {}", first_text.text, last_text.text), counter)
        } else if *step == Int::MINUS_ONE {
            (format!("{of}{} downto {}", first_text.text, last_text.text), counter)
        } else {
            let size = integer(&step.abs()).ok_or_else(too_far)?;
            let product = Phrase::binary(&counter, "*", &size, Prec::Multiplying);
            let value = if start.is_zero() && !step.is_negative() {
                product
            } else {
                let operator = if step.is_negative() { "-" } else { "+" };
                Phrase::binary(&first_text, operator, &product, Prec::Adding)
            };
            (format!("0 to {}", turn_text.text), value)
        };
        let mut inner = Writer::new("    ");
        if is_param {
            let range = if step.is_negative() {
                Range::new(last, start.clone())
            } else {
                Range::new(start.clone(), last)
            };
            self.params[var.index()] = Some(Parameter { text: value, range });
        } else if let Variable::Local(variable, Shape::Vector(kind)) = &self.vars[var.index()] {
            inner.line(format!("{variable} := to_{}({}, {});", kind.name(), value.text, kind.width));
        } else {
            return Err(bug(stmt.span, "a counter that is no integer"));
        }
        self.loop_body(&mut inner, label, body, &[Exit::Continue(label)]);
        self.params[var.index()] = None;
        self.active_params.retain(|active| *active != name);
        self.write_loop(writer, label, &format!("for {name} in {bounds} "), inner, comment);
        Ok(())
    }

    pub fn while_loop(
        &mut self,
        writer: &mut Writer,
        label: LabelId,
        cond: ExprId,
        body: &[Stmt],
        comment: &str,
    ) {
        let mut inner = Writer::new("    ");
        let mut counted = None;
        if self.facts.truth(cond) == Some(false) {
            return;
        }
        let head = if self.facts.truth(cond) == Some(true) {
            String::new()
        } else {
            let text = match self.not_zero(cond) {
                Some(operand) => self.exact(operand).map(|(text, _)| {
                    // Of an unknown value `/=` holds and `>` does not, so that this loop ends.
                    Phrase::relation(&text, ">", &Phrase::primary("0"))
                }),
                None => self.condition(cond),
            };
            let Some(text) = self.check(text) else { return };
            let before = self.take_before();
            let counter = self.turn_counter(label, cond, body);
            if before.is_empty() && counter.is_none() {
                format!("while {} ", text.text)
            } else {
                for line in before {
                    inner.line(line);
                }
                inner.line(format!("exit when not {};", text.at_least(Prec::Primary)));
                counter.map_or_else(String::new, |(head, name)| {
                    counted = Some(name);
                    head
                })
            }
        };
        self.loop_body(&mut inner, label, body, &[Exit::Continue(label)]);
        self.active_params.retain(|active| Some(active) != counted.as_ref());
        self.write_loop(writer, label, &head, inner, comment);
    }

    /// What opens a loop that is counted to its most turns, and the counter, where these are known: synthesis has to unroll it. A test bench need not.
    fn turn_counter(&mut self, label: LabelId, cond: ExprId, body: &[Stmt]) -> Option<(String, String)> {
        if self.is_timed {
            return None;
        }
        let most = pyhw_passes::most_turns(self.body, label, cond, body)?.to_u32()?;
        let most = Some(most).filter(|most| (1..=MAX_TURNS).contains(most))?;
        let wanted = format!("{}_turn", self.body.labels[label.index()]);
        let name = self.param_name(&wanted);
        Some((format!("for {name} in 1 to {most} "), name))
    }

    /// What a condition compares with zero, if it is a number that cannot be negative and the condition that it is not zero.
    fn not_zero(&self, cond: ExprId) -> Option<ExprId> {
        let ExprKind::Op(Op::Ne, args) = self.body.exprs.kind(cond) else { return None };
        let zero = self.facts.constant(args[1]).is_some_and(|value| value.is_zero());
        let natural = self.body.exprs.range(args[0]).is_some() && !self.facts.range(args[0]).is_signed();
        (zero && natural && !self.is_static(args[0])).then_some(args[0])
    }

    pub fn write_loop(
        &mut self,
        writer: &mut Writer,
        label: LabelId,
        head: &str,
        body: Writer,
        comment: &str,
    ) {
        let name = if self.labels[label.index()].is_named { Some(self.label(label)) } else { None };
        match &name {
            Some(name) => writer.line(format!("{name} : {head}loop{comment}")),
            None => writer.line(format!("{head}loop{comment}")),
        }
        writer.indent();
        let body = body.finish_with_origins();
        let is_empty = body.text.lines().all(|line| line.trim_start().starts_with("--"));
        writer.append(&body);
        if is_empty {
            writer.line("null;");
        }
        writer.dedent();
        match name {
            Some(name) => writer.line(format!("end loop {name};")),
            None => writer.line("end loop;"),
        }
    }

    /// A name for a loop parameter; loops that do not stand in each other share names.
    pub fn param_name(&mut self, wanted: &str) -> String {
        let known = self
            .param_names
            .iter()
            .find(|(source, name)| source == wanted && !self.active_params.contains(name));
        let name = match known {
            Some((_, name)) => name.clone(),
            None => {
                let name = self.names.fresh(wanted);
                self.param_names.push((wanted.to_owned(), name.clone()));
                name
            }
        };
        self.active_params.push(name.clone());
        name
    }

    /// Decides how each variable is written, and names those that become variables of the process.
    pub fn name_variables(&mut self) {
        let body = self.body;
        let mut used = vec![false; body.vars.len()];
        let mut local = vec![false; body.vars.len()];
        let mut active = vec![false; body.vars.len()];
        survey(body, &body.stmts, &mut used, &mut local, &mut active);
        for (index, var) in body.vars.iter().enumerate() {
            if !used[index] {
                continue;
            }
            if !local[index] {
                self.vars[index] = Variable::Parameter;
                continue;
            }
            match Shape::of(&var.ty) {
                Some(shape) => {
                    let name = self.names.fresh(&var.name);
                    self.vars[index] = Variable::Local(name, shape);
                }
                None => self.errors.push(*inexpressible(
                    var.span,
                    format!("the values of `{}` have no type in VHDL", var.name),
                )),
            }
        }
        self.choose_booleans();
    }

    /// A boolean variable that is stored from a comparison first is a `boolean`.
    fn choose_booleans(&mut self) {
        let body = self.body;
        let mut decided = vec![false; body.vars.len()];
        pyhw_ir::walk_stmts(&body.stmts, &mut |stmt| {
            if let StmtKind::Assign { place, value } = &stmt.kind
                && let Root::Var(var) = place.root
                && place.path.is_empty()
                && !std::mem::replace(&mut decided[var.index()], true)
                && self.is_condition(*value)
                && let Variable::Local(_, shape) = &mut self.vars[var.index()]
                && *shape == Shape::Logic
            {
                *shape = Shape::Boolean;
            }
        });
    }
}

/// Marks variables that are used, and those that are more than the parameter of a loop.
fn survey(body: &pyhw_ir::Body, list: &[Stmt], used: &mut [bool], local: &mut [bool], active: &mut [bool]) {
    for stmt in list {
        for expr in stmt.kind.exprs() {
            for var in variables(body, expr) {
                used[var.index()] = true;
                local[var.index()] |= !active[var.index()];
            }
        }
        if let Some(var) = stmt.kind.stored_var() {
            used[var.index()] = true;
            local[var.index()] |= !matches!(stmt.kind, StmtKind::For { .. });
        }
        if let StmtKind::For { var, body: inner, .. } = &stmt.kind {
            let was = std::mem::replace(&mut active[var.index()], true);
            // A counter that counts two loops at once is a plain variable.
            local[var.index()] |= was;
            survey(body, inner, used, local, active);
            active[var.index()] = was;
        } else {
            for inner in stmt.kind.blocks() {
                survey(body, inner, used, local, active);
            }
        }
    }
}
