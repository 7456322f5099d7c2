//! Leaving out what nothing uses, and telling whether a design is still one that every target takes.

use super::rebuild::Rebuild;
use pyhw_ir::verify::verify;
use pyhw_ir::{
    Body, Design, Direction, Event, ExprKind, InstanceId, Item, Module, ModuleId, Net, NetId, NetKind, Place,
    Process, ProcessBody, ProcessId, ProcessKind, Root, Stmt, StmtKind, Type, VarId, walk_stmts,
};
use pyhw_passes::{Driver, ModuleFacts, flatten, read_nets, schedule};

/// How much is cleaned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleaning {
    /// What has no effect on an output.
    Dead,
    /// Only what nothing names: a fault may sit in code that has no effect.
    Unnamed,
}

/// The design without what does not count: nets that nothing reads, processes without statements, ports and modules without
/// use. Nets that nothing drives become constants. `None` if that does not leave a design.
pub fn clean(design: &Design, cleaning: Cleaning) -> Option<Design> {
    let mut design = design.clone();
    for _ in 0..20 {
        let before = size(&design);
        for index in (0..design.modules.len()).rev() {
            clean_module(&mut design, index, cleaning)?;
        }
        drop_modules(&mut design)?;
        if size(&design) == before {
            return Some(design);
        }
    }
    Some(design)
}

/// A measure of how much there is.
fn size(design: &Design) -> usize {
    let module = |module: &Module| {
        let bodies = module.processes.iter().map(|process| match &process.body {
            ProcessBody::Ir(body) => {
                let mut count = body.exprs.len() + body.vars.len();
                walk_stmts(&body.stmts, &mut |_| count += 1);
                count
            }
            ProcessBody::Host(_) => 1,
        });
        module.nets.len() + module.ports.len() + module.instances.len() + 1 + bodies.sum::<usize>()
    };
    design.modules.iter().map(module).sum()
}

fn clean_module(design: &mut Design, index: usize, cleaning: Cleaning) -> Option<()> {
    let facts = ModuleFacts::new(design, &design.modules[index]);
    let module = &design.modules[index];
    let is_top = design.top == Some(ModuleId::new(index));
    let count = module.nets.len();
    let used = used_nets(design, module, &facts, is_top, cleaning);
    let known: Vec<_> = (0..count)
        .map(NetId::new)
        .filter(|net| {
            facts.drivers(*net).is_empty()
                && !matches!(module.net(*net).ty, Type::Array(..))
                && module.direction(*net).is_none()
                && !module.instances.iter().any(|instance| instance.connections.contains(net))
        })
        .map(|net| (net, module.net(net).init.clone()))
        .collect();
    let types = design.types.clone();
    let module = &mut design.modules[index];
    for process in &mut module.processes {
        let ProcessBody::Ir(body) = &process.body else { continue };
        let stmts = live(&body.stmts, &used);
        let is_known =
            |id| matches!(body.exprs.kind(id), ExprKind::Net(net) if known.iter().any(|(k, _)| k == net));
        let is_clean = stmts == body.stmts && !body.exprs.ids().any(is_known);
        if is_clean && vars_are_used(body, cleaning) {
            continue;
        }
        let kept = Body { stmts, ..body.clone() };
        let mut rebuild = Rebuild::new(&types, &kept);
        rebuild.known = known.clone();
        process.body = ProcessBody::Ir(drop_vars(rebuild.run(&kept)?, cleaning));
    }
    drop_processes(module);
    // What was read by a statement that is gone, or was a constant, is found in the next round.
    let mut keep = used;
    for (net, _) in &known {
        keep[net.index()] = false;
    }
    retain_nets(module, &keep);
    for process in &mut module.processes {
        let reads = read_nets(process);
        if let ProcessKind::Comb { sensitivity } = &mut process.kind {
            *sensitivity = reads;
        }
    }
    Some(())
}

