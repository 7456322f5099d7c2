//! Making a design smaller, one edit at a time.
//!
//! [`edits`] lists what could be left out or made simpler, what takes most away first; [`apply`] does one of them and gives a
//! design that is still sound, or nothing. Whether the smaller design still shows a fault is for the caller to find out.

mod clean;
mod rebuild;

pub use clean::Cleaning;
use clean::{clean, drop_instance, is_sound, replace_stmt};
use pyhw_ir::{
    Body, Design, Direction, ExprId, ExprKind, Int, Module, ModuleId, NetId, Place, ProcessBody, ProcessKind,
    Range, Stmt, StmtKind, Type, Value, walk_stmts,
};
use pyhw_passes::flatten;
use rebuild::{Instead, Rebuild};

/// A way to make a design smaller. Numbers are places in the tables of the design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// One module instead of the hierarchy.
    Flatten,
    /// Only this output of the top, by its name.
    KeepOutput(String),
    /// An output of the top less.
    DropOutput(String),
    /// An instance less: module and instance.
    DropInstance(usize, usize),
    /// A net that always has its initial value: module and net.
    ConstNet(usize, usize),
    /// A statement less: module, process, and the statement's place in the order of the text.
    DropStmt(usize, usize, usize),
    /// One of the blocks of a statement instead of the statement.
    Unwrap(usize, usize, usize, usize),
    /// A process without its reset, or with one of the simpler style.
    PlainReset(usize, usize),
    /// Another expression instead of one: module, process, expression.
    Replace(usize, usize, usize, Replacement),
    /// A net of another type: module and net.
    NetType(usize, usize, Type),
    /// A local variable of another type: module, process, variable.
    VarType(usize, usize, usize, Type),
    /// A net that starts as something simpler.
    PlainInit(usize, usize),
}

/// What is put in place of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// An operand of it.
    Operand(usize),
    /// A constant.
    Const(Value),
}

/// Every edit that could be tried, from what takes much away to what takes little.
pub fn edits(design: &Design) -> Vec<Edit> {
    let mut list = Vec::new();
    if design.modules.len() > 1 {
        list.push(Edit::Flatten);
    }
    if let Some(top) = design.top_module() {
        let outputs = top.ports.iter().filter(|port| port.direction == Direction::Out);
        let names: Vec<String> = outputs.map(|port| top.net(port.net).name.clone()).collect();
        if names.len() > 1 {
            list.extend(names.iter().cloned().map(Edit::KeepOutput));
            list.extend(names.into_iter().map(Edit::DropOutput));
        }
    }
    for (m, module) in design.modules.iter().enumerate() {
        list.extend((0..module.instances.len()).map(|instance| Edit::DropInstance(m, instance)));
        list.extend((0..module.nets.len()).map(|net| Edit::ConstNet(m, net)));
    }
    let bodies = || {
        design.modules.iter().enumerate().flat_map(|(m, module)| {
            let processes = module.processes.iter().enumerate();
            processes.filter_map(move |(p, process)| match &process.body {
                ProcessBody::Ir(body) => Some((m, p, body)),
                ProcessBody::Host(_) => None,
            })
        })
    };
    for (m, p, body) in bodies() {
        let mut place = 0;
        walk_stmts(&body.stmts, &mut |stmt| {
            list.push(Edit::DropStmt(m, p, place));
            let blocks = stmt.kind.blocks().len();
            list.extend((0..blocks).map(|block| Edit::Unwrap(m, p, place, block)));
            place += 1;
        });
        if let ProcessKind::Clocked { reset: Some(_), .. } = design.modules[m].processes[p].kind {
            list.push(Edit::PlainReset(m, p));
        }
    }
    for (m, p, body) in bodies() {
        list.extend(replacements(body).into_iter().map(|(e, with)| Edit::Replace(m, p, e, with)));
    }
    for (m, module) in design.modules.iter().enumerate() {
        for (n, net) in module.nets.iter().enumerate() {
            list.extend(smaller_types(&net.ty).into_iter().map(|ty| Edit::NetType(m, n, ty)));
            list.push(Edit::PlainInit(m, n));
        }
    }
    for (m, p, body) in bodies() {
        for (v, var) in body.vars.iter().enumerate() {
            list.extend(smaller_types(&var.ty).into_iter().map(|ty| Edit::VarType(m, p, v, ty)));
        }
    }
    list
}

