//! Assignments and stores: the new value of their target, and what is evaluated for its faults.

use super::Reason;
use super::part::{Shape, Step, fitted, is_held, part_is_held, replaced};
use super::state::{Slot, State};
use super::writer::{PartStore, Stop, Writer};
use pyhw_diagnostics::Span;
use pyhw_ir::{
    ExprId, ExprKind, NetId, NetKind, Op, Place, Projection, Root, Stmt, StmtKind, Type, Var, VarId,
};
use std::collections::BTreeSet;

impl Writer<'_> {
    /// A statement under the conditions that led here.
    pub fn check(&mut self, state: &State, kind: StmtKind, span: Span) {
        self.checks.push((state.path.guard(), Stmt::new(kind, span)));
    }

    /// An expression that is needed in itself: a condition, say. Its faults are looked for.
    pub fn evaluated(&mut self, state: &State, root: ExprId, span: Span) -> Result<ExprId, Reason> {
        let value = self.value(state, root)?;
        if !self.must_look(&[value]) {
            return Ok(value);
        }
        self.copy_unset(state, span)?;
        let unset = self.unset.clone();
        let looked_at = self.with_copies(state, root, &unset)?;
        let ty = self.graph.exprs.ty(looked_at).clone();
        let place = self.scratch("checked", &ty, false, span);
        self.check(state, StmtKind::Assign { place: Place::var(place), value: looked_at }, span);
        self.checked.push(value);
        Ok(value)
    }

    /// Whether evaluating the expressions of the statement at hand may be a fault that was not looked for yet.
    fn must_look(&self, roots: &[ExprId]) -> bool {
        !self.unset.is_empty()
            || roots.iter().any(|root| self.graph.may_fault(*root) && !self.checked.contains(root))
    }

    /// A variable of the new body to evaluate something into.
    fn scratch(&mut self, name: &str, ty: &Type, wraps: bool, span: Span) -> VarId {
        let is_free = |(index, var): (usize, &Var)| {
            let id = VarId::new(index);
            let is_it = var.name == name && var.ty == *ty && var.wraps == wraps;
            (is_it && !self.copies.values().any(|copy| *copy == id)).then_some(id)
        };
        match self.vars.iter().enumerate().find_map(is_free) {
            Some(var) => var,
            None => self.add_var(Var { name: name.to_owned(), ty: ty.clone(), wraps, span }),
        }
    }

    /// Gives the variables that may be unset to their copies, where they are set.
    pub fn copy_unset(&mut self, state: &State, span: Span) -> Result<(), Reason> {
        for var in self.unset.clone() {
            self.copy(state, var, span)?;
        }
        Ok(())
    }

    /// Gives a variable to its copy, where it is set.
    pub fn copy(&mut self, state: &State, var: VarId, span: Span) -> Result<(), Reason> {
        let Slot { value, set } = state.vars[var.index()];
        let copy = self.copy_of(var);
        let value = match value {
            Some(value) => value,
            None => self.graph.any_value(&self.body.var(var).ty)?,
        };
        // Where it is set on no path, that is for the verifier to see: there is a way that is never taken.
        let set = if state.path.implies(set) { self.always } else { set };
        let guard = self.graph.and_then(state.path.guard(), set)?;
        self.checks.push((guard, Stmt::new(StmtKind::Assign { place: Place::var(copy), value }, span)));
        Ok(())
    }

    pub fn store(&mut self, state: &mut State, place: &Place, value: ExprId, span: Span) -> Result<(), Stop> {
        self.begin();
        let new = self.value(state, value)?;
        let mut path = Vec::with_capacity(place.path.len());
        for step in &place.path {
            path.push(match step {
                Projection::Index(at) => Projection::Index(self.value(state, *at)?),
                Projection::Bit(at) => Projection::Bit(self.value(state, *at)?),
                Projection::Slice { low, width } => {
                    Projection::Slice { low: self.value(state, *low)?, width: *width }
                }
                Projection::Field(number) => Projection::Field(*number),
            });
        }
        let stored = Stored { value, new, place, path, span };
        match place.root {
            Root::Var(var) => self.assign(state, var, &stored),
            Root::Net(net) => {
                self.spans.entry(net).or_insert(span);
                if !state.order.contains(&net) {
                    state.order.push(net);
                }
                match self.followed[net.index()] {
                    Some(at) => self.follow(state, net, at, stored),
                    None => self.keep(state, net, stored),
                }
            }
        }
    }

    fn assign(&mut self, state: &mut State, var: VarId, stored: &Stored<'_>) -> Result<(), Stop> {
        let body = self.body;
        let declared = body.var(var);
        let shape = Shape { ty: &declared.ty, wraps: declared.wraps };
        let slot = state.vars[var.index()];
        if !stored.path.is_empty() && !state.path.implies(slot.set) {
            // A store into a part needs the rest.
            self.unset.insert(var);
        }
        let base = match slot.value {
            Some(value) => value,
            None => self.graph.any_value(&declared.ty)?,
        };
        self.look_at(state, &declared.name, base, shape, stored, Some(var))?;
        let value = replaced(&mut self.graph, base, stored.new, shape, &stored.path)?;
        state.vars[var.index()] = Slot { value: Some(value), set: self.always };
        Ok(())
    }

    /// A store into a net whose next value is followed.
    fn follow(&mut self, state: &mut State, net: NetId, at: usize, stored: Stored<'_>) -> Result<(), Stop> {
        let is_computed = |step: &Projection| match step {
            Projection::Index(at) => self.graph.as_int(*at).is_none(),
            Projection::Field(_) | Projection::Bit(_) | Projection::Slice { .. } => false,
        };
        if stored.path.iter().any(is_computed) {
            return Err(Stop::Memory(net));
        }
        let declared = self.around.module.net(net);
        let shape = Shape { ty: &declared.ty, wraps: declared.wraps };
        let base = match state.nets[at].value {
            Some(value) => value,
            None => self.graph.net(net, stored.span)?,
        };
        self.look_at(state, &declared.name, base, shape, &stored, None)?;
        let value = replaced(&mut self.graph, base, stored.new, shape, &stored.path)?;
        state.nets[at] = Slot { value: Some(value), set: self.always };
        Ok(())
    }

    /// Evaluates a store for its faults, into a variable like its target that holds what that holds before it.
    fn look_at(
        &mut self,
        state: &State,
        name: &str,
        base: ExprId,
        shape: Shape<'_>,
        stored: &Stored<'_>,
        var: Option<VarId>,
    ) -> Result<(), Stop> {
        let held = part_is_held(&self.graph, stored.new, shape, &stored.path);
        if held && !self.must_look(&stored.roots()) {
            return Ok(());
        }
        self.copy_unset(state, stored.span)?;
        let (value, path) = self.looked_at(state, stored)?;
        let target = match var {
            Some(var) if self.unset.contains(&var) && !path.is_empty() => self.copy_of(var),
            Some(_) | None => {
                let target = self.scratch(name, shape.ty, shape.wraps, stored.span);
                if !path.is_empty() {
                    let kind = StmtKind::Assign { place: Place::var(target), value: base };
                    self.check(state, kind, stored.span);
                }
                target
            }
        };
        let place = Place { path, ..Place::var(target) };
        self.check(state, StmtKind::Assign { place, value }, stored.span);
        self.checked.extend(stored.roots());
        Ok(())
    }

    /// The expressions of a store with copies of what may be unset.
    fn looked_at(&mut self, state: &State, stored: &Stored<'_>) -> Result<(ExprId, Vec<Projection>), Reason> {
        let unset = self.unset.clone();
        let value = self.with_copies(state, stored.value, &unset)?;
        let mut path = Vec::with_capacity(stored.path.len());
        for step in &stored.place.path {
            path.push(match step {
                Projection::Index(at) => Projection::Index(self.with_copies(state, *at, &unset)?),
                Projection::Bit(at) => Projection::Bit(self.with_copies(state, *at, &unset)?),
                Projection::Slice { low, width } => {
                    Projection::Slice { low: self.with_copies(state, *low, &unset)?, width: *width }
                }
                Projection::Field(number) => Projection::Field(*number),
            });
        }
        Ok((value, path))
    }

    /// A store into a net whose next value is not followed: it stays a store, and its faults are looked for before.
    fn keep(&mut self, state: &State, net: NetId, stored: Stored<'_>) -> Result<(), Stop> {
        let declared = self.around.module.net(net);
        let whole = Shape { ty: &declared.ty, wraps: declared.wraps };
        let held = part_is_held(&self.graph, stored.new, whole, &stored.path);
        let may_be_z = match declared.kind {
            NetKind::Signal | NetKind::Delayed(_) => false,
            NetKind::TriState | NetKind::Driver(_) => true,
        };
        let look = !held || self.must_look(&stored.roots());
        if look && may_be_z {
            // No variable holds `z`, so that nothing can be tried out before the store.
            return Err(Reason::TriState.into());
        }
        if look {
            self.look_at_part(state, net, &stored)?;
        }
        // What is next in the rest of the net is not known, so that only stores that never fault can change a part of an integer.
        let (leaf, tail) = leaf(self.around.types, whole, &stored.path).ok_or(Reason::Part)?;
        let value = match tail.is_empty() {
            true if may_be_z || leaf.wraps => stored.new,
            true => fitted(&mut self.graph, stored.new, leaf)?,
            false if part_is_held(&self.graph, stored.new, leaf, tail) => stored.new,
            false if leaf.wraps || self.is_whole_power(leaf, tail) => stored.new,
            false => return Err(Reason::Part.into()),
        };
        let guard = state.path.guard();
        self.stores.push(PartStore { net, guard, path: stored.path, value, span: stored.span });
        Ok(())
    }

    /// Whether only the value or the place of these bits can be a fault, and not what the whole becomes.
    fn is_whole_power(&mut self, leaf: Shape<'_>, tail: &[Step]) -> bool {
        let Ok(zero) = self.graph.int(0i64, Span::NONE) else { return false };
        let Ok(bit) = self.graph.bool(false) else { return false };
        match tail {
            [Step::Bit(_)] => part_is_held(&self.graph, bit, leaf, tail),
            [Step::Slice { .. }] => part_is_held(&self.graph, zero, leaf, tail),
            _ => false,
        }
    }

    /// Evaluates a store into a part of a net for its faults without copying the net: its indices first, then what they lead to.
    fn look_at_part(&mut self, state: &State, net: NetId, stored: &Stored<'_>) -> Result<(), Stop> {
        let declared = self.around.module.net(net);
        self.copy_unset(state, stored.span)?;
        let (value, path) = self.looked_at(state, stored)?;
        // Value and indices are evaluated before the place is looked for.
        self.look_at_root(state, value, stored.span)?;
        for step in &path {
            match step {
                Projection::Index(at) | Projection::Bit(at) | Projection::Slice { low: at, .. } => {
                    self.look_at_root(state, *at, stored.span)?;
                }
                Projection::Field(_) => {}
            }
        }
        let mut shape = Shape { ty: &declared.ty, wraps: declared.wraps };
        let mut at = self.graph.net(net, stored.span)?;
        let mut passed = 0;
        for step in &path {
            let (op, args, ty) = match (step, shape.ty) {
                (Step::Index(index), Type::Array(element, _)) => (Op::Index, vec![at, *index], &**element),
                (Step::Field(number), Type::Struct(of)) => {
                    let fields = self.around.types.structs.get(of.index()).map(|of| &of.fields);
                    let field = fields.and_then(|fields| fields.get(*number as usize));
                    (Op::Field { index: *number }, vec![at], &field.ok_or(Reason::Part)?.1)
                }
                (Step::Bit(_) | Step::Slice { .. }, _) => break,
                (Step::Index(_) | Step::Field(_), _) => return Err(Reason::Part.into()),
            };
            at = self.graph.op(op, &args, stored.span)?;
            shape = Shape { ty, ..shape };
            passed += 1;
        }
        // The place is found before the value is checked.
        if passed > 0 && self.graph.may_fault(at) {
            let target = self.scratch("checked", shape.ty, false, stored.span);
            self.check(state, StmtKind::Assign { place: Place::var(target), value: at }, stored.span);
        }
        let target = self.scratch(&declared.name, shape.ty, shape.wraps, stored.span);
        let rest = path[passed..].to_vec();
        if !rest.is_empty() {
            let zero = self.graph.any_value(shape.ty)?;
            self.check(state, StmtKind::Assign { place: Place::var(target), value: zero }, stored.span);
        }
        let place = Place { path: rest, ..Place::var(target) };
        self.check(state, StmtKind::Assign { place, value }, stored.span);
        Ok(())
    }

    /// Evaluates an expression of the new graph for its faults.
    fn look_at_root(&mut self, state: &State, value: ExprId, span: Span) -> Result<(), Stop> {
        if !self.graph.may_fault(value) || self.checked.contains(&value) {
            return Ok(());
        }
        let ty = self.graph.exprs.ty(value).clone();
        if !is_held(&self.graph, value, Shape { ty: &ty, wraps: false }) {
            // To keep a struct is to check its fields, and that comes later.
            return Err(Reason::Part.into());
        }
        let target = self.scratch("checked", &ty, false, span);
        self.check(state, StmtKind::Assign { place: Place::var(target), value }, span);
        Ok(())
    }

    /// Every variable that an expression of the old body reads.
    pub fn variables(&self, root: ExprId) -> BTreeSet<VarId> {
        let mut found = BTreeSet::new();
        self.body.exprs.walk(root, &mut |id| {
            if let ExprKind::Var(var) = self.body.exprs.kind(id) {
                found.insert(*var);
            }
        });
        found
    }
}