/// The nets that count: those that an output depends on, and for [`Cleaning::Unnamed`] all that something names.
fn used_nets(
    design: &Design,
    module: &Module,
    facts: &ModuleFacts,
    is_top: bool,
    cleaning: Cleaning,
) -> Vec<bool> {
    let mut used = vec![false; module.nets.len()];
    for port in &module.ports {
        used[port.net.index()] |= port.direction != Direction::In || !is_top;
    }
    for (process, of) in module.processes.iter().enumerate() {
        if cleaning == Cleaning::Unnamed {
            let id = ProcessId::new(process);
            facts.reads(id).iter().chain(facts.writes(id)).for_each(|net| used[net.index()] = true);
        }
        if let ProcessKind::Clocked { events, reset } = &of.kind {
            events.iter().for_each(|event| used[event.net.index()] = true);
            reset.iter().for_each(|reset| used[reset.net.index()] = true);
        }
    }
    for instance in &module.instances {
        for (port, net) in design.module(instance.module).ports.iter().zip(&instance.connections) {
            used[net.index()] |= port.direction == Direction::In || facts.drivers(*net).len() == 1;
        }
    }
    // What a process reads counts when something that it does counts: until nothing is added.
    loop {
        let before = used.clone();
        for process in &module.processes {
            let ProcessBody::Ir(body) = &process.body else { continue };
            let stmts = live(&body.stmts, &used);
            if has_effect(&stmts) {
                let kept =
                    Process { body: ProcessBody::Ir(Body { stmts, ..body.clone() }), ..process.clone() };
                read_nets(&kept).iter().for_each(|net| used[net.index()] = true);
            }
        }
        if used == before {
            return used;
        }
    }
}

/// Whether the statements do more than give local variables values.
fn has_effect(stmts: &[Stmt]) -> bool {
    let mut found = false;
    walk_stmts(stmts, &mut |stmt| {
        found |= stmt.kind.is_heard() || matches!(stmt.kind, StmtKind::Next { .. } | StmtKind::Wait(_));
    });
    found
}

/// The statements without those that store into nets that nothing uses, and without branches in which nothing is left.
fn live(stmts: &[Stmt], used: &[bool]) -> Vec<Stmt> {
    let mut kept = Vec::new();
    for stmt in stmts {
        let mut stmt = stmt.clone();
        let keeps = match &mut stmt.kind {
            StmtKind::Next { place, .. } => match place.root {
                Root::Net(net) => used[net.index()],
                Root::Var(_) => true,
            },
            StmtKind::If { arms, orelse } => {
                arms.iter_mut().for_each(|(_, body)| *body = live(body, used));
                *orelse = live(orelse, used);
                while orelse.is_empty() && arms.last().is_some_and(|(_, body)| body.is_empty()) {
                    arms.pop();
                }
                !arms.is_empty()
            }
            StmtKind::Switch { arms, default, .. } => {
                arms.iter_mut().for_each(|arm| arm.body = live(&arm.body, used));
                if let Some(default) = default {
                    *default = live(default, used);
                }
                arms.iter().any(|arm| !arm.body.is_empty())
                    || default.as_ref().is_some_and(|of| !of.is_empty())
            }
            StmtKind::For { body, .. } | StmtKind::While { body, .. } => {
                *body = live(body, used);
                true
            }
            StmtKind::Block { body, .. } => {
                *body = live(body, used);
                !body.is_empty()
            }
            StmtKind::Assign { .. }
            | StmtKind::Unset(_)
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. }
            | StmtKind::Return => true,
        };
        if keeps {
            kept.push(stmt);
        }
    }
    kept
}

/// The body without variables that nothing reads.
fn drop_vars(body: Body, cleaning: Cleaning) -> Body {
    let used = used_vars(&body, cleaning);
    if used.iter().all(|used| *used) {
        return body;
    }
    let stmts = without_assigns(&body.stmts, &used);
    let mut places = Vec::new();
    let mut vars = Vec::new();
    for (var, used) in body.vars.iter().zip(&used) {
        places.push(VarId::new(vars.len()));
        if *used {
            vars.push(var.clone());
        }
    }
    Body { stmts, ..body }.map_vars(vars, |var| places[var.index()]).compact()
}

fn vars_are_used(body: &Body, cleaning: Cleaning) -> bool {
    used_vars(body, cleaning).iter().all(|used| *used)
}

fn used_vars(body: &Body, cleaning: Cleaning) -> Vec<bool> {
    let mut used = vec![false; body.vars.len()];
    for id in body.exprs.ids() {
        if let ExprKind::Var(var) = body.exprs.kind(id) {
            used[var.index()] = true;
        }
    }
    walk_stmts(&body.stmts, &mut |stmt| match &stmt.kind {
        StmtKind::For { var, .. } => used[var.index()] = true,
        StmtKind::Assign { place: Place { root: Root::Var(var), .. }, .. }
            if cleaning == Cleaning::Unnamed =>
        {
            used[var.index()] = true;
        }
        _ => {}
    });
    used
}