/// The expressions of a body, the largest first, with what could stand in their place.
fn replacements(body: &Body) -> Vec<(usize, Replacement)> {
    let exprs = &body.exprs;
    let mut sizes: Vec<usize> = Vec::new();
    for id in exprs.ids() {
        let below: usize = exprs.operands(id).iter().map(|arg| sizes[arg.index()]).sum();
        sizes.push(below.saturating_add(1).min(1 << 40));
    }
    let mut order: Vec<ExprId> = exprs.ids().collect();
    order.sort_by_key(|id| std::cmp::Reverse(sizes[id.index()]));
    let mut list = Vec::new();
    for id in order {
        let is_const = matches!(exprs.kind(id), ExprKind::Const(_));
        let constants: Vec<Value> = match exprs.ty(id) {
            Type::Bool => vec![Value::Bool(false), Value::Bool(true)],
            Type::Int(_) => vec![Value::Int(Int::ZERO), Value::Int(Int::ONE), Value::Int(Int::MINUS_ONE)],
            Type::Enum(_) => vec![Value::Enum(0)],
            Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => Vec::new(),
        };
        for (place, arg) in exprs.operands(id).iter().enumerate() {
            let same = match (exprs.ty(id), exprs.ty(*arg)) {
                (Type::Int(_), Type::Int(_)) => true,
                (own, other) => own == other,
            };
            if same {
                list.push((id.index(), Replacement::Operand(place)));
            }
        }
        let known = exprs.as_const(id);
        let is_small = constants.iter().any(|value| Some(value) == known);
        // Constants only become simpler, never another simple one.
        if !(is_const && is_small) {
            list.extend(constants.into_iter().map(|value| (id.index(), Replacement::Const(value))));
        }
    }
    list
}

fn smaller_types(ty: &Type) -> Vec<Type> {
    match ty {
        Type::Int(range) => {
            let width = range.width_bits().unwrap_or(1);
            let mut widths: Vec<u32> = [1, 2, 4, 8, width / 2, width.saturating_sub(1)].to_vec();
            widths.retain(|new| *new > 0 && *new < width);
            widths.sort_unstable();
            widths.dedup();
            let make =
                |width: u32| if range.is_signed() { Range::signed(width) } else { Range::unsigned(width) };
            let whole = Some(make(width)).filter(|whole| whole != range);
            widths.into_iter().map(make).chain(whole).map(Type::Int).collect()
        }
        Type::Array(element, length) => {
            let shorter = (*length > 1).then(|| Type::Array(element.clone(), length.div_ceil(2)));
            let narrower = smaller_types(element).into_iter().map(|ty| Type::Array(Box::new(ty), *length));
            shorter.into_iter().chain(narrower).collect()
        }
        Type::Bool | Type::Enum(_) | Type::Struct(_) | Type::Text | Type::Opaque => Vec::new(),
    }
}

/// The design after an edit, without what nothing uses any more; `None` if it is not sound, or the same as before.
pub fn apply(design: &Design, edit: &Edit, cleaning: Cleaning) -> Option<Design> {
    let changed = changed(design, edit)?;
    let cleaned = clean(&changed, cleaning)?;
    (cleaned != *design && is_sound(&cleaned)).then_some(cleaned)
}

/// The design without what nothing uses.
pub fn tidy(design: &Design) -> Option<Design> {
    clean(design, Cleaning::Dead).filter(is_sound)
}

fn changed(design: &Design, edit: &Edit) -> Option<Design> {
    let mut new = design.clone();
    match edit {
        Edit::Flatten => new = flatten(design, &|_| false).ok()?,
        Edit::KeepOutput(name) => keep_outputs(&mut new, |output| output == name)?,
        Edit::DropOutput(name) => keep_outputs(&mut new, |output| output != name)?,
        Edit::DropInstance(m, instance) => drop_instance(new.modules.get_mut(*m)?, *instance),
        Edit::ConstNet(m, net) => const_net(&mut new, *m, NetId::new(*net))?,
        Edit::DropStmt(m, p, place) => edit_stmts(&mut new, *m, *p, *place, &|_| Vec::new())?,
        Edit::Unwrap(m, p, place, block) => {
            let inside =
                |stmt: &Stmt| stmt.kind.blocks().get(*block).map_or(Vec::new(), |block| block.to_vec());
            edit_unwrapped(&mut new, *m, *p, *place, &inside)?;
        }
        Edit::PlainReset(m, p) => {
            let process = new.modules.get_mut(*m)?.processes.get_mut(*p)?;
            let ProcessKind::Clocked { events, reset } = &mut process.kind else { return None };
            let old = reset.as_mut()?;
            if old.is_async {
                old.is_async = false;
                events.truncate(1);
            } else {
                *reset = None;
            }
        }
        Edit::Replace(m, p, e, with) => {
            let instead = match with {
                Replacement::Operand(place) => Instead::Operand(*place),
                Replacement::Const(value) => Instead::Const(value.clone()),
            };
            let types = new.types.clone();
            let body = body_of(&mut new, *m, *p)?;
            let old = body.clone();
            let mut rebuild = Rebuild::new(&types, &old);
            rebuild.instead.push((ExprId::new(*e), instead));
            *body = rebuild.run(&old)?;
        }
        Edit::NetType(m, n, ty) => net_type(&mut new, *m, *n, ty)?,
        Edit::VarType(m, p, v, ty) => {
            let types = new.types.clone();
            let body = body_of(&mut new, *m, *p)?;
            let old = body.clone();
            let mut rebuild = Rebuild::new(&types, &old);
            let mut var_types: Vec<Type> = old.vars.iter().map(|var| var.ty.clone()).collect();
            var_types[*v] = ty.clone();
            rebuild.var_types = Some(var_types);
            *body = rebuild.run(&old)?;
        }
        Edit::PlainInit(m, n) => {
            let net = new.modules.get_mut(*m)?.nets.get_mut(*n)?;
            net.init = simplest(&net.ty, &net.init);
        }
    }
    Some(new)
}

