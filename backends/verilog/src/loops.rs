//! Loops, blocks, and the ways out of them.

use crate::flow::{self, Exit};
use crate::stmt::Stmts;
use crate::text::{Prec, Text};
use pyhw_ir::{ExprId, ExprKind, Int, LabelId, Root, Stmt, StmtKind, Value, VarId, walk_stmts};
use pyhw_passes::most_turns;
use pyhw_text::Writer;

/// The most turns that a loop with a condition is unrolled to.
const MAX_TURNS: u32 = 1024;

/// Verilator 5.006 unrolls no loop of more turns, and takes nonblocking stores into a memory only from loops that it unrolls. Rows of so many
/// do for as many rows; a memory of more than 4,096 words is beyond it either way.
pub(crate) const ROW: u32 = 64;

/// What opens a loop.
pub(crate) struct Head {
    /// The three parts of a `for` around it that counts rows of turns.
    rows: Option<String>,
    /// The three parts of a `for`; without it the loop is a `while` or `forever`.
    counter: Option<String>,
    /// What must hold for a turn.
    cond: Option<ExprId>,
    /// The first line of each turn.
    first: Option<String>,
    /// What stands at the end of the opening line.
    end: String,
}

impl Stmts<'_, '_, '_> {
    /// The flag of an exit, declared at its first use.
    pub(crate) fn flag(&mut self, exit: Exit) -> String {
        if let Some(name) = self.exits.get(&exit) {
            return name.clone();
        }
        let label = |label: LabelId| self.scope.body.labels.get(label.index()).map_or("loop", |name| name);
        let wanted = match exit {
            Exit::Break(name) => format!("{}_done", label(name)),
            Exit::Continue(name) => format!("{}_next", label(name)),
            Exit::Return => "returned".to_owned(),
        };
        let name = self.scope.local(&wanted);
        self.exits.insert(exit, name.clone());
        name
    }

    pub(crate) fn none_of(&mut self, exits: &[Exit]) -> Text {
        let flags: Vec<String> = exits.iter().map(|exit| self.flag(*exit)).collect();
        self.asked.extend(flags.iter().cloned());
        let flags: Vec<Text> = flags.into_iter().map(Text::primary).collect();
        let any = flags
            .into_iter()
            .reduce(|a, b| Text::relation("||", Prec::LogicOr, a, b))
            .unwrap_or_else(|| Text::primary("1'b0"));
        Text::unary("!", any)
    }

    pub(crate) fn clear(&mut self, exit: Exit, w: &mut Writer) {
        if self.needed.contains(&exit) {
            let flag = self.flag(exit);
            w.line(format!("{flag} = 1'b0;"));
        }
    }

    pub(crate) fn leave(&mut self, exit: Exit, end: &str, w: &mut Writer) {
        if self.manner.timed {
            let block = match exit {
                Exit::Return => self.process.clone(),
                Exit::Break(_) | Exit::Continue(_) => self.exits.get(&exit).cloned().unwrap_or_default(),
            };
            w.line(format!("disable {block};{end}"));
        } else if self.needed.contains(&exit) {
            let flag = self.flag(exit);
            w.line(format!("{flag} = 1'b1;{end}"));
        } else if !end.is_empty() {
            w.line(end.trim_start());
        }
    }

    /// In a timed process: opens the block that an exit disables, if any does.
    pub(crate) fn open_block(&mut self, exit: Exit, used: bool, w: &mut Writer) {
        if !used {
            return;
        }
        let label = match exit {
            Exit::Break(label) | Exit::Continue(label) => {
                self.scope.body.labels.get(label.index()).map_or("loop", |name| name)
            }
            Exit::Return => "process",
        };
        let wanted =
            if matches!(exit, Exit::Continue(_)) { format!("{label}_turn") } else { label.to_owned() };
        let name = self.scope.local(&wanted);
        w.line(format!("begin : {name}"));
        w.indent();
        self.exits.insert(exit, name);
    }

    pub(crate) fn close_block(&mut self, used: bool, w: &mut Writer) {
        if used {
            w.dedent();
            w.line("end");
        }
    }

    /// A loop. The exits of its body are flags or blocks around it and around each turn.
    pub(crate) fn turns(&mut self, label: LabelId, body: &[Stmt], head: Head, w: &mut Writer) {
        let exits = flow::exits_of(body);
        let breaks = exits.contains(&Exit::Break(label));
        let continues = exits.contains(&Exit::Continue(label));
        if self.manner.timed {
            self.open_block(Exit::Break(label), breaks, w);
            w.line(self.opening(&head, None));
            w.indent();
            self.open_block(Exit::Continue(label), continues, w);
            head.first.into_iter().for_each(|line| w.line(line));
            self.list(body, w);
            self.close_block(continues, w);
            w.dedent();
            w.line("end");
            self.close_block(breaks, w);
            return;
        }
        if breaks {
            self.clear(Exit::Break(label), w);
        }
        let leaving: Vec<Exit> =
            exits.iter().copied().filter(|exit| *exit != Exit::Continue(label)).collect();
        let mut guard = if leaving.is_empty() { None } else { Some(self.none_of(&leaving)) };
        let in_head = if head.counter.is_none() { guard.take() } else { None };
        if let Some(rows) = &head.rows {
            w.line(format!("for ({rows}) begin"));
            w.indent();
        }
        w.line(self.opening(&head, in_head));
        w.indent();
        if head.counter.is_some()
            && let Some(test) = self.test(&head)
        {
            // The loop is counted to its bound; once the condition fails, nothing changes any more.
            guard = Some(match guard {
                Some(guard) => Text::relation("&&", Prec::LogicAnd, guard, test),
                None => test,
            });
        }
        if let Some(guard) = &guard {
            w.line(format!("if ({}) begin", guard.s));
            w.indent();
        }
        if continues {
            self.clear(Exit::Continue(label), w);
        }
        head.first.into_iter().for_each(|line| w.line(line));
        self.list(body, w);
        if guard.is_some() {
            w.dedent();
            w.line("end");
        }
        for _ in 0..=usize::from(head.rows.is_some()) {
            w.dedent();
            w.line("end");
        }
    }

    /// Whether a loop of so many turns is written in rows.
    fn is_in_rows(&self, turns: &Int, body: &[Stmt]) -> bool {
        let mut stores = false;
        walk_stmts(body, &mut |stmt| {
            if let StmtKind::Next { place, .. } = &stmt.kind
                && let Root::Net(net) = place.root
            {
                stores |= self.scope.cx.form(net).memory.is_some();
            }
        });
        stores && self.manner.nonblocking && !self.manner.timed && *turns > Int::from(ROW)
    }

    /// The condition for a turn, unless it always holds.
    fn test(&mut self, head: &Head) -> Option<Text> {
        let cond = head.cond.filter(|cond| self.scope.value(*cond) != Some(&Value::Bool(true)))?;
        Some(self.scope.cond(cond))
    }

    /// The line that opens a loop; a guard joins the condition.
    pub(crate) fn opening(&mut self, head: &Head, guard: Option<Text>) -> String {
        let end = &head.end;
        if let Some(counter) = &head.counter {
            return format!("for ({counter}) begin{end}");
        }
        match (self.test(head), guard) {
            (None, None) => format!("forever begin{end}"),
            (Some(test), Some(guard)) => {
                format!("while ({}) begin{end}", Text::relation("&&", Prec::LogicAnd, test, guard).s)
            }
            (Some(test), None) | (None, Some(test)) => format!("while ({}) begin{end}", test.s),
        }
    }

    pub(crate) fn count(
        &mut self,
        label: LabelId,
        var: VarId,
        bounds: [&Int; 3],
        body: &[Stmt],
        end: &str,
        w: &mut Writer,
    ) {
        let [start, stop, step] = bounds;
        let runs = if step.is_negative() { start > stop } else { start < stop };
        if !runs {
            return;
        }
        self.scope.vars[var.index()].is_written = true;
        let form = self.scope.vars[var.index()].clone();
        if [start, stop, step].iter().any(|bound| bound.bit_length() > 31) {
            self.scope.cx.refuse(self.scope.span, "a loop that counts beyond 31 bits");
        }
        // A variable that is used behind the loop keeps the last value that it had in it.
        let (counter, first) = if form.is_integer {
            (form.name.clone(), None)
        } else {
            let counter = self.scope.local(&format!("{}_count", form.name));
            self.counters.push(counter.clone());
            let value = crate::helper::select(&counter, 32, 0, form.width.min(32));
            (counter, Some(format!("{} = {value};", form.name)))
        };
        let test = |counter: &str| match *stop == Int::MINUS_ONE && step.is_negative() {
            true => format!("{counter} >= 0"),
            false => format!("{counter} {} {stop}", if step.is_negative() { ">" } else { "<" }),
        };
        let sign = if step.is_negative() { "-" } else { "+" };
        let advance = format!("{counter} {sign} {}", step.abs());
        let turns = stop.sub(start).abs().add(&step.abs()).sub(&Int::ONE).floor_div(&step.abs());
        let (rows, counter) = if self.is_in_rows(&turns.unwrap_or(Int::ZERO), body) {
            let row = self.scope.local(&format!("{counter}_row"));
            self.counters.push(row.clone());
            let long = step.abs().mul(&Int::from(ROW));
            let end_of_row =
                format!("{counter} {} {row} {sign} {long}", if step.is_negative() { ">" } else { "<" });
            (
                Some(format!("{row} = {start}; {}; {row} = {row} {sign} {long}", test(&row))),
                format!("{counter} = {row}; {end_of_row} && {}; {counter} = {advance}", test(&counter)),
            )
        } else {
            (None, format!("{counter} = {start}; {}; {counter} = {advance}", test(&counter)))
        };
        let head = Head { rows, counter: Some(counter), cond: None, first, end: end.to_owned() };
        self.turns(label, body, head, w);
    }

    pub(crate) fn repeat(&mut self, label: LabelId, cond: ExprId, body: &[Stmt], end: &str, w: &mut Writer) {
        let mut head = Head { rows: None, counter: None, cond: Some(cond), first: None, end: end.to_owned() };
        // Synthesisers unroll loops whose number of turns they see.
        if !self.manner.timed
            && let Some(most) = most_turns(self.scope.body, label, cond, body).and_then(|most| most.to_u32())
            && most <= MAX_TURNS
        {
            let label = self.scope.body.labels.get(label.index()).map_or("loop", |name| name);
            let counter = self.scope.local(&format!("{label}_turn"));
            self.counters.push(counter.clone());
            head.counter = Some(format!("{counter} = 0; {counter} < {most}; {counter} = {counter} + 1"));
            if self.is_in_rows(&Int::from(most), body) {
                let row = self.scope.local(&format!("{label}_row"));
                self.counters.push(row.clone());
                head.rows = Some(format!("{row} = 0; {row} < {most}; {row} = {row} + {ROW}"));
                let in_row = format!("{counter} < {row} + {ROW} && {counter} < {most}");
                head.counter = Some(format!("{counter} = {row}; {in_row}; {counter} = {counter} + 1"));
            }
        }
        self.turns(label, body, head, w);
    }

    pub(crate) fn block(&mut self, label: LabelId, body: &[Stmt], end: &str, w: &mut Writer) {
        let breaks = flow::exits_of(body).contains(&Exit::Break(label));
        if !end.is_empty() {
            w.line(end.trim_start());
        }
        if self.manner.timed {
            self.open_block(Exit::Break(label), breaks, w);
            self.list(body, w);
            self.close_block(breaks, w);
        } else {
            if breaks {
                self.clear(Exit::Break(label), w);
            }
            self.list(body, w);
        }
    }
}

/// Whether every use of the variable stands in the body of a loop that counts it and that does not store into it.
pub fn counts_only(stmts: &[Stmt], var: VarId, inside: bool, body: &pyhw_ir::Body) -> bool {
    stmts.iter().all(|stmt| {
        let reads = !inside
            && stmt.kind.exprs().into_iter().any(|root| {
                let mut found = false;
                body.exprs.walk(root, &mut |part| found |= *body.exprs.kind(part) == ExprKind::Var(var));
                found
            });
        let stores = matches!(&stmt.kind, StmtKind::Assign { place, .. } if place.root == Root::Var(var));
        if reads || stores {
            return false;
        }
        let inner = match &stmt.kind {
            StmtKind::For { var: counted, .. } if *counted == var => {
                if inside {
                    // A loop that counts it once more changes it under the outer one's hands.
                    return false;
                }
                true
            }
            _ => inside,
        };
        stmt.kind.blocks().into_iter().all(|block| counts_only(block, var, inner, body))
    })
}