fn without_assigns(stmts: &[Stmt], used: &[bool]) -> Vec<Stmt> {
    let mut kept = Vec::new();
    for stmt in stmts {
        let mut stmt = stmt.clone();
        match &mut stmt.kind {
            StmtKind::Assign { place, .. } => {
                if let Root::Var(var) = place.root
                    && !used[var.index()]
                {
                    continue;
                }
            }
            StmtKind::If { arms, orelse } => {
                arms.iter_mut().for_each(|(_, body)| *body = without_assigns(body, used));
                *orelse = without_assigns(orelse, used);
            }
            StmtKind::Switch { arms, default, .. } => {
                arms.iter_mut().for_each(|arm| arm.body = without_assigns(&arm.body, used));
                if let Some(default) = default {
                    *default = without_assigns(default, used);
                }
            }
            StmtKind::For { body, .. } | StmtKind::While { body, .. } | StmtKind::Block { body, .. } => {
                *body = without_assigns(body, used);
            }
            StmtKind::Unset(_)
            | StmtKind::Next { .. }
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. }
            | StmtKind::Return => {}
        }
        kept.push(stmt);
    }
    kept
}

/// The module without processes that store nothing.
fn drop_processes(module: &mut Module) {
    let stores = |index: usize| !pyhw_passes::written_nets(&module.processes[index]).is_empty();
    let keep: Vec<bool> = (0..module.processes.len()).map(stores).collect();
    let mut places = Vec::new();
    let mut processes = Vec::new();
    for (process, keep) in module.processes.drain(..).zip(&keep) {
        places.push(ProcessId::new(processes.len()));
        if *keep {
            processes.push(process);
        }
    }
    module.processes = processes;
    let items = module.items.iter().filter_map(|item| match item {
        Item::Process(id) => keep[id.index()].then(|| Item::Process(places[id.index()])),
        Item::Instance(_) => Some(*item),
    });
    module.items = items.collect();
}

/// The module without an instance; what it drove has no driver any more.
pub fn drop_instance(module: &mut Module, index: usize) {
    module.instances.remove(index);
    let items = module.items.iter().filter_map(|item| match item {
        Item::Instance(id) if id.index() == index => None,
        Item::Instance(id) if id.index() > index => Some(Item::Instance(InstanceId::new(id.index() - 1))),
        Item::Instance(_) | Item::Process(_) => Some(*item),
    });
    module.items = items.collect();
}

/// The module without the nets that are not kept; nothing but ports may name them.
fn retain_nets(module: &mut Module, keep: &[bool]) {
    if keep.iter().all(|keep| *keep) {
        return;
    }
    let mut places = Vec::new();
    let mut nets: Vec<Net> = Vec::new();
    for (net, keep) in module.nets.drain(..).zip(keep) {
        places.push(NetId::new(nets.len()));
        if *keep {
            nets.push(net);
        }
    }
    let new = |net: NetId| places[net.index()];
    for net in &mut nets {
        if let NetKind::Driver(of) = &mut net.kind {
            *of = new(*of);
        }
    }
    module.nets = nets;
    module.ports.retain(|port| keep[port.net.index()]);
    module.ports.iter_mut().for_each(|port| port.net = new(port.net));
    for instance in &mut module.instances {
        instance.connections.iter_mut().for_each(|net| *net = new(*net));
    }
    for process in &mut module.processes {
        match &mut process.kind {
            // These are found anew.
            ProcessKind::Comb { sensitivity } => sensitivity.clear(),
            ProcessKind::Clocked { events, reset } => {
                *events =
                    events.iter().map(|event| Event { net: new(event.net), edge: event.edge }).collect();
                if let Some(reset) = reset {
                    reset.spares.retain(|net| keep[net.index()]);
                    *reset = reset.with_nets(new);
                }
            }
            ProcessKind::Timed => {}
        }
        if let ProcessBody::Ir(body) = &process.body {
            process.body = ProcessBody::Ir(body.map_nets(new));
        }
    }
}

/// Drops modules without an instance, and ports of inner modules that one side does not use.
fn drop_modules(design: &mut Design) -> Option<()> {
    let top = design.top?.index();
    let mut needed = vec![false; design.modules.len()];
    needed[top] = true;
    for index in (0..design.modules.len()).rev() {
        if needed[index] {
            for instance in &design.modules[index].instances {
                needed[instance.module.index()] = true;
            }
        }
    }
    let mut places = Vec::new();
    let mut modules = Vec::new();
    for (module, needed) in design.modules.drain(..).zip(&needed) {
        places.push(ModuleId::new(modules.len()));
        if *needed {
            modules.push(module);
        }
    }
    for instance in modules.iter_mut().flat_map(|module: &mut Module| &mut module.instances) {
        instance.module = places[instance.module.index()];
    }
    design.modules = modules;
    design.top = Some(places[top]);
    Some(())
}

