//! The hierarchy laid out flat: each net once, each process once, in the order of start-up.

use pyhw_ir::eval::{Fault, NetShape};
use pyhw_ir::{Design, Item, ModuleId, NetId, NetKind, Process, ProcessId, Type, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A net of a flat design, by its place in [`Flat::nets`].
pub type NetIndex = u32;

/// A design without hierarchy.
#[derive(Debug)]
pub struct Flat {
    /// Every net once. A port is the net that it is connected to.
    pub nets: Vec<FlatNet>,
    /// The instances, the top module's first; each before those inside it.
    pub instances: Vec<FlatInstance>,
    /// The processes in the order of start-up: that of [`pyhw_ir::Module::items`], depth first.
    pub processes: Vec<FlatProcess>,
    /// The modules as their instances see them.
    pub variants: Vec<Variant>,
}

/// A net.
#[derive(Clone, Debug)]
pub struct FlatNet {
    /// Its name in the module where it was declared.
    pub name: String,
    /// What it holds.
    pub ty: Type,
    /// Its value at time zero.
    pub init: Value,
    /// What it is made of.
    pub kind: FlatKind,
    /// Whether stores wrap.
    pub wraps: bool,
}

/// What a net is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlatKind {
    /// A wire or a register.
    Signal,
    /// Takes its next value so many steps after the store.
    Delayed(u64),
    /// The resolution of its drivers.
    TriState,
    /// A driver of that tri-state net.
    Driver(NetIndex),
}

/// An instance of a module.
#[derive(Clone, Debug)]
pub struct FlatInstance {
    /// Its name; the top module's is the module's.
    pub name: String,
    /// The instance that it stands in.
    pub parent: Option<usize>,
    /// What it is an instance of.
    pub module: ModuleId,
    /// Where each net of the module is.
    pub nets: Arc<[NetIndex]>,
    /// The module as this instance sees it.
    pub variant: usize,
}

/// A process of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlatProcess {
    /// The instance.
    pub instance: usize,
    /// The process of its module.
    pub process: ProcessId,
}

/// A module as some of its instances see it. They differ where a port is connected to a tri-state net or to one that wraps.
#[derive(Debug)]
pub struct Variant {
    /// The module.
    pub module: ModuleId,
    /// Its nets.
    pub shapes: Arc<[NetShape]>,
}

/// Lays out a design.
///
/// # Errors
/// [`pyhw_ir::eval::FaultKind::Internal`] for a design that the verifier would not pass.
pub fn flatten(design: &Design) -> Result<Flat, Fault> {
    let top = design.top.ok_or_else(|| Fault::internal("the design has no top module"))?;
    let mut flat =
        Flat { nets: Vec::new(), instances: Vec::new(), processes: Vec::new(), variants: Vec::new() };
    let name = design.modules.get(top.index()).map_or_else(String::new, |module| module.name.clone());
    flat.add(design, name, None, top, None)?;
    // What is left to do: an instance and the next of its items.
    let mut stack = vec![(0, 0)];
    while let Some((instance, at)) = stack.pop() {
        let module = design.module(flat.instances[instance].module);
        let Some(&item) = module.items.get(at) else { continue };
        stack.push((instance, at + 1));
        match item {
            Item::Process(process) => {
                if process.index() >= module.processes.len() {
                    return Err(Fault::internal("an item that is not there").at(module.span));
                }
                flat.processes.push(FlatProcess { instance, process });
            }
            Item::Instance(inner) => {
                let missing = || Fault::internal("an item that is not there").at(module.span);
                let inner = module.instances.get(inner.index()).ok_or_else(missing)?;
                // Modules stand before those that use them, so that no module contains itself.
                if inner.module >= flat.instances[instance].module {
                    return Err(Fault::internal("a module stands after one that uses it").at(inner.span));
                }
                let outer = flat.instances[instance].nets.clone();
                let connections: Option<Vec<NetIndex>> =
                    inner.connections.iter().map(|net| outer.get(net.index()).copied()).collect();
                let connections =
                    connections.ok_or_else(|| Fault::internal("a connection to no net").at(inner.span))?;
                let name = inner.name.clone();
                flat.add(design, name, Some(instance), inner.module, Some(&connections))?;
                stack.push((flat.instances.len() - 1, 0));
            }
        }
    }
    flat.add_variants(design);
    Ok(flat)
}