/// A store while it is written.
pub(super) struct Stored<'a> {
    /// The value in the old body.
    value: ExprId,
    /// The value in the new graph.
    new: ExprId,
    place: &'a Place,
    /// The way to the part in the new graph.
    path: Vec<Projection>,
    span: Span,
}

impl Stored<'_> {
    fn roots(&self) -> Vec<ExprId> {
        let mut roots = vec![self.new];
        for step in &self.path {
            match step {
                Projection::Index(at) | Projection::Bit(at) => roots.push(*at),
                Projection::Slice { low, .. } => roots.push(*low),
                Projection::Field(_) => {}
            }
        }
        roots
    }
}

/// The element or field that the path leads to, and the bits of it that are left.
fn leaf<'a, 'p>(
    types: &'a pyhw_ir::Types,
    shape: Shape<'a>,
    path: &'p [Step],
) -> Option<(Shape<'a>, &'p [Step])> {
    let Some((step, rest)) = path.split_first() else { return Some((shape, path)) };
    match (step, shape.ty) {
        (Step::Index(_), Type::Array(element, _)) => leaf(types, Shape { ty: element, ..shape }, rest),
        (Step::Field(number), Type::Struct(of)) => {
            let (_, ty) = types.structs.get(of.index())?.fields.get(*number as usize)?;
            leaf(types, Shape { ty, ..shape }, rest)
        }
        (Step::Bit(_) | Step::Slice { .. }, Type::Int(_)) => Some((shape, path)),
        (Step::Index(_) | Step::Field(_) | Step::Bit(_) | Step::Slice { .. }, _) => None,
    }
}
