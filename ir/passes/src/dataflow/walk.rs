//! The statements of a process, one after the other along every path.

use super::Reason;
use super::state::{Meeting, Slot, State, conditions, meet};
use super::writer::{PartStore, Stop, Target, Writer};
use pyhw_diagnostics::Span;
use pyhw_ir::{ExprId, Int, LabelId, Op, Projection, Range, Stmt, StmtKind, SwitchArm, Type, Value, VarId};

/// What is left where a statement ends; `None` where no path comes.
type After = Result<Option<State>, Stop>;

impl Writer<'_> {
    /// The whole process: its end is where every path meets.
    pub fn process(&mut self, start: State) -> After {
        let body = self.body;
        let end = self.block(&body.stmts, start)?;
        let returned = self.take_exits(Target::Return, 0);
        self.meet_after(0, returned, end, 0)
    }

    fn block(&mut self, stmts: &[Stmt], state: State) -> After {
        let mut state = Some(state);
        for stmt in stmts {
            let Some(before) = state else { break };
            state = self.stmt(stmt, before)?;
            self.graph.within_limit()?;
        }
        Ok(state)
    }

    fn stmt(&mut self, stmt: &Stmt, mut state: State) -> After {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Assign { place, value } | StmtKind::Next { place, value } => {
                self.store(&mut state, place, *value, span)?;
                Ok(Some(state))
            }
            StmtKind::Unset(var) => {
                state.vars[var.index()] = Slot { value: None, set: self.never };
                Ok(Some(state))
            }
            StmtKind::If { arms, orelse } => self.branches(arms, orelse, state, span),
            StmtKind::Switch { subject, arms, default } => {
                self.switch(*subject, arms, default.as_deref(), state, span)
            }
            StmtKind::For { label, var, start, stop, step, body } => {
                self.count(*label, *var, [start, stop, step], body, state, span)
            }
            StmtKind::While { label, cond, body } => self.repeat(*label, *cond, body, state, span),
            StmtKind::Block { label, body } => {
                let (base, left) = (state.path.len(), self.exits.len());
                let end = self.block(body, state)?;
                let broken = self.take_exits(Target::Break(*label), left);
                self.meet_after(base, broken, end, left)
            }
            StmtKind::Break(label) => self.leave(Target::Break(*label), state),
            StmtKind::Continue(label) => self.leave(Target::Continue(*label), state),
            StmtKind::Return => self.leave(Target::Return, state),
            StmtKind::Wait(_) => Err(Reason::Timed.into()),
            StmtKind::Print { .. } => Err(Reason::Print.into()),
            StmtKind::Assert { cond, message } => {
                self.begin();
                let value = self.value(&state, *cond)?;
                if self.graph.as_bool(value) == Some(true) && self.unset.is_empty() {
                    return Ok(Some(state));
                }
                self.copy_unset(&state, span)?;
                let unset = self.unset.clone();
                let cond = self.with_copies(&state, *cond, &unset)?;
                let message = self.message(&state, *message, span)?;
                self.check(&state, StmtKind::Assert { cond, message }, span);
                Ok(Some(state))
            }
            StmtKind::Raise { exception, message } => {
                let message = self.message(&state, *message, span)?;
                self.check(&state, StmtKind::Raise { exception: exception.clone(), message }, span);
                Ok(None)
            }
            StmtKind::Finish { message } => {
                let message = self.message(&state, *message, span)?;
                self.check(&state, StmtKind::Finish { message }, span);
                Ok(None)
            }
        }
    }

    /// A text as it was written: a value is shown by its type, so that the variables in it stay variables.
    fn message(
        &mut self,
        state: &State,
        message: Option<ExprId>,
        span: Span,
    ) -> Result<Option<ExprId>, Reason> {
        let Some(message) = message else { return Ok(None) };
        self.begin();
        let vars = self.variables(message);
        for &var in &vars {
            self.copy(state, var, span)?;
        }
        self.with_copies(state, message, &vars).map(Some)
    }

    fn leave(&mut self, target: Target, state: State) -> After {
        self.exits.push((target, state));
        Ok(None)
    }

    /// The states of paths that left for there since a number of exits.
    fn take_exits(&mut self, target: Target, since: usize) -> Vec<State> {
        let mut taken = Vec::new();
        let mut kept = Vec::new();
        for (its, state) in self.exits.drain(since..) {
            if its == target { taken.push(state) } else { kept.push((its, state)) }
        }
        self.exits.extend(kept);
        taken
    }

    /// Where paths that left meet the one that came to the end; others may have left since a number of exits.
    fn meet_after(&mut self, base: usize, met: Vec<State>, end: Option<State>, since: usize) -> After {
        let conds = conditions(&mut self.graph, base, met.iter())?;
        let mut states: Meeting = conds.into_iter().zip(met).collect();
        states.extend(end.map(|end| (self.always, end)));
        self.meet(base, states, since)
    }

    fn meet(&mut self, base: usize, states: Meeting, since: usize) -> After {
        let gone = self.exits[since..].iter().map(|(_, state)| state);
        let gone = conditions(&mut self.graph, base, gone)?;
        Ok(meet(&mut self.graph, base, states, &gone, &mut self.orders_differ)?)
    }

    fn branches(&mut self, arms: &[(ExprId, Vec<Stmt>)], orelse: &[Stmt], state: State, span: Span) -> After {
        let (base, left) = (state.path.len(), self.exits.len());
        let checked = self.checked.len();
        let mut states: Meeting = Vec::new();
        let mut stores = Vec::new();
        let mut rest = Some(state);
        for (cond, body) in arms {
            let Some(mut state) = rest.take() else { break };
            self.begin();
            let cond = self.evaluated(&state, *cond, span)?;
            match self.graph.as_bool(cond) {
                Some(false) => rest = Some(state),
                Some(true) => {
                    stores.push((self.always, self.stores.len()));
                    states.extend(self.block(body, state)?.map(|end| (self.always, end)));
                }
                None => {
                    let mut then = state.clone();
                    then.path.push(&mut self.graph, cond)?;
                    let known = self.checked.len();
                    stores.push((cond, self.stores.len()));
                    states.extend(self.block(body, then)?.map(|end| (cond, end)));
                    self.checked.truncate(known);
                    let not = self.graph.not(cond)?;
                    state.path.push(&mut self.graph, not)?;
                    rest = Some(state);
                }
            }
        }
        if let Some(state) = rest {
            stores.push((self.always, self.stores.len()));
            states.extend(self.block(orelse, state)?.map(|end| (self.always, end)));
        }
        self.checked.truncate(checked);
        self.join_stores(&stores)?;
        self.meet(base, states, left)
    }

    fn switch(
        &mut self,
        subject: ExprId,
        arms: &[SwitchArm],
        default: Option<&[Stmt]>,
        state: State,
        span: Span,
    ) -> After {
        let (base, left) = (state.path.len(), self.exits.len());
        self.begin();
        let subject = self.evaluated(&state, subject, span)?;
        let checked = self.checked.len();
        let mut states: Meeting = Vec::new();
        let mut stores = Vec::new();
        let mut otherwise = Some(state.clone());
        for arm in arms {
            let mut cond = self.never;
            for value in &arm.values {
                let is_it = self.is_value(subject, value)?;
                cond = self.graph.or_else(cond, is_it)?;
            }
            if cond == self.never {
                continue;
            }
            // The values of the arms are distinct, so that each condition stands for itself.
            let mut then = state.clone();
            then.path.push(&mut self.graph, cond)?;
            stores.push((cond, self.stores.len()));
            states.extend(self.block(&arm.body, then)?.map(|end| (cond, end)));
            self.checked.truncate(checked);
            if cond == self.always {
                otherwise = None;
                break;
            }
            let not = self.graph.not(cond)?;
            if let Some(otherwise) = &mut otherwise {
                otherwise.path.push(&mut self.graph, not)?;
            }
        }
        match (default, otherwise) {
            (Some(default), Some(state)) => {
                stores.push((self.always, self.stores.len()));
                states.extend(self.block(default, state)?.map(|end| (self.always, end)));
                self.checked.truncate(checked);
            }
            // Nothing to choose from, as a process may have that never runs.
            (None, Some(state)) if arms.is_empty() => states.push((self.always, state)),
            (None, Some(_)) | (_, None) => {}
        }
        self.join_stores(&stores)?;
        self.meet(base, states, left)
    }

    fn is_value(&mut self, subject: ExprId, value: &Value) -> Result<ExprId, Reason> {
        let span = self.graph.exprs.span(subject);
        let ty = match (value, self.graph.exprs.ty(subject)) {
            (Value::Bool(true), _) => return Ok(subject),
            (Value::Bool(false), _) => return self.graph.not(subject),
            (Value::Int(int), _) => Type::Int(Range::exactly(int.clone())),
            (_, ty) => ty.clone(),
        };
        let value = self.graph.constant(value.clone(), ty, span)?;
        self.graph.op(Op::Eq, &[subject, value], span)
    }

    fn count(
        &mut self,
        label: LabelId,
        var: VarId,
        [start, stop, step]: [&Int; 3],
        body: &[Stmt],
        state: State,
        span: Span,
    ) -> After {
        let (base, left) = (state.path.len(), self.exits.len());
        let mut state = Some(state);
        let mut counter = start.clone();
        while if step.is_negative() { counter > *stop } else { counter < *stop } {
            let Some(mut turn) = state.take() else { break };
            let value = self.graph.int(counter.clone(), span)?;
            turn.vars[var.index()] = Slot { value: Some(value), set: self.always };
            state = self.turn(label, body, turn)?;
            counter = counter.add(step);
        }
        let broken = self.take_exits(Target::Break(label), left);
        self.meet_after(base, broken, state, left)
    }

    /// One turn of a loop.
    fn turn(&mut self, label: LabelId, body: &[Stmt], state: State) -> After {
        self.turns += 1;
        if self.turns > self.around.limits.turns {
            return Err(Reason::Loop.into());
        }
        let (base, left) = (state.path.len(), self.exits.len());
        let end = self.block(body, state)?;
        let continued = self.take_exits(Target::Continue(label), left);
        self.meet_after(base, continued, end, left)
    }

    fn repeat(&mut self, label: LabelId, cond: ExprId, body: &[Stmt], state: State, span: Span) -> After {
        let (base, left) = (state.path.len(), self.exits.len());
        let checked = self.checked.len();
        let mut state = Some(state);
        let mut end = None;
        while let Some(mut turn) = state.take() {
            self.begin();
            let cond = self.evaluated(&turn, cond, span)?;
            match self.graph.as_bool(cond) {
                Some(false) => {
                    end = Some(turn);
                    break;
                }
                Some(true) => {}
                None => {
                    let mut done = turn.clone();
                    let not = self.graph.not(cond)?;
                    done.path.push(&mut self.graph, not)?;
                    // As if the loop were left by a `break` there.
                    self.exits.push((Target::Break(label), done));
                    turn.path.push(&mut self.graph, cond)?;
                }
            }
            state = self.turn(label, body, turn)?;
        }
        self.checked.truncate(checked);
        let broken = self.take_exits(Target::Break(label), left);
        self.meet_after(base, broken, end, left)
    }

    /// Makes one store of stores on different branches into parts of the same form. `branches` are the conditions, tested in order,
    /// with the number of the first store of each branch.
    fn join_stores(&mut self, branches: &[(ExprId, usize)]) -> Result<(), Reason> {
        let Some(&(_, first)) = branches.first() else { return Ok(()) };
        if self.stores.len() == first {
            return Ok(());
        }
        let mut rest: Vec<PartStore> = Vec::new();
        for (number, &(cond, start)) in branches.iter().enumerate().rev() {
            let own: Vec<PartStore> = self.stores.drain(start..).collect();
            rest = if number + 1 == branches.len() { own } else { self.joined(cond, own, rest)? };
        }
        self.stores.extend(rest);
        Ok(())
    }

    fn joined(
        &mut self,
        cond: ExprId,
        own: Vec<PartStore>,
        rest: Vec<PartStore>,
    ) -> Result<Vec<PartStore>, Reason> {
        let mut all = Vec::new();
        let mut rest = rest.into_iter().peekable();
        for store in own {
            match rest.next_if(|other| has_form_of(&store, other)) {
                Some(other) => match self.joined_store(cond, &store, &other)? {
                    Some(both) => all.push(both),
                    None => all.extend([store, other]),
                },
                None => all.push(store),
            }
        }
        all.extend(rest);
        Ok(all)
    }

    fn joined_store(
        &mut self,
        cond: ExprId,
        one: &PartStore,
        other: &PartStore,
    ) -> Result<Option<PartStore>, Reason> {
        let guard = self.graph.or_else(one.guard, other.guard)?;
        let mut path = Vec::with_capacity(one.path.len());
        for steps in one.path.iter().zip(&other.path) {
            path.push(match steps {
                (Projection::Index(a), Projection::Index(b)) => {
                    Projection::Index(self.graph.mux(cond, *a, *b)?)
                }
                (Projection::Bit(a), Projection::Bit(b)) => Projection::Bit(self.graph.mux(cond, *a, *b)?),
                (Projection::Slice { low: a, width }, Projection::Slice { low: b, .. }) => {
                    Projection::Slice { low: self.graph.mux(cond, *a, *b)?, width: *width }
                }
                (Projection::Field(number), _) => Projection::Field(*number),
                (Projection::Index(_) | Projection::Bit(_) | Projection::Slice { .. }, _) => return Ok(None),
            });
        }
        let value = self.graph.choose(cond, one.value, other.value)?;
        Ok(Some(PartStore { guard, path, value, ..one.clone() }))
    }
}

/// Whether both stores are into the same part but for what is computed.
fn has_form_of(one: &PartStore, other: &PartStore) -> bool {
    one.net == other.net
        && one.path.len() == other.path.len()
        && one.path.iter().zip(&other.path).all(|steps| match steps {
            (Projection::Index(_), Projection::Index(_)) | (Projection::Bit(_), Projection::Bit(_)) => true,
            (Projection::Slice { width: a, .. }, Projection::Slice { width: b, .. }) => a == b,
            (Projection::Field(a), Projection::Field(b)) => a == b,
            (
                Projection::Index(_) | Projection::Field(_) | Projection::Bit(_) | Projection::Slice { .. },
                _,
            ) => false,
        })
}
