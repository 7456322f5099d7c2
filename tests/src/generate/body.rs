//! Random bodies of processes: statements that have no fault and, in combinational processes, drive every target.

use super::expr::{ExprGen, Leaf, kind_of, random_value};
use super::names::Names;
use super::rng::Rng;
use super::weights::{Kind, Menu};
use pyhw_diagnostics::Span;
use pyhw_ir::{
    Body, ExprId, ExprKind, Int, LabelId, Net, NetId, Place, Projection, Range, Root, Stmt, StmtKind,
    SwitchArm, Type, Types, Value, Var, VarId,
};

/// What a body is made in.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// The types of the design.
    pub types: &'a Types,
    /// The nets of the module.
    pub nets: &'a [Net],
    /// The operators with their weights.
    pub menu: &'a Menu,
}

/// Makes the body of one process.
pub struct BodyGen<'a> {
    around: Around<'a>,
    rng: Rng,
    names: Names,
    body: Body,
    leaves: Vec<Leaf>,
    targets: Vec<NetId>,
    /// Variables that have a value here and may be given another.
    assignable: Vec<VarId>,
    /// Labels around, and whether they are loops.
    open: Vec<(LabelId, bool)>,
    /// How many more statements there may be.
    budget: usize,
    /// How deep expressions nest.
    depth: usize,
}

fn stmt(kind: StmtKind) -> Stmt {
    Stmt::new(kind, Span::NONE)
}

fn only_if(cond: ExprId, body: Vec<Stmt>) -> Stmt {
    stmt(StmtKind::If { arms: vec![(cond, body)], orelse: Vec::new() })
}

impl<'a> BodyGen<'a> {
    /// A body that reads some nets and stores into others.
    pub fn new(around: Around<'a>, mut rng: Rng, readable: &[NetId], targets: &[NetId]) -> BodyGen<'a> {
        let leaf = |&net: &NetId| Leaf { kind: ExprKind::Net(net), ty: around.nets[net.index()].ty.clone() };
        let depth = rng.between(2, 4);
        BodyGen {
            around,
            names: Names::new(&mut rng),
            body: Body::default(),
            leaves: readable.iter().map(leaf).collect(),
            targets: targets.to_vec(),
            assignable: Vec::new(),
            open: Vec::new(),
            budget: rng.between(3, 12),
            depth,
            rng,
        }
    }

    fn exprs(&mut self) -> ExprGen<'_> {
        ExprGen {
            rng: &mut self.rng,
            menu: self.around.menu,
            types: self.around.types,
            exprs: &mut self.body.exprs,
            leaves: &self.leaves,
        }
    }