fn body_of(design: &mut Design, m: usize, p: usize) -> Option<&mut Body> {
    match &mut design.modules.get_mut(m)?.processes.get_mut(p)?.body {
        ProcessBody::Ir(body) => Some(body),
        ProcessBody::Host(_) => None,
    }
}

fn keep_outputs(design: &mut Design, keep: impl Fn(&str) -> bool) -> Option<()> {
    let top = design.top?.index();
    let module = &mut design.modules[top];
    let nets = &module.nets;
    module.ports.retain(|port| port.direction != Direction::Out || keep(&nets[port.net.index()].name));
    Some(())
}

/// The net loses its stores and readers get its initial value.
fn const_net(design: &mut Design, m: usize, id: NetId) -> Option<()> {
    let is_top = design.top == Some(ModuleId::new(m));
    let types = design.types.clone();
    let module = design.modules.get_mut(m)?;
    let init = module.net(id).init.clone();
    let is_event = module.processes.iter().any(|process| match &process.kind {
        ProcessKind::Clocked { events, reset } => {
            events.iter().any(|event| event.net == id) || reset.as_ref().is_some_and(|reset| reset.net == id)
        }
        ProcessKind::Comb { .. } | ProcessKind::Timed => false,
    });
    let is_connected = module.instances.iter().any(|instance| instance.connections.contains(&id));
    if is_event || is_connected || (!is_top && module.direction(id).is_some()) {
        return None;
    }
    module.ports.retain(|port| port.net != id);
    for process in &mut module.processes {
        let ProcessBody::Ir(body) = &process.body else { continue };
        let mut body = body.clone();
        body.stmts = without_stores(&body.stmts, id);
        let mut rebuild = Rebuild::new(&types, &body);
        rebuild.known.push((id, init.clone()));
        process.body = ProcessBody::Ir(rebuild.run(&body)?);
    }
    Some(())
}

fn without_stores(stmts: &[Stmt], net: NetId) -> Vec<Stmt> {
    let mut stmts = stmts.to_vec();
    loop {
        let mut found = None;
        let mut place = 0;
        walk_stmts(&stmts, &mut |stmt| {
            if let StmtKind::Next { place: Place { root: pyhw_ir::Root::Net(root), .. }, .. } = &stmt.kind
                && *root == net
                && found.is_none()
            {
                found = Some(place);
            }
            place += 1;
        });
        match found {
            Some(mut place) => stmts = replace_stmt(&stmts, &mut place, &|_| Vec::new()),
            None => return stmts,
        }
    }
}

fn edit_stmts(
    design: &mut Design,
    m: usize,
    p: usize,
    mut place: usize,
    with: &impl Fn(&Stmt) -> Vec<Stmt>,
) -> Option<()> {
    let body = body_of(design, m, p)?;
    body.stmts = replace_stmt(&body.stmts, &mut place, with);
    Some(())
}