/// Whether the design keeps every rule: those of the IR, one driver for each net, no latch, no combinational loop.
pub fn is_sound(design: &Design) -> bool {
    unsound(design).is_none()
}

/// The first rule that the design does not keep.
pub fn unsound(design: &Design) -> Option<String> {
    if let Some(fault) = verify(design).first() {
        return Some(fault.message.clone());
    }
    for module in &design.modules {
        let facts = ModuleFacts::new(design, module);
        for net in (0..module.nets.len()).map(NetId::new) {
            let is_driven = match facts.drivers(net) {
                [Driver::Input | Driver::Process(_) | Driver::Instance(..)] => true,
                [] => matches!(module.net(net).ty, Type::Array(..)) && module.direction(net).is_none(),
                _ => false,
            };
            if !is_driven {
                return Some(format!("`{}` of `{}` has not one driver", module.net(net).name, module.name));
            }
        }
        if let Some(process) = module.processes.iter().find(|process| !has_no_latch(process)) {
            return Some(format!("`{}` of `{}` has a latch", process.name, module.name));
        }
    }
    let flat = match flatten(design, &|_| false) {
        Ok(flat) => flat,
        Err(fault) => return Some(fault.message.clone()),
    };
    match flat.top_module().map(schedule::schedule) {
        Some(Ok(_)) => None,
        Some(Err(_)) => Some("a combinational loop".to_owned()),
        None => Some("no top".to_owned()),
    }
}

fn has_no_latch(process: &pyhw_ir::Process) -> bool {
    let (ProcessKind::Comb { .. }, ProcessBody::Ir(body)) = (&process.kind, &process.body) else {
        return true;
    };
    let assigned = surely_stored(&body.stmts);
    pyhw_passes::written_nets(process).iter().all(|net| assigned.contains(net))
}

/// The nets that are stored as a whole on each path. What comes after something that may leave does not count.
fn surely_stored(stmts: &[Stmt]) -> Vec<NetId> {
    let mut stored = Vec::new();
    for stmt in stmts {
        let mut common = |ways: Vec<Vec<NetId>>| {
            if let Some((first, rest)) = ways.split_first() {
                stored.extend(first.iter().filter(|net| rest.iter().all(|way| way.contains(net))));
            }
        };
        match &stmt.kind {
            StmtKind::Next { place, .. } if place.path.is_empty() => {
                if let Root::Net(net) = place.root {
                    stored.push(net);
                }
            }
            StmtKind::If { arms, orelse } => {
                let ways = arms.iter().map(|(_, body)| surely_stored(body));
                common(ways.chain([surely_stored(orelse)]).collect());
            }
            StmtKind::Switch { arms, default, .. } => {
                let ways = arms.iter().map(|arm| surely_stored(&arm.body));
                common(ways.chain(default.as_ref().map(|body| surely_stored(body))).collect());
            }
            _ => {}
        }
        let mut leaves = false;
        walk_stmts(std::slice::from_ref(stmt), &mut |inner| {
            leaves |= matches!(inner.kind, StmtKind::Return | StmtKind::Break(_) | StmtKind::Continue(_));
        });
        if leaves {
            break;
        }
    }
    stored
}

/// The statements with one of them replaced by others.
pub fn replace_stmt(stmts: &[Stmt], place: &mut usize, with: &impl Fn(&Stmt) -> Vec<Stmt>) -> Vec<Stmt> {
    let mut kept = Vec::new();
    for stmt in stmts {
        if *place == 0 {
            *place = usize::MAX;
            kept.extend(with(stmt));
            continue;
        }
        if *place != usize::MAX {
            *place -= 1;
        }
        let mut stmt = stmt.clone();
        match &mut stmt.kind {
            StmtKind::If { arms, orelse } => {
                for (_, body) in arms {
                    *body = replace_stmt(body, place, with);
                }
                *orelse = replace_stmt(orelse, place, with);
            }
            StmtKind::Switch { arms, default, .. } => {
                for arm in arms {
                    arm.body = replace_stmt(&arm.body, place, with);
                }
                if let Some(default) = default {
                    *default = replace_stmt(default, place, with);
                }
            }
            StmtKind::For { body, .. } | StmtKind::While { body, .. } | StmtKind::Block { body, .. } => {
                *body = replace_stmt(body, place, with);
            }
            StmtKind::Assign { .. }
            | StmtKind::Unset(_)
            | StmtKind::Next { .. }
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. }
            | StmtKind::Return => {}
        }
        kept.push(stmt);
    }
    kept
}