    fn net(&self, id: NetId) -> &'a Net {
        &self.around.nets[id.index()]
    }

    /// The body of a clocked process: stores happen or not.
    pub fn clocked(mut self) -> Body {
        let mut stmts = Vec::new();
        for target in self.targets.clone() {
            // At least one store, or the net had no driver; often under a condition, as registers have it.
            let store = self.store(target);
            if self.rng.once_in(2) {
                let cond = self.condition();
                stmts.push(only_if(cond, store));
            } else {
                stmts.extend(store);
            }
            if let Type::Enum(_) = self.net(target).ty
                && self.rng.once_in(2)
            {
                let machine = self.machine(target);
                stmts.push(machine);
            }
        }
        let more = self.stmts(3, false);
        stmts.extend(more);
        self.finish(stmts)
    }

    /// The body of a combinational process: each target is stored on each path.
    pub fn comb(mut self) -> Body {
        let targets = self.targets.clone();
        if let [target] = targets[..]
            && self.rng.percent(60)
        {
            let stmts = match self.rng.below(3) {
                0 | 1 => vec![self.whole_store(target, self.depth)],
                _ => vec![self.chain(target)],
            };
            return self.finish(stmts);
        }
        let mut stmts: Vec<Stmt> = targets.iter().map(|&target| self.whole_store(target, 1)).collect();
        let more = self.stmts(3, false);
        stmts.extend(more);
        self.finish(stmts)
    }

    fn finish(mut self, stmts: Vec<Stmt>) -> Body {
        self.body.stmts = stmts;
        self.body.compact()
    }

    fn whole_store(&mut self, target: NetId, depth: usize) -> Stmt {
        let net = self.net(target);
        let value = self.stored(&net.ty, net.wraps, depth);
        stmt(StmtKind::Next { place: Place::net(target), value })
    }

    /// A value for a place of this type.
    fn stored(&mut self, ty: &Type, wraps: bool, depth: usize) -> ExprId {
        match ty {
            Type::Int(range) => {
                let value = self.exprs().int(depth);
                if wraps { value } else { self.exprs().fit_in_time(range, value) }
            }
            _ => self.exprs().value(ty, depth),
        }
    }

    /// `if … elif … else` or a switch in which each way stores the target.
    fn chain(&mut self, target: NetId) -> Stmt {
        if self.rng.once_in(2)
            && let Some((subject, groups, rest)) = self.cases()
        {
            let depth = self.depth - 1;
            let arms = groups
                .into_iter()
                .map(|values| SwitchArm { values, body: vec![self.whole_store(target, depth)] })
                .collect();
            let default = rest.then(|| vec![self.whole_store(target, depth)]);
            return stmt(StmtKind::Switch { subject, arms, default });
        }
        let count = self.rng.between(1, 3);
        let mut arms = Vec::new();
        for _ in 0..count {
            let cond = self.condition();
            arms.push((cond, vec![self.whole_store(target, 2)]));
        }
        let orelse = vec![self.whole_store(target, 2)];
        stmt(StmtKind::If { arms, orelse })
    }

    fn condition(&mut self) -> ExprId {
        let depth = self.depth - 1;
        self.exprs().bool(depth)
    }

    /// A state machine over an enum net: a switch over it that stores it.
    fn machine(&mut self, state: NetId) -> Stmt {
        let ty = self.net(state).ty.clone();
        let &Type::Enum(id) = &ty else { return self.whole_store(state, 1) };
        let count = self.around.types.enums[id.index()].members.len() as u32;
        let subject = self.body.exprs.net(state, &ty, Span::NONE);
        let mut arms = Vec::new();
        for member in 0..count {
            let next = Value::Enum((member + 1 + self.rng.below(2) as u32) % count);
            let value = self.body.exprs.constant(next, ty.clone(), Span::NONE);
            let go = stmt(StmtKind::Next { place: Place::net(state), value });
            let mut body = Vec::new();
            if self.rng.once_in(2) {
                body.push(go);
            } else {
                let cond = self.condition();
                body.push(only_if(cond, vec![go]));
            }
            if self.rng.once_in(2) && self.budget > 0 {
                let more = self.any_store();
                body.extend(more);
            }
            arms.push(SwitchArm { values: vec![Value::Enum(member)], body });
        }
        let default = self.rng.once_in(2).then(|| {
            arms.pop();
            vec![self.whole_store(state, 1)]
        });
        if arms.is_empty() {
            return self.whole_store(state, 1);
        }
        stmt(StmtKind::Switch { subject, arms, default })
    }

    fn any_store(&mut self) -> Vec<Stmt> {
        self.budget = self.budget.saturating_sub(1);
        let target = *self.rng.pick(&self.targets);
        self.store(target)
    }

    /// Statements that can stand anywhere. `may_leave`: they are one way of a branch, and may end with a jump.
    fn stmts(&mut self, depth: usize, may_leave: bool) -> Vec<Stmt> {
        let (leaves, assignable) = (self.leaves.len(), self.assignable.len());
        let mut stmts = Vec::new();
        for _ in 0..self.rng.between(1, 3) {
            if self.budget == 0 {
                break;
            }
            self.budget -= 1;
            let made = self.stmt(depth);
            stmts.extend(made);
        }
        if stmts.is_empty() {
            let store = self.any_store();
            stmts.extend(store);
        }
        if may_leave && self.rng.once_in(5) {
            stmts.extend(self.jump());
        }
        self.leaves.truncate(leaves);
        self.assignable.truncate(assignable);
        stmts
    }

    fn jump(&mut self) -> Option<Stmt> {
        if self.open.is_empty() || self.rng.once_in(8) {
            return self.rng.once_in(2).then(|| stmt(StmtKind::Return));
        }
        let (label, is_loop) = *self.rng.pick(&self.open);
        let goes_on = is_loop && self.rng.once_in(2);
        Some(stmt(if goes_on { StmtKind::Continue(label) } else { StmtKind::Break(label) }))
    }

    fn stmt(&mut self, depth: usize) -> Vec<Stmt> {
        let nested = |weight: u32| if depth > 0 { weight } else { 0 };
        let update = if self.assignable.is_empty() { 0 } else { 5 };
        match self.rng.weighted([9, 3, update, nested(5), nested(3), nested(3), nested(1)]) {
            0 => self.any_store(),
            1 => vec![self.declare()],
            2 => self.update(),
            3 => vec![self.branch(depth)],
            4 => vec![self.switch(depth)],
            5 => vec![self.count(depth)],
            _ => {
                let label = self.label("part");
                self.open.push((label, false));
                let cond = self.condition();
                let mut body = self.stmts(depth - 1, false);
                let leave = only_if(cond, vec![stmt(StmtKind::Break(label))]);
                let at = self.rng.below(body.len() + 1);
                body.insert(at, leave);
                self.open.pop();
                vec![stmt(StmtKind::Block { label, body })]
            }
        }
    }

    fn label(&mut self, name: &str) -> LabelId {
        let name = if self.rng.once_in(3) { self.names.any(&mut self.rng) } else { name.to_owned() };
        self.body.add_label(name)
    }

    /// A new variable with its first value.
    fn declare(&mut self) -> Stmt {
        let ty = match self.rng.below(10) {
            0 | 1 => Type::Bool,
            2 if !self.around.types.enums.is_empty() => {
                super::module::enum_type(self.around.types, &mut self.rng)
            }
            3 if !self.around.types.structs.is_empty() => {
                super::module::struct_type(self.around.types, &mut self.rng)
            }
            4 => Type::Array(Box::new(Type::Int(self.rng.range(16))), self.rng.between(1, 5) as u32),
            _ => Type::Int(self.rng.range(130)),
        };
        let wraps = matches!(ty, Type::Int(_) | Type::Array(..)) && self.rng.once_in(4);
        let name = self.names.any(&mut self.rng);
        let value = self.stored(&ty, wraps, self.depth - 1);
        let var = self.body.add_var(Var { name, ty: ty.clone(), wraps, span: Span::NONE });
        self.leaves.push(Leaf { kind: ExprKind::Var(var), ty });
        self.assignable.push(var);
        stmt(StmtKind::Assign { place: Place::var(var), value })
    }

    /// Another value for a variable or a part of it.
    fn update(&mut self) -> Vec<Stmt> {
        let id = *self.rng.pick(&self.assignable);
        let Var { ty, wraps, .. } = self.body.var(id).clone();
        self.store_into(Root::Var(id), &ty, wraps)
    }

    fn store(&mut self, target: NetId) -> Vec<Stmt> {
        let net = self.net(target);
        self.store_into(Root::Net(target), &net.ty, net.wraps)
    }

    /// A store into a place or a part of it, under the condition that its index is in range where that is not known.
    fn store_into(&mut self, root: Root, whole: &Type, wraps: bool) -> Vec<Stmt> {
        let mut path = Vec::new();
        let mut guards = Vec::new();
        let mut ty = whole.clone();
        let value = loop {
            match ty.clone() {
                Type::Array(element, length) if !self.rng.once_in(10) => {
                    let (index, guard) = self.exprs().index_into(length, 1);
                    guards.extend(guard);
                    path.push(Projection::Index(index));
                    ty = *element;
                }
                Type::Struct(id) if !self.rng.once_in(3) => {
                    let fields = &self.around.types.structs[id.index()].fields;
                    let field = self.rng.below(fields.len());
                    path.push(Projection::Field(field as u32));
                    ty = fields[field].1.clone();
                }
                Type::Int(range) if self.rng.once_in(3) => match self.part(&range, wraps) {
                    Some((step, value)) => {
                        path.push(step);
                        break value;
                    }
                    None => break self.stored(&ty, wraps, self.depth),
                },
                _ => break self.stored(&ty, wraps, self.depth),
            }
        };
        let place = Place { root, path };
        let store = stmt(match root {
            Root::Net(_) => StmtKind::Next { place, value },
            Root::Var(_) => StmtKind::Assign { place, value },
        });
        guards.into_iter().fold(vec![store], |inner, guard| vec![only_if(guard, inner)])
    }

    /// A bit or slice of an integer place, with what is stored there; `None` where the whole could come to lie outside.
    fn part(&mut self, range: &Range, wraps: bool) -> Option<(Projection, ExprId)> {
        let width = range.width_bits()?;
        let usable = if *range == Range::unsigned(width) || (wraps && *range == Range::signed(width)) {
            width
        } else if *range == Range::signed(width) {
            width - 1
        } else {
            // What wraps at another size has no form in the HDLs where only a part of it is stored.
            0
        };
        if usable == 0 {
            return None;
        }
        let depth = self.depth - 1;
        if self.rng.once_in(2) {
            let at = self.low(usable - 1);
            return Some((Projection::Bit(at), self.exprs().bool(depth)));
        }
        let width = self.rng.width(usable);
        let low = self.low(usable - width);
        let value = self.exprs().int(depth);
        let value = self.exprs().fit(&Range::unsigned(width), value);
        Some((Projection::Slice { low, width }, value))
    }

    /// A constant or computed number from 0 to `most`.
    fn low(&mut self, most: u32) -> ExprId {
        let range = Range::new(0i64, i64::from(most));
        let mut exprs = self.exprs();
        if exprs.rng.once_in(2) {
            let value = exprs.rng.member(&range);
            return exprs.constant(value);
        }
        let value = exprs.int(1);
        exprs.fit(&range, value)
    }

    fn branch(&mut self, depth: usize) -> Stmt {
        let count = *self.rng.pick(&[1, 1, 1, 2, 3]);
        let mut arms = Vec::new();
        for _ in 0..count {
            let cond = self.condition();
            arms.push((cond, self.stmts(depth - 1, true)));
        }
        let orelse = if self.rng.once_in(2) { self.stmts(depth - 1, true) } else { Vec::new() };
        stmt(StmtKind::If { arms, orelse })
    }

    fn switch(&mut self, depth: usize) -> Stmt {
        let Some((subject, groups, rest)) = self.cases() else { return self.branch(depth) };
        let arms = groups
            .into_iter()
            .map(|values| {
                let body = if self.rng.once_in(8) { Vec::new() } else { self.stmts(depth - 1, true) };
                SwitchArm { values, body }
            })
            .collect();
        let default =
            rest.then(|| if self.rng.once_in(4) { Vec::new() } else { self.stmts(depth - 1, true) });
        stmt(StmtKind::Switch { subject, arms, default })
    }

    /// The subject of a switch, the values of its arms, and whether a default is to be there.
    fn cases(&mut self) -> Option<(ExprId, Vec<Vec<Value>>, bool)> {
        let kinds = [Type::Bool, super::module::enum_type(self.around.types, &mut self.rng)];
        let subject = match self.rng.below(6) {
            0 => self.exprs().value(&kinds[0], 1),
            1..=3 if kind_of(&kinds[1]) == Kind::Enum => self.exprs().value(&kinds[1], 1),
            _ => {
                let mut exprs = self.exprs();
                let value = exprs.int(2);
                match exprs.rng.below(3) {
                    0 => value,
                    _ => {
                        let width = exprs.rng.between(1, 4) as u32;
                        exprs.fit(&Range::unsigned(width), value)
                    }
                }
            }
        };
        let ty = self.body.exprs.ty(subject).clone();
        let all: Option<Vec<Value>> = match &ty {
            Type::Bool => Some(vec![Value::Bool(false), Value::Bool(true)]),
            Type::Enum(id) => {
                let count = self.around.types.enums[id.index()].members.len() as u32;
                Some((0..count).map(Value::Enum).collect())
            }
            Type::Int(range) => match (range.bounds(), range.size().and_then(|size| size.to_usize())) {
                (Some((min, _)), Some(size)) if size <= 8 => {
                    Some((0..size).map(|offset| Value::Int(min.add(&Int::from(offset)))).collect())
                }
                _ => None,
            },
            Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => return None,
        };
        let (mut values, covers) = match all {
            Some(all) => (all, self.rng.once_in(2)),
            None => {
                let mut some: Vec<Value> = Vec::new();
                for _ in 0..self.rng.between(1, 5) {
                    let value = random_value(&ty, self.around.types, &mut self.rng);
                    if !some.contains(&value) {
                        some.push(value);
                    }
                }
                (some, false)
            }
        };
        for index in (1..values.len()).rev() {
            values.swap(index, self.rng.below(index + 1));
        }
        if !covers && values.len() > 1 {
            values.truncate(self.rng.between(1, values.len() - 1));
        }
        let mut groups: Vec<Vec<Value>> = Vec::new();
        for value in values {
            match groups.last_mut() {
                Some(group) if self.rng.once_in(4) => group.push(value),
                _ => groups.push(vec![value]),
            }
        }
        let rest = !covers || self.rng.once_in(6);
        Some((subject, groups, rest))
    }

    /// A loop that counts.
    fn count(&mut self, depth: usize) -> Stmt {
        let step = *self.rng.pick(&[1i64, 1, 1, 2, 3, -1, -1, -2]);
        let turns = *self.rng.pick(&[0i64, 1, 2, 2, 3, 3, 4, 5]);
        let start = self.rng.below(9) as i64 - 3;
        let over =
            if turns > 0 { self.rng.below(step.unsigned_abs() as usize) as i64 * step.signum() } else { 0 };
        let stop = start + step * turns - over;
        let last = start + step * (turns - 1).max(0);
        let (min, max) = (start.min(last), start.max(last));
        let ty = match self.rng.below(3) {
            0 if min >= 0 => Type::unsigned(4),
            1 => Type::signed(6),
            _ => Type::int(min, max),
        };
        let ty = if ty.range().is_some_and(|range| range.contains_range(&Range::new(min, max))) {
            ty
        } else {
            Type::int(min, max)
        };
        let name = if self.rng.once_in(2) { "i".to_owned() } else { self.names.any(&mut self.rng) };
        let var = self.body.add_var(Var { name, ty: ty.clone(), wraps: false, span: Span::NONE });
        let label = self.label("loop");
        let leaf = Leaf { kind: ExprKind::Var(var), ty };
        self.leaves.push(leaf.clone());
        self.open.push((label, true));
        let body = self.stmts(depth - 1, false);
        self.open.pop();
        self.leaves.pop();
        if turns > 0 && self.rng.once_in(3) {
            self.leaves.push(leaf);
        }
        let (start, stop, step) = (start.into(), stop.into(), step.into());
        stmt(StmtKind::For { label, var, start, stop, step, body })
    }
}