/// A block of a statement in its place. The counter of a loop keeps its first value.
fn edit_unwrapped(
    design: &mut Design,
    m: usize,
    p: usize,
    mut place: usize,
    inside: &impl Fn(&Stmt) -> Vec<Stmt>,
) -> Option<()> {
    let body = body_of(design, m, p)?;
    let mut exprs = body.exprs.clone();
    let mut counters: Vec<(Int, ExprId)> = Vec::new();
    walk_stmts(&body.stmts, &mut |stmt| {
        if let StmtKind::For { start, .. } = &stmt.kind {
            counters.push((start.clone(), exprs.int(start.clone(), stmt.span)));
        }
    });
    let with = |stmt: &Stmt| match &stmt.kind {
        StmtKind::For { var, start, .. } => {
            let value = counters.iter().find(|(known, _)| known == start).map(|(_, value)| *value);
            let assign =
                value.map(|value| Stmt::new(StmtKind::Assign { place: Place::var(*var), value }, stmt.span));
            assign.into_iter().chain(inside(stmt)).collect()
        }
        _ => inside(stmt),
    };
    body.stmts = replace_stmt(&body.stmts, &mut place, &with);
    body.exprs = exprs;
    Some(())
}

fn net_type(design: &mut Design, m: usize, n: usize, ty: &Type) -> Option<()> {
    let types = design.types.clone();
    let module: &mut Module = design.modules.get_mut(m)?;
    let id = NetId::new(n);
    let is_connected = module.instances.iter().any(|instance| instance.connections.contains(&id));
    if is_connected || (design.top != Some(ModuleId::new(m)) && module.direction(id).is_some()) {
        return None;
    }
    let net = module.nets.get_mut(n)?;
    net.init = fitted(&net.init, ty)?;
    net.ty = ty.clone();
    let net_types: Vec<Type> = module.nets.iter().map(|net| net.ty.clone()).collect();
    for process in &mut module.processes {
        let ProcessBody::Ir(body) = &process.body else { continue };
        let body = body.clone();
        let mut rebuild = Rebuild::new(&types, &body);
        rebuild.net_types = Some(net_types.clone());
        process.body = ProcessBody::Ir(rebuild.run(&body)?);
    }
    Some(())
}

/// The value as one of another type of the same kind.
fn fitted(value: &Value, ty: &Type) -> Option<Value> {
    match (value, ty) {
        (Value::Int(value), Type::Int(range)) => Some(Value::Int(range.wrap(value))),
        (Value::Array(values), Type::Array(element, length)) => {
            let values: Option<Vec<Value>> =
                values.iter().take(*length as usize).map(|value| fitted(value, element)).collect();
            Some(Value::Array(values?.into()))
        }
        _ => Some(value.clone()),
    }
}

fn simplest(ty: &Type, value: &Value) -> Value {
    match (ty, value) {
        (Type::Bool, _) => Value::Bool(false),
        (Type::Int(range), _) if range.contains(&Int::ZERO) => Value::Int(Int::ZERO),
        (Type::Enum(_), _) => Value::Enum(0),
        (Type::Array(element, _), Value::Array(values)) => {
            Value::Array(values.iter().map(|value| simplest(element, value)).collect::<Vec<Value>>().into())
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::design;

    fn size(design: &Design) -> usize {
        pyhw_ir::print::print(design).len()
    }

    #[test]
    fn random_designs_are_sound() {
        for seed in 0..100 {
            assert_eq!(clean::unsound(&design(seed)), None, "seed {seed}");
        }
    }

    #[test]
    fn a_design_shrinks_to_what_keeps_an_operator() {
        // As a fault would: the design is interesting while it still has a product.
        let has_mul = |design: &Design| pyhw_ir::print::print(design).contains("mul(");
        let mut tried = 0;
        for seed in 0..40 {
            // A product that reaches no output would go with the first edit, whichever it is.
            let Some(mut design) = tidy(&design(seed)).filter(has_mul) else { continue };
            tried += 1;
            while let Some(smaller) = edits(&design).iter().find_map(|edit| {
                apply(&design, edit, Cleaning::Dead).filter(|new| has_mul(new) && size(new) < size(&design))
            }) {
                design = smaller;
            }
            let text = pyhw_ir::print::print(&design);
            assert!(text.len() < 420, "seed {seed}: {text}");
            if tried == 3 {
                return;
            }
        }
        panic!("too few designs have a product");
    }

    #[test]
    fn a_statement_is_found_by_its_place() {
        let design = design(5);
        let count = edits(&design).iter().filter(|edit| matches!(edit, Edit::DropStmt(..))).count();
        assert!(count > 10);
        let dropped = edits(&design)
            .iter()
            .filter(|edit| matches!(edit, Edit::DropStmt(..)))
            .filter_map(|edit| changed(&design, edit))
            .all(|new| size(&new) < size(&design));
        assert!(dropped);
    }
}