impl Flat {
    fn add(
        &mut self,
        design: &Design,
        name: String,
        parent: Option<usize>,
        id: ModuleId,
        connections: Option<&[NetIndex]>,
    ) -> Result<(), Fault> {
        let missing = || Fault::internal("a module that is not there");
        let module = design.modules.get(id.index()).ok_or_else(missing)?;
        let bad = |what: &str| Fault::internal(what).at(module.span);
        let mut map: Vec<Option<NetIndex>> = vec![None; module.nets.len()];
        if let Some(connections) = connections {
            if connections.len() != module.ports.len() {
                return Err(bad("an instance with too few or too many connections"));
            }
            for (port, &outer) in module.ports.iter().zip(connections) {
                let net = module.nets.get(port.net.index()).ok_or_else(|| bad("a port that is no net"))?;
                if self.nets[outer as usize].ty != net.ty {
                    return Err(bad("a port of another type than the net it is connected to"));
                }
                map[port.net.index()] = Some(outer);
            }
        }
        for (local, net) in module.nets.iter().enumerate() {
            if map[local].is_none() {
                map[local] = Some(self.nets.len() as NetIndex);
                self.nets.push(FlatNet {
                    name: net.name.clone(),
                    ty: net.ty.clone(),
                    init: net.init.clone(),
                    kind: FlatKind::Signal,
                    wraps: net.wraps,
                });
            }
        }
        let map: Vec<NetIndex> = map.into_iter().flatten().collect();
        let mut is_port = vec![false; module.nets.len()];
        if connections.is_some() {
            module.ports.iter().for_each(|port| is_port[port.net.index()] = true);
        }
        for (local, net) in module.nets.iter().enumerate() {
            let kind = match net.kind {
                NetKind::Signal => FlatKind::Signal,
                NetKind::Delayed(steps) => FlatKind::Delayed(steps),
                NetKind::TriState => FlatKind::TriState,
                NetKind::Driver(bus) => FlatKind::Driver(
                    *map.get(bus.index()).ok_or_else(|| bad("a driver of a net that is not there"))?,
                ),
            };
            // A connected port is what it is connected to, but for a bus that only the inner module drives.
            if !is_port[local] || matches!(kind, FlatKind::TriState | FlatKind::Driver(_)) {
                self.nets[map[local] as usize].kind = kind;
            }
        }
        self.instances.push(FlatInstance { name, parent, module: id, nets: map.into(), variant: 0 });
        Ok(())
    }

    /// Once every net is known: how each instance sees its module.
    fn add_variants(&mut self, design: &Design) {
        let mut variants: BTreeMap<(ModuleId, Vec<(bool, bool)>), usize> = BTreeMap::new();
        for instance in &mut self.instances {
            let net = |net: &NetIndex| &self.nets[*net as usize];
            let seen = instance.nets.iter().map(|at| (net(at).is_tristate(), net(at).wraps)).collect();
            instance.variant = *variants.entry((instance.module, seen)).or_insert_with_key(|(id, seen)| {
                let shapes = design.module(*id).nets.iter().zip(seen).map(|(net, &(tristate, wraps))| {
                    NetShape { name: net.name.clone(), ty: net.ty.clone(), wraps, tristate }
                });
                self.variants.push(Variant { module: *id, shapes: shapes.collect() });
                self.variants.len() - 1
            });
        }
    }

    /// The instance at this path of names below the top module; empty for the top module itself.
    pub fn instance(&self, path: &[&str]) -> Option<usize> {
        let mut at = 0;
        for name in path {
            at = self
                .instances
                .iter()
                .position(|instance| instance.parent == Some(at) && instance.name == *name)?;
        }
        Some(at)
    }

    /// The net that an instance sees as this net of its module.
    pub fn net(&self, instance: usize, net: NetId) -> Option<NetIndex> {
        self.instances.get(instance)?.nets.get(net.index()).copied()
    }

    /// The net of this name in an instance.
    pub fn net_named(&self, design: &Design, instance: usize, name: &str) -> Option<NetIndex> {
        let module = design.modules.get(self.instances.get(instance)?.module.index())?;
        let local = module.nets.iter().position(|net| net.name == name)?;
        self.net(instance, NetId::new(local))
    }

    /// The names from the top module to the instance, with dots between them.
    pub fn path(&self, instance: usize) -> String {
        let mut names = Vec::new();
        let mut at = Some(instance);
        while let Some(instance) = at.and_then(|at| self.instances.get(at)) {
            names.push(&instance.name[..]);
            at = instance.parent;
        }
        names.reverse();
        names.join(".")
    }

    /// The IR of a flat process.
    pub fn process<'a>(&self, design: &'a Design, process: FlatProcess) -> &'a Process {
        &design.module(self.instances[process.instance].module).processes[process.process.index()]
    }
}

impl FlatNet {
    /// Whether it can be `Z`.
    pub fn is_tristate(&self) -> bool {
        matches!(self.kind, FlatKind::TriState | FlatKind::Driver(_))
    }
}
