//! What values can really stand in C variables.
//!
//! A checked store is written as a truncation: a value outside the target's interval is a fault of the design, which the
//! simulation finds. Should it happen all the same, C must not run into undefined behaviour (an index past an array, an overflow).
//! So the interval of a target is believed only if every store into it is known to fit; otherwise reads of it may be anything
//! that its bits can say, and everything computed from it follows.

use pyhw_diagnostics::{Code, Diagnostic};
use pyhw_ir::eval::apply;
use pyhw_ir::{
    Body, Design, ExprId, ExprKind, Int, Module, Net, NetId, Op, Place, ProcessBody, Projection, Range, Root,
    StmtKind, Type, Types, Value, VarId, walk_stmts,
};

/// The interval of a local without bounds: 32 bits with sign, as MyHDL has it.
pub fn unbounded() -> Range {
    Range::signed(32)
}

/// Everything that the bits of a range can say: the range itself where it is a whole power of two.
pub fn full_range(range: &Range) -> Range {
    if range.is_bounded() { range.full() } else { unbounded() }
}

/// The type with every interval replaced by what its bits can say.
pub fn widened(ty: &Type) -> Type {
    match ty {
        Type::Int(range) => Type::Int(full_range(range)),
        Type::Array(element, count) => Type::Array(Box::new(widened(element)), *count),
        Type::Bool | Type::Enum(_) | Type::Struct(_) | Type::Text | Type::Opaque => ty.clone(),
    }
}

/// Which nets and variables keep their intervals whatever happens.
#[derive(Clone, Debug)]
pub struct Bounds {
    nets: Vec<bool>,
    /// Nets that nothing drives.
    fixed: Vec<bool>,
    vars: Vec<Vec<bool>>,
    /// The type of each expression of each process, as C may see it.
    types: Vec<Vec<Type>>,
}

impl Bounds {
    /// Looks at every store of the module, again and again until nothing more is doubted. Nets that are `fixed` keep their
    /// initial values.
    ///
    /// # Errors
    /// PH0303 where an expression then needs more bits than the IR allows.
    pub fn new(design: &Design, module: &Module, fixed: &[bool]) -> Result<Bounds, Vec<Diagnostic>> {
        let body = |process: &pyhw_ir::Process| match &process.body {
            ProcessBody::Ir(body) => body.vars.len(),
            ProcessBody::Host(_) => 0,
        };
        let mut bounds = Bounds {
            nets: vec![true; module.nets.len()],
            fixed: fixed.to_vec(),
            vars: module.processes.iter().map(|process| vec![true; body(process)]).collect(),
            types: vec![Vec::new(); module.processes.len()],
        };
        let mut errors = Vec::new();
        loop {
            let mut changed = false;
            for (index, process) in module.processes.iter().enumerate() {
                let ProcessBody::Ir(body) = &process.body else { continue };
                match bounds.expr_types(design, module, index, body) {
                    Ok(types) => bounds.types[index] = types,
                    Err(error) => {
                        errors.push(*error);
                        continue;
                    }
                }
                changed |= bounds.doubt(module, index, body);
            }
            if !errors.is_empty() {
                return Err(errors);
            }
            if !changed {
                return Ok(bounds);
            }
        }
    }

    /// The type of a net as C may see it.
    pub fn net(&self, module: &Module, net: NetId) -> Type {
        let Net { ty, init, .. } = module.net(net);
        if let (true, Value::Int(value)) = (self.fixed[net.index()], init) {
            return Type::Int(Range::exactly(value.clone()));
        }
        if self.nets[net.index()] { ty.clone() } else { widened(ty) }
    }

    /// The types of a process's expressions as C may see them.
    pub fn of_process(&self, process: usize) -> &[Type] {
        &self.types[process]
    }

    fn var(&self, body: &Body, process: usize, var: VarId) -> Type {
        let ty = &body.var(var).ty;
        let is_bounded = ty.range().is_none_or(Range::is_bounded);
        if is_bounded && self.vars[process][var.index()] { ty.clone() } else { widened(ty) }
    }

    fn expr_types(
        &self,
        design: &Design,
        module: &Module,
        process: usize,
        body: &Body,
    ) -> Result<Vec<Type>, Box<Diagnostic>> {
        let exprs = &body.exprs;
        let mut types: Vec<Type> = Vec::with_capacity(exprs.len());
        for id in exprs.ids() {
            let said = exprs.ty(id);
            let ty = match exprs.kind(id) {
                // A constant of a wider type is the one value all the same.
                ExprKind::Const(Value::Int(value)) => Type::Int(Range::exactly(value.clone())),
                ExprKind::Const(_) => said.clone(),
                ExprKind::Net(net) => self.net(module, *net),
                ExprKind::Var(var) => self.var(body, process, *var),
                ExprKind::Op(op, args) => {
                    let as_said = args.iter().all(|arg| types[arg.index()] == *exprs.ty(*arg));
                    if let Some(value) = value_of(op, args, &types, &design.types) {
                        types.push(Type::Int(Range::exactly(value)));
                        continue;
                    }
                    match op {
                        // What a struct holds is believed nowhere.
                        Op::Field { .. } => widened(said),
                        Op::Refine { .. } | Op::Check { .. } if !as_said => types[args[0].index()].clone(),
                        _ if as_said => said.clone(),
                        _ => {
                            let args: Vec<&Type> = args.iter().map(|arg| &types[arg.index()]).collect();
                            op.result_type(&args, &design.types).map_err(|error| {
                                Box::new(Diagnostic::new(Code::PH0303, exprs.span(id), error.to_string()))
                            })?
                        }
                    }
                }
            };
            types.push(ty);
        }
        Ok(types)
    }

    /// Doubts every target of the process that a store may leave outside its interval; whether there was a new one.
    fn doubt(&mut self, module: &Module, process: usize, body: &Body) -> bool {
        let mut doubted: Vec<Root> = Vec::new();
        let types = &self.types[process];
        walk_stmts(&body.stmts, &mut |stmt| match &stmt.kind {
            StmtKind::Assign { place, value } | StmtKind::Next { place, value } => {
                let (ty, wraps) = match place.root {
                    Root::Net(net) => (&module.net(net).ty, module.net(net).wraps),
                    Root::Var(var) => (&body.var(var).ty, body.var(var).wraps),
                };
                if !wraps && !store_fits(ty, place, *value, types) {
                    doubted.push(place.root);
                }
            }
            StmtKind::For { var, start, stop, step, .. } => {
                let range = body.var(*var).ty.range().cloned().unwrap_or(Range::UNBOUNDED);
                if let Some(turns) = Turns::new(start, stop, step)
                    && !(range.contains(start) && range.contains(&turns.last))
                {
                    doubted.push(Root::Var(*var));
                }
            }
            _ => {}
        });
        let mut changed = false;
        for root in doubted {
            let known = match root {
                Root::Net(net) => &mut self.nets[net.index()],
                Root::Var(var) => &mut self.vars[process][var.index()],
            };
            changed |= std::mem::replace(known, false);
        }
        changed
    }
}

/// The integer that an operator gives of integers that each have one value only. C compilers would compute it, too, and see
/// where it leads.
fn value_of(op: &Op, args: &[ExprId], known: &[Type], types: &Types) -> Option<Int> {
    let arg_types: Vec<&Type> = args.iter().map(|arg| &known[arg.index()]).collect();
    let values: Vec<Value> = arg_types
        .iter()
        .map(|ty| ty.range()?.single().cloned().map(Value::Int))
        .collect::<Option<_>>()
        .filter(|values: &Vec<Value>| !values.is_empty())?;
    let value = apply(op, &values.iter().collect::<Vec<_>>(), &arg_types, types).ok()?;
    value.as_int().cloned()
}

/// The turns of a counting loop that has any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turns {
    /// The counter's value in the last turn.
    pub last: Int,
    /// What the counter would be after it.
    pub end: Int,
}

impl Turns {
    /// `None` for a loop without turns.
    pub fn new(start: &Int, stop: &Int, step: &Int) -> Option<Turns> {
        let way = if step.is_negative() { start.sub(stop) } else { stop.sub(start) };
        if way <= Int::ZERO {
            return None;
        }
        let count = way.sub(&Int::ONE).floor_div(&step.abs())?;
        let last = start.add(&count.mul(step));
        Some(Turns { end: last.add(step), last })
    }
}

/// Whether the store certainly leaves every integer of the target inside its interval.
fn store_fits(ty: &Type, place: &Place, value: ExprId, types: &[Type]) -> bool {
    let mut ty = ty;
    for step in &place.path {
        match (step, ty) {
            (Projection::Index(_), Type::Array(element, _)) => ty = element,
            (Projection::Bit(_) | Projection::Slice { .. }, Type::Int(range)) => return range.is_full(),
            // Structs are believed nowhere, so that nothing rests on what is stored into them.
            _ => return true,
        }
    }
    value_fits(ty, &types[value.index()])
}

fn value_fits(target: &Type, value: &Type) -> bool {
    match (target, value) {
        (Type::Int(target), Type::Int(value)) => target.is_full() || target.contains_range(value),
        (Type::Array(target, _), Type::Array(value, _)) => value_fits(target, value),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_turns_of_a_loop_end_where_the_bound_is_reached_or_passed() {
        let turns = |start: i64, stop: i64, step: i64| {
            Turns::new(&start.into(), &stop.into(), &step.into())
                .map(|turns| (turns.last.to_i64().unwrap(), turns.end.to_i64().unwrap()))
        };
        assert_eq!(turns(0, 8, 1), Some((7, 8)));
        assert_eq!(turns(0, 8, 3), Some((6, 9)));
        assert_eq!(turns(7, -1, -1), Some((0, -1)));
        assert_eq!(turns(3, 3, 1), None);
        assert_eq!(turns(3, 5, -1), None);
    }
}
